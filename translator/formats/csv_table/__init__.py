r"""Tables of texts and translations in CSV or TSV, as spreadsheets, Translator++ and translators' tools write them.

Which column is which its first row says (see `columns`): source and target by their usual names in English, Chinese and
Japanese, languages by code or name (`key,en,ja,zh-CN`), Translator++'s `Original Text, Initial, Machine translation,
Better translation, Best translation` (the last one that is filled holds; what is new goes into `Machine translation`).
A table of `text` alone is translated in place. A table of two columns without names is read as texts and translations,
where it looks so, and a notice says that. Any other one is refused with what its first row must say. A column is never
added: where the target language has none, a notice says so.

A row whose translation is filled in is finished; a blank one is none, and its spaces do not come back where what was
written there is taken out again. What stays: the delimiter (`,`, `;`, tab, `|`, or what a line `sep=;`
says), which fields are quoted, line ends, byte order mark, blank rows. Cells that a short row lacks are added to it. A
table with tabs in which quotes are characters like others (an apostrophe's double, never closed) is read so.

A glossary of this program (`src,dst` with `kind`, `case` or `regex`) is refused: it goes along with `--glossary`.
Godot's tables (`keys,en,ja`) are their own format's; here they are read too, when `translate exchange` names one.

Keys: those of the table's column for keys, else the text; the row's number where a text is translated in place and has
no key.
"""

import re
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS, looks_binary
from translator.core.collector import collector_paused
from translator.core.columns import (
    NEEDED,
    Columns,
    Missing,
    UnknownTableError,
    choose,
    is_glossary,
    locales_only,
    of_two,
)
from translator.core.csv_spans import CsvError, Field, Row, read_rows, sniff_delimiter
from translator.core.document import Confidence, Family, Format, FormatError, FormatInfo, FormatOptions
from translator.core.lines import Lines
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.sniffing import text_of
from translator.core.textfile import Output, choose_output
from translator.core.wholetext import WholeText
from translator.formats.csv_table.document import CsvDocument, Spelling, has_quotes

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}"),
        MarkupRule(r"\{[\w.\[\]]*(?:![rsa])?(?::[^{}\s]*)?\}"),
        MarkupRule(
            r"%\([^()\s]+\)[-+0#]*\d*(?:\.\d+)?[a-zA-Z]|%%|%(?:\d+\$)?[-+0#]*\d*(?:\.\d+)?(?:hh|h|ll|l|z)?[diouxXeEfgGcsS@]|%\d+"
        ),
        MarkupRule(r"</[A-Za-z][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<[A-Za-z][^<>\n]*/>|<(?:br|hr|img|wbr)\b[^<>\n]*>"),
        MarkupRule(r"<[A-Za-z][\w:.-]*(?:[\s=][^<>\n]*)?>", Fate.OPEN),
        MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
        MarkupRule(r"\\[A-Za-z]+(?:\[[^\[\]\n]*\]|<[^<>\n]*>)|\\[nrt\"'\\$.|!^><{}]|\\[A-Z]+"),
    )
)
"""Placeholders of C, Python and templates, tags, entities, escapes, and the codes of RPG Maker's messages, which tables
of Translator++ are full of."""

_SUFFIXES = (".csv", ".tsv")
_PAIR = 2
_SEPARATOR = re.compile(r'\s*"?sep=(.)"?(?:\r\n|\n|\r)')


