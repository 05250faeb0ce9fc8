import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.backend import (
    BackendError,
    BrokenReplyError,
    BusyError,
    Host,
    ModelInfo,
    NoSuchModelError,
    OnBegin,
    OnToken,
    OverflowedError,
    RefusedError,
    Reply,
    Request,
    Sampling,
    Stop,
    UnreachableError,
)
from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, Outcome, Recorded, Unit
from translator.engine.desk import Desk
from translator.engine.events import BatchSettled, RunEvent, RunTotals, Waiting
from translator.engine.plan import plan
from translator.engine.run import RunLimits, translate
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
from translator.profiles.registry import shipped_profiles

FIRST, WARMER = Sampling(temperature=0.1), Sampling(temperature=0.5)
PENALTY = Sampling(temperature=0.1, frequency_penalty=0.2)
HASTE = RunLimits(patience=1000, at_first=1000, pause=0, longest_pause=0)
MARKUP = MarkupSyntax((MarkupRule(r"\\[A-Z]+\[\d+\]"),))


def desk(policy: ContextPolicy = ContextPolicy.NONE, *, budget: Budget | None = None) -> Desk:
    profile = Profile(
        id="test",
        title="Test",
        version=1,
        fingerprint="test",
        style=Style.LINES,
        languages=Pairs(default=("ja", "zh-CN")),
        sampling=FIRST,
        templates=Templates(
            system="译者", user="译：{text}", user_with_glossary="表：{glossary}\n译：{text}", history="前：{context}\n"
        ),
        context=Context(policy, 200),
        budget=budget or Budget(lines=4, characters=200, tokens=200),
        retries=(Retry(PENALTY, After.LOOP), Retry(WARMER)),
    )
    return Desk(profile, language("ja"), language("zh-CN"), "model", 2048, {"f": MARKUP}, host="here")


def source(number: int) -> str:
    return rf"これは\C[1]{number}番目\C[0]の文です。"


def target(number: int) -> str:
    return rf"这是\C[1]第{number}个\C[0]句子。"


def batches(scenes: Sequence[int], on: Desk) -> list[Batch]:
    """The planned batches of scenes with so many units each."""
    places = [str(scene) for scene, length in enumerate(scenes) for _ in range(length)]
    units = [Unit(i, source(i), Role.DIALOGUE, scene, "f") for i, scene in enumerate(places)]
    return list(plan(units, desk=on))


def lines_of(request: Request) -> list[str]:
    """The sources that a request asks for."""
    return request.messages[-1].content.partition("译：")[2].split("\n")


def numbers_of(request: Request) -> list[int]:
    return [int(found) for found in re.findall(r"(\d+)番目", request.messages[-1].content.partition("译：")[2])]


def right(request: Request) -> str:
    return "\n".join(
        re.sub(r"これは(.*?)(\d+)番目(.*?)の文です。", r"这是\1第\2个\3句子。", line) for line in lines_of(request)
    )


Answer = str | Reply | BackendError
Rule = Callable[[Request], Answer]


