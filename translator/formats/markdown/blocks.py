"""Finding the texts of a Markdown file: markdown-it reads its blocks, this module finds them in the lines of the file.

markdown-it (CommonMark with GitHub's tables) is run for its blocks only, over lines that are numbered as the file's; so
each content line of a paragraph is the end of a line of the file. What it holds for a reference (`[label]: address`) is
told here, since it drops those without a token; so are notes (`[^1]: text`), lines of `:::`, and front matter.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import regex

from translator.core.document import HeldBack
from translator.core.loose import SPEECH
from translator.core.segment import Limits, Role
from translator.formats.markdown.formulas import formula
from translator.formats.markdown.inline import speaks
from translator.formats.markdown.references import definitions, labels_of, with_labels
from translator.formats.markdown.tables import cells

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

EDGE = regex.compile(r"[\s\ufeff\u200b]*+")
_EDGE_END = regex.compile(r"(?r)[\s\ufeff\u200b]*")
_TASK = regex.compile(r"\[[ xX]\][ \t]++(?=\S)")
_ALERT = regex.compile(r"\[![A-Za-z]+\][+\-]?[ \t]*")
_NOTE = regex.compile(r"\[\^[^\[\]\s]{1,200}\]:[ \t]*")
_DIRECTIVE = regex.compile(r":{3,}[^\n]*")
_YAML = regex.compile(r"[\"']?[\w][\w .\-]*[\"']?[ \t]*:(?:[ \t]|$)")
_TOML = regex.compile(r"(?:[\"']?[\w][\w.\-]*[\"']?[ \t]*=|\[)")
_ATX_END = regex.compile(r"(?r)[ \t]+#+[ \t]*")
_HARD = regex.compile(r"(?r)(?<!\\)(?:\\\\)*\\")
_UNSEEN = regex.compile(r"[>\s\-+*\d.)]*")
"""A line of marks and such white space as markdown-it trims from a paragraph (a full-width space)."""

_SENTENCE_END = regex.compile(r"(?r)[。！？!?.…‥―—♪](?:[」』）)”\"’'*_~]|\[\^[^\[\]]{1,20}\])*|[」』”](?:[*_~])*")
_NEARLY_ALL = 0.8
_WORD = regex.compile(r"[\p{L}\p{N}]")

_SOFT, _LONE, _ONE_LINE = Limits(wrap=True), Limits(), Limits(single=True)
_DEEPEST = 60
_DEEP = regex.compile(r"(?m)^(?![> \t]*+[-*_ \t]*+$)[ \t]*+(?:(?:>|(?:[\-+*]|\d{1,9}[.)])(?=[ \t]))[ \t]*+){9,}+")
"""A line that begins with more marks of quotes and lists than anybody writes; it would take that many times as long.

