from pathlib import Path

import pytest

from translator.store import Store
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