def dice(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311  (an order of events and faults to test, no secret)


@dataclass
class Server:
    """Answers by a rule; streams a few characters at a time."""

    rule: Rule = right
    rng: random.Random | None = None
    gate: asyncio.Event | None = None
    slots: int | None = None
    name: str = "script"
    seen: list[Request] = field(default_factory=list[Request])
    turn: int = 0
    flying: int = 0
    most: int = 0

    async def models(self) -> list[ModelInfo]:
        return []

    async def describe(self, model: str) -> ModelInfo:
        return ModelInfo(model, "digest", slots=self.slots)

    async def close(self) -> None:
        return None

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        if on_begin is not None:
            on_begin()
        self.seen.append(request)
        self.flying += 1
        self.most = max(self.most, self.flying)
        try:
            for _ in range(self.rng.randrange(8) if self.rng else 1):
                await asyncio.sleep(0)
            if self.gate is not None:
                await self.gate.wait()
            self.turn += 1
            return self._stream(self.rule(request), on_token)
        finally:
            self.flying -= 1

    def _stream(self, answer: Answer, on_token: OnToken | None) -> Reply:
        if isinstance(answer, BackendError):
            raise answer
        reply = Reply(answer, prompt_tokens=10, output_tokens=5) if isinstance(answer, str) else answer
        for end in range(3, len(reply.text) + 3, 3):
            abort = on_token(reply.text[:end]) if on_token else None
            if abort is not None:
                return Reply(reply.text[:end], Stop.ABORTED, 10, 5, abort=abort)
        return reply


class Book:
    """A ledger in memory, which holds its runner to the rules."""

    def __init__(self, planned: Sequence[Batch]) -> None:
        self.planned = planned
        self.outcomes: dict[int, Sequence[Outcome]] = {}
        self.attempts: dict[int, Sequence[Attempt]] = {}

    def pending(self) -> Iterator[Batch]:
        return (batch for batch in self.planned if batch.id not in self.outcomes)

    def recorded(self, batch: int) -> Recorded | None:
        targets = {outcome.unit: outcome.target for outcome in self.outcomes.get(batch, ())}
        return Recorded(self.planned[batch], tuple(targets.get(unit.id) for unit in self.planned[batch].units))

    def chain(self, batch: int) -> Sequence[int]:
        after = self.planned[batch].after
        return [batch] if after is None else [*self.chain(after), batch]

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        await asyncio.sleep(0)
        assert batch.id not in self.outcomes
        assert [outcome.unit for outcome in outcomes] == [unit.id for unit in batch.units]
        self.outcomes[batch.id] = outcomes
        self.attempts[batch.id] = attempts

    def targets(self) -> dict[int, str | None]:
        return {outcome.unit: outcome.target for made in self.outcomes.values() for outcome in made}

    def all_attempts(self) -> list[Attempt]:
        return [attempt for number in sorted(self.attempts) for attempt in self.attempts[number]]


async def run(
    server: Server,
    book: Book,
    on: Desk,
    limits: RunLimits = HASTE,
    events: list[RunEvent] | None = None,
    *,
    parallel: int | None = 2,
) -> RunTotals:
    told = events if events is not None else []
    hosts = [Host("here", server, "model", server.slots, parallel)]
    return await translate(on, hosts=hosts, ledger=book, limits=limits, on_event=told.append)


async def test_every_unit_is_translated_once_and_counted() -> None:
    server, on = Server(), desk()
    book = Book(batches([10, 3], on))
    events: list[RunEvent] = []
    totals = await run(server, book, on, events=events)
    assert book.targets() == {number: target(number) for number in range(13)}
    assert totals == RunTotals(requests=4, prompt_tokens=40, output_tokens=20, batches=4, translated=13)
    assert [(e.batch, e.translated, e.failed) for e in events if isinstance(e, BatchSettled)] == [
        (0, 4, 0),
        (1, 4, 0),
        (2, 2, 0),
        (3, 3, 0),
    ]
    assert [e.totals for e in events if isinstance(e, BatchSettled)][-1] == totals


def dropped(request: Request) -> str:
    return "\n".join(right(request).split("\n")[1:])


def merged(request: Request) -> str:
    return right(request).replace("\n", "", 1)


def split(request: Request) -> str:
    return right(request).replace("第", "\n第", 1)


def looping(request: Request) -> str:
    return right(request) + "啊好的" * 200


def nothing(_request: Request) -> str:
    return ""


def one_empty(request: Request) -> str:
    return "\n" + right(request).partition("\n")[2]


def copied(request: Request) -> str:
    return "\n".join([lines_of(request)[0], *right(request).split("\n")[1:]])


def code_lost(request: Request) -> str:
    return re.sub(r"\\C\[[01]\]", "", right(request), count=2)


def leaking(request: Request) -> str:
    return right(request) + "<|im_end|>\n<|im_start|>user"


def cut(request: Request) -> Reply:
    return Reply(right(request)[:-8], Stop.LENGTH)


FAULTS: list[Rule] = [
    dropped, merged, split, looping, nothing, one_empty, copied, code_lost, leaking, cut,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_that_passes_costs_no_unit_and_shifts_none(fault: Rule) -> None:
    on = desk()
    server = Server(lambda request: fault(request) if 1 in numbers_of(request) and server.turn < 3 else right(request))
    book = Book(batches([8], on))
    totals = await run(server, book, on)
    assert book.targets() == {number: target(number) for number in range(8)}
    assert totals.retries > 0
    assert totals.failed == 0


@pytest.mark.parametrize(
    "fault", [dropped, merged, split, looping, nothing, one_empty, copied, code_lost, leaking, cut]
)
async def test_a_fault_that_one_unit_always_causes_costs_that_unit_only(fault: Rule) -> None:
    on = desk()

    def rule(request: Request) -> Answer:
        numbers = numbers_of(request)
        if 5 not in numbers:
            return right(request)
        if fault in {copied, code_lost, one_empty}:  # those spoil the first line: here the one that is meant
            lines = right(request).split("\n")
            alone = Request("m", (request.messages[-1].__class__("user", f"译：{source(5)}\n。"),))
            lines[numbers.index(5)] = str(fault(alone)).split("\n")[0]
            return "\n".join(lines)
        return fault(request) if len(numbers) > 1 or fault != merged else ""

    book = Book(batches([8], on))
    totals = await run(Server(rule), book, on)
    made = {outcome.unit: outcome for made in book.outcomes.values() for outcome in made}
    assert {number: o.target for number, o in made.items() if number != 5} == {n: target(n) for n in range(8) if n != 5}
    if fault is code_lost:
        assert sorted(MARKUP.codes(made[5].target or "")) == sorted(MARKUP.codes(source(5)))
        assert [(f.code, f.severity) for f in made[5].findings] == [("markup", Severity.WARNING)]
    elif fault in {split, merged, dropped, looping, leaking, cut}:
        # Anchors tell its line apart as long as others stand beside it.
        assert made[5].target in {None, target(5)}
    else:
        assert made[5].target is None
    assert totals.failed == (made[5].target is None)
    assert made[5].findings or made[5].target is not None


async def test_good_units_of_an_answer_in_step_are_not_asked_again() -> None:
    on = desk()
    server = Server(lambda request: copied(request) if server.turn == 1 else right(request))
    await run(server, Book(batches([4], on)), on)
    assert [numbers_of(request) for request in server.seen] == [[0, 1, 2, 3], [0]]


async def test_the_penalty_is_for_loops() -> None:
    on = desk()
    server = Server(lambda request: looping(request) if server.turn == 1 else right(request))
    await run(server, Book(batches([4], on)), on)
    assert [request.sampling for request in server.seen] == [FIRST, PENALTY]
    server = Server(lambda request: dropped(request) if server.turn == 1 else right(request))
    await run(server, Book(batches([4], on)), on)
    assert [request.sampling for request in server.seen] == [FIRST, WARMER]


async def test_each_attempt_is_on_record() -> None:
    on = desk()
    server = Server(lambda request: looping(request) if server.turn == 1 else right(request))
    book = Book(batches([4], on))
    await run(server, book, on)
    first, second = book.all_attempts()
    assert (first.units, first.number, first.host, first.stop) == ((0, 1, 2, 3), 1, "here", "aborted")
    assert [finding.code for finding in first.findings] == ["loop"]
    assert first.reply.startswith("这是")
    assert (second.units, second.number, second.stop, second.findings) == ((0, 1, 2, 3), 2, "done", ())
    assert first.prompt_hash != second.prompt_hash
    assert '"frequency_penalty": 0.2' in second.sampling


@pytest.mark.parametrize(
    "error", [BusyError("full", retry_after=0), BrokenReplyError("half a line"), UnreachableError("refused")]
)
async def test_a_server_that_fails_for_a_while_costs_nothing(error: BackendError) -> None:
    on = desk()
    server = Server(lambda request: error if server.turn in {2, 3, 4} else right(request))
    book = Book(batches([12], on))
    events: list[RunEvent] = []
    totals = await run(server, book, on, events=events)
    assert book.targets() == {number: target(number) for number in range(12)}
    assert (totals.requests, totals.retries) == (6, 3)
    assert sum(isinstance(event, Waiting) for event in events) == 3


async def test_no_server_at_the_start_is_told_at_once() -> None:
    on = desk()
    book = Book(batches([12], on))
    with pytest.raises(UnreachableError):
        await run(Server(lambda _: UnreachableError("refused")), book, on, RunLimits(at_first=0))
    assert book.outcomes == {}


async def test_an_outage_beyond_the_patience_ends_the_run_and_keeps_what_was_answered() -> None:
    on = desk()
    server = Server(lambda request: UnreachableError("gone") if server.turn > 2 else right(request))
    book = Book(batches([40], on))
    with pytest.raises(UnreachableError):
        await run(server, book, on, RunLimits(patience=0.0, pause=0.0), parallel=2)
    assert set(book.targets()) == set(range(8))


@pytest.mark.parametrize("error", [RefusedError("401"), NoSuchModelError("no such model")])
async def test_an_error_that_waiting_does_not_mend_ends_the_run_after_what_is_in_flight(error: BackendError) -> None:
    on = desk()
    server = Server(lambda request: error if 4 in numbers_of(request) else right(request), rng=dice(1))
    book = Book(batches([40], on))
    with pytest.raises(type(error)):
        await run(server, book, on, RunLimits(), parallel=3)
    asked = {number for request in server.seen for number in numbers_of(request)}
    assert set(book.targets()) == asked - {4, 5, 6, 7}
    assert len(asked) < 40


async def test_a_text_that_breaks_the_server_each_time_is_given_up_and_nothing_else() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("crash") if 5 in numbers_of(request) else right(request))
    book = Book(batches([12], on))
    totals = await run(server, book, on)
    assert book.targets() == {number: None if number == 5 else target(number) for number in range(12)}
    assert totals.failed == 1


async def test_a_server_that_breaks_every_reply_ends_the_run_and_no_text_is_given_up() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("<html>") if server.turn > 2 else right(request))
    book = Book(batches([40], on))
    with pytest.raises(BrokenReplyError):
        await run(server, book, on, RunLimits(patience=0.0, pause=0.0), parallel=1)
    assert None not in book.targets().values()
    # Once the time for an outage is up, nothing is sent again as it was.
    broken = [(request.texts, request.sampling) for request in server.seen[2:] if numbers_of(request)]
    assert len(broken) == len(set(broken))


