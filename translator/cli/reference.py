"""The reference pages of the documentation, written from the program itself.

    python -m translator.cli.reference docs           # writes them
    python -m translator.cli.reference --check docs   # says which differ, and exits with 1 if any does

`cli.md` is written whole; in `formats.md`, `profiles.md` and `checks.md` the part between the marks is.
"""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command

from translator.cli.app import PROGRAM, build
from translator.cli.options import OPTIONS, Option
from translator.cli.output import print_text, say

BEGIN = "<!-- written by `python -m translator.cli.reference docs`: change the program, not this part -->"
END = "<!-- end of the written part -->"

_HEAD = f"""\
{BEGIN}

# The command line

`{PROGRAM} COMMAND --help` says the same as this page.

## Where settings come from

Each option of a command is taken from the first of these places that says something of it:

1. the command line;
2. its environment variable (named below; several values are separated by commas, several glossaries as in `PATH`;
   flags are `1` or `0`). Where `TRANSLATE_HOST` does not name the server, `OLLAMA_HOST` does for the ollama backend and
   `OPENAI_BASE_URL` for the openai backend. A key, if the server wants one, is in `OLLAMA_API_KEY` or `OPENAI_API_KEY`;
3. `translate.toml` in the input's folder, or beside the input;
4. `config.toml` in your own configuration folder: `~/.config/honyaku/` on Linux,
   `~/Library/Application Support/honyaku/` on macOS, `%LOCALAPPDATA%\\honyaku\\` on Windows
   (`{PROGRAM} doctor` says where it is on yours);
5. the default.

In the files an option is a key without hyphens in front. A table with a command's name counts for that command alone:

```toml
model = "sakura"
host = ["http://127.0.0.1:11434", "http://192.168.1.20:11434", "http://192.168.1.21:8080/v1"]
num_ctx = 4096

[novel]
glossary = "terms.csv"   # a path counts from the file's folder
```

A file beside the input cannot set `yes` and `force`, and a key is not sent to a host that only it names: games are
downloaded with all that is in their folders.

## Exit statuses

| status | meaning |
|---|---|
| 0 | all is translated, or the command did what it should |
| 1 | finished, but some segments kept their source (each is listed), or a check found something |
| 2 | the command cannot be understood, or what it asks for cannot be |
| 3 | the server cannot be reached, or has no such model |
| 4 | an input could not be read, or an output not be written |
| 130 | interrupted; the message names the command that goes on |

With `--json` standard output holds one JSON value: the result, or `{{"status": "error", "error": …, "hint": …,
"exit_status": …}}`. Progress, notices and warnings go to standard error in any case.

## Shell completion

`{PROGRAM} --install-completion` sets it up for bash, zsh, fish and PowerShell.
"""


def cli_page() -> str:
    """docs/cli.md."""
    program = get_command(build())
    lines = [_HEAD]
    if isinstance(program, TyperGroup):
        for name, command in program.commands.items():
            lines.extend(_command(f"{PROGRAM} {name}", command, "##"))
    return "\n".join(lines).rstrip() + "\n\n" + END + "\n"


def _command(path: str, command: object, mark: str) -> Iterator[str]:
    """A command's part of the page; for a group, those of its commands."""
    from typer.core import TyperArgument, TyperCommand, TyperOption

    if isinstance(command, TyperGroup):
        yield f"{mark} {path}\n\n{_paragraphs(command.help)}\n"
        for name, child in command.commands.items():
            yield from _command(f"{path} {name}", child, mark + "#")
        return
    if not isinstance(command, TyperCommand):
        raise TypeError(f"{path} is no command of Typer's")
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption) and p.name != "help"]
    usage = " ".join([path, *(["[OPTIONS]"] if options else []), *(_place(a.required, _metavar(a)) for a in arguments)])
    yield f"{mark} {path}\n\n{_paragraphs(command.help)}\n\n```\n{usage}\n```\n"
    if arguments:
        yield table(("argument", "meaning"), [(f"`{_metavar(a)}`", a.help or "") for a in arguments]) + "\n"
    if options:
        rows = [(_spelled(o.opts, o.secondary_opts, o.metavar), _variable(o.name), o.help or "") for o in options]
        yield table(("option", "environment", "meaning"), rows) + "\n"


def _metavar(argument: object) -> str:
    metavar = getattr(argument, "metavar", None)
    return str(metavar or str(getattr(argument, "name", "")).upper())


def _place(required: object, metavar: str) -> str:
    return metavar if required else f"[{metavar}]"


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(" ".join(part.split()) for part in (text or "").split("\n\n"))


def _spelled(names: Sequence[str], negatives: Sequence[str], metavar: str | None) -> str:
    spelled = ", ".join(f"`{name}`" for name in (*names, *negatives))
    return f"{spelled} {metavar}" if metavar else spelled


def _variable(name: str | None) -> str:
    option: Option | None = OPTIONS.get((name or "").removesuffix("_")) if (name or "").endswith("_") else None
    return f"`{option.variable}`" if option else ""


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def formats_part() -> str:
    """The written part of docs/formats.md: the formats and the games."""
    from translator.cli.tables import FORMAT_COLUMNS, GAME_COLUMNS, format_rows, game_rows
    from translator.formats import all_formats
    from translator.games import all_games

    formats = table(FORMAT_COLUMNS, format_rows(known.info for known in all_formats().values()))
    games = table(GAME_COLUMNS, game_rows(known.info for known in all_games().values()))
    return f"## Formats\n\n{formats}\n\n## Game engines\n\n{games}"


def profiles_part() -> str:
    """The written part of docs/profiles.md."""
    from translator.cli.tables import PROFILE_COLUMNS, profile_rows
    from translator.profiles.registry import shipped_profiles  # a user's own are no matter of the documentation

    return table(PROFILE_COLUMNS, profile_rows(shipped_profiles().values()))


def checks_part() -> str:
    """The written part of docs/checks.md."""
    from translator.cli.tables import CHECK_COLUMNS, check_rows
    from translator.engine.checks import all_checks
    from translator.profiles.registry import shipped_profiles

    return table(CHECK_COLUMNS, check_rows(all_checks(), list(shipped_profiles().values())))


def written(page: str, part: str) -> str:
    """The page with the part between its marks, or at its end if it has no marks."""
    before, found, rest = page.partition(BEGIN)
    after = rest.partition(END)[2] if found else ""
    return f"{before.rstrip()}\n\n{BEGIN}\n\n{part}\n\n{END}\n" + (f"\n{after.strip()}\n" if after.strip() else "")


def pages(docs: Path) -> dict[Path, str]:
    """The reference pages of the folder `docs` as they should be."""
    parts = {"formats.md": formats_part(), "profiles.md": profiles_part(), "checks.md": checks_part()}
    result = {docs / "cli.md": cli_page()}
    for name, part in parts.items():
        page = docs / name
        result[page] = written(page.read_text(encoding="utf-8") if page.exists() else f"# {page.stem}\n", part)
    return result


def main(
    docs: Annotated[Path, typer.Argument(help="The folder of the documentation.")],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 if a page is out of date.")
    ] = False,
) -> None:
    """Write the reference pages."""
    stale = [
        (page, text)
        for page, text in pages(docs).items()
        if not page.exists() or page.read_text(encoding="utf-8") != text
    ]
    for page, text in stale:
        if check:
            say(f"{page} is out of date")
        else:
            page.write_text(text, encoding="utf-8", newline="\n")
            print_text(f"{page} written")
    raise typer.Exit(1 if check and stale else 0)


if __name__ == "__main__":
    typer.run(main)
