"""The patterns by which `core.xml_spans` finds tokens: those of XML 1.0, and those of the WHATWG tokenizer for HTML."""

import re
from functools import cache
from typing import NamedTuple

from translator.core.xml_references import NAME


class Whole(NamedTuple):
    """Elements that are taken whole where there is nothing but text and simple inline elements in them: `names`, with
    `inlines` in them that have text alone in them, and one attribute at most that says nothing of how they are read.
    """

    names: tuple[str, ...]
    inlines: tuple[str, ...]


_S = r"[ \t\r\n\f]"
_QUOTED = r"\"[^\"]*\"|'[^']*'"
# Loops are unrolled (`[^-]*(?:-(?!-)[^-]*)*`): each turn begins with another character, so that there is one way only.
_SUBSET_PARTS = rf"(?:{_QUOTED}|<!--[^-]*(?:-(?!->)[^-]*)*-->|<\?[^?]*(?:\?(?!>)[^?]*)*\?>|<(?!!--|\?))"
_SUBSET = rf"\[[^\]\"'<]*(?:{_SUBSET_PARTS}[^\]\"'<]*)*\]"
_DOCTYPE = rf"<!DOCTYPE[^<>\[\]\"']*(?:(?:{_QUOTED})[^<>\[\]\"']*)*(?:{_SUBSET}{_S}*)?>"
_SIMPLE = r"(?: (?:class|href|lang|xml:lang|title|epub:type)=\"(?![^\"]*notranslate)[^\"<>&\t\r\n\f]*\")?"


def _rest(whole: Whole | None, name: int) -> str:
    """What may follow a start tag so that its element is taken whole; `name`: the group of its name."""
    if whole is None:
        return "(?!)"
    inlines = "|".join(rf"{each}{_SIMPLE}>[^<]*</{each}" for each in whole.inlines)
    return rf"[^<]*+(?:<(?:{inlines})>[^<]*+)*+(?=</(?:{'|'.join(whole.names)})>)</\{name}>(?:{_S}++(?=<))?"


@cache
def xml_pattern(whole: Whole | None) -> re.Pattern[str]:
    """What a token of XML is. The number of the group says which: `TEXT` and so on."""
    return re.compile(
        r"([^<]+)"
        rf"|</({NAME}){_S}*>"
        rf"|<({NAME})(?:{_S}+{NAME}{_S}*={_S}*(?:\"[^\"<]*\"|'[^'<]*'))*{_S}*(?:(/)>|>({_rest(whole, 3)})?)"
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
    return re.compile(
        rf"((?:[^<]|{_LONE})[^<]*(?:{_LONE}[^<]*)*)"
        r"|</([A-Za-z][^ \t\r\n\f/>]*)[^>]*>"
        rf"|<([A-Za-z][^ \t\r\n\f/>]*)[^>=]*(?:={_S}*(?:{_QUOTED}|(?![ \t\r\n\f\"']))[^>=]*)*>"
        rf"((?<!/>){_rest(whole, 3)})?"
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
