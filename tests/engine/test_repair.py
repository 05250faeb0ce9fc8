from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from translator.core.backend import Sampling
from translator.engine.repair import Ask, Fault, Rules, Settle, Span, State, after, begin, give_up, next_step, skip

FIRST = Sampling(temperature=0.1)
AGAIN = (Sampling(temperature=0.3), Sampling(temperature=0.6))
LOOPED = (Sampling(frequency_penalty=0.1), Sampling(frequency_penalty=0.2), Sampling(frequency_penalty=0.3))
RULES = Rules(FIRST, AGAIN, LOOPED)


def units(count: int, lines: int = 1) -> list[Span]:
    return [Span(unit, 0, lines) for unit in range(count)]


def asked(state: State) -> Ask:
    step = next_step(state)
    assert isinstance(step, Ask)
    return step


def climb(state: State, fault: Fault) -> tuple[list[Ask], Settle]:
    """Every step when no answer is ever good."""
    asks: list[Ask] = []
    while isinstance(step := next_step(state), Ask):
        asks.append(step)
        state = after(state, fault)
    return asks, step


def test_a_good_answer_ends_the_ladder() -> None:
    state = begin([units(3)], RULES)
    assert asked(state) == Ask(tuple(units(3)), FIRST, 1)
    assert next_step(after(state, None)) == Settle(frozenset())


def test_the_ladder_is_retries_then_halves_then_one_alone_then_failed() -> None:
    asks, end = climb(begin([units(3)], RULES), Fault.MISALIGNED)
    assert [([s.unit for s in a.spans], a.sampling) for a in asks] == [
        ([0, 1, 2], FIRST),
        ([0, 1, 2], AGAIN[0]),
        ([0, 1, 2], AGAIN[1]),
        ([0, 1], FIRST),
        ([0], FIRST),
        ([0], AGAIN[0]),
        ([0], AGAIN[1]),
        ([1], FIRST),
        ([1], AGAIN[0]),
        ([1], AGAIN[1]),
        ([2], FIRST),
        ([2], AGAIN[0]),
        ([2], AGAIN[1]),
    ]
    assert [a.number for a in asks] == list(range(1, 14))
    assert end == Settle(frozenset({0, 1, 2}))


def test_penalties_come_after_a_loop_only() -> None:
    state = after(begin([units(2)], RULES), Fault.LOOP)
    assert asked(state).sampling == LOOPED[0]
    assert asked(after(state, Fault.LOOP)).sampling == LOOPED[1]
    assert asked(after(state, Fault.MISALIGNED)).sampling == AGAIN[0]


def test_each_kind_of_fault_has_steps_of_its_own() -> None:
    state = begin([units(1)], Rules(FIRST, AGAIN[:1], LOOPED[:2]))
    samplings: list[Sampling] = []
    for fault in (Fault.MISALIGNED, Fault.LOOP, Fault.LOOP):
        state = after(state, fault)
        samplings.append(asked(state).sampling)
    assert samplings == [AGAIN[0], LOOPED[0], LOOPED[1]]
    assert next_step(after(state, Fault.LOOP)) == Settle(frozenset({0}))
    assert next_step(after(state, Fault.MISALIGNED)) == Settle(frozenset({0}))


def test_the_very_first_request_is_not_made_again_after_it_has_looped() -> None:
    asks, _ = climb(begin([units(1)], Rules(FIRST, (FIRST,), LOOPED[:2])), Fault.LOOP)
    assert [a.sampling for a in asks] == [FIRST, LOOPED[0], LOOPED[1]]
    state = after(begin([units(1)], Rules(FIRST, (FIRST,), LOOPED[:2])), Fault.LOOP)
    assert asked(after(state, Fault.MISALIGNED)).sampling == LOOPED[0]


def test_another_host_is_asked_with_the_last_penalty_where_this_one_looped() -> None:
    asks, _ = climb(begin([units(1)], Rules(FIRST, AGAIN, LOOPED[:2], elsewhere=2)), Fault.LOOP)
    assert [(a.sampling, a.elsewhere) for a in asks] == [
        (FIRST, False),
        (LOOPED[0], False),
        (LOOPED[1], False),
        (LOOPED[1], True),
        (LOOPED[1], True),
    ]


def test_the_only_bad_one_of_several_is_asked_alone_before_it_is_given_up() -> None:
    state = after(begin([units(3)], Rules(FIRST, AGAIN[:1], LOOPED)), Fault.MISALIGNED)
    state = after(state, Fault.BAD, [Span(1, 0, 1)])
    assert asked(state) == Ask((Span(1, 0, 1),), FIRST, 3)
    state = after(state, Fault.BAD)
    assert asked(state) == Ask((Span(1, 0, 1),), AGAIN[0], 4)
    assert next_step(after(state, Fault.BAD)) == Settle(frozenset({1}))


def test_only_what_was_bad_is_asked_again() -> None:
    state = after(begin([units(5)], RULES), Fault.BAD, [Span(1, 0, 1), Span(3, 0, 1)])
    assert asked(state) == Ask((Span(1, 0, 1), Span(3, 0, 1)), AGAIN[0], 2)
    state = after(state, Fault.BAD, [Span(3, 0, 1)])
    assert asked(state) == Ask((Span(3, 0, 1),), AGAIN[1], 3)
    assert next_step(after(state, Fault.BAD)) == Settle(frozenset({3}))


def test_what_cannot_be_served_as_it_is_is_split_without_a_retry() -> None:
    asks, end = climb(begin([[Span(0, 0, 4)]], RULES), Fault.BROKEN)
    assert [(s.start, s.stop) for a in asks for s in a.spans] == [(0, 4), (0, 2), (0, 1)]
    assert {a.sampling for a in asks} == {FIRST}
    assert end == Settle(frozenset({0}))


def test_a_line_that_does_not_fit_alone_is_asked_with_less_and_less_around_it() -> None:
    asks, end = climb(begin([[Span(0, 0, 2)]], replace(RULES, elsewhere=1)), Fault.OVERFLOW)
    assert [(a.spans[0].stop, a.tight, a.elsewhere) for a in asks] == [
        (2, 0, False), (1, 0, False), (1, 1, False), (1, 2, False), (1, 3, False), (1, 3, True),
    ]  # fmt: skip
    assert {a.sampling for a in asks} == {FIRST}
    assert end == Settle(frozenset({0}))


def test_what_is_asked_again_after_a_bad_answer_keeps_away_what_did_not_fit() -> None:
    state = after(begin([units(1)], RULES), Fault.OVERFLOW)
    assert asked(after(state, Fault.BAD)) == Ask((Span(0, 0, 1),), AGAIN[0], 3, tight=1)


def test_a_step_that_is_known_not_to_fit_is_passed_over_and_counts_as_no_request() -> None:
    state = skip(begin([units(2)], RULES))
    assert asked(state) == Ask((Span(0, 0, 1),), FIRST, 1)


def test_the_lines_of_one_unit_are_asked_in_parts_when_it_does_not_stay_in_step() -> None:
    state = begin([[Span(0, 0, 3)]], RULES)
    for _ in range(3):
        assert asked(state).spans == (Span(0, 0, 3),)
        state = after(state, Fault.MISALIGNED)
    assert asked(state).spans == (Span(0, 0, 2),)
    state = after(state, None)
    assert asked(state).spans == (Span(0, 2, 3),)
    assert next_step(after(state, None)) == Settle(frozenset())


def test_a_check_that_refuses_one_unit_does_not_have_it_cut_up() -> None:
    asks, _ = climb(begin([[Span(0, 0, 4)]], RULES), Fault.BAD)
    assert [a.spans for a in asks] == [(Span(0, 0, 4),)] * 3


