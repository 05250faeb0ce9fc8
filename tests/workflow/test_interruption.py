"""Ctrl-C and its relatives, and two runs at once."""

import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep, time
from typing import Protocol

import pytest

from translator.core.jsonvalue import as_object
from translator.testing.instant import InstantServer
from translator.workflow import output

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...

    def count(self, name: str) -> int:
        """A number of it."""
        ...


Program = Callable[..., Ended]
FOREVER_MS = 120_000


def start(*arguments: str | Path, quiet: bool = True) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "translator.cli", *map(str, arguments), "--json", *(["--quiet"] if quiet else [])]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def count(db: Path, table: str) -> int:
    if not db.exists():
        return 0
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        try:
            ((number,),) = connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        except sqlite3.OperationalError:
            return 0  # not made yet
    return int(number)


def wait_for(process: "subprocess.Popen[str]", db: Path, table: str) -> None:
    """Until the run has stored something of this kind."""
    while not count(db, table):
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_the_batches_in_flight_end(
    number: signal.Signals, game: Path, tmp_path: Path, start_server: Callable[..., InstantServer]
) -> None:
    server = start_server(delay_ms=40, slots=2)
    db = tmp_path / "db"
    maps = ("--include", "Map00*.json")
    process = start("game", game, "--host", server.host, "--model", "sakura", "--db", db, *maps)
    wait_for(process, db, "memory")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    said = as_object(json.loads(out))
    assert "translate resume" in str(said["hint"])
    assert "Traceback" not in err
    assert not game.with_name("MyGame.zh-CN").exists()
    begun = len(server.asked())
    assert begun > 0

    resumed = start("resume", "--db", db)
    out, err = resumed.communicate(timeout=60)
    assert resumed.returncode == 0, err
    # Every text was asked once: the batches in flight at the signal were stored.
    assert as_object(json.loads(out))["retries"] == 0
    assert begun < len(server.asked()) == len(set(server.asked()))


def test_the_second_signal_stops_at_once(
    game: Path, tmp_path: Path, start_server: Callable[..., InstantServer]
) -> None:
    server = start_server(delay_ms=FOREVER_MS)
    db = tmp_path / "db"
    command = ("game", game, "--model", "sakura", "--db", db)
    process = start(*command, "--host", server.host, quiet=False)
    wait_for(process, db, "batches")
    sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    began = monotonic()
    while "Finishing the requests in flight (10 s at most)" not in (line := process.stderr.readline()):
        assert line, "it ended"
    assert monotonic() - began < 5
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)  # those in flight may still end
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert process.returncode == 130, err
    assert "translate resume" in out
    assert "Traceback" not in err
    assert_sound(db)
    last = start(*command, "--host", start_server().host)
    out, err = last.communicate(timeout=60)
    assert last.returncode == 0, err
    assert as_object(json.loads(out))["failed"] == 0
    assert_sound(db)


