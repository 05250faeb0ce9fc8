"""Reading a script: which of its lines are texts, and which strings of commands are shown."""

from dataclasses import dataclass, field, replace

import regex

from translator.core.document import HeldBack
from translator.core.lines import cut_text
from translator.core.segment import NO_LIMITS, Limits, Role, Segment

CODE = (
    r"(?:!sd|![swd][0-9]+|\#[0-9A-Fa-f]{6}|[@\\]|/(?=[ \t　]*(?:\n|\Z))|"
    r"[%$][A-Za-z0-9_]+|\?[A-Za-z0-9_]++(?:\[(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+\])+)"
)
CODES = regex.compile(CODE)
_LABEL = regex.compile(r"[ \t]*\*+(\w+)")
_TEXT_LINE = regex.compile(r"""[ \t]*(?:[^\x00-\x7f]|[0-9@\\/%?$\[(<`>!#,"'.\-+=&])""")
_PREFIX = regex.compile(r"[ \t]*(?:>|\[[^\]\n|]*\|[^\]\n]*\])?　*")
_SUFFIX = regex.compile(r"[@\\/ \t　]*\Z")
_VOICED_NAME = regex.compile(r"[ \t]*\[[^\]\n|]*\|【([^】\n]+)】\|")
_CONDITION = regex.compile(r"^[ \t]*(?:not)?if\b[^\n]*", regex.MULTILINE)
_QUOTED = regex.compile(r'"([^"\n]*)"')
_NAME_LINE = regex.compile(r"[ \t]*>?(?:【([^】\n|]{1,30})】|\[([^\]\n|]{1,30})\])[ \t　]*")
_LETTER = regex.compile(r"[\p{L}\p{N}]|…")
_WORD = regex.compile(r"\p{L}")
_SETWINDOW = regex.compile(r"(?i)\bsetwindow\d?\s+-?\d+\s*,\s*-?\d+\s*,\s*(\d+)\s*,\s*(\d+)")
_TOKEN = regex.compile(r'"(?P<string>[^"\n]*)"|;(?P<comment>.*)|(?P<label>\*\w+)|(?P<word>[A-Za-z_]\w*)')
_UNQUOTED = regex.compile(r'"[^"\n]*"|`[^`\n]*`?|\^[^^\n]*\^?|;.*|(?P<open>")')
_DRAWN = regex.compile(r":s[^;]*;(?:#[0-9A-Fa-f]{6})*")
_CHOICES = regex.compile(r"(?i)(?:sel(?:ect|gosub|num)|csel(?:ect)?)\d*\Z")
_SHOWN = frozenset({"caption", "versionstr", "mesbox", "savename", "rmenu", "insertmenu", "input"})
_SPRITES = frozenset({"lsp", "lsph", "lsp2", "lsph2"})


@dataclass(frozen=True, slots=True)
class Spot:
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
class Reader:
    """Reads the lines of a script in order. unclosed: where strings start that do not end on their line."""

    segments: list[Segment] = field(default_factory=list[Segment])
    spots: dict[str, Spot] = field(default_factory=dict[str, Spot])
    held: list[HeldBack] = field(default_factory=list[HeldBack])
    compared: frozenset[str] = frozenset()
    label: str = ""
    limits: Limits = NO_LIMITS
    speaker: str | None = None
    message: list[_Line] = field(default_factory=list[_Line])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    command: str = ""
    continued: bool = False
    whole: str = ""
    unclosed: list[int] = field(default_factory=list[int])
    line_end: str = "\n"

    def read(self, text: str) -> None:
        """Read a whole script."""
        self.whole = text
        self.compared = frozenset(one for line in _CONDITION.findall(text) for one in _QUOTED.findall(line))
        at = 0
        for line, end in cut_text(text):
            self.line_end = end or self.line_end
            self._line(line, at)
            at += len(line) + len(end)
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
        if not _LETTER.search(CODES.sub("", core)):
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
        if source in self.compared:  # the condition would no longer hold
            self.held.append(HeldBack(self.label, source, "name that a condition compares with"))
            return
        self._add(Role.NAME, source, Spot(begin, begin + len(source), quoted=True), Limits(single=True))

    def _flush(self) -> None:
        if not self.message:
            return
        lines, self.message = self.message, []
        first, last = lines[0], lines[-1]
        parts: list[str] = []
        breaks: list[tuple[int, int]] = []
        bare = not self.whole[first.start : first.core].strip(" \t")
        ticked = bare and all(_plain_ticks(line.text) for line in lines)
        for number, line in enumerate(lines):
            text = line.text
            if number + 1 < len(lines):  # codes at the end of an inner line stay in sight
                text = self.whole[line.core : line.end].rstrip(" \t　")
                breaks.append((line.core + len(text), lines[number + 1].core))
            parts.append(text.replace("`", "") if ticked else text)
        quoted_lines = self.whole[first.start : first.core].strip(" \t") == ">"
        new_break = self.line_end + (">" if quoted_lines else "")
        limits = replace(self.limits, wrap=True) if quoted_lines else self.limits
        spot = Spot(
            first.core, last.core_end, quoted=False, breaks=tuple(breaks), ticked=ticked, bare=bare, new_break=new_break
        )
        role = Role.DIALOGUE if self.speaker or parts[0].startswith(("「", "『", '"', "“")) else Role.NARRATION
        self._add(role, "\n".join(parts), spot, limits)

    def _add(self, role: Role, source: str, spot: Spot, limits: Limits) -> None:
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
        self._look_for_unclosed(line, at)
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

    def _look_for_unclosed(self, line: str, at: int) -> None:
        for found in _UNQUOTED.finditer(line) if '"' in line else ():
            if found["open"]:
                self.unclosed.append(at + found.start())
                self.held.append(HeldBack(self.label, line[found.end() :], "a string without its end"))
                return

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
        spot = Spot(start, start + len(source), quoted=True)
        self._add(Role.CHOICE if choice else Role.DESCRIPTION, source, spot, Limits(single=True))


def _plain_ticks(core: str) -> bool:
    """Whether a line is in backticks that can be left out and put back: no code stands inside of them."""
    if not core.startswith("`"):
        return False
    text = core.replace("`", "")
    if CODES.match(text) or any(code.end() == len(text) for code in CODES.finditer(text)):
        return False
    return not any(CODES.search(run) for run in core.split("`")[1::2])
