"""The line breaks amid a message: `[r]`, a line end in the file, or both together."""

from collections.abc import Sequence

from translator.formats.kag.rules import Rules
from translator.formats.kag.tokens import Kind, Token


def line_breaks(pending: Sequence[Token], until: int, rules: Rules, text: str) -> tuple[list[tuple[int, int]], bool]:
    """The line breaks among the tokens between two texts, and whether one of them is seen on the screen.

    until: where the second text starts. A break reaches to the token after it.
    """
    starts = [*(token.start for token in pending[1:]), until]
    places: list[tuple[int, int]] = []
    hard = False
    index = 0
    while index < len(pending):
        first = pending[index].start
        last = _break_end(pending, index, text) if rules.ignore_cr else index
        ends = [one for one in pending[index : last + 1] if _is_break(one) or one.kind is Kind.END]
        if not ends:
            index += 1
            continue
        joined = not rules.ignore_cr and ends[0].kind is Kind.END and text.startswith("\\", first - 1)
        hard = hard or any(map(_is_break, ends)) or (not rules.ignore_cr and not joined)
        places.append((first - joined, starts[last]))
        index = last + 1
    return places, hard


def _break_end(pending: Sequence[Token], index: int, text: str) -> int:
    """The last token of the break that begins at `index`: a line end, `[r]`, spaces and a line end, or less."""
    last = index
    if pending[index].kind is Kind.END:
        if index + 1 == len(pending) or not _is_break(pending[index + 1]):
            return last
        last += 1
    elif not _is_break(pending[index]):
        return last
    after = last + 1
    if after + 1 < len(pending) and pending[after].kind is Kind.TEXT:
        after += not text[pending[after].start : pending[after].end].strip(" \t")
    return after if after < len(pending) and pending[after].kind is Kind.END else last


def _is_break(token: Token) -> bool:
    return token.kind is Kind.TAG and token.name == "r"
