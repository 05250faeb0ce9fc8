"""Fitting a translation to the window that it is shown in: paragraphs, line breaks, boxes."""

import re
from dataclasses import dataclass
from functools import lru_cache

from translator.core.finding import Finding, Severity
from translator.core.linebreak import Kind, Unit, fits_kinsoku, kind, may_break, units
from translator.core.markup import MarkupSyntax
from translator.core.scripts import width
from translator.core.segment import Limits

BOX_BREAK = "\f"
"""What `fit` puts between the boxes of a text that was split; the format writes a new message there."""

_SENTENCE_ENDS = '。！？!?….‥」』）)”"♪'
_PAUSES = frozenset("。！？!?…‥、，,;；：:.」』）)”♪")
_CLOSED_SENTENCE = re.compile(r"[。！？!?….‥♪][」』）)”\"]*$|[」』）)”\"]$")
_TAG = re.compile(r"\s*(?:【[^】]+】|［[^］]+］|＜[^＞]+＞|〔[^〕]+〕|[^\s：:。、]{1,12}[：:])\s*")
_NAME = re.compile(r"\s*[^\s、。，．！？…!?「」『』（）：:]{1,12}\s*")
_SPEECH = re.compile(r"[\s　]*(?:「[^」]*(?:」\s*)?|『[^』]*(?:』\s*)?|（[^）]*(?:）\s*)?)$")
_MARK = re.compile(r"[。、，．！？!?…‥：:；;「」『』（）()\",]|[^\W\d_]\.(?:\s|$)")
_BULLET = re.compile(r"[\s　]*(?:[・･•‣*＊◆◇■□●○◎★☆※→⇒▲△▼▽▶➡]|[-－+＋](?![-－\d])|[①-⑳❶-❿]|\d{1,2}[.．)）、](?!\d))")
_TABLE = re.compile(r"\S(?: {3,}|　{2,})\S")
_LETTERS = "[\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff、。！？…]+"
_RUNNING = re.compile(f"{_LETTERS}(?:\n{_LETTERS})*")
"""Kana, Chinese characters and a sentence's own punctuation, in which no break carries meaning: most messages."""

_OPENING = frozenset("「『（(“【〈《")
_BRACKETS = {"「": "」", "『": "』", "（": "）", "(": ")", "“": "”", "〈": "〉", "《": "》"}
_ANY_BRACKET = re.compile(f"[{''.join(map(re.escape, _BRACKETS))}]")
_CENTRED = 4
"""Cells of an indent from which a line is taken to be placed by hand (a title), not to go on the line before."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as it is written to the file, and what a person should know about how it fits."""

    text: str
    findings: tuple[Finding, ...] = ()


def measure(text: str, markup: MarkupSyntax) -> int:
    """Half-width cells of one line: its characters as `core.scripts.width` counts, its codes as their rules say."""
    return sum(piece.rule.cells if piece.rule else width(piece.text) for piece in markup.tokenize(text))


def wrap(text: str, columns: int, markup: MarkupSyntax) -> list[str]:
    """Break one paragraph into lines of at most `columns` half-width cells, never inside a markup code.

    Spaced scripts break at spaces, which are dropped there; CJK text between any two characters that kinsoku allows
    to part. A word longer than a line is broken, and only such a word. A line is wider than `columns` only where a
    single character or code is.
    """
    return _wrap(units(text, markup), columns, at_pauses=False)


def _wrap(found: list[Unit], columns: int, *, at_pauses: bool) -> list[str]:
    """Wrap as `wrap` says; with `at_pauses`, a line that is a third full ends after its last pause."""
    lines: list[str] = []
    start = 0
    while (index := _full(found, start, columns)) < len(found):
        pause = _last_pause(found, start, index, columns) if at_pauses else None
        cut = pause or _last_break(found, start, index) or _forced(found, start, index)
        lines.append(_line(found[start:cut]))
        start = cut
    lines.append("".join(u.text for u in found[start:]))
    return lines


def _full(found: list[Unit], start: int, columns: int) -> int:
    """The first unit that no longer fits a line that begins at `start`; spaces may hang over, one unit always fits."""
    used = 0
    for index in range(start, len(found)):
        unit = found[index]
        used += unit.cells
        if used > columns and index > start and unit.kind is not Kind.SPACE and unit.cells:
            return index
    return len(found)


# Places to break are looked for backward from where a line is full: most characters are then never looked at.
def _last_break(found: list[Unit], start: int, index: int) -> int | None:
    for place in range(index, start, -1):
        if may_break(found, place):
            return place
    return None


def _last_pause(found: list[Unit], start: int, index: int, columns: int) -> int | None:
    """The last place after a pause, if the line is a third full there."""
    used = sum(unit.cells for unit in found[start:index])
    for place in range(index, start, -1):
        if used * 3 < columns:
            return None
        if _is_pause(found, place) and may_break(found, place):
            return place
        used -= found[place - 1].cells
    return None


