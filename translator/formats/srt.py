"""SubRip subtitles: the text of one cue is one segment, its lines separated by line feeds.

A cue starts at a line with times (`00:01:02,500 --> 00:01:04,000`; also with a full stop, without hours, below zero,
with coordinates after them) and the line of digits above it, if there is one; its text goes on to the next cue, less
the blank lines around it. Blank lines inside it belong to it. A blank line may stand between the digits and the times
where another stands above and the digits go on counting (files whose line ends were doubled). Cues without text, and
all that stands before the first cue, are kept as they are. Numbers, times and line ends never change; a line that is
added takes the line end of the one above it.

Letters that are spelled as references (`&#39;`, `&eacute;`; files made from web pages have them) are text, and stay so
spelled in the translation of their cue; `&amp;`, `&lt;`, `&gt;`, `&nbsp;` and the like are markup.

Keys: the start time as the file has it, and `#2` … for further cues at the same time. Scenes part where nothing is
shown for 8 seconds.

Limits: 2 lines (or as many as the source has) of 42 half-width columns, 36 for a target language that is written in
full-width characters, or as wide as the source. Lines may be wrapped anew unless several people speak in them
(`translator.core.cues.speakers`).

A target with blank lines is refused where its source has none, since players end a cue at one; so are an empty
target, one with a carriage return or a zero byte, and one that would be read as another cue.

Setting `join` = "1": cues that are one sentence are one segment (`translator.core.cue_document`).
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS
from translator.core.collecting import Keys
from translator.core.cue_document import CueDocument, Reading
from translator.core.cue_references import read, spell
from translator.core.cues import TIMES, Cue, seconds
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions
from translator.core.lines import read_texts
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.sniffing import sniff_text
from translator.core.textfile import choose_output

_NUMBER = regex.compile(r"[\s\ufeff]*+(\d++)\s*+")
_KEPT = "&<>"
"""What stays a reference: some players read these, and most show them as they are."""
_BLANK = "\ufeff"
"""What is blank beside white space: the byte order mark of a file that another was put before."""

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
"""Tags (paired), positions and other codes in braces, and references that are no text, which all stay."""


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The cues of a file's lines, those without text included."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    timed = [(at, match) for at, line in enumerate(lines) if ">" in line and (match := TIMES.fullmatch(line))]
    keys = Keys()
    counted: int | None = None
    own = _head(lines, timed[0][0], 0, None)[1] if timed else None
    for number, (at, match) in enumerate(timed):
        counted = own if own is not None else counted
        stop = len(lines)
        if number + 1 < len(timed):
            stop, own = _head(lines, timed[number + 1][0], at + 1, counted)
        first, last = at + 1, stop - 1
        while first <= last and not lines[first].strip().strip(_BLANK):
            first += 1
        while last >= first and not lines[last].strip().strip(_BLANK):
            last -= 1
        text = "\n".join(lines[first : last + 1])
        if first > last:
            first = last = -1
        raw = text if "&" in text else ""
        text = read(text, MARKUP, _KEPT) if raw else text
        yield Cue(keys.new(match["start"]), seconds(match, "a"), seconds(match, "b"), text, first, last, raw=raw)


def _head(lines: Sequence[str], times: int, top: int, counted: int | None) -> tuple[int, int | None]:
    """Where a cue begins whose times stand in the line `times`, not above the line `top`, and its number."""
    above = times - 1
    if above < top:
        return times, None
    found = _NUMBER.fullmatch(lines[above])
    if found is not None:
        return above, _value(found[1])
    if lines[above].strip() or above - 1 < top:
        return times, None
    found = _NUMBER.fullmatch(lines[above - 1])
    if found is None or (above - 2 >= top and lines[above - 2].strip()):
        return times, None
    value = _value(found[1])
    return (above - 1, value) if counted is None or value == counted + 1 else (times, None)


def _value(digits: str) -> int | None:
    return int(digits) if len(digits) < 10 else None  # noqa: PLR2004  nobody counts so far


def _spelled(cue: Cue, text: str) -> str:
    return spell(text, cue.raw, MARKUP, {}, _KEPT) if cue.raw else text


_READING = Reading(MARKUP, _cues, _spelled)


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
        return sniff_text(name, head, (".srt",), _rate)

    def open(self, blob: bytes, *, options: FormatOptions) -> CueDocument:
        """Read subtitles; raises FormatError for a file in another charset, or without any cue."""
        file = read_texts(blob, charset=options.charset)
        if not any(">" in line and TIMES.fullmatch(line) for line in file.texts):
            raise FormatError(
                "no cue is found: a line such as 00:00:01,000 --> 00:00:02,500 starts one; is it a subtitle file?",
                offset=file.first_text(),
            )
        return CueDocument(file, choose_output(file, options), _READING, options)


def _rate(text: str) -> Confidence:
    seen = any(">" in line and TIMES.fullmatch(line) for line in regex.split(r"\r\n|\n|\r", text))
    return Confidence.CERTAIN if seen else Confidence.MAYBE


FORMAT = SrtFormat()
