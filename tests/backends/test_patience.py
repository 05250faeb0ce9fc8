"""How long a server may be silent in the middle of an answer."""

import asyncio

import pytest

from translator.backends.ollama import OllamaBackend
from translator.backends.patience import Patience, Silences
from translator.core.backend import BrokenReplyError, Message, Request
from translator.testing.scripted_server import Act, lines, scripted_server


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
