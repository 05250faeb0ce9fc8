"""`scan --held-back`: the strings that are not offered, with their reasons."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]
GAME = Path(__file__).resolve().parents[2] / "samples" / "rpgmaker_mv"


def test_each_string_is_listed_once_with_its_reason(program: Run) -> None:
    found = json.loads(program("scan", str(GAME), "--held-back", "--json", "--quiet").out)
    assert found["exit_status"] == 0
    assert len(found["texts"]) == sum(found["reasons"].values()) > 100
    assert {"path", "place", "text", "reason"} == found["texts"][0].keys()
    assert {text["reason"] for text in found["texts"]} == found["reasons"].keys()


def test_tables_fit_the_terminal(program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    ended = program("scan", str(GAME), "--held-back", "--quiet")
    assert max(len(line) for line in ended.out.splitlines()) <= 100
    assert "strings are held back" in ended.out


def test_what_cannot_be_read_is_told(program: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for name, text in (("System.json", "{}"), ("Actors.json", "[null]"), ("Map001.json", '{"displayName": ')):
        (tmp_path / "data" / name).write_text(text)
    ended = program("scan", str(tmp_path), "--held-back", "--json", "--quiet")
    assert ended.status == 4
    assert "Map001.json" in json.loads(ended.out)["unreadable"][0]
    assert "Map001.json" in program("scan", str(tmp_path), "--held-back", "--quiet").out


def test_books_hold_nothing_back(program: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("むかしむかし。\n", encoding="utf-8")
    assert json.loads(program("scan", str(tmp_path), "--held-back", "--json", "--quiet").out)["texts"] == []


def test_files_for_a_language_are_those_of_the_language_that_is_asked_for(program: Run) -> None:
    ended = program("scan", str(GAME.parent / "renpy"), "--held-back", "-t", "zh-TW", "--json", "--quiet")
    assert {text["path"].split("/")[2] for text in json.loads(ended.out)["texts"]} == {"tchinese"}
