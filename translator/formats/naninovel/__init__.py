r"""Documents of Naninovel (a visual novel engine for Unity): managed texts, and localizations of them and of scripts.

As the engine's own parsers read them (`Naninovel.Common/ManagedText`): a document with a line that starts with `#` is
*multiline* (`# key`, `; comment`, then lines of the value, which are joined without anything between them; the engine
breaks the line after each `<br>`), any other is *inline* (`key: value`, with `; comment` above it). The first record of
a key holds.

In a localization (a folder `Localization`, or `localization document for` in the first line) the last comment of a
record is the original, and its value the translation; empty ones are shown as the original. A comment `> Name: |#1|`
before it says where the text stands. Inline localizations of older versions have no originals: they are those of
the setting `source.<key>`, else the value itself. In all other documents the value is translated in its place.

Localizations of scripts of version 1 are `.nani` files, whose records hold whole lines of the script: `Name: ` before
the text stays, and of commands only what the player reads (`@choice "…"`) is offered.

Keys are those of the records. Settings: `source.<key>`, `name.<character's id>`.
"""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.lines import Lines, first_end, read_lines
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Limits, Role, Segment
from translator.core.spantext import SpanText
from translator.core.textfile import Output, require_utf8
from translator.formats.naninovel.records import HEADER, Kind, Record, kind_of, records_of

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\[^\n]"),
        MarkupRule(r"\|#[^|\n]*\|"),
        MarkupRule(r"\|"),
        MarkupRule(r"\{[^{}\n]*\}", cells=4),
        MarkupRule(r"\[[^\[\]\n]*\]"),
        MarkupRule(r"<br\s*/?>"),
        MarkupRule(r"</[A-Za-z][^<>\n]*>", Fate.CLOSE),
        MarkupRule(r"<[A-Za-z#%!=][^<>\n]*>"),
    )
)
"""Escapes, text ids, joints of texts, expressions, commands and tags (some of which have no end)."""

_SINGLE = Limits(single=True)
_NAMES, _LOCALES = "CharacterNames", "Locales"
_LETTER = regex.compile(r"\p{L}")
_BREAK = regex.compile(r"<br\s*/?>")
_BREAK_AND_ENDS = regex.compile(r"(?P<above>[\r\n]{0,4})<br\s*/?>(?P<below>[\r\n]{0,4})")
_QUOTED = regex.compile(r"\{[^{}\"]*\"[^{}]*\}")
_AUTHOR = regex.compile(r"\s*(?:(?P<author>[^\s:@;\"]+): )?\s*")
_SAID = regex.compile(
    r"\s*@(?P<name>choice|print|toast|title|input|addChoice)\b[^\"\n]*?"
    r"(?:(?<=\s)|(?<=\b(?:text|summary|value):))\"(?P<text>(?:[^\"\\]|\\.)*)\"",
    regex.IGNORECASE,
)
_AT = regex.compile(r">\s*(?:(?P<author>[^\s:@;\"|]+): |@(?P<command>\w+))")


@dataclass(frozen=True, slots=True)
class _Split:
    """A text between what stays before and after it on its line."""

    before: str
    text: str
    after: str
    speaker: str | None = None
    command: str = ""


def _split(text: str, *, whole_line: bool) -> _Split | None:
    """The text that players read of a record; None where it is a command that shows none."""
    if not whole_line:
        return _bare(text)
    if text.lstrip().startswith("@"):
        found = _SAID.match(text)
        if found is None:
            return None
        start, stop = found.span("text")
        return _Split(text[:start], text[start:stop], text[stop:], command=found["name"].lower())
    match = _AUTHOR.match(text)
    start = match.end() if match else 0
    body = _bare(text[start:])
    return _Split(text[:start] + body.before, body.text, body.after, match["author"] if match else None)


