"""Glossaries as files: CSV, TSV, JSON, PO, and the lines that Sakura's users write.

| file | what it holds |
|---|---|
| `.csv`, `.tsv` | columns `src,dst,note,kind,case,regex`, named in the first line or else in this order |
| `.json` | a list of objects with these names, or one object that maps each `src` to its `dst` |
| `.po` | msgid is `src`, msgstr `dst`, the extracted comment `note`, msgctxt `kind`; flags `case`, `regex`, `removed` |
| `.txt` | lines `src->dst #note`; those that begin with `#` or `//` are comments; only read |

An entry with an empty `dst` takes the entry of earlier glossaries away; in a PO file it needs the flag `removed`, as
an empty msgstr there means that nobody has translated it yet.

An entry of the kind `forbidden` is no term: no translation may have its `dst` (where its `src` occurs; anywhere, if it
has none). The check `forbidden` holds translations to it; models never see it.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from translator.core.charset import Decoded, decode
from translator.core.document import FormatError
from translator.core.jsonvalue import JsonShapeError, as_list, as_object, as_str
from translator.core.work import GlossaryEntry
from translator.glossary.errors import GlossaryError
from translator.glossary.po import from_po, to_po

COLUMNS: tuple[str, ...] = ("src", "dst", "note", "kind", "case", "regex")
# What other programs call the same columns.
_ALIASES = {
    "source": "src", "term": "src", "原文": "src", "术语": "src",
    "target": "dst", "translation": "dst", "译文": "dst", "翻译": "dst",
    "info": "note", "comment": "note", "备注": "note", "注释": "note",
    "type": "kind", "category": "kind", "类型": "kind",
    "case_sensitive": "case", "区分大小写": "case", "正则": "regex",
}  # fmt: skip
_TRUE = {"1", "true", "yes", "y", "x", "on", "是"}
_FALSE = {"", "0", "false", "no", "n", "off", "否"}


class FileKind(StrEnum):
    """The kinds of glossary files, each by its suffix. TXT is only read."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    PO = "po"
    TXT = "txt"


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry and the line of its file where it begins (from 1), or its number in a list (JSON)."""

    line: int
    entry: GlossaryEntry


def kind_of(path: Path) -> FileKind:
    """What kind of glossary a file is, by its suffix. Raises GlossaryError."""
    try:
        return FileKind(path.suffix.lower().removeprefix("."))
    except ValueError:
        known = ", ".join(f".{kind}" for kind in FileKind)
        raise GlossaryError(f"glossaries are files ending in {known}", path=path) from None


def read(path: Path) -> list[Placed]:
    """The entries of a file, in its order. Raises GlossaryError."""
    kind = kind_of(path)
    try:
        blob = path.read_bytes()
    except OSError as error:
        raise GlossaryError(f"cannot be read: {error.strerror or error}", path=path) from error
    return parse(blob, kind, path=path)


def parse(blob: bytes, kind: FileKind, *, path: Path | None = None) -> list[Placed]:
    """The entries of a file's bytes, in any of the charsets that spreadsheets save in. Raises GlossaryError."""
    text = decoded(blob, path=path).text
    if kind is FileKind.JSON:
        return list(_from_json(text, path))
    if kind is FileKind.PO:
        return [Placed(line, entry) for line, entry in from_po(text, path)]
    if kind is FileKind.TXT:
        return [Placed(n, entry) for n, line in enumerate(text.splitlines(), 1) if (entry := from_sakura(line))]
    table = Table.of(text, kind, path)
    return [Placed(record.line, table.entry(record)) for record in table.records]


def decoded(blob: bytes, *, path: Path | None = None) -> Decoded:
    """A glossary file's text. Raises GlossaryError."""
    try:
        # What reads as UTF-8 is UTF-8: a list of words is too short to judge by how likely its words are.
        charset = "utf-8" if _is_utf8(blob) else None
        return decode(blob, charset=charset)
    except FormatError as error:
        raise GlossaryError(str(error), path=path, hint="save it as UTF-8") from error


def _is_utf8(blob: bytes) -> bool:
    try:
        return "\0" not in blob.decode()
    except UnicodeDecodeError:
        return False


