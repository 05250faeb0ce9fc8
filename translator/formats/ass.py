r"""Advanced SubStation Alpha and SubStation Alpha v4 subtitles: the text of one `Dialogue:` event is one segment.

Sections may come in any order. In `[Events]` the `Format:` line says which columns an event has (without one, those
of the standard); the text is the last and may hold commas. All else stays as it is: script info, styles, fonts and
graphics (whose lines may look like headers), Aegisub's own sections, `Comment:` and `Picture:` events, `;` lines.

`\N` is the end of a line. `\n` (an end only where a style says so), `\h` (a fixed space), override blocks and
comments in braces, and drawings (`{\p1}m 0 0 l 9 9{\p0}`) are markup. Blocks and drawings before the first word are
no part of the text, so that a sign that moves from picture to picture is one text; nor is the `{\i0}` behind the last
word that ends the italics of all of it. Where only the first words are in italics, `{\i1}` is part of the text. A
translation that itself begins with a block gets an empty one (`{}`) before it, where it would not be read as it is.

Held back: comments, drawings, lines that karaoke scripts made (effect `fx`), and karaoke whose syllables are timed
one by one (`{\k20}sa{\k30}ku`): a translation has other syllables, and the audience sings the original. A line with
one such code in front is text.

The speaker is the column Name (Actor), where it is one: not where it is the name of the style or a word for what a
line is (sign, text, note, OP, fx …), has no letter, or the line is placed by hand. Lines placed by hand (`\pos`,
`\move`, `\clip`), moved by an effect (banner, scroll) or named a sign (by name or style) are descriptions: they keep
their lines. So does a text whose further lines begin with a block (a second language), unless all lines are in the same
italics. All others have the room of `translator.core.cues`, with scenes as there.

Keys: `<start> <style>` (`0:00:01.00 Default`), and `#2` … for further events of both.

A target is refused that is empty, has a line break in itself (`\N`), or would be read as something else.

Setting `join` = "1": events of one style and speaker that are one sentence are one segment, but lines of songs (OP, ED)
(`translator.core.cue_document`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import PurePath
from typing import ClassVar, NamedTuple

import regex

from translator.core.charset import CHARSETS
from translator.core.collecting import Keys
from translator.core.cue_document import CueDocument, Reading
from translator.core.cues import Cue, usual_seconds
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.lines import read_texts
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.sniffing import sniff_text
from translator.core.textfile import choose_output

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
_STYLE = regex.compile(rf"\{{\\([ibus])([01])\}}|{_BLOCK}")
_TIMED = regex.compile(r"\\[kK][fot]?\d")
_UNSEEN = frozenset(("", "{", "\\", " ", "\t", "\u3000", "\u00a0"))
_WORD = regex.compile(r"\w")
_PLACED = regex.compile(r"\\(?:pos|move|clip|iclip|org)\s*+\(")
_MOVING = regex.compile(r"(?i)\s*+(?:banner|scroll)")
_BESIDE = regex.compile(rf"\\N{_CLOSED}[^{{}}\n]*?\\")
_EVENLY = regex.compile(r"(?P<on>\{\\(?P<of>[ibus])1\})[^{}]*+\{\\(?P=of)0\}(?:\\N(?P=on)[^{}]*+\{\\(?P=of)0\})++")
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
    """Where the columns of an event are that are looked at.

    count: how many there are. text: where the text is, and whether that is the last. pick: takes start, end, style,
    name and effect out of what stands in them.
    """

    count: int
    text: int
    is_last: bool
    pick: Callable[[Sequence[str]], tuple[str, str, str, str, str]]

    @staticmethod
    def of(names: Sequence[str]) -> "_Columns | None":
        named = {name.strip().lower(): at for at, name in enumerate(names)}
        if "text" not in named:
            return None
        missing = len(names)  # where an event has "" behind the others
        start, end, style, effect = (named.get(column, missing) for column in ("start", "end", "style", "effect"))
        name = named.get("name", named.get("actor", missing))
        text = named["text"]
        return _Columns(len(names), text, text == len(names) - 1, itemgetter(start, end, style, name, effect))


_Event = tuple[int, bool, _Columns, Sequence[str], str]
"""An event: its line, whether it is shown, its columns, what stands in all of them (and "" behind), and its text."""


def _events(lines: Sequence[str]) -> Iterator[_Event]:
    section = ""
    columns = standard = _Columns.of(_STANDARD)
    for number, line in enumerate(lines):
        shown = True
        if section == "events" and line.startswith(_USUAL):
            raw = line[len(_USUAL) :]
        elif "[" in line and (found := line.strip("\ufeff \t")).startswith("[") and found.endswith("]"):
            name = found[1:-1].strip().lower()
            if name in _SECTIONS or section not in _CODED:
                section, columns = name, standard
            continue
        elif section == "events" and (event := _EVENT.match(line)):
            raw, shown = line[event.end() :], event[1].lower() == "dialogue"
        else:
            listed = _FORMAT.fullmatch(line) if section == "events" else None
            columns = _Columns.of(listed[1].split(",")) if listed else columns
            continue
        if columns is None:
            continue
        values = raw.split(",", columns.count - 1)
        if len(values) == columns.count:
            values.append("")
            yield number, shown, columns, values, values[columns.text]


def _silent(effect: str, text: str, words: str) -> str | None:
    """Why the text of an event that is shown is not offered; None where it is. words: those behind its first blocks."""
    if effect and effect.strip().lower() == "fx":
        return "made by a karaoke script"
    if "{" not in text:
        return None
    if words[:1] in _UNSEEN and _is_blank(words):
        return "drawing" if _DRAWING.search(text) else None
    if ("\\k" in text or "\\K" in text) and _syllables(text) > 1:
        return "karaoke, timed by syllables"
    return None


def _is_blank(words: str) -> bool:
    """Whether nothing is seen of a text."""
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


def _lead(text: str) -> tuple[int, int, int]:
    """Where the blocks and drawings before the words of a text end, and where the words begin: behind the empty block
    that parts them where the words begin with a block. And where the first that is no block stands.
    """
    if not text.startswith("{"):
        return 0, 0, 0
    close = text.find("}")
    alone = close > 1 and text.find("{", 1, close + 2) < 0
    if alone and (text.find("\\p", 0, close) < 0 or _PEN.search(text, 0, close) is None):
        return close + 1, close + 1, close + 1  # the usual case: one block, which draws nothing
    found = _LEAD.match(text)
    end = found.end() if found else 0
    guard = text.find(_GUARD, 0, end)
    if guard < 0:
        return end, end, end
    while guard > 0 and text[guard - 1] != "}":  # it is the end of a block, or stands in a drawing
        guard = text.find(_GUARD, guard + 1, end)
    drawn = _PEN.findall(text, 0, max(guard, 0))
    if guard < 0 or (drawn and drawn[-1] != "0"):
        return end, end, end
    behind = guard + len(_GUARD)
    # An empty block that parts nothing from a block belongs to the words.
    block = behind
    while text.startswith(_GUARD, block):
        block += len(_GUARD)
    return guard, behind if block < end else guard, end


def _bounds(text: str) -> tuple[int, int, int]:
    r"""Where the blocks before the words of a text end, where the words begin, and where these end.

    As `_lead` says; but `{\i1}` belongs to the words where its `{\i0}` stands among them (unless an empty block parts
    it from them), and a `{\i0}` behind them does not where it ends what the blocks before begin.
    """
    lead, begins, run = _lead(text)
    if not run or "0}" not in text or "1}" not in text or _PEN.search(text, 0, run) is not None:
        return lead, begins, len(text)
    pairs: list[tuple[int, int]] = []
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for style in _STYLE.finditer(text):
        if style[2] == "1":
            opened[style[1]].append(style.start())
        elif style[2] and opened[style[1]]:
            pairs.append((opened[style[1]].pop(), style.start()))
    end = _without_closing(text, pairs, run)
    torn = min((one for one, other in pairs if one < run <= other < end), default=run)
    if lead < begins and torn < run and not text[begins:torn].replace(_GUARD, ""):
        begins = lead  # the empty block parts nothing
    elif lead == begins > torn and text.startswith(_GUARD, lead):
        begins = lead + len(_GUARD)
    elif lead == begins > torn:
        lead = begins = torn
    return lead, begins, _without_closing(text, pairs, lead)


def _without_closing(text: str, pairs: Sequence[tuple[int, int]], lead: int) -> int:
    """Where a text ends without what ends there of the styles that begin before `lead`."""
    end = len(text)
    for one, other in reversed(pairs):
        if one >= lead or other + len("{\\i0}") != end:
            break
        end = other
    return end


_DESCRIPTION, _DIALOGUE = Role.DESCRIPTION, Role.DIALOGUE  # an enumeration's members are slow to look up


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The texts of all events that are shown."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    keys = Keys()
    for number, shown, columns, values, text in _events(lines):
        if not shown:
            continue
        start, end, style, name, effect = columns.pick(values)
        style, speaker, is_sign, is_sung = _sort(style, name)
        begin, until = usual_seconds(start), usual_seconds(end)
        if begin is None or until is None:
            start = start.strip()
            begin, until = _seconds(start), _seconds(end)
        key = keys.new(f"{start} {style}")
        placed = "(" in text and _PLACED.search(text) is not None
        speaker = None if placed else speaker
        lead, begins, stop = _bounds(text) if text.startswith("{") else (0, 0, len(text))
        words = text[begins:stop] if begins else text
        odd = words[:1] in _UNSEEN or effect or "\\k" in text or "\\K" in text
        if odd and (_silent(effect, text, words) is not None or _is_blank(words)):
            yield Cue(key, begin, until, speaker=speaker, track=None, framed=True)
            continue
        sign = placed or is_sign or (effect and _MOVING.match(effect) is not None)
        after = 0 if columns.is_last else sum(len(value) + 1 for value in values[columns.text + 1 : -1])
        before = len(lines[number]) - after - len(text) + lead
        after += len(text) - stop
        beside = "\\N{" in words and _BESIDE.search(words) is not None
        framed = sign or (beside and _EVENLY.fullmatch(words) is None)
        words = words.replace("\\N", "\n")
        role = _DESCRIPTION if sign else _DIALOGUE
        track = None if sign or is_sung else style
        raw = text if begins else ""
        yield Cue(key, begin, until, words, number, number, before, after, role, speaker, track, (), framed, raw=raw)


class _Sort(NamedTuple):
    """What the style and the name of an event say: who speaks, and whether it is a sign or sung."""

    style: str
    speaker: str | None
    sign: bool
    sung: bool


@lru_cache(maxsize=1024)
def _sort(style: str, name: str) -> _Sort:
    style, name = style.strip(), name.strip()
    sign = not _SIGNS.isdisjoint((name.lower(), style.lower())) or "sign" in style.lower()
    sung = _SUNG.match(style) is not None or _SUNG.match(name) is not None
    return _Sort(style, name if _is_speaker(name, style) else None, sign, sung)


def _is_speaker(name: str, style: str) -> bool:
    lower = name.lower()
    return lower not in _NOT_SAID and lower != style.lower() and any(c.isalpha() for c in name) and "=" not in name


def _seconds(time: str) -> float:
    """A time as seconds; 0 for what is none."""
    found = _TIME.fullmatch(time.strip())
    if found is None:
        return 0.0
    whole = int(found[2][:9]) * 3600 + int(found[3][:9]) * 60 + int(found[4][:9]) + float(f"0.{found[5] or 0}")
    return -whole if found[1] else whole


def _spelled(cue: Cue, text: str) -> str:
    """A text as it stands in an event, parted by an empty block from those before it where it would lose one to them,
    or they to it.
    """
    raw = text.replace("\n", "\\N")
    lead, _, end = _bounds(cue.raw)
    for guard in () if _is_blank(raw) else ("", _GUARD):
        event = cue.raw[:lead] + guard + raw + cue.raw[end:]
        _, begins, stop = _bounds(event)
        if event[begins:stop] == raw:
            return guard + raw
    return raw


def _objection(_source: str, target: str) -> str | None:
    return f"it has an end of a line in itself: {target[:60]!r}" if "\\N" in target else None


_READING = Reading(MARKUP, _cues, _spelled, _objection, "no text: no event shows any", blanks=True)


class AssDocument(CueDocument):
    """A file in Advanced SubStation Alpha."""

    def held_back(self) -> Iterator[HeldBack]:
        """Comments, drawings and karaoke."""
        keys = Keys()
        for number, shown, columns, values, text in _events(self.lines):
            if shown:
                start, _, style, _, effect = columns.pick(values)
                place = keys.new(f"{start.strip()} {style.strip()}")
                reason = _silent(effect, text, text[_lead(text)[1] :])
            else:
                place, reason = f"line {number + 1}", "comment"
            if reason is not None and text.strip():
                yield HeldBack(place, text, reason)


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
        return sniff_text(name, head, (".ass", ".ssa"), _rate)

    def open(self, blob: bytes, *, options: FormatOptions) -> AssDocument:
        """Read subtitles; raises FormatError for a file in another charset, or without events."""
        read = read_texts(blob, charset=options.charset)
        if not any("[" in line and _is_events(line) for line in read.texts):
            raise FormatError("no section [Events] is found; is it a subtitle file?", offset=read.first_text())
        return AssDocument(read, choose_output(read, options), _READING, options)


def _rate(text: str) -> Confidence:
    text = text.lower()
    seen = any(f"[{section}]" in text for section in ("script info", "events", "v4 styles", "v4+ styles"))
    return Confidence.CERTAIN if seen else Confidence.MAYBE


FORMAT = AssFormat()
