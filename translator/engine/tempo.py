"""Whether a server writes more with fewer requests in flight than it has slots.

Pure, like `slots`. Now and then, at growing intervals, half as many are sent for a moment. Only where that costs
next to nothing, it is tried for longer; and only where it then gives clearly more, it is kept, until all slots are
tried again.
"""

from enum import Enum
from typing import Final

_CLEARLY: Final = 1.05
"""How much more fewer must give."""

_HINT: Final = 0.95
"""What share of the speed half as many must reach for a moment to be tried for longer."""

_TURNS: Final = 3
"""Answers for each slot that a speed is measured over."""

_LEAST: Final = 24
"""Answers that a speed is measured over at least."""

_REST: Final = 5
"""Answers for each slot before half as many are sent for a moment at first; each time after four times as many."""

_PARTS: Final = 3
"""Parts that each answer must have grown by, the first not counted, for a glance to be enough."""


class _Phase(Enum):
    FULL = "full"
    DRAIN = "drain"
    GLANCE = "glance"
    SETTLE = "settle"
    TRIAL = "trial"
    FEWER = "fewer"


class Tempo:
    """Chooses between all slots and half of them, and half of these, by the characters that come in a second."""

    def __init__(self) -> None:
        self._best: int | None = None
        self._tried: int | None = None
        self._phase = _Phase.FULL
        self._slots = 0
        self._ends = 0
        self._rest = 0
        self._seconds = 0.0
        self._characters = 0
        self._parts = 0
        self._speed = 0.0

    @property
    def limit(self) -> int | None:
        """How many requests may be in flight; None: as many as the slots allow."""
        return self._tried if self._tried is not None else self._best

    def passed(self, level: int, seconds: float) -> None:
        """That long, `level` answers streamed."""
        if level:
            self._seconds += seconds

    def grew(self, level: int, characters: int) -> None:
        """Answers have grown by that many characters while `level` of them streamed."""
        if not level:
            return
        self._characters += characters
        self._parts += 1
        if self._phase is not _Phase.GLANCE or self._tried is None:
            return
        if self._parts == self._tried:
            # What came so far was in part written before.
            self._seconds, self._characters = 0.0, 0
        elif self._parts >= _PARTS * self._tried:
            self._glance()

    def ended(self, slots: int, *, in_flight: int) -> None:
        """One of `in_flight` requests has ended, of a server that has `slots`."""
        if slots != self._slots:  # what was measured was measured of another server, or before it was known
            self._slots = slots
            self._best = self._tried = None
            self._rest = max(_LEAST, _REST * slots)
            self._begin(_Phase.FULL)
            return
        self._ends += 1
        top = self._best or slots
        if self._phase in {_Phase.FULL, _Phase.FEWER}:
            self._steady(top, in_flight)
        elif self._phase is _Phase.DRAIN:
            if in_flight - 1 <= (self._tried or 1):
                self._begin(_Phase.GLANCE)
        elif self._phase is _Phase.GLANCE:
            if self._ends > 2 * (self._tried or 1):  # answers that come in one part tell nothing
                self._back()
        elif self._phase is _Phase.SETTLE:
            if self._ends > top:
                self._begin(_Phase.TRIAL)
        elif self._ends >= max(_LEAST, _TURNS * (self._tried or 1)):
            self._decide()

    def _steady(self, top: int, in_flight: int) -> None:
        if in_flight < top:  # the job has too little to do for now: that says nothing of the server
            self._begin(self._phase)
            return
        if self._ends < self._rest:
            return
        self._speed = self._measured()
        if self._best is not None and self._phase is _Phase.FEWER:
            # All slots once more: they are measured as if they were the trial, against what fewer gave.
            self._tried = self._slots
            self._begin(_Phase.SETTLE)
        elif top > 1 and self._speed > 0:
            self._tried = top // 2
            self._begin(_Phase.DRAIN)

    def _glance(self) -> None:
        if self._measured() >= _HINT * self._speed:
            self._begin(_Phase.SETTLE)
        else:
            self._back()

    def _decide(self) -> None:
        speed, tried = self._measured(), self._tried
        if tried == self._slots:
            # Fewer are kept only while they give clearly more.
            if self._speed <= _CLEARLY * speed:
                self._best = None
        elif speed > _CLEARLY * self._speed:
            self._best = tried
        self._back()

    def _back(self) -> None:
        self._tried = None
        self._rest *= 4
        self._begin(_Phase.FULL if self._best is None else _Phase.FEWER)

    def _begin(self, phase: _Phase) -> None:
        self._phase = phase
        self._ends = 0
        self._seconds = 0.0
        self._characters = 0
        self._parts = 0

    def _measured(self) -> float:
        return self._characters / self._seconds if self._seconds > 0 else 0.0