def _is_pause(found: list[Unit], index: int) -> bool:
    before = found[index - 1]
    if before.kind is Kind.SPACE and index > 1:
        before = found[index - 2]
    return before.last in _PAUSES


def _forced(found: list[Unit], start: int, index: int) -> int:
    """Where to break a run that has no place for it: as late as the rules for a line's ends allow, else just here."""
    for cut in range(index, start, -1):
        if found[cut].kind is not Kind.SPACE and fits_kinsoku(found[cut - 1], found[cut]):
            return cut
    return index


def _line(taken: list[Unit]) -> str:
    """A line that goes on in the next: the spaces at its end are dropped, their codes are not."""
    end = len(taken)
    while end > 1 and taken[end - 1].kind is Kind.SPACE:
        end -= 1
    return "".join(u.text for u in taken[:end]) + "".join(u.codes for u in taken[end:])


def split_paragraphs(source: str, limits: Limits, markup: MarkupSyntax) -> list[str]:
    r"""Give the texts that are translated as one, in order.

    Joined by "\n", their translations are what `fit` takes. Where `limits.wrap` says that line breaks are layout,
    lines that go on are joined: without a space in Japanese and Chinese (an indent of the following line is
    dropped), with one between spaced words. A break stays where it carries meaning: at blank lines (which are
    paragraphs of their own), name tags and names above speech, lines of codes alone, bullets, tables, titles placed
    by hand, indented paragraphs, and before an opening quote that follows a finished sentence. Otherwise every line
    is its own.
    """
    if not limits.wrap or "\n" not in source or _is_list(source, limits.columns, markup):
        return source.split("\n")
    return list(_joined(source, markup))


def _is_list(source: str, columns: int | None, markup: MarkupSyntax) -> bool:
    """Whether all lines are short items (`HP +1`): none fills a third of the window or has a sentence's punctuation."""
    if columns is None or _MARK.search(source):
        return False
    lines = [markup.plain(line).strip() for line in source.split("\n")]
    return all(line and width(line) * 3 <= columns for line in lines)


@lru_cache(maxsize=2048)  # a text is looked at when it is asked, when its answer comes, and as context of the next
def _joined(source: str, markup: MarkupSyntax) -> tuple[str, ...]:
    """The paragraphs of a text whose line breaks are layout."""
    if _RUNNING.fullmatch(source) and not markup.may_have_codes(source):
        return (source.replace("\n", ""),)
    return _parted(source, markup)


def _parted(source: str, markup: MarkupSyntax) -> tuple[str, ...]:
    """As `_joined`, looked at break by break."""
    lines = source.split("\n")
    paragraphs = [lines[0]]
    above = markup.plain(lines[0])
    open_brackets = _opened("", above)
    named = _is_coloured_name(lines[0], above, markup)
    for line in lines[1:]:
        plain = markup.plain(line)
        if _is_hard(above, plain, inside=bool(open_brackets)) or (named and len(paragraphs) == 1):
            paragraphs.append(line)
            open_brackets = ""
        else:
            paragraphs[-1] = _join(paragraphs[-1], _without_indent(line, markup), above, plain)
        open_brackets = _opened(open_brackets, plain)
        above = plain
    return tuple(paragraphs)


def _opened(stack: str, text: str) -> str:
    """The closing brackets that are still awaited after `text`."""
    if not stack and _ANY_BRACKET.search(text) is None:
        return stack
    for character in text:
        if character in _BRACKETS:
            stack += _BRACKETS[character]
        elif stack and character == stack[-1]:
            stack = stack[:-1]
    return stack


def _is_hard(above: str, below: str, *, inside: bool) -> bool:
    """Whether the break between two lines (without their codes) carries meaning. inside: within open brackets."""
    # Written out line by line: this is asked for every break of every message, twice.
    if not above or above.isspace() or not below or below.isspace():
        return True
    if _TAG.fullmatch(above) or _TAG.fullmatch(below) or _TABLE.search(above) or _TABLE.search(below):
        return True
    if _BULLET.match(below):
        return True
    if inside:
        return False
    if _indent(above) >= _CENTRED or _indent(below) >= _CENTRED or (_SPEECH.match(below) and _NAME.fullmatch(above)):
        return True
    finished = _CLOSED_SENTENCE.search(above.rstrip()) is not None
    return finished and (below.startswith("　") or below.lstrip()[0] in _OPENING)


def _indent(line: str) -> int:
    """The cells of white space at a line's start."""
    return width(line[: len(line) - len(line.lstrip())]) if line[0].isspace() else 0


def _is_coloured_name(line: str, plain: str, markup: MarkupSyntax) -> bool:
    r"""Whether a first line is a short text between codes, as `\C[6]村の長\C[0]`."""
    if not markup.may_have_codes(line):
        return False
    pieces = [piece for piece in markup.tokenize(line) if piece.text.strip()]
    return len(pieces) > 2 and pieces[0].is_code and pieces[-1].is_code and _NAME.fullmatch(plain) is not None  # noqa: PLR2004  two codes around it


