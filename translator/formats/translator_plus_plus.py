r"""Translator++' projects, `*.trans`: JSON with `project.files`, each a table of originals and columns of translations.

From Translator++' manual and its author's own reader (github.com/dreamsavior/light-trans, MIT), and what real files
show: a row of `data` holds the original (column `indexOriginal`) and translations, the better ones further right; the
last column that is filled is what Translator++ exports. So that one is a segment's translation, and the place of an
edited one; where none is filled, one is written into the column `indexTranslation`. What is not filled is null or "",
as the column's other cells are. Rows end before their table does; `tags`, `context` and `parameters` go by row.

Strings of Ruby scripts (RPG Maker's `Vocab`) stand in their quotation marks, which are put around translations again.
Scenes are the files. A row's contexts say what it is (`Map003/events/5/pages/0/list/2/message`, `Items/1/name`), its
parameters who speaks (`rowInfoText`). Keys: the file and the original.

Held back: rows with a red or blue tag, with which translators mark what must not be translated; rows all of whose
contexts are code, notes, comments, commands of plugins, or names that only the engine's editor shows; file names and
links. Line breaks are line feeds in segments and written as the translation's own, else the original's. UTF-8 only.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePath
from typing import ClassVar, NamedTuple

from translator.core.collecting import Keys
from translator.core.collector import collector_paused
from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.game_codes import MARKUP
from translator.core.halves import joined
from translator.core.json_spans import JsonReader
from translator.core.json_texts import (
    JsonFile,
    Steps,
    array_or_none,
    as_key,
    no_text,
    object_or_none,
    read_json,
    refuse_carriage_return,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.loose import guess_role
from translator.core.segment import Role, Segment, quick_segment
from translator.core.splice import Edit
from translator.core.textfile import require_utf8

_SKIPPED = frozenset({"red", "blue"})
_PROJECT = re.compile(rb'"project"\s*:\s*\{')
_COLUMNS = re.compile(rb'"(?:indexTranslation|indexOriginal|files|gameEngine)"\s*:')

_HIDDEN = re.compile(
    r"(?i)^(?:Animations|MapInfos|Tilesets|CommonEvents|Troops)/\d+/name/?$"
    r"|/events/\d+/name/?$|/note/?$|/(?:switches|variables)/\d+/?$"
    r"|/(?:Script(?: Header| Line)?|InlineScript|Comment|DebugMessage|Plugin Command|Control Variables)(?:/|$)"
    r"|^Scripts/(?!Vocab/)|filename|/MZ Plugin Command(?!.*(?:text|message|serif|name))"
)
"""Contexts of what no player sees, or what would break a game, as Translator++ calls it for RPG Maker."""

_KINDS = (
    (re.compile(r"(?i)/choices?(?:/|$)"), Role.CHOICE),
    (re.compile(r"(?i)/(?:message|dialogue|scrolling text|show text|scroll)(?:/|$)"), Role.DIALOGUE),
    (re.compile(r"(?i)/(?:description|profile)/?$"), Role.DESCRIPTION),
    (re.compile(r"(?i)^(?:Actors|Enemies|Items|Weapons|Armors|Skills|Classes)/\d+/(?:nick)?name/?$"), Role.NAME),
    (re.compile(r"(?i)/display_?name/?$"), Role.NAME),
    (re.compile(r"(?i)^System/|/message\d/?$"), Role.TERM),
)
"""What a context says of a text."""

_MARKS = "\"'"
_LITERAL = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)+)\1""", re.DOTALL)
"""A string of Ruby: Translator++ has those of scripts with their quotation marks."""

_HEAD = 64 * 1024


class _Row(NamedTuple):
    """A row: its file and number there, its cells, its original, and the quotation mark around it where it is Ruby."""

    file: str
    number: int
    cells: list[object]
    source: str
    mark: str = ""


