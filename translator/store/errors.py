"""What can go wrong with the database, said for a person."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class StoreError(Exception):
    """The database cannot do what was asked. The message says what happened, `hint` what to do now."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class StoreBusyError(StoreError):
    """Another process holds the database for longer than we wait."""


class StoreFullError(StoreError):
    """There is no room left to write. Nothing of the refused transaction was stored, all before it was."""


class StoreDamagedError(StoreError):
    """The file is no database, or a damaged one."""


class NewerStoreError(StoreError):
    """A newer version of this program has changed the database's layout."""


class NoSuchJobError(StoreError):
    """No job, or more than one, has an id that begins so."""


class JobLockedError(StoreError):
    """Another run of the same job is going on."""


_FULL = {sqlite3.SQLITE_FULL}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_DENIED = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """What an error of SQLite means for the person whose database is at `path`."""
    # The low byte is the kind of error, the rest says more about it (sqlite.org/rescode.html).
    # Errors that Python's module raises by itself carry no code.
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL:
        return StoreFullError(
            f"no room left for the database {path}",
            hint="free some space on that disk, or put the database on another with --db, and run the command again",
        )
    if code in _BUSY:
        return StoreBusyError(
            f"another program is writing to the database {path} and does not let go",
            hint="wait for it or end it, then run the command again; what was stored before stays",
        )
    if code in _DAMAGED:
        return StoreDamagedError(
            f"{path} is no database of this program, or it is damaged ({error})",
            hint=f'name another with --db, or move it away; `sqlite3 "{path}" .recover` may save what is in it',
        )
    if code in _DENIED:
        return StoreError(
            f"the database {path} cannot be opened for writing ({error})",
            hint="see to the permissions of the file and its folder, or name another with --db",
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"the disk gave an error for the database {path} ({error})",
            hint="check the disk and the space on it, or put the database on a local disk with --db",
        )
    return StoreError(f"the database {path} refuses: {error}", hint="please report this as a fault of the program")


@contextmanager
def explained(path: Path) -> Generator[None]:
    """Turn SQLite's errors into StoreErrors about the database at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
