"""The commands about glossaries: those that only look at them are here, those that change one in `glossary_edit`."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.glossary_edit import add, edit, import_, refusals, remove, write_glossary
from translator.cli.loading import existing, load
from translator.cli.options import LOOKING
from translator.cli.output import Column, counted, number, print_json, print_table, print_text, printable
from translator.cli.parameters import Given, takes
from translator.workflow.errors import UsageError

if TYPE_CHECKING:
    from translator.cli.settings import Settings
    from translator.core.work import GlossaryEntry
    from translator.glossary.checking import Remark
    from translator.glossary.layers import Layer
    from translator.workflow.inputs import Source

PAIR = ("ja", "zh-CN")
"""The languages whose glossaries are meant where nothing is said."""

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Only these glossary files. Default: all that hold for the languages.", metavar="FILE"),
]
Beside = Annotated[
    Path | None,
    typer.Option("--input", help="Take the glossary.csv of this game or book into account.", metavar="PATH"),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    group = typer.Typer(
        help="Look at terms and their translations, and keep your own. Alone it lists the glossaries.",
        no_args_is_help=True,
    )
    group.command("list")(list_)
    group.command("show")(show)
    group.command("add")(add)
    group.command("edit")(edit)
    group.command("remove")(remove)
    group.command("import")(import_)
    group.command("export")(export)
    group.command("check")(check)
    group.command("names")(names)
    app.add_typer(group, name="glossary", rich_help_panel="Prepare")


@takes("from", "to", "glossary", *LOOKING)
def list_(given: Given, *, beside: Beside = None) -> None:
    """List the glossaries that hold for a pair of languages. Of two that say different things the later one wins."""
    settings = load(given)
    found = _layers(settings, beside, ())
    if settings.flag("json"):
        print_json(
            [{"origin": layer.origin, "path": layer.path, "entries": len(layer.placed)} for layer in found],
        )
    elif not found:
        print_text("There are none for this pair of languages.")
    else:
        print_table(
            (Column("From", whole=True), "File", Column("Entries", number=True)),
            [(layer.origin, layer.path, len(layer.placed)) for layer in found],
        )


@takes("from", "to", "glossary", *LOOKING)
def show(given: Given, files: Files = None, *, beside: Beside = None) -> None:
    """Show the entries that hold: for each term the translation that is asked for."""
    settings = load(given)
    entries = _merged(settings, beside, files or ())
    if settings.flag("json"):
        print_json(entries)
    else:
        print_table(
            ("Term", "Translation", "Note", "Kind", "Is"),
            [(e.src, e.dst, e.note, e.kind, _marks(e)) for e in entries],
        )
        print_text(f"\n{counted(len(entries), 'entry', 'entries')}")


def _marks(entry: "GlossaryEntry") -> str:
    return ", ".join(word for word, holds in (("regex", entry.regex), ("case", entry.case)) if holds)


@takes("from", "to", "glossary", "force", *LOOKING)
def export(
    out: Annotated[
        Path, typer.Argument(help="The file to write: its suffix says whether CSV, TSV, JSON or PO.", metavar="OUT")
    ],
    given: Given,
    files: Files = None,
    *,
    beside: Beside = None,
) -> None:
    """Write the entries that hold into one file, for other programs and people."""
    from translator.glossary.files import dump, kind_of

    settings = load(given)
    if out.exists() and not settings.flag("force"):
        raise UsageError(f"{out} is there already", hint="Choose another name, or write over it with --force.")
    entries = _merged(settings, beside, files or ())
    with refusals():
        write_glossary(out, dump(entries, kind_of(out)))
    if settings.flag("json"):
        print_json({"status": "done", "file": out, "entries": len(entries)})
    else:
        print_text(f"{counted(len(entries), 'entry', 'entries')} written to {printable(str(out))}")


@takes("from", "to", "glossary", *LOOKING)
def check(given: Given, files: Files = None, *, beside: Beside = None) -> None:
    """Look for mistakes: patterns that are none, terms that stand twice or, with --input, that occur nowhere in it."""
    from translator.glossary.checking import check as check_layers
    from translator.glossary.checking import unused
    from translator.glossary.layers import Origin

    settings = load(given)
    found = _layers(settings, beside, files or ())
    remarks = check_layers(found)
    if beside is not None:
        own = [layer for layer in found if layer.origin is not Origin.SHIPPED]
        remarks += unused(own, _texts(_source(settings, beside)))
    wrong = any(remark.error for remark in remarks)
    if settings.flag("json"):
        entries = sum(len(layer.placed) for layer in found)
        state = "wrong" if wrong else "done"
        print_json({"status": state, "entries": entries, "remarks": remarks, "exit_status": int(wrong)})
    else:
        _print_remarks(found, remarks)
    raise typer.Exit(int(wrong))


@takes("db", "force", *LOOKING)
def names(
    given: Given,
    job: Annotated[
        str | None, typer.Argument(help="The job, as 'translate jobs' names it. Default: the latest.", metavar="JOB")
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Write those that are used into this glossary file, to correct.", metavar="FILE"
        ),
    ] = None,
) -> None:
    """Show what the names in a job were translated to, and which of them its other texts are asked to use.

    To correct some: write them to a file with --out, edit it, and go on with --glossary FILE.
    """
    from translator.glossary.files import dump, kind_of
    from translator.workflow.jobs import show_names

    settings = load(given)
    found = show_names(settings.path("db"), job)
    entries = list({name.entry.src: name.entry for name in reversed(found) if name.entry is not None}.values())[::-1]
    if out is not None:
        if out.exists() and not settings.flag("force"):
            raise UsageError(f"{out} is there already", hint="Choose another name, or write over it with --force.")
        with refusals():
            write_glossary(out, dump(entries, kind_of(out)))
    if settings.flag("json"):
        print_json([{"job": n.job, "name": n.name, "translation": n.translation, "reason": n.reason} for n in found])
        return
    print_table(("Name", "Translation", "Not used, because"), [(n.name, n.translation or "", n.reason) for n in found])
    print_text(f"\n{counted(len(found), 'name')}, {number(len(entries))} of them used in other texts")
    if out is not None:
        print_text(f"{counted(len(entries), 'entry', 'entries')} written to {printable(str(out))}")


def _print_remarks(found: "list[Layer]", remarks: "list[Remark]") -> None:
    if remarks:
        print_table(
            ("File", Column("Line", number=True), "", "Remark"),
            [(r.path, r.line, "error" if r.error else "", r.message) for r in remarks],
        )
        print_text("")
    entries = sum(len(layer.placed) for layer in found)
    said = (counted(entries, "entry", "entries"), counted(len(found), "file"), counted(len(remarks), "remark"))
    print_text("{} in {}, {}".format(*said))


def _source(settings: "Settings", path: Path) -> "Source":
    """The input that the user named; its folder is where a project's glossary lies."""
    from translator.workflow.inputs import find_source
    from translator.workflow.options import InputOptions

    return find_source(InputOptions(existing(path)), source=settings.text("from") or PAIR[0], target=None)


def _texts(source: "Source") -> Iterator[str]:
    """All texts of an input."""
    from translator.workflow.inputs import open_document, read_blob

    for file in source.files:
        yield from (segment.source for segment in open_document(file, read_blob(file)).segments)


def _layers(settings: "Settings", beside: Path | None, files: "list[Path] | tuple[()]") -> "list[Layer]":
    """The glossaries that are meant: `files` alone where there are some, else all that hold."""
    from translator.glossary.files import read
    from translator.glossary.layers import Layer, Origin, layers

    with refusals():
        if files:
            return [Layer(Origin.OPTION, existing(file), tuple(read(file))) for file in files]
        pair = (settings.text("from") or PAIR[0], settings.text("to") or PAIR[1])
        project = None if beside is None else _source(settings, beside).root
        return layers(pair, project=project, files=settings.paths("glossary"))


def _merged(settings: "Settings", beside: Path | None, files: "list[Path] | tuple[()]") -> "tuple[GlossaryEntry, ...]":
    from translator.glossary.layers import merged

    with refusals():
        return merged(_layers(settings, beside, files)).entries
