"""A script, opened: its texts, and how it is written back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import regex

from translator.core.charset import can_encode
from translator.core.document import FormatOptions, HeldBack, RefusedTargetError
from translator.core.languages import LANGUAGES
from translator.core.lines import Lines, read_lines
from translator.core.segment import Segment
from translator.core.spantext import SpanText, misread
from translator.core.textfile import Output, choose_output
from translator.formats.nscripter.reader import CODE, CODES, Reader

XOR = bytes(byte ^ 0x84 for byte in range(256))
MARKS = regex.compile(rb"(?mi)^[ \t]*(?:\*define|\*start|game|;mode\d+|;\$V\d+)\b")
_TICKED_CODES = regex.compile(rf"(?:{CODE})+")
_STARTS_COMMAND = regex.compile(r"[ \t]|[A-Za-z_*;:~{}|^]|\Z")


class NScripterDocument:
    """A script, opened."""

    def __init__(self, blob: bytes, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._scrambled = is_scrambled(blob)
        plain = blob.translate(XOR) if self._scrambled else blob
        lines = read_lines(plain, charset=options.charset)
        self._file = SpanText(lines, plain)
        self._output = _output(lines, options)
        self._reader = Reader()
        self._reader.read(self._file.text)
        self.segments: Sequence[Segment] = tuple(
            replace(s, limits=s.limits.within(self._output.charset)) for s in self._reader.segments
        )

    @property
    def charset(self) -> str | None:
        """What it is written in."""
        return self._output.charset

    @property
    def notices(self) -> Sequence[str]:
        """That the charset lacks the language, that strings do not end, or that there is no text."""
        said = self._output.notices if self.segments else ("no text: it has only commands, labels and comments",)
        return (*said, *((self._unended(),) if self._reader.unclosed else ()))

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        sources = {segment.key: segment.source for segment in self.segments}
        new = {
            key: self._spelled(key, target, sources[key]) for key, target in targets.items() if target != sources[key]
        }
        same = self._output.charset == self._file.read.charset and self._output.bom == self._file.read.bom
        if not targets or (not new and same):
            return self._blob
        spans = {key: (self._reader.spots[key].start, self._reader.spots[key].end) for key in new}
        body = self._file.render(spans, new, self._output)
        self._check_read_back(self._file.replaced(spans, new), new, targets)
        return body.translate(XOR) if self._scrambled else body

    def _unended(self) -> str:
        places = self._reader.unclosed
        line, _ = self._file.place(places[0])
        at = self._file.byte_at(places[0])
        byte = "" if at is None else f" (byte {at})"
        which = "a string does" if len(places) == 1 else f"{len(places)} strings do"
        return f"line {line}{byte}: {which} not end on the line; left out, and listed by --held-back"

    def held_back(self) -> Iterator[HeldBack]:
        """Labels, comments, and strings of commands that show none."""
        return iter(self._reader.held)

    def _spelled(self, key: str, target: str, source: str) -> str:
        """What is written for a text. Raises RefusedTargetError."""
        spot = self._reader.spots[key]
        if not target.strip(" \t\n　"):
            raise RefusedTargetError(key, "it is blank")
        if "\r" in target or "\0" in target:
            raise RefusedTargetError(key, "a text cannot hold control characters")
        if spot.quoted:
            mark = '"'
            wrong = next((c for c in '"\n【】[]|' if c in target and c not in source), None)
            if wrong is not None or '"' in target:
                raise RefusedTargetError(key, f"a string has no escape for {wrong or mark!r}")
            return target
        known = set(CODES.findall(source))
        for code in CODES.findall(target):
            if code not in known:
                raise RefusedTargetError(key, f"it has a code that its source has not: {code!r}")
        if "`" in target and "`" not in source:
            raise RefusedTargetError(key, "a backtick would end the text")
        parts = target.split("\n")
        breaks = [self._file.text[start:end] for start, end in spot.breaks]
        # A message is in backticks on all of its lines or on none: it is read as one only so.
        tick = spot.new_break[-1:] != ">" and (
            any(_STARTS_COMMAND.match(part) for part in (parts if spot.bare else parts[1:]))
            or (spot.bare and target.isascii())
        )
        written: list[str] = []
        for number, part in enumerate(parts):
            if number:
                written.append(breaks[number - 1] if number <= len(breaks) else spot.new_break)
            written.append(_tick(part) if tick and "`" not in target else part)
        return "".join(written)

    def _check_read_back(self, text: str, new: Mapping[str, str], targets: Mapping[str, str]) -> None:
        """Raises RefusedTargetError where the written file would have other texts."""
        again = Reader()
        again.read(text)
        key = misread(self.segments, again.segments, targets, new)
        if key is not None:
            raise RefusedTargetError(key, f"{targets[key][:60]!r} would not be read as this text")


def is_scrambled(blob: bytes) -> bool:
    """Whether the bytes are a script only after XOR 0x84."""
    head = blob[:65536]
    return not MARKS.search(head) and bool(MARKS.search(head.translate(XOR)))


def _tick(text: str) -> str:
    """A line in backticks, its codes outside of them."""
    parts: list[str] = []
    at = 0
    for code in _TICKED_CODES.finditer(text):
        parts += ([f"`{text[at : code.start()]}`"] if code.start() > at else []) + [code.group()]
        at = code.end()
    if at < len(text):
        parts.append(f"`{text[at:]}`")
    return "".join(parts)


def _output(lines: Lines, options: FormatOptions) -> Output:
    """The charset asked for, else the script's own: which other ones are read depends on the fork of ONScripter."""
    if options.output_charset is not None:
        return choose_output(lines, options)
    language = LANGUAGES.get(options.target_language or "")
    if language is None or can_encode(lines.charset, language.code):
        return Output(lines.charset, lines.bom)
    notice = (
        f"{lines.charset} cannot hold all of {language.english}; NScripter reads nothing else, but forks of ONScripter "
        "read gb18030 or utf-8 (--enc:gbk, --enc:utf8): choose one with --output-charset"
    )
    return Output(lines.charset, lines.bom, (notice,))
