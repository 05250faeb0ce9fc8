"""How long a model may work at a text, and that what broke off counts and is on record: real sender, scripted host."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from translator.core.backend import BrokenReplyError, Host, OnBegin, OnToken, Reply, Request, Stop
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Batch, Unit
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.ending import Ending, RunLimits
from translator.engine.measuring import Measure
from translator.engine.sending import Sender
from translator.engine.task import Question, Task, rules
from translator.profiles import all_profiles
from translator.testing.scripted import ScriptedBackend

Script = Callable[[Request, OnToken, OnBegin], Awaitable[Reply]]


def desk(model: str = "m") -> Desk:
    return Desk(all_profiles()["sakura-v1.0"], language("ja"), language("zh-CN"), model, 2048, {}, host="here")


def task(*sources: str, seconds: float, fallback: Desk | None = None) -> Task:
    on = desk()
    units = tuple(Unit(i, source, Role.DIALOGUE, "a", "f") for i, source in enumerate(sources))
    ladder = replace(rules(on), seconds=seconds)
    measure, other = Measure(on, Calibration()), fallback and Measure(fallback, Calibration())
    return Task(Batch(0, "a", units), measure=measure, rules=ladder, fallback=other)


@dataclass
class Server(ScriptedBackend):
    """Does what a script says."""

    script: Script

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        assert on_token is not None
        assert on_begin is not None
        return await self.script(request, on_token, on_begin)


async def through(work: Task, *scripts: Script) -> None:
    """Let hosts answer until the task is done."""
    hosts = [Host(f"host {number}", Server(script), "m:7b", parallel=1) for number, script in enumerate(scripts)]
    limits = RunLimits(patience=1000, at_first=1000, pause=0, longest_pause=0)
    sender = Sender(
        hosts,
        ending=Ending(limits),
        on_event=lambda _: None,
        on_change=lambda: None,
        left=lambda: 0.0,
        measure=Measure(desk(), Calibration()),
    )
    while (question := work.next()) is not None:
        await sender.ask(work, question, "a")
    sender.close()


async def never() -> Reply:
    await asyncio.Event().wait()
    raise AssertionError


async def test_an_answer_is_stopped_when_its_texts_have_had_their_time_and_what_is_certain_of_it_used() -> None:
    async def stuck(_request: Request, on_token: OnToken, on_begin: OnBegin) -> Reply:
        on_begin()
        on_token("“走吧！”\n今天天气真")
        return await never()

    work = task("「行こう！」", "今日はいい天気ですね。", "そうですか。", seconds=0.02)
    await asyncio.wait_for(through(work, stuck), 60)
    first, second, third = work.outcomes()
    assert [outcome.target for outcome in (second, third)] == [None, None]
    assert second.findings[-1].code == third.findings[-1].code == "out-of-time"
    assert first.target in {None, "“走吧！”", "「走吧！」"}
    (attempt,) = work.attempts
    assert attempt.reply == "“走吧！”\n今天天气真"
    assert attempt.stop == "aborted"
    assert "out-of-time" in {finding.code for finding in attempt.findings}


async def test_a_thought_that_does_not_end_has_the_same_time() -> None:
    async def thinking(_request: Request, _on_token: OnToken, on_begin: OnBegin) -> Reply:
        on_begin()
        return await never()

    work = task("そうですか。", seconds=0.02)
    await asyncio.wait_for(through(work, thinking), 60)
    assert work.outcomes()[0].findings[-1].code == "out-of-time"


async def test_waiting_for_a_slot_is_not_counted() -> None:
    async def busy(_request: Request, _on_token: OnToken, on_begin: OnBegin) -> Reply:
        await asyncio.sleep(0.3)
        on_begin()
        return Reply("是这样吗。", seconds=1000)

    work = task("そうですか。", seconds=0.2)
    await through(work, busy)
    assert work.outcomes()[0].target == "是这样吗。"
    assert work.attempts[0].seconds == 1000


async def test_a_slow_model_has_as_much_for_a_batch_as_its_texts_have_together() -> None:
    work = task("そうですか。", "はい。", "いいえ。", seconds=100)
    question = ask(work)
    assert work.allowed(question) == 300
    work.answered(question, Reply("是这样吗。", seconds=240), work.watch(question))
    question = ask(work)
    assert work.allowed(question) == 60


async def test_what_broke_off_is_on_record_with_its_host_and_model_and_is_sent_again() -> None:
    calls: list[Request] = []

    async def shaky(request: Request, _on_token: OnToken, on_begin: OnBegin) -> Reply:
        on_begin()
        calls.append(request)
        if len(calls) in {2, 3}:
            raise BrokenReplyError("half a line")
        return Reply("  是这样吗。\n" if len(calls) > 3 else "", prompt_tokens=9)

    work = task("そうですか。", seconds=600)
    await through(work, shaky)
    assert [attempt.stop for attempt in work.attempts] == ["done", "broken-reply", "broken-reply", "done"]
    assert [attempt.number for attempt in work.attempts] == [1, 2, 3, 4]
    broken = work.attempts[1]
    assert [(f.code, f.message) for f in broken.findings] == [("broken-reply", "half a line")]
    assert (broken.host, broken.model, broken.reply) == ("host 0", "m", "")
    assert broken.prompt_hash == work.attempts[3].prompt_hash
    assert work.attempts[3].reply == "  是这样吗。\n"
    assert work.outcomes()[0].target is not None


async def test_what_broke_off_on_several_hosts_counts_as_time_spent() -> None:
    async def breaking(_request: Request, _on_token: OnToken, on_begin: OnBegin) -> Reply:
        on_begin()
        await asyncio.sleep(0.06)
        raise BrokenReplyError("crash")

    async def served(_request: Request, _on_token: OnToken, on_begin: OnBegin) -> Reply:
        on_begin()
        return Reply("そうですか。")  # a copy, which a check refuses: the server has served, the text is asked again

    scripts = iter([served])

    async def first_served(request: Request, on_token: OnToken, on_begin: OnBegin) -> Reply:
        return await next(scripts, breaking)(request, on_token, on_begin)

    work = task("そうですか。", seconds=0.1)
    await asyncio.wait_for(through(work, first_served, breaking), 60)
    assert work.outcomes()[0].findings[-1].code == "out-of-time"
    assert len(work.attempts) <= 3


def ask(work: Task) -> Question:
    question = work.next()
    assert question is not None
    return question


LOOPED = "这里是" + "啊" * 300


@pytest.mark.parametrize(("seconds", "requests"), [(100, (3, 3)), (700, (1, 1))])
def test_the_fallback_model_has_what_is_left_and_half_as_much_again(seconds: float, requests: tuple[int, int]) -> None:
    other = desk("other")
    work = task("ここは村です。", seconds=600, fallback=other)
    asked = [0, 0]
    while (question := work.next()) is not None:
        if not asked[question.fallback]:
            assert work.allowed(question) == (600 if not question.fallback else max(600 - 3 * seconds, 0) + 300)
        asked[question.fallback] += 1
        work.answered(question, Reply(LOOPED, seconds=seconds), work.watch(question))
    assert tuple(asked) == requests
    assert [attempt.model for attempt in work.attempts] == ["m"] * requests[0] + ["other"] * requests[1]


def test_a_text_that_takes_several_requests_has_its_time_for_each() -> None:
    long = "「そうですか。それはとても残念なことでした。」" * 40
    work = task(long, seconds=600)
    question = ask(work)
    parts = work.allowed(question) / 600
    assert parts > 1
    text = "\n".join("“是这样吗。那真是非常遗憾的事情。”" for part in question.asked for _ in part.lines)
    work.answered(question, Reply(text, stop=Stop.DONE, seconds=599), work.watch(question))
    assert work.next() is not None


def test_the_samplings_of_a_ladder_are_on_record() -> None:
    work = task("ここは村です。", seconds=600)
    while (question := work.next()) is not None:
        work.answered(question, Reply(LOOPED), work.watch(question))
    assert ['"frequency_penalty": 0.1' in a.sampling for a in work.attempts] == [False, True, False]
    assert ['"frequency_penalty": 0.2' in a.sampling for a in work.attempts] == [False, False, True]
