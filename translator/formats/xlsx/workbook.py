"""Reading the sheets of an XLSX workbook by the places of their cells (SpreadsheetML: ECMA-376-1, 18.3, 18.4, 18.8)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from translator.core.document import FormatError
from translator.core.office_parts import Part, attributes_of, main_part, prefix_of, read_part, relations
from translator.core.xml_spans import read_references
from translator.core.zip_members import Members

_LANGUAGE = "spreadsheetml"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_WHITE = frozenset(("FFFFFFFF", "00FFFFFF"))
_WHITE_INDICES = frozenset(("1", "9"))
_DIGITS = 9
"""More than any number of a string or a style has."""
_MOST = 1 << 24
"""Characters that the cells of a sheet may repeat of shared strings: a long string in many cells is a bomb."""
_STRING, _INLINE, _SHARED = "str", "inlineStr", "s"


class Cell(NamedTuple):
    """A cell: its column (from 0), the span of its element, the end of its start tag, its attributes, what it says.

    text: None where it holds no text (a number, a date, nothing). formula: its value is computed.
    """

    column: int
    start: int
    end: int
    tag: str
    text: str | None
    formula: bool
    style: str


class Row(NamedTuple):
    """A row: its number as the sheet counts, its cells by column, and where its element's contents end."""

    number: int
    cells: Mapping[int, Cell]
    end: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its part, the prefix of its elements, whether it is hidden."""

    name: str
    part: Part
    p: str
    hidden: bool
    rows: Sequence[Row]


@dataclass(frozen=True)
class Workbook:
    """A workbook's sheets, its shared strings, and its styles by whether their cells are white (None: no fill)."""

    sheets: Sequence[Sheet]
    shared: Sequence[str]
    fills: Sequence[bool | None]

    @cached_property
    def shared_numbers(self) -> Mapping[str, int]:
        """The number of each shared string by what it says, the first of equal ones."""
        return {text: number for number, text in reversed(list(enumerate(self.shared)))}


def read_workbook(members: Members) -> Workbook:
    """Read all sheets; raises FormatError."""
    main = main_part(members, "xl/workbook.xml")
    if main is None:
        raise FormatError("this is no workbook: its package names none")
    book = read_part(members, main)
    p = prefix_of(book.text, _LANGUAGE)
    if p is None:
        raise FormatError(f"{main}: it is no workbook", offset=0)
    linked = list(relations(members, main))
    strings = [path for _, kind, path in linked if kind == "sharedStrings"]
    shared = _shared(read_part(members, strings[0])) if strings else []
    styles = [path for _, kind, path in linked if kind == "styles"]
    fills = _fills(read_part(members, styles[0]).text) if styles else []
    places = {own: path for own, kind, path in linked if kind == "worksheet"}
    sheets: list[Sheet] = []
    for match in re.finditer(rf"<{p}sheet\s([^<>]*?)/?>", book.text):
        found = attributes_of(match[1])
        path = places.get(next((value for name, value in found.items() if name.endswith(":id")), ""))
        if path is not None:  # others are charts and macros
            part = read_part(members, path)
            hidden = found.get("state", "visible") != "visible"
            own = prefix_of(part.text, _LANGUAGE)
            rows = [] if own is None else list(_rows(part, own, shared))
            sheets.append(Sheet(found.get("name", ""), part, own or "", hidden, rows))
    return Workbook(sheets, shared, fills)


def said(raw: str) -> str:
    """What the contents of a text element say: references, then the escapes of characters that XML lacks."""
    text = read_references(raw)
    if "_x" in text:
        text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


@cache
def _texts(p: str) -> re.Pattern[str]:
    """Texts, and the readings of words, which are passed over."""
    q = re.escape(p)
    return re.compile(rf"<{q}rPh\b.*?</{q}rPh>|<{q}t(?:\s[^<>]*)?(?<!/)>([^<]*)</{q}t>", re.DOTALL)


def _text_of(inside: str, p: str) -> str:
    return said("".join(match[1] or "" for match in _texts(p).finditer(inside)))


def _shared(part: Part) -> list[str]:
    p = prefix_of(part.text, _LANGUAGE) or ""
    q = re.escape(p)
    texts: list[str] = []
    simple = re.compile(rf"\s*<{q}t(?:\s[^<>]*)?(?<!/)>([^<]*)</{q}t>\s*").fullmatch
    for match in re.finditer(rf"<{q}si(?:\s*/>|\s*>(.*?)</{q}si>)", part.text, re.DOTALL):
        inside = match[1] or ""
        alone = simple(inside)
        texts.append(said(alone[1]) if alone else _text_of(inside, p))
    return texts


