import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from translator.model.machine import Gpu, Machine
from translator.profiles import all_profiles
from translator.testing.instant import InstantServer
from translator.testing.ollama_server import MODEL
from translator.testing.scripted_server import Act, ScriptedServer
from translator.workflow.doctor import diagnose, open_listeners
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.reports import Diagnosis
from translator.workflow.setup import EMBEDDED_SLOTS

GIB = 1024**3
SAKURA = all_profiles()["sakura-v1.0"]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "memory.db"


Look = Callable[..., dict[str, Diagnosis]]


@pytest.fixture
def look(scripted: ScriptedServer, db: Path) -> Look:
    """Diagnose an Ollama with one model: its template, window (tokens), size (bytes), and the server's version."""

    def run(
        *,
        name: str = "sakura-v1.0:latest",
        template: str | None = SAKURA.server.template,
        window: int = 32768,
        size: int = 1_000_000,
        version: str = "0.33.0",
        num_ctx: int | None = None,
    ) -> dict[str, Diagnosis]:
        entry = {"name": name, "digest": "d" * 64, "size": size}
        scripted.say("/api/tags", {"models": [entry]})
        scripted.say("/api/version", {"version": version})
        about = {"general.architecture": "qwen2", "qwen2.context_length": window}
        scripted.say("/api/show", {"model_info": about, **({"template": template} if template is not None else {})})
        return by_subject(diagnose(ServerOptions(model=name, hosts=(scripted.url,), num_ctx=num_ctx), db=db))

    return run


def by_subject(found: Sequence[Diagnosis]) -> dict[str, Diagnosis]:
    subjects = {diagnosis.subject: diagnosis for diagnosis in found}
    assert len(subjects) == len(found)
    return subjects


def test_where_all_is_well_only_the_slots_are_noted(server: InstantServer, db: Path) -> None:
    found = diagnose(ServerOptions(hosts=(server.host,)), db=db)
    levels = {diagnosis.subject: diagnosis.level for diagnosis in found if diagnosis.subject != "memory"}
    assert levels == {
        "database": "ok",
        "server": "ok",
        "version": "ok",
        "model": "ok",
        "template": "ok",
        "context": "ok",
        "slots": "note",
        "exposure": "ok",
    }
    said = by_subject(found)
    assert MODEL in said["model"].message
    assert "sakura-v1.0" in said["model"].message
    assert said["server"].message == f"ollama {server.host} answers"
    assert "OLLAMA_NUM_PARALLEL" in said["slots"].fix
    assert str(db) in said["database"].message


def test_an_old_server_is_warned_of(look: Look) -> None:
    found = look(version="0.12.3")["version"]
    assert found.level == "warning"
    assert "0.12.3" in found.message
    assert "newer Ollama" in found.fix


@pytest.mark.parametrize("version", ["0.12.4", "0.13.0", "1.0.0-rc1"])
def test_a_version_that_refuses_what_is_too_long_is_fine(look: Look, version: str) -> None:
    assert look(version=version)["version"].level == "ok"


def test_a_version_of_naughts_says_nothing(look: Look) -> None:
    found = look(version="0.0.0")["version"]
    assert (found.level, found.fix) == ("note", "")


def test_a_template_that_is_not_the_profile_s_is_an_error_with_the_command_that_mends_it(look: Look) -> None:
    found = look(template="{{ .Prompt }}")["template"]
    assert found.level == "error"
    assert found.fix == "translate model import FILE.gguf --name sakura-v1.0 --profile sakura-v1.0"
    tagged = look(template="{{ .Prompt }}", name="me/sakura-v1.0:7b")["template"]
    assert tagged.fix == "translate model import FILE.gguf --name me/sakura-v1.0:7b --profile sakura-v1.0"


def test_a_short_window_is_warned_of(look: Look) -> None:
    found = look(window=1024)["context"]
    assert found.level == "warning"
    assert "1024 tokens, 2048 are wanted" in found.message
    assert "--num-ctx" in found.fix


def test_the_window_that_was_asked_for_counts(look: Look) -> None:
    assert look(window=4096, num_ctx=8192)["context"].level == "warning"


def test_a_model_larger_than_the_free_memory_is_warned_of(look: Look) -> None:
    found = look(size=10**15)["memory"]
    assert found.level == "warning"
    assert "too little" in found.message
    assert found.fix


