from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.backend import Sampling
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Batch, GlossaryEntry, Unit
from translator.engine import context, prepare, prompt
from translator.engine.desk import Desk
from translator.engine.plan import Fixed, plan, request_tokens, requests
from translator.engine.turns import Recaller
from translator.profiles.profile import Budget, Context, ContextPolicy, Pairs, Profile, Style, Templates


def desk(
    budget: Budget | None = None, *, num_ctx: int = 2048, policy: ContextPolicy = ContextPolicy.NONE, room: int = 0
) -> Desk:
    profile = Profile(
        id="test",
        title="Test",
        version=1,
        fingerprint="test",
        style=Style.LINES,
        languages=Pairs(default=("ja", "zh-CN")),
        sampling=Sampling(),
        templates=Templates(
            system="你是一个轻小说翻译模型。",
            user="{history}将下面的日文文本翻译成中文：{text}",
            user_with_glossary="根据以下术语表：\n{glossary}\n{history}将下面的日文文本翻译成中文：{text}",
            history="历史翻译：{context}\n",
        ),
        context=Context(policy, room),
        budget=budget or Budget(lines=5, characters=100, tokens=150),
    )
    return Desk(profile, language("ja"), language("zh-CN"), "model", num_ctx, {})


def unit(
    number: int, source: str = "ここは村です。", scene: str = "a", glossary: tuple[GlossaryEntry, ...] = ()
) -> Unit:
    return Unit(number, source, Role.DIALOGUE, scene, "f", glossary=glossary)


def window(on: Desk) -> context.Window:
    """A window that is as full as it can be."""
    turns: context.Window = ()
    for number in range(20):
        told = Recaller(on).turn([unit(number, "村" * number)], ["村" * number])
        longer = context.extended(on, turns, told)
        if len(longer) <= len(turns):
            break
        turns = longer
    return turns


def ids(batches: list[Batch]) -> list[list[int]]:
    return [[u.id for u in batch.units] for batch in batches]


def test_a_batch_never_crosses_a_scene_and_follows_the_one_before_in_it() -> None:
    units = [unit(i, scene=scene) for i, scene in enumerate("aaaaaaabbc")]
    batches = list(plan(units, desk=desk(), first_id=7))
    assert ids(batches) == [[0, 1, 2, 3, 4], [5, 6], [7, 8], [9]]
    assert [(b.id, b.scene, b.after) for b in batches] == [(7, "a", None), (8, "a", 7), (9, "b", None), (10, "c", None)]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (Budget(lines=3, characters=1000, tokens=1000), [[0, 1, 2], [3, 4, 5]]),
        (Budget(lines=10, characters=14, tokens=1000), [[0, 1], [2, 3], [4, 5]]),
        (Budget(lines=10, characters=1000, tokens=33), [[0, 1, 2, 3], [4, 5]]),
    ],
)
def test_a_batch_is_filled_up_to_lines_characters_and_tokens(budget: Budget, expected: list[list[int]]) -> None:
    assert ids(list(plan([unit(i) for i in range(6)], desk=desk(budget)))) == expected


def test_a_unit_of_several_lines_counts_with_each() -> None:
    units = [unit(0, "ここは村です。\nようこそ。\nどうぞ。"), unit(1, "ここは村です。\nようこそ。\nどうぞ。"), unit(2)]
    assert ids(list(plan(units, desk=desk()))) == [[0], [1, 2]]


def test_the_context_that_may_be_shown_takes_its_room() -> None:
    def first(policy: ContextPolicy) -> int:
        budget = Budget(lines=50, characters=5000, tokens=5000, answer_most=5000)
        on = desk(budget, num_ctx=600, policy=policy, room=100)
        return len(next(plan((unit(i) for i in range(40)), desk=on)).units)

    alone, history, pair = map(first, (ContextPolicy.NONE, ContextPolicy.HISTORY, ContextPolicy.PAIR))
    assert alone > history > pair > 1


