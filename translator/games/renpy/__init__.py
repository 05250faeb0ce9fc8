"""Ren'Py games: their scripts are read, and the official translation tree `game/tl/<language>/` is written.

The game's own files stay untouched. For each script the file of its translation is made: what stands there already,
with the blocks and strings that it lacks behind it, whose translations go in place of the originals.
"""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import head_of, is_file
from translator.core.game import Extra, GameError, GameFile, GameInfo, GameSettings
from translator.core.game import Game as Engine
from translator.games.renpy import objects, style
from translator.games.renpy.folder import (
    ARCHIVES,
    COMPILED,
    SCRIPTS,
    Found,
    find,
    has_engine,
    is_root,
    root_of,
    state_of,
)
from translator.games.renpy.languages import folder_of
from translator.games.renpy.plan import ADDED, made, options_of, plan, stale
from translator.games.renpy.sources import Game, read_game

FORMAT_ID = "renpy_tl"

_WIDE = frozenset(("ja", "zh-CN", "zh-TW", "ko", "th", "ar"))
"""Languages whose letters the engine's own font (DejaVu Sans) or a game's Western font lacks."""
_SHOWN = 5

_INSTALL = "`pip install 'honyaku[renpy]'` brings what reads them"
_TRANSLATES = re.compile(rb"(?m)^\s*translate\s+\w+\s+\w+")
_HEAD = 65_536
_IN_TL = 3
"""Parts of a path that lead into a language's folder."""
_WHERE = (
    "this is a file of a Ren'Py game that lies in none: name the game's folder (the one with the folder game in it); "
    "translations go to its game/tl/"
)


class RenpyGame:
    """The engine `renpy`."""

    info: ClassVar[GameInfo] = GameInfo(id="renpy", title="Ren'Py")

    def __init__(self) -> None:
        self._last: tuple[object, Found, str, Game] | None = None

    def locate(self, path: Path) -> Path | None:
        """The root from itself, from `game/` or anything in it, or from a Macintosh program; a script that is in no
        game is its own, so that it can be told what to do with it.
        """
        root = root_of(path)
        return path if root is None and _lone(path) else root

    def detect(self, root: Path) -> Confidence:
        """Certain with the engine beside the scripts or the files that its launcher makes, likely with scripts."""
        if not is_root(root):
            return Confidence.LIKELY if _lone(root) else Confidence.NONE
        return Confidence.CERTAIN if has_engine(root) else Confidence.LIKELY

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The translation of each script that has texts, `script.rpy` first and screens last, then that of the engine's
        own strings, then further files of an existing translation. Raises GameError where there is no script to read.
        """
        _, language, game = self._read(root, settings)
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
        _, language, game = self._read(root, settings)
        font = settings.font
        if font is not None:
            yield Extra(style.font_path(language, font), font.read_bytes)
        if font is not None or not game.offers:
            blob = style.setup(language, game.fonts, font, starts=not game.offers)
            yield Extra(PurePosixPath("game", "tl", language, style.FILE_NAME), lambda: blob)

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """Where the translation goes and how it starts; a font that may lack; what is compiled; what is stale."""
        found, language, game = self._read(root, settings)
        if game.offers:
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
        yield from _recovered(found, game)
        old = list(stale(game, language))
        if old:
            more = f" and {len(old) - _SHOWN} more" if len(old) > _SHOWN else ""
            yield (
                f"Left as it is, since the scripts have no line for it any more: {len(old)} of the existing "
                f"translation's blocks ({', '.join(old[:_SHOWN])}{more})."
            )

    def _read(self, root: Path, settings: GameSettings) -> tuple[Found, str, Game]:
        """The game's files and texts, read once as long as nothing of them changes. Raises GameError and OSError."""
        if not is_root(root):
            raise GameError(_WHERE if is_file(root) else "there is no folder game with scripts of Ren'Py (.rpy)")
        key = (root, settings.target_language, objects.available(), state_of(root))
        if self._last is None or self._last[0] != key:
            found = _found(root)
            packed = {path.parts[2] for path in found.stored if path.parts[1] == "tl" and len(path.parts) > _IN_TL}
            language = folder_of(root / "game" / "tl", settings.target_language, packed)
            self._last = (key, found, language, read_game(root, found, language))
        return self._last[1:]


def _lone(path: Path) -> bool:
    """Whether a path is a script of Ren'Py's that is no translation: those are read as they are."""
    if path.suffix.lower() not in (*SCRIPTS, *COMPILED, *ARCHIVES) or not is_file(path):
        return False
    return path.suffix.lower() not in SCRIPTS or _TRANSLATES.search(head_of(path, _HEAD)) is None


def _found(root: Path) -> Found:
    readable = objects.available()
    found = find(root, compiled=readable)
    if found.scripts:
        return found
    if found.broken:
        raise GameError("; ".join(f"{path}: {reason}" for path, reason in found.broken))
    if readable:
        raise GameError("neither the folder game nor its archives hold scripts of Ren'Py")
    kinds = [f"{len(found.compiled)} compiled scripts (.rpyc)"] if found.compiled else []
    kinds += [f"{len(found.archives)} archives (.rpa)"] if found.archives else []
    raise GameError(f"the game has only {' and '.join(kinds)}, no source to read; {_INSTALL} (rpycdec)")


def _left_out(found: Found, language: str) -> Iterator[str]:
    """What is not read for being compiled or packed."""
    own = [path for path in found.compiled if path.parts[1:2] != ("tl",)]
    theirs = [path for path in found.compiled if path.parts[1:3] == ("tl", language)]
    if own:
        shown = ", ".join(map(str, own[:_SHOWN]))
        yield f"{len(own)} compiled scripts without their source are left out ({shown}); {_INSTALL}."
    if theirs:
        yield f"{len(theirs)} files of an existing translation are compiled and cannot be read; {_INSTALL}."
    if found.archives:
        shown = ", ".join(map(str, found.archives[:_SHOWN]))
        yield f"Scripts may be packed in {shown}; what is in there is left out; {_INSTALL}."
    for path, reason in found.broken:
        yield f"{path} cannot be read, what is in there is left out: {reason}."


def _recovered(found: Found, game: Game) -> Iterator[str]:
    """What was read of compiled scripts."""
    own = [path for path in found.scripts if path in found.stored]
    if own:
        yield (
            f"{len(own)} scripts are read from compiled ones (.rpyc, .rpa); for their strings the line numbers are "
            "those of the text that was recovered."
        )
    theirs = [path for path in found.stored if path in game.present]
    if theirs:
        yield (
            f"{len(theirs)} files of the existing translation are compiled: they stay as they are, and what they lack "
            f"goes into files of their names with {ADDED}."
        )
    for source in game.sources:
        if source.lost:
            shown = ", ".join(map(str, source.lost[:_SHOWN]))
            yield (
                f"{found.stored[source.path].name}: {len(source.lost)} statements could not be written as text (lines "
                f"{shown}); strings in them that are no dialogue are left out."
            )


GAME: Engine = RenpyGame()
