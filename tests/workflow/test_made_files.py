"""A game whose engine reads translations from files of its own: Ren'Py's game/tl/<language>/."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

SAMPLE = Path(__file__).parents[2] / "samples" / "renpy"
FOLDER = Path("game/tl/schinese")
FINISHED = "海面一片漆黑，只有灯塔的光在旋转。"


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    def count(self, name: str) -> int:
        """A number of the summary."""
        ...


Program = Callable[..., Ended]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def game(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "game")
    return tmp_path / "game"


@pytest.fixture
def font(tmp_path: Path) -> Path:
    path = tmp_path / "Sans.ttf"
    path.write_bytes(b"\0\1\0\0 a font")
    return path


def translate(program: Program, game: Path, *words: str) -> Ended:
    ended = program("game", game, "--to", "zh-CN", "--backend", "pseudo", "--json", "--yes", *words)
    assert ended.status in (0, 1), ended.err
    return ended


def test_the_patch_holds_translations_only(program: Program, game: Path, tmp_path: Path) -> None:
    before = files(game)
    translate(program, game, "--out", str(tmp_path / "out"))
    assert files(game) == before
    written = files(tmp_path / "out")
    assert written.pop("MACHINE-TRANSLATION.txt")
    assert all(path.startswith(FOLDER.as_posix()) for path in written)
    assert written[(FOLDER / "script.rpy").as_posix()].startswith(before[(FOLDER / "script.rpy").as_posix()].rstrip())


def test_finished_lines_are_kept_and_not_asked_again(program: Program, game: Path, tmp_path: Path) -> None:
    translate(program, game, "--out", str(tmp_path / "out"))
    text = (tmp_path / "out" / FOLDER / "script.rpy").read_text(encoding="utf-8-sig")
    assert text.count(FINISHED) == 1
    assert translate(program, game, "--out", str(tmp_path / "out")).count("requests") == 0


def test_in_place_the_game_gets_the_folder_and_keeps_its_scripts(program: Program, game: Path) -> None:
    before = files(game)
    translate(program, game, "--in-place")
    after = files(game)
    assert {path for path in before if after[path] != before[path]} == {(FOLDER / "script.rpy").as_posix()}
    assert all(path.startswith(FOLDER.as_posix()) for path in after.keys() - before.keys())
    assert translate(program, game, "--in-place").count("requests") == 0
    assert files(game) == after


def test_in_place_the_backup_has_what_stood_there(program: Program, game: Path) -> None:
    before = (game / FOLDER / "script.rpy").read_bytes()
    translate(program, game, "--in-place")
    (backup,) = game.parent.glob("game.backup-*")
    assert (backup / FOLDER / "script.rpy").read_bytes() == before


def test_a_copy_holds_the_whole_game(program: Program, game: Path, tmp_path: Path) -> None:
    translate(program, game, "--copy", "--out", str(tmp_path / "out"))
    before, after = files(game), files(tmp_path / "out")
    assert before.keys() <= after.keys()
    assert {path for path in before if after[path] != before[path]} == {(FOLDER / "script.rpy").as_posix()}
    assert translate(program, game, "--copy", "--out", str(tmp_path / "out")).count("requests") == 0


def test_a_line_that_a_person_corrects_in_place_stays(program: Program, game: Path) -> None:
    translate(program, game, "--in-place")
    place = game / FOLDER / "chapters" / "chapter_two.rpy"
    text = place.read_text(encoding="utf-8-sig")
    line = next(line for line in text.splitlines() if "［" in line and not line.lstrip().startswith("#"))
    corrected = line.split("［")[0] + '改过的。"'
    place.write_text(text.replace(line, corrected), encoding="utf-8-sig")
    assert translate(program, game, "--in-place").count("requests") == 0
    assert corrected in place.read_text(encoding="utf-8-sig")


def test_a_finished_line_stays_beside_an_unfinished_one_with_the_same_text(program: Program, game: Path) -> None:
    script = game / "game" / "script.rpy"
    line = next(line for line in script.read_text(encoding="utf-8").splitlines() if "海は暗く" in line)
    script.write_text(
        script.read_text(encoding="utf-8") + f"\nlabel again_and_again:\n{line}\n    return\n", encoding="utf-8"
    )
    translate(program, game, "--in-place")
    text = (game / FOLDER / "script.rpy").read_text(encoding="utf-8-sig")
    assert text.count(FINISHED) == 1
    assert "［海は暗く" in text


def test_the_font_goes_along_and_what_stands_there_stays(
    program: Program, game: Path, font: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    translate(program, game, "--font", str(font), "--out", str(out))
    fonts = [path for path, blob in files(out).items() if blob == font.read_bytes()]
    assert len(fonts) == 1
    style = next(path for path, blob in files(out).items() if b"translate schinese" in blob and b"font" in blob)
    (out / style).write_text("# mine\n")
    translate(program, game, "--font", str(font), "--out", str(out))
    assert (out / style).read_text() == "# mine\n"
    font.unlink()
    ended = program("game", game, "--to", "zh-CN", "--backend", "pseudo", "--font", str(font), "--out", str(out))
    assert ended.status not in (0, 1)
    assert "Sans.ttf" in ended.err


def test_a_damaged_script_is_named_with_the_byte(program: Program, game: Path, tmp_path: Path) -> None:
    text = (game / "game/script.rpy").read_bytes()
    (game / "game/script.rpy").write_bytes(text + b'\nlabel damaged:\n    "no end\n')
    ended = program(
        "game", game, "--to", "zh-CN", "--backend", "pseudo", "--json", "--yes", "--out", str(tmp_path / "out")
    )
    assert ended.status != 0
    assert f"(byte {len(text) + 20})" in ended.out + ended.err
