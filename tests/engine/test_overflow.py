"""A model that makes more tokens of its texts than was thought: requests shrink until they fit, and no text is lost."""

import random
from pathlib import Path

import pytest

from translator.core.backend import OverflowedError, Reply, Request, Stop
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Batch, GlossaryEntry, Outcome, State, Unit
from translator.engine import context, plan
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.measuring import Measure
from translator.engine.plan import request_tokens
from translator.engine.task import Question, Task, rules
from translator.engine.turns import Recaller
from translator.profiles import all_profiles

PROFILES = all_profiles(Path("/nonexistent"))
CHANCE = random.Random(3)  # noqa: S311  (texts that do not repeat, no secret)


def desk(num_ctx: int = 2048) -> Desk:
    return Desk(PROFILES["sakura-v1.0"], language("ja"), language("zh-CN"), "m", num_ctx, {})


def signs(count: int, among: str) -> str:
    return "".join(CHANCE.choice(among) for _ in range(count))


def units(count: int, characters: int, entries: int = 0) -> list[Unit]:
    glossary = tuple(GlossaryEntry(f"用語{n}番", f"术语{n}", "") for n in range(entries))
    return [
        Unit(
            n, f"第{n}話、{signs(characters, 'あいうえおかきくけこ村人勇者')}。", Role.DIALOGUE, "s", "f",
            glossary=glossary,
        )
        for n in range(count)
    ]  # fmt: skip


def translated(question: Question) -> str:
    said = "这是在有人我他大来国学生地到说时要就出会也你对能"
    lines = [line for ready in question.asked for line in ready.lines]
    return "\n".join(f"{line.partition('、')[0][:-1]}话，{signs(len(line) // 2, said)}。" for line in lines)


def through(measure: Measure, batches: list[Batch], factor: float, *, counts: bool, strict: bool) -> list[Outcome]:
    """All batches of a scene, asked of a server whose prompts are `factor` times as long as the estimate.

    counts: whether it counts its prompts; strict: whether the answer's limit must have its place in the window, too.
    """
    window: context.Window = ()
    outcomes: list[Outcome] = []
    for batch in batches:
        task = Task(batch, measure=measure, rules=rules(measure.desk), before=window)
        while (question := task.next()) is not None:
            request, tokens = question.request, round(request_tokens(question.request) * factor)
            if tokens + (request.max_tokens if strict else 0) >= request.num_ctx:
                measure.overflowed(request)
                task.refused(question, OverflowedError(f"{tokens} tokens"))
                continue
            answer = Reply(translated(question), Stop.DONE, prompt_tokens=tokens if counts else 0)
            measure.answered(request, answer)
            task.answered(question, answer, task.watch(question))
        made = task.outcomes()
        outcomes.extend(made)
        window = context.extended(
            measure.desk, window, Recaller(measure.desk).turn(batch.units, [o.target for o in made])
        )
    return outcomes


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("factor", [2.0, 2.5, 3.0, 3.5, 4.0])
@pytest.mark.parametrize(("characters", "entries"), [(20, 0), (40, 0), (60, 30), (150, 0), (250, 0)])
def test_prompts_that_are_several_times_as_long_as_was_thought_cost_no_text(
    characters: int, entries: int, factor: float, *, strict: bool, counts: bool
) -> None:
    on = desk()
    batches = list(plan.plan(units(40, characters, entries), desk=on))
    outcomes = through(Measure(on, Calibration()), batches, factor, counts=counts, strict=strict)
    assert len(outcomes) == 40
    assert [outcome.findings for outcome in outcomes if outcome.state is State.FAILED] == []


def overflowing(task: Task, measure: Measure) -> list[Request]:
    """The requests of a task of which none ever fits."""
    made: list[Request] = []
    while (question := task.next()) is not None:
        made.append(question.request)
        measure.overflowed(question.request)
        task.refused(question, OverflowedError("too long"))
    return made


def test_before_a_text_is_given_up_it_is_asked_without_context_then_glossary_then_room_for_its_answer() -> None:
    on, measure = desk(), Measure(desk(), Calibration())
    told = units(3, 60)
    window = (Recaller(on).turn(told, [signs(60, "这是在有人我他大来国学生") for _ in told]),)
    (batch,) = plan.plan(units(1, 100, 30), desk=on)
    made = overflowing(Task(batch, measure=measure, rules=rules(on), before=window), measure)
    turns = [len(request.messages) for request in made]
    entries = [request.messages[-1].content.count("->") for request in made]
    limits = [request.max_tokens for request in made]
    assert turns[0] == 4
    assert turns[-1] == 2
    assert entries[0] == 30
    assert entries[-1] == 0
    assert turns == sorted(turns, reverse=True)
    assert entries == sorted(entries, reverse=True)
    assert limits[-1] < limits[0]
    assert len(made) == len(set(made)) <= 4


def test_what_follows_in_the_same_batch_is_measured_by_what_an_overflow_taught() -> None:
    on, measure = desk(), Measure(desk(), Calibration())
    told = units(4, 60)
    window = (Recaller(on).turn(told, [signs(60, "这是在有人我他大来国学生") for _ in told]),)
    (batch, *_) = plan.plan(units(12, 60), desk=on)
    task = Task(batch, measure=measure, rules=rules(on), before=window)
    first = task.next()
    assert first is not None
    for _ in range(20):  # what other batches' answers teach meanwhile
        measure.answered(first.request, Reply("", prompt_tokens=2 * request_tokens(first.request)))
    task.refused(first, OverflowedError("too long"))
    second = task.next()
    assert second is not None
    assert request_tokens(second.request, measure.rates) + second.request.max_tokens <= on.num_ctx
    assert len(second.request.messages) < len(first.request.messages)


def test_a_text_with_nothing_around_it_is_not_asked_the_same_twice() -> None:
    on, measure = desk(), Measure(desk(), Calibration())
    (batch,) = plan.plan(units(1, 20), desk=on)
    made = overflowing(Task(batch, measure=measure, rules=rules(on)), measure)
    assert len(made) == len(set(made))
