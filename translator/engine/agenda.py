"""Which batch may start next."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

from translator.core.work import Batch

AHEAD: Final = 20_000
"""Units that may be held before they start: some 20 MB."""

_STEP: Final = 500
"""Units that are read at a time, so that no reading keeps the answers waiting."""


@dataclass(frozen=True, slots=True)
class Item:
    """A batch that may start. work: the characters that it asks for."""

    batch: Batch
    work: int


@dataclass(slots=True, eq=False)
class _Run:
    """The batches of one run of a scene, as far as they are read and not taken. work: the characters in them."""

    number: int
    items: deque[Item] = field(default_factory=deque[Item])
    work: int = 0
    running: int = 0
    begun: bool = False


class Agenda:
    """A job's pending batches, read only as far as they are needed.

    chained: a batch waits until the one before it in its scene is settled. The scene of which a batch was just settled
    goes on first, since a server holds its texts; then others that have begun, then a new one. Among these the one with
    the most work left comes first, so that what is left in the end is short. Holds at most about `ahead` units that
    have not started, and reads them as it goes.

    Never stuck: whatever waits, waits for a batch that was taken or can be taken.
    """

    def __init__(self, pending: Iterator[Batch], *, chained: bool, ahead: int = AHEAD) -> None:
        self._pending: Iterator[Batch] | None = pending
        self._chained = chained
        self._ahead = ahead
        # The run of each batch that is held or taken and not settled.
        self._runs: dict[int, _Run] = {}
        # (less its work, its number, the run); an entry whose work is no longer right is passed over.
        self._fresh: deque[_Run] = deque()
        self._begun: list[tuple[int, int, _Run]] = []
        self._new: list[tuple[int, int, _Run]] = []
        self._held = 0
        self._work = 0

    def take(self) -> Item | None:
        """A batch that may start now; None when there is none until a batch is settled, or ever (`finished`)."""
        self._read()
        while (run := self._next()) is None:
            if not self._read():
                return None
        item = run.items.popleft()
        run.work -= item.work
        run.running += 1
        run.begun = True
        self._held -= len(item.batch.units)
        self._work -= item.work
        if not self._chained:
            self._offer(run)
        return item

    def settled(self, batch: Batch) -> None:
        """`batch` is stored: what waited for it may start."""
        run = self._runs.pop(batch.id, None)
        if run is None:
            return
        run.running -= 1
        if self._chained and run.items:
            self._fresh.append(run)
        else:
            self._offer(run)

    @property
    def finished(self) -> bool:
        """Whether all batches are settled."""
        return self._pending is None and not self._runs

    @property
    def left(self) -> float:
        """The characters of all that has not started; infinite while not all of it is read."""
        return self._work if self._pending is None else float("inf")

    def _next(self) -> _Run | None:
        while self._fresh:
            if self._can_start(run := self._fresh.popleft()):
                return run
        for heap in (self._begun, self._new):
            while heap:
                work, _, run = heappop(heap)
                if -work == run.work and run.begun == (heap is self._begun) and self._can_start(run):
                    return run
        return None

    def _can_start(self, run: _Run) -> bool:
        return bool(run.items) and not (self._chained and run.running)

    def _offer(self, run: _Run) -> None:
        if self._can_start(run):
            heappush(self._begun if run.begun else self._new, (-run.work, run.number, run))

    def _read(self) -> bool:
        """Read on, as far as there is something and room for it; whether there was."""
        stop = min(self._held + _STEP, self._ahead)
        if self._pending is None or self._held >= stop:
            return False
        grown: dict[int, _Run] = {}
        while self._held < stop:
            batch = next(self._pending, None)
            if batch is None:
                self._pending = None
                break
            run = self._add(batch)
            grown[run.number] = run
        for run in grown.values():
            self._offer(run)
        return True

    def _add(self, batch: Batch) -> _Run:
        run = None if batch.after is None else self._runs.get(batch.after)
        if run is None:
            run = _Run(batch.id)
        work = sum(len(unit.source) for unit in batch.units)
        self._runs[batch.id] = run
        run.items.append(Item(batch, work))
        run.work += work
        self._held += len(batch.units)
        self._work += work
        return run
