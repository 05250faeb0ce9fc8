r"""Scripts of NScripter and ONScripter: `0.txt` to `99.txt`, and `nscript.dat` (the same, each byte XOR 0x84).

Facts are from ONScripter's ScriptHandler and from five public games. A line is text where it begins with a character
that is no ASCII letter (a letter begins a command), with a backtick or with `>`; it goes to the end of the line. A
message is a run of text lines up to one that ends a page with `\`. Strings of commands have no escapes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS, can_encode
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
from translator.core.languages import LANGUAGES
from translator.core.lines import Lines, read_lines
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import NO_LIMITS, Limits, Role, Segment
from translator.core.spantext import SpanText
from translator.core.splice import Edit, splice
from translator.core.textfile import Output, choose_output

KEY = 0x84
_XOR = bytes(byte ^ KEY for byte in range(256))

_CODE = r"(?:!sd|![swd]\d+|\#[0-9A-Fa-f]{6}|[@\\]|/(?=[ \t　]*(?:\n|\Z))|[%$]\w+|\?\w+(?:\[[^\]\n]*\])+)"
_CODES = regex.compile(_CODE)
_TICKED_CODES = regex.compile(rf"(?:{_CODE})+")
_RUBY_TEXT = r"[^()/\n]+"
_READING = r"[\p{Hiragana}\p{Katakana}ー・]+"
MARKUP = MarkupSyntax(
    rules=(
        MarkupRule(rf"`?{_CODE}`?"),
        MarkupRule(rf"\((?={_RUBY_TEXT}/{_READING}\))", fate=Fate.DROP),
        MarkupRule(rf"(?<=\({_RUBY_TEXT})/{_READING}\)", fate=Fate.DROP),
    )
)

_NAME_FILE = regex.compile(r"(?i)\d{1,2}\.txt|nscript\.dat")
_MARKS = regex.compile(rb"(?mi)^[ \t]*(?:\*define|\*start|game|;mode\d+|;\$V\d+)\b")
_COMMANDS = regex.compile(
    rb"(?m)^[ \t]*(?:bg|ld|cl|bgm|wave|dwave|lsp|csp|print|goto|gosub|mov|return|setwindow|select|csel)\b[ \t\r\n]"
)
_ENOUGH = 3
_LABEL = regex.compile(r"[ \t]*\*+(\w+)")
_TEXT_LINE = regex.compile(r"""[ \t]*(?:[^\x00-\x7f]|[0-9@\\/%?$\[(<`>!#,"'.\-+=&])""")
_PREFIX = regex.compile(r"[ \t]*(?:>|\[[^\]\n|]*\|[^\]\n]*\])?　*")
_SUFFIX = regex.compile(r"[@\\/ \t　]*\Z")
_VOICED_NAME = regex.compile(r"[ \t]*\[[^\]\n|]*\|【([^】\n]+)】\|")
_NAME_LINE = regex.compile(r"[ \t]*>?(?:【([^】\n|]{1,30})】|\[([^\]\n|]{1,30})\])[ \t　]*")
_LETTER = regex.compile(r"[\p{L}\p{N}]|…")
_WORD = regex.compile(r"\p{L}")
_SETWINDOW = regex.compile(r"(?i)\bsetwindow\d?\s+-?\d+\s*,\s*-?\d+\s*,\s*(\d+)\s*,\s*(\d+)")
_TOKEN = regex.compile(r'"(?P<string>[^"\n]*)"|;(?P<comment>.*)|(?P<label>\*\w+)|(?P<word>[A-Za-z_]\w*)')
_DRAWN = regex.compile(r":s[^;]*;(?:#[0-9A-Fa-f]{6})*")
_CHOICES = regex.compile(r"(?i)(?:sel(?:ect|gosub|num)|csel(?:ect)?)\d*\Z")
_SHOWN = frozenset({"caption", "versionstr", "mesbox", "savename", "rmenu", "insertmenu", "input"})
_SPRITES = frozenset({"lsp", "lsph", "lsp2", "lsph2"})
_STARTS_COMMAND = regex.compile(r"[ \t]*(?:[A-Za-z_*;:~{}|^]|\Z)")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a text stands, the spans of its line breaks, and how each of its lines is spelled."""

    start: int
    end: int
    quoted: bool
    breaks: tuple[tuple[int, int], ...] = ()
    ticked: bool = False
    bare: bool = False
    new_break: str = "\n"


@dataclass(slots=True)
class _Line:
    """A text line of a message that is being read."""

    start: int
    core: int
    core_end: int
    end: int
    text: str


@dataclass
class _Reader:
    """Reads the lines of a script in order."""

    segments: list[Segment] = field(default_factory=list[Segment])
    spots: dict[str, _Spot] = field(default_factory=dict[str, _Spot])
    held: list[HeldBack] = field(default_factory=list[HeldBack])
    label: str = ""
    limits: Limits = NO_LIMITS
    speaker: str | None = None
    message: list[_Line] = field(default_factory=list[_Line])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    command: str = ""
    continued: bool = False
    whole: str = ""
    line_end: str = "\n"

    def read(self, text: str) -> None:
        self.whole = text
        at = 0
        for raw in (
            text.splitlines(keepends=True)
            if text.isascii()
            else regex.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text)
        ):
            line = raw.rstrip("\r\n")
            self.line_end = raw[len(line) :] or self.line_end
            self._line(line, at)
            at += len(raw)
        self._flush()

    def _line(self, line: str, at: int) -> None:
        if self.continued or not _TEXT_LINE.match(line):
            self._flush()
            if not line.strip():
                self.continued = False
                self.speaker = None if not self.segments or self.segments[-1].role is not Role.NAME else self.speaker
                return
            self._command(line, at)
            return
        self._text(line, at)

    def _text(self, line: str, at: int) -> None:
        named = _NAME_LINE.fullmatch(line)
        if named:
            self._flush()
            group = 1 if named[1] is not None else 2
            self._name(named.start(group) + at, named[group])
            return
        voiced = _VOICED_NAME.match(line)
        prefix = _PREFIX.match(line)
        begin = prefix.end() if prefix else 0
        if line.lstrip().startswith("["):
            self._flush()
            self.speaker = None
            if voiced:
                self._name(voiced.start(1) + at, voiced[1])
        suffix = _SUFFIX.search(line, begin)
        end = suffix.start() if suffix else len(line)
        core = line[begin:end]
        if not _LETTER.search(_CODES.sub("", core)):
            self._flush()
            self.speaker = None
            return
        self.message.append(_Line(at, at + begin, at + end, at + len(line), core))
        if "\\" in line[end:]:
            self._flush()
            self.speaker = None

    def _name(self, start: int, name: str) -> None:
        source = name.strip(" 　")
        if not _WORD.search(source):
            self.speaker = None
            return
        begin = start + name.index(source)
        self.speaker = source
        self._add(Role.NAME, source, _Spot(begin, begin + len(source), quoted=True), Limits(single=True))

    def _flush(self) -> None:
        if not self.message:
            return
        lines, self.message = self.message, []
        first, last = lines[0], lines[-1]
        parts: list[str] = []
        breaks: list[tuple[int, int]] = []
        ticked = all(_plain_ticks(line.text) for line in lines)
        for number, line in enumerate(lines):
            text = line.text
            if number + 1 < len(lines):  # codes at the end of an inner line stay in sight
                text = self.whole[line.core : line.end].rstrip(" \t　")
                breaks.append((line.core + len(text), lines[number + 1].core))
            parts.append(text.replace("`", "") if ticked else text)
        quoted_lines = self.whole[first.start : first.core].strip(" \t") == ">"
        new_break = self.line_end + (">" if quoted_lines else "")
        limits = replace(self.limits, wrap=True) if quoted_lines else self.limits
        bare = not self.whole[first.start : first.core].strip(" \t")
        spot = _Spot(
            first.core, last.core_end, quoted=False, breaks=tuple(breaks), ticked=ticked, bare=bare, new_break=new_break
        )
        role = Role.DIALOGUE if self.speaker or parts[0].startswith(("「", "『", '"', "“")) else Role.NARRATION
        self._add(role, "\n".join(parts), spot, limits)

    def _add(self, role: Role, source: str, spot: _Spot, limits: Limits) -> None:
        kind = {Role.NAME: "name/", Role.CHOICE: "choice/", Role.DESCRIPTION: "string/"}.get(role, "")
        place = f"{self.label}/{kind}"
        self.counts[place] = number = self.counts.get(place, 0) + 1
        key = f"{place}{number}"
        message = role in (Role.DIALOGUE, Role.NARRATION)
        self.spots[key] = spot
        self.segments.append(
            Segment(
                key,
                source,
                role,
                scene=self.label,
                speaker=self.speaker if message else None,
                limits=limits,
                binding="name" if role is Role.NAME else None,
            )
        )

    def _command(self, line: str, at: int) -> None:
        label = _LABEL.match(line)
        if label and not self.continued:
            name = label[1].lower()
            self.counts[f"*{name}"] = seen = self.counts.get(f"*{name}", 0) + 1
            self.label = name if seen == 1 else f"{name}~{seen}"
            self.speaker = None
            self.held.append(HeldBack(self.label, label[1], "label"))
            return
        grid = _SETWINDOW.match(line.lstrip())
        if grid:
            self.limits = Limits(columns=2 * int(grid[1]) or None, lines=int(grid[2]) or None)
        if not self.continued:
            self.command = ""
        for token in _TOKEN.finditer(line):
            if token["comment"] is not None:
                if _WORD.search(token["comment"]):
                    self.held.append(HeldBack(self.label, token["comment"], "comment"))
            elif token["word"] is not None:
                if not line[: token.start()].rstrip().endswith((",", "%", "$", "?")):
                    self.command = token["word"].lower()
            elif token["string"] is not None:
                self._string(token["string"], at + token.start() + 1)
        self.continued = bool(_CHOICES.match(self.command)) and line.rstrip().endswith(",")

    def _string(self, text: str, at: int) -> None:
        if not _WORD.search(text):
            return
        choice = bool(_CHOICES.match(self.command))
        drawn = _DRAWN.match(text) if self.command in _SPRITES else None
        if drawn:
            at, text = at + drawn.end(), text[drawn.end() :]
        shown = choice or self.command in _SHOWN or drawn
        if not shown or text.startswith(("*", ":")) or not _WORD.search(text):
            reason = "label" if text.startswith("*") else f"string of {self.command or 'a command'}"
            self.held.append(HeldBack(self.label, text, reason))
            return
        source = text.strip(" \t　")
        start = at + text.index(source)
        spot = _Spot(start, start + len(source), quoted=True)
        self._add(Role.CHOICE if choice else Role.DESCRIPTION, source, spot, Limits(single=True))


def _plain_ticks(core: str) -> bool:
    """Whether a line is in backticks that can be left out and put back: no code stands inside of them."""
    if not core.startswith("`"):
        return False
    return not any(_CODES.search(run) for run in core.split("`")[1::2])


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


class NScripterDocument:
    """A script, opened."""

    def __init__(self, blob: bytes, options: FormatOptions) -> None:
        """Raises FormatError."""
        self._blob = blob
        self._scrambled = is_scrambled(blob)
        plain = blob.translate(_XOR) if self._scrambled else blob
        lines = read_lines(plain, charset=options.charset)
        self._file = SpanText(lines, plain)
        self._output = _output(lines, options)
        self._reader = _Reader()
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
        """That the charset lacks the language, or that there is no text."""
        return self._output.notices if self.segments else ("no text: it has only commands, labels and comments",)

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
        self._check_read_back(new, targets)
        return body.translate(_XOR) if self._scrambled else body

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
        known = set(_CODES.findall(source))
        for code in _CODES.findall(target):
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

    def _check_read_back(self, new: Mapping[str, str], targets: Mapping[str, str]) -> None:
        """Raises RefusedTargetError where the written file would have other texts."""
        spots = self._reader.spots
        again = _Reader()
        again.read(splice(self._file.text, (Edit(spots[key].start, spots[key].end, text) for key, text in new.items())))
        wanted = [(s.key, targets.get(s.key, s.source)) for s in self.segments]
        got = [(s.key, s.source) for s in again.segments]
        if wanted == got:
            return
        pairs = enumerate(zip(wanted, got, strict=False))
        first = next((n for n, (a, b) in pairs if a != b), min(len(wanted), len(got)))
        before = [key for key, _ in wanted[: first + 1] if key in new]
        key = before[-1] if before else next(iter(new))
        raise RefusedTargetError(key, f"{targets[key][:60]!r} would not be read as this text")


def is_scrambled(blob: bytes) -> bool:
    """Whether the bytes are a script only after XOR 0x84."""
    head = blob[:65536]
    return not _MARKS.search(head) and bool(_MARKS.search(head.translate(_XOR)))


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


class NScripterFormat:
    """The format `nscripter`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="nscripter",
        title="NScripter script",
        family=Family.GAME,
        patterns=("[0-9].txt", "[0-9][0-9].txt", "nscript.dat"),
        charsets=("cp932", *(name for name in CHARSETS if name != "cp932" and not name.startswith("utf-16"))),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """Certain by a script's name and marks of the engine; likely by its name and several commands."""
        if not _NAME_FILE.fullmatch(name.name):
            return Confidence.NONE
        plain = head.translate(_XOR) if is_scrambled(head) else head
        if _MARKS.search(plain):
            return Confidence.CERTAIN
        return Confidence.LIKELY if len(_COMMANDS.findall(plain)) >= _ENOUGH else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a script."""
        return NScripterDocument(blob, options)


FORMAT: Format = NScripterFormat()
"""The format's entry for the registry."""
