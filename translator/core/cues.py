"""What subtitle formats share: cues, their times, scenes and the room that their texts have.

A cue is a text with the time at which it is shown. A format's module finds the cues of a file's lines;
`translator.core.cue_document` makes segments of them and writes them back, `translator.core.cue_joins` finds those that
are one sentence, `translator.core.cue_split` parts a translation again.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

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


class Cue(NamedTuple):
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
    time, hours, minutes, whole, fraction = match.group(*_PARTS[part])
    found = int(minutes) * 60 + int(whole)
    if hours:
        found += int(hours) * 3600
    exact = found + int(fraction) / 10 ** len(fraction) if fraction else float(found)
    return -exact if time[0] == "-" else exact


_PARTS = {"a": ("start", "ah", "am", "as", "af"), "b": ("end", "bh", "bm", "bs", "bf")}


class Keys:
    """Gives each cue a key: its own name (a time), and `#2` … for further ones of that name."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, name: str) -> str:
        """The key of the next cue of this name."""
        count = self._seen[name] = self._seen.get(name, 0) + 1
        return name if count == 1 else f"{name}#{count}"


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
    text, columns = cue.text, columns_of(target_language)
    if len(text) * 2 <= columns and "\n" not in text:
        return _room(columns, _LINES, True)  # noqa: FBT003  the cache's key
    lines = text.split("\n")
    # Written so that most texts are not looked at character by character.
    wrap, wide = True, False
    for line in lines:
        if not line or line.isspace():
            wrap = False
        elif len(line) * 2 > columns and width(line) > columns:
            wide = True
    if wide:
        columns = max(columns, *(width(markup.plain(line)) for line in lines))
    if len(lines) > 1 and _ANY_DASH.search(text) and speakers(lines, markup):
        wrap = False
    return _room(columns, max(_LINES, len(lines)), wrap)


@lru_cache(maxsize=256)
def _room(columns: int, lines: int, wrap: bool) -> Limits:  # noqa: FBT001  the cache's key
    return Limits(columns=columns, lines=lines, wrap=wrap)


_ANY_DASH = regex.compile(f"[{''.join(_DASHES)}]")


def speakers(lines: Sequence[str], markup: MarkupSyntax) -> bool:
    """Whether each of several lines is said by somebody else: all begin with a dash."""
    return len(lines) > 1 and all(markup.plain(line).lstrip().startswith(_DASHES) for line in lines)


def has_blank(text: str) -> bool:
    """Whether one of the lines is blank."""
    return any(not line or line.isspace() for line in text.split("\n"))
