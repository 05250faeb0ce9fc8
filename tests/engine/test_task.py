from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.backend import Abort, BrokenReplyError, OverflowedError, Reply, Sampling, Stop, UnreachableError
from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, Unit
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.measuring import Measure
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
    return Task(Batch(0, "a", units), measure=Measure(on, Calibration()), rules=rules(on), before=window)


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


def test_of_a_partly_good_answer_only_what_is_not_certain_is_asked_again() -> None:
    work = task(desk(lines=8), "ここ。", "村人。", r"\V[1]人の兵", "門。", "王様。")
    answer(work, ask(work), "这里。\n村民。\n\\V[1]个士兵\n国王。")
    assert texts(ask(work)) == ["\\V[1]人の兵\n門。\n王様。"]


def test_the_lines_before_a_loop_are_used_where_an_anchor_makes_them_certain() -> None:
    work = task(desk(lines=8), "ここ。", "村人。", r"\V[1]人の兵", "門。", "王様。")
    answer(work, ask(work), "这里。\n村民。\n\\V[1]个士兵\n" + "门门" * 60)
    assert codes(work.attempts[0]) == ["loop"]
    question = ask(work)
    assert question.request.sampling == PENALTY
    assert texts(question) == ["\\V[1]人の兵\n門。\n王様。"]


def test_an_answer_that_ends_in_a_remark_is_whole() -> None:
    work = task(desk(), "ここは村です。", "ようこそ。")
    answer(work, ask(work), "这里是村庄。\n欢迎。\n\n（注：以上为译文。）", Stop.ABORTED)
    assert work.next() is None
    assert [outcome.target for outcome in work.outcomes()] == ["这里是村庄。", "欢迎。"]
    assert [(f.code, f.severity) for f in work.attempts[0].findings] == [("remark", Severity.INFO)]


def laddered(on: Desk, *sources: str, hosts: int = 1, fallback: Desk | None = None, seconds: float = 600) -> Task:
    units = tuple(Unit(i, source, Role.DIALOGUE, "a", "f") for i, source in enumerate(sources))
    ladder = replace(rules(on), seconds=seconds)
    other = fallback and Measure(fallback, Calibration())
    measure = Measure(on, Calibration())
    return Task(Batch(0, "a", units), measure=measure, rules=ladder, hosts=hosts, fallback=other)


def test_what_one_host_cannot_do_alone_is_asked_of_the_others() -> None:
    work = laddered(desk(), "ここは村です。", hosts=3)
    asked: list[tuple[frozenset[str], Sampling]] = []
    for host in ("a", "a", "b", "c"):
        question = ask(work)
        asked.append((question.avoid, question.request.sampling))
        work.answered(question, Reply("ここは村です。"), work.watch(question), host)
    assert asked == [
        (frozenset(), Sampling()),
        (frozenset(), WARMER),
        (frozenset({"a"}), Sampling()),
        (frozenset({"a", "b"}), Sampling()),
    ]
    assert work.next() is None
    assert [attempt.host for attempt in work.attempts] == ["a", "a", "b", "c"]
    assert work.outcomes()[0].target is None


def test_what_the_model_cannot_do_the_fallback_is_asked_for_alone_in_its_own_way() -> None:
    other = desk()
    profile = replace(other.profile, templates=Templates(user="翻译：{text}"), sampling=Sampling(temperature=0.7))
    other = replace(other, profile=profile, model="other", host="there")
    work = laddered(desk(), "ここは村です。", "ようこそ。", "はい。", fallback=other)
    question = ask(work)
    assert not question.fallback
    answer(work, question, "这里是村庄。\nようこそ。\nはい。")
    while not (question := ask(work)).fallback:
        answer(work, question, "\n".join(line for part in question.asked for line in part.lines))
    assert texts(question) == ["翻译：ようこそ。"]
    assert (question.request.model, question.request.sampling) == ("other", Sampling(temperature=0.7))
    answer(work, question, "欢迎。")
    while (question := work.next()) is not None:
        assert question.fallback
        answer(work, question, "はい。")
    first, second, third = work.outcomes()
    assert (first.target, first.findings) == ("这里是村庄。", ())
    assert (second.target, [(f.code, f.severity) for f in second.findings]) == ("欢迎。", [("fallback", Severity.INFO)])
    assert not second.flagged
    assert third.target is None
    assert {attempt.host for attempt in work.attempts} == {"", "there"}
    assert [attempt.number for attempt in work.attempts] == list(range(1, len(work.attempts) + 1))


