"""What the user decided, from everywhere that it can be said.

The command line wins over environment variables, those over a `translate.toml` beside the input, that over the user's
own `config.toml`. Pure: everything that is read is handed in.
"""

import difflib
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import cast

from translator.cli.options import OPTIONS, TRUE, Option, Type
from translator.core.languages import LANGUAGES, language
from translator.workflow.errors import UsageError

Value = str | int | bool | Path | tuple[str, ...] | tuple[Path, ...] | None
"""An option's value; None is what `auto` means."""

SECTIONS = ("game", "novel", "subtitle", "exchange", "scan")
"""The commands that may have a table of their own in a configuration file; it wins over the keys above it."""

_FALSE = ("0", "false", "no", "off")


class Rank(IntEnum):
    """Where a value is from; the highest wins."""

    DEFAULT = 0
    USER = 1
    PROJECT = 2
    ENVIRONMENT = 3
    COMMAND = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is from: its name for the user, its rank, and for a TOML file the folder that it lies in."""

    name: str
    rank: Rank
    folder: Path | None = None

    @property
    def typed(self) -> bool:
        """Whether values from here have types; else they are text."""
        return self.folder is not None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Chosen:
    """A value and where it is from."""

    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class File:
    """A configuration file that was read. `table`: its content as `tomllib` gives it."""

    path: Path
    rank: Rank
    table: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Settings:
    """The merged values by option name, and the environment for what is no option of ours (keys of servers)."""

    chosen: Mapping[str, Chosen]
    environ: Mapping[str, str]

    def rank(self, name: str) -> Rank:
        """Where the option's value is from."""
        found = self.chosen.get(name)
        return Rank.DEFAULT if found is None else found.place.rank

    def place(self, name: str) -> str:
        """How the place that set the option is named to the user; the option's own name where none did."""
        found = self.chosen.get(name)
        return OPTIONS[name].flag if found is None else found.place.name

    def text(self, name: str) -> str | None:
        """The value of a text, or None."""
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value
        raise TypeError(f"{name} is no text")

    def count(self, name: str) -> int | None:
        """The value of a number, or None."""
        value = self._value(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise TypeError(f"{name} is no number")

    def flag(self, name: str) -> bool:
        """Whether a flag is set."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise TypeError(f"{name} is no flag")

    def path(self, name: str) -> Path | None:
        """The value of a path, or None."""
        value = self._value(name)
        if value is None or isinstance(value, Path):
            return value
        raise TypeError(f"{name} is no path")

    def words(self, name: str) -> tuple[str, ...]:
        """The values of an option that repeats."""
        value = self._value(name)
        if not isinstance(value, tuple | None):
            raise TypeError(f"{name} does not repeat")
        return tuple(str(word) for word in value or ())

    def paths(self, name: str) -> tuple[Path, ...]:
        """The paths of an option that repeats."""
        return tuple(Path(word) for word in self.words(name))

    def _value(self, name: str) -> Value:
        found = self.chosen.get(name)
        return None if found is None else found.value


def merge(
    names: Sequence[str],
    command: Mapping[str, object],
    environ: Mapping[str, str],
    files: Sequence[File] = (),
    *,
    section: str = "",
) -> Settings:
    """The settings of a command that takes the options `names`.

    `command` holds what the command line gave (None and empty lists: not given). `files` are in any order of rank;
    of two with equal rank the earlier wins. What a file says of options that this command does not take is checked
    and passed over. Raises UsageError, which names the place.
    """
    chosen: dict[str, Chosen] = {}
    for name, raw in command.items():
        option = OPTIONS[name]
        if raw is not None and raw not in ([], ()):
            said = option.flag if raw is not False else f"--no-{option.flag.removeprefix('--')}"
            chosen[name] = _choose(option, raw, Place(said, Rank.COMMAND))
    for name in names:
        option = OPTIONS[name]
        raw = environ.get(option.variable, "")
        if raw and name not in chosen:
            chosen[name] = _choose(option, raw, Place(option.variable, Rank.ENVIRONMENT))
    for file in sorted(files, key=lambda f: -f.rank):
        for name, value in _read(file, section):
            if name in names and name not in chosen:
                chosen[name] = value
    return Settings(chosen, environ)


def _read(file: File, section: str) -> Iterator[tuple[str, Chosen]]:
    """What a file says: the command's own table first, then the keys for all commands; all of it is checked."""
    tables = {key: value for key, value in file.table.items() if key in SECTIONS}
    rules = _rules_of_games(file.table)
    plain = {k: v for k, v in file.table.items() if k not in SECTIONS and k not in rules}
    parsed = {"": dict(_read_table(file, plain, ""))}
    for key, table in tables.items():
        if not isinstance(table, dict):
            raise UsageError(f"{file.path}: {key} is the name of a command; write it as a table: [{key}]")
        parsed[key] = dict(_read_table(file, cast("dict[str, object]", table), f"{key}."))
    yield from parsed.get(section, {}).items()
    if section:
        yield from (item for item in parsed[""].items() if item[0] not in parsed.get(section, {}))


def _rules_of_games(table: Mapping[str, object]) -> Collection[str]:
    """The tables of a file that hold a game's own rules, which its engine reads."""
    if not any(isinstance(value, dict) and key not in SECTIONS for key, value in table.items()):
        return ()
    from translator.games import all_games  # noqa: PLC0415 - only few files have such tables

    return {name for game in all_games().values() for name in game.info.tables}


def _read_table(file: File, table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, Chosen]]:
    for key, raw in table.items():
        place = Place(f"{file.path}: {prefix}{key}", file.rank, file.path.parent)
        option = OPTIONS.get(key.replace("-", "_"))
        if option is None:
            known = [*(o.name for o in OPTIONS.values()), *(() if prefix else SECTIONS)]
            near = difflib.get_close_matches(key, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "The keys are: " + ", ".join(known) + "."
            raise UsageError(f"{place}: there is no such setting", hint=hint)
        if file.rank is Rank.PROJECT and not option.project:
            raise UsageError(
                f"{place}: a file beside the input cannot set this",
                hint=f"Use {option.flag}, {option.variable} or your own config.toml.",
            )
        yield option.name, _choose(option, raw, place)


def _choose(option: Option, raw: object, place: Place) -> Chosen:
    return Chosen(_parse(option, raw, place), place)


def _parse(option: Option, raw: object, place: Place) -> Value:
    """The value that `raw` means."""
    match option.type:
        case Type.FLAG:
            return _parse_flag(raw, place)
        case Type.COUNT | Type.SLOTS:
            return _parse_count(option, raw, place)
        case Type.PATHS | Type.WORDS:
            words = _parse_words(option, raw, place)
            return tuple(_parse_path(word, place) for word in words) if option.type is Type.PATHS else words
        case Type.TEXT | Type.CHOICE | Type.LANGUAGE | Type.PATH:
            if not isinstance(raw, str) or not raw.strip():
                raise UsageError(f"{place}: {_shown(raw)} is no text")
            return _parse_path(raw, place) if option.type is Type.PATH else _parse_text(option, raw.strip(), place)


def _parse_flag(raw: object, place: Place) -> bool:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) and not place.typed else ""
    if word in TRUE or word in _FALSE:
        return word in TRUE
    choices = "true or false" if place.typed else "one of " + ", ".join((*TRUE, *_FALSE))
    raise UsageError(f"{place}: {_shown(raw)} is not {choices}")


