"""The files that hold events: maps, CommonEvents and Troops."""

from typing import NamedTuple

from translator.core.collecting import SINGLE, About
from translator.core.json_spans import JsonReader
from translator.core.segment import Role
from translator.formats.rpgmaker_mv.collector import Collector, Command, Spot
from translator.formats.rpgmaker_mv.events import EventList, read_commands
from translator.formats.rpgmaker_mv.facts import GameFacts
from translator.formats.rpgmaker_mv.scripts import note_parts


class _Event(NamedTuple):
    """What an event or a troop holds: the commands of each page, its note, where the note stands."""

    pages: list[list[Command]]
    note: object = None
    note_start: int = 0


def take_map(reader: JsonReader, collector: Collector, facts: GameFacts) -> None:
    """Take a map's name and the texts of its events. An event's key is its id, its index in the list; pages count
    from 1, as in the editor.
    """
    name: tuple[object, int] = (None, 0)
    events: dict[int, _Event] = {}
    for member in reader.members():
        if member == "displayName":
            value, span = reader.located()
            name = (value, span.start)
        elif member == "events" and reader.peek() == "[":
            events = {index: _read_event(reader) for index in reader.elements()}
        else:
            reader.value()
    collector.add("displayName", name[0], Spot(name[1], ()), About(Role.NAME, limits=SINGLE))
    _take(events, "event", collector, facts)


def take_troops(reader: JsonReader, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of the battle events."""
    _take({index: _read_event(reader) for index in reader.elements()}, "troop", collector, facts)


def take_common_events(reader: JsonReader, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of the common events, each of one page."""
    for index in reader.elements():
        EventList(collector, facts, f"common/{index}").take(_read_page(reader))


def _take(events: dict[int, _Event], kind: str, collector: Collector, facts: GameFacts) -> None:
    for index, event in events.items():
        if isinstance(event.note, str):
            for number, part in enumerate(note_parts(event.note), 1):
                spot = Spot(event.note_start, (part.cut,), part.form)
                collector.add(f"{kind}/{index}/note/{number}", part.raw, spot, part.about())
        for number, commands in enumerate(event.pages, 1):
            EventList(collector, facts, f"{kind}/{index}/page/{number}").take(commands)


def _read_event(reader: JsonReader) -> _Event:
    """The event (or null) that comes next."""
    event = _Event([])
    if reader.peek() != "{":
        reader.value()
        return event
    for member in reader.members():
        if member == "pages" and reader.peek() == "[":
            event = event._replace(pages=[_read_page(reader) for _ in reader.elements()])
        elif member == "note":
            note, span = reader.located()
            event = event._replace(note=note, note_start=span.start)
        else:
            reader.value()
    return event


def _read_page(reader: JsonReader) -> list[Command]:
    """The commands of the page or common event (or null) that comes next."""
    commands: list[Command] = []
    if reader.peek() != "{":
        reader.value()
        return commands
    for member in reader.members():
        if member == "list" and reader.peek() == "[":
            commands = read_commands(reader)
        else:
            reader.value()
    return commands
