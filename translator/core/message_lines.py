"""A message whose lines stand in commands of their own: which messages a translation becomes, and which lines.

For RPG Maker's events, in which a run of commands holds a message, usually a line each.
"""

from collections.abc import Sequence

BREAK = "\f"
"""What parts a translation into several messages."""


def boxes(new: str, old: str, *, splits: bool) -> list[str]:
    """The messages that a translation becomes. splits: it may go on in another; `old` has no such sign of its own."""
    return new.split(BREAK) if splits and BREAK in new and BREAK not in old else [new]


def distributed(whole: str, old: Sequence[str]) -> list[str]:
    """The strings of the commands: a line each, but as in `old` where a string held several and none came or went."""
    lines = whole.split("\n")
    if "\n" not in "".join(old):
        return lines
    counts = [line.count("\n") + 1 for line in old]
    if len(lines) != sum(counts):
        return lines
    strings: list[str] = []
    for count in counts:
        strings.append("\n".join(lines[:count]))
        del lines[:count]
    return strings
