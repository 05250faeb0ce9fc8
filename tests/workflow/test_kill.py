"""A job that is killed at any moment goes on as if nothing had happened."""

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from translator.testing.instant import InstantServer

KILLS = 20


def command(game: Path, host: str, db: Path, out: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "translator.cli", "game", str(game)),
        *("--host", host, "--model", "sakura", "--db", str(db), "--out", str(out), "--json", "--quiet"),
    ]


def answered(db: Path) -> set[str]:
    """The answers of the requests whose batch is stored. This server's answers name the text that they are for."""
    if not db.exists():
        return set()
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        try:
            return {reply for (reply,) in connection.execute("SELECT reply FROM attempts")}
        except sqlite3.OperationalError:
            return set()  # killed before the tables were made


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is Unix's")
def test_killed_at_twenty_random_moments_nothing_is_asked_twice_and_the_output_is_the_same(
    tmp_path: Path,
    game: Path,
    start_server: Callable[..., InstantServer],
    tree: Callable[[Path], dict[str, bytes]],
) -> None:
    calm_server = start_server(delay_ms=40, slots=2)
    began = time.monotonic()
    calm = command(game, calm_server.host, tmp_path / "calm.db", tmp_path / "calm")
    done = subprocess.run(calm, check=False, capture_output=True, text=True)
    whole = time.monotonic() - began
    assert done.returncode == 0, done.stderr + done.stdout

    # The same few words may be asked in several places, each in a role of its own: those tell nothing.
    once = {text for text, times in Counter(calm_server.asked()).items() if times == 1}

    server = start_server(delay_ms=40, slots=2)
    db, out = tmp_path / "stormy.db", tmp_path / "stormy"
    chance = random.Random(20261124)  # noqa: S311 - moments, no secrets
    killed = 0
    for _ in range(KILLS):
        known, before = answered(db), len(server.asked())
        process = subprocess.Popen(
            command(game, server.host, db, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=chance.uniform(0.3, 0.4 + whole / 6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
        assert_not_asked_again(known, server.said()[before:], once)
        assert_sound(db)
    known, before = answered(db), len(server.asked())
    last = subprocess.run(command(game, server.host, db, out), check=False, capture_output=True, text=True)
    assert last.returncode == 0, last.stderr + last.stdout
    assert_not_asked_again(known, server.said()[before:], once)
    assert killed >= KILLS // 4, "the kills came too late to tell anything"
    assert tree(out) == tree(tmp_path / "calm")

    again = subprocess.run(command(game, server.host, db, out), check=False, capture_output=True, text=True)
    summary = json.loads(again.stdout)
    assert summary["requests"] == 0
    assert summary["from_memory"] == summary["translated"]


def assert_sound(db: Path) -> None:
    if db.exists():
        with closing(sqlite3.connect(db)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def assert_not_asked_again(known: set[str], said: list[tuple[str, str, str]], once: set[str]) -> None:
    again = [text for text, answer, _ in said if text in once and answer in known]
    assert not again, f"asked again: {again}"
