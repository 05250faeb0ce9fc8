"""The repair ladder: what is asked next for a batch whose answers were not all good.

Ask again with the profile's retry sampling → split in halves → one unit alone → its lines in parts → give up and keep
the source. A pure state machine: `next_step` says what to do in a state, `after` gives the state after an answer.

How often a line can be asked is bounded: each rung either uses up one of the few retries or makes the group smaller.
With R retries (the more of the two kinds), U units and L lines in a unit, a line is asked at most
3·(1 + R) + ⌈log2 U⌉ + ⌈log2 L⌉ times, and as often again for each of the at most R times that a check refuses a unit
whose lines took several requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from translator.core.backend import Sampling


class Fault(StrEnum):
    """Why an answer is not used, or only in part.

    LOOP: it repeated itself or did not end. MISALIGNED: which line is whose is not certain. BAD: a check refused it.
    OVERFLOW: the prompt did not fit. BROKEN: the server gave no whole answer, several times over.
    """

    LOOP = "loop"
    MISALIGNED = "misaligned"
    BAD = "bad"
    OVERFLOW = "overflow"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The lines from `start` to before `stop` of the batch's unit number `unit` (its place in the batch, from 0)."""

    unit: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The sampling of the first try and of the tries after it; `loop` takes the place of `again` after a loop."""

    first: Sampling
    again: tuple[Sampling, ...] = ()
    loop: tuple[Sampling, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Spans that are asked in one request. patient: whether it is asked again before it is split."""

    spans: tuple[Span, ...]
    tries: int = 0
    fault: Fault | None = None
    patient: bool = True

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
    """Ask for these spans in one request; `number` counts the batch's requests from 1."""

    spans: tuple[Span, ...]
    sampling: Sampling
    number: int


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is left to ask; `failed` are the units that keep their source."""

    failed: frozenset[int]


def begin(groups: Sequence[Sequence[Span]], rules: Rules) -> State:
    """The ladder's foot: each of `groups` is asked in one request, in this order."""
    return State(rules, tuple(Group(tuple(spans)) for spans in groups if spans))


def next_step(state: State) -> Ask | Settle:
    """What to do in `state`."""
    if not state.queue:
        return Settle(state.failed)
    head = state.queue[0]
    return Ask(head.spans, _sampling(head, state.rules), state.asked + 1)


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
    tries = head.tries + 1
    if fault not in {Fault.OVERFLOW, Fault.BROKEN} and head.patient and tries <= _retries(fault, state.rules):
        return replace(moved, queue=(Group(inside, tries, fault), *moved.queue))
    parts = _split(inside, fault)
    if not parts:
        return _give_up(moved, {span.unit for span in inside})
    return replace(moved, queue=(*parts, *moved.queue))


def _ask_all_of(state: State, units: set[int], spans: Sequence[Span]) -> State:
    """`state` with all requests of units that a check refused as a whole made once more, a few times at most."""
    rounds = {unit: state.refused.count(unit) + 1 for unit in units}
    lost = {unit for unit in units if rounds[unit] > len(state.rules.again)}
    groups = tuple(Group((span,), rounds[span.unit], Fault.BAD) for span in spans if span.unit not in lost)
    state = replace(state, queue=(*groups, *state.queue), refused=(*state.refused, *sorted(units)))
    return _give_up(state, lost)


def _retries(fault: Fault, rules: Rules) -> int:
    return len(rules.loop if fault is Fault.LOOP else rules.again)


def _sampling(group: Group, rules: Rules) -> Sampling:
    if group.tries == 0:
        return rules.first
    samplings = rules.loop if group.fault is Fault.LOOP else rules.again
    return samplings[min(group.tries, len(samplings)) - 1]


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


def _give_up(state: State, units: set[int]) -> State:
    """`state` with `units` failed: nothing more is asked for them."""
    queue = (
        replace(group, spans=tuple(span for span in group.spans if span.unit not in units)) for group in state.queue
    )
    return replace(state, queue=tuple(group for group in queue if group.spans), failed=state.failed | units)
