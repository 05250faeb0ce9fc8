"""Runs on several hosts, and with a fallback model: scripted backends, the real runner."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from translator.core.backend import (
    BackendError,
    BrokenReplyError,
    BusyError,
    Host,
    NoSuchModelError,
    OnBegin,
    OnToken,
    PromptRefusedError,
    RefusedError,
    Reply,
    Request,
    UnreachableError,
)
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, Outcome, Recorded, Unit
from translator.engine.desk import Desk
from translator.engine.events import HostAway, HostBack, HostSeen, RunEvent, RunTotals, Waiting
from translator.engine.plan import plan
from translator.engine.run import Fallback, RunLimits, translate
from translator.profiles import all_profiles
from translator.profiles.profile import Context, ContextPolicy
from translator.testing.scripted import ScriptedBackend

LIMITS = RunLimits(patience=0.0, at_first=0.0, pause=0.0, longest_pause=0.0)


def desk(model: str = "m", policy: ContextPolicy = ContextPolicy.NONE) -> Desk:
    profile = replace(
        all_profiles()["sakura-v1.0"], context=Context(policy, 0 if policy is ContextPolicy.NONE else 500)
    )
    return Desk(profile, language("ja"), language("zh-CN"), model, 2048, {})


def planned(scenes: int, lines: int = 30) -> list[Batch]:
    units = [
        Unit(scene * lines + line, f"ここは{scene}番目の町の{line}番目の家です。", Role.DIALOGUE, str(scene), "f")
        for scene in range(scenes)
        for line in range(lines)
    ]
    return list(plan(units, desk=desk()))


class Book:
    """A ledger in memory."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = batches
        self.outcomes: dict[int, Sequence[Outcome]] = {}
        self.attempts: list[Attempt] = []

    def pending(self) -> Iterator[Batch]:
        return (batch for batch in self.batches if batch.id not in self.outcomes)

    def recorded(self, batch: int) -> Recorded | None:
        made = self.outcomes.get(batch)
        found = self.batches[batch]
        return Recorded(found, tuple(o.target for o in made) if made else (None,) * len(found.units))

    def chain(self, batch: int) -> Sequence[int]:
        before = self.batches[batch].after
        return [batch] if before is None else [*self.chain(before), batch]

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        await asyncio.sleep(0)
        assert batch.id not in self.outcomes
        self.outcomes[batch.id] = outcomes
        self.attempts.extend(attempts)

    @property
    def failed(self) -> list[int]:
        return [o.unit for made in self.outcomes.values() for o in made if o.target is None]

    @property
    def whole(self) -> bool:
        return len(self.outcomes) == len(self.batches)


def right(request: Request) -> str:
    text = request.messages[-1].content.rpartition("：")[2]
    return "\n".join(
        line.replace("ここは", "这里是").replace("番目の町の", "号镇的").replace("番目の家です", "号房子")
        for line in text.split("\n")
    )


@dataclass
class Server(ScriptedBackend):
    """Answers rightly after some turns of the event loop, or fails as `rule` says."""

    turns: int = 3
    rule: Callable[[int], BackendError | None] = lambda _number: None
    translate: Callable[[Request], str] = right
    seen: list[Request] = field(default_factory=list[Request])

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        self.seen.append(request)
        number = len(self.seen)
        if (error := self.rule(number)) is not None:
            await asyncio.sleep(0)
            raise error
        text = self.translate(request)
        for turn in range(self.turns):
            await asyncio.sleep(0)
            if turn == 0 and on_begin is not None:
                on_begin()
        if on_token is not None:
            on_token(text)
        return Reply(text, prompt_tokens=10, output_tokens=5)


async def run(
    book: Book,
    *hosts: Host,
    limits: RunLimits = LIMITS,
    policy: ContextPolicy = ContextPolicy.NONE,
    fallback: Fallback | None = None,
) -> tuple[RunTotals, list[RunEvent]]:
    events: list[RunEvent] = []
    totals = await translate(
        desk(policy=policy), hosts=hosts, ledger=book, limits=limits, on_event=events.append, fallback=fallback
    )
    return totals, events


