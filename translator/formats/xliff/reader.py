"""XLIFF's units: where their sources and targets stand, and what is said of them.

The structure is that of the OASIS specifications (XLIFF 1.2, sections 2.2 and 3.2; XLIFF 2.1, section 4.2): a
`trans-unit` has source, seg-source, target, notes and alternatives (`alt-trans`), a `unit` segments of source and
target.
Other elements, of modules and of extensions, are passed over with all that is in them, but groups.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from translator.core.document import FormatError
from translator.core.xml_inline import Content, Slot, local, read_slot, take
from translator.core.xml_spans import Kind, MarkupFile, Token, attribute

HOLDING = frozenset(("g", "mrk", "pc"))
"""The inline elements that hold text; all others hold code, or nothing."""

_OPEN = frozenset(("xliff", "file", "body", "group", "trans-unit", "unit", "segment", "notes"))
"""Elements that are looked into."""
_NOT_YET = frozenset(("new", "needs-translation"))
_NOTE, _NOTES = 200, 20


@dataclass(slots=True)
class Unit:
    """A text with its translation. key, scene: as a segment has them. kept: nobody is to translate it.

    start: the tag of its trans-unit (1.2) or segment (2.x). told: the tag that tells its state: the target's, in 2.x
    the segment's.
    """

    key: str
    scene: str
    kept: bool
    space: bool
    start: Token
    source: Slot | None = None
    segmented: Slot | None = None
    target: Slot | None = None
    told: Token | None = None
    state: str | None = None
    approved: bool = False
    notes: list[str] = field(default_factory=list[str])

    def text(self, file: MarkupFile) -> Content | None:
        """What is to be translated: with the marks of its sentences, where it has some."""
        slot = self.segmented if self.segmented is not None and self.segmented.inside else self.source
        return None if slot is None else read_slot(file.text, slot, holding=HOLDING, keep_space=self.space)

    def translation(self, file: MarkupFile) -> Content | None:
        """What its target says; None where it has none."""
        if self.target is None:
            return None
        return read_slot(file.text, self.target, holding=HOLDING, keep_space=self.space)

    @property
    def unfinished(self) -> bool:
        """Whether what stands in its target is no translation yet, as the file says."""
        return not self.approved and self.state in _NOT_YET | {"initial"}


@dataclass(slots=True)
class Read:
    """A file's units in order. root: its first tag. second: it is XLIFF 2. target: the language that it names."""

    root: Token
    second: bool
    units: list[Unit]
    target: str | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open element, and what holds inside of it."""

    name: str
    kept: bool
    space: bool


class _Reader:
    def __init__(self, file: MarkupFile) -> None:
        self._file = file
        self._text = file.text
        self.units: list[Unit] = []
        self.root: Token | None = None
        self.second = False
        self.target: str | None = None
        self._frames: list[_Frame] = []
        self._name = ""
        self._unit: Unit | None = None
        self._parts: list[Unit] = []
        self._notes: list[str] = []
        self._id = ""

    def read(self) -> Read:
        tokens = self._file.tokens()
        for token in tokens:
            if token.kind in (Kind.START, Kind.EMPTY):
                self._start(token, tokens)
            elif token.kind is Kind.END:
                self._end(self._frames.pop().name)
        if self.root is None:  # what is no XML has raised before
            raise FormatError("there is no element in it", offset=0)
        return Read(self.root, self.second, self.units, self.target)

    def _start(self, token: Token, tokens: Iterator[Token]) -> None:
        name = local(token.name)
        parent = self._frames[-1].name if self._frames else ""
        if not parent and name != "xliff":
            raise self._file.error(f"this is no XLIFF: its first element is <{token.name}>", token.start)
        if name in ("source", "seg-source", "target") and parent in ("trans-unit", "segment"):
            self._text_of(name, take(tokens, token))
        elif name == "note" and parent in ("trans-unit", "notes", "unit"):
            self._note(take(tokens, token))
        elif name in _OPEN and not (name == "segment" and parent != "unit"):
            frame = self._frame(token, name)
            self._open(token, name, frame)
            if token.kind is Kind.START:
                self._frames.append(frame)
            else:
                self._end(name)
        else:
            take(tokens, token)

    def _frame(self, token: Token, name: str) -> _Frame:
        above = self._frames[-1] if self._frames else _Frame("", kept=False, space=False)
        kept, space = above.kept, above.space
        tag = self._text[token.start : token.end]
        if "translate" in tag:
            said = attribute(self._text, token, "translate")
            kept = kept if said is None else said == "no"
        if "xml:space" in tag:
            space = attribute(self._text, token, "xml:space") == "preserve"
        return _Frame(name, kept, space)

    def _attribute(self, token: Token, name: str) -> str:
        return attribute(self._text, token, name) or ""

    def _open(self, token: Token, name: str, frame: _Frame) -> None:
        if name == "xliff":
            self.root = token
            self.second = self._attribute(token, "version").startswith("2")
            self.target = attribute(self._text, token, "trgLang")
        elif name == "file":
            self._name = self._attribute(token, "original") or self._attribute(token, "id")
            self.target = self.target or attribute(self._text, token, "target-language")
        elif name == "trans-unit":
            self._id = self._attribute(token, "id")
            self._unit = Unit(f"{self._name}/{self._id}", self._name, frame.kept, frame.space, token)
            self._unit.approved = attribute(self._text, token, "approved") == "yes"
            self._parts, self._notes = [self._unit], list(self._about(token))
        elif name == "unit":
            self._id = self._attribute(token, "id")
            self._parts, self._notes = [], list(self._about(token))
        elif name == "segment":
            part = attribute(self._text, token, "id") or str(len(self._parts) + 1)
            self._unit = Unit(f"{self._name}/{self._id}/{part}", self._name, frame.kept, frame.space, token)
            self._set_state(self._unit, token)
            self._parts.append(self._unit)

    def _about(self, token: Token) -> Iterator[str]:
        for name in ("resname", "name"):
            said = attribute(self._text, token, name)
            if said and said != self._id:
                yield said[:_NOTE]
        width = attribute(self._text, token, "maxwidth")
        if width and self._attribute(token, "size-unit") in ("", "char"):
            yield f"at most {width} characters"

    def _set_state(self, unit: Unit, token: Token) -> None:
        unit.told = token
        unit.state = attribute(self._text, token, "state")

    def _text_of(self, name: str, slot: Slot) -> None:
        unit = self._unit
        if unit is None:
            return
        if "xml:space" in self._text[slot.start.start : slot.start.end] and name == "source":
            unit.space = attribute(self._text, slot.start, "xml:space") == "preserve"
        if name == "source":
            unit.source = unit.source or slot
        elif name == "seg-source":
            unit.segmented = unit.segmented or slot
        elif unit.target is None:
            unit.target = slot
            if not self.second:
                self._set_state(unit, slot.start)

    def _note(self, slot: Slot) -> None:
        said = read_slot(self._text, slot, holding=frozenset(), keep_space=False).text.strip()
        if said and len(self._notes) < _NOTES:
            self._notes.append(" ".join(said.split())[:_NOTE])

    def _end(self, name: str) -> None:
        if name in ("trans-unit", "unit"):
            for part in self._parts:
                part.notes = self._notes
                self.units.append(part)
            self._unit, self._parts, self._notes = None, [], []
        elif name == "segment":
            self._unit = None


def read_units(file: MarkupFile) -> Read:
    """The units of a file; raises FormatError."""
    return _Reader(file).read()
