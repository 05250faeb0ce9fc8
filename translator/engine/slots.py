"""How many requests do good at a server: told by it, or found from how many of its answers stream at the same time.

Pure: whoever sends the requests says what happened and when, in seconds of a steady clock.

A server with S slots streams at most S answers at once; whatever else was sent waits. So more and more is sent while
all of it streams. As soon as some requests begin only after others have ended, though those had streamed for long
while they waited, the number that streamed is the number of slots. From then on one request more than that is in
flight: it takes a slot that falls free at once, and it shows when there are more slots than were found. A server that
counts what it runs and what waits tells its slots as soon as something waits.
"""

from collections import deque
from dataclasses import dataclass
from math import inf
from statistics import median
from typing import Final

from translator.engine.tempo import Tempo

FIRST: Final = 2
"""Requests in flight while nothing is known."""

MOST: Final = 64
"""Requests in flight that are never exceeded while slots are looked for."""

_HOLD: Final = 0.02
"""Seconds that a number of streaming answers must last to count: the news of an end may come after that of a begin."""

_HOLD_SHARE: Final = 0.04
"""The same as a share of an answer's time, where answers are short."""

_WAITED: Final = 2.0
"""A request waited if it began that many times later than it would have begun by reading its prompt alone."""

_WINDOW: Final = 40
"""Answers after which a found number is looked at again, at least; for many slots it is `_TURNS` times as many."""

_TURNS: Final = 6

_ROUNDS: Final = 2
_LASTS: Final = 1 / 3
"""One more slot than was found is seen after so many answers for each request in flight, where all of these streamed
for that share of the time in which at most one did not: news that comes late and in bursts shows it for moments only.
"""

_SLOW_READER: Final = 0.5
"""Where reading a prompt takes more than that share of an answer's time, too few stream at once to tell the slots."""

_LOOKS: Final = 4
"""Looks at a server that counts that show how many it can run: the latest of five times as many, in which some waited.
A server with more slots than are used lets requests wait too, but for moments.
"""

_KEPT: Final = 4 * MOST
"""Begins and ends that are remembered."""


@dataclass(slots=True)
class _Flight:
    """A request on its way.

    streamed: the seconds that answers had streamed for, all together, when it was sent;
    ends: the answers that had ended then; alone: whether none had begun before it was sent.
    """

    sent: float
    streamed: float
    ends: int
    alone: bool
    begun: float | None = None


