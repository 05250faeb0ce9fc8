"""A workbook: the rows of its tables as segments, and writing translations into its cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from translator.core.collecting import Keys, short_key
from translator.core.columns import Columns, Missing, UnknownTableError, choose, is_glossary, plain
from translator.core.document import FormatOptions, HeldBack, RefusedTargetError
from translator.core.links import link_file_or_colour
from translator.core.loose import guess_role
from translator.core.segment import Segment
from translator.core.splice import Edit, splice
from translator.core.xml_spans import escape_text, unwritable
from translator.core.zip_members import Members
from translator.formats.xlsx.workbook import Cell, Row, Sheet, Workbook, column_letters, read_workbook

_HEADS = 5
"""The rows in which a table's names are looked for."""
_WOLF = ("code", "flag", "type", "info")
_WOLF_COLUMNS = Columns(source=5, targets=(6,), write=6, notes=(("info", 3),))
_LONGEST_CELL = 32_767
_LONGEST = 200
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:/\\#-]*[_0-9][A-Za-z0-9_.:/\\#-]*|[a-z]+(?:[A-Z][a-z0-9]*)+")
_LETTER = re.compile(r"[^\W\d_]")
_TYPE = re.compile(r"(\st\s*=\s*[\"'])[^\"']*([\"'])")
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Place(NamedTuple):
    """Where a translation stands or goes: the row, the column, and the cell if there is one."""

    sheet: Sheet
    row: Row
    column: int


class XlsxDocument:
    """A workbook."""

    def __init__(self, members: Members, options: FormatOptions) -> None:
        self._members = members
        self._book = read_workbook(members)
        self._places: dict[str, _Place] = {}
        self._held: list[HeldBack] = []
        self._keys = Keys()
        notices: list[str] = []
        segments: list[Segment] = []
        for sheet in self._book.sheets:
            segments += self._read(sheet, options, notices)
        if not segments and not notices:
            notices.append("no text: none of its cells holds any that is not a number, a date or a formula")
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = tuple(notices)
        self.charset: str | None = None

    def _read(self, sheet: Sheet, options: FormatOptions, notices: list[str]) -> Iterator[Segment]:
        if sheet.hidden:
            for row in sheet.rows:
                for cell in row.cells.values():
                    if cell.text and _LETTER.search(cell.text):
                        place = f"{sheet.name}!{column_letters(cell.column)}{row.number}"
                        self._held.append(HeldBack(place, cell.text, "hidden sheet"))
            return
        head, columns = _columns(sheet, options)
        if isinstance(columns, Missing):
            notices.append(f"{sheet.name}: {columns.reason}")
        elif columns is None:
            yield from self._cells(sheet)
        else:
            yield from self._table(sheet, head, columns)

    def _table(self, sheet: Sheet, head: int, columns: Columns) -> Iterator[Segment]:
        names = {n: cell.text or "" for n, cell in sheet.rows[head].cells.items()}
        painted = columns is _WOLF_COLUMNS and any(
            self._fill(row.cells.get(columns.source)) for row in sheet.rows[head + 1 :]
        )
        for row in sheet.rows[head + 1 :]:
            cell = row.cells.get(columns.source)
            if cell is None or not cell.text or not cell.text.strip():
                continue
            index = columns.source if columns.in_place else _filled(row, columns)
            own = _said(row, columns.key).strip()
            where = f"{column_letters(cell.column)}{row.number}"
            key = own or (where if columns.in_place else cell.text)
            key = self._keys.new(f"{sheet.name}/{_key(key)}")
            held = row.cells.get(index)
            reason = _reason(cell) or ("formula" if held is not None and held.formula else None)
            if painted and not self._fill(cell):
                reason = "a colour that is not for translation"
            if reason:
                self._held.append(HeldBack(key, cell.text, reason))
                continue
            self._places[key] = _Place(sheet, row, index)
            target = (held.text or "") if held is not None and not columns.in_place else ""
            notes = tuple(
                f"{name or names.get(n, '')}: {note[:_LONGEST]}"
                for name, n in columns.notes
                if (note := _said(row, n).strip())
            )
            speaker = _said(row, columns.speaker).strip() or None
            yield Segment(key, cell.text, guess_role(cell.text), sheet.name, speaker, target or None, notes)

    def _cells(self, sheet: Sheet) -> Iterator[Segment]:
        """A sheet that is no table of translations: every cell is translated where it stands."""
        for row in sheet.rows:
            for cell in row.cells.values():
                if not cell.text or not cell.text.strip():
                    continue
                key = self._keys.new(f"{sheet.name}!{column_letters(cell.column)}{row.number}")
                reason = _reason(cell) or _no_language(cell.text)
                if reason:
                    self._held.append(HeldBack(key, cell.text, reason))
                    continue
                self._places[key] = _Place(sheet, row, cell.column)
                yield Segment(key, cell.text, guess_role(cell.text), sheet.name)

    def _fill(self, cell: Cell | None) -> bool:
        """Whether a cell is filled with white."""
        number = int(cell.style) if cell is not None and cell.style.isdecimal() else 0
        return number < len(self._book.fills) and self._book.fills[number] is True

    def held_back(self) -> Iterator[HeldBack]:
        """Formulas, file names and the like, identifiers, cells of hidden sheets, and those that a colour excludes."""
        yield from self._held

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        edits: dict[str, list[tuple[int, Edit]]] = {}
        sheets: dict[str, Sheet] = {}
        for key, target in targets.items():
            place = self._places[key]
            _check(key, target)
            edit = _edit(place, target, self._book)
            if edit is not None:
                edits.setdefault(place.sheet.part.name, []).append((place.column, edit))
                sheets[place.sheet.part.name] = place.sheet
        new: dict[str, bytes] = {}
        for name, made in edits.items():
            part = sheets[name].part
            ordered = [edit for _, edit in sorted(made, key=lambda item: item[0])]
            new[name] = part.encoded(splice(part.text, ordered))
        return self._members.replaced(new)


