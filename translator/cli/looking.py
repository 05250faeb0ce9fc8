"""The commands that only look: scan, formats, games, profiles, checks."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load
from translator.cli.options import LOOKING, SCAN
from translator.cli.output import Column, duration, fields, number, print_json, print_table, print_text, printable, size
from translator.cli.parameters import Given, takes

if TYPE_CHECKING:
    from translator.workflow.reports import RoundtripReport, ScanReport

UNREADABLE = 4
"""The exit status when an input could not be read."""
DIFFERENT = 1
"""The exit status when a file did not come back as it was."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("scan", rich_help_panel="Look")(scan)
    app.command("formats", rich_help_panel="Look")(formats)
    app.command("games", rich_help_panel="Look")(games)
    app.command("profiles", rich_help_panel="Look")(profiles)
    app.command("checks", rich_help_panel="Look")(checks)


@takes(*SCAN)
def scan(
    path: Annotated[Path, typer.Argument(help="A game's folder, a file, or a folder of files.", metavar="PATH")],
    given: Given,
    *,
    roundtrip: Annotated[
        bool,
        typer.Option(
            "--roundtrip",
            help="Check instead that every file comes back as it was, to the byte: unchanged, and with each text "
            "marked and restored.",
        ),
    ] = False,
    held_back: Annotated[
        bool,
        typer.Option(
            "--held-back", help="List instead the strings that are not offered for translation, each with the reason."
        ),
    ] = False,
) -> None:
    """Say what would be translated, in how many requests, and about how long it takes. Nothing is asked or written."""
    from translator.cli.choices import input_options, server_options
    from translator.cli.progress import shown

    settings = load(given, path=existing(path), section="scan")
    chosen = input_options(settings, path)
    json = settings.flag("json")
    with shown(quiet=settings.flag("quiet")) as on_event:
        if roundtrip:
            from translator.workflow.scan import roundtrip as run_roundtrip

            checked = run_roundtrip(chosen, on_event=on_event)
            show = functools.partial(_show_roundtrip, checked, json=json)
        elif held_back:
            from translator.cli.held_back import Spool
            from translator.workflow.scan import held_back as find_held_back

            spool = Spool()
            held = find_held_back(chosen, on_event=on_event, on_text=spool.add)
            show = functools.partial(spool.show, held, json=json)
        else:
            from translator.workflow.scan import scan as run_scan

            found = run_scan(chosen, server_options(settings), db=settings.path("db"), on_event=on_event)
            show = functools.partial(_show_scan, found, json=json)
    raise typer.Exit(show())


def _show_scan(report: "ScanReport", *, json: bool) -> int:
    unreadable = [file for file in report.files if file.error is not None]
    status = UNREADABLE if unreadable else 0
    if json:
        print_json({"status": "unreadable" if unreadable else "done", **fields(report), "exit_status": status})
        return status
    print_table(
        ("File", Column("Format", whole=True), Column("Segments", number=True), Column("Characters", number=True), ""),
        [(f.path, f.format, f.segments, f.characters, f.error or f.note) for f in report.files],
    )
    engine = f", {report.engine}" if report.engine else ""
    rows = (
        ("Input", f"{printable(report.path)} ({report.kind}{engine})"),
        ("Files", f"{number(len(report.files))}, {number(len(unreadable))} of them unreadable"),
        ("Segments", f"{number(report.segments)} with {number(report.characters)} characters"),
        ("Texts to ask for", f"{number(report.unique)}: {number(report.repeats)} segments repeat another's text"),
        ("Nothing to translate", f"{number(report.kept)} segments"),
        ("Requests", f"about {number(report.batches)}"),
        ("Tokens", f"about {number(report.prompt_tokens)} to read and {number(report.output_tokens)} to write"),
        ("Time", f"about {duration(report.seconds)} at {report.tokens_per_second:.0f} tokens/s ({report.speed_from})"),
    )
    print_text("")
    for title, text in rows:
        print_text(f"{title + ':':<22}{text}")
    return status


