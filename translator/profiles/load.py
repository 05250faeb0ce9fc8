"""Reads a profile from its TOML file, and refuses what it does not know."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, cast

import regex

from translator.core.backend import Sampling
from translator.core.finding import Severity
from translator.core.segment import Role
from translator.profiles.profile import (
    After,
    Budget,
    CodeStyle,
    Context,
    ContextPolicy,
    Example,
    Normalisation,
    Pairs,
    Pattern,
    Profile,
    Retry,
    Runs,
    ServerSetup,
    Style,
    Templates,
    WordForm,
    Words,
)

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T", Sampling, Budget, Templates, Runs)
_LONGEST_RUN = 99
Parameter = str | int | float | tuple[str, ...]


class ProfileError(ValueError):
    """A profile's file is not what it should be; the message names the file, the place in it and what is wrong."""


class _Table:
    """A TOML table whose values are taken out by name and type; what is left over in the end is a mistake."""

    def __init__(self, values: Mapping[str, object], file: str, path: str = "") -> None:
        self._values = dict(values)
        self._file = file
        self._path = path

    def error(self, key: str, what: str) -> ProfileError:
        place = f"{self._path}.{key}" if self._path else key
        return ProfileError(f"{self._file}: {place}: {what}")

    def names(self) -> list[str]:
        return list(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._values.pop(key, default)
        if not isinstance(value, str):
            raise self.error(key, "a text is needed here")
        return value

    def integer(self, key: str, default: int | None = None) -> int:
        value = self._values.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, "a whole number is needed here")
        return value

    def truth(self, key: str) -> bool | None:
        value = self._values.pop(key, None)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, "true or false is needed here")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in cast("list[object]", value)):
            raise self.error(key, "a list of texts is needed here")
        return tuple(cast("list[str]", value))

    def choice(self, key: str, kind: type[_E], default: _E | None = None) -> _E:
        value = self.text(key, default)
        try:
            return kind(value)
        except ValueError:
            raise self.error(key, f"{value!r} is none of {', '.join(kind)}") from None

    def table(self, key: str) -> "_Table":
        value = self._values.pop(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table is needed here")
        return _Table(cast("dict[str, object]", value), self._file, f"{self._path}.{key}" if self._path else key)

    def tables(self, key: str) -> list["_Table"]:
        value = self._values.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in cast("list[object]", value)):
            raise self.error(key, f"tables, each headed [[{key}]], are needed here")
        rows = cast("list[dict[str, object]]", value)
        return [_Table(row, self._file, f"{key}[{number}]") for number, row in enumerate(rows, 1)]

    def fill(self, start: _T) -> _T:
        """`start` with the fields that the table names, each of the type that it has there; nothing else is taken."""
        values: dict[str, object] = {}
        for field in fields(start):
            if field.name not in self._values:
                continue
            value = self._values.pop(field.name)
            now = cast("object", getattr(start, field.name))
            if isinstance(now, float) and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            elif field.name == "seed" and isinstance(value, int) and not isinstance(value, bool):
                pass
            elif type(value) is not type(now):
                raise self.error(field.name, f"{_KINDS.get(type(now), 'a whole number')} is needed here")
            values[field.name] = value
        self.finish()
        return replace(start, **values)

    def parameters(self) -> tuple[tuple[str, Parameter], ...]:
        found: list[tuple[str, Parameter]] = []
        for key in self.names():
            value = self._values[key]
            if isinstance(value, list):
                found.append((key, self.texts(key)))
            elif isinstance(value, str | int | float) and not isinstance(value, bool):
                found.append((key, value))
                del self._values[key]
            else:
                raise self.error(key, "a text, a number or a list of texts is needed here")
        return tuple(found)

    def finish(self) -> None:
        for key in self._values:
            raise self.error(key, "no profile has this; is it a slip of the pen?")


_KINDS: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def read_profile(content: bytes, file: str) -> Profile:
    """The profile that a TOML file holds; `file` names it in errors. Raises ProfileError."""
    try:
        toml = content.decode("utf-8")
        values = tomllib.loads(toml)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError(f"{file}: not TOML in UTF-8: {error}") from error
    table = _Table(values, file)
    sampling = table.table("sampling").fill(Sampling())
    profile = Profile(
        id=table.text("id"),
        title=table.text("title"),
        version=table.integer("version"),
        fingerprint=hashlib.blake2b(content.replace(b"\r\n", b"\n"), digest_size=8).hexdigest(),
        style=table.choice("style", Style),
        languages=_pairs(table.table("languages")),
        sampling=sampling,
        templates=table.table("templates").fill(Templates()),
        context=_context(table.table("context")),
        budget=table.table("budget").fill(Budget()),
        retries=tuple(_retry(row, sampling) for row in table.tables("retry")),
        patterns=tuple(_pattern(row) for row in table.tables("models")),
        aliases=table.texts("aliases"),
        rank=table.integer("rank", 0),
        codes=table.choice("codes", CodeStyle, CodeStyle.KEEP),
        standin=table.text("standin", "⟦{}⟧"),
        structured=bool(table.truth("structured")),
        think=table.truth("think"),
        stop=table.texts("stop"),
        examples=tuple(_example(row) for row in table.tables("examples")),
        normalise=_normalisation(table.table("normalise")),
        words=_words(table.table("words")),
        server=_server(table.table("server")),
        severities=_severities(table.table("checks")),
        notice=table.text("notice", ""),
        toml=toml,
    )
    table.finish()
    _agree(profile, table)
    return profile


