r"""WebVTT subtitles (https://www.w3.org/TR/webvtt1/): the text of one cue is one segment.

A line with times (`00:02.500 --> 00:04.000 align:start`) begins a cue; a line right above it is its identifier, what
follows up to an empty line or one with `-->` its text. All other blocks (the header, `NOTE`, `STYLE`, `REGION`),
identifiers, times and settings stay as they are. Times are also read as other formats spell them (commas, no
fractions): players other than browsers take them. The notes for translators and viewers (`NOTE`) are held back.

A voice around the whole cue (`<v Name>…</v>`) is its speaker and no part of the text. Characters that are spelled as
references (`&amp;`, `&#x3042;`) are text, and a translation spells them as its cue does, and `&` and `<` as it must.
Tags, blocks that another format left (`{\an8}`), times inside of a text and references to what is not seen (`&nbsp;`,
`&lrm;`) are markup and stay; readings (`<ruby>字<rt>じ</rt></ruby>`) are dropped, and so are the times of single words
as automatic captions have them (`<00:01.200><c> word</c>`): a translation has other words.

Keys: the start time as the file has it, and `#2` … for further cues at the same time. Scenes and limits: those of
`translator.core.cues`; a cue with several voices keeps its lines, and a note says who they are.

A target is refused that is empty, has an empty line where its source has none (it would end the cue), or would be read
as something else.

Setting `join` = "1": cues that are one sentence are one segment (`translator.core.cue_document`).
"""

import codecs
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS
from translator.core.collecting import Keys
from translator.core.cue_document import CueDocument, Reading
from translator.core.cue_references import read, spell
from translator.core.cues import TIMES, Cue, seconds
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.lines import read_texts
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.sniffing import sniff_text
from translator.core.textfile import Place, choose_output

_ARROW = "-->"
_TIME = r"(?:\d+:)?\d\d:\d\d\.\d{3}"
_ESCAPES = {"&": "&amp;", "<": "&lt;"}
_VOICE = regex.compile(r"<v(?:\.[^\s<>]*+)?[ \t]++([^<>\n]++)>")
_HEADER = regex.compile(r"\ufeff?WEBVTT(?:[ \t].*+)?")
_NOTE = regex.compile(r"NOTE(?:[ \t](.*+))?")

MARKUP = MarkupSyntax(
    (
        MarkupRule(rf"<{_TIME}><c>", Fate.DROP),
        MarkupRule(rf"(?<=<{_TIME}><c>[^<>\n]{{0,200}})</c>", Fate.DROP),
        MarkupRule(r"<ruby(?:[.\s][^<>\n]*)?>|</(?:ruby|rt)>", Fate.DROP),
        MarkupRule(r"<rt(?:[.\s][^<>\n]*)?>[^<>\n]*(?:</rt>)?", Fate.DROP),
        MarkupRule(r"</[A-Za-z][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<(?:[bciuv]|lang)(?:[.\s][^<>\n]*)?>", Fate.OPEN),
        MarkupRule(r"</?[\w.][^<>\n]*>"),
        MarkupRule(r"\{\\[^{}\n]*\}|\\[Nh]"),
        MarkupRule(r"&(?:lrm|rlm);"),
        MarkupRule(r"&(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);", cells=1),
    )
)
"""Tags (paired), times and references to what is not seen, which all stay; readings and the times of single words,
which are dropped."""


def _cues(lines: Sequence[str]) -> Sequence[Cue]:
    """The cues of a file's lines, those without text included."""
    return tuple(_found(lines))


def _found(lines: Sequence[str]) -> Iterator[Cue]:
    keys = Keys()
    at = 0
    while at < len(lines):
        match = TIMES.fullmatch(lines[at]) if _ARROW in lines[at] else None
        at += 1
        if match is not None:
            first = at
            while at < len(lines) and lines[at] and _ARROW not in lines[at]:
                at += 1
            yield _cue(keys.new(match["start"]), match, lines, first, at)


def _cue(key: str, times: "regex.Match[str]", lines: Sequence[str], first: int, stop: int) -> Cue:
    """The cue whose text stands in the lines from `first` up to `stop`."""
    start, end = seconds(times, "a"), seconds(times, "b")
    last = stop - 1
    while first <= last and not lines[first].strip():
        first += 1
    while last >= first and not lines[last].strip():
        last -= 1
    text = "\n".join(lines[first : last + 1])
    voices = _VOICE.findall(text) if "<v" in text else ()
    voice = _VOICE.match(text) if len(voices) == 1 else None
    before = after = 0
    if voice is not None:
        inner = text[voice.end() :].removesuffix("</v>")
        if "</v>" not in inner and not inner.startswith("\n") and not inner.endswith("\n"):
            before, after = voice.end(), len(text) - voice.end() - len(inner)
            text = inner if inner.strip() else ""
    if not text:
        first = last = -1
    raw, text = text, read(text, MARKUP)
    speaker = _named(voice[1]) or None if before and voice else None
    notes = (f"spoken by {', '.join(dict.fromkeys(map(_named, voices)))}",) if len(voices) > 1 else ()
    place = Place(first, last, before, after)
    return Cue(key, start, end, text, *place, speaker=speaker, notes=notes, framed=len(voices) > 1, raw=raw)


def _spelled(cue: Cue, text: str) -> str:
    """A text as it stands in a cue, which `-->` would end."""
    return spell(text, cue.raw, MARKUP, _ESCAPES).replace(_ARROW, "--&gt;")


def _named(voice: str) -> str:
    return unescape(voice).strip()


_READING = Reading(MARKUP, _cues, _spelled)


class VttDocument(CueDocument):
    """A WebVTT file."""

    def held_back(self) -> Iterator[HeldBack]:
        """The notes (`NOTE`), line by line."""
        inside, above = False, ""
        for number, line in enumerate(self.lines, 1):
            found = _NOTE.fullmatch(line) if not above else None
            inside = bool(line) and (inside or found is not None) and _ARROW not in line
            text = (found[1] or "") if found else line
            if inside and text.strip():
                yield HeldBack(f"line {number}", text, "note")
            above = line


def _declared(blob: bytes) -> str | None:
    """The standard's charset, where a file begins as the standard says and is written in it; None: look at the text."""
    if not blob.removeprefix(codecs.BOM_UTF8).startswith(b"WEBVTT"):
        return None
    try:
        blob.decode()
    except UnicodeDecodeError:
        return None
    return "utf-8"


class VttFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="vtt",
        title="WebVTT subtitles",
        family=Family.SUBTITLE,
        patterns=("*.vtt", "*.webvtt"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name that begins with WEBVTT, MAYBE for any other of it that is text."""
        return sniff_text(name, head, (".vtt", ".webvtt"), _rate)

    def open(self, blob: bytes, *, options: FormatOptions) -> VttDocument:
        """Read subtitles; raises FormatError for a file in another charset, or with neither header nor cue."""
        file = read_texts(blob, charset=options.charset or _declared(blob))
        headed = bool(file.texts) and _HEADER.fullmatch(file.texts[0]) is not None
        if not headed and not any(_ARROW in line and TIMES.fullmatch(line) for line in file.texts):
            raise FormatError(
                "neither the line WEBVTT nor a cue is found; is it a subtitle file?",
                offset=len(file.bom) if file.texts else 0,
            )
        return VttDocument(file, choose_output(file, options), _READING, options)


def _rate(text: str) -> Confidence:
    first = regex.split(r"[\r\n]", text, maxsplit=1)[0]
    return Confidence.CERTAIN if _HEADER.fullmatch(first) else Confidence.MAYBE


FORMAT = VttFormat()
