"""What people decided for texts: it belongs to a project, not to a job, and wins over every machine answer."""

import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from translator.core.order import natural
from translator.store.part import Part
from translator.store.plan import PENDING, TRANSLATED
from translator.store.rows import EditRow, JobRow
from translator.store.schema import unit_range

_SEPARATOR = "\x1f"
_DECIDED = -1
"""Stands for the run of units whose only answer is a person's."""

_Place = tuple[int, int]
"""A document's number and a segment's position in it."""


def edit_key(path: str, key: str) -> str:
    """Names a text of a project: the file's path in the input, and the key in the file."""
    return f"{path}{_SEPARATOR}{key}"


def edit_place(edit: EditRow) -> tuple[str, str]:
    """The file and the key that a decision was made for."""
    path, _, key = edit.key.partition(_SEPARATOR)
    return path, key


class Edits(Part):
    """The store's methods for people's decisions."""

    def put_edit(self, project: str, key: str, source: str, target: str) -> None:
        """Keep what a person decided for a text, in place of what was decided before."""
        self.put_edits(project, [EditRow(key, source, target)])

    def put_edits(self, project: str, edits: Iterable[EditRow]) -> None:
        """Keep many decisions, all or none of them."""
        now = time.time()
        self._durable.write_many(
            "INSERT INTO edits (project, key, source, target, created) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (project, key, source) DO UPDATE SET target = excluded.target, created = excluded.created",
            [(project, edit.key, edit.source, edit.target, now) for edit in edits],
        )

    def remove_edit(self, project: str, key: str, source: str) -> bool:
        """Forget a decision; whether there was one."""
        sql = "DELETE FROM edits WHERE project = ? AND key = ? AND source = ?"
        return self._durable.write(sql, (project, key, source)) > 0

    def remove_edits(self, project: str, texts: Iterable[tuple[str, str]]) -> None:
        """Forget the decisions for many texts, each named by its key and source, all or none of them."""
        sql = "DELETE FROM edits WHERE project = ? AND key = ? AND source = ?"
        self._durable.write_many(sql, [(project, key, source) for key, source in texts])

    def edits(self, project: str) -> list[EditRow]:
        """All decisions of a project, the oldest first."""
        rows = self._quick.rows(
            "SELECT key, source, target FROM edits WHERE project = ? ORDER BY created, key", (project,)
        )
        return [EditRow(*row) for row in cast("list[tuple[str, str, str]]", rows)]

    def take_edits(self, job: JobRow, project: str) -> list[EditRow]:
        """Bring the job's segments up to what is decided for them; the decisions that have no place in it.

        One whose text stands at another key now goes there: to the first place in its file that has its source and no
        decision, else to the only such place in the job. Texts that must stay equal (a binding) share the latest one.
        Units that are decided for at all their places are not asked any more.
        """
        edits = self.edits(project)
        with self._quick.transaction():
            before = self._quick.write(
                "UPDATE segments INDEXED BY segments_edited SET edit = NULL WHERE edit IS NOT NULL"
                " AND document IN (SELECT number FROM documents WHERE job = ?)",
                (job.number,),
            )
            found, homeless = self._placed(job, edits) if edits else ({}, [])
            self._quick.write_many(
                "UPDATE segments SET edit = ? WHERE document = ? AND position = ?",
                [(edits[number].target, *place) for place, number in found.items()],
            )
            if found:
                self._share_bound(job, found, edits)
                self._settle_edited(job)
            if before:
                self._ask_unedited(job)
        return homeless

    def _placed(self, job: JobRow, edits: Sequence[EditRow]) -> tuple[dict[_Place, int], list[EditRow]]:
        """Which decision, by its number, stands at which place; and those that stand nowhere."""
        wanted: dict[str, dict[tuple[str, str], int]] = {}
        for number, edit in enumerate(edits):
            path, key = edit_place(edit)
            wanted.setdefault(path, {})[key, edit.source] = number
        documents = self._quick.rows("SELECT number, path FROM documents WHERE job = ?", (job.number,))
        found: dict[_Place, int] = {}
        for document, path in cast("list[tuple[int, str]]", documents):
            here = wanted.pop(path, None)
            if here is not None:
                rows = self._places(document)
                found |= {(document, at): here.pop((key, src)) for at, key, src in rows if (key, src) in here}
                self._moved(document, rows, here, found)
                wanted[path] = here
        left = [number for here in wanted.values() for number in here.values()]
        elsewhere = self._only_places(job, {edits[number].source for number in left}, found)
        homeless: list[EditRow] = []
        for number in sorted(left):
            place = elsewhere.pop(edits[number].source, None)
            if place is None:
                homeless.append(edits[number])
            else:
                found[place] = number
        return found, homeless

    def _places(self, document: int) -> list[tuple[int, str, str]]:
        rows = self._quick.rows(
            "SELECT s.position, s.key, u.source FROM segments s JOIN units u ON u.id = s.unit WHERE s.document = ?"
            " ORDER BY s.position",
            (document,),
        )
        return cast("list[tuple[int, str, str]]", rows)

    @staticmethod
    def _moved(
        document: int, rows: Sequence[tuple[int, str, str]], left: dict[tuple[str, str], int], found: dict[_Place, int]
    ) -> None:
        """Give decisions whose keys are others' now to places with their sources, in order."""
        free: dict[str, deque[int]] = {}
        for at, _, source in rows if left else ():
            if (document, at) not in found:
                free.setdefault(source, deque()).append(at)
        for key, source in sorted(left, key=lambda each: natural(each[0])):
            if free.get(source):
                found[document, free[source].popleft()] = left.pop((key, source))

    def _only_places(self, job: JobRow, sources: set[str], found: Mapping[_Place, int]) -> dict[str, _Place]:
        """By source, the place of the job that has it and no decision, where there is just one."""
        rows = self._quick.rows_in(
            "SELECT s.document, s.position, u.source FROM units u JOIN segments s ON s.unit = u.id"
            " WHERE u.id BETWEEN ? AND ? AND u.source IN {in}",
            sources,
            *unit_range(job.number),
        )
        places: dict[str, list[_Place]] = {}
        for document, position, source in cast("Iterable[tuple[int, int, str]]", rows):
            if (document, position) not in found:
                places.setdefault(source, []).append((document, position))
        return {source: there[0] for source, there in places.items() if len(there) == 1}

    def _share_bound(self, job: JobRow, found: Mapping[_Place, int], edits: Sequence[EditRow]) -> None:
        rows = self._quick.rows(
            "SELECT s.document, s.position, u.id FROM documents d JOIN segments s ON s.document = d.number"
            " JOIN units u ON u.id = s.unit WHERE d.job = ? AND s.edit IS NOT NULL AND u.binding IS NOT NULL",
            (job.number,),
        )
        latest: dict[int, int] = {}
        for document, position, unit in cast("list[tuple[int, int, int]]", rows):
            latest[unit] = max(latest.get(unit, 0), found[document, position])
        self._quick.write_many(
            "UPDATE segments SET edit = ?2 WHERE unit = ?1",
            [(unit, edits[number].target) for unit, number in latest.items()],
        )

    def _settle_edited(self, job: JobRow) -> None:
        rows = self._quick.rows(
            "SELECT u.id, min(s.edit) FROM documents d JOIN segments s ON s.document = d.number"
            " JOIN units u ON u.id = s.unit WHERE d.job = ? AND s.edit IS NOT NULL AND u.state = ?"
            " AND NOT EXISTS (SELECT 1 FROM segments o WHERE o.unit = u.id AND o.edit IS NULL) GROUP BY u.id",
            (job.number, PENDING),
        )
        self._quick.write_many(
            "UPDATE units SET state = ?, target = ?, findings = NULL, flagged = 0, from_memory = 0, run = ?"
            " WHERE id = ?",
            [(TRANSLATED, target, _DECIDED, unit) for unit, target in cast("list[tuple[int, str]]", rows)],
        )

    def _ask_unedited(self, job: JobRow) -> None:
        """Have units asked for that have no answer but people's, and are no longer decided for at all their places."""
        self._quick.write(
            "UPDATE units SET state = ?, target = NULL, run = 0 WHERE id BETWEEN ? AND ? AND run = ?"
            " AND EXISTS (SELECT 1 FROM segments s WHERE s.unit = units.id AND s.edit IS NULL)",
            (PENDING, *unit_range(job.number), _DECIDED),
        )
