"""Japanese syllables left in a translation into a language that is not written with them."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw
from translator.engine.leftovers import flaw, leftovers

_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}][\p{Script=Hiragana}\p{Script=Katakana}ー]*")
# A caught breath or a drawn-out vowel that a translator may leave: 啊っ, 呜ぅ.
_SMALL = regex.compile("[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯ]+")
# Kana that are drawn with, not read: ヽ(´ー`)ノ, (ﾉ´∀`), ( つ´･ω･)つ. Only beside a sign that is no letter.
_DRAWN = frozenset("ノヽヾシツヘつへノﾉﾂｼﾍ")


def look(case: Case) -> Iterator[Flaw]:
    """Flag kana in a target whose language has none.

    Not flagged: what a glossary entry of the text asks for, small kana alone, kana of a face drawn with signs, and
    kana inside of markup.
    """
    if case.target.isascii() or "kana" in case.desk.target.scripts:
        return
    found = [m for m in leftovers(case, _KANA) if not _tolerated(m)]
    if found:
        yield flaw(found, "Japanese")


def _tolerated(match: "regex.Match[str]") -> bool:
    run, text = match.group(), match.string
    if _SMALL.fullmatch(run):
        return True
    around = (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
    return run in _DRAWN and any(
        s and not s.isalnum() and not s.isspace() and s not in "「」『』，。、！？“”…" for s in around
    )


CHECK = Check(
    "kana",
    Severity.ERROR,
    look,
    "Japanese syllables left in a translation into a language without them, but for what the glossary asks for, small "
    "kana alone (啊っ) and faces (ヽ(´ー`)ノ)",
)
