"""What people decided for texts: it belongs to a project, not to a job, and wins over every machine answer."""

import time
from collections.abc import Iterable
from typing import cast

from translator.store.part import Part
from translator.store.plan import PENDING, TRANSLATED
from translator.store.rows import EditRow, JobRow
from translator.store.schema import unit_range

_SEPARATOR = "\x1f"
_DECIDED = -1
"""Stands for the run of units whose only answer is a person's."""


def edit_key(path: str, key: str) -> str:
    """Names a text of a project: the file's path in the input, and the key in the file."""
    return f"{path}{_SEPARATOR}{key}"


class Edits(Part):
    """The store's methods for people's decisions."""

    def put_edit(self, project: str, key: str, source: str, target: str) -> None:
        """Keep what a person decided for a text, in place of what was decided before."""
        self.put_edits(project, [EditRow(key, source, target)])

    def put_edits(self, project: str, edits: Iterable[EditRow]) -> None:
        """Keep many decisions, all or none of them."""
        now = time.time()
        with self._durable.transaction():
            self._durable.write_many(
                "INSERT INTO edits (project, key, source, target, created) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (project, key, source) DO UPDATE SET target = excluded.target,"
                " created = excluded.created",
                [(project, edit.key, edit.source, edit.target, now) for edit in edits],
            )

    def remove_edit(self, project: str, key: str, source: str) -> bool:
        """Forget a decision; whether there was one."""
        sql = "DELETE FROM edits WHERE project = ? AND key = ? AND source = ?"
        return self._durable.write(sql, (project, key, source)) > 0

    def edits(self, project: str) -> list[EditRow]:
        """All decisions of a project, the oldest first."""
        rows = self._quick.rows(
            "SELECT key, source, target FROM edits WHERE project = ? ORDER BY created, key", (project,)
        )
        return [EditRow(*row) for row in cast("list[tuple[str, str, str]]", rows)]

    def take_edits(self, job: JobRow, project: str) -> int:
        """Bring the job's segments up to what is decided for them; how many have a decision.

        Texts that must stay equal (a binding) share the latest one. Units that are decided for at all their places
        are not asked any more.
        """
        wanted: dict[str, dict[tuple[str, str], str]] = {}
        for edit in self.edits(project):
            path, _, key = edit.key.partition(_SEPARATOR)
            wanted.setdefault(path, {})[key, edit.source] = edit.target
        with self._quick.transaction():
            before = self._quick.write(
                "UPDATE segments SET edit = NULL WHERE edit IS NOT NULL"
                " AND document IN (SELECT number FROM documents WHERE job = ?)",
                (job.number,),
            )
            documents = self._quick.rows("SELECT number, path FROM documents WHERE job = ?", (job.number,))
            for number, path in cast("list[tuple[int, str]]", documents):
                if path in wanted:
                    self._put_at_places(number, wanted[path])
            if wanted:
                self._share_bound(job, project)
                self._settle_edited(job)
            if before:
                self._ask_unedited(job)
        sql = (
            "SELECT count(*) FROM segments WHERE edit IS NOT NULL"
            " AND document IN (SELECT number FROM documents WHERE job = ?)"
        )
        return cast("int", self._quick.rows(sql, (job.number,))[0][0])

    def _put_at_places(self, document: int, wanted: dict[tuple[str, str], str]) -> None:
        rows = self._quick.rows(
            "SELECT s.position, s.key, u.source FROM segments s JOIN units u ON u.id = s.unit WHERE s.document = ?",
            (document,),
        )
        self._quick.write_many(
            "UPDATE segments SET edit = ? WHERE document = ? AND position = ?",
            [
                (wanted[key, source], document, position)
                for position, key, source in cast("list[tuple[int, str, str]]", rows)
                if (key, source) in wanted
            ],
        )

    def _share_bound(self, job: JobRow, project: str) -> None:
        rows = self._quick.rows(
            "SELECT u.id, s.edit FROM documents d JOIN segments s ON s.document = d.number"
            " JOIN units u ON u.id = s.unit"
            " JOIN edits e ON e.project = ? AND e.key = d.path || ? || s.key AND e.source = u.source"
            " WHERE d.job = ? AND s.edit IS NOT NULL AND u.binding IS NOT NULL ORDER BY e.created, e.key",
            (project, _SEPARATOR, job.number),
        )
        latest = dict(cast("list[tuple[int, str]]", rows))
        self._quick.write_many("UPDATE segments SET edit = ?2 WHERE unit = ?1", latest.items())

    def _settle_edited(self, job: JobRow) -> None:
        rows = self._quick.rows(
            "SELECT DISTINCT u.id, min(s.edit) FROM documents d JOIN segments s ON s.document = d.number"
            " JOIN units u ON u.id = s.unit WHERE d.job = ? AND s.edit IS NOT NULL AND u.state = ?"
            " AND NOT EXISTS (SELECT 1 FROM segments o WHERE o.unit = u.id AND o.edit IS NULL) GROUP BY u.id",
            (job.number, PENDING),
        )
        self._settle(cast("list[tuple[int, str]]", rows))

    def _settle(self, rows: Iterable[tuple[int, str]]) -> None:
        self._quick.write_many(
            "UPDATE units SET state = ?, target = ?, findings = NULL, flagged = 0, from_memory = 0, run = ?"
            " WHERE id = ?",
            [(TRANSLATED, target, _DECIDED, unit) for unit, target in rows],
        )

    def _ask_unedited(self, job: JobRow) -> None:
        """Have units asked for that have no answer but people's, and are no longer decided for at all their places."""
        self._quick.write(
            "UPDATE units SET state = ?, target = NULL, run = 0 WHERE id BETWEEN ? AND ? AND run = ?"
            " AND EXISTS (SELECT 1 FROM segments s WHERE s.unit = units.id AND s.edit IS NULL)",
            (PENDING, *unit_range(job.number), _DECIDED),
        )
