"""Ren'Py games: their scripts are read, and the official translation tree `game/tl/<language>/` is written.

The game's own files stay untouched. For each script the file of its translation is made: what stands there already,
with the blocks and strings that it lacks behind it, whose translations go in place of the originals.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.game import Extra, GameError, GameFile, GameInfo, GameSettings
from translator.core.game import Game as Engine
from translator.games.renpy import style
from translator.games.renpy.folder import Found, find, has_engine, is_root, root_of
from translator.games.renpy.languages import folder_of
from translator.games.renpy.plan import made, options_of, plan, stale
from translator.games.renpy.sources import read_game

FORMAT_ID = "renpy_tl"

_WIDE = frozenset(("ja", "zh-CN", "zh-TW", "ko", "th", "ar"))
"""Languages whose letters the engine's own font (DejaVu Sans) or a game's Western font lacks."""
_SHOWN = 5

_UNPACK = (
    "rpycdec (`pip install 'honyaku[renpy]'`) does both: `rpycdec unrpa game/archive.rpa -o game` for archives, then "
    "`rpycdec decompile game`, which puts the .rpy files beside the .rpyc files"
)


class RenpyGame:
    """The engine `renpy`."""

    info: ClassVar[GameInfo] = GameInfo(id="renpy", title="Ren'Py")

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from `game/` or anything in it, or from a Macintosh program."""
        return root_of(path)

    def detect(self, root: Path) -> Confidence:
        """Certain with the engine beside the scripts or the files that its launcher makes, likely with scripts."""
        if not is_root(root):
            return Confidence.NONE
        return Confidence.CERTAIN if has_engine(root) else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The translation of each script that has texts, `script.rpy` first and screens last, then that of the engine's
        own strings, then further files of an existing translation. Raises GameError where there is no script to read.
        """
        found = _found(root)
        language = _language(root, settings)
        game = read_game(root, found, language)
        for part in plan(game, language):
            options = FormatOptions(
                name=PurePath(part.target),
                target_language=settings.target_language,
                settings=options_of(game, part, language),
            )
            make = None if part.source is None else partial(made, root, part, language)
            yield GameFile(part.target, FORMAT_ID, options, make)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """The font that the user named, and the script that sets it and lets the game start in the language."""
        found = _found(root)
        language = _language(root, settings)
        texts = list(_texts(root, found))
        starts = not style.offers_language(texts, language)
        font = settings.font
        if font is not None:
            yield Extra(style.font_path(language, font), font.read_bytes)
        if font is not None or starts:
            blob = style.setup(language, texts, font, starts=starts)
            yield Extra(PurePosixPath("game", "tl", language, style.FILE_NAME), lambda: blob)

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """Where the translation goes and how it starts; a font that may lack; what is compiled; what is stale."""
        found = _found(root)
        language = _language(root, settings)
        if style.offers_language(_texts(root, found), language):
            yield f"The translation goes to game/tl/{language}/, which the game lets its player choose."
        else:
            yield (
                f"The translation goes to game/tl/{language}/, and the game starts in it unless it names a language "
                "itself; who has played it before must choose it, in the console (shift+O) by "
                f'renpy.change_language("{language}").'
            )
        if settings.font is None and settings.target_language in _WIDE:
            yield "The game's font may lack the characters of the language; name one that has them with --font."
        yield from _left_out(found, language)
        game = read_game(root, found, language)
        old = list(stale(game, language))
        if old:
            more = f" and {len(old) - _SHOWN} more" if len(old) > _SHOWN else ""
            yield (
                f"{len(old)} blocks of the existing translation belong to no line of the scripts any more and are left "
                f"as they are: {', '.join(old[:_SHOWN])}{more}."
            )


def _language(root: Path, settings: GameSettings) -> str:
    return folder_of(root / "game" / "tl", settings.target_language)


def _found(root: Path) -> Found:
    if not is_root(root):
        raise GameError("there is no folder game with scripts of Ren'Py (.rpy)")
    found = find(root)
    if found.scripts:
        return found
    kinds = [f"{len(found.compiled)} compiled scripts (.rpyc)"] if found.compiled else []
    kinds += [f"{len(found.archives)} archives (.rpa)"] if found.archives else []
    raise GameError(f"the game has only {' and '.join(kinds)}, no source to read; unpack it first: {_UNPACK}")


def _left_out(found: Found, language: str) -> Iterator[str]:
    """What is not read for being compiled or packed."""
    own = [path for path in found.compiled if path.parts[1:2] != ("tl",)]
    theirs = [path for path in found.compiled if path.parts[1:3] == ("tl", language)]
    if own:
        shown = ", ".join(map(str, own[:_SHOWN]))
        yield f"{len(own)} compiled scripts without their source are left out ({shown}); unpack them: {_UNPACK}."
    if theirs:
        yield f"{len(theirs)} files of an existing translation are compiled and cannot be read; unpack them: {_UNPACK}."
    if found.archives:
        shown = ", ".join(map(str, found.archives[:_SHOWN]))
        yield f"Scripts may be packed in {shown}; what is in there is left out. Unpack it: {_UNPACK}."


def _texts(root: Path, found: Found) -> Iterator[str]:
    for path in found.scripts:
        yield (root / path).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


GAME: Engine = RenpyGame()
