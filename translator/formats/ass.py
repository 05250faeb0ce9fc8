r"""Advanced SubStation Alpha and SubStation Alpha v4 subtitles: the text of one `Dialogue:` event is one segment.

Sections may come in any order. In `[Events]` the `Format:` line says which columns an event has (without one, those
of the standard); the text is the last and may hold commas. All else stays as it is: script info, styles, fonts and
graphics (whose lines may look like headers), Aegisub's own sections, `Comment:` and `Picture:` events, `;` lines.

`\N` is the end of a line. `\n` (an end only where a style says so), `\h` (a fixed space), override blocks and
comments in braces, and drawings (`{\p1}m 0 0 l 9 9{\p0}`) are markup. Blocks and drawings before the first word are
no part of the text, so that a sign that moves from picture to picture is one text; a translation that itself begins
with a block gets an empty one (`{}`) before it.

Held back: comments, drawings, lines that karaoke scripts made (effect `fx`), and karaoke whose syllables are timed
one by one (`{\k20}sa{\k30}ku`): a translation has other syllables, and the audience sings the original. A line with
one such code in front is text.

The speaker is the column Name (Actor), where it is one: not where it is the name of the style or a word for what a
line is (sign, text, note, OP, fx …), has no letter, or the line is placed by hand. Lines placed by hand (`\pos`,
`\move`, `\clip`) or named a sign (by name or style) are descriptions: they keep their lines. So does a text whose
further lines begin with a block (a second language). All others have the room of `translator.core.cues`, with scenes
as there.

Keys: `<start> <style>` (`0:00:01.00 Default`), and `#2` … for further events of both.

A target is refused that is empty, has a line break in itself (`\N`), or would be read as something else.

Setting `join` = "1": events of one style and speaker that are one sentence are one segment, but lines of songs (OP, ED)
(`translator.core.cue_document`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import ClassVar, NamedTuple

import regex

from translator.core.charset import CHARSETS, detect, looks_binary
from translator.core.cue_document import CueDocument, Reading
from translator.core.cues import Cue, Keys
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.lines import read_lines
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.textfile import Place, choose_output

_CODED = frozenset(("fonts", "graphics"))
_SECTIONS = _CODED | {"script info", "v4 styles", "v4+ styles", "v4++ styles", "events"}
_STANDARD = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text")
_EVENT = regex.compile(r"[\s\ufeff]*+(Dialogue|Comment)\s*+:[ \t]*+", regex.IGNORECASE)
_USUAL = "Dialogue: "
_FORMAT = regex.compile(r"[\s\ufeff]*+Format\s*+:(.*+)", regex.IGNORECASE)
_TIME = regex.compile(r"\s*+(-?)(\d++):(\d++):(\d++)(?:[.,:](\d++))?\s*+")
# A block ends at the first }; after so many {, what was no block is looked at again from the next.
_BLOCK = r"\{[^{}\n]*+(?:\{[^{}\n]*+){0,3}\}"
_CLOSED = r"\{(?=[^{}\n]*+\})"
_DRAWN = (
    rf"{_CLOSED}[^{{}}\n]*\\p[1-9][^{{}}\n]*+\}}"
    rf"(?:[^{{\n]++|{_CLOSED}(?![^{{}}\n]*\\p0)[^{{}}\n]*+\}}|\{{(?![^{{}}\n]*+\}}))*+"
)
_DRAWING = regex.compile(_DRAWN)
_LEAD = regex.compile(rf"(?:{_DRAWN}|{_BLOCK})*+")
_GUARD = "{}"
_PEN = regex.compile(r"\\p(\d)")
_ANY_BLOCK = regex.compile(_BLOCK)
_TIMED = regex.compile(r"\\[kK][fot]?\d")
_UNSEEN = frozenset(("", "{", "\\", " ", "\t", "\u3000", "\u00a0"))
_WORD = regex.compile(r"\w")
_PLACED = regex.compile(r"\\(?:pos|move|clip|iclip|org)\s*+\(")
_BESIDE = regex.compile(rf"\\N{_CLOSED}[^{{}}\n]*?\\")
_NOT_SAID = frozenset(
    regex.split(
        " ",
        "sign signs text title titles note notes tn caption screen staff credit credits op ed song songs lyric lyrics "
        "kara karaoke fx shad shadow motion mask bg eng jpn jp cn chs cht chi top bottom up down left right main "
        "default none ntp 字幕 注释 注釋 標題 标题 歌词 歌詞 屏幕字 テロップ タイトル 看板",
    )
)
_SIGNS = frozenset(("sign", "signs", "text", "title", "titles", "屏幕字", "テロップ", "看板"))
_SUNG = regex.compile(r"(?i)(?:op|ed|song|lyrics?|kara(?:oke)?|insert)(?![a-z])")

MARKUP = MarkupSyntax(
    (
        MarkupRule(_DRAWN),
        MarkupRule(r"\{\\[ibus]1\}", Fate.OPEN),
        MarkupRule(r"\{\\[ibus]0\}", Fate.CLOSE),
        MarkupRule(_BLOCK),
        MarkupRule(r"\\n"),
        MarkupRule(r"\\h", cells=1),
    )
)
"""Override blocks, comments in braces and drawings, all of which stay; italics and the like are pairs."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns of an event are that are looked at; -1 for one that there is not."""

    count: int
    text: int
    start: int
    end: int
    style: int
    name: int
    effect: int

    @staticmethod
    def of(names: Sequence[str]) -> "_Columns | None":
        named = {name.strip().lower(): at for at, name in enumerate(names)}
        if "text" not in named:
            return None
        name = named.get("name", named.get("actor", -1))
        start, end, style, effect = (named.get(column, -1) for column in ("start", "end", "style", "effect"))
        return _Columns(len(names), named["text"], start, end, style, name, effect)


