"""No request is longer than the context window, whatever is asked, shown and answered."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.core.backend import OverflowedError, Reply, Sampling, Stop
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Limits, Role
from translator.core.work import Batch, GlossaryEntry, Unit
from translator.engine import context, plan, prepare
from translator.engine.calibration import Calibration
from translator.engine.checks import examine
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, Rates
from translator.engine.measuring import Measure
from translator.engine.plan import fitted, request_tokens
from translator.engine.task import Task, rules
from translator.engine.turns import Recaller
from translator.glossary.layers import Glossary
from translator.glossary.matcher import NAME_KIND, Matcher
from translator.profiles import all_profiles

PROFILES = {name: known for name, known in all_profiles(Path("/nonexistent")).items() if name != "pseudo"}
MARKUP = MarkupSyntax((MarkupRule(r"\\[CVN]\[\d+\]"),))
PIECES = st.sampled_from(
    [
        "これは文です。", r"\C[2]村\C[0]へ", "Hello there! ", "１２３", "魔法使いが来た！", "、", "\n", "👹",
        "그래요. ", "ああああ" * 30,
    ]
)  # fmt: skip
SOURCES = st.lists(PIECES, min_size=1, max_size=12).map("".join)
ENTRIES = tuple(GlossaryEntry(f"魔法{n}", f"魔{n}", "一个很长的备注说明" * (n % 9)) for n in range(120))


def desk(name: str, share: int, *, structured: bool) -> Desk:
    """How a profile's model is asked in a share (percent) of the window that the profile wants."""
    profile = PROFILES[name]
    source, target = profile.languages.default
    window = profile.budget.num_ctx * share // 100
    return Desk(profile, language(source), language(target), "m", window, {"f": MARKUP}, structured=structured)


def answer(asked: int, chance: random.Random) -> Reply | OverflowedError:
    """Good, bad, cut or no answers, as a model's whim has it."""
    roll = chance.random()
    if roll < 0.1:
        return OverflowedError("too long")
    text = "\n".join("这是一个句子。" for _ in range(asked if roll < 0.5 else chance.randrange(asked + 2)))
    return Reply(text, Stop.LENGTH if roll > 0.9 else Stop.DONE)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(PROFILES)),
    share=st.sampled_from([60, 75, 100, 200]),
    structured=st.booleans(),
    texts=st.lists(st.tuples(SOURCES, st.integers(0, 120), st.sampled_from("ab")), min_size=1, max_size=14),
    speaker=st.sampled_from([None, "アリス", "謎の男" * 6]),
    factor=st.sampled_from([0.7, 1.0, 1.6]),
    seed=st.integers(0, 1000),
)
def test_every_request_of_every_profile_fits_the_window(
    name: str,
    share: int,
    structured: bool,  # noqa: FBT001  (hypothesis names it)
    texts: list[tuple[str, int, str]],
    speaker: str | None,
    factor: float,
    seed: int,
) -> None:
    chance = random.Random(seed)  # noqa: S311  (answers to test, no secrets)
    on, rates = desk(name, share, structured=structured), DEFAULT.times(factor)
    units = [
        Unit(n, text, chance.choice(list(Role)), scene, "f", speaker, ("説明",), Limits(wrap=True), ENTRIES[:hits])
        for n, (text, hits, scene) in enumerate(sorted(texts, key=lambda each: each[2]))
    ]
    window: context.Window = ()
    scene = ""
    planned = list(plan.plan(units, desk=on, rates=rates))
    assert sorted(unit.id for batch in planned for unit in batch.units) == [unit.id for unit in units]
    for batch in planned:
        window, scene = (window if batch.scene == scene else ()), batch.scene
        through(batch, on, rates, window, chance)
        told = Recaller(on).turn(batch.units, ["这是一个句子。" for _ in batch.units])
        window = context.extended(on, window, told)


def through(batch: Batch, on: Desk, rates: Rates, window: context.Window, chance: random.Random) -> None:
    """Take a batch through its whole ladder, looking at each request."""
    task = Task(batch, measure=Measure(on, Calibration(rates)), rules=rules(on), before=window)
    while (question := task.next()) is not None:
        request = question.request
        assert request_tokens(request, rates) + request.max_tokens <= on.num_ctx
        assert request.max_tokens >= 16
        made = answer(sum(len(ready.lines) for ready in question.asked), chance)
        if isinstance(made, OverflowedError):
            task.refused(question, made)
        else:
            task.answered(question, made, task.watch(question))
    assert len(task.outcomes()) == len(batch.units)


