"""Answers that are no proper text, or JSON of another shape than the protocol's: each ends with a reply or an error."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from translator.backends.http import Patience
from translator.backends.ollama import OllamaBackend
from translator.backends.openai import OpenAIBackend
from translator.core.backend import Backend, BackendError, BrokenReplyError, BusyError, Message, Reply, Request
from translator.testing.scripted_server import Answer, ScriptedServer, lines

REQUEST = Request(model="m", messages=(Message("user", "こんにちは"),))
HASTY = Patience(connect=1.0, query=0.3, first=0.3, stall=0.3)
DEEP = b"[" * 100_000
SMILE = "😀"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A server and its client, in one of the two protocols. ollama: whether it is that one."""

    server: ScriptedServer
    backend: Backend
    ollama: bool

    @property
    def path(self) -> str:
        return "/api/chat" if self.ollama else "/v1/chat/completions"

    def part(self, text: str, thought: str = "") -> bytes:
        """One part. `text` stands in the JSON as it is given, escapes and all."""
        if self.ollama:
            made = f'{{"message": {{"content": "{text}", "thinking": "{thought}"}}, "done": false}}\n'
        else:
            made = f'data: {{"choices": [{{"delta": {{"content": "{text}", "reasoning": "{thought}"}}}}]}}\n\n'
        return made.encode("utf-8", "surrogatepass")

    def line(self, data: bytes) -> bytes:
        return (b"" if self.ollama else b"data: ") + data + b"\n\n"

    @property
    def end(self) -> bytes:
        if self.ollama:
            return lines({"message": {"content": ""}, "done": True, "done_reason": "stop"})
        return b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'

    async def ask(self, *steps: bytes) -> Reply:
        self.server.replace(self.path, Answer(steps, content_type="text/event-stream"))
        return await self.backend.complete(REQUEST)


@pytest.fixture(params=["ollama", "openai"])
async def spoken(server: ScriptedServer, request: pytest.FixtureRequest) -> AsyncIterator[Spoken]:
    ollama = request.param == "ollama"
    backend = (OllamaBackend if ollama else OpenAIBackend)(server.url, patience=HASTY)
    yield Spoken(server, backend, ollama)
    await backend.close()


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((r"好\ud83d", r"\ude00啊"), f"好{SMILE}啊"),
        ((r"好\ud83d\ude00",), f"好{SMILE}"),
        ((r"\ud83d", "", r"\ude00"), SMILE),
        ((r"好\ud83d", "啊"), "好\ufffd啊"),
        (("好", r"\ude00啊"), "好\ufffd啊"),
        ((r"好\ud83d",), "好\ufffd"),
    ],
)
async def test_halves_of_a_character_are_joined_across_parts_and_replaced_where_one_is_missing(
    spoken: Spoken, parts: tuple[str, ...], text: str
) -> None:
    reply = await spoken.ask(*map(spoken.part, parts), spoken.end)
    assert reply.text == text
    thought = await spoken.ask(*(spoken.part("", part) for part in parts), spoken.part("好"), spoken.end)
    assert (thought.text, thought.thought) == ("好", text)


async def test_bytes_that_are_no_utf_8_break_the_reply(spoken: Spoken) -> None:
    with pytest.raises(BrokenReplyError, match="no JSON"):
        await spoken.ask(spoken.part("好\ud83d\ude00"), spoken.end)  # each half encoded on its own: CESU-8


async def test_a_byte_order_mark_before_the_first_part_does_no_harm(spoken: Spoken) -> None:
    assert (await spoken.ask(b"\xef\xbb\xbf" + spoken.part("好"), spoken.end)).text == "好"


@pytest.mark.parametrize(
    "data",
    [
        b'{"error": true, "message": "boom"}',
        b'{"error": ["boom"]}',
        b'{"error": {"message": "boom"}}',
        b'{"error": {"message": 500, "what": "boom"}}',
        b'{"error": "boom \\ud83d"}',
        b'{"error": 500}',
        b'{"error": ' + b"[" * 400 + b"]" * 400 + b"}",
        b'{"choices": [null], "message": null}',
        b'{"choices": [{"delta": null, "finish_reason": 3}], "message": "x", "done": "true"}',
        b"[1, 2]",
        b"null",
        b"1e400",
        DEEP,
        b'{"a": ' + DEEP,
    ],
)
async def test_odd_json_breaks_the_reply_and_nothing_else(spoken: Spoken, data: bytes) -> None:
    with pytest.raises(BrokenReplyError) as caught:
        await spoken.ask(spoken.part("好"), spoken.line(data))
    str(caught.value).encode()
    if b"boom" in data and not (spoken.ollama and b"true" in data):
        assert "boom" in str(caught.value)


async def test_counts_that_no_answer_can_have_are_none(spoken: Spoken) -> None:
    wrong = {"prompt_eval_count": -3, "eval_count": 10**30, "prompt_tokens": -3, "completion_tokens": 10**30}
    done: dict[str, object] = {
        "done": True,
        "choices": [{"delta": None, "finish_reason": "stop"}],
        "usage": wrong,
        **wrong,
    }
    reply = await spoken.ask(spoken.part("好"), spoken.line(json.dumps(done).encode()), spoken.end)
    assert (reply.prompt_tokens, reply.output_tokens) == (0, 0 if spoken.ollama else 1)


@pytest.mark.parametrize(("said", "seconds"), [("²", 1.0), ("٣", 1.0), ("-1", 1.0), ("soon", 1.0), ("7", 7.0)])
async def test_a_time_to_come_back_at_is_read_only_where_it_is_one(spoken: Spoken, said: str, seconds: float) -> None:
    spoken.server.add(spoken.path, Answer((b"{}",), status=503, headers=(f"Retry-After: {said}",)))
    with pytest.raises(BusyError) as caught:
        await spoken.backend.complete(REQUEST)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("body", [DEEP, b'{"error": ' + DEEP, b"\xff\xfe", b"[]", b"3"])
@pytest.mark.parametrize("status", [200, 400, 404, 500])
async def test_a_small_question_is_never_answered_with_anything_but_an_error_of_the_server(
    spoken: Spoken, body: bytes, status: int
) -> None:
    for path in ("/api/show", "/api/tags", "/v1/models", spoken.path):
        spoken.server.on(path, body, status=status, content_type="application/json")
    for ask in (spoken.backend.models(), spoken.backend.describe("m"), spoken.backend.complete(REQUEST)):
        with pytest.raises(BackendError):
            await ask
