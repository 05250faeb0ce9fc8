"""A run of text and inline tags as a text to translate (`core.xhtml_markup`); `core.xhtml_spelling` is the way back."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from translator.core.xml_references import legacy_reference, read_reference
from translator.core.xml_spans import VOID, Attribute, Kind, MarkupFile, Token, attributes

BLANK = " \t\r\n\f"
"""What HTML takes for white space; a no-break or full-width space is text."""

_LT, _AMP = "\ufdd0", "\ufdd1"
_AMBIGUOUS_LT = re.compile(f"{_LT}(?=[A-Za-z/!?])")
_AMBIGUOUS_AMP = re.compile(rf"{_AMP}(?=#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z_:\x80-\U0010ffff][-\w:.\u00b7]*;)")
REFERENCE = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z_:\x80-\U0010ffff][-\w:.\u00b7]*);")
_BROKEN = re.compile(r"[ \t\f]*[\r\n][ \t\r\n\f]*")
_WIDE = "[\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]"
_BROKEN_WIDE = re.compile(rf"(?<={_WIDE})[ \t\f]*[\r\n][ \t\r\n\f]*(?={_WIDE})")
_READS = re.compile(r"[\w「『（(“\"‘'！？!?〝]")
SWALLOWED = frozenset("\t\n\r\f ")
DIALOGUE = ("「", "『", "“", '"', "〝", "«", "„", "— ", "– ", "—\u00a0", "–\u00a0")


class Item(NamedTuple):
    """A part of a run: text, one tag or comment, or an element that is one code: tokens `first` to `last`."""

    first: int
    last: int


class Code(NamedTuple):
    """A tag (or more) as it is shown in a text and where it stands in the file."""

    shown: str
    start: int
    end: int


class Run(NamedTuple):
    """A text of a file: `text[start:end]`, how it is shown, its codes and line breaks with their spelling.

    plain: what is read of it, without readings and codes.
    """

    start: int
    end: int
    source: str
    plain: str
    codes: tuple[Code, ...]
    breaks: tuple[str, ...]


def speaks(plain: str) -> bool:
    """Whether there is anything in a text that can be translated: letters, digits, quotation or exclamation marks."""
    return _READS.search(plain) is not None


def read_text(raw: str, *, html: bool) -> str:
    """A piece of text as it is shown, but for `<` and `&`, which stay marks until `settle`."""
    if "&" in raw or "<" in raw:
        raw = raw.replace("<", _LT)
        if "&" in raw:
            raw = REFERENCE.sub(lambda m: _shown_reference(m.group()), raw)
            if html:
                raw = _without_legacy(raw)
    return raw


def _shown_reference(raw: str) -> str:
    meaning = read_reference(raw, html=True)  # XHTML has HTML's names, too
    if meaning is None or any(c in SWALLOWED or not (c.isprintable() or c >= "\u00a0") for c in meaning):
        return "\ufdd2" + raw[1:]
    return meaning.replace("<", _LT).replace("&", _AMP)


def _without_legacy(raw: str) -> str:
    parts: list[str] = []
    position = 0
    while (at := raw.find("&", position)) >= 0:
        found = legacy_reference(raw, at)
        meaning, end = found or ("&", at + 1)
        parts += (raw[position:at], meaning.replace("<", _LT).replace("&", _AMP))
        position = end
    return "".join((*parts, raw[position:]))


def settle(text: str) -> str:
    """Spell `<` and `&` as themselves where they cannot be taken for markup, else as references."""
    if text.isascii() and "&" not in text:
        return text
    text = text.replace("&", _AMP)
    if _AMP in text:
        text = _AMBIGUOUS_AMP.sub("&amp;", text).replace(_AMP, "&")
    if _LT in text:
        text = _AMBIGUOUS_LT.sub("&lt;", text).replace(_LT, "<")
    return text.replace("\ufdd2", "&")


def unbroken(text: str) -> str:
    """Line ends of the file are spaces, and nothing between Japanese and Chinese characters."""
    if "\n" in text or "\r" in text:
        return _BROKEN.sub(" ", _BROKEN_WIDE.sub("", text))
    return text


_AS_IT_IS = re.compile(r"<[^<>\t\r\n\f]*>")
_ID = re.compile(r"[Ii][Dd][ \t\r\n\f=/>]")


def show_code(file: MarkupFile, start: Token, end: Token) -> str:
    """A code as it is shown: without ids, on one line."""
    raw = file.text[start.start : end.end]
    if _AS_IT_IS.fullmatch(raw) and not _ID.search(raw):
        return raw
    if start.kind in (Kind.START, Kind.EMPTY):
        tag = file.text[start.start : start.end]
        if "=" in tag:
            raw = _shown_tag(file.text, tag, start, attributes(file.text, start, html=file.html)) + raw[len(tag) :]
    return " ".join(re.split(r"[ \t\r\n\f]+", raw)) if any(c in raw for c in "\t\r\n\f") else raw


def _shown_tag(text: str, tag: str, token: Token, found: Sequence[Attribute]) -> str:
    parts: list[str] = []
    position = token.start
    for each in found:
        start, end = each.start, each.end
        if each.name in ("id", "xml:id"):
            named = text.rfind(each.name, position, start)
            named = named if named >= 0 else text.lower().rfind(each.name, position, start)
            parts.append(text[position:named].rstrip(BLANK))
            position = end + len(each.quote)
        else:
            parts += (text[position:start], text[start:end].replace("<", "&lt;").replace(">", "&gt;"))
            position = end
    parts.append(text[position : token.end])
    return "".join(parts) if parts else tag


def read_run(file: MarkupFile, tokens: Sequence[Token], items: Sequence[Item]) -> Run | None:
    """The run of these items without what is blank at its edges; None where nothing is left."""
    first, last = 0, len(items) - 1
    while first <= last and _is_edge(file, tokens, items[first]):
        first += 1
    while last > first and _is_edge(file, tokens, items[last]):
        last -= 1
    if first > last:
        return None
    first, last = _inside(file, tokens, items, first, last)
    items = items[first : last + 1]
    start, end = tokens[items[0].first].start, tokens[items[-1].last].end
    text = file.text
    if tokens[items[0].first].kind is Kind.TEXT:
        raw = text[start : tokens[items[0].first].end]
        start += len(raw) - len(raw.lstrip(BLANK))
    if tokens[items[-1].last].kind is Kind.TEXT:
        raw = text[tokens[items[-1].last].start : end]
        end -= len(raw) - len(raw.rstrip(BLANK))
    return _shown(file, tokens, items, (start, end))


def _shown(
    file: MarkupFile,
    tokens: Sequence[Token],
    items: Sequence[Item],
    span: tuple[int, int],
) -> Run:
    start, end = span
    parts: list[str] = []
    plain: list[str] = []
    codes: list[Code] = []
    breaks: list[str] = []
    reading = 0
    for item in items:
        one, other = tokens[item.first], tokens[item.last]
        if one.kind is Kind.TEXT:
            raw = file.text[max(one.start, start) : min(one.end, end)]
            shown = unbroken(read_text(raw, html=file.html))
            parts.append(shown)
            if not reading:
                plain.append(shown)
            continue
        name = local(one.name)
        if item.first == item.last and name == "br" and one.kind is not Kind.END:
            parts.append("\n")
            plain.append("\n")
            breaks.append(file.text[one.start : one.end])
            continue
        if name in _READING:
            reading += {Kind.START: 1, Kind.END: -1}.get(one.kind, 0)
        raw = file.text[one.start : other.end]
        shown = raw if "=" not in raw and raw.isascii() and "\n" not in raw else show_code(file, one, other)
        codes.append(Code(shown, one.start, other.end))
        parts.append(shown.replace("&", "\ufdd2"))
    source = _tight(parts) if breaks else "".join(parts)
    breaks = _with_space(file.text[start:end], breaks) if breaks else breaks
    return Run(start, end, settle(source), settle("".join(plain)).strip(), tuple(codes), tuple(breaks))


def _tight(parts: list[str]) -> str:
    """The parts joined, without white space around line breaks."""
    text = "".join(parts)
    return re.sub(r"[ \t\f]*\n[ \t\f]*", "\n", text) if "\n" in text else text


def _with_space(raw: str, breaks: Sequence[str]) -> list[str]:
    """The line breaks with the white space around them."""
    found: list[str] = []
    position = 0
    for each in breaks:
        at = raw.index(each, position)
        before = len(raw[position:at]) - len(raw[position:at].rstrip(BLANK))
        after = at + len(each)
        stop = after + len(raw[after:]) - len(raw[after:].lstrip(BLANK)) if raw[after : after + 1] in BLANK else after
        found.append(raw[at - before : stop])
        position = stop
    return found


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """A tag's name without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def whole_parts(file: MarkupFile, tokens: Sequence[Token], items: Sequence[Item]) -> list[Sequence[Item]]:
    """The items parted at tags that have no partner among them; such a tag is in no part."""
    if len(items) == 1 and tokens[items[0].first].kind is Kind.TEXT:
        return [items]
    halves = sorted(_halves(file, tokens, items))
    if not halves:
        return [items]
    return [items[start + 1 : end] for start, end in pairwise((-1, *halves, len(items)))]


