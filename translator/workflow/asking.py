"""Asking the server for all that a job has no answer for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from translator.core.work import Ledger
from translator.engine import plan
from translator.engine.events import BatchSettled, RunEvent, RunTotals
from translator.engine.run import RunLimits
from translator.engine.run import translate as ask
from translator.store import Store
from translator.store.rows import BatchRow, JobRow
from translator.workflow.events import OnEvent, Started, Waiting
from translator.workflow.interrupt import Interruption
from translator.workflow.limited import LimitedLedger
from translator.workflow.progress import Pace
from translator.workflow.server import Server


@dataclass(slots=True)
class Asker:
    """Asks for a job's pending texts.

    asked_for: the model's name as the user gave it. output: where the result goes, for people. limit: at most so
    many texts are asked, None: all. totals: what the requests came to so far, also when asking was cut off.
    """

    store: Store
    interruption: Interruption
    on_event: OnEvent
    asked_for: str
    output: str
    limit: int | None = None
    totals: RunTotals = field(default_factory=RunTotals)

    async def ask(self, row: JobRow, server: Server) -> None:
        """Ask until nothing is left, or as much as the limit allows.

        Raises KeyboardInterrupt when the user stopped it, and as the engine's `translate`.
        """
        store, desk = self.store, server.desk
        ledger = self._batches(row, server)
        counts = store.counts(row)
        total = counts.units.total - counts.units.kept
        answered = counts.units.translated + counts.units.failed
        self.on_event(
            Started(
                job=row.id,
                segments=counts.segments.total,
                unique=total,
                answered=answered,
                model=server.model.name,
                profile=server.profile.id,
                output=self.output,
            )
        )
        pace = Pace(total=total, answered=answered, per_unit=counts.segments.total / max(counts.units.total, 1))
        limits = RunLimits(parallel=server.parallel, stop=self.interruption.event)
        self.interruption.asking = True
        try:
            self.totals = await ask(
                desk, backend=server.backend, ledger=ledger, limits=limits, on_event=self._teller(pace)
            )
        finally:
            self.interruption.asking = False
        if pace.tokens_per_second and self.totals.requests:
            for name in {server.model.name, self.asked_for}:  # `scan` knows what was asked for only
                store.remember_server(server.backend.name, name, tokens_per_second=pace.tokens_per_second)
        if self.interruption.wanted:
            raise KeyboardInterrupt

    def _batches(self, row: JobRow, server: Server) -> Ledger:
        """Put what is not planned yet into batches; the record of all that this run asks."""
        store, limit = self.store, self.limit
        units = store.unbatched_units(row)
        if limit is not None:
            units = islice(units, max(limit - store.count_batched(row), 0))
        batches = plan.plan(units, desk=server.desk, first_id=store.next_batch(row))
        store.assign_batches(row, (BatchRow(b.id, b.scene, b.after, [u.id for u in b.units]) for b in batches))
        ledger = store.ledger(row)
        return ledger if limit is None else LimitedLedger(ledger, limit)

    def _teller(self, pace: Pace) -> Callable[[RunEvent], None]:
        def tell(event: RunEvent) -> None:
            if isinstance(event, BatchSettled):
                self.totals = event.totals
                self.on_event(pace.after(event))
            else:
                self.on_event(Waiting(event.reason, event.seconds))

        return tell
