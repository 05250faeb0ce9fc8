"""What subtitle formats share: cues, their times, scenes and the room that their texts have.

A cue is a text with the time at which it is shown. A format's module finds the cues of a file's lines;
`translator.core.cue_document` makes segments of them and writes them back, `translator.core.cue_joins` finds those that
are one sentence, `translator.core.cue_split` parts a translation again.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

import regex

from translator.core.markup import MarkupSyntax
from translator.core.scripts import width
from translator.core.segment import Limits, Role
from translator.core.textfile import Place

PAUSE = 8.0
"""Seconds without any text after which a new scene begins."""
_COLUMNS, _COLUMNS_FULL_WIDTH, _LINES = 42, 36, 2
_FULL_WIDTH_LANGUAGES = frozenset({"ja", "zh-CN", "zh-TW", "ko"})
_DASHES = ("-", "–", "—", "‐", "－", "―")

_TIME = r"-?(?:(?P<{0}h>\d{{1,4}}):\s?)?(?P<{0}m>\d{{1,3}}):\s?(?P<{0}s>\d{{1,2}})(?:[,.:;]\s?(?P<{0}f>\d{{1,9}}))?"
TIMES = regex.compile(
    rf"[\s\ufeff]*+(?P<start>{_TIME.format('a')})\s*+[-–—]{{1,3}}>\s*+(?P<end>{_TIME.format('b')})(?P<rest>(?:\s.*+)?)"
)
"""A line with the times of a cue, in the spellings that players take, or that editors and translating machines make of
them: full stops or commas, without hours, with one arrow or another (`—>`), with spaces (`00: 00: 01, 500`), below
zero, with settings or coordinates behind."""


class Cue(NamedTuple):
    """A cue of a file.

    key: names it. start, end: seconds. text: as a segment has it, "" where it has none. first, last, before, after:
    its place in the file's lines; first is -1 where there is none. track: cues that may hold one sentence have the
    same; None: this one never shares one with another. framed: its lines are placed by hand (a sign, a column of a
    second language). raw: the text as the file spells it, with what stands before it; "" where it
    is the text.
    """

    key: str
    start: float
    end: float
    text: str = ""
    first: int = -1
    last: int = -1
    before: int = 0
    after: int = 0
    role: Role = Role.DIALOGUE
    speaker: str | None = None
    track: str | None = ""
    notes: tuple[str, ...] = ()
    framed: bool = False
    single: bool = False
    raw: str = ""

    @property
    def place(self) -> Place | None:
        """Where the text stands; None where there is none."""
        return Place(self.first, self.last, self.before, self.after) if self.first >= 0 else None


def usual_seconds(time: str) -> float | None:
    """A time as most are spelled (`00:01:02,500`, `0:01:02.50`); None for any other."""
    head, _, tail = time.rpartition(":")
    minutes, whole, fraction = _minutes(head), _WHOLE.get(tail[:2]), _fraction(tail[2:])
    return None if minutes is None or whole is None or fraction is None else minutes + whole + fraction


_WHOLE = {f"{second:02d}": second for second in range(100)}


# Most times of a file are new, but not their parts.
@lru_cache(maxsize=1024)
def _minutes(head: str) -> int | None:
    """The seconds of hours and minutes."""
    found = _HEAD.fullmatch(head)
    return int(found[1]) * 3600 + int(found[2]) * 60 if found else None


@lru_cache(maxsize=2048)
def _fraction(tail: str) -> float | None:
    """What stands behind the whole seconds."""
    found = _TAIL.fullmatch(tail)
    return float(f"0.{found[1]}") if found else None


_HEAD = regex.compile(r"([0-9]{1,4}):([0-9]{1,4})")
_TAIL = regex.compile(r"[.,]([0-9]{1,9})")


def seconds(match: "regex.Match[str]", part: str) -> float:
    """One of the two times (`a`, `b`) of a line that TIMES matches."""
    time = match["start" if part == "a" else "end"]
    usual = usual_seconds(time)
    if usual is not None:
        return usual
    hours, minutes, whole, fraction = match.group(*_PARTS[part])
    found = int(minutes) * 60 + int(whole)
    if hours:
        found += int(hours) * 3600
    exact = found + int(fraction) / 10 ** len(fraction) if fraction else float(found)
    return -exact if time[0] == "-" else exact


_PARTS = {"a": ("ah", "am", "as", "af"), "b": ("bh", "bm", "bs", "bf")}


def scenes(cues: Sequence[Cue]) -> Iterator[str]:
    """The scene of each cue: it parts where nothing is shown for PAUSE, and where a file goes back by as much in time
    (it begins anew, with signs or in another language). What is placed by hand does not bridge a pause.
    """
    number, scene = 0, ""
    before, shown_until = inf, inf
    for cue in cues:
        start = cue.start
        until = start if cue.framed else cue.end
        if before - start > PAUSE:
            number += 1
            scene, shown_until = str(number), until
        elif start - shown_until > PAUSE:
            number += 1
            scene, shown_until = str(number), max(shown_until, until)
        elif until > shown_until:
            shown_until = until
        before = start
        yield scene


def columns_of(target_language: str | None) -> int:
    """The half-width columns that a line of a cue has in a language."""
    return _COLUMNS_FULL_WIDTH if target_language in _FULL_WIDTH_LANGUAGES else _COLUMNS


def room_of(text: str, markup: MarkupSyntax, columns: int) -> Limits:
    """The room that a cue has: 2 lines (or as many as its own) of the language's columns (or as wide as its own).

    Lines may be wrapped anew unless several people speak in them, or there are blank ones.
    """
    # Written so that most texts are not looked at character by character.
    if len(text) * 2 <= columns and "\n" not in text:
        return _room(columns, _LINES, True)  # noqa: FBT003  the cache's key
    lines = text.split("\n")
    wrap, wide = True, False
    for line in lines:
        if not line or line.isspace():
            wrap = False
        elif len(line) * 2 > columns:
            wide = True
    if wide:
        columns = _widened(lines, markup, columns)
    if wrap and len(lines) > 1 and _MAY_BEGIN.search(text) and speakers(lines, markup):
        wrap = False
    return _room(columns, max(_LINES, len(lines)), wrap)


def _widened(lines: Sequence[str], markup: MarkupSyntax, columns: int) -> int:
    """The columns of lines that may be wider than `columns`."""
    widest, seen = columns, False
    for line in lines:
        cells = width(line) if len(line) * 2 > columns else 0
        if cells > columns:
            plain = markup.plain(line)
            widest = max(widest, cells if plain == line else width(plain))
            seen = seen or not line.isspace()
    return widest if seen else columns


@lru_cache(maxsize=256)
def _room(columns: int, lines: int, wrap: bool) -> Limits:  # noqa: FBT001  the cache's key
    return Limits(columns=columns, lines=lines, wrap=wrap)


ONE_LINE = Limits(single=True)
"""The room of a text whose place holds one line."""


_MAY_BEGIN = re.compile(r"[-–—‐－―>＞≫»♪♫()（）\[\]［］【】〔〕:：]")  # looks twice as fast as regex does
_BEGINS = regex.compile(
    r"\s*+(?:[–—―]|>>|＞＞|[≫»♪♫]|[(（\[［【〔＜][^()（）\[\]［］【】〔〕＜＞]{1,12}+[)）\]］】〕＞])"
)
_LABELLED = regex.compile(r"\s*+[(（\[［【〔＜]|\W*+\p{L}[\p{L}\p{M}\p{N} .'・＝=-]{0,24}+[:：](?!\d|//)")
_CALLED = regex.compile(r"\W*+\p{Lu}[\p{Lu}\p{M}\p{N} .'-]{1,24}+[:：](?!\d|//)")


def speakers(lines: Sequence[str], markup: MarkupSyntax) -> bool:
    """Whether several people speak, each in lines of their own.

    All lines begin with a dash; or a further one begins with a sign that somebody else speaks (–, >>, ♪), a short name
    or sound in brackets (`(咲)`, `[door]`), or a name in capitals and a colon; or the first begins with any name and
    another with one too.
    """
    if len(lines) < 2:  # noqa: PLR2004  nobody speaks after somebody else
        return False
    plain = [markup.plain(line).lstrip() for line in lines]
    if all(line.startswith(_DASHES) for line in plain):
        return True
    labels = _LABELLED.match(plain[0]) is not None
    return any(_BEGINS.match(line) or _CALLED.match(line) or (labels and _LABELLED.match(line)) for line in plain[1:])


def has_blank(text: str) -> bool:
    """Whether one of the lines is blank."""
    return any(not line or line.isspace() for line in text.split("\n"))
