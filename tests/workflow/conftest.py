import asyncio
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from translator.cli.app import run
from translator.core.jsonvalue import as_object
from translator.testing.instant import InstantServer, instant_server
from translator.testing.scripted_server import ScriptedServer, scripted_server

SAMPLE_GAME = Path(__file__).parents[2] / "samples" / "rpgmaker_mv"


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., InstantServer]]:
    """Start a server with some delay before each answer (ms) and so many answers at once."""
    with ExitStack() as running:
        started: list[InstantServer] = []

        def start(delay_ms: float = 0, slots: int = 0) -> InstantServer:
            log = tmp_path / f"server-{len(started)}.jsonl"
            started.append(running.enter_context(instant_server(log, delay_ms=delay_ms, slots=slots)))
            return started[-1]

        yield start


@pytest.fixture
def server(start_server: Callable[..., InstantServer]) -> InstantServer:
    return start_server()


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A server that answers as it is told, in a thread of its own: what is tested here runs its own event loop."""
    ready = threading.Event()
    found: list[tuple[ScriptedServer, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with scripted_server() as server:
            end = asyncio.Event()
            found.append((server, asyncio.get_running_loop(), end))
            ready.set()
            await end.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10), "the server did not start"
    server, loop, end = found[0]
    yield server
    loop.call_soon_threadsafe(end.set)
    thread.join()


@pytest.fixture
def game(tmp_path: Path) -> Path:
    """A copy of the sample game."""
    root = tmp_path / "MyGame"
    shutil.copytree(SAMPLE_GAME, root)
    return root


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """All files of a folder by their paths."""

    def read(folder: Path) -> dict[str, bytes]:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return read


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        return as_object(json.loads(self.out))

    def count(self, name: str) -> int:
        """A number of the summary."""
        value = self.summary[name]
        assert isinstance(value, int)
        return value


Program = Callable[..., Ended]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and an environment in which nobody has decided anything."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("TRANSLATE_", "OLLAMA_", "OPENAI_", "XDG_")):
            monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str], home: Path) -> Program:
    """Run the program in this process, its database in the home folder. It never shows a traceback."""

    def started(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        database = () if "--db" in arguments or "demo" in arguments else ("--db", str(home / "db"))
        status = run([*map(str, arguments), *database])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        assert "should not happen" not in captured.err
        return Ended(status, captured.out, captured.err)

    return started


@pytest.fixture
def pseudo(program: Program) -> Program:
    """Translate with the backend that needs no model."""

    def started(*arguments: str | Path) -> Ended:
        return program(*arguments, "--backend", "pseudo", "--json", "--quiet")

    return started


@pytest.fixture
def asking(program: Program, server: InstantServer) -> Program:
    """Translate with the instant server."""

    def started(*arguments: str | Path) -> Ended:
        return program(*arguments, "--host", server.host, "--model", "sakura", "--json", "--quiet")

    return started
