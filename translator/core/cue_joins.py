r"""Which cues are one sentence, and that sentence as one text.

Two cues in a row (of the same speaker and look, neither with dashes for several speakers, brackets, notes of music, or
lines placed by hand) belong to one sentence where the second begins at most a second after the first has ended (nor
more than half a second before), and the texts say so:

- The first ends without any mark that ends a sentence or breaks off (. ! ? … 。 ！ ？ a closing quotation mark or
  bracket, a dash; `Mr.` ends none), and one of these holds:
  - the second begins with a small letter, in a file that begins at least one in four with a capital;
  - the first ends with a comma or semicolon, and the second begins with no capital;
  - the file marks the ends of its sentences: at least one cue in five ends with a full stop;
  - without such marks (most Japanese and Chinese subtitles have none): the first ends with a Japanese particle or a
    Chinese word that no sentence ends with (を, へ, に, は, も, が or の after a noun, という, ながら; 因为, 把, 在 …),
    it is a single clause (no space or mark in it), and the second follows within 0.3 seconds.
- Or the first ends with the arrow by which Japanese broadcasts say that a sentence goes on (→, ➡).
- Or the first ends with … and the second begins with …, then a small letter or one that is neither small nor capital.

The look is what stands around all of a text, as far as it says who speaks or from where: italics and the like, and
colour, but no fading or place on the screen (`{\an8}`). Where one cue is in italics and the next is not, it may be
somebody else's: they are not joined. Tags around only some of the words do not matter, but must be closed inside of
the sentence.

A cue with nothing but tags goes on with one of the same look (no text was left for it). At most 6 cues and 30 seconds
are one sentence. A cue without text parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from translator.core.cue_frames import ARROWS, frame_of, is_paired, look_of
from translator.core.cues import Cue, speakers
from translator.core.linebreak import Kind, kind
from translator.core.markup import MarkupSyntax

_GAP, _OVERLAP, _NEXT = 1.0, 0.5, 0.3
_MOST_CUES, _MOST_SECONDS, _LONGEST = 6, 30.0, 500
_MARKED = 0.2
"""The share of cues that end with a full stop from which on a file is taken to end its sentences so."""

_TAIL = regex.compile(r"[^\w]*+$")
_HEAD = regex.compile(r"[^\w]*+")
_ENDS = frozenset(".。．｡!！?？‼⁇⁈⁉」』）)】］]〉》›»”’♪♫♬~～〜-‐–—―─")
_STOPS = regex.compile(r"(?<![.．])[.．](?![.．])|[。｡]")
_DOTS = regex.compile(r"…|‥|\.{2,}|．{2,}|・{2,}")
_SHORT = regex.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Mt|Lt|Sgt|Capt|vs)\.$")
_COMMAS = frozenset("、，,､;；")
_NEW = frozenset("-‐–—―－♪♫♬#＃(（[［【<＜{｛*＊※・●○■□◆◇▼▽▲△")
"""What a cue begins with that is something new: a dash, a song, a note in brackets, a bullet."""
_LABEL = regex.compile(r"\W*+[\p{L}][\p{L}\p{M}\p{N} .'・＝=-]{0,24}+[:：](?!\d)")
_TURN = regex.compile(r"[\s!?！？…‥]")
"""What parts clauses: behind it a particle at the end may belong to a sentence whose verb came first."""
_WORD = regex.compile(r"\w")
_PARTICLES = regex.compile(
    r"(?:[をへ]|(?<!の|よう|確か|別|な)に|(?<!こんにち|こんばん|それで)は|(?<!どう)も|(?<=[\p{Han}\p{Katakana}ーれ])[がの]"
    r"|という|といった|ための|による|によって|において|について|に対して|として|とともに|ながら|つつ|および|または"
    r"|しかし|そして)$"
)
_CONJUNCTIONS = regex.compile(
    r"(?:因为|因為|如果|虽然|雖然|但是|而且|并且|並且|所以|然后|然後|不过|不過|为了|為了|关于|關於|对于|對於|或者|以及"
    r"|即使|只要|只有|无论|無論|(?<=..)(?:和|与|與|把|被|在|从|從|向|让|讓|使|将|將))$"
)


def find_sentences(cues: Sequence[Cue], markup: MarkupSyntax) -> dict[str, tuple[Cue, ...]]:
    """The sentences of two cues and more, by the key of their first."""
    bare = {cue.key: _Bare.of(cue, markup) for cue in cues if cue.track is not None}
    habits = _habits(bare.values())
    found: dict[str, list[Cue]] = {}
    open_at: dict[str, list[Cue]] = {}
    for cue in cues:
        if cue.track is None:
            continue
        one = open_at.get(cue.track)
        if one is not None and len(one) < _MOST_CUES and _follows(one, cue, bare, habits[cue.track]):
            one.append(cue)
            found[one[0].key] = one
        else:
            open_at[cue.track] = [cue]
    return {key: tuple(group) for key, group in found.items() if _is_whole([bare[cue.key] for cue in group], markup)}


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a file writes. cased: at least a quarter begin with capitals; marked: sentences end with full stops."""

    cased: bool
    marked: bool