class _Event(NamedTuple):
    """An event: its line, whether it is shown, its columns, and where its text stands in the line."""

    line: int
    shown: bool
    columns: _Columns
    values: Sequence[str]
    at: int
    text: str

    def value(self, column: int) -> str:
        return self.values[column].strip() if 0 <= column < len(self.values) else ""


def _events(lines: Sequence[str]) -> Iterator[_Event]:
    section = ""
    columns = standard = _Columns.of(_STANDARD)
    for number, line in enumerate(lines):
        if "[" in line and (found := line.strip("\ufeff \t")).startswith("[") and found.endswith("]"):
            name = found[1:-1].strip().lower()
            if name in _SECTIONS or section not in _CODED:
                section, columns = name, standard
            continue
        if section != "events":
            continue
        usual = line.startswith(_USUAL)
        event = None if usual else _EVENT.match(line)
        if event is None and not usual:
            listed = _FORMAT.fullmatch(line)
            columns = _Columns.of(listed[1].split(",")) if listed else columns
            continue
        if columns is None:
            continue
        values = (line[event.end() :] if event else line[len(_USUAL) :]).split(",", columns.count - 1)
        if len(values) < columns.count:
            continue
        text = values[columns.text]
        behind = sum(map(len, values[columns.text + 1 :])) + columns.count - columns.text - 1
        shown = event is None or event[1].lower() == "dialogue"
        yield _Event(number, shown, columns, values, len(line) - behind - len(text), text)


def _silent(event: _Event, words: str) -> str | None:
    """Why a text that an event has is not offered; None where it is. words: the text behind its first blocks."""
    if not event.shown:
        return "comment"
    if event.columns.effect >= 0 and event.value(event.columns.effect).lower() == "fx":
        return "made by a karaoke script"
    text = event.text
    if "{" not in text:
        return None
    if _is_blank(words):
        return "drawing" if _DRAWING.search(text) else None
    if ("\\k" in text or "\\K" in text) and _syllables(text) > 1:
        return "karaoke, timed by syllables"
    return None


def _is_blank(words: str) -> bool:
    """Whether nothing is seen of a text."""
    if words[:1] not in _UNSEEN:
        return False  # the usual case, told at once
    return not MARKUP.plain(words).replace("\\N", "").strip()


def _syllables(text: str) -> int:
    """How many runs of words have a time of their own."""
    count, timed, at = 0, False, 0
    for block in _ANY_BLOCK.finditer(text):
        if timed and _WORD.search(text, at, block.start()):
            count, timed = count + 1, False
        timed = timed or _TIMED.search(block[0]) is not None
        at = block.end()
    return count + (timed and _WORD.search(text, at) is not None)


