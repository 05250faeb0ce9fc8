"""Adding, changing and removing entries of a glossary file that a person keeps by hand.

In CSV, TSV and `src->dst` files every other line stays as it was, byte for byte. JSON and PO files are written anew:
JSON with two spaces of indentation and without keys that mean nothing here, PO without obsolete entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from translator.core.charset import Decoded
from translator.core.splice import ByteEdit, splice_bytes
from translator.core.work import GlossaryEntry
from translator.glossary.errors import GlossaryError
from translator.glossary.files import (
    COLUMNS,
    FileKind,
    Record,
    Table,
    cells,
    decoded,
    dump,
    from_sakura,
    parse,
    to_line,
)
from translator.glossary.layers import key

# A spreadsheet program that opens a CSV file without this mark takes it for its country's old charset.
_BOM = "\ufeff"


def create(kind: FileKind) -> bytes:
    """A glossary file without entries."""
    if kind is FileKind.TXT:
        return b""
    return (_BOM.encode() if kind is FileKind.CSV else b"") + dump((), kind)


def add(blob: bytes, kind: FileKind, entry: GlossaryEntry) -> bytes:
    """The file with one more entry at its end. Raises GlossaryError if it has that `src` already."""
    if any(key(placed.entry) == key(entry) for placed in parse(blob, kind)):
        raise GlossaryError(f"there is an entry for {entry.src!r} already", hint="change it with edit")
    if kind in (FileKind.JSON, FileKind.PO):
        return dump([*(placed.entry for placed in parse(blob, kind)), entry], kind)
    return _Lines.of(blob, kind).with_added(entry)


def edit(blob: bytes, kind: FileKind, src: str, entry: GlossaryEntry) -> bytes:
    """The file with `entry` in place of the entries for `src`. Raises GlossaryError if there is none."""
    places = _places(blob, kind, src)
    if kind in (FileKind.JSON, FileKind.PO):
        entries: list[GlossaryEntry | None] = [placed.entry for placed in parse(blob, kind)]
        for place in places:
            entries[place] = entry if place == places[0] else None
        return dump([kept for kept in entries if kept is not None], kind)
    return _Lines.of(blob, kind).with_replaced(places, entry)


def remove(blob: bytes, kind: FileKind, src: str) -> bytes:
    """The file without the entries for `src`. Raises GlossaryError if there is none."""
    places = _places(blob, kind, src)
    if kind in (FileKind.JSON, FileKind.PO):
        return dump([p.entry for place, p in enumerate(parse(blob, kind)) if place not in places], kind)
    return _Lines.of(blob, kind).with_replaced(places, None)


def _places(blob: bytes, kind: FileKind, src: str) -> list[int]:
    """Where in the file's order the entries for `src` stand."""
    wanted = {key(GlossaryEntry(src, "", regex=regex)) for regex in (False, True)}
    places = [place for place, placed in enumerate(parse(blob, kind)) if key(placed.entry) in wanted]
    if not places:
        raise GlossaryError(f"there is no entry for {src!r}")
    return places


@dataclass(frozen=True, slots=True)
class _Lines:
    """A file whose entries are lines. records: the lines of the entries, in `parse`'s order."""

    blob: bytes
    decoded: Decoded
    records: tuple[Record, ...]
    table: Table | None

    @classmethod
    def of(cls, blob: bytes, kind: FileKind) -> "_Lines":
        text = decoded(blob)
        if kind is not FileKind.TXT:
            table = Table.of(text.text, kind)
            return cls(blob, text, table.records, table)
        records: list[Record] = []
        position = 0
        for number, line in enumerate(text.text.splitlines(keepends=True), 1):
            if from_sakura(line) is not None:
                records.append(Record(number, position, position + len(line), ()))
            position += len(line)
        return cls(blob, text, tuple(records), None)

    def with_added(self, entry: GlossaryEntry) -> bytes:
        text = self.decoded.text
        if not text and self.table is not None:
            return self._spliced([(0, 0, to_line(COLUMNS, self.table.delimiter) + self._line(entry, COLUMNS))])
        columns, edits = self._widened(entry)
        ending = "" if not text or text.endswith(("\n", "\r")) else self._newline()
        return self._spliced([*edits, (len(text), len(text), ending + self._line(entry, columns))])

    def with_replaced(self, places: Iterable[int], entry: GlossaryEntry | None) -> bytes:
        columns, edits = self._widened(entry) if entry is not None else (COLUMNS, [])
        for place in places:
            record = self.records[place]
            new = "" if entry is None else self._line(entry, columns, record.cells)
            if new and not self.decoded.text[: record.end].endswith(("\n", "\r")):
                new = new.rstrip("\r\n")
            edits.append((record.start, record.end, new))
            entry = None
        return self._spliced(edits)

    def _widened(self, entry: GlossaryEntry) -> tuple[tuple[str, ...], list[tuple[int, int, str]]]:
        """The table's columns with those that the entry needs and it lacks, and the edit of its header for them."""
        if self.table is None:
            if entry.kind or entry.case or entry.regex:
                raise GlossaryError(
                    "`src->dst #note` lines hold no kind, case or regex", hint="export the glossary as .csv first"
                )
            return COLUMNS, []
        header, columns = self.table.header, self.table.columns
        needed = [name for name, cell in zip(COLUMNS, cells(entry), strict=True) if cell and name not in columns]
        if not needed or header is None:
            return columns, []
        line = to_line([*header.cells, *needed], self.table.delimiter, self._newline())
        return (*columns, *needed), [(header.start, header.end, line)]

    def _line(self, entry: GlossaryEntry, columns: Sequence[str], old: Sequence[str] = ()) -> str:
        newline = self._newline()
        if self.table is None:
            note = f" #{entry.note}" if entry.note else ""
            line = f"{entry.src}->{entry.dst}{note}{newline}"
            if from_sakura(line) != entry:
                raise GlossaryError(f"a `src->dst #note` line cannot hold {entry.src!r}", hint="use a .csv file")
            return line
        row = dict(zip(COLUMNS, cells(entry), strict=True))
        # What stands in columns that mean nothing here stays.
        kept = (*old, *("" for _ in columns[len(old) :]))
        values = [row.get(name, kept[place]) for place, name in enumerate(columns)]
        while len(values) > 1 and not values[-1]:
            values.pop()
        return to_line(values, self.table.delimiter, newline)

    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self.decoded.text else "\n"

    def _spliced(self, edits: Iterable[tuple[int, int, str]]) -> bytes:
        text, charset, start = self.decoded.text, self.decoded.charset, len(self.decoded.bom)

        # Characters that a charset has two codes for keep their length, so offsets hold for the bytes as they are.
        def offset(position: int) -> int:
            return start + len(text[:position].encode(charset))

        try:
            return splice_bytes(self.blob, [ByteEdit(offset(a), offset(b), new.encode(charset)) for a, b, new in edits])
        except UnicodeEncodeError as error:
            raise GlossaryError(
                f"the file is {charset}, which has no {error.object[error.start]!r}", hint="save it as UTF-8 first"
            ) from error