def test_what_is_too_much_loses_the_oldest_texts_before_it_first_and_glossary_entries_after() -> None:
    on = desk("sakura-v1.0", 50, structured=False)
    unit = Unit(0, "魔法1と魔法2。", Role.DIALOGUE, "a", "f", glossary=ENTRIES)
    turns = [
        Recaller(on).turn([Unit(n, f"{n}番目の文です。" * 9, Role.DIALOGUE, "a", "f")], ["句" * 60]) for n in (1, 2)
    ]
    asked = [prepare.prepare(unit, on)]
    plain = fitted(
        on, [prepare.prepare(Unit(0, "はい。", Role.DIALOGUE, "a", "f"), on)], context=turns, sampling=Sampling()
    ).request
    assert len(plain.messages) == 6
    made = fitted(on, asked, context=turns, sampling=Sampling())
    full = made.request
    assert len(full.messages) == 2
    glossary = full.messages[-1].content.splitlines()[1:-1]
    assert 0 < len(glossary) == len(ENTRIES) - len(made.left_out) < len(ENTRIES)
    assert {"魔法1->魔1 #一个很长的备注说明", "魔法2->魔2 #一个很长的备注说明一个很长的备注说明"} <= set(glossary)
    assert request_tokens(full) + full.max_tokens <= on.num_ctx


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_texts_of_usual_length_fill_a_request_and_leave_nothing_out(name: str) -> None:
    on = desk(name, 100, structured=False)
    units = [Unit(n, f"これは{n % 10}番目の村の話です。", Role.DIALOGUE, "a", "f") for n in range(60)]
    window: context.Window = ()
    batches = list(plan.plan(units, desk=on))
    assert max(len(batch.units) for batch in batches) == on.profile.budget.lines
    for batch in batches:
        asked = [prepare.prepare(unit, on) for unit in batch.units]
        request = fitted(on, asked, context=window, sampling=Sampling()).request
        shown = "".join(message.content for message in request.messages)
        assert all(line in shown for turn in window for told in turn.answered for line in told or ()) or (
            on.profile.context.policy.value in {"none", "source"}
        )
        window = context.extended(
            on, window, Recaller(on).turn(batch.units, [f"第{n}个村的故事。" for n in range(len(batch.units))])
        )


DECIDED = GlossaryEntry("聖剣", "圣剑", "a person's own, decided")
SHIPPED = GlossaryEntry("勇者", "勇者", advice=True)
NAMES = tuple(GlossaryEntry(f"名{n}", f"名译{n}", kind=NAME_KIND, advice=True) for n in range(30))
CROWDED = "聖剣と勇者と" + "".join(f"名{n}と" for n in range(30))


def test_what_a_person_decided_is_sent_before_what_a_job_found_itself() -> None:
    profile = PROFILES["sakura-v1.0"]
    on = Desk(profile, language("ja"), language("zh-CN"), "m", 640, {})
    hits = Matcher(Glossary((SHIPPED, DECIDED)).above(NAMES).entries).hits(CROWDED)
    unit = Unit(0, CROWDED, Role.DIALOGUE, "s", "f", glossary=hits)
    other = Unit(1, "聖剣だ。", Role.DIALOGUE, "s", "f", glossary=(DECIDED,))
    made = fitted(on, [prepare.prepare(each, on) for each in (unit, other)], context=(), sampling=Sampling())
    assert made.left_out
    assert made.left_out < set(NAMES)
    for entry in hits:
        assert (f"{entry.src}->{entry.dst}" in made.request.messages[-1].content) is (entry not in made.left_out)


@pytest.mark.parametrize("follows", [True, False])
def test_a_text_is_held_to_the_entries_that_it_was_sent_with_and_to_no_others(*, follows: bool) -> None:
    on = Desk(PROFILES["sakura-v1.0"], language("ja"), language("zh-CN"), "m", 640, {})
    many = tuple(GlossaryEntry(f"魔法{n}", f"某某某某{n}", "说明" * 17) for n in range(9))
    unit = Unit(0, "".join(f"魔法{n}と" for n in range(9)), Role.DIALOGUE, "s", "f", glossary=many)
    task = Task(Batch(0, "s", (unit,)), measure=Measure(on, Calibration()), rules=rules(on))
    question = task.next()
    assert question is not None
    told = {entry for entry in many if f"{entry.src}->" in question.request.messages[-1].content}
    assert 0 < len(told) < len(many)
    said = "和".join(entry.dst if follows == (entry in told) else f"魔术{n}" for n, entry in enumerate(many))
    task.answered(question, Reply(said, Stop.DONE), task.watch(question))
    assert (task.next() is None) is follows


def test_an_entry_for_the_speaker_alone_need_not_be_in_the_translation() -> None:
    on = Desk(PROFILES["galtransl-v3"], language("ja"), language("zh-CN"), "m", 2048, {})
    entry = GlossaryEntry("エリナ", "艾莉娜")
    for source, codes in (("いい天気だ。", []), ("エリナだよ。", ["glossary"])):
        unit = Unit(0, source, Role.DIALOGUE, "s", "f", speaker="エリナ", glossary=(entry,))
        assert [finding.code for finding in examine(on, unit, "天气真好。")] == codes
