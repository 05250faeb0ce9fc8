"""Which of the game's files hold text, by their names and how they begin."""

from enum import StrEnum
from pathlib import PurePath

import regex

from translator.core.document import Confidence


class Kind(StrEnum):
    """What a file of the game holds."""

    MAP = "map"
    COMMON_EVENTS = "CommonEvents"
    TROOPS = "Troops"
    SYSTEM = "System"
    ACTORS = "Actors"
    CLASSES = "Classes"
    SKILLS = "Skills"
    ITEMS = "Items"
    WEAPONS = "Weapons"
    ARMORS = "Armors"
    ENEMIES = "Enemies"
    STATES = "States"
    PLUGINS = "plugins"


_MAP = regex.compile(r"Map\d{3,}\.json")
_BY_NAME = {f"{kind.value}.json": kind for kind in Kind if kind not in (Kind.MAP, Kind.PLUGINS)}
_PLUGINS = regex.compile(rb"^\s*(?:(?:var|let|const)\s+)?\$plugins\s*=\s*\[", regex.MULTILINE)
_LIST = regex.compile(rb"\s*\[\s*(?:null\s*[,\]]|\]|$)")
_OBJECT = regex.compile(rb"\s*\{")
_OBJECT_MARKS = {
    Kind.MAP: regex.compile(rb'"(?:autoplayBgm|displayName|tilesetId|encounterList|parallaxName|scrollType)"\s*:'),
    Kind.SYSTEM: regex.compile(rb'"(?:gameTitle|airship|armorTypes|advanced|titleBgm|weaponTypes|terms)"\s*:'),
}


def kind_of(name: PurePath) -> Kind | None:
    """The kind that a file's name says, None for one that holds no text or is none of the engine's.

    Animations, Tilesets and MapInfos hold what only the editor shows; other names in `data/` belong to plugins.
    """
    if name.name == "plugins.js":
        return Kind.PLUGINS
    return Kind.MAP if _MAP.fullmatch(name.name) else _BY_NAME.get(name.name)


def sniff(name: PurePath, head: bytes) -> Confidence:
    """How sure it is that a file is one of the game's: its name must fit, and its beginning too."""
    kind = kind_of(name)
    if kind is None:
        return Confidence.NONE
    head = head.removeprefix(b"\xef\xbb\xbf")
    if kind is Kind.PLUGINS:
        return Confidence.CERTAIN if _PLUGINS.search(head) else Confidence.NONE
    marks = _OBJECT_MARKS.get(kind)
    if marks is None:
        found = _LIST.match(head) is not None
    else:
        found = _OBJECT.match(head) is not None and marks.search(head) is not None
    if not found:
        return Confidence.NONE
    return Confidence.CERTAIN if name.parent.name in ("data", "") else Confidence.LIKELY