def test_memory_on_the_gpu_counts(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    # This machine's memory is the one thing that cannot be arranged otherwise.
    machine = Machine(8 * GIB, 4 * GIB, (Gpu("NVIDIA", 24 * GIB, 20 * GIB),))
    monkeypatch.setattr("translator.workflow.doctor.machine_memory", lambda: machine)
    found = look(size=16 * GIB)["memory"]
    assert found.level == "ok"
    assert "4.0 GiB and 20.0 GiB on the GPU are free" in found.message


def test_a_model_that_is_not_there_is_an_error_with_what_is_installed(server: InstantServer, db: Path) -> None:
    found = by_subject(diagnose(ServerOptions(model="qwen3:8b", hosts=(server.host,)), db=db))
    assert found["server"].level == "ok"
    assert found["model"].level == "error"
    assert f"installed: {MODEL}" in found["model"].message
    assert found["model"].fix == "ollama pull qwen3:8b"
    assert "template" not in found


def test_a_server_without_models_says_none(scripted: ScriptedServer, db: Path) -> None:
    scripted.say("/api/tags", {"models": []})
    scripted.say("/api/show", {"error": "model 'sakura' not found"}, status=404)
    found = by_subject(diagnose(ServerOptions(hosts=(scripted.url,)), db=db))
    assert "installed: none" in found["model"].message
    assert "translate model import" in found["model"].fix


def test_a_server_that_does_not_answer_is_an_error_and_the_rest_is_looked_at(db: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        found = by_subject(diagnose(ServerOptions(hosts=(f"127.0.0.1:{port}",)), db=db))
    assert found["server"].level == "error"
    assert "ollama serve" in found["server"].fix
    assert found["database"].level == "ok"
    assert "exposure" in found


def test_a_server_that_hangs_up_is_an_error(scripted: ScriptedServer, db: Path) -> None:
    scripted.on("/api/tags", Act.DROP)
    found = by_subject(diagnose(ServerOptions(hosts=(scripted.url,)), db=db))
    assert found["server"].level == "error"
    assert scripted.url in found["server"].message


@pytest.mark.parametrize("host", ["http://a:b:c:d", "ftp://x", "http://a b"])
def test_an_address_that_is_none_is_an_error(host: str, db: Path) -> None:
    found = by_subject(diagnose(ServerOptions(hosts=(host,)), db=db))
    assert found["server"].level == "error"
    assert "no address" in found["server"].message


def test_a_profile_that_there_is_not_is_an_error_of_the_settings(server: InstantServer, db: Path) -> None:
    found = by_subject(diagnose(ServerOptions(hosts=(server.host,), profile="nix"), db=db))
    assert found["settings"].level == "error"
    assert "sakura-v1.0" in found["settings"].fix


def test_a_database_that_is_none_is_an_error(server: InstantServer, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are my notes, not a database. " * 100)
    found = by_subject(diagnose(ServerOptions(hosts=(server.host,)), db=file))
    assert found["database"].level == "error"
    assert str(file) in found["database"].message
    assert file.read_text().startswith("These are my notes")


def test_a_server_on_another_machine_is_exposed_and_its_memory_unknown(
    look: Look, scripted: ScriptedServer, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The other machine is never asked: the request goes to the proxy, which answers for it.
    host = "http://models.invalid:11434"
    look()
    scripted.requests.clear()
    monkeypatch.setenv("HTTP_PROXY", scripted.url)
    monkeypatch.setenv("http_proxy", scripted.url)
    found = by_subject(diagnose(ServerOptions(hosts=(host,)), db=db))
    assert scripted.requests
    assert found["exposure"].level == "warning"
    assert host in found["exposure"].message
    assert "OLLAMA_HOST=127.0.0.1" in found["exposure"].fix
    assert "memory" not in found


def test_a_listener_on_loopback_only_is_not_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert open_listeners(listener.getsockname()[1]) == []


def test_a_listener_on_every_address_is_open() -> None:
    with socket.create_server(("", 0)) as listener:  # nothing is accepted from it, and it is gone at once
        port: int = listener.getsockname()[1]
        assert open_listeners(port) == [f"0.0.0.0:{port}"]


def test_a_server_named_twice_is_told_of_once(server: InstantServer, db: Path) -> None:
    found = diagnose(ServerOptions(hosts=(server.host, server.host)), db=db)
    assert [diagnosis.subject for diagnosis in found].count("exposure") == 1


def test_without_a_model_there_is_little_that_can_be_wrong(db: Path) -> None:
    found = by_subject(diagnose(ServerOptions(backend=BackendKind.PSEUDO), db=db))
    assert {diagnosis.level for diagnosis in found.values()} == {"ok", "note"}
    assert "exposure" not in found


@pytest.mark.model
def test_the_program_s_own_model_is_found_well(db: Path) -> None:
    found = by_subject(diagnose(ServerOptions(model="demo"), db=db))
    assert {diagnosis.level for diagnosis in found.values()} == {"ok"}
    assert "profile completion" in found["model"].message
    assert f"{EMBEDDED_SLOTS} requests at once" in found["slots"].message
