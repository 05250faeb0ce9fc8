"""How long a server may be silent, before an answer and in the middle of one."""

import asyncio

import pytest

from translator.backends.ollama import OllamaBackend
from translator.backends.openai import OpenAIBackend
from translator.backends.patience import Beginnings, Patience, Silences
from translator.core.backend import BrokenReplyError, Message, Request, UnreachableError
from translator.testing.scripted_server import Act, events, lines, scripted_server


def after(*longest: float) -> float:
    silences = Silences(120.0)
    for seconds in longest:
        silences.heard(seconds)
    return silences.limit


def test_an_unknown_server_is_given_the_whole_time() -> None:
    assert after() == 120.0


@pytest.mark.parametrize(
    ("longest", "limit"),
    [
        ((0.05,), 15.0),
        ((0.05, 3.0, 0.1), 30.0),
        ((8.0, 40.0), 120.0),  # a slow server that reads a prompt for a minute
    ],
)
def test_a_silence_counts_when_it_is_many_times_the_longest_of_the_latest_answers(
    longest: tuple[float, ...], limit: float
) -> None:
    assert after(*longest) == pytest.approx(limit)


def test_what_was_taken_for_a_stall_gives_the_next_answers_more_time_and_is_forgotten_at_last() -> None:
    assert after(0.1, 15.0) == 120.0
    assert after(60.0, *[0.1] * 19) == 120.0
    assert after(60.0, *[0.1] * 20) == 15.0


async def test_a_stalled_answer_ends_with_what_was_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Silences, "_LEAST", 0.2)
    said = {"model": "m", "message": {"role": "assistant", "content": "雪"}, "done": False}
    done = {**said, "done": True, "done_reason": "stop", "prompt_eval_count": 2, "eval_count": 1}
    request = Request(model="m", messages=(Message("user", "雪"),))
    async with scripted_server() as server:
        server.on("/api/chat", lines(said), lines(done))
        server.on("/api/chat", lines(said), Act.HANG)
        server.on("/api/chat", lines(said), 0.4, lines(done))
        backend = OllamaBackend(server.url, patience=Patience(stall=60.0))
        assert (await backend.complete(request)).text == "雪雪"
        async with asyncio.timeout(10):
            with pytest.raises(BrokenReplyError, match=r"fell silent for 0\.2 s in the middle"):
                await backend.complete(request)
            # More patient now: the same silence is outlasted.
            assert (await backend.complete(request)).text == "雪雪"
        await backend.close()
    assert len(server.requests) == 3


def beginnings(*waits: float, most: float = 600.0) -> Beginnings:
    made = Beginnings(most)
    for number, seconds in enumerate(waits):
        made.began(number, seconds)
    return made


@pytest.mark.parametrize(
    ("waits", "limit"),
    [
        ((), 600.0),
        ((0.1,) * 4, 600.0),  # too few to go by
        ((0.1,) * 5, 120.0),
        ((9.0, 0.1, 0.1, 0.1, 0.1), 180.0),
        ((40.0, 0.1, 0.1, 0.1, 0.1), 600.0),  # a load that was outlasted
        ((40.0, *(0.1,) * 20), 120.0),
    ],
)
def test_the_first_part_is_waited_for_many_times_as_long_as_it_took_lately(
    waits: tuple[float, ...], limit: float
) -> None:
    assert beginnings(*waits).limit(warm=True) == pytest.approx(limit)
    assert beginnings(*waits).limit(warm=False) == 600.0
    assert beginnings(*waits, most=10.0).limit(warm=True) == 10.0


def test_a_model_counts_as_loaded_only_while_the_server_was_at_work_a_moment_ago() -> None:
    made = beginnings(*(0.1,) * 5)
    assert not made.is_warm(1000.0)
    made.served(1000.0)
    assert made.is_warm(1030.0)
    assert not made.is_warm(1301.0)


def test_after_a_wait_in_vain_the_whole_time_is_given_until_an_answer_begins() -> None:
    made = beginnings(*(0.1,) * 5)
    made.in_vain()
    assert made.limit(warm=True) == 600.0
    made.began(6, 0.1)
    assert made.limit(warm=True) == 120.0


