"""RPG Maker XP, VX and VX Ace games: where their files are, in which order a player meets them, who their people are.

The engines read `Data/` beside the game's program, or an encrypted archive (`Game.rgssad`, `.rgss2a`, `.rgss3a`), which
they prefer where it is there. MapInfos' `order` is the position in the editor's tree of maps.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.charset import can_encode
from translator.core.collector import collector_paused
from translator.core.document import Confidence, FormatError, FormatOptions
from translator.core.folders import is_dir, is_file, names_in
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.core.languages import language
from translator.core.rpgmaker_settings import written
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_values import Marshalled, RubyArray, RubyHash, RubyObject, RubyString, Value
from translator.formats.rpgmaker_rgss.facts import WINDOWS, Window
from translator.formats.rpgmaker_rgss.kinds import Engine
from translator.formats.rpgmaker_rgss.texts import UTF8, Texts, detect_raw

FORMAT_ID = "rpgmaker_rgss"

_DATABASE = (
    "System", "Actors", "Classes", "Skills", "Items", "Weapons", "Armors", "Enemies", "States",
    "CommonEvents", "Troops",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Version:
    """An engine: what its data files, its project and its archives end in; whether strings say their charset."""

    engine: Engine
    title: str
    data: str
    project: str
    archive: str
    own_charset: bool


_VERSIONS = (
    _Version(Engine.ACE, "VX Ace", ".rvdata2", ".rvproj2", ".rgss3a", own_charset=True),
    _Version(Engine.VX, "VX", ".rvdata", ".rvproj", ".rgss2a", own_charset=False),
    _Version(Engine.XP, "XP", ".rxdata", ".rxproj", ".rgssad", own_charset=False),
)
_LIBRARY = re.compile(rb"^\s*Library\s*=.*RGSS\d", re.IGNORECASE | re.MULTILINE)
_SCRIPTS = re.compile(rb"^\s*Scripts\s*=.*Scripts(\.r[vx]data2?)\s*$", re.IGNORECASE | re.MULTILINE)
_RENAME = b"i\x02\x40\x01"
"""The number 320 as Marshal writes it: an event that gives an actor a name."""
_RENAME_CODE = 320
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class _Data:
    """A game's data folder (None: it has only an archive), its engine, and its archive, if there is one."""

    folder: Path | None
    version: _Version
    archive: Path | None


class RpgMakerRgssGame:
    """The engine `rpgmaker_rgss`."""

    info: ClassVar[GameInfo] = GameInfo(id="rpgmaker_rgss", title="RPG Maker XP/VX/VX Ace")

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from `Data/` in it, or from a file in either.

        The root of a lone data folder is the folder that holds it if it is called `Data`, else itself.
        """
        folder = path if is_dir(path) else path.parent
        if _version_of(folder) is not None:
            return folder.parent if folder.name.lower() == "data" else folder
        return folder if _find(folder) is not None else None

    def detect(self, root: Path) -> Confidence:
        """Certain where the engine's own files lie around the data folder, likely with the data alone."""
        found = _find(root)
        if found is None:
            return Confidence.NONE
        if found.archive is not None:
            return Confidence.CERTAIN
        home = root if found.folder != root else root.parent
        known = any(name.endswith((".rvproj2", ".rvproj", ".rxproj")) for name in names_in(home))
        return Confidence.CERTAIN if known or _LIBRARY.search(_ini(home)) else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """System and the database first, so that names are known, then the events that run anywhere, the maps in the
        order of the editor's tree, the scripts. Raises GameError when there is no data folder, or only an archive.
        """
        found = _find(root)
        if found is None:
            raise GameError("there is no data folder of RPG Maker XP, VX or VX Ace (Data/System.rvdata2)")
        if found.folder is None:
            raise GameError(_packed(found))
        paths = list(_files(found.folder, found.version))
        facts = _read_facts(found.version, paths)
        options = _settings(facts, WINDOWS[found.version.engine], settings)
        for path in paths:
            relative = PurePosixPath(path.relative_to(root).as_posix())
            yield GameFile(
                relative,
                FORMAT_ID,
                FormatOptions(
                    name=PurePath(relative),
                    charset=facts.charset,
                    output_charset=UTF8 if _lacks(facts.charset, settings) else None,
                    target_language=settings.target_language,
                    settings=options,
                ),
            )

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: the fonts are the player's or the game's own."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """That an archive hides the files, that the charset changes, and that the fonts may lack the language."""
        found = _find(root)
        if found is None or found.folder is None:
            return
        charset = None if found.version.own_charset else _charset(_files(found.folder, found.version))
        if _lacks(charset, settings):
            yield (
                f"The game's texts are {charset}, which cannot hold {language(settings.target_language).english}: all "
                "files, the scripts too, are written as utf-8, which the engine reads, or as --output-charset says."
            )
        if found.archive is not None:
            yield (
                f"{found.archive.name} is beside the data folder: the engine reads the archive and not the folder, so "
                "move it away from the translated game."
            )
        if settings.target_language != settings.source_language:
            yield (
                "The fonts stay: the scripts name them (Font.default_name), and characters that they lack are drawn "
                "with another font of the player's system, or as boxes."
            )


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the data folder says: actors by id, all names, the charset of strings that do not say theirs."""

    actors: Mapping[int, str]
    names: tuple[str, ...]
    charset: str | None


