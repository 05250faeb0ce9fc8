"""A scenario, opened: its texts, and how it is written back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import regex

from translator.core.charset import CHARSETS, can_encode
from translator.core.collector import collector_paused
from translator.core.document import FormatError, FormatOptions, HeldBack, RefusedTargetError
from translator.core.languages import LANGUAGES
from translator.core.lines import Lines, cut_text, read_lines
from translator.core.segment import Segment
from translator.core.spantext import SpanText, misread
from translator.core.textfile import Output, choose_output, require_utf8
from translator.formats.kag.heldback import held_back
from translator.formats.kag.message import Spot
from translator.formats.kag.reader import Reader
from translator.formats.kag.rules import Rules
from translator.formats.kag.scrambled import is_scrambled, unscrambled
from translator.formats.kag.spelling import Form, check_line, has_controls, is_guarded, spell_value
from translator.formats.kag.tokens import Kind, tokens
from translator.formats.kag.words import blanked, spell_words

_SPEAKER = regex.compile(r"(?m)^[\t ]*#")
_WIDE = "utf-16-le"


class KagDocument:
    """A scenario file of KAG or TyranoScript."""

    def __init__(self, blob: bytes, rules: Rules, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._rules = rules
        self._guessed = "dialect" not in options.settings
        self._scrambled = is_scrambled(blob)
        plain = unscrambled(blob) if self._scrambled else blob
        lines = read_lines(plain, charset=_WIDE if self._scrambled else options.charset)
        if rules.tyrano and lines.charset != "utf-8":
            raise FormatError(f"TyranoScript reads its scenarios as UTF-8 only, and this one is {lines.charset}")
        self._file = SpanText(lines, plain)
        self._output = _output(lines, options, rules)
        with collector_paused():
            found = Reader(self._file.text, rules, self._output.charset).read(_pairs(lines))
        self._reader = found
        self._spots: Mapping[str, Spot] = found.spots
        self.segments: Sequence[Segment] = tuple(found.segments)

    @property
    def charset(self) -> str | None:
        """What it is written in."""
        return self._output.charset

    @property
    def notices(self) -> Sequence[str]:
        """That its charset changes, that it is no longer scrambled, that tags do not end, or why it has no text."""
        broken = (_unended(self._file, self._reader.broken),) if self._reader.broken else ()
        if not self.segments:
            return ("no text: it has only tags, labels, scripts, macros and comments", *broken)
        plain = ("it is scrambled; translated, it is written as plain UTF-16LE, which the engine reads too",)
        return (*self._output.notices, *(plain if self._scrambled else ()), *broken)

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`. A scrambled file is written plain where any text is given."""
        new: dict[str, str] = {}
        for key, target in targets.items():
            spelled = self._spelled(key, target)
            if spelled != self._file.text[self._spots[key].start : self._spots[key].end]:
                new[key] = spelled
        if not targets:
            return self._blob
        if not new and self._output.charset == self._file.read.charset:
            return self._file.blob
        spans = {key: (self._spots[key].start, self._spots[key].end) for key in new}
        blob = self._file.render(spans, new, self._output)
        if new:
            self._check_read_back(self._file.replaced(spans, new), new, targets)
        return blob

    def held_back(self) -> Iterator[HeldBack]:
        """Labels, names of files, expressions, scripts, macros and comments."""
        taken = {spot.start for spot in self._spots.values()} | self._reader.inside
        rules = replace(self._rules, people=self._reader.people)
        return held_back(self._file.text, _pairs(self._file.read), rules, taken)

    def _spelled(self, key: str, target: str) -> str:
        """What is written for a text. Raises RefusedTargetError."""
        spot = self._spots[key]
        if spot.form is Form.MESSAGE:
            return self._message(key, spot, target)
        try:
            if spot.form is Form.VALUE:
                guarded = is_guarded(self._file.text[spot.start : spot.end])
                spelled = spell_value(target, spot.quote, tyrano=self._rules.tyrano, guarded=guarded)
            else:
                check_line(target, spot.form, tyrano=self._rules.tyrano)
                spelled = target
        except ValueError as error:
            raise RefusedTargetError(key, f"{error}: {target[:60]!r}") from error
        if not target.strip():
            raise RefusedTargetError(key, "it is blank")
        return spelled

    def _message(self, key: str, spot: Spot, target: str) -> str:
        """A message: each of its line breaks is spelled as the one that it replaces, further ones as the last."""
        source = self._reader.source(spot)
        if target == source:
            return self._file.text[spot.start : spot.end]
        if has_controls(target) and not has_controls(source):
            raise RefusedTargetError(key, "a message cannot hold control characters")
        breaks = [self._file.text[start:end] for start, end in spot.breaks] or ["[r]"]
        parts = (target if self._rules.tyrano else spell_words(target)).split("\n")
        spelled = [parts[0]]
        for number, part in enumerate(parts[1:]):
            spelled += (breaks[min(number, len(breaks) - 1)], part)
        written = "".join(spelled)
        self._check_message(key, spot, source, target, written)
        return written

    def _check_message(self, key: str, spot: Spot, source: str, target: str, written: str) -> None:
        """Raises RefusedTargetError where a message has tags that its source has not, or would be read otherwise."""
        known = set(_tags(source, self._rules))
        for tag in _tags(target, self._rules):
            if tag not in known:
                raise RefusedTargetError(key, f"it has a tag that its source has not: {tag[:60]!r}")
        before = self._file.text[max(0, spot.start - 1) : spot.start]
        at_start = not before or before in "\r\n\t" or (self._rules.tyrano and before.isspace())
        if self._guessed and not self._rules.tyrano and _SPEAKER.search(written, 0 if at_start else 1):
            raise RefusedTargetError(key, "a line that starts with # would make the file look like TyranoScript")
        after = self._file.text[spot.end : spot.end + 1]
        at_end = not after or after in "\r\n" or (self._rules.tyrano and after.isspace())
        start = "" if at_start else "【x】" if before == "】" else "x[l]"
        lines = cut_text(start + written + ("" if at_end else "[p]"))
        found = Reader("".join(text + end for text, end in lines), self._rules).read(lines).segments
        if len(found) != (1 if at_start else 2) or found[-1].source != target:
            raise RefusedTargetError(key, f"{target[:60]!r} would not be read as the text of this message")

    def _check_read_back(self, text: str, new: Mapping[str, str], targets: Mapping[str, str]) -> None:
        """Raises RefusedTargetError where the written file would have other texts."""
        again = Reader(text, self._rules).read(cut_text(text)).segments
        key = misread(self.segments, again, targets, new)
        if key is not None:
            raise RefusedTargetError(key, f"with it, texts of the file would change: {targets[key][:60]!r}")


