r"""What stands around the texts of cues: tags and blocks before the first word (`{\an8}<i>`) and behind the last.

A sentence that was cut over several cues goes on inside of these, and each cue keeps its own, to the byte.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece

ARROWS = frozenset("→➡➔⇒")
"""Signs that a sentence goes on in the next cue."""
_ARROWS_AND_SPACES = "→➡➔⇒ \u3000"
_SEEN, _WORD = regex.compile(r"\S"), regex.compile(r"\w")
_BREAK = regex.compile(r"\n|\\N")
_NAME = regex.compile(r"[A-Za-z]+")
_LOOKS = regex.compile(r"<(?P<close>/?)(?P<tag>\w++)(?P<how>[^<>]*+)>|\\(?P<tag>[ibus]|1?c)(?P<how>[\d&][^\\{}]*+)")


@dataclass(frozen=True, slots=True)
class Frame:
    """before, after: what stands around all of a text. opened, closed: around each of its lines, inside of these.
    arrow: what says that the sentence goes on, behind the words of its last line.
    """

    before: str = ""
    opened: str = ""
    closed: str = ""
    after: str = ""
    arrow: str = ""

    def around(self, text: str) -> str:
        """A text with them around it."""
        lines = [f"{self.opened}{line}{self.closed}" for line in f"{text}{self.arrow}".split("\n")]
        return "\n".join((self.before + lines[0], *lines[1:])) + self.after

    def ended(self) -> "Frame":
        """The same where the sentence does not go on."""
        return replace(self, arrow="")


_NO_FRAME = Frame()


def frame_of(text: str, markup: MarkupSyntax) -> tuple[Frame, str]:
    """What stands around a text, and the text without. A tag whose other half is in the text stays there."""
    frame, inner = _NO_FRAME, text
    if markup.may_have_codes(text):
        before, inner, after = _peeled(text, markup)
        frame = Frame(before=before, after=after)
        if "\n" in inner:
            lines = [_peeled(line, markup) for line in inner.split("\n")]
            opened, _, closed = lines[0]
            if (opened or closed) and all((line[0], line[2]) == (opened, closed) for line in lines):
                frame = replace(frame, opened=opened, closed=closed)
                inner = "\n".join(line[1] for line in lines)
    if inner[-1:] in ARROWS:
        words = inner.rstrip(_ARROWS_AND_SPACES)
        frame, inner = replace(frame, arrow=inner[len(words) :]), words
    return frame, inner


def look_of(text: str, markup: MarkupSyntax) -> Mapping[str, str] | None:
    """How the words of a text look, as far as that says who speaks or from where: the styles and the colour of all of
    them. None where one line looks otherwise than another.
    """
    if not markup.may_have_codes(text):
        return {}
    before, inner, after = _peeled(text, markup, _WORD)
    found = _styles(before, after)
    lines = _BREAK.split(inner)
    if len(lines) > 1:
        ends = [_peeled(line, markup, _WORD) for line in lines]
        looks = [_styles(one, other) if "<" in other or "{" in other else {} for one, _, other in ends]
        if any(look != looks[0] for look in looks):
            return None
        found |= looks[0]
    return found


def _styles(before: str, after: str) -> dict[str, str]:
    """What is begun before a text and not ended, or not begun and ended behind it."""
    found: dict[str, str] = {}
    for match in _LOOKS.finditer(before):
        tag, how = match["tag"].lower(), match["how"].strip().lower()
        if match["close"] or how == "0":
            found.pop(tag, None)
        else:
            found[tag] = how
    for match in _LOOKS.finditer(after):
        if match["close"] or match["how"] == "0":
            found.setdefault(match["tag"].lower(), "" if match["close"] else "1")
    return found


def is_paired(text: str, markup: MarkupSyntax) -> bool:
    """Whether each tag that opens something in a text is closed there, and the other way round."""
    if not markup.may_have_codes(text):
        return True
    pieces = list(markup.tokenize(text))
    halves = sum(piece.rule is not None and piece.rule.fate in {Fate.OPEN, Fate.CLOSE} for piece in pieces)
    return len(_partners(pieces)) == halves


def _peeled(text: str, markup: MarkupSyntax, seen: "regex.Pattern[str]" = _SEEN) -> tuple[str, str, str]:
    """The codes before a text, the text, the codes behind it. seen: what makes a text."""
    pieces = list(markup.tokenize(text))
    start, stop = 0, len(pieces)
    while start < stop and _can_stand_around(pieces[start], seen, but=Fate.CLOSE):
        start += 1
    while start < stop and _can_stand_around(pieces[stop - 1], seen, but=Fate.OPEN):
        stop -= 1
    # Both halves of a pair are inside, or neither is.
    partners = _partners(pieces)
    while True:
        inside = [other for one, other in partners.items() if start <= one < stop]
        wider = min([start, *inside]), max([stop, *(other + 1 for other in inside)])
        if wider == (start, stop):
            break
        start, stop = wider
    parts = pieces[:start], pieces[start:stop], pieces[stop:]
    before, inner, after = ("".join(piece.text for piece in part) for part in parts)
    return before, inner, after


def _can_stand_around(piece: Piece, seen: "regex.Pattern[str]", *, but: Fate) -> bool:
    if piece.rule is None:
        return seen.search(piece.text) is None
    return piece.rule.fate not in {Fate.DROP, but} and not piece.rule.cells


def _partners(pieces: Sequence[Piece]) -> dict[int, int]:
    """The other half of each code that is one of a pair, by place."""
    found: dict[int, int] = {}
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        if piece.rule is None or piece.rule.fate not in {Fate.OPEN, Fate.CLOSE}:
            continue
        name = _NAME.search(piece.text)
        waiting = opened[name[0].lower() if name else ""]
        if piece.rule.fate is Fate.OPEN:
            waiting.append(at)
        elif waiting:
            other = waiting.pop()
            found[at], found[other] = other, at
    return found
