"""How a paragraph of a DOCX file is spelled as a text.

Changes of formatting are `<1>…</1>`, things between texts `<2/>`, a word with its reading is
`<ruby>鏡<rt>かがみ</rt></ruby>`. Text that looks like such a tag has its `<` as `&lt;`.

Inside of the program a reading stands between characters that no XML file can hold.
"""

import re

from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite

RUBY, READING, END = "\x01", "\x02", "\x03"
"""Before a word that has a reading, between both, and behind the reading."""

TAG = re.compile(r"<(/?)(\d{1,6})(/?)>")
_ANY = r"(?:/?\d{1,6}/?|/?ruby|/?rt)>"
_LITERAL = re.compile(rf"(<|&(?:amp;)*lt;)(?={_ANY})")
_ESCAPED = re.compile(rf"&((?:amp;)*)lt;(?={_ANY})")
_WORD = rf"((?:(?!<{_ANY})[^\n\t])+)"
_READ = re.compile(rf"<ruby>{_WORD}<rt>{_WORD}</rt></ruby>")
_SPELLED = str.maketrans({RUBY: "<ruby>", READING: "<rt>", END: "</rt></ruby>"})
_STRAY = re.compile(r"</?(?:ruby|rt)>")

_RULES = (
    MarkupRule(r"</\d{1,6}>", Fate.CLOSE),
    MarkupRule(r"<\d{1,6}>", Fate.OPEN),
    MarkupRule(r"<\d{1,6}/>"),
    MarkupRule(rf"&(?:amp;)*lt;{_ANY}"),
    MarkupRule(r"\t"),
)
_DROPPED = (MarkupRule(r"<ruby>|<rt>[^\n\t]*?</rt></ruby>", Fate.DROP),)
_KEPT = (MarkupRule(r"<ruby>", Fate.OPEN), MarkupRule(r"<rt>[^\n\t]*?</rt></ruby>", Fate.CLOSE))
_SYNTAXES = {
    "keep": MarkupSyntax((*_RULES, *_KEPT)),
    "parens": MarkupSyntax((*_RULES, *_DROPPED), (Rewrite(_READ.pattern, r"\1（\2）"),)),
}
MARKUP = MarkupSyntax((*_RULES, *_DROPPED))
"""Changes of formatting, things between texts, texts that look like these, tabs; readings are dropped."""


def markup(ruby: str) -> MarkupSyntax:
    """The markup where readings are dropped (`drop`), kept (`keep`) or text in brackets (`parens`)."""
    return _SYNTAXES.get(ruby, MARKUP)


def spelled(text: str) -> str:
    """What a paragraph says in one formatting, as it is offered for translation."""
    return _LITERAL.sub(_escape, text).translate(_SPELLED)


def with_readings(target: str) -> str | None:
    """A target with the signs for words with readings; None where the tags for these are not in pairs."""
    made = _READ.sub(rf"{RUBY}\1{READING}\2{END}", target)
    return made if _STRAY.search(made) is None else None


def read(text: str) -> str:
    """What a text of one formatting, without tags, says."""
    return _ESCAPED.sub(_unescape, text)


def _escape(match: re.Match[str]) -> str:
    return "&lt;" if match[1] == "<" else f"&amp;{match[1][1:]}"


def _unescape(match: re.Match[str]) -> str:
    return f"&{match[1].removeprefix('amp;')}lt;" if match[1] else "<"
