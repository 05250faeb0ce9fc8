"""RPG Maker MV and MZ games: where their files are, in which order a player meets them, who their people are.

What is taken from the engines: MV's `Window_Base.standardFontFace` takes a system font for a `locale` that starts with
`zh` or `ko` and the game's own font for all others; MZ names its fonts in System.json's `advanced` and falls back to
the system's where they lack a character. MapInfos' `order` is the position in the editor's tree of maps.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import is_dir, is_file, names_in
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.jsonvalue import JsonShapeError, as_list, as_object, get_int, get_object, get_str
from translator.core.rpgmaker_settings import Columns, written

FORMAT_ID = "rpgmaker_mv"

_DATABASE = (
    "System", "Actors", "Classes", "Skills", "Items", "Weapons", "Armors", "Enemies", "States",
    "CommonEvents", "Troops",
)  # fmt: skip
_MAP_NAME = re.compile(r"Map(\d{3,})\.json")
_PROJECT_SUFFIXES = (".rpgproject", ".rmmzproject")
_ENGINE_FILES = ("js/rpg_core.js", "js/rmmz_core.js", "js/rpg_managers.js", "js/rmmz_managers.js", "js/plugins.js")
_DEPLOYED = ("package.json", "nw.dll", "Game.exe", "nw", "Game.app")

_LOCALES = {"zh-CN": "zh_CN", "zh-TW": "zh_TW", "ja": "ja_JP", "ko": "ko_KR"}

_MV_COLUMNS = Columns(55, 43)
_MZ_COLUMNS = Columns(60, 47)
_MZ_FRAME = 24
"""Pixels of a window's width that its padding takes."""
_MZ_FACE = 180
"""Pixels of a line that a face takes: its 144, the 20 between, and as much as the editor's 47 of 60 columns leave."""

_NEW_NAME = re.compile(
    rb'"code"\s*:\s*320\s*,\s*"indent"\s*:\s*\d+\s*,\s*"parameters"\s*:\s*\[\s*\d+\s*,\s*("(?:[^"\\]|\\.)*")'
)


