"""KiriKiri games with KAG scenarios: where the files are, in which order a player meets them, what their macros do.

The engine starts `startup.tjs`, which lies in the game's `data` folder or beside the program; KAG starts the scenario
`first.ks` and finds files in whichever folder of its path they are. `system/Config.tjs` says with `ignoreCR` whether a
line's end in a scenario is one on the screen (KAG 3's own: it is not). Released games are packed in `.xp3` archives.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import is_dir, is_file, names_in, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.order import natural
from translator.formats.kag.project import with_own_rules
from translator.formats.kag.survey import in_order, lines_of, settings_of, survey_file
from translator.formats.kag.tyrano import names_project

FORMAT_ID = "kag"

_ENGINE_FILES = ("startup.tjs", "system/initialize.tjs", "system/mainwindow.tjs")
_NOT_OURS = ("tyrano", "index.html")
_SAVES = frozenset({"savedata", "save"})
_IGNORE_CR = re.compile(r"^\s*;?\s*(?:global\.)?ignoreCR\s*=\s*(true|false|0|1)", re.MULTILINE)
_LEVELS = 4


class KiriKiriGame:
    """The engine `kirikiri`."""

    info: ClassVar[GameInfo] = GameInfo(id="kirikiri", title="KiriKiri (KAG)", tables=("kag",))

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from a folder in it (`data`, `scenario`) or from a file in such a one."""
        folder, *above = upwards(path, _LEVELS)
        found: list[tuple[Confidence, int, Path]] = []
        for level, place in enumerate((folder, *above)):
            data = _data_of(place)
            if place == folder or (data is not None and folder.is_relative_to(data)):
                confidence = self.detect(place)
                if confidence is not Confidence.NONE:
                    found.append((confidence, level, place))
        return max(found)[2] if found else None

    def detect(self, root: Path) -> Confidence:
        """Certain by the engine's own scripts beside scenarios, or by its archives; likely by scenarios alone."""
        data = _data_of(root)
        if data is None:
            return Confidence.CERTAIN if _archives(root) else Confidence.NONE
        return Confidence.CERTAIN if _engine_file(data) else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The scenarios in the order in which `first.ks` leads to them. Raises GameError."""
        data = _data_of(root)
        if data is None:
            packed = _archives(root)
            if packed:
                raise GameError(
                    f"the scenarios are packed in {', '.join(packed)}. Unpack the archives first, with a program for "
                    "KiriKiri's XP3 (GARbro, KrkrExtract), and point at the folder that has the .ks files"
                )
            raise GameError("there are no scenarios of KAG (startup.tjs, scenario/first.ks)")
        paths = {path.relative_to(data).as_posix(): path for path in _scenarios(data)}
        surveys = {name: survey_file(path, tyrano=False) for name, path in paths.items()}
        options = with_own_rules(settings_of(list(surveys.values())) | {"dialect": "kag"} | _config(data), root)
        leads = {name: found.leads for name, found in surveys.items()}
        for name in in_order(list(paths), leads, "first.ks"):
            relative = PurePosixPath(paths[name].relative_to(root).as_posix())
            yield GameFile(
                relative,
                FORMAT_ID,
                FormatOptions(name=PurePath(relative), target_language=settings.target_language, settings=options),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: the fonts are the player's system's."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """What to do with archives that lie beside the scenarios."""
        del settings
        packed = _archives(root)
        if packed and _data_of(root) is not None:
            yield (
                f"The game has {', '.join(packed)} too: where an archive holds the same files, the engine may read "
                "those. Take away the archive that was unpacked, or pack the translated files as patch.xp3, which many "
                "games read first."
            )


def _config(data: Path) -> dict[str, str]:
    """What the game's Config.tjs says of line ends."""
    for place in (data / "system" / "Config.tjs", data / "Config.tjs"):
        try:
            lines = lines_of(place.read_bytes())
        except OSError:
            continue
        found = _IGNORE_CR.search("\n".join(text for text, _ in lines or ()))
        if found is not None:
            return {"ignore_cr": "false" if found[1] in ("false", "0") else "true"}
    return {}


def _data_of(root: Path) -> Path | None:
    """The folder that scenarios lie in or under: `data`, or the root itself."""
    for place in (_child(root, "data"), root):
        if place is not None and (_engine_file(place) or _has_first(place)) and next(_scenarios(place), None):
            return place
    return None


def _engine_file(data: Path) -> bool:
    return any(_is_file(data, name) for name in _ENGINE_FILES) and _child(data, "tyrano") is None


def _has_first(data: Path) -> bool:
    """Whether KAG's first scenario is there, and nothing says that it is TyranoScript's."""
    home = data.parent if data.name.lower() == "data" else data
    if any(name.lower() in _NOT_OURS for name in names_in(home)):
        return False
    if not any(_is_file(data, name) for name in ("scenario/first.ks", "first.ks")):
        return False
    others = _child(data, "others")
    return not (_is_file(data, "system/keyconfig.js") or (others and _child(others, "plugin")) or names_project(data))


def _scenarios(data: Path) -> Iterator[Path]:
    """The scenario files under a folder in the order of their names, those of saved games left out."""
    pending = [data]
    while pending:
        folder = pending.pop()
        entries = [folder / name for name in sorted(names_in(folder), key=lambda name: natural(name.lower()))]
        yield from (entry for entry in entries if entry.suffix.lower() == ".ks" and is_file(entry))
        inner = [e for e in entries if is_dir(e) and not e.is_symlink() and e.name.lower() not in _SAVES]
        pending += reversed([one for one in inner if not one.name.startswith(".")])


def _archives(root: Path) -> list[str]:
    return [name for name in names_in(root) if name.lower().endswith(".xp3")]


def _child(folder: Path, name: str) -> Path | None:
    """The folder of this name in any case."""
    return next((folder / one for one in names_in(folder) if one.lower() == name and is_dir(folder / one)), None)


def _is_file(folder: Path, name: str) -> bool:
    """Whether there is a file of this path, written in small letters, in any case."""
    place: Path | None = folder
    *above, last = name.split("/")
    for part in above:
        place = None if place is None else _child(place, part)
    return place is not None and any(one.lower() == last and not is_dir(place / one) for one in names_in(place))


GAME: Game = KiriKiriGame()