Beyond `_DEEPEST` levels (a list has two) markdown-it passes over all that follows in the same list.
"""

_CODES = {"fence": "code", "code_block": "code", "html_block": "HTML", "formula": "formula"}


class Row(NamedTuple):
    """A part of a line: its number, and the columns where it begins and ends."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A text: what it is, where its lines stand, and what a line that is added begins with.

    kind: `paragraph`, `heading` or `cell`.
    """

    key: str
    scene: str
    role: Role
    kind: str
    source: str
    limits: Limits
    rows: tuple[Row, ...]
    prefix: str
    notes: tuple[str, ...] = ()


@dataclass
class Found:
    """The texts of a file, and what is held back with the number of its line, in the order of the file.

    labels: those that it says what they refer to.
    """

    blocks: list[Block] = field(default_factory=list[Block])
    held: list[HeldBack] = field(default_factory=list[HeldBack])
    covered: bytearray = field(default_factory=bytearray)
    labels: set[str] = field(default_factory=set[str])


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  it takes half as long as all formats together

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.disable("reference")
    # looked for wherever a fence is, which may end a paragraph, too
    parser.block.ruler.before("fence", "formula", formula, {"alt": ["paragraph", "blockquote", "list"]})
    return parser


def find_blocks(lines: Sequence[str]) -> Found:
    """The texts of a file's lines (without their ends), and what is held back."""
    lines = list(lines)
    whole = "\n".join(lines)
    if "\0" in whole:  # as markdown-it reads it
        whole = whole.replace("\0", "\ufffd")
        lines = whole.split("\n")
    front = _front_matter(lines)
    text = "\n".join([""] * front + lines[front:]) if front else whole
    if _DEEP.search(text) is not None:
        text = "\n".join("" if _DEEP.match(line) else line for line in text.split("\n"))
    tokens = _parser().parse(text)
    paragraphs = (inline.content for opening, inline in pairwise(tokens) if opening.type == "paragraph_open")
    reader = _Reader(lines, labels_of(paragraphs))
    if front:
        reader.hold(0, front, "front matter")
    reader.read(tokens)
    reader.hold_uncovered()
    return reader.found


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines at the file's start are its front matter (YAML or TOML with its fences)."""
    if not lines:
        return 0
    first = lines[0].lstrip("\ufeff").rstrip()
    ends, entry = (("---", "..."), _YAML) if first == "---" else (("+++",), _TOML)
    if first not in ("---", "+++"):
        return 0
    said = next((line for line in lines[1:] if not line.lstrip().startswith("#")), "")
    if not (entry.match(said) or said.rstrip() in ends):
        return 0
    return next((number + 1 for number, line in enumerate(lines) if number and line.rstrip() in ends), 0)


