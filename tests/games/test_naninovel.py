"""Naninovel projects: found by the engine's folder, and which of their documents are read."""

import shutil
from pathlib import Path

import pytest

from translator.core.document import Confidence
from translator.core.game import GameError, GameSettings
from translator.formats.naninovel import FORMAT
from translator.games.naninovel import GAME

SAMPLE = Path(__file__).parents[2] / "samples" / "naninovel"
SETTINGS = GameSettings("ja", "zh-CN")
HOME = "Assets/Resources/Naninovel"


@pytest.fixture
def game(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "game"))


def paths_of(root: Path, settings: GameSettings = SETTINGS) -> list[str]:
    return [file.path.as_posix() for file in GAME.files(root, settings)]


@pytest.mark.parametrize(
    "inside", ["", "Assets", "Assets/Resources", "Assets/Scenario", HOME, f"{HOME}/Localization/zh-CN/Text/Tips.txt"]
)
def test_the_root_is_found_from_inside(game: Path, inside: str) -> None:
    assert GAME.locate(game / inside) == game
    assert GAME.detect(game) is Confidence.CERTAIN


def test_names_come_first_then_scripts(game: Path) -> None:
    folder = f"{HOME}/Localization/zh-CN/Text"
    assert paths_of(game) == [
        f"{folder}/{name}"
        for name in ("CharacterNames.txt", "Scripts/Night.txt", "DefaultUI.txt", "Locales.txt", "Tips.txt")
    ]


def test_originals_and_names_come_from_the_managed_texts(game: Path) -> None:
    options = {file.path.name: file.options.settings for file in GAME.files(game, SETTINGS)}
    assert options["DefaultUI.txt"]["source.Confirmation.No"] == "いいえ"
    assert options["Night.txt"]["name.Akari"] == "灯"


def test_a_locale_that_is_not_there_is_made_from_another(game: Path) -> None:
    settings = GameSettings("ja", "ko")
    (script,) = (file for file in GAME.files(game, settings) if file.path.name == "Night.txt")
    assert script.path.as_posix() == f"{HOME}/Localization/ko/Text/Scripts/Night.txt"
    assert script.made is not None
    blob = script.made()
    assert blob.startswith(b"; Japanese <ja> to Korean <ko> localization document for `Night`")
    assert not any(segment.target for segment in FORMAT.open(blob, options=script.options).segments)
    assert any("ko is made from those of zh-CN" in notice for notice in GAME.notices(game, settings))


def test_without_localizations_managed_texts_are_read_and_it_is_said(game: Path) -> None:
    shutil.rmtree(game / HOME / "Localization")
    assert paths_of(game)[0] == f"{HOME}/Text/CharacterNames.txt"
    assert any("only managed texts" in notice for notice in GAME.notices(game, SETTINGS))


def test_scripts_alone_are_known_and_say_what_to_do_first(game: Path) -> None:
    shutil.rmtree(game / "Assets/Resources")
    assert GAME.detect(game) is Confidence.LIKELY
    with pytest.raises(GameError, match="generate its documents in Unity"):
        paths_of(game)


def test_scripts_deep_in_a_project_are_known_too(tmp_path: Path) -> None:
    scripts = tmp_path / "Assets" / "Game" / "Story" / "Act1"
    scripts.mkdir(parents=True)
    (scripts / "Bar.nani").write_text("Akari: Hello.\n")
    assert GAME.detect(tmp_path) is Confidence.LIKELY
    with pytest.raises(GameError, match="Naninovel -> Tools -> Localization"):
        paths_of(tmp_path)


def test_other_folders_are_not_claimed(tmp_path: Path) -> None:
    assert GAME.detect(tmp_path) is Confidence.NONE
    assert GAME.locate(tmp_path) is None