@dataclass(frozen=True, slots=True)
class _Bare:
    """What is looked at of a cue: its look, its text without what stands around it, its words, the signs before and
    behind these. alone: it never joins. paired: no tag in its text is open at one side.
    """

    track: str
    look: Mapping[str, str]
    inner: str
    head: str
    words: str
    tail: str
    alone: bool
    paired: bool

    @staticmethod
    def of(cue: Cue, markup: MarkupSyntax) -> "_Bare":
        track, text = cue.track or "", cue.text
        raw = cue.raw or text
        if len(raw) > _LONGEST:
            return _Bare(track, {}, "", "", "", "", alone=True, paired=True)
        plain = markup.plain(text).strip()
        head = _HEAD.match(plain)
        begin = head.end() if head else 0
        end = _TAIL.search(plain, begin)
        stop = end.start() if end else len(plain)
        words = plain[begin:stop]
        lines = text.split("\n")
        look = look_of(raw, markup)
        alone = not words or cue.framed or look is None or not all(map(_WORD.search, lines)) or speakers(lines, markup)
        inner = frame_of(text, markup)[1]
        paired = inner == plain or is_paired(inner, markup)
        return _Bare(track, look or {}, inner, plain[:begin], words, plain[stop:], alone, paired)


def _is_whole(group: Sequence[_Bare], markup: MarkupSyntax) -> bool:
    return all(one.paired for one in group) or is_paired("".join(one.inner for one in group), markup)


def _habits(cues: Iterable[_Bare]) -> dict[str, _Habits]:
    tracks: defaultdict[str, list[_Bare]] = defaultdict(list)
    for cue in cues:
        tracks[cue.track].append(cue)
    found: dict[str, _Habits] = {}
    for track, of in tracks.items():
        worded = [cue for cue in of if cue.words]
        stops = sum(_STOPS.search(cue.tail) is not None for cue in worded)
        capitals = sum(cue.words[0].isupper() for cue in worded)
        small = sum(cue.words[0].islower() for cue in worded)
        found[track] = _Habits(capitals * 3 >= max(small, 1), stops >= _MARKED * max(len(worded), 1))
    return found


def _follows(group: Sequence[Cue], cue: Cue, bare: dict[str, _Bare], habits: _Habits) -> bool:
    """Whether a cue goes on with the sentence of the cues before it."""
    last = group[-1]
    gap = cue.start - last.end
    if not -_OVERLAP <= gap <= _GAP or cue.start <= last.start or cue.end - group[0].start > _MOST_SECONDS:
        return False
    one, other = bare[last.key], bare[cue.key]
    if not other.inner and one.words and one.look == other.look and other.look:
        return True
    if one.alone or other.alone or one.look != other.look or last.speaker != cue.speaker or last.role is not cue.role:
        return False
    return _goes_on(one, other, gap, habits)


