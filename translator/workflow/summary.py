"""What a translating command ends with."""

from collections.abc import Iterator, Sequence

from translator.core.languages import Language
from translator.engine.events import RunTotals
from translator.profiles import Profile
from translator.store import Store
from translator.store.rows import DocumentRow, JobRow
from translator.workflow.events import OnEvent, Problem, Status, Summary
from translator.workflow.inputs import Source
from translator.workflow.options import JobOptions
from translator.workflow.output import Target
from translator.workflow.paths import named
from translator.workflow.planning import Unreadable
from translator.workflow.scan import examine

NAMED = 3
"""How many files are named beside a sentence that holds for all of them."""


def summarise(
    store: Store,
    job: JobRow,
    *,
    output: str,
    totals: RunTotals,
    seconds: float,
    written: Sequence[str],
    unreadable: Sequence[Unreadable],
) -> Summary:
    """The end of a run, counted from what is stored."""
    counts = store.counts(job)
    tally = counts.segments
    whole = Status.LIMITED if tally.pending else Status.DONE
    status = Status.PARTIAL if tally.failed or unreadable else whole
    return Summary(
        job=job.id,
        status=status,
        documents=sum(bool(row.digest) for row in store.documents(job)),
        segments=tally.total,
        unique=counts.units.total - counts.units.kept,
        translated=tally.translated,
        from_memory=tally.from_memory,
        kept=tally.kept,
        failed=tally.failed,
        flagged=tally.flagged,
        requests=totals.requests,
        retries=totals.retries,
        prompt_tokens=totals.prompt_tokens,
        output_tokens=totals.output_tokens,
        cached_tokens=totals.cached_tokens,
        seconds=round(seconds, 3),
        output=output,
        written=tuple(written),
        notices=tuple(_notices(store.documents(job))),
        problems=tuple(Problem(*row) for row in store.problems(job)),
        unreadable=tuple((u.path, u.reason) for u in unreadable),
    )


def _notices(documents: Sequence[DocumentRow]) -> Iterator[str]:
    """What was said of files, each sentence once with the files that it is about."""
    said: dict[str, list[str]] = {}
    for row in documents:
        for sentence in row.notices:
            said.setdefault(sentence, []).append(row.path)
    for sentence, paths in said.items():
        more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
        yield f"{', '.join(paths[:NAMED])}{more}: {sentence}" if len(documents) > 1 else sentence


def dry_run_summary(
    options: JobOptions,
    source: Source,
    target: Target,
    profile: Profile,
    languages: tuple[Language, Language],
    on_event: OnEvent,
) -> Summary:
    """What a run would do, from the files alone: nothing is asked, stored or written."""
    report = examine(
        source,
        options.server,
        profile=profile,
        languages=languages,
        speed=None,
        on_event=on_event,
        glossaries=options.input.glossaries,
        names_only=options.names_only,
    )
    unreadable = tuple((f.path, f.error) for f in report.files if f.error is not None)
    return Summary(
        job="",
        status=Status.DRY_RUN,
        documents=len(report.files) - len(unreadable),
        segments=report.segments,
        unique=report.unique,
        translated=0,
        from_memory=0,
        kept=report.kept,
        failed=0,
        flagged=0,
        requests=0,
        retries=0,
        prompt_tokens=0,
        output_tokens=0,
        cached_tokens=0,
        seconds=0.0,
        output=named(target.path),
        notices=(*source.notices, f"A run would make about {report.batches} requests."),
        unreadable=unreadable,
    )
