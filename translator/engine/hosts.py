"""Which server gets the next request: several hosts as one pool.

Pure: whoever sends the requests says what happened and when, in seconds of a steady clock.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from typing import Final

from translator.core.backend import BackendError, BrokenReplyError, BusyError, Host, Reply
from translator.engine.patience import Advice, Patience
from translator.engine.slots import Slots

FIRST_REST: Final = 1.0
LONGEST_REST: Final = 60.0
"""Seconds that a host is left alone after it failed while others work, doubled each time."""

_BROKEN: Final = 3
"""Broken replies in a row, none whole between them, after which a host is left alone."""

_REREAD: Final = 1.2
"""How much longer a request takes, about, on a host that does not hold the beginning of its prompt."""

_MOVES: Final = 2.0
"""How many times sooner another host must be done with a request for its scene to move there."""

_LATEST: Final = 0.1
"""The weight of the latest request in a host's pace."""

SILENT: Final = 30.0
"""Seconds without a sign of a host that was asked something, after which nothing waits for it that others can do."""

_SCENES: Final = 4096
"""Scenes whose place is remembered for each host."""


@dataclass(slots=True)
class Flight:
    """A request on its way. slot: the one that it names, or has got. work: the characters that it asks for."""

    key: int
    member: "Member"
    scene: str
    work: int
    sent: float
    slot: int | None = None
    begun: float | None = None


class Verdict(Enum):
    """What a failure means: ask again after a pause; ask another host at once; nobody is left to ask."""

    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What to do after a failure. pause: seconds until the request is sent again, or that its host is left alone for.

    rests: the host is left alone from now on; dropped: it is never asked again in this run.
    """

    verdict: Verdict
    pause: float = 0.0
    rests: bool = False
    dropped: bool = False


@dataclass(slots=True, eq=False)
class Member:
    """One host as it stands. pace: seconds for each character asked for; None: not measured yet.

    cached_tokens: of the told_tokens, the prompts' tokens of those answers that told how many were not read anew.
    heard: when it last began or ended an answer.
    """

    number: int
    host: Host
    slots: Slots
    patience: Patience
    flights: dict[int, Flight] = field(default_factory=dict[int, Flight])
    scenes: OrderedDict[str, int | None] = field(default_factory=OrderedDict[str, int | None])
    pace: float | None = None
    rest: float = 0.0
    until: float = 0.0
    heard: float = 0.0
    failing: bool = False
    over: bool = False
    dropped: bool = False
    broken: int = 0
    working: float = 0.0
    since: float = 0.0
    requests: int = 0
    told_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    free: list[int] = field(default_factory=list[int])

    @property
    def room(self) -> int:
        """How many more requests may be sent there now; one at a time while it is not known to work again."""
        allowed = 1 if self.rest else self.slots.allowed
        return allowed - len(self.flights)

    @property
    def speed(self) -> float:
        """Characters a second of all its slots together; 0 while not measured."""
        return (self.slots.found or 1) / self.pace if self.pace else 0.0

    def silent(self, now: float) -> float:
        """For how long it has given no sign though it was asked something; 0 while an answer comes."""
        if not self.flights or any(flight.begun is not None for flight in self.flights.values()):
            return 0.0
        return now - max(self.heard, next(iter(self.flights.values())).sent)

    def takes(self, work: int, scene: str) -> float:
        """The seconds until a request sent now would be done; 0 while nothing is measured, so that it soon is."""
        if self.pace is None:
            return 0.0
        alone = work * self.pace * (1.0 if scene in self.scenes else _REREAD)
        # With all slots taken it begins once the next one falls free.
        waits = len(self.flights) >= (self.slots.found or self.slots.allowed)
        return alone + (self._next_free(work) if waits else 0.0)

    def soon(self, work: int) -> bool:
        """Whether waiting for a place there costs less than reading the beginning of the prompt anew elsewhere."""
        return self.pace is not None and self._next_free(work) <= (_REREAD - 1.0) * work * self.pace

    def _next_free(self, work: int) -> float:
        return work * (self.pace or 0.0) / max(self.slots.found or len(self.flights), 1)

    @property
    def tokens_per_second(self) -> float:
        """The tokens that came from it in a second, while anything was in flight there."""
        return self.output_tokens / self.working if self.working > 0 else 0.0

    @property
    def cached_share(self) -> float | None:
        """The share of the prompts' tokens that it had read before; None: it does not tell."""
        return self.cached_tokens / self.told_tokens if self.told_tokens else None


class Hosts:
    """The hosts of a job, and which one gets what.

    patience: makes what counts how long a host may serve nothing before it is given up. sticky: as `Slots` takes it.
    """

    def __init__(self, hosts: Sequence[Host], patience: Callable[[], Patience], *, sticky: bool = False) -> None:
        if not hosts:
            raise ValueError("a job needs a host")
        self.members = [
            Member(
                number,
                host,
                Slots(fixed=host.parallel, told=host.slots, expected=host.expected, sticky=sticky),
                patience(),
                free=list(range(host.slots)) if host.named and host.slots else [],
            )
            for number, host in enumerate(hosts)
        ]
        for member in self.members:
            if member.host.seen:
                member.patience.seen()
        self._keys = count()

    @property
    def alive(self) -> list[Member]:
        """The hosts that are not dropped."""
        return [member for member in self.members if not member.dropped]

    @property
    def allowed(self) -> int:
        """How many requests may be in flight at all hosts together."""
        return sum(1 if member.rest else member.slots.allowed for member in self.alive)

    @property
    def successes(self) -> int:
        """How many requests were served, by any host."""
        return sum(member.patience.successes for member in self.members)

    def next_try(self, now: float) -> float | None:
        """The seconds until the next host that is left alone is tried again; None: none is left alone."""
        return min((member.until - now for member in self.alive if member.until > now), default=None)

    def choose(
        self, scene: str, work: int, now: float, *, avoid: frozenset[str] = frozenset(), left: float = float("inf")
    ) -> Member | None:
        """The host for a request; None: it should wait.

        The one that holds the beginning of its prompt, if it has room or soon will; else the one with room that is
        done with it soonest. avoid: names of hosts that are not asked where another one works. left: the characters
        of all that still waits; when that is little, a slow host is not given what faster ones do sooner. None waits
        for one that has been silent for long, nor is it asked where another one has room.
        """
        awake = [member for member in self.alive if member.until <= now]
        awake = [member for member in awake if member.host.name not in avoid] or awake
        speaking = [member for member in awake if member.silent(now) < SILENT]
        free = [m for m in speaking if m.room > 0] or [m for m in awake if m.room > 0]
        if not free:
            return None
        home = next((member for member in speaking if scene in member.scenes), None)
        if home is not None and home not in free and home.soon(work):
            return None
        best = min(free, key=lambda m: (m.takes(work, scene), len(m.flights) / m.slots.allowed, m.number))
        if home in free and (best.pace is None or home.takes(work, scene) <= _MOVES * best.takes(work, scene)):
            best = home
        return None if self._sooner(best, speaking, work, scene, left) else best

    def _sooner(self, chosen: Member, awake: Sequence[Member], work: int, scene: str, left: float) -> bool:
        """Whether the faster hosts, which are full, would have done all that waits before the one that is chosen has
        done this.
        """
        pace = chosen.pace
        if pace is None:
            return False
        faster = [m for m in awake if m.pace is not None and m.pace < pace and m.room <= 0]
        speed = sum(member.speed for member in faster)
        if speed <= 0:
            return False
        least = min(work * (member.pace or 0.0) for member in faster)
        return (left + work) / speed + least < chosen.takes(work, scene)

    def send(self, member: Member, scene: str, work: int, now: float) -> Flight:
        """A request goes to a host; what is handed back names the slot that it should ask for."""
        flight = Flight(next(self._keys), member, scene, work, now)
        if member.free:
            last = member.scenes.get(scene)
            flight.slot = last if last in member.free else member.free[0]
            member.free.remove(flight.slot)
        if not member.flights:
            member.since = now
        member.flights[flight.key] = flight
        member.slots.sent(flight.key, now)
        return flight

    def begun(self, flight: Flight, now: float) -> None:
        """The first part of an answer has come."""
        if flight.begun is None:
            flight.begun = flight.member.heard = now
            flight.member.slots.begun(flight.key, now)

    def ended(self, flight: Flight, now: float) -> None:
        """A request is no longer in flight, however it ended."""
        member = flight.member
        if member.flights.pop(flight.key, None) is None:
            return
        member.slots.ended(flight.key, now)
        if not member.flights:
            member.working += now - member.since
        if flight.slot is None:
            return
        waiting = next((other for other in member.flights.values() if other.slot is None and other.begun is None), None)
        if waiting is not None:
            # The one that waits gets the slot that falls free.
            waiting.slot = flight.slot
        else:
            # Used last, so the last to be given to another scene.
            member.free.append(flight.slot)

    def works(self, member: Member, now: float) -> bool:
        """A host did its part, with an answer or by saying what is wrong with the prompt; whether it was left alone."""
        member.patience.succeeded()
        member.heard = now
        was_away = member.rest > 0 or member.failing
        member.rest = member.until = 0.0
        member.failing = member.over = False
        member.broken = 0
        return was_away

    def served(self, flight: Flight, answer: Reply, now: float) -> None:
        """A host has given an answer."""
        member = flight.member
        if answer.cached_tokens is not None:
            member.told_tokens += answer.prompt_tokens
            member.cached_tokens += answer.cached_tokens
        member.output_tokens += answer.output_tokens
        member.scenes[flight.scene] = flight.slot
        member.scenes.move_to_end(flight.scene)
        if len(member.scenes) > _SCENES:
            member.scenes.popitem(last=False)
        for other in self.members:
            if other is not member:
                other.scenes.pop(flight.scene, None)
        if flight.begun is not None and answer.abort is None and flight.work:
            pace = (now - flight.begun) / flight.work
            member.pace = pace if member.pace is None else member.pace + _LATEST * (pace - member.pace)

    def doubt(self, error: BackendError, now: float) -> Advice:
        """Whether anybody is worth asking after a request was given up with `error`: over only where all hosts fail."""
        alive = self.alive
        failing = [member for member in alive if member.failing]
        if len(failing) < len(alive):
            return Advice(0.0, over=False)
        advice = [member.patience.failed(error, now, 1) for member in failing]
        return Advice(min((each.pause for each in advice), default=0.0), over=all(each.over for each in advice))

    def failed(self, flight: Flight, error: BackendError, now: float, times: int) -> Ruling:
        """What to do with a request that has failed `times` times, now with `error`."""
        member = flight.member
        advice = member.patience.failed(error, now, times)
        member.failing, member.over = True, advice.over
        others = [other for other in self.alive if other is not member]
        if all(other.over for other in others) and (advice.over or not others):
            return Ruling(Verdict.OVER if advice.over else Verdict.AGAIN, advice.pause)
        if advice.useless:
            member.dropped = True
            return Ruling(Verdict.ELSEWHERE, dropped=True)
        if isinstance(error, BrokenReplyError):
            member.broken += 1
            if member.broken < _BROKEN:
                return Ruling(Verdict.ELSEWHERE)
        if member.until > now:
            # One of several that were in flight when it went away: it is left alone already.
            return Ruling(Verdict.ELSEWHERE)
        asked = error.retry_after if isinstance(error, BusyError) else 0.0
        member.rest = min(max(2 * member.rest, FIRST_REST, asked), LONGEST_REST)
        member.until = now + member.rest
        return Ruling(Verdict.ELSEWHERE, member.rest, rests=True)
