"""Keeps a server busy with a job's batches until all are settled: the only part of the engine that waits."""

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Protocol

from translator.core.backend import Backend, BackendError, BrokenReplyError, OverflowedError, Reply
from translator.core.work import Batch, Ledger, State
from translator.engine.agenda import AHEAD, Agenda, Item
from translator.engine.context import Histories, Window
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, Rates
from translator.engine.events import BatchSettled, OnRunEvent, RunTotals, Waiting
from translator.engine.patience import Patience
from translator.engine.plan import Fixed
from translator.engine.task import Question, Task, rules
from translator.engine.watch import Watch


class Stopper(Protocol):
    """What tells a run to stop: an asyncio.Event, or something like it."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    async def wait(self) -> object:
        """Return when it is set."""
        ...


@dataclass(frozen=True, slots=True)
class RunLimits:
    """How hard and how long a run tries. Times in seconds.

    parallel: requests in flight; None: as many as the server says that it runs at once, 1 where it does not say.
    stop: once set, no batch begins; those in flight have `grace` to end. patience: how long an outage may last, after
    something has come back; at_first: before anything has. pause, longest_pause: before asking again, doubled each
    time. broken: how often a request is sent again after broken replies before the ladder goes on without its answer.
    ahead: units read ahead of those that can be asked.
    """

    parallel: int | None = None
    stop: Stopper | None = None
    grace: float = 10.0
    patience: float = 90.0
    at_first: float = 2.0
    pause: float = 0.5
    longest_pause: float = 15.0
    broken: int = 3
    ahead: int = AHEAD


class Slots:
    """How many requests may be in flight at once."""

    def __init__(self, count: int) -> None:
        self.count = max(count, 1)
        self._free = asyncio.Semaphore(self.count)

    async def acquire(self) -> None:
        """Wait until one more request may be sent."""
        await self._free.acquire()

    def release(self) -> None:
        """A request has ended."""
        self._free.release()


class _HaltedError(Exception):
    """The run is ending: this batch is left as it was."""


async def translate(
    desk: Desk,
    *,
    backend: Backend,
    ledger: Ledger,
    limits: RunLimits,
    on_event: OnRunEvent = lambda _event: None,
    rates: Rates = DEFAULT,
) -> RunTotals:
    """Ask for all pending batches of `ledger` and settle each; returns when none is left, or when told to stop.

    Every unit of a settled batch has one outcome. A batch is settled as a whole when its whole ladder is done, so
    that a run that was cut off leaves it as it was, and the next one makes the same requests for it again.

    Raises the BackendError that made going on useless (no server for longer than the limits allow, no such model,
    refused) and whatever `ledger` raises; batches in flight then have `limits.grace` to end and are settled. Units
    that the model cannot do raise nothing: their outcome is failed.
    """
    count = limits.parallel
    if count is None:
        count = (await backend.describe(desk.model)).slots
    run = _Run(desk, backend=backend, ledger=ledger, limits=limits, on_event=on_event, rates=rates, count=count or 1)
    return await run.through()


class _Run:
    """One run: its workers take batches from the agenda; the slots bound the requests that are in flight."""

    def __init__(
        self,
        desk: Desk,
        *,
        backend: Backend,
        ledger: Ledger,
        limits: RunLimits,
        on_event: OnRunEvent,
        rates: Rates,
        count: int,
    ) -> None:
        self._desk = desk
        self._backend = backend
        self._ledger = ledger
        self._histories = Histories(desk, ledger)
        self._limits = limits
        self._on_event = on_event
        self._rules = rules(desk)
        self._fixed = Fixed.of(desk, rates)
        self._rates = rates
        self._slots = Slots(count)
        self._agenda = Agenda(ledger.pending(), chained=desk.profile.context.policy.waits, ahead=limits.ahead)
        self._patience = Patience(limits.patience, limits.at_first, pause=limits.pause, longest=limits.longest_pause)
        self._totals: RunTotals = RunTotals()
        # How many requests had been served when a text was given up though none had been since it was first asked.
        self._given_up_at: int | None = None
        self._halt = asyncio.Event()
        self._moved = asyncio.Event()

    async def through(self) -> RunTotals:
        """Run to the end, whatever end it is."""
        # One worker more than half again: while a batch is being stored, another's request takes its slot.
        workers = [asyncio.create_task(self._work()) for _ in range(self._slots.count + self._slots.count // 2 + 1)]
        stop = None if self._limits.stop is None else asyncio.create_task(self._limits.stop.wait())
        try:
            await self._until_done(workers, stop)
        finally:
            self._halt.set()
            for task in (*workers, *(() if stop is None else (stop,))):
                task.cancel()
            await asyncio.gather(*workers, *(() if stop is None else (stop,)), return_exceptions=True)
        for worker in workers:
            if not worker.cancelled() and (error := worker.exception()) is not None:
                raise error
        return replace(self._totals, stopped=not self._agenda.finished)

    async def _until_done(self, workers: "list[asyncio.Task[None]]", stop: "asyncio.Task[object] | None") -> None:
        """Wait for the workers; from the first error or the order to stop on, no longer than the grace."""
        running: set[asyncio.Task[None]] = set(workers)
        while running and not self._halt.is_set():
            waited: set[asyncio.Task[object] | asyncio.Task[None]] = set(running)
            if stop is not None:
                waited.add(stop)
            done, _ = await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
            running -= done
            if (stop in done) or any(task.exception() is not None for task in done):
                self._halt.set()
        self._moved.set()
        if running:
            await asyncio.wait(running, timeout=self._limits.grace)

    @property
    def _halted(self) -> bool:
        return self._halt.is_set() or (self._limits.stop is not None and self._limits.stop.is_set())

    async def _work(self) -> None:
        while not self._halted:
            item = self._agenda.take()
            if item is None:
                if self._agenda.finished:
                    self._moved.set()
                    return
                self._moved.clear()
                await self._moved.wait()
                continue
            try:
                await self._through_ladder(item)
            except _HaltedError:
                return
            # A backend that answers at once would keep the loop from everything else.
            await asyncio.sleep(0)

    async def _through_ladder(self, item: Item) -> None:
        """Ask for a batch until its ladder is done, and settle it."""
        batch = item.batch
        began = time.monotonic()
        before = self._histories.before(batch)
        task = await self._trusted(batch, before)
        outcomes = task.outcomes()
        await self._ledger.settle(batch, outcomes, task.attempts)
        self._agenda.settled(batch)
        self._moved.set()
        failed = sum(outcome.state is State.FAILED for outcome in outcomes)
        totals = self._totals
        self._totals = replace(
            totals,
            batches=totals.batches + 1,
            translated=totals.translated + len(outcomes) - failed,
            failed=totals.failed + failed,
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
        """A batch's task once it is done, done anew while it may be the server that failed and not the texts."""
        doubted = False
        while True:
            task = Task(batch, desk=self._desk, fixed=self._fixed, rates=self._rates, rules=self._rules, before=before)
            served = self._patience.successes
            broken: BrokenReplyError | None = None
            while (question := task.next()) is not None:
                broken = await self._ask(task, question) or broken
            if broken is None or all(outcome.state is not State.FAILED for outcome in task.outcomes()):
                return task
            advice = self._patience.failed(broken, time.monotonic(), 1)
            if self._patience.successes > served:
                # What was given up before something was served again gets a second chance.
                if doubted:
                    return task
                doubted = True
            elif not advice.over:
                doubted = False
            elif len(batch.units) > 1 or self._given_up_at == served:
                raise broken
            else:
                self._given_up_at = served
                return task
            await self._sleep(advice.pause, broken)

    async def _ask(self, task: Task, question: Question) -> BrokenReplyError | None:
        """Send a request until it is answered or it is clear that it will not be; what broke it for good, if it did."""
        times = broken = 0
        while True:
            watch = task.watch(question)
            try:
                answer = await self._send(question, again=question.again or times > 0, watch=watch)
            except OverflowedError as error:
                self._patience.succeeded()
                task.refused(question, error)
                return None
            except BackendError as error:
                times += 1
                advice = self._patience.failed(error, time.monotonic(), times)
                if isinstance(error, BrokenReplyError) and self._patience.successes:
                    broken += 1
                    if broken > self._limits.broken:
                        task.refused(question, error)
                        return error
                elif advice.over:
                    raise
                await self._sleep(advice.pause, error)
                continue
            self._patience.succeeded()
            task.answered(question, answer, watch)
            return None

    async def _send(self, question: Question, *, again: bool, watch: Watch) -> Reply:
        await self._slots.acquire()
        try:
            if self._halted and question.ask.number == 1:
                raise _HaltedError
            totals = self._totals
            self._totals = replace(totals, requests=totals.requests + 1, retries=totals.retries + again)
            answer = await self._backend.complete(question.request, on_token=watch)
        finally:
            self._slots.release()
        totals = self._totals
        self._totals = replace(
            totals,
            prompt_tokens=totals.prompt_tokens + answer.prompt_tokens,
            output_tokens=totals.output_tokens + answer.output_tokens,
            cached_tokens=totals.cached_tokens + answer.cached_tokens,
        )
        return answer

    async def _sleep(self, seconds: float, error: BackendError) -> None:
        """Pause before a request is sent again; ends at once when the run ends."""
        if self._halted:
            raise _HaltedError
        self._on_event(Waiting(str(error), seconds))
        try:
            await asyncio.wait_for(self._halt.wait(), seconds)
        except TimeoutError:
            return
        raise _HaltedError
