"""The texts of the database files (lists of things with an id), of System, and of the lists of events."""

from collections.abc import Iterable, Mapping

from translator.core.collecting import SINGLE, About
from translator.core.ruby_marshal_values import RubyArray, RubyHash, RubyString, Value
from translator.core.segment import Role
from translator.formats.rpgmaker_rgss.collector import NAME, Collector, fields_of
from translator.formats.rpgmaker_rgss.events import EventList
from translator.formats.rpgmaker_rgss.facts import GameFacts
from translator.formats.rpgmaker_rgss.kinds import Engine, Kind

_MESSAGES = ("@message1", "@message2", "@message3", "@message4")
_AFTER_NAME = ("shown after the name of the one who does or suffers it",)
"""`Window_BattleLog` and `Scene_Battle` put the name before these messages."""

_SYSTEM_LISTS = ("@elements", "@skill_types", "@weapon_types", "@armor_types")
_DESCRIBED = (Kind.SKILLS, Kind.ITEMS, Kind.WEAPONS, Kind.ARMORS)
TERM = About(Role.TERM, limits=SINGLE)


def take_database(root: Value, kind: Kind, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of a list of things. A thing's key is its id, which is its index in the list."""
    for index, thing in _elements(root):
        fields = fields_of(thing)
        if not fields:
            continue
        key = str(index)
        described = collector.text(fields.get("@description"))
        notes = (" ".join(described.split()),) if described and described.strip() else ()
        binding = NAME if kind is Kind.ACTORS else None
        collector.add(f"{key}/name", fields.get("@name"), About(Role.NAME, limits=SINGLE, notes=notes, binding=binding))
        if kind is Kind.ACTORS:
            collector.add(f"{key}/nickname", fields.get("@nickname"), About(Role.NAME, limits=SINGLE))
        if kind in _DESCRIBED or (kind is Kind.ACTORS and facts.engine is Engine.ACE):
            collector.add(
                f"{key}/description", fields.get("@description"), About(Role.DESCRIPTION, limits=facts.help())
            )
        if kind in (Kind.SKILLS, Kind.STATES):
            for name in _MESSAGES:
                about = About(Role.TERM, limits=SINGLE, notes=_AFTER_NAME)
                collector.add(f"{key}/{name[1:]}", fields.get(name), about)


def take_system(root: Value, collector: Collector) -> None:
    """Take the texts of System: the title, the terms. Switches and variables are for the editor only.

    Terms are lists of strings (Ace's `terms`), or strings by name (VX's `terms`, XP's `words`).
    """
    fields = fields_of(root)
    collector.add("game_title", fields.get("@game_title"), About(Role.NAME, limits=SINGLE))
    collector.add("currency_unit", fields.get("@currency_unit"), TERM)
    for name in _SYSTEM_LISTS:
        _take_terms(name[1:], fields.get(name), collector)
    for holder in ("@terms", "@words"):
        for name, value in fields_of(fields.get(holder)).items():
            _take_terms(f"{holder[1:]}/{name.removeprefix('@')}", value, collector)


def _take_terms(key: str, value: Value, collector: Collector) -> None:
    """A term, or a list of them; empty ones are places that the engine does not show."""
    if isinstance(value, RubyString):
        collector.add(key, value, TERM)
    else:
        for index, text in _elements(value):
            collector.add(f"{key}/{index}", text, TERM)


def take_map(root: Value, collector: Collector, facts: GameFacts) -> None:
    """Take a map's name (Ace) and the texts of its events, which are a hash by their ids; pages count from 1."""
    fields = fields_of(root)
    collector.add("display_name", fields.get("@display_name"), About(Role.NAME, limits=SINGLE))
    events = fields.get("@events")
    if isinstance(events, RubyHash):
        known = [(key, value) for key, value in events.pairs() if isinstance(key, int)]
        for number, event in sorted(known, key=lambda pair: pair[0]):
            _take_pages(f"event/{number}", fields_of(event), collector, facts)


def take_troops(root: Value, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of the battle events."""
    for index, troop in _elements(root):
        _take_pages(f"troop/{index}", fields_of(troop), collector, facts)


def take_common_events(root: Value, collector: Collector, facts: GameFacts) -> None:
    """Take the texts of the common events, each of one page."""
    for index, event in _elements(root):
        _take_list(f"common/{index}", fields_of(event), collector, facts)


def _take_pages(key: str, fields: Mapping[str, Value], collector: Collector, facts: GameFacts) -> None:
    for number, page in _elements(fields.get("@pages"), 1):
        _take_list(f"{key}/page/{number}", fields_of(page), collector, facts)


def _take_list(key: str, fields: Mapping[str, Value], collector: Collector, facts: GameFacts) -> None:
    commands = fields.get("@list")
    if isinstance(commands, RubyArray):
        EventList(collector, facts, key).take(commands)


def _elements(value: Value, first: int = 0) -> Iterable[tuple[int, Value]]:
    return enumerate(value.items, first) if isinstance(value, RubyArray) else ()