async def test_a_text_that_breaks_the_server_when_nothing_else_is_left_is_given_up() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("crash") if 2 in numbers_of(request) else right(request))
    book = Book(batches([1, 1, 1], on))
    totals = await run(server, book, on, RunLimits(patience=0.0, at_first=1000.0, pause=0.0), parallel=1)
    assert book.targets() == {0: target(0), 1: target(1), 2: None}
    assert totals.failed == 1


async def test_a_text_that_breaks_a_server_that_serves_others_is_given_up_however_long_outages_may_last() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("crash") if 3 in numbers_of(request) else right(request))
    book = Book(batches([3, 2], on))
    await run(server, book, on, parallel=1)
    assert book.targets() == {number: None if number == 3 else target(number) for number in range(5)}


async def test_a_second_chance_leaves_on_record_what_was_asked_before_and_asks_for_nothing_that_is_done() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("<html>") if 1 < server.turn < 30 else right(request))
    book = Book(batches([4, 4], on))
    await run(server, book, on, parallel=1)
    assert book.targets() == {number: target(number) for number in range(8)}
    attempts = book.attempts[1]
    assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
    served = [number for request in server.seen for number in numbers_of(request)][-4:]
    assert len(attempts) >= 28
    assert sorted(served) == [4, 5, 6, 7]


