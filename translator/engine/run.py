"""Keeps a job's hosts busy with its batches until all are settled."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from translator.core.backend import BackendError, BrokenReplyError, Host
from translator.core.work import Attempt, Batch, Ledger, Outcome, Recorded, State
from translator.engine.agenda import Agenda, Item
from translator.engine.calibration import Calibration
from translator.engine.context import Histories, Window
from translator.engine.desk import Desk
from translator.engine.ending import Ending, HaltedError, RunLimits, Stopper
from translator.engine.events import BatchSettled, HostAway, OnRunEvent, RunTotals
from translator.engine.hosts import FIRST_REST, LONGEST_REST
from translator.engine.measuring import Measure
from translator.engine.patience import Rest
from translator.engine.sending import Sender
from translator.engine.task import Question, Task, rules

__all__ = ["Fallback", "RunLimits", "Stopper", "translate"]

_MOST_ASIDE: Final = 64
"""Batches that may wait for the fallback model beside those that keep the job's own busy."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Another model for the texts that the job's own cannot do: how it is asked, where, and how it counts."""

    desk: Desk
    hosts: Sequence[Host]
    calibration: Calibration = field(default_factory=Calibration)


async def translate(
    desk: Desk,
    *,
    hosts: Sequence[Host],
    ledger: Ledger,
    limits: RunLimits,
    on_event: OnRunEvent = lambda _event: None,
    calibration: Calibration | None = None,
    fallback: Fallback | None = None,
) -> RunTotals:
    """Ask for all pending batches of `ledger` and settle each; returns when none is left, or when told to stop.

    Every unit of a settled batch has one outcome. A batch is settled as a whole when its whole ladder is done, so
    that a run that was cut off leaves it as it was, and the next one makes the same requests for it again.

    calibration: what is known of how the model counts; what is learnt is added to it.

    hosts: the servers that have the desk's model, each under a name of its own; a request goes to one of them. One
    that fails is left alone for a while, and its work goes to the others.

    Raises the BackendError that made going on useless, once no host is left (no server for longer than the limits
    allow, no such model, refused), and whatever `ledger` raises; batches in flight then have `limits.grace` to end
    and are settled. Units that the model cannot do raise nothing: their outcome is failed.
    """
    measure = Measure(desk, calibration or Calibration())
    run = _Run(desk, hosts=hosts, ledger=ledger, limits=limits, on_event=on_event, measure=measure, fallback=fallback)
    return await run.through()


class _Answered:
    """A ledger with what is answered and not yet stored."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._found: dict[int, Recorded] = {}

    def put(self, batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """A batch has its outcomes: it is shown as if they were stored."""
        if batch.whole:
            self._found[batch.id] = Recorded(batch, tuple(outcome.target for outcome in outcomes))
            return
        recorded = self._ledger.recorded(batch.id)
        if recorded is None:
            return
        targets = {unit.id: target for unit, target in zip(recorded.batch.units, recorded.targets, strict=True)}
        targets |= {outcome.unit: outcome.target for outcome in outcomes}
        self._found[batch.id] = Recorded(recorded.batch, tuple(targets[unit.id] for unit in recorded.batch.units))

    def drop(self, batch: Batch) -> None:
        """A batch is stored."""
        self._found.pop(batch.id, None)

    def recorded(self, batch: int) -> Recorded | None:
        """A batch as it stands, stored or not."""
        return self._found.get(batch) or self._ledger.recorded(batch)

    def chain(self, batch: int) -> Sequence[int]:
        """As the ledger."""
        return self._ledger.chain(batch)

    def pending(self) -> Iterator[Batch]:
        """As the ledger."""
        return self._ledger.pending()

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        """As the ledger."""
        await self._ledger.settle(batch, outcomes, attempts)


class _Run:
    """One run: batches are taken from the agenda as long as hosts have room; the sender gives each request its host."""

    def __init__(
        self,
        desk: Desk,
        *,
        hosts: Sequence[Host],
        ledger: Ledger,
        limits: RunLimits,
        on_event: OnRunEvent,
        measure: Measure,
        fallback: Fallback | None,
    ) -> None:
        self._desk = desk
        self._ledger = ledger
        self._answered = _Answered(ledger)
        self._histories = Histories(desk, self._answered)
        self._limits = limits
        self._on_event = on_event
        self._rules = rules(desk)
        self._measure = measure
        self._chained = desk.profile.context.policy.waits
        self._agenda = Agenda(ledger.pending(), chained=self._chained, ahead=limits.ahead)
        self._ending = Ending(limits)
        self._host_count = len(hosts)
        self._sender = self._sender_to(hosts, measure)
        self._fallback = None if fallback is None else self._sender_to_fallback(fallback)
        self._fallback_rest = Rest(FIRST_REST, LONGEST_REST)
        self._aside: set[int] = set()
        self._settled = RunTotals()
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: set[int] = set()
        self._errors: list[BaseException] = []
        self._over = asyncio.Event()
        # How many requests had been served when a text was given up though none had been since it was first asked.
        self._given_up_at: int | None = None

    def _sender_to(self, hosts: Sequence[Host], measure: Measure) -> Sender:
        return Sender(
            hosts,
            ending=self._ending,
            on_event=self._on_event,
            on_change=self._fill,
            left=lambda: self._agenda.left,
            measure=measure,
            sticky=self._chained,
        )

    def _sender_to_fallback(self, fallback: Fallback) -> Sender:
        # What the job is without it, it should not be less with it: it is waited for as one that was there before.
        hosts = [replace(host, seen=True) for host in fallback.hosts]
        return self._sender_to(hosts, Measure(fallback.desk, fallback.calibration))

    @property
    def _senders(self) -> list[Sender]:
        return [self._sender, *([] if self._fallback is None else [self._fallback])]

    @property
    def _totals(self) -> RunTotals:
        totals = self._settled
        for sender in self._senders:
            totals = totals.plus(sender.totals)
        return totals

    async def through(self) -> RunTotals:
        """Run to the end, whatever end it is."""
        self._fill()
        try:
            await self._until_done()
        finally:
            self._ending.halt.set()
            left = tuple(self._tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            for sender in self._senders:
                sender.close()
        for sender in self._senders:
            sender.tell_all()
        if self._errors:
            raise self._errors[0]
        return replace(self._totals, stopped=not self._agenda.finished)

    async def _until_done(self) -> None:
        """Wait for all batches; from the first error or the order to stop on, no longer than the grace."""
        stop = self._limits.stop
        waits: list[asyncio.Task[object]] = [asyncio.create_task(self._over.wait())]
        if stop is not None:
            waits.append(asyncio.create_task(stop.wait()))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        self._ending.halt.set()
        for sender in self._senders:
            sender.dispatch()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=self._limits.grace)

    def _fill(self) -> None:
        """Begin as many batches as keep the hosts busy."""
        allowed = self._sender.pool.allowed
        while not self._ending.halted and self._has_room(allowed):
            try:
                item = self._agenda.take()
            except Exception as error:  # noqa: BLE001 - a fault of the ledger ends the run, and is raised there
                self._fail(error)
                return
            if item is None:
                break
            self._asked.add(item.batch.id)
            task = asyncio.create_task(self._through_ladder(item))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        if not self._tasks:
            self._over.set()

    def _has_room(self, allowed: int) -> bool:
        """Whether another batch may begin, with so many requests allowed. Those that the fallback model is asked for
        take up no place.
        """
        aside = min(len(self._aside), _MOST_ASIDE)
        if self._chained:
            # No more scenes than that, so that each keeps its place: its next batch begins before its last is stored.
            return len(self._asked) - aside < allowed
        # Half as many more: while one is being stored or prepared, another's request takes its place.
        return len(self._tasks) - aside < allowed + allowed // 2 + 1

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A batch's task has ended, well or not."""
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, HaltedError):
            self._fail(error)
        self._fill()

    def _fail(self, error: BaseException) -> None:
        self._errors.append(error)
        self._ending.halt.set()
        self._over.set()

    async def _through_ladder(self, item: Item) -> None:
        """Ask for a batch until its ladder is done, and settle it."""
        batch = item.batch
        began = time.monotonic()
        before = self._histories.before(batch)
        try:
            task = await self._trusted(batch, before)
        finally:
            self._aside.discard(batch.id)
        outcomes = task.outcomes()
        self._asked.discard(batch.id)
        if self._chained:
            # The next batch of the scene begins while this one is stored: its slot would idle meanwhile.
            self._answered.put(batch, outcomes)
            self._histories.prepared(batch, task.prepared)
            self._agenda.settled(batch)
            self._fill()
        await self._ledger.settle(batch, outcomes, task.attempts)
        if self._chained:
            self._answered.drop(batch)
        else:
            self._agenda.settled(batch)
        failed = sum(outcome.state is State.FAILED for outcome in outcomes)
        settled = self._settled
        self._settled = replace(
            settled,
            batches=settled.batches + 1,
            translated=settled.translated + len(outcomes) - failed,
            failed=settled.failed + failed,
        )
        self._on_event(
            BatchSettled(
                batch.id,
                len(outcomes) - failed,
                failed,
                sum(attempt.prompt_tokens for attempt in task.attempts),
                sum(attempt.output_tokens for attempt in task.attempts),
                time.monotonic() - began,
                self._totals,
            )
        )

    async def _trusted(self, batch: Batch, before: Window) -> Task:
        """A batch's task once it is done, taken up again while it may be the server that failed and not the texts."""
        task = Task(
            batch,
            measure=self._measure,
            rules=self._rules,
            before=before,
            fallback=self._standing_in,
            hosts=self._host_count,
        )
        doubted = False
        while True:
            served = self._sender.pool.successes
            broken = await self._through(task, batch)
            if broken is None or all(outcome.state is not State.FAILED for outcome in task.outcomes()):
                return task
            if self._sender.pool.successes > served or await self._sender.serves():
                # What was given up before something was served again gets a second chance.
                if doubted:
                    return task
                doubted = True
            else:
                advice = self._sender.doubt(broken)
                if not advice.over:
                    doubted = False
                elif len(batch.units) > 1 or self._given_up_at == served:
                    raise broken
                else:
                    self._given_up_at = served
                    return task
                await self._sender.sleep(advice.pause, broken)
            self._aside.discard(batch.id)
            task.again(self._standing_in)

    async def _through(self, task: Task, batch: Batch) -> BrokenReplyError | None:
        """Ask what a task asks until it is done; what broke a request for good at the job's own model, if anything."""
        broken: BrokenReplyError | None = None
        while (question := task.next()) is not None:
            if question.fallback and self._fallback is not None:
                await self._ask_aside(self._fallback, task, question, batch)
            else:
                broken = await self._sender.ask(task, question, batch.scene) or broken
        return broken

    async def _ask_aside(self, fallback: Sender, task: Task, question: Question, batch: Batch) -> None:
        """Ask the fallback model. Where it is not to be had, the job goes on without it for a while."""
        if batch.id not in self._aside:
            self._aside.add(batch.id)
            self._fill()
        try:
            broken = await fallback.ask(task, question, batch.scene)
            if broken is None:
                self._fallback_rest.served()
            elif fallback.doubt(broken).over:
                raise broken
        except BackendError as error:
            pause = self._fallback_rest.failed(time.monotonic())
            for member in fallback.pool.members:
                self._on_event(HostAway(member.host.name, str(error), pause))
            task.abandon(error)

    @property
    def _standing_in(self) -> Measure | None:
        """The fallback model, while it is to be had."""
        there = self._fallback is not None and self._fallback_rest.over(time.monotonic())
        return self._fallback.measure if there and self._fallback is not None else None