async def test_hosts_share_a_job_each_with_its_own_name_for_the_model_and_attempts_name_who_answered() -> None:
    one, two, book = Server(), Server(), Book(planned(8))
    totals, events = await run(book, Host("one", one, "m:7b", parallel=2), Host("two", two, "other-m", parallel=2))
    assert book.whole
    assert not book.failed
    assert {request.model for request in one.seen} == {"m:7b"}
    assert {request.model for request in two.seen} == {"other-m"}
    assert len(one.seen) + len(two.seen) == totals.requests == len(book.batches)
    assert {attempt.host for attempt in book.attempts} == {"one", "two"}
    told = {event.host: event for event in events if isinstance(event, HostSeen)}
    assert {name: event.requests for name, event in told.items()} == {"one": len(one.seen), "two": len(two.seen)}


async def test_each_host_gets_work_at_the_pace_at_which_it_finishes_it() -> None:
    fast, slow, book = Server(turns=4), Server(turns=80), Book(planned(40))
    await run(book, Host("fast", fast, "m", parallel=1), Host("slow", slow, "m", parallel=1))
    assert len(fast.seen) > 4 * len(slow.seen) > 0


async def test_scenes_stay_on_their_host() -> None:
    one, two, book = Server(), Server(), Book(planned(10, lines=60))
    await run(book, Host("one", one, "m", parallel=3), Host("two", two, "m", parallel=3), policy=ContextPolicy.PAIR)
    assert book.whole
    hosts: dict[str, set[str]] = {}
    scene_of = {unit.id: batch.scene for batch in book.batches for unit in batch.units}
    for attempt in book.attempts:
        hosts.setdefault(scene_of[attempt.units[0]], set()).add(attempt.host)
    assert sum(len(names) == 1 for names in hosts.values()) >= 6  # a host that is slow for a moment may lose some


@pytest.mark.parametrize(
    "error", [UnreachableError("gone"), BusyError("full", retry_after=0.0), BrokenReplyError("half a line")]
)
async def test_the_batches_of_a_host_that_fails_go_to_the_others_and_the_job_goes_on(error: BackendError) -> None:
    bad, good, book = Server(rule=lambda number: error if number > 3 else None), Server(), Book(planned(10))
    _, events = await run(book, Host("bad", bad, "m", parallel=2), Host("good", good, "m", parallel=2))
    assert book.whole
    assert not book.failed
    assert len(bad.seen) < 12
    away = [event for event in events if isinstance(event, HostAway)]
    assert {event.host for event in away} == {"bad"}
    assert away[0].seconds == 1.0


@pytest.mark.parametrize("error", [NoSuchModelError("no such model"), RefusedError("401")])
async def test_a_host_that_refuses_for_good_is_dropped_with_a_word_and_the_job_goes_on(error: BackendError) -> None:
    bad, good, book = Server(rule=lambda _: error), Server(), Book(planned(10))
    _, events = await run(book, Host("bad", bad, "m", parallel=2), Host("good", good, "m", parallel=2))
    assert book.whole
    assert not book.failed
    assert len(bad.seen) <= 2
    assert HostAway("bad", str(error), None) in events


async def test_a_host_that_was_left_alone_is_tried_again_and_used() -> None:
    shaky, book = Server(rule=lambda n: UnreachableError("gone") if n == 1 else None), Book(planned(10))

    class Slow(Server):
        async def complete(
            self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
        ) -> Reply:
            await asyncio.sleep(0.05)
            return await super().complete(request, on_token=on_token, on_begin=on_begin)

    good = Slow()
    limits = replace(LIMITS, patience=100.0)
    hosts = Host("shaky", shaky, "m", parallel=1), Host("good", good, "m", parallel=1)
    _, events = await run(book, *hosts, limits=limits)
    assert book.whole
    assert HostBack("shaky") in events
    assert len(shaky.seen) > 1


async def test_the_job_ends_when_no_host_is_left() -> None:
    gone = Server(rule=lambda n: UnreachableError("gone") if n > 2 else None)
    refusing = Server(rule=lambda n: RefusedError("401") if n > 2 else None)
    book = Book(planned(10))
    with pytest.raises((UnreachableError, RefusedError)):
        await run(book, Host("gone", gone, "m", parallel=1), Host("refusing", refusing, "m", parallel=1))
    assert not book.whole
    assert not book.failed


