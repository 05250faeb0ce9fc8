"""The commands that change a glossary of one's own, and what a command needs that writes one."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.loading import existing, load
from translator.cli.options import LOOKING
from translator.cli.output import fields, number, print_json, print_text, printable
from translator.cli.parameters import Given, takes
from translator.workflow.errors import InputError, UsageError

if TYPE_CHECKING:
    from translator.cli.settings import Settings
    from translator.core.work import GlossaryEntry

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
    with refusals():
        file = into or _own()
        blob = file.read_bytes() if file.exists() else editing.create(kind_of(file))
        write_glossary(file, editing.add(blob, kind_of(file), entry))
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
    with refusals():
        file = existing(into or _own())
        blob = file.read_bytes()
        wanted = {key(GlossaryEntry(term, "", regex=pattern)) for pattern in (False, True)}
        found = [placed.entry for placed in parse(blob, kind_of(file), path=file) if key(placed.entry) in wanted]
        old = found[0] if found else GlossaryEntry(term, "")  # `editing.edit` refuses it
        entry = _sound(replace(old, **{name: value for name, value in said.items() if value is not None}))
        write_glossary(file, editing.edit(blob, kind_of(file), term, entry))
    _tell(settings, file, entry, "changed")


@takes(*LOOKING)
def remove(term: Term, given: Given, *, into: Into = None) -> None:
    """Take a term out of a glossary. Only texts that hold it are asked for again."""
    from translator.glossary import editing
    from translator.glossary.files import kind_of

    settings = load(given)
    with refusals():
        file = existing(into or _own())
        write_glossary(file, editing.remove(file.read_bytes(), kind_of(file), term))
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
    with refusals():
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
        write_glossary(target, blob)
    if settings.flag("json"):
        print_json({"status": "done", "file": target, **counts})
    else:
        left = f", {number(counts['left'])} left as they were (--replace takes them too)" if counts["left"] else ""
        print_text(
            f"{printable(str(target))}: {number(counts['added'])} added, {number(counts['replaced'])} replaced{left}"
        )


@contextmanager
def refusals() -> Generator[None]:
    """Glossary errors as those of commands: a file that cannot be used cannot be read; all else cannot be done."""
    from translator.glossary.errors import GlossaryError

    try:
        yield
    except GlossaryError as error:
        kind = UsageError if error.path is None else InputError
        raise kind(str(error), hint=error.hint) from error


def write_glossary(file: Path, blob: bytes) -> None:
    """Put a glossary in its place."""
    from translator.workflow.output import write_file

    write_file(file, blob)


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


def _tell(settings: "Settings", file: Path, entry: "GlossaryEntry", done: str) -> None:
    if settings.flag("json"):
        shown = {name: value for name, value in fields(entry).items() if name != "advice"}  # no file says that
        print_json({"status": "done", "file": file, "entry": shown})
    else:
        print_text(f"{printable(entry.src)}: {printable(entry.dst)} is {done} in {printable(str(file))}")
