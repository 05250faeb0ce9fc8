"""What is odd about the glossaries of a job, before it costs answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.core.scripts import count
from translator.core.work import GlossaryEntry
from translator.glossary.adherence import alternatives
from translator.glossary.files import Placed
from translator.glossary.layers import Layer, key, spelling
from translator.glossary.matcher import Matcher, PatternError, compile_pattern, is_forbidden


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one entry. code: `empty`, `pattern`, `duplicate`, `overridden`, `same`, `short`, `unused`.

    error: the entry cannot be used as it is; otherwise it only deserves a look.
    """

    path: Path
    line: int
    code: str
    message: str
    error: bool = False


def check(layers: Sequence[Layer]) -> list[Remark]:
    """Remarks on every layer's entries, in the order of the files and lines."""
    remarks = [remark for layer in layers for placed in layer.placed for remark in _alone(layer.path, placed)]
    for number, layer in enumerate(layers):
        remarks += _among(layer)
        remarks += _between(layer, layers[:number])
    order = {layer.path: number for number, layer in enumerate(layers)}
    return sorted(remarks, key=lambda remark: (order[remark.path], remark.line))


def unused(layers: Sequence[Layer], texts: Iterable[str]) -> list[Remark]:
    """A remark for each entry that occurs in none of the texts, not even inside a longer entry's match."""
    waiting = {
        (n, m): p.entry for n, layer in enumerate(layers) for m, p in enumerate(layer.placed) if _usable(p.entry)
    }
    # Entries are matched one by one: in a matcher together, a longer one would hide a shorter one.
    matchers = {place: Matcher([entry]) for place, entry in waiting.items()}
    # What all of them share is found once for each text.
    together = Matcher(waiting.values())
    for text in texts:
        if not matchers:
            break
        if together.hits(text):
            matchers = {place: matcher for place, matcher in matchers.items() if not matcher.hits(text)}
    return [
        Remark(layers[n].path, layers[n].placed[m].line, "unused", f"{waiting[n, m].src!r} occurs nowhere")
        for n, m in matchers
    ]


def _usable(entry: GlossaryEntry) -> bool:
    return bool(entry.src.strip() and entry.dst.strip()) and not is_forbidden(entry) and _pattern_fault(entry) is None


def _pattern_fault(entry: GlossaryEntry) -> str | None:
    if not entry.regex:
        return None
    try:
        compile_pattern(entry)
    except PatternError as error:
        return str(error)
    return None


def _alone(path: Path, placed: Placed) -> Iterator[Remark]:
    """Remarks on one entry by itself."""
    entry, line = placed.entry, placed.line
    if is_forbidden(entry) and not alternatives(entry):
        yield Remark(path, line, "empty", f"no dst: what is forbidden for {entry.src!r}?", error=True)
        return
    if not entry.src.strip():
        if is_forbidden(entry):
            return
        yield Remark(path, line, "empty", f"no src for {entry.dst!r}", error=True)
        return
    fault = _pattern_fault(entry)
    if fault is not None:
        yield Remark(path, line, "pattern", fault, error=True)
        return
    if entry.dst.strip() and not alternatives(entry):
        yield Remark(path, line, "empty", f"{entry.src!r} has only empty alternatives", error=True)
    if entry.src == entry.dst and count(entry.src, "kana"):
        yield Remark(path, line, "same", f"{entry.src!r} would stay as it is, kana and all")
    if not entry.regex and len(entry.src.strip()) == 1:
        yield Remark(
            path, line, "short", f"{entry.src!r} is one character and will be found inside other words; a longer term"
            " or the pattern for the whole text (^…$ with regex) is safer",
        )  # fmt: skip


def _among(layer: Layer) -> Iterator[Remark]:
    """Remarks on entries that stand twice in one file."""
    seen: dict[tuple[tuple[bool, str], str], Placed] = {}
    for placed in layer.placed:
        if not placed.entry.src.strip() or is_forbidden(placed.entry):
            continue
        name = (key(placed.entry), spelling(placed.entry))
        first = seen.setdefault(name, placed)
        if first is not placed:
            same = "the same" if first.entry.dst == placed.entry.dst else f"{first.entry.dst!r}"
            yield Remark(
                layer.path, placed.line, "duplicate",
                f"{placed.entry.src!r} stands in line {first.line} too, as {same}; the last one counts",
            )  # fmt: skip


def _between(layer: Layer, earlier: Iterable[Layer]) -> Iterator[Remark]:
    """Remarks on entries that win over others of earlier files."""
    theirs = {
        key(placed.entry): (other, placed)
        for other in earlier
        for placed in other.placed
        if not is_forbidden(placed.entry)
    }
    for placed in layer.placed:
        lost = None if is_forbidden(placed.entry) else theirs.get(key(placed.entry))
        if lost is not None and lost[1].entry.dst != placed.entry.dst:
            other, loser = lost
            done = f"is {placed.entry.dst!r} here" if placed.entry.dst.strip() else "is taken away here"
            yield Remark(
                layer.path, placed.line, "overridden",
                f"{placed.entry.src!r} {done} and {loser.entry.dst!r} in {other.path.name}, line {loser.line}",
            )  # fmt: skip
