"""The repair ladder: what is asked next for a batch whose answers were not all good.

Ask again with the profile's retry sampling → split in halves → one unit alone → its lines in parts → with less around
it, where a line alone does not fit the window → another host → give up. A pure state machine: `next_step` says what to
do in a state, `after` gives the state after an answer. What is given up may begin anew with the fallback model, which
has a ladder of its own.

How often a line can be asked is bounded: each rung either uses up one of the few retries, or makes the group smaller,
or is one of the few other hosts. With R retries of both kinds together, A of them for what is no loop, E other hosts,
U units and L lines in a unit, a line is asked at most 3·(1 + R) + ⌈log2 U⌉ + ⌈log2 L⌉ + T + E times (`Rules.most`; T
is `TIGHTEST`), and as often again for each of the at most A + E times that a check refuses a unit whose lines took
several requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from translator.core.backend import Sampling

TIGHTEST: Final = 3
"""How often a single line that does not fit the window is asked again with less around it."""


class Fault(StrEnum):
    """Why an answer is not used, or only in part.

    LOOP: it repeated itself or did not end. MISALIGNED: which line is whose is not certain. BAD: a check refused it.
    OVERFLOW: the prompt did not fit. BROKEN: the server gave no whole answer, several times over. REFUSED: it does not
    take the prompt for what stands in it.
    """

    LOOP = "loop"
    MISALIGNED = "misaligned"
    BAD = "bad"
    OVERFLOW = "overflow"
    BROKEN = "broken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The lines from `start` to before `stop` of the batch's unit number `unit` (its place in the batch, from 0)."""

    unit: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How a batch is asked, and how often at most.

    first, again, loop: the samplings of the first try, of the tries after answers that were no loop, and of those after
    loops; each of the two has its own count. elsewhere: how many other hosts may be asked for what cannot be made
    smaller. seconds: the time that the model may spend on one unit, its share of each answer.
    """

    first: Sampling
    again: tuple[Sampling, ...] = ()
    loop: tuple[Sampling, ...] = ()
    elsewhere: int = 0
    seconds: float = 600.0

    def most(self, units: int, lines: int) -> int:
        """The most requests for one line, in a batch of so many units with so many lines each at most."""
        retries = len(self.again) + len(self.loop)
        once = 3 * (1 + retries) + (units - 1).bit_length() + (lines - 1).bit_length() + TIGHTEST + self.elsewhere
        return once * (1 + len(self.again) + self.elsewhere)


@dataclass(frozen=True, slots=True)
class Group:
    """Spans that are asked in one request.

    loops, others: how many answers to just this were loops, and how many were bad in another way. fault: what was
    wrong with the latest. patient: whether it is asked again before it is split. elsewhere: how many other hosts it
    has been sent to. tight: how often it did not fit the window where it could not be split any more.
    """

    spans: tuple[Span, ...]
    loops: int = 0
    others: int = 0
    fault: Fault | None = None
    patient: bool = True
    elsewhere: int = 0
    tight: int = 0

    @property
    def units(self) -> tuple[int, ...]:
        """The units that it asks for, each once, in order."""
        return tuple(dict.fromkeys(span.unit for span in self.spans))


@dataclass(frozen=True, slots=True)
class State:
    """Where a batch stands: the groups still to be asked, the first next; the units given up; the asks made.

    refused: a unit that took several requests is in it as often as a check refused it as a whole.
    """

    rules: Rules
    queue: tuple[Group, ...]
    failed: frozenset[int] = frozenset()
    asked: int = 0
    refused: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask for these spans in one request; `number` counts the batch's requests from 1.

    elsewhere: whether another host is to be asked than those that have answered. tight: how much is to be left out
    around the texts, up to `TIGHTEST`, as they did not fit the window with it.
    """

    spans: tuple[Span, ...]
    sampling: Sampling
    number: int
    elsewhere: bool = False
    tight: int = 0


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is left to ask; `failed` are the units that keep their source."""

    failed: frozenset[int]


def begin(groups: Sequence[Sequence[Span]], rules: Rules, *, asked: int = 0) -> State:
    """The ladder's foot: each of `groups` is asked in one request, in this order; `asked` requests came before."""
    return State(rules, tuple(Group(tuple(spans)) for spans in groups if spans), asked=asked)


def next_step(state: State) -> Ask | Settle:
    """What to do in `state`."""
    if not state.queue:
        return Settle(state.failed)
    head = state.queue[0]
    return Ask(head.spans, _sampling(head, state.rules), state.asked + 1, head.elsewhere > 0, head.tight)


