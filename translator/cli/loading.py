"""From what the command line said to the settings of a command."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import os
from pathlib import Path
from typing import TYPE_CHECKING

from translator.cli.options import OPTIONS
from translator.cli.parameters import Given
from translator.workflow.errors import InputError

if TYPE_CHECKING:
    from translator.cli.settings import Settings


def load(given: Given, *, path: Path | None = None, section: str = "") -> "Settings":
    """The settings of a command whose input is `path`. Raises UsageError, which names the place of what is wrong."""
    from translator.cli.files import configuration
    from translator.cli.settings import merge

    return merge(tuple(given), given, os.environ, tuple(configuration(path)), section=section)


def existing(path: Path) -> Path:
    """The input, if it is there; raises InputError otherwise."""
    try:
        path.stat()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file or folder", hint="Check the path.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error
    return path


def named_database(settings: "Settings") -> Path | None:
    """The database that another command must name too, because only this command or its input says which it is."""
    from translator.cli.settings import Rank

    if "db" in settings.chosen and settings.rank("db") in (Rank.COMMAND, Rank.PROJECT):
        return settings.path("db")
    return None


def said_by_project(settings: "Settings") -> str:
    """A sentence that says which options a file beside the input set; empty if none."""
    from translator.cli.settings import Rank

    names = sorted(name for name in settings.chosen if settings.rank(name) is Rank.PROJECT)
    if not names:
        return ""
    files = sorted({settings.place(name).rsplit(": ", 1)[0] for name in names})
    return f"Settings from {' and '.join(files)}: {', '.join(OPTIONS[name].flag for name in names)}."
