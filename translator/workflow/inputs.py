"""From the path that a user names to the files that are read, each with its format."""

import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath

from translator.core.document import (
    ChoosesMarkup,
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatOptions,
    TakesNamed,
)
from translator.core.game import Extra, Game, GameError, GameFile, GameSettings
from translator.core.languages import LANGUAGES
from translator.core.markup import MarkupSyntax
from translator.core.order import natural
from translator.formats import HEAD_SIZE, all_formats, claims
from translator.games import all_games
from translator.workflow.errors import InputError, UsageError
from translator.workflow.options import InputOptions, Kind

NOTICE_NAME = "MACHINE-TRANSLATION.txt"
"""The file in a game's patch that says what it is."""

_FAMILIES = {
    Kind.NOVEL: Family.NOVEL,
    Kind.SUBTITLE: Family.SUBTITLE,
    Kind.GAME: Family.GAME,
    Kind.EXCHANGE: Family.EXCHANGE,
}
_LOOKED_AT = 25
"""Files that are looked at to tell of which kind a folder is."""

_MEND = "Mend or replace the file, or leave it out with --exclude."
_WORDS = {
    Kind.GAME: "game file",
    Kind.NOVEL: "book",
    Kind.SUBTITLE: "subtitle file",
    Kind.EXCHANGE: "translators' file",
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read: where it is, its path inside the input, its format's id and how to open it.

    made: gives its bytes where a game's engine makes them of other files (`GameFile.made`).
    """

    absolute: Path
    path: PurePosixPath
    format: str
    options: FormatOptions
    made: Callable[[], bytes] | None = None

    @property
    def name(self) -> str:
        """Its path inside the input as the database and messages have it."""
        return named(self.path)

    @property
    def kept(self) -> PurePosixPath:
        """Where --in-place keeps it: what was made stands apart, since there may be a file of the game at its path."""
        return self.path if self.made is None else PurePosixPath("untranslated") / self.path


@dataclass(frozen=True, slots=True)
class Source:
    """An input with its files in reading order.

    path: what the user named, absolute. root: the folder that the files' paths start from. beside: what the default
    output is a sibling of. single: the input is one file. markups: by format id, the game's rules joined in.
    unreadable: (path, reason) of the folders in it that could not be looked into. left_out: the game's files with text
    that --include and --exclude leave out. extras: what goes along with the translation.
    """

    kind: Kind
    path: Path
    root: Path
    beside: Path
    single: bool
    engine: str | None
    files: tuple[InputFile, ...]
    markups: Mapping[str, MarkupSyntax]
    notices: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    left_out: tuple[InputFile, ...] = ()
    extras: tuple[Extra, ...] = ()

    @property
    def found(self) -> tuple[str, ...]:
        """What the user should see before anything starts: which game was found, where, and how large it is."""
        files = f"{len(self.files):,} {'file' if len(self.files) == 1 else 'files'}"
        if self.engine is None:
            titles = dict.fromkeys(all_formats()[file.format].info.title for file in self.files)
            where = named(self.path) if self.single else f"{named(self.root)}: {files} to read"
            return (f"{', '.join(titles)} in {where}.",)
        return (f"A game of {all_games()[self.engine].info.title} in {named(self.root)}: {files} to read.",)


def named(path: PurePath) -> str:
    """A path as text. What in it is none is spelled out: a name in another charset than the system's, as old archives
    of games bring along, is half characters to Python (PEP 383), and no database or terminal takes those.
    """
    return str(path).encode(errors="backslashreplace").decode()


def find_source(options: InputOptions, *, source: str, target: str | None, output_charset: str | None = None) -> Source:
    """The files of the input; `target` None leaves every charset and setting as it is (for looking only).

    Raises InputError when nothing readable is there, UsageError when the engine is unknown or not certain.
    """
    path = _absolute(options.path)
    _require(path)
    named_game = options.engine is not None
    games = games_at(path) if not named_game and options.kind in (None, Kind.GAME) else []
    if games and _stands_alone(path, games[0], options):
        games = []
    kind = options.kind or (Kind.GAME if named_game or games else _kind_of_files(path))
    loose = kind is Kind.GAME and not (named_game or games) and (options.kind is None or _has_game_files(path))
    if kind is Kind.GAME and not loose:
        chosen = _choose_game(path, options.engine, games)
        found = _find_game(chosen, replace(options, path=path), source, target, output_charset)
    else:
        found = _find_files(path, kind, options, target, output_charset)
    if not found.files:
        left = " that --include and --exclude leave" if options.include or options.exclude else ""
        hint = "Check the patterns: they are matched with a file's path in the input, or its name."
        raise InputError(f"{path}: there is no file to translate{left}", hint=hint if left else _what_is_read(kind))
    return found


def _absolute(path: Path) -> Path:
    """The path from the root on, the same from wherever it was named; links stay, except behind `..`."""
    path = path.expanduser().absolute()
    try:
        return path.resolve() if ".." in path.parts else path
    except RuntimeError as error:  # Python 3.11 and 3.12 raise this for a link that leads to itself
        raise InputError(f"{path}: its links lead in a circle", hint="Check the path.") from error


def read_blob(file: InputFile) -> bytes:
    """The file's bytes; raises InputError with the path, and the place where the error has one."""
    try:
        if file.made is not None:
            return file.made()
        if not stat.S_ISREG(file.absolute.stat().st_mode):  # opening a pipe would wait for ever
            raise InputError(f"{file.absolute}: this is no regular file")
        return file.absolute.read_bytes()
    except OSError as error:
        raise InputError(f"{file.absolute}: {reason(error)}", hint=_hint(error)) from error
    except (FormatError, GameError) as error:
        place = _place(error) if isinstance(error, FormatError) else ""
        raise InputError(f"{file.absolute}: {error}{place}", hint=_MEND) from error


def open_document(file: InputFile, blob: bytes) -> Document:
    """The opened file; raises InputError with path and place."""
    try:
        return all_formats()[file.format].open(blob, options=file.options)
    except FormatError as error:
        raise InputError(f"{file.absolute}: {error}{_place(error)}", hint=_MEND) from error


def _place(error: FormatError) -> str:
    return "" if error.offset is None else f" (byte {error.offset})"


def reason(error: OSError) -> str:
    """What an operating system's error says, for a sentence."""
    return error.strerror or str(error)


def _hint(error: OSError) -> str:
    return "Give yourself the right to read it." if isinstance(error, PermissionError) else ""


def _require(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InputError(f"{path}: {reason(error)}", hint=_hint(error) or "Check the path.") from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise InputError(f"{path}: neither a file nor a folder")


def _kind_of_files(path: Path) -> Kind:
    """What most files are, of the first ones that formats claim; raises InputError when there is none."""
    files = [path] if path.is_file() else walk(path, [])
    claimed = (claims(file.relative_to(path.parent), head(file, single=path == file)) for file in files)
    families = Counter(known.info.family for (_, known), *_ in islice(filter(None, claimed), _LOOKED_AT))
    if families:
        (most, _), *_ = families.most_common(1)
        return next(kind for kind, family in _FAMILIES.items() if family is most)
    if path.is_file():
        for kind, family in _FAMILIES.items():
            if _taken(path.relative_to(path.parent), head(path, single=True), family):
                return kind
    raise InputError(f"{path}: no game and no file that can be translated was found there", hint=_what_is_read(None))


def _has_game_files(path: Path) -> bool:
    """Whether there are files of games there that can be read without knowing their engine, or one that was taken
    out of a game for translators.
    """
    for file in [path] if path.is_file() else walk(path, []):
        if _claims(file.relative_to(path.parent), file, Kind.GAME, single=path == file):
            return True
    return False


def _claims(name: PurePath, file: Path, kind: Kind, *, single: bool) -> list[tuple[Confidence, Format]]:
    """The formats that claim a file, those of the kind's family only; for a file that was named itself, if no other
    does, those that translators exchange too.
    """
    beginning = head(file, single=single)
    found = claims(name, beginning, family=_FAMILIES[kind])
    if found or not single:
        return found
    return claims(name, beginning, family=Family.EXCHANGE) or _taken(name, beginning, _FAMILIES[kind])


def _taken(name: PurePath, beginning: bytes, family: Family) -> list[tuple[Confidence, Format]]:
    """The formats of a family that read a file because a person named it, though nothing shows that it is theirs."""
    return [
        (Confidence.MAYBE, known)
        for known in all_formats().values()
        if known.info.family is family and isinstance(known, TakesNamed) and known.takes(name, beginning)
    ]


def _what_is_read(kind: Kind | None) -> str:
    if kind is Kind.GAME:
        return "`translate games` lists the engines; point at the folder that holds the game's program."
    return "`translate formats` and `translate games` list what can be read."


def games_at(path: Path) -> list[tuple[Confidence, Game, Path]]:
    """The games that a path belongs to, each with its root, the surest first."""
    found: list[tuple[Confidence, Game, Path]] = []
    for game in all_games().values():
        root = game.locate(path)
        if root is not None and (confidence := game.detect(root)):
            found.append((confidence, game, root))
    return sorted(found, key=lambda claim: -claim[0])


def games_rooted_at(folder: Path) -> list[tuple[Confidence, Game, Path]]:
    """The games whose root a folder is, the surest first. The folders above it, which `locate` looks through for any
    folder that holds no game, are not looked at: in a tree that is walked, each would be for all that it holds.
    """
    found = [
        (confidence, game, folder)
        for game in all_games().values()
        if (confidence := game.detect(folder)) and game.locate(folder) == folder
    ]
    return sorted(found, key=lambda claim: -claim[0])


def _choose_game(path: Path, engine: str | None, found: list[tuple[Confidence, Game, Path]]) -> tuple[Game, Path]:
    """The engine that was named, else the surest of those that were found there."""
    if engine is not None:
        if engine not in all_games():
            raise UsageError(f"no engine is called {engine}", hint=f"There are: {', '.join(sorted(all_games()))}.")
        game = all_games()[engine]
        root = game.locate(path)
        if root is None:
            raise InputError(f"{path}: this is no {game.info.title} game", hint=_what_is_read(Kind.GAME))
        return game, root
    if not found:
        empty = path.is_dir() and not any(path.iterdir())
        what = "the folder is empty" if empty else "no game of a known engine is here"
        raise InputError(f"{path}: {what}", hint=_what_is_read(Kind.GAME))
    best = [claim for claim in found if claim[0] == found[0][0]]
    if len(best) > 1:
        names = ", ".join(game.info.id for _, game, _ in best)
        raise UsageError(f"{path}: several engines fit: {names}", hint="Choose one with --engine.")
    return best[0][1], best[0][2]


def _find_game(
    found: tuple[Game, Path], options: InputOptions, source: str, target: str | None, output_charset: str | None
) -> Source:
    game, root = found
    settings = GameSettings(
        source_language=source,
        target_language=target or source,
        width=options.width,
        split=options.split,
        keep_locale=options.keep_locale or target is None,
        font=options.font,
    )
    try:
        files = tuple(_game_file(root, file, options.charset, output_charset) for file in game.files(root, settings))
        notices = tuple(game.notices(root, settings)) if target is not None else ()
        extras = tuple(game.extras(root, settings)) if target is not None else ()
    except GameError as error:
        raise InputError(f"{root}: {error}") from error
    except OSError as error:
        raise InputError(f"{error.filename or root}: {reason(error)}", hint=_hint(error)) from error
    folders = {folder for file in files for folder in file.path.parents[:-1]}
    results = {folder for folder in folders if is_result(root / Path(folder))}
    files = tuple(f for f in files if results.isdisjoint(f.path.parents))
    chosen = tuple(f for f in files if wanted(f.path, options))
    formats = {f.format for f in chosen}
    markups = {name: game.info.markup.joined(all_formats()[name].info.markup) for name in formats}
    return Source(
        kind=Kind.GAME,
        path=options.path,
        root=root,
        beside=_beside(options.path, game, root),
        single=False,
        engine=game.info.id,
        files=chosen,
        markups=markups,
        notices=notices,
        left_out=tuple(f for f in files if not wanted(f.path, options)),
        extras=extras,
    )


def _beside(path: Path, game: Game, root: Path) -> Path:
    """What the output is a sibling of: the root. A lone `data` folder without any of the engine's own files around it
    is its own game: nothing is written beside the folder that happens to hold it.
    """
    lone = path.parent == root and path.name.lower() == "data" and game.detect(root) is not Confidence.CERTAIN
    return path if lone else root


def _stands_alone(path: Path, found: tuple[Confidence, Game, Path], options: InputOptions) -> bool:
    """Whether a file that was named lies in a game's folder, but is of another kind than the game's own files.

    Where a game is asked for, only a file of games can be: others (`index.html`) mean the game that they lie in.
    """
    name = path.relative_to(path.parent)
    family = None if options.kind is None else _FAMILIES[options.kind]
    if not path.is_file() or not claims(name, head(path, single=True), family=family):
        return False
    _, game, root = found
    settings = GameSettings(source_language=options.source or "ja", target_language=options.source or "ja")
    try:
        return all(root / Path(file.path) != path for file in game.files(root, settings))
    except (GameError, OSError):
        return False  # said when the game is read


def is_result(folder: Path) -> bool:
    """Whether a folder is what a job wrote: no part of the game that it happens to lie in."""
    return (folder / NOTICE_NAME).is_file()


def _game_file(root: Path, file: GameFile, charset: str | None, output_charset: str | None) -> InputFile:
    options = file.options
    options = replace(
        options, charset=charset or options.charset, output_charset=output_charset or options.output_charset
    )
    return InputFile(root / Path(file.path), file.path, file.format, options, file.made)


def _find_files(
    path: Path, kind: Kind, options: InputOptions, target: str | None, output_charset: str | None
) -> Source:
    single = path.is_file()
    root = path.parent if single else path
    denied: list[tuple[str, str]] = []
    candidates: Sequence[Path] = [path] if single else list(walk(path, denied))
    unreadable = tuple((Path(folder).relative_to(root).as_posix(), why) for folder, why in denied)
    files: list[InputFile] = []
    for candidate in candidates:
        relative = PurePosixPath(candidate.relative_to(root).as_posix())
        if not single and (not wanted(relative, options) or (target is not None and _is_output(candidate))):
            continue
        found = _claims(PurePath(relative), candidate, kind, single=single)
        if not found:
            continue
        opening = FormatOptions(
            name=PurePath(relative),
            charset=options.charset,
            output_charset=output_charset,
            target_language=target,
            settings=options.settings,
        )
        files.append(InputFile(candidate, relative, found[0][1].info.id, opening))
    if single and not files:
        raise InputError(f"{path}: no known {_WORDS[kind]}", hint=_what_is_read(kind))
    markups = {f.format: markup_of(all_formats()[f.format], options) for f in files}
    return Source(kind, path, root, path, single, None, tuple(files), markups, unreadable=unreadable)


def markup_of(known: Format, options: InputOptions) -> MarkupSyntax:
    """The markup of a format's texts as the user wants it."""
    return known.markup(options.settings) if isinstance(known, ChoosesMarkup) else known.info.markup


def _is_output(file: Path) -> bool:
    """Whether a file in a folder is the translation of another one there (`book.zh-CN.txt`), or a patch's notice."""
    stem, dot, code = file.stem.rpartition(".")
    return file.name == NOTICE_NAME or (
        bool(dot) and code in LANGUAGES and file.with_name(stem + file.suffix).is_file()
    )


def head(file: Path, *, single: bool) -> bytes:
    """The file's beginning; empty for one of several that cannot be read, which is told when it is to be opened."""
    try:
        with file.open("rb") as stream:
            return stream.read(HEAD_SIZE)
    except OSError as error:
        if not single:
            return b""
        raise InputError(f"{file}: {reason(error)}", hint=_hint(error)) from error


def wanted(path: PurePosixPath, options: InputOptions) -> bool:
    """Whether --include and --exclude leave a file in."""

    def matches(pattern: str) -> bool:
        return fnmatch(str(path), pattern) or fnmatch(path.name, pattern)

    included = not options.include or any(map(matches, options.include))
    return included and not any(map(matches, options.exclude))


def walk(folder: Path, denied: list[tuple[str, str]], *, top: bool = True) -> Iterator[Path]:
    """The regular files under a folder as people order them (2 before 10); linked folders are not followed.

    Folders inside that cannot be read go into `denied` with the reason. Raises InputError for the first one (`top`).
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural(entry.name.lower()))
    except OSError as error:
        if not top:
            denied.append((str(folder), f"{folder}: {reason(error)}"))
            return
        raise InputError(f"{folder}: {reason(error)}", hint=_hint(error)) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from walk(entry, denied, top=False)
        elif entry.is_file():
            yield entry
