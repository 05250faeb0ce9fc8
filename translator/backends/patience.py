"""How long to wait for a server, and when one that has fallen silent in the middle of an answer counts as stalled."""

from collections import deque
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before a server counts as gone.

    connect: for a connection. query: for the answer to a small question. first: for the first part of an answer; a
    model may have to be loaded from a slow disk. stall: between two parts of an answer, at most: once it is known how
    long the server takes, `Silences` says how much less.
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
