r"""EasyRPG Player's translations of RPG Maker 2000/2003 games: `Language/<language>/*.po`, as lcftrans makes them.

A PO file in UTF-8. A text of the database has a context (`actors.name`, `terms.new_game`), a message has none; a choice
is an entry with an option on each line, which the Player takes one by one. `<easyrpg:new_page>` on a line of its own
parts a translation into several boxes, `<easyrpg:delete_page>` leaves the message out (Player's `translation.cpp`).
The Player knows the escapes `\\`, `\n` and `\"` only, so no others are written.

An entry that is marked as fuzzy counts as not translated, and loses the mark when it is. Entries that are commented out
(`#~`) are held back. The header stays.

Keys: the context and the source, cut to 80 characters and told apart by a digest where they are longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import detect
from translator.core.collecting import Keys, short_key
from translator.core.document import (
    Confidence,
    Document,
    Family,
    Format,
    FormatError,
    FormatInfo,
    FormatOptions,
    HeldBack,
    RefusedTargetError,
)
from translator.core.lines import first_end, read_lines
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.po_spans import PoEntry, PoError, read_entries, spelled, without_fuzzy
from translator.core.segment import Limits, Role, Segment
from translator.core.spantext import SpanText
from translator.core.textfile import Output, require_utf8

_NAMES = regex.compile(r"(?:rpg_rt\.(?:ldb(?:\.\w+)?|lmt)|map\d{4,})\.po", regex.IGNORECASE)
_MAPS = "rpg_rt.lmt.po"
_MADE_BY = b"X-CreatedBy: LcfTrans"
_PLACE = regex.compile(r"ID (\d+)(?:, Page (\d+))?")
_CHOICE = regex.compile(r"Choice \((\d+) options")
_BEFORE_CHOICE = regex.compile(r"Contains choice at line \d+ \((\d+) options\)")
_WITH_CHOICE = regex.compile(r"Choice starting at line (\d+) \((\d+) options\)")
"""What lcftrans says of a message before a choice: the options are an entry of their own, or, in its older versions,
lines of the message.
"""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
_COLUMNS, _LINES = 50, 4
_BRACKETS = r"\[(?:[^\[\]\n]|\\[VvTt]\[[^\[\]\n]*\])*\]"

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"<easyrpg:\w+>"),
        MarkupRule(r"\\\\", cells=1),
        MarkupRule(r"\\[A-Za-z]" + _BRACKETS),
        MarkupRule(r"\\_", cells=1),
        MarkupRule(r"\\[$!.|><^]"),
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"\$[A-Za-z](?![A-Za-z])", cells=2),
        MarkupRule(r"%[SOVU]"),
    )
)
"""The engine's codes (see `rpgmaker_lcf`), and the Player's lines that add or delete a box."""


class EasyRpgPoDocument:
    """A PO file of EasyRPG Player."""

    def __init__(self, text: SpanText, entries: Sequence[PoEntry], name: PurePath) -> None:
        self._text = text
        self._entries: dict[str, PoEntry] = {}
        self._obsolete: list[PoEntry] = []
        segments: list[Segment] = []
        keys = Keys()
        for entry in entries:
            if entry.obsolete:
                self._obsolete.append(entry)
            elif not entry.is_header and entry.plural is None and len(entry.targets) == 1:
                segment = _segment(entry, name, keys)
                if segment is not None:
                    segments.append(segment)
                    self._entries[segment.key] = entry
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = () if segments else ("no text: the file has a header only",)
        self.charset: str | None = None

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        spans: dict[str, tuple[int, int]] = {}
        new: dict[str, str] = {}
        whole = self._text.text
        for key, target in targets.items():
            entry = self._entries[key]
            there = entry.targets[0]
            fuzzy = "fuzzy" in entry.flags
            if target == there.text and not (fuzzy and target):
                continue
            if "\r" in target or "\0" in target:
                raise RefusedTargetError(key, "the Player knows no escape for a carriage return or a zero byte")
            like = whole[entry.source.start : entry.source.end] if entry.source else ""
            if target != there.text:
                spans[key] = (there.start, there.end)
                new[key] = spelled(target, newline=self._newline(there.end), like=like, escapes=_ESCAPES)
            for number, (start, end) in enumerate(entry.flag_lines if fuzzy else ()):
                flags = f"{key}\0{number}"
                spans[flags], new[flags] = (start, end), without_fuzzy(whole[start:end])
        read = self._text.read
        return self._text.render(spans, new, Output(read.charset, read.bom))

    def _newline(self, offset: int) -> str:
        """The line end that is used at a place."""
        line, _ = self._text.place(max(0, offset - 1))
        lines = self._text.read.lines
        return lines[line - 1].end or first_end(lines)

    def held_back(self) -> Iterator[HeldBack]:
        """The entries that are commented out."""
        for entry in self._obsolete:
            if entry.source is not None:
                line, _ = self._text.place(entry.start)
                yield HeldBack(f"line {line}", entry.source.text, "an entry that is not used any more")


def _segment(entry: PoEntry, name: PurePath, keys: Keys) -> Segment | None:
    source = entry.source.text if entry.source else ""
    if not source.strip() or "\r" in source:
        return None
    context = entry.context.text if entry.context else ""
    target = entry.targets[0].text
    role, limits, notes = _about(entry, source, context, name)
    return Segment(
        keys.new(_key(context, source)),
        source,
        role,
        scene="" if role is Role.NAME else _scene(entry, context),
        target=target if target and "fuzzy" not in entry.flags else None,
        notes=notes,
        limits=limits,
        binding="actor-name" if context == "actors.name" else None,
    )


def _key(context: str, source: str) -> str:
    return short_key(f"{context}/{source}".replace("\\", "\\\\").replace("\n", "\\n"))


def _scene(entry: PoEntry, context: str) -> str:
    """The event page that a message is on first, by lcftrans' comment."""
    found = _PLACE.match(entry.extracted[0]) if entry.extracted and not context else None
    return f"{found[1]}/{found[2] or 1}" if found else ""


