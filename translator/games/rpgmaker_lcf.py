"""RPG Maker 2000 and 2003 games: where their files are and in which order, their code page, their heroes.

The engine finds its files without regard to case, so they are looked for so here. The code page is RPG_RT.ini's entry
`Encoding` (EasyRPG's), else the one that the texts of all files read best in.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatError, FormatOptions
from translator.core.folders import is_dir, is_file, names_in
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.rpgmaker_settings import written
from translator.formats.rpgmaker_lcf.codepage import codec
from translator.formats.rpgmaker_lcf.facts import COLUMNS
from translator.formats.rpgmaker_lcf.ini import encoding_of, is_ini, title_of
from translator.formats.rpgmaker_lcf.sample import Sample

FORMAT_ID = "rpgmaker_lcf"

_DATABASE, _TREE, _INI, _PROGRAM = "rpg_rt.ldb", "rpg_rt.lmt", "rpg_rt.ini", "rpg_rt.exe"
_MAP = re.compile(r"map(\d{4})\.lmu")
_FOLDERS = frozenset(
    {
        "backdrop", "battle", "battle2", "battlecharset", "battleweapon", "charset", "chipset", "faceset", "frame",
        "gameover", "monster", "movie", "music", "panorama", "picture", "sound", "system", "system2", "title",
    }
)  # fmt: skip
"""The engine's folders of graphics and sounds."""


class RpgMakerLcfGame:
    """The engine `rpgmaker_lcf`."""

    info: ClassVar[GameInfo] = GameInfo(id="rpgmaker_lcf", title="RPG Maker 2000/2003")

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from a file in it, or from one of its folders of graphics and sounds."""
        folder = path if is_dir(path) else path.parent
        if _is_game(_names(folder)):
            return folder
        above = folder.parent
        return above if folder.name.lower() in _FOLDERS and _is_game(_names(above)) else None

    def detect(self, root: Path) -> Confidence:
        """Certain with the database beside its program, its ini or its map tree; likely with the database, with maps,
        or with the program alone.
        """
        names = _names(root)
        if not _is_game(names):
            return Confidence.NONE
        if _DATABASE in names and names.keys() & {_TREE, _INI, _PROGRAM}:
            return Confidence.CERTAIN
        return Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The title and the database first, so that names are known, then the maps in the order of the editor's tree,
        and the tree, which has to be in the same code page. Raises GameError.
        """
        names = _names(root)
        maps = {int(found[1]): names[name] for name in names if (found := _MAP.fullmatch(name))}
        if _DATABASE not in names and not maps:
            what = "RPG_RT.exe is here, but no RPG_RT.ldb: the game is packed into its program"
            if _PROGRAM not in names:
                what = "there is no RPG_RT.ldb and no map (Map0001.lmu)"
            raise GameError(f"{what}; unpack it first, so that RPG_RT.ldb and the maps stand beside it")
        readable = [names[name] for name in (_DATABASE, _TREE) if name in names]
        sample = _sample([*readable, *(maps[number] for number in sorted(maps))])
        ini = _read(names)
        sample.own.append(title_of(ini))
        charset = _named(ini) or sample.codec(settings.source_language)
        facts = _settings(sample, charset, settings)
        place = {number: index for index, number in enumerate(sample.order)}
        ordered = [names[name] for name in (_INI, _DATABASE) if name in names and _holds(names[name])]
        ordered += [maps[number] for number in sorted(maps, key=lambda n: (place.get(n, len(place)), n))]
        ordered += [names[_TREE]] if _TREE in names else []
        for path in ordered:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            yield GameFile(
                relative,
                FORMAT_ID,
                FormatOptions(
                    name=PurePath(relative),
                    charset=charset,
                    target_language=settings.target_language,
                    settings=facts,
                ),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: fonts are the system's, or EasyRPG's own."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """None beside those of the files: what becomes of the code page depends on the options that they are opened
        with.
        """
        del root, settings
        return iter(())


def _settings(sample: Sample, charset: str, settings: GameSettings) -> dict[str, str]:
    """The settings that the format reads."""
    actors = {number: name for number, raw in sample.actors.items() if (name := _decoded(raw, charset))}
    names = dict.fromkeys(name for raw in sample.names if (name := _decoded(raw, charset)))
    facts = COLUMNS.at(settings.width).written() | written(actors, names)
    targets = " ".join(map(str, sorted(sample.targets)))
    return facts | {"targets": targets} if targets else facts


def _decoded(raw: bytes, charset: str) -> str:
    """A name, "" where it is none."""
    name = raw.decode(charset, "ignore")
    return name if name.strip() and "\n" not in name else ""


def _sample(paths: Iterable[Path]) -> Sample:
    sample = Sample()
    for path in paths:
        with contextlib.suppress(OSError, FormatError):  # opening it says why it cannot be read
            sample.add(path.read_bytes())
    return sample


def _read(names: dict[str, Path]) -> bytes:
    """RPG_RT.ini, b"" where there is none."""
    with contextlib.suppress(KeyError, OSError):  # opening it says why it cannot be read
        return names[_INI].read_bytes()
    return b""


def _named(ini: bytes) -> str | None:
    """The code page that RPG_RT.ini names."""
    with contextlib.suppress(FormatError):  # a page that is none is the Player's to ignore
        named = encoding_of(ini)
        return codec(named) if named else None
    return None


def _holds(path: Path) -> bool:
    """Whether a file is worth opening: an RPG_RT.ini without the engine's section has no title."""
    if path.name.lower() != _INI:
        return True
    try:
        return is_ini(path.read_bytes())
    except OSError:
        return True


def _is_game(names: dict[str, Path]) -> bool:
    if names.keys() & {_DATABASE, _PROGRAM}:
        return True
    return _TREE in names and any(_MAP.fullmatch(name) for name in names)


def _names(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in lower case; none where it cannot be read."""
    return {name.lower(): path for name in names_in(folder) if is_file(path := folder / name)}


GAME: Game = RpgMakerLcfGame()
