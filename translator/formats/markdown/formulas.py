r"""Formulas over several lines: `$$ … $$`, and `\[ … \]` where both stand on lines of their own.

Sources: GitHub's and Pandoc's manuals; there is no blank line in one. markdown-it takes their lines for text, for lists
(`- x`) and for headings (`=`). A line that begins with `\[` and goes on may be text in brackets.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_ENDS = {"$$": "$$", "\\[": "\\]"}


def formula(state: "StateBlock", start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  as markdown-it calls it
    """A rule for blocks of markdown-it, which gives a token `formula`."""
    first = _line(state, start)
    mark = first[:2]
    if mark not in _ENDS or state.is_code_block(start) or mark in first[2:] or (mark == "\\[" and first != mark):
        return False
    for number in range(start + 1, end):
        line = _line(state, number)
        if not line or state.sCount[number] < state.blkIndent:
            return False
        if line.endswith(_ENDS[mark]) and (mark == "$$" or line == _ENDS[mark]):
            if not silent:
                state.line = number + 1
                state.push("formula", "", 0).map = [start, number + 1]
            return True
        if line.startswith(mark):  # so that looking for ends takes no square of the file's length
            return False
    return False


def _line(state: "StateBlock", number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()