class Slots:
    """How many requests may be in flight at one server.

    fixed: exactly that many. told: the server's own number. Else the number is found; expected: what was found in
    an earlier run. sticky: a scene's next request begins as its last one did, so that it had better find the same slot.
    """

    def __init__(
        self,
        *,
        fixed: int | None = None,
        told: int | None = None,
        expected: int | None = None,
        sticky: bool = False,
        most: int = MOST,
    ) -> None:
        self._fixed = None if fixed is None else max(fixed, 1)
        self._told = told if told is not None and told > 0 else None
        self._most = max(most, FIRST)
        self._found = self._told
        self._full = min(self._most, max(FIRST, (expected or 0) + 1)) if self._told is None else self._told + 1
        self._looks: deque[tuple[int, int]] = deque(maxlen=5 * _LOOKS)
        self._tempo = Tempo(sticky=sticky)
        self._flights: dict[int, _Flight] = {}
        self._level = 0
        self._since = 0.0
        self._streamed = 0.0
        self._ends = 0
        self._last_end = 0.0
        self._begins = 0
        self._gone = 0
        self._unserved = 0
        self._gone_at: deque[float] = deque(maxlen=_KEPT)
        self._starts: deque[tuple[int, float, float]] = deque(maxlen=_KEPT)
        # What was seen since the number in flight was last changed.
        self._peak = 0
        self._all = self._nearly = 0.0
        self._waited = 0
        self._ended = 0
        self._opened = 0.0
        self._in_flight_seconds = 0.0
        self._reads: deque[float] = deque(maxlen=32)
        self._lags: deque[float] = deque(maxlen=32)
        self._answers: deque[float] = deque(maxlen=32)

    @property
    def allowed(self) -> int:
        """How many requests may be in flight now."""
        if self._fixed is not None:
            return self._fixed
        return self._tempo.limit if self._tempo.limit is not None else self._full

    @property
    def found(self) -> int | None:
        """The slots that the server has, as far as it is known: told by it, or found."""
        return self._found

    @property
    def told(self) -> bool:
        """Whether the server has told its slots, or how many are in flight was fixed: there is nothing to find."""
        return not self._learning

    @property
    def in_flight(self) -> int:
        """How many requests are on their way."""
        return len(self._flights)

    @property
    def streaming(self) -> int:
        """How many answers have begun to come and not ended."""
        return self._level

    def sent(self, key: int, now: float) -> None:
        """A request, named by `key`, goes to the server."""
        self._pass(now)
        self._flights[key] = _Flight(now, self._streamed, self._ends, self._begins == 0)

    def begun(self, key: int, now: float) -> None:
        """The first part of an answer has come."""
        flight = self._flights.get(key)
        if flight is None or flight.begun is not None:
            return
        self._pass(now)
        flight.begun = now
        turn = self._begins + self._unserved
        self._begins += 1
        self._level += 1
        if self._learning:
            self._judge(flight, turn, now)
            self._look()

    def grew(self, characters: int, now: float) -> None:
        """Answers have grown by that much."""
        self._tempo.grew(self._level, characters)
        if now - self._since >= self._hold:
            self._pass(now)
            if self._learning:
                self._look()

    def looked(self, running: int, waiting: int) -> None:
        """The server says how many requests it runs now and how many wait, of all its clients.

        While some wait it runs as many as it can, but for the moments in which some have ended or are not yet begun.
        """
        self._looks.append((running, waiting))
        full = [runs for runs, waits in self._looks if runs and waits][-_LOOKS:]
        most = max((running, *full))
        if most != self._told and (len(full) == _LOOKS or (self._told or most) < most):
            self._told = most
            self._settle(most)

    def ended(self, key: int, now: float) -> None:
        """A request is no longer in flight, however it ended."""
        flight = self._flights.pop(key, None)
        if flight is None:
            return
        self._pass(now)
        self._gone += 1
        self._gone_at.append(now)
        if flight.begun is None:
            self._unserved += 1
            return
        self._level -= 1
        self._ends += 1
        self._ended += 1
        self._last_end = now
        self._answers.append(now - flight.begun)
        if self._learning:
            self._review(now)
        if self._fixed is None and self._found is not None:
            self._tempo.ended(self._found, in_flight=len(self._flights) + 1)

    @property
    def _learning(self) -> bool:
        return self._fixed is None and self._told is None

    @property
    def _hold(self) -> float:
        return min(_HOLD, _HOLD_SHARE * self._answering) if self._answers else _HOLD

    @property
    def _answering(self) -> float:
        """How long an answer streams, usually."""
        return median(self._answers) if self._answers else 0.0

    @property
    def _reading(self) -> float:
        """How long a prompt is read, usually; 0 while that is not known."""
        return median(self._reads or self._lags) if self._reads or self._lags else 0.0

    def _pass(self, now: float) -> None:
        """Account for the time up to `now`, in which nothing changed."""
        seconds = max(now - self._since, 0.0)
        if seconds >= self._hold:
            self._peak = max(self._peak, self._level)
            self._all += seconds * (self._level >= self._full)
            self._nearly += seconds * (self._level >= self._full - 1)
        self._streamed += self._level * seconds
        self._in_flight_seconds += len(self._flights) * seconds
        self._tempo.passed(self._level, seconds, in_flight=len(self._flights))
        self._since = now

    def _judge(self, flight: _Flight, turn: int, now: float) -> None:
        """See whether a request that begins now has waited for others to end. turn: how many were served before it."""
        seconds = now - flight.sent
        if flight.alone:
            return  # the model may have been loaded meanwhile
        self._starts.append((turn, flight.sent, now))
        if flight.ends == self._ends:
            # Nothing ended meanwhile, so it waited for nothing.
            self._reads.append(seconds)
            return
        lag = now - max(self._last_end, flight.sent)
        self._lags.append(lag)
        streaming = (self._streamed - flight.streamed) / seconds if seconds > 0 else 0.0
        long = seconds >= _WAITED * max(lag, self._reading)
        if long and streaming >= max(self._peak, 1) / 2:
            self._waited += 1

    def _look(self) -> None:
        """See whether all that is in flight streams."""
        if len(self._flights) < self._full or self._level < len(self._flights):
            return
        if self._found is None:
            if self._full < self._most:
                self._change(min(2 * self._full, self._most))
            else:
                self._settle(self._level)
        elif self._ended >= _ROUNDS * self._full and self._all > _LASTS * self._nearly:
            self._settle(self._level)

    def _review(self, now: float) -> None:
        """See, after an answer, what was learnt about the number of slots."""
        if self.allowed < (self._found or 0):
            self._change(self._full)
            return
        if self._found is None:
            if self._waited >= max(2, min(self._peak, 4)):
                slots = self._replayed() if self._slow_reader else self._peak
                self._settle(slots if slots < self._full else self._peak)
            elif self._slow_reader and len(self._starts) >= self._full + FIRST and self._busy(now):
                self._conclude(self._replayed())
            elif self._ended >= _ROUNDS * self._full and self._busy(now):
                self._settle(self._peak)
            return
        if self._ended < max(_WINDOW, _TURNS * self._found):
            return
        if not self._busy(now):
            self._change(self._full)
        elif self._slow_reader:
            self._conclude(self._replayed())
        elif self.allowed > self._found or self._peak < self._found - self._found // 8:
            self._settle(min(self._found, self._peak))
        else:
            self._change(self._full)

    def _conclude(self, slots: int) -> None:
        """Take the number of slots that the order of begins and ends shows, or look further where it shows no end."""
        if slots < self._full:
            self._settle(slots)
        elif self._found is None:
            self._change(min(2 * self._full, self._most))
        else:
            self._settle(slots)

    def _replayed(self) -> int:
        """The number of slots with which all prompts would have been read in about the same time.

        Of a server with S slots the one whose turn is number i starts once i - S have ended, whichever of those that
        wait it takes (Ollama does not take them in the order in which they came): with fewer than it has some would
        have begun before their turn, with more some would have been read for too long.
        """
        best, least = self._full, inf
        for slots in range(max(self._peak, 1), self._full + 1):
            times: list[float] = []
            for turn, sent, begun in self._starts:
                # -1: the one that ended last
                place = turn - slots - self._gone
                free = self._gone_at[place] if -len(self._gone_at) <= place < 0 else sent
                times.append(begun - max(sent, free))
            times.sort()
            # Without the ends: what was sent at the same moment may have come in another order.
            edge = len(times) // 8
            spread = times[-1 - edge] - times[edge]
            if spread < least and times[edge] >= 0:
                best, least = slots, spread
        return best

    @property
    def _slow_reader(self) -> bool:
        return self._reading > _SLOW_READER * self._answering

    def _busy(self, now: float) -> bool:
        """Whether as many were in flight as are allowed, nearly all the time since the last change."""
        return self._in_flight_seconds >= (min(self._full, self.allowed) - 0.5) * (now - self._opened)

    def _settle(self, found: int) -> None:
        self._found = max(found, 1)
        self._change(min(self._found + 1, self._most))

    def _change(self, full: int) -> None:
        self._full = full
        self._peak = self._waited = self._ended = 0
        self._all = self._nearly = 0.0
        self._starts.clear()
        self._in_flight_seconds = 0.0
        self._opened = self._since
