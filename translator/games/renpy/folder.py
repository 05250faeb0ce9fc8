"""The folder of a Ren'Py game: where its scripts are, in which order they are loaded, what is compiled or packed."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from translator.core.document import FormatError
from translator.core.folders import is_dir, is_file, text_of
from translator.core.order import natural
from translator.games.renpy.archives import Stored, files_in

SCRIPTS = (".rpy", ".rpym")
COMPILED = (".rpyc", ".rpymc")
ARCHIVES = (".rpa", ".rpi")
_VERSION = re.compile(r"version\s*=\s*u?['\"](\d+)\.(\d+)|\(\s*(\d+)\s*,\s*(\d+)")
_SEEN = 20_000
"""Entries of a folder that are looked at to tell whether it is a game."""


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a game by kind: paths under the root, in the order in which the engine loads them.

    translated: scripts in `game/tl/`. compiled: those without their source beside them, and archives, which are not
    read. stored: compiled scripts that are read, by the path that their source would have (it is among scripts and
    translated). broken: archives that cannot be read, and why.
    """

    scripts: tuple[PurePosixPath, ...]
    translated: tuple[PurePosixPath, ...]
    compiled: tuple[PurePosixPath, ...]
    archives: tuple[PurePosixPath, ...]
    common: tuple[PurePosixPath, ...]
    stored: Mapping[PurePosixPath, Stored] = field(default_factory=dict[PurePosixPath, Stored])
    broken: tuple[tuple[PurePosixPath, str], ...] = ()


def root_of(path: Path) -> Path | None:
    """The root of the game that a path belongs to; its scripts are in the folder `game` of it."""
    if is_root(path):
        return path
    inside = path / "Contents" / "Resources" / "autorun"
    if path.suffix == ".app" and is_root(inside):
        return inside
    for above in (path, *path.parents):
        if above.name == "game" and is_root(above.parent):
            return above.parent
    return None


def is_root(path: Path) -> bool:
    """Whether a folder holds a game: `game` with scripts, compiled scripts or archives of them."""
    game = path / "game"
    if not is_dir(game):
        return False
    try:
        seen = itertools.islice(_walk(game), _SEEN)
        return any(path.suffix.lower() in (*SCRIPTS, *COMPILED, ".rpa") for path in seen)
    except OSError:
        return False  # what cannot be looked into cannot be told from any other folder


def has_engine(root: Path) -> bool:
    """Whether the engine's own files are there, or those that its launcher puts into every game."""
    game = root / "game"
    if is_dir(root / "renpy" / "common") or is_file(game / "script_version.txt"):
        return True
    usual = [game / f"{name}{end}" for name in ("script", "options", "gui") for end in (".rpy", ".rpyc")]
    return sum(1 for path in usual if is_file(path)) > 1


def engine_version(root: Path) -> tuple[int, int] | None:
    """The version of the engine that a game comes with or was built for; None where nothing tells."""
    for name in ("renpy/vc_version.py", "game/script_version.txt"):
        match = _VERSION.search(text_of(root / name))
        if match:
            major, minor = match.group(1, 2) if match[1] else match.group(3, 4)
            return int(major), int(minor)
    return None


def find(root: Path, *, compiled: bool = False) -> Found:
    """All files of a game; raises OSError for a folder that cannot be read.

    compiled: compiled scripts and archives are read too.
    """
    walked = (PurePosixPath(path.relative_to(root).as_posix()) for path in _walk(root / "game"))
    relative = sorted(walked, key=_in_order)
    sources = [path for path in relative if is_script(path)]
    known = {path.as_posix() + "c" for path in sources} | {
        path.as_posix()[: -len("_ren.py")] + ".rpyc" for path in sources if path.name.endswith("_ren.py")
    }
    alone = [path for path in relative if path.suffix.lower() in COMPILED and path.as_posix() not in known]
    archives = [path for path in relative if path.suffix.lower() in ARCHIVES]
    stored: dict[PurePosixPath, Stored] = {}
    broken: list[tuple[PurePosixPath, str]] = []
    if compiled:
        stored = {path.with_suffix(path.suffix[:-1]): Stored(path.as_posix(), root / path) for path in alone}
        packed, broken = _packed(root, archives)
        stored = packed | stored  # the engine takes what lies in the folder before what is in archives
        stored = {path: one for path, one in stored.items() if path.as_posix() + "c" not in known}
    sources = sorted([*sources, *stored], key=_in_order)
    own = [path for path in sources if not _translates(path)]
    own.sort(key=lambda path: path.suffix == ".rpym")  # modules are loaded when a script asks for them
    common = root / "renpy" / "common"
    return Found(
        scripts=tuple(own),
        translated=tuple(path for path in sources if _translates(path) and path.suffix == ".rpy"),
        compiled=() if compiled else tuple(alone),
        archives=() if compiled else tuple(archives),
        common=tuple(
            PurePosixPath(path.relative_to(root).as_posix()) for path in sorted(_walk(common)) if is_script(path)
        )
        if is_dir(common)
        else (),
        stored=stored,
        broken=tuple(broken),
    )