def test_a_unit_of_several_requests_that_is_refused_is_asked_anew_in_the_same_parts() -> None:
    parts = [Span(0, 0, 5), Span(0, 5, 9)]
    state = begin([[part] for part in parts], RULES)
    rounds: list[list[Span]] = []
    while isinstance(step := next_step(state), Ask):
        done: list[Span] = []
        for _ in parts:
            done.extend(asked(state).spans)
            last = len(done) == len(parts)
            state = after(state, Fault.BAD if last else None, parts if last else None)
        rounds.append(done)
    assert rounds == [parts] * 3
    assert step == Settle(frozenset({0}))


def test_giving_a_unit_up_drops_its_other_parts_and_nothing_else() -> None:
    state = begin([[Span(0, 0, 1)], [Span(0, 1, 2)], [Span(1, 0, 1)]], Rules(FIRST))
    state = after(state, Fault.BROKEN)
    assert asked(state).spans == (Span(1, 0, 1),)
    assert next_step(after(state, None)) == Settle(frozenset({0}))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=12),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 2),
    st.data(),
)
def test_every_unit_ends_once_and_no_line_is_asked_without_bound(
    lines: list[int], again: int, loop: int, elsewhere: int, data: st.DataObject
) -> None:
    rules = Rules(FIRST, (FIRST,) * again, (FIRST,) * loop, elsewhere)
    state = begin([[Span(i, 0, n) for i, n in enumerate(lines)]], rules)
    got: dict[int, set[int]] = {i: set() for i in range(len(lines))}
    parts: dict[int, set[Span]] = {i: set() for i in range(len(lines))}
    times: Counter[tuple[int, int]] = Counter()
    while isinstance(step := next_step(state), Ask):
        assert step.spans
        times.update((s.unit, line) for s in step.spans for line in range(s.start, s.stop))
        fault = data.draw(st.sampled_from([None, *Fault]))
        bad = [s for s in step.spans if data.draw(st.booleans())] if fault in {Fault.BAD, Fault.MISALIGNED} else []
        if fault is not None and not bad:
            bad = list(step.spans)
        for span in step.spans:
            if fault is None or span not in bad:
                got[span.unit].update(range(span.start, span.stop))
                parts[span.unit].add(span)
        if fault is Fault.BAD:  # a check refuses a unit when it is whole: all its lines are wanted again
            for unit in {span.unit for span in bad}:
                bad.extend(part for part in parts[unit] if part not in bad)
                got[unit].clear()
                parts[unit].clear()
        state = after(state, fault, bad)
    assert max(times.values()) <= rules.most(len(lines), max(lines))
    for unit, count in enumerate(lines):
        assert (got[unit] == set(range(count))) != (unit in step.failed)


def test_what_cannot_be_made_smaller_goes_to_other_hosts_and_then_is_given_up() -> None:
    asks, end = climb(begin([units(2)], Rules(FIRST, AGAIN[:1], elsewhere=2)), Fault.MISALIGNED)
    assert [([s.unit for s in a.spans], a.sampling, a.elsewhere) for a in asks] == [
        ([0, 1], FIRST, False),
        ([0, 1], AGAIN[0], False),
        ([0], FIRST, False),
        ([0], AGAIN[0], False),
        ([0], FIRST, True),
        ([0], FIRST, True),
        ([1], FIRST, False),
        ([1], AGAIN[0], False),
        ([1], FIRST, True),
        ([1], FIRST, True),
    ]
    assert end == Settle(frozenset({0, 1}))


def test_a_ladder_that_begins_after_another_counts_on() -> None:
    assert asked(begin([units(1)], RULES, asked=5)).number == 6


def test_a_unit_that_is_given_up_is_asked_no_more() -> None:
    state = give_up(begin([units(3)], RULES), {1})
    assert [span.unit for span in asked(state).spans] == [0, 2]
    assert next_step(after(state, None)) == Settle(frozenset({1}))
