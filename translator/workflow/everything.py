"""All that can be read in a folder, whatever it is: several games, books, subtitles and tables side by side."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath, PurePosixPath

from translator.core.document import Confidence, FormatOptions
from translator.formats import all_formats, claims
from translator.workflow.errors import InputError
from translator.workflow.inputs import (
    InputFile,
    find_source,
    games_at,
    head,
    is_result,
    named,
    natural,
    wanted,
)
from translator.workflow.options import InputOptions, Kind


@dataclass(slots=True)
class Everything:
    """The files to look at, in order. broken: games that cannot be read as they are, each with the reason. others:
    how many files are of no known format.
    """

    files: list[InputFile] = field(default_factory=list[InputFile])
    broken: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    unreadable: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    others: int = 0


def find_everything(given: InputOptions) -> Everything:
    """What a path holds. Of a file, or where the user said what it is, what a translating command would read; of a
    folder, each game in it, and all other files that some format claims. Raises InputError where that is nothing.
    """
    source_language = given.source or "ja"
    if given.kind is not None or given.engine is not None or not given.path.is_dir():
        source = find_source(given, source=source_language, target=None)
        return Everything(list(source.files), unreadable=list(source.unreadable))
    top = given.path.expanduser().absolute()
    found = Everything()
    alone = _game(found, given, top, source_language, top=True)
    if not alone or any(file.absolute.is_relative_to(top) for file in found.files):
        _walk(found, given, top, source_language, inside=alone)
    if not (found.files or found.broken or found.unreadable):
        find_source(given, source=source_language, target=None)  # says what is missing
    return found


def _game(found: Everything, given: InputOptions, folder: Path, language: str, *, top: bool) -> bool:
    """Add the files of the game whose root this folder is; of those that fit equally well, of all. Whether there is
    one.
    """
    fitting = [claim for claim in games_at(folder) if top or claim[2] == folder]
    best = [claim for claim in fitting if claim[0] == fitting[0][0]]
    known = {(file.absolute, file.format) for file in found.files}
    for _, game, root in best:
        options = replace(given, path=folder, engine=game.info.id, kind=Kind.GAME, include=(), exclude=())
        try:
            source = find_source(options, source=language, target=None)
        except InputError as error:
            found.broken.append((named(_relative(root, given)), str(error)))
            continue
        new = (file for file in source.files if (file.absolute, file.format) not in known)
        placed = (replace(file, path=PurePosixPath(_relative(file.absolute, given).as_posix())) for file in new)
        found.files += (file for file in placed if wanted(file.path, given))
    return bool(best)


def _relative(path: Path, given: InputOptions) -> Path:
    top = given.path.expanduser().absolute()
    return path.relative_to(top) if path.is_relative_to(top) else Path(os.path.relpath(path, top))


def _walk(found: Everything, given: InputOptions, top: Path, language: str, *, inside: bool) -> None:
    """Look through all folders. inside: `top` belongs to a game; in folders of a game only sure claims count."""
    games = {top} if inside else set[Path]()
    for name, folders, names in os.walk(top, onerror=lambda error: _denied(found, given, error)):
        folder = Path(name)
        folders[:] = sorted((each for each in folders if not is_result(folder / each)), key=natural)
        within = any(above in games for above in (folder, *folder.parents))
        if not within and _game(found, given, folder, language, top=False):
            games.add(folder)
            within = True
        taken = {file.absolute for file in found.files}
        for file in sorted(names, key=natural):
            path = folder / file
            if path not in taken and path.is_file():
                _file(found, given, path, Confidence.LIKELY if within else Confidence.MAYBE)


def _denied(found: Everything, given: InputOptions, error: OSError) -> None:
    path = Path(error.filename)
    found.unreadable.append((named(_relative(path, given)), f"{path}: {error.strerror or error}"))


def _file(found: Everything, given: InputOptions, path: Path, least: Confidence) -> None:
    relative = PurePosixPath(_relative(path, given).as_posix())
    if not wanted(relative, given):
        return
    known = path.suffix.lower() in _suffixes()
    claimed = claims(PurePath(relative), head(path, single=False))[:1] if known else []
    if not claimed or claimed[0][0] < least:
        found.others += 1
        return
    options = FormatOptions(name=PurePath(relative), charset=given.charset, settings=given.settings)
    found.files.append(InputFile(path, relative, claimed[0][1].info.id, options))


@cache
def _suffixes() -> frozenset[str]:
    """The endings of the names that files of known formats usually have: no others are opened."""
    return frozenset(_endings())


def _endings() -> Iterator[str]:
    for known in all_formats().values():
        for pattern in known.info.patterns:
            yield PurePath(pattern).suffix.lower()
