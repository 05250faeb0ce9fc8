"""All that can be read in a folder, whatever it is: several games, books, subtitles and tables side by side."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath, PurePosixPath

from translator.core.document import Confidence, FormatOptions
from translator.core.order import natural
from translator.formats import all_formats, claims
from translator.workflow.errors import InputError
from translator.workflow.inputs import InputFile, find_source, games_at, games_rooted_at
from translator.workflow.options import InputOptions, Kind
from translator.workflow.paths import head, is_result, named, wanted


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
    language = given.source or "ja"
    if given.kind is not None or given.engine is not None or not given.path.is_dir():
        source = find_source(given, source=language, target=None)
        return Everything(list(source.files), unreadable=list(source.unreadable))
    found = _Search(given, language).all()
    if not (found.files or found.broken or found.unreadable):
        find_source(given, source=language, target=None)  # says what is missing
    return found


class _Search:
    """One look through a folder."""

    def __init__(self, given: InputOptions, language: str) -> None:
        self._given = given
        self._language = language
        self._top = given.path.expanduser().absolute()
        self._found = Everything()
        self._taken: dict[Path, set[str]] = {}
        """The files that were found, each with the formats that it is read as."""

    def all(self) -> Everything:
        alone = self._game(self._top)
        if not alone or any(file.absolute.is_relative_to(self._top) for file in self._found.files):
            self._walk(inside=alone)
        return self._found

    def _add(self, file: InputFile) -> None:
        self._found.files.append(file)
        self._taken.setdefault(file.absolute, set()).add(file.format)

    def _game(self, folder: Path) -> bool:
        """Add the files of the game whose root this folder is (the folder that was named may lie in one); of those
        that fit equally well, of all. Whether there is one.
        """
        fitting = games_at(folder) if folder == self._top else games_rooted_at(folder)
        best = [claim for claim in fitting if claim[0] == fitting[0][0]]
        new: list[InputFile] = []
        for _, game, root in best:
            options = replace(self._given, path=folder, engine=game.info.id, kind=Kind.GAME, include=(), exclude=())
            try:
                source = find_source(options, source=self._language, target=None)
            except InputError as error:
                self._found.broken.append((named(self._relative(root)), str(error)))
                continue
            new += (file for file in source.files if file.format not in self._taken.get(file.absolute, ()))
        for file in new:
            placed = replace(file, path=PurePosixPath(self._relative(file.absolute).as_posix()))
            if wanted(placed.path, self._given):
                self._add(placed)
        return bool(best)

    def _relative(self, path: Path) -> Path:
        top = self._top
        return path.relative_to(top) if path.is_relative_to(top) else Path(os.path.relpath(path, top))

    def _walk(self, *, inside: bool) -> None:
        """Look through all folders. inside: the top belongs to a game; in folders of a game only sure claims count."""
        games = {self._top} if inside else set[Path]()
        for name, folders, names in os.walk(self._top, onerror=self._denied):
            folder = Path(name)
            folders[:] = sorted((each for each in folders if not is_result(folder / each)), key=_in_order)
            within = any(above in games for above in (folder, *folder.parents))
            if not within and self._game(folder):
                games.add(folder)
                within = True
            for file in sorted(names, key=_in_order):
                path = folder / file
                if path not in self._taken and path.is_file():
                    self._file(path, Confidence.LIKELY if within else Confidence.MAYBE)

    def _denied(self, error: OSError) -> None:
        path = Path(error.filename)
        self._found.unreadable.append((named(self._relative(path)), f"{path}: {error.strerror or error}"))

    def _file(self, path: Path, least: Confidence) -> None:
        relative = PurePosixPath(self._relative(path).as_posix())
        if not wanted(relative, self._given):
            return
        known = path.suffix.lower() in _suffixes()
        claimed = claims(PurePath(relative), head(path, single=False))[:1] if known else []
        if not claimed or claimed[0][0] < least:
            self._found.others += 1
            return
        options = FormatOptions(name=PurePath(relative), charset=self._given.charset, settings=self._given.settings)
        self._add(InputFile(path, relative, claimed[0][1].info.id, options))


def _in_order(name: str) -> tuple[tuple[int, str], ...]:
    return natural(name.lower())


@cache
def _suffixes() -> frozenset[str]:
    """The endings of the names that files of known formats usually have: no others are opened."""
    return frozenset(_endings())


def _endings() -> Iterator[str]:
    for known in all_formats().values():
        for pattern in known.info.patterns:
            yield PurePath(pattern).suffix.lower()
