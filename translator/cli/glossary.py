"""The commands about glossaries: looking at them, and keeping one's own."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load
from translator.cli.options import LOOKING
from translator.cli.output import Column, counted, fields, number, print_json, print_table, print_text, printable
from translator.cli.parameters import Given, takes
from translator.workflow.errors import InputError, UsageError

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
Into = Annotated[
    Path | None,
    typer.Option("--glossary", "-g", help="The glossary file. (default: your own glossary.csv)", metavar="FILE"),
]
Term = Annotated[str, typer.Argument(help="The term as it stands in the input.", metavar="TERM")]
Note = Annotated[str | None, typer.Option("--note", help="What the model should know of it.", metavar="TEXT")]
KindOf = Annotated[
    str | None, typer.Option("--kind", help="What it is: a person, a place, an item and so on.", metavar="TEXT")
]
Case = Annotated[bool | None, typer.Option("--case/--no-case", help="Capital letters must be as in the term.")]
Regex = Annotated[bool | None, typer.Option("--regex/--no-regex", help="The term is a regular expression.")]


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


@takes(*LOOKING)
def add(  # noqa: PLR0913 - each is an option of the command
    term: Term,
    translation: Annotated[
        str, typer.Argument(help="Its translation; alternatives are parted by |.", metavar="TRANSLATION")
    ],
    given: Given,
    *,
    into: Into = None,
    note: Note = None,
    kind: KindOf = None,
    case: Case = None,
    regex: Regex = None,
) -> None:
    """Add a term to a glossary. Only texts that hold it are asked for again."""
    from translator.core.work import GlossaryEntry
    from translator.glossary import editing
    from translator.glossary.files import kind_of

    settings = load(given)
    entry = _sound(
        GlossaryEntry(term, translation, note=note or "", kind=kind or "", case=bool(case), regex=bool(regex))
    )
    with _refusals():
        file = into or _own()
        blob = file.read_bytes() if file.exists() else editing.create(kind_of(file))
        _write(file, editing.add(blob, kind_of(file), entry))
    _tell(settings, file, entry, "added")


@takes(*LOOKING)
def edit(  # noqa: PLR0913 - each is an option of the command
    term: Term,
    given: Given,
    translation: Annotated[
        str | None, typer.Argument(help="Its new translation; alternatives are parted by |.", metavar="TRANSLATION")
    ] = None,
    *,
    into: Into = None,
    renamed: Annotated[
        str | None, typer.Option("--term", help="Another spelling of the term itself.", metavar="TERM")
    ] = None,
    note: Note = None,
    kind: KindOf = None,
    case: Case = None,
    regex: Regex = None,
) -> None:
    """Change a term's entry. Only texts that hold it are asked for again."""
    from translator.core.work import GlossaryEntry
    from translator.glossary import editing
    from translator.glossary.files import kind_of, parse
    from translator.glossary.layers import key

    settings = load(given)
    said: dict[str, str | bool | None] = {
        "src": renamed, "dst": translation, "note": note, "kind": kind, "case": case, "regex": regex
    }  # fmt: skip
    if all(value is None for value in said.values()):
        raise UsageError("there is nothing to change", hint="Give a new TRANSLATION, --note, --kind and so on.")
    with _refusals():
        file = existing(into or _own())
        blob = file.read_bytes()
        wanted = {key(GlossaryEntry(term, "", regex=pattern)) for pattern in (False, True)}
        found = [placed.entry for placed in parse(blob, kind_of(file), path=file) if key(placed.entry) in wanted]
        old = found[0] if found else GlossaryEntry(term, "")  # `editing.edit` refuses it
        entry = _sound(replace(old, **{name: value for name, value in said.items() if value is not None}))
        _write(file, editing.edit(blob, kind_of(file), term, entry))
    _tell(settings, file, entry, "changed")


@takes(*LOOKING)
def remove(term: Term, given: Given, *, into: Into = None) -> None:
    """Take a term out of a glossary. Only texts that hold it are asked for again."""
    from translator.glossary import editing
    from translator.glossary.files import kind_of

    settings = load(given)
    with _refusals():
        file = existing(into or _own())
        _write(file, editing.remove(file.read_bytes(), kind_of(file), term))
    if settings.flag("json"):
        print_json({"status": "done", "file": file, "term": term})
    else:
        print_text(f"{printable(term)} is no longer in {printable(str(file))}")


