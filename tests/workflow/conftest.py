import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from translator.testing.instant import InstantServer, instant_server

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