def test_a_request_that_waits_for_its_turn_is_not_late_and_one_that_was_passed_over_is() -> None:
    made = beginnings()
    assert made.since(0, 1000.0, 3) == 1000.0
    made.served(1500.0)
    assert made.since(0, 1000.0, 3) == 1500.0
    for number in range(1, 7):
        made.began(number, 0.1)
    assert made.since(0, 1000.0, 3) == 1500.0
    made.began(7, 0.1)
    assert made.since(0, 1000.0, 3) == 1000.0
    assert made.since(5, 1000.0, 3) == 1500.0


PART = {"model": "m", "message": {"role": "assistant", "content": "雪"}, "done": False}
EMPTY = {"model": "m", "message": {"role": "assistant", "content": ""}, "done": False}
DONE = {**PART, "done": True, "done_reason": "stop", "prompt_eval_count": 2, "eval_count": 1}
REQUEST = Request(model="m", messages=(Message("user", "雪"),))
SHORT = Patience(first=0.5, stall=0.5)
SIGNS = {"ollama": (b"\n", lines(EMPTY)), "openai": (b"\n", b": ping\n\n", events({"choices": [{"delta": None}]}))}


def often(step: bytes) -> tuple[bytes | float, ...]:
    return (step, 0.05) * 100


@pytest.mark.parametrize(("kind", "sign"), [(kind, sign) for kind, signs in SIGNS.items() for sign in signs])
async def test_what_is_no_part_of_an_answer_does_not_keep_it_alive(kind: str, sign: bytes) -> None:
    first = lines(PART) if kind == "ollama" else events({"choices": [{"delta": {"content": "雪"}}]})
    async with scripted_server() as server, asyncio.timeout(10):
        backend = (OllamaBackend if kind == "ollama" else OpenAIBackend)(server.url, patience=SHORT)
        for path in ("/api/chat", "/v1/chat/completions"):
            server.on(path, first, *often(sign))
            server.on(path, *often(sign))
        with pytest.raises(BrokenReplyError, match=r"fell silent for 0\.5 s in the middle"):
            await backend.complete(REQUEST)
        with pytest.raises(UnreachableError, match="gave no answer"):
            await backend.complete(REQUEST)
        await backend.close()


async def test_parts_that_come_now_and_then_keep_an_answer_alive_beyond_all_limits() -> None:
    async with scripted_server() as server:
        server.on("/api/chat", *(0.2, lines(PART)) * 6, lines(DONE))
        backend = OllamaBackend(server.url, patience=SHORT)
        assert (await backend.complete(REQUEST)).text == "雪" * 7
        await backend.close()


async def test_a_stalled_answer_is_judged_by_what_others_took_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Silences, "_LEAST", 0.2)
    async with scripted_server() as server, asyncio.timeout(10):
        server.on("/api/chat", lines(PART), Act.HANG)
        server.on("/api/chat", lines(PART), lines(DONE))
        backend = OllamaBackend(server.url, patience=Patience(stall=60.0))
        begun = asyncio.Event()
        stalled = asyncio.ensure_future(backend.complete(REQUEST, on_begin=begun.set))
        await begun.wait()
        assert (await backend.complete(REQUEST)).text == "雪雪"
        with pytest.raises(BrokenReplyError, match="fell silent"):
            await stalled
        await backend.close()


async def test_a_server_that_worked_a_moment_ago_is_given_up_sooner_and_then_has_time_to_load_its_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Beginnings, "_LEAST", 0.3)
    async with scripted_server() as server, asyncio.timeout(20):
        for _ in range(5):
            server.on("/api/chat", lines(DONE))
        server.on("/api/chat", Act.HANG)
        server.on("/api/chat", 1.6, lines(DONE))
        backend = OllamaBackend(server.url, patience=Patience(first=60.0))
        for _ in range(5):
            await backend.complete(REQUEST)
        with pytest.raises(UnreachableError, match="gave no answer within"):
            await backend.complete(REQUEST)
        assert (await backend.complete(REQUEST)).text == "雪"
        await backend.close()


async def test_a_request_waits_for_its_turn_as_long_as_others_get_their_answers() -> None:
    async with scripted_server() as server:
        server.on("/api/chat", *(0.1, lines(PART)) * 12, lines(DONE))
        server.on("/api/chat", 1.2, lines(DONE))
        backend = OllamaBackend(server.url, patience=SHORT)
        texts = [reply.text for reply in await asyncio.gather(*(backend.complete(REQUEST) for _ in range(2)))]
        assert texts == ["雪" * 13, "雪"]
        await backend.close()