@pytest.fixture
def deaf() -> Iterator[None]:
    """A signal that comes when no job runs any more does not end the tests."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("deaf")
# An interrupt between the opening of a file and its `with` leaves the closing to the end of the frame.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_at_any_moment_of_reading_and_writing_stops_at_once_and_leaves_all_whole(
    pseudo: Program, tmp_path: Path, tree: Callable[[Path], dict[str, bytes]]
) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for chapter in range(12):
        lines = (f"第{chapter}章の{number}番目の鐘が鳴った。\n" for number in range(20))
        (book / f"{chapter:02}.txt").write_text("".join(lines), encoding="utf-8")
    calm, db, out = tmp_path / "calm", tmp_path / "db", tmp_path / "out"
    whole = 0.0
    for number in range(2):  # the first one imports what it needs
        began = monotonic()
        assert pseudo("novel", book, "--db", tmp_path / f"calm{number}.db", "--out", calm, "--force").status == 0
        whole = monotonic() - began
    command = ("novel", book, "--db", db, "--out", out)
    chance = random.Random(20261128)  # noqa: S311 - moments, no secrets
    statuses: Counter[int] = Counter()
    for _ in range(30):
        signalled = threading.Timer(chance.uniform(0, whole), os.kill, (os.getpid(), signal.SIGINT))
        signalled.start()
        began = monotonic()
        ended = pseudo(*command)
        took = monotonic() - began
        signalled.join()
        statuses[ended.status] += 1
        assert took < whole + 5, "it waited for its own lock"
        if ended.status == 0:  # what is read and written already is passed over: begin anew
            assert tree(out) == tree(calm)
            shutil.rmtree(out)
            db.unlink()
        assert_sound(db)
    assert set(statuses) <= {0, 130}, statuses
    assert statuses[130] >= 5, statuses
    assert pseudo(*command).status == 0
    assert tree(out) == tree(calm)


def assert_sound(db: Path) -> None:
    if db.exists():
        with closing(sqlite3.connect(db)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_signal_before_anything_was_asked_says_so(tmp_path: Path, game: Path) -> None:
    with closing(silent_port()) as listening:
        process = start(
            "game", game, "--host", f"http://127.0.0.1:{listening.getsockname()[1]}", "--db", tmp_path / "db"
        )
        connection, _ = listening.accept()
        with closing(connection):
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=10)
    assert process.returncode == 130, err
    assert "resume" not in out


def test_what_a_killed_run_left_of_a_file_is_removed_and_nothing_else(
    pseudo: Program, game: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ("game", game, "--db", tmp_path / "db", "--out", out)
    assert pseudo(*command).status == 0
    left = [out / "data" / ".translate-d5w2o77_", out / ".translate-0123456789abcdef"]  # as versions have named them
    others = [out / ".translate-notes.txt", out / "data" / "translate-d5w2o77_"]
    for path in (*left, *others):
        path.write_text("half", encoding="utf-8")
    folder = out / ".translate-a123456a"
    folder.mkdir()
    assert pseudo(*command).status == 0
    assert [path.exists() for path in left] == [False, False]
    assert all(path.exists() for path in (*others, folder))


def test_beside_a_single_file_only_what_nobody_is_writing_any_more_is_removed(pseudo: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_text("朝が来た。\n", encoding="utf-8")
    left, fresh = (tmp_path / f".translate-{digit * 16}" for digit in "01")
    for path in (left, fresh):
        path.touch()
    os.utime(left, (time() - 60, time() - 60))
    assert pseudo("novel", book, "--db", tmp_path / "db").status == 0
    assert (left.exists(), fresh.exists()) == (False, True)


def test_what_a_killed_run_left_in_a_copy_of_a_game_is_removed(pseudo: Program, game: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    left = out / "img" / "deep" / ".translate-0123456789abcdef"
    left.parent.mkdir(parents=True)
    left.touch()
    assert pseudo("game", game, "--db", tmp_path / "db", "--out", out, "--copy").status == 0
    assert not left.exists()


def test_a_copy_that_is_interrupted_does_not_stand_at_its_place(
    pseudo: Program, game: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    (game / "save").mkdir()
    saved = game / "save" / "file1.rpgsave"  # a file that the game writes is copied, never linked
    saved.write_bytes(bytes(1000))

    def half(origin: Path, place: Path) -> None:
        place.write_bytes(origin.read_bytes()[:500])
        raise KeyboardInterrupt

    command = ("game", game, "--db", tmp_path / "db", "--out", out, "--copy")
    with monkeypatch.context() as patched:
        patched.setattr(output.shutil, "copy2", half)
        assert pseudo(*command).status == 130
    assert list((out / "save").iterdir()) == []
    assert pseudo(*command).status == 0
    assert (out / "save" / saved.name).read_bytes() == bytes(1000)


def by_itself(prelude: str) -> "subprocess.CompletedProcess[str]":
    """The program as it is installed, in a process where something was done before."""
    code = f"import atexit, os, signal, sys, threading, time\n{prelude}\nfrom translator.cli import main\nmain()"
    return subprocess.run([sys.executable, "-c", code, "--version"], check=False, capture_output=True, text=True)


def test_a_signal_while_the_program_is_being_loaded_ends_it_without_a_word() -> None:
    ended = by_itself(
        "class Interrupted:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'translator.cli.app':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())"
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


@pytest.mark.parametrize(
    "late",
    [
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)",
        (
            "def late():\n"
            "    threading.main_thread().join()\n"
            "    time.sleep(0.5)\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "    time.sleep(30)\n"
            "threading.Thread(target=late).start()"
        ),
    ],
    ids=["at the very end", "while a thread holds the end up"],
)
def test_a_signal_after_all_was_said_changes_nothing(late: str) -> None:
    began = monotonic()
    ended = by_itself(late)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
    assert monotonic() - began < 20


def test_a_second_run_of_the_same_job_is_refused(
    program: Program, game: Path, tmp_path: Path, start_server: Callable[..., InstantServer]
) -> None:
    server = start_server(delay_ms=FOREVER_MS)
    db = tmp_path / "db"
    command = ("game", game, "--host", server.host, "--db", db)
    first = start(*command, "--model", "sakura")
    try:
        wait_for(first, db, "batches")
        for arguments in (
            (*command, "--model", "sakura"),
            (*command, "--model", "sakura", "--num-ctx", "1024"),
            ("resume", "--db", db),
        ):
            refused = program(*arguments)
            assert refused.status == 2
            assert f"process {first.pid}" in refused.err
        assert count(db, "jobs") == 1
        with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
            ((status, runs),) = connection.execute("SELECT status, runs FROM jobs")
        assert (status, runs) == ("open", 1)
    finally:
        first.kill()
        first.communicate()


def test_two_runs_that_begin_a_job_at_once_are_one_job(
    game: Path, tmp_path: Path, start_server: Callable[..., InstantServer]
) -> None:
    server = start_server(delay_ms=20)
    db = tmp_path / "db"
    command = ("game", game, "--host", server.host, "--model", "sakura", "--db", db)
    both = [start(*command) for _ in range(2)]
    ended = [process.communicate(timeout=60) for process in both]
    assert sorted(process.returncode for process in both) in ([0, 2], [0, 0]), ended
    assert count(db, "jobs") == 1


def test_two_jobs_at_once_share_a_database(
    game: Path, tmp_path: Path, start_server: Callable[..., InstantServer]
) -> None:
    server = start_server(delay_ms=5)
    db = tmp_path / "db"
    command = ("game", game, "--host", server.host, "--model", "sakura", "--db", db)
    outs = (tmp_path / "one", tmp_path / "two")
    both = [start(*command, "--out", out) for out in outs]
    for process in both:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    first, second = (
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} for out in outs
    )
    assert first == second
    assert count(db, "jobs") == 2


def silent_port() -> socket.socket:
    """A port that takes connections and never says anything."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    listening.settimeout(30)  # a program that ended before it came would be waited for without end
    return listening
