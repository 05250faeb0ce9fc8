"""Asking the server for all that a job has no answer for: first its names, then the texts that mention them."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from translator.core.backend import Host
from translator.core.work import Ledger, Unit
from translator.engine import plan
from translator.engine.calibration import Calibration
from translator.engine.events import BatchSettled, HostAway, HostBack, HostSeen, RunEvent, RunTotals
from translator.engine.run import Fallback, RunLimits
from translator.engine.run import translate as ask
from translator.store import Store
from translator.store.errors import StoreBusyError
from translator.store.rows import BatchRow, JobRow
from translator.workflow.counting import count_sample, recalled, remember
from translator.workflow.events import Notice, OnEvent, Started, Waiting
from translator.workflow.interrupt import Interruption
from translator.workflow.limited import LimitedLedger
from translator.workflow.naming import Naming, in_lists
from translator.workflow.progress import Pace
from translator.workflow.seen import Absent, Seen
from translator.workflow.server import Server

_KEPT_EVERY = 60.0
"""Seconds after which it is stored anew how the models count."""

_STOPPING = "Finishing the requests in flight ({:g} s at most); Ctrl-C again stops at once."


@dataclass(slots=True)
class Asker:
    """Asks for a job's pending texts.

    asked_for: the model's name as the user gave it. output: where the result goes, for people. limit: at most so
    many texts are asked, None: all. names_only: only names are. totals: what the requests came to so far, also when
    asking was cut off. seen: what was seen of the hosts. absent: those that it was said of that they are away.
    served: the hosts, by their and their model's names, that have answered. calibration: how the model counts;
    other_calibration: how the fallback model does. kept: when that was stored last.
    """

    store: Store
    interruption: Interruption
    on_event: OnEvent
    asked_for: str
    output: str
    limit: int | None = None
    names_only: bool = False
    totals: RunTotals = field(default_factory=RunTotals)
    seen: Seen = field(default_factory=Seen)
    absent: Absent = field(default_factory=Absent)
    served: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    calibration: Calibration = field(default_factory=Calibration)
    other_calibration: Calibration = field(default_factory=Calibration)
    kept: float = field(default_factory=time.monotonic)

    async def ask(self, row: JobRow, server: Server, naming: Naming) -> None:
        """Ask until nothing is left, or as much as the limit allows: the names first where they count.

        Raises KeyboardInterrupt when the user stopped it, and as the engine's `translate`.
        """
        store = self.store
        pace = self._begin(row, server)
        self.calibration = recalled(store, server.hosts)
        if server.fallback is not None:
            self.other_calibration = recalled(store, server.fallback.hosts)
        texts = (unit.source for unit in store.unbatched_units(row))
        await count_sample(server.hosts, texts, self.calibration)
        if self.names_only or (naming.used and store.takes_names(row)):
            await self._ask_names(row, server, naming, pace)
            if store.count_pending_names(row):  # the limit holds the rest back
                return
            naming.update(store, row)
            self._count_on(row, pace)
        if not self.names_only and (self.limit is None or self._left(self.limit) > 0):
            await self._phase(row, server, pace)

    async def _ask_names(self, row: JobRow, server: Server, naming: Naming, pace: Pace) -> None:
        """Ask for names in rounds, as `Naming.share` parts them: each after the names that stand in it."""
        waiting = naming.share(self.store, row)
        while self.store.count_pending_names(row) and (self.limit is None or self._left(self.limit) > 0):
            await self._phase(row, server, pace, names=True, but=waiting)
            waiting = naming.share(self.store, row)

    def _begin(self, row: JobRow, server: Server) -> Pace:
        counts = self.store.counts(row)
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
        return Pace(total=total, answered=answered, per_unit=counts.segments.total / max(counts.units.total, 1))

    def _count_on(self, row: JobRow, pace: Pace) -> None:
        """What had an answer may be asked again: for a name that is called otherwise now."""
        units = self.store.counts(row).units
        pace.answered = units.translated + units.failed - self._settled

    async def _phase(
        self, row: JobRow, server: Server, pace: Pace, *, names: bool = False, but: Collection[int] = ()
    ) -> None:
        """Ask for what is pending, or for the names in it. but: units that are not put into batches yet."""
        ledger = self._batches(row, server, names=names, but=but)
        limits = RunLimits(stop=self.interruption.event)
        before = self.totals
        self.seen.begin()
        self.interruption.check()
        try:
            with self.interruption.orderly(lambda: self.on_event(Notice(_STOPPING.format(limits.grace)))):
                totals = await ask(
                    server.desk,
                    hosts=self._hosts(server.hosts),
                    ledger=ledger,
                    limits=limits,
                    on_event=self._teller(server, pace, before),
                    fallback=self._fallback(server),
                    calibration=self.calibration,
                )
        except StoreBusyError:
            self.store.hurry()  # it was waited for long enough
            raise
        finally:
            self._remember(server)
        self.totals = before.plus(totals)
        self.interruption.check()

    def _remember(self, server: Server) -> None:
        """Keep what was seen for the next run."""
        if self.interruption.wanted:
            self.store.hurry()
        try:
            self.seen.remember(self.store, self.asked_for)
            self._keep(server)
        except StoreBusyError:
            # Speeds are found again. What else is to be stored fails for itself, and says what was lost by it.
            return

    def _keep(self, server: Server) -> None:
        """Keep how the models count."""
        self.kept = time.monotonic()
        remember(self.store, server.hosts, self.calibration)
        if server.fallback is not None:
            remember(self.store, server.fallback.hosts, self.other_calibration)

    @property
    def _settled(self) -> int:
        return self.totals.translated + self.totals.failed

    def _left(self, limit: int) -> int:
        """How many texts the limit still allows."""
        return max(limit - self._settled, 0)

    def _batches(self, row: JobRow, server: Server, *, names: bool, but: Collection[int]) -> Ledger:
        """Put what is not planned yet into batches; the record of all that this phase asks."""
        store = self.store
        found: Iterable[Unit] = store.unbatched_units(row, names=names)
        if names:
            found = in_lists(unit for unit in found if unit.id not in but)
        left = None if self.limit is None else self._left(self.limit)
        if left is not None:
            found = islice(found, max(left - store.count_batched(row, names=names), 0))
        batches = plan.plan(found, desk=server.desk, first_id=store.next_batch(row), rates=self.calibration.rates)
        # A list of names is no scene: no batch of it waits for another one.
        store.assign_batches(
            row, (BatchRow(b.id, b.scene, None if names else b.after, [u.id for u in b.units]) for b in batches)
        )
        ledger = store.ledger(row, names=names)
        return ledger if left is None else LimitedLedger(ledger, left)

    def _teller(self, server: Server, pace: Pace, before: RunTotals) -> Callable[[RunEvent], None]:
        """Tells what happens; before: what earlier phases came to."""

        def tell(event: RunEvent) -> None:
            if isinstance(event, BatchSettled):
                self.totals = before.plus(event.totals)
                self.on_event(pace.after(replace(event, totals=self.totals)))
                if time.monotonic() - self.kept > _KEPT_EVERY:  # a kill loses no more of it
                    with suppress(StoreBusyError):
                        self._keep(server)
            elif isinstance(event, HostSeen):
                self.seen.tell(event)
                if event.output_tokens:
                    self.served.add((event.host, event.model))
            elif isinstance(event, HostAway | HostBack):
                said = self.absent.away(event) if isinstance(event, HostAway) else self.absent.back(event)
                if said is not None:
                    self.on_event(said)
            else:
                self.on_event(Waiting(event.reason, event.seconds))

        return tell

    def _hosts(self, hosts: Sequence[Host]) -> tuple[Host, ...]:
        """Hosts with what earlier phases found: one that answered there is waited for when it goes away now."""
        return tuple(
            replace(host, seen=host.seen or (host.name, host.model) in self.served) for host in self.seen.known(hosts)
        )

    def _fallback(self, server: Server) -> Fallback | None:
        given = server.fallback
        return given and replace(given, hosts=self._hosts(given.hosts), calibration=self.other_calibration)
