"""How long a server that does not serve is asked again."""

from dataclasses import dataclass

from translator.core.backend import BackendError, BrokenReplyError, BusyError, UnreachableError

_BUSY_FACTOR = 10
"""A busy server is there, and works for somebody: it is waited for that much longer than one that is gone."""

_BROKEN_FACTOR = 5
"""A server that answers nonsense at first may still be starting; one that is not there at all is told sooner."""


_GROWS = 0.5
"""The share of the outage so far that a pause lasts at least."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do after a failure: ask again after `pause` seconds, unless the time for that is used up (`over`).

    useless: no waiting would help.
    """

    pause: float
    over: bool
    useless: bool = False


class Rest:
    """How long something that failed is left alone: twice as long each time, until it has served again."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._longest = longest
        self._pause = 0.0
        self._until = 0.0

    def failed(self, now: float) -> float:
        """It has failed; the seconds that it is left alone from now on. Several that fail together count as one."""
        if not self.over(now):
            return self._until - now
        self._pause = min(max(2 * self._pause, self._first), self._longest)
        self._until = now + self._pause
        return self._pause

    def served(self) -> None:
        """It has served."""
        self._pause = self._until = 0.0

    def over(self, now: float) -> bool:
        """Whether it may be asked."""
        return now >= self._until


class Patience:
    """Counts the time that nothing came back, over all requests of a run; times are seconds of a steady clock.

    patience: how long an outage may last. at_first: how long, while nothing has ever come back from the server, nor
    was it seen before. pause: the first pause before asking again; each one after it is twice as long, up to `longest`.
    In an outage that has lasted longer than a request has failed, pauses grow with it: batches that are given up are
    followed by others, whose requests would each begin with the first pause.
    """

    def __init__(self, patience: float, at_first: float, *, pause: float, longest: float) -> None:
        self._patience = patience
        self._at_first = at_first
        self._pause = pause
        self._longest = longest
        self._since: float | None = None
        self._seen = False
        self._successes = 0

    @property
    def successes(self) -> int:
        """How many requests the server has served."""
        return self._successes

    def seen(self) -> None:
        """The server was there a moment ago, though it has served no request yet."""
        self._seen = True

    def succeeded(self) -> None:
        """The server served a request: any outage is over."""
        self._since = None
        self._seen = True
        self._successes += 1

    def failed(self, error: BackendError, now: float, times: int) -> Advice:
        """What to do with a request that has failed `times` times, now with `error`. No use: it is over at once."""
        limit = self._limit(error)
        if limit is None:
            return Advice(0.0, over=True, useless=True)
        if self._since is None:
            self._since = now
        # A power beyond 16 is above any pause that anybody wants, and would grow without end.
        pause = min(self._longest, max(self._pause * 2 ** min(times - 1, 16), (now - self._since) * _GROWS))
        if isinstance(error, BusyError):
            pause = max(pause, error.retry_after)
        left = self._since + limit - now
        return Advice(min(pause, left) if left > 0 else pause, over=left <= 0)

    def _limit(self, error: BackendError) -> float | None:
        if isinstance(error, BusyError):
            return self._patience * _BUSY_FACTOR
        if isinstance(error, BrokenReplyError):
            return self._patience if self._seen else min(self._patience, self._at_first * _BROKEN_FACTOR)
        if isinstance(error, UnreachableError):
            return self._patience if self._seen else min(self._patience, self._at_first)
        return None
