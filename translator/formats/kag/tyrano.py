"""Where the scenarios of a TyranoScript game are, and in which order a player meets them.

A game has `index.html`, the engine in `tyrano/` and the rest in `data/`; programs for a desktop keep that in
`resources/app`, or packed in `resources/app.asar`. The engine starts `data/scenario/first.ks`.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from translator.core.document import Confidence
from translator.core.folders import head_of, is_dir, is_file, names_in, text_of, upwards
from translator.core.game import GameError
from translator.formats.kag.project import with_own_rules
from translator.formats.kag.survey import Survey, in_order, settings_of, survey_file

_HOMES = ("", "resources/app", "app", "www")
_PACKED = ("resources/app.asar", "app.asar")
_HEAD = 1 << 20
LEVELS = 5
"""Folders up to the root that are looked at."""
_PLUGINS = "others/plugin"


def locate(path: Path) -> Path | None:
    """The root that a path belongs to: itself, or a folder above it."""
    return next((p for p in upwards(path, LEVELS) if detect(p) is not Confidence.NONE), None)


def detect(root: Path) -> Confidence:
    """Certain where the engine lies beside the scenarios, likely with its settings alone or where all is packed."""
    home = home_of(root)
    if home is None:
        return Confidence.LIKELY if _archive(root) else Confidence.NONE
    return Confidence.CERTAIN if is_dir(home / "tyrano") else Confidence.LIKELY


def home_of(root: Path) -> Path | None:
    """The folder that has `data/scenario`: the root, or the one that a desktop program keeps the game in."""
    for name in _HOMES:
        home = root / name
        scenario = home / "data" / "scenario"
        if not is_dir(scenario) or next(_scenarios(scenario), None) is None:
            continue
        settled = is_dir(home / "tyrano") or is_dir(home / "data" / "others" / "plugin")
        if settled or is_file(home / "data" / "system" / "KeyConfig.js") or names_project(home / "data"):
            return home
    return None


class Scenarios(NamedTuple):
    """The scenarios of a game in reading order, by their paths in its root, and the settings to read them with."""

    paths: list[PurePosixPath]
    settings: dict[str, str]


def scenarios(root: Path) -> Scenarios:
    """What the scenarios of a game say together, and the game's own rules. Raises GameError where there are none."""
    home = home_of(root)
    if home is None:
        packed = _archive(root)
        if packed:
            raise GameError(
                f"the game is packed in {packed}. Unpack it first (npx @electron/asar extract {packed} resources/app) "
                "and take the archive away, then point at this folder again"
            )
        raise GameError("there are no scenarios of TyranoScript (data/scenario/first.ks)")
    found = _surveys(home / "data")
    settings = with_own_rules(settings_of(list(found.values())) | {"dialect": "tyrano"}, root)
    data = PurePosixPath((home / "data").relative_to(root).as_posix())
    return Scenarios([data / name for name in in_order(list(found), _leads(found), "scenario/first.ks")], settings)


def scene_of(path: PurePosixPath) -> str:
    """A scenario as the engine calls it: its path from `data/scenario` on."""
    inside = "/".join(path.parts[path.parts.index("data") + 1 :])
    return inside.removeprefix("scenario/") if inside.startswith("scenario/") else f"../{inside}"


def _leads(found: dict[str, Survey]) -> dict[str, list[str]]:
    """Which files each leads to, by their paths in `data`."""
    return {name: [_resolved(lead) for lead in one.leads] for name, one in found.items()}


def _resolved(lead: str) -> str:
    parts: list[str] = ["scenario"]
    for part in lead.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _surveys(data: Path) -> dict[str, Survey]:
    """What each scenario says, by its path in `data`."""
    paths = (path for place in ("scenario", _PLUGINS) for path in _scenarios(data / place))
    return {path.relative_to(data).as_posix(): survey_file(path, tyrano=True) for path in paths}


def _scenarios(folder: Path) -> Iterator[Path]:
    """The scenario files under a folder, in the order of their names."""
    for name in names_in(folder):
        path = folder / name
        if is_dir(path):
            if not path.is_symlink() and not name.startswith("."):
                yield from _scenarios(path)
        elif path.suffix.lower() == ".ks":
            yield path


def names_project(data: Path) -> bool:
    """Whether the Config.tjs of a data folder is TyranoScript's: KAG's names no project."""
    return "projectid" in text_of(data / "system" / "Config.tjs").lower()


def _archive(root: Path) -> str:
    """The Electron archive that holds the engine, "" if none does: its head names the files in it."""
    for name in _PACKED:
        if b'"tyrano"' in head_of(root / name, _HEAD):
            return name
    return ""
