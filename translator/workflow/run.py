"""The translating commands: a job from its input to its output, begun or gone on with."""

from dataclasses import replace
from pathlib import Path

from translator.core.languages import language
from translator.store import Store
from translator.store.rows import JobRow, JobStatus
from translator.workflow.database import opened
from translator.workflow.decisions import Decide
from translator.workflow.errors import UsageError
from translator.workflow.events import Notice, OnEvent, Summary
from translator.workflow.inputs import find_source
from translator.workflow.one_run import Run
from translator.workflow.options import JobOptions
from translator.workflow.output import check_writable, choose_target
from translator.workflow.pinned import Pinned
from translator.workflow.setup import choose_languages, choose_profile, leading_model, settle_server
from translator.workflow.summary import dry_run_summary


def translate(options: JobOptions, *, on_event: OnEvent) -> Summary:
    """Do what a translating command was asked for, or go on with the same job where it stopped.

    Everything that is answered is stored at once. Raises WorkflowErrors, each with the exit status of its kind;
    InterruptedJobError after Ctrl-C.
    """
    options = replace(options, server=settle_server(options.server))
    profile = choose_profile(options.server, leading_model(options.server))
    languages = choose_languages(profile, options.input.source, options.input.target)
    source = find_source(
        options.input,
        source=languages[0].code,
        target=languages[1].code,
        output_charset=options.output.charset,
    )
    target = choose_target(source, options.output, languages[1].code)
    for sentence in (*source.found, *source.notices):
        on_event(Notice(sentence))
    if options.dry_run:
        return dry_run_summary(options, source, target, profile, languages, on_event)
    check_writable(target)
    with opened(options.db) as store:
        return Run(store, options, source, target, profile, languages, on_event).ask()


def resume(job: str | None, *, db: Path | None, on_event: OnEvent) -> Summary:
    """Go on with a stored job, the latest unfinished one when none is named. Raises as `translate` does."""
    with opened(db) as store:
        row = _find_unfinished(store) if job is None else store.job(job)
        options = Pinned.from_json(row.options).options
    return translate(replace(options, db=db), on_event=on_event)


def decide(row: JobRow, by: Decide, store: Store, *, on_event: OnEvent) -> Summary:
    """Have `by` decide for texts of a job that was just read (it gets the job and the name of its project), and write
    the job's output anew. No model is asked for anything. Raises as `translate` does.
    """
    options = Pinned.from_json(row.options).options
    options = replace(options, output=replace(options.output, force=False))
    profile = Pinned.from_json(row.options).profile()
    languages = language(row.source_language), language(row.target_language)
    source = find_source(
        options.input, source=row.source_language, target=row.target_language, output_charset=options.output.charset
    )
    target = choose_target(source, options.output, row.target_language)
    check_writable(target)
    return Run(store, options, source, target, profile, languages, on_event).decide(by)


def _find_unfinished(store: Store) -> JobRow:
    rows = [row for row in store.jobs() if row.status is not JobStatus.DONE]
    if not rows:
        raise UsageError("there is no unfinished job", hint="`translate jobs` lists them all.")
    return max(rows, key=lambda row: row.updated)
