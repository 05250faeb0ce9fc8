"""Lists of texts and lists of pairs, in JSON."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, cast

from translator.core.collecting import SINGLE
from translator.core.collector import collector_paused
from translator.core.document import FormatError, HeldBack, RefusedTargetError
from translator.core.json_texts import (
    JsonFile,
    LaterSegments,
    Steps,
    array_or_none,
    as_speaker,
    no_text,
    object_or_none,
    refuse_carriage_return,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.loose import said_or_told
from translator.core.segment import NO_LIMITS, Role, Segment, quick_segment

NAME_AND_TEXT = 2
"""How many pairs an object has that tells a speaker."""


class _Half(NamedTuple):
    """A text of a list: how to get to it, what it says, and what stands where a translation is written."""

    path: Steps
    source: str
    held: str
    role: Role | None = None
    speaker: str | None = None

    @property
    def target(self) -> str | None:
        """Its translation, where the file has room for one beside it."""
        return None if len(self.path) == 1 or self.held in ("", self.source) else self.held


class ListDocument:
    """A list of texts, or of objects of pairs."""

    @collector_paused()
    def __init__(self, file: JsonFile) -> None:
        """Raises FormatError."""
        entries = array_or_none(file.value)
        if entries is None:
            raise FormatError("not a list of texts or of pairs", offset=0)
        self._file = file
        self._held: list[HeldBack] = []
        self._halves: dict[str, _Half] = {}
        for number, entry in enumerate(entries):
            if not isinstance(entry, str):
                self._take(number, object_or_none(entry) or {})
            elif entry.strip():
                self._halves[str(number)] = _Half((number,), entry, entry)
        self.segments: Sequence[Segment] = LaterSegments(partial(_segments, self._halves))
        self.notices: Sequence[str] = () if self._halves else ("no text: its texts have no letters",)
        self.charset: str | None = None

    def _take(self, number: int, pairs: Mapping[str, object]) -> None:
        """Take the texts of an object: its first one is a name where it has two."""
        speaker = next(iter(pairs)) if len(pairs) == NAME_AND_TEXT else None
        for place, (source, value) in enumerate(pairs.items()):
            key = f"{number}.{place}" if len(pairs) > 1 else str(number)
            why = no_text(source) if isinstance(value, str) else "its value is no text"
            if why is None:
                named = speaker is not None and place == 0
                role = Role.NAME if named else Role.DIALOGUE if speaker is not None else None
                self._halves[key] = _Half(
                    (number, source), source, cast("str", value), role, None if named else speaker
                )
            elif source.strip():
                self._held.append(HeldBack(key, source, why))

    @collector_paused()
    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[Steps, str] = {}
        for key, target in targets.items():
            half = self._halves[key]
            refuse_carriage_return(key, target)
            if len(half.path) == 1 and not target.strip():
                raise RefusedTargetError(key, "an empty text would be read as none")
            spelled = with_breaks_of(target, half.target or "", half.source) if target else half.source
            if spelled != half.held:
                new[half.path] = spelled
        return self._file.with_strings(new)

    def held_back(self) -> Iterator[HeldBack]:
        """Numbers, signs, links and file names."""
        yield from self._held


def _segments(halves: Mapping[str, _Half]) -> Iterator[Segment]:
    for key, half in halves.items():
        source, target = unified_breaks(half.source), half.target
        yield quick_segment(
            key,
            source,
            half.role or said_or_told(source),
            speaker=None if half.speaker is None else as_speaker(half.speaker),
            target=None if target is None else unified_breaks(target),
            limits=SINGLE if half.role is Role.NAME and "\n" not in source else NO_LIMITS,
            binding="name" if half.role is Role.NAME else None,
        )
