"""Japanese syllables left in a translation into a language that is not written with them."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.core.work import Unit
from translator.engine import codes
from translator.engine.checks import Check, Flaw
from translator.engine.desk import Desk

_KANA = regex.compile(r"[\p{Script=Hiragana}\p{Script=Katakana}][\p{Script=Hiragana}\p{Script=Katakana}ー]*")
# A caught breath or a drawn-out vowel that a translator may leave: 啊っ, 呜ぅ.
_SMALL = regex.compile("[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶｧｨｩｪｫｬｭｮｯ]+")
# Kana that are drawn with, not read: ヽ(´ー`)ノ, (ﾉ´∀`), ( つ´･ω･)つ. Only beside a sign that is no letter.
_DRAWN = frozenset("ノヽヾシツヘつへノﾉﾂｼﾍ")
_SHOWN = 3


def look(source: Unit, target: str, desk: Desk) -> Iterator[Flaw]:
    """Flag kana in a target whose language has none.

    Not flagged: what a glossary entry of the text asks for, small kana alone, kana of a face drawn with signs, and
    kana inside of markup.
    """
    if target.isascii() or "kana" in desk.target.scripts or _KANA.search(target) is None:
        return
    markup = desk.markup(source.format)
    text = target
    if markup.rules:
        text = "".join("\0" * len(p.text) if codes.is_kept(p) else p.text for p in markup.tokenize(target))
    for entry in source.glossary:
        for wanted in entry.dst.split("|"):
            if wanted and _KANA.search(wanted):
                text = text.replace(wanted, "\0" * len(wanted))
    found = [m for m in _KANA.finditer(text) if not _tolerated(text, m)]
    if found:
        shown = ", ".join(dict.fromkeys(m.group() for m in found[:_SHOWN]))
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield Flaw(f"Japanese left in the translation: {shown}{more}", found[0].span())


def _tolerated(text: str, match: "regex.Match[str]") -> bool:
    run = match.group()
    if _SMALL.fullmatch(run):
        return True
    around = (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1])
    return run in _DRAWN and any(
        s and not s.isalnum() and not s.isspace() and s not in "「」『』，。、！？“”…" for s in around
    )


CHECK = Check("kana", Severity.ERROR, look)
