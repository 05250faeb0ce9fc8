"""What subtitle formats share: cues, their times, scenes and the room that their texts have.

A cue is a text with the time at which it is shown. A format's module finds the cues of a file's lines;
`translator.core.cue_document` makes segments of them and writes them back, `translator.core.cue_joins` finds those that
are one sentence, `translator.core.cue_split` parts a translation again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from translator.core.markup import MarkupSyntax
from translator.core.scripts import width
from translator.core.segment import NO_LIMITS, Limits, Role
from translator.core.textfile import Place

PAUSE = 8.0
"""Seconds without any text after which a new scene begins."""
_COLUMNS, _COLUMNS_FULL_WIDTH, _LINES = 42, 36, 2
_FULL_WIDTH_LANGUAGES = frozenset({"ja", "zh-CN", "zh-TW", "ko"})
_DASHES = ("-", "–", "—", "‐", "－", "―")

_TIME = r"-?(?:(?P<{0}h>\d{{1,4}}):)?(?P<{0}m>\d{{1,3}}):(?P<{0}s>\d{{1,2}})(?:[,.:;](?P<{0}f>\d{{1,9}}))?"
TIMES = regex.compile(
    rf"[\s\ufeff]*+(?P<start>{_TIME.format('a')})\s*+-{{1,3}}>\s*+(?P<end>{_TIME.format('b')})(?P<rest>(?:\s.*+)?)"
)
"""A line with the times of a cue, in the spellings that players take: full stops or commas, without hours, with one
arrow or another, below zero, with settings or coordinates behind."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of a file.

    key: names it. start, end: seconds. text: as a segment has it, "" where it has none. place: where that stands in
    the file's lines; None where there is none. track: cues that may hold one sentence have the same; None: this one
    never shares one with another. framed: its lines are placed by hand (a sign, a column of a second language).
    """

    key: str
    start: float
    end: float
    text: str = ""
    place: Place | None = None
    role: Role = Role.DIALOGUE
    speaker: str | None = None
    track: str | None = ""
    notes: tuple[str, ...] = ()
    framed: bool = False
    single: bool = False


def seconds(match: "regex.Match[str]", part: str) -> float:
    """One of the two times (`a`, `b`) of a line that TIMES matches."""
    hours, minutes, whole = (int(match[part + unit] or 0) for unit in "hms")
    found = hours * 3600 + minutes * 60 + whole + float(f"0.{match[part + 'f'] or 0}")
    return -found if match["start" if part == "a" else "end"].startswith("-") else found


@dataclass(slots=True)
class Keys:
    """Gives each cue a key: its own name (a time), and `#2` … for further ones of that name."""

    _seen: Counter[str]

    def __init__(self) -> None:
        self._seen = Counter()

    def of(self, name: str) -> str:
        """The key of the next cue of this name."""
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}#{self._seen[name]}"


def scenes(cues: Sequence[Cue]) -> Iterator[str]:
    """The scene of each cue: it parts where nothing is shown for PAUSE, and where a file goes back by as much in time
    (it begins anew, with signs or in another language). What is placed by hand does not bridge a pause.
    """
    scene, shown_until, before = 1, None, None
    for cue in cues:
        if before is not None and shown_until is not None:
            back = before - cue.start > PAUSE
            if back or cue.start - shown_until > PAUSE:
                scene += 1
            if back:
                shown_until = None
        before = cue.start
        until = cue.start if cue.framed else cue.end
        shown_until = until if shown_until is None else max(shown_until, until)
        yield str(scene)


def columns_of(target_language: str | None) -> int:
    """The half-width columns that a line of a cue has in a language."""
    return _COLUMNS_FULL_WIDTH if target_language in _FULL_WIDTH_LANGUAGES else _COLUMNS


def limits_of(cue: Cue, markup: MarkupSyntax, target_language: str | None) -> Limits:
    """The room that a cue has: 2 lines (or as many as its own) of the language's columns (or as wide as its own).

    Lines may be wrapped anew unless each begins with a dash (several people speak), or there are blank ones. What is
    placed by hand keeps its lines, however wide they become.
    """
    if cue.single:
        return Limits(single=True)
    if cue.framed:
        return NO_LIMITS
    lines = cue.text.split("\n")
    if len(lines) == 1 and len(cue.text) * 2 <= _COLUMNS_FULL_WIDTH:
        return _usual(columns_of(target_language))
    columns = max(columns_of(target_language), *(width(markup.plain(line)) for line in lines))
    return Limits(
        columns=columns, lines=max(_LINES, len(lines)), wrap=not (speakers(lines, markup) or has_blank(cue.text))
    )


def _usual(columns: int) -> Limits:
    return _FULL if columns == _COLUMNS_FULL_WIDTH else _HALF


_HALF = Limits(columns=_COLUMNS, lines=_LINES, wrap=True)
_FULL = Limits(columns=_COLUMNS_FULL_WIDTH, lines=_LINES, wrap=True)


def speakers(lines: Sequence[str], markup: MarkupSyntax) -> bool:
    """Whether each of several lines is said by somebody else: all begin with a dash."""
    return len(lines) > 1 and all(markup.plain(line).lstrip().startswith(_DASHES) for line in lines)


def has_blank(text: str) -> bool:
    """Whether one of the lines is blank."""
    return any(not line.strip() for line in text.split("\n"))
