"""Gathering the segments of a file, where each stands, and what is held back.

A string holds one text, in a message after `@1` and a line break, which choose a face.
"""

from dataclasses import replace
from typing import NamedTuple

import regex

from translator.core.collecting import About, Keys
from translator.core.segment import Role, Segment
from translator.formats.wolf.facts import GameFacts
from translator.formats.wolf.opened import Opened
from translator.formats.wolf.reader import Slot
from translator.formats.wolf.rules import has_letters, is_built, is_file, is_language, is_special

KEY = "wolf-key"
"""The binding of strings that are compared or looked up by others."""

HEAD = regex.compile(r"@(-?\d+)[ \t]*\r?\n")
_CODES = r"(?:\\[A-Za-z]+\[[^\[\]\n]*\]|\\[<>EN])*+"
_WHO = r"([^\n\\@「『（(。、！？!?…\[\]{}<>]{1,16})"
_SPEAKER = regex.compile(
    _CODES
    + _WHO
    + r"(?<![はがをにでもか])"
    + _CODES
    + r"(?:\r?\n(?=[「『（(“])|(?<![はがをにでとのもへ])(?=「[^「」]*」\s*$))"
)


class Part(NamedTuple):
    """A stretch of a string: text that stays, or, with a key, a text of its own."""

    text: str
    key: str = ""


def speaker_of(text: str) -> str | None:
    """Who says a message: up to 16 characters before a line that opens quotation marks, or before all else in 「」."""
    found = _SPEAKER.match(text)
    return found[1].strip(" \u3000：:") or None if found else None


class Collector:
    """The texts of a file found so far, by the string that they stand in."""

    __slots__ = ("_keys", "facts", "held", "opened", "parts", "segments", "slot_of", "values")

    def __init__(self, opened: Opened, facts: GameFacts) -> None:
        self.opened = opened
        self.facts = facts
        self.segments: list[Segment] = []
        self.parts: dict[int, tuple[Part, ...]] = {}
        self.slot_of: dict[str, Slot] = {}
        self.values: set[str] = set()
        self.held: list[tuple[str, Slot, str]] = []
        self._keys = Keys()

    def shown(self, key: str, slot: Slot, about: About) -> None:
        """Take a string that is shown; a choice can be compared, since the engine keeps what was chosen."""
        text = self._text(key, slot)
        if text is not None:
            bound = about.role is Role.CHOICE and text in self.facts.bound
            self._take(key, slot, text, about, binding=KEY if bound else None)

    def message(self, key: str, slot: Slot, scene: str) -> None:
        """Take a message, without the line that says which face is shown."""
        text = self._text(key, slot)
        if text is None or not has_letters(text):
            return
        source = _unified(text)
        head = HEAD.match(source)
        start = head.end() if head else 0
        if not source[start:].strip():
            return
        key = self._keys.new(key)
        self.parts[slot.at] = (Part(source[:start]), Part(source[start:], key))
        notes = (f"face {head[1]}",) if head else ()
        self._add(key, slot, source[start:], About(Role.DIALOGUE, scene, notes=notes))

    def value(self, key: str, slot: Slot, about: About, *, text_field: bool = False, kept: str = "") -> None:
        """Take a string that may be looked up, unless it is. kept: why it is none for players, whatever it says."""
        text = self._text(key, slot)
        if text is None or not text.strip():
            return
        bound = text in self.facts.bound
        reason = kept or self.reason(text, text_field=text_field)
        if reason:
            self.hold(key, slot, reason)
            return
        taken = self._take(key, slot, text, about, binding=KEY if bound else None)
        if taken:
            self.values.add(taken)

    def reason(self, text: str, *, text_field: bool = False) -> str:
        """Why a value is held back; empty where it is offered."""
        facts = self.facts
        if is_special(text):
            return "command to the engine"
        if text in facts.bound or not has_letters(text):
            return ""
        if text in facts.fixed:
            return "looked up by name"
        return self.misread(text) or self._why_not(text, text_field=text_field)

    def misread(self, text: str) -> str:
        """What a value would be taken for that is surely no text; empty where it may be text."""
        if is_file(text):
            return "file name"
        if is_special(text):
            return "command to the engine"
        return "searched for a part" if any(part in text for part in self.facts.parts) else ""

    def _why_not(self, text: str, *, text_field: bool) -> str:
        if not (text_field or is_language(text)):
            return "code"
        return "looked up by name" if self.facts.closed else ""

    def compared(self, key: str, slot: Slot, about: About) -> None:
        """Take a string that a variable is compared with: only where what it is compared with changes too."""
        text = self._text(key, slot)
        if text is None or not text.strip():
            return
        if text in self.facts.bound:
            self._take(key, slot, text, about, binding=KEY)
        elif has_letters(text):
            self.hold(key, slot, "compared with a string built at run time" if is_built(text) else "compared")

    def hold(self, key: str, slot: Slot, reason: str) -> None:
        """Note a string that is held back."""
        if slot.size > 1:
            self.held.append((key, slot, reason))

    def _text(self, key: str, slot: Slot) -> str | None:
        if slot.size <= 1:
            return None
        text = self.opened.text(slot)
        if text is None:
            self.hold(key, slot, f"not text in {self.opened.charset}")
        return text

    def _take(self, key: str, slot: Slot, text: str, about: About, *, binding: str | None = None) -> str | None:
        """Take a string; gives its key, None where it is no text."""
        if not has_letters(text):
            return None
        key = self._keys.new(key)  # events of the same number, which only a damaged file has, come in their order
        source = _unified(text)
        self.parts[slot.at] = (Part(source, key),)
        self._add(key, slot, source, about, binding=binding)
        return key

    def _add(self, key: str, slot: Slot, source: str, about: About, *, binding: str | None = None) -> None:
        speaker = speaker_of(source) if about.role is Role.DIALOGUE else None
        self.slot_of[key] = slot
        self.segments.append(replace(about, speaker=speaker, binding=binding).segment(key, source))


def _unified(text: str) -> str:
    """A string with line feeds for its line ends, where those are all of one kind."""
    return text.replace("\r\n", "\n") if is_crlf(text) else text


def is_crlf(text: str) -> bool:
    """Whether all line ends of a string are a carriage return and a line feed."""
    return "\r" in text and text.count("\r\n") == text.count("\r") == text.count("\n")