def _bare(text: str) -> _Split:
    body = text.strip()
    start = len(text) - len(text.lstrip()) if body else 0
    return _Split(text[:start], body, text[start + len(body) :])


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a segment's target goes: the record, and what stands before and after it in its value.

    untranslated: the value for an empty target; None where the value is the source, and cannot be empty.
    """

    record: Record
    before: str
    after: str
    current: str | None
    untranslated: str | None


def _opened(record: Record, kind: Kind, settings: Mapping[str, str]) -> tuple[Segment, _Place] | str:
    """The segment of a record, or why it has none."""
    if kind.name.lower() == _LOCALES.lower():
        return "name of a language"
    if record.broken:
        return "a comment stands inside the text"
    original = record.source if kind.localization else None
    if original is None and kind.localization:
        original = settings.get(f"source.{record.key}")
    source = _split(record.value if original is None else original, whole_line=kind.whole_lines)
    if source is None:
        return "command without text"
    if not _LETTER.search(MARKUP.plain(source.text)):
        return "text inside an expression" if _QUOTED.search(source.text) else "no text in it"
    there = _split(record.value, whole_line=kind.whole_lines) if record.value.strip() else None
    if original is None or there is None or there.speaker != source.speaker:
        before, after = source.before, source.after
    else:
        before, after = there.before, there.after
    current = None if there is None else there.text
    above = [match for comment in record.above if (match := _AT.match(comment))] if kind.localization else []
    speaker = source.speaker or next((match["author"] for match in above if match["author"]), None)
    speaker = None if speaker is None else settings.get(f"name.{speaker.partition('.')[0]}", speaker)
    command = source.command or next((match["command"].lower() for match in above if match["command"]), "")
    name = kind.name == _NAMES
    segment = Segment(
        key=record.key,
        source=source.text,
        role=_role(kind, command, speaker),
        scene=kind.name,
        speaker=speaker,
        target=None if original is None or not current or current == source.text else current,
        notes=() if kind.localization else tuple(c for c in (*record.above, record.source) if c),
        limits=_SINGLE,
        binding="name" if name else None,
    )
    untranslated = None if original is None else "" if record.source is not None else before + source.text + after
    return segment, _Place(record, before, after, current, untranslated)


def _role(kind: Kind, command: str, speaker: str | None) -> Role:
    if kind.name == _NAMES:
        return Role.NAME
    if not kind.script:
        return Role.DESCRIPTION if kind.name == "Tips" else Role.TERM
    if command in ("choice", "addchoice"):
        return Role.CHOICE
    return Role.NARRATION if speaker is None else Role.DIALOGUE


def _broken(value: str, old: str, end: str) -> str:
    """A value with line breaks around its `<br>` as the old one has them, after each where that has none so far."""
    flags = [(match["above"], match["below"]) for match in _BREAK_AND_ENDS.finditer(old)]
    parts: list[str] = []
    at = 0
    for number, match in enumerate(_BREAK.finditer(value)):
        above, below = flags[number] if number < len(flags) else ("", end)
        above = above if match.start() else ""
        ends = match.end() == len(value) or value[match.end()] in "#;"
        parts += (value[at : match.start()], above, match.group(), "" if ends else below)
        at = match.end()
    return "".join((*parts, value[at:]))


class NaninovelDocument:
    """A document of managed texts or a localization."""

    def __init__(self, blob: bytes, read: Lines, options: FormatOptions) -> None:
        self._file = SpanText(read, blob)
        self._output = Output(read.charset, read.bom)
        self._end = first_end(read.lines)
        self._settings = options.settings
        first = read.lines[0].text if read.lines else ""
        self._kind = kind_of(options.name, first if first.startswith(";") else "")
        self._multiline = any(line.text.startswith("#") for line in read.lines)
        self._places: dict[str, _Place] = {}
        self._held: list[HeldBack] = []
        segments: list[Segment] = []
        for record, opened in self._read(self._file.text):
            if isinstance(opened, str):
                self._held.append(HeldBack(record.key, record.source or record.value, opened))
            else:
                segments.append(opened[0])
                self._places[record.key] = opened[1]
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = () if segments else ("no text: no record has any",)
        self.charset: str | None = None

    def _read(self, text: str) -> Iterator[tuple[Record, tuple[Segment, _Place] | str]]:
        seen: set[str] = set()
        for record in records_of(text, self._end, self._kind):
            again = not record.key or record.key in seen
            seen.add(record.key)
            yield record, "key that stands above" if again else _opened(record, self._kind, self._settings)

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        for key, target in targets.items():
            place = self._places[key]
            if target == place.current:
                continue
            if any(mark in target for mark in "\n\r\0"):
                raise RefusedTargetError(key, "a record holds one line")
            if not target and place.untranslated is None:
                raise RefusedTargetError(key, "an empty text would be shown as such")
            spans[key], new[key] = self._put(place, target)
        blob = self._file.render(spans, new, self._output)
        self._check(targets, spans, new)
        return blob

    def _put(self, place: _Place, target: str) -> tuple[tuple[int, int], str]:
        """The span that a target takes, and what is written there."""
        record = place.record
        start, stop = record.span
        if not target:
            if self._kind.whole_lines and record.value:  # its line goes, with the end of the one above it
                body = self._file.text[:start].removesuffix("\n")
                start = len(body.removesuffix("\r"))
            return (start, stop), place.untranslated or ""
        value = place.before + target + place.after
        if self._multiline and not self._kind.whole_lines:
            value = _broken(value, self._file.text[start:stop], self._end)
        return record.span, record.lead + value

    def _check(self, targets: Mapping[str, str], spans: Mapping[str, tuple[int, int]], new: Mapping[str, str]) -> None:
        if not new:
            return
        text = self._file.replaced(spans, new)
        again = {record.key: opened for record, opened in self._read(text) if not isinstance(opened, str)}
        for key in new:
            opened = again.get(key)
            if opened is None or (opened[1].current or "") != (targets[key] or self._untranslated(key)):
                raise RefusedTargetError(key, f"{targets[key][:60]!r} would not be read as the text of this record")
        if self._places.keys() != again.keys():
            raise RefusedTargetError(next(iter(new)), "with it, records would change")

    def _untranslated(self, key: str) -> str:
        split = _split(self._places[key].untranslated or "", whole_line=self._kind.whole_lines)
        return "" if split is None else split.text

    def held_back(self) -> Iterator[HeldBack]:
        """Names of languages, commands without text, and records without words."""
        return iter(self._held)


class Naninovel:
    """The format `naninovel`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="naninovel",
        title="Naninovel documents",
        family=Family.GAME,
        patterns=("Naninovel/Text/*.txt", "Localization/*/Text/*.txt", "Localization/*/Scripts/*.nani"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN with the engine's first line or in its folder `Naninovel`, LIKELY in a folder `Localization`."""
        folders = [part.lower() for part in name.parts[:-1]]
        if name.suffix.lower() not in (".txt", ".nani"):
            return Confidence.NONE
        first = head.partition(b"\n")[0]
        if first.removeprefix(codecs.BOM_UTF8).startswith(b";") and HEADER.encode() in first:
            return Confidence.CERTAIN
        inside = "text" in folders or ("scripts" in folders and "localization" in folders)
        if not inside or not _RECORD.search(head):
            return Confidence.NONE
        if "naninovel" in folders:
            return Confidence.CERTAIN
        return Confidence.LIKELY if "localization" in folders else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a document; raises FormatError."""
        require_utf8(options, "the engine reads its documents as UTF-8 only")
        return NaninovelDocument(blob, read_lines(blob, charset="utf-8"), options)


_RECORD = regex.compile(rb"(?m)^(?:\xef\xbb\xbf)?(?:# ?\S|[^\s;:@][^\n:]*: )")


FORMAT: Format = Naninovel()
"""The format's entry for the registry."""
