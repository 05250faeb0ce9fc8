"""The stored jobs, for those who look at them."""

from pathlib import Path

from translator.core.recipe import Recipe
from translator.store import Store
from translator.store.rows import JobRow
from translator.workflow.database import opened
from translator.workflow.events import Problem
from translator.workflow.reports import JobReport


def list_jobs(db: Path | None) -> list[JobReport]:
    """All jobs, the latest first. Raises InputError when the database cannot be read."""
    with opened(db) as store:
        return [_report(store, row) for row in sorted(store.jobs(), key=lambda row: -row.updated)]


def show_job(db: Path | None, job: str) -> JobReport:
    """One job, by its id or the beginning of it, with every segment that a person should look at."""
    with opened(db) as store:
        row = store.job(job)
        return _report(store, row, tuple(Problem(*problem) for problem in store.problems(row)))


def remove_job(db: Path | None, job: str) -> JobReport:
    """Forget a job; its translations stay in the memory, its output stays. Raises UsageError while it runs."""
    with opened(db) as store:
        row = store.job(job)
        report = _report(store, row)
        store.remove_job(row.id)
        return report


def _report(store: Store, row: JobRow, problems: tuple[Problem, ...] = ()) -> JobReport:
    counts = store.counts(row)
    tally = counts.segments
    running = store.holder(row.id) is not None
    return JobReport(
        job=row.id,
        kind=row.kind,
        input=row.input,
        output=row.output,
        source_language=row.source_language,
        target_language=row.target_language,
        model=row.model,
        profile=Recipe.from_json(row.recipe).profile,
        server=row.server,
        status="running" if running else row.status.value,
        running=running,
        documents=counts.documents,
        segments=tally.total,
        unique=counts.units.total - counts.units.kept,
        translated=tally.translated,
        kept=tally.kept,
        failed=tally.failed,
        flagged=tally.flagged,
        pending=tally.pending,
        created=row.created,
        updated=row.updated,
        finished=row.finished,
        problems=problems,
    )
