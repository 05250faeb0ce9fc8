"""A real Ollama, started here on a free port with a models folder of its own, with the demo model imported."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from translator.backends.demo import demo_model
from translator.backends.ollama import OllamaBackend
from translator.backends.ollama_admin import OllamaAdmin, Progress
from translator.core.backend import BackendError

MODEL = "honyaku-demo:latest"
TEMPLATE = "{{ if .System }}{{ .System }}\n{{ end }}{{ .Prompt }}"
PARAMETERS = {"temperature": 0.0}
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Live:
    """The server that runs, what it was started from, and what its import told."""

    host: str
    program: str
    model: str
    gguf: Path
    digest: str
    progress: tuple[Progress, ...]
    log: Path


@pytest.fixture(scope="session")
def ollama_program() -> str:
    """The `ollama` program of TRANSLATOR_OLLAMA or of the PATH."""
    named = os.environ.get("TRANSLATOR_OLLAMA")
    found = shutil.which(named) if named else shutil.which("ollama")
    if found is None:
        pytest.skip(
            f"TRANSLATOR_OLLAMA names {named}, which is no program"
            if named
            else "no `ollama` program on the PATH; TRANSLATOR_OLLAMA may name one"
        )
    return found


@pytest.fixture(scope="session")
def live_host(ollama_program: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`ollama serve` on a free port: host:port and its log."""
    home = tmp_path_factory.mktemp("ollama")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    environ = {
        **os.environ,
        "OLLAMA_HOST": host,
        "OLLAMA_MODELS": str(home / "models"),
        "HOME": str(home),
        "OLLAMA_NUM_PARALLEL": "2",
        "OLLAMA_NO_CLOUD": "1",
    }
    log = home / "serve.log"
    with (
        log.open("wb") as output,
        subprocess.Popen([ollama_program, "serve"], env=environ, stdout=output, stderr=output) as server,
    ):
        try:
            _wait(host, server, log)
            yield host, log
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def live(live_host: tuple[str, Path], ollama_program: str, tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The server with the demo model in it."""
    host, log = live_host
    try:
        gguf = demo_model(tmp_path_factory.mktemp("cache"))
    except BackendError as error:
        pytest.skip(f"{error}: {error.hint}")
    seen: list[Progress] = []

    async def bring() -> str:
        admin = OllamaAdmin(host)
        try:
            return await admin.import_file(
                gguf, MODEL, template=TEMPLATE, stop=("<end_of_turn>",), parameters=PARAMETERS, shown=seen.append
            )
        finally:
            await admin.close()

    digest = asyncio.run(bring())
    return Live(host, ollama_program, MODEL, gguf, digest, tuple(seen), log)


@pytest.fixture
async def backend(live: Live) -> AsyncIterator[OllamaBackend]:
    opened = OllamaBackend(live.host)
    yield opened
    await opened.close()


def _wait(host: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    name, _, port = host.partition(":")
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"ollama serve ended with {server.returncode}: {log.read_text(errors='replace')[-2000:]}")
        try:
            socket.create_connection((name, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"ollama serve did not listen within {_PATIENCE:.0f} s")