def _goes_on(one: _Bare, other: _Bare, gap: float, habits: _Habits) -> bool:
    """Whether the second of two texts, so many seconds later, goes on with the sentence of the first."""
    if not _NEW.isdisjoint(one.head) or not _NEW.isdisjoint(other.head) or _LABEL.match(other.head + other.words):
        return False
    if not ARROWS.isdisjoint(one.tail):
        return True
    first = other.words[0]
    resumes = _DOTS.search(other.head) is not None
    if resumes or _DOTS.search(one.tail):
        both = resumes and _DOTS.search(one.tail) is not None and _ENDS.isdisjoint(_DOTS.sub("", one.tail))
        return both and not first.isupper()
    if not _ENDS.isdisjoint(one.tail) and not _SHORT.search(one.words + one.tail):
        return False
    if habits.marked or (habits.cased and first.islower()):
        return True
    unfinished = not _COMMAS.isdisjoint(one.tail) or (
        gap <= _NEXT
        and _TURN.search(one.words) is None
        and (_PARTICLES.search(one.words) or _CONJUNCTIONS.search(one.words))
    )
    return not first.isupper() and bool(unfinished)


@dataclass(frozen=True, slots=True)
class _Break:
    """A line break or a cut in a joined text: the text before ends at `left`, that behind it begins at `right`."""

    left: int
    right: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """The text of several cues on one line, and where it is broken into their lines."""

    source: str
    breaks: tuple[_Break, ...]

    def kept(self, target: str) -> list[str] | None:
        """The texts of the cues where `target` is this text, holds it, or is what is left of it at all cuts."""
        at = target.find(self.source)
        if at < 0:
            at = -self.source.find(target)
            if at > 0:
                return None
        if not all(b.left + at > 0 and b.right + at < len(target) for b in self.breaks):
            return None
        pieces, line = [""], 0
        for b in self.breaks:
            pieces[-1] += target[line : b.left + at]
            line = b.right + at
            if b.cut:
                pieces.append("")
            else:
                pieces[-1] += "\n"
        pieces[-1] += target[line:]
        return pieces


def joined(texts: Sequence[str], markup: MarkupSyntax) -> Joined:
    """The texts of cues as one line: where words meet at a line's end that a space parts elsewhere, one parts them."""
    parts: list[str] = []
    breaks: list[_Break] = []
    above, at = "", 0
    for number, text in enumerate(texts):
        for row, line in enumerate(text.split("\n")):
            if number or row:
                space = seam(above, line, markup)
                breaks.append(_Break(at, at + len(space), cut=row == 0))
                parts.append(space)
                at += len(space)
            parts.append(line)
            above, at = line, at + len(line)
    return Joined("".join(parts), tuple(breaks))


def seam(left: str, right: str, markup: MarkupSyntax) -> str:
    """What stands between two lines that become one: a space between spaced words, else nothing."""
    last, first = next(_visible(left, markup, backwards=True), ""), next(_visible(right, markup, backwards=False), "")
    if not last or not first or last.isspace() or first.isspace():
        return ""
    return " " if kind(last) is Kind.WORD and kind(first) is Kind.WORD and last not in "-‐" else ""


def _visible(text: str, markup: MarkupSyntax, *, backwards: bool) -> Iterator[str]:
    """The characters of a text that are seen, from one of its ends; a code that takes room is one."""
    if not markup.may_have_codes(text):
        yield from reversed(text) if backwards else text
        return
    pieces = list(markup.tokenize(text))
    for piece in reversed(pieces) if backwards else pieces:
        if piece.rule is None:
            yield from reversed(piece.text) if backwards else piece.text
        elif piece.rule.cells:
            yield "\ufffc"
