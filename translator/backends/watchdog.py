"""Ends answers that are waited for in vain: one look at all that are on their way to a server, now and then."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from translator.backends.patience import Beginnings, Patience, Silences

_EVERY: Final = 1.0
"""Seconds between two looks."""

_FINELY: Final = 0.1
"""The share of the shortest patience that may pass between two looks, where that is less."""


@dataclass(slots=True, eq=False)
class Stream:
    """How far a streamed answer has come; times in seconds of the event loop's clock.

    number: the later it was sent, the higher. warm: the server was at work a moment before. reused: over a connection
    that has served before. heard: when a part of the answer last came, or the request was sent. longest: the longest
    silence. signs: something came that is no part of the answer (a comment, a part with nothing in it). until: it ends
    then, whatever comes; None: patience decides. waited: how long it was waited for in vain, once it was given up.
    """

    watch: asyncio.Timeout
    number: int
    sent: float
    warm: bool
    reused: bool
    heard: float
    longest: float = 0.0
    answered: bool = False
    signs: bool = False
    begun: bool = False
    ended: bool = False
    until: float | None = None
    waited: float = 0.0


class Watchdog:
    """Watches all answers that are on their way to one server.

    Limits are read at each look, since they change while an answer is waited for: what other answers have taken
    meanwhile says when this one is late. Bytes are no sign of life in the middle of an answer, only parts that it
    grows by: a proxy or a hung server may send comments for ever. Before its first part they show that the request
    was taken, so that it is given the whole time for that.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._silences = Silences(patience.stall)
        self._beginnings = Beginnings(patience.first)
        self._streams: set[Stream] = set()
        self._numbers = count()
        self._next: asyncio.TimerHandle | None = None

    @contextmanager
    def watching(self, watch: asyncio.Timeout, *, reused: bool) -> Generator[Stream]:
        """Watch an answer that is asked for now; `watch` is let expire when it is given up."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        warm = self._beginnings.is_warm(now)
        stream = Stream(watch, next(self._numbers), now, warm, reused, heard=now)
        self._streams.add(stream)
        if self._next is None:
            self._wait(loop)
        try:
            yield stream
        finally:
            self._streams.discard(stream)
            if not self._streams and self._next is not None:
                self._next.cancel()
                self._next = None

    def heard(self, stream: Stream, now: float) -> None:
        """A part of the answer has come."""
        stream.longest = max(stream.longest, now - stream.heard)
        stream.heard = now
        self._beginnings.served(now)
        if not stream.begun:
            stream.begun = True
            self._beginnings.began(stream.number, now - stream.sent)

    def over(self, stream: Stream) -> None:
        """No more parts of the answer will come, or are wanted."""
        self._silences.heard(stream.longest)

    def _wait(self, loop: asyncio.AbstractEventLoop) -> None:
        pause = min(_EVERY, _FINELY * min(self._patience.first, self._patience.stall))
        self._next = loop.call_later(pause, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        # All are judged by the same limits: what is given up here changes those of the others.
        late = [stream for stream in self._streams if now >= self._due(stream)]
        for stream in late:
            self._streams.discard(stream)
            stream.watch.reschedule(now)
            if stream.until is None:
                self._beginnings.in_vain()
                if stream.begun:
                    self._silences.heard(stream.waited)
        self._next = None
        if self._streams:
            self._wait(loop)

    def _due(self, stream: Stream) -> float:
        """When an answer is given up."""
        if stream.until is not None:
            return stream.until
        if stream.begun:
            stream.waited = self._silences.limit
            return stream.heard + stream.waited
        since = self._beginnings.since(stream.number, stream.sent, len(self._streams))
        limit = self._patience.first if stream.signs else self._beginnings.limit(warm=stream.warm)
        stream.waited = since + limit - stream.sent
        return since + limit
