import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from translator.backends.http import Patience
from translator.backends.openai import Fields, OpenAIBackend, completion_payload
from translator.backends.sse import events as parse
from translator.core.backend import (
    Abort,
    BackendError,
    BrokenReplyError,
    BusyError,
    Message,
    NoSuchModelError,
    OverflowedError,
    PromptRefusedError,
    RefusedError,
    Request,
    Stop,
    UnreachableError,
)
from translator.testing.scripted_server import Act, Answer, ScriptedServer, events

CHAT = "/v1/chat/completions"
SSE = "text/event-stream"
REQUEST = Request(model="m", messages=(Message("user", "こんにちは"),))
HASTY = Patience(connect=1.0, query=0.3, first=0.3, stall=0.3)


def delta(text: str | None = None, *, thought: str | None = None, reason: str | None = None) -> dict[str, object]:
    return {"choices": [{"delta": {"content": text, "reasoning_content": thought}, "finish_reason": reason}]}


USAGE: dict[str, object] = {
    "choices": [],
    "usage": {"prompt_tokens": 21, "completion_tokens": 3},
    "timings": {"cache_n": 18},
}


@pytest.fixture
async def backend(server: ScriptedServer) -> AsyncIterator[OpenAIBackend]:
    opened = OpenAIBackend(server.url, patience=HASTY)
    yield opened
    await opened.close()


