"""Sends requests to a job's hosts: each waits for its turn, goes to one host, and is sent again where that may help."""

import asyncio
import time
from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from translator.core.backend import (
    Abort,
    Backend,
    BackendError,
    BrokenReplyError,
    Counts,
    Host,
    OverflowedError,
    PromptRefusedError,
    RefusedError,
    Reply,
    Request,
    Stop,
)
from translator.engine.ending import Ending, HaltedError
from translator.engine.events import HostAway, HostBack, HostSeen, OnRunEvent, RunTotals, Waiting
from translator.engine.hosts import SILENT, Flight, Hosts, Member, Verdict
from translator.engine.looks import Looks
from translator.engine.measuring import Measure
from translator.engine.patience import Advice, Patience
from translator.engine.plan import probe
from translator.engine.task import OUT_OF_TIME, Question, Task
from translator.engine.watch import Watch


@dataclass(slots=True, order=True)
class _Turn:
    """A request that waits for a host. late: 0 for one that goes on with a batch, which comes before new batches."""

    late: int
    number: int
    flight: "asyncio.Future[Flight]" = field(compare=False)
    scene: str = field(compare=False)
    work: int = field(compare=False)
    avoid: frozenset[str] = field(compare=False)


class Sender:
    """Sends what tasks ask to the hosts of one model.

    on_change: told when a host may have room that it had not. left: the characters of all that has not begun.
    measure: learns from all answers how long prompts are. sticky: whether a scene's next request begins as its last
    one did.
    """

    def __init__(
        self,
        hosts: Sequence[Host],
        *,
        ending: Ending,
        on_event: OnRunEvent,
        on_change: Callable[[], None],
        left: Callable[[], float],
        measure: Measure,
        sticky: bool = False,
    ) -> None:
        limits = ending.limits
        self.pool = Hosts(
            hosts,
            lambda: Patience(limits.patience, limits.at_first, pause=limits.pause, longest=limits.longest_pause),
            sticky=sticky,
        )
        self.totals: RunTotals = RunTotals()
        self.measure = measure
        self._ending = ending
        self._on_event = on_event
        self._on_change = on_change
        self._left = left
        self._waiting: list[_Turn] = []
        self._turns = 0
        self._told: dict[int, tuple[int | None, int]] = {}
        self._looks = Looks()
        self._alarm: asyncio.TimerHandle | None = None
        self._cannot_count: set[str] = set()
        self._probing = asyncio.Lock()
        self._minded: dict[int, asyncio.TimerHandle] = {}

    async def ask(self, task: Task, question: Question, scene: str) -> BrokenReplyError | None:
        """Send a request until it is answered or it is clear that it will not be; what broke it for good, if it did.

        Raises the BackendError of the last host when none is left, and HaltedError.
        """
        times = broken = 0
        avoid = question.avoid
        while True:
            watch = task.watch(question)
            flight = await self._flight(question, scene, avoid)
            name = flight.member.host.name
            allowed = task.allowed(question)
            again = question.again or times > 0
            try:
                answer = await self._send(question, flight, again=again, watch=watch, allowed=allowed)
            except OverflowedError as overflow:
                self._works(flight.member)
                self.measure.overflowed(question.request)
                task.refused(question, overflow, host=name)
                return None
            except BackendError as failure:
                error = await self._cause(failure, flight)
                if error is None:
                    self._works(flight.member)
                    task.refused(question, failure, host=name)
                    return None
                times += 1
                pause = self._failed(flight, error, times)
                if isinstance(error, BrokenReplyError) and self.pool.successes:
                    broken += 1
                    avoid |= {name}
                    if pause is None or broken > self._ending.limits.broken or _worked(flight) >= allowed:
                        task.refused(question, error, name, time.monotonic() - flight.sent, _worked(flight))
                        return error
                elif pause is None:
                    raise error from failure
                if isinstance(error, BrokenReplyError):
                    task.broke(question, error, name, time.monotonic() - flight.sent, _worked(flight))
                if pause >= 0:
                    await self.sleep(pause, error)
                continue
            self._works(flight.member)
            self.pool.served(flight, answer, time.monotonic())
            await self._looks.at(flight.member)
            # An answer that was cut off has used up all that it was allowed, however the clock rounds.
            late = answer.abort is not None and answer.abort.code == OUT_OF_TIME
            task.answered(question, answer, watch, name, allowed if late else _worked(flight))
            return None

    async def _cause(self, failure: BackendError, flight: Flight) -> BackendError | None:
        """What is wrong with a host that a request failed at; None: nothing is, it does not take that prompt.

        One that has served nothing yet is asked for a word that nobody refuses.
        """
        if not isinstance(failure, PromptRefusedError):
            return failure
        member = flight.member
        async with self._probing:  # the first requests are refused side by side; one of them asks
            if member.dropped or member.over or member.patience.successes:
                return failure if member.dropped or member.over else None
            error = await self._probed(member)
            return failure if isinstance(error, RefusedError) else error

    async def serves(self) -> bool:
        """Whether a host answers to a word that nobody refuses and that breaks no server."""
        now = time.monotonic()
        for member in [member for member in self.pool.alive if member.until <= now]:
            if await self._probed(member) is None:
                return True
        return False

    async def _probed(self, member: Member) -> BackendError | None:
        """What keeps a host from answering to the simplest of requests, if anything does."""
        self.totals = replace(self.totals, requests=self.totals.requests + 1)
        try:
            await member.host.backend.complete(replace(probe(self.measure.desk), model=member.host.model))
        except OverflowedError:
            pass  # it is there, and has a very small window
        except BackendError as error:
            return error
        self._works(member)
        return None

    def doubt(self, error: BrokenReplyError) -> Advice:
        """Whether it is still worth while to ask anybody, after a request was given up with `error`."""
        return self.pool.doubt(error, time.monotonic())

    async def sleep(self, seconds: float, error: BackendError) -> None:
        """Pause before a request is sent again. Raises HaltedError at once when the run ends."""
        if self._ending.halted:
            raise HaltedError
        self._on_event(Waiting(str(error), seconds))
        try:
            await asyncio.wait_for(self._ending.halt.wait(), seconds)
        except TimeoutError:
            return
        raise HaltedError

    def dispatch(self) -> None:
        """Send what can be sent now; when the run ends, let go of what has not begun."""
        now = time.monotonic()
        if self._ending.halted:
            awake = any(member.until <= now for member in self.pool.alive)
            for turn in [turn for turn in self._waiting if turn.late or not awake]:
                self._waiting.remove(turn)
                if not turn.flight.done():
                    turn.flight.set_exception(HaltedError())
        self._waiting = [turn for turn in self._waiting if not turn.flight.done()]
        left = self._left() + sum(turn.work for turn in self._waiting)
        for turn in tuple(self._waiting):
            member = self.pool.choose(turn.scene, turn.work, now, avoid=turn.avoid, left=left)
            if member is None:
                continue
            self._waiting.remove(turn)
            left -= turn.work
            turn.flight.set_result(self.pool.send(member, turn.scene, turn.work, now))
        self._wake_for_the_next(now)

    def tell_all(self) -> None:
        """Tell what is known now of each host that was asked."""
        for member in self.pool.members:
            if member.requests:
                self._tell(member)

    def close(self) -> None:
        """End what still waits for a time."""
        for alarm in (self._alarm, *self._minded.values()):
            if alarm is not None:
                alarm.cancel()

    async def _flight(self, question: Question, scene: str, avoid: frozenset[str]) -> Flight:
        """Wait for a host that takes the request."""
        late = int(question.ask.number == 1)
        if late and self._ending.halted:
            raise HaltedError
        self._turns += 1
        work = sum(len(line) for ready in question.asked for line in ready.lines)
        waiting: asyncio.Future[Flight] = asyncio.get_running_loop().create_future()
        insort(self._waiting, _Turn(late, self._turns, waiting, scene, work, avoid))
        self.dispatch()
        flight = await waiting
        if late and self._ending.halted:
            self._over(flight)
            raise HaltedError
        return flight

    async def _send(self, question: Question, flight: Flight, *, again: bool, watch: Watch, allowed: float) -> Reply:
        """Send a request to its host; what has come of an answer that takes longer than `allowed` seconds."""
        host = flight.member.host
        totals = self.totals
        self.totals = replace(totals, requests=totals.requests + 1, retries=totals.retries + again)
        flight.member.requests += 1
        request = replace(question.request, model=host.model, slot=flight.slot if host.named else None)
        if flight.member.number not in self._minded:
            self._mind(flight.member)
        listener = _Listener(self, flight, watch)
        # Until it begins it may wait for a slot, or for the model to be loaded: that is no work on it.
        limit = asyncio.timeout(None)

        def begun() -> None:
            self._begun(flight)
            limit.reschedule(asyncio.get_running_loop().time() + allowed)

        try:
            request = await self.count(request, host.backend)
            async with limit:
                answer = await host.backend.complete(request, on_token=listener, on_begin=begun)
        except TimeoutError:
            if not limit.expired():
                raise
            # A watch would not do: it hears neither a thought nor silence.
            cut = Abort(OUT_OF_TIME, f"the answer was stopped after {allowed:.0f} s: its texts have had their time")
            seconds = time.monotonic() - flight.sent
            answer = Reply(listener.text, Stop.ABORTED, seconds=seconds, abort=cut)
        finally:
            self._over(flight)
        self.measure.answered(request, answer)
        totals = self.totals
        self.totals = replace(
            totals,
            prompt_tokens=totals.prompt_tokens + answer.prompt_tokens,
            output_tokens=totals.output_tokens + answer.output_tokens,
            cached_tokens=totals.cached_tokens + (answer.cached_tokens or 0),
        )
        return answer

    async def count(self, request: Request, backend: Backend) -> Request:
        """Have a request near the window counted where the server can; what of it fits. Raises OverflowedError if it is
        too long.
        """
        if not isinstance(backend, Counts) or backend.name in self._cannot_count or not self.measure.in_doubt(request):
            return request
        try:
            tokens = await backend.tokens("\n".join(filter(None, request.texts)), request.model)
        except BackendError:
            return request  # not now: the request itself will show what is wrong, and the next one is counted again
        if tokens is None:
            self._cannot_count.add(backend.name)
            return request
        return self.measure.counted(request, tokens)

    def _begun(self, flight: Flight) -> None:
        self.pool.begun(flight, time.monotonic())
        self._changed(flight.member)

    def grew(self, flight: Flight, characters: int) -> None:
        """An answer has grown."""
        slots = flight.member.slots
        allowed = slots.allowed
        slots.grew(characters, time.monotonic())
        if slots.allowed != allowed:
            self._changed(flight.member)

    def _over(self, flight: Flight) -> None:
        """A request is no longer in flight."""
        self.pool.ended(flight, time.monotonic())
        # The one that asked goes on first: its next request may want this place.
        asyncio.get_running_loop().call_soon(self._changed, flight.member)

    def _changed(self, member: Member) -> None:
        if self._told.get(member.number) != (member.slots.found, member.slots.allowed):
            self._tell(member)
        self._on_change()
        if self._waiting:
            self.dispatch()

    def _tell(self, member: Member) -> None:
        slots = member.slots
        self._told[member.number] = (slots.found, slots.allowed)
        self._on_event(
            HostSeen(
                member.host.name,
                member.host.model,
                slots.found,
                slots.allowed,
                member.requests,
                member.output_tokens,
                member.tokens_per_second,
                member.cached_share,
                member.told_tokens,
            )
        )

    def _works(self, member: Member) -> None:
        if self.pool.works(member, time.monotonic()):
            self._on_event(HostBack(member.host.name))

    def _failed(self, flight: Flight, error: BackendError, times: int) -> float | None:
        """The seconds to pause before a request is sent again, -1 where it only needs a host; None: nobody is left."""
        name = flight.member.host.name
        now = time.monotonic()
        ruling = self.pool.failed(flight, error, now, times)
        if ruling.verdict is Verdict.OVER:
            return None
        if ruling.verdict is Verdict.AGAIN:
            return ruling.pause
        if ruling.dropped or ruling.rests:
            self._on_event(HostAway(name, str(error), None if ruling.dropped else ruling.pause))
            wait = self.pool.next_try(now)
            if wait is not None and all(member.until > now for member in self.pool.alive):
                self._on_event(Waiting(str(error), wait))
            self.dispatch()
        return -1.0

    def _mind(self, member: Member, told: float = 0.0) -> None:
        """Say of a host that it gives no sign for long, and do not wait for it. told: the silence that was told of."""
        self._minded.pop(member.number, None)
        if not member.flights:
            return
        silent = member.silent(time.monotonic())
        told = told if silent > told else 0.0
        if silent >= max(SILENT, 2 * told):
            told = silent
            self._on_event(Waiting(f"{member.host.name} has been silent for {silent:.0f} s", None))
            self.dispatch()
        later = max(max(SILENT, 2 * told) - silent, 1.0)
        self._minded[member.number] = asyncio.get_running_loop().call_later(later, self._mind, member, told)

    def _wake_for_the_next(self, now: float) -> None:
        """See to it that requests that wait are sent when a host that is left alone is to be tried again."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        wait = self.pool.next_try(now)
        if self._waiting and wait is not None:
            self._alarm = asyncio.get_running_loop().call_later(wait, self.dispatch)


class _Listener:
    """Hears an answer grow, for its watch and for the host's slots."""

    __slots__ = ("_flight", "_sender", "_watch", "text")

    def __init__(self, sender: Sender, flight: Flight, watch: Watch) -> None:
        self._sender = sender
        self._flight = flight
        self._watch = watch
        self.text = ""

    def __call__(self, text: str) -> Abort | None:
        """Look at the whole text so far."""
        self._sender.grew(self._flight, len(text) - len(self.text))
        self.text = text
        return self._watch(text)


def _worked(flight: Flight) -> float:
    """The seconds for which the model was at work on an answer, the reading of the prompt left out."""
    return 0.0 if flight.begun is None else time.monotonic() - flight.begun