def test_glossary_entries_take_their_room_once() -> None:
    budget = Budget(lines=50, characters=5000, tokens=5000, answer_most=5000)
    entries = tuple(GlossaryEntry(f"魔法使い{i}", f"魔法师{i}", "一个很长的备注说明") for i in range(10))
    plain = [unit(i) for i in range(60)]
    same = [unit(i, glossary=entries) for i in range(60)]
    other = [unit(i, glossary=(GlossaryEntry(f"村{i}", f"村庄{i}", "一个很长的备注说明"),)) for i in range(60)]
    sizes = [len(next(plan(units, desk=desk(budget, num_ctx=1000))).units) for units in (plain, same, other)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_planning_reads_units_as_they_are_wanted() -> None:
    read = 0

    def units() -> Iterator[Unit]:
        nonlocal read
        for i in range(1000):
            read += 1
            yield unit(i)

    next(plan(units(), desk=desk()))
    assert read == 6


LONG = "".join(f"ここは{i}番目の村です。" for i in range(40))


def test_a_text_too_long_for_one_request_is_alone_and_is_asked_in_parts() -> None:
    on = desk(Budget(lines=5, characters=100, tokens=150, line_characters=40))
    batches = list(plan([unit(0), unit(1, LONG), unit(2)], desk=on))
    assert ids(batches) == [[0], [1], [2]]
    ready = prepare.prepare(batches[1].units[0], on)
    groups = requests([ready], on, Fixed.of(on))
    spans = [span for group in groups for span in group]
    assert len(groups) > 1
    assert all(len(group) == 1 for group in groups)
    assert (spans[0].start, spans[-1].stop) == (0, len(ready.lines))
    assert all(above.stop == below.start for above, below in pairwise(spans))
    assert all(sum(map(len, ready.lines[s.start : s.stop])) <= 100 for s in spans)


def test_units_without_lines_are_in_no_request() -> None:
    on = desk()
    ready = [prepare.prepare(unit(0, "……"), on), prepare.prepare(unit(1), on)]
    assert [[span.unit for span in group] for group in requests(ready, on, Fixed.of(on))] == [[1]]


SENTENCES = st.lists(
    st.sampled_from(["これは文です。", "村へ。", "Hello there!", "123", "魔法使いが来た！", LONG[:90]]), max_size=4
)


@settings(deadline=None)
@given(
    texts=st.lists(st.tuples(SENTENCES.map("\n".join), st.sampled_from("abc"), st.integers(0, 5)), max_size=40),
    lines=st.integers(1, 8),
    characters=st.integers(20, 300),
    num_ctx=st.integers(300, 2000),
    policy=st.sampled_from(list(ContextPolicy)),
)
def test_every_unit_is_planned_once_in_order_and_each_request_fits(
    texts: list[tuple[str, str, int]], lines: int, characters: int, num_ctx: int, policy: ContextPolicy
) -> None:
    budget = Budget(lines=lines, characters=characters, tokens=characters, line_characters=40)
    on = desk(budget, num_ctx=num_ctx, policy=policy, room=50)
    entries = [GlossaryEntry(f"魔法{i}", f"魔{i}", "注") for i in range(6)]
    units = [unit(i, text, scene, tuple(entries[:hits])) for i, (text, scene, hits) in enumerate(texts)]
    batches = list(plan(units, desk=on))
    assert [u for batch in batches for u in batch.units] == units
    assert batches == list(plan(iter(units), desk=on))
    fixed = Fixed.of(on)
    before = window(on)
    for batch in batches:
        assert {u.scene for u in batch.units} == {batch.scene}
        ready = [prepare.prepare(u, on) for u in batch.units]
        for group in requests(ready, on, fixed):
            parts = [replace(ready[s.unit], lines=ready[s.unit].lines[s.start : s.stop]) for s in group]
            asked = [line for part in parts for line in part.lines]
            assert asked
            if len(asked) == 1:
                continue  # a single line is asked whatever it takes: nothing smaller is left
            assert len(asked) <= lines
            assert sum(map(len, asked)) <= characters
            request = prompt.build(on, parts, context=before, sampling=Sampling())
            assert request_tokens(request) + request.max_tokens <= num_ctx
