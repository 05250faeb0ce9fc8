"""What a job has read and is going to ask: documents, segments, units, batches."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Unpack, cast

from translator.core.collector import collector_paused
from translator.core.finding import Finding, Severity
from translator.core.segment import Role
from translator.core.work import State, Unit
from translator.store.database import Value
from translator.store.encoding import (
    findings_to_json,
    glossary_from_json,
    glossary_to_json,
    limits_from_json,
    limits_to_json,
    numbers_to_json,
    strings_from_json,
    strings_to_json,
)
from translator.store.part import Part
from translator.store.rows import (
    STATE_NUMBERS,
    BatchRow,
    DocumentFields,
    DocumentRow,
    JobRow,
    SegmentRow,
    SettledRow,
    UnitRow,
)
from translator.store.schema import NAMES_OFF, unit_range

# Rows per transaction and per page: large enough that the rest costs nothing, small enough that nobody waits long.
_WRITTEN_AT_ONCE = 5000
_READ_AT_ONCE = 1000

UNIT_COLUMNS = "id, source, role, scene, format, speaker, notes, limits, glossary"
UnitColumns = tuple[int, str, str, str, str, str | None, str | None, str | None, str | None]
_NAMES_ONLY = " AND role = 'name'"
_ROLES = {role.value: role for role in Role}

PENDING = STATE_NUMBERS[State.PENDING]
FAILED = STATE_NUMBERS[State.FAILED]
TRANSLATED = STATE_NUMBERS[State.TRANSLATED]
_FORGET_SOME = (
    f"DELETE FROM units WHERE id IN (SELECT id FROM units WHERE job = ? AND batch IS NULL AND state = {PENDING}"  # noqa: S608 - constants
    f" LIMIT {_WRITTEN_AT_ONCE})"
)


def unit(row: UnitColumns) -> Unit:
    """A unit from its UNIT_COLUMNS."""
    number, source, role, scene, format_id, speaker, notes, limits, glossary = row
    # Most have neither notes nor entries; a million of them are read at a time.
    return Unit(
        number, source, _ROLES[role], scene, format_id, speaker,
        strings_from_json(notes) if notes else (),
        limits_from_json(limits),
        glossary_from_json(glossary) if glossary else (),
    )  # fmt: skip


def is_flagged(findings: Sequence[Finding]) -> bool:
    """Whether a person should look at it."""
    return any(f.severity is not Severity.INFO for f in findings)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of numbers that follow on each other."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield numbers[start], numbers[place - 1]
            start = place


class Plan(Part):
    """The store's methods for what a job reads and asks. All of it can be worked out again from the input."""

    @contextmanager
    def together(self) -> Generator[None]:
        """Store what is added inside as one, all or nothing: several times faster than each for itself.

        Other processes wait meanwhile, so read the files before and store about 20,000 segments at a time.
        """
        with self._quick.transaction():
            yield

    def documents(self, job: JobRow) -> list[DocumentRow]:
        """The job's documents in reading order."""
        rows = self._quick.rows(
            "SELECT ordinal, path, format, digest, segments, notices FROM documents WHERE job = ? ORDER BY ordinal",
            (job.number,),
        )
        return [
            DocumentRow(*row[:5], strings_from_json(row[5]))
            for row in cast("list[tuple[int, str, str, str, int, str | None]]", rows)
        ]

    def replace_document(
        self,
        job: JobRow,
        segments: Sequence[SegmentRow],
        *,
        notices: Sequence[str] = (),
        **document: Unpack[DocumentFields],
    ) -> None:
        """Store a document and its segments in reading order, in place of what stood at its ordinal."""
        with self._quick.transaction():
            # Its units may mention names: they have not been compared with the entries of names yet.
            self._quick.write(
                "UPDATE jobs SET names_digest = '' WHERE number = ? AND names_digest NOT IN ('', ?)",
                (job.number, NAMES_OFF),
            )
            self._quick.write("DELETE FROM documents WHERE job = ? AND ordinal = ?", (job.number, document["ordinal"]))
            number = self._quick.insert(
                "INSERT INTO documents (job, ordinal, path, format, digest, segments, notices)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    job.number, document["ordinal"], document["path"], document["format"], document["digest"],
                    len(segments), strings_to_json(notices),
                ),
            )  # fmt: skip
            self._quick.write_many(
                "INSERT INTO segments (document, position, unit, key) VALUES (?, ?, ?, ?)",
                ((number, position, segment.unit, segment.key) for position, segment in enumerate(segments)),
            )

    def forget_unplanned(self, job: JobRow) -> None:
        """Forget the units that are in no batch yet, and all documents, which are to be read again.

        So that the order of what is still to be asked is the reading order again, whatever of it was read before.
        """
        if next(self.unbatched_units(job), None) is None:
            return
        for (document,) in self._quick.rows("SELECT number FROM documents WHERE job = ?", (job.number,)):
            self._quick.write("DELETE FROM documents WHERE number = ?", (document,))
        while self._quick.write(_FORGET_SOME, (job.number,)):
            pass

    def trim_documents(self, job: JobRow, count: int) -> None:
        """Forget the documents from this ordinal on: the input has only `count` of them now."""
        self._quick.write("DELETE FROM documents WHERE job = ? AND ordinal >= ?", (job.number, count))

    def add_output(self, job: JobRow, path: str, *, written: str, original: str, durable: bool) -> None:
        """Note the digest of what is about to be written for a file, and of the file that it was made from.

        durable: it must survive a power cut.
        """
        connection = self._durable if durable else self._quick
        connection.write(
            "INSERT OR REPLACE INTO outputs (job, path, written, original) VALUES (?, ?, ?, ?)",
            (job.number, path, written, original),
        )

    def outputs(self, job: JobRow) -> dict[str, dict[str, str]]:
        """By a file's path: the digest of all that the job ever wrote for it, each with that of its original."""
        found: dict[str, dict[str, str]] = {}
        rows = self._quick.rows("SELECT path, written, original FROM outputs WHERE job = ?", (job.number,))
        for path, written, original in cast("list[tuple[str, str, str]]", rows):
            found.setdefault(path, {})[written] = original
        return found

    def add_units(self, job: JobRow, units: Iterable[UnitRow]) -> dict[bytes, int]:
        """Store units in reading order; the ids of all of them by hash.

        A hash that the job has already keeps its unit as it stands, with its batch and its translation.
        """
        ids: dict[bytes, int] = {}
        stream = iter(units)
        while part := list(islice(stream, _WRITTEN_AT_ONCE)):
            with self._quick.transaction():
                ids |= self.unit_ids(job, {row.hash for row in part})
                self._quick.write_many(
                    "INSERT INTO units (id, job, state, flagged, from_memory, run, hash, role, format, scene, speaker,"
                    " source, target, findings, notes, limits, glossary, binding)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    self._new_units(job, part, ids),
                )
        return ids

    def _new_units(self, job: JobRow, units: Iterable[UnitRow], ids: dict[bytes, int]) -> Iterator[tuple[Value, ...]]:
        """The columns of those units that `ids` does not have yet; adds them to it."""
        number: int | None = None
        for row in units:
            if row.hash in ids:
                continue
            if number is None:
                number = self._last_unit(job)
            number += 1
            ids[row.hash] = number
            yield (
                number, job.number, STATE_NUMBERS[row.state], is_flagged(row.findings), row.from_memory, job.runs,
                row.hash, row.role.value, row.format, row.scene, row.speaker, row.source, row.target,
                findings_to_json(row.findings), strings_to_json(row.notes), limits_to_json(row.limits),
                glossary_to_json(row.glossary), row.binding,
            )  # fmt: skip

    def _last_unit(self, job: JobRow) -> int:
        """The highest id that the job has, or had: what was asked for a forgotten unit is not to become another's."""
        low, high = unit_range(job.number)
        ((last,),) = self._quick.rows(
            "SELECT max(coalesce((SELECT max(id) FROM units WHERE id BETWEEN ? AND ?), 0),"
            # The units of a batch stand in the order of their ids.
            " coalesce((SELECT max(json_extract(units, '$[#-1]')) FROM batches WHERE job = ?), 0), ?)",
            (low, high, job.number, low),
        )
        return cast("int", last)

    def unit_ids(self, job: JobRow, hashes: Iterable[bytes]) -> dict[bytes, int]:
        """The ids of those units that the job has, by hash."""
        sql = "SELECT hash, id FROM units WHERE job = ? AND hash IN {in}"
        return dict(cast("Iterable[tuple[bytes, int]]", self._quick.rows_in(sql, hashes, job.number)))

    def prune_units(self, job: JobRow) -> int:
        """Forget the units that no segment shows any more (their text or a glossary entry changed); how many.

        The memory keeps their translations. A unit of a format that the job no longer has (another engine was asked
        for) becomes one of the format in which its text stands now. To be called when all documents are stored.
        """
        pruned = self._quick.write(
            "DELETE FROM units WHERE id BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM segments WHERE unit = units.id)",
            unit_range(job.number),
        )
        self._quick.write(
            "UPDATE units SET format = (SELECT documents.format FROM segments JOIN documents"
            " ON documents.number = segments.document WHERE segments.unit = units.id ORDER BY ordinal LIMIT 1)"
            " WHERE id BETWEEN ? AND ? AND format NOT IN (SELECT format FROM documents WHERE job = ?)",
            (*unit_range(job.number), job.number),
        )
        return pruned

    def settle_units(self, job: JobRow, rows: Iterable[SettledRow]) -> None:
        """Store how units stand that were decided without a model: a memory hit, an edit, nothing to translate.

        PENDING asks a unit again.
        """
        stream = (
            (
                STATE_NUMBERS[row.state], row.target, findings_to_json(row.findings), is_flagged(row.findings),
                row.from_memory, job.runs, row.unit, job.number,
            )
            for row in rows
        )  # fmt: skip
        while part := list(islice(stream, _WRITTEN_AT_ONCE)):
            self._quick.write_many(
                "UPDATE units SET state = ?, target = ?, findings = ?, flagged = ?, from_memory = ?, run = ?"
                " WHERE id = ? AND job = ?",
                part,
            )

    def reset_failed(self, job: JobRow) -> int:
        """Ask failed units again; how many there are. They stay in their batches."""
        return self._quick.write(
            f"UPDATE units SET state = {PENDING}, findings = NULL, flagged = 0 WHERE job = ? AND state = {FAILED}",  # noqa: S608 - constants
            (job.number,),
        )

    def recall_pending(self, job: JobRow) -> int:
        """Settle the units that another job has answered since they were read; how many."""
        return self._quick.write(
            f"UPDATE units SET state = {TRANSLATED}, from_memory = 1, run = ?,"  # noqa: S608 - constants
            " target = (SELECT target FROM memory WHERE hash = coalesce(units.asked, units.hash))"
            f" WHERE job = ? AND state = {PENDING}"
            " AND EXISTS (SELECT 1 FROM memory WHERE hash = coalesce(units.asked, units.hash))",
            (job.runs, job.number),
        )

    def count_batched(self, job: JobRow, *, names: bool = False) -> int:
        """How many units still to be asked are in batches already. names: of names only."""
        only = _NAMES_ONLY if names else ""
        sql = f"SELECT count(*) FROM units WHERE job = ? AND batch IS NOT NULL AND state = {PENDING}{only}"  # noqa: S608 - constants
        return cast("int", self._quick.rows(sql, (job.number,))[0][0])

    def next_batch(self, job: JobRow) -> int:
        """The first id that is free for a new batch."""
        ((last,),) = self._quick.rows("SELECT max(id) FROM batches WHERE job = ?", (job.number,))
        return 0 if last is None else cast("int", last) + 1

    def assign_batches(self, job: JobRow, batches: Iterable[BatchRow]) -> None:
        """Pin batches: from now on these units are asked together. A batch's id must be new."""
        stream = iter(batches)
        while True:
            with collector_paused():  # a million texts are read and put together, none of them in a cycle
                part = list(islice(stream, _WRITTEN_AT_ONCE))
            if not part:
                return
            with self._quick.transaction():
                self._quick.write_many(
                    "INSERT INTO batches (job, id, after, scene, units) VALUES (?, ?, ?, ?, ?)",
                    ((job.number, batch.id, batch.after, batch.scene, numbers_to_json(batch.units)) for batch in part),
                )
                # The plus sign keeps SQLite from looking through all units of the job instead of the range.
                self._quick.write_many(
                    "UPDATE units SET batch = ? WHERE id BETWEEN ? AND ? AND +job = ?",
                    ((batch.id, *ids, job.number) for batch in part for ids in _runs(batch.units)),
                )

    def unbatched_units(self, job: JobRow, *, names: bool = False) -> Generator[Unit]:
        """The units still to be asked that are in no batch, in reading order, read as they are consumed.

        names: of names only.
        """
        last, only = -1, _NAMES_ONLY if names else ""
        while True:
            rows = cast(
                "list[UnitColumns]",
                self._quick.rows(
                    f"SELECT {UNIT_COLUMNS} FROM units WHERE job = ? AND batch IS NULL AND state = {PENDING}{only}"  # noqa: S608 - constants
                    f" AND id > ? ORDER BY id LIMIT {_READ_AT_ONCE}",
                    (job.number, last),
                ),
            )
            yield from map(unit, rows)
            if len(rows) < _READ_AT_ONCE:
                return
            last = rows[-1][0]
