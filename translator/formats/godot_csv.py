r"""Godot's translation tables in CSV: one row per key, one column per locale (`keys,en,ja,zh_CN`).

As the engine reads them (`resource_importer_csv_translation.cpp` and `FileAccess::get_csv_line`): the first row names
the locales; columns whose name starts with `_` are comments, those with `?` (4.6: `?context`, `?plural`) are no texts;
rows without a key are skipped; a quote anywhere opens or closes a quoted run; texts are C-unescaped (`\n`, `\t`, `\"`,
`\\`). UTF-8 only.

What is read is the column of the source language (else the first locale's), what is written the column of the target
language, which must be in the header: a column is never added, since the project names each locale's file too. Cells
that a short row lacks are added to it. Where source and target are one column (no target language, or the same), texts
are read and written in place. What stays: quoting, the delimiter, line ends, byte order mark, blank rows, and how line
breaks of a text are spelled (`\n` or a real one in quotes).

Keys: the row's key (for rows of a plural form, with an empty key, the row above's), `#2` … for further ones.

Settings (all optional): `source` (the source language), `delimiter` (`,`, `;` or a tab, as the `.import` file has it).
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import detect
from translator.core.collecting import Keys
from translator.core.csv_spans import (
    CsvError,
    Row,
    breaks_like,
    encode_field,
    first_break,
    read_rows,
    sniff_delimiter,
    stays_quoted,
)
from translator.core.document import (
    Confidence,
    Family,
    FormatError,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.lines import read_lines, unified_breaks
from translator.core.locales import choose_locale, is_locale
from translator.core.loose import guess_role
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Segment
from translator.core.spantext import SpanText
from translator.core.textfile import Output, choose_output

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\[/[a-z_]+\]", Fate.CLOSE),
        MarkupRule(r"\[(?:img|font|lb|rb|br)[^\[\]\n]*\]"),
        MarkupRule(r"\[[a-z_]+(?:[ =][^\[\]\n]*)?\]", Fate.OPEN),
        MarkupRule(r"\{[A-Za-z_0-9.]*\}"),
        MarkupRule(r"%%|%[-+0]*\d*(?:\.\d+)?[sdifxXoscve]"),
    )
)
"""BBCode of RichTextLabel, and the placeholders of `String.format` and of the operator `%`."""

_KEY_NAMES = frozenset({"", "key", "keys", "id", "ids", "key_id", "string_id", "msgid", "name"})
_ESCAPE = regex.compile(r"""\\([abfnrtv'"?\\])""")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_SKIPPED = ("_", "?")
_FILE = regex.compile(r"(?:res|user)://\S+|\S+\.(?:png|jpe?g|webp|svg|ogg|wav|mp3|tres|tscn|gd|ttf|otf|json|csv)")
_LINK = regex.compile(r"https?://\S+")


def _unescaped(raw: str) -> str:
    """What the engine makes of a cell (`String::c_unescape`)."""
    return _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), raw) if "\\" in raw else raw


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table: the source's, the target's (the same: in place; None: the header lacks it)."""

    source: int
    target: int | None
    notes: tuple[int, ...]

    @property
    def in_place(self) -> bool:
        return self.source == self.target


def _choose_columns(header: Row, source: str | None, target: str | None) -> tuple[_Columns, tuple[str, ...]]:
    """The columns, and what the user should know about the choice. Raises ValueError when there is no locale."""
    names = [field.value.strip() for field in header]
    locales = {name: index for index, name in enumerate(names) if index and name and not name.startswith(_SKIPPED)}
    if not any(map(is_locale, locales)):
        raise ValueError("its first row names no locale (keys,en,ja …)")
    notices: list[str] = []
    wanted = choose_locale(locales, source) if source else None
    first = wanted or next(filter(is_locale, locales))
    if source and wanted is None:
        notices.append(f"there is no column for the source language {source}: the column {first} is read instead")
    notes = tuple(index for index, name in enumerate(names) if index and name.startswith(("_", "?context")))
    if target is None or target == source:
        return _Columns(locales[first], locales[first], notes), tuple(notices)
    goal = choose_locale(locales, target)
    if goal is None:
        spelled = target.replace("-", "_")
        notices.append(
            f"the table has no column for {target}: add ,{spelled} to its first row (and the "
            "translation that Godot makes of it to the project's settings)"
        )
    return _Columns(locales[first], None if goal is None else locales[goal], notes), tuple(notices)


class GodotCsvDocument:
    """A translation table."""

    def __init__(self, text: SpanText, rows: Sequence[Row], columns: _Columns, output: Output, delimiter: str) -> None:
        self._text = text
        self._columns = columns
        self._output = output
        self._delimiter = delimiter
        self._row_end = first_break(text.text)
        self._rows: dict[str, Row] = {}
        self._held: list[HeldBack] = []
        self.segments: Sequence[Segment] = tuple(self._read(rows))
        self.charset: str | None = output.charset
        self.notices: Sequence[str] = output.notices

    def _read(self, rows: Sequence[Row]) -> Iterator[Segment]:
        keys = Keys()
        for row in rows:
            key = row[0].value.strip()
            if not key or self._columns.source >= len(row):
                continue
            key = keys.new(key)
            source = self._value(row, self._columns.source)
            reason = _reason(source)
            if reason:
                self._held.append(HeldBack(key, source, reason))
            if reason or not source.strip() or self._columns.target is None:
                continue
            self._rows[key] = row
            target = None if self._columns.in_place else self._value(row, self._columns.target) or None
            notes = tuple(note for index in self._columns.notes if (note := self._value(row, index).strip()))
            yield Segment(key, source, guess_role(source), target=target, notes=notes)

    @staticmethod
    def _value(row: Row, index: int) -> str:
        return unified_breaks(_unescaped(row[index].value)) if index < len(row) else ""

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        for key, target in targets.items():
            row, index = self._rows[key], self._columns.target
            if index is None or target == self._value(row, index):
                continue
            spelled = self._spelled(key, target, row, index)
            if index < len(row):
                spans[key] = (row[index].start, row[index].end)
            else:
                spans[key] = (row[-1].end, row[-1].end)
                spelled = self._delimiter * (index - len(row) + 1) + spelled
            new[key] = spelled
        return self._text.render(spans, new, self._output)

    def _spelled(self, key: str, target: str, row: Row, index: int) -> str:
        """A target as a field; raises RefusedTargetError for what the engine would read otherwise."""
        old = (row[index].value if index < len(row) else "") or row[self._columns.source].value
        if "\r" in target or "\0" in target:
            raise RefusedTargetError(key, "a translation table cannot hold a carriage return or a zero byte")
        raw = target
        if "\\" in raw and (_unescaped(raw) != target or "\\\n" in raw):
            raw = raw.replace("\\", "\\\\")
        if "\n" in raw and ("\\n" in old or "\n" not in old):
            raw = raw.replace("\n", "\\n")
        raw = breaks_like(raw, old, self._row_end)
        if unified_breaks(_unescaped(raw)) != target:
            raise RefusedTargetError(key, f"{target[:60]!r} would be read otherwise")
        return encode_field(raw, self._delimiter, quoted=bool(raw) and stays_quoted(row, index, self._delimiter))

    def held_back(self) -> Iterator[HeldBack]:
        """Cells that are files or links."""
        yield from self._held


def _reason(text: str) -> str | None:
    stripped = text.strip()
    if _FILE.fullmatch(stripped):
        return "file name"
    return "link" if _LINK.fullmatch(stripped) else None


class GodotCsvFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="godot_csv",
        title="Godot translation table (CSV)",
        family=Family.GAME,
        patterns=("*.csv",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a CSV whose first row has a name for keys and then locales, LIKELY with another first name."""
        if name.suffix.lower() != ".csv" or not head:
            return Confidence.NONE
        line = regex.split(rb"\r\n|\n|\r", head.removeprefix(codecs.BOM_UTF8), maxsplit=1)[0]
        try:
            text = line.decode("utf-8")
            row = next(read_rows(text, sniff_delimiter(text), quotes_anywhere=True), ())
        except (UnicodeDecodeError, CsvError):
            return Confidence.NONE
        names = [field.value.strip() for field in row]
        others = [n for n in names[1:] if n and not n.startswith(_SKIPPED)]
        if not others or not all(map(is_locale, others)) or detect(head, whole=False) is None:
            return Confidence.NONE
        return Confidence.CERTAIN if names[0].lower() in _KEY_NAMES else Confidence.LIKELY

    def open(self, blob: bytes, *, options: FormatOptions) -> GodotCsvDocument:
        """Read a table; raises FormatError for one that has no locale in its first row, or a quote left open."""
        text = SpanText(read_lines(blob, charset=options.charset or "utf-8"), blob)
        delimiter = options.settings.get("delimiter") or sniff_delimiter(text.text)
        try:
            rows = list(read_rows(text.text, delimiter, quotes_anywhere=True))
        except CsvError as error:
            raise FormatError(str(error), offset=text.byte_at(error.position)) from error
        if not rows:
            raise FormatError("the table is empty", offset=0)
        try:
            columns, notices = _choose_columns(rows[0], options.settings.get("source"), options.target_language)
        except ValueError as error:
            raise FormatError(f"this is no translation table of Godot: {error}", offset=0) from error
        output = choose_output(text.read, options)
        name = f"{options.name.as_posix()}: " if options.name.name else ""
        output = Output(output.charset, output.bom, (*output.notices, *(name + notice for notice in notices)))
        return GodotCsvDocument(text, rows[1:], columns, output, delimiter)


FORMAT = GodotCsvFormat()
