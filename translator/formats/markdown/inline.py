r"""The markup inside of a text of Markdown, and what becomes of each code.

Sources: CommonMark 0.31.2, chapter 6 (code spans, flanking of `*` and `_`, links, autolinks, raw HTML, escapes,
references); GitHub Flavored Markdown (`~~`, bare addresses, `[^x]`); Pandoc's manual (formulas: no space behind the
first `$` nor before the second, no digit behind it; `{#id .class}`).

Fates: code spans, addresses, notes' marks `[^x]`, formulas, escapes `\*`, template tags and `[label][]` (of a label
that the file does not define) stay as they are. `[` and `](address "title")`, `![` and the like are pairs around a
text. Emphasis opens or closes as its neighbours say; between two letters (`これは**重`) that cannot be told, so it is
only kept. A lone `*` between spaces, and `_` inside of a word, are text. HTML is as in `core.xhtml_markup`, readings
included (setting `ruby`), and `｜漢字《かんじ》`, `漢字《かんじ》`, `《《強調》》` as on the sites for web novels.

What looks ahead for an end looks no further than 400 characters (or than the next `$`), so that the time stays linear.
"""

from collections.abc import Mapping
from functools import cache

import regex

from translator.core.loose import LANGUAGE
from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite
from translator.core.readings import IDEOGRAPHS, barred, behind, in_brackets, kept, read
from translator.core.xhtml_markup import markup_of as html_markup

_ESCAPE = r"\\[!-/:-@\[-`{-~]"
_URL = r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]"
_ADDRESS = rf"(?:https?|ftp)://{_URL}*[A-Za-z0-9/=#&%+]"
LABEL = r"(?:[^\[\]\\]|\\.){1,200}"
_GOAL = r"\(\s{0,9}(?:<[^<>\n]{0,400}>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.){0,400}\)){0,400}+)"
_TITLE = r"(?:\s{1,9}(?:\"(?:[^\"\\]|\\.){0,400}\"|'(?:[^'\\]|\\.){0,400}'|\((?:[^()\\]|\\.){0,400}\)))?"
_LINKED = rf"(?:{_GOAL}{_TITLE}\s{{0,9}}\)|\[{LABEL}\])"
_INNER = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.){0,200}+\](?:\([^()\n]{0,200}\))?){0,400}+"

_BAR, _BASE = "｜", r"[^｜《》\n]{1,50}"
_READINGS = (*barred(_BAR, _BASE), behind(IDEOGRAPHS))

# Neighbours of a run of `*`, `_` or `~`: white space or an end, a letter, a sign.
_BLANK_BEFORE, _BLANK_AFTER = r"(?<![^\s])", r"(?![^\s])"
_LETTER_BEFORE, _LETTER_AFTER = r"(?<=[^\s\p{P}\p{S}])", r"(?=[^\s\p{P}\p{S}])"
_SIGN_BEFORE, _SIGN_AFTER = r"(?<=[\p{P}\p{S}])", r"(?=[\p{P}\p{S}])"
_OPENING_BEFORE, _CLOSING_AFTER = r"(?<=[\p{Ps}\p{Pi}])", r"(?=[\p{Pe}\p{Pf},.;:!?。、！？…])"
_FILLED_BEFORE, _FILLED_AFTER = r"(?<=[^\s])", r"(?=[^\s])"


def _opening(run: str) -> str:
    return (
        rf"(?:{_BLANK_BEFORE}{run}{_FILLED_AFTER}|{_OPENING_BEFORE}{run}{_FILLED_AFTER}"
        rf"|{_SIGN_BEFORE}{run}{_LETTER_AFTER})"
    )


def _closing(run: str) -> str:
    return (
        rf"(?:{_FILLED_BEFORE}{run}{_BLANK_AFTER}|{_FILLED_BEFORE}{run}{_CLOSING_AFTER}"
        rf"|{_LETTER_BEFORE}{run}{_SIGN_AFTER})"
    )


