"""The records of a document of Naninovel, as the engine's parsers cut them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from translator.core.lines import cut_text

HEADER = "localization document for"
"""What the first line of a localization says."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record: where its value stands, or is to stand, and what it is.

    value: its lines joined; span: from its first character to its last, empty where there is none. lead: what is
    written before a value that is put there. source: the last comment; above: those before it.
    """

    key: str
    value: str
    span: tuple[int, int]
    lead: str
    source: str | None
    above: tuple[str, ...]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What a document is: a localization, one of scripts, one of version 1; and its name without folders."""

    localization: bool
    script: bool
    whole_lines: bool
    name: str


def kind_of(name: PurePath, first: str) -> Kind:
    """What a document is, from its path and its first line (empty where that is no comment)."""
    folders = [part.lower() for part in name.parts[:-1]]
    return Kind(
        localization="localization" in folders or HEADER in first,
        script="scripts" in folders or first.rstrip().endswith("naninovel script"),
        whole_lines=name.suffix.lower() == ".nani",
        name=name.stem,
    )


def _comment(line: str) -> str:
    return line[2:] if line.startswith("; ") else line[1:]


def records_of(text: str, end: str, kind: Kind) -> list[Record]:
    """The records of a document, those with a key that was there before included."""
    lines: list[tuple[int, str]] = []
    at = 0
    for line, ending in cut_text(text):
        lines.append((at, line))
        at += len(line) + len(ending)
    if any(line.startswith("#") for _, line in lines):
        if text.endswith(("\n", "\r")):
            lines.append((len(text), ""))
        return list(_multiline(lines, end, kind))
    return list(_inline(lines, localization=kind.localization))


def _multiline(lines: Sequence[tuple[int, str]], end: str, kind: Kind) -> Iterator[Record]:
    """Records of a multiline document.

    One that is not translated has an empty line below its comment, but none in version 1.
    """
    starts = [i for i, (_, line) in enumerate(lines) if line.startswith("#")]
    for first, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        comments = [i for i in range(first + 1, stop) if lines[i][1].startswith(";")]
        valued = [i for i in range(first + 1, stop) if lines[i][1] and not lines[i][1].startswith(";")]
        said = [_comment(lines[i][1]) for i in comments]
        key = lines[first][1][1:].strip()
        source, above = (said[-1], tuple(said[:-1])) if said else (None, ())
        if valued:
            span = lines[valued[0]][0], lines[valued[-1]][0] + len(lines[valued[-1]][1])
            broken = any(valued[0] < i < valued[-1] for i in comments)
            yield Record(key, "".join(lines[i][1] for i in valued), span, "", source, above, broken)
            continue
        last = comments[-1] if comments else first
        empty = not kind.whole_lines and last + 1 < stop
        at = lines[last + 1][0] if empty else lines[last][0] + len(lines[last][1])
        yield Record(key, "", (at, at), "" if empty else end, source, above)


def _inline(lines: Sequence[tuple[int, str]], *, localization: bool) -> Iterator[Record]:
    said: list[str] = []
    for number, (at, line) in enumerate(lines):
        if line.startswith(";"):
            if not (localization and number == 0 and HEADER in line):
                said.append(_comment(line))
            continue
        key, colon, value = line.partition(": ")
        if colon and key.strip():
            start = at + len(key) + len(colon)
            source, above = (said[-1], tuple(said[:-1])) if said else (None, ())
            yield Record(key, value, (start, at + len(line)), "", source, above)
            said = []