class _Reader:
    """Goes through the tokens of a file once."""

    def __init__(self, lines: Sequence[str], labels: set[str]) -> None:
        self.found = Found(covered=bytearray(len(lines)), labels=labels)
        self._lines = lines
        self._counts: Counter[str] = Counter()
        self._scene, self._filled, self._after_heading = 1, False, False

    def hold(self, start: int, end: int, reason: str) -> None:
        """Hold lines back; blank ones are not worth a word."""
        text = "\n".join(self._lines[start:end])
        self.found.covered[start:end] = b"\1" * (end - start)
        if text.strip():
            self.found.held.append(HeldBack(f"line {start + 1}", text, reason))

    def hold_uncovered(self) -> None:
        """Hold back what no block has: lines in more quotes and lists than markdown-it looks into."""
        number, total = 0, len(self._lines)
        covered = self.found.covered
        while (number := covered.find(0, number)) >= 0:
            end = covered.find(1, number)
            end = total if end < 0 else end
            for line in range(number, end):
                if not _UNSEEN.fullmatch(self._lines[line]):
                    self.hold(line, line + 1, "nested too deeply")
            number = end
        self.found.held.sort(key=lambda held: int(held.place[5:]))

    def read(self, tokens: "Sequence[Token]") -> None:
        """Take the texts of all tokens."""
        number = 0
        while number < len(tokens):
            token = tokens[number]
            if token.map is None:
                pass
            elif token.type in _CODES:
                start, end = token.map
                self.hold(start, end, _CODES[token.type])
            elif token.type == "hr":
                self.found.covered[token.map[0] : token.map[1]] = b"\1" * (token.map[1] - token.map[0])
                self._part()
            elif token.type == "tr_open":
                number = self._row(tokens, number)
            elif token.type == "table_open":
                self.found.covered[token.map[0] : token.map[1]] = b"\1" * (token.map[1] - token.map[0])
            elif token.type == "heading_open":
                self._heading(token, tokens[number + 1])
                number += 2
            elif token.type == "paragraph_open":
                item = number > 0 and tokens[number - 1].type == "list_item_open"
                self._paragraph(token.map[0], token.map[1], tokens[number + 1].content, item=item)
                number += 2
            number += 1

    def _part(self) -> None:
        """Begin a scene, if this one has any text."""
        if self._filled:
            self._scene, self._filled = self._scene + 1, False
        self._after_heading = False

    def _add(
        self,
        kind: str,
        rows: Sequence[Row],
        *,
        limits: Limits,
        prefix: str = "",
        notes: tuple[str, ...] = (),
    ) -> None:
        """Add a text, if there is anything to translate in it; white space at its edges stays outside."""
        trimmed = self._trimmed(rows)
        if not trimmed:
            return
        raw = "\n".join(self._lines[row.line][row.start : row.end] for row in trimmed)
        source = with_labels(raw, self.found.labels)
        if not speaks(source):
            if _WORD.search(raw):
                self.found.held.append(HeldBack(f"line {rows[0].line + 1}", raw, "code or address only"))
            return
        spoken = kind != "heading" and source.lstrip("*_~　 ").startswith(SPEECH)
        scene = str(self._scene)
        self._counts[scene] += 1
        self._filled = True
        self._after_heading = kind == "heading"
        self.found.blocks.append(
            Block(
                f"{scene}.{self._counts[scene]}",
                scene,
                Role.DIALOGUE if spoken else Role.NARRATION,
                kind,
                source,
                limits,
                trimmed,
                prefix,
                notes,
            )
        )

    def _trimmed(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        first, last = rows[0], rows[-1]
        if not (_at_edge(self._lines[first.line], first.start) or _at_edge(self._lines[last.line], last.end - 1)):
            return tuple(rows) if first.start < first.end else tuple(rows[1:])
        edge = EDGE.match(self._lines[first.line], first.start, first.end)
        begin = edge.end() if edge else first.start
        changed = [Row(first.line, begin, first.end), *rows[1:]] if begin < first.end else list(rows[1:])
        if not changed:
            return ()
        last = changed[-1]
        edge = _EDGE_END.match(self._lines[last.line], last.start, last.end)
        changed[-1] = Row(last.line, last.start, edge.start() if edge else last.end)
        return tuple(changed)

    def _heading(self, opening: "Token", inline: "Token") -> None:
        start, end = opening.map or (0, 0)
        if not self._after_heading:
            self._part()
        setext = opening.markup in ("=", "-")
        if setext:
            self._lines_of("heading", start, end - 1, inline.content, item=False)
        elif inline.content:
            line = self._lines[start]
            kept = line.rstrip()
            closing = _ATX_END.match(kept)
            if not kept.endswith(inline.content) and closing:
                kept = kept[: closing.start()].rstrip()
            if kept.endswith(inline.content):
                self._add(
                    "heading", [Row(start, len(kept) - len(inline.content), len(kept))], limits=_ONE_LINE,
                    notes=("heading",),
                )  # fmt: skip
            else:
                self.hold(start, end, "heading that cannot be found in its line")
        self.found.covered[start:end] = b"\1" * (end - start)
        self._after_heading = True

    def _row(self, tokens: "Sequence[Token]", number: int) -> int:
        """The cells of a table's row; gives the number of the token that closes it."""
        line = (tokens[number].map or (0, 0))[0]
        contents: list[str] = []
        while tokens[number].type != "tr_close":
            if tokens[number].type == "inline":
                contents.append(tokens[number].content)
            number += 1
        places = cells(self._lines[line], contents)
        if places is None:
            self.hold(line, line + 1, "table row that cannot be found in its line")
            return number
        for start, end in places:
            if end > start:
                self._add("cell", [Row(line, start, end)], limits=_ONE_LINE)
        return number

    def _paragraph(self, start: int, end: int, content: str, *, item: bool) -> None:
        self._after_heading = False
        self._lines_of("paragraph", start, end, content, item=item)
        self.found.covered[start:end] = b"\1" * (end - start)

    def _lines_of(self, kind: str, start: int, end: int, content: str, *, item: bool) -> None:
        rows = self._located(start, end, content)
        if rows is None:
            self.hold(start, end, f"{kind} that cannot be found in its lines")
            return
        first = rows[0]
        prefix = continued(self._lines[first.line][: first.start])
        if item and (box := _TASK.match(self._lines[first.line], first.start)):
            rows[0] = Row(first.line, min(box.end(), first.end), first.end)
        elif alert := _ALERT.match(self._lines[first.line], first.start):
            rows[0] = Row(first.line, min(alert.end(), first.end), first.end)
        rows = self._without_references(rows) if kind == "paragraph" else rows
        for group in self._groups(rows):
            self._group(kind, group, prefix)

    def _located(self, start: int, end: int, content: str) -> list[Row] | None:
        """Where the content's lines stand in the file's; None if they do not."""
        texts = content.split("\n")
        while end - start > len(texts) and _UNSEEN.fullmatch(self._lines[end - 1]):
            end -= 1
        while end - start > len(texts) and _UNSEEN.fullmatch(self._lines[start]):
            start += 1
        if len(texts) != end - start:
            return None
        rows: list[Row] = []
        for number, text in enumerate(texts, start):
            kept, wanted = self._lines[number].rstrip(), text.strip()
            if not kept.endswith(wanted):
                return None
            rows.append(Row(number, len(kept) - len(wanted), len(kept)))
        return rows

    def _without_references(self, rows: list[Row]) -> list[Row]:
        """The rows less those at their start that say what a label refers to."""
        if not self._text(rows[0]).startswith("["):
            return rows
        at = 0
        for _, size in definitions([self._text(row) for row in rows]):
            self.hold(rows[at].line, rows[at + size - 1].line + 1, "link reference")
            at += size
        return rows[at:]

    def _text(self, row: Row) -> str:
        return self._lines[row.line][row.start : row.end]

    def _groups(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """A paragraph's rows, parted before each note, at lines of `:::` and at those of full-width spaces only."""
        group: list[Row] = []
        for row in rows:
            line = self._lines[row.line]
            if line[row.start : row.start + 1].isalnum():
                group.append(row)
                continue
            note = _NOTE.match(line, row.start)
            if note or _DIRECTIVE.match(line, row.start) or EDGE.fullmatch(line, row.start, row.end):
                if group:
                    yield group
                group = [Row(row.line, min(note.end(), row.end), row.end)] if note else []
            else:
                group.append(row)
        if group:
            yield group

    def _group(self, kind: str, rows: list[Row], prefix: str) -> None:
        ends = [row.end - 1 if self._slashed(row) else row.end for row in rows[:-1]]
        shown = any(map(self._is_shown, rows, rows[1:])) or self._ends_sentences(rows[:-1])
        rows = [*(Row(row.line, row.start, end) for row, end in zip(rows, ends, strict=False)), rows[-1]]
        notes = ("heading",) if kind == "heading" else ()
        lone = _ONE_LINE if notes else _LONE
        limits = lone if len(rows) == 1 else _LONE if shown else _SOFT
        self._add(kind, rows, limits=limits, prefix=prefix, notes=notes)

    def _is_shown(self, above: Row, below: Row) -> bool:
        """Whether a break is one that readers see: by its marks, or since the writer indents the next line."""
        indented = "\u3000" in self._lines[below.line][: below.start]
        return self._lines[above.line].endswith("  ") or self._slashed(above) or indented

    def _ends_sentences(self, rows: Sequence[Row]) -> bool:
        """Whether nearly all of these lines end with a sentence: a line is a paragraph for this writer."""
        ended = sum(_SENTENCE_END.match(self._text(row)) is not None for row in rows)
        return ended >= len(rows) * _NEARLY_ALL

    def _slashed(self, row: Row) -> bool:
        return row.end == len(self._lines[row.line]) and _HARD.match(self._text(row)) is not None


def _at_edge(line: str, column: int) -> bool:
    """Whether a character may belong to the white space at a text's edge."""
    return not line[column : column + 1].isalnum()


def continued(prefix: str) -> str:
    """What a further line of a paragraph begins with whose first line begins with `prefix`."""
    return "".join(c if c in ">\t\u3000" else " " for c in prefix)
