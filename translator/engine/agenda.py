"""Which batch may start next."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from translator.core.work import Batch

AHEAD: Final = 20_000
"""Units that may be held while they wait for a predecessor: some 20 MB."""


@dataclass(frozen=True, slots=True)
class Item:
    """A batch that may start. sources: those of the batch before it in its scene, where that was just read too."""

    batch: Batch
    sources: tuple[str, ...] | None = None


class Agenda:
    """A job's pending batches, read only as far as they are needed.

    chained: a batch waits until the one before it in its scene is settled. A scene that has begun goes on before a
    new one begins. Reads at most `ahead` units beyond those that can start, so that one long scene does not keep
    the others from being found; what is behind that is read when something has settled.

    Never stuck: whatever waits, waits for a batch that was taken or can be taken.
    """

    def __init__(self, pending: Iterator[Batch], *, chained: bool, ahead: int = AHEAD) -> None:
        self._pending: Iterator[Batch] | None = pending
        self._chained = chained
        self._ahead = ahead
        self._last: Batch | None = None
        self._ready: deque[Item] = deque()
        self._waiting: dict[int, list[Item]] = {}
        self._open: set[int] = set()
        self._held = 0

    def take(self) -> Item | None:
        """A batch that may start now; None when there is none until a batch is settled, or ever (`finished`)."""
        if self._ready:
            return self._ready.popleft()
        while self._pending is not None and self._held < self._ahead:
            batch = next(self._pending, None)
            if batch is None:
                self._pending = None
                break
            before, self._last = self._last, batch
            self._open.add(batch.id)
            item = Item(batch)
            if before is not None and before.id == batch.after:
                item = Item(batch, tuple(unit.source for unit in before.units))
            if not self._chained or batch.after is None or batch.after not in self._open:
                return item
            self._waiting.setdefault(batch.after, []).append(item)
            self._held += len(batch.units)
        return None

    def settled(self, batch: Batch) -> None:
        """`batch` is stored: what waited for it may start."""
        self._open.discard(batch.id)
        for follower in self._waiting.pop(batch.id, ()):
            self._held -= len(follower.batch.units)
            self._ready.append(follower)

    @property
    def finished(self) -> bool:
        """Whether all batches are settled."""
        return self._pending is None and not self._open