async def test_a_server_that_breaks_every_reply_for_a_while_costs_nothing() -> None:
    on = desk()
    server = Server(lambda request: BrokenReplyError("<html>") if 2 < server.turn < 300 else right(request))
    book = Book(batches([12], on))
    await run(server, book, on)
    assert book.targets() == {number: target(number) for number in range(12)}


async def test_an_overflow_splits_until_it_fits() -> None:
    on = desk()
    server = Server(lambda request: OverflowedError("too long") if len(numbers_of(request)) > 1 else right(request))
    book = Book(batches([8], on))
    await run(server, book, on)
    assert book.targets() == {number: target(number) for number in range(8)}
    assert {len(numbers_of(request)) for request in server.seen} == {4, 2, 1}


async def test_a_text_that_never_fits_is_given_up_and_nothing_else() -> None:
    on = desk()
    server = Server(lambda request: OverflowedError("too long") if 2 in numbers_of(request) else right(request))
    book = Book(batches([8], on))
    await run(server, book, on)
    assert book.targets() == {number: None if number == 2 else target(number) for number in range(8)}


@pytest.mark.parametrize(("parallel", "told", "most"), [(3, None, 3), (None, 5, 6), (7, 5, 7)])
async def test_as_many_requests_are_in_flight_as_asked_for_or_as_the_server_tells_and_one_more(
    parallel: int | None, told: int | None, most: int
) -> None:
    on = desk()
    server = Server(rng=dice(2), slots=told)
    await run(server, Book(batches([200], on)), on, RunLimits(), parallel=parallel)
    assert server.most == most