class CsvTable:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="csv_table",
        title="Table of texts and translations (CSV, TSV)",
        family=Family.EXCHANGE,
        patterns=("*.csv", "*.tsv"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """LIKELY for a table by its name whose first row names its columns, MAYBE for one that may be Godot's and for
        one of two columns; others are read where they are named (`takes`).
        """
        if name.suffix.lower() not in _SUFFIXES or not head.strip():
            return Confidence.NONE
        text = text_of(head)
        if text is None:
            return Confidence.NONE
        start, delimiter = _start(text, name)
        names: list[str] = []
        try:
            row = next(read_rows(text, delimiter, start=start), ())
            names = [field.value for field in row]
            choose(names, None, None)
        except CsvError:
            return Confidence.NONE
        except UnknownTableError:
            return Confidence.MAYBE if len(names) == _PAIR else Confidence.NONE
        return Confidence.MAYBE if is_glossary(names) or locales_only(names) else Confidence.LIKELY

    def takes(self, name: PurePath, head: bytes) -> bool:
        """Any table by its name: where its columns are unknown, it is said what the first row must name."""
        return name.suffix.lower() in _SUFFIXES and bool(head.strip()) and not looks_binary(head)

    def open(self, blob: bytes, *, options: FormatOptions) -> CsvDocument:
        """Read a table; raises FormatError for one that has a quote left open, or does not say what its columns are."""
        text = WholeText.of(blob, charset=options.charset)
        start, delimiter = _start(text.text, options.name)
        with collector_paused():
            rows, spelling = _rows(text, start, delimiter)
        found = _columns(rows, options)
        output = choose_output(Lines(text.bom, text.charset, ()), options)
        notices = list(_notices(found))
        name = f"{options.name.as_posix()}: " if options.name.name else ""
        output = Output(output.charset, output.bom, (*output.notices, *(name + notice for notice in notices)))
        columns = found if isinstance(found, Columns) else None
        with collector_paused():
            return CsvDocument(text, rows, columns, spelling, output)


def _start(text: str, name: PurePath) -> tuple[int, str]:
    """Where the table begins, and its delimiter."""
    said = _SEPARATOR.match(text)
    if said is not None:
        return said.end(), said[1]
    first = re.split(r"\r\n|\n|\r", text, maxsplit=1)[0]
    return 0, "\t" if name.suffix.lower() == ".tsv" and "\t" in first else sniff_delimiter(text)


def _rows(text: WholeText, start: int, delimiter: str) -> tuple[list[Row], Spelling]:
    """The rows, in the reading of quotes that fits. Raises FormatError."""
    if delimiter == "\t" and not has_quotes(text.text, start):
        return _unquoted(text.text, start), Spelling(delimiter, quotes=False)
    try:
        return list(read_rows(text.text, delimiter, start=start)), Spelling(delimiter)
    except CsvError as error:
        raise FormatError(str(error), offset=text.byte_at(error.position)) from error


def _unquoted(text: str, start: int) -> "list[Row]":
    """The rows of a table with tabs in which quotes mean nothing."""
    rows: list[Row] = []
    for match in re.finditer(r"([^\r\n]*)(\r\n|\n|\r|\Z)", text[start:]):
        if match.start() == len(text) - start:
            break
        at, fields = start + match.start(), list[Field]()
        for value in match[1].split("\t"):
            fields.append(Field(at, at + len(value), quoted=False, value=value))
            at += len(value) + 1
        rows.append(tuple(fields))
    return rows


def _columns(rows: list[Row], options: FormatOptions) -> Columns | Missing:
    """Raises FormatError, with what is needed."""
    if not rows:
        raise FormatError("the table is empty", offset=0)
    names = [field.value for field in rows[0]]
    if is_glossary(names):
        raise FormatError("this is a glossary: give it to a job with --glossary", offset=0)
    try:
        return choose(names, options.settings.get("source"), options.target_language)
    except UnknownTableError:
        try:
            return of_two([[field.value for field in row] for row in rows])
        except UnknownTableError as error:
            raise FormatError(
                f"it is not known what the columns of this table are: {error}; {NEEDED}", offset=0
            ) from error


def _notices(found: Columns | Missing) -> "list[str]":
    if isinstance(found, Missing):
        return [found.reason]
    if not found.heads:
        return ["its first row names no columns: the first is read as texts, the second as their translations"]
    return ["it has no column for translations: its texts are replaced by them"] if found.in_place else []


FORMAT: Format = CsvTable()
