"""A model server's slots without a clock: what is read and written by when, at fixed rates. Times are passed in.

A token is one character from U+2E80 on (kana, Chinese characters, full-width signs), or up to four others in a row.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

CHUNK = 0.02
"""The least time between two parts of one answer (seconds), so that who reads them is not what is measured."""

_TOKEN = re.compile("[\u2e80-\U0010ffff]|[^\u2e80-\U0010ffff]{1,4}")
_NEARLY = 1e-6
"""Tokens; a rate times a time is not exact."""
_INSTANT = 1e-9
_NEVER = float("inf")


def tokens(text: str) -> list[str]:
    """The text in pieces of one token each."""
    return _TOKEN.findall(text)


def common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


@dataclass(frozen=True, slots=True)
class Speed:
    """What a server can do. slots: requests at once. prefill, decode: tokens/s of each slot, whatever the others do.

    totals: instead of `decode`, tokens/s of all slots together while 1, 2, … of them write; the last stands for more.
    """

    slots: int = 4
    prefill: float = 2000.0
    decode: float = 100.0
    totals: tuple[float, ...] = ()

    def each(self, writing: int) -> float:
        """Tokens/s of each slot while so many write."""
        if not self.totals:
            return self.decode
        return self.totals[min(writing, len(self.totals)) - 1] / max(writing, 1)


@dataclass(slots=True, eq=False)
class Job:
    """One request: its prompt as the model sees it, and its answer in tokens. Times in seconds.

    stuck_after: it falls silent after so many tokens and keeps its slot. slot: the one that it wants, else the one
    that it got. written: tokens so far (not whole while one is being made). cached: the prompt's tokens that the slot
    held already.
    """

    prompt: str
    pieces: Sequence[str]
    sent: float
    stuck_after: int | None = None
    slot: int | None = None
    start: float | None = None
    first: float | None = None
    end: float | None = None
    prompt_tokens: int = 0
    cached: int = 0
    written: float = 0.0

    def __post_init__(self) -> None:
        self.prompt_tokens = len(tokens(self.prompt))

    @property
    def whole(self) -> int:
        """The tokens that are written by now."""
        return int(self.written + _NEARLY)

    @property
    def goal(self) -> int:
        """The token with which it ends or gets stuck."""
        return len(self.pieces) if self.stuck_after is None else min(self.stuck_after, len(self.pieces))

    @property
    def stuck(self) -> bool:
        """Whether it has fallen silent for good."""
        return self.stuck_after is not None and self.first is not None and self.whole >= self.goal


@dataclass(slots=True)
class _Slot:
    held: str = ""
    job: Job | None = None
    used: float = 0.0


@dataclass(slots=True)
class Simulation:
    """The slots and the queue in front of them (first come, first served, without end, as Ollama's).

    A request gets the free slot that holds the longest beginning of its prompt; among equals the one that was used
    least recently. At least one token of a prompt is always read. on_end hears of each job that is written whole.
    """

    speed: Speed
    on_end: Callable[[Job], None] = field(default=lambda _job: None)
    now: float = 0.0
    queue: list[Job] = field(default_factory=list[Job])
    busy: float = 0.0
    _slots: list[_Slot] = field(init=False)

    def __post_init__(self) -> None:
        self._slots = [_Slot() for _ in range(self.speed.slots)]

    @property
    def running(self) -> list[Job]:
        """The jobs that have a slot."""
        return [slot.job for slot in self._slots if slot.job is not None]

    def arrive(self, job: Job, now: float) -> None:
        """A request has come."""
        self.advance(now)
        self.queue.append(job)
        self._fill()

    def leave(self, job: Job, now: float) -> None:
        """A client has gone: its request is dropped, whether it waits or runs."""
        self.advance(now)
        if job in self.queue:
            self.queue.remove(job)
            return
        for slot in self._slots:
            if slot.job is job:
                self._free(slot)
                self._fill()

    def advance(self, now: float) -> None:
        """Let time pass: all that ends until `now` ends at its own moment, and what waited begins at that moment."""
        while (at := self.next()) <= now:
            self._write_until(at)
            self._turn()
        self._write_until(now)

    def next(self) -> float:
        """When the next slot changes what it does; infinite while none will."""
        rate = self._rate()
        return min((self._turns(slot.job, rate) for slot in self._slots if slot.job is not None), default=_NEVER)

    def part_at(self, job: Job, given: int) -> float:
        """When a running job will have more than `given` tokens, if nothing changes before; infinite: never."""
        if job.first is None or given >= job.goal:
            return _NEVER
        return self.now + max(given + 1 - job.written, 0.0) / self._rate()

    def _turns(self, job: Job, rate: float) -> float:
        if job.first is None:
            return self._read(job)
        return _NEVER if job.stuck else self.now + max(job.goal - job.written, 0.0) / rate

    def _read(self, job: Job) -> float:
        """When a job's prompt is read."""
        return (job.start or 0.0) + (job.prompt_tokens - job.cached) / self.speed.prefill

    def _rate(self) -> float:
        return self.speed.each(max(sum(job.first is not None and not job.stuck for job in self.running), 1))

    def _write_until(self, at: float) -> None:
        rate = self._rate()
        for job in self.running:
            if job.first is not None and not job.stuck:
                job.written = min(job.written + rate * max(at - self.now, 0.0), job.goal)
        self.now = max(self.now, at)

    def _turn(self) -> None:
        """Do what is due now."""
        rate = self._rate()
        for slot in self._slots:
            job = slot.job
            if job is None or self._turns(job, rate) > self.now + _INSTANT:
                continue
            if job.first is None:
                job.first = self._read(job)
                continue
            job.written = job.goal
            if job.stuck_after is None:
                self._free(slot)
                self.on_end(job)
        self._fill()

    def _free(self, slot: _Slot) -> None:
        job = slot.job
        if job is None:
            return
        job.end = self.now
        slot.held = job.prompt + "".join(job.pieces[: job.whole])
        slot.job, slot.used = None, self.now
        self.busy += self.now - (job.start or 0.0)

    def _fill(self) -> None:
        """Give free slots to what waits."""
        for job in tuple(self.queue):
            free = [
                (common(slot.held, job.prompt), -slot.used, -index)
                for index, slot in enumerate(self._slots)
                if slot.job is None and job.slot in (None, index)
            ]
            if not free:
                continue
            held, _, last = max(free)
            job.slot, job.start = -last, self.now
            job.cached = max(min(len(tokens(job.prompt[:held])), job.prompt_tokens - 1), 0)
            self._slots[-last].job = job
            self.queue.remove(job)
