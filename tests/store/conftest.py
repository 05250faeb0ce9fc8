import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from translator.core.segment import Role
from translator.core.work import Unit
from translator.store import Store
from translator.store.rows import BatchRow, JobRow, SegmentRow, UnitRow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ユーザー data" / "translate.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def new_job() -> Callable[..., JobRow]:
    """Create a job in a store and begin its first run."""

    def create(store: Store, *, input: str = "/game", output: str = "/game.zh-CN") -> JobRow:  # noqa: A002 - the row's
        job = store.create_job(
            kind="game", input=input, output=output, source_language="ja", target_language="zh-CN", model="sakura",
            recipe='{"model": "sakura"}', recipe_digest="d1", options="{}", program_version="0.1.0", server="",
        )  # fmt: skip
        return store.begin_run(job.id)

    return create


@pytest.fixture
def row() -> Callable[[str], UnitRow]:
    """A unit of dialogue whose hash is its source's."""

    def make(source: str) -> UnitRow:
        name = hashlib.blake2b(source.encode(), digest_size=16).digest()
        return UnitRow(name, source, Role.DIALOGUE, "Map001#1", "rpgmaker_mv", speaker="アリス")

    return make


@pytest.fixture
def read_in(row: Callable[[str], UnitRow]) -> Callable[..., list[int]]:
    """Store a document whose segments have these sources; the segments' units."""

    def read(store: Store, job: JobRow, sources: list[str], *, ordinal: int = 0) -> list[int]:
        rows = [row(source) for source in sources]
        ids = store.add_units(job, rows)
        segments = [SegmentRow(f"events/{n}", ids[unit.hash]) for n, unit in enumerate(rows)]
        store.replace_document(
            job, segments, ordinal=ordinal, path=f"data/Map{ordinal:03}.json", format="rpgmaker_mv", digest="as read"
        )
        return [segment.unit for segment in segments]

    return read


@pytest.fixture
def batch_up() -> Callable[..., None]:
    """Pin the unbatched units of a job in batches of `size`."""

    def batch(store: Store, job: JobRow, size: int) -> None:
        units: list[Unit] = list(store.unbatched_units(job))
        groups = [units[start : start + size] for start in range(0, len(units), size)]
        first = store.next_batch(job)
        store.assign_batches(
            job,
            (
                BatchRow(first + n, group[0].scene, first + n - 1 if n else None, [unit.id for unit in group])
                for n, group in enumerate(groups)
            ),
        )

    return batch


@pytest.fixture
def start_python() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Run a script in a process of its own; killed at the end if it still runs."""
    running: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: object) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", script, *map(str, arguments)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()
