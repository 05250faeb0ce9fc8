"""Game engines: one module each, which registers itself by exporting GAME."""

from functools import cache
from typing import cast

from translator.core.game import Game
from translator.core.plugins import discover


@cache
def all_games() -> dict[str, Game]:
    """Every known engine by its id."""
    games = (cast("Game", found) for found in discover("translator.games", "GAME"))
    return {known.info.id: known for known in games}
