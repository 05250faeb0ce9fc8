"""NScripter and ONScripter games: plain scripts (`0.txt`, `00.txt` to `99.txt`) and those scrambled by a fixed key.

The engine takes the first that there is of 0.txt or 00.txt (and then all up to 99), nscr_sec.dat, nscript.___,
nscript.dat, onscript.nt2, onscript.nt3 (ONScripter's ScriptHandler::readScript); nscript.___ needs a key from the
game's program, the last two are of forks.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath
from typing import ClassVar

from translator.core.document import Confidence, FormatOptions
from translator.core.folders import head_of, is_file, names_in, upwards
from translator.core.game import Extra, Game, GameError, GameFile, GameInfo, GameSettings
from translator.formats import HEAD_SIZE
from translator.formats.nscripter import FORMAT

FORMAT_ID = FORMAT.info.id
_ORDER = ("0.txt", "00.txt", "nscr_sec.dat", "nscript.___", "nscript.dat", "onscript.nt2", "onscript.nt3")
_LEVELS = 4


class NScripterGame:
    """The engine `nscripter`."""

    info: ClassVar[GameInfo] = GameInfo(id="nscripter", title="NScripter / ONScripter")

    def locate(self, path: Path) -> Path | None:
        """The folder with the script: this one, or one above it."""
        return next((p for p in upwards(path, _LEVELS) if self.detect(p) is not Confidence.NONE), None)

    def detect(self, root: Path) -> Confidence:
        """Certain by a script with the engine's marks, or by one of its own encrypted files."""
        first = _first(root)
        known = first is not None and (_is_locked(first) or _is_script(first))
        return Confidence.CERTAIN if known else Confidence.NONE

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The scripts in the order in which the engine reads them. Raises GameError."""
        for path in _scripts(root):
            relative = PurePosixPath(path.relative_to(root).as_posix())
            opening = FormatOptions(name=PurePath(relative), target_language=settings.target_language)
            yield GameFile(relative, FORMAT_ID, opening)

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """None: the font is `default.ttf`, which comes with the game."""
        del root, settings
        return iter(())

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """None: what a charset lacks is said by the script."""
        del root, settings
        return iter(())


def _names(root: Path) -> dict[str, Path]:
    """The files of a folder by their names in lower case."""
    return {name.lower(): root / name for name in names_in(root) if is_file(root / name)}


def _first(root: Path) -> Path | None:
    names = _names(root)
    return next((names[name] for name in _ORDER if name in names), None)


def _is_locked(path: Path) -> bool:
    return path.suffix.lower() not in (".txt", ".dat")


def _is_script(path: Path) -> bool:
    return FORMAT.sniff(PurePath(path.name), head_of(path, HEAD_SIZE)) is Confidence.CERTAIN


def _scripts(root: Path) -> list[Path]:
    """Raises GameError."""
    first = _first(root)
    if first is None:
        raise GameError("there is no script of NScripter here (0.txt, 00.txt, nscr_sec.dat or nscript.dat)")
    if _is_locked(first):
        raise GameError(
            f"the script is {first.name}, which is encrypted: decode it first (with NSDEC or nscdec) and put "
            f"it beside as 0.txt, which the engine reads before {first.name}"
        )
    if first.suffix.lower() == ".dat":
        return [first]
    names = _names(root)
    numbered = {name: n for n in range(99, -1, -1) for name in (f"{n:02}.txt", f"{n}.txt")}
    return [names[name] for name in sorted((n for n in names if n in numbered), key=lambda n: (numbered[n], n))]


GAME: Game = NScripterGame()
"""The engine's entry for the registry."""
