"""A translation file of a Ren'Py game, opened."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import regex

from translator.core.document import FormatError, FormatOptions, HeldBack, RefusedTargetError
from translator.core.segment import Role, Segment
from translator.core.spantext import SpanText
from translator.core.textfile import Output
from translator.formats.renpy_tl.entries import Entry, Odd, entries
from translator.formats.renpy_tl.lexer import Script
from translator.formats.renpy_tl.literals import encode_python, encode_say, python_value, say_values
from translator.formats.renpy_tl.markup import MARKUP

_SCENE = regex.compile(r"(?P<label>.+)_[0-9a-f]{8}(?:_\d+)?")
_NARRATORS = frozenset(("narrator", "nvl_narrator", "centered", "vcentered", "nvl"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the game tells: see the format's docstring for the settings."""

    language: str | None
    speakers: Mapping[str, str | None]
    names: frozenset[str]
    choices: Mapping[str, str]
    outside: tuple[HeldBack, ...]

    @classmethod
    def read(cls, options: FormatOptions) -> "Facts":
        """From the options of a file; raises FormatError where a setting is no JSON of its kind."""
        settings = options.settings
        held = _rows(settings, "held_back")
        return cls(
            settings.get("language"),
            _table(settings, "speakers"),
            frozenset(_table(settings, "names")),
            {text: label or "" for text, label in _table(settings, "choices").items()},
            tuple(HeldBack(*row) for row in held),
        )


def _json(settings: Mapping[str, str], name: str, empty: str) -> object:
    try:
        return cast("object", json.loads(settings.get(name) or empty))
    except ValueError as error:
        raise FormatError(f"the setting {name} is no JSON: {error}") from error


def _table(settings: Mapping[str, str], name: str) -> dict[str, str | None]:
    value = _json(settings, name, "{}")
    if not isinstance(value, dict):
        raise FormatError(f"the setting {name} is no JSON object")
    table = cast("dict[str, object]", value)
    return {key: None if item is None else str(item) for key, item in table.items()}


def _rows(settings: Mapping[str, str], name: str) -> list[tuple[str, str, str]]:
    value = _json(settings, name, "[]")
    rows: list[tuple[str, str, str]] = []
    for row in cast("list[object]", value) if isinstance(value, list) else []:
        cells = [str(cell) for cell in cast("list[object]", row)] if isinstance(row, list) else []
        if len(cells) != 3:  # noqa: PLR2004  place, text, reason
            raise FormatError(f"the setting {name} has a row that is not place, text and reason")
        rows.append((cells[0], cells[1], cells[2]))
    return rows


class RenpyTlDocument:
    """A translation file."""

    def __init__(self, spans: SpanText, script: Script, output: Output, facts: Facts) -> None:
        self._spans = spans
        self._script = script
        self._output = output
        self._facts = facts
        self._entries: dict[str, Entry] = {}
        self._odd: list[tuple[str, str, str]] = []
        segments: list[Segment] = []
        seen: Counter[str] = Counter()
        scene = ""
        for found in entries(script):
            if isinstance(found, Odd):
                self._odd.append((f"{found.language} {found.identifier}", found.text, found.reason))
                continue
            reason = self._reason(found)
            if reason:
                self._odd.append((_key(found), found.old.value, reason))
                continue
            key = _key(found)
            seen[key] += 1
            key = key if seen[key] == 1 else f"{key} again {seen[key]}"
            if not found.python and (match := _SCENE.fullmatch(found.identifier)):
                scene = match["label"]
            self._entries[key] = found
            segments.append(self._segment(key, found, scene))
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = output.notices if segments else (*output.notices, self._nothing())
        self.charset: str | None = output.charset

    def _nothing(self) -> str:
        """Why there is no text."""
        reasons = ", ".join(sorted({reason for _, _, reason in self._odd}))
        return f"no text: all that it translates is held back ({reasons})" if reasons else "no text: it translates none"

    def _reason(self, entry: Entry) -> str:
        """Why a string is not offered; "" if it is."""
        if entry.language == "None" or self._facts.language not in (None, entry.language):
            return "another language"
        text = entry.old.value
        if not text.strip() or not MARKUP.plain(text).strip():
            return "no text"
        return "a comment of the template" if entry.python and text.startswith("## ") else ""

    def _segment(self, key: str, entry: Entry, scene: str) -> Segment:
        old, new = entry.old.value, entry.new.value
        target = None if new in ("", old) else new
        if entry.python:
            role = self._role(old)
            return Segment(key, old, role, f"menu {self._facts.choices[old]}" if role is Role.CHOICE else "strings",
                           target=target)  # fmt: skip
        speaker = self._speaker(entry.who)
        role = Role.NARRATION if speaker is None and self._narrates(entry.who) else Role.DIALOGUE
        return Segment(key, old, role, scene, speaker, target)

    def _role(self, text: str) -> Role:
        if text in self._facts.names:
            return Role.NAME
        return Role.CHOICE if text in self._facts.choices else Role.TERM

    def _speaker(self, who: str | None) -> str | None:
        if who is None or who in _NARRATORS or who == "extend":
            return None
        if who in self._facts.speakers:
            return self._facts.speakers[who]
        literal = python_value(who)
        return who if literal is None else literal or None

    def _narrates(self, who: str | None) -> bool:
        return who is None or who in _NARRATORS or (who in self._facts.speakers and self._facts.speakers[who] is None)

    def held_back(self) -> Iterator[HeldBack]:
        """Blocks and pairs whose original is not certain, code, styles; then what the game's script holds back."""
        for place, text, reason in self._odd:
            yield HeldBack(place, text, reason)
        yield from self._facts.outside

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        return {key: (entry.new.start, entry.new.end) for key, entry in self._entries.items()}

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`. An empty target, and one equal to the original, is the original as it stands there."""
        new = {key: self._spelled(key, self._entries[key], target) for key, target in targets.items()}
        return self._spans.render(self._places, new, self._output)

    def _spelled(self, key: str, entry: Entry, target: str) -> str:
        text = self._script.text
        now = text[entry.new.start : entry.new.end]
        if target == entry.new.value and target != "":
            return now
        if target in ("", entry.old.value):
            return text[entry.old.start : entry.old.end]
        quote = now[0] if now[0] in "\"'`" and now[:3] != now[0] * 3 and now[-1] == now[0] else '"'
        if entry.python:
            literal = encode_python(target, '"' if quote == "`" else quote)
            again = python_value(literal)
        else:
            literal = encode_say(target, quote)
            values = say_values(literal)
            again = values[0] if len(values) == 1 else None
        if again != target:
            raise RefusedTargetError(key, f"{target[:60]!r} would not be read back as it is")
        return literal


def _key(entry: Entry) -> str:
    if entry.python:
        return f"{entry.language} {encode_python(entry.old.value)}"
    part = "" if entry.part == 1 else f" {entry.part}"
    return f"{entry.language} {entry.identifier}{part}"
