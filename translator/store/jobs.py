"""Jobs: one input, one output, one pair of languages each."""

import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack, cast

from translator.store import locks
from translator.store.database import Row
from translator.store.errors import JobLockedError, NoSuchJobError
from translator.store.part import Part
from translator.store.rows import Holder, JobChanges, JobKey, JobRow, JobStatus, NewJob
from translator.store.schema import unit_range

_SELECT = """SELECT j.number, j.id, j.kind, j.input, j.output, j.source_language, j.target_language, j.model,
    r.recipe, r.digest, j.glossary_digest, j.options, j.program_version, j.server, j.status, j.runs, j.created,
    j.updated, j.finished FROM jobs j JOIN recipes r ON r.number = j.recipe"""
_ID_BYTES = 4
_REMOVE_SOME_UNITS = (
    "DELETE FROM units WHERE id IN (SELECT id FROM units WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 10000)"
)


_Columns = tuple[str, str, str, str, str, str, str, str, str, str, str, str, str]


def _job(row: Row) -> JobRow:
    # The columns come in the order of JobRow's fields: the number, 13 texts, the status, the rest.
    number, status, *rest = row[0], row[14], *row[15:]
    runs, created, updated, finished = cast("tuple[int, float, float, float | None]", tuple(rest))
    texts = cast("_Columns", row[1:14])
    return JobRow(cast("int", number), *texts, JobStatus(cast("str", status)), runs, created, updated, finished)


