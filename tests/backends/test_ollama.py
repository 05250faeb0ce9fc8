import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from translator.backends.cut import was_cut
from translator.backends.http import Patience, server_hint
from translator.backends.ollama import OllamaBackend, chat_payload
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
    Reply,
    Request,
    Sampling,
    Stop,
    UnreachableError,
)
from translator.testing.scripted_server import Act, Answer, ScriptedServer, lines

CHAT = "/api/chat"
REQUEST = Request(model="m", messages=(Message("system", "s"), Message("user", "こんにちは")))
HASTY = Patience(connect=1.0, query=0.3, first=0.3, stall=0.3)


def part(text: str, thought: str = "") -> dict[str, object]:
    return {"model": "m", "message": {"role": "assistant", "content": text, "thinking": thought}, "done": False}


def end(text: str = "", *, reason: str = "stop", prompt: int = 10, output: int = 2) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    counts = {"prompt_eval_count": prompt, "eval_count": output}
    return {"model": "m", "message": message, "done": True, "done_reason": reason, **counts}


@pytest.fixture
async def backend(server: ScriptedServer) -> AsyncIterator[OllamaBackend]:
    opened = OllamaBackend(server.url, patience=HASTY)
    yield opened
    await opened.close()


async def test_an_answer_is_put_together_from_its_parts_with_what_it_cost(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.on(CHAT, lines(part("你")), lines(part("好")), lines(end(prompt=21, output=3)))
    reply = await backend.complete(REQUEST)
    assert replace(reply, seconds=0) == Reply(text="你好", prompt_tokens=21, output_tokens=3)
    assert reply.seconds > 0


async def test_every_option_is_always_sent_since_defaults_move(server: ScriptedServer, backend: OllamaBackend) -> None:
    server.on(CHAT, lines(end("好")))
    sampling = Sampling(temperature=0.6, top_p=0.9, top_k=20, min_p=0.1, frequency_penalty=0.2, seed=7)
    await backend.complete(replace(REQUEST, sampling=sampling, stop=("\n",), schema='{"type": "object"}', num_ctx=1536))
    assert server.requests[0].json == {
        "model": "m",
        "stream": True,
        "truncate": False,
        "shift": False,
        "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "こんにちは"}],
        "format": {"type": "object"},
        "options": {
            "num_ctx": 1536,
            "num_predict": 512,
            "temperature": 0.6,
            "top_p": 0.9,
            "top_k": 20,
            "min_p": 0.1,
            "repeat_penalty": 1.0,
            "frequency_penalty": 0.2,
            "presence_penalty": 0.0,
            "seed": 7,
            "stop": ["\n"],
        },
    }


async def test_a_raw_prompt_goes_to_generate_without_a_template(server: ScriptedServer, backend: OllamaBackend) -> None:
    server.on("/api/generate", lines({"response": " Hel"}, {"response": "lo", "done": True, "done_reason": "stop"}))
    reply = await backend.complete(Request(model="m", prompt="Japanese: こんにちは\nEnglish:"))
    assert reply.text == " Hello"
    sent = server.requests[0].json
    assert (sent["prompt"], sent["raw"]) == ("Japanese: こんにちは\nEnglish:", True)
    assert not sent.keys() & {"messages", "template", "system", "think"}


@pytest.mark.parametrize(("capabilities", "sent"), [(["completion", "thinking"], [False]), (["completion"], [])])
async def test_think_is_sent_only_to_models_that_can(
    server: ScriptedServer, backend: OllamaBackend, capabilities: list[str], sent: list[bool]
) -> None:
    server.say("/api/show", {"capabilities": capabilities})
    server.say("/api/tags", {"models": []})
    server.say("/api/version", {"version": "0.33.0"})
    server.on(CHAT, lines(end("好")))
    await asyncio.gather(*(backend.complete(replace(REQUEST, think=False)) for _ in range(3)))
    assert [request.json["think"] for request in server.asked(CHAT) if "think" in request.json] == sent * 3
    assert len(server.asked("/api/show")) == 1


async def test_thoughts_are_kept_out_of_the_answer_in_either_form(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.on(CHAT, lines(part("<thi")), lines(part("nk>so")), lines(part("</think>\n\n你好"), end()))
    server.on(CHAT, lines(part("", "so"), part("你好"), end()))
    for _ in range(2):
        reply = await backend.complete(REQUEST)
        assert (reply.text, reply.thought) == ("你好", "so")


async def test_characters_and_lines_may_be_cut_anywhere(server: ScriptedServer, backend: OllamaBackend) -> None:
    whole = lines(part("勇者\x85は\u2028来た。"), part("\U0001f5ff"), end())
    server.on(CHAT, *(whole[at : at + 7] for at in range(0, len(whole), 7)))
    assert (await backend.complete(REQUEST)).text == "勇者\x85は\u2028来た。\U0001f5ff"


async def test_the_listener_stops_an_answer_at_once_and_the_server_sees_it(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.on(CHAT, lines(part("啊")), 0.05, lines(part("啊")), 0.05, lines(part("啊")), Act.HANG)
    heard: list[str] = []

    def listen(text: str) -> Abort | None:
        heard.append(text)
        return Abort("loop", "it loops") if len(text) == 3 else None

    reply = await backend.complete(REQUEST, on_token=listen)
    assert heard == ["啊", "啊啊", "啊啊啊"]
    assert (reply.text, reply.stop, reply.abort) == ("啊啊啊", Stop.ABORTED, Abort("loop", "it loops"))
    assert reply.output_tokens == 3
    await asyncio.wait_for(server.hung_up.wait(), 5)


async def test_an_answer_in_one_part_does_not_bother_the_listener(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.on(CHAT, lines(part("你好"), end()))
    heard: list[str] = []

    def listen(text: str) -> None:
        heard.append(text)

    assert (await backend.complete(REQUEST, on_token=listen)).text == "你好"
    assert heard == []


async def test_the_limit_is_told_from_the_end(server: ScriptedServer, backend: OllamaBackend) -> None:
    server.on(CHAT, lines(part("啊啊"), end(reason="length")))
    assert (await backend.complete(REQUEST)).stop is Stop.LENGTH


@pytest.mark.parametrize(
    ("steps", "kind", "said"),
    [
        ((lines(part("你"), {"error": "model runner has unexpectedly stopped"}),), BrokenReplyError, "unexpectedly"),
        ((lines(part("你")),), BrokenReplyError, "without saying that it was done"),
        ((lines(part("你"), part("你") | {"done": False}),), BrokenReplyError, "without saying that it was done"),
        ((lines(part("你")) + b'{"message": {"content": "\xe5',), BrokenReplyError, "half a line"),
        ((lines(part("你")), Act.DROP), BrokenReplyError, "dropped the connection in the middle"),
        ((Act.DROP,), BrokenReplyError, "dropped the connection before it answered"),
        ((lines(part("你")), Act.HANG), BrokenReplyError, "fell silent"),
        ((Act.HANG,), UnreachableError, "gave no answer within"),
        ((lines(end(reason="load")),), BrokenReplyError, "only loaded the model"),
        ((lines({"error": "server busy, please try again.  maximum pending requests exceeded"}),), BusyError, "busy"),
        ((b"<!DOCTYPE html><html><body>Welcome</body></html>",), UnreachableError, "a web page answers"),
        (("你好".encode("utf-16-le") + b"\n",), BrokenReplyError, "no JSON"),
        ((b"[1, 2]\n",), BrokenReplyError, "no JSON"),
        ((lines(part("好"), end("", prompt=2047)),), OverflowedError, "did not fit"),
        ((lines(part("好"), end("", prompt=1900, output=400)),), OverflowedError, "did not fit"),
    ],
)
async def test_an_answer_that_is_no_whole_answer_is_an_error_that_says_what_happened(
    server: ScriptedServer,
    backend: OllamaBackend,
    steps: tuple[bytes | float | Act, ...],
    kind: type[BackendError],
    said: str,
) -> None:
    server.on(CHAT, *steps)
    with pytest.raises(kind) as caught:
        await backend.complete(REQUEST)
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert server.url in str(caught.value)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "the prompt is longer than the context length currently available to the model", OverflowedError),
        (400, "request (5002 tokens) exceeds the available context size (2048 tokens)", OverflowedError),
        (400, "invalid option provided", PromptRefusedError),
        (401, "unauthorized", RefusedError),
        (403, "forbidden", RefusedError),
        (429, "slow down", BusyError),
        (499, "request canceled", BrokenReplyError),
        (500, "model runner has unexpectedly stopped", BrokenReplyError),
        (500, "model requires more system memory (9.4 GiB) than is available (7.1 GiB)", RefusedError),
        (502, "bad gateway", BusyError),
        (503, "server busy, please try again.  maximum pending requests exceeded", BusyError),
    ],
)
async def test_each_error_status_becomes_the_error_that_says_what_may_help(
    server: ScriptedServer, backend: OllamaBackend, status: int, message: str, kind: type[BackendError]
) -> None:
    server.say(CHAT, {"error": message}, status=status)
    with pytest.raises(kind) as caught:
        await backend.complete(REQUEST)
    assert message in str(caught.value)
    assert caught.value.hint


async def test_a_busy_server_says_when_to_come_back(server: ScriptedServer, backend: OllamaBackend) -> None:
    answer = Answer((b'{"error": "wait"}',), status=503, content_type="application/json", headers=("Retry-After: 17",))
    server.add(CHAT, answer)
    with pytest.raises(BusyError) as caught:
        await backend.complete(REQUEST)
    assert caught.value.retry_after == 17


@pytest.mark.parametrize("status", [200, 404, 500])
async def test_a_web_page_is_never_taken_for_a_server(
    server: ScriptedServer, backend: OllamaBackend, status: int
) -> None:
    for path in (CHAT, "/api/tags"):
        server.on(path, b"<html>router login</html>", status=status, content_type="text/html; charset=utf-8")
    with pytest.raises(UnreachableError, match="a web page answers"):
        await backend.complete(REQUEST)
    with pytest.raises(UnreachableError, match="a web page answers"):
        await backend.models()


async def test_a_missing_model_is_told_with_names_that_look_alike(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    missing = {"error": "model 'sakura-7b-v1.1' not found"}
    server.say(CHAT, missing, status=404)
    server.say("/api/show", missing, status=404)
    names = ["sakura-7b-v1.0:latest", "qwen3:8b", "hf.co/SakuraLLM/Sakura-7B-Qwen2.5-v1.0-GGUF:Q4_K_M"]
    server.say("/api/tags", {"models": [{"name": name, "digest": "d"} for name in names]})
    for ask in (backend.complete(replace(REQUEST, model="sakura-7b-v1.1")), backend.describe("sakura-7b-v1.1")):
        with pytest.raises(NoSuchModelError) as caught:
            await ask
        assert caught.value.near[0] == "sakura-7b-v1.0:latest"
        assert "qwen3:8b" not in caught.value.near
        assert "ollama pull sakura-7b-v1.1" in caught.value.hint


@pytest.mark.parametrize("asked", ["sakura-7b", "Sakura-7B:latest"])
async def test_a_model_that_is_listed_and_yet_missing_is_not_offered_in_its_own_place(
    server: ScriptedServer, backend: OllamaBackend, asked: str
) -> None:
    server.say(CHAT, {"error": f"model '{asked}' not found"}, status=404)
    server.say("/api/tags", {"models": [{"name": "sakura-7b:latest"}, {"name": "sakura-7b-v1.0:latest"}]})
    with pytest.raises(NoSuchModelError, match="lists it all the same") as caught:
        await backend.complete(replace(REQUEST, model=asked))
    assert caught.value.near == ("sakura-7b-v1.0:latest",)
    assert f"ollama pull {asked}" in caught.value.hint


async def test_nothing_that_listens_is_unreachable_with_the_command_that_starts_it() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    backend = OllamaBackend(f"127.0.0.1:{port}", patience=HASTY)
    for ask in (backend.complete(REQUEST), backend.models(), backend.describe("m")):
        with pytest.raises(UnreachableError) as caught:
            await ask
        assert f"127.0.0.1:{port}" in str(caught.value)
        assert "ollama serve" in caught.value.hint
    await backend.close()


def test_the_hint_fits_the_machine() -> None:
    here, there = "http://127.0.0.1:11434", "http://10.0.0.9:11434"
    hints = [
        server_hint(where, program="Ollama", command="ollama serve", app="open the Ollama app", platform=platform)
        for where, platform in ((here, "linux"), (here, "win32"), (there, "linux"))
    ]
    assert hints[0] == "start it: ollama serve"
    assert "open the Ollama app" in hints[1]
    assert "firewall" in hints[2]


async def test_a_model_is_described_from_three_routes(server: ScriptedServer, backend: OllamaBackend) -> None:
    info = {"general.architecture": "qwen2", "qwen2.context_length": 32768, "other.context_length": 1}
    server.say(
        "/api/show",
        {
            "template": "{{ .Prompt }}",
            "parameters": 'stop                           "<|im_end|>"\nstop  "</s>"\ntemperature          0.1',
            "model_info": info,
            "details": {"quantization_level": "IQ4_XS"},
            "capabilities": ["completion"],
        },
    )
    server.say("/api/tags", {"models": [{"name": "Sakura:latest", "digest": "abc", "size": 4}, {"name": "x"}]})
    server.say("/api/version", {"version": "0.33.0"})
    told = await backend.describe("sakura")
    assert (told.name, told.digest, told.context, told.size) == ("Sakura:latest", "abc", 32768, 4)
    assert (told.template, told.quantisation, told.server) == ("{{ .Prompt }}", "IQ4_XS", "ollama 0.33.0")
    assert told.parameters == {"stop": "<|im_end|>\n</s>", "temperature": "0.1"}
    assert told.capabilities == ("completion",)


async def test_more_than_a_hundred_requests_run_at_once(server: ScriptedServer) -> None:
    server.on(CHAT, 0.5, lines(end("好")))
    backend = OllamaBackend(server.url)
    replies = await asyncio.gather(*(backend.complete(REQUEST) for _ in range(150)))
    assert [reply.text for reply in replies] == ["好"] * 150
    assert server.connections == 150
    await backend.close()


async def test_connections_serve_again(server: ScriptedServer, backend: OllamaBackend) -> None:
    server.on(CHAT, lines(part("好")), lines(end()))
    for _ in range(5):
        await backend.complete(REQUEST)
    assert server.connections == 1


async def test_a_connection_that_the_server_closed_in_between_costs_nothing(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.add(CHAT, Answer((lines(end("好")),)))
    server.add(CHAT, Answer((Act.DROP,)))
    server.add(CHAT, Answer((lines(end("好")),), keep=False))
    for _ in range(4):
        assert (await backend.complete(REQUEST)).text == "好"


async def test_a_request_after_one_that_was_stopped_goes_out_once_since_its_connection_is_new(
    server: ScriptedServer, backend: OllamaBackend
) -> None:
    server.add(CHAT, Answer((lines(end("好")),)))
    server.add(CHAT, Answer((lines(part("啊")), Act.HANG)))
    server.add(CHAT, Answer((Act.DROP,)))
    await backend.complete(REQUEST)
    await backend.complete(REQUEST, on_token=lambda _: Abort("enough", "enough"))
    with pytest.raises(BrokenReplyError, match="dropped the connection before it answered"):
        await backend.complete(REQUEST)
    assert len(server.asked(CHAT)) == 3


async def test_a_proxy_of_the_desktop_is_not_asked_for_a_server_on_this_machine(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server.on(CHAT, lines(end("好")))
    backend = OllamaBackend(server.url)
    assert (await backend.complete(REQUEST)).text == "好"
    await backend.close()


async def test_a_key_is_sent_as_a_bearer(server: ScriptedServer) -> None:
    server.on(CHAT, lines(end("好")))
    backend = OllamaBackend(server.url, api_key="secret", keep_alive="30m")
    await backend.complete(REQUEST)
    await backend.close()
    assert server.requests[0].headers["authorization"] == "Bearer secret"
    assert server.requests[0].json["keep_alive"] == "30m"


def test_a_halved_prompt_is_noticed_and_one_that_fits_is_not() -> None:
    long = Request(model="m", messages=(Message("user", "あ" * 8000),), num_ctx=2048)
    assert was_cut(long, 1024, 10, 2048)
    fits = Request(model="m", messages=(Message("user", "あ" * 900),), num_ctx=2048)
    assert not was_cut(fits, 700, 300, 2048)
    assert not was_cut(fits, 0, 300, 2048)


def test_lone_surrogates_can_be_sent() -> None:
    _, payload = chat_payload(Request(model="m", prompt="\ud800"))
    assert json.dumps(payload).isascii()
