"""SubRip subtitles: the text of one cue is one segment, its lines separated by line feeds.

A cue starts at a line with times (`00:01:02,500 --> 00:01:04,000`; also with a full stop, without hours, with
coordinates after them) and the line of digits right above it, if there is one; its text goes on to the next cue, less
the blank lines around it. Blank lines inside it belong to it. Cues without text, and all that stands before the first
cue, are kept as they are. Numbers, times and line ends never change; a line that is added takes the line end of the
one above it.

Keys: the start time as the file has it, and `#2` … for further cues at the same time. Scenes part where nothing is
shown for 8 seconds.

Limits: 2 lines (or as many as the source has) of 42 half-width columns, 36 for a target language that is written in
full-width characters, or as wide as the source. Lines may be wrapped anew unless each begins with a dash (several
people speak).

A target with blank lines is refused where its source has none, since players end a cue at one; so are an
empty target, one with a carriage return or a zero byte, and one that would be read as another cue.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS, detect, looks_binary
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, RefusedTargetError
from translator.core.lines import Lines, read_lines
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.scripts import width
from translator.core.segment import Limits, Role, Segment
from translator.core.textfile import Output, Place, choose_output, replaced, text_at, write

_TIME = r"(?:(?P<{0}h>\d{{1,3}}):)?(?P<{0}m>\d{{1,2}}):(?P<{0}s>\d{{1,2}})(?:[,.:](?P<{0}f>\d{{1,3}}))?"
_TIMES = regex.compile(
    rf"[\s\ufeff]*(?P<start>{_TIME.format('a')})\s*-{{1,3}}>\s*(?P<end>{_TIME.format('b')})(?P<rest>(?:\s.*)?)"
)
_NUMBER = regex.compile(r"[\s\ufeff]*\d+\s*")
_PAUSE = 8.0
_COLUMNS, _COLUMNS_FULL_WIDTH, _LINES = 42, 36, 2
_FULL_WIDTH_LANGUAGES = frozenset({"ja", "zh-CN", "zh-TW", "ko"})
_DASHES = ("-", "–", "—", "‐", "－", "―")

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"</[A-Za-z][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<(?:[ibu]|s|font|ruby|rt|rp|c|v|lang)(?:[.\s][^<>\n]*)?>", Fate.OPEN),
        MarkupRule(r"<[A-Za-z!/][^<>\n]*>"),
        MarkupRule(r"\{\\[^{}\n]*\}"),
        MarkupRule(r"\{[A-Za-z]:[^{}\n]*\}"),
        MarkupRule(r"\\[Nnh]"),
        MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
    )
)
"""Tags (paired), positions and other codes in braces, and entities, which all stay."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue: its key, its times in seconds, and the lines of its text (`last` before `first` if it has none)."""

    key: str
    start: float
    end: float
    first: int
    last: int


def _seconds(match: "regex.Match[str]", part: str) -> float:
    """One of the two times of a line with times."""
    hours, minutes, seconds = (int(match[part + unit] or 0) for unit in "hms")
    return hours * 3600 + minutes * 60 + seconds + float(f"0.{match[part + 'f'] or 0}")


def _cues(lines: Sequence[str]) -> Iterator[_Cue]:
    """The cues of a file's lines, those without text included."""
    timed = [(i, match) for i, line in enumerate(lines) if "->" in line and (match := _TIMES.fullmatch(line))]
    seen: Counter[str] = Counter()
    for n, (at, match) in enumerate(timed):
        stop = len(lines)
        if n + 1 < len(timed):
            stop = timed[n + 1][0]
            stop -= stop - 1 > at and _NUMBER.fullmatch(lines[stop - 1]) is not None
        first, last = at + 1, stop - 1
        while first <= last and not lines[first].strip():
            first += 1
        while last >= first and not lines[last].strip():
            last -= 1
        start = match["start"]
        seen[start] += 1
        key = start if seen[start] == 1 else f"{start}#{seen[start]}"
        yield _Cue(key, _seconds(match, "a"), _seconds(match, "b"), first, last)


