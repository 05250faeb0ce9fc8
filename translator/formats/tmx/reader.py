"""TMX's units: where their variants stand in the two languages (TMX 1.4b, section 5; 1.1 has `lang` for `xml:lang`)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from translator.core.locales import choose_locale, language_of
from translator.core.xml_inline import Slot, local, read_slot, take
from translator.core.xml_spans import Kind, MarkupFile, Token, attribute

HOLDING = frozenset(("hi",))
"""The inline elements that hold text; `bpt`, `ept`, `it`, `ph` and `ut` hold code."""

_OPEN = frozenset(("tmx", "body", "tu", "tuv"))
_ALL = "*all*"
_NOTE, _NOTES = 200, 20


@dataclass(slots=True)
class Variant:
    """A text in one language: its start tag, its `seg`, and where its end tag ends."""

    start: Token
    language: str
    seg: Slot | None = None
    stop: int = 0


@dataclass(slots=True)
class Unit:
    """A text in several languages. said: its `srclang`, or the file's."""

    start: Token
    said: str
    number: str | None
    variants: list[Variant] = field(default_factory=list[Variant])
    notes: list[str] = field(default_factory=list[str])

    def variant(self, language: str) -> Variant | None:
        """Its text in a language, by the code that the file has for it (upper or lower case)."""
        wanted = language.lower()
        return next((v for v in self.variants if v.language.lower() == wanted and v.seg is not None), None)

    def is_source(self, language: str) -> bool:
        """Whether a language is the one that the unit says it is translated from."""
        return bool(self.said) and self.said.lower() != _ALL and _same(self.said, language)

    def source(self, asked: str | None) -> Variant | None:
        """What is translated: the text in the language that the unit or the file says, else the first one."""
        said = asked if self.said.lower() == _ALL else self.said
        found = self.variant(said) if said else None
        if found is None and said:
            found = next((v for v in self.variants if _same(v.language, said) and v.seg is not None), None)
        return found or next((v for v in self.variants if v.seg is not None), None)


def _same(one: str, other: str) -> bool:
    """Whether two codes are of one language: EN-US and en."""
    return one.lower().split("-")[0] == other.lower().split("-")[0]


def target_language(units: list[Unit], wanted: str | None) -> str | None:
    """The code that the file has for the language that is translated into; a new one is spelled as it is wanted.

    None where nothing says which: then the commonest language that is not a source is meant.
    """
    counts: Counter[str] = Counter()
    for unit in units:
        source = unit.source(None)
        counts.update(v.language for v in unit.variants if source is None or not _same(v.language, source.language))
    if wanted is None:
        return counts.most_common(1)[0][0] if counts else None
    sources = {source.language for unit in units if (source := unit.source(None)) is not None}
    if all(language_of(code) == wanted for code in sources) and sources:
        return None
    return choose_locale(counts, wanted) or wanted


class _Reader:
    def __init__(self, file: MarkupFile) -> None:
        self._file = file
        self._text = file.text
        self.units: list[Unit] = []
        self._names: list[str] = []
        self._said = _ALL
        self._unit: Unit | None = None
        self._variant: Variant | None = None

    def read(self) -> list[Unit]:
        tokens = self._file.tokens()
        for token in tokens:
            if token.kind in (Kind.START, Kind.EMPTY):
                self._start(token, tokens)
            elif token.kind is Kind.END:
                self._end(self._names.pop(), token)
        return self.units

    def _start(self, token: Token, tokens: Iterator[Token]) -> None:
        name = local(token.name)
        parent = self._names[-1] if self._names else ""
        if not parent and name != "tmx":
            raise self._file.error(f"this is no TMX: its first element is <{token.name}>", token.start)
        if name == "header":
            self._said = attribute(self._text, token, "srclang") or _ALL
            take(tokens, token)
        elif name == "seg" and self._variant is not None:
            slot = take(tokens, token)
            self._variant.seg = self._variant.seg or slot
        elif name in ("note", "prop") and self._unit is not None:
            self._note(token, name, take(tokens, token))
        elif name in _OPEN and token.kind is Kind.START:
            self._names.append(name)
            self._open(token, name)
        else:
            take(tokens, token)

    def _open(self, token: Token, name: str) -> None:
        if name == "tu":
            said = attribute(self._text, token, "srclang") or self._said
            self._unit = Unit(token, said, attribute(self._text, token, "tuid"))
        elif name == "tuv" and self._unit is not None:
            code = attribute(self._text, token, "xml:lang") or attribute(self._text, token, "lang") or ""
            self._variant = Variant(token, code)

    def _note(self, token: Token, name: str, slot: Slot) -> None:
        said = " ".join(read_slot(self._text, slot, holding=frozenset(), keep_space=False).text.split())
        if said and self._unit is not None and len(self._unit.notes) < _NOTES:
            kind = attribute(self._text, token, "type") if name == "prop" else None
            self._unit.notes.append(f"{kind}: {said}"[:_NOTE] if kind else said[:_NOTE])

    def _end(self, name: str, token: Token) -> None:
        if name == "tuv" and self._variant is not None and self._unit is not None:
            self._variant.stop = token.end
            self._unit.variants.append(self._variant)
            self._variant = None
        elif name == "tu" and self._unit is not None:
            self.units.append(self._unit)
            self._unit = None


def read_units(file: MarkupFile) -> list[Unit]:
    """The units of a file; raises FormatError."""
    return _Reader(file).read()