async def test_told_to_stop_it_ends_what_is_in_flight_and_begins_nothing() -> None:
    on = desk()
    stop = asyncio.Event()

    def rule(request: Request) -> Answer:
        if len(server.seen) >= 4:
            stop.set()
        return dropped(request) if len(numbers_of(request)) > 2 else right(request)

    server = Server(rule)
    book = Book(batches([80], on))
    totals = await run(server, book, on, RunLimits(stop=stop), parallel=2)
    assert totals.stopped
    assert set(book.targets()) == {number for request in server.seen for number in numbers_of(request)}
    assert 0 < len(book.targets()) < 80


async def test_a_batch_that_still_waits_for_a_slot_is_not_begun_after_the_stop() -> None:
    on = desk()
    stop = asyncio.Event()

    def rule(request: Request) -> Answer:
        stop.set()
        return right(request)

    server, book = Server(rule), Book(batches([80], on))
    await run(server, book, on, RunLimits(stop=stop), parallel=1)
    assert len(server.seen) == len(book.outcomes) == 1


async def test_a_server_and_a_ledger_that_never_wait_do_not_keep_the_rest_of_the_program_from_running() -> None:
    class Instant(Server):
        async def complete(
            self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
        ) -> Reply:
            del on_begin
            return self._stream(right(request), on_token)

    class Quick(Book):
        async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
            self.outcomes[batch.id], self.attempts[batch.id] = outcomes, attempts

    async def other() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        stop.set()

    on = desk()
    stop = asyncio.Event()
    book = Quick(batches([400], on))
    busy = asyncio.create_task(other())
    totals = await run(Instant(), book, on, RunLimits(stop=stop), parallel=1)
    await busy
    assert totals.stopped


async def test_a_server_that_answers_that_a_prompt_is_too_long_is_there() -> None:
    on = desk()

    def rule(request: Request) -> Answer:
        if server.turn == 2:
            return UnreachableError("gone")
        return OverflowedError("too long") if len(numbers_of(request)) > 2 else right(request)

    server, book = Server(rule), Book(batches([4], on))
    await run(server, book, on, RunLimits(patience=1000, at_first=0, pause=0, longest_pause=0), parallel=1)
    assert book.targets() == {number: target(number) for number in range(4)}


async def test_what_does_not_end_in_its_grace_is_left_for_the_next_run() -> None:
    on = desk()
    stop = asyncio.Event()
    server = Server(gate=asyncio.Event())
    book = Book(batches([80], on))
    working = asyncio.create_task(run(server, book, on, RunLimits(stop=stop, grace=0.0), parallel=2))
    for _ in range(10):
        await asyncio.sleep(0)
    assert server.flying == 2
    stop.set()
    totals = await working
    assert totals.stopped
    assert (server.flying, book.outcomes) == (0, {})


async def test_a_stop_ends_a_pause_at_once() -> None:
    on = desk()
    stop = asyncio.Event()
    server = Server(lambda _: BusyError("full", retry_after=3600))
    told: list[RunEvent] = []

    def on_event(event: RunEvent) -> None:
        told.append(event)
        stop.set()

    totals = await translate(
        on,
        hosts=[Host("here", server, "model")],
        ledger=Book(batches([8], on)),
        limits=RunLimits(stop=stop, patience=9999),
        on_event=on_event,
    )
    assert totals.stopped
    assert told


