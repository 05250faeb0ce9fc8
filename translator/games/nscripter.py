"""NScripter and ONScripter games: plain scripts (`0.txt`, `00.txt` to `99.txt`) and `nscript.dat`.

The engine takes the first that there is of 0.txt or 00.txt (and then all up to 99), nscr_sec.dat, nscript.___,
nscript.dat, onscript.nt2, onscript.nt3 (ONScripter's ScriptHandler); of these only the plain ones and nscript.dat are
written here.
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
_LOCKED = ("nscr_sec.dat", "nscript.___", "onscript.nt2", "onscript.nt3")
_LEVELS = 4


class NScripterGame:
    """The engine `nscripter`."""

    info: ClassVar[GameInfo] = GameInfo(id="nscripter", title="NScripter / ONScripter")

    def locate(self, path: Path) -> Path | None:
        """The folder with the script: this one, or one above it."""
        return next((p for p in upwards(path, _LEVELS) if self.detect(p) is not Confidence.NONE), None)

    def detect(self, root: Path) -> Confidence:
        """Certain by a script with the engine's marks, or by one of its own encrypted files."""
        if _locked(root) is not None:
            return Confidence.CERTAIN
        first = _first(root)
        return Confidence.NONE if first is None or not _is_script(first) else Confidence.CERTAIN

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
    return next((names[name] for name in ("0.txt", "00.txt", "nscript.dat") if name in names), None)


def _locked(root: Path) -> Path | None:
    """The encrypted script that the engine would take; None where it takes another."""
    names = _names(root)
    if "0.txt" in names or "00.txt" in names:
        return None
    order = (*_LOCKED[:2], "nscript.dat", *_LOCKED[2:])
    found = next((name for name in order if name in names), None)
    return names[found] if found in _LOCKED else None


def _is_script(path: Path) -> bool:
    return FORMAT.sniff(PurePath(path.name), head_of(path, HEAD_SIZE)) is Confidence.CERTAIN


def _scripts(root: Path) -> list[Path]:
    """Raises GameError."""
    locked = _locked(root)
    if locked is not None:
        raise GameError(
            f"the script is {locked.name}, which is encrypted: decode it first (with NSDEC or nscdec) and put "
            f"it beside as 0.txt, which the engine reads before {locked.name}"
        )
    first = _first(root)
    if first is None:
        raise GameError("there is no script of NScripter here (0.txt, 00.txt or nscript.dat)")
    if first.suffix.lower() == ".dat":
        return [first]
    names = _names(root)
    numbered = {name: n for n in range(99, -1, -1) for name in (f"{n:02}.txt", f"{n}.txt")}
    return [names[name] for name in sorted((n for n in names if n in numbered), key=lambda n: (numbered[n], n))]


GAME: Game = NScripterGame()
"""The engine's entry for the registry."""
