import asyncio

import pytest

from translator.backends.late import LateBackend
from translator.backends.ollama import OllamaBackend
from translator.core.backend import ModelInfo, NoSuchModelError, RefusedError, Request
from translator.testing.scripted_server import Answer, ScriptedServer, lines

REQUEST = Request(model="sakura", prompt="p")
ANSWER = lines({"response": "好", "done": True, "done_reason": "stop", "prompt_eval_count": 1, "eval_count": 1})


@pytest.fixture
def ready(server: ScriptedServer) -> ScriptedServer:
    server.say("/api/tags", {"models": [{"name": "sakura:latest", "digest": "d"}]})
    server.say("/api/version", {"version": "0.33.0"})
    server.say("/api/show", {"model_info": {}})
    server.add("/api/generate", Answer((ANSWER,)))
    return server


async def test_the_server_is_looked_at_once_before_its_first_request(ready: ScriptedServer) -> None:
    told: list[ModelInfo] = []

    def fits(info: ModelInfo) -> str:
        told.append(info)
        return ""

    backend = LateBackend(OllamaBackend(ready.url), "sakura", fits)
    assert not ready.requests
    replies = await asyncio.gather(*(backend.complete(REQUEST) for _ in range(3)))
    assert [reply.text for reply in replies] == ["好"] * 3
    assert [(info.name, info.digest) for info in told] == [("sakura:latest", "d")]
    assert len(ready.asked("/api/show")) == 1
    assert {request.json["model"] for request in ready.asked("/api/generate")} == {"sakura:latest"}
    await backend.close()


async def test_a_server_with_another_model_is_asked_nothing(ready: ScriptedServer) -> None:
    backend = LateBackend(OllamaBackend(ready.url), "sakura", lambda info: f"not {info.digest}")
    for _ in range(2):
        with pytest.raises(RefusedError, match="not d"):
            await backend.complete(REQUEST)
    assert not ready.asked("/api/generate")
    await backend.close()


async def test_a_server_without_the_model_says_so(server: ScriptedServer) -> None:
    server.say("/api/show", {"error": "model not found"}, status=404)
    server.say("/api/tags", {"models": []})
    backend = LateBackend(OllamaBackend(server.url), "sakura", lambda _: "")
    with pytest.raises(NoSuchModelError):
        await backend.complete(REQUEST)
    await backend.close()