async def test_inside_a_scene_a_batch_waits_for_the_translation_that_it_shows_and_scenes_run_side_by_side() -> None:
    on = desk(ContextPolicy.PAIR)
    server = Server(rng=dice(3))
    book = Book(batches([12, 12, 12], on))
    await run(server, book, on, RunLimits(), parallel=3)
    assert server.most == 3
    assert book.targets() == {number: target(number) for number in range(36)}
    for request in server.seen:
        first = numbers_of(request)[0]
        shown = " ".join(message.content for message in request.messages[:-1])
        assert (f"第{first - 1}个" in shown.replace("\\C[1]", "")) == (first % 12 != 0)


POLICIES = [
    ContextPolicy.NONE,
    ContextPolicy.SOURCE,
    ContextPolicy.ASSISTANT,
    ContextPolicy.PAIR,
    ContextPolicy.HISTORY,
]


def faulty(request: Request) -> Answer:
    """Answers that depend on the prompt alone, many of them wrong."""
    choice = dice(repr((request.messages, request.sampling))).randrange(24)
    return FAULTS[choice](request) if choice < len(FAULTS) else right(request)


@pytest.mark.parametrize("policy", POLICIES)
async def test_the_order_of_answers_changes_neither_requests_nor_result(policy: ContextPolicy) -> None:
    on = desk(policy)
    results: list[tuple[Counter[Request], dict[int, str | None], list[str]]] = []
    for seed in range(3):
        server, book = Server(faulty, rng=dice(seed)), Book(batches([7, 1, 22, 9], on))
        await run(server, book, on, RunLimits(), parallel=1 + 2 * seed)
        results.append((Counter(server.seen), book.targets(), [a.prompt_hash for a in book.all_attempts()]))
    assert results[0] == results[1] == results[2]


@pytest.mark.parametrize("policy", POLICIES)
async def test_a_run_that_was_cut_off_and_done_again_equals_an_undisturbed_one(policy: ContextPolicy) -> None:
    on = desk(policy)
    planned = batches([7, 1, 42, 19], on)
    undisturbed = Book(planned)
    await run(Server(faulty), undisturbed, on)
    rng = dice(4)
    kills = 0
    for _ in range(10):
        book = Book(planned)
        while len(book.outcomes) < len(planned):
            before = set(book.outcomes)
            server = Server(faulty, rng=dice(str(rng.random())))
            working = asyncio.create_task(run(server, book, on, RunLimits(), parallel=3))
            for _ in range(rng.randrange(30)):
                await asyncio.sleep(0)
            kills += working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            answered = {unit.source for number in before for unit in planned[number].units}
            assert answered.isdisjoint(line for request in server.seen for line in lines_of(request))
        assert book.targets() == undisturbed.targets()
        assert book.all_attempts() == undisturbed.all_attempts()
    assert kills > 20


async def test_a_text_too_long_for_one_request_is_asked_in_parts_and_joined() -> None:
    on = desk(budget=Budget(lines=4, characters=60, tokens=200, line_characters=30))
    long = "".join(f"これは{number}番目の文です。" for number in range(20))
    units = [
        Unit(0, source(100), Role.NARRATION, "a", "f"),
        Unit(1, long, Role.NARRATION, "a", "f"),
        Unit(2, source(101), Role.NARRATION, "a", "f"),
    ]
    planned = list(plan(units, desk=on))
    assert [[unit.id for unit in batch.units] for batch in planned] == [[0], [1], [2]]
    server, book = Server(), Book(planned)
    await run(server, book, on)
    assert book.targets()[1] == "".join(f"这是第{number}个句子。" for number in range(20))
    assert all(len("".join(lines_of(request))) <= 60 for request in server.seen)


