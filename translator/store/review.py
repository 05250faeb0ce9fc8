"""Looking again at what a job has translated."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import cast

from translator.core.finding import Finding
from translator.core.work import State, Unit
from translator.store.encoding import findings_from_json, findings_to_json, limits_from_json, limits_to_json
from translator.store.part import Part
from translator.store.plan import PENDING, TRANSLATED, UNIT_COLUMNS, UnitColumns, is_flagged, unit
from translator.store.rows import STATE_NUMBERS, JobRow
from translator.store.schema import unit_range

_READ_AT_ONCE = 1000
_WIDTH = len(UNIT_COLUMNS.split(","))


class Review(Part):
    """The store's methods for examining translations anew."""

    def translated_units(self, job: JobRow, *, recalled: bool) -> Generator[tuple[Unit, str, tuple[Finding, ...]]]:
        """The job's translated units in reading order, each with its translation and what was found in it.

        recalled: only those that the memory gave in the job's current run. Read as they are consumed; `review` may be
        called meanwhile.
        """
        low, high = unit_range(job.number)
        last = low - 1
        only = " AND from_memory AND run = ?" if recalled else ""
        while True:
            rows = self._quick.rows(
                f"SELECT {UNIT_COLUMNS}, target, findings FROM units"  # noqa: S608 - constants
                f" WHERE id > ? AND id <= ? AND state = {TRANSLATED}{only} ORDER BY id LIMIT {_READ_AT_ONCE}",
                (last, high, *((job.runs,) if recalled else ())),
            )
            for row in rows:
                columns, (target, findings) = row[:_WIDTH], row[_WIDTH:]
                yield (
                    unit(cast("UnitColumns", columns)),
                    cast("str", target),
                    findings_from_json(cast("str | None", findings)),
                )
            if len(rows) < _READ_AT_ONCE:
                return
            last = cast("int", rows[-1][0])

    def review(self, job: JobRow, verdicts: Iterable[tuple[int, State, Sequence[Finding]]]) -> None:
        """Store what was found in translated units: their findings; PENDING asks for one again, at all its places."""
        rows = list(verdicts)
        with self._quick.transaction():
            self._quick.write_many(
                "UPDATE units SET state = ?1, findings = ?2, flagged = ?3, from_memory = from_memory AND ?4,"
                " target = CASE WHEN ?4 THEN target END WHERE id = ?5 AND job = ?6",
                [
                    (
                        STATE_NUMBERS[state], findings_to_json(findings), is_flagged(findings),
                        state is State.TRANSLATED, number, job.number,
                    )
                    for number, state, findings in rows
                ],
            )  # fmt: skip
            self._quick.write_many(
                "UPDATE segments SET output = NULL, findings = NULL, flagged = 0 WHERE unit = ?",
                [(number,) for number, state, _ in rows if STATE_NUMBERS[state] == PENDING],
            )

    def forget_outputs(self, job: JobRow) -> None:
        """Have all translations fitted to their places again."""
        self._quick.write(
            "UPDATE segments SET output = NULL, findings = NULL, flagged = 0"
            " WHERE document IN (SELECT number FROM documents WHERE job = ?)",
            (job.number,),
        )

    def forget_charsets(self, job: JobRow) -> None:
        """Take the charsets from the limits of all units: their documents are read anew."""
        rows = self._quick.rows(
            "SELECT id, limits FROM units WHERE id BETWEEN ? AND ? AND limits LIKE '%\"%'", unit_range(job.number)
        )
        self._quick.write_many(
            "UPDATE units SET limits = ? WHERE id = ?",
            [
                (limits_to_json(replace(limits_from_json(limits), charset=None)), number)
                for number, limits in cast("list[tuple[int, str]]", rows)
            ],
        )

    def limit_charset(self, job: JobRow, hashes: Iterable[bytes], charset: str) -> None:
        """Hold units to a charset that one of their documents is written in, where another has not done so already."""
        sql = "SELECT id, limits FROM units WHERE job = ? AND hash IN {in}"
        rows = cast("Iterable[tuple[int, str | None]]", self._quick.rows_in(sql, hashes, job.number))
        found = [(number, limits_from_json(limits)) for number, limits in rows]
        self._quick.write_many(
            "UPDATE units SET limits = ? WHERE id = ?",
            [
                (limits_to_json(replace(limits, charset=charset)), number)
                for number, limits in found
                if limits.charset is None
            ],
        )