def state_of(root: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a game is still as it was read: the names, sizes and times of the files that are read."""
    found: list[tuple[str, int, int]] = []
    for folder in (root / "game", root / "renpy" / "common"):
        for path in _walk(folder) if is_dir(folder) else ():
            if is_script(path) or path.suffix.lower() in (*COMPILED, *ARCHIVES) or path.name == "script_version.txt":
                of = path.stat()
                found.append((str(path), of.st_size, of.st_mtime_ns))
    return tuple(sorted(found))


def _packed(
    root: Path, archives: Sequence[PurePosixPath]
) -> tuple[dict[PurePosixPath, Stored], list[tuple[PurePosixPath, str]]]:
    """The compiled scripts in archives (`Script.scan_script_files` leaves sources there), and archives that cannot be
    read. Only archives right in `game` count, the last one by name first.
    """
    found: dict[PurePosixPath, Stored] = {}
    broken: list[tuple[PurePosixPath, str]] = []
    indexes = {path.with_suffix("") for path in archives if path.suffix == ".rpi"}
    for archive in sorted(one for one in archives if one.parent == PurePosixPath("game")):
        if archive.suffix == ".rpa" and archive.with_suffix("") in indexes:
            continue  # the data that an index of version 1 is for
        try:
            for name, stored in files_in(root / archive, archive.as_posix()):
                inside = PurePosixPath(name)
                if inside.suffix in COMPILED and not inside.is_absolute() and ".." not in inside.parts:
                    path = PurePosixPath("game") / inside
                    found[path.with_suffix(path.suffix[:-1])] = stored
        except FormatError as error:
            broken.append((archive, str(error)))
    return found, broken


def is_script(path: Path | PurePosixPath) -> bool:
    """Whether a file is a script that the engine reads as text."""
    return path.suffix in SCRIPTS or path.name.endswith("_ren.py")


def translation_path(script: PurePosixPath, language: str) -> PurePosixPath:
    """Where the engine's generator puts the translation of a script (`game/a/b.rpy`: `game/tl/<language>/a/b.rpy`)."""
    inside = script.relative_to("game").as_posix()
    if inside.endswith("_ren.py"):
        inside = inside[: -len("_ren.py")] + ".rpy"
    elif inside.endswith(".rpym"):
        inside = inside[:-1]
    return PurePosixPath("game", "tl", language, inside)


def reading_order(scripts: Sequence[PurePosixPath]) -> list[PurePosixPath]:
    """Scripts as a player meets them, as far as names tell: `script.rpy` first, then the others, screens last."""
    last = {"screens": 1, "gui": 2, "options": 3}

    def key(path: PurePosixPath) -> tuple[object, ...]:
        rank = last.get(path.stem, 0)
        first = path.as_posix() != "game/script.rpy"
        return (rank, first, natural(path.as_posix()))

    return sorted(scripts, key=key)


def _translates(path: PurePosixPath) -> bool:
    return path.parts[1:2] == ("tl",)


def _in_order(path: PurePosixPath) -> tuple[int, str, str]:
    return _loaded(path.relative_to("game").as_posix())


def _loaded(name: str) -> tuple[int, str, str]:
    """The engine's order (`Script.sort_script_files`), which decides who gets an identifier first."""
    priority = 0 if name.startswith("libs/") else 2 if name.startswith("mods/") else 1
    parts = name.split("/")
    key = name if priority == 1 else "/".join(parts[2:]) if len(parts) > 2 else parts[1]  # noqa: PLR2004
    return (priority * 2 + (name >= "A"), key, name)


def _walk(folder: Path) -> Iterator[Path]:
    """The files under a folder; linked folders and hidden ones are left out, unreadable ones raise OSError."""
    folders = [folder]
    while folders:
        here = folders.pop()
        for entry in sorted(here.iterdir()):
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if not entry.is_symlink() and entry.name not in ("cache", "saves", "__pycache__"):
                    folders.append(entry)
            elif entry.is_file():
                yield entry
