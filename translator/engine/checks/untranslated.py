"""A translation that is only a copy of its source."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from translator.core.finding import Severity
from translator.core.scripts import has_script
from translator.core.segment import Role
from translator.core.work import GlossaryEntry
from translator.engine.checks import Case, Check, Flaw
from translator.engine.prepare import translatable
from translator.glossary.adherence import alternatives
from translator.glossary.hanzi import converter
from translator.glossary.matcher import normalised

_WORD = regex.compile(r"\p{L}{2,}")
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_OTHER_MARKS = 4
"""So many characters a copy may be longer or shorter than its source."""
_SENTENCE = 3
"""Words from which a copied text between two spaced languages is no name or loan word."""

# What every language writes so: addresses, files, who made it, short words in capitals, what has digits, products.
_KEPT = regex.compile(
    r"(?:https?://|www\.)\S+|\S+@\S+|\b[\w-]+\.(?:com|net|org|io|jp|cn|me|gg|co)\b\S*"
    r"|[\w\-/\\]+\.(?:exe|dll|png|jpe?g|gif|webp|ogg|mp[34]|wav|txt|zip|rar|7z|rpy|json|xml|html?|ini|sav|dat|pdf|bat|apk)\b"
    r"|(?:©|\(c\)|\bcopyright\b|\bCV ?[:：]|\blorem ipsum\b).*"
    r"|\S*[\d+=_@#²³]\S*|\bver\b\.?|\b(?:Ctrl|Alt|Esc|Tab|Fn)\b"
    r"|\b(?-i:Steam|Windows|Linux|mac ?OS|Android|iOS|iP(?:hone|ad|od)|Mac|GitHub|Discord|Twitter|YouTube|Facebook"
    r"|Patreon|[Pp]ixiv|Ren['’]?Py|RPG Maker|Unity|Unreal Engine|Live2D|Nintendo|PlayStation|Xbox|Google(?: Play)?"
    r"|Chrome|Wi-?Fi|Bluetooth|DirectX|OpenGL|Vulkan|Python|Java(?:Script)?|DLsite|Kickstarter|Reddit|Twitch|Bilibili"
    r"|Wikipedia|Photoshop|TyranoBuilder|Kirikiri|Ollama)\b",
    regex.IGNORECASE,
)
_TITLE = regex.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Inc|Ltd|Corp|Co|LLC|GmbH)\b\.?", regex.IGNORECASE)
_SMALL_LETTERS = regex.compile(r"\p{Ll}{2,}")
_CAPITALS = regex.compile(r"\p{Lu}{4,}")
_LONG_WORD = 5
"""Letters from which a word in capitals is no abbreviation."""
# A sound that is drawn out, or sung: Zzz, Aaaah, do re mi.
_SOUND = regex.compile(r"\b\p{L}*(\p{L})\1\1\p{L}*\b|\b(?:do|re|mi|fa|sol?|la|ti)\b", regex.IGNORECASE)
_SYLLABLE = 4

# Letters that are drawn with (ヽ(´▽｀)ノ, o彡゜, (-人-), ㅠ_ㅠ), and a caught breath, which other checks look at.
_DRAWN = regex.compile(
    r"(?:(?<=[^\p{L}\p{N}\s「」『』，。、！？“”…!?,.])[ノヽヾゞシツヘつづへっﾉﾂｼﾍ]{1,2}"
    r"|[ノヽヾゞシツヘつづへっﾉﾂｼﾍ]{1,2}(?=[^\p{L}\p{N}\s「」『』，。、！？“”…!?,.]))"
    r"|[彡卍卐凸凹屮艸]|(?<=[(（・_^´`゜ﾟ°\-])[人皿口田益ロエ](?=[)）・_^´`゜ﾟ°\-])|[ㄱ-ㅣ]"
    r"|(?<![\p{L}])[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯ]+(?![\p{L}])"
)

_CHARSETS = {"zh-CN": "gb2312", "zh-TW": "big5"}
"""The characters that are in use where a language is written."""


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target, or a line of it, that has the letters of its source though there is something to translate.

    Equal may be: Chinese characters that Chinese has too (勇者, not 戦闘); what every language writes so (HP, v1.0,
    addresses, products, faces); names and terms, and up to two words, between languages of one script; a text whose
    glossary entry says so. A warning for words in capitals (GAME OVER) and for a name in Japanese characters.
    """
    here, there = [case.unit.source], [case.target]
    if "\n" in case.target:
        lines, answers = case.paragraphs(), case.target.split("\n")
        if len(lines) == len(answers):
            here, there = lines, answers
    for line, answer in zip(here, there, strict=True):
        severity = _how_bad(line.strip(), case) if _same(line, answer) else None
        if severity is not None:
            yield Flaw(f"the translation is a copy of the source: {line.strip()!r}", severity=severity)
            return