class TransDocument:
    """A project."""

    def __init__(self, file: JsonFile) -> None:
        """Raises FormatError."""
        project = object_or_none((object_or_none(file.value) or {}).get("project"))
        files = None if project is None else object_or_none(project.get("files"))
        if project is None or files is None:
            raise FormatError("not a project of Translator++: it has no project.files", offset=0)
        self._file = file
        self._files = files
        self._original = _index(project.get("indexOriginal"), 0)
        self._translation = _index(project.get("indexTranslation"), 1 if self._original != 1 else 0)
        if self._translation == self._original:
            self._translation = 1 if self._original != 1 else 0
        # What stands before the original is none of its translations, unless that is where they are.
        self._last_other = self._original if self._translation > self._original else -1
        self._held: list[HeldBack] = []
        self._empty: dict[tuple[str, int], object] = {}
        self._rows = [row for name, table in files.items() for row in self._read(name, object_or_none(table) or {})]
        self.segments: Sequence[Segment] = tuple(self._made())
        notice = "no text: all rows are empty or held back" if files else "no text: the project has no file"
        self.notices: Sequence[str] = () if self._rows else (notice,)
        self.charset: str | None = None

    def _read(self, name: str, table: Mapping[str, object]) -> Iterator[_Row]:
        """The rows of a file that hold texts; notes those that are held back."""
        original = self._original
        tags, contexts = (array_or_none(table.get(part)) or [] for part in ("tags", "context"))
        for number, value in enumerate(array_or_none(table.get("data")) or ()):
            cells = array_or_none(value) or []
            source = cells[original] if original < len(cells) else None
            if not isinstance(source, str) or not source.strip():
                continue
            why = _why(source, contexts[number] if number < len(contexts) else None)
            if number < len(tags) and tags[number] and not _SKIPPED.isdisjoint(_strings(tags[number])):
                why = "tagged as not to be translated"
            if why is None:
                mark = source[0] if source[0] in _MARKS and _is_script(_at(contexts, number)) else ""
                yield _Row(name, number, cells, source, mark if _unquoted(source, mark) is not None else "")
            else:
                self._held.append(HeldBack(_key(name, source), source, why))

    @cached_property
    def _by_key(self) -> dict[str, _Row]:
        keys = Keys()
        return {keys.new(_key(row.file, row.source)): row for row in self._rows}

    def _made(self) -> Iterator[Segment]:
        for key, row in self._by_key.items():
            table = object_or_none(self._files[row.file]) or {}
            source, target = self._texts(row)
            speaker = _speaker(_at(table.get("parameters"), row.number))
            role = Role.DIALOGUE if speaker is not None else _role(source, _at(table.get("context"), row.number))
            yield quick_segment(
                key,
                source,
                role,
                scene=joined(row.file),
                speaker=speaker,
                target=target,
                binding="name" if role is Role.NAME else None,
            )

    def _column(self, row: _Row) -> int:
        """The column of a row's translation: the last that is filled, else the one that the project names for it."""
        cells = row.cells
        for column in range(len(cells) - 1, self._last_other, -1):
            cell = cells[column]
            if column != self._original and cell and isinstance(cell, str):
                return column
        return self._translation

    def _target(self, row: _Row) -> str:
        """The translation of a row as it stands."""
        column = self._column(row)
        cell = row.cells[column] if column < len(row.cells) else None
        return cell if isinstance(cell, str) else ""

    def _texts(self, row: _Row) -> tuple[str, str | None]:
        """A row's original and its translation, as they are shown."""
        source, held = row.source, self._target(row)
        if row.mark:
            source, held = _unquoted(source, row.mark) or source, _unquoted(held, row.mark) or held
        return unified_breaks(source), unified_breaks(held) or None

    @collector_paused()
    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, tuple[_Row, str]] = {}
        for key, target in targets.items():
            row = self._by_key[key]
            held = self._target(row)
            refuse_carriage_return(key, target)
            if target == (self._texts(row)[1] or ""):
                continue
            spelled = with_breaks_of(target, held, row.source)
            if row.mark and target:
                spelled = f"{row.mark}{spelled.replace(row.mark, chr(92) + row.mark)}{row.mark}"
                if unified_breaks(_unquoted(spelled, row.mark) or "") != target:
                    raise RefusedTargetError(key, "it cannot stand in quotation marks in a script")
            if not target and self._other(row):
                raise RefusedTargetError(key, "without it Translator++ takes the translation in a column before it")
            new[("project", "files", row.file, "data", row.number)] = (row, spelled)
        if not new:
            return self._file.blob
        text = self._file.text
        spans = self._file.locate(text, new)
        edits = [self._edit(text, span.start, *new[path]) for path, span in spans.items()]
        return self._file.spliced(text, edits)

    def _other(self, row: _Row) -> bool:
        """Whether another column than that of its translation is filled."""
        taken = (self._original, self._column(row))
        others = (cell for number, cell in enumerate(row.cells) if number > self._last_other and number not in taken)
        return any(_filled(cell) for cell in others)

    def _edit(self, text: str, start: int, row: _Row, new: str) -> Edit:
        """The edit that puts a translation into its cell of the row that starts at a place, which may be too short."""
        column = self._column(row)
        reader = JsonReader(text, start)
        first, end, between, count = start + 1, start + 1, "", 0
        for number in reader.elements():
            _, span = reader.located()
            if number == column:
                return Edit(*span, self._file.spelled(new, text[slice(*span)]) if new else self._nothing(row))
            first, between = (span.start, "") if number == 0 else (first, text[end : span.start])
            end, count = span.end, number + 1
        between = between or f",{text[start + 1 : first]}"
        cells = [*["null"] * (column - count), self._file.spelled(new, '""') if new else self._nothing(row)]
        return Edit(end, end, "".join(f"{between}{cell}" for cell in cells))

    def _nothing(self, row: _Row) -> str:
        """How a cell without a translation is written: as the last such one of the column, else as one beside it."""
        column = self._column(row)
        place = (row.file, column)
        if place not in self._empty:
            table = array_or_none((object_or_none(self._files[row.file]) or {}).get("data")) or []
            rows = (array_or_none(cells) or [] for cells in reversed(table))
            found = (cells[column] for cells in rows if column < len(cells) and not _filled(cells[column]))
            self._empty[place] = next(found, None if None in row.cells else "")
        return "null" if self._empty[place] is None else '""'

    def held_back(self) -> Iterator[HeldBack]:
        """Rows that are marked, or that no player sees."""
        yield from self._held