async def test_while_no_host_serves_the_run_says_that_it_waits_and_a_stop_ends_it() -> None:
    stop = asyncio.Event()
    hosts = [Host(name, Server(rule=lambda _: UnreachableError("gone")), "m", parallel=1) for name in ("a", "b")]
    events: list[RunEvent] = []

    def on_event(event: RunEvent) -> None:
        events.append(event)
        if isinstance(event, Waiting):
            stop.set()

    limits = RunLimits(stop=stop, patience=1000, at_first=1000)
    totals = await translate(desk(), hosts=hosts, ledger=Book(planned(3)), limits=limits, on_event=on_event)
    assert totals.stopped
    assert {event.host for event in events if isinstance(event, HostAway)} == {"a", "b"}


async def test_requests_name_slots_where_the_host_takes_that() -> None:
    server, book = Server(), Book(planned(10))
    await run(book, Host("a", server, "m", slots=3, named=True), policy=ContextPolicy.PAIR)
    assert {request.slot for request in server.seen} == {None, 0, 1, 2}
    plain = Server()
    await run(Book(planned(4)), Host("a", plain, "m", slots=3))
    assert {request.slot for request in plain.seen} == {None}


async def test_what_the_model_cannot_do_is_asked_of_the_fallback_model_on_its_own_hosts() -> None:
    def spoilt(request: Request) -> str:
        text = right(request)
        return "" if "3号镇的7号房子" in text else text

    first, second, book = Server(translate=spoilt), Server(), Book(planned(5))
    fallback = Fallback(desk("better"), [Host("there", second, "better:32b", parallel=1)])
    totals, _ = await run(book, Host("here", first, "m", parallel=2), fallback=fallback)
    assert book.whole
    assert not book.failed
    assert totals.requests == len(first.seen) + len(second.seen)
    assert {request.model for request in second.seen} == {"better:32b"}
    assert [attempt.host for attempt in book.attempts].count("there") == len(second.seen) == 1


def without(*texts: str) -> Callable[[Request], str]:
    """Translates, but refuses what holds one of these."""

    def translated(request: Request) -> str:
        if any(text in request.messages[-1].content for text in texts):
            raise PromptRefusedError("the content filter stopped the answer")
        return right(request)

    return translated


SEVENTH = "0番目の町の7番目の家"


@pytest.mark.parametrize("hosts", [1, 2])
async def test_a_text_that_is_refused_fails_alone_with_the_reason_and_its_hosts_go_on(hosts: int) -> None:
    servers = [Server(translate=without(SEVENTH)) for _ in range(hosts)]
    book = Book(planned(6))
    _, events = await run(book, *(Host(str(n), server, "m", parallel=2) for n, server in enumerate(servers)))
    assert book.whole
    assert book.failed == [7]
    (outcome,) = [o for made in book.outcomes.values() for o in made if o.unit == 7]
    assert [(f.code, f.message) for f in outcome.findings] == [("refused", "the content filter stopped the answer")]
    assert not [event for event in events if isinstance(event, HostAway)]


async def test_what_one_host_refuses_another_or_the_fallback_is_asked_for() -> None:
    strict, free, book = Server(translate=without(SEVENTH)), Server(turns=9), Book(planned(6))
    await run(book, Host("strict", strict, "m", parallel=2), Host("free", free, "m", parallel=2))
    assert book.whole
    assert not book.failed
    second, book = Server(), Book(planned(6))
    fallback = Fallback(desk("better"), [Host("there", second, "better:32b")])
    await run(book, Host("strict", Server(translate=without(SEVENTH)), "m"), fallback=fallback)
    assert book.whole
    assert not book.failed
    assert len(second.seen) == 1


async def test_a_job_goes_on_though_the_first_text_of_all_is_refused() -> None:
    server, book = Server(translate=without("0番目の町の0番目の家")), Book(planned(2))
    await run(book, Host("here", server, "m", parallel=1))
    assert book.whole
    assert book.failed == [0]


async def test_a_job_of_which_only_refused_texts_are_left_comes_to_its_end() -> None:
    server, book = Server(translate=without("番目の家")), Book(planned(1, lines=3))
    await run(book, Host("here", server, "m", parallel=1))
    assert book.failed == [0, 1, 2]


async def test_a_host_that_refuses_every_prompt_is_told_at_once_and_no_text_fails() -> None:
    server, book = Server(rule=lambda _: PromptRefusedError("unknown option")), Book(planned(6))
    with pytest.raises(PromptRefusedError, match="unknown option"):
        await run(book, Host("here", server, "m", parallel=1))
    assert len(server.seen) <= 3
    assert not book.outcomes


