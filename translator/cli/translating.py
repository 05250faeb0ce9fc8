"""The commands that translate: game, novel, subtitle, exchange, resume, demo."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load, named_database, said_by_project
from translator.cli.options import GAME, NOVEL, SAYING, SUBTITLE, TEXTS
from translator.cli.output import fields, print_json, print_table, print_text, printable, say
from translator.cli.parameters import Given, takes
from translator.workflow.errors import UsageError, WorkflowError

if TYPE_CHECKING:
    from translator.cli.settings import Settings
    from translator.workflow.events import Event, OnEvent, Summary
    from translator.workflow.options import JobOptions


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    panel = "Translate"
    app.command("game", rich_help_panel=panel)(game)
    app.command("novel", rich_help_panel=panel)(novel)
    app.command("subtitle", rich_help_panel=panel)(subtitle)
    app.command("exchange", rich_help_panel=panel)(exchange)
    app.command("resume", rich_help_panel=panel)(resume)
    app.command("demo", rich_help_panel=panel)(demo)


@takes(*GAME)
def game(
    path: Annotated[Path, typer.Argument(help="The game's folder, or its www or data folder.", metavar="FOLDER")],
    given: Given,
) -> None:
    """Translate a game.

    The result is a patch beside the game: only the changed files, at their places, ready to be laid over it.
    """
    _translate(path, given, "game")


@takes(*NOVEL)
def novel(
    path: Annotated[Path, typer.Argument(help="A book or text file, or a folder of them.", metavar="PATH")],
    given: Given,
) -> None:
    """Translate a novel or any other text.

    The result is a file or folder beside the input, with the language in its name.
    """
    _translate(path, given, "novel")


@takes(*SUBTITLE)
def subtitle(
    path: Annotated[Path, typer.Argument(help="A subtitle file, or a folder of them.", metavar="PATH")], given: Given
) -> None:
    """Translate subtitles.

    The result is a file or folder beside the input, with the language in its name.
    """
    _translate(path, given, "subtitle")


@takes(*TEXTS)
def exchange(
    path: Annotated[
        Path, typer.Argument(help="A file that translators exchange, or a folder of them.", metavar="PATH")
    ],
    given: Given,
) -> None:
    """Translate a file of texts and their translations: PO, XLIFF, tables, what other programs took out of a game.

    What has a translation keeps it. The result is a file or folder beside the input, with the language in its name.
    """
    _translate(path, given, "exchange")


@takes("db", *SAYING)
def resume(
    given: Given,
    job: Annotated[
        str | None, typer.Argument(help="The job, as 'translate jobs' names it. Default: the latest unfinished one.")
    ] = None,
) -> None:
    """Go on with a job that was stopped, or ask again for what failed."""
    settings = load(given)

    def run(on_event: "OnEvent") -> "Summary":
        from translator.workflow.run import resume as resume_job

        return resume_job(job, db=settings.path("db"), on_event=on_event)

    _finish(run, settings)


@takes("model", "to", "backend", "host", "out", *SAYING)
def demo(given: Given) -> None:
    """Translate the sample game that comes with the program, with a small model inside it: no server is needed.

    The game and its translation go to the folder honyaku-demo, or --out. Only what the command line says of model,
    backend, host and language counts here.
    """
    from translator.cli.choices import server_options
    from translator.cli.report import report
    from translator.cli.settings import Rank, merge
    from translator.workflow.demo import Demo
    from translator.workflow.demo import demo as run_demo

    settings = load(given)
    said = {name for name in settings.chosen if settings.rank(name) is Rank.COMMAND}
    server = server_options(merge(tuple(given), given, {})) if said & {"model", "backend", "host"} else None
    target = (settings.text("to") if "to" in said else None) or "en"
    out = settings.path("out") if "out" in said else None
    made: list[Demo] = []

    def run(on_event: "OnEvent") -> "Summary":
        made.append(run_demo(out, on_event=on_event, server=server, target=target))
        return made[0].summary

    summary, notices = _run(run, settings)
    result = made[0]
    if settings.flag("json"):
        print_json({**fields(summary), "exit_status": result.exit_status})
        raise typer.Exit(result.exit_status)
    print_text("\n".join(report(summary, said=notices, db=result.db)))
    if result.lines:
        print_text("")
        print_table(("In the game", "Translated"), result.lines)
    print_text(f"\nThe game: {printable(str(result.original))}\nTranslated: {printable(str(result.translated))}")
    if summary.failed and server is None:
        print_text("The demo's model is tiny and only shows how it works; a real one reads better and fails seldom.")
    raise typer.Exit(result.exit_status)


def _translate(path: Path, given: Given, kind: str) -> None:
    from translator.cli.choices import job_options
    from translator.workflow.options import Kind

    settings = load(given, path=existing(path), section=kind)
    options = job_options(settings, path, Kind(kind))
    if not settings.flag("quiet") and (sentence := said_by_project(settings)):
        say(sentence)
    if options.output.in_place and not options.dry_run and not settings.flag("yes"):
        _confirm(options)

    def run(on_event: "OnEvent") -> "Summary":
        from translator.workflow.run import translate

        return translate(options, on_event=on_event)

    _finish(run, settings)


def _confirm(options: "JobOptions") -> None:
    """Ask before the input is changed. Raises UsageError where nobody can be asked or the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "--in-place changes the input, and there is no terminal to ask on",
            hint="Add --yes if that is what you want.",
        )
    question = f"Change {options.input.path} itself? A backup is kept beside it."
    if not typer.confirm(question, err=True):
        raise UsageError("nothing was changed", hint="Without --in-place the result goes beside the input.")


def _finish(run: "Callable[[OnEvent], Summary]", settings: "Settings") -> None:
    """Run a job, show how far it is, print its result, and end with its exit status."""
    from translator.cli.report import report

    summary, said = _run(run, settings)
    if settings.flag("json"):
        print_json({**fields(summary), "exit_status": summary.exit_status})
    else:
        print_text("\n".join(report(summary, said=said, db=named_database(settings))))
    raise typer.Exit(summary.exit_status)


def _run(run: "Callable[[OnEvent], Summary]", settings: "Settings") -> "tuple[Summary, set[str]]":
    """Run a job and show how far it is; its end, and the notices that were said on the way."""
    from translator.cli.progress import shown
    from translator.cli.report import with_database
    from translator.workflow.events import Notice

    said: set[str] = set()
    with shown(quiet=settings.flag("quiet")) as show:

        def on_event(event: "Event") -> None:
            if isinstance(event, Notice) and not settings.flag("quiet"):
                said.add(event.text)
            show(event)

        try:
            return run(on_event), said
        except WorkflowError as error:
            error.hint = with_database(error.hint, named_database(settings))
            raise