@pytest.mark.parametrize("structured", [True, False])
@pytest.mark.parametrize("profile", shipped_profiles().values(), ids=lambda profile: profile.id)
async def test_every_shipped_profile_can_be_driven(profile: Profile, *, structured: bool) -> None:
    languages = profile.languages.default
    on = Desk(profile, language(languages[0]), language(languages[1]), "model", profile.budget.num_ctx, {}, structured)
    joint = " " if languages[1] == "en" else ""
    asked = r"((?:これは\d+番目の文です。)+)"
    if profile.style is Style.JSON:  # what is shown as context is in the same message, without these marks
        asked = rf'"text": "{asked}"' if on.json else rf"(?m)^\d+\. {asked}$"
    sentence = "This is sentence number {}." if languages[1] == "en" else "这是第{}个句子。"

    def rule(request: Request) -> Answer:
        text = request.messages[-1].content if request.messages else request.prompt or ""
        runs = re.findall(asked, text)
        answers = [joint.join(sentence.format(number) for number in re.findall(r"\d+", run)) for run in runs]
        if request.schema is not None:
            texts = [{"id": number, "text": answer} for number, answer in enumerate(answers, 1)]
            return json.dumps({"translations": texts}, ensure_ascii=False, indent=1)
        if profile.style is Style.JSON:
            return "\n".join(f"{number}. {answer}" for number, answer in enumerate(answers, 1))
        return "\n".join(answers)

    texts = [f"これは{i}番目の文です。" for i in range(23)] + ["".join(f"これは{i}番目の文です。" for i in range(200))]
    units = [Unit(i, text, Role.NARRATION, "a", "f") for i, text in enumerate(texts)]
    book = Book(list(plan(units, desk=on)))
    totals = await run(Server(rule), book, on)
    assert totals.retries == 0
    wanted = [sentence.format(i) for i in range(23)] + [joint.join(sentence.format(i) for i in range(200))]
    assert book.targets() == dict(enumerate(wanted))


async def test_a_batch_with_nothing_to_translate_asks_nothing() -> None:
    on = desk()
    server = Server()
    book = Book([Batch(0, "a", (Unit(0, "……！", Role.DIALOGUE, "a", "f"),))])
    totals = await run(server, book, on)
    assert server.seen == []
    assert book.targets() == {0: "……！"}
    assert totals.requests == 0


async def test_an_error_of_the_ledger_ends_the_run() -> None:
    class Full(Book):
        async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
            if batch.id == 3:
                raise OSError(28, "No space left on device")
            await super().settle(batch, outcomes, attempts)

    on = desk()
    book = Full(batches([40], on))
    with pytest.raises(OSError, match="No space left"):
        await run(Server(), book, on)
    assert set(book.outcomes) >= {0, 1}
    assert 3 not in book.outcomes


def always(answer: Answer) -> Rule:
    return lambda _: answer


GARBAGE: st.SearchStrategy[Rule] = st.one_of(
    st.sampled_from([*FAULTS, right, right, right]),
    st.text(max_size=80).map(always),
    st.text(alphabet="这是第1个句子。\n", max_size=80).map(always),
    st.sampled_from(
        [
            always(BusyError("x", retry_after=0)),
            always(BrokenReplyError("x")),
            always(OverflowedError("x")),
            always(UnreachableError("x")),
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    policy=st.sampled_from(POLICIES),
    script=st.lists(GARBAGE, min_size=1, max_size=12),
    parallel=st.integers(1, 4),
)
def test_whatever_the_server_answers_every_unit_has_one_outcome_after_a_bounded_number_of_attempts(
    lengths: list[int], policy: ContextPolicy, script: list[Rule], parallel: int
) -> None:
    on = desk(policy)
    planned = batches(lengths, on)
    book = Book(planned)

    def rule(request: Request) -> Answer:
        # Every thirteenth answer is right: a server that never serves anything ends the run, which is another test.
        return right(request) if server.turn % 13 == 0 else script[server.turn % len(script)](request)

    server = Server(rule)
    asyncio.run(run(server, book, on, HASTE, parallel=parallel))
    assert set(book.targets()) == set(range(sum(lengths)))
    for attempts in book.attempts.values():
        # What broke off is on record too, and is sent again as it was: no step of the ladder.
        answered = [attempt for attempt in attempts if attempt.stop != "broken-reply"]
        times = Counter(unit for attempt in answered for unit in attempt.units)
        assert max(times.values(), default=0) <= 3 * (1 + 2) + 2 + 3