def _packed(found: _Data) -> str:
    name = found.archive.name if found.archive else ""
    return (
        f"the game's files are in {name}, an encrypted archive of RPG Maker {found.version.title}; unpack it first "
        f"with a tool such as rvpacker-txt-rs or RPG Maker Decrypter, so that Data/System{found.version.data} is "
        f"beside it, and move {name} away: the engine reads it in preference to the folder"
    )


def _lacks(charset: str | None, settings: GameSettings) -> bool:
    """Whether the texts' charset cannot hold the target language."""
    return charset is not None and not can_encode(charset, settings.target_language)


def _settings(facts: _Facts, window: Window, settings: GameSettings) -> dict[str, str]:
    """The settings that the format reads."""
    columns = {} if settings.width is None else window.columns.at(settings.width).written()
    return columns | written(facts.actors, facts.names)


def _read_facts(version: _Version, paths: Iterable[Path]) -> _Facts:
    charset = None if version.own_charset else _charset(paths)
    options = FormatOptions(charset=charset or UTF8)
    actors: dict[int, str] = {}
    names: dict[str, None] = {}
    for path in paths:
        stem = path.stem
        if stem != "Actors" and not stem.startswith(("Map", "CommonEvents", "Troops")):
            continue
        with contextlib.suppress(OSError, FormatError):  # opening it says why it cannot be read
            blob = path.read_bytes()
            if stem == "Actors":
                read = _parsed(blob)
                actors = dict(_actors(read, Texts(read, options)))
            elif _RENAME in blob:
                read = _parsed(blob)
                names |= dict.fromkeys(_new_names(read, Texts(read, options)))
    known = dict.fromkeys(name for name in actors.values() if "\n" not in name)
    return _Facts(actors, tuple(known | names), charset)


def _charset(paths: Iterable[Path]) -> str | None:
    """The charset of the strings of all files together."""
    sample: list[bytes] = []
    size = 0
    for path in paths:
        if path.stem == "Scripts" or size > _SAMPLE:
            continue
        with contextlib.suppress(OSError, FormatError):  # opening it says why it cannot be read
            read = _parsed(path.read_bytes())
            texts = [read.raw(node) for node in read.objects if isinstance(node, RubyString)]
            sample += (text for text in texts if not text.isascii())
            size = sum(map(len, sample))
    return detect_raw(sample)


def _parsed(blob: bytes) -> Marshalled:
    with collector_paused():
        return read_marshal(blob)


def _actors(read: Marshalled, texts: Texts) -> Iterator[tuple[int, str]]:
    for index, actor in enumerate(read.root.items if isinstance(read.root, RubyArray) else ()):
        name = _text(_field(actor, "@name"), texts)
        if name.strip():
            yield index, name


