"""Reading a script: which of its lines are texts, and which strings of commands are shown."""

from dataclasses import dataclass, field, replace

import regex

from translator.core.document import HeldBack
from translator.core.lines import cut_text
from translator.core.segment import NO_LIMITS, Limits, Role, Segment

CODE = (
    r"(?:!sd|![swd][0-9]+|\#[0-9A-Fa-f]{6}|[@\\]|/(?=[ \t　]*(?:\n|\Z))|"
    r"[%$](?:[0-9]+|[A-Za-z_][A-Za-z0-9_]*)|\?[A-Za-z0-9_]++(?:\[(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+\])+)"
)
CODES = regex.compile(CODE)
_LABEL = regex.compile(r"[ \t]*\*+(\w+)")
_TEXT_LINE = regex.compile(r"""[ \t]*(?:[^\x00-\x7f]|[0-9@\\/%?$\[(<`>!#,"'.\-+=&])""")
_PREFIX = regex.compile(r"[ \t]*(?:>|\[[^\]\n]*\])?　*")
_SUFFIX = regex.compile(r"[@\\/ \t　]*\Z")
_TAG = regex.compile(r"[ \t]*\[(?:[^\]\n|]*\|【([^】\n]+)】\||([^\]\n|/]+)[/\]])")
_FILE_IN_TAG = regex.compile(r"[a-z_]*[0-9]+|.*[._\\][A-Za-z0-9_]+")
_CONDITION = regex.compile(r"^[ \t]*(?:not)?if\b[^\n]*", regex.MULTILINE)
_QUOTED = regex.compile(r'"([^"\n]*)"')
_NAME_LINE = regex.compile(r"[ \t]*>?(?:【([^】\n|]{1,30})】|\[([^\]\n|/]{1,30})\])[ \t　]*")
LETTER = regex.compile(r"[\p{L}\p{N}]|…")
_WORD = regex.compile(r"\p{L}")
_SETWINDOW = regex.compile(r"(?i)\bsetwindow\d?\s+-?\d+\s*,\s*-?\d+\s*,\s*(\d+)\s*,\s*(\d+)")
_TOKEN = regex.compile(
    r""""(?P<string>[^"\n]*)"|`(?P<ticked>[^`\n]*)`?|\^(?P<marked>[^^\n]*)\^?|"(?P<open>.*)|;(?P<comment>.*)|"""
    r"[*,%$?][ \t]*+[A-Za-z0-9_]++|(?P<word>[A-Za-z_][A-Za-z0-9_]*+)|:(?P<behind>[ \t]*+[^\sA-Za-z_*;~:].*)|"
    r"(?P<stray>[^\x00-\x7f][^;`\n]*)"
)
_OPERAND = r'(?:"[^"\n]*+"|-?[%$]*+\w++|\?\w++(?:\[[^\]\n]*+\])++)'
_TEST = rf"(?:[fl]chk[ \t]+(?:\*\w+|{_OPERAND})|{_OPERAND}[ \t]*+(?:[<>=!]=|<>|[<>=])[ \t]*+{_OPERAND})"
_IF = regex.compile(
    rf"(?ai)[ \t]*(?:not)?if[ \t]+{_TEST}(?:[ \t]*+[&|]++[ \t]*+{_TEST})*+[ \t]*+(?=[^\x00-\x7f]|[`$%#!\[])"
)
_SEEN = regex.compile(r"[^\x00-\x7f]|`")
_DRAWN = regex.compile(r":s[^;]*;(?:#[0-9A-Fa-f]{6})*")
_COLOUR = regex.compile("#[0-9A-Fa-f]{6}")
_CHOICES = regex.compile(r"(?i)(?:sel(?:ect|gosub|num)|csel(?:ect)?)\d*\Z")
_SHOWN = frozenset(
    {
        "caption", "versionstr", "mesbox", "yesnobox", "okcancelbox", "savename", "rmenu", "insertmenu", "input",
        "inputstr", "puttext", "strsp", "strsph", "logsp", "logsp2",
    }
)  # fmt: skip
_SPRITES = frozenset({"lsp", "lsph", "lsp2", "lsph2"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands, and how it is spelled.

    quote: the mark that ends it; none for lines of text. breaks: the spans of its line breaks. bare: nothing but
    white space is before it; tested: a condition is, on the same line.
    """

    start: int
    end: int
    quote: str = ""
    breaks: tuple[tuple[int, int], ...] = ()
    bare: bool = False
    tested: bool = False
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
        tag = _TAG.match(line)
        prefix = _PREFIX.match(line)
        begin = prefix.end() if prefix else 0
        if line.lstrip().startswith("["):
            self._flush()
            self.speaker = None
            if tag and (tag[1] is not None or not _FILE_IN_TAG.fullmatch(tag[2])):
                group = 1 if tag[1] is not None else 2
                self._name(tag.start(group) + at, tag[group])
            if begin == len(line):  # the text follows on the next line
                return
        suffix = _SUFFIX.search(line, begin)
        end = suffix.start() if suffix else len(line)
        core = line[begin:end]
        if not LETTER.search(CODES.sub("", core)) and not _plain_ticks(core):
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
        self._add(Role.NAME, source, Spot(begin, begin + len(source), '"'), Limits(single=True))

    def _flush(self) -> None:
        if not self.message:
            return
        lines, self.message = self.message, []
        first, last = lines[0], lines[-1]
        parts: list[str] = []
        breaks: list[tuple[int, int]] = []
        before = self.whole[first.start : first.core].strip(" \t")
        quoted_lines = before == ">"
        ticked = not quoted_lines and all(_plain_ticks(line.text) for line in lines)
        for number, line in enumerate(lines):
            text = line.text
            if number + 1 < len(lines):  # codes at the end of an inner line stay in sight
                text = self.whole[line.core : line.end].rstrip(" \t　")
                breaks.append((line.core + len(text), lines[number + 1].core))
            parts.append(text.replace("`", "") if ticked else text)
        new_break = self.line_end + (">" if quoted_lines else "")
        limits = replace(self.limits, wrap=True) if quoted_lines else self.limits
        tested = first.start > 0 and self.whole[first.start - 1] not in "\r\n:"
        spot = Spot(first.core, last.core_end, "", tuple(breaks), not before, tested, new_break)
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
            behind, _, comment = line[label.end() :].partition(";")
            self._hold(behind, "text behind a command")
            self._hold(comment, "comment")
            return
        grid = _SETWINDOW.match(line.lstrip())
        if grid:
            self.limits = Limits(columns=2 * int(grid[1]) or None, lines=int(grid[2]) or None)
        if not self.continued:
            self.command = ""
        test = _IF.match(line)
        end = test.end() if test and _SEEN.search(line, test.end()) else len(line)
        for token in _TOKEN.finditer(line, 0, end):
            if token.lastgroup is not None:
                self._token(token.lastgroup, token[token.lastgroup], at + token.start(token.lastgroup), token[0][0])
        if end < len(line):
            self._text(line[end:], at + end)
        self.continued = bool(_CHOICES.match(self.command)) and line.rstrip().endswith(",")

    def _token(self, kind: str, text: str, at: int, mark: str) -> None:
        match kind:
            case "word":
                self.command = text.lower()
            case "string" | "ticked":
                self._string(text, at, mark)
            case "behind" if _SEEN.search(text):
                self._text(text, at)
            case "open":
                self.unclosed.append(at - 1)
                self.held.append(HeldBack(self.label, text, "a string without its end"))
            case _:
                self._hold(text, {"comment": kind, "marked": self._user()}.get(kind, "text behind a command"))

    def _user(self) -> str:
        return f"string of {self.command or 'a command'}"

    def _hold(self, text: str, reason: str) -> None:
        if _WORD.search(text):
            self.held.append(HeldBack(self.label, text, reason))

    def _string(self, text: str, at: int, quote: str) -> None:
        if not _WORD.search(text):
            return
        choice = bool(_CHOICES.match(self.command))
        drawn = _DRAWN.match(text) if self.command in _SPRITES else None
        if drawn:
            at, text = at + drawn.end(), text[drawn.end() :]
        shown = choice or self.command in _SHOWN or drawn
        if not shown or text.startswith(("*", ":")) or _COLOUR.fullmatch(text) or not _WORD.search(text):
            self.held.append(HeldBack(self.label, text, "label" if text.startswith("*") else self._user()))
            return
        source = text.strip(" \t　")
        start = at + text.index(source)
        spot = Spot(start, start + len(source), quote)
        self._add(Role.CHOICE if choice else Role.DESCRIPTION, source, spot, Limits(single=True))


def _plain_ticks(core: str) -> bool:
    """Whether a line is in backticks that can be left out and put back: only codes are before them, none in them."""
    before, tick, _ = core.partition("`")
    text = core.replace("`", "")
    seen = CODES.sub("", text).strip(" \t　")
    if not tick or not seen or CODES.sub("", before) or text.endswith(("@", "\\", "/")):
        return False
    return CODES.findall(text) == [code for outside in core.split("`")[::2] for code in CODES.findall(outside)]
