"""Work files: what `translate extract` writes for people and `translate apply` reads back.

They are this program's own, written anew each time, so libraries write and read them: PO (polib; read by
`core.po_spans`), CSV (the standard library), XLSX (openpyxl), XLIFF 1.2 (ElementTree). Each line names its file and
key, so that lines may be sorted, left out or moved. They are written line by line: a game's texts are never in memory
together.
"""

# ruff: noqa: PLC0415 - openpyxl takes a fifth of a second to import, and only workbooks need it

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import polib

from translator.core.document import FormatError
from translator.core.lines import unified_breaks
from translator.core.po_spans import PoError, read_entries
from translator.formats.po.header import decode_by_header
from translator.workflow.errors import InputError, UsageError
from translator.workflow.output import write_pieces
from translator.workflow.work_lines import EditedLine, WorkLine, mark_of, read_mark, respelled, spelled
from translator.workflow.work_xliff import read_xliff, write_xliff

if TYPE_CHECKING:
    from openpyxl.cell import Cell

COLUMNS = ("file", "key", "role", "speaker", "context", "source", "machine", "translation", "findings", "mark")
_NEEDED = ("file", "key", "source", "translation")
_WIDTHS = (18, 18, 10, 12, 24, 50, 50, 50, 30, 10)
_IMPOSSIBLE = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_EMPTY = (None,) * len(COLUMNS)
"""The cells at the end of a row that a workbook leaves out."""

_CELL = 32_767
"""Characters that a cell of a workbook holds (Excel's specifications and limits)."""

_HEAD_WITHIN = 10
"""Rows among which the names of the columns are looked for."""

_PARTED = " :: "
"""What stands between file and key in a PO file."""
_PO_PARTS = re.compile("::")
"""What no file's name has there as it is."""


def write_work_file(path: Path, lines: Iterable[WorkLine], *, source: str, target: str) -> None:
    """Write the lines in the form that the file's name asks for. Raises UsageError for another, InputError."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UsageError(f"{path}: no such form", hint=f"Name a file that ends in {', '.join(_WRITERS)}.")
    write_pieces(path, writer(lines, source, target))


def read_work_file(path: Path) -> list[EditedLine]:
    """The lines of an edited file. Raises UsageError for a form that it cannot have, InputError with the place."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(f"{path}: no such form", hint=f"It can be {', '.join(_READERS)}.")
    try:
        return reader(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except (FormatError, ValueError, KeyError, RecursionError, csv.Error, BadZipFile, SyntaxError) as error:
        hint = "Give it back as it was written: the columns or fields with file, key and source must stay."
        raise InputError(f"{path}: this is no work file of `translate extract`: {error}", hint=hint) from error


def _row(line: WorkLine, target: str) -> tuple[str, ...]:
    return (
        line.file, line.key, line.role.value, line.speaker or "", "\n".join(line.context), line.source,
        line.machine or "", line.translation or "", "\n".join(line.findings), str(mark_of(line, target)),
    )  # fmt: skip


def _write_csv(lines: Iterable[WorkLine], _source: str, target: str) -> Iterator[bytes]:
    """With a byte order mark, which Excel needs to see that it is UTF-8."""
    yield codecs.BOM_UTF8
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in chain((COLUMNS,), (_row(line, target) for line in lines)):
        writer.writerow(row)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()


def _read_csv(path: Path) -> list[EditedLine]:
    """Also as spreadsheets save it anew: with semicolons or tabs, without the byte order mark, as "Unicode text"."""
    blob = path.read_bytes()
    try:
        text = blob.decode("utf-16" if blob.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (save it as CSV UTF-8): {error}") from error
    if text.startswith("sep="):
        text = text.partition("\n")[2]
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1 << 30)
    return list(_from_table(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)))


def _from_table(rows: Iterable[Sequence[str]]) -> Iterator[EditedLine]:
    stream = enumerate(rows, 1)
    head: list[str] = []
    missing: Sequence[str] = _NEEDED
    for _, row in islice(stream, _HEAD_WITHIN):
        head = [name.strip().lower() for name in row]
        missing = min(missing, [name for name in _NEEDED if name not in head], key=len)
        if not missing:
            break
    if missing:
        raise ValueError(f"there is no column {', '.join(missing)}")
    places = {name: head.index(name) for name in (*_NEEDED, "mark") if name in head}
    for number, row in stream:
        if not any(row):
            continue
        if len(row) <= max(places.values()):
            raise ValueError(f"row {number} is cut off")
        cells = {name: row[place] for name, place in places.items()}
        yield EditedLine(
            cells["file"], cells["key"], unified_breaks(cells["source"]), unified_breaks(cells["translation"]),
            read_mark(cells.get("mark")), f"row {number}",
        )  # fmt: skip


def _escaped(text: str) -> str:
    """A text as a cell can hold it: `_xHHHH_` for what XML cannot (ISO/IEC 29500-1, 22.9.2.19)."""
    return _IMPOSSIBLE.sub(lambda match: f"_x{ord(match.group()[0]):04X}_{match.group()[1:]}", text)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _cells(line: WorkLine, target: str) -> list[str]:
    """A line as a workbook can hold it."""
    cells = [_escaped(text) for text in _row(line, target)]
    longest = max(map(len, cells))
    if longest > _CELL:
        raise UsageError(
            f"{line.file}: {line.key}: {longest:,} characters do not fit a cell of a workbook",
            hint="Write a .csv, .po or .xliff.",
        )
    return cells


