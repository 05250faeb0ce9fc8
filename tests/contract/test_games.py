"""Every registered game engine, on its sample."""

from pathlib import Path

import pytest

from translator.core.game import Game
from translator.formats import all_formats
from translator.games import all_games
from translator.testing import check_detect, check_files, check_locate

SAMPLES = Path(__file__).parents[2] / "samples"
GAMES = tuple(all_games().values())

pytestmark = pytest.mark.parametrize("game", GAMES, ids=lambda g: g.info.id)


def root_of(game: Game) -> Path:
    root = SAMPLES / game.info.id
    assert root.is_dir(), f"an engine has a sample game: {root}"
    return root


def test_is_the_only_one_that_claims_its_sample(game: Game) -> None:
    check_detect(game, root_of(game), GAMES)


def test_finds_the_root_from_inside(game: Game) -> None:
    check_locate(game, root_of(game))


def test_names_files_that_open_and_are_written_back(game: Game) -> None:
    check_files(game, root_of(game), all_formats())
