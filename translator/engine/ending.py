"""How long a run tries, and how it ends."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from translator.engine.agenda import AHEAD


class Stopper(Protocol):
    """What tells a run to stop: an asyncio.Event, or something like it."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    async def wait(self) -> object:
        """Return when it is set."""
        ...


@dataclass(frozen=True, slots=True)
class RunLimits:
    """How hard and how long a run tries. Times in seconds.

    stop: once set, no batch begins; those in flight have `grace` to end. patience: how long an outage may last, after
    something has come back; at_first: before anything has; for each host. pause, longest_pause: before the only host
    is asked again, doubled each time. broken: how often a request is sent again after broken replies before the
    ladder goes on without its answer. ahead: units that are read before they can be asked.
    """

    stop: Stopper | None = None
    grace: float = 10.0
    patience: float = 90.0
    at_first: float = 2.0
    pause: float = 0.5
    longest_pause: float = 15.0
    broken: int = 3
    ahead: int = AHEAD

    @property
    def told_to_stop(self) -> bool:
        """Whether `stop` is set."""
        return self.stop is not None and self.stop.is_set()


class HaltedError(Exception):
    """The run is ending: this batch is left as it was."""


@dataclass(slots=True)
class Ending:
    """How a run ends. halt: it is ending, whyever; limits.stop may be set a moment before that is noticed."""

    limits: RunLimits
    halt: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def halted(self) -> bool:
        """Whether nothing new may begin."""
        return self.halt.is_set() or self.limits.told_to_stop
