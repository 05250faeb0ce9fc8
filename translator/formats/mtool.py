r"""JSON of pairs, a text and its translation: MTool's `ManualTransFile.json`, and SExtractor's `transDic.json`.

MTool shows the translation wherever a game shows the text; a text that stands for itself (`{"剣": "剣"}`) is not
translated yet, nor is one whose translation is empty, as SExtractor writes them (`{"剣": ""}`; its README, "supported
export formats"). The keys are what the tools look up, so only values are written. One that is emptied again stands for
itself, or is empty where the file's other pairs without a translation are.

Line breaks (`\n`, `\r\n`, and `\n\r\n`, as real files of MTool have them) are line feeds in a segment and written as
the translation's own, else the text's. Keys are the texts, shortened where they are long. UTF-8 only.

Held back: what has no letter (numbers fill real files), links, file names, colours.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePath
from typing import ClassVar, cast

import regex

from translator.core.collector import collector_paused
from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.game_codes import MARKUP
from translator.core.json_texts import (
    JsonFile,
    LaterSegments,
    Steps,
    as_key,
    head_values,
    no_text,
    object_or_none,
    read_json,
    refuse_carriage_return,
    unique_keys,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.locales import is_locale
from translator.core.loose import guess_role
from translator.core.scripts import beyond_latin
from translator.core.segment import Segment, quick_segment
from translator.core.textfile import require_utf8

_NAMES = ("manualtransfile", "transdic", "trsdata")
"""How the names of MTool's files and of SExtractor's begin, in lower case."""

_TEXT_FOLDERS = frozenset({"locales", "locale", "_locales", "i18n", "lang", "langs", "language", "languages", "l10n"})
_SENTENCE = regex.compile(r"\p{L}[\p{L}\d',]*+ \p{L}|\p{L}[.!?…]+$")
_IDENTIFIER = regex.compile(r"[a-z][\w.:/\\-]*|[A-Za-z][A-Za-z\d]*[_.:/\\-][\w.:/\\-]*\w")
"""Keys of programs: `title`, `menu.start`, `MENU_START`."""
_TABLE = 20
"""From how many texts on, all of one character, a file is a table of characters."""

_SEEN, _ENOUGH, _SHARE = 2000, 3, 0.5
"""How many pairs are looked at where no name tells, how many must be there, and what part must look like texts."""


class MToolDocument:
    """A file of pairs."""

    def __init__(self, file: JsonFile) -> None:
        """Raises FormatError."""
        pairs = object_or_none(file.value)
        if pairs is None:
            raise FormatError("not an object of texts and their translations", offset=0)
        self._file = file
        self._pairs = pairs
        self._held: list[HeldBack] = []
        self._sources: list[str] = []
        for source, value in pairs.items():
            why = no_text(source) if value is None or isinstance(value, str) else "its value is no text"
            if why is None:
                self._sources.append(source)
            elif source.strip():
                self._held.append(HeldBack(as_key(source), source, why))
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, pairs, self._sources))
        self.notices: Sequence[str] = () if self._sources else ("no text: it has no pair with a letter in it",)
        self.charset: str | None = None

    @cached_property
    def _by_key(self) -> dict[str, str]:
        """The texts as they stand in the file, by their keys."""
        return dict(zip(unique_keys(self._sources), self._sources, strict=True))

    @cached_property
    def _empty(self) -> bool:
        """Whether a text without a translation has an empty one here, instead of standing for itself."""
        values = [(source, value) for source, value in self._pairs.items() if source.strip()]
        empty = sum(value == "" for _, value in values)
        return empty > sum(value == source for source, value in values)

    @collector_paused()
    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            source = self._by_key[key]
            value = cast("str | None", self._pairs[source])
            refuse_carriage_return(key, target)
            if target and not target.strip():
                raise RefusedTargetError(key, "a blank translation counts as none")
            spelled = with_breaks_of(target, value or "", source) if target or self._empty else source
            if spelled != (value or "") or (value is None and target):
                new[(source,)] = spelled
        return self._file.with_strings(new)

    def held_back(self) -> Iterator[HeldBack]:
        """Numbers, signs, links and file names, and values that are no strings."""
        yield from self._held


def _segments(pairs: Mapping[str, object], sources: Sequence[str]) -> Iterator[Segment]:
    for key, source in zip(unique_keys(sources), sources, strict=True):
        value = cast("str | None", pairs[source])
        text = unified_breaks(source) if "\r" in source else source
        target = unified_breaks(value) if value and value != source and not value.isspace() else None
        yield quick_segment(key, text, guess_role(text), "", None, target)


class MToolFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="mtool",
        title="Pairs of text and translation in JSON (MTool, SExtractor)",
        family=Family.EXCHANGE,
        patterns=("ManualTransFile.json", "transDic*.json"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for pairs of strings under the tools' own names; LIKELY for an object of strings, most of which stand
        for themselves or whose names are texts, but not where most values are colours, links, files or numbers. In a
        folder of texts by key (`locales/ja.json`) such a file may be one of those: MAYBE. Names that are identifiers,
        other values than strings: nobody's here.
        """
        pairs = _pairs_of(name, head)
        if pairs is None:
            return Confidence.NONE
        if name.stem.lower().startswith(_NAMES):
            return Confidence.CERTAIN
        texts = {source: value for source, value in pairs if isinstance(value, str)}
        if len(texts) < len(pairs) or not _are_texts(texts):
            return Confidence.NONE
        folders = [part.lower() for part in name.parts[:-1]]
        by_key = any(part in _TEXT_FOLDERS for part in folders) or is_locale(name.stem)
        return Confidence.MAYBE if by_key else Confidence.LIKELY

    def takes(self, name: PurePath, head: bytes) -> bool:
        """An object of strings whose names are no identifiers: texts by key are not pairs (see `TakesNamed.takes`)."""
        pairs = _pairs_of(name, head) or ()
        texts = {source: value for source, value in pairs if isinstance(value, str | None)}
        telling = [source for source in texts if no_text(source) is None]
        return bool(telling) and len(texts) == len(pairs) and not any(map(_IDENTIFIER.fullmatch, telling))

    @collector_paused()
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "MTool and SExtractor read JSON in UTF-8")
        return MToolDocument(read_json(blob))


def _pairs_of(name: PurePath, head: bytes) -> "list[tuple[str, object]] | None":
    """The first pairs of a JSON object; None for another file."""
    found = head_values(head, most=_SEEN) if name.suffix.lower() == ".json" else None
    return None if found is None or found[0] != "{" else cast("list[tuple[str, object]]", found[1])


def _are_texts(pairs: Mapping[str, str]) -> bool:
    """Whether pairs look like texts with their translations, and not like settings or texts by key."""
    telling = {source: value for source, value in pairs.items() if no_text(source) is None}
    if len(telling) >= _TABLE and all(len(source) == 1 for source in telling):
        return False
    odd = sum(
        source != value and bool(value.strip()) and no_text(value) is not None for source, value in telling.items()
    )
    if odd > _SHARE * len(telling):
        return False
    foreign = sum(beyond_latin(source) for source in telling)
    same = sum(source == value for source, value in telling.items())
    sentences = sum(_SENTENCE.search(source) is not None for source in telling)
    if foreign:
        return foreign >= _SHARE * len(telling)
    enough = len(telling) >= _ENOUGH
    return enough and (same >= _SHARE * len(telling) or sentences > _SHARE * len(telling))


FORMAT: Format = MToolFormat()
