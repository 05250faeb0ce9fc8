"""A Markdown file whose texts are replaced where they stand, and read again to see that they are still the same."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from translator.core.document import HeldBack, RefusedTargetError
from translator.core.lines import Lines, cut_text
from translator.core.segment import Segment
from translator.core.spantext import SpanText, misread
from translator.core.textfile import Output
from translator.formats.markdown.beside import apart
from translator.formats.markdown.blocks import Block, Found, find_blocks
from translator.formats.markdown.references import without_labels

_SHOWN = 40
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f]")
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}\s*$")
"""What names a heading, at its end (pandoc, kramdown); twice, the first would be shown."""

_BESIDE = "　／　"
_WIDE = "[\u3000-\u30ff\u3400-\u9fff\uff01-\uff5e]"
_BREAK = re.compile(rf"(?<={_WIDE})\n(?={_WIDE})")


class MarkdownDocument:
    """A Markdown file."""

    def __init__(self, read: Lines, blob: bytes, output: Output, bilingual: str = "") -> None:
        self._read = read
        self._output = output
        self._bilingual = bilingual
        self._file = SpanText(read, blob)
        self._found = find_blocks([line.text for line in read.lines])
        self._blocks = {block.key: block for block in self._found.blocks}
        self.segments: Sequence[Segment] = _segments(self._found)
        reasons = ", ".join(dict.fromkeys(held.reason for held in self._found.held))
        held = f", and what is held back ({reasons})" if reasons else ""
        silent = () if self.segments else (f"no text: there are only blank lines and signs{held}",)
        self.notices: Sequence[str] = (*output.notices, *silent)
        self.charset: str | None = output.charset

    def held_back(self) -> Iterator[HeldBack]:
        """Code, HTML, front matter, references, what is nested too deeply: see the format."""
        return iter(self._found.held)

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = []
        at = 0
        for line in self._read.lines:
            starts.append(at)
            at += len(line.text) + len(line.end)
        return starts

    @cached_property
    def _end(self) -> str:
        return next((line.end for line in self._read.lines if line.end), "\n")

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        changed = {key: target for key, target in targets.items() if target != self._blocks[key].source}
        spans = {key: self._span(self._blocks[key]) for key in changed}
        new: dict[str, str] = {}
        for key, target in changed.items():
            _check(self._blocks[key], target)
            new[key] = self._spelled(self._blocks[key], target)
        if new:
            self._check_read_back(changed, spans, new)
        if not self._bilingual:
            return self._file.render(spans, new, self._output)
        both = {key: self._beside(self._blocks[key], new[key], changed[key]) for key in changed}
        self._check_blocks(spans, both)
        return self._file.render(spans, both, self._output)

    def _span(self, block: Block) -> tuple[int, int]:
        first, last = block.rows[0], block.rows[-1]
        return self._starts[first.line] + first.start, self._starts[last.line] + last.end

    def _spelled(self, block: Block, target: str) -> str:
        """The lines of a target with what stands between lines in the file: its own, and of the last for more."""
        lines = without_labels(target, self._found.labels).split("\n")
        gaps = self._gaps(block, len(lines) - 1)
        parts = [lines[0]]
        for gap, line in zip(gaps, lines[1:], strict=True):
            parts += (gap, line)
        return "".join(parts)

    def _gaps(self, block: Block, count: int) -> list[str]:
        text, starts = self._file.text, self._starts
        own = [
            text[starts[above.line] + above.end : starts[below.line] + below.start]
            for above, below in zip(block.rows[:count], block.rows[1 : count + 1], strict=False)
        ]
        if len(own) == count:
            return own
        line = self._read.lines[block.rows[-1].line]
        above = self._read.lines[block.rows[-2].line].end if len(block.rows) > 1 else line.end
        spare = own[-1] if own else (above or self._end) + block.prefix
        return [*own, *[spare] * (count - len(own))]

    def _beside(self, block: Block, new: str, target: str) -> str:
        """The translation with its original."""
        start, end = self._span(block)
        old = self._file.text[start:end]
        one_line, target = (_joined(without_labels(text, self._found.labels)) for text in (block.source, target))
        if self._bilingual == "side":
            if len(block.rows) > 1 and not block.limits.wrap:  # lines that readers see
                old, new = apart(old, new, _BESIDE)
                return f"{old}{_BESIDE}{new}"
            return _BESIDE.join(apart(one_line, target, _BESIDE))
        parting = {"paragraph": "  \n", "cell": "<br>"}.get(block.kind, " / ")
        if block.kind == "heading":
            old, new = one_line, target
        first, second = (old, new) if self._bilingual == "above" else (new, old)
        if block.kind == "heading" and _ATTRIBUTES.search(second):
            first = _ATTRIBUTES.sub("", first)
        first, second = apart(first, second, parting)
        if block.kind == "paragraph":
            parting = f"  {self._read.lines[block.rows[0].line].end or self._end}{block.prefix}"
        return f"{first}{parting}{second}"

    def _check_read_back(
        self, targets: Mapping[str, str], spans: Mapping[str, tuple[int, int]], new: Mapping[str, str]
    ) -> None:
        again = self._file.replaced(spans, new)
        found = find_blocks([text for text, _ in cut_text(again)])
        blamed = misread(self.segments, _segments(found), targets, new)
        if blamed is None and self._frame(found) != self._frame(self._found):
            blamed = next(iter(new))
        if blamed is not None:
            raise RefusedTargetError(
                blamed,
                f"{targets[blamed][:_SHOWN]!r} would not be read as a {self._blocks[blamed].kind} of the same text",
            )

    def _check_blocks(self, spans: Mapping[str, tuple[int, int]], both: Mapping[str, str]) -> None:
        """Refuse the text that, with its original beside it, would be read as more blocks or as others."""
        again = find_blocks([text for text, _ in cut_text(self._file.replaced(spans, both))]).blocks
        read = {b.key: b.kind for b in again}
        for key in both:
            if read.get(key) != self._blocks[key].kind:
                raise RefusedTargetError(key, "with its original beside it, it would be read as something else")
        if len(again) != len(self._blocks):
            raise RefusedTargetError(next(iter(both)), "with the originals beside them, there would be other texts")

    def _frame(self, found: Found) -> object:
        """What must stay as it is beside the texts themselves."""
        return [(b.kind, b.prefix) for b in found.blocks], [(held.text, held.reason) for held in found.held]


def _segments(found: Found) -> tuple[Segment, ...]:
    return tuple(Segment(b.key, b.source, b.role, b.scene, limits=b.limits, notes=b.notes) for b in found.blocks)


def _joined(text: str) -> str:
    """A text on one line: a soft break is a space, and nothing between Japanese or Chinese characters."""
    return _BREAK.sub("", text).replace("\n", " ")


def _check(block: Block, target: str) -> None:
    if "\n" in target and block.limits.single:
        raise RefusedTargetError(block.key, f"a {block.kind} is one line, and {target[:_SHOWN]!r} has several")
    if control := next((c for c in _CONTROL.findall(target) if c not in block.source), ""):
        raise RefusedTargetError(block.key, f"a text cannot hold the control character {control!r}")
