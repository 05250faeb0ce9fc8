"""A file of the game, opened: its texts, and how it is written back."""

from collections.abc import Iterator, Mapping, Sequence

from translator.core.collector import collector_paused
from translator.core.document import FormatOptions, HeldBack, UnencodableError
from translator.core.message_lines import boxes
from translator.core.segment import Segment
from translator.core.splice import ByteEdit
from translator.formats.rpgmaker_lcf.collector import Choice, Collector, Spot, check, spot_change
from translator.formats.rpgmaker_lcf.commands import read_commands
from translator.formats.rpgmaker_lcf.database import take_database, take_map_names
from translator.formats.rpgmaker_lcf.events import EventList
from translator.formats.rpgmaker_lcf.facts import GameFacts
from translator.formats.rpgmaker_lcf.output import Output
from translator.formats.rpgmaker_lcf.schema import FILE
from translator.formats.rpgmaker_lcf.strings import REPEATED, routes, strings
from translator.formats.rpgmaker_lcf.tree import FileKind, read_tree
from translator.formats.rpgmaker_lcf.writing import Change, string_change, write

_NO_TEXT = {
    FileKind.DATABASE: "all names, terms and events are empty",
    FileKind.MAP: "no event on the map shows any",
    FileKind.TREE: "no event leads a skill to a map, so only the editor shows their names",
}


class LcfDocument:
    """RPG_RT.ldb, a map, or RPG_RT.lmt."""

    def __init__(self, blob: bytes, output: Output, facts: GameFacts, options: FormatOptions) -> None:
        """Raises FormatError."""
        with collector_paused():
            tree = read_tree(blob)
            collector = Collector(blob, output.read)
            take_database(tree.texts, collector, facts)
            if tree.kind is FileKind.TREE:
                take_map_names(tree.texts, collector, facts)
            for where in tree.lists:
                EventList(collector, facts, where).take(read_commands(blob, where.start, where.end))
        self._blob = blob
        self._tree = tree
        self._collector = collector
        self._output = output
        self._notices = output.notices(options) if tree.kind is FileKind.DATABASE else ()
        self._by_key: dict[str, Segment] = {}

    @property
    def segments(self) -> Sequence[Segment]:
        """The texts: the database's names and terms, then the events page by page."""
        return self._collector.segments

    @property
    def notices(self) -> Sequence[str]:
        """What is to be known of the code page, and why there is no text, where there is none."""
        lost = self._output.lost(segment.source for segment in self.segments)
        told = (f"Texts that stay untranslated lose what code page {self._output.page} lacks: {lost}",) if lost else ()
        why = () if self.segments else (f"no text: {_NO_TEXT[self._tree.kind]}",)
        return (*self._notices, *told, *why)

    @property
    def charset(self) -> str | None:
        """The code page that the file is written in."""
        return self._output.written

    def render(self, targets: Mapping[str, str]) -> bytes:
        """The file with the targets written; in another code page all of its strings are."""
        if not self._by_key:
            self._by_key = {segment.key: segment for segment in self.segments}
        by_key = self._by_key
        changed = {key: target for key, target in targets.items() if by_key[key].source != target}
        with collector_paused():
            return write(self._blob, self._tree.sizes, self._changes(changed))

    def held_back(self) -> Iterator[HeldBack]:
        """The strings that are file names, comments or seen by the editor only, and those that are no text."""
        offered = {spot.at for spot in self._collector.spots.values()}
        odd = {place for place, _, _ in self._collector.odd}
        for text in strings(self._blob, self._tree):
            if text.reason and text.at not in offered and text.path not in odd:
                raw = self._blob[text.start : text.end]
                yield HeldBack(text.path, raw.decode(self._output.read, "replace"), text.reason)
        for place, route, _ in routes(self._blob, self._tree):
            for at, length in route.names():
                yield HeldBack(place, route.name(at, length).decode(self._output.read, "replace"), FILE)
        for place, raw, reason in self._collector.odd:
            yield HeldBack(place, raw.decode(self._output.read, "replace"), reason)

    def _changes(self, changed: Mapping[str, str]) -> list[Change]:
        """Raises UnencodableError, RefusedTargetError."""
        taken: dict[int, Change] = {}
        for key, target in changed.items():
            block = self._collector.blocks.get(key)
            if block is None:
                continue
            segment = self._by_key[key]
            check(segment, target, several=True)
            parts = boxes(target, segment.source, splits=segment.limits.splits)
            old = block.lines(self._blob) if len(parts) == 1 else ()
            messages = [self._lines(key, part, old) for part in parts]
            for command in block.commands:
                taken[command.text_at] = block.change(self._blob, messages)
        new = {spot.at: text for spot, text in self._new_strings(changed)}
        changes = list({change.edit.start: change for change in taken.values()}.values())
        if self._output.changes:
            changes += self._converted(set(taken), new)
        changes += [change for at, change in new.items() if at not in taken]
        return changes

    def _lines(self, key: str, target: str, old: Sequence[bytes]) -> list[bytes]:
        """The lines of a message in bytes: as they were where they stay."""
        lines: list[bytes] = []
        for number, line in enumerate(target.split("\n")):
            raw = old[number] if number < len(old) else b""
            same = not self._output.changes and raw.decode(self._output.read, "replace") == line
            lines.append(raw if same else self._output.encode(key, line))
        return lines

    def _new_strings(self, changed: Mapping[str, str]) -> Iterator[tuple[Spot, Change]]:
        """The strings that change, and those that repeat them."""
        blob, collector = self._blob, self._collector
        encoded: dict[int, bytes] = {}
        choices: dict[int, Choice] = {}
        for key, target in changed.items():
            spot = collector.spots.get(key)
            if spot is None:
                continue
            check(self._by_key[key], target, several=spot.inside is not None)
            new = encoded[spot.at] = self._output.encode(key, target)
            yield spot, spot_change(blob, spot, new, self._output.convert)
            choice = collector.choices.get(key)
            if choice is not None:
                choices[choice.joined.at] = choice
        for choice in choices.values():
            old = [blob[spot.start : spot.end] for spot in choice.options]
            joined = choice.joined
            if blob[joined.start : joined.end] == b"/".join(old):
                options = [
                    encoded.get(spot.at, self._output.convert(raw))
                    for spot, raw in zip(choice.options, old, strict=True)
                ]
                yield joined, spot_change(blob, joined, b"/".join(options))

    def _converted(self, taken: set[int], new: Mapping[int, Change]) -> Iterator[Change]:
        """All other strings, in the other code page."""
        blob = self._blob
        for text in strings(blob, self._tree):
            raw = blob[text.start : text.end]
            if raw.isascii() or text.at in taken or text.at in new:
                continue
            yield string_change(
                blob, text.at, text.start, text.end, self._convert(text.path, raw, text.reason), text.parent
            )
        for place, route, size in routes(blob, self._tree):
            names = {at: route.name(at, length) for at, length in route.names()}
            names = {at: self._convert(place, raw, FILE) for at, raw in names.items() if not raw.isascii()}
            if names:
                yield Change(ByteEdit(route.start, route.stop, route.with_names(names)), size)

    def _convert(self, place: str, raw: bytes, reason: str) -> bytes:
        """A string in the other code page. A file name must fit; what nobody sees stays as it is where it does not."""
        if reason in ("", REPEATED):
            return self._output.convert(raw, place)
        try:
            return self._output.convert(raw, place, exact=True)
        except UnencodableError:
            if reason == FILE:
                raise
            return raw
