"""The last resort for codes that a model cannot be brought to copy: they are put back by rule."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from typing import Final

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece
from translator.engine.edges import name, stands_for_word

Rate = Callable[[str, str], int]
"""How good a text is that was made of a source: 0 its codes are not the source's, 1 they are, 2 it can be used."""
_GOOD: Final = 2


class Part(Enum):
    """What a code is in its text: it stands for a WORD, BEGINS or ENDS something, is a BEAT in the order of reading (a
    wait, a sound), or a MARK of its own (an icon, whatever is not known).
    """

    WORD = "word"
    BEGINS = "begins"
    ENDS = "ends"
    BEAT = "beat"
    MARK = "mark"


# Between the letters of what is surely one word nothing is put: words of scripts with spaces, katakana, numbers. Where
# a word of Chinese characters ends cannot be told.
_WORD: Final = regex.compile(
    r"(?V1)[[\p{L}\p{M}\p{N}_]--[\p{Han}\p{Hiragana}]]+(?:[\'’.,:·・-](?=[\p{L}\p{N}])[[\p{L}\p{M}\p{N}_]--[\p{Han}\p{Hiragana}]]+)*"
)
# What may be left of a code: nothing is put into it.
_BRACKETED: Final = regex.compile(
    r"[\\/／]?\p{Latin}*[\[［【〔(（{｛<＜〈]\s*[\p{Latin}\p{N}_]+\s*[\]］】〕)）}｝>＞〉]?|[\\/／]\p{Latin}+\s*\p{N}*"
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
        return self.part in _FREE


_FREE: Final = frozenset({Part.WORD, Part.MARK})
_PAIRS: Final = frozenset({Part.BEGINS, Part.ENDS})
_BEATS: Final = frozenset({Part.BEAT})
_ALL: Final = frozenset(Part)
_KEEPS: Final = (_ALL - _BEATS, _ALL - {Part.ENDS}, _ALL - _PAIRS, _FREE, frozenset[Part]())
"""Which codes stay where they are, as ever fewer do."""


def put_back(target: str, source: str, markup: MarkupSyntax, *, rate: Rate, part: Callable[[Piece], Part]) -> str:
    """See `codes.put_back`."""
    for targets in ((target,), _without_signs(target, source, markup)):
        made = _best(_attempts(targets, source, markup, rate=rate, part=part), lambda made: rate(made, source))
        if made is not None:
            return made
    return source


def _best(attempts: Iterable[str], rate: Callable[[str], int]) -> str | None:
    """The first that is good, else the first that has the right codes; None where there is neither."""
    second: str | None = None
    for made in attempts:
        rated = rate(made)
        if rated >= _GOOD:
            return made
        if rated and second is None:
            second = made
    return second


def _without_signs(target: str, source: str, markup: MarkupSyntax) -> Iterator[str]:
    """The text without the signs that form codes with those that are put beside them, and without any sign."""
    codes = {character for text in (target, source) for p in _kept(text, markup) for character in p.text}
    signs = {character for character in codes if _SIGN.match(character)}
    bare = "".join(a.text for a in _atoms(target, markup) if a.code is None)
    yield "".join(character for character in bare if character not in signs)
    yield _SIGN.sub("", bare)


def _attempts(
    targets: Iterable[str], source: str, markup: MarkupSyntax, *, rate: Rate, part: Callable[[Piece], Part]
) -> Iterator[str]:
    """What might do, the gentlest first: as little is moved as possible."""

    def line(text: str, own: str) -> str:
        wanted = _wanted(own, markup, part)
        made = _best(_fillings(_atoms(text, markup), wanted, part), lambda made: rate(made, own))
        return _filled(_atoms(text, markup), wanted, _FREE) if made is None else made

    own = source.split("\n")
    for target in targets:
        lines = target.split("\n")
        if len(lines) == len(own) > 1:
            yield "\n".join(line(text, its) for text, its in zip(lines, own, strict=True))
        yield line(target, source)


def _fillings(atoms: list[_Atom], wanted: Sequence[_Wanted], part: Callable[[Piece], Part]) -> Iterator[str]:
    """One line with its codes, the gentlest first."""
    placed = _in_place(atoms, wanted, part)
    for start in (placed,) if placed == atoms else (placed, atoms):
        yield _filled(start, wanted, _ALL)
        for parts in (_BEATS, _PAIRS, _BEATS | _PAIRS):
            yield _filled(_in_order(start, wanted, parts), wanted, _ALL)
    for keep in _KEEPS:
        yield _filled(atoms, wanted, keep)


def _in_place(atoms: list[_Atom], wanted: Sequence[_Wanted], part: Callable[[Piece], Part]) -> list[_Atom]:
    """The text with wrong codes where missing ones belong: as many of one name, or else of one part, in order."""
    missing = list(wanted)
    strange: list[int] = []
    for at, atom in enumerate(atoms):
        if atom.code is None:
            continue
        known = next((want for want in missing if want.code.text == atom.text), None)
        if known is not None:
            missing.remove(known)
        elif not (atom.text.startswith("\\") and _SWALLOWED.search(atom.text)):
            strange.append(at)
    made = list(atoms)

    def class_of(code: Piece) -> str:
        found = part(code)
        return "" if found is Part.MARK else found.value

    for alike in (name, class_of):
        for key in dict.fromkeys(alike(want.code) for want in missing):
            its = [want for want in missing if alike(want.code) == key]
            places = [at for at in strange if (code := atoms[at].code) is not None and alike(code) == key]
            if key and len(its) == len(places):
                for at, want in zip(places, its, strict=True):
                    made[at] = _Atom(want.code.text, want.code)
                    strange.remove(at)
                    missing.remove(want)
    return made


def _in_order(atoms: list[_Atom], wanted: Sequence[_Wanted], parts: AbstractSet[Part]) -> list[_Atom]:
    """The text with the codes of these parts in the order of the source, at the places where such codes are."""
    turn = [want.code for want in wanted if want.part in parts]
    texts = {code.text for code in turn}
    places = [at for at, atom in enumerate(atoms) if atom.code is not None and atom.text in texts]
    if len(places) != len(turn):
        return atoms
    made = list(atoms)
    for at, code in zip(places, turn, strict=True):
        made[at] = _Atom(code.text, code)
    return made


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
    for pattern in (_WORD, _BRACKETED):
        for found in pattern.finditer(text):
            inside.update(range(found.start() + 1, found.end()))
    for match in _GRAPHEME.finditer(text):
        at = match.start()
        torn = at > 0 and ord(text[at - 1]) in _HIGH and ord(text[at]) in _LOW
        yield _Atom(match.group(), before=at not in inside and not torn)


def _filled(atoms: list[_Atom], wanted: Sequence[_Wanted], keep: AbstractSet[Part]) -> str:
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


def _matched(
    atoms: Sequence[_Atom], wanted: Sequence[_Wanted], keep: AbstractSet[Part]
) -> tuple[list[_Atom], dict[int, int]]:
    """The text without the codes that do not stay, and where among it the wanted codes that stay stand."""
    body: list[_Atom] = []
    places: dict[int, int] = {}
    for atom in atoms:
        if atom.code is None:
            body.append(atom)
            continue
        for index, want in enumerate(wanted):
            if index not in places and want.code.text == atom.text and want.part in keep:
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
    beats = wanted[index].part is Part.BEAT
    ordered = [
        other
        for other, want in enumerate(wanted)
        if other in places and not want.free and (want.part is Part.BEAT) == beats
    ]
    low = max((places[other] + (other in there) for other in ordered if other < index), default=0)
    high = min((places[other] for other in ordered if other > index), default=size)
    return low, max(low, high)


def _wish(index: int, wanted: Sequence[_Wanted], before: Sequence[int], low: int) -> float:
    """How many characters should stand before a code."""
    want = wanted[index]
    begun = next((w.share for w in reversed(wanted[:index]) if w.part in _PAIRS), None)
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
    # What ends has some text before it, what begins some after it.
    if want.part is Part.ENDS and want.share > 0:
        safe = [place for place in safe if any(map(_is_text, body[places[0] : place]))] or safe
    elif want.part is Part.BEGINS and want.share < 1:
        safe = [place for place in safe if any(map(_is_text, body[place:]))] or safe
    return min(safe, key=cost, default=places[-1])


def _is_text(atom: _Atom) -> bool:
    return not atom.text.isspace() if atom.code is None else stands_for_word(atom.code)


def _is_safe(body: Sequence[_Atom], place: int) -> bool:
    """Whether a code may be put at a place: at the ends, beside another code, and where the text allows it."""
    if place in {0, len(body)} or body[place].code is not None or body[place - 1].code is not None:
        return True
    return body[place].before
