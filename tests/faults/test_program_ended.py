"""Signals, a full disk, a clock that is set back, and two jobs at once: what the program itself may meet."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from translator.core.jsonvalue import as_object, get_int, get_list, get_str
from translator.engine.run import RunLimits
from translator.testing.ollama_server import answer
from translator.testing.served import Served
from translator.testing.simulated import Simulated

Process = subprocess.Popen[str]
Start = Callable[..., Simulated]
Asked = Callable[[Sequence[Served]], Counter[str]]
Filled = Callable[..., tuple[dict[str, object], dict[str, object], set[object], Counter[str]]]
"""What was when the disk was full, and in the end; the texts that were stored then, and those asked after it."""
FULL_DISK = Path(__file__).with_name("full_disk.py")

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    def count(self, name: str) -> int:
        """A number of the summary."""
        ...


class Job(Protocol):
    """A novel to be translated: see conftest.py."""

    book: Path
    out: Path
    db: Path
    start: Callable[..., Process]
    run: Callable[..., Ended]
    end: Callable[[Process], Ended]
    wait_for: Callable[..., None]
    settled: Callable[[], set[str]]
    rows: Callable[[str], list[tuple[object, ...]]]
    assert_sound: Callable[[], None]
    assert_done: Callable[[Ended], None]


@unix
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 130), ("SIGHUP", 130), ("SIGKILL", -9)])
def test_a_signal_in_the_middle_loses_nothing_that_was_stored(
    name: str, status: int, job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server("--faults", "all", "--seed", 2)
    process = job.start(server.host, stall=0.3)
    job.wait_for(process, "memory")
    process.send_signal(signal.Signals[name])
    ended = job.end(process)
    assert ended.status == status, ended.err
    job.assert_sound()
    assert not job.out.exists()
    stored, before = job.settled(), len(server.served())
    last = job.run(server.host, stall=0.3)
    job.assert_done(last)
    again = asked(server.served()[before:])
    assert stored
    assert again
    assert not stored & again.keys()


@unix
def test_batches_in_flight_are_given_their_time_and_no_more(job: Job, start_server: Start, asked: Asked) -> None:
    assert RunLimits().grace == 10.0
    slow = start_server("--decode", 20, name="slow")
    process = job.start(slow.host, limits={"grace": 1.0})
    job.wait_for(process, "batches")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    ended = job.end(process)
    assert 0.9 <= time.monotonic() - began < 5
    assert ended.status == 130, ended.err
    # It took its requests back, so that the server is free again.
    for _ in range(100):
        if slow.served():
            break
        time.sleep(0.02)
    assert {one.aborted for one in slow.served()} == {True}
    job.assert_sound()
    assert job.settled() == set()
    quick = start_server("--decode", 2_000, name="quick")
    last = job.run(quick.host)
    job.assert_done(last)
    assert last.status == 0
    assert set(asked(quick.served()).values()) == {1}


def in_a_namespace() -> str:
    """Why no small disk of one's own can be had here; empty where it can."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return "only Linux has namespaces in which an ordinary user may mount a small disk"
    tried = subprocess.run(
        ["unshare", "-Urm", "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/tmp"],  # noqa: S108 - only in there
        check=False,
        capture_output=True,
        text=True,
    )
    return "" if tried.returncode == 0 else f"this system lets no ordinary user mount a disk: {tried.stderr.strip()}"


@pytest.fixture
def filled(job: Job, start_server: Start, asked: Asked, tmp_path: Path) -> Filled:
    """Let a disk fill up while the job runs that has the database or the output on it."""
    if why := in_a_namespace():
        pytest.skip(why)
    server = start_server()
    disk = tmp_path / "disk"
    disk.mkdir()

    def run(*, db: bool) -> tuple[dict[str, object], dict[str, object], set[object], Counter[str]]:
        places = (disk / "db", job.out) if db else (job.db, disk / "out")
        command = [*("unshare", "-Urm", sys.executable, FULL_DISK), disk, job.book, *places, server.host, server.log]
        done = subprocess.run([str(word) for word in command], check=False, capture_output=True, text=True, timeout=90)
        assert done.returncode == 0, done.stderr
        told = as_object(json.loads(done.stdout))
        full, last = as_object(told["full"]), as_object(told["last"])
        assert full["status"] == 4, full
        assert full["integrity"] == last["integrity"] == "ok"
        assert (last["status"], last["pending"]) == (0, 0), last
        lines = {path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(job.book.iterdir())}
        whole = {name: "".join(f"{answer(line)}\n" for line in source) for name, source in lines.items()}
        assert last["files"] == whole
        return full, last, set(get_list(told, "stored")), asked(server.served()[get_int(told, "served") :])

    return run


def test_a_full_disk_ends_the_run_and_the_next_one_goes_on_when_there_is_room(filled: Filled) -> None:
    full, _, stored, again = filled(db=True)
    assert "no room left" in get_str(full, "err")
    assert full["files"] == {}
    assert get_int(full, "pending") > 0
    assert stored
    assert again
    assert not stored & again.keys()


