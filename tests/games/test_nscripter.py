"""NScripter games: which scripts the engine reads, and which are encrypted."""

import shutil
from pathlib import Path

import pytest

from translator.core.document import Confidence
from translator.core.game import GameError, GameSettings
from translator.games.nscripter import GAME

SAMPLE = Path(__file__).parents[2] / "samples" / "nscripter"
SETTINGS = GameSettings("ja", "en")
SCRIPT = "*define\ngame\n*start\n文\\\n".encode("cp932")


def names(root: Path) -> list[str]:
    return [file.path.name for file in GAME.files(root, SETTINGS)]


def test_the_sample_is_a_game() -> None:
    assert GAME.detect(SAMPLE) is Confidence.CERTAIN
    assert GAME.locate(SAMPLE / "0.txt") == SAMPLE
    assert names(SAMPLE) == ["0.txt"]


def test_plain_scripts_come_in_the_order_of_their_numbers_and_before_others(tmp_path: Path) -> None:
    for name in ("10.txt", "2.txt", "00.txt", "readme.txt"):
        (tmp_path / name).write_bytes(SCRIPT)
    (tmp_path / "nscript.dat").write_bytes(bytes(b ^ 0x84 for b in SCRIPT))
    assert names(tmp_path) == ["00.txt", "2.txt", "10.txt"]


def test_a_scrambled_script_is_read_where_there_is_no_plain_one(tmp_path: Path) -> None:
    (tmp_path / "nscript.dat").write_bytes(bytes(b ^ 0x84 for b in SCRIPT))
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    assert names(tmp_path) == ["nscript.dat"]


def test_the_script_that_the_engine_looks_for_first_is_read(tmp_path: Path) -> None:
    key = b"\x79\x57\x0d\x80\x04"
    (tmp_path / "nscript.dat").write_bytes(bytes(b ^ 0x84 for b in SCRIPT))
    (tmp_path / "nscr_sec.dat").write_bytes(bytes(b ^ key[at % 5] for at, b in enumerate(SCRIPT)))
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    assert names(tmp_path) == ["nscr_sec.dat"]


@pytest.mark.parametrize("name", ["nscript.___", "onscript.nt2", "onscript.nt3"])
def test_an_encrypted_script_is_known_and_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\1\2\3")
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    with pytest.raises(GameError, match=name):
        names(tmp_path)
    shutil.copy(SAMPLE / "0.txt", tmp_path / "0.txt")
    assert names(tmp_path) == ["0.txt"]


def test_a_numbered_text_alone_is_no_game(tmp_path: Path) -> None:
    (tmp_path / "0.txt").write_text("こんにちは\n", "utf-8")
    assert GAME.detect(tmp_path) is Confidence.NONE
    with pytest.raises(GameError):
        names(tmp_path / "none")
