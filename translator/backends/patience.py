"""How long to wait for a server, and when one that has fallen silent in the middle of an answer counts as stalled."""

from collections import deque
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before a server counts as gone.

    connect: for a connection. query: for the answer to a small question. first: for the first part of an answer, at
    most; a model may have to be loaded from a slow disk. stall: between two parts of an answer, at most. Once it is
    known how long the server takes, `Beginnings` and `Silences` say how much less.
    """

    connect: float = 5.0
    query: float = 30.0
    first: float = 600.0
    stall: float = 120.0


PATIENT = Patience()


class Silences:
    """How long a server was silent in its latest answers, and so how long it may be before it counts as stalled.

    A server writes nothing while it reads another prompt, which takes a slow one a minute, so that a silence counts
    only when it lasts several times the longest of those. What was taken for a stall counts among them: should the
    server have become slow, the next answers are given more time. Seconds.
    """

    _COUNT: Final = 20
    _TIMES: Final = 10
    _LEAST: Final = 15.0

    def __init__(self, most: float) -> None:
        self._most = most
        self._longest: deque[float] = deque(maxlen=self._COUNT)

    def heard(self, longest: float) -> None:
        """An answer is over, in which this was the longest silence; the one before its first part counts too."""
        self._longest.append(longest)

    @property
    def limit(self) -> float:
        """How long the server may fall silent in the middle of an answer."""
        if not self._longest:
            return self._most
        return min(self._most, max(self._LEAST, self._TIMES * max(self._longest)))


class Beginnings:
    """How long a request may wait for the first part of its answer. Seconds of a steady clock.

    The whole time (`most`) is given while a model may have to be loaded, from a slow disk too. That it need not be is
    taken for granted where several answers have begun, the server was at work shortly before the request was sent
    (Ollama unloads a model after some minutes without a request), and nothing was waited for in vain since an answer
    last began. Then many times the longest wait of the latest answers is enough. It may be wrong, when another program
    has the server load another model: so whatever is sent after a wait in vain is given the whole time again, and a
    load that was outlasted counts among the waits.

    Time in which the server gives parts of other answers does not count: the request waits for its turn there,
    however long. Unless it was passed over: where more requests that were sent later have begun than can be on their
    way by chance, this one is lost, and all of its time counts.
    """

    _COUNT: Final = 20
    _ENOUGH: Final = 5
    _TIMES: Final = 20
    _LEAST: Final = 120.0
    _LATELY: Final = 60.0
    _PASSED: Final = 2  # as many times the requests on their way
    _REMEMBERED: Final = 1024

    def __init__(self, most: float) -> None:
        self._most = most
        self._waits: deque[float] = deque(maxlen=self._COUNT)
        self._begun: deque[int] = deque(maxlen=self._REMEMBERED)
        self._served: float | None = None
        self._vain = False

    def served(self, now: float) -> None:
        """A part of some answer has come."""
        self._served = now

    def began(self, number: int, waited: float) -> None:
        """The first part of the answer to a request has come. number: the later it was sent, the higher."""
        self._waits.append(waited)
        self._begun.append(number)
        self._vain = False

    def in_vain(self) -> None:
        """An answer was given up."""
        self._vain = True

    def is_warm(self, now: float) -> bool:
        """Whether the server was at work a moment ago, so that its model is loaded."""
        return self._served is not None and now - self._served <= self._LATELY

    def limit(self, *, warm: bool) -> float:
        """How long to wait for the answer to a request. warm: the server was so when the request was sent."""
        if not warm or self._vain or len(self._waits) < self._ENOUGH:
            return self._most
        return min(self._most, max(self._LEAST, self._TIMES * max(self._waits)))

    def since(self, number: int, sent: float, flying: int) -> float:
        """From when on a request's wait counts. flying: the requests that are on their way, it included."""
        if self._served is None or self._served <= sent:
            return sent
        passed = sum(other > number for other in self._begun)
        return sent if passed > self._PASSED * flying else self._served
