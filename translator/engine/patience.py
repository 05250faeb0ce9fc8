"""How long a server that does not serve is asked again."""

from translator.core.backend import BackendError, BrokenReplyError, BusyError, UnreachableError

_BUSY_FACTOR = 10
"""A busy server is there, and works for somebody: it is waited for that much longer than one that is gone."""


class Patience:
    """Counts the time that nothing came back, over all requests of a run; times are seconds of a steady clock.

    patience: how long an outage may last. at_first: how long, while nothing has ever come back. pause: the first
    pause before asking again; each one after it is twice as long, up to `longest`.
    """

    def __init__(self, patience: float, at_first: float, *, pause: float, longest: float) -> None:
        self._patience = patience
        self._at_first = at_first
        self._pause = pause
        self._longest = longest
        self._since: float | None = None
        self._worked = False

    def succeeded(self) -> None:
        """An answer came: any outage is over."""
        self._since = None
        self._worked = True

    def failed(self, error: BackendError, now: float, times: int) -> float | None:
        """The pause before this request is asked again after failing `times` times; None: it is time to give up."""
        if not isinstance(error, UnreachableError | BusyError | BrokenReplyError):
            return None
        if self._since is None:
            self._since = now
        limit = self._patience if self._worked or not isinstance(error, UnreachableError) else self._at_first
        if isinstance(error, BusyError):
            limit *= _BUSY_FACTOR
        if now - self._since >= limit:
            return None
        # A power beyond 16 is above any pause that anybody wants, and would grow without end.
        pause = min(self._longest, self._pause * 2 ** min(times - 1, 16))
        if isinstance(error, BusyError):
            pause = max(pause, error.retry_after)
        return min(pause, max(self._since + limit - now, 0.0))