def _about(entry: PoEntry, source: str, context: str, name: PurePath) -> tuple[Role, Limits, tuple[str, ...]]:
    if context == "strpic":
        return Role.NARRATION, Limits(), ()
    if context or name.name.lower() == _MAPS:
        return (*_of_database(context, single="\n" not in source), ())
    return _of_event("\n".join(entry.extracted), source)


def _of_database(context: str, *, single: bool) -> tuple[Role, Limits]:
    area, _, part = context.rpartition(".")
    if area.startswith("terms") or "message" in part or part == "skill_name":
        return Role.TERM, Limits(single=single)
    if part == "description":
        return Role.DESCRIPTION, Limits(columns=_COLUMNS, single=single)
    return Role.NAME, Limits(single=single)


def _of_event(comments: str, source: str) -> tuple[Role, Limits, tuple[str, ...]]:
    """A message or a choice, by what lcftrans says of it."""
    with_choice = _WITH_CHOICE.search(comments)
    if with_choice:
        note = f"{with_choice[2]} options of a choice from line {with_choice[1]} on, each on its own line"
        return Role.DIALOGUE, Limits(columns=_COLUMNS, lines=_LINES), (note,)
    before = _BEFORE_CHOICE.search(comments)
    if before:
        return Role.DIALOGUE, Limits(columns=_COLUMNS, lines=max(1, _LINES - int(before[1])), wrap=True), ()
    choice = _CHOICE.search(comments)
    if choice:
        options = source.count("\n") + 1
        return (
            Role.CHOICE,
            Limits(columns=_COLUMNS, lines=options, single="\n" not in source),
            (f"{choice[1]} options, one a line",),
        )
    return Role.DIALOGUE, Limits(columns=_COLUMNS, lines=_LINES, wrap=True), ()


class EasyRpgPo:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="easyrpg_po",
        title="EasyRPG Player translation",
        family=Family.GAME,
        patterns=("Language/*/*.po",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a PO file with the names that the Player looks for, or with lcftrans' mark."""
        if name.suffix.lower() != ".po" or detect(head, whole=False) != "utf-8" or b"msgid" not in head:
            return Confidence.NONE
        return Confidence.CERTAIN if _NAMES.fullmatch(name.name) or _MADE_BY in head else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        require_utf8(options, "EasyRPG Player reads its translations as UTF-8 only")
        text = SpanText(read_lines(blob, charset="utf-8"), blob)
        try:
            entries = read_entries(text.text)
        except PoError as error:
            raise FormatError(str(error), offset=text.byte_at(error.position)) from error
        if not entries:
            raise FormatError("no entry is found: msgid starts one; is it a PO file?", offset=0)
        return EasyRpgPoDocument(text, entries, options.name)


FORMAT: Format = EasyRpgPo()
