"""A file of the game, opened: its texts, and how it is written back."""

from collections.abc import Iterator, Mapping, Sequence

from translator.core.collector import collector_paused
from translator.core.document import HeldBack
from translator.core.json_spans import JsonReader, Path, Spelling, decoded, rewrite, told_in_bytes
from translator.core.segment import Segment
from translator.core.splice import Edit, splice
from translator.formats.rpgmaker_mv.blocks import Block
from translator.formats.rpgmaker_mv.collector import Collector, Spot
from translator.formats.rpgmaker_mv.database import take_database, take_system
from translator.formats.rpgmaker_mv.facts import GameFacts
from translator.formats.rpgmaker_mv.heldback import held_back
from translator.formats.rpgmaker_mv.kinds import Kind
from translator.formats.rpgmaker_mv.pages import take_common_events, take_map, take_troops
from translator.formats.rpgmaker_mv.pluginlist import take_plugins

_NO_TEXT = {
    Kind.MAP: "the map has no name, and no event on it shows any",
    Kind.COMMON_EVENTS: "no common event shows any",
    Kind.TROOPS: "no battle event shows any",
    Kind.SYSTEM: "the game has no title and no terms",
    Kind.PLUGINS: "no parameter of an active plugin is known to be shown",
}


class MvDocument:
    """A file of the game. Its text is kept as bytes, and decoded again where something is to be written."""

    __slots__ = ("_blob", "_blocks", "_by_key", "_kind", "_locale", "_segments", "_spelling", "_spots")

    def __init__(self, blob: bytes, kind: Kind, facts: GameFacts) -> None:
        """Raises FormatError."""
        text, start = decoded(blob)
        collector = Collector()
        reader = JsonReader(text, start)
        with told_in_bytes(text):
            locale = _take(reader, kind, collector, facts)
        self._blob = blob
        self._kind = kind
        self._spelling = Spelling(for_script=kind is Kind.PLUGINS, ascii_only="\\u" in text and text[start:].isascii())
        self._segments = tuple(collector.segments)
        self._spots = collector.spots
        self._blocks = collector.blocks
        self._locale = (locale, facts.locale) if locale and facts.locale else None
        self._by_key: dict[str, Segment] | None = None

    @property
    def segments(self) -> Sequence[Segment]:
        """The texts: names and terms as they stand, events page by page."""
        return self._segments

    @property
    def notices(self) -> Sequence[str]:
        """Why there is no text, where there is none."""
        if self._segments:
            return ()
        return (f"no text: {_NO_TEXT.get(self._kind, 'all names and descriptions are empty')}",)

    @property
    def charset(self) -> str | None:
        """JSON can spell every character."""
        return None

    def render(self, targets: Mapping[str, str]) -> bytes:
        """The file with the targets written; the locale is set only together with some text."""
        if self._by_key is None:
            self._by_key = {segment.key: segment for segment in self._segments}
        by_key = self._by_key
        changed = {key: target for key, target in targets.items() if by_key[key].source != target}
        if not targets or (not changed and not self._locale):
            return self._blob
        text, _ = decoded(self._blob)
        with collector_paused(), told_in_bytes(text):
            return splice(text, self._edits(text, changed)).encode("utf-8")

    def held_back(self) -> Iterator[HeldBack]:
        """The strings that are no texts for players, or that no rule knows."""
        return held_back(decoded(self._blob)[0], self._kind, {segment.source for segment in self._segments})

    def _edits(self, text: str, changed: dict[str, str]) -> list[Edit]:
        edits: list[Edit] = []
        blocks: dict[int, Block] = {}
        values: dict[int, list[tuple[Path, str]]] = {}
        for key, target in changed.items():
            block = self._blocks.get(key)
            if block is not None:
                blocks[block.spans[0].start] = block
                continue
            spot = self._spots[key]
            spelled = spot.form.spell(key, target)
            values.setdefault(spot.anchor, []).append((spot.path, spelled))
            for copy in spot.copies:
                values.setdefault(copy.anchor, []).append((copy.path, copy.prefix + spelled))
        for block in blocks.values():
            edit = block.edit(text, changed, self._spelling)
            if edit is not None:
                edits.append(edit)
        if self._locale:
            spot, locale = self._locale
            values.setdefault(spot.anchor, []).append((spot.path, locale))
        for start, changes in values.items():
            edits += rewrite(text, start, changes, self._spelling)
        return edits


def _take(reader: JsonReader, kind: Kind, collector: Collector, facts: GameFacts) -> Spot | None:
    """Take the texts of a file; gives the place of its locale if it has one."""
    locale = None
    match kind:
        case Kind.PLUGINS:
            take_plugins(reader.text, collector)
            return None
        case Kind.MAP:
            take_map(reader, collector, facts)
        case Kind.COMMON_EVENTS:
            take_common_events(reader, collector, facts)
        case Kind.TROOPS:
            take_troops(reader, collector, facts)
        case Kind.SYSTEM:
            locale = take_system(reader, collector)
        case _:
            take_database(reader, kind, collector, facts)
    reader.finish()
    return locale
