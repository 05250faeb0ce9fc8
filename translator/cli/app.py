"""The program: its commands put together, and what stops them turned into messages and exit statuses."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import os
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from translator import __version__
from translator.cli import glossary, jobs, looking, models, people, translating
from translator.cli.options import OPTIONS, TRUE
from translator.cli.output import flush, prepare_streams, print_error, print_failure, print_text
from translator.workflow.errors import WorkflowError

PROGRAM = "translate"
GROUPS = ("jobs", "model", "glossary")
"""The commands that list when they are given no subcommand."""

INTERRUPTED = 130
UNUSABLE = 2
UNREACHABLE = 3
UNREADABLE = 4


def build() -> typer.Typer:
    """The program with all its commands."""
    app = typer.Typer(
        name=PROGRAM,
        help="Translate games, novels and subtitles with a model that runs on your own machine.",
        epilog=(
            "Every option of a command can also be set by an environment variable (TRANSLATE_MODEL for --model), in a "
            "translate.toml beside the input, or in your own config.toml; 'translate doctor' says where that is."
        ),
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True)(_root)
    translating.register(app)
    people.register(app)
    looking.register(app)
    jobs.register(app)
    models.register(app)
    glossary.register(app)
    return app


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's callbacks get the value so
    if wanted:
        print_text(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    *,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", "-V", help="Say which version this is.", callback=_print_version, is_eager=True)
    ] = False,
    debug: Annotated[  # noqa: ARG001 - `run` sees it, before any command does
        bool, typer.Option("--debug", help="Show where in the program an error arose.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print_text(context.get_help())


def with_list(arguments: Sequence[str]) -> list[str]:
    """The arguments with the subcommand `list` where a group of commands is named without one."""
    for index, argument in enumerate(arguments):
        if argument.startswith("-"):
            continue
        rest = arguments[index + 1 :]
        if argument in GROUPS and (not rest or (rest[0].startswith("-") and not {"--help", "-h"} & set(rest))):
            return [*arguments[: index + 1], "list", *rest]
        break
    return list(arguments)


def run(arguments: Sequence[str]) -> int:
    """Run the program; the exit status. Whatever stops it becomes one message, and with --json an object too."""
    prepare_streams()
    json, debug = (
        option.flag in arguments or os.environ.get(option.variable, "").lower() in TRUE
        for option in (OPTIONS["json"], OPTIONS["debug"])
    )
    try:
        result: object = get_command(build()).main(with_list(arguments), prog_name=PROGRAM, standalone_mode=False)
        status = result if isinstance(result, int) else 0
        if status == INTERRUPTED:  # Typer makes this of a KeyboardInterrupt
            print_error("interrupted", "The same command again goes on where this one stopped.", status, json=json)
    except WorkflowError as error:
        _show_trace(debug=debug)
        print_failure(error, json=json)
        status = error.exit_status
    except typer.TyperException as error:
        _show_trace(debug=debug)
        status = error.exit_code
        print_error(error.format_message(), _help_hint(error), status, json=json)
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
        print_error("interrupted", "", status, json=json)
    except BrokenPipeError:  # whoever read the output has gone, and wants no complaint
        status = 0
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback for people who did not ask for one
        _show_trace(debug=debug)
        status, message, hint = _unforeseen(error)
        print_error(message, hint, status, json=json)
    flush()
    return status


def _show_trace(*, debug: bool) -> None:
    if debug:
        traceback.print_exc()


def _help_hint(error: typer.TyperException) -> str:
    understood: object = getattr(getattr(error, "ctx", None), "command_path", None)  # how much of the command was
    command = understood if isinstance(understood, str) else PROGRAM
    lists = command in (PROGRAM, *(f"{PROGRAM} {group}" for group in GROUPS))
    return f"'{command} --help' {'lists the commands' if lists else 'says what there is'}."


def _unforeseen(error: Exception) -> tuple[int, str, str]:
    """The exit status, message and hint for an error that no workflow turned into its own."""
    from translator.core.backend import BackendError
    from translator.core.document import FormatError, UnencodableError
    from translator.core.game import GameError
    from translator.profiles import ProfileError

    if isinstance(error, BackendError):
        return UNREACHABLE, str(error), error.hint
    if isinstance(error, ProfileError):
        return UNUSABLE, str(error), "Mend the file or take it away."
    if isinstance(error, FormatError | GameError | UnencodableError):
        return UNREADABLE, str(error), ""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return UNREADABLE, f"{where}{error.strerror or error}", ""
    return (
        1,
        f"this should not happen: {type(error).__name__}: {error}",
        "Everything translated so far is stored. Run it again with --debug, and report what it says.",
    )