class Jobs(Part):
    """The store's methods for jobs as a whole."""

    def jobs(self) -> list[JobRow]:
        """All jobs, the newest first."""
        return [_job(row) for row in self._quick.rows(f"{_SELECT} ORDER BY j.number DESC")]

    def job(self, job_id: str) -> JobRow:
        """The job with this id, or the only one whose id begins so. Raises NoSuchJobError."""
        wanted = job_id.strip().lower()
        rows = self._quick.rows(f"{_SELECT} WHERE substr(j.id, 1, ?) = ? ORDER BY j.number", (len(wanted), wanted))
        if not rows or not wanted:
            raise NoSuchJobError(f"there is no job {job_id!r}", hint="translate jobs list")
        if len(rows) > 1:
            ids = ", ".join(str(row[1]) for row in rows[:5])
            raise NoSuchJobError(f"{job_id!r} begins several jobs' ids: {ids}", hint="give more of the id")
        return _job(rows[0])

    def find_job(self, **key: Unpack[JobKey]) -> JobRow | None:
        """The newest job of this input, output and pair of languages, None if there is none."""
        rows = self._quick.rows(
            f"{_SELECT} WHERE j.input = ? AND j.output = ? AND j.kind = ? AND j.source_language = ?"
            " AND j.target_language = ? ORDER BY j.number DESC LIMIT 1",
            (key["input"], key["output"], key["kind"], key["source_language"], key["target_language"]),
        )
        return _job(rows[0]) if rows else None

    def create_job(self, **job: Unpack[NewJob]) -> JobRow:
        """A new job, open and never run."""
        return self.job(self._insert_job(job))

    def _insert_job(self, job: NewJob) -> str:
        now = time.time()
        with self._durable.transaction():
            recipe = self._recipe(job["recipe_digest"], job["recipe"])
            job_id = self._new_id()
            self._durable.insert(
                "INSERT INTO jobs (id, kind, input, output, source_language, target_language, model, recipe, options,"
                " program_version, server, status, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    job_id, job["kind"], job["input"], job["output"], job["source_language"], job["target_language"],
                    job["model"], recipe, job["options"], job["program_version"], job["server"], JobStatus.OPEN,
                    now, now,
                ),
            )  # fmt: skip
        return job_id

    def find_or_create_job(self, **job: Unpack[NewJob]) -> JobRow:
        """The newest job of this input, output and pair of languages, else a new one: two programs get the same."""
        with self._durable.transaction():
            known = self.find_job(
                kind=job["kind"],
                input=job["input"],
                output=job["output"],
                source_language=job["source_language"],
                target_language=job["target_language"],
            )
            # The new job is seen once the transaction has ended.
            job_id = known.id if known is not None else self._insert_job(job)
        return self.job(job_id)

    def update_job(self, job_id: str, **changes: Unpack[JobChanges]) -> JobRow:
        """Change fields of a job; what it is afterwards. Raises NoSuchJobError."""
        fields = cast("dict[str, str | float | None]", dict(changes))
        recipe, digest = fields.pop("recipe", None), fields.pop("recipe_digest", None)
        if (recipe is None) != (digest is None):
            raise ValueError("a recipe and its digest change together")
        with self._durable.transaction():
            job = self.job(job_id)
            number = job.number
            if recipe is not None:
                fields["recipe"] = self._recipe(str(digest), str(recipe))
            # The clock may have been set back; a job is never changed or finished before it was begun.
            fields["updated"] = max(time.time(), job.created)
            if (finished := changes.get("finished")) is not None:
                fields["finished"] = max(finished, job.created)
                fields["updated"] = max(fields["updated"], fields["finished"])
            names = ", ".join(f"{name} = ?" for name in fields)
            self._durable.write(f"UPDATE jobs SET {names} WHERE number = ?", (*fields.values(), number))  # noqa: S608 - names of JobChanges
        return self.job(job_id)

    def begin_run(self, job_id: str) -> JobRow:
        """Count a new run of the job and open it again. What was answered before counts as known from then on."""
        number = self.job(job_id).number
        self._durable.write(
            "UPDATE jobs SET runs = runs + 1, status = ?, finished = NULL, updated = max(created, ?) WHERE number = ?",
            (JobStatus.OPEN, time.time(), number),
        )
        return self.job(job_id)

    def remove_job(self, job_id: str) -> None:
        """Forget a job and all that it held; the memory keeps its translations. Raises JobLockedError if it runs."""
        job = self.job(job_id)
        with self.lock(job.id):
            # In steps, so that nobody waits long and little memory is needed: what an interrupted removal leaves is
            # a job of which less is read, as after a crash. Segments go with their documents, before their units.
            for (document,) in self._quick.rows("SELECT number FROM documents WHERE job = ?", (job.number,)):
                self._quick.write("DELETE FROM documents WHERE number = ?", (document,))
            while self._quick.write(_REMOVE_SOME_UNITS, unit_range(job.number)):
                pass
            self._durable.write("DELETE FROM jobs WHERE number = ?", (job.number,))

    @contextmanager
    def lock(self, job_id: str) -> Generator[None]:
        """Be the only run of this job while inside. Raises JobLockedError, which says whose the other run is.

        The operating system ends the lock when the process ends, in whatever way.
        """
        try:
            with locks.locked(self._lock_file(job_id)):
                yield
        except locks.HeldError as error:
            held = error.holder
            since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(held.since))
            who = f" by process {held.pid} on {held.host} since {since}" if held.pid else ""
            raise JobLockedError(
                f"job {job_id} is being run already{who}", hint="wait for it, or end it and run the command again"
            ) from None

    def holder(self, job_id: str) -> Holder | None:
        """The process that runs the job now, None if none does."""
        return locks.holder(self._lock_file(job_id))

    def _lock_file(self, job_id: str) -> Path:
        return self.path.with_name(f"{self.path.name}-locks") / f"{job_id}.lock"

    def _new_id(self) -> str:
        while True:
            job_id = secrets.token_hex(_ID_BYTES)
            if not self._durable.rows("SELECT 1 FROM jobs WHERE id = ?", (job_id,)):
                return job_id

    def _recipe(self, digest: str, recipe: str) -> int:
        self._durable.write("INSERT OR IGNORE INTO recipes (digest, recipe) VALUES (?, ?)", (digest, recipe))
        ((number,),) = self._durable.rows("SELECT number FROM recipes WHERE digest = ?", (digest,))
        return cast("int", number)
