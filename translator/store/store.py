"""The store: one SQLite file with the translation memory and all jobs."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from platformdirs import user_data_path

from translator.store.edits import Edits
from translator.store.errors import StoreError
from translator.store.jobs import Jobs
from translator.store.ledger import GroupWriter, JobLedger
from translator.store.memory import Memory
from translator.store.names import Names
from translator.store.plan import Plan
from translator.store.results import Results
from translator.store.review import Review
from translator.store.rows import JobRow

LONG_WAIT = 120.0
"""Seconds that a running job waits for another program that writes."""

_SHORT_WAIT = 1.0


def default_path() -> Path:
    """Where this user's database is unless another is named."""
    return user_data_path("honyaku", appauthor=False) / "translate.db"


class Store(Jobs, Plan, Names, Results, Review, Memory, Edits):
    """The memory and the jobs of one database file. Several processes, and several threads, may use one file.

    Its methods are synchronous and short; all of them raise StoreError, and those that stream read on as they are
    consumed. What a ledger settles, jobs and edits survive a power cut; a plan survives it once something was settled
    after it, and is otherwise worked out again.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._writer = GroupWriter(self._durable)

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Open a database file, creating or updating it as needed; None: `default_path`. Raises StoreError."""
        path = (path or default_path()).expanduser()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Links are followed: by whatever name it is opened, a file has one place for its locks.
            return cls(path.resolve())
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"the folder of the database {path} cannot be used: {error}",
                hint="see to its permissions, or name another database with --db",
            ) from error

    def ledger(self, job: JobRow, *, names: bool = False) -> JobLedger:
        """The record that a run of this job reads and writes. `job` is what `begin_run` gave.

        names: it shows what is pending of names only.
        """
        ((recipe,),) = self._quick.rows("SELECT recipe FROM jobs WHERE number = ?", (job.number,))
        return JobLedger(job, cast("int", recipe), self._quick, self._writer, names)

    def wait_long(self, on_wait: Callable[[], None]) -> None:
        """Wait for other programs that write for as long as a job that runs can afford to.

        on_wait: told, by whatever thread waits, when one takes long.
        """
        for connection in (self._quick, self._durable):
            connection.patience, connection.on_wait = LONG_WAIT, on_wait

    def hurry(self) -> None:
        """Give up waiting for other programs almost at once, in all threads: the program is to end."""
        for connection in (self._quick, self._durable):
            connection.patience, connection.on_wait = _SHORT_WAIT, None

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt, at once or when the transaction that the main thread is in has ended.

        For signal handlers, which Python calls in the main thread.
        """
        # Both are told: of two transactions, one in the other, the outer one decides.
        if not any([self._quick.interrupt(), self._durable.interrupt()]):
            raise KeyboardInterrupt

    def close(self) -> None:
        """Commit what is queued and let go of the file."""
        self._writer.close()
        self._durable.close()
        self._quick.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