def after(state: State, fault: Fault | None, again: Sequence[Span] | None = None) -> State:
    """The state after the answer to `next_step`'s Ask.

    fault: None when all of it is good. again: the spans that are not good where the others are (None: none is good);
    it may name spans of earlier requests for the same unit, which are asked once more then, each on its own.
    """
    head, queue = state.queue[0], state.queue[1:]
    moved = replace(state, queue=queue, asked=state.asked + 1)
    if fault is None:
        return moved
    wanted = head.spans if again is None else tuple(again)
    spread = {span.unit for span in wanted if span not in head.spans}
    if spread:
        moved = _ask_all_of(moved, spread, [span for span in wanted if span.unit in spread])
    inside = tuple(span for span in wanted if span.unit not in spread)
    if not inside:
        return moved
    looped = fault is Fault.LOOP
    loops, others = head.loops + looped, head.others + (not looped)
    patient = head.patient and not head.elsewhere and fault not in {Fault.OVERFLOW, Fault.BROKEN, Fault.REFUSED}
    if patient and (loops <= len(state.rules.loop) if looped else others <= len(state.rules.again)):
        return replace(moved, queue=(Group(inside, loops, others, fault, tight=head.tight), *moved.queue))
    parts = () if head.elsewhere else _split(inside, fault)
    if not parts and not head.elsewhere and len(head.units) > 1:
        parts = (Group(inside),)  # the only one of several that is bad: it has not been asked alone yet
    if not parts and not head.elsewhere and fault is Fault.OVERFLOW and head.tight < TIGHTEST:
        parts = (replace(head, spans=inside, tight=head.tight + 1),)
    if not parts and head.elsewhere < state.rules.elsewhere:
        # The same model is asked for the same: where it has looped here, it would loop there too.
        parts = (Group(inside, loops, patient=False, elsewhere=head.elsewhere + 1, tight=head.tight),)
    if not parts:
        return give_up(moved, {span.unit for span in inside})
    return replace(moved, queue=(*parts, *moved.queue))


def skip(state: State) -> State:
    """The state after `next_step`'s Ask was not asked, as it is known already that it would not fit the window."""
    return replace(after(state, Fault.OVERFLOW), asked=state.asked)


def _ask_all_of(state: State, units: set[int], spans: Sequence[Span]) -> State:
    """`state` with all requests of units that a check refused as a whole made once more, a few times at most."""
    rounds = {unit: state.refused.count(unit) + 1 for unit in units}
    retries = len(state.rules.again)
    lost = {unit for unit in units if rounds[unit] > retries + state.rules.elsewhere}
    groups = tuple(
        Group(
            (span,),
            others=min(rounds[span.unit], retries),
            fault=Fault.BAD,
            elsewhere=max(rounds[span.unit] - retries, 0),
        )
        for span in spans
        if span.unit not in lost
    )
    state = replace(state, queue=(*groups, *state.queue), refused=(*state.refused, *sorted(units)))
    return give_up(state, lost)


def _sampling(group: Group, rules: Rules) -> Sampling:
    calm = rules.loop[min(group.loops, len(rules.loop)) - 1] if group.loops and rules.loop else None
    if group.fault is Fault.LOOP or group.others == 0 or not rules.again:
        return calm or rules.first
    again = rules.again[min(group.others, len(rules.again)) - 1]
    # With the first sampling it has looped: that need not be seen once more.
    return calm if calm is not None and again == rules.first else again


def _split(spans: tuple[Span, ...], fault: Fault) -> tuple[Group, ...]:
    """Two smaller groups, none where there is nothing smaller that could help."""
    units = tuple(dict.fromkeys(span.unit for span in spans))
    if len(units) > 1:
        upper = set(units[: (len(units) + 1) // 2])
        halves = (tuple(s for s in spans if s.unit in upper), tuple(s for s in spans if s.unit not in upper))
        return tuple(Group(half, patient=len({s.unit for s in half}) == 1) for half in halves)
    lines = [(span, line) for span in spans for line in range(span.start, span.stop)]
    if len(lines) == 1 or fault is Fault.BAD:
        return ()
    whole = Span(lines[0][0].unit, lines[0][1], lines[-1][1] + 1)
    middle = (whole.start + whole.stop + 1) // 2
    return tuple(
        Group((part,), patient=part.stop - part.start == 1)
        for part in (replace(whole, stop=middle), replace(whole, start=middle))
    )


def give_up(state: State, units: set[int]) -> State:
    """`state` with `units` failed: nothing more is asked for them."""
    queue = (
        replace(group, spans=tuple(span for span in group.spans if span.unit not in units)) for group in state.queue
    )
    return replace(state, queue=tuple(group for group in queue if group.spans), failed=state.failed | units)
