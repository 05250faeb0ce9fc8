"""A run of text and inline tags as a text to translate (`core.xhtml_markup`); `core.xhtml_spelling` is the way back."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from translator.core.xml_references import legacy_reference, read_reference
from translator.core.xml_spans import VOID, Attribute, Kind, MarkupFile, Token, attributes

BLANK = " \t\r\n\f"
"""What HTML takes for white space; a no-break or full-width space is text."""

_LT, _AMP, KEPT = "\udc3c", "\udc26", "\udc00"
"""Marks of a `<` and an `&` that are text, and of one that begins markup: halves of pairs, which no file has."""

_AMBIGUOUS_LT = re.compile(f"{_LT}(?=[A-Za-z/!?])")
_AMBIGUOUS_AMP = re.compile(rf"{_AMP}(?=#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z_:\x80-\U0010ffff][-\w:.\u00b7]*;)")
REFERENCE = re.compile(r"&(?:#[0-9]{1,9}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z_:\x80-\U0010ffff][-\w:.\u00b7]*);")
_LINE_END = re.compile(r"[\r\n][ \t\r\n\f]*")
_WIDE = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]")
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

    plain: what is read of it, without readings and codes. known: its codes; None where the file spells all of it as it
    is shown, so that every tag in `source` is one.
    """

    start: int
    end: int
    source: str
    plain: str
    known: tuple[Code, ...] | None
    breaks: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[Code, ...]:
        """Its codes in order."""
        if self.known is not None:
            return self.known
        if "<" not in self.source:
            return ()
        return tuple(
            Code(found.group(), self.start + found.start(), self.start + found.end())
            for found in TAG.finditer(self.source)
        )


TAG = re.compile("<[^<>]*>")
"""A tag without `>` in its attributes."""


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


@lru_cache(maxsize=4096)
def _shown_reference(raw: str) -> str:
    meaning = read_reference(raw, html=True)  # XHTML has HTML's names, too
    if meaning is None or any(c in SWALLOWED or not (c.isprintable() or c >= "\u00a0") for c in meaning):
        return KEPT + raw[1:]
    return meaning.replace("<", _LT).replace("&", _AMP)


_NAMED = re.compile("&(?=[A-Za-z])")


def _without_legacy(raw: str) -> str:
    parts: list[str] = []
    position = 0
    while (named := _NAMED.search(raw, position)) is not None:
        at = named.start()
        meaning, end = legacy_reference(raw, at) or ("&", at + 1)
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
    return text.replace(KEPT, "&")


def unbroken(text: str) -> str:
    """Line ends of the file are spaces, and nothing between Japanese and Chinese characters."""
    if "\n" not in text and "\r" not in text:
        return text
    first, *lines = _LINE_END.split(text)
    parts = [first]
    for line in lines:
        parts[-1] = parts[-1].rstrip(" \t\f")
        parts += ("" if _WIDE.match(parts[-1][-1:]) and _WIDE.match(line) else " ", line)
    return "".join(parts)


_AS_IT_IS = re.compile(r"<[^<>\t\r\n\f]*>")
_ID = re.compile(r"[Ii][Dd][ \t\r\n\f=/>]")
_PLAIN_ID = re.compile(r'[ \t\r\n\f]+(?:xml:)?id="[^"=]*"')
"""An id, where no value has a `"` in it: what ends like one within a value has a name with `=` before the next `"`."""


def show_code(raw: str, name: str, end: int, *, html: bool) -> str:
    """A code as it is shown: without ids, on one line. name, end: of the start tag that it begins with; "" for none."""
    if _AS_IT_IS.fullmatch(raw):
        if "id" not in raw.lower():
            return raw
        bare = raw if "'" in raw else _PLAIN_ID.sub("", raw)
        if not _ID.search(bare):
            return bare
    if name and "=" in raw[:end]:
        raw = _shown_tag(raw[:end], attributes(raw, Token(Kind.START, 0, end, name), html=html)) + raw[end:]
    return " ".join(re.split(r"[ \t\r\n\f]+", raw)) if any(c in raw for c in "\t\r\n\f") else raw


def _shown_tag(tag: str, found: Sequence[Attribute]) -> str:
    parts: list[str] = []
    position = 0
    for each in found:
        start, end = each.start, each.end
        if each.name in ("id", "xml:id"):
            named = tag.rfind(each.name, position, start)
            named = named if named >= 0 else tag.lower().rfind(each.name, position, start)
            parts.append(tag[position:named].rstrip(BLANK))
            position = end + len(each.quote)
        else:
            parts += (tag[position:start], tag[start:end].replace("<", "&lt;").replace(">", "&gt;"))
            position = end
    parts.append(tag[position:])
    return "".join(parts)


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
        if one.kind is Kind.CDATA:
            raw = file.text[one.start + len("<![CDATA[") : one.end - len("]]>")]
            parts.append(unbroken(raw.replace("&", _AMP).replace("<", _LT)))
            if not reading:
                plain.append(parts[-1])
            continue
        name = local(one.name)
        if item.first == item.last and name == "br" and one.kind is not Kind.END:
            parts.append("\n")
            plain.append("\n")
            breaks.append(file.text[one.start : one.end])
            continue
        if name in READING:
            reading += {Kind.START: 1, Kind.END: -1}.get(one.kind, 0)
        raw = file.text[one.start : other.end]
        begins = one.name if one.kind in (Kind.START, Kind.EMPTY) else ""
        shown = show_code(raw, begins, one.end - one.start, html=file.html)
        codes.append(Code(shown, one.start, other.end))
        parts.append(shown.replace("&", KEPT))
    return joined(file.text[start:end], start, parts, plain, codes, breaks)


def joined(
    raw: str, start: int, parts: Sequence[str], plain: Sequence[str], codes: Sequence[Code], breaks: Sequence[str]
) -> Run:
    """The run that `raw` is, of parts that are shown and read, with line breaks as they are spelled in it."""
    source = "".join(parts)
    if breaks:
        source = "\n".join([line.strip(" \t\f") for line in source.split("\n")])
        breaks = tuple(_with_space(raw, breaks))
    source = source.strip(BLANK)  # of a CDATA section at an end
    return Run(start, start + len(raw), settle(source), settle("".join(plain)).strip(), tuple(codes), tuple(breaks))


_BLANKS = re.compile(r"[ \t\r\n\f]*")


def _with_space(raw: str, breaks: Sequence[str]) -> Iterator[str]:
    """The line breaks with the white space around them."""
    position = 0
    for each in breaks:
        at = raw.index(each, position)
        before = raw[position:at]
        found = _BLANKS.match(raw, at + len(each))
        stop = at + len(each) if found is None else found.end()
        yield raw[position + len(before.rstrip(BLANK)) : stop]
        position = stop


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
    while partners.get(first) == last and local(tokens[items[first].first].name) not in RUBY:
        one, other = first + 1, last - 1
        while one <= other and _is_edge(file, tokens, items[one]):
            one += 1
        while other >= one and _is_edge(file, tokens, items[other]):
            other -= 1
        if one > other:
            break
        first, last = one, other
    return first, last


READING = frozenset(("rt", "rp", "rtc"))
RUBY = ("ruby", "rb", "rt", "rp", "rtc", "rbc")
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
