"""What is printed: JSON, tables, errors, in any encoding of the terminal and to any pipe that may be closed.

Results go to standard output, all else to standard error.
"""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import dataclasses
import errno
import io
import math
import os
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Console

    from translator.workflow.errors import WorkflowError

PIPE_COLUMNS = 200
"""The width of tables that go to a file or another program, where nothing says how wide a line may be."""


def prepare_streams() -> None:
    """Let standard output and error take every character: what their encoding lacks is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        # a closed stream is None, and tests may put other objects there
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def printable(text: str) -> str:
    """`text` on one line and without what would command a terminal: control characters show as Python's escapes."""
    return "".join(_escaped(c) if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def plain(value: object) -> object:
    """A result as JSON has it: dataclasses as objects, paths and enumerations as texts, tuples and sets as arrays."""
    result: object = value
    if isinstance(value, Enum):
        result = value.value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        result = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    elif isinstance(value, Mapping):
        result = {str(key): plain(item) for key, item in cast("Mapping[object, object]", value).items()}
    elif isinstance(value, list | tuple | set | frozenset):
        result = [plain(item) for item in cast("Iterable[object]", value)]
    elif isinstance(value, float):
        result = value if math.isfinite(value) else None  # JSON has no infinity
    elif value is not None and not isinstance(value, str | int):
        result = str(value)
    return result


def fields(value: object) -> dict[str, object]:
    """A dataclass as JSON has it, for a result that says more than its fields. Raises TypeError for anything else."""
    result = plain(value)
    if not isinstance(result, dict):
        raise TypeError(f"{type(value).__name__} is no dataclass")
    return cast("dict[str, object]", result)


def print_json(value: object) -> None:
    """Print a result as one JSON value; characters that the stream cannot hold are escaped as JSON has it."""
    import json

    encoding = (sys.stdout.encoding or "ascii").lower().replace("_", "-")
    print_text(json.dumps(plain(value), ensure_ascii=encoding not in ("utf-8", "utf8"), indent=2))


def print_text(text: str) -> None:
    """Print a result to standard output."""
    _write(sys.stdout, text + "\n")


def say(text: str) -> None:
    """Print a notice to standard error."""
    _write(sys.stderr, text + "\n")


def _write(stream: TextIO | None, text: str) -> None:
    """Write at once. Whoever closed the other end wants no more, and no complaint."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)
    except OSError as error:
        if error.errno != errno.EIO:  # so a terminal answers whose window was closed
            raise
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Send all further output of a closed pipe nowhere, so that the command still ends with its own status."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def flush() -> None:
    """Hand over what others left in the buffers; whoever closed the other end wants no complaint about it."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "")


def console(*, err: bool = False) -> "Console":
    """Where tables are drawn: as wide as the terminal. Colour only on a terminal, and never with NO_COLOR."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    is_terminal = stream.isatty()
    width = None if is_terminal or "COLUMNS" in os.environ else PIPE_COLUMNS
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `number`: aligned to the right and never broken; `whole`: never broken."""

    title: str
    number: bool = False
    whole: bool = False


def print_table(columns: Sequence[Column | str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table to standard output: long texts are folded, never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    target = console()
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=Text(title) if title else None)
    table.title_justify = "left"
    for column in (Column(c) if isinstance(c, str) else c for c in columns):
        table.add_column(
            column.title,
            justify="right" if column.number else "left",
            no_wrap=column.number or column.whole,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(printable(_cell(value))) for value in row))
    with target.capture() as captured:
        target.print(table)
    print_text("\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n")))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(item) for item in cast("Iterable[object]", value))
    return str(value.value if isinstance(value, Enum) else value)


def number(value: int) -> str:
    """A number for people: 12,345."""
    return f"{value:,}"


def counted(value: int, word: str, words: str = "") -> str:
    """A number of things: 1 file, 12,345 files. words: what more than one are called if no `s` makes it."""
    return f"{number(value)} {word if value == 1 else words or word + 's'}"


def duration(seconds: float) -> str:
    """A time span for people: 8.3 s, 4 min 5 s, 2 h 14 min."""
    if seconds < 59.95:  # noqa: PLR2004 - what rounds to 60.0 s is a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"  # noqa: PLR2004 - minutes


def size(count: float) -> str:
    """A number of bytes for people, in binary units: 512 B, 4.9 GiB."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:  # noqa: PLR2004 - the step between binary units
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"


def print_error(message: str, hint: str, exit_status: int, *, json: bool) -> None:
    """Say to standard error what happened and what to do now; with --json, to standard output as an object too."""
    if json:
        print_json({"status": "error", "error": message, "hint": hint, "exit_status": exit_status})
    say(_marked("error:", "bold red") + " " + message)
    if hint:
        say(_marked("hint:", "bold cyan") + " " + hint)


def print_failure(error: "WorkflowError", *, json: bool) -> None:
    """`print_error` for what stops a command."""
    print_error(str(error), error.hint, error.exit_status, json=json)


def warn(text: str) -> None:
    """Print a warning to standard error."""
    say(_marked("warning:", "bold yellow") + " " + text)


def _marked(word: str, style: str) -> str:
    """The word in colour where standard error shows colours."""
    if sys.stderr is None or not sys.stderr.isatty():  # pyright: ignore[reportUnnecessaryComparison] - it is None without a console (pythonw)
        return word
    target = console(err=True)
    with target.capture() as captured:
        target.print(word, style=style, end="")
    return captured.get()
