"""The program from end to end with a real Ollama: import, look, translate, be killed, be stopped, go on."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from translator.core.jsonvalue import as_list, as_object, get_int, get_str
from translator.workflow.inputs import find_source, open_document
from translator.workflow.options import InputOptions, Kind

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals to one process"),
]

SAMPLES = Path(__file__).parents[2] / "samples"
NAME = "honyaku-e2e"
# A model of this size cannot do every text: those keep their source, and the exit status says so.
FINE = (0, 1)
TRANSLATED = "SELECT role, source FROM units WHERE state = 1"
LATEST = "SELECT coalesce(max(number), 0) FROM attempts"
ASKED = (
    "SELECT u.role, u.source FROM attempts a, json_each(a.units) j JOIN units u ON u.id = j.value WHERE a.number > ?"
)
ENOUGH = 6
"""Texts that are translated before a run is broken off."""
PATIENCE = 300.0


class Live(Protocol):
    """What the fixture `live` gives."""

    @property
    def host(self) -> str: ...
    @property
    def gguf(self) -> Path: ...


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def start(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Start the program beside the server, in an empty home folder."""
    home = tmp_path_factory.mktemp("home")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRANSLATE_", "OPENAI_", "XDG_"))}
    environ = {**kept, "HOME": str(home), "OLLAMA_HOST": live.host}

    def started(*arguments: str | Path) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "translator.cli", *map(str, arguments)]
        return subprocess.Popen(
            command, env=environ, cwd=home, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return started


@pytest.fixture(scope="module")
def program(start: Start) -> Callable[..., tuple[int, str]]:
    """Run the program to its end; what a person sees is shown by `pytest -s`."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        with start(*arguments) as process:
            out, err = process.communicate(timeout=PATIENCE)
        sys.stdout.write(f"\n$ translate {' '.join(map(str, arguments))}\n{out}{err}(status {process.returncode})\n")
        assert "Traceback" not in err
        assert "should not happen" not in err
        return process.returncode, out

    return run


Program = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def model(live: Live, program: Program) -> str:
    """The demo model, given to the server by the program."""
    status, out = program("model", "import", live.gguf, "--name", NAME, "--profile", "completion")
    assert status == 0
    assert NAME in out
    return NAME


@pytest.fixture
def game(tmp_path: Path) -> Path:
    root = tmp_path / "MyGame"
    shutil.copytree(SAMPLES / "rpgmaker_mv", root)
    return root


@pytest.fixture
def asking(model: str, tmp_path: Path) -> tuple[str | Path, ...]:
    return ("--model", model, "--profile", "completion", "--from", "ja", "--to", "en", "--db", tmp_path / "jobs.db")


def rows(db: Path, query: str, *values: int) -> list[tuple[object, ...]]:
    """What the store holds; nothing while it or its tables are not made yet."""
    if not db.exists():
        return []
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError:
            return []


def wait_until_some_is_stored(process: "subprocess.Popen[str]", db: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(rows(db, TRANSLATED)) < ENOUGH:
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline, "too slow"
        time.sleep(0.1)


def assert_only_texts_changed(original: Path, patch: Path, scratch: Path) -> None:
    """Lay the patch over the game and put every original text back: all files are the originals to the byte."""
    shutil.copytree(original, scratch)
    shutil.copytree(patch, scratch, dirs_exist_ok=True)
    before, after = (
        find_source(InputOptions(path=path, kind=Kind.GAME), source="ja", target=None) for path in (original, scratch)
    )
    for old, new in zip(before.files, after.files, strict=True):
        blob = old.absolute.read_bytes()
        sources = {s.key: s.source for s in open_document(old, blob).segments}
        assert open_document(new, new.absolute.read_bytes()).render(sources) == blob, old.path


def test_the_imported_model_is_listed_and_shown_with_its_profile(model: str, program: Program) -> None:
    status, out = program("model", "list", "--json")
    assert status == 0
    names = [get_str(as_object(entry), "name") for entry in as_list(json.loads(out))]
    assert f"{model}:latest" in names
    status, out = program("model", "show", model)
    assert status == 0
    assert "32,768" in out


def test_doctor_finds_the_server_and_the_model(model: str, program: Program) -> None:
    status, out = program("doctor", "--model", model)
    assert status in FINE
    assert model in out
    assert "ollama" in out.lower()


def test_a_game_is_killed_and_goes_on_without_asking_again(
    game: Path, asking: tuple[str | Path, ...], start: Start, program: Program, tmp_path: Path
) -> None:
    db, out = tmp_path / "jobs.db", tmp_path / "out"
    # Not System.json: beside its texts, the engine's own locale is set there, and would have to be left out below.
    command = ("game", game, *asking, "--out", out, "--include", "data/Map00[13].json", "--include", "data/Actors.json")
    with start(*command, "--quiet") as process:
        wait_until_some_is_stored(process, db)
        process.kill()
        process.wait()
    known, [(before,)] = set(rows(db, TRANSLATED)), rows(db, LATEST)
    assert isinstance(before, int)
    assert not out.exists()

    status, printed = program(*command, "--json", "--quiet")
    assert status in FINE
    summary = as_object(json.loads(printed))
    assert get_int(summary, "failed") < get_int(summary, "segments") / 4
    assert get_int(summary, "from_memory") >= ENOUGH
    assert not known & set(rows(db, ASKED, before))
    assert_only_texts_changed(game, out, tmp_path / "scratch")


def test_ctrl_c_stores_what_is_in_flight_and_resume_goes_on(
    asking: tuple[str | Path, ...], start: Start, program: Program, tmp_path: Path
) -> None:
    db, book = tmp_path / "jobs.db", tmp_path / "book.txt"
    lines = (SAMPLES / "text" / "kusamakura.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    book.write_text("".join(line for line in lines if len(line) < 60)[:1000], encoding="utf-8")
    with start("novel", book, *asking) as process:
        wait_until_some_is_stored(process, db)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "translate resume" in err
    assert not book.with_name("book.en.txt").exists()
    known, [(before,)] = set(rows(db, TRANSLATED)), rows(db, LATEST)
    assert isinstance(before, int)

    status, _ = program("resume", "--db", db)
    assert status in FINE
    assert not known & set(rows(db, ASKED, before))
    done = book.with_name("book.en.txt").read_text(encoding="utf-8")
    assert done.count("\n") == book.read_text(encoding="utf-8").count("\n")


def test_the_slots_of_a_server_that_does_not_tell_them_are_found(
    game: Path, asking: tuple[str | Path, ...], program: Program, tmp_path: Path
) -> None:
    status, printed = program("game", game, *asking, "--out", tmp_path / "out", "--limit", "70", "--json", "--quiet")
    assert status in FINE
    [host] = [as_object(entry) for entry in as_list(as_object(json.loads(printed))["hosts"])]
    assert 1 <= get_int(host, "slots") <= 3, "the server runs two"


def test_a_model_that_is_unloaded_in_the_middle_is_loaded_again_and_the_job_ends(
    live: Live, game: Path, asking: tuple[str | Path, ...], start: Start, model: str, tmp_path: Path
) -> None:
    db, out = tmp_path / "jobs.db", tmp_path / "out"
    with start("game", game, *asking, "--out", out, "--limit", "25", "--json", "--quiet") as process:
        wait_until_some_is_stored(process, db)
        # As `ollama stop` does it.
        unloaded = httpx.post(f"http://{live.host}/api/generate", json={"model": model, "keep_alive": 0}, timeout=60)
        assert unloaded.json()["done_reason"] == "unload"
        printed, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in FINE, err
    summary = as_object(json.loads(printed))
    ended = get_int(summary, "translated") + get_int(summary, "kept") + get_int(summary, "failed")
    assert ended + len(rows(db, "SELECT s.key FROM segments s JOIN units u ON u.id = s.unit WHERE u.state = 0")) == (
        get_int(summary, "segments")
    )
    assert get_int(summary, "translated") > ENOUGH
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]


def test_a_chat_profile_is_asked_with_a_schema_and_what_fails_is_listed(
    game: Path, model: str, program: Program, tmp_path: Path
) -> None:
    status, out = program(
        *("game", game, "--model", model, "--profile", "chat", "--from", "ja", "--to", "en", "--limit", "5"),
        *("--db", tmp_path / "jobs.db", "--json", "--quiet"),
    )
    assert status in FINE
    summary = as_object(json.loads(out))
    problems = [as_object(problem) for problem in as_list(summary["problems"])]
    failed = [problem for problem in problems if problem["failed"]]
    assert len(failed) == get_int(summary, "failed")
    assert all(get_str(problem, "reason") for problem in failed)
    assert get_int(summary, "requests") > 0
