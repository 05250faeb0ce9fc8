"""A TMX file: its segments, and writing translations into its variants."""

from collections.abc import Iterator, Mapping, Sequence

from translator.core.collecting import Keys, short_key
from translator.core.csv_spans import first_break
from translator.core.document import FormatOptions, HeldBack
from translator.core.loose import guess_role
from translator.core.segment import Segment
from translator.core.xml_inline import Content, Slot, change_of, has_words, indentation, inside_of, read_slot
from translator.core.xml_references import escape_attribute
from translator.core.xml_spans import Change, MarkupFile
from translator.formats.tmx.reader import HOLDING, Unit, Variant, target_language

_ADDED = ' creationtool="translate"'
"""What tells a variant that was added from one that the file had, and left empty (TMX 1.1 to 1.4b know it)."""


class TmxDocument:
    """A translation memory."""

    def __init__(self, file: MarkupFile, units: list[Unit], options: FormatOptions) -> None:
        self._file = file
        self._asked = options.settings.get("source")
        self._output = file.output(options)
        self._newline = first_break(file.text)
        self._language = target_language(units, options.target_language)
        self._attribute = _attribute_name(units, file.text)
        self._units: dict[str, Unit] = {}
        self._held: list[HeldBack] = []
        self.segments: Sequence[Segment] = tuple(self._segments(units))
        self.charset: str | None = None
        name = f"{options.name.as_posix()}: " if options.name.name else ""
        self.notices: Sequence[str] = (*self._output.notices, *(name + n for n in (*file.notices, *self._empty(units))))

    def _empty(self, units: list[Unit]) -> Iterator[str]:
        if self.segments:
            return
        if units and self._language is None:
            yield "no text: its units are in one language, and none to translate into is named"
        else:
            yield "no text: its units are empty" if units else "no text: it has no unit"

    def _content(self, slot: Slot) -> Content:
        return read_slot(self._file.text, slot, holding=HOLDING, keep_space=False)

    def _segments(self, units: list[Unit]) -> Iterator[Segment]:
        keys = Keys()
        for unit in units:
            source = unit.source(self._asked)
            if source is None or source.seg is None or self._language is None:
                continue
            content = self._content(source.seg)
            there = unit.variant(self._language)
            if not content.text.strip() or there is source or unit.is_source(self._language):
                continue
            key = keys.new(short_key((unit.number or content.text).replace("\\", "\\\\").replace("\n", "\\n")))
            if content.torn:
                self._held.append(HeldBack(key, content.text, "a text that looks like its own tags"))
                continue
            self._units[key] = unit
            said = self._content(there.seg) if there is not None and there.seg is not None else None
            done = said is not None and said.text.strip() and (has_words(said) or not has_words(content))
            target = said.text if said is not None and done else None
            yield Segment(key, content.text, guess_role(content.text), "", None, target, tuple(unit.notes))

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        changes: list[Change] = []
        for key, target in targets.items():
            unit = self._units[key]
            source = unit.source(self._asked)
            if source is None or source.seg is None or self._language is None:
                continue
            content = self._content(source.seg)
            there = unit.variant(self._language)
            if there is None or there.seg is None:
                if target:
                    changes.append(self._inserted(key, target, unit, source, content))
                continue
            before = self._content(there.seg)
            if not target and self._is_added(unit, source, there):
                changes.append(Change(self._place(unit, there), there.stop, "", key))
            elif target != before.text:
                changes.append(change_of(key, target, there.seg, before, content, self._newline, self._file.text))
        return self._file.render(changes, self._output)

    @staticmethod
    def _place(unit: Unit, without: Variant | None = None) -> int:
        """Where a variant is added: behind the last one."""
        return max(variant.stop for variant in unit.variants if variant is not without)

    def _frame(self, source: Variant) -> tuple[str, str]:
        """What stands before and behind the text of a variant that is added, laid out as the source's."""
        if source.seg is None:
            return "", ""
        text = self._file.text
        prefix = source.start.name.removesuffix("tuv")
        outer, inner = indentation(text, source.start.start), indentation(text, source.seg.start.start)
        last = text.rfind("<", source.seg.stop, source.stop)
        closing = indentation(text, last) if last >= 0 else ""
        language = escape_attribute(self._language or "")
        start = f'{outer}<{prefix}tuv {self._attribute}="{language}"{_ADDED}>{inner}<{prefix}seg>'
        return start, f"</{prefix}seg>{closing}</{prefix}tuv>"

    def _inserted(self, key: str, target: str, unit: Unit, source: Variant, content: Content) -> Change:
        inside, cdata = inside_of(key, target, content, self._newline)
        start, end = self._frame(source)
        place = self._place(unit)
        return Change(place, place, f"{start}{inside}{end}", key, references=not cdata)

    def _is_added(self, unit: Unit, source: Variant, there: Variant) -> bool:
        """Whether a variant is one that was added here: it is taken out again when it is emptied."""
        if there is not unit.variants[-1] or len(unit.variants) == 1 or there.seg is None or there.seg.end is None:
            return False
        start, end = self._frame(source)
        text = self._file.text
        before = text[self._place(unit, there) : there.seg.start.end]
        return before == start and text[there.seg.end.start : there.stop] == end

    def held_back(self) -> Iterator[HeldBack]:
        """Texts that cannot be told from their own inline elements."""
        yield from self._held


def _attribute_name(units: list[Unit], text: str) -> str:
    """`xml:lang`, or what older files have."""
    first = next((unit.variants[0].start for unit in units if unit.variants), None)
    return "lang" if first is not None and " xml:lang" not in text[first.start : first.end] else "xml:lang"