def load_profile(path: Path) -> Profile:
    """The profile of a file. Raises ProfileError, also where the file cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror}") from error
    return read_profile(content, str(path))


def _agree(profile: Profile, table: _Table) -> None:
    """Hold a profile to what its parts need of each other."""
    templates = profile.templates
    if "{text}" not in templates.user:
        raise table.error("templates.user", "{text} must stand in it")
    glossed = templates.user_with_glossary
    if glossed and not ("{text}" in glossed and "{glossary}" in glossed):
        raise table.error("templates.user_with_glossary", "{text} and {glossary} must stand in it")
    if profile.context.policy in {ContextPolicy.SOURCE, ContextPolicy.HISTORY} and "{context}" not in templates.history:
        raise table.error(
            "templates.history", f"the context policy {profile.context.policy} needs it, with {{context}}"
        )
    if profile.style is Style.COMPLETION and profile.budget.lines != 1:
        raise table.error("budget.lines", "a completion is asked for one line at a time: it is 1")
    if templates.speaker and not ("{speaker}" in templates.speaker and "{text}" in templates.speaker):
        raise table.error("templates.speaker", "{speaker} and {text} must stand in it")
    if profile.standin.count("{}") != 1 or len(profile.standin.strip()) < len("{}") + 1:
        raise table.error("standin", "{} for its number, once, and a sign beside it")
    if profile.words.form is WordForm.DESCRIBED and profile.style is Style.COMPLETION:
        raise table.error("words.form", "a completion is asked for one line at a time: plain or quotes")


def _pairs(table: _Table) -> Pairs:
    default = table.texts("default")
    if len(default) != 2:  # noqa: PLR2004  (a pair)
        raise table.error("default", 'a pair such as ["ja", "zh-CN"] is needed here')
    pairs = tuple((row.text("from"), row.text("to")) for row in table.tables("pairs"))
    converted = table.table("convert")
    convert = tuple((target, default[1], converted.text(target)) for target in converted.names())
    table.finish()
    return Pairs((default[0], default[1]), pairs, convert)


def _context(table: _Table) -> Context:
    # `characters` is what it was called; a job keeps the profile that it began with.
    context = Context(
        table.choice("policy", ContextPolicy, ContextPolicy.NONE),
        table.integer("tokens", table.integer("characters", 0)),
    )
    table.finish()
    return context


def _normalisation(table: _Table) -> Normalisation:
    found = Normalisation(bool(table.truth("digits")), table.table("runs").fill(Runs()))
    table.finish()
    for field in fields(found.runs):
        if cast("int", getattr(found.runs, field.name)) in {0, *range(2, _LONGEST_RUN + 1)}:
            continue
        raise table.error(f"runs.{field.name}", f"0 (as it stands there) or 2 to {_LONGEST_RUN} is needed here")
    return found


def _words(table: _Table) -> Words:
    start = Words()
    roles = table.texts("roles") or start.roles
    for role in roles:
        if role not in set(Role):
            raise table.error("roles", f"{role!r} is none of {', '.join(Role)}")
    words = Words(
        tuple(Role(role) for role in roles),
        table.integer("characters", start.characters),
        table.choice("form", WordForm, start.form),
        table.integer("group", start.group),
    )
    for name, value in (("characters", words.characters), ("group", words.group)):
        if value < 0:
            raise table.error(name, "0 or more is needed here")
    table.finish()
    return words


def _retry(table: _Table, sampling: Sampling) -> Retry:
    after = table.choice("after", After, After.ANY)
    return Retry(table.fill(sampling), after)


def _pattern(table: _Table) -> Pattern:
    pattern = Pattern(table.text("pattern"), table.integer("priority"))
    try:
        regex.compile(pattern.pattern)
    except regex.error as error:
        raise table.error("pattern", f"no regular expression: {error}") from error
    table.finish()
    return pattern


def _example(table: _Table) -> Example:
    return Example(tuple((code, table.text(code)) for code in table.names()))


def _server(table: _Table) -> ServerSetup:
    setup = ServerSetup(table.text("template", ""), table.text("system", ""), table.table("parameters").parameters())
    table.finish()
    return setup


def _severities(table: _Table) -> tuple[tuple[str, Severity | None], ...]:
    found: list[tuple[str, Severity | None]] = []
    for code in table.names():
        value = table.text(code)
        if value != "off" and value not in set(Severity):
            raise table.error(code, f"{value!r} is none of off, {', '.join(Severity)}")
        found.append((code, None if value == "off" else Severity(value)))
    return tuple(found)
