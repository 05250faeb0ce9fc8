"""Whether a server writes more with fewer requests in flight than it has slots and one.

Pure, like `slots`. Two things are tried, at growing intervals, and kept only where they pay:

- Half as many as there are slots, first for a moment. Only where that costs next to nothing, it is tried for longer;
  and only where it then gives clearly more, it is kept, until all slots are tried again.
- Where a scene's next request repeats its last one: just as many as there are slots. Then none waits, and a scene's
  next request finds the slot free that holds its beginning; but a slot idles while that request is made. One more is
  kept in flight only where that gives more.
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
    """STEADY: nothing is tried. DRAIN, GLANCE: half as many for a moment. SETTLE, TRIAL: something for longer."""

    STEADY = "steady"
    DRAIN = "drain"
    GLANCE = "glance"
    SETTLE = "settle"
    TRIAL = "trial"


class Tempo:
    """Chooses how many requests are in flight by the characters that come in a second.

    sticky: a scene's next request begins as its last one did.
    """

    def __init__(self, *, sticky: bool = False) -> None:
        self._sticky = sticky
        self._best: int | None = None
        self._tried: int | None = None
        self._phase = _Phase.STEADY
        self._slots = 0
        self._ends = 0
        self._rest = 0
        self._tries = 0
        self._seconds = 0.0
        self._characters = 0
        self._parts = 0
        self._speed = 0.0

    @property
    def limit(self) -> int | None:
        """How many requests may be in flight; None: one more than there are slots."""
        return self._tried if self._tried is not None else self._best

    def passed(self, level: int, seconds: float, *, in_flight: int) -> None:
        """That long, `level` answers streamed, and `in_flight` requests were on their way."""
        if level or (in_flight and self._phase is not _Phase.GLANCE):
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
            if self._measured() >= _HINT * self._speed:
                self._begin(_Phase.SETTLE)
            else:
                self._back()

    def ended(self, slots: int, *, in_flight: int) -> None:
        """One of `in_flight` requests has ended, of a server that has `slots`."""
        if slots != self._slots:  # what was measured was measured of another server, or before it was known
            self._slots = slots
            self._best = self._tried = None
            self._tries = 0
            self._rest = self._window(slots) if self._sticky else max(_LEAST, _REST * slots)
            self._begin(_Phase.STEADY)
            return
        self._ends += 1
        tried = self._tried or 1
        if self._phase is _Phase.STEADY:
            self._steady(in_flight)
        elif self._phase is _Phase.DRAIN:
            if in_flight - 1 <= tried:
                self._begin(_Phase.GLANCE)
        elif self._phase is _Phase.GLANCE:
            if self._ends > 2 * tried:  # answers that come in one part tell nothing
                self._back()
        elif self._phase is _Phase.SETTLE:
            if self._ends > slots:
                self._begin(_Phase.TRIAL)
        elif self._ends >= self._window(tried):
            self._decide(tried)

    @staticmethod
    def _window(slots: int) -> int:
        return max(_LEAST, _TURNS * slots)

    def _steady(self, in_flight: int) -> None:
        if 4 * in_flight < 3 * (self._best or self._slots):
            # The job has too little to do for now: that says nothing of the server.
            self._begin(_Phase.STEADY)
            return
        if self._ends < self._rest:
            return
        self._speed = self._measured()
        self._tries += 1
        if self._speed <= 0:
            self._begin(_Phase.STEADY)
        elif self._best is not None and self._best < self._slots:
            self._try(self._slots)
        elif self._sticky and self._tries % 2:
            self._try(self._slots if self._best is None else self._slots + 1)
        elif self._slots > 1:
            self._tried = self._slots // 2
            self._begin(_Phase.DRAIN)
        else:
            self._back()

    def _try(self, count: int) -> None:
        self._tried = count
        self._begin(_Phase.SETTLE)

    def _decide(self, tried: int) -> None:
        speed = self._measured()
        if tried > self._slots:
            if speed > self._speed:
                self._best = None
        elif tried < self._slots:
            if speed > _CLEARLY * self._speed:
                self._best = tried
        elif self._best is None:
            if speed >= self._speed:
                self._best = tried
        elif self._speed <= _CLEARLY * speed:
            # Fewer are kept only while they give clearly more.
            self._best = None
        self._back()

    def _back(self) -> None:
        self._tried = None
        self._rest = self._rest * 4 if self._tries > 1 or not self._sticky else max(_LEAST, _REST * self._slots)
        self._begin(_Phase.STEADY)

    def _begin(self, phase: _Phase) -> None:
        self._phase = phase
        self._ends = 0
        self._seconds = 0.0
        self._characters = 0
        self._parts = 0

    def _measured(self) -> float:
        return self._characters / self._seconds if self._seconds > 0 else 0.0