def _write_xlsx(lines: Iterable[WorkLine], _source: str, target: str) -> Iterator[bytes]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("translation")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width

    wrapped = Alignment(wrap_text=True, vertical="top")

    def cells(row: Sequence[str], *, bold: bool = False) -> "Iterator[Cell]":
        for text in row:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"  # a text that begins with = is no formula
            cell.alignment = wrapped
            if bold:
                cell.font = Font(bold=True)
            yield cell

    sheet.append(cells(COLUMNS, bold=True))
    try:
        for line in lines:
            sheet.append(cells(_cells(line, target)))
    finally:
        sheet.close()  # lxml complains of one that is thrown away unfinished
    out = io.BytesIO()
    book.save(out)
    yield out.getvalue()


def _read_xlsx(path: Path) -> list[EditedLine]:
    blob = path.read_bytes()
    sheets = _sheets(blob, computed=False)
    if any(cell.startswith("=") for rows in sheets for row in rows for cell in row):
        sheets = [_with_values(*both) for both in zip(sheets, _sheets(blob, computed=True), strict=True)]
    for number, rows in enumerate(sheets, 1):
        try:
            return list(_from_table(rows))
        except ValueError:
            if number == len(sheets):
                raise
    raise ValueError("it has no sheet")


def _sheets(blob: bytes, *, computed: bool) -> list[list[list[str]]]:
    """The rows of all sheets; of a formula its value where that is asked for and stored, "" where it is not stored."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(blob), read_only=True, data_only=computed)
    try:
        return [
            [
                [_unescaped(str(cell)) if cell is not None else "" for cell in (*row, *_EMPTY)]
                for row in sheet.iter_rows(values_only=True)
            ]
            for sheet in book.worksheets
        ]
    finally:
        book.close()


def _with_values(written: Iterable[Sequence[str]], computed: Iterable[Sequence[str]]) -> list[list[str]]:
    """The rows with the values of formulas. What only looks like a formula, since a program wrote it that knows no
    difference, has no value, and is the text itself.
    """
    return [
        [value or (text if text.startswith("=") else "") for text, value in zip(texts, values, strict=True)]
        for texts, values in zip(written, computed, strict=True)
    ]


def _write_po(lines: Iterable[WorkLine], source: str, target: str) -> Iterator[bytes]:
    book = polib.POFile()
    book.metadata = {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": target.replace("-", "_"),
        "X-Source-Language": source.replace("-", "_"),
    }
    yield str(book).encode()
    for line in lines:
        about = [line.role.value, f"speaker: {line.speaker}" if line.speaker else "", *line.context]
        if line.machine not in (None, line.translation):  # else it is what stands in msgstr
            about.append(f"machine: {line.machine}")
        notes = [*filter(None, about), *(f"found: {each}" for each in line.findings), f"mark: {mark_of(line, target)}"]
        entry = polib.POEntry(
            msgctxt=f"{spelled(line.file, _PO_PARTS)}{_PARTED}{line.key}",
            msgid=line.source,
            msgstr=line.translation or "",
            comment=unified_breaks("\n".join(notes)),
        )
        if line.findings and line.translation:
            entry.flags.append("fuzzy")
        yield f"\n{entry.__unicode__(wrapwidth=0)}".encode()


def _read_po(path: Path) -> list[EditedLine]:
    """Read as a PO file of anybody is: gettext's tools write strings in ways that polib does not know."""
    decoded, _ = decode_by_header(path.read_bytes(), None)
    text = decoded.text
    try:
        entries = read_entries(text, decoded.charset)
    except PoError as error:
        raise ValueError(f"line {text.count(chr(10), 0, error.position) + 1}: {error}") from error
    if not entries:
        raise ValueError("it is empty")
    found: list[EditedLine] = []
    line, at = 1, 0
    for entry in entries:
        if entry.obsolete or entry.is_header or entry.source is None:
            continue
        line, at = line + text.count("\n", at, entry.source.start), entry.source.start
        file, parted, key = (entry.context.text if entry.context else "").partition(_PARTED)
        if not parted:
            raise ValueError(f"line {line}: the msgctxt names no file and key")
        notes = (*entry.extracted, *entry.comments)
        marks = [note.removeprefix("mark: ") for note in notes if note.startswith("mark: ")]
        mark = read_mark(marks[-1]) if marks else None
        place = f"line {line}"
        found.append(EditedLine(respelled(file), key, entry.source.text, entry.targets[0].text, mark, place))
    return found


def _read_xliff(path: Path) -> list[EditedLine]:
    return read_xliff(path.read_bytes())


_WRITERS: dict[str, Callable[[Iterable[WorkLine], str, str], Iterator[bytes]]] = {
    ".po": _write_po,
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".xliff": write_xliff,
    ".xlf": write_xliff,
}
_READERS: dict[str, Callable[[Path], list[EditedLine]]] = {
    ".po": _read_po,
    ".csv": _read_csv,
    ".xlsx": _read_xlsx,
    ".xliff": _read_xliff,
    ".xlf": _read_xliff,
}
