"""Where the scenarios of a TyranoScript game are, and in which order a player meets them.

A game has `index.html`, the engine in `tyrano/` and the rest in `data/`; programs for a desktop keep that in
`resources/app`, or packed in `resources/app.asar`. The engine starts `data/scenario/first.ks`.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from translator.core.document import Confidence
from translator.core.folders import head_of, is_dir, is_file, names_in, upwards
from translator.core.game import GameError
from translator.formats.kag.project import joined, own_rules
from translator.formats.kag.survey import Survey, in_order, settings_of, survey

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
        if settled or is_file(home / "data" / "system" / "KeyConfig.js") or _names_project(home):
            return home
    return None


def settings_for(root: Path) -> dict[str, str]:
    """What the scenarios say together, and the game's own rules. Raises GameError."""
    options = settings_of(list(_surveys(root).values())) | {"dialect": "tyrano"}
    try:
        return joined(options, own_rules(root))
    except ValueError as error:
        raise GameError(str(error)) from error


def ordered(root: Path) -> list[PurePosixPath]:
    """The scenarios in reading order, by their paths in the root. Raises GameError."""
    home = home_of(root)
    if home is None:
        packed = _archive(root)
        if packed:
            raise GameError(
                f"the game is packed in {packed}. Unpack it first (npx @electron/asar extract {packed} resources/app) "
                "and take the archive away, then point at this folder again"
            )
        raise GameError("there are no scenarios of TyranoScript (data/scenario/first.ks)")
    found = _surveys(root)
    data = (home / "data").relative_to(root).as_posix()
    return [PurePosixPath(data) / name for name in in_order(list(found), _leads(found), "scenario/first.ks")]


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


def _surveys(root: Path) -> dict[str, Survey]:
    home = home_of(root)
    if home is None:
        return {}
    data = home / "data"
    places = [data / "scenario", data / _PLUGINS]
    found: dict[str, Survey] = {}
    for path in (path for place in places for path in _scenarios(place)):
        try:
            found[path.relative_to(data).as_posix()] = survey(path.read_bytes(), tyrano=True)
        except OSError:
            found[path.relative_to(data).as_posix()] = Survey()  # opening it says why it cannot be read
    return found


def _scenarios(folder: Path) -> Iterator[Path]:
    """The scenario files under a folder, in the order of their names."""
    for name in names_in(folder):
        path = folder / name
        if is_dir(path):
            if not path.is_symlink() and not name.startswith("."):
                yield from _scenarios(path)
        elif path.suffix.lower() == ".ks":
            yield path


def _names_project(home: Path) -> bool:
    """Whether Config.tjs is TyranoScript's: KAG's names no project."""
    try:
        return b"projectid" in (home / "data" / "system" / "Config.tjs").read_bytes().lower()
    except OSError:
        return False


def _archive(root: Path) -> str:
    """The Electron archive that holds the engine, "" if none does: its head names the files in it."""
    for name in _PACKED:
        if b'"tyrano"' in head_of(root / name, _HEAD):
            return name
    return ""
