# Limits that a full disk sets are set on the connection; rows are counted by SQL.
# pyright: reportPrivateUsage=false

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from platformdirs import user_data_path
from sqlite_utils import Database

from translator.core.segment import Role
from translator.store import Store, database, default_path
from translator.store.errors import NewerStoreError, StoreBusyError, StoreDamagedError, StoreError, StoreFullError
from translator.store.rows import JobRow, UnitRow
from translator.store.schema import KNOWN, SCHEMA

NewJob = Callable[..., JobRow]
ReadIn = Callable[..., list[int]]

# A database as version 1 left it: its layout is written down here, so that it stays what it was.
VERSION_1 = """
CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set TEXT, name TEXT, applied_at TEXT);
INSERT INTO _sqlite_migrations VALUES (1, 'translator', 'm0001_jobs_and_memory', '2026-11-24 00:00:00+00:00');
CREATE TABLE recipes (number INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, recipe TEXT NOT NULL);
INSERT INTO recipes VALUES (1, 'd1', '{}');
CREATE TABLE jobs (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    input TEXT NOT NULL, output TEXT NOT NULL, source_language TEXT NOT NULL, target_language TEXT NOT NULL,
    model TEXT NOT NULL, recipe INTEGER NOT NULL REFERENCES recipes(number), glossary_digest TEXT NOT NULL DEFAULT '',
    options TEXT NOT NULL, program_version TEXT NOT NULL, server TEXT NOT NULL, status TEXT NOT NULL,
    runs INTEGER NOT NULL DEFAULT 0, created REAL NOT NULL, updated REAL NOT NULL, finished REAL);
INSERT INTO jobs VALUES (1, '0123abcd', 'game', '/g', '/g.zh-CN', 'ja', 'zh-CN', 'sakura', 1, '', '{}', '0.1.0', '',
    'open', 1, 1.0, 2.0, NULL);
CREATE TABLE documents (number INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, digest TEXT NOT NULL,
    segments INTEGER NOT NULL, notices TEXT, UNIQUE (job, ordinal));
INSERT INTO documents VALUES (1, 1, 0, 'data/Map001.json', 'rpgmaker_mv', 'x', 1, NULL);
CREATE TABLE batches (job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE, id INTEGER NOT NULL,
    after INTEGER, scene TEXT NOT NULL, units TEXT NOT NULL, PRIMARY KEY (job, id)) WITHOUT ROWID;
CREATE TABLE units (id INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
    state INTEGER NOT NULL, flagged INTEGER NOT NULL, from_memory INTEGER NOT NULL, run INTEGER NOT NULL,
    batch INTEGER, hash BLOB NOT NULL, role TEXT NOT NULL, format TEXT NOT NULL, scene TEXT NOT NULL, speaker TEXT,
    source TEXT NOT NULL, target TEXT, findings TEXT, notes TEXT, limits TEXT, glossary TEXT, UNIQUE (job, hash));
INSERT INTO units VALUES (4294967297, 1, 1, 0, 0, 1, NULL, x'00ff', 'dialogue', 'rpgmaker_mv', '', NULL, 'あ', '啊',
    NULL, NULL, NULL, NULL);
CREATE INDEX units_pending ON units (job, batch) WHERE state = 0;
CREATE INDEX units_failed ON units (job) WHERE state = 3;
CREATE TABLE segments (document INTEGER NOT NULL REFERENCES documents(number) ON DELETE CASCADE,
    position INTEGER NOT NULL, unit INTEGER NOT NULL REFERENCES units(id), flagged INTEGER NOT NULL DEFAULT 0,
    key TEXT NOT NULL, output TEXT, findings TEXT, PRIMARY KEY (document, position)) WITHOUT ROWID;
INSERT INTO segments VALUES (1, 0, 4294967297, 0, 'events/1', NULL, NULL);
CREATE INDEX segments_unit ON segments (unit);
CREATE TABLE attempts (number INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs(number) ON DELETE CASCADE,
    batch INTEGER NOT NULL, attempt INTEGER NOT NULL, created REAL NOT NULL, host TEXT NOT NULL,
    prompt_hash TEXT NOT NULL, sampling TEXT NOT NULL, stop TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL, seconds REAL NOT NULL, units TEXT NOT NULL, findings TEXT, reply TEXT NOT NULL);
CREATE INDEX attempts_batch ON attempts (job, batch);
CREATE TABLE memory (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,
    recipe INTEGER NOT NULL REFERENCES recipes(number), created REAL NOT NULL, source TEXT NOT NULL,
    target TEXT NOT NULL);
INSERT INTO memory VALUES (1, x'00ff', 1, 1.0, 'あ', '啊');
"""