def _join(above: str, below: str, above_plain: str, below_plain: str) -> str:
    """Two lines as one; `below` has lost its indent."""
    last, first = above_plain.rstrip()[-1], below_plain.lstrip()[0]
    spaced = _spaced(last, first)
    if spaced and not above_plain[-1].isspace():
        return f"{above} {below}"
    return (above if spaced else above.rstrip(" \t\u3000")) + below


def _spaced(last: str, first: str) -> bool:
    """Whether a space parts two words whose outer characters these are."""
    return kind(last) is Kind.WORD and kind(first) is Kind.WORD and last not in "-‐"


def _without_indent(line: str, markup: MarkupSyntax) -> str:
    """`line` without the white space at its start, also where codes stand before it or between."""
    if not line or not (line[0].isspace() or markup.may_have_codes(line)):
        return line
    kept: list[str] = []
    indent = True
    for piece in markup.tokenize(line):
        text = piece.text.lstrip() if indent and not piece.is_code else piece.text
        indent = indent and (piece.is_code or not text)
        kept.append(text)
    return "".join(kept)


def fit(target: str, *, limits: Limits, markup: MarkupSyntax, source_lines: int, split: bool) -> Fitted:
    r"""Bring a translation (paragraphs joined by "\n") into the form in which it is shown.

    Where `limits.wrap` holds, each paragraph is wrapped to `limits.columns` in as few lines as it needs, or in as
    many as the source has where that lets lines end at pauses. More lines than `limits.lines` (or than the source
    has, if that overflowed itself) are parted into boxes with BOX_BREAK if `split` and `limits.splits`, and flagged
    "overflow" if not.
    Lines that are too wide are flagged "width", never cut.
    """
    columns = limits.columns
    if columns is None or ("\n" not in target and len(target) * 2 <= columns and markup.widest <= 2):  # noqa: PLR2004
        return Fitted(target)  # even if every character is full-width (2 cells), it fits: the usual case, kept cheap
    lines = target.split("\n")
    if limits.wrap and not limits.single:
        room = source_lines if limits.lines is None else min(source_lines, limits.lines)
        lines = _wrapped(lines, columns, markup, room)
    findings = _too_wide(lines, columns, markup)
    room = limits.lines
    if limits.wrap and room is not None and len(lines) > max(room, source_lines):
        if split and limits.splits:
            boxes = _boxes(lines, room, markup)
            return Fitted(BOX_BREAK.join("\n".join(box) for box in boxes), findings)
        excess = len(lines) - room
        mend = "shorten it, or use --split to go on in another message" if limits.splits else "shorten it"
        message = f"{len(lines)} lines in a window that shows {room}: {excess} too many; {mend}"
        findings += (Finding("overflow", Severity.WARNING, message),)
    return Fitted("\n".join(lines), findings)


def _wrapped(lines: list[str], columns: int, markup: MarkupSyntax, room: int) -> list[str]:
    """Wrap each line, at its pauses if all of them then take no more than `room` lines or than they need anyway."""
    if markup.widest == 0 and all(len(line) * 2 <= columns or width(line) <= columns for line in lines):
        return lines  # codes can only make them narrower
    parts = [units(line, markup) for line in lines]
    airy = [row for part in parts for row in _wrap(part, columns, at_pauses=True)]
    if len(airy) <= room:
        return airy
    tight = [row for part in parts for row in _wrap(part, columns, at_pauses=False)]
    return airy if len(airy) <= len(tight) else tight


def _too_wide(lines: list[str], columns: int, markup: MarkupSyntax) -> tuple[Finding, ...]:
    findings: list[Finding] = []
    position = 0
    for line in lines:
        if len(line) * 2 > columns or markup.widest > 2:  # noqa: PLR2004  (2: the cells of a full-width character)
            cells = measure(line.rstrip(), markup)  # nobody sees spaces that hang over the edge
            if cells > columns:
                message = f"a line takes {cells} half-width columns where {columns} are shown: {line!r}"
                findings.append(Finding("width", Severity.WARNING, message, (position, position + len(line))))
        position += len(line) + 1
    return tuple(findings)


def _boxes(lines: list[str], room: int, markup: MarkupSyntax) -> list[list[str]]:
    """Part the lines into boxes of at most `room`, after a sentence's end where one stands in a box's second half."""
    boxes: list[list[str]] = []
    while len(lines) > room:
        cut = room
        for candidate in range(room, (room + 1) // 2 - 1, -1):
            if candidate and markup.plain(lines[candidate - 1]).rstrip().endswith(tuple(_SENTENCE_ENDS)):
                cut = candidate
                break
        boxes.append(lines[:cut])
        lines = lines[cut:]
    return [*boxes, lines]
