"""From the path that a user names to the files that are read, each with its format."""

import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
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
from translator.core.locales import language_of
from translator.core.markup import MarkupSyntax
from translator.formats import all_formats, claims
from translator.games import all_games
from translator.workflow.by_locale import of_language
from translator.workflow.errors import InputError, UsageError
from translator.workflow.options import InputOptions, Kind
from translator.workflow.paths import advice, existing_path, head, is_output, is_result, named, reason, walk, wanted

_FAMILIES = {
    Kind.NOVEL: Family.NOVEL,
    Kind.SUBTITLE: Family.SUBTITLE,
    Kind.GAME: Family.GAME,
    Kind.EXCHANGE: Family.EXCHANGE,
}
_KINDS = {family: kind for kind, family in _FAMILIES.items()}
_LOOKED_AT = 25
"""Files that are looked at to tell of which kind a folder is."""

_MEND = "Mend or replace the file, or leave it out with --exclude."
_PATTERNS = "Check the patterns: they are matched with a file's path in the input, or its name."
_WORDS = {
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


def find_source(options: InputOptions, *, source: str, target: str | None, output_charset: str | None = None) -> Source:
    """The files of the input; `target` None leaves every charset and setting as it is (for looking only).

    Raises InputError when nothing readable is there, UsageError when the engine is unknown or not certain.
    """
    path = existing_path(options.path)
    game = _game(path, options)
    if game is not None:
        return _find_game(game, replace(options, path=path), source, target, output_charset)
    if path.is_file():
        return _find_file(path, options, target, output_charset)
    return _find_files(path, options, source, target, output_charset)


def find_place(options: InputOptions) -> Path:
    """`Source.beside` of the input, found without reading its files. Raises InputError, UsageError."""
    path = existing_path(options.path)
    game = _game(path, options)
    return path if game is None else _beside(path, *game)


def _game(path: Path, options: InputOptions) -> tuple[Game, Path] | None:
    """The game that is meant, with its root; None where the files are read for themselves."""
    if options.engine is None and options.kind not in (None, Kind.GAME):
        return None
    games = games_at(path) if options.engine is None else []
    if games and _stands_alone(path, games[0], options):
        return None
    return _choose_game(path, options.engine, games) if options.engine or games else None


def read_blob(file: InputFile) -> bytes:
    """The file's bytes; raises InputError with the path, and the place where the error has one."""
    try:
        if file.made is not None:
            return file.made()
        if not stat.S_ISREG(file.absolute.stat().st_mode):  # opening a pipe would wait for ever
            raise InputError(f"{file.absolute}: this is no regular file")
        return file.absolute.read_bytes()
    except OSError as error:
        raise InputError(f"{file.absolute}: {reason(error)}", hint=advice(error)) from error
    except (FormatError, GameError) as error:
        place = _place(error) if isinstance(error, FormatError) else ""
        raise InputError(f"{file.absolute}: {error}{place}", hint=_MEND) from error


def open_document(file: InputFile, blob: bytes) -> Document:
    """The opened file; raises InputError with path and place."""
    try:
        return all_formats()[file.format].open(blob, options=file.options)
    except FormatError as error:
        raise InputError(f"{file.absolute}: {error}{_place(error)}", hint=_MEND) from error


def notices_of(file: InputFile, document: Document) -> tuple[str, ...]:
    """What is to be said of a file, without its name before it, which formats that know it give: equal sentences are
    told once, for all files together.
    """
    return tuple(notice.removeprefix(f"{file.path}: ") for notice in document.notices)


def _place(error: FormatError) -> str:
    return "" if error.offset is None else f" (byte {error.offset})"


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
    best = [claim for claim in found if claim[0] == found[0][0]]
    if len(best) > 1:
        names = ", ".join(game.info.id for _, game, _ in best)
        raise UsageError(f"{path}: several engines fit: {names}", hint="Choose one with --engine.")
    return best[0][1], best[0][2]


def _find_game(
    found: tuple[Game, Path], options: InputOptions, source: str, target: str | None, output_charset: str | None
) -> Source:
    game, root = found
    asked = language_of(options.target or "")  # the engine may have a file for each language, also where one only looks
    settings = GameSettings(
        source_language=source,
        target_language=target or asked or source,
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
        raise InputError(f"{error.filename or root}: {reason(error)}", hint=advice(error)) from error
    folders = {folder for file in files for folder in file.path.parents[:-1]}
    results = {folder for folder in folders if is_result(root / Path(folder))}
    files = tuple(f for f in files if results.isdisjoint(f.path.parents))
    chosen = tuple(f for f in files if wanted(f.path, options))
    if not chosen:
        left = " that --include and --exclude leave" if files else ""
        hint = _PATTERNS if files else _what_is_read(Kind.GAME)
        raise InputError(f"{options.path}: there is no file to translate{left}", hint=hint)
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


def _game_file(root: Path, file: GameFile, charset: str | None, output_charset: str | None) -> InputFile:
    options = file.options
    options = replace(
        options, charset=charset or options.charset, output_charset=output_charset or options.output_charset
    )
    return InputFile(root / Path(file.path), file.path, file.format, options, file.made)


def _find_file(path: Path, options: InputOptions, target: str | None, output_charset: str | None) -> Source:
    """The one file that was named. Where no format of its kind claims it, those that translators exchange may."""
    known = next(_fitting(PurePath(path.name), head(path, single=True), options.kind), None)
    if known is None:
        raise _nothing(path, options, options.kind)
    file = _input_file(path, PurePosixPath(path.name), known, options, target, output_charset)
    kind = options.kind or _KINDS[known.info.family]
    markups = _markups((known,), options)
    return Source(kind, path, path.parent, path, single=True, engine=None, files=(file,), markups=markups)


def _fitting(name: PurePath, beginning: bytes, kind: Kind | None) -> Iterator[Format]:
    """The formats that can read a file that a person named, the surest first: at last those that read it for that
    alone, though nothing shows that it is their own.
    """
    family = None if kind is None else _FAMILIES[kind]
    yield from (known for _, known in claims(name, beginning, family=family))
    yield from (known for _, known in claims(name, beginning, family=Family.EXCHANGE))
    for each in _KINDS if family is None else (family,):
        for known in all_formats().values():
            if known.info.family is each and isinstance(known, TakesNamed) and known.takes(name, beginning):
                yield known


def _find_files(
    path: Path, options: InputOptions, source: str, target: str | None, output_charset: str | None
) -> Source:
    """The files in a folder that are of the kind; of that of most of the first ones, where it was not said."""
    denied: list[tuple[str, str]] = []
    places = ((file, PurePosixPath(file.relative_to(path).as_posix())) for file in walk(path, denied))
    left = (
        (file, relative)
        for file, relative in places
        if wanted(relative, options) and not (target is not None and is_output(file))
    )
    kind, first = options.kind, list[tuple[Path, PurePosixPath, list[Format]]]()
    if kind is None:
        first = list(islice(_claimed(left, None), _LOOKED_AT))
        if not first:
            raise _nothing(path, options, None)
        kind, _ = Counter(_KINDS[known.info.family] for _, _, (known, *_) in first).most_common(1)[0]
    found = [
        (file, relative, known)
        for file, relative, claimed in chain(first, _claimed(left, kind))
        if (known := next((each for each in claimed if _KINDS[each.info.family] is kind), None)) is not None
    ]
    if not found:
        raise _nothing(path, options, kind)
    read, notices = of_language(found, source, target)
    files = tuple(_input_file(*each, options, target, output_charset) for each in read)
    unreadable = tuple((Path(folder).relative_to(path).as_posix(), why) for folder, why in denied)
    markups = _markups((known for _, _, known in found), options)
    return Source(
        kind, path, path, path, single=False, engine=None, files=files, markups=markups, notices=notices,
        unreadable=unreadable,
    )  # fmt: skip


def _claimed(
    files: Iterable[tuple[Path, PurePosixPath]], kind: Kind | None
) -> Iterator[tuple[Path, PurePosixPath, list[Format]]]:
    """Those of the files that formats (of a kind, if given) claim, each with these, the surest first."""
    family = None if kind is None else _FAMILIES[kind]
    for file, relative in files:
        found = claims(PurePath(relative), head(file, single=False), family=family)
        if found:
            yield file, relative, [known for _, known in found]


def _input_file(
    file: Path,
    relative: PurePosixPath,
    known: Format,
    options: InputOptions,
    target: str | None,
    output_charset: str | None,
) -> InputFile:
    opening = FormatOptions(
        name=PurePath(relative),
        charset=options.charset,
        output_charset=output_charset,
        target_language=target,
        settings=options.settings,
    )
    return InputFile(file, relative, known.info.id, opening)


def _markups(formats: Iterable[Format], options: InputOptions) -> dict[str, MarkupSyntax]:
    return {name: markup_of(known, options) for name, known in {each.info.id: each for each in formats}.items()}


def _nothing(path: Path, options: InputOptions, kind: Kind | None) -> InputError:
    """What is said where nothing is found that can be read. kind: of what was looked for, None: of any."""
    if path.is_dir() and (options.include or options.exclude):
        return InputError(f"{path}: there is no file to translate that --include and --exclude leave", hint=_PATTERNS)
    if kind is None:
        what = "no game and no file that can be translated was found there"
    elif kind is Kind.GAME:
        empty = path.is_dir() and not any(path.iterdir())
        what = "the folder is empty" if empty else "no game of a known engine is here"
    else:
        what = f"no known {_WORDS[kind]}" if path.is_file() else "there is no file to translate"
    return InputError(f"{path}: {what}", hint=_what_is_read(kind))


def markup_of(known: Format, options: InputOptions) -> MarkupSyntax:
    """The markup of a format's texts as the user wants it."""
    return known.markup(options.settings) if isinstance(known, ChoosesMarkup) else known.info.markup
