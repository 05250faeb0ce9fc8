"""A running job's record: what is still to be asked, and answers committed as they come."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import cast

from translator.core.work import Attempt, Batch, Outcome, Recorded, Unit
from translator.store.database import Connection
from translator.store.encoding import findings_to_json, numbers_from_json, numbers_to_json
from translator.store.errors import StoreBusyError
from translator.store.plan import PENDING, UNIT_COLUMNS, UnitColumns, unit
from translator.store.rows import STATE_NUMBERS, JobRow

Work = Callable[[Connection], None]
_READ_AT_ONCE = 1000
# What has queued up is committed at once, but other processes must have their turn too.
_GROUP = 500

_UNSTORED = (
    "wait for it or end it, then run the command again; all answers before were stored, "
    "and the latest will be asked for again"
)

_UNIT_COLUMNS = ", ".join(f"u.{column}" for column in UNIT_COLUMNS.split(", "))
_PENDING = (
    f"SELECT {_UNIT_COLUMNS}, b.id, b.scene, b.after, b.units FROM units u"  # noqa: S608 - constants
    " JOIN batches b ON b.job = u.job AND b.id = u.batch"
    f" WHERE u.job = ? AND u.state = {PENDING} AND (u.batch, u.id) > (?, ?)"
)
_IN_ORDER = f" ORDER BY u.batch, u.id LIMIT {_READ_AT_ONCE}"
_ANY = _PENDING + _IN_ORDER
_NAMES = _PENDING + " AND u.role = 'name'" + _IN_ORDER
_CHAIN = """
WITH RECURSIVE chain(id, after, place) AS (
    SELECT id, after, 0 FROM batches WHERE job = ? AND id = ?
    UNION ALL
    SELECT b.id, b.after, chain.place + 1 FROM chain JOIN batches b ON b.job = ? AND b.id = chain.after
)
SELECT id FROM chain ORDER BY place DESC"""
_PendingRow = tuple[int, str, str, str, str, str | None, str | None, str | None, str | None, int, str, int | None, str]


class GroupWriter:
    """Commits what several tasks hand in at about the same time in one transaction, on a thread of its own.

    A commit waits for the disk; so the many that wait for it share one wait.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._queue: queue.SimpleQueue[tuple[Work, Future[None]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, work: Work) -> Future[None]:
        """Do `work` in the next transaction; the result comes when it is committed, or raises StoreError."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
            self._thread.start()
        future: Future[None] = Future()
        self._queue.put((work, future))
        return future

    def close(self) -> None:
        """Commit what is queued and end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, ended = [first], False
            while len(group) < _GROUP and not self._queue.empty():
                # This thread is the only reader: what is in the queue now is still there.
                entry = self._queue.get()
                if entry is None:
                    ended = True
                    break
                group.append(entry)
            self._commit(group)
            if ended:
                return

    def _commit(self, group: Sequence[tuple[Work, Future[None]]]) -> None:
        try:
            with self._connection.transaction():
                for work, _ in group:
                    work(self._connection)
        except StoreBusyError as error:
            # Whoever holds the database has been waited for already; it is no fault of any single one.
            unstored = StoreBusyError(str(error), hint=_UNSTORED)
            for _, future in group:
                future.set_exception(unstored)
        except Exception as error:  # noqa: BLE001 - raised again in the tasks that wait for it
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            # What cannot be stored costs only its own: the others' answers are good.
            for each in group:
                self._commit([each])
        else:
            for _, future in group:
                future.set_result(None)


async def _error(done: Future[None]) -> BaseException | None:
    """Wait for what another thread does; what it failed with.

    Whoever is cancelled meanwhile does not cancel it. It may end when the loop is closed already, and nobody hears it:
    asyncio's own way would then complain, on the user's screen, of an error that nobody asked for.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Future[BaseException | None] = loop.create_future()

    def hear(error: BaseException | None) -> None:
        if not told.done():
            told.set_result(error)

    def tell(future: Future[None]) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(hear, future.exception())

    done.add_done_callback(tell)
    return await told


@dataclass(frozen=True, slots=True)
class JobLedger:
    """`core.work.Ledger` over the store. Its job's `runs` marks the answers that it settles.

    names: what is pending of names only, see `Store.ledger`.
    """

    job: JobRow
    recipe: int
    connection: Connection
    writer: GroupWriter
    names: bool = False

    def pending(self) -> Generator[Batch]:
        """The batches with units still to be asked, in order, read as they are consumed.

        A batch that is partly settled comes with what is missing.
        """
        sql = _NAMES if self.names else _ANY
        last, rest = (-1, -1), list[_PendingRow]()
        while True:
            rows = cast("list[_PendingRow]", self.connection.rows(sql, (self.job.number, *last)))
            ended = len(rows) < _READ_AT_ONCE
            groups = [list(group) for _, group in groupby(rest + rows, key=lambda row: row[9])]
            # The last batch of a page may go on in the next one.
            rest = [] if ended else groups.pop()
            for group in groups:
                *_, batch_id, scene, after, planned = group[0]
                whole = len(numbers_from_json(planned)) == len(group)
                yield Batch(batch_id, scene, tuple(unit(row[:9]) for row in group), after, whole)
            if ended:
                return
            last = (rows[-1][9], rows[-1][0])

    def recorded(self, batch: int) -> Recorded | None:
        """A batch with all its units that are still asked for, settled or not; None: there is none of this id."""
        rows = self.connection.rows(
            "SELECT units, scene, after FROM batches WHERE job = ? AND id = ?", (self.job.number, batch)
        )
        if not rows:
            return None
        ids, scene, after = cast("tuple[str, str, int | None]", rows[0])
        numbers = numbers_from_json(ids)
        sql = f"SELECT {UNIT_COLUMNS}, target FROM units WHERE id IN {{in}}"  # noqa: S608 - constants
        found: dict[int, tuple[Unit, str | None]] = {}
        for row in self.connection.rows_in(sql, numbers):
            *columns, target = row
            found[cast("int", row[0])] = (unit(cast("UnitColumns", columns)), cast("str | None", target))
        kept = [found[number] for number in numbers if number in found]
        whole = Batch(batch, scene, tuple(each for each, _ in kept), after, whole=len(kept) == len(numbers))
        return Recorded(whole, tuple(target for _, target in kept))

    def chain(self, batch: int) -> list[int]:
        """The ids of a batch and of those before it in its scene, the first one first."""
        rows = self.connection.rows(_CHAIN, (self.job.number, batch, self.job.number))
        return [cast("int", number) for (number,) in rows]

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        """Store a batch's outcomes, put the translations into the memory, keep the attempts.

        Returns when all of it would survive a power cut. The answer is stored even if the task is cancelled meanwhile.
        Raises StoreError; then nothing of it is stored.
        """
        done = self.writer.submit(lambda connection: self._store(connection, batch.id, outcomes, attempts))
        error = await _error(done)
        if error is not None:
            raise error

    def _store(
        self, connection: Connection, batch: int, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]
    ) -> None:
        now = time.time()
        connection.write_many(
            "UPDATE units SET state = ?, target = ?, findings = ?, flagged = ?, from_memory = 0, run = ?"
            " WHERE id = ? AND job = ?",
            [
                (
                    STATE_NUMBERS[o.state], o.target, findings_to_json(o.findings), o.flagged, self.job.runs, o.unit,
                    self.job.number,
                )
                for o in outcomes
            ],
        )  # fmt: skip
        connection.write_many(
            "INSERT INTO memory (hash, recipe, created, source, target)"
            " SELECT coalesce(asked, hash), ?, ?, source, ? FROM units WHERE id = ? AND job = ?"
            " ON CONFLICT (hash) DO UPDATE SET recipe = excluded.recipe, created = excluded.created,"
            " target = excluded.target",
            [(self.recipe, now, o.target, o.unit, self.job.number) for o in outcomes if o.target is not None],
        )
        connection.write_many(
            "INSERT INTO attempts (job, batch, attempt, created, host, prompt_hash, sampling, stop, prompt_tokens,"
            " output_tokens, seconds, units, findings, reply, model)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self.job.number, batch, a.number, now, a.host, a.prompt_hash, a.sampling, a.stop, a.prompt_tokens,
                    a.output_tokens, a.seconds, numbers_to_json(a.units), findings_to_json(a.findings), a.reply,
                    a.model,
                )
                for a in attempts
            ],
        )  # fmt: skip
