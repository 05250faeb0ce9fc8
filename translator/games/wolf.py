"""WOLF RPG Editor games: where their files are, in which order a player meets them, what is looked up by name.

A game has `Data/BasicData` (Game.dat, CommonEvent.dat, the databases) and `Data/MapData`, or archives: `Data.wolf` or
`Data/*.wolf`, which are encrypted (DXArchive, with keys that differ by version). Windows does not tell capital letters
from small ones in names, and games are packed and copied in either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.charset import can_encode, detect
from translator.core.document import Confidence, FormatError, FormatOptions
from translator.core.folders import head_of, is_dir, names_in
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.languages import LANGUAGES
from translator.formats.wolf.document import lacking
from translator.formats.wolf.facts import FieldFacts, write_fields
from translator.formats.wolf.graph import Graph
from translator.formats.wolf.opened import Opened, in_charset, open_file
from translator.formats.wolf.packing import FRAMES, Kind, is_encrypted, kind_of

FORMAT_ID = "wolf"

_DATABASES = ("database", "cdatabase", "sysdatabase")
_ARCHIVES = (".wolf", ".wolfx")
_PROGRAMS = ("game.exe", "gamepro.exe", "editor.exe", "editorpro.exe")
_PACKED = (
    "the game's data is packed into {names}; unpack it first: UberWolf (https://github.com/Sinflower/UberWolf) makes "
    "folders of the archives, and the game runs with those when the archives are moved away"
)
_ENCRYPTED = (
    "{names} is encrypted, as games made with the Pro version of the editor are; decrypt the game first: UberWolf or "
    "WolfTL (https://github.com/Sinflower) write its files unencrypted, and the game runs with them"
)
_SAMPLE = 200_000
_MOST_FILES = 100_000
_OTHER_PAGES = ("gb18030", "cp950")


class WolfGame:
    """The engine `wolf`."""

    info: ClassVar[GameInfo] = GameInfo(id="wolf", title="WOLF RPG Editor")

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from `Data`, `Data/BasicData`, `Data/MapData`, or from a file in one of these."""
        folder = path if is_dir(path) else path.parent
        for candidate in (folder.parent.parent, folder.parent, folder):
            data = _data_of(candidate)
            if data is not None and folder in (candidate, data, *_folders(data)):
                return _root_above(candidate, data)
        return folder if _archives(folder) else None

    def detect(self, root: Path) -> Confidence:
        """Certain where common events or Game.dat begin as the engine's do, or a program and an archive of its stand
        together; likely with an archive alone.
        """
        data = _data_of(root)
        if data is not None:
            names = _by_name(_basic(data))
            marks = ((Kind.COMMON_EVENTS, "commonevent.dat"), (Kind.GAME, "game.dat"))
            known = any(_fits(kind, names[name]) for kind, name in marks if name in names)
            return Confidence.CERTAIN if known else Confidence.LIKELY
        if not _archives(root):
            return Confidence.NONE
        return Confidence.CERTAIN if set(_by_name(root)) & set(_PROGRAMS) else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """Game.dat, the databases, the common events, the maps in the order of their names.

        Raises GameError for a game that is packed or encrypted.
        """
        data = _readable(root)
        found = _Reading(data)
        for path in found.paths:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            yield GameFile(
                relative,
                FORMAT_ID,
                FormatOptions(
                    name=PurePath(relative),
                    charset=found.charset,
                    target_language=settings.target_language,
                    settings=found.settings_for(path),
                ),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: fonts are the system's, or named in the game."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """That the game's code page cannot hold the language, and archives beside the folders, which may win."""
        data = _data_of(root)
        if data is None:
            return
        archives = [path.name for path in (*_archives(root), *_archives(data))]
        if archives:
            yield f"{', '.join(archives[:4])}: archives are not read; what is in them stays untranslated."
        language = LANGUAGES.get(settings.target_language)
        charset, _ = _charset(data)
        if language is not None and charset != "utf-8" and not can_encode(charset, language.code):
            yield lacking(charset, language.english)


@dataclass(frozen=True, slots=True)
class _Database:
    """What the `.project` of a database says: the fields as a setting, and by type and number."""

    setting: str
    fields: Mapping[tuple[int, int], FieldFacts]


class _Reading:
    """A game's files read once, one at a time: what is looked up by name in the whole of it."""

    def __init__(self, data: Path) -> None:
        self.paths = list(_paths(data))
        self.charset, read = _charset(data)
        self._databases: dict[str, _Database] = {}
        graph = Graph()
        for path in sorted(self.paths, key=lambda p: p.suffix.lower() != ".project"):
            known = read.pop(path, None)
            opened = in_charset(known, self.charset) if known else _opened(path, self.charset)
            if opened is None:
                continue
            stem = path.stem.lower()
            if opened.types:
                self._databases[stem] = _database(opened)
            database = self._databases.get(stem)
            graph.add(opened, stem, database.fields if database else {})
        self._graph = graph
        self._shared = graph.settings(_materials(data))

    def settings_for(self, path: Path) -> dict[str, str]:
        """The settings that the format reads for a file."""
        stem, found = path.stem.lower(), dict(self._shared)
        if path.suffix.lower() == ".project" and (names := self._graph.names_of(stem)):
            found["names"] = names
        elif stem in self._databases and path.suffix.lower() == ".dat":
            found["fields"] = self._databases[stem].setting
        return found


def _materials(data: Path) -> Iterator[str]:
    """The names of the game's pictures and sounds, up to a number that no game comes near."""
    folders, count = [path for path in _sorted(data) if path.name.lower() not in ("basicdata", "mapdata")], 0
    while folders and count < _MOST_FILES:
        path = folders.pop()
        if is_dir(path):
            if not path.is_symlink():
                folders += _sorted(path)
        elif "." in path.name:
            count += 1
            yield path.name


def _database(opened: Opened) -> _Database:
    types = [
        (opened.text(kind.name) or "", [(opened.text(field.name) or "", field.kind) for field in kind.fields])
        for kind in opened.types
    ]
    fields = {
        (number, place): FieldFacts(name, called, kind)
        for number, (name, rows) in enumerate(types)
        for place, (called, kind) in enumerate(rows)
    }
    return _Database(write_fields(types), fields)


def _opened(path: Path, charset: str) -> Opened | None:
    """A file read; None where it cannot be, which opening it says."""
    kind = kind_of(PurePath(path.name))
    try:
        return None if kind is None else open_file(path.read_bytes(), kind, charset)
    except (OSError, FormatError):
        return None


def _readable(root: Path) -> Path:
    """The data folder. Raises GameError where it is packed or encrypted."""
    data = _data_of(root)
    if data is None:
        archives = [path.name for path in _archives(root)] or [path.name for path in _archives(root / "Data")]
        if archives:
            raise GameError(_PACKED.format(names=", ".join(archives[:4])))
        raise GameError("there is no Data/BasicData folder of WOLF RPG Editor (Game.dat, CommonEvent.dat)")
    for path in _paths(data):
        kind = kind_of(PurePath(path.name))
        if kind is not None and kind not in (Kind.MAP, Kind.PROJECT) and is_encrypted(kind, _head(path)):
            raise GameError(_ENCRYPTED.format(names=path.name))
    return data


def _charset(data: Path) -> tuple[str, dict[Path, Opened]]:
    """UTF-8 where Game.dat or the common events say so; else the code page that the common events read best in.

    With the files that had to be read to tell.
    """
    read: dict[Path, Opened] = {}
    names = _by_name(_basic(data))
    for name, kind in (("commonevent.dat", Kind.COMMON_EVENTS), ("game.dat", Kind.GAME)):
        if name in names and FRAMES[kind].is_utf8(_head(names[name])):
            return "utf-8", read
    for name in ("commonevent.dat", "database.dat"):
        opened = _opened(names[name], "cp932") if name in names else None
        if opened is None:
            continue
        read[names[name]] = opened
        rows = (slot.raw(opened.contents.data) for slot in opened.slots)
        sample = b"\n".join(row for row in rows if not row.isascii())[:_SAMPLE]
        found = detect(sample, whole=False) if sample else None
        if found in _OTHER_PAGES:
            return found, read
    return "cp932", read


def _paths(data: Path) -> Iterator[Path]:
    """The files that hold text, or names that change with it."""
    names = _by_name(_basic(data))
    for name in ("game.dat", *(f"{stem}{end}" for stem in _DATABASES for end in (".project", ".dat"))):
        if name in names:
            yield names[name]
    for name in ("commonevent.dat", "tilesetdata.dat"):
        if name in names and not (name == "tilesetdata.dat" and _says_utf8(names[name])):
            yield names[name]
    for folder in _maps(data):
        yield from (path for path in _sorted(folder) if path.suffix.lower() == ".mps")


def _says_utf8(path: Path) -> bool:
    """Whether it is a file of version 3, whose tile sets hold nothing that changes."""
    return FRAMES[Kind.TILE_SETS].is_utf8(_head(path))


def _maps(data: Path) -> list[Path]:
    found = _by_name(data)
    folder = found.get("mapdata")
    if folder is not None and is_dir(folder):
        return [folder, *(path for path in _sorted(folder) if is_dir(path))]
    return [data]


def _folders(data: Path) -> list[Path]:
    return [_basic(data), *_maps(data)]


def _basic(data: Path) -> Path:
    return _by_name(data).get("basicdata", data)


def _data_of(root: Path) -> Path | None:
    """The folder that holds BasicData (or its files): `Data` in any case, or the root itself."""
    inside = _by_name(root)
    for candidate in (inside.get("data"), root):
        if candidate is not None and is_dir(candidate):
            names = set(_by_name(_basic(candidate)))
            if names & {"commonevent.dat", "game.dat"} and (
                names & {"database.dat", "cdatabase.dat", "sysdatabase.dat"}
            ):
                return candidate
    return None


def _root_above(candidate: Path, data: Path) -> Path:
    """The root is the folder around `Data`."""
    if candidate == data and data.name.lower() == "data" and _data_of(data.parent) == data:
        return data.parent
    return candidate


def _archives(folder: Path) -> list[Path]:
    """The engine's archives in a folder, or in its Data folder."""
    inside = _by_name(folder)
    found = [path for name, path in inside.items() if name.endswith(_ARCHIVES)]
    if not found and "data" in inside and is_dir(inside["data"]):
        found = [path for name, path in _by_name(inside["data"]).items() if name.endswith(_ARCHIVES)]
    return found


def _fits(kind: Kind, path: Path) -> bool:
    head = _head(path)
    return FRAMES[kind].fits(head) or is_encrypted(kind, head)


def _head(path: Path) -> bytes:
    return head_of(path, 64)


def _by_name(folder: Path) -> dict[str, Path]:
    """What is in a folder, by its name in small letters."""
    return {path.name.lower(): path for path in reversed(_sorted(folder))}


def _sorted(folder: Path) -> list[Path]:
    return [folder / name for name in sorted(names_in(folder), key=lambda name: (name.lower(), name))]


GAME: Game = WolfGame()
