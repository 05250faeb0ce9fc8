"""Texts that are parts of a string: in scripts, plugin commands and notes."""

from collections.abc import Iterator
from typing import NamedTuple

import regex

from translator.core.collecting import SINGLE, About
from translator.core.json_spans import Cut
from translator.core.segment import NO_LIMITS, Role
from translator.formats.rpgmaker_mv.forms import (
    ARGUMENT,
    IN_DOUBLE_QUOTES,
    IN_SINGLE_QUOTES,
    TAG,
    WORD_IN_TAG,
    Form,
)
from translator.formats.rpgmaker_mv.rules import MV_COMMANDS, NOTE_TAGS, SCRIPT_CALLS

_NUMBER = regex.compile(r"\d+|\\[Vv]\[\d+\]")


class Part(NamedTuple):
    """A part of a string that players read: where it stands, how it is spelled, what it is, whether it is a name."""

    cut: Cut
    raw: str
    form: Form
    role: Role
    name: bool = False

    def about(self) -> About:
        """What holds for a part that stands in no event: a name is a single word of a tag."""
        return About(self.role, limits=SINGLE if self.role is Role.NAME else NO_LIMITS)


def script_parts(script: str, names: frozenset[str]) -> list[Part]:
    """The strings of a script that a rule names, in order. names: those that actors of the game have."""
    if '"' not in script and "'" not in script:
        return []
    found: dict[int, Part] = {}
    for call in SCRIPT_CALLS:
        for match in call.pattern.finditer(script):
            group = "single" if match["double"] is None else "double"
            form = IN_SINGLE_QUOTES if group == "single" else IN_DOUBLE_QUOTES
            if not call.name or form.read(match[group]) in names:
                cut = Cut(*match.span(group))
                found.setdefault(cut.start, Part(cut, match[group], form, call.role, call.name))
    return [found[start] for start in sorted(found)]


def argument_parts(command: str) -> Iterator[tuple[int, Part]]:
    """The arguments of an MV plugin command that a rule names, each with its number from 1."""
    words = command.split(" ")
    rule = MV_COMMANDS.get(words[0])
    if rule is None:
        return
    start = len(words[0]) + 1
    for number, word in enumerate(words[1:], 1):
        is_size = rule.size_at_end and number == len(words) - 1 > 1 and _NUMBER.fullmatch(word) is not None
        if not is_size and (rule.positions is None or number in rule.positions):
            yield number, Part(Cut(start, start + len(word)), word, ARGUMENT, rule.role)
        start += len(word) + 1


def note_parts(note: str) -> list[Part]:
    """The values of the tags of a note or a comment that a rule names, in order."""
    found: list[Part] = []
    if "<" in note:
        for role, pattern in NOTE_TAGS.items():
            form = WORD_IN_TAG if role is Role.NAME else TAG
            for match in pattern.finditer(note):
                found.append(Part(Cut(*match.span("value")), match["value"], form, role))  # noqa: PERF401  two loops
    return sorted(found, key=lambda part: part.cut.start)