def _lead(text: str) -> tuple[int, int]:
    """Where the blocks and drawings before the words of a text end, and where the words begin: behind the empty block
    that parts them where the words begin with a block.
    """
    if not text.startswith("{"):
        return 0, 0
    found = _LEAD.match(text)
    end = found.end() if found else 0
    guard = text.find(_GUARD, 0, end)
    while guard > 0 and text[guard - 1] != "}":  # it is the end of a block, or stands in a drawing
        guard = text.find(_GUARD, guard + 1, end)
    drawn = _PEN.findall(text, 0, max(guard, 0))
    if guard < 0 or (drawn and drawn[-1] != "0"):
        return end, end
    behind = guard + len(_GUARD)
    # An empty block that parts nothing from a block belongs to the words.
    block = behind
    while text.startswith(_GUARD, block):
        block += len(_GUARD)
    return guard, behind if block < end else guard


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The texts of all events that are shown."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    keys = Keys()
    for event in _events(lines):
        if not event.shown:
            continue
        columns, text = event.columns, event.text
        start, style, name = event.value(columns.start), event.value(columns.style), event.value(columns.name)
        key = keys.of(f"{start} {style}")
        begin, end = _seconds(start), _seconds(event.value(columns.end))
        sort = _sort(style, name)
        placed = "(" in text and _PLACED.search(text) is not None
        speaker = None if placed else sort.speaker
        lead, begins = _lead(text) if text.startswith("{") else (0, 0)
        words = text[begins:] if begins else text
        if _silent(event, words) is not None or _is_blank(words):
            yield Cue(key, begin, end, speaker=speaker, track=None, framed=True)
            continue
        sign = placed or sort.sign
        place = Place(event.line, event.line, event.at + lead, len(lines[event.line]) - event.at - len(text))
        framed = sign or ("\\N{" in words and _BESIDE.search(words) is not None)
        role = Role.DESCRIPTION if sign else Role.DIALOGUE
        track = None if sign or sort.sung else style
        yield Cue(key, begin, end, words.replace("\\N", "\n"), place, role, speaker, track, framed=framed)


class _Sort(NamedTuple):
    """What the style and the name of an event say: who speaks, and whether it is a sign or sung."""

    speaker: str | None
    sign: bool
    sung: bool


@lru_cache(maxsize=1024)
def _sort(style: str, name: str) -> _Sort:
    sign = not _SIGNS.isdisjoint((name.lower(), style.lower())) or "sign" in style.lower()
    sung = _SUNG.match(style) is not None or _SUNG.match(name) is not None
    return _Sort(name if _is_speaker(name, style) else None, sign, sung)


def _is_speaker(name: str, style: str) -> bool:
    lower = name.lower()
    return lower not in _NOT_SAID and lower != style.lower() and any(c.isalpha() for c in name) and "=" not in name


@lru_cache(maxsize=8192)
def _seconds(time: str) -> float:
    found = _TIME.fullmatch(time)
    if found is None:
        return 0.0
    whole = int(found[2][:9]) * 3600 + int(found[3][:9]) * 60 + int(found[4][:9]) + float(f"0.{found[5] or 0}")
    return -whole if found[1] else whole


def _spelled(cue: Cue, text: str) -> str:
    """A text as it stands in an event, parted by an empty block from those before it where it begins with one."""
    del cue
    raw = text.replace("\n", "\\N")
    return raw if _lead(raw)[1] == 0 else _GUARD + raw


def _objection(_source: str, target: str) -> str | None:
    return f"it has an end of a line in itself: {target[:60]!r}" if "\\N" in target else None


_READING = Reading(MARKUP, _cues, _spelled, _objection, "no text: no event shows any", blanks=True)


class AssDocument(CueDocument):
    """A file in Advanced SubStation Alpha."""

    def held_back(self) -> Iterator[HeldBack]:
        """Comments, drawings and karaoke."""
        keys = Keys()
        for event in _events(self.lines):
            key = f"{event.value(event.columns.start)} {event.value(event.columns.style)}"
            place = keys.of(key) if event.shown else f"line {event.line + 1}"
            reason = _silent(event, event.text[_lead(event.text)[1] :])
            if reason is not None and event.text.strip():
                yield HeldBack(place, event.text, reason)


def _is_events(line: str) -> bool:
    return line.strip("\ufeff \t").lower() == "[events]"


class AssFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="ass",
        title="SubStation Alpha subtitles",
        family=Family.SUBTITLE,
        patterns=("*.ass", "*.ssa"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with one of the format's sections, MAYBE for any other of it that is text."""
        if name.suffix.lower() not in (".ass", ".ssa"):
            return Confidence.NONE
        charset = detect(head, whole=False)
        if charset is None:
            return Confidence.NONE if looks_binary(head) else Confidence.MAYBE
        text = head.decode(charset, "ignore").lower()
        seen = any(f"[{section}]" in text for section in ("script info", "events", "v4 styles", "v4+ styles"))
        return Confidence.CERTAIN if seen else Confidence.MAYBE

    def open(self, blob: bytes, *, options: FormatOptions) -> AssDocument:
        """Read subtitles; raises FormatError for a file in another charset, or without events."""
        lines = read_lines(blob, charset=options.charset)
        if not any("[" in line.text and _is_events(line.text) for line in lines.lines):
            start = next((line.start for line in lines.lines if line.text.strip()), 0)
            raise FormatError("no section [Events] is found; is it a subtitle file?", offset=start)
        return AssDocument(lines, choose_output(lines, options), _READING, options)


FORMAT = AssFormat()
