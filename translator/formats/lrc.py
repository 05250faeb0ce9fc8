"""Lyrics with times (LRC): the text of one line is one segment.

A line of lyrics begins with one time or several (`[00:12.00][01:15.30]`, also `[00:12]`, `[0:12:50]`, `[1:02:03.4]`);
its text is written once and shown at all of them, and so is its translation. `F:`, `M:` and `D:` before the text (who
sings a duet) stay and are a note for the translator. In enhanced lyrics each word has its own time (`<00:12.50>`, or
`[00:12.50]` inside the line): those before and behind the text stay; those between its words are dropped, since a
translation has other words in another order: the line is then shown as one, from its own time on.

Tags: of `[ti:…]`, `[ar:…]`, `[al:…]`, `[by:…]`, `[offset:…]` … only the title of the song is text, a name; the others
name people and programs, or are numbers, and are held back. Lines without a time are text too (lyrics that nobody has
timed yet), but not comments (`#`, `//`, `{`).

Keys: a line's first time, and `#2` … for further lines of the same time (bilingual files); `ti`; for a line without a
time `<time above>+`. Times, tags, line ends and all else stay.

A target must be one line that is not blank and would not be read as something else: refused otherwise.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS
from translator.core.collecting import Keys
from translator.core.cue_document import CueDocument, Reading
from translator.core.cues import Cue
from translator.core.document import Confidence, Family, FormatInfo, FormatOptions, HeldBack
from translator.core.lines import read_texts
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.sniffing import sniff_text
from translator.core.textfile import Place, choose_output

_TIME = r"-?\d{1,4}:\d{1,2}(?:[.:,]\d{1,3}){0,2}"
_LINE = regex.compile(
    rf"(?P<head>[\s\ufeff]*+\[\s*+(?P<time>{_TIME})\s*+\](?:\s*+\[\s*+{_TIME}\s*+\])*+)"
    rf"(?P<words>(?:\s*+<{_TIME}>)*+\s*+(?:(?P<voice>[FMD])[:：](?!\S*+//))?(?:\s*+<{_TIME}>)*+\s*+)(?P<text>.*+)",
    regex.DOTALL,
)
_AT_END = regex.compile(rf"(?:<{_TIME}>|\[{_TIME}\])$")
_LONGEST_STAMP = 24
_TAG = regex.compile(r"([\s\ufeff]*+\[\s*+(#|[A-Za-z]\w*+)\s*+:[ \t]*+)(.*+)", regex.DOTALL)
_STAMP = regex.compile(rf"[\s\ufeff]*+\[\s*+{_TIME}\s*+\]")
_PARTING = regex.compile(r"[:.,]")
_COMMENTS = ("#", "//", "{", ";")
_SINGERS = {"F": "sung by a woman", "M": "sung by a man", "D": "sung by both"}
_FACTS = {"ar": "artist", "al": "album", "au": "author", "lr": "author", "by": "who made the file"}

MARKUP = MarkupSyntax((MarkupRule(rf"<{_TIME}>[ \t]?|\[{_TIME}\]", Fate.DROP),))
"""The times of single words, which are dropped."""


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The title, and the texts of all lines."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    keys = Keys()
    above, at = "", 0.0
    for number, line in enumerate(lines):
        if not line or line.isspace():
            continue
        found = _LINE.fullmatch(line)
        if found is not None:
            above, at = found["time"], _seconds(found["time"])
            yield _timed(keys.new(above), at, number, found)
            continue
        tag = _tag(line)
        if tag is not None:
            name, begin, value = tag
            if name == "ti" and value:
                place = Place(number, number, begin, len(line) - begin - len(value))
                yield Cue(keys.new("ti"), at, at, value, *place, Role.NAME, track=None, single=True)
            continue
        text = line.strip("\ufeff \t\u3000")
        if text and not text.startswith(_COMMENTS):
            before = line.index(text)
            place = Place(number, number, before, len(line) - before - len(text))
            yield Cue(keys.new(f"{above}+"), at, at, text, *place, Role.NARRATION, track=None, single=True)


def _timed(key: str, at: float, number: int, found: "regex.Match[str]") -> Cue:
    """The text of a line with a time."""
    text = found["text"]
    end = _end(text)
    after = len(text) - end
    text = text[:end]
    if not text:
        return Cue(key, at, at, role=Role.NARRATION, track=None, single=True)
    place = Place(number, number, found.start("text"), after)
    notes = (_SINGERS[found["voice"]],) if found["voice"] else ()
    return Cue(key, at, at, text, *place, Role.NARRATION, track=None, notes=notes, single=True)


def _end(text: str) -> int:
    """Where the words of a line end: before the times and the white space behind them."""
    end = len(text)
    while end:
        if text[end - 1].isspace():
            end -= 1
        elif text[end - 1] in ">]" and (stamp := _AT_END.search(text, max(end - _LONGEST_STAMP, 0), end)):
            end = stamp.start()
        else:
            break
    return end


def _tag(line: str) -> tuple[str, int, str] | None:
    """The name of a tag, where its value begins, and the value."""
    found = _TAG.fullmatch(line) if "[" in line else None
    if found is None:
        return None
    body = found[3].rstrip()
    return (found[2].lower(), found.start(3), body[:-1].rstrip(" \t")) if body.endswith("]") else None


def _seconds(time: str) -> float:
    """A time as seconds: minutes and seconds, or hours before them."""
    parts = [float(part) for part in _PARTING.split(time.lstrip("-"))]
    colons = time.count(":")
    hours = parts[0] if colons == 2 and len(parts) > 3 else 0.0  # noqa: PLR2004  h:mm:ss.x, while m:ss:xx has three parts
    minutes, whole = parts[1:3] if hours else parts[:2]
    return hours * 3600 + minutes * 60 + whole


_READING = Reading(MARKUP, _cues, empty="no text: no line has any", paused=False)


class LrcDocument(CueDocument):
    """A file of lyrics."""

    def held_back(self) -> Iterator[HeldBack]:
        """The values of all tags but the title, and comments."""
        for number, line in enumerate(self.lines, 1):
            tag = _tag(line)
            if tag is not None and _LINE.fullmatch(line) is None:
                name, _, value = tag
                if name != "ti" and value:
                    yield HeldBack(name, value, _FACTS.get(name, "setting"))
            elif line.lstrip("\ufeff \t").startswith(_COMMENTS):
                yield HeldBack(f"line {number}", line.strip(), "comment")


class LrcFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="lrc",
        title="Lyrics with times",
        family=Family.SUBTITLE,
        patterns=("*.lrc",),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with a time in it, MAYBE if its charset must be told or no time is seen."""
        return sniff_text(name, head, (".lrc",), _rate)

    def open(self, blob: bytes, *, options: FormatOptions) -> LrcDocument:
        """Read lyrics; raises FormatError for a file that is no text in its charset."""
        read = read_texts(blob, charset=options.charset)
        return LrcDocument(read, choose_output(read, options), _READING, options)


def _rate(text: str) -> Confidence:
    seen = any(_STAMP.match(line) for line in regex.split(r"\r\n|\n|\r", text))
    return Confidence.CERTAIN if seen else Confidence.MAYBE


FORMAT = LrcFormat()
