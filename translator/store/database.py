"""One connection to the database file: how it is opened, and how it is read and written."""

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from sqlite_utils import Database

from translator.store.errors import NewerStoreError, StoreDamagedError, StoreError, explained
from translator.store.schema import KNOWN, MIGRATIONS_TABLE, SCHEMA

Value = str | bytes | int | float | None
Row = tuple[Value, ...]

# Other processes write for milliseconds at a time; who waits this long (seconds) waits for one that is stuck.
BUSY_TIMEOUT = 30.0
# SQLite waits so long (seconds) without hearing a signal, and is then asked again.
_ONE_WAIT = 0.1
# Nobody needs to be told of shorter waits.
_WORTH_TELLING = 3.0
_CACHE_KIB = 24 * 1024
# The write-ahead log is folded into the file at this many pages of 4 KiB (64 MiB): indexes of hashes are written all
# over, and pages that were written often in the meantime are folded in once.
_CHECKPOINT_PAGES = 16 * 1024
# Well below SQLite's smallest limit of parameters in one statement (999 before version 3.32).
CHUNK = 900


class Connection:
    """A connection that several threads may use, one at a time.

    durable: a transaction that has ended survives a power cut. Otherwise it survives a crash of the process, and a
    power cut once a durable connection to the same file has committed after it; the file is consistent always.

    patience: how long (seconds) it waits for another program that writes. on_wait: told, by the thread that waits,
    when that takes long.
    """

    def __init__(self, path: Path, *, durable: bool) -> None:
        self.path = path
        self.patience = BUSY_TIMEOUT
        self.on_wait: Callable[[], None] | None = None
        self._lock = threading.RLock()
        # Whether the main thread is in a transaction, and whether it is to be interrupted when that has ended.
        self._whole = False
        self._interrupted = False
        with explained(path):
            self._sqlite = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
            try:
                self._configure(durable=durable)
            except BaseException:
                self._sqlite.close()
                raise

    def _configure(self, *, durable: bool) -> None:
        run = self._sqlite.execute
        # FULL syncs the log at every commit, NORMAL only when it is folded into the file (sqlite.org/pragma.html).
        run(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        run("PRAGMA foreign_keys = ON")
        run(f"PRAGMA cache_size = -{_CACHE_KIB}")
        run("PRAGMA temp_store = MEMORY")
        # Some systems build SQLite so that it overwrites what is deleted; these texts are no secrets.
        run("PRAGMA secure_delete = OFF")
        run(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        self._wait_at_once(_ONE_WAIT)

    def _wait_at_once(self, seconds: float) -> None:
        """How long SQLite itself waits for others, before `_run` asks again."""
        self._sqlite.execute(f"PRAGMA busy_timeout = {1000 * seconds:.0f}")

    def prepare(self) -> None:
        """Bring the file's layout up to today's. Raises NewerStoreError, StoreDamagedError and other StoreErrors."""
        with self._lock, explained(self.path):
            # The migrations run statements of their own, which nobody repeats for them.
            self._wait_at_once(self.patience)
            database = Database(self._sqlite, recursive_triggers=False, execute_plugins=False)
            if self._layout(database) != set(KNOWN):
                # Where several do it at once, SQLite refuses this at once instead of waiting.
                self._run("PRAGMA journal_mode = WAL")
                # Two programs may open a new file at the same time: the one that comes second finds the work done.
                with self.transaction():
                    self._layout(database)
                    SCHEMA.apply(database)
            self._wait_at_once(_ONE_WAIT)

    def _layout(self, database: Database) -> set[str]:
        """The names of the migrations that the file has seen."""
        tables = {str(name) for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and MIGRATIONS_TABLE not in tables:
            raise StoreDamagedError(
                f"{self.path} is a database of some other program", hint="name another file with --db"
            )
        seen = {migration.name for migration in SCHEMA.applied(database)}
        if seen - set(KNOWN):
            raise NewerStoreError(
                f"the database {self.path} was written by a newer version of this program",
                hint="update this program, or use another database with --db",
            )
        return seen

    def close(self) -> None:
        """Let go of the file."""
        with self._lock, explained(self.path):
            self._sqlite.close()

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        with self._lock, explained(self.path):
            return cast("list[Row]", self._run(sql, parameters).fetchall())

    def rows_in(self, sql: str, values: Iterable[Value], *first: Value) -> Generator[Row]:
        """The rows of a query for many values: `{in}` in `sql` becomes a list of them, as often as it takes.

        first: the parameters that stand before the list.
        """
        wanted = list(values)
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            yield from self.rows(sql.replace("{in}", f"({','.join('?' * len(part))})"), (*first, *part))

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Write everything that is done inside, or nothing. One inside another belongs to the outer one."""
        with self._lock, explained(self.path):
            if self._sqlite.in_transaction:
                yield
                return
            self._whole = threading.current_thread() is threading.main_thread()
            try:
                # IMMEDIATE takes the write lock at once and so waits for it; a transaction that began by reading
                # would be refused without waiting when another process has written meanwhile.
                self._run("BEGIN IMMEDIATE")
                yield
                self._run("COMMIT")
            except BaseException:
                # A full disk has ended the transaction already.
                if self._sqlite.in_transaction:
                    self._sqlite.execute("ROLLBACK")
                raise
            finally:
                self._whole = False
                self._let_through()

    def interrupt(self) -> bool:
        """Whether the main thread is in a transaction, which then raises KeyboardInterrupt at its end.

        For signal handlers. An exception that arose just anywhere, as in `contextlib` on the way in or out, would leave
        the transaction open, and what is to be done on the way out of the program would wait for it.
        """
        self._interrupted = self._whole
        return self._whole

    def _let_through(self) -> None:
        if self._interrupted and threading.current_thread() is threading.main_thread():
            self._interrupted = False
            raise KeyboardInterrupt

    def _run(self, sql: str, parameters: Sequence[Value] = ()) -> sqlite3.Cursor:
        """Run a statement, again and again while another program has locked the file; signals are heard meanwhile."""
        began, told = time.monotonic(), False
        while True:
            try:
                return self._sqlite.execute(sql, parameters)
            except sqlite3.OperationalError as error:
                waited = time.monotonic() - began
                if not _passes(error) or waited >= self.patience:
                    raise
            self._let_through()
            if waited >= _WORTH_TELLING and not told and self.on_wait is not None:
                told = True
                self.on_wait()

    def write(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run one statement inside a transaction; the number of rows that it changed."""
        with self.transaction():
            return self._sqlite.execute(sql, parameters).rowcount

    def write_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run one statement for each row, in one transaction."""
        with self.transaction():
            self._sqlite.executemany(sql, rows)

    def insert(self, sql: str, parameters: Sequence[Value]) -> int:
        """Run one INSERT inside a transaction; the row's number."""
        with self.transaction():
            number = self._sqlite.execute(sql, parameters).lastrowid
        if number is None:
            raise StoreError(f"the database {self.path} did not number a new row")
        return number


def _passes(error: sqlite3.Error) -> bool:
    """Whether the same statement may succeed later. A snapshot that is too old stays so."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT
