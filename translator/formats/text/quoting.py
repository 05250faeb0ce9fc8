"""Notes that quote the words that they are about (`銀［＃「銀」に傍点］`), brought to pairs around these words.

The words are looked for in what a reader sees of the line before the note: right before it, or else the last ones of
the 200 characters there (`ひと！［＃「ひと」に傍点］`). Several notes can be about the same words or parts of them;
pairs that would cross are parted where they do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import regex

from translator.core.markup import MarkupSyntax

Ends = tuple[str, str]
"""What stands before and behind words."""

_QUOTE = regex.compile(r"［＃「(?P<words>[^\n]+?)」(?P<how>[にはの](?:左に)?(?:「[^「」\n]*」の)?[^「」［］\n]+)］")
_WITHIN = 200


@dataclass(frozen=True, slots=True)
class _Span:
    """Words from the character `start` of what is seen up to `end`, and what stands around them."""

    start: int
    end: int
    ends: Ends


def in_pairs(line: str, syntax: MarkupSyntax, ends_of: Callable[[str, str], Ends | None]) -> str:
    """`line` with pairs instead of the notes that `ends_of` has ends for.

    It is asked with how a note marks words (`に傍点`) and the words as they are spelled in the line. A note whose words
    are not found stays.
    """
    seen: list[str] = []
    before: list[int] = []  # where each character begins, with the sign that starts the base of a reading
    behind: list[int] = []  # and where it ends, with its reading
    spans: list[_Span] = []
    cuts: list[tuple[int, int, str]] = []
    at, begin = 0, -1
    for piece in syntax.tokenize(line):
        end = at + len(piece.text)
        if piece.rule is None:
            seen += piece.text
            before += range(at, end)
            behind += range(at + 1, end + 1)
            if begin >= 0:
                before[len(before) - len(piece.text)] = begin
        elif seen and piece.text[0] in "《（(":
            behind[-1] = end
        elif (note := _QUOTE.fullmatch(piece.text)) is not None:
            start, stop = _found(seen, _seen(note["words"], syntax))
            ends = ends_of(note["how"], line[before[start] : behind[stop - 1]]) if stop else None
            if ends is not None:
                spans.append(_Span(start, stop, ends))
                cuts.append((at, end, ""))
        begin = at if piece.rule is not None and piece.text in "｜|" else -1
        at = end
    made: list[str] = []
    at = 0
    for start, end, new in sorted((*cuts, *_placed(spans, before, behind)), key=lambda cut: cut[:2]):
        made += (line[at:start], new)
        at = end
    return "".join((*made, line[at:]))


def _seen(text: str, syntax: MarkupSyntax) -> str:
    return "".join(piece.text for piece in syntax.tokenize(text) if piece.rule is None)


def _found(seen: list[str], words: str) -> tuple[int, int]:
    """Where words stand last in what is seen; 0, 0 if nowhere near its end."""
    last = "".join(seen[-max(_WITHIN, len(words)) :])
    at = last.rfind(words) if words else -1
    start = len(seen) - len(last) + at
    return (start, start + len(words)) if at >= 0 else (0, 0)


def _placed(spans: list[_Span], before: list[int], behind: list[int]) -> list[tuple[int, int, str]]:
    """Where the ends of pairs are written: those of the first note are the innermost of the same words."""
    starts: dict[int, list[_Span]] = {}
    for span in spans:
        starts.setdefault(span.start, []).append(span)
    placed: list[tuple[int, int, str]] = []
    opened: list[_Span] = []
    for edge in sorted({place for span in spans for place in (span.start, span.end)}):
        again: list[_Span] = []
        while any(span.end == edge for span in opened):
            span = opened.pop()
            placed.append((behind[edge - 1], behind[edge - 1], span.ends[1]))
            again += () if span.end == edge else (span,)
        inner_last = sorted(starts.get(edge, ()), key=lambda span: span.end)[::-1]
        for span in (*reversed(again), *inner_last):
            placed.append((before[edge], before[edge], span.ends[0]))
            opened.append(span)
    return placed
