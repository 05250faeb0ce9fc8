r"""ParaTranz' JSON: lists of entries with `key`, `original`, `translation`, `context` and, when exported, `stage`.

What stages mean is from ParaTranz' API (paratranz.cn/api-docs, `Stage`): 0 not translated, 1 translated, 2 disputed, 3
checked, 5 reviewed, 9 locked (exported as the translation), -1 hidden (exported as the original whatever stands there,
so it is held back). A translation that is written where none was makes 0 to 1, one that is taken away 1 to 0; other
stages are decisions of people and stay. An entry without `translation` gets one after its `original`.

Line breaks are line feeds in segments and written as the translation's own, else the original's. Keys are ParaTranz'
own. UTF-8 only; the name does not matter (files that ParaTranz made from scripts keep the scripts' names).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePath
from typing import ClassVar

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
)
from translator.core.game_codes import MARKUP
from translator.core.halves import joined
from translator.core.json_spans import Span
from translator.core.json_texts import (
    JsonFile,
    LaterSegments,
    Steps,
    array_or_none,
    as_key,
    head_objects,
    no_text,
    object_or_none,
    read_json,
    refuse_carriage_return,
    unique_keys,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.loose import guess_role
from translator.core.segment import Segment, quick_segment
from translator.core.splice import Edit
from translator.core.textfile import require_utf8

_ORIGINAL, _TRANSLATION, _STAGE = "original", "translation", "stage"
_UNTRANSLATED, _TRANSLATED, _DISPUTED, _HIDDEN = 0, 1, 2, -1
_MEMBER = re.compile(r'([ \t\r\n]*+)"original"([ \t\r\n]*+:[ \t\r\n]*+)\Z')
"""How the member is written that a translation is to follow."""

_FOLLOWING = re.compile(r"[ \t\r\n]*+,([ \t\r\n]*+)")
_NEAR = 300
"""Characters before a value in which its name and the white space around it are looked for."""

_NOTE = 400
"""Characters of a context that are given along at most."""

_Numbered = tuple[int, Mapping[str, object]]
"""An entry, after its number in the file."""


class ParaTranzDocument:
    """A file of entries."""

    def __init__(self, file: JsonFile) -> None:
        """Raises FormatError."""
        entries = array_or_none(file.value)
        if entries is None:
            raise FormatError("not a list of entries", offset=0)
        self._file = file
        self._entries: list[_Numbered] = []
        self._held: list[HeldBack] = []
        for number, value in enumerate(entries):
            entry = object_or_none(value)
            original = None if entry is None else entry.get(_ORIGINAL)
            if entry is None or not isinstance(original, str) or not original.strip():
                continue
            why = _why(entry, original)
            if why is None:
                self._entries.append((number, entry))
            else:
                self._held.append(HeldBack(as_key(_named(entry, number)), original, why))
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, self._entries))
        self.notices: Sequence[str] = () if self._entries else ("no text: it has no entry that is shown",)
        self.charset: str | None = None

    @cached_property
    def _by_key(self) -> dict[str, _Numbered]:
        return dict(_keyed(self._entries))

    @collector_paused()
    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        stages: dict[Steps, int] = {}
        for key, target in targets.items():
            number, entry = self._by_key[key]
            refuse_carriage_return(key, target)
            old = _held(entry)
            spelled = with_breaks_of(target, old, str(entry[_ORIGINAL]))
            if spelled == old:
                continue
            here = isinstance(entry.get(_TRANSLATION, 0), str | None)
            new[(number, _TRANSLATION if here else _ORIGINAL)] = spelled
            stage = entry.get(_STAGE)
            if stage == _UNTRANSLATED and not old:
                stages[(number, _STAGE)] = _TRANSLATED
            elif stage == _TRANSLATED and not target:
                stages[(number, _STAGE)] = _UNTRANSLATED
        if not new:
            return self._file.blob
        text = self._file.text
        spans = self._file.locate(text, {**new, **stages})
        edits = [self._edit(text, path, span, new[path]) for path, span in spans.items() if path in new]
        edits += [Edit(*spans[path], str(stage)) for path, stage in stages.items()]
        return self._file.spliced(text, edits)

    def _edit(self, text: str, path: Steps, span: Span, new: str) -> Edit:
        """The edit that puts a translation into its place, or as a new member after the original."""
        spelled = self._file.spelled(new, text[slice(*span)])
        if path[1] == _TRANSLATION:
            return Edit(*span, spelled)
        written = _MEMBER.search(text, max(0, span.start - _NEAR), span.start)
        space, colon = written.groups() if written else (" ", ": ")
        following = _FOLLOWING.match(text, span.end)
        space = space if following is None else following[1]
        return Edit(span.end, span.end, f',{space}"{_TRANSLATION}"{colon}{spelled}')

    def held_back(self) -> Iterator[HeldBack]:
        """Hidden entries, and originals without a letter."""
        yield from self._held


def _held(entry: Mapping[str, object]) -> str:
    """The translation that an entry has, as it stands."""
    value = entry.get(_TRANSLATION)
    return value if isinstance(value, str) else ""


def _named(entry: Mapping[str, object], number: int) -> str:
    """What an entry is called: by its key, else by its place."""
    key = entry.get("key")
    name = "" if key is None or isinstance(key, dict | list) else str(key)
    return name if name.strip() else f"entry {number}"


def _why(entry: Mapping[str, object], original: str) -> str | None:
    """Why an entry is none to translate."""
    if entry.get(_STAGE) == _HIDDEN:
        return "hidden: ParaTranz exports the original"
    if isinstance(entry.get(_TRANSLATION), dict | list | int | float):
        return "its translation is no text"
    return no_text(original)


def _notes(entry: Mapping[str, object]) -> tuple[str, ...]:
    """What an entry says beside its text."""
    context = entry.get("context")
    notes = [joined(unified_breaks(context).strip()[:_NOTE])] if isinstance(context, str) and context.strip() else []
    if entry.get(_STAGE) == _DISPUTED:
        notes.append("the translation is disputed")
    return tuple(notes)


def _keyed(entries: Sequence[_Numbered]) -> Iterator[tuple[str, _Numbered]]:
    """Entries with their keys."""
    names = (_named(entry, number) for number, entry in entries)
    return zip(unique_keys(names), entries, strict=True)


def _segments(entries: Sequence[_Numbered]) -> Iterator[Segment]:
    for key, (_, entry) in _keyed(entries):
        source, held = unified_breaks(str(entry[_ORIGINAL])), _held(entry)
        target = unified_breaks(held) if held else None
        yield quick_segment(key, source, guess_role(source), "", None, target, _notes(entry))


class ParaTranzFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="paratranz",
        title="ParaTranz entries (JSON)",
        family=Family.EXCHANGE,
        patterns=("*.json",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:  # noqa: ARG002  the content tells
        """CERTAIN, whatever the name, for a list of objects with an `original` and a `key` or a `translation` each."""
        entries = head_objects(head)
        ours = all(
            isinstance(entry.get(_ORIGINAL), str) and ("key" in entry or _TRANSLATION in entry) for entry in entries
        )
        return Confidence.CERTAIN if entries and ours else Confidence.NONE

    @collector_paused()
    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "ParaTranz' JSON is UTF-8")
        return ParaTranzDocument(read_json(blob))


FORMAT: Format = ParaTranzFormat()
