"""Japanese syllables left in a translation into a language that is not written with them."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.checks.script import explained, in_face
from translator.engine.leftovers import flaw, leftovers

_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}][\p{Script=Hiragana}\p{Script=Katakana}ー]*")
# A caught breath or a drawn-out vowel that a translator may leave: 啊っ, 呜ぅ.
_SMALL = regex.compile("[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯ]+")
_OF_KANA = regex.compile("字|仮名|がな|カナ|いろは|五十音|発音|読み")
# Kana that are drawn with, not read: ヽ(´ー`)ノ, (ﾉ´∀`), ( つ´･ω･)つ. Only beside a sign that is no letter.
_DRAWN = frozenset("ノヽヾゞシツヘつづへノﾉﾂｼﾍ")
_WAVING = frozenset({"ノシ", "ﾉｼ"})
_NO_SIGN = frozenset("「」『』，。、！？“”…")


def look(case: Case) -> Iterator[Flaw]:
    """Flag kana in a target whose language has none.

    Not flagged: what a glossary entry of the text asks for, small kana alone, kana of a face drawn with signs, kana
    that are spoken of (“の”这个字), and kana inside of markup.
    """
    if case.target.isascii() or "kana" in case.desk.target.scripts:
        return
    found = [m for m in leftovers(case, _KANA) if not tolerated(m) and not _spoken_of(m, case.before)]
    if found:
        yield flaw(found, "Japanese")


def tolerated(match: "regex.Match[str]") -> bool:
    """Whether kana may stand in any text: small ones alone, and what faces are drawn with."""
    run, text = match.group(), match.string
    if _SMALL.fullmatch(run) or run in _WAVING:
        return True
    around = (text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1])
    if run in _DRAWN and any(s and not s.isalnum() and not s.isspace() and s not in _NO_SIGN for s in around):
        return True
    return in_face(match)


def _spoken_of(match: "regex.Match[str]", source: str) -> bool:
    """Whether kana of the source are meant as letters; what somebody says in quotation marks (「うん」) is not."""
    if not explained(match, source):
        return False
    run, text = match.group(), match.string
    if _OF_KANA.search(source) is not None:
        return True
    return len(run) == 1 and any(map(str.isalpha, text[: match.start()] + text[match.end() :]))


CHECK = Check(
    "kana",
    Severity.ERROR,
    look,
    "Japanese syllables left in a translation into a language without them, but for what the glossary asks for, small "
    "kana alone (啊っ), faces (ヽ(´ー`)ノ) and letters that are spoken of (“の”)",
)