async def test_an_answer_is_put_together_with_what_it_cost_and_its_thought_apart(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    first = b": ping\n\n" + events(delta(None), delta(None, thought="hm"))
    rest = events(delta("你"), delta("好"), delta(reason="stop"), USAGE, "[DONE]")
    server.on(CHAT, first, rest, content_type=SSE)
    reply = await backend.complete(REQUEST)
    assert (reply.text, reply.thought, reply.stop) == ("你好", "hm", Stop.DONE)
    assert (reply.prompt_tokens, reply.output_tokens, reply.cached_tokens) == (21, 3, 18)


@pytest.mark.parametrize(
    ("end", "cached"),
    [
        ({"usage": {"prompt_tokens": 21}}, None),
        ({"usage": {"prompt_tokens": 21, "prompt_tokens_details": None}}, None),
        ({"usage": {"prompt_tokens": 21, "prompt_tokens_details": {"cached_tokens": 0}}}, 0),
        ({"usage": {"prompt_tokens": 21, "prompt_tokens_details": {"cached_tokens": 7}}, "timings": {"x": 1}}, 7),
        ({"usage": {"prompt_tokens": 21}, "timings": {"cache_n": 0}}, 0),
    ],
)
async def test_what_a_server_does_not_tell_of_its_cache_is_not_taken_for_nothing(
    server: ScriptedServer, backend: OpenAIBackend, end: dict[str, object], cached: int | None
) -> None:
    server.on(CHAT, events(delta("好", reason="stop"), {"choices": [], **end}, "[DONE]"), content_type=SSE)
    assert (await backend.complete(REQUEST)).cached_tokens == cached


async def test_events_may_be_cut_anywhere(server: ScriptedServer, backend: OpenAIBackend) -> None:
    whole = events(delta("勇者\x85は\u2028"), delta("来た。", reason="length"), "[DONE]").replace(b"\n", b"\r\n")
    server.on(CHAT, *(whole[at : at + 5] for at in range(0, len(whole), 5)), content_type=SSE)
    reply = await backend.complete(REQUEST)
    assert (reply.text, reply.stop) == ("勇者\x85は\u2028来た。", Stop.LENGTH)


async def test_a_raw_prompt_goes_to_completions(server: ScriptedServer, backend: OpenAIBackend) -> None:
    answer = {"choices": [{"text": " Hello", "finish_reason": "stop"}]}
    server.on("/v1/completions", events(answer, "[DONE]"), content_type=SSE)
    assert (await backend.complete(Request(model="m", prompt="Japanese:"))).text == " Hello"
    assert server.requests[0].json["prompt"] == "Japanese:"


async def test_a_server_that_does_not_stream_is_understood(server: ScriptedServer, backend: OpenAIBackend) -> None:
    whole = {"choices": [{"message": {"content": "你好"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 4}}
    server.say(CHAT, whole)
    reply = await backend.complete(REQUEST)
    assert (reply.text, reply.prompt_tokens) == ("你好", 4)


async def test_an_answer_in_one_object_over_many_lines_is_understood(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    whole = {"choices": [{"message": {"content": "你\n好"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 4}}
    for indent, size in ((1, 7), (4, 9999), (None, 9999)):
        data = b"\n" + json.dumps(whole, indent=indent, ensure_ascii=False).encode() + b"\n"
        steps = tuple(data[at : at + size] for at in range(0, len(data), size))
        server.replace(CHAT, Answer(steps, content_type="application/json; charset=utf-8"))
        reply = await backend.complete(REQUEST)
        assert (reply.text, reply.prompt_tokens) == ("你\n好", 4)


async def test_events_that_are_called_json_are_streamed_all_the_same(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.on(CHAT, events(delta("你")), 0.05, events(delta("好"), "[DONE]"), content_type="application/json")
    heard: list[str] = []
    with pytest.raises(BrokenReplyError, match="without saying that it was done"):
        await backend.complete(REQUEST, on_token=heard.append)
    assert heard == ["你"]


async def test_every_sampler_is_sent_in_the_words_of_both_kinds_of_servers() -> None:
    request = replace(REQUEST, stop=("\n",), schema='{"type": "object"}', think=False)
    _, payload = completion_payload(request)
    assert payload == {
        "model": "m",
        "stream": True,
        "max_tokens": 512,
        "temperature": 0.1,
        "top_p": 0.3,
        "frequency_penalty": 0.0,
        "presence_penalty": 0.0,
        "stop": ["\n"],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": {"type": "object"}},
        },
        "stream_options": {"include_usage": True},
        "top_k": 40,
        "min_p": 0.0,
        "repeat_penalty": 1.0,
        "repetition_penalty": 1.0,
        "cache_prompt": True,
        "messages": [{"role": "user", "content": "こんにちは"}],
        "chat_template_kwargs": {"enable_thinking": False},
    }
    _, oldest = completion_payload(request, Fields.OLDEST)
    assert not oldest.keys() & {"stream_options", "top_k", "min_p", "repeat_penalty", "cache_prompt"}


async def test_a_gateway_that_refuses_extra_fields_is_asked_without_them_from_then_on(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.say(CHAT, {"error": {"message": "Unrecognized request argument supplied: top_k"}}, status=400)
    server.on(CHAT, events(delta("好", reason="stop"), "[DONE]"), content_type=SSE)
    for _ in range(2):
        assert (await backend.complete(REQUEST)).text == "好"
    assert ["top_k" in request.json for request in server.asked(CHAT)] == [True, False, False]
    assert all("stream_options" in request.json for request in server.asked(CHAT))


async def test_a_request_that_is_refused_in_any_form_does_not_change_how_the_next_is_asked(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    for _ in range(3):
        server.say(CHAT, {"error": {"message": "bad grammar"}}, status=400)
    server.on(CHAT, events(delta("好", reason="stop"), "[DONE]"), content_type=SSE)
    with pytest.raises(RefusedError, match="bad grammar"):
        await backend.complete(REQUEST)
    await backend.complete(REQUEST)
    assert ["top_k" in request.json for request in server.asked(CHAT)] == [True, False, False, True]


async def test_what_is_refused_once_another_request_was_served_is_refused_for_its_prompt(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.add(CHAT, Answer((events(delta("好", reason="stop"), "[DONE]"),), content_type=SSE))
    server.say(CHAT, {"error": {"message": "inappropriate content"}}, status=400)
    await backend.complete(REQUEST)
    with pytest.raises(PromptRefusedError, match="inappropriate"):
        await backend.complete(REQUEST)
    assert len(server.asked(CHAT)) == 2


async def test_the_listener_stops_an_answer_at_once_and_the_server_sees_it(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.on(CHAT, events(delta("啊")), 0.05, events(delta("啊")), Act.HANG, content_type=SSE)

    def listen(text: str) -> Abort | None:
        return Abort("loop", "it loops") if len(text) == 2 else None

    reply = await backend.complete(REQUEST, on_token=listen)
    assert (reply.text, reply.stop, reply.output_tokens) == ("啊啊", Stop.ABORTED, 2)
    await asyncio.wait_for(server.hung_up.wait(), 5)


@pytest.mark.parametrize(
    ("steps", "kind", "said"),
    [
        ((events(delta("你"), {"error": {"message": "CUDA error"}}),), BrokenReplyError, "CUDA error"),
        ((b'error: {"code": 500, "message": "slot unavailable"}\n\n',), BrokenReplyError, "slot unavailable"),
        ((events(delta("你")),), BrokenReplyError, "without saying that it was done"),
        ((events(delta("你"), "[DONE]"),), BrokenReplyError, "without saying that it was done"),
        ((events(delta("你")) + b'data: {"choices": [{',), BrokenReplyError, "half an event"),
        ((events(delta("你")), Act.DROP), BrokenReplyError, "dropped the connection in the middle"),
        ((events(delta("你")), Act.HANG), BrokenReplyError, "fell silent"),
        ((Act.HANG,), UnreachableError, "gave no answer within"),
        ((events(delta("", reason="content_filter"), "[DONE]"),), PromptRefusedError, "content filter"),
        ((b"<html>hello</html>",), UnreachableError, "a web page answers"),
    ],
)
async def test_an_answer_that_is_no_whole_answer_is_an_error_that_says_what_happened(
    server: ScriptedServer,
    backend: OpenAIBackend,
    steps: tuple[bytes | float | Act, ...],
    kind: type[BackendError],
    said: str,
) -> None:
    server.on(CHAT, *steps, content_type=SSE)
    with pytest.raises(kind) as caught:
        await backend.complete(REQUEST)
    assert type(caught.value) is kind
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "exceed_context_size_error", "message": "too big", "n_prompt_tokens": 50}, OverflowedError),
        (400, {"code": "context_length_exceeded", "message": "too long"}, OverflowedError),
        (400, {"message": "This model's maximum context length is 4096 tokens."}, OverflowedError),
        (401, {"message": "Invalid API Key"}, RefusedError),
        (429, {"message": "rate limit"}, BusyError),
        (500, {"message": "boom"}, BrokenReplyError),
        (503, {"message": "Loading model", "type": "unavailable_error"}, BusyError),
    ],
)
async def test_each_error_status_becomes_the_error_that_says_what_may_help(
    server: ScriptedServer, backend: OpenAIBackend, status: int, error: dict[str, object], kind: type[BackendError]
) -> None:
    server.say(CHAT, {"error": error}, status=status)
    with pytest.raises(kind) as caught:
        await backend.complete(REQUEST)
    assert str(error["message"]) in str(caught.value)
    assert len(server.asked(CHAT)) == 1


async def test_a_missing_model_is_told_with_names_that_look_alike(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    error = {"error": {"message": "The model `sakura` does not exist.", "type": "NotFoundError"}}
    server.say(CHAT, error, status=404)
    server.say("/v1/models", {"data": [{"id": "sakura-7b"}, {"id": "qwen"}]})
    with pytest.raises(NoSuchModelError) as caught:
        await backend.complete(replace(REQUEST, model="sakura"))
    assert caught.value.near == ("sakura-7b",)
    with pytest.raises(NoSuchModelError) as caught:
        await backend.describe("nothing-alike")
    assert "sakura-7b, qwen" in caught.value.hint


async def test_a_llama_server_tells_its_slots_and_window_whatever_it_is_called(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    meta = {"n_params": 7, "size": 4, "n_ctx_train": 32768, "n_ctx": 2048}
    server.say("/v1/models", {"data": [{"id": "/models/x.gguf", "owned_by": "llamacpp", "meta": meta}]})
    server.say(
        "/props",
        {
            "total_slots": 4,
            "default_generation_settings": {"n_ctx": 2048},
            "chat_template": "{{ x }}",
            "build_info": "b9",
        },
    )
    told = await backend.describe("anything")
    assert (told.slots, told.context, told.size, told.template) == (4, 2048, 4, "{{ x }}")
    assert (told.structured, told.named, told.server) == (True, True, "llama-server b9")
    assert told.digest


async def test_a_llama_server_that_hides_its_properties_may_list_its_slots(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "llamacpp"}]})
    server.say("/slots", [{"id": 0}, {"id": 1}, {"id": 2}])
    told = await backend.describe("m")
    assert (told.slots, told.named) == (3, True)
    server.replace("/slots", Answer((b'{"error": "not supported"}',), content_type="application/json"))
    told = await backend.describe("m")
    assert (told.slots, told.named) == (None, False)


async def test_other_servers_tell_their_window_in_their_own_way(server: ScriptedServer, backend: OpenAIBackend) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "vllm", "max_model_len": 4096}, {"id": "n"}]})
    told = await backend.describe("m")
    assert (told.context, told.slots, told.structured, told.server) == (4096, None, True, "vllm")
    assert told.digest != (await backend.describe("n")).digest


METRICS = b"""# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m{1}"} 4.0
vllm:num_requests_running{engine="1",model_name="m{1}"} 3.0
vllm:num_requests_waiting{engine="0",model_name="m{1}"} 2.0
vllm:num_requests_waiting{engine="1",model_name="m{1}"} 0.0
vllm:num_requests_waiting_by_reason{engine="0",model_name="m{1}",reason="capacity"} 2.0
"""


async def test_vllm_tells_how_many_requests_run_and_wait(server: ScriptedServer, backend: OpenAIBackend) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "vllm"}]})
    server.on("/metrics", METRICS, content_type="text/plain; version=0.0.4")
    await backend.describe("m")
    assert await backend.load() == (7, 2)