_STARS, _TILDES, _LINES = r"(?<!\*)\*++", r"(?<!~)~~(?!~)", r"(?<!_)_++"
_CODE = r"(?<!`)(?P<ticks>`++)(?:[^`]|(?!(?P=ticks)(?!`))`++){1,400}?(?P=ticks)(?!`)"
_FORMULA = (
    r"\$\$(?:[^$\s]{1,4000}|(?=[^$\\^_=]{0,400}[\\^_=])[^$]{1,4000})\$\$"  # `($$) and ($$)` are prices
    r"|(?<![$\w])\$(?![\s$])[^$\n]{1,400}(?<![\s\\])\$(?!\d)"
)
NO_LABEL = rf"{_ESCAPE}|{_CODE}|{_FORMULA}|<[A-Za-z/!?][^<>]{{0,400}}>"
"""What has no links in it."""

_BEFORE_HTML = (
    MarkupRule(_ESCAPE, cells=1),
    MarkupRule(_CODE, cells=2),
    MarkupRule(r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*|[A-Za-z0-9.!#$%&'*+/=?^_{|}~\-]+@[A-Za-z0-9.\-]+)>"),
    MarkupRule(_FORMULA, cells=2),
    MarkupRule(r"\{\{[^{}\n]{1,400}\}\}|\{%[^{}\n]{1,400}%\}|\{[#.:][^{}\n]{1,400}\}"),
)
_BEHIND_HTML = (
    MarkupRule(r"\[\^[^\[\]\s]{1,200}\]", cells=1),
    MarkupRule(rf"!?\[{LABEL}\]\[\]"),
    MarkupRule(rf"\]{_LINKED}", Fate.CLOSE),
    MarkupRule(rf"!?\[(?={_INNER}\]{_LINKED})", Fate.OPEN),
    MarkupRule(rf"(?<![A-Za-z0-9]){_ADDRESS}", cells=2),
    MarkupRule(r"《《(?=[^《》\n]{1,100}》》)", Fate.OPEN),
    MarkupRule(r"(?<=《《[^《》\n]{1,100})》》", Fate.CLOSE),
    *_READINGS,
    MarkupRule(_opening(_STARS), Fate.OPEN),
    MarkupRule(_closing(_STARS), Fate.CLOSE),
    MarkupRule(rf"{_FILLED_BEFORE}{_STARS}{_FILLED_AFTER}"),
    MarkupRule(_opening(_TILDES), Fate.OPEN),
    MarkupRule(_closing(_TILDES), Fate.CLOSE),
    MarkupRule(rf"{_FILLED_BEFORE}{_TILDES}{_FILLED_AFTER}"),
    MarkupRule(_opening(_LINES), Fate.OPEN),
    MarkupRule(_closing(_LINES), Fate.CLOSE),
)
_IS_READ = (read(_BASE, bar=_BAR), read(rf"[{IDEOGRAPHS}]{{1,50}}"))


_BROKEN = Rewrite(
    rf"{_CODE}|{_FORMULA}|\]{_LINKED}|<[A-Za-z/][^<>\n]*\n[^<>]*>", lambda match: match.group().replace("\n", " ")
)
"""A code over a line's end is the same with a space there, as it is spelled once lines are joined."""


@cache
def _syntax(ruby: str) -> MarkupSyntax:
    html = html_markup({"ruby": ruby})
    rules = _BEHIND_HTML
    rewrites = (_BROKEN, *html.rewrites)
    if ruby == "keep":
        rules = kept(rules, _READINGS)
    elif ruby == "parens":
        rewrites += in_brackets(_IS_READ)
    return MarkupSyntax((*_BEFORE_HTML, *html.rules, *rules), rewrites)


def markup_of(settings: Mapping[str, str]) -> MarkupSyntax:
    """The markup of texts by the setting `ruby`: drop (the usual one), keep, parens."""
    return _syntax(settings.get("ruby", "drop"))


MARKUP = markup_of({})
"""The markup where nothing is set."""

_AT_ONCE = regex.compile(r"[*_~(（\[!]*+(?!https?:|ftp:)[\p{L}「『“]")
_CODED = regex.compile(r"[`<&$\[{\\]|://")
_CHARACTERS = 500


def speaks(text: str) -> bool:
    """Whether there is anything in a text that can be translated beside codes, looking at its beginning only."""
    if _AT_ONCE.match(text) is not None:
        return True
    if LANGUAGE.search(text) is None:
        return False
    if len(text) > _CHARACTERS or _CODED.search(text) is None:
        return True
    return LANGUAGE.search(MARKUP.plain(MARKUP.normalise(text))) is not None