def _parse_count(option: Option, raw: object, place: Place) -> int | None:
    auto = option.type is Type.SLOTS
    number = raw if isinstance(raw, int) and not isinstance(raw, bool) else None
    if isinstance(raw, str):
        if auto and raw.strip().lower() == "auto":
            return None
        digits = raw.strip()
        # 18 digits fit every place that a number goes to; int() itself would take any length
        number = int(digits) if not place.typed and digits.isdecimal() and len(digits) <= 18 else None  # noqa: PLR2004 - said above
    if number is None or number < option.least:
        also = " or 'auto'" if auto else ""
        raise UsageError(f"{place}: {_shown(raw)} is not a whole number of {option.least} or more{also}")
    return number


def _parse_words(option: Option, raw: object, place: Place) -> tuple[str, ...]:
    if isinstance(raw, str):
        # one variable holds all values; on the command line they are a list, and in a file one string is one value
        separated = place.rank is Rank.ENVIRONMENT
        values: list[object] = list(raw.split(option.separator or os.pathsep)) if separated else [raw]
    elif isinstance(raw, list | tuple):
        values = list(cast("Sequence[object]", raw))
    else:
        raise UsageError(f"{place}: {_shown(raw)} is no text and no list of texts")
    words: list[str] = []
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise UsageError(f"{place}: {_shown(value)} is no text")
        words.append(value.strip())
    return tuple(words)


def _parse_path(text: str, place: Place) -> Path:
    """A path as the user means it: `~` is the home folder, and a path in a file counts from the file's folder."""
    path = Path(text).expanduser()
    return path if place.folder is None else place.folder / path


def _parse_text(option: Option, text: str, place: Place) -> str:
    if option.type is Type.LANGUAGE:
        try:
            return language(text).code
        except KeyError:
            raise UsageError(
                f"{place}: {_shown(text)} is no language that is known here",
                hint="Known are: " + ", ".join(LANGUAGES) + ".",
            ) from None
    if option.type is Type.CHOICE:
        if text.lower() in option.choices:
            return text.lower()
        raise UsageError(f"{place}: {_shown(text)} is not one of {', '.join(option.choices)}")
    if option.name in ("charset", "output_charset"):
        try:
            "".encode(text)
        except (LookupError, ValueError):
            raise UsageError(
                f"{place}: {_shown(text)} is no character encoding that is known here",
                hint="Usual ones are utf-8, utf-16, cp932 (Shift_JIS), euc-jp, gb18030, big5.",
            ) from None
    return text


def _shown(raw: object) -> str:
    return repr(raw).lower() if isinstance(raw, bool) else repr(raw)