def _show_roundtrip(report: "RoundtripReport", *, json: bool) -> int:
    unreadable = any(file.error is not None and not file.segments for file in report.files)
    status = 0 if report.passed else UNREADABLE if unreadable else DIFFERENT
    if json:
        state = "done" if report.passed else "unreadable" if unreadable else "different"
        print_json({"status": state, **fields(report), "passed": report.passed, "exit_status": status})
        return status
    print_table(
        ("File", Column("Format", whole=True), Column("Segments", number=True), "Unchanged", "Restored", ""),
        [
            (
                f.path,
                f.format,
                f.segments,
                f.identical,
                f.restored,
                f.error
                or f.note
                or (f"differs from byte {f.first_difference:,} on" if f.first_difference is not None else ""),
            )
            for f in report.files
        ],
    )
    passed = sum(file.passed for file in report.files)
    print_text(
        f"\n{number(passed)} of {number(len(report.files))} files came back as they were "
        f"({size(report.bytes)}, {duration(report.seconds)})."
        + (f" {number(report.others)} others are of no known format." if report.others else "")
    )
    return status


@takes(*LOOKING)
def formats(given: Given) -> None:
    """List the file formats that can be translated."""
    from translator.cli.tables import FORMAT_COLUMNS, format_rows
    from translator.formats import all_formats

    settings = load(given)
    infos = [known.info for known in all_formats().values()]
    if settings.flag("json"):
        print_json(
            [
                {"id": i.id, "title": i.title, "family": i.family, "patterns": i.patterns, "charsets": i.charsets}
                for i in infos
            ]
        )
    else:
        print_table((Column(FORMAT_COLUMNS[0], whole=True), *FORMAT_COLUMNS[1:]), format_rows(infos))


@takes(*LOOKING)
def games(given: Given) -> None:
    """List the game engines that can be translated."""
    from translator.cli.tables import GAME_COLUMNS, game_rows
    from translator.games import all_games

    settings = load(given)
    infos = [known.info for known in all_games().values()]
    if settings.flag("json"):
        print_json([{"id": info.id, "title": info.title} for info in infos])
    else:
        print_table((Column(GAME_COLUMNS[0], whole=True), *GAME_COLUMNS[1:]), game_rows(infos))


@takes(*LOOKING)
def profiles(given: Given) -> None:
    """List the profiles: which families of models are known, and what each can do."""
    from translator.cli.tables import PROFILE_COLUMNS, profile_rows
    from translator.profiles import all_profiles

    settings = load(given)
    known = list(all_profiles().values())
    if settings.flag("json"):
        print_json(
            [
                {
                    "id": p.id,
                    "title": p.title,
                    "version": p.version,
                    "style": p.style,
                    "aliases": p.aliases,
                    "default": p.languages.default,
                    "pairs": p.languages.pairs,
                    "converted": [wanted for wanted, _, _ in p.languages.convert],
                    "glossary": p.takes_glossary,
                    "context": p.context.policy,
                    "num_ctx": p.budget.num_ctx,
                    "patterns": [pattern.pattern for pattern in p.patterns],
                    "notice": p.notice,
                }
                for p in known
            ]
        )
    else:
        print_table(PROFILE_COLUMNS, profile_rows(known))


@takes(*LOOKING)
def checks(given: Given) -> None:
    """List the checks that every translation must pass, and how bad it is what each finds (--check changes it)."""
    from translator.cli.tables import CHECK_COLUMNS, check_rows, profile_severities
    from translator.engine.checks import all_checks
    from translator.profiles import all_profiles

    settings = load(given)
    known, profiles = all_checks(), list(all_profiles().values())
    if settings.flag("json"):
        print_json(
            [
                {
                    "code": check.code,
                    "severity": check.severity,
                    "about": check.about,
                    "profiles": profile_severities(check, profiles),
                }
                for check in known
            ]
        )
    else:
        print_table(CHECK_COLUMNS, check_rows(known, profiles))