def dump(entries: Iterable[GlossaryEntry], kind: FileKind) -> bytes:
    """A file of these entries, in UTF-8, from which `parse` gives the same ones. Raises GlossaryError."""
    match kind:
        case FileKind.CSV | FileKind.TSV:
            delimiter = "," if kind is FileKind.CSV else "\t"
            text = "".join(to_line(row, delimiter) for row in (COLUMNS, *(cells(e) for e in entries)))
        case FileKind.JSON:
            text = json.dumps([_object(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"
        case FileKind.PO:
            text = to_po(entries)
        case FileKind.TXT:
            raise GlossaryError("`src->dst #note` lines hold no kind, case or regex; write .csv, .tsv, .json or .po")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise GlossaryError(f"no file can hold the character {error.object[error.start]!r}") from error


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table: its cells, its first line (from 1), and where it stands in the text (characters)."""

    line: int
    start: int
    end: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV or TSV file. columns: our name for each of its columns, "" for those that we do not know.

    header: its first row if that names the columns.
    """

    delimiter: str
    columns: tuple[str, ...]
    header: Record | None
    records: tuple[Record, ...]
    path: Path | None = None

    @classmethod
    def of(cls, text: str, kind: FileKind, path: Path | None = None) -> "Table":
        """The table that a text holds. Raises GlossaryError."""
        delimiter = "\t" if kind is FileKind.TSV else _delimiter(text)
        records = [r for r in _records(text, delimiter, path) if any(cell.strip() for cell in r.cells)]
        names = tuple(_column(cell) for cell in records[0].cells) if records else ()
        if "src" in names and "dst" in names:
            return cls(delimiter, names, records[0], tuple(records[1:]), path)
        return cls(delimiter, COLUMNS, None, tuple(records), path)

    def entry(self, record: Record) -> GlossaryEntry:
        """What a row says. Raises GlossaryError."""
        if len(record.cells) > len(self.columns):
            raise GlossaryError(
                f"{len(record.cells)} cells, but only {len(self.columns)} columns ({', '.join(self.columns)})",
                path=self.path,
                line=record.line,
                hint='a cell that holds the separator itself must stand in "quotes"',
            )
        row = dict(zip(self.columns, record.cells, strict=False))
        return _entry(row, self.path, record.line)


def cells(entry: GlossaryEntry) -> tuple[str, ...]:
    """An entry as the cells of COLUMNS."""
    return (entry.src, entry.dst, entry.note, entry.kind, "1" if entry.case else "", "1" if entry.regex else "")


def to_line(row: Sequence[str], delimiter: str, newline: str = "\n") -> str:
    """One line of a table, quoted where needed, with its end."""
    out = io.StringIO()
    # A cell is quoted where it holds a character of the line's end: both of them can break a line.
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(row)
    return out.getvalue().removesuffix("\r\n") + newline


def from_sakura(line: str) -> GlossaryEntry | None:
    """The entry of a line `src->dst #note`, None if there is none in it."""
    if line.lstrip().startswith(("#", "//")) or "->" not in line:
        return None
    src, _, rest = line.partition("->")
    dst, _, note = rest.partition("#")
    return GlossaryEntry(src.strip(), dst.strip(), note.strip())


def _delimiter(text: str) -> str:
    """Spreadsheets write `;` in countries with decimal commas; the first line tells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _column(cell: str) -> str:
    name = cell.strip().lower()
    name = _ALIASES.get(name, name)
    return name if name in COLUMNS else ""


def _records(text: str, delimiter: str, path: Path | None) -> Iterator[Record]:
    lines = io.StringIO(text, newline="").readlines()
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = 0
    try:
        for row in reader:
            yield Record(first + 1, starts[first], starts[reader.line_num], tuple(row))
            first = reader.line_num
    except csv.Error as error:
        raise GlossaryError(
            f"the quotes do not match ({error})",
            path=path,
            line=first + 1,
            hint='a cell with a " in it must stand in quotes, and the " be written twice',
        ) from error


def _entry(row: Mapping[str, object], path: Path | None, line: int) -> GlossaryEntry:
    def text(name: str) -> str:
        value = row.get(name)
        if value is None:
            return ""
        try:
            return as_str(value)
        except JsonShapeError as error:
            raise GlossaryError(f"{name}: {error}", path=path, line=line) from error

    def truth(name: str) -> bool:
        value = row.get(name, "")
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word not in _TRUE | _FALSE:
            raise GlossaryError(f"{name} is yes or no (1 or empty), not {word!r}", path=path, line=line)
        return word in _TRUE

    return GlossaryEntry(text("src"), text("dst"), text("note"), text("kind"), truth("case"), truth("regex"))


def _from_json(text: str, path: Path | None) -> Iterator[Placed]:
    try:
        loaded: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise GlossaryError(f"no valid JSON ({error})", path=path, line=line) from error
    try:
        if text.lstrip().startswith("["):
            rows = [{_column(name): cell for name, cell in as_object(item).items()} for item in as_list(loaded)]
        else:
            rows = [{"src": src, "dst": dst} for src, dst in as_object(loaded).items()]
    except JsonShapeError as error:
        raise GlossaryError(f"a list of objects, or one object of words: {error}", path=path) from error
    for number, row in enumerate(rows, 1):
        yield Placed(number, _entry(row, path, number))


def _object(entry: GlossaryEntry) -> dict[str, str | bool]:
    """An entry as a JSON object, without what is empty."""
    rest = {"note": entry.note, "kind": entry.kind, "case": entry.case, "regex": entry.regex}
    return {"src": entry.src, "dst": entry.dst, **{name: value for name, value in rest.items() if value}}