def layout(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    tables = connection.execute(
        'SELECT m.name, c.name, c.type, c.pk, c."notnull" FROM sqlite_master m, pragma_table_info(m.name) c'
        " WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlite%' ESCAPE '\\' ORDER BY 1, 2"
    ).fetchall()
    connection.close()
    return tables


def test_a_new_database_is_made_with_its_folders(path: Path) -> None:
    with Store.open(path) as store:
        assert store.jobs() == []
    assert path.is_file()


def test_without_a_path_the_users_own_database_is_meant() -> None:
    assert default_path() == user_data_path("honyaku", appauthor=False) / "translate.db"


def test_every_migration_is_known_by_name() -> None:
    assert tuple(m.name for m in SCHEMA.pending(Database(memory=True))) == KNOWN


def test_a_database_of_version_1_keeps_all_it_had(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path)
    old.executescript(VERSION_1)
    old.close()
    with Store.open(path) as store:
        job = store.job("0123")
        assert (job.input, job.recipe_digest, job.created, job.updated) == ("/g", "d1", 1.0, 2.0)
        assert [(r.key, r.source, r.target) for r in store.results(job, 0)] == [("events/1", "あ", "啊")]
        assert store.recall([b"\x00\xff"]) == {b"\x00\xff": "啊"}
        store.put_edit("p", "k", "s", "t")
        assert store.begin_run(job.id).runs == 2
    Store.open(tmp_path / "new.db").close()
    assert layout(path) == layout(tmp_path / "new.db")


def test_a_database_of_a_newer_program_is_refused(path: Path) -> None:
    Store.open(path).close()
    newer = sqlite3.connect(path)
    newer.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('translator', 'm0099_later')")
    newer.commit()
    newer.close()
    with pytest.raises(NewerStoreError, match="newer version") as caught:
        Store.open(path)
    assert "update" in caught.value.hint


def test_another_programs_database_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StoreDamagedError, match="some other program"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes("これは小説です。\n".encode() * 200)
    before = path.read_bytes()
    with pytest.raises(StoreDamagedError, match=r"translate\.db") as caught:
        Store.open(path)
    assert "--db" in caught.value.hint
    assert path.read_bytes() == before


def test_a_damaged_database_is_said_when_it_shows(path: Path, new_job: NewJob, read_in: ReadIn) -> None:
    with Store.open(path) as store:
        job = new_job(store)
        read_in(store, job, [f"{n}" for n in range(3000)])
    blob = bytearray(path.read_bytes())
    blob[8 * 4096 :] = b"\xa5" * (len(blob) - 8 * 4096)
    path.write_bytes(blob)

    def look() -> None:
        with Store.open(path) as store:
            for each in store.jobs():
                store.results(each, 0)

    with pytest.raises(StoreDamagedError):
        look()


def test_a_folder_in_place_of_the_file_is_an_error(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"translate\.db"):
        Store.open(path)


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="folder"):
        Store.open(tmp_path / "file" / "translate.db")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_database_without_permission_is_an_error(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0o400)
    path.parent.chmod(0o500)
    with pytest.raises(StoreError, match="permission"), Store.open(path) as store:
        store.put_edit("p", "k", "s", "t")


def test_a_full_disk_refuses_a_document_whole(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    job = new_job(store)
    read_in(store, job, ["あ"])
    pages = store._quick.rows("PRAGMA page_count")[0][0]
    store._quick._sqlite.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFullError), store.together():
        read_in(store, job, [f"{n}" * 50 for n in range(2000)])
    assert [r.source for r in store.results(job, 0)] == ["あ"]
    assert store.counts(job).units.total == 1


def test_who_holds_the_database_for_too_long_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Store.open(path).close()
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(path) as store:
        assert store.jobs() == []
        with pytest.raises(StoreBusyError, match="another program"):
            store.put_edit("p", "k", "s", "t")
    other.close()


MAKES = """
import sys
from pathlib import Path
from translator.store import Store
for line in sys.stdin:
    Store.open(Path(line.strip())).close()
    print("made", flush=True)
"""


