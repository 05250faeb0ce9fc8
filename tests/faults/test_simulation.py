"""What the simulated server promises: its rates, its queue, its prefix cache, and that it notices who hangs up."""

import asyncio
import json
from pathlib import Path

import pytest

from translator.backends.ollama import OllamaBackend
from translator.backends.openai import OpenAIBackend
from translator.core.backend import Abort, Message, Reply, Request
from translator.testing.ollama_server import MODEL, answer
from translator.testing.simulated import simulated
from translator.testing.simulated_call import Client
from translator.testing.simulated_faults import RATES, Draw, Fault, can_strike, rates_from
from translator.testing.simulated_server import Options, SimulatedServer, simulated_server
from translator.testing.simulation import Job, Simulation, Speed, tokens

TEXT = "勇者たちは静かな村で休む。\n「もう時間がない」と\\C[2]姫\\C[0]は言った。"


def job(name: str, *, prompt: int = 10, output: int = 20, sent: float = 0.0) -> Job:
    return Job(name * prompt, ["字"] * output, sent)


def test_a_slot_reads_and_writes_at_its_rates_and_the_queue_is_served_in_order() -> None:
    ended: list[Job] = []
    simulation = Simulation(Speed(slots=2, prefill=100.0, decode=10.0), ended.append)
    jobs = [job(name) for name in "甲乙丙"]
    for one in jobs:
        simulation.arrive(one, 1.0)
    assert (len(simulation.running), len(simulation.queue)) == (2, 1)
    simulation.advance(2.1)
    assert [one.whole for one in jobs] == [10, 10, 0]
    simulation.advance(60.0)
    assert ended == jobs
    assert [(one.start, one.first, one.end) for one in jobs] == [
        (1.0, 1.1, pytest.approx(3.1)),
        (1.0, 1.1, pytest.approx(3.1)),
        (pytest.approx(3.1), pytest.approx(3.2), pytest.approx(5.2)),
    ]
    assert simulation.busy == pytest.approx(6.3)


def test_the_slot_with_the_longest_common_beginning_is_taken_and_only_the_rest_is_read() -> None:
    simulation = Simulation(Speed(slots=2, prefill=10.0, decode=10.0))
    first, second = Job("甲" * 40, ["字"], 0.0), Job("乙" * 40, ["字"], 0.0)
    simulation.arrive(first, 0.0)
    simulation.arrive(second, 0.0)
    simulation.advance(10.0)
    third = Job("乙" * 40 + "字丙", ["字"], 10.0)
    simulation.arrive(third, 10.0)
    simulation.advance(20.0)
    assert (third.slot, third.cached, third.end) == (second.slot, 41, pytest.approx(10.2))
    again = Job("甲" * 40, ["字"], 20.0)
    simulation.arrive(again, 20.0)
    assert (again.slot, again.cached) == (first.slot, 39)


def test_shared_rates_follow_the_number_that_write() -> None:
    simulation = Simulation(Speed(slots=3, prefill=1e9, totals=(10.0, 16.0, 15.0)))
    jobs = [job(name, output=80) for name in "甲乙丙"]
    simulation.arrive(jobs[0], 0.0)
    simulation.advance(1.0)
    assert jobs[0].written == pytest.approx(10.0)
    simulation.arrive(jobs[1], 1.0)
    simulation.arrive(jobs[2], 1.0)
    simulation.advance(2.0)
    assert [one.written for one in jobs] == pytest.approx([15.0, 5.0, 5.0])
    simulation.leave(jobs[2], 2.0)
    simulation.advance(3.0)
    assert [one.written for one in jobs[:2]] == pytest.approx([23.0, 13.0])
    assert jobs[2].end == pytest.approx(2.0)


def test_a_stuck_answer_keeps_its_slot_until_its_client_goes() -> None:
    simulation = Simulation(Speed(slots=1, prefill=100.0, decode=10.0))
    stuck = Job("甲", ["字"] * 9, 0.0, stuck_after=3)
    after = job("乙")
    simulation.arrive(stuck, 0.0)
    simulation.arrive(after, 0.0)
    simulation.advance(100.0)
    assert (stuck.whole, stuck.stuck, after.start) == (3, True, None)
    simulation.leave(stuck, 101.0)
    simulation.advance(200.0)
    assert (after.start, after.whole) == (101.0, 20)


def request(text: str) -> Request:
    message = Message("user", f"将下面的日文文本翻译成中文：{text}")
    return Request(model=MODEL, messages=(message,), num_ctx=4096, max_tokens=1000)


async def ask(server: SimulatedServer, text: str = TEXT) -> Reply:
    backend = OllamaBackend(server.host)
    try:
        return await backend.complete(request(text))
    finally:
        await backend.close()


