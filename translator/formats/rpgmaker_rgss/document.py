"""A file of the game, opened: its texts, and how it is written back."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

from translator.core.collector import collector_paused
from translator.core.document import FormatOptions, HeldBack, RefusedTargetError
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_edits import Changes, NotWritableError, Patch, Writer, rewrite
from translator.core.ruby_marshal_values import Marshalled
from translator.core.segment import Segment
from translator.core.splice import Edit, splice
from translator.formats.rpgmaker_rgss.blocks import Block
from translator.formats.rpgmaker_rgss.collector import Collector, Spot
from translator.formats.rpgmaker_rgss.database import (
    take_common_events,
    take_database,
    take_map,
    take_system,
    take_troops,
)
from translator.formats.rpgmaker_rgss.facts import GameFacts
from translator.formats.rpgmaker_rgss.heldback import held_back
from translator.formats.rpgmaker_rgss.kinds import Engine, Kind, Named
from translator.formats.rpgmaker_rgss.listing import ScriptList
from translator.formats.rpgmaker_rgss.texts import UTF8, Texts

_NO_TEXT = {
    Kind.MAP: "the map has no name, and no event on it shows any",
    Kind.COMMON_EVENTS: "no common event shows any",
    Kind.TROOPS: "no battle event shows any",
    Kind.SYSTEM: "the game has no title and no terms",
    Kind.SCRIPTS: "no string of a script is known to be shown",
}


class RgssDocument:
    """A file of the game. It is kept as bytes, and read again where something is to be written."""

    __slots__ = ("_blob", "_by_key", "_converts", "_facts", "_named", "_notices", "_options", "_segments", "charset")

    def __init__(self, blob: bytes, named: Named, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._named = named
        self._options = options
        self._facts = GameFacts.read(named.engine, options.settings)
        self._by_key: dict[str, Segment] | None = None
        self.charset: str | None = None
        with collector_paused():
            read = read_marshal(blob)
            if named.kind is Kind.SCRIPTS:
                scripts = self._scripts(read)
                self._segments = tuple(scripts.segments)
                self._notices: tuple[str, ...] = scripts.notices
                self._converts = bool(scripts.converted)
                others = {scripts.written_in(script) for script in scripts.scripts} - {UTF8}
                self.charset = min(others, default=None)
            else:
                texts = Texts(read, options)
                self._segments = tuple(self._collected(read, texts).segments)
                self._notices = texts.notices
                self._converts = texts.output != texts.raw
                if texts.output != UTF8:
                    self.charset = texts.output

    @property
    def segments(self) -> Sequence[Segment]:
        """The texts: names and terms as they stand, events page by page."""
        return self._segments

    @property
    def notices(self) -> Sequence[str]:
        """That the charset changes, or why there is no text."""
        if self._segments:
            return self._notices
        return (f"no text: {_NO_TEXT.get(self._named.kind, 'all names and descriptions are empty')}",)

    def render(self, targets: Mapping[str, str]) -> bytes:
        """The file with the targets written."""
        if self._by_key is None:
            self._by_key = {segment.key: segment for segment in self._segments}
        by_key = self._by_key
        changed = {key: target for key, target in targets.items() if by_key[key].source != target}
        with collector_paused():
            if self._named.kind is Kind.SCRIPTS:
                if not changed and not self._converts:
                    return self._blob
                read = read_marshal(self._blob)
                return rewrite(read, Changes(self._scripts(read).strings(changed)))
            if not changed and not self._converts:
                return self._blob
            return self._rendered(changed)

    def held_back(self) -> Iterator[HeldBack]:
        """See `HoldsBack`."""
        read = read_marshal(self._blob)
        if self._named.kind is Kind.SCRIPTS:
            return self._scripts(read).held_back()
        texts = Texts(read, self._options)
        return held_back(read, self._collected(read, texts).owners, texts)

    def _scripts(self, read: Marshalled) -> ScriptList:
        return ScriptList(read, self._options, old=self._named.engine is not Engine.ACE)

    def _collected(self, read: Marshalled, texts: Texts) -> Collector:
        collector = Collector(read, texts)
        root, facts = read.root, self._facts
        match self._named.kind:
            case Kind.MAP:
                take_map(root, collector, facts)
            case Kind.COMMON_EVENTS:
                take_common_events(root, collector, facts)
            case Kind.TROOPS:
                take_troops(root, collector, facts)
            case Kind.SYSTEM:
                take_system(root, collector)
            case _:
                take_database(root, self._named.kind, collector, facts)
        collector.finish()
        return collector

    def _rendered(self, targets: dict[str, str]) -> bytes:
        read = read_marshal(self._blob)
        texts = Texts(read, self._options)
        collector = self._collected(read, texts)
        changes = Changes(texts.converted())
        writer = Writer(read)
        blocks: dict[int, Block] = {}
        cuts: dict[str, Spot] = {}
        for key, target in targets.items():
            block = collector.blocks.get(key)
            if block is not None:
                blocks[id(block)] = block
                continue
            spot = collector.spots[key]
            if spot.part is not None:
                cuts[key] = spot
                continue
            spelled = spot.form.spell(key, target)
            for string in (spot.string, *spot.copies):
                changes.strings[string] = texts.write(key, string, spelled)
        patches: dict[Patch, str] = {}
        for block in blocks.values():
            patch = block.change(targets, changes, texts, writer)
            if patch is not None:
                patches[patch] = block.key or block.name_key or ""
        _write_cuts(cuts, targets, collector, changes)
        _forget_what_goes(changes)
        try:
            return rewrite(read, changes)
        except NotWritableError as error:
            key = patches[error.patch] if error.patch else next(iter(targets))
            raise RefusedTargetError(key, f"its lines cannot become others: {error}") from error


def _forget_what_goes(changes: Changes) -> None:
    """Leave out the strings that only change their charset and go with their commands."""
    patches = sorted(changes.patches)
    starts = [patch.start for patch in patches]
    for string in tuple(changes.strings) if patches else ():
        before = bisect_right(starts, string.start) - 1
        if before >= 0 and string.start < patches[before].end:
            del changes.strings[string]


def _write_cuts(cuts: dict[str, Spot], targets: dict[str, str], collector: Collector, changes: Changes) -> None:
    """Write the texts that are parts of strings, all of a string together."""
    grouped: dict[int, list[str]] = {}
    for key, spot in cuts.items():
        grouped.setdefault(spot.string.at, []).append(key)
    for keys in grouped.values():
        string = cuts[keys[0]].string
        edits: list[Edit] = []
        for key in keys:
            spot = cuts[key]
            if spot.part is not None:
                edits.append(Edit(*spot.part.cut, spot.part.spell(key, targets[key])))
        whole = collector.text(string) or ""
        changes.strings[string] = collector.texts.write(keys[0], string, splice(whole, edits))
