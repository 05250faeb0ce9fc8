"""Commands whose options come from the table in options.py."""

# ruff: noqa: PLC0415 - what a shell may ask for is imported when it asks, so that --help is quick

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from translator.cli.options import Option, Type, ordered

Given = Mapping[str, object]
"""What the command line said of each option of a command: None or an empty list where it said nothing."""


def takes(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command these options.

    The decorated function has its arguments, and `given`, which gets what was said of the options. The result takes
    the options as parameters, as Typer wants them.
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        options = ordered(names)
        own = [p for p in inspect.signature(function).parameters.values() if p.name != "given"]

        @functools.wraps(function)
        def command(**values: object) -> None:
            given = {option.name: values.pop(_parameter_name(option)) for option in options}
            function(**values, given=given)

        parameters = [*own, *map(_parameter, options)]
        # Typer reads the signature, and the annotations beside it
        vars(command)["__signature__"] = inspect.Signature(parameters)
        command.__annotations__ = {p.name: p.annotation for p in parameters}
        return command

    return decorate


def _parameter_name(option: Option) -> str:
    """A name that is no word of Python's (`from`)."""
    return f"{option.name}_"


def _parameter(option: Option) -> inspect.Parameter:
    declarations = [option.flag if not option.negative else f"{option.flag}/--no-{option.flag.removeprefix('--')}"]
    if option.short:
        declarations.append(option.short)
    kind: object = bool | None if option.type is Type.FLAG else list[str] | None if option.type.repeats else str | None
    declared = typer.Option(
        *declarations,
        help=option.help + (f" (default: {option.default})" if option.default else ""),
        metavar="" if option.type is Type.FLAG else option.metavar,
        rich_help_panel=option.panel.value,
        show_default=False,
        autocompletion=_completion(option),
    )
    return inspect.Parameter(
        _parameter_name(option),
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind, declared],  # pyright: ignore[reportInvalidTypeForm] - built from the table at run time
    )


def _completion(option: Option) -> Callable[[str], list[str]] | None:
    if option.type not in (Type.CHOICE, Type.LANGUAGE) and option.name not in ("engine", "profile"):
        return None

    def complete(incomplete: str) -> list[str]:
        return [value for value in values(option) if value.lower().startswith(incomplete.lower())]

    return complete


def values(option: Option) -> tuple[str, ...]:
    """What an option's value can be, as far as that is known, for shells to offer."""
    if option.type is Type.CHOICE:
        return option.choices
    if option.type is Type.LANGUAGE:
        from translator.core.languages import LANGUAGES

        return tuple(LANGUAGES)
    if option.name == "engine":
        from translator.games import all_games

        return tuple(all_games())
    if option.name == "profile":
        from translator.profiles import all_profiles

        return tuple(all_profiles())
    return ()