def _columns(sheet: Sheet, options: FormatOptions) -> tuple[int, Columns | Missing | None]:
    """The row that names the columns, and what they are; None where no row does."""
    for number, row in enumerate(sheet.rows[:_HEADS]):
        names = [""] * (max(row.cells, default=-1) + 1) if max(row.cells, default=0) < _LONGEST else []
        for cell in row.cells.values():
            if cell.column < len(names):
                names[cell.column] = cell.text or ""
        named = [plain(name) for name in names]
        if tuple(named[:4]) == _WOLF:
            return number, _WOLF_COLUMNS
        if len([name for name in named if name]) < 2 or is_glossary(names):  # noqa: PLR2004  a table has two columns
            continue
        try:
            return number, choose(names, options.settings.get("source"), options.target_language)
        except UnknownTableError:
            continue
    return 0, None


def _filled(row: Row, columns: Columns) -> int:
    """The column of a row's translation: the last one that is filled, else the one for new ones."""
    return next((index for index in reversed(columns.targets) if _said(row, index)), columns.write)


def _said(row: Row, index: int | None) -> str:
    cell = None if index is None else row.cells.get(index)
    return cell.text or "" if cell is not None else ""


def _reason(cell: Cell) -> str | None:
    return "formula" if cell.formula else link_file_or_colour(cell.text or "")


def _no_language(text: str) -> str | None:
    """Why a cell of a sheet that is no table of translations is left alone."""
    stripped = text.strip()
    if _LETTER.search(stripped) is None:
        return "no words"
    return "identifier" if _IDENTIFIER.fullmatch(stripped) else None


def _check(key: str, target: str) -> None:
    bad = unwritable(target)
    if bad is not None or "\r" in target:
        raise RefusedTargetError(key, f"the character {bad or chr(13)!r} cannot stand in a cell")
    if len(target) > _LONGEST_CELL:
        raise RefusedTargetError(key, f"a cell holds {_LONGEST_CELL} characters at most, and this has {len(target)}")


def _edit(place: _Place, target: str, book: Workbook) -> Edit | None:
    """What changes so that a cell says `target`; a cell that was added (a space ends its tag) goes with its text."""
    cell, p = place.row.cells.get(place.column), place.sheet.p
    if target == (cell.text or "" if cell is not None else ""):
        return None
    number = book.shared_numbers.get(target)
    kind = "s" if number is not None else "inlineStr"
    space = ' xml:space="preserve"' if target != target.strip() or "\n" in target else ""
    inside = (
        f"<{p}v>{number}</{p}v>" if number is not None else f"<{p}is><{p}t{space}>{_spelled(target)}</{p}t></{p}is>"
    )
    if cell is None:
        place_at = min((c.start for c in place.row.cells.values() if c.column > place.column), default=place.row.end)
        reference = f"{column_letters(place.column)}{place.row.number}"
        return Edit(place_at, place_at, f'<{p}c r="{reference}" t="{kind}" >{inside}</{p}c>')
    added = cell.tag.endswith(" ") and _TYPE.search(cell.tag) is not None
    if not target:
        tag = _TYPE.sub("", cell.tag, count=1)
        return Edit(cell.start, cell.end, "" if added else f"{tag}/>")
    tag, changed = _TYPE.subn(rf"\g<1>{kind}\g<2>", cell.tag, count=1)
    tag += "" if changed else f' t="{kind}"'
    return Edit(cell.start, cell.end, f"{tag}>{inside}</{p}c>")


def _spelled(text: str) -> str:
    """A text as it stands in an element, with what would be read as an escape escaped."""
    return escape_text(_TO_ESCAPE.sub("_x005F_", text)).replace(">", "&gt;")


def _key(text: str) -> str:
    """A text as a part of a key."""
    return short_key(text.replace("\\", "\\\\").replace("\n", "\\n"))