def _fills(text: str) -> list[bool | None]:
    """For each cell format whether it is filled with white; None where it is not filled."""
    fills: list[bool | None] = []
    area = re.search(r"<(?:\w+:)?fills\b.*?</(?:\w+:)?fills>", text, re.DOTALL)
    for match in re.finditer(
        r"<(?:\w+:)?fill\b[^<>]*(?:/>|>(.*?)</(?:\w+:)?fill>)", area.group() if area else "", re.DOTALL
    ):
        inside = match[1] or ""
        color = re.search(r"<(?:\w+:)?fgColor\s([^<>]*?)/?>", inside)
        if re.search(r"patternType=[\"']solid", inside) is None or color is None:
            fills.append(None)
            continue
        found = attributes_of(color[1])
        white = found.get("indexed") in _WHITE_INDICES or found.get("rgb", "").upper() in _WHITE
        fills.append(white or found.get("theme") == "0")
    area = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    formats: list[bool | None] = []
    for match in re.finditer(r"<(?:\w+:)?xf\s([^<>]*?)/?>", area.group() if area else ""):
        number = attributes_of(match[1]).get("fillId", "0")
        formats.append(
            fills[int(number)] if number.isdecimal() and len(number) < _DIGITS and int(number) < len(fills) else None
        )
    return formats


@cache
def _cells(p: str) -> re.Pattern[str]:
    q = re.escape(p)
    tail = r"(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?"
    return re.compile(
        rf"<{q}c(?P<cell>{tail})(?:/>|>(?P<inside>.*?)</{q}c\s*>)|<{q}row(?P<row>{tail})(?P<empty>/?)>|(?P<end></{q}row\s*>)",
        re.DOTALL,
    )


_ROW_NUMBER = re.compile(r"\sr\s*=\s*[\"']([0-9]{1,9})[\"']")
_OWN = re.compile(r"\s(r|s|t)\s*=\s*[\"']([^\"']*)[\"']")


def _rows(part: Part, p: str, shared: Sequence[str]) -> Iterator[Row]:
    text = part.text
    value = re.compile(rf"<{re.escape(p)}v(?:\s[^<>]*)?>([^<]*)</{re.escape(p)}v>")
    formula = f"<{p}f"
    number = told = 0
    column = -1
    cells: dict[int, Cell] = {}
    for match in _cells(p).finditer(text):
        if match["end"] is not None:
            yield Row(number, cells, match.start())
            cells = {}
            continue
        if match["row"] is not None:
            found = _ROW_NUMBER.search(match["row"])
            number = int(found[1]) if found is not None else number + 1
            cells, column = {}, -1
            continue
        own = dict(_OWN.findall(match["cell"]))
        place = _REFERENCE.fullmatch(own.get("r", ""))
        column = column_number(place[1]) if place else column + 1
        inside = match["inside"] or ""
        kind = own.get("t", "")
        said_here = None
        if kind == _SHARED:
            index = value.search(inside)
            if index is not None:
                said_here = _shared_text(part, match.start(), index[1], shared)
                told += len(said_here)
                if told > _MOST + len(text):
                    raise FormatError(
                        f"{part.name}: its cells repeat shared strings of more than {_MOST} characters in all",
                        offset=match.start(),
                    )
        elif kind == _INLINE:
            said_here = _text_of(inside, p)
        elif kind == _STRING and (found_value := value.search(inside)) is not None:
            said_here = said(found_value[1])
        start = match.start()
        stop = start + len(p) + 2 + len(match["cell"])
        style = own.get("s", "") if len(own.get("s", "")) < _DIGITS else ""
        cells[column] = Cell(column, start, match.end(), text[start:stop], said_here, formula in inside, style)


def _shared_text(part: Part, start: int, index: str, shared: Sequence[str]) -> str:
    found = index.strip()
    if not found.isdecimal() or len(found) > _DIGITS or int(found) >= len(shared):
        raise FormatError(f"{part.name}: a cell names the shared string {found!r}, which is not there", offset=start)
    return shared[int(found)]


def column_number(letters: str) -> int:
    """The number, from 0, of a column that is called so."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """What a column is called."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
