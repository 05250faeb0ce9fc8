"""Which strings of a whole game are looked up, searched for or compared: they change together or not at all.

What refers to a string by its content: command 250 finds types, data and fields by name where its flags say so, 300
finds common events by name, 112 compares a string variable with a string or looks for a part, 122 removes and replaces
parts. Where a looked-up or compared string is also a value that is offered (of a database, of a variable), all of them
get one binding; where it is none, it comes from something that does not change (a label, a file, what a player types,
a string put together at run time) and stays. A value in which some part is searched for stays too.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from translator.formats.wolf.commands import Code, Command
from translator.formats.wolf.events import looks_up_data, operators, set_operation
from translator.formats.wolf.facts import FILE_FIELD, FieldFacts
from translator.formats.wolf.opened import Opened
from translator.formats.wolf.packing import Kind
from translator.formats.wolf.reader import Slot
from translator.formats.wolf.rules import (
    OTHER,
    SAME,
    SET_FILES,
    SET_PARTS,
    has_letters,
    is_built,
    is_file,
    is_language,
    is_memo_field,
    is_special,
    is_text_field,
)

_MOST = 1 << 20
"""Characters of the settings that are handed on; a game with more keys has none of its values offered."""

_MOST_PARTS = 2000
"""Each value is looked at for each part; real games have up to 17."""

_SHORTEST = 4
"""No file's name with a suffix is shorter."""

_VARIABLE = 1_000_000
_STRINGS = (range(1_600_005, 1_600_010), range(3_000_000, 4_000_000))
"""Where command 250 reads into a string: the string variables of a common event and of the game."""

_DATABASES = ("cdatabase", "sysdatabase", "database")
"""By the number in command 250."""

_NAME = 0xFFFFFFFD
"""As the number of a field: the name of the data itself (seen in a game of version 3.5, read into strings)."""


