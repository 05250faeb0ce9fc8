import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from translator.backends.http import Patience
from translator.backends.ollama_admin import OllamaAdmin, Progress, create_payload
from translator.core.backend import BackendError, BrokenReplyError, NoSuchModelError, RefusedError
from translator.testing.scripted_server import ScriptedServer, lines

CONTENT = b"GGUF" + bytes(range(256)) * 12_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
BLOB = f"/api/blobs/sha256:{DIGEST}"


@pytest.fixture
async def admin(server: ScriptedServer) -> AsyncIterator[OllamaAdmin]:
    opened = OllamaAdmin(server.url, patience=Patience(connect=1, query=0.3, first=0.3, stall=0.3))
    yield opened
    await opened.close()


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "桜 model.gguf"
    path.write_bytes(CONTENT)
    return path


async def test_a_file_is_hashed_sent_and_made_a_model_with_progress_all_the_way(
    server: ScriptedServer, admin: OllamaAdmin, gguf: Path
) -> None:
    server.say(BLOB, {}, status=404)
    server.say(BLOB, {}, status=201)
    server.on("/api/create", lines({"status": "parsing GGUF"}), lines({"status": "success"}))
    seen: list[Progress] = []
    digest = await admin.import_file(
        gguf, "sakura", template="{{ .Prompt }}", stop=("<|im_end|>",), parameters={"top_p": 0.3}, shown=seen.append
    )
    assert digest == DIGEST
    head, blob, create = server.requests
    assert (head.method, blob.method, blob.body) == ("HEAD", "POST", CONTENT)
    assert create.json == {
        "model": "sakura",
        "files": {"桜 model.gguf": f"sha256:{DIGEST}"},
        "stream": True,
        "template": "{{ .Prompt }}",
        "parameters": {"top_p": 0.3, "stop": ["<|im_end|>"]},
    }
    assert list(dict.fromkeys(progress.step for progress in seen)) == ["hash", "upload", "create"]
    assert all(
        [p for p in seen if p.step == step][-1] == Progress(step, len(CONTENT), len(CONTENT))
        for step in ("hash", "upload")
    )
    assert seen[-1].status == "success"


async def test_a_file_that_the_server_has_is_not_sent_again(
    server: ScriptedServer, admin: OllamaAdmin, gguf: Path
) -> None:
    server.say(BLOB, {}, status=200)
    server.on("/api/create", lines({"status": "success"}))
    await admin.import_file(gguf, "sakura")
    assert [request.method for request in server.requests] == ["HEAD", "POST"]
    assert server.requests[1].path == "/api/create"


async def test_a_file_that_changed_meanwhile_is_refused(server: ScriptedServer, admin: OllamaAdmin, gguf: Path) -> None:
    server.say(BLOB, {}, status=404)
    server.say(BLOB, {"error": "digest mismatch"}, status=400)
    with pytest.raises(RefusedError, match="digest mismatch"):
        await admin.import_file(gguf, "sakura")


async def test_an_error_while_creating_is_told(server: ScriptedServer, admin: OllamaAdmin, gguf: Path) -> None:
    server.say(BLOB, {}, status=200)
    server.on("/api/create", lines({"status": "parsing GGUF"}, {"error": "unsupported architecture"}))
    with pytest.raises(RefusedError, match="cannot create: unsupported architecture"):
        await admin.import_file(gguf, "sakura")


async def test_progress_that_ends_without_success_is_no_success(server: ScriptedServer, admin: OllamaAdmin) -> None:
    server.on("/api/pull", lines({"status": "pulling", "total": 10, "completed": 4}))
    seen: list[Progress] = []
    with pytest.raises(BrokenReplyError, match="without saying that it succeeded"):
        await admin.pull("qwen3:8b", shown=seen.append)
    assert seen == [Progress("pull", 4, 10, "pulling")]


async def test_a_file_that_is_not_there_is_told(admin: OllamaAdmin, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match=r"absent\.gguf"):
        await admin.import_file(tmp_path / "absent.gguf", "x")


async def test_deleting_what_is_not_there_is_told(server: ScriptedServer, admin: OllamaAdmin) -> None:
    server.say("/api/delete", {"error": "model 'x' not found"}, status=404)
    with pytest.raises(NoSuchModelError, match="“x”"):
        await admin.delete("x")


def test_a_model_without_settings_takes_what_the_server_derives() -> None:
    payload = create_payload("m", "f.gguf", "ab")
    assert payload == {"model": "m", "files": {"f.gguf": "sha256:ab"}, "stream": True}
