"""Text files: two lines a text, or one text a line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import regex

from translator.core.charset import detect
from translator.core.collecting import SINGLE, Keys
from translator.core.document import HeldBack, RefusedTargetError
from translator.core.json_texts import no_text
from translator.core.loose import said_or_told
from translator.core.segment import NO_LIMITS, Role, Segment
from translator.core.spantext import SpanText
from translator.core.textfile import Output

FLAGS = {"☆": "★", "○": "●", "◇": "◆", "△": "▲", "□": "■", "▽": "▼"}
"""Signs that stand around the number of an original, and those around the number of its translation."""

ORIGINAL = regex.compile(r"([☆○◇△□▽])([\w|.:-]{1,60})\1")
SEEN = 400
"""Lines that are looked at to see what a file is."""

_KINDS = frozenset(("name", "msg", "message", "text", "title", "select", "choice", "标题", "選択肢", "选项"))
"""What some tools write in a name's place: what kind of text follows."""

_BREAK = r"\r\n"
_NAME, _PARTS = 2, 3
"""Which part of a line is the name, where it has one; at how many signs a line is cut, as SExtractor cuts it."""


class _Place(NamedTuple):
    """Where a text stands (characters of the file), what is written there now, and what would part it in two."""

    start: int
    end: int
    held: str
    source: str
    sign: str


class LineDocument:
    """A text file: two lines a text, or one text a line."""

    def __init__(self, text: SpanText, output: Output, *, detected: bool) -> None:
        """detected: nobody told the charset, so it must be told by the bytes of what is written, too."""
        self._text = text
        self._output = output
        self._detected = detected
        self._places: dict[str, _Place] = {}
        self._held: list[HeldBack] = []
        two = any(ORIGINAL.match(line.text) for line in text.read.lines[:SEEN])
        self.segments: Sequence[Segment] = tuple(self._two_lines() if two else self._lines())
        self.charset: str | None = output.charset
        self.notices: Sequence[str] = output.notices or (() if self.segments else ("no text: it has no line with any",))

    def _lines(self) -> Iterator[Segment]:
        """Texts a line. A translation takes the place of its text."""
        at = 0
        for number, line in enumerate(self._text.read.lines, 1):
            if line.text.strip():
                key = f"line {number}"
                self._places[key] = _Place(at, at + len(line.text), line.text, "", "")
                yield Segment(key, line.text, said_or_told(line.text), limits=SINGLE)
            at += len(line.text) + len(line.end)

    def _two_lines(self) -> Iterator[Segment]:
        """Originals, each with its translation below it."""
        keys = Keys()
        at = 0
        original: tuple[str, list[str]] | None = None
        for line in self._text.read.lines:
            start, at = at, at + len(line.text) + len(line.end)
            found = ORIGINAL.match(line.text)
            if found is not None:
                yield from self._alone(original)
                original = (line.text, line.text.split(found[1], _PARTS))
                continue
            flag = original[0][0] if original else ""
            if original is None or not line.text.startswith(FLAGS[flag]):
                continue
            parts = line.text.split(FLAGS[flag], _PARTS)
            if len(parts) == len(original[1]) and parts[1] == original[1][1]:
                yield from self._pair(keys.new(parts[1]), original[1], parts, start, FLAGS[flag])
                original = None
        yield from self._alone(original)

    def _alone(self, original: tuple[str, list[str]] | None) -> Iterator[Segment]:
        """Note an original without a line for its translation."""
        if original is not None and original[1][-1].strip():
            self._held.append(HeldBack(original[1][1], original[1][-1], "no line for its translation"))
        yield from ()

    def _pair(self, key: str, originals: list[str], parts: list[str], start: int, sign: str) -> Iterator[Segment]:
        before = originals[_NAME] if len(originals) > _PARTS and originals[_NAME].strip() else None
        kind, speaker = (before, None) if before in _KINDS else (None, before)
        start += 1 + len(parts[1]) + 1
        for part in range(_NAME, len(parts)):
            end = start + len(parts[part])
            source, held, slot = originals[part], parts[part], part == _NAME and len(parts) > _PARTS
            name = slot if kind is None else kind == "name"
            why = "what kind of text follows" if slot and kind is not None else no_text(source)
            if why is not None and source.strip():
                self._held.append(HeldBack(key, source, why))
            elif why is None:
                named = f"{key}.name" if slot else key
                self._places[named] = _Place(start, end, held, source, sign if slot or len(parts) == _PARTS else "")
                target = None if held in ("", source) else held.replace(_BREAK, "\n")
                text = source.replace(_BREAK, "\n")
                if name:
                    limits = NO_LIMITS if "\n" in text else SINGLE
                    yield Segment(named, text, Role.NAME, target=target, limits=limits, binding="name")
                else:
                    role = said_or_told(text) if speaker is None else Role.DIALOGUE
                    yield Segment(named, text, role, speaker=speaker, target=target)
            start = end + 1

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        for key, target in targets.items():
            place = self._places[key]
            written_out = bool(place.source)
            if (
                "\r" in target
                or "\0" in target
                or (written_out and _BREAK in target)
                or (not written_out and "\n" in target)
            ):
                raise RefusedTargetError(key, "a line holds one text, without zero bytes and line breaks of its own")
            if not written_out and not target.strip():
                raise RefusedTargetError(key, "an empty line would be read as none")
            spelled = target.replace("\n", _BREAK) if target or not written_out else place.source
            if not written_out and ORIGINAL.match(target):
                raise RefusedTargetError(key, "it would be read as one of two lines")
            if place.sign and place.sign in spelled:
                raise RefusedTargetError(key, f"what stands before {place.sign} would be read as a name")
            if spelled != place.held:
                spans[key], new[key] = (place.start, place.end), spelled
        blob = self._text.render(spans, new, self._output)
        charset = self._output.charset
        if new and self._detected and not charset.startswith("utf-") and detect(blob) != charset:
            raise RefusedTargetError(next(reversed(new)), f"the file would not be told to be {charset} any more")
        return blob

    def held_back(self) -> Iterator[HeldBack]:
        """Originals without a place for their translations."""
        yield from self._held