def test_a_unit_that_only_its_codes_spoil_has_them_put_back_in_the_answer_with_the_fewest_faults() -> None:
    work = task(desk(lines=1), r"ここは\V[1]番の村、\V[2]番の町です。")
    answers = iter(["这里是号村庄、号城镇。", r"这里是\V[1]号村庄、号城镇。"])
    while (question := work.next()) is not None:
        answer(work, question, next(answers))
    (outcome,) = work.outcomes()
    assert outcome.target is not None
    assert outcome.target.startswith(r"这里是\V[1]号村庄")
    assert outcome.target.count(r"\V[2]") == 1
    assert [(f.code, f.severity) for f in outcome.findings] == [("markup", Severity.WARNING)]
    assert outcome.flagged


def test_no_request_is_made_for_a_unit_that_has_had_its_time() -> None:
    work = laddered(desk(), "ここは村です。", "ようこそ。", seconds=100)
    question = ask(work)
    work.answered(question, Reply("这里是村庄。\nようこそ。", seconds=202), work.watch(question))
    assert work.next() is None
    first, second = work.outcomes()
    assert first.target == "这里是村庄。"
    assert second.target is None
    assert second.findings[-1].code == "out-of-time"


REPLIES = st.sampled_from(
    ["good", "copy", "drop", "merge", "extra", "empty", "loop", "code", "cut", "overflow", "broken"]
)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["ここは村です。", r"\V[1]番の町です。", "長い。" * 9]), min_size=1, max_size=5),
    st.integers(1, 4),
    st.booleans(),
    st.data(),
)
def test_whatever_comes_back_each_line_is_asked_a_bounded_number_of_times(
    sources: list[str],
    hosts: int,
    fallback: bool,  # noqa: FBT001  (hypothesis)
    data: st.DataObject,
) -> None:
    on = desk(lines=4)
    work = laddered(on, *sources, hosts=hosts, fallback=replace(on, model="other") if fallback else None)
    times: Counter[tuple[bool, int, int]] = Counter()
    while (question := work.next()) is not None:
        spans = question.ask.spans
        times.update((question.fallback, s.unit, line) for s in spans for line in range(s.start, s.stop))
        lines = [line for part in question.asked for line in part.lines]
        right = [
            line.translate(str.maketrans({"の": "的", "で": "是", "す": "", "こ": "这", "い": ""})) for line in lines
        ]
        kind = data.draw(REPLIES)
        if kind in {"overflow", "broken"}:
            work.refused(question, OverflowedError("full") if kind == "overflow" else BrokenReplyError("cut"))
            continue
        text = {
            "good": "\n".join(right).replace("は", "").replace("番", "号").replace("長", "长"),
            "copy": "\n".join(lines),
            "drop": "\n".join(right[1:]),
            "merge": "".join(right),
            "extra": "\n".join([*right, "多余"]),
            "empty": "",
            "loop": "好" * 300,
            "code": "\n".join(right).replace(r"\V[1]", "").replace("は", ""),
            "cut": "\n".join(right)[:-1],
        }[kind]
        answer(work, question, text, Stop.LENGTH if kind == "cut" else Stop.DONE)
    longest = 1 + max(line for _, _, line in times)
    assert max(times.values()) <= replace(rules(on), elsewhere=min(hosts - 1, 2)).most(len(sources), longest)
    outcomes = work.outcomes()
    assert [outcome.unit for outcome in outcomes] == list(range(len(sources)))
    assert all(outcome.findings for outcome in outcomes if outcome.target is None)


def test_what_the_fallback_model_is_not_there_for_fails_with_both_reasons() -> None:
    work = laddered(desk(), "ここは村です。", "ようこそ。", fallback=replace(desk(), model="other"))
    while not (question := ask(work)).fallback:
        answer(work, question, "\n".join(line for part in question.asked for line in part.lines))
    work.abandon(UnreachableError("gone"))
    assert work.next() is None
    for outcome in work.outcomes():
        assert outcome.target is None
        assert [f.code for f in outcome.findings][-1] == "fallback-away"
        assert len(outcome.findings) > 1


def test_a_second_chance_asks_for_what_failed_alone_and_its_requests_count_on() -> None:
    other = Measure(replace(desk(), model="other"), Calibration())
    work = laddered(desk(), "ここは村です。", "ようこそ。", "はい。", fallback=other.desk)
    answer(work, ask(work), "这里是村庄。\nようこそ。\nはい。")
    while (question := work.next()) is not None:
        if question.fallback and texts(question) == ["はい。"]:
            answer(work, question, "是的。")
        else:
            work.refused(question, BrokenReplyError("half a line"))
    before = len(work.attempts)
    work.again(other)
    question = ask(work)
    assert (texts(question), question.fallback, question.again) == (["ようこそ。"], False, True)
    while (question := work.next()) is not None:
        answer(work, question, "欢迎。" if question.fallback else "ようこそ。")
    assert [outcome.target for outcome in work.outcomes()] == ["这里是村庄。", "欢迎。", "是的。"]
    assert [attempt.number for attempt in work.attempts] == list(range(1, len(work.attempts) + 1))
    assert len(work.attempts) > before + 1