def _same(line: str, answer: str) -> bool:
    """Whether two texts have the same letters and digits: their marks, spaces and widths may differ."""
    if line.strip() == answer.strip():
        return True
    if abs(len(line) - len(answer)) > _OTHER_MARKS:
        return False
    letters = _NO_LETTER.sub("", normalised(line)).casefold()
    return bool(letters) and letters == _NO_LETTER.sub("", normalised(answer)).casefold()


def _how_bad(line: str, case: Case) -> Severity | None:
    """How bad it is that `line` is still the same; None where it may be."""
    markup, desk = case.markup, case.desk
    plain = (markup.plain(line) if markup.rules else line).strip()
    if not translatable(line, markup, desk.source) or _is_kept(plain, case.unit.glossary):
        return None
    foreign = [script for script in desk.source.scripts if script not in desk.target.scripts]
    if "latin" in foreign:
        return _latin(plain)
    if foreign and has_script(_DRAWN.sub("", plain), foreign):
        return Severity.ERROR
    if "han" in desk.target.scripts and "han" in desk.source.scripts:
        return _han(plain, case)
    if foreign or case.unit.role in {Role.NAME, Role.TERM}:
        return None
    words = _WORD.findall(_SOUND.sub(" ", _TITLE.sub(" ", _KEPT.sub(" ", plain))))
    return Severity.ERROR if len(words) >= _SENTENCE and not _is_sound(words) else None


def _is_kept(plain: str, glossary: Sequence[GlossaryEntry]) -> bool:
    return any(entry.src == plain and plain in alternatives(entry) for entry in glossary)


def _latin(plain: str) -> Severity | None:
    left = _SOUND.sub(" ", _KEPT.sub(" ", plain))
    if _SMALL_LETTERS.search(left):
        return None if _is_sound(_WORD.findall(left)) else Severity.ERROR
    words = _CAPITALS.findall(left)
    return Severity.WARNING if len(words) > 1 or any(len(word) >= _LONG_WORD for word in words) else None


def _is_sound(words: Sequence[str]) -> bool:
    """Whether words are one syllable again and again (ha ha ha)."""
    return len(words) > 1 and len(words[0]) <= _SYLLABLE and len({word.casefold() for word in words}) == 1


def _han(plain: str, case: Case) -> Severity | None:
    """Whether Chinese characters alone are written in a way that only Japanese has."""
    source, target = case.desk.source.code, case.desk.target.code
    if source != "ja" or target not in _CHARSETS or not _only_japanese(plain, target):
        return None
    return Severity.WARNING if case.unit.role is Role.NAME else Severity.ERROR


def _only_japanese(plain: str, target: str) -> bool:
    """Whether a character is in no Chinese charset and has a Chinese form.

    Either alone says little: charsets lack rare characters, and the converter takes 欠 and 予 for others.
    """
    kept = plain.encode(_CHARSETS[target], "ignore").decode(_CHARSETS[target])
    left = "".join(set(plain) - set(kept))
    return bool(left) and any(_chinese(character, target) != character for character in left)


@lru_cache(maxsize=4096)
def _chinese(character: str, target: str) -> str:
    """The form that a Japanese character has in Chinese."""
    traditional = converter("jp2t")(character)
    return traditional if target == "zh-TW" else converter("t2s")(traditional)


CHECK = Check(
    "untranslated",
    Severity.ERROR,
    look,
    "a translation, or a line of it, that is a copy of its source, but for what both languages write so (勇者, HP, "
    "v1.0, faces), names, one or two words between languages of one script, and what the glossary keeps; a warning for "
    "words in capitals",
)
