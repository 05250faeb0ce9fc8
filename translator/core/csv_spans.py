"""Finding the fields of a CSV or TSV text by their place in it, so that some can be replaced while all else stays.

Python's `csv` reads such files well enough, but what it writes differs from nearly every real file: quotes that were
not needed, line ends inside fields, rows that lack fields. Here every field keeps its span; positions are indices of
characters. Time is linear in the length of the text.

Rows end with CR LF, LF or CR outside of quotes; a blank line is a row with one empty field. Two readings of a quote
exist in the wild:
- RFC 4180 (spreadsheets, Python): a field is quoted if its first character is a quote; anywhere else a quote is a
  character like any other;
- `quotes_anywhere` (Godot's `FileAccess.get_csv_line`, read in its source): each quote opens or closes a quoted run,
  wherever it stands in the field.
In both a quote inside a quoted run is written twice.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

QUOTE = '"'
DELIMITERS = (",", ";", "\t", "|")
"""Those that `sniff_delimiter` looks for."""

_BREAK = re.compile(r"\r\n|\n|\r")


class CsvError(ValueError):
    """A text is no CSV: a quote is never closed. position: where it stands."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Field(NamedTuple):
    """A field: its span in the text (quotes included), whether it is quoted, and what it holds.

    Line breaks in `value` are as the file has them.
    """

    start: int
    end: int
    quoted: bool
    value: str


Row = tuple[Field, ...]


@cache
def _plain(delimiter: str, stops: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(delimiter)}{stops}]*")


def read_rows(text: str, delimiter: str = ",", *, quotes_anywhere: bool = False, start: int = 0) -> Iterator[Row]:
    """The rows of a CSV text from the index `start` on. Raises CsvError for a quote that is never closed."""
    read = _read_toggled if quotes_anywhere else _read_field
    position, size = start, len(text)
    while position < size:
        fields: list[Field] = []
        while True:
            field = read(text, position, delimiter)
            fields.append(field)
            position = field.end
            if text[position : position + 1] != delimiter:
                break
            position += 1
        yield tuple(fields)
        if text.startswith("\r\n", position):
            position += 2
        else:
            position += 1


def _read_field(text: str, start: int, delimiter: str) -> Field:
    """A field as RFC 4180 has it; what follows a closing quote belongs to it as it is."""
    rest = _plain(delimiter, r"\r\n").match
    if not text.startswith(QUOTE, start):
        found = rest(text, start)
        end = found.end() if found else start
        return Field(start, end, quoted=False, value=text[start:end])
    value, position = _run(text, start)
    found = rest(text, position)
    end = found.end() if found else position
    return Field(start, end, quoted=True, value=value + text[position:end])


def _read_toggled(text: str, start: int, delimiter: str) -> Field:
    """A field in which each quote opens or closes a quoted run."""
    plain = _plain(delimiter, r'"\r\n').match
    parts: list[str] = []
    position, quoted = start, False
    while True:
        found = plain(text, position)
        end = found.end() if found else position
        parts.append(text[position:end])
        position = end
        if not text.startswith(QUOTE, position):
            return Field(start, position, quoted, "".join(parts))
        run, position = _run(text, position)
        parts.append(run)
        quoted = True


def _run(text: str, start: int) -> tuple[str, int]:
    """What a quoted run that opens at `start` holds, and the index after its closing quote."""
    parts: list[str] = []
    position = start + 1
    while True:
        end = text.find(QUOTE, position)
        if end < 0:
            raise CsvError("a quote is never closed", start)
        parts.append(text[position:end])
        if not text.startswith(QUOTE, end + 1):
            return "".join(parts), end + 1
        parts.append(QUOTE)
        position = end + 2


def sniff_delimiter(text: str, candidates: Sequence[str] = DELIMITERS) -> str:
    """The delimiter of a CSV text by its first row: the one that parts it into the most fields, else the first."""
    line = _BREAK.split(text, maxsplit=1)[0]
    counts = {delimiter: _outside_quotes(line, delimiter) for delimiter in candidates}
    best = max(candidates, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else candidates[0]


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split(QUOTE)[::2])


def needs_quotes(value: str, delimiter: str = ",") -> bool:
    """Whether a field cannot be written without quotes."""
    return delimiter in value or QUOTE in value or "\n" in value or "\r" in value


def encode_field(value: str, delimiter: str = ",", *, quoted: bool = False) -> str:
    """A field as it is written: in quotes where it needs them, or where `quoted` asks for them."""
    quoted = quoted or needs_quotes(value, delimiter)
    return QUOTE + value.replace(QUOTE, QUOTE + QUOTE) + QUOTE if quoted else value


def stays_quoted(row: Row, index: int, delimiter: str = ",") -> bool:
    """Whether a field whose text changes is written in quotes that it may not need.

    One that can be without quotes stays as it is. For an empty one, and one whose text needed them, this goes by the
    others of its row, since a file that quotes every field quotes all of them.
    """
    if index < len(row) and row[index].value and not needs_quotes(row[index].value, delimiter):
        return row[index].quoted
    others = [f for number, f in enumerate(row) if number != index and f.value and not needs_quotes(f.value, delimiter)]
    return bool(others) and all(field.quoted for field in others)


def breaks_like(value: str, field: str, row_end: str = "\n") -> str:
    """A text with line feeds, its breaks spelled as those of the field that it replaces, else as the rows' ends."""
    if "\n" not in value:
        return value
    found = _BREAK.search(field)
    end = found.group() if found else row_end or "\n"
    return value.replace("\n", end) if end != "\n" else value


def first_break(text: str) -> str:
    """How the first line of a text ends; a line feed where there is none."""
    found = _BREAK.search(text)
    return found.group() if found else "\n"