def _unended(file: SpanText, places: Sequence[int]) -> str:
    """The notice of tags without their ends, with the place of the first."""
    line, _ = file.place(places[0])
    at = file.byte_at(places[0])
    byte = "" if at is None else f" (byte {at})"
    which = "a tag does" if len(places) == 1 else f"{len(places)} tags do"
    return (
        f"line {line}{byte}: {which} not end on the line, as with a quotation mark that is never closed; texts in "
        "there are left out and listed by --held-back"
    )


def _pairs(lines: Lines) -> Iterator[tuple[str, str]]:
    return ((line.text, line.end) for line in lines.lines)


def _tags(text: str, rules: Rules) -> Iterator[str]:
    """The tags of a text, without the words that they show. The beginnings of its lines are looked at as if they stood
    inside of ones.
    """
    for line in text.split("\n"):
        guarded = f"x{line}"
        for token in tokens([(guarded, "")], tyrano=rules.tyrano):
            if token.kind is Kind.TAG or token.kind is Kind.BROKEN:
                yield blanked(guarded[token.start : token.end])


def _output(lines: Lines, options: FormatOptions, rules: Rules) -> Output:
    """The charset to write in: UTF-16LE with a byte order mark, which KiriKiri reads, where the file's lacks
    the language.

    A file of ASCII alone is one of those: without a mark the engine reads other bytes in its system's charset.
    """
    if rules.tyrano:
        require_utf8(options, "TyranoScript reads its scenarios as UTF-8 only")
        return Output("utf-8", lines.bom)
    language = LANGUAGES.get(options.target_language or "")
    plain = not lines.bom and all(line.raw.isascii() for line in lines.lines)
    if options.output_charset is not None or language is None:
        return choose_output(lines, options)
    if can_encode(lines.charset, language.code) and not plain:
        return choose_output(lines, options)
    why = "ASCII" if plain else lines.charset
    notice = (
        f"{why} cannot hold {language.english} text, so it is written as UTF-16LE with a byte order mark, which "
        "the engine reads; choose another charset with --output-charset"
    )
    wide = choose_output(lines, replace(options, output_charset="utf-16"))
    return Output(wide.charset, wide.bom, (notice,))


KAG_CHARSETS = tuple(name for name in CHARSETS if name != "utf-16-be")
