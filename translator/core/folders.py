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
