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
from translator.formats.nscripter.reader import CODE, CODES, LETTER, Reader, Spot
from translator.formats.nscripter.scramble import key_of, scrambled

_TICKED_CODES = regex.compile(rf"(?:{CODE})+")
_STARTS_COMMAND = regex.compile(r"[ \t　A-Za-z_*;:~{}|^'.+=&)\]-]|\Z")
_ALPHABETIC = r"(?![\p{Han}\p{Hiragana}\p{Katakana}])\p{L}"
_NEEDS_TICKS = regex.compile(rf"{_ALPHABETIC} | {_ALPHABETIC}|[%?]")


class NScripterDocument:
    """A script, opened."""

    def __init__(self, blob: bytes, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._key = key_of(blob)
        plain = scrambled(blob, self._key)
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
        return scrambled(body, self._key)

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
        if spot.quote:
            wrong = next((c for c in f"{spot.quote}\n【】[]|" if c in target and c not in source), None)
            if wrong is not None:
                raise RefusedTargetError(key, f"a string has no escape for {wrong!r}")
            return target
        _check_codes(key, target, source)
        parts = target.split("\n")
        breaks = [self._file.text[start:end] for start, end in spot.breaks]
        # A message is in backticks on all of its lines or on none: it is read as one only so.
        tick = "`" not in target and _needs_ticks(spot, parts)
        written: list[str] = []
        for number, part in enumerate(parts):
            if number:
                written.append(breaks[number - 1] if number <= len(breaks) else spot.new_break)
            written.append(_tick(part) if tick else part)
        return "".join(written)

    def _check_read_back(self, text: str, new: Mapping[str, str], targets: Mapping[str, str]) -> None:
        """Raises RefusedTargetError where the written file would have other texts."""
        again = Reader()
        again.read(text)
        key = misread(self.segments, again.segments, targets, new)
        if key is not None:
            raise RefusedTargetError(key, f"{targets[key][:60]!r} would not be read as this text")


def _check_codes(key: str, target: str, source: str) -> None:
    """Raises RefusedTargetError for a code that the source has not, and for what would be read as the begin of one."""
    known = set(CODES.findall(source))
    for code in CODES.findall(target):
        if code not in known:
            raise RefusedTargetError(key, f"it has a code that its source has not: {code!r}")
    for mark, why in (("`", "a backtick would end the text"), ("$", "a variable's name would follow $")):
        if mark in CODES.sub("", target) and mark not in CODES.sub("", source):
            raise RefusedTargetError(key, why)


def _needs_ticks(spot: Spot, parts: Sequence[str]) -> bool:
    """Whether the lines of a text have to be in backticks.

    Outside of backticks a letter may begin a command, % and ? are variables, and spaces are left out; behind a
    condition what begins with ASCII may belong to it, and a line without a letter is no text. After > all of this is.
    """
    if spot.new_break[-1:] == ">":
        return False
    plain = [CODES.sub("", part) for part in parts]
    return (
        any(_STARTS_COMMAND.match(part) for part in (parts if spot.bare else parts[1:]))
        or (spot.tested and plain[0][:1].isascii())
        or "".join(plain).isascii()
        or any(_NEEDS_TICKS.search(part) or not LETTER.search(part) for part in plain)
    )


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