@takes(*LOOKING)
def import_(
    file: Annotated[
        Path, typer.Argument(help="The file with the terms: CSV, TSV, JSON, PO or lines 'a->b'.", metavar="FILE")
    ],
    given: Given,
    *,
    into: Into = None,
    over: Annotated[
        bool, typer.Option("--replace", help="Where both have a term, take the imported translation.")
    ] = False,
) -> None:
    """Take the entries of another file into a glossary."""
    from translator.glossary import editing
    from translator.glossary.files import kind_of, parse, read
    from translator.glossary.layers import key

    settings = load(given)
    counts = {"added": 0, "replaced": 0, "left": 0}
    with _refusals():
        target = into or _own()
        kind = kind_of(target)
        blob = target.read_bytes() if target.exists() else editing.create(kind)
        known = {key(placed.entry) for placed in parse(blob, kind, path=target)}
        for placed in read(existing(file)):
            if key(placed.entry) not in known:
                blob = editing.add(blob, kind, placed.entry)
                counts["added"] += 1
            elif over:
                blob = editing.edit(blob, kind, placed.entry.src, placed.entry)
                counts["replaced"] += 1
            else:
                counts["left"] += 1
            known.add(key(placed.entry))
        _write(target, blob)
    if settings.flag("json"):
        print_json({"status": "done", "file": target, **counts})
    else:
        left = f", {number(counts['left'])} left as they were (--replace takes them too)" if counts["left"] else ""
        print_text(
            f"{printable(str(target))}: {number(counts['added'])} added, {number(counts['replaced'])} replaced{left}"
        )


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
    with _refusals():
        _write(out, dump(entries, kind_of(out)))
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
        with _refusals():
            _write(out, dump(entries, kind_of(out)))
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

    with _refusals():
        if files:
            return [Layer(Origin.OPTION, existing(file), tuple(read(file))) for file in files]
        pair = (settings.text("from") or PAIR[0], settings.text("to") or PAIR[1])
        project = None if beside is None else _source(settings, beside).root
        return layers(pair, project=project, files=settings.paths("glossary"))


def _merged(settings: "Settings", beside: Path | None, files: "list[Path] | tuple[()]") -> "tuple[GlossaryEntry, ...]":
    from translator.glossary.layers import merged

    with _refusals():
        return merged(_layers(settings, beside, files)).entries


def _own() -> Path:
    """The user's own glossary for all pairs of languages."""
    from translator.glossary.layers import user_folder

    return user_folder() / "glossary.csv"


def _sound(entry: "GlossaryEntry") -> "GlossaryEntry":
    """The entry, if it can be used; raises UsageError otherwise."""
    from translator.glossary.matcher import PatternError, compile_pattern, is_forbidden

    if not entry.src.strip() and not (is_forbidden(entry) and entry.dst.strip()):
        raise UsageError("the term is empty")
    try:
        if entry.regex:
            compile_pattern(entry)
    except PatternError as error:
        raise UsageError(str(error), hint="Mend the pattern, or leave --regex out.") from error
    return entry


@contextmanager
def _refusals() -> Generator[None]:
    """Glossary errors as those of commands: a file that cannot be used cannot be read; all else cannot be done."""
    from translator.glossary.errors import GlossaryError

    try:
        yield
    except GlossaryError as error:
        kind = UsageError if error.path is None else InputError
        raise kind(str(error), hint=error.hint) from error


def _write(file: Path, blob: bytes) -> None:
    from translator.workflow.output import write_file

    write_file(file, blob)


def _tell(settings: "Settings", file: Path, entry: "GlossaryEntry", done: str) -> None:
    if settings.flag("json"):
        shown = {name: value for name, value in fields(entry).items() if name != "advice"}  # no file says that
        print_json({"status": "done", "file": file, "entry": shown})
    else:
        print_text(f"{printable(entry.src)}: {printable(entry.dst)} is {done} in {printable(str(file))}")
