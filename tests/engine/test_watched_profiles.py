"""Every shipped profile's answers as a run sees them: through `Answer`, which a backend fills, and the task's watch."""

import random
from pathlib import Path

import pytest

from translator.backends.answer import Answer
from translator.core.backend import Reply, Stop
from translator.core.languages import language
from translator.core.markup import MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Batch, Unit
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.measuring import Measure
from translator.engine.task import Task, rules
from translator.profiles import all_profiles
from translator.profiles.profile import Profile, Style

PROFILES = all_profiles(Path("/nonexistent"))
SOURCES = ("ここは村です。", "勇者が来ました。", "王様が呼んでいます。")
SAMPLE = "这是一个关于勇者的故事他在村庄里遇见了许多人并且开始旅行面对黑暗力量"
CHANCE = random.Random(2)  # noqa: S311 - texts that never repeat, no secret


def line(length: int) -> str:
    return "".join(CHANCE.choice(SAMPLE) for _ in range(length))


NUMBERED = "\n".join(f"{number}. {line(12)}" for number in range(1, 999))
JSON = '{"translations": [' + ", ".join(f'{{"id": {number}, "text": "{line(12)}"}}' for number in range(1, 999)) + "]}"
ANSWERS = {
    "lines": "\n".join(line(20) for _ in range(900)),
    "one line": line(18_000),
    "json": JSON,
    "the same number": '{"translations": [' + ", ".join(f'{{"id": 1, "text": "{line(9)}"}}' for _ in range(900)) + "]}",
    "numbered": NUMBERED,
    "loop": "这里是村庄。" + "好的。我知道了。" * 2500,
    "blank lines": "\n" * 18_000,
    "blank lines after": "这里是村庄。" + "\n" * 18_000,
    "template": "这里是村庄。<|im_sep|>" + line(18_000),
}
TARGETS = ("这里是村庄。", "勇者来了。", "国王在叫。")
GOOD = {
    Style.JSON: "\n".join(f"{number}. {text}" for number, text in enumerate(TARGETS, 1)),
    Style.COMPLETION: "This is a village.",
}
SOON = 700
"""Characters within which every fault is seen where no thought is expected: the longest that three lines may become."""


def task(profile: Profile, *, structured: bool = False) -> Task:
    codes = profile.languages.default or ("ja", "zh-CN")
    desk = Desk(
        profile,
        language(codes[0]),
        language(codes[1]),
        "model",
        profile.budget.num_ctx,
        {"f": MarkupSyntax(())},
        structured=structured,
    )
    units = tuple(Unit(number, source, Role.DIALOGUE, "a", "f") for number, source in enumerate(SOURCES))
    return Task(Batch(0, "a", units), measure=Measure(desk, Calibration()), rules=rules(desk))


def stream(work: Task, text: str, thought: str = "", *, size: int = 3) -> tuple[int, list[str]]:
    """Answer the task's next question as a backend does; the characters that came, and the codes in the record."""
    question = work.next()
    assert question is not None
    watch = work.watch(question)
    answer = Answer.to(question.request, watch, None)
    parts = [("", thought[at : at + size]) for at in range(0, len(thought), size)]
    parts += [(text[at : at + size], "") for at in range(0, len(text), size)]
    came = 0
    for content, part in parts:
        answer.add(content, part)
        came += len(content) + len(part)
        if answer.tell():
            break
    answer.finish()
    stop = Stop.DONE if answer.abort is None else Stop.ABORTED
    work.answered(question, Reply(answer.text, stop, thought=answer.thought, abort=answer.abort), watch)
    return came, [finding.code for finding in work.attempts[-1].findings]


@pytest.mark.parametrize("kind", list(ANSWERS))
@pytest.mark.parametrize("structured", [True, False])
@pytest.mark.parametrize("name", list(PROFILES))
def test_an_answer_that_goes_wrong_is_stopped_under_every_profile(name: str, kind: str, *, structured: bool) -> None:
    profile = PROFILES[name]
    came, codes = stream(task(profile, structured=structured), ANSWERS[kind])
    # Where the model may think, what no mark opened may be its thought, until a thought's tokens are used up.
    room = 3 * (profile.budget.thought + profile.budget.answer_most) if profile.think else 0
    assert came < SOON + room < len(ANSWERS[kind])
    assert codes


@pytest.mark.parametrize("kind", list(ANSWERS))
@pytest.mark.parametrize("apart", [True, False])
def test_an_answer_behind_a_thought_is_stopped_as_soon_as_one_without(kind: str, *, apart: bool) -> None:
    thought = line(300)
    text = ANSWERS[kind] if apart else f"<think>{thought}</think>{ANSWERS[kind]}"
    came, codes = stream(task(PROFILES["reasoning"]), text, thought if apart else "")
    assert came < SOON + len(thought)
    assert codes


@pytest.mark.parametrize("kind", ["json", "the same number"])
def test_json_is_no_thought_and_is_stopped_at_once(kind: str) -> None:
    assert stream(task(PROFILES["reasoning"]), ANSWERS[kind])[0] < SOON


@pytest.mark.parametrize("opening", [None, "<think>", "<thinking>"])
@pytest.mark.parametrize("name", [name for name, profile in PROFILES.items() if not profile.think])
def test_a_thought_is_stopped_at_once_where_the_profile_has_none(name: str, opening: str | None) -> None:
    thought = line(9000)
    work = task(PROFILES[name])
    came, codes = stream(work, "" if opening is None else opening + thought, thought if opening is None else "")
    assert came < 40
    assert codes[0] == "thought-leaked"


@pytest.mark.parametrize("name", list(PROFILES))
def test_an_empty_thought_before_a_good_answer_is_passed_over(name: str) -> None:
    profile = PROFILES[name]
    good = "<think>\n\n</think>\n\n" + GOOD.get(profile.style, "\n".join(TARGETS))
    came, codes = stream(task(profile), good)
    assert came == len(good)
    assert codes == []