def _index(value: object, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default


def _filled(cell: object) -> bool:
    return isinstance(cell, str) and cell != ""


def _strings(value: object) -> Iterator[str]:
    """The strings in a value, however many arrays they lie in: real files have `["red"]` and `[["red"]]`."""
    rest: list[object] = [value]
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            yield one
        else:
            rest.extend(reversed(array_or_none(one) or ()))


def _is_script(contexts: object) -> bool:
    """Whether all contexts of a row are strings of Ruby scripts, which stand in quotation marks there."""
    return all(context.startswith("Scripts/") for context in _strings(contexts))


def _unquoted(text: str, mark: str) -> str | None:
    """What a string of Ruby says between its quotation marks; None where it is no such string."""
    found = _LITERAL.fullmatch(text) if mark and text.startswith(mark) else None
    return None if found is None else found[2].replace("\\" + mark, mark)


def _key(file: str, source: str) -> str:
    return f"{joined(file)}: {as_key(source)}"


def _at(column: object, number: int) -> object:
    """What a table's list says of a row; these lists may be shorter than the table."""
    values = array_or_none(column)
    return values[number] if values is not None and number < len(values) else None


def _why(source: str, contexts: object) -> str | None:
    """Why a row is none to translate."""
    known = False
    for context in _strings(contexts):
        if _HIDDEN.search(context) is None:
            return no_text(source)
        known = True
    return "code, or a name that no player sees" if known else no_text(source)


def _role(source: str, contexts: object) -> Role:
    """What a text is, by the first context that says it."""
    for context in _strings(contexts):
        for pattern, role in _KINDS:
            if pattern.search(context):
                return role
    return guess_role(source)


def _speaker(parameters: object) -> str | None:
    """Who says a text, without codes."""
    for one in array_or_none(parameters) or [parameters]:
        name = (object_or_none(one) or {}).get("rowInfoText")
        if isinstance(name, str) and (plain := joined(MARKUP.plain(name)).strip()):
            return plain
    return None


class TranslatorPlusPlus:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="translator_plus_plus",
        title="Translator++ project",
        family=Family.EXCHANGE,
        patterns=("*.trans",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for JSON with a project in a file `*.trans`, and under another name where it tells its columns.
        LIKELY for JSON in a file `*.trans` in which more comes before the project than is seen.
        """
        trans = name.suffix.lower() == ".trans"
        if not head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            return Confidence.NONE
        if _PROJECT.search(head) and _COLUMNS.search(head):
            return Confidence.CERTAIN if trans or b'"indexTranslation"' in head else Confidence.NONE
        return Confidence.LIKELY if trans and len(head) >= _HEAD else Confidence.NONE

    @collector_paused()
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "projects of Translator++ are JSON in UTF-8")
        return TransDocument(read_json(blob))


FORMAT: Format = TranslatorPlusPlus()
