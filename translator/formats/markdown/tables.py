"""Finding the cells of a table's row in its line."""

from collections.abc import Sequence

import regex

_PIPE = regex.compile(r"(?<!\\)\|")


def cells(line: str, contents: Sequence[str]) -> list[tuple[int, int]] | None:
    r"""Where the cells with these contents (`\|` in them is `|`) begin and end in a line; None if they are not there.

    A pipe behind a backslash parts nothing, as in GitHub's tables. Quotes and list marks may stand before the row.
    """
    pipes = [match.start() for match in _PIPE.finditer(line)]
    bounds = list(zip([-1, *pipes], [*pipes, len(line)], strict=True))
    pieces = [_trimmed(line, start + 1, end) for start, end in bounds]
    for skipped in (1, 0):
        found = _matched(line, pieces[skipped:], contents, at_start=not skipped)
        if found is not None:
            return found
    return None


def _matched(
    line: str, pieces: Sequence[tuple[int, int]], contents: Sequence[str], *, at_start: bool
) -> list[tuple[int, int]] | None:
    found: list[tuple[int, int]] = []
    for number, content in enumerate(contents):
        wanted = content.strip()
        if number >= len(pieces):
            if wanted:
                return None
            continue
        start, end = pieces[number]
        shown = line[start:end].replace("\\|", "|")
        if at_start and number == 0:
            spelled = wanted.replace("|", "\\|")
            if not wanted or not shown.endswith(wanted) or not line[start:end].endswith(spelled):
                return None
            start = end - len(spelled)
        elif shown != wanted:
            return None
        found.append((start, end))
    return found


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    text = line[start:end]
    left = len(text) - len(text.lstrip())
    return min(start + left, end), max(start + len(text.rstrip()), min(start + left, end))