FAST = Speed(slots=2, prefill=1e6, decode=20_000.0)


async def test_a_client_gets_the_answer_and_its_counts() -> None:
    async with simulated_server(Options(speed=FAST)) as server:
        reply = await ask(server)
        (served,) = server.served
    assert reply.text == answer(TEXT)
    assert (reply.prompt_tokens, reply.output_tokens) == (served.prompt_tokens, len(tokens(answer(TEXT))))
    assert (served.text, served.fault, served.aborted, served.output_tokens) == (TEXT, None, False, reply.output_tokens)


async def test_the_routes_that_tell_the_slots_are_there_when_wanted() -> None:
    async with simulated_server(Options(speed=FAST, tell=True)) as server:
        backend = OpenAIBackend(server.host)
        info = await backend.describe(MODEL)
        reply = await backend.complete(request(TEXT))
        again = await backend.complete(request(TEXT))
        await backend.close()
    assert info.slots == 2
    assert (reply.text, again.text) == (answer(TEXT), answer(TEXT))
    assert again.cached_tokens == again.prompt_tokens - 1


async def test_a_client_that_hangs_up_frees_its_slot() -> None:
    speed = Speed(slots=1, prefill=1e6, decode=50.0)
    async with simulated_server(Options(speed=speed)) as server:
        backend = OllamaBackend(server.host)
        reply = await backend.complete(request(TEXT * 20), on_token=lambda _text: Abort("enough", "enough"))
        assert reply.abort is not None
        for _ in range(500):
            if not server.running:
                break
            await asyncio.sleep(0.01)
        await backend.close()
        (served,) = server.served
    assert served.aborted
    assert 0 < served.output_tokens < 20


class Hasty(SimulatedServer):
    """Its clock goes on by `step` with each look at it."""

    clock = 0.0
    step = 0.0

    @property
    def now(self) -> float:
        self.clock += self.step
        return self.clock


class TheShortest(Draw):
    """Drops the answer of one character."""

    def fault(self, prompt: str, times: int, source: str, answer: str) -> Fault | None:
        del prompt, times, source
        return Fault.DROPPED if len(answer) == 1 else None


async def test_others_get_their_answers_whatever_ends_while_one_is_dropped() -> None:
    options = Options(speed=Speed(slots=60, prefill=1e9, decode=1000.0), faults=TheShortest({}))
    server = Hasty(options)
    for length in range(1, 61):  # one ends each millisecond, and the first look at the clock takes longer
        content = f"将下面的日文文本翻译成中文：{'村' * length}"
        payload = {"model": MODEL, "messages": [{"role": "user", "content": content}]}
        server.asked(Client(server), "POST", "/api/chat", json.dumps(payload).encode())
    server.step = 0.003
    for _ in range(200):
        if len(server.served) == 60:
            break
        await asyncio.sleep(0.01)
    server.close()
    assert sorted(served.output_tokens for served in server.served) == [0, *range(2, 61)]


async def test_faults_follow_from_the_seed_the_prompt_and_the_try() -> None:
    draw = Draw(rates_from("all*4"), seed=3)
    drawn = [draw.fault(f"prompt {n}", 0, TEXT, answer(TEXT)) for n in range(200)]
    assert drawn == [draw.fault(f"prompt {n}", 0, TEXT, answer(TEXT)) for n in range(200)]
    assert drawn != [draw.fault(f"prompt {n}", 1, TEXT, answer(TEXT)) for n in range(200)]
    assert len({fault for fault in drawn if fault}) >= len(RATES) - 3
    assert None in drawn


@pytest.mark.parametrize("fault", [fault for fault in RATES if fault not in (Fault.BUSY, Fault.PAGE)])
def test_a_fault_of_the_text_changes_it(fault: Fault) -> None:
    assert can_strike(fault, TEXT, answer(TEXT))
    struck = Draw(RATES).struck(fault, "prompt", 0, TEXT, answer(TEXT))
    on_the_way = {Fault.DROPPED, Fault.STALLED, Fault.HALF_LINE, Fault.WRONG_ENCODING, Fault.NOT_DONE}
    assert (struck == answer(TEXT)) == (fault in on_the_way)


def test_it_runs_in_a_process_of_its_own_and_notes_what_it_served(tmp_path: Path) -> None:
    with simulated(tmp_path / "log", "--slots", 2, "--decode", 20_000, "--prefill", 1e6) as server:

        async def twice() -> list[str]:
            backend = OllamaBackend(server.host)
            replies = await asyncio.gather(*(backend.complete(request(text)) for text in ("はい", "いいえ")))
            await backend.close()
            return [reply.text for reply in replies]

        assert asyncio.run(twice()) == [answer("はい"), answer("いいえ")]
        assert sorted(served.text for served in server.served()) == ["いいえ", "はい"]