def _limits(source: str, target_language: str | None) -> Limits:
    lines = source.split("\n")
    usual = _COLUMNS_FULL_WIDTH if target_language in _FULL_WIDTH_LANGUAGES else _COLUMNS
    columns = max(usual, *(width(MARKUP.plain(line)) for line in lines))
    speakers = len(lines) > 1 and all(MARKUP.plain(line).lstrip().startswith(_DASHES) for line in lines)
    return Limits(columns=columns, lines=max(_LINES, len(lines)), wrap=not speakers and "\n\n" not in source)


class SrtDocument:
    """A subtitle file."""

    def __init__(self, lines: Lines, output: Output, target_language: str | None) -> None:
        self._read = lines
        self._output = output
        self._texts = [line.text for line in lines.lines]
        self._places: dict[str, Place] = {}
        segments: list[Segment] = []
        scene, shown_until = 1, None
        for cue in _cues(self._texts):
            if shown_until is not None and cue.start - shown_until > _PAUSE:
                scene += 1
            shown_until = max(shown_until or 0.0, cue.end)
            if cue.first > cue.last:
                continue
            place = Place(cue.first, cue.last)
            source = text_at(lines.lines, place)
            self._places[cue.key] = place
            segments.append(
                Segment(cue.key, source, Role.DIALOGUE, str(scene), limits=_limits(source, target_language))
            )
        self._keys = [cue.key for cue in _cues(self._texts)]
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = output.notices if segments else (*output.notices, "no text: no cue has any")
        self.charset: str | None = output.charset

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        for key, target in targets.items():
            self._check(key, target)
        blob = write(self._read, self._places, targets, self._output)
        self._check_read_back(targets)
        return blob

    def _check(self, key: str, target: str) -> None:
        source = text_at(self._read.lines, self._places[key])
        if "\r" in target or "\0" in target:
            raise RefusedTargetError(key, "a cue cannot hold a carriage return or a zero byte")
        if _has_blank(target) and not _has_blank(source):
            raise RefusedTargetError(key, f"a blank line would end the cue: {target[:60]!r}")

    def _check_read_back(self, targets: Mapping[str, str]) -> None:
        if not targets:
            return
        texts: list[str] = []
        position = 0
        for key, place in sorted(self._places.items(), key=lambda item: item[1].first):
            texts += self._texts[position : place.first]
            new = targets.get(key)
            texts += (
                self._texts[place.first : place.last + 1]
                if new is None
                else [text for text, _ in replaced(self._read.lines, place, new)]
            )
            position = place.last + 1
        texts += self._texts[position:]
        again = {cue.key: cue for cue in _cues(texts)}
        for key in self._places:
            cue = again.get(key)
            if key in targets and (cue is None or "\n".join(texts[cue.first : cue.last + 1]) != targets[key]):
                raise RefusedTargetError(key, f"{targets[key][:60]!r} would not be read as the text of this cue")
        if list(again) != self._keys:
            raise RefusedTargetError(next(key for key in self._places if key in targets), "with it, cues would change")


def _has_blank(text: str) -> bool:
    return any(not line.strip() for line in text.split("\n"))


class SrtFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="srt",
        title="SubRip subtitles",
        family=Family.SUBTITLE,
        patterns=("*.srt",),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with a cue in it, MAYBE if its charset must be told or no cue is seen."""
        if name.suffix.lower() != ".srt":
            return Confidence.NONE
        charset = detect(head, whole=False)
        if charset is None:
            return Confidence.NONE if looks_binary(head) else Confidence.MAYBE
        text = head.decode(charset, "ignore")
        seen = any("->" in line and _TIMES.fullmatch(line) for line in regex.split(r"\r\n|\n|\r", text))
        return Confidence.CERTAIN if seen else Confidence.MAYBE

    def open(self, blob: bytes, *, options: FormatOptions) -> SrtDocument:
        """Read subtitles; raises FormatError for a file in another charset, or without any cue."""
        lines = read_lines(blob, charset=options.charset)
        if not any("->" in line.text and _TIMES.fullmatch(line.text) for line in lines.lines):
            start = next((line.start for line in lines.lines if line.text.strip()), 0)
            raise FormatError(
                "no cue is found: a line such as 00:00:01,000 --> 00:00:02,500 starts one; is it a subtitle file?",
                offset=start,
            )
        return SrtDocument(lines, choose_output(lines, options), options.target_language)


FORMAT = SrtFormat()
