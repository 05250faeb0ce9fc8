"""The last resort for codes that a model cannot be brought to copy: they are put back by rule."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece

Flaw = Callable[[Sequence[Piece], Sequence[Piece]], str | None]


class Part(Enum):
    """What a code is in its text: it stands for a WORD, BEGINS or ENDS something, or is a MARK of its own (a wait)."""

    WORD = "word"
    BEGINS = "begins"
    ENDS = "ends"
    MARK = "mark"


# Between the letters of what is surely one word nothing is put: words of scripts with spaces, katakana, numbers. Where
# a word of Chinese characters ends cannot be told.
_WORD: Final = regex.compile(
    r"(?V1)[[\p{L}\p{M}\p{N}_]--[\p{Han}\p{Hiragana}]]+(?:[\'’.,:·・-](?=[\p{L}\p{N}])[[\p{L}\p{M}\p{N}_]--[\p{Han}\p{Hiragana}]]+)*"
)
_GRAPHEME: Final = regex.compile(r"\X")
_SIGN: Final = regex.compile(r"[^\p{L}\p{M}\p{N}\s]")
_SWALLOWED: Final = regex.compile(r"(?V1)[\p{L}--[\p{ASCII}]]+")
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)
_BESIDE_SPACE: Final = 0.6
"""How many characters farther away a place may be that lies on the right side of a space."""


@dataclass(frozen=True, slots=True)
class _Atom:
    """A code, or a character with what combines with it. before: whether a code may stand before it."""

    text: str
    code: Piece | None = None
    before: bool = True


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A code of the source. share: how much of the source's text stands before it, 0 to 1."""

    code: Piece
    share: float
    part: Part

    @property
    def free(self) -> bool:
        """Whether it may stand before or after any other."""
        return self.part in {Part.WORD, Part.MARK}


_Keep = Callable[[_Wanted], bool]


def _all(_: _Wanted) -> bool:
    return True


def _free(want: _Wanted) -> bool:
    return want.free


def _none(_: _Wanted) -> bool:
    return False


_KEEPS: Final[tuple[_Keep, ...]] = (_all, _free, _none)
"""Which codes stay where they are, as ever fewer do."""


def put_back(target: str, source: str, markup: MarkupSyntax, *, flaw: Flaw, part: Callable[[Piece], Part]) -> str:
    """See `codes.put_back`."""
    expected = _kept(source, markup)
    for made in _attempts(target, source, markup, flaw=flaw, part=part):
        if flaw(expected, _kept(made, markup)) is None:
            return made
    return source


def _attempts(
    target: str, source: str, markup: MarkupSyntax, *, flaw: Flaw, part: Callable[[Piece], Part]
) -> Iterator[str]:
    """What might do, the gentlest first: as little is moved as possible."""

    def line(text: str, own: str) -> str:
        wanted = _wanted(own, markup, part)
        expected = [w.code for w in wanted]
        made = text
        for keep in _KEEPS:
            made = _filled(_atoms(text, markup), wanted, keep)
            if flaw(expected, _kept(made, markup)) is None:
                return made
        return made

    lines, own = target.split("\n"), source.split("\n")
    if len(lines) == len(own) > 1:
        yield "\n".join(line(text, its) for text, its in zip(lines, own, strict=True))
    yield line(target, source)
    # Signs of the text form codes with those that are put beside them.
    codes = {character for text in (target, source) for p in _kept(text, markup) for character in p.text}
    signs = {character for character in codes if _SIGN.match(character)}
    bare = "".join(a.text for a in _atoms(target, markup) if a.code is None)
    yield line("".join(character for character in bare if character not in signs), source)
    yield line(_SIGN.sub("", bare), source)


def _kept(text: str, markup: MarkupSyntax) -> list[Piece]:
    if not markup.may_have_codes(text):
        return []
    return [p for p in markup.tokenize(text) if p.rule is not None and p.rule.fate is not Fate.DROP]


def _wanted(source: str, markup: MarkupSyntax, part: Callable[[Piece], Part]) -> list[_Wanted]:
    """The codes of a source in order."""
    counted = 0
    found: list[tuple[Piece, int]] = []
    for piece in markup.tokenize(source):
        if piece.rule is None:
            counted += len(_GRAPHEME.findall(piece.text))
        elif piece.rule.fate is not Fate.DROP:
            found.append((piece, counted))
    return [_Wanted(piece, before / max(counted, 1), part(piece)) for piece, before in found]


