from dataclasses import replace

from translator.core.backend import Abort, Reply, Sampling, Stop
from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, Unit
from translator.engine.desk import Desk
from translator.engine.plan import Fixed
from translator.engine.record import prompt_hash
from translator.engine.task import Question, Task, rules
from translator.engine.turns import Recaller
from translator.profiles.profile import (
    After,
    Budget,
    Context,
    ContextPolicy,
    Pairs,
    Profile,
    Retry,
    Style,
    Templates,
)

PENALTY, WARMER = Sampling(frequency_penalty=0.2), Sampling(temperature=0.5)


def desk(style: Style = Style.LINES, policy: ContextPolicy = ContextPolicy.NONE, *, lines: int = 4) -> Desk:
    profile = Profile(
        id="test",
        title="Test",
        version=1,
        fingerprint="test",
        style=style,
        languages=Pairs(default=("ja", "zh-CN")),
        sampling=Sampling(),
        templates=Templates(user="{text}"),
        context=Context(policy, 500),
        budget=Budget(lines=lines, characters=500, tokens=500, line_characters=14),
        retries=(Retry(PENALTY, After.LOOP), Retry(WARMER)),
    )
    return Desk(
        profile, language("ja"), language("zh-CN"), "model", 4096, {"f": MarkupSyntax((MarkupRule(r"\\V\[\d\]"),))}
    )


def task(on: Desk, *sources: str, before: tuple[tuple[str, str], ...] = ()) -> Task:
    units = tuple(Unit(i, source, Role.DIALOGUE, "a", "f") for i, source in enumerate(sources))
    told = tuple(Unit(i, source, Role.DIALOGUE, "a", "f") for i, (source, _) in enumerate(before))
    window = (Recaller(on).turn(told, [target for _, target in before]),) if before else ()
    return Task(Batch(0, "a", units), desk=on, fixed=Fixed.of(on), rules=rules(on), before=window)


def ask(work: Task) -> Question:
    question = work.next()
    assert question is not None
    return question


def answer(work: Task, question: Question, text: str, stop: Stop = Stop.DONE, abort: Abort | None = None) -> None:
    """Answer in one piece, as a server that does not stream."""
    work.answered(question, Reply(text, stop, abort=abort), work.watch(question))


def codes(attempt: Attempt) -> list[str]:
    return [finding.code for finding in attempt.findings]


def texts(question: Question) -> list[str]:
    return [message.content for message in question.request.messages]


def test_an_answer_that_came_in_one_piece_is_judged_as_a_streamed_one() -> None:
    work = task(desk(), "ここは村です。")
    answer(work, ask(work), "这里是" + "村庄，" * 40)
    assert codes(work.attempts[0]) == ["loop"]
    assert ask(work).request.sampling == PENALTY


def test_an_answer_cut_at_its_limit_is_met_as_a_loop() -> None:
    work = task(desk(), "ここは村です。", "ようこそ。")
    answer(work, ask(work), "这里是村庄。\n欢", Stop.LENGTH)
    assert codes(work.attempts[0]) == ["cut"]
    assert ask(work).request.sampling == PENALTY


def test_a_completion_that_goes_on_after_its_line_has_given_it() -> None:
    work = task(desk(Style.COMPLETION, lines=1), "ここは村です。")
    answer(work, ask(work), "这里是村庄。\nJapanese: ここ")
    assert work.next() is None
    assert [outcome.target for outcome in work.outcomes()] == ["这里是村庄。"]


def test_what_a_batch_has_translated_is_the_context_of_what_it_asks_again() -> None:
    work = task(desk(policy=ContextPolicy.ASSISTANT), "ここは村です。", "ようこそ。", before=(("はい", "好的"),))
    question = ask(work)
    assert texts(question) == ["好的", "ここは村です。\nようこそ。"]
    answer(work, question, "这里是村庄。\nようこそ。")
    assert texts(ask(work)) == ["好的\n这里是村庄。", "ようこそ。"]


LONG = r"ここは\V[1]番の村です。そこは\V[2]番の町です。あそこは\V[3]番の城です。"


def test_the_parts_of_a_long_text_see_the_parts_before_them() -> None:
    work = task(desk(policy=ContextPolicy.ASSISTANT, lines=1), LONG)
    question = ask(work)
    assert texts(question) == [r"ここは\V[1]番の村です。"]
    answer(work, question, r"这里是\V[1]号村庄。")
    assert texts(ask(work)) == [r"这里是\V[1]号村庄。", r"そこは\V[2]番の町です。"]


def test_a_long_text_that_a_check_refuses_is_asked_again_in_all_its_parts() -> None:
    work = task(desk(lines=1), LONG)
    for text in (r"这里是\V[1]号村庄。", "那里是城镇。", r"那边是\V[3]号城堡。"):
        answer(work, ask(work), text)
    assert set(codes(work.attempts[-1])) == {"markup"}
    for text in (r"这里是\V[1]号村庄。", r"那里是\V[2]号城镇。", r"那边是\V[3]号城堡。"):
        question = ask(work)
        assert question.request.sampling == WARMER
        answer(work, question, text)
    assert work.next() is None
    assert [outcome.target for outcome in work.outcomes()] == [
        r"这里是\V[1]号村庄。那里是\V[2]号城镇。那边是\V[3]号城堡。"
    ]
    assert [attempt.number for attempt in work.attempts] == [1, 2, 3, 4, 5, 6]


def test_a_unit_that_is_given_up_says_why() -> None:
    work = task(desk(), "ここは村です。")
    while (question := work.next()) is not None:
        answer(work, question, "ここは村です。")
    (outcome,) = work.outcomes()
    assert outcome.target is None
    assert any(finding.severity is Severity.ERROR and finding.message for finding in outcome.findings)
    assert len(work.attempts) == 2


def test_the_prompts_name_is_that_of_the_whole_request() -> None:
    request = ask(task(desk(), "ここは村です。")).request
    others = [
        replace(request, sampling=WARMER),
        replace(request, max_tokens=7),
        replace(request, num_ctx=7),
        replace(request, stop=("x",)),
        replace(request, model="other"),
        replace(request, schema="{}"),
        replace(request, think=True),
        replace(request, messages=(), prompt="ここは村です。"),
    ]
    assert len({prompt_hash(other) for other in (request, *others)}) == 9
    assert prompt_hash(request) == prompt_hash(replace(request))
