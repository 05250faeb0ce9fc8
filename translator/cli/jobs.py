"""The commands about jobs: what was begun, how it stands, what should be looked at."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import time
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import load, named_database
from translator.cli.options import LOOKING
from translator.cli.output import Column, number, print_json, print_table, print_text, printable
from translator.cli.parameters import Given, takes

if TYPE_CHECKING:
    from translator.workflow.events import Problem
    from translator.workflow.reports import JobReport

JobArgument = Annotated[str, typer.Argument(help="The job, as 'translate jobs' names it.", metavar="JOB")]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(help="Say what was begun and how it stands. Alone it lists the jobs.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("show")(show)
    group.command("attempts")(attempts)
    group.command("remove")(remove)
    app.add_typer(group, name="jobs", rich_help_panel="Look")


@takes("db", *LOOKING)
def list_(given: Given) -> None:
    """List the jobs, the latest first."""
    from translator.workflow.jobs import list_jobs

    settings = load(given)
    jobs = list_jobs(settings.path("db"))
    if settings.flag("json"):
        print_json(jobs)
    elif not jobs:
        print_text("There are no jobs yet.")
    else:
        print_table(
            (
                Column("Job", whole=True),
                "Status",
                Column("Done", number=True),
                "Languages",
                "Model",
                "Input",
                "Changed",
            ),
            [
                (
                    job.job,
                    job.status,
                    f"{_share(job)} %",
                    f"{job.source_language} to {job.target_language}",
                    job.model,
                    job.input,
                    _when(job.updated),
                )
                for job in jobs
            ],
        )


@takes("db", *LOOKING)
def show(job: JobArgument, given: Given) -> None:
    """Show a job: how it stands, and every segment that failed or is worth a look."""
    from translator.cli.report import with_database
    from translator.workflow.jobs import show_job

    settings = load(given)
    report = show_job(settings.path("db"), job)
    if settings.flag("json"):
        print_json(report)
        return
    rows = (
        ("Job", f"{report.job} ({report.kind}), {report.status}"),
        ("Input", report.input),
        ("Output", report.output),
        ("Languages", f"{report.source_language} to {report.target_language}"),
        ("Model", f"{report.model}, profile {report.profile}"),
        ("Server", report.server),
        ("Begun", _when(report.created)),
        ("Changed", _when(report.updated)),
        ("Finished", _when(report.finished) if report.finished is not None else "not yet"),
        ("Files", number(report.documents)),
        ("Segments", f"{number(report.segments)}, from {number(report.unique)} texts that differ"),
        ("  translated", number(report.translated)),
        ("  nothing to do", number(report.kept)),
        ("  failed", number(report.failed)),
        ("  to be asked", number(report.pending)),
        ("Worth a look", number(report.flagged)),
    )
    for title, text in rows:
        print_text(f"{title + ':':<17}{printable(text)}")
    for title, failed in (("Failed: these kept their source", True), ("Translated, but worth a look", False)):
        _print_problems(title, [problem for problem in report.problems if problem.failed is failed])
    if report.pending or report.failed:
        print_text(with_database(f"\nTo go on: translate resume {report.job}", named_database(settings)))


def _print_problems(title: str, problems: "list[Problem]") -> None:
    if problems:
        print_text(f"\n{title}:")
        print_table(
            ("File", "Key", "Reason", "Source", "Translation"),
            [(p.file, p.key, p.reason, p.source, p.target) for p in problems],
        )


@takes("db", *LOOKING)
def attempts(
    job: JobArgument,
    given: Given,
    *,
    file: Annotated[
        str | None, typer.Option("--file", help="Only segments of this file of the job.", metavar="FILE")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Only the segment with this key, as 'jobs show' names it.", metavar="KEY"),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only segments that kept their source.")] = False,
) -> None:
    """Show each request that was made for a segment: what was asked of whom, what came back, what was wrong with it.

    Without --key and --failed: for the segments that were asked for more than once.
    """
    from translator.workflow.attempts import show_attempts

    settings = load(given)
    found = show_attempts(settings.path("db"), job, file=file, key=key, failed=failed)
    if settings.flag("json"):
        print_json(found)
        return
    if not found:
        print_text("No segment failed." if failed else "No segment was asked for more than once.")
    for segment in found:
        print_text(f"{printable(segment.file)}, {printable(segment.key)}: {segment.state.value}")
        print_text(f"  Source:      {printable(segment.source)}")
        if segment.target is not None:
            print_text(f"  Translation: {printable(segment.target)}")
        for finding in segment.findings:
            print_text(f"  {finding.severity.value.capitalize()}: {printable(finding.message)} ({finding.code})")
        if not segment.steps:
            print_text("  Never asked for: its translation is from the memory, or it has none yet.\n")
            continue
        print_table(
            (
                Column("Step", number=True),
                "Host",
                "Model",
                Column("Texts", number=True),
                "Sampling",
                Column("Tokens in", number=True),
                Column("out", number=True),
                Column("Seconds", number=True),
                "End",
                "Findings",
                "Answer",
            ),
            [
                (
                    step.number,
                    step.host,
                    step.model,
                    step.together,
                    ", ".join(f"{name} {value}" for name, value in step.sampling.items() if value),
                    number(step.prompt_tokens),
                    number(step.output_tokens),
                    f"{step.seconds:.1f}",
                    step.stop,
                    "; ".join(dict.fromkeys(f"{f.message} ({f.code})" for f in step.findings)),
                    step.reply,
                )
                for step in segment.steps
            ],
        )


@takes("db", "yes", *LOOKING)
def remove(job: JobArgument, given: Given) -> None:
    """Forget a job. Its translations stay in memory, and its output stays where it is."""
    from translator.workflow.jobs import remove_job

    settings = load(given)
    remove_job(settings.path("db"), job)
    if settings.flag("json"):
        print_json({"status": "done", "job": job})
    else:
        print_text(f"Job {printable(job)} is forgotten; its translations stay in memory.")


def _share(job: "JobReport") -> int:
    """The part of a job's segments that is settled, in per cent."""
    return 100 * (job.segments - job.pending) // job.segments if job.segments else 100


def _when(seconds: float) -> str:
    """A moment as a person's clock shows it."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
