"""Paths that users name: what stands there, and what of it is meant."""

import stat
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath, PurePosixPath

from translator.core.languages import LANGUAGES
from translator.core.order import natural
from translator.formats import HEAD_SIZE
from translator.workflow.errors import InputError
from translator.workflow.options import InputOptions

NOTICE_NAME = "MACHINE-TRANSLATION.txt"
"""The file in a game's patch that says what it is."""


def named(path: PurePath) -> str:
    """A path as text. What in it is none is spelled out: a name in another charset than the system's, as old archives
    of games bring along, is half characters to Python (PEP 383), and no database or terminal takes those.
    """
    return str(path).encode(errors="backslashreplace").decode()


def some_of(names: Sequence[str], most: int = 10) -> str:
    """The first of the names, for a sentence, and a sign that there are more."""
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")


def existing_path(path: Path) -> Path:
    """The path of a file or folder from the root on, the same from wherever it was named; links stay, except behind
    `..`. Raises InputError where there is neither.
    """
    path = path.expanduser().absolute()
    try:
        path = path.resolve() if ".." in path.parts else path
        mode = path.stat().st_mode
    except RuntimeError as error:  # Python 3.11 and 3.12 raise this for a link that leads to itself
        raise InputError(f"{path}: its links lead in a circle", hint="Check the path.") from error
    except OSError as error:
        raise InputError(f"{path}: {reason(error)}", hint=advice(error) or "Check the path.") from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise InputError(f"{path}: neither a file nor a folder")
    return path


def reason(error: OSError) -> str:
    """What an operating system's error says, for a sentence."""
    return error.strerror or str(error)


def advice(error: OSError) -> str:
    """What to do about it, where that is known."""
    return "Give yourself the right to read it." if isinstance(error, PermissionError) else ""


def is_result(folder: Path) -> bool:
    """Whether a folder is what a job wrote: no part of the game that it happens to lie in."""
    return (folder / NOTICE_NAME).is_file()


def is_output(file: Path) -> bool:
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
        raise InputError(f"{file}: {reason(error)}", hint=advice(error)) from error


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
        raise InputError(f"{folder}: {reason(error)}", hint=advice(error)) from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if not entry.is_symlink():
                yield from walk(entry, denied, top=False)
        elif entry.is_file():
            yield entry
