"""The data files that come with the program."""

from importlib.resources import files
from pathlib import Path


def shipped(folder: str) -> Path:
    """The folder `glossaries` or `samples` of this installation: in the wheel, else in the checkout around it."""
    package = Path(str(files("translator")))
    installed = package / "_data" / folder
    return installed if installed.is_dir() else package.parent / folder
