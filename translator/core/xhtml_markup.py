r"""The markup of texts that are cut out of XHTML, HTML or FB2: how they are spelled, and what becomes of each code.

A text has its tags as the file has them, but without ids, without the values of attributes that are texts of their
own (`alt`, `title`), and with line ends in them as spaces. `\n` is a `<br/>`. References are read; `<` and `&` stay as
they are where nobody takes them for markup (`Q&A`, `a < b`), and are spelled `&lt;` and `&amp;` where they could be
taken for it. References that mean nothing known here, or white space that HTML would swallow, stay as they are spelled.

Fates: tags are pairs; empty elements, the marks of notes, code, drawings, formulas and what is marked `translate="no"`
are one code each. Readings (`<ruby>漢字<rt>かんじ</rt></ruby>`) are dropped with the ruby's tags, kept, or brought to
`漢字（かんじ）`, as the setting `ruby` says: drop (the usual one), keep, parens.
"""

from collections.abc import Mapping
from functools import cache

import regex

from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite

_INLINE = (
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "emphasis", "font", "i",
    "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "u",
)  # fmt: skip
_OPAQUE = (
    "code", "kbd", "samp", "var", "tt", "script", "style", "svg", "math", "object", "audio", "video", "canvas",
    "select", "textarea", "iframe",
)  # fmt: skip
_VOID = "img|br|wbr|hr|input|area|embed|source|track|param|link|meta|col|base"
_NO = r"(?=[^<>]*?(?:\btranslate\s*=\s*[\"']?no\b|\bclass\s*=\s*(?:\"[^\"<>]*\bnotranslate\b|'[^'<>]*\bnotranslate\b)))"


def _whole(names: tuple[str, ...], ahead: str = "") -> str:
    """An element with all that is in it; of those in each other of one name, the innermost."""
    each = (rf"{n}\b{ahead}[^<>]*(?<!/)>(?:[^<]|<(?!/?(?i:{n})\b))*+</(?i:{n})" for n in names)
    return rf"<(?i:{'|'.join(each)})\s*>"


_PREFIX = r"(?:[\w.-]+:)?"
_RUBY_INSIDE = rf"<{_PREFIX}ruby\b[^<>]*>(?:[^<]|<(?!/?{_PREFIX}ruby\b))*+</{_PREFIX}ruby\s*>"
_READ = rf"(?:[^<]|<(?!/?{_PREFIX}(?:rt|rp|rb|rtc|ruby)\b)|{_RUBY_INSIDE})*+"
_READING = (
    rf"(?i:<{_PREFIX}rtc\b[^<>]*>(?:[^<]|<(?!/?{_PREFIX}rtc\b))*+</{_PREFIX}rtc\s*>"
    rf"|<{_PREFIX}(?:rt|rp)\b[^<>]*>{_READ}(?:</{_PREFIX}(?:rt|rp)\s*>)?)"
)
_RUBY = rf"(?i:<{_PREFIX}ruby\b[^<>]*>(?:[^<]|<(?!/?{_PREFIX}ruby\b)|{_RUBY_INSIDE})*+</{_PREFIX}ruby\s*>)"
_RUBY_TAG = rf"(?i:</?{_PREFIX}(?:ruby|rb|rbc)\b[^<>]*>)"
_RUBIES = (MarkupRule(_READING, Fate.DROP), MarkupRule(_RUBY_TAG, Fate.DROP))
_EMPTY_PAIR = "|".join(rf"{n}\b[^<>]*(?<!/)></{n}" for n in _INLINE)
_RULES = (
    MarkupRule(r"<!--(?:[^-]|-(?!->))*+-->|<!\[CDATA\[(?:[^\]]|\](?!\]>))*+\]\]>|<\?[^<>]*>"),
    MarkupRule(_whole(_OPAQUE), cells=2),
    MarkupRule(_whole(_INLINE, _NO), cells=2),
    MarkupRule(r"(?i:<a\b(?=[^<>]*\bnoteref\b)[^<>]*>[^<>]*</a\s*>)", cells=1),
    MarkupRule(rf"(?i:<(?:{_EMPTY_PAIR})\s*>)"),
    MarkupRule(r"</[A-Za-z][^<>]*>", Fate.CLOSE),
    MarkupRule(rf"<[A-Za-z][^<>]*/>|(?i:<(?:{_VOID})\b[^<>]*>)"),
    MarkupRule(r"<[A-Za-z][^<>]*>", Fate.OPEN),
    MarkupRule(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z_:][-\w:.]*);", cells=1),
)
_PAREN = regex.compile(
    rf"(?i)(?P<rp><{_PREFIX}rp\b[^<>]*>(?:[^<]|<(?!/?{_PREFIX}r[tpb]))*+(?:</{_PREFIX}rp\s*>)?)"
    rf"|(?P<tag></?{_PREFIX}(?:ruby|rb|rbc)\b[^<>]*>)|(?P<second><{_PREFIX}rtc\b[^<>]*>)"
    rf"|(?P<end></{_PREFIX}(?:rt|rtc)\s*>)|(?P<rt><{_PREFIX}rt\b[^<>]*>)"
)


def _in_brackets(match: "regex.Match[str]") -> str:
    """A ruby as its base with the reading in brackets; one in another is brought to it first."""
    whole = match.group()
    opening = whole.index(">") + 1
    inner = regex.sub(_RUBY_INSIDE, _in_brackets, whole[opening:], flags=regex.IGNORECASE)
    base: list[str] = []
    readings: list[list[str]] = [[]]
    into, position = base, 0
    for part in _PAREN.finditer(inner):
        into.append(inner[position : part.start()])
        position = part.end()
        if part["rt"]:
            into = readings[-1]
        elif part["second"]:
            readings.append([])
            into = readings[-1]
        elif part["end"] or part["tag"]:
            into = base
    into.append(inner[position:])
    said = ["".join(r).strip() for r in readings]
    return "".join(base) + "".join(f"（{reading}）" for reading in said if reading)


@cache
def _syntax(ruby: str) -> MarkupSyntax:
    if ruby == "keep":
        return MarkupSyntax(_RULES)
    if ruby == "parens":
        return MarkupSyntax(_RUBIES + _RULES, (Rewrite(_RUBY, _in_brackets),))
    return MarkupSyntax(_RUBIES + _RULES)


def markup_of(settings: Mapping[str, str]) -> MarkupSyntax:
    """The markup of texts by the setting `ruby`; any other value of it is as drop."""
    return _syntax(settings.get("ruby", "drop"))


MARKUP = markup_of({})
"""The markup where nothing is set."""
