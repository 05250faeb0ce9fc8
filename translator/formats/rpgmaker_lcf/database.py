"""What the strings of RPG_RT.ldb and RPG_RT.lmt are to a player."""

from collections.abc import Iterable

from translator.core.collecting import SINGLE, About
from translator.core.segment import Limits, Role
from translator.formats.rpgmaker_lcf.collector import NAME, Collector, Spot
from translator.formats.rpgmaker_lcf.facts import GameFacts
from translator.formats.rpgmaker_lcf.tree import Text

_AFTER_NAME = ("shown after the name of the one who does or suffers it",)
_PLACE = ("a place that a skill leads to",)
_UNUSED = "default_term"
"""What EasyRPG's own editor writes for a term that has the engine's text."""


def take_database(texts: Iterable[Text], collector: Collector, facts: GameFacts) -> None:
    """Take the texts that players see. A thing's key is its list and its id."""
    shown = [text for text in texts if not text.reason]
    described = {
        text.path.removesuffix("/description"): collector.decoded(text.start, text.end)
        for text in shown
        if text.path.endswith("/description")
    }
    for text in shown:
        if collector.blob[text.start : text.end] != _UNUSED.encode():
            thing = text.path.rpartition("/")[0]
            note = (described.get(thing) or "").strip()
            spot = Spot(text.at, text.start, text.end, text.parent)
            collector.add(text.path, spot, _about(text.path, (note,) if note else (), facts))


def take_map_names(texts: Iterable[Text], collector: Collector, facts: GameFacts) -> None:
    """Take the names of maps that a player sees: in the menu of a skill that teleports (`window_teleport.cpp`).

    Nothing looks maps up by their names: commands name them by id, and the Player's own translations change all names.
    """
    for text in texts:
        match text.path.split("/"):
            case ["maps", number, "name"] if number.isdecimal() and int(number) in facts.targets:
                spot = Spot(text.at, text.start, text.end, text.parent)
                collector.add(text.path, spot, About(Role.NAME, limits=SINGLE, notes=_PLACE))
            case _:
                pass


def _about(path: str, notes: tuple[str, ...], facts: GameFacts) -> About:
    area, _, name = path.partition("/")
    name = name.rpartition("/")[2]
    if area == "terms":
        return About(Role.TERM, limits=SINGLE)
    if name == "description":
        return About(Role.DESCRIPTION, limits=Limits(columns=facts.columns.plain, lines=1, single=True))
    if "message" in name:
        return About(Role.TERM, limits=SINGLE, notes=_AFTER_NAME)
    if name == "skill_name":
        return About(Role.TERM, limits=SINGLE)
    binding = NAME if area == "actors" and name == "name" else None
    return About(Role.NAME, limits=SINGLE, notes=notes if name == "name" else (), binding=binding)