def _atoms(text: str, markup: MarkupSyntax) -> list[_Atom]:
    """A text as codes and characters."""
    atoms: list[_Atom] = []
    run = ""
    pieces = list(markup.tokenize(text)) if markup.rules else [Piece(text)]
    for piece in pieces:
        if piece.rule is None or piece.rule.fate is Fate.DROP:
            run += piece.text
            continue
        atoms.extend(_characters(run))
        run = ""
        atoms.append(_Atom(piece.text, piece))
    atoms.extend(_characters(run))
    return atoms


def _characters(text: str) -> Iterator[_Atom]:
    inside: set[int] = set()
    for word in _WORD.finditer(text):
        inside.update(range(word.start() + 1, word.end()))
    for match in _GRAPHEME.finditer(text):
        at = match.start()
        torn = at > 0 and ord(text[at - 1]) in _HIGH and ord(text[at]) in _LOW
        yield _Atom(match.group(), before=at not in inside and not torn)


def _filled(atoms: list[_Atom], wanted: Sequence[_Wanted], keep: _Keep) -> str:
    """The text with exactly the wanted codes: those that are there and may be kept stay, all others are put in."""
    body, places = _matched(atoms, wanted, keep)
    there = frozenset(places)
    # Characters before each place, codes not counted.
    before = [0]
    for atom in body:
        before.append(before[-1] + (atom.code is None))
    inserted: dict[int, list[str]] = {}
    for index, want in enumerate(wanted):
        if index not in there:
            low, high = (0, len(body)) if want.free else _room(index, wanted, places, there, len(body))
            wish = _wish(index, wanted, before, low)
            places[index] = _nearest(body, before, want, wish, range(low, high + 1))
            inserted.setdefault(places[index], []).append(want.code.text)
    out: list[str] = []
    for place in range(len(body) + 1):
        out += inserted.get(place, ())
        if place < len(body):
            out.append(body[place].text)
    return "".join(out)


def _matched(atoms: Sequence[_Atom], wanted: Sequence[_Wanted], keep: _Keep) -> tuple[list[_Atom], dict[int, int]]:
    """The text without the codes that do not stay, and where among it the wanted codes that stay stand."""
    body: list[_Atom] = []
    places: dict[int, int] = {}
    for atom in atoms:
        if atom.code is None:
            body.append(atom)
            continue
        for index, want in enumerate(wanted):
            if index not in places and want.code.text == atom.text and keep(want):
                places[index] = len(body)
                body.append(atom)
                break
        else:
            if atom.text.startswith("\\"):
                # A code that was pushed around a word, `\\C[剑2]`: the word is not lost with it.
                body.extend(_characters("".join(_SWALLOWED.findall(atom.text))))
    return body, places


def _room(
    index: int, wanted: Sequence[_Wanted], places: dict[int, int], there: frozenset[int], size: int
) -> tuple[int, int]:
    """The first and last place for a code that must stay between those before and after it in the source."""
    ordered = [other for other, want in enumerate(wanted) if not want.free and other in places]
    low = max((places[other] + (other in there) for other in ordered if other < index), default=0)
    high = min((places[other] for other in ordered if other > index), default=size)
    return low, max(low, high)


def _wish(index: int, wanted: Sequence[_Wanted], before: Sequence[int], low: int) -> float:
    """How many characters should stand before a code."""
    want = wanted[index]
    begun = next((w.share for w in reversed(wanted[:index]) if not w.free), None)
    if want.part is not Part.ENDS or begun is None or want.share in (begun, 1):
        return want.share * before[-1]
    # As much text lies between it and what it ends as in the source, wherever that is.
    return before[low] + max(1.0, (want.share - begun) * before[-1])


def _nearest(body: Sequence[_Atom], before: Sequence[int], want: _Wanted, wish: float, places: range) -> int:
    """The safe one of the places with nearest to `wish` characters before it; what ends has some text before it."""
    begins = want.part in {Part.BEGINS, Part.WORD}

    def cost(place: int) -> float:
        beside = body[place : place + 1] if begins else body[max(place - 1, 0) : place]
        on_wrong_side = any(atom.text.isspace() for atom in beside)
        return abs(before[place] - wish) + (_BESIDE_SPACE if on_wrong_side else 0.0)

    safe = [place for place in places if _is_safe(body, place)]
    if want.part is Part.ENDS and want.share > 0:
        start = places[0]
        holding = [place for place in safe if any(not atom.text.isspace() for atom in body[start:place])]
        safe = holding or safe
    return min(safe, key=cost, default=places[-1])


def _is_safe(body: Sequence[_Atom], place: int) -> bool:
    """Whether a code may be put at a place: at the ends, beside another code, and where the text allows it."""
    if place in {0, len(body)} or body[place].code is not None or body[place - 1].code is not None:
        return True
    return body[place].before