def _inside(file: MarkupFile, tokens: Sequence[Token], items: Sequence[Item], first: int, last: int) -> tuple[int, int]:
    """`first` and `last` moved inward past pairs of tags that hold all of a run, but those of readings."""
    if tokens[items[first].first].kind is not Kind.START or items[first].first != items[first].last:
        return first, last
    partners = _partners(tokens, items)
    while partners.get(first) == last and local(tokens[items[first].first].name) not in _RUBY:
        one, other = first + 1, last - 1
        while one <= other and _is_edge(file, tokens, items[one]):
            one += 1
        while other >= one and _is_edge(file, tokens, items[other]):
            other -= 1
        if one > other:
            break
        first, last = one, other
    return first, last


_READING = frozenset(("rt", "rp", "rtc"))
_RUBY = ("ruby", "rb", "rt", "rp", "rtc", "rbc")
_UNCLOSED = frozenset(("rb", "rt", "rp", "rtc"))
"""Parts of a ruby that HTML ends at the next one or with the ruby, where their own end is left out."""


def _partners(tokens: Sequence[Token], items: Sequence[Item]) -> dict[int, int]:
    """Which item ends what another begins; the items have no halves."""
    opened: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for number, item in enumerate(items):
        token = tokens[item.first]
        if item.first != item.last:
            continue
        if token.kind is Kind.START:
            opened.setdefault(token.name, []).append(number)
        elif token.kind is Kind.END and opened.get(token.name):
            found[opened[token.name].pop()] = number
    return found


def _is_edge(file: MarkupFile, tokens: Sequence[Token], item: Item) -> bool:
    token = tokens[item.first]
    if token.kind is Kind.TEXT:
        return not file.text[token.start : token.end].strip(BLANK)
    return token.kind in (Kind.COMMENT, Kind.PI) or (item.first == item.last and local(token.name) == "br")


def _halves(file: MarkupFile, tokens: Sequence[Token], items: Sequence[Item]) -> list[int]:
    """The tags among the items without a partner."""
    open_items: list[tuple[int, str]] = []
    names: Counter[str] = Counter()
    halves: list[int] = []
    for number, item in enumerate(items):
        token = tokens[item.first]
        if item.first != item.last or token.kind not in (Kind.START, Kind.END):
            continue
        if token.kind is Kind.START:
            if not (file.html and token.name in VOID):
                open_items.append((number, token.name))
                names[token.name] += 1
        elif names[token.name]:
            while open_items:
                other, name = open_items.pop()
                names[name] -= 1
                if name == token.name:
                    break
                if not (file.html and local(token.name) == "ruby" and local(name) in _UNCLOSED):
                    halves.append(other)
        elif local(token.name) != "br":
            halves.append(number)
    return halves + [number for number, _ in open_items]
