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
from pathlib import PurePath
from typing import ClassVar

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
_FORMAT = regex.compile(r"[\s\ufeff]*+Format\s*+:(.*+)", regex.IGNORECASE)
_TIME = regex.compile(r"\s*+(-?)(\d++):(\d++):(\d++)(?:[.,:](\d++))?\s*+")
_DRAWN = r"\{[^{}\n]*\\p[1-9][^}\n]*\}(?:[^{\n]++|\{(?![^}\n]*\\p0)[^}\n]*\})*+"
_LEAD = regex.compile(rf"(?:{_DRAWN}|\{{[^}}\n]*+\}})*+")
_GUARD = "{}"
_SYLLABLE = regex.compile(r"\{[^}\n]*\\[kK][fot]?\d[^}\n]*\}(?:\{[^}\n]*+\})*+(?=[^{\n]*\w)")
_PLACED = regex.compile(r"\\(?:pos|move|clip|iclip|org)\s*+\(")
_BESIDE = regex.compile(r"\\N(?:\{[^}\n]*\\[^}\n]*\})")
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
        MarkupRule(r"\{[^}\n]*\}"),
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


@dataclass(frozen=True, slots=True)
class _Event:
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
        event = _EVENT.match(line)
        if event is None:
            listed = _FORMAT.fullmatch(line)
            columns = _Columns.of(listed[1].split(",")) if listed else columns
            continue
        if columns is None:
            continue
        values = line[event.end() :].split(",", columns.count - 1)
        if len(values) < columns.count:
            continue
        at = event.end() + sum(len(value) + 1 for value in values[: columns.text])
        yield _Event(number, event[1].lower() == "dialogue", columns, values, at, values[columns.text])


def _silent(event: _Event) -> str | None:
    """Why a text that an event has is not offered; None where it is."""
    if not event.shown:
        return "comment"
    if event.value(event.columns.effect).lower() == "fx":
        return "made by a karaoke script"
    text = event.text
    if "{" not in text:
        return None
    if not MARKUP.plain(text).strip():
        return "drawing" if "\\p" in text and regex.search(_DRAWN, text) else None
    if "\\k" in text.lower() and len(_SYLLABLE.findall(text)) > 1:
        return "karaoke, timed by syllables"
    return None


def _lead(text: str) -> tuple[int, int]:
    """Where the blocks and drawings before the words of a text end, and where the words begin: behind the empty block
    that parts them where the words begin with a block.
    """
    if not text.startswith("{"):
        return 0, 0
    found = _LEAD.match(text)
    end = found.end() if found else 0
    guard = text.find(_GUARD, 0, end)
    if guard < 0:
        return end, end
    behind = guard + len(_GUARD)
    # An empty block that parts nothing from a block belongs to the words.
    return guard, behind if text.startswith("{", behind) else guard


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The texts of all events that are shown."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    keys = Keys()
    for event in _events(lines):
        if not event.shown:
            continue
        columns = event.columns
        start, style = event.value(columns.start), event.value(columns.style)
        key = keys.of(f"{start} {style}")
        begin, end = _seconds(start), _seconds(event.value(columns.end))
        name = event.value(columns.name)
        placed = _PLACED.search(event.text) is not None
        speaker = name if _is_speaker(name, style) and not placed else None
        if _silent(event) is not None or not MARKUP.plain(event.text).strip():
            yield Cue(key, begin, end, speaker=speaker, track=None, framed=True)
            continue
        lead, begins = _lead(event.text)
        words = event.text[begins:]
        sign = placed or not _SIGNS.isdisjoint((name.lower(), style.lower())) or "sign" in style.lower()
        before = event.at + lead
        yield Cue(
            key,
            begin,
            end,
            words.replace("\\N", "\n"),
            Place(event.line, event.line, before, len(lines[event.line]) - event.at - len(event.text)),
            Role.DESCRIPTION if sign else Role.DIALOGUE,
            speaker,
            None if sign or _SUNG.match(style) or _SUNG.match(name) else style,
            framed=sign or _BESIDE.search(words) is not None,
        )


def _is_speaker(name: str, style: str) -> bool:
    lower = name.lower()
    return lower not in _NOT_SAID and lower != style.lower() and any(c.isalpha() for c in name) and "=" not in name


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
            reason = _silent(event)
            if reason is not None and event.text.strip():
                yield HeldBack(place, event.text, reason)


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
        if not any(line.text.strip("\ufeff \t").lower() == "[events]" for line in lines.lines):
            start = next((line.start for line in lines.lines if line.text.strip()), 0)
            raise FormatError("no section [Events] is found; is it a subtitle file?", offset=start)
        return AssDocument(lines, choose_output(lines, options), _READING, options)


FORMAT = AssFormat()