class RpgMakerMvGame:
    """The engine `rpgmaker_mv`."""

    info: ClassVar[GameInfo] = GameInfo(id="rpgmaker_mv", title="RPG Maker MV/MZ")

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from `www/` or `data/` in it, or from a file in `data/`.

        The root of a lone data folder is the folder that holds it if it is called `data`, else itself.
        """
        folder = path if is_dir(path) else path.parent
        if _is_data(folder):
            return _root_above(folder)
        return _deployed_above(folder) if _data_of(folder) is not None else None

    def detect(self, root: Path) -> Confidence:
        """Certain where the engine's own files lie around the data folder, likely with the data alone."""
        data = _data_of(root)
        if data is None:
            return Confidence.NONE
        home = data.parent
        around = any(is_file(home / name) for name in _ENGINE_FILES) or any(
            name.endswith(_PROJECT_SUFFIXES) for name in names_in(home)
        )
        return Confidence.CERTAIN if around else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """System and the database first, so that names are known, then the events that run anywhere, the maps in the
        order of the editor's tree, the plugins. Raises GameError when there is no data folder.
        """
        data = _data_of(root)
        if data is None:
            raise GameError("there is no data folder of RPG Maker MV or MZ (data/System.json, data/Map001.json)")
        paths = list(_files(data))
        facts = _read_facts(data, paths)
        options = _settings(facts, settings)
        for path in paths:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            yield GameFile(
                relative,
                FORMAT_ID,
                FormatOptions(name=PurePath(relative), target_language=settings.target_language, settings=options),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: the fonts are the game's own or the system's."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """That the locale changes and what that does, or that the game's font may lack the language."""
        data = _data_of(root)
        if data is None:
            return
        system = _system(data)
        wanted = _LOCALES.get(settings.target_language)
        now = get_str(system, "locale")
        if wanted is None or not now or now == wanted or settings.keep_locale:
            return
        if _is_mz(data, system):
            font = get_str(get_object(system, "advanced"), "mainFontFilename")
            effect = (
                f"which decides the letters of the name input; its font ({font or 'none named'}) stays, and characters "
                "that the font lacks are drawn with one of the player's system"
            )
        else:
            effect = "by which the engine picks a font that has the language's characters"
        yield f"System.json's locale changes from {now} to {wanted}, {effect}; --keep-locale leaves it as it is."


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the data folder says: engine, columns without and with a face, actors by id, all names, the locale."""

    mz: bool
    columns: Columns
    actors: Mapping[int, str]
    names: tuple[str, ...]


def _settings(facts: _Facts, settings: GameSettings) -> dict[str, str]:
    """The settings that the format reads."""
    found = {"engine": "mz" if facts.mz else "mv"}
    found |= facts.columns.at(settings.width).written() | written(facts.actors, facts.names)
    locale = _LOCALES.get(settings.target_language)
    if locale and not settings.keep_locale:
        found["locale"] = locale
    return found


def _read_facts(data: Path, paths: Iterable[Path]) -> _Facts:
    system = _system(data)
    mz = _is_mz(data, system)
    actors = _actors(data / "Actors.json")
    names = dict.fromkeys(name for name in actors.values() if "\n" not in name)
    for path in paths:
        if path.name.startswith(("Map", "CommonEvents", "Troops")):
            with contextlib.suppress(OSError):  # opening it says why it cannot be read
                names |= dict.fromkeys(_new_names(path.read_bytes()))
    return _Facts(mz, _columns(system, mz=mz), actors, tuple(names))


def _columns(system: Mapping[str, object], *, mz: bool) -> Columns:
    """Columns of a message line: those of the editor's settings, else what the window's size and font leave."""
    if not mz:
        return _MV_COLUMNS
    editor = get_object(system, "editor")
    plain, face = get_int(editor, "messageWidth1"), get_int(editor, "messageWidth2")
    if plain > 0 and face > 0:
        return Columns(plain, face)
    advanced = get_object(system, "advanced")
    width, size = get_int(advanced, "uiAreaWidth"), get_int(advanced, "fontSize")
    if width <= _MZ_FRAME + _MZ_FACE or size <= 0:
        return _MZ_COLUMNS
    return Columns((width - _MZ_FRAME) * 2 // size, (width - _MZ_FRAME - _MZ_FACE) * 2 // size)


def _new_names(blob: bytes) -> Iterator[str]:
    """The names that events give to actors (command 320)."""
    if b"320" not in blob:
        return
    for match in _NEW_NAME.finditer(blob):
        try:
            name: object = json.loads(match[1])
        except ValueError:
            continue  # the format says what is wrong with the file, and where
        if isinstance(name, str) and name.strip() and "\n" not in name:
            yield name


def _actors(path: Path) -> dict[int, str]:
    found: dict[int, str] = {}
    for index, entry in enumerate(_list(path)):
        name = get_str(_object(entry), "name")
        if name.strip():
            found[index] = name
    return found


def _system(data: Path) -> dict[str, object]:
    """System.json; empty when it is missing or damaged, which the format reports when it opens it."""
    return _object(_json(data / "System.json"))


def _list(path: Path) -> list[object]:
    try:
        return as_list(_json(path))
    except JsonShapeError:
        return []


def _object(value: object) -> dict[str, object]:
    """The value if it is an object, else an empty one."""
    try:
        return as_object(value)
    except JsonShapeError:
        return {}


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None


def _is_mz(data: Path, system: Mapping[str, object]) -> bool:
    home = data.parent
    if is_file(home / "js" / "rmmz_core.js") or any(name.endswith(".rmmzproject") for name in names_in(home)):
        return True
    return "advanced" in system and not is_file(home / "js" / "rpg_core.js")


def _files(data: Path) -> Iterator[Path]:
    """The files that hold text, in the order in which they are read."""
    for name in _DATABASE:
        if is_file(data / f"{name}.json"):
            yield data / f"{name}.json"
    maps = {int(found[1]): data / name for name in names_in(data) if (found := _MAP_NAME.fullmatch(name))}
    order = _map_order(data / "MapInfos.json")
    for number in sorted(maps, key=lambda n: (order.get(n, len(order) + 1), n)):
        if is_file(maps[number]):
            yield maps[number]
    plugins = data.parent / "js" / "plugins.js"
    if is_file(plugins):
        yield plugins


def _map_order(path: Path) -> dict[int, int]:
    """Each map's place in the editor's tree; those that it does not name come last, by their numbers."""
    places: list[tuple[int, int]] = []
    for index, entry in enumerate(_list(path)):
        info = _object(entry)
        if info:
            places.append((get_int(info, "order"), get_int(info, "id", index)))
    return {number: place for place, (_, number) in enumerate(sorted(places))}


def _data_of(root: Path) -> Path | None:
    """The data folder of a root: `data`, `www/data`, or the root itself."""
    for candidate in (root / "data", root / "www" / "data", root):
        if _is_data(candidate):
            return candidate
    return None


def _is_data(folder: Path) -> bool:
    """Whether a folder is the engine's data folder: it has its System.json, or a map and the map list or actors."""
    names = set(names_in(folder))
    if "System.json" in names and names & {"Actors.json", "CommonEvents.json", "MapInfos.json", "Map001.json"}:
        return True
    return "Map001.json" in names and bool(names & {"MapInfos.json", "Actors.json"})


def _root_above(data: Path) -> Path:
    """The root that a data folder belongs to."""
    return _deployed_above(data.parent) if data.name == "data" else data


def _deployed_above(home: Path) -> Path:
    """The folder of the game's program around `www`, or `home` itself where it is no deployed game's `www`."""
    if home.name == "www" and any(name in _DEPLOYED or name.endswith(".exe") for name in names_in(home.parent)):
        return home.parent
    return home


GAME: Game = RpgMakerMvGame()
