r"""Regular expressions on the left of a pair (`r:"^シンプルリング ([0-9]+)$"=Simple Ring $1`), as texts.

The plugin takes what stands between the first and the last quotation mark of each side, or all of it. Of an expression
that is a text with groups, the text is offered with the groups as the right side calls them (`シンプルリング $1`);
any other is held back.
"""

from typing import NamedTuple

import regex

from translator.core.lines import unified_breaks
from translator.formats.xunity.lines import Pair

_PREFIX = regex.compile(r"(sr|r):")
_GROUP = regex.compile(
    r"\\.|(?P<group>\((?:\?<(?P<name>\w+)>)?(?!\?)(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)[?*+]?)", regex.DOTALL
)
_ESCAPED = regex.compile(r"\\([^\w\s])")
_META = regex.compile(r"[\\\[\](){}*+?|^$]|(?<![A-Za-z])\.")


class Side(NamedTuple):
    """What of a side is its text: the columns from `start` up to `end` in the side as it is spelled."""

    start: int
    end: int


def is_pattern(pair: Pair) -> bool:
    """Whether the left side is a regular expression."""
    return pair.source.startswith(("r:", "sr:"))


def inner(side: str) -> Side:
    """Where the text of a side is: between its first and last quotation marks, or behind the prefix."""
    found = _PREFIX.match(side)
    start = found.end() if found else 0
    first, last = side.find('"', start), side.rfind('"')
    return Side(first + 1, last) if 0 <= first < last else Side(start, len(side))


def template(source: str) -> str | None:
    """The text that an expression is one for, None where it is more than a text with groups."""
    source = unified_breaks(source)
    place = inner(source)
    expression = source[place.start : place.end].removeprefix("^").removesuffix("$")
    parts: list[str] = []
    position = number = 0
    for match in _GROUP.finditer(expression):
        if match["group"] is None:  # an escaped bracket begins none
            continue
        parts.append(expression[position : match.start()])
        number += match["name"] is None
        parts.append(f"\0{{{match['name']}}}" if match["name"] else f"\0{number}")
        position = match.end()
    parts.append(expression[position:])
    literals = parts[::2]
    plain = [_ESCAPED.sub("", text) for text in literals]
    if any(_META.search(text.replace("\\n", "").replace("\\r", "")) for text in plain):
        return None
    parts[::2] = [_ESCAPED.sub(r"\1", text).replace("\\r\\n", "\n").replace("\\n", "\n") for text in literals]
    text = "".join(parts)
    return text.replace("\0", "$") if text.replace("\0", "").strip() else None
