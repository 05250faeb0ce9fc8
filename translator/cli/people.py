"""The commands for people who work on a translation: extract, apply."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load
from translator.cli.options import APPLY, EXTRACT
from translator.cli.output import Column, counted, fields, number, print_json, print_table, print_text, printable
from translator.cli.parameters import Given, takes

if TYPE_CHECKING:
    from translator.workflow.people import WorkOptions

_SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    panel = "Work by hand"
    app.command("extract", rich_help_panel=panel)(extract)
    app.command("apply", rich_help_panel=panel)(apply)


@takes(*EXTRACT)
def extract(
    path: Annotated[Path, typer.Argument(help="The game, book or file that is translated.", metavar="PATH")],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", help="The file to write: *.po, *.csv, *.xlsx or *.xliff.", metavar="FILE"),
    ],
    given: Given,
) -> None:
    """Write all texts with their translations into one file, for people to read and correct.

    Each line has its source, the machine's translation, who speaks, what helps to understand it, and what was found in
    it. Change the translations, and give the file back with 'translate apply'.
    """
    from translator.cli.progress import shown
    from translator.workflow.extracting import extract as run

    options, json, quiet = _options(path, out, given)
    with shown(quiet=quiet) as show:
        report = run(options, on_event=show)
    if json:
        print_json({**fields(report), "exit_status": report.exit_status})
    else:
        job = f"job {report.job}" if report.job else "no job yet"
        print_text(
            f"{printable(report.file)}: {counted(report.segments, 'text')} of "
            f"{counted(report.documents, 'file')} ({job}), {number(report.translated)} translated, "
            f"{number(report.found)} with findings, {number(report.edited)} edited."
        )
        for file, reason in report.unreadable:
            print_text(f"{printable(file)} is left out: {printable(reason)}")
    raise typer.Exit(report.exit_status)


@takes(*APPLY)
def apply(
    path: Annotated[Path, typer.Argument(help="The game, book or file that is translated.", metavar="PATH")],
    file: Annotated[Path, typer.Argument(help="The file from 'translate extract', edited.", metavar="FILE")],
    given: Given,
) -> None:
    """Take an edited file back: what a person wrote wins over every machine answer, now and later.

    The output is written anew, and no model is asked. An emptied line is the machine's again; a line whose text is
    another one now is not taken, and listed.
    """
    from translator.cli.progress import shown
    from translator.workflow.applying import apply as run

    options, json, quiet = _options(path, existing(file), given)
    with shown(quiet=quiet) as show:
        report = run(options, on_event=show)
    if json:
        print_json({**fields(report), "exit_status": report.exit_status})
        raise typer.Exit(report.exit_status)
    print_text(
        f"{counted(report.lines, 'line')}: {number(report.edited)} edited, {number(report.taken_back)} taken back, "
        f"{number(report.untouched)} untouched, {number(len(report.stale))} not taken."
    )
    if report.stale:
        rows = [(line.file, line.key, line.reason) for line in report.stale[:_SHOWN]]
        print_table(("File", Column("Key", whole=True), "Why it is not taken"), rows)
        if len(report.stale) > _SHOWN:
            print_text(f"and {number(len(report.stale) - _SHOWN)} more (--json lists all)")
    for name, reason in report.unreadable:
        print_text(f"{printable(name)}: {printable(reason)}")
    if report.job:
        print_text(f"Written: {printable(report.output)} ({counted(len(report.written), 'file')})")
    else:
        print_text(
            "Nothing is written: there is no job for this input yet. The command that translates it uses what was "
            "edited, and asks no model for that."
        )
    raise typer.Exit(report.exit_status)


def _options(path: Path, file: Path, given: Given) -> "tuple[WorkOptions, bool, bool]":
    from translator.cli.choices import input_options, server_options
    from translator.workflow.people import WorkOptions

    settings = load(given, path=existing(path))
    force = settings.flag("force") if "force" in given else False
    options = WorkOptions(
        input_options(settings, path), server_options(settings), file.expanduser(), force, settings.path("db")
    )
    return options, settings.flag("json"), settings.flag("quiet")
