"""A table: its rows as segments, and writing translations into their cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from translator.core.collecting import Keys, short_key
from translator.core.columns import Columns
from translator.core.csv_spans import (
    DELIMITERS,
    QUOTE,
    CsvError,
    Field,
    Row,
    breaks_like,
    encode_field,
    first_break,
    needs_quotes,
    read_rows,
    sniff_delimiter,
)
from translator.core.document import HeldBack, RefusedTargetError
from translator.core.lines import unified_breaks
from translator.core.links import link_file_or_colour
from translator.core.loose import guess_role
from translator.core.segment import NO_LIMITS, Limits, Segment
from translator.core.textfile import Output
from translator.core.wholetext import WholeText

_LONGEST = 200
_LETTER = re.compile(r"[^\W\d_]")
_ONE_LINE = Limits(single=True)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How fields are parted and quoted. quotes: whether quotes mean anything."""

    delimiter: str
    quotes: bool = True


def has_quotes(text: str, start: int = 0) -> bool:
    """Whether quotes mean something in a table with tabs: every one that opens a field closes it."""
    try:
        rows = read_rows(text, "\t", start=start)
        return not any(field.quoted and text[field.end - 1] != QUOTE for row in rows for field in row)
    except CsvError:
        return False


class CsvDocument:
    """A table of texts and translations. columns: None for one that has no place for translations."""

    def __init__(
        self, text: WholeText, rows: Sequence[Row], columns: Columns | None, spelling: Spelling, output: Output
    ) -> None:
        self._text = text
        self._output = output
        self._spelling = spelling
        self._row_end = first_break(text.text)
        self._columns = columns
        self._all = rows
        self._heads: Row = rows[0] if rows and columns and columns.heads else ()
        self._rows: dict[str, Row] = {}
        self._held: list[HeldBack] = []
        self.segments: Sequence[Segment] = tuple(self._read(rows, columns)) if columns else ()
        self.charset: str | None = output.charset
        empty = () if self.segments or columns is None else ("no text: all of its cells are empty or held back",)
        self.notices: Sequence[str] = (*output.notices, *empty)

    def _read(self, rows: Sequence[Row], columns: Columns) -> Iterator[Segment]:
        keys = Keys()
        limits = NO_LIMITS if self._spelling.quotes else _ONE_LINE
        for number, row in enumerate(rows[1:] if columns.heads else rows, 1):
            source = _cell(row, columns.source)
            if not source.strip():
                continue
            key = keys.new(self._key(row, source, number, columns))
            reason = link_file_or_colour(source)
            if reason:
                self._held.append(HeldBack(key, source, reason))
                continue
            self._rows[key] = row
            speaker = _cell(row, columns.speaker).strip() if columns.speaker is not None else ""
            notes = tuple(
                f"{name}: {note[:_LONGEST]}" for name, index in columns.notes if (note := _cell(row, index).strip())
            )
            target = _cell(row, _place(row, columns)) if columns.targets else ""
            held = target if target.strip() else None
            yield Segment(key, source, guess_role(source), "", speaker or None, held, notes, limits)

    @staticmethod
    def _key(row: Row, source: str, number: int, columns: Columns) -> str:
        """The row's own key; else its text, or its number where that is what changes."""
        key = _cell(row, columns.key).strip() if columns.key is not None else ""
        if key:
            return short_key(key.replace("\n", "\\n"))
        return f"row {number}" if columns.in_place else short_key(source.replace("\\", "\\\\").replace("\n", "\\n"))

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        for key, target in targets.items():
            row, columns = self._rows[key], self._columns
            if columns is None:
                continue
            index = columns.source if columns.in_place else _place(row, columns)
            if target == _cell(row, index):
                continue
            spelled = self._spelled(key, target, row, index)
            if index < len(row):
                spans[key] = (row[index].start, row[index].end)
            else:
                spans[key] = (row[-1].end, row[-1].end)
                spelled = self._spelling.delimiter * (index - len(row) + 1) + spelled
            new[key] = spelled
        if new and not self._spelling.quotes and has_quotes(self._text.replaced(spans, new)):
            raise RefusedTargetError(next(reversed(new)), "with it, quotes would be read as such in all of the table")
        self._check_delimiter(spans, new)
        return self._text.render(spans, new, self._output)

    def _check_delimiter(self, spans: Mapping[str, tuple[int, int]], new: Mapping[str, str]) -> None:
        """Refuse what, with a quote inside of the first row's text, makes it look parted by another delimiter."""
        key = next((key for key in new if self._rows[key] is self._all[0]), None)
        if key is None:
            return
        before, after = self._text.text, self._text.replaced({key: spans[key]}, {key: new[key]})
        if sniff_delimiter(before) == self._spelling.delimiter != sniff_delimiter(after):
            raise RefusedTargetError(key, "with it, the table would be read as parted by another sign")

    def _spelled(self, key: str, target: str, row: Row, index: int) -> str:
        """A target as a field; raises RefusedTargetError for what would be read otherwise."""
        delimiter = self._spelling.delimiter
        if target and not target.strip():
            raise RefusedTargetError(key, "a blank translation counts as none")
        if "\r" in target or "\0" in target:
            raise RefusedTargetError(key, "a cell cannot hold a carriage return or a zero byte")
        if not self._spelling.quotes:
            if "\n" in target or delimiter in target:
                raise RefusedTargetError(key, "a cell of a table without quotes cannot hold a line break or a tab")
            return target
        old = row[index].value if index < len(row) else ""
        old = old if old.strip() else row[self._columns.source if self._columns else 0].value
        raw = breaks_like(target, old, self._row_end)
        first = bool(self._all) and row is self._all[0]  # which tells the delimiter
        if first and any(other in raw for other in DELIMITERS):
            return encode_field(raw, delimiter, quoted=True)
        quoted = self._all_quoted(row, index) and (bool(raw) or self._empty_quoted)
        return encode_field(raw, delimiter, quoted=quoted or (len(row) == 1 and not raw))  # a blank row is none

    def _all_quoted(self, row: Row, index: int) -> bool:
        """Whether a cell is quoted that need not be: where all others of its row are that hold words, else those of the
        first row. The cells of translations do not count: they change.
        """
        own = self._judged(row, index)
        return self._heads_quoted if own is None else own

    def _judged(self, row: Row, index: int) -> bool | None:
        """Whether all cells of a row are quoted that tell something and are no translations; None where none does."""
        skipped = {index, *(self._columns.targets if self._columns else ())}
        others = [field.quoted for number, field in enumerate(row) if number not in skipped and self._tells(field)]
        return all(others) if others else None

    @cached_property
    def _heads_quoted(self) -> bool:
        return bool(self._judged(self._heads, self._columns.write if self._columns else 0))

    def _tells(self, field: Field) -> bool:
        return bool(_LETTER.search(field.value)) and not needs_quotes(field.value, self._spelling.delimiter)

    @cached_property
    def _empty_quoted(self) -> bool:
        """Whether empty cells are quoted where all others are: unless one is seen that is not."""
        skipped = self._columns.targets if self._columns else ()
        empty = [
            f.quoted
            for row in self._all
            for n, f in enumerate(row)
            if len(row) > 1 and not f.value and n not in skipped
        ]
        return all(empty)

    def held_back(self) -> Iterator[HeldBack]:
        """Cells that are file names, links or colours."""
        yield from self._held


def _place(row: Row, columns: Columns) -> int:
    """The column of a row's translation: the last one that is filled, else the one for new ones."""
    return next((index for index in reversed(columns.targets) if _cell(row, index).strip()), columns.write)


def _cell(row: Row, index: int | None) -> str:
    return unified_breaks(row[index].value) if index is not None and index < len(row) else ""