@pytest.mark.parametrize(("body", "status"), [(b"{}", 404), (b"", 403), (b"# nothing\n", 200)])
async def test_a_vllm_that_hides_its_metrics_never_tells(
    server: ScriptedServer, backend: OpenAIBackend, body: bytes, status: int
) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "vllm"}]})
    server.on("/metrics", body, status=status, content_type="text/plain")
    await backend.describe("m")
    assert await backend.load() is None


async def test_that_vllm_does_not_tell_now_does_not_mean_that_it_never_will(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "vllm"}]})
    server.say("/metrics", {"error": "starting"}, status=503)
    server.on("/metrics", METRICS, content_type="text/plain")
    await backend.describe("m")
    with pytest.raises(BusyError):
        await backend.load()
    assert await backend.load() == (7, 2)


async def test_other_servers_are_not_asked_what_runs(server: ScriptedServer, backend: OpenAIBackend) -> None:
    server.say("/v1/models", {"data": [{"id": "m", "owned_by": "llamacpp"}]})
    server.on("/metrics", METRICS, content_type="text/plain")
    await backend.describe("m")
    assert await backend.load() is None
    assert all(received.path != "/metrics" for received in server.requests)


async def test_tokens_are_counted_where_the_server_can(server: ScriptedServer, backend: OpenAIBackend) -> None:
    server.say("/tokenize", {"tokens": [1, 2, 3]})
    server.say("/tokenize", {"count": 4, "max_model_len": 4096, "tokens": [1, 2, 3, 4]})
    assert await backend.tokens("x", "m") == 3
    assert await backend.tokens("x", "m") == 4


