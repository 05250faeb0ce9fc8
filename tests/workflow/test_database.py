# The interrupt comes where Python runs a signal's handler: right after SQLite has done what it was asked.
# pyright: reportPrivateUsage=false

import os
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import cast

import pytest

from translator.store import Store, database
from translator.store.errors import StoreBusyError
from translator.testing.instant import InstantServer
from translator.workflow.database import opened
from translator.workflow.errors import InputError, UsageError
from translator.workflow.jobs import remove_job
from translator.workflow.options import InputOptions, JobOptions, Kind, OutputOptions, ServerOptions
from translator.workflow.run import translate
from translator.workflow.scan import scan


def test_a_file_that_is_no_database_is_an_input_that_cannot_be_read(tmp_path: Path) -> None:
    db = tmp_path / "x.db"
    db.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    book = tmp_path / "book.txt"
    book.write_text("朝が来た。\n", encoding="utf-8")
    with pytest.raises(InputError), opened(db):
        pass
    with pytest.raises(InputError):
        scan(InputOptions(path=book), ServerOptions(), db=db, on_event=lambda _event: None)


def test_a_job_that_runs_is_not_removed(tmp_path: Path, server: InstantServer) -> None:
    job, db = _translated(tmp_path, server)
    with Store.open(db) as store, store.lock(job), pytest.raises(UsageError):
        remove_job(db, job)
    assert remove_job(db, job).job == job


def test_a_scan_takes_the_speed_that_a_job_has_measured_for_the_family(tmp_path: Path, server: InstantServer) -> None:
    _, db = _translated(tmp_path, server)
    report = scan(InputOptions(path=tmp_path / "book.txt"), ServerOptions(), db=db, on_event=lambda _event: None)
    assert report.speed_from == "measured by an earlier job"


def test_a_scan_adds_up_the_speeds_of_the_servers_that_are_named(tmp_path: Path) -> None:
    db, book = tmp_path / "t.db", tmp_path / "book.txt"
    book.write_text("朝が来た。\n", encoding="utf-8")
    with Store.open(db) as store:
        for name, speed in (("ollama http://a:11434", 30.0), ("openai http://b/v1", 50.0), ("ollama http://c:1", 99.0)):
            store.remember_server(name, "sakura", tokens_per_second=speed)
    for hosts, speed in ((("a", "http://b/v1"), 80.0), (("a", "http://b/v1#other"), 30.0), (("d",), 99.0)):
        server = ServerOptions(hosts=hosts)
        report = scan(InputOptions(path=book), server, db=db, on_event=lambda _event: None)
        assert report.tokens_per_second == speed, hosts


def _translated(tmp_path: Path, server: InstantServer) -> tuple[str, Path]:
    """A finished job, asked of the family `sakura`, and its database."""
    db, book = tmp_path / "t.db", tmp_path / "book.txt"
    book.write_text("朝が来た。\n山路を登った。\n", encoding="utf-8")
    options = JobOptions(
        input=InputOptions(path=book, kind=Kind.NOVEL),
        server=ServerOptions(hosts=(server.host,)),
        output=OutputOptions(),
        db=db,
    )
    return translate(options, on_event=lambda _event: None).job, db


class InterruptedAfter:
    """A connection of SQLite's that is interrupted right after one statement."""

    def __init__(self, inner: sqlite3.Connection, statement: str) -> None:
        self._inner = inner
        self._statement = statement

    def execute(self, sql: str, parameters: tuple[object, ...] = ()) -> sqlite3.Cursor:
        cursor = self._inner.execute(sql, parameters)
        if sql == self._statement:
            raise KeyboardInterrupt
        return cursor

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store.db") as opened:
        yield opened


def edits(store: Store) -> int:
    return len(store.edits("p"))


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "COMMIT"])
def test_an_interrupt_right_after_a_transaction_began_or_ended_leaves_none_open(statement: str, store: Store) -> None:
    real = store._quick._sqlite
    store._quick._sqlite = cast("sqlite3.Connection", InterruptedAfter(real, statement))
    with pytest.raises(KeyboardInterrupt):
        store.remember_server("a", "m", slots=4)
    assert not real.in_transaction
    store.hurry()
    began = time.monotonic()
    store.put_edit("p", "k", "s", "t")
    assert time.monotonic() - began < 0.9, "it waited for the other connection's transaction"


def test_an_interrupt_inside_a_transaction_waits_for_its_end(store: Store) -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), store._durable.transaction():  # noqa: PT012 - it is raised at the end
        store.interrupt()
        store.put_edit("p", "k", "s", "t")
        reached = True
    assert reached
    assert edits(store) == 1
    with pytest.raises(KeyboardInterrupt):
        store.interrupt()
    store.put_edit("p", "k", "s", "u")


def test_an_interrupt_while_another_thread_is_in_a_transaction_comes_at_once(store: Store) -> None:
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with store._durable.transaction():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(KeyboardInterrupt):
        store.interrupt()
    leave.set()
    thread.join()


@pytest.fixture
def other(store: Store) -> Iterator[sqlite3.Connection]:
    """Another program that writes to the database and does not let go."""
    with closing(sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process")
def test_an_interrupt_is_heard_while_another_program_holds_the_database(
    store: Store, other: sqlite3.Connection
) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        store.interrupt()

    before = signal.signal(signal.SIGINT, handle)
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            store.put_edit("p", "k", "s", "t")
        assert time.monotonic() - began < 3
    finally:
        signal.signal(signal.SIGINT, before)
    other.execute("ROLLBACK")
    assert edits(store) == 0
    store.put_edit("p", "k", "s", "t")


def test_a_program_that_holds_the_database_for_long_is_told_of_and_waited_for(
    store: Store, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WORTH_TELLING", 0.1)
    told: list[bool] = []

    def let_go() -> None:
        told.append(True)
        threading.Timer(0.3, other.execute, ("ROLLBACK",)).start()

    store.wait_long(let_go)
    store.put_edit("p", "k", "s", "t")
    assert told == [True]
    assert edits(store) == 1


@pytest.mark.usefixtures("other")
def test_who_is_in_a_hurry_waits_no_longer_in_any_thread(store: Store) -> None:
    ended: list[BaseException | None] = []

    def write() -> None:
        try:
            store.put_edit("p", "k", "s", "t")
        except StoreBusyError as error:
            ended.append(error)

    thread = threading.Thread(target=write)
    began = time.monotonic()
    thread.start()
    time.sleep(0.3)
    store.hurry()
    thread.join(10)
    assert len(ended) == 1
    assert time.monotonic() - began < 5