def test_an_output_that_has_no_room_ends_the_run_with_all_stored_and_no_half_a_file(filled: Filled) -> None:
    full, last, _, again = filled(db=False)
    assert "cannot write it: No space left" in get_str(full, "err")
    assert "Everything translated is stored" in get_str(full, "err")
    assert full["pending"] == 0
    there = as_object(full["files"])
    assert there.items() <= as_object(last["files"]).items()
    assert not again


@contextmanager
def held(job: Job) -> Generator[Callable[[], object]]:
    """Another program that holds the job's database, until it is told to let go."""
    with closing(sqlite3.connect(job.db, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield lambda: connection.execute("ROLLBACK")


def test_another_program_that_holds_the_database_for_a_while_is_told_of_and_waited_for(
    job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server()
    process = job.start(server.host)
    job.wait_for(process, "memory")
    with held(job) as let_go:
        time.sleep(4.5)
        assert process.poll() is None
        let_go()
    ended = job.end(process)
    job.assert_done(ended)
    assert ended.status == 0
    assert "Another program is writing to the database" in ended.err
    assert set(asked(server.served()).values()) == {1}


def test_another_program_that_holds_the_database_for_good_ends_the_run_which_says_what_is_stored(
    job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server()
    process = job.start(server.host, wait=1.0, limits={"grace": 0.5})
    job.wait_for(process, "memory")
    with held(job) as let_go:
        ended = job.end(process)
        let_go()
    assert ended.status == 4, ended.err
    assert "the latest will be asked for again" in ended.err
    job.assert_sound()
    stored, before = job.settled(), len(server.served())
    last = job.run(server.host)
    job.assert_done(last)
    assert stored
    assert not stored & asked(server.served()[before:]).keys()


@unix
@pytest.mark.parametrize("signals", [1, 2])
def test_a_signal_is_heard_while_another_program_holds_the_database(
    signals: int, job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server()
    process = job.start(server.host, limits={"grace": 2.0 if signals == 1 else 60.0})
    job.wait_for(process, "memory")
    with held(job) as let_go:
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        if signals > 1:
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
        ended = job.end(process)
        assert time.monotonic() - began < 10
        let_go()
    assert ended.status == 130, ended.err
    assert "asked for again" in ended.err
    assert "exception" not in ended.err.lower()
    job.assert_sound()
    stored, before = job.settled(), len(server.served())
    last = job.run(server.host)
    job.assert_done(last)
    assert last.status == 0
    assert not stored & asked(server.served()[before:]).keys()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a process that runs already")
def test_a_write_that_the_system_refuses_ends_the_run_and_the_next_one_goes_on(
    job: Job, start_server: Start, asked: Asked
) -> None:
    import resource  # noqa: PLC0415 - Windows has none

    server = start_server()
    process = job.start(server.host)
    job.wait_for(process, "memory")
    size = job.db.with_name(f"{job.db.name}-wal").stat().st_size
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))
    ended = job.end(process)
    assert ended.status == 4, ended.err + ended.out
    assert str(job.db) in ended.out + ended.err
    job.assert_sound()
    stored, before = job.settled(), len(server.served())
    last = job.run(server.host)
    job.assert_done(last)
    assert last.status == 0
    assert stored
    assert not stored & asked(server.served()[before:]).keys()


def test_a_clock_that_is_set_back_by_a_day_disturbs_nothing(job: Job, start_server: Start, tmp_path: Path) -> None:
    server = start_server()
    back = tmp_path / "back"
    process = job.start(server.host, back=str(back))
    job.wait_for(process, "memory")
    back.touch()
    ended = job.end(process)
    job.assert_done(ended)
    assert ended.status == 0
    assert float(str(as_object(json.loads(ended.out))["seconds"])) >= 0
    ((created, updated, finished),) = job.rows("SELECT created, updated, finished FROM jobs")
    assert float(str(created)) <= float(str(finished)) <= float(str(updated))
    told = [created for (created,) in job.rows("SELECT created FROM attempts ORDER BY created")]
    assert float(str(told[-1])) - float(str(told[0])) > 80_000, "the clock was not set back in the middle"
    assert job.rows("SELECT seconds FROM attempts WHERE seconds < 0") == []
    assert max(Counter(one.text for one in server.served()).values()) == 1
    assert job.run(server.host).count("requests") == 0


def test_two_jobs_at_once_share_a_database_and_a_server_with_faults(
    new_job: Callable[..., Job], start_server: Start, tmp_path: Path
) -> None:
    server = start_server("--slots", 4, "--decode", 2_000, "--faults", "all", "--seed", 5)
    db = tmp_path / "shared.db"
    jobs = [new_job(chapters=3, first=first, db=db) for first in (0, 1000)]
    started = [job.start(server.host, "--parallel", "2", stall=0.3) for job in jobs]
    for job, process in zip(jobs, started, strict=True):
        job.assert_done(job.end(process))
    assert jobs[0].rows("SELECT count(*) FROM jobs") == [(2,)]
    for job in jobs:
        assert job.run(server.host, stall=0.3).count("from_memory") >= 58