def test_programs_that_make_a_new_database_at_once_wait_for_each_other(tmp_path: Path) -> None:
    pipe, command = subprocess.PIPE, [sys.executable, "-c", MAKES]
    programs = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(4)]
    for number in range(40):
        for program in programs:
            print(tmp_path / f"{number}.db", file=program.stdin, flush=True)
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "made\n", program.communicate()
    for program in programs:
        assert program.communicate() == ("", "")


def test_many_threads_may_open_and_use_one_file(path: Path) -> None:
    failed: list[BaseException] = []

    def work(number: int) -> None:
        try:
            with Store.open(path) as store:
                for n in range(20):
                    store.put_edit(f"project {number}", f"{n}", "s", "t")
        except BaseException as error:  # noqa: BLE001 - shown by the test itself
            failed.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with Store.open(path) as store:
        assert [len(store.edits(f"project {n}")) for n in range(6)] == [20] * 6


def test_the_memory_is_asked_for_many_units_at_once(store: Store, new_job: NewJob) -> None:
    job = new_job(store)
    hashes = [n.to_bytes(16, "big") for n in range(5000)]
    ids = store.add_units(job, [UnitRow(h, f"{n}", Role.DIALOGUE, "", "text") for n, h in enumerate(hashes)])
    assert len(ids) == 5000
    assert store.unit_ids(job, reversed(hashes)) == ids
    assert store.recall(hashes) == {}


def test_an_edit_takes_the_place_of_an_earlier_one(store: Store) -> None:
    store.put_edit("p", "events/1", "あ", "a")
    store.put_edit("p", "events/1", "あ", "b")
    store.put_edit("p", "events/1", "い", "i")
    store.put_edit("q", "events/1", "あ", "c")
    assert store.edits("p") == [("events/1", "あ", "b"), ("events/1", "い", "i")]
    assert store.remove_edit("p", "events/1", "あ")
    assert not store.remove_edit("p", "events/1", "あ")
    assert store.edits("p") == [("events/1", "い", "i")]
    assert len(store.edits("q")) == 1


def test_what_is_learnt_of_a_server_is_kept_part_by_part(store: Store) -> None:
    assert store.recall_server("a", "m") is None
    store.remember_server("a", "m", name="m:7b", digest="d", context=4096, structured=False)
    store.remember_server("a", "m", slots=4)
    store.remember_server("a", "m", rates='{"kana": 0.7}', slots=None)
    store.remember_server("a", "m", tokens_per_second=55.0)
    known = store.recall_server("a", "m")
    assert known is not None
    assert known[:-1] == ("m:7b", "d", 4096, False, 4, '{"kana": 0.7}', 55.0)
    assert store.recall_server("b", "m") is None
    assert store.recall_server("a", "n") is None


def test_another_model_under_the_same_name_has_other_rates_and_speed_but_the_server_s_slots(store: Store) -> None:
    store.remember_server("a", "m", digest="d", slots=4, rates="{}", tokens_per_second=55.0)
    store.remember_server("a", "m", digest="d")
    known = store.recall_server("a", "m")
    assert known is not None
    assert (known.slots, known.rates, known.tokens_per_second) == (4, "{}", 55.0)
    store.remember_server("a", "m", digest="e", context=None)
    known = store.recall_server("a", "m")
    assert known is not None
    assert (known.digest, known.slots, known.rates, known.tokens_per_second) == ("e", 4, None, None)


def test_a_model_is_known_on_each_server_that_had_it_the_latest_first(store: Store) -> None:
    store.remember_server("a", "m", tokens_per_second=1.0)
    store.remember_server("b", "m", tokens_per_second=2.0)
    store.remember_server("c", "other", tokens_per_second=3.0)
    store.remember_server("a", "m", slots=2)
    assert [(name, known.tokens_per_second) for name, known in store.recall_servers("m").items()] == [
        ("a", 1.0),
        ("b", 2.0),
    ]


def test_speeds_that_an_older_program_measured_are_not_lost(path: Path) -> None:
    path.parent.mkdir()
    old = sqlite3.connect(path)
    old.executescript(VERSION_1)
    for migration in SCHEMA.pending(Database(memory=True))[1:3]:
        migration.fn(Database(old))
        old.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('translator', ?)", (migration.name,))
    old.execute("INSERT INTO speeds VALUES ('a', 'm', 55.0, 2, 7.0)")
    old.commit()
    old.close()
    with Store.open(path) as store:
        known = store.recall_server("a", "m")
    assert known is not None
    assert (known.tokens_per_second, known.slots, known.measured) == (55.0, None, 7.0)