@pytest.mark.parametrize("status", [200, 404, 405, 501])
async def test_a_server_that_has_no_route_for_counting_says_so_in_one_of_these_ways(
    server: ScriptedServer, backend: OpenAIBackend, status: int
) -> None:
    server.say("/tokenize", {"error": "no such endpoint"}, status=status)
    assert await backend.tokens("x", "m") is None


async def test_that_a_server_does_not_count_now_does_not_mean_that_it_cannot(
    server: ScriptedServer, backend: OpenAIBackend
) -> None:
    server.on("/tokenize", Act.DROP)
    server.say("/tokenize", {"error": {"message": "Loading model"}}, status=503)
    server.on("/tokenize", Act.HANG)
    server.say("/tokenize", {"tokens": [1]})
    for expected in (BrokenReplyError, BusyError, UnreachableError):
        with pytest.raises(expected):
            await backend.tokens("x", "m")
    assert await backend.tokens("x", "m") == 1


async def test_a_key_is_sent_as_a_bearer(server: ScriptedServer) -> None:
    server.on(CHAT, events(delta("好", reason="stop"), "[DONE]"), content_type=SSE)
    backend = OpenAIBackend(f"{server.url}/v1", api_key="secret")
    await backend.complete(REQUEST)
    await backend.close()
    assert server.requests[0].headers["authorization"] == "Bearer secret"


def test_comments_names_and_blank_lines_are_no_events() -> None:
    assert list(parse([b": ping", b"", b"event: x", b"id: 3", b"data:1\r", b"data:  2", b"data:"])) == [b"1", b"2"]
