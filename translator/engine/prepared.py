"""What the model sees of a text, and what stands aside meanwhile."""

from dataclasses import dataclass

from translator.core.finding import Finding
from translator.core.markup import Piece
from translator.core.work import Unit
from translator.engine.runs import Run

UNSPACED = frozenset({"ja", "zh-CN", "zh-TW", "th"})
"""Languages that are written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph that the model sees, as `count` lines from its `first` on, and what was taken off around it.

    share: (k, n): it is the k-th of n parts of one line whose line breaks are spelled out; (0, 1): lines of its own.
    codes: those inside it. standins: (stand-in, code) in order. spelled: digits as they were sent and as they were.
    joints: what stood between the lines that it was split into. runs: what repeats in it, shortened where too long.
    """

    first: int
    count: int
    before: str
    after: str
    share: tuple[int, int] = (0, 1)
    codes: tuple[Piece, ...] = ()
    standins: tuple[tuple[str, str], ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()
    joints: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A unit as the model sees it. lines: never empty ones, never with a line feed.

    parts: how they go back: verbatim text, and stretches. spoken: for each line, what was put around it: "" nothing,
    "added" a speaker with brackets of the profile's template, "own" a speaker before the text's own brackets, "word"
    what the profile puts around a single word. Empty: nothing around any line.
    """

    unit: Unit
    lines: tuple[str, ...]
    parts: tuple[str | Stretch, ...]
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A unit's translation, markup and line breaks back in place, and what is wrong with it."""

    target: str
    findings: tuple[Finding, ...] = ()
