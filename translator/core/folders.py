"""Looking into folders that somebody else made: what cannot be read is not there."""

from pathlib import Path


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in order; none where it cannot be read."""
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return []


def is_dir(path: Path) -> bool:
    """Whether it is a folder that can be seen."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether it is a regular file that can be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


def upwards(path: Path, levels: int) -> tuple[Path, ...]:
    """The folder that a path is, or is in, and those above it, `levels` of them at most."""
    folder = path if is_dir(path) else path.parent
    return (folder, *folder.parents)[:levels]


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file; none where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(size)
    except OSError:
        return b""


def text_of(path: Path) -> str:
    """A file of settings as text, in UTF-8 as far as it is; empty where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
