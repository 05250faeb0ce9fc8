"""An XLIFF file: its segments, and writing translations into its targets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from translator.core.collecting import Keys
from translator.core.csv_spans import first_break
from translator.core.document import FormatOptions, HeldBack
from translator.core.locales import language_of
from translator.core.loose import guess_role
from translator.core.segment import Segment
from translator.core.xml_inline import Content, change_of, has_words, indentation, inside_of
from translator.core.xml_references import escape_attribute
from translator.core.xml_spans import Change, MarkupFile, attribute, attributes
from translator.formats.xliff.reader import Read, Unit

_TOLD = {"state": "translated", "approved": "no"}
"""What attributes say of a first translation, where they are there."""

_DETAILS = frozenset(("subState", "state-qualifier"))
"""Attributes that say more of a state; XLIFF 2 has whoever changes that update them or take them out (`subState`)."""

_ADDED = ' state="translated"'
_SPACE = "xml:space"


class XliffDocument:
    """A file of units."""

    def __init__(self, file: MarkupFile, read: Read, options: FormatOptions) -> None:
        self._file = file
        self._read = read
        self._language = options.target_language
        self._output = file.output(options)
        self._newline = first_break(file.text)
        self._units: dict[str, Unit] = {}
        self._held: list[HeldBack] = []
        self.segments: Sequence[Segment] = tuple(self._segments())
        self.charset: str | None = None
        name = f"{options.name.as_posix()}: " if options.name.name else ""
        self.notices: Sequence[str] = (*self._output.notices, *(name + n for n in (*file.notices, *self._remarks())))

    def _remarks(self) -> Iterator[str]:
        if not self.segments:
            yield "no text: its units are empty or not to be translated" if self._read.units else "no text: no unit"
        named = self._read.target
        if self._language and named and language_of(named) != self._language:
            yield f"it says that it is in {named}: what is missing in it is translated into {self._language}"

    def _segments(self) -> Iterator[Segment]:
        keys = Keys()
        for unit in self._read.units:
            content = unit.text(self._file)
            if content is None or not content.text.strip():
                continue
            key = keys.new(unit.key)
            if unit.kept or content.torn:
                reason = "marked as not to be translated" if unit.kept else "a text that looks like its own tags"
                self._held.append(HeldBack(key, content.text, reason))
                continue
            self._units[key] = unit
            there = unit.translation(self._file)
            target = there.text if there is not None and _is_finished(unit, content, there) else None
            yield Segment(key, content.text, guess_role(content.text), unit.scene, None, target, tuple(unit.notes))

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        changes: list[Change] = []
        added = False
        for key, target in targets.items():
            unit = self._units[key]
            source, before = unit.text(self._file), unit.translation(self._file)
            if source is None:
                continue
            if target and not (before is not None and _is_finished(unit, source, before)):
                changes += self._told_anew(unit, key)
            if unit.target is None or before is None:
                if target:
                    changes.append(self._inserted(key, target, unit, source))
                    added = True
                continue
            if not target and self._is_added(unit):
                changes.append(Change(self._place(unit), unit.target.stop, "", key))
                continue
            if target != before.text:
                like = _unspelled(before) if unit.unfinished else before
                changes.append(change_of(key, target, unit.target, like, source, self._newline, self._file.text))
        if added:
            changes += self._named_language()
        return self._file.render(changes, self._output)

    def _told_anew(self, unit: Unit, key: str) -> Iterator[Change]:
        """What tags say of a unit's translation, where it has its first one: it is neither final nor approved yet."""
        text = self._file.text
        tags = {token.start: token for token in (unit.start, unit.told) if token is not None}
        for token in tags.values():
            for name, start, end, _ in attributes(text, token):
                if name in _TOLD:
                    yield Change(start, end, _TOLD[name], key)
                elif name in _DETAILS:
                    before = text[token.start : text.rindex(name, token.start, start)].rstrip()
                    yield Change(token.start + len(before), end + 1, "", key)

    @staticmethod
    def _place(unit: Unit) -> int:
        """Where a target stands: behind the source, or its sentences."""
        before = unit.segmented or unit.source
        return before.stop if before else unit.start.end

    def _frame(self, unit: Unit) -> tuple[str, str]:
        """What stands before the text of a target that is added, and its end tag."""
        if unit.source is None:
            return "", ""
        text, tag = self._file.text, unit.source.start
        prefix = tag.name.removesuffix("source")
        said = attribute(text, tag, _SPACE)
        like = f' {_SPACE}="{escape_attribute(said)}"' if said is not None else ""
        start = f"{indentation(text, tag.start)}<{prefix}target{like}{'' if self._read.second else _ADDED}>"
        return start, f"</{prefix}target>"

    def _inserted(self, key: str, target: str, unit: Unit, source: Content) -> Change:
        inside, cdata = inside_of(key, target, source, self._newline)
        start, end = self._frame(unit)
        place = self._place(unit)
        return Change(place, place, f"{start}{inside}{end}", key, references=not cdata)

    def _is_added(self, unit: Unit) -> bool:
        """Whether a target looks as one that was added here: it is taken out again when it is emptied."""
        if unit.target is None:
            return False
        return self._file.text[self._place(unit) : unit.target.start.end] == self._frame(unit)[0]

    def _named_language(self) -> Iterator[Change]:
        """XLIFF 2 asks for the language of targets, where there are some."""
        root = self._read.root
        if self._read.second and self._read.target is None and self._language:
            end = root.end - 1
            yield Change(end, end, f' trgLang="{self._language}"', "")

    def held_back(self) -> Iterator[HeldBack]:
        """The units that are marked as not to be translated."""
        yield from self._held


def _is_finished(unit: Unit, source: Content, there: Content) -> bool:
    """Whether a target is a translation: not one that the file denies, nor markup alone where the source has words."""
    if unit.unfinished or not there.text.strip():
        return False
    return has_words(there) or not has_words(source)


def _unspelled(guess: Content) -> Content:
    """What is no translation yet as the place for one, which is spelled like the source then."""
    if not guess.cdata:
        return replace(guess, raw="")
    around = {"start": guess.start - len("<![CDATA["), "end": guess.end + len("]]>")}
    return replace(guess, raw="", cdata=False, trimmed=True, **around)
