import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from translator.cli import main
from translator.engine.checks import all_checks
from translator.formats import all_formats
from translator.games import all_games
from translator.profiles import all_profiles, user_folder


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.mark.parametrize(
    ("command", "ids"),
    [("formats", set(all_formats())), ("games", set(all_games())), ("profiles", set(all_profiles()))],
)
def test_what_is_known_is_listed(command: str, ids: set[str], program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = json.loads(program(command, "--json").out)
    assert {row["id"] for row in rows} == ids
    assert all(row["title"] for row in rows)
    monkeypatch.setenv("COLUMNS", "80")
    text = program(command).out
    assert max(map(len, text.splitlines())) <= 80
    first_words = {line.split()[0] for line in text.splitlines() if line and not line.startswith(" ")}
    assert ids <= first_words


def test_profiles_say_which_pairs_they_can_do(program: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    sakura = next(row for row in json.loads(program("profiles", "--json").out) if row["id"] == "sakura-v1.0")
    assert sakura["pairs"] == [["ja", "zh-CN"]]
    assert sakura["converted"] == ["zh-TW"]
    monkeypatch.setenv("COLUMNS", "160")
    assert "ja to zh-CN, ja to zh-TW (converted)" in program("profiles").out


def test_a_profile_of_ones_own_that_is_wrong_is_named(program: Run) -> None:
    all_profiles.cache_clear()
    user_folder().mkdir(parents=True)
    (user_folder() / "mine.toml").write_text("id = 3\n")
    try:
        ended = program("profiles")
    finally:
        all_profiles.cache_clear()
    assert ended.status == 2
    assert "mine.toml" in ended.err
    assert "should not happen" not in ended.err


def test_main_exits_with_the_status(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end:
        main(["scan", str(tmp_path / "nowhere")])
    assert end.value.code == 4
    assert "nowhere" in capsys.readouterr().err


def test_checks_say_how_bad_their_findings_are_and_where_a_profile_differs(program: Run) -> None:
    rows = {row["code"]: row for row in json.loads(program("checks", "--json").out)}
    assert set(rows) == {check.code for check in all_checks()}
    assert rows["glossary"]["severity"] == "error"
    assert rows["glossary"]["profiles"]["completion"] == "warning"
    assert rows["kana"]["profiles"] == {"pseudo": "off"}
    shown = program("checks").out
    assert all(code in shown for code in rows)