@dataclass(slots=True)
class Graph:
    """What was found so far.

    values: how often each string stands where a value is offered. keys: strings that data are found by. compared:
    whole strings that variables are compared with. parts: what is searched for. events: the names of common events.
    names: the types, by database, whose data's names are read. names_at: the data's names by database and type.
    named: the files that strings name in full, without their folders, in small letters.
    """

    values: Counter[str] = field(default_factory=Counter[str])
    keys: set[str] = field(default_factory=set[str])
    compared: set[str] = field(default_factory=set[str])
    parts: set[str] = field(default_factory=set[str])
    events: set[str] = field(default_factory=set[str])
    names: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    names_at: dict[tuple[str, int], list[str]] = field(default_factory=dict[tuple[str, int], list[str]])
    named: set[str] = field(default_factory=set[str])
    calls_by_variable: bool = False
    compares_variables: bool = False

    def add(self, opened: Opened, database: str, fields: Mapping[tuple[int, int], FieldFacts]) -> None:
        """Look at a file. database: its name without its suffix, in small letters. fields: those of the database."""
        if opened.contents.kind is Kind.COMMON_EVENTS:
            self.events.update(text for event in opened.events if (text := opened.text(event.name)))
        self._add_named(opened)
        for event in opened.events:
            for page in event.pages:
                for command in page:
                    self._add_command(opened, command)
        for value in opened.values:
            known = fields.get((value.type, value.field), FieldFacts())
            if known.kind != FILE_FIELD and not is_memo_field(known.name):
                self._add_value(opened.text(value.slot), text_field=is_text_field(known.name))
        for number, kind in enumerate(opened.types):
            self.names_at[database, number] = [text for slot in kind.data if (text := opened.text(slot))]

    def _add_named(self, opened: Opened) -> None:
        data = opened.contents.data
        for slot in opened.slots:
            if slot.size > _SHORTEST and data.find(b".", slot.at + 4, slot.end) >= 0:
                for line in (opened.text(slot) or "").splitlines():
                    self.named.add(line.replace("\\", "/").rpartition("/")[2].lower())

    def _add_value(self, text: str | None, *, text_field: bool = False) -> None:
        offered = text and not is_file(text) and not is_special(text) and (text_field or is_language(text))
        if text and offered and has_letters(text):
            self.values[text] += 1

    def _add_command(self, opened: Opened, command: Command) -> None:
        numbers = command.numbers
        match command.code:
            case Code.SET_STRING if command.strings:
                self._add_string(opened, command)
            case Code.CHOICES:
                for slot in command.strings:
                    self._add_value(opened.text(slot), text_field=True)
            case Code.STRING_CONDITION:
                self._add_condition(opened, command)
            case Code.CALL | Code.CALL_BY_NAME if command.strings:
                name = opened.text(command.strings[0]) or ""
                self.calls_by_variable |= is_built(name) and command.code == Code.CALL_BY_NAME
                self._add_values(opened, command.strings[1:])
            case Code.DATABASE if len(numbers) > 4:  # noqa: PLR2004
                self._add_values(opened, command.strings[:1])
                if looks_up_data(command) and len(command.strings) > 2:  # noqa: PLR2004
                    self.keys.update(filter(None, (opened.text(command.strings[2]),)))
                into_string = any(numbers[4] in run for run in _STRINGS)
                # A tool for any type at all (by variable) shows names to the game's makers.
                if _NAME in numbers[1:3] and into_string and numbers[0] < _VARIABLE:
                    self.names.setdefault(_DATABASES[min(numbers[3] >> 8 & 15, 2)], set()).add(numbers[0])
            case _:
                pass

    def _add_values(self, opened: Opened, slots: Iterable[Slot]) -> None:
        for slot in slots:
            self._add_value(opened.text(slot))

    def _add_string(self, opened: Opened, command: Command) -> None:
        operation = set_operation(command)
        if operation in SET_PARTS:
            self._add_part(opened.text(command.strings[0]))
        elif operation not in SET_FILES:
            self._add_values(opened, command.strings[:1])

    def _add_condition(self, opened: Opened, command: Command) -> None:
        found = operators(command)
        self.compares_variables |= -1 in found
        for slot, operator in zip(command.strings, found, strict=False):
            text = opened.text(slot)
            if operator in (SAME, OTHER):
                self.compared.update(filter(None, (text,)))
            elif operator >= 0:
                self._add_part(text)

    def _add_part(self, text: str | None) -> None:
        if text and is_language(text) and not is_special(text):
            self.parts.add(text)

    def _all_values(self) -> Counter[str]:
        """The values, and the names of data that are read into strings."""
        found = Counter(self.values)
        for (database, number), texts in self.names_at.items():
            if number in self.names.get(database, ()):
                found.update(text for text in texts if not is_file(text) and has_letters(text))
        return found

    def settings(self, files: Iterable[str] = ()) -> dict[str, str]:
        """The settings that the format reads: `fixed`, `bound`, `parts`, or `closed`.

        files: the names of the game's pictures and sounds. One that no string names in full is named by a string that
        is put together: a value that is its name without the suffix stays.
        """
        if len(self.parts) > _MOST_PARTS:
            return {"closed": "1"}
        values = self._all_values()
        referred = self.keys | self.compared
        apart = {text for text in referred if text not in values or is_built(text)}
        if self.calls_by_variable:
            apart |= self.events
        for name in files:
            stem = name.rpartition(".")[0]
            if stem in values and name.lower() not in self.named:
                apart.add(stem)
        apart |= {text for text in referred if any(part in text for part in self.parts)}
        bound = referred - apart
        if self.compares_variables:
            bound |= {text for text, count in values.items() if count > 1 and not is_built(text)} - apart
            bound = {text for text in bound if not any(part in text for part in self.parts)}
        found = {name: _text(texts) for name, texts in (("fixed", apart), ("bound", bound), ("parts", self.parts))}
        return found if sum(map(len, found.values())) <= _MOST else {"closed": "1"}

    def names_of(self, database: str) -> str:
        """The setting `names` for a database's `.project`."""
        return " ".join(map(str, sorted(self.names.get(database, ()))))


def _text(texts: Iterable[str]) -> str:
    return json.dumps(sorted(texts), ensure_ascii=False, separators=(",", ":"))
