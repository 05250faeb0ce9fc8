"""Prompts that a server cuts without a word, told by what it counts."""

import pytest

from translator.backends.openai import OpenAIBackend
from translator.core.backend import Message, OverflowedError, Request
from translator.testing.scripted_server import ScriptedServer, events

REQUEST = Request(model="m", messages=(Message("user", "こんにちは"),), num_ctx=2048)


def answered(server: ScriptedServer, prompt: int, written: int) -> None:
    said: dict[str, object] = {"choices": [{"delta": {"content": "你好"}, "finish_reason": "stop"}]}
    counts: dict[str, object] = {"choices": [], "usage": {"prompt_tokens": prompt, "completion_tokens": written}}
    server.on("/v1/chat/completions", events(said, counts, "[DONE]"), content_type="text/event-stream")


@pytest.mark.parametrize(("prompt", "written"), [(2047, 1), (2048, 30), (1900, 200)])
async def test_a_prompt_that_fills_the_window_or_an_answer_that_goes_beyond_it_was_cut(
    server: ScriptedServer, prompt: int, written: int
) -> None:
    backend = OpenAIBackend(server.url)
    answered(server, prompt, written)
    with pytest.raises(OverflowedError, match=f"cut a prompt .* \\({prompt} tokens read"):
        await backend.complete(REQUEST)
    await backend.close()


@pytest.mark.parametrize(("prompt", "written"), [(0, 0), (1500, 400), (2900, 300)])
async def test_a_prompt_that_fits_or_that_a_larger_window_holds_was_not(
    server: ScriptedServer, prompt: int, written: int
) -> None:
    backend = OpenAIBackend(server.url)
    answered(server, prompt, written)
    assert (await backend.complete(REQUEST)).text == "你好"
    await backend.close()


async def test_the_window_that_the_server_tells_counts(server: ScriptedServer) -> None:
    backend = OpenAIBackend(server.url)
    server.say("/v1/models", {"data": [{"id": "m", "max_model_len": 4096}]})
    await backend.describe("m")
    answered(server, 2047, 100)
    assert (await backend.complete(REQUEST)).text == "你好"
    await backend.close()


async def test_a_window_that_is_told_and_smaller_than_was_thought_counts(server: ScriptedServer) -> None:
    backend = OpenAIBackend(server.url)
    server.say("/v1/models", {"data": [{"id": "m", "max_model_len": 1024}]})
    await backend.describe("m")
    answered(server, 1023, 1)
    with pytest.raises(OverflowedError):
        await backend.complete(REQUEST)
    await backend.close()