def spoilt(request: Request) -> str:
    """Leaves out one house in each town."""
    return "\n".join("" if "的7号房子" in line else line for line in right(request).split("\n"))


async def stand_in(second: Server, limits: RunLimits = LIMITS) -> tuple[Book, Server, list[RunEvent]]:
    """A job whose own model leaves out houses, which the fallback model is asked for."""
    first, book = Server(translate=spoilt), Book(planned(6))
    fallback = Fallback(desk("better"), [Host("there", second, "better", parallel=1)])
    _, events = await run(book, Host("here", first, "m", parallel=1), limits=limits, fallback=fallback)
    return book, first, events


@pytest.mark.parametrize(
    "error",
    [
        UnreachableError("gone"), BusyError("full", retry_after=0.0), BrokenReplyError("half a line"),
        RefusedError("401"), NoSuchModelError("no such model"), PromptRefusedError("400"),
    ],
)  # fmt: skip
async def test_a_fallback_that_is_not_to_be_had_costs_the_job_nothing_else(error: BackendError) -> None:
    book, first, events = await stand_in(Server(rule=lambda _: error))
    alone = Server(translate=spoilt)
    await run(Book(planned(6)), Host("here", alone, "m", parallel=1))
    assert book.whole
    assert book.failed == [7 + 30 * town for town in range(6)]
    assert [request.messages for request in first.seen] == [request.messages for request in alone.seen]
    assert {event.host for event in events if isinstance(event, HostAway)} == {"there"}
    findings = [f for made in book.outcomes.values() for o in made if o.target is None for f in o.findings]
    assert any(f.code == "fallback-away" and str(error) in f.message for f in findings)


async def test_a_fallback_that_fails_for_a_moment_is_waited_for() -> None:
    second = Server(rule=lambda n: UnreachableError("it starts") if n < 4 else None)
    book, _, _ = await stand_in(second, replace(LIMITS, patience=1000.0))
    assert book.whole
    assert not book.failed


async def test_the_jobs_own_model_works_on_while_batches_wait_for_a_slow_fallback() -> None:
    class Slow(Server):
        async def complete(
            self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
        ) -> Reply:
            await done.wait()
            return await super().complete(request, on_token=on_token, on_begin=on_begin)

    def watched(request: Request) -> str:
        if len(first.seen) == asked_in_all:
            done.set()
        return spoilt(request)

    alone = Server(translate=spoilt)
    await run(Book(planned(6)), Host("here", alone, "m", parallel=1))
    asked_in_all = len(alone.seen)
    for policy in (ContextPolicy.NONE, ContextPolicy.SOURCE):
        first, done, book = Server(translate=watched), asyncio.Event(), Book(planned(6))
        fallback = Fallback(desk("better"), [Host("there", Slow(), "better", parallel=1)])
        async with asyncio.timeout(30):
            await run(book, Host("here", first, "m", parallel=1), fallback=fallback, policy=policy)
        assert book.whole
        assert not book.failed


async def test_a_host_that_hangs_is_told_of_and_its_scene_goes_on_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(Server):
        async def complete(
            self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
        ) -> Reply:
            if not self.seen:
                self.seen.append(request)
                await told.wait()
                raise BrokenReplyError("it fell silent")
            return await super().complete(request, on_token=on_token, on_begin=on_begin)

    def on_event(event: RunEvent) -> None:
        events.append(event)
        if isinstance(event, Waiting) and "silent" in event.reason:
            told.set()

    monkeypatch.setattr("translator.engine.hosts.SILENT", 0.05)
    monkeypatch.setattr("translator.engine.sending.SILENT", 0.05)
    told, events, book = asyncio.Event(), list[RunEvent](), Book(planned(6))
    hosts = [Host("hung", Hanging(), "m", parallel=1), Host("well", Server(), "m", parallel=1)]
    await translate(desk(), hosts=hosts, ledger=book, limits=LIMITS, on_event=on_event)
    assert book.whole
    assert not book.failed
    (said,) = [event for event in events if isinstance(event, Waiting) and "silent" in event.reason]
    assert said.reason.startswith("hung has been silent for")
    assert said.seconds is None
