"""What all jobs share: the translation memory, people's edits, and how fast servers were."""

import time
from collections.abc import Iterable
from typing import cast

from translator.store.part import Part
from translator.store.rows import EditRow, Speed


class Memory(Part):
    """The store's methods for what belongs to no single job."""

    def recall(self, hashes: Iterable[bytes]) -> dict[bytes, str]:
        """The translations that the memory has for these units (`work.unit_hash`)."""
        rows = self._quick.rows_in("SELECT hash, target FROM memory WHERE hash IN {in}", hashes)
        return dict(cast("Iterable[tuple[bytes, str]]", rows))

    def memory_count(self) -> int:
        """How many translations the memory holds."""
        return cast("int", self._quick.rows("SELECT count(*) FROM memory")[0][0])

    def put_edit(self, project: str, key: str, source: str, target: str) -> None:
        """Keep what a person decided for a text, in place of what was decided before."""
        self._durable.write(
            "INSERT INTO edits (project, key, source, target, created) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (project, key, source) DO UPDATE SET target = excluded.target, created = excluded.created",
            (project, key, source, target, time.time()),
        )

    def remove_edit(self, project: str, key: str, source: str) -> bool:
        """Forget a decision; whether there was one."""
        sql = "DELETE FROM edits WHERE project = ? AND key = ? AND source = ?"
        return self._durable.write(sql, (project, key, source)) > 0

    def edits(self, project: str) -> list[EditRow]:
        """All decisions of a project, by key."""
        rows = self._quick.rows("SELECT key, source, target FROM edits WHERE project = ?", (project,))
        return [EditRow(*row) for row in cast("list[tuple[str, str, str]]", rows)]

    def remember_speed(self, server: str, model: str, speed: Speed) -> None:
        """Keep how fast a server answered with a model."""
        self._quick.write(
            "INSERT INTO speeds (server, model, tokens_per_second, slots, measured) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (server, model) DO UPDATE SET tokens_per_second = excluded.tokens_per_second,"
            " slots = excluded.slots, measured = excluded.measured",
            (server, model, speed.tokens_per_second, speed.slots, time.time()),
        )

    def recall_speed(self, server: str | None, model: str) -> Speed | None:
        """What `remember_speed` kept last for this model on this server, on any server for None."""
        rows = self._quick.rows(
            "SELECT tokens_per_second, slots FROM speeds WHERE coalesce(?, server) = server AND model = ?"
            " ORDER BY measured DESC LIMIT 1",
            (server, model),
        )
        return Speed(*cast("tuple[float, int]", rows[0])) if rows else None