def _new_names(read: Marshalled, texts: Texts) -> Iterator[str]:
    """The names that events give to actors (command 320)."""
    for node in read.objects:
        if isinstance(node, RubyObject) and node.fields.get("@code") == _RENAME_CODE:
            parameters = node.fields.get("@parameters")
            if isinstance(parameters, RubyArray) and len(parameters.items) > 1:
                name = _text(parameters.items[1], texts)
                if name.strip() and "\n" not in name:
                    yield name


def _field(value: Value, name: str) -> Value:
    return value.fields.get(name) if isinstance(value, RubyObject) else None


def _text(value: Value, texts: Texts) -> str:
    return (texts.read(value) if isinstance(value, RubyString) else None) or ""


def _files(data: Path, version: _Version) -> Iterator[Path]:
    """The files that hold text, in the order in which they are read."""
    for name in _DATABASE:
        if is_file(data / f"{name}{version.data}"):
            yield data / f"{name}{version.data}"
    pattern = re.compile(r"Map(\d{3,})" + re.escape(version.data))
    maps = {int(found[1]): data / name for name in names_in(data) if (found := pattern.fullmatch(name))}
    order = _map_order(data / f"MapInfos{version.data}")
    for number in sorted(maps, key=lambda n: (order.get(n, len(order) + 1), n)):
        if is_file(maps[number]):
            yield maps[number]
    if is_file(data / f"Scripts{version.data}"):
        yield data / f"Scripts{version.data}"


def _map_order(path: Path) -> dict[int, int]:
    """Each map's place in the editor's tree; those that it does not name come last, by their numbers."""
    places: list[tuple[int, int]] = []
    with contextlib.suppress(OSError, FormatError):  # nothing is read of it but the order
        root = read_marshal(path.read_bytes()).root
        if isinstance(root, RubyHash):
            for number, info in root.pairs():
                order = _field(info, "@order")
                if isinstance(number, int):
                    places.append((order if isinstance(order, int) else 0, number))
    return {number: place for place, (_, number) in enumerate(sorted(places))}


def _find(root: Path) -> _Data | None:
    """The data of a root: in its `Data`, in itself, or in an archive."""
    names = names_in(root)
    archive, packed = _archive(root, names)
    folders = [root / name for name in names if name.lower() == "data"]
    for folder in (*folders, root):
        version = _version_of(folder, _ini(root))
        if version is not None:
            return _Data(folder, version, archive if packed is version else None)
    return _Data(None, packed, archive) if archive is not None and packed is not None else None


def _archive(root: Path, names: Iterable[str]) -> tuple[Path | None, _Version | None]:
    for version in _VERSIONS:
        for name in names:
            if name.lower().endswith(version.archive) and is_file(root / name):
                return root / name, version
    return None, None


def _version_of(folder: Path, ini: bytes = b"") -> _Version | None:
    """The engine of a data folder: it has its System, or a map and the map list or actors.

    Of a folder that was converted and has files of several, it is the one that Game.ini names, else the newest.
    """
    names = set(names_in(folder))
    found = [version for version in _VERSIONS if _is_data(names, version.data)]
    named = _SCRIPTS.search(ini)
    chosen = [version for version in found if named and version.data == named[1].decode().lower()]
    return next(iter(chosen or found), None)


def _is_data(names: set[str], suffix: str) -> bool:
    others = {f"{name}{suffix}" for name in ("Actors", "CommonEvents", "MapInfos", "Map001", "Scripts")}
    if f"System{suffix}" in names and names & others:
        return True
    return f"Map001{suffix}" in names and bool(names & {f"MapInfos{suffix}", f"Actors{suffix}"})


def _ini(root: Path) -> bytes:
    for name in names_in(root):
        if name.lower() == "game.ini":
            with contextlib.suppress(OSError):  # it only helps to tell the engines apart
                return (root / name).read_bytes()[:65536]
    return b""


GAME: Game = RpgMakerRgssGame()
