"""The patterns by which `core.xml_spans` finds tokens: those of XML 1.0, and those of the WHATWG tokenizer for HTML."""

import re
from functools import cache
from typing import NamedTuple

from translator.core.xml_references import NAME


class Whole(NamedTuple):
    """Elements that are taken whole where there is nothing but text and simple inline elements in them: `names`.

    In well-formed XML simple are `inlines`, in each other as they like, and `opaque` ones with all that is in them but
    others of their name. In HTML simple are `inlines` that have text alone in them, and one attribute at most.
    """

    names: tuple[str, ...]
    inlines: tuple[str, ...]
    opaque: tuple[str, ...] = ()


_S = r"[ \t\r\n\f]"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
# Loops are unrolled (`[^-]*(?:-(?!-)[^-]*)*`): each turn begins with another character, so that there is one way only.
_SUBSET_PARTS = rf"(?:{_QUOTED}|<!--[^-]*(?:-(?!->)[^-]*)*-->|<\?[^?]*(?:\?(?!>)[^?]*)*\?>|<(?!!--|\?))"
_SUBSET = rf"\[[^\]\"'<]*(?:{_SUBSET_PARTS}[^\]\"'<]*)*\]"
_DOCTYPE = rf"<!DOCTYPE[^<>\[\]\"']*(?:(?:{_QUOTED})[^<>\[\]\"']*)*(?:{_SUBSET}{_S}*)?>"
_SIMPLE = r"(?: (?:class|href|lang|xml:lang|title|epub:type)=\"(?![^\"]*notranslate)[^\"<>&\t\r\n\f]*\")?"


_NEVER_SIMPLE = ("br", "ruby", "rt", "rb", "rp", "wbr")
"""Elements of HTML without text of their own, or whose end tags may be left out."""


def _rest(whole: Whole, name: int, inside: str) -> str:
    """What may follow a start tag so that its element is taken whole; `name`: the group of its name."""
    return rf"[^<]*+(?:<(?:{inside})>[^<]*+)*+(?=</(?:{'|'.join(whole.names)})>)</\{name}>(?:{_S}++(?=<))?"


def opaque(names: tuple[str, ...]) -> str:
    """An element with all that is in it, without the `<` before and the `>` behind it."""
    inside = (rf"[^<]*+(?:<(?!/?{each}\b)[^<]*+)*+" for each in names)
    return "|".join(rf"{n}(?:{_S}[^<>]*)?+(?<!/)>{i}</{n}" for n, i in zip(names, inside, strict=True)) or "(?!)"


def _inside_of_xml(whole: Whole) -> str:
    values = r"[^<>\"']*+(?:\"[^<>\"]*+\"[^<>\"']*+)*+"
    return rf"/?(?:{'|'.join(whole.inlines)})(?:(?={_S}|/){values})?+|{opaque(whole.opaque)}"


def _inside_of_html(whole: Whole) -> str:
    return "|".join(rf"{each}{_SIMPLE}>[^<]*</{each}" for each in whole.inlines if each not in _NEVER_SIMPLE)


@cache
def xml_pattern(whole: Whole | None) -> re.Pattern[str]:
    """What a token of XML is. The number of the group says which: `TEXT` and so on."""
    rest = "(?!)" if whole is None else _rest(whole, 3, _inside_of_xml(whole))
    return re.compile(
        r"([^<]+)"
        rf"|</({NAME}){_S}*>"
        rf"|<({NAME})(?:{_S}+{NAME}{_S}*={_S}*(?:\"[^\"<]*\"|'[^'<]*'))*{_S}*(?:(/)>|>({rest})?)"
        r"|<!--([^-]*(?:-(?!-)[^-]*)*)-->"
        r"|<!\[CDATA\[([^\]]*(?:\](?!\]>)[^\]]*)*)\]\]>"
        r"|<\?([^?]*(?:\?(?!>)[^?]*)*)\?>"
        rf"|({_DOCTYPE})"
        r"|(<)"
    )


TEXT, END, START, EMPTY, WHOLE, COMMENT, CDATA, PI, DTD, WRONG = range(1, 11)
_LONE = r"<(?![A-Za-z/!?])"


@cache
def html_pattern(whole: Whole | None) -> re.Pattern[str]:
    """What a token of HTML is: see `HTML_TEXT` and so on."""
    rest = "(?!)" if whole is None else _rest(whole, 3, _inside_of_html(whole))
    return re.compile(
        rf"((?:[^<]|{_LONE})[^<]*(?:{_LONE}[^<]*)*)"
        r"|</([A-Za-z][^ \t\r\n\f/>]*)[^>]*>"
        rf"|<([A-Za-z][^ \t\r\n\f/>]*)[^>=]*(?:={_S}*(?:{_QUOTED}|(?![ \t\r\n\f\"']))[^>=]*)*>"
        rf"((?<!/>){rest})?"
        r"|<!--(?:-?>|[^-]*(?:-(?!-!?>)[^-]*)*--!?>)"
        r"|(?i:(<!DOCTYPE)[^>]*>)"
        r"|<(?!!--)[!?/][^>]*>"
        r"|(<)"
    )


HTML_TEXT, HTML_END, HTML_START, HTML_WHOLE, HTML_DTD, HTML_CUT = range(1, 7)
XML_ATTRIBUTE = re.compile(rf"({NAME}){_S}*={_S}*(?:\"([^\"]*)\"|'([^']*)')")
HTML_ATTRIBUTE = re.compile(
    rf"([^ \t\r\n\f/>=][^ \t\r\n\f/>=]*)(?:{_S}*={_S}*(?:\"([^\"]*)\"|'([^']*)'|([^ \t\r\n\f>\"'][^ \t\r\n\f>]*)))?"
)
BARE = re.compile(rf"&(?!#[0-9]+;|#x[0-9A-Fa-f]+;|{NAME};)")
