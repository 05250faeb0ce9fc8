"""Which of the game's files hold text, by their names, and which engine they are of."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

import regex

from translator.core.document import Confidence


class Engine(StrEnum):
    """The engines that save Ruby Marshal files."""

    XP = "xp"
    VX = "vx"
    ACE = "ace"


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
    SCRIPTS = "Scripts"


@dataclass(frozen=True, slots=True)
class Named:
    """What a file's name says."""

    engine: Engine
    kind: Kind


_SUFFIXES = {".rxdata": Engine.XP, ".rvdata": Engine.VX, ".rvdata2": Engine.ACE}
_MAP = regex.compile(r"Map\d{3,}")
_BY_NAME = {kind.value: kind for kind in Kind if kind is not Kind.MAP}
_HEADER = b"\x04\x08"
_FIRST = {Kind.MAP: b"o", Kind.SYSTEM: b"o"}


def named(name: PurePath) -> Named | None:
    """What a file's name says; None for one that holds no text or is none of the engines'.

    Animations, Tilesets, Areas and MapInfos hold what only the editor shows; other names belong to scripts.
    """
    engine = _SUFFIXES.get(name.suffix)
    if engine is None:
        return None
    kind = Kind.MAP if _MAP.fullmatch(name.stem) else _BY_NAME.get(name.stem)
    return None if kind is None else Named(engine, kind)


def sniff(name: PurePath, head: bytes) -> Confidence:
    """How sure it is that a file is one of the game's: its name must fit, and its beginning too."""
    found = named(name)
    if found is None or not head.startswith(_HEADER):
        return Confidence.NONE
    return Confidence.CERTAIN if head[2:3] == _FIRST.get(found.kind, b"[") else Confidence.LIKELY
