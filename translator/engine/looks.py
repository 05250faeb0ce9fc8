"""Looks now and then at how many requests a server runs, where it tells that."""

import asyncio
import time
from math import inf
from typing import Final

from translator.core.backend import BackendError, TellsLoad
from translator.engine.hosts import Member

SOON: Final = 0.25
LATER: Final = 2.0
"""Seconds from one look at a server to the next: at first, and at most; doubled each time that it tells nothing new."""

LONGEST: Final = 1.0
"""Seconds that a look may take: an answer waits for it."""


class Looks:
    """When each host was looked at."""

    def __init__(self) -> None:
        self._next: dict[int, float] = {}
        self._pauses: dict[int, float] = {}

    async def at(self, member: Member) -> None:
        """Have a host say how many requests it runs, where it can and it is time for that; its slots hear of it."""
        host = member.host
        if not isinstance(host.backend, TellsLoad) or host.parallel is not None or host.slots is not None:
            return
        if time.monotonic() < self._next.get(member.number, 0.0):
            return
        self._next[member.number] = inf  # until this one is over; for ever, where the server never says
        pause = min(2 * self._pauses.get(member.number, SOON / 2), LATER)
        try:
            async with asyncio.timeout(LONGEST):
                load = await host.backend.load()
        except (BackendError, TimeoutError):
            pass  # not now: what streams at the same time shows the slots too
        else:
            if load is None:
                return
            member.slots.looked(*load)
            if load[1] and not member.slots.told:
                pause = SOON
        self._pauses[member.number] = pause
        self._next[member.number] = time.monotonic() + pause
