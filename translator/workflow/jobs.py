"""The stored jobs, for those who look at them."""

from pathlib import Path

from translator.core.languages import language
from translator.core.markup import MarkupSyntax
from translator.core.recipe import Recipe
from translator.formats import all_formats
from translator.store import Store
from translator.store.rows import JobRow
from translator.workflow.database import opened
from translator.workflow.errors import UsageError, WorkflowError
from translator.workflow.events import Problem
from translator.workflow.inputs import find_source
from translator.workflow.naming import Naming
from translator.workflow.options import InputOptions
from translator.workflow.pinned import Pinned
from translator.workflow.reports import JobName, JobReport
from translator.workflow.setup import load_glossary


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


def show_names(db: Path | None, job: str | None) -> list[JobName]:
    """The names of a job (None: of the latest) in reading order, each once for each of its translations.

    Raises UsageError where there is no job, InputError when the database or a glossary cannot be read.
    """
    with opened(db) as store:
        rows = store.jobs() if job is None else [store.job(job)]
        if not rows:
            raise UsageError("there is no job yet", hint="Translate a game first: translate game FOLDER --names-only")
        row = max(rows, key=lambda row: row.updated)
        pinned = Pinned.from_json(row.options)
        given = pinned.options.input
        markups, root = _markups(given, row)
        glossary = load_glossary((language(row.source_language), language(row.target_language)), root, given.glossaries)
        naming = Naming(glossary, row.recipe_digest, markups, used=pinned.profile().takes_glossary)
        found = (
            JobName(row.id, name.source, name.target, name.entry, name.reason) for name in naming.listed(store, row)
        )
        return list(dict.fromkeys(found))


def _markups(given: InputOptions, row: JobRow) -> tuple[dict[str, MarkupSyntax], Path]:
    """The markup of a job's formats, and the folder of its input; where that is gone, the formats' own markup."""
    own = {name: known.info.markup for name, known in all_formats().items()}
    try:
        source = find_source(given, source=row.source_language, target=row.target_language)
    except WorkflowError:
        return own, given.path
    return own | dict(source.markups), source.root


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
