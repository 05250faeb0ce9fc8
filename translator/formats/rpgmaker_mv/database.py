"""The texts of the database files (lists of things with an id) and of System.json."""

from typing import cast

from translator.core.collecting import SINGLE, About
from translator.core.json_spans import JsonReader
from translator.core.segment import Role
from translator.formats.rpgmaker_mv.collector import NAME, Collector, Spot
from translator.formats.rpgmaker_mv.facts import GameFacts
from translator.formats.rpgmaker_mv.kinds import Kind
from translator.formats.rpgmaker_mv.scripts import note_parts

_MESSAGES = ("message1", "message2", "message3", "message4")
_AFTER_NAME = ("shown after the name of the one who does or suffers it",)
"""MV puts the name before these messages (`Window_BattleLog`), MZ has it in them as %1."""

_SYSTEM_LISTS = ("elements", "skillTypes", "weaponTypes", "armorTypes", "equipTypes")
_TERM_LISTS = ("basic", "commands", "params")


def take_database(reader: JsonReader, kind: Kind, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of a list of things. A thing's key is its id, which is its index in the list."""
    for index in reader.elements():
        value, span = reader.located()
        if isinstance(value, dict):
            _Thing(collector, facts, span.start, cast("dict[str, object]", value)).take(kind, str(index))


class _Thing:
    """One thing of the database."""

    def __init__(self, collector: Collector, facts: GameFacts, start: int, value: dict[str, object]) -> None:
        self._collector = collector
        self._facts = facts
        self._start = start
        self._value = value

    def take(self, kind: Kind, key: str) -> None:
        binding = NAME if kind is Kind.ACTORS else None
        described = self._value.get("description" if kind is not Kind.ACTORS else "profile")
        notes = (" ".join(described.split()),) if isinstance(described, str) and described.strip() else ()
        self._field(key, "name", About(Role.NAME, limits=SINGLE, notes=notes, binding=binding))
        if kind is Kind.ACTORS:
            self._field(key, "nickname", About(Role.NAME, limits=SINGLE))
            self._field(key, "profile", About(Role.DESCRIPTION, limits=self._facts.help()))
        elif kind in (Kind.SKILLS, Kind.ITEMS, Kind.WEAPONS, Kind.ARMORS):
            self._field(key, "description", About(Role.DESCRIPTION, limits=self._facts.help()))
        if kind in (Kind.SKILLS, Kind.STATES):
            for name in _MESSAGES:
                text = self._value.get(name)
                after = _AFTER_NAME if isinstance(text, str) and "%1" not in text else ()
                self._field(key, name, About(Role.TERM, limits=SINGLE, notes=after))
        note = self._value.get("note")
        if isinstance(note, str):
            for number, part in enumerate(note_parts(note), 1):
                spot = Spot(self._start, ("note", part.cut), part.form)
                self._collector.add(f"{key}/note/{number}", part.raw, spot, part.about())

    def _field(self, key: str, name: str, about: About) -> None:
        self._collector.add(f"{key}/{name}", self._value.get(name), Spot(self._start, (name,)), about)


def take_system(reader: JsonReader, collector: Collector) -> Spot | None:
    """Take the texts of System.json; gives the place of its locale. Switches and variables are for the editor only."""
    found: dict[str, tuple[object, int]] = {}
    for name in reader.members():
        value, span = reader.located()
        found[name] = (value, span.start)
    term = About(Role.TERM, limits=SINGLE)
    for name, about in (("gameTitle", About(Role.NAME, limits=SINGLE)), ("currencyUnit", term)):
        if name in found:
            collector.add(name, found[name][0], Spot(found[name][1], ()), about)
    for name in _SYSTEM_LISTS:
        value, start = found.get(name, (None, 0))
        _take_list(collector, value, name, Spot(start, ()))
    value, start = found.get("terms", (None, 0))
    if isinstance(value, dict):
        terms = cast("dict[str, object]", value)
        for name in _TERM_LISTS:
            _take_list(collector, terms.get(name), f"terms/{name}", Spot(start, (name,)))
        messages = terms.get("messages")
        if isinstance(messages, dict):
            for name, text in cast("dict[str, object]", messages).items():
                collector.add(f"terms/messages/{name}", text, Spot(start, ("messages", name)), term)
    locale, start = found.get("locale", (None, 0))
    return Spot(start, ()) if isinstance(locale, str) else None


def _take_list(collector: Collector, value: object, key: str, at: Spot) -> None:
    """A list of terms; empty ones and nulls are places that the engine does not show."""
    if isinstance(value, list):
        for index, text in enumerate(cast("list[object]", value)):
            about = About(Role.TERM, limits=SINGLE)
            collector.add(f"{key}/{index}", text, Spot(at.anchor, (*at.path, index)), about)
