"""Godot games whose project is at hand (`project.godot`): their translation tables in CSV.

The project lists the translations that the editor made of each table (`res://texts.ja.translation` of `texts.csv`);
a table's `.import` file says how it is parted (0: comma, 1: semicolon, 2: tab; read in the engine's source). A game
that was exported has only a pack (`.pck`, or one inside its program) with those, which is no place to write to.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import head_of, is_file, names_in, text_of, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.formats import HEAD_SIZE
from translator.formats.godot_csv import FORMAT

FORMAT_ID = FORMAT.info.id
PROJECT = "project.godot"
_DELIMITERS = {"0": ",", "1": ";", "2": "\t"}
_DELIMITER = re.compile(r"^delimiter=(\d)\s*$", re.MULTILINE)
_LISTED = re.compile(r'"res://([^"]+?)\.[A-Za-z_]+\.translation"')
_PO = re.compile(r'"res://[^"]+\.po"')
_PACK = b"GDPC"
_LEFT_OUT = frozenset({"addons", "android", "build", "node_modules"})
_LEVELS = 13


class GodotGame:
    """The engine `godot`."""

    info: ClassVar[GameInfo] = GameInfo(id="godot", title="Godot (translation tables)")

    def locate(self, path: Path) -> Path | None:
        """The nearest folder upwards with the project's file (or a pack), at most twelve above."""
        folder, *above = upwards(path, _LEVELS)
        found = next((place for place in (folder, *above) if is_file(place / PROJECT)), None)
        return found or (folder if _packs(folder) else None)

    def detect(self, root: Path) -> Confidence:
        """Certain by the project's file, or by a pack."""
        return Confidence.CERTAIN if is_file(root / PROJECT) or _packs(root) else Confidence.NONE

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The tables: those that the project lists first, then the others in it. Raises GameError."""
        if not is_file(root / PROJECT):
            packs = _packs(root)
            if packs:
                raise GameError(
                    f"the game is packed ({packs[0].name}); recover its project first (for example with GDRE Tools) "
                    "and point at the folder with project.godot"
                )
            raise GameError(f"there is no {PROJECT}")
        tables = list(_tables(root))
        if not tables:
            raise GameError("the project has no translation table (a CSV file whose first row names locales)")
        for table in tables:
            path = PurePosixPath(table.relative_to(root).as_posix())
            options = {"source": settings.source_language}
            delimiter = _delimiter(table)
            if delimiter is not None:
                options["delimiter"] = delimiter
            opening = FormatOptions(name=PurePath(path), target_language=settings.target_language, settings=options)
            yield GameFile(path, FORMAT_ID, opening)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """That the editor must import the tables anew, and that PO files are left alone."""
        del settings
        yield "Open the project in the Godot editor once after the translation: it makes its own files of the tables."
        if _PO.search(text_of(root / PROJECT)):
            yield "The project also has translations in PO files, which are not read."


def _packs(folder: Path) -> list[Path]:
    """The packs in a folder, by their first bytes."""
    packs = (folder / name for name in names_in(folder) if name.endswith(".pck"))
    return [path for path in packs if head_of(path, len(_PACK)) == _PACK]


def _tables(root: Path) -> Iterator[Path]:
    listed = {name: number for number, name in enumerate(dict.fromkeys(_LISTED.findall(text_of(root / PROJECT))))}
    found = [path for path in _csv_files(root) if _is_table(path)]

    def order(path: Path) -> tuple[int, str]:
        name = path.relative_to(root).with_suffix("").as_posix()
        return listed.get(name, len(listed)), name

    yield from sorted(found, key=order)


def _csv_files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _LEFT_OUT)
        yield from (Path(folder) / name for name in sorted(names) if name.lower().endswith(".csv"))


def _is_table(path: Path) -> bool:
    return FORMAT.sniff(PurePath(path.name), head_of(path, HEAD_SIZE)) is not Confidence.NONE


def _delimiter(table: Path) -> str | None:
    found = _DELIMITER.search(text_of(table.with_name(table.name + ".import")))
    return _DELIMITERS.get(found[1]) if found else None


GAME: Game = GodotGame()
"""The engine's entry for the registry."""
