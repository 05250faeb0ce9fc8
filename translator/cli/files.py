"""The configuration files: where they are, and what is in them."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import tomllib
from collections.abc import Iterator
from pathlib import Path

from translator.cli.settings import File, Rank
from translator.workflow.errors import UsageError

PROJECT_FILE = "translate.toml"


def user_file() -> Path:
    """The user's own configuration file; it need not exist."""
    from platformdirs import user_config_path

    return user_config_path("honyaku", appauthor=False) / "config.toml"


def configuration(path: Path | None = None) -> Iterator[File]:
    """The files that hold for an input: `translate.toml` in it if it is a folder, then beside it, then the user's.

    Raises UsageError for a file that cannot be read or is no TOML.
    """
    if path is not None:
        inside = [path] if path.is_dir() else []
        # absolute(), not resolve(): beside a link is where the user sees it
        for folder in (*inside, path.absolute().parent):
            yield from _read(folder / PROJECT_FILE, Rank.PROJECT)
    yield from _read(user_file(), Rank.USER)


def _read(file: Path, rank: Rank) -> Iterator[File]:
    try:
        with file.open("rb") as stream:
            yield File(file, rank, tomllib.load(stream))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: is no valid TOML: {error}") from error
