"""What one model has answered for a batch so far: lines put together to units, units to translations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from translator.core.finding import Finding, Severity
from translator.core.work import Batch, GlossaryEntry
from translator.engine import codes, prepare
from translator.engine.checks import decisions, examine, judged
from translator.engine.desk import Desk
from translator.engine.prepare import Prepared, Restored
from translator.engine.repair import Span
from translator.engine.turns import Turn


@dataclass(frozen=True, slots=True)
class Rescue:
    """A translation that only its codes kept from being used, with them put back by rule.

    cost: how many codes were lost, added or misplaced in the answer.
    """

    target: str
    findings: tuple[Finding, ...]
    cost: int


class Draft:
    """The units of a batch as one desk prepares them, with the answers to them that were good.

    targets, findings, rescues: by the unit's place in the batch; None where there is none (yet).
    """

    def __init__(self, batch: Batch, desk: Desk) -> None:
        self.desk = desk
        self.prepared = [prepare.prepare(unit, desk) for unit in batch.units]
        self.targets: list[str | None] = [None] * len(batch.units)
        self.findings: list[tuple[Finding, ...]] = [()] * len(batch.units)
        self.rescues: list[Rescue | None] = [None] * len(batch.units)
        self._lines: list[list[str | None]] = [[None] * len(ready.lines) for ready in self.prepared]
        self._asked: list[list[Span]] = [[] for _ in batch.units]
        self._withheld: list[frozenset[GlossaryEntry]] = [frozenset()] * len(batch.units)
        for index, ready in enumerate(self.prepared):
            if not ready.lines:
                self.targets[index] = prepare.restore(ready, [], desk).target

    def part(self, span: Span) -> Prepared:
        """The lines of a span, as a request asks for them."""
        ready = self.prepared[span.unit]
        if span.stop - span.start == len(ready.lines):
            return ready
        return replace(ready, lines=ready.lines[span.start : span.stop], spoken=ready.spoken[span.start : span.stop])

    def ask(self, spans: Sequence[Span]) -> bool:
        """Note that these spans are asked for; whether any line of them was asked for before."""
        again = any(old.start < span.stop and span.start < old.stop for span in spans for old in self._asked[span.unit])
        for span in spans:
            self._asked[span.unit].append(span)
        return again

    def withhold(self, spans: Sequence[Span], entries: frozenset[GlossaryEntry]) -> None:
        """Note the glossary entries that the request for these spans had no room for: no check holds the units to
        what the model was not told.
        """
        for span in spans:
            whole = span.stop - span.start == len(self.prepared[span.unit].lines)
            before = frozenset[GlossaryEntry]() if whole else self._withheld[span.unit]
            self._withheld[span.unit] = before | entries

    def within(self, first: Span) -> Turn:
        """The batch's own lines before `first` that have their answer, with it."""
        asked: list[Prepared] = []
        answered: list[tuple[str, ...] | None] = []
        for index, ready in enumerate(self.prepared[: first.unit + 1]):
            stop = first.start if index == first.unit else len(ready.lines)
            lines = [line for line in self._lines[index][:stop] if line is not None]
            if lines and len(lines) == stop and (index == first.unit or self.targets[index] is not None):
                asked.append(replace(ready, lines=ready.lines[:stop], spoken=ready.spoken[:stop]))
                answered.append(tuple(lines))
        return Turn(tuple(asked), tuple(answered))

    def take(self, span: Span, lines: Sequence[str]) -> list[Span]:
        """Take the answer to a span; the spans to ask for again, where that completes a unit and a check refuses it.

        The unit's findings then say why, and its lines are dropped.
        """
        self._lines[span.unit][span.start : span.stop] = lines
        if None in self._lines[span.unit] or self._finish(span.unit):
            return []
        return self._forget(span)

    def blame(self, units: Sequence[int], findings: Sequence[Finding]) -> None:
        """Say why units have no translation yet."""
        for unit in units:
            self.findings[unit] = tuple(findings)

    def _finish(self, index: int) -> bool:
        """Put a unit's lines together; whether the checks let its translation stand."""
        ready = self.prepared[index]
        restored = prepare.restore(ready, [line or "" for line in self._lines[index]], self.desk)
        findings = self._examined(index, restored)
        self.findings[index] = findings
        wrong = {finding.code for finding in findings if finding.severity is Severity.ERROR}
        if not wrong:
            self.targets[index] = restored.target
            return True
        if "markup" in wrong:
            self._keep_for_rescue(index, restored)
        return False

    def _examined(self, index: int, restored: Restored) -> tuple[Finding, ...]:
        unit, withheld = self.prepared[index].unit, self._withheld[index]
        if withheld:
            unit = replace(unit, glossary=tuple(entry for entry in unit.glossary if entry not in withheld))
        found = judged(restored.findings, decisions(self.desk.profile.severities, self.desk.checks))
        return (*found, *examine(self.desk, unit, restored.target))

    def _keep_for_rescue(self, index: int, restored: Restored) -> None:
        """Keep an answer in which only the codes are wrong, the one with the fewest wrong ones, codes put back."""
        ready = self.prepared[index]
        rescued = prepare.rescued(restored, ready, self.desk)
        findings = self._examined(index, rescued)
        if any(finding.severity is Severity.ERROR for finding in findings):
            return
        markup = self.desk.markup(ready.unit.format)
        wanted = Counter(code.text for code in codes.kept(markup.normalise(ready.unit.source), markup))
        there = Counter(code.text for code in codes.kept(restored.target, markup))
        cost = max((wanted - there).total() + (there - wanted).total(), 1)
        known = self.rescues[index]
        if known is None or cost < known.cost:
            self.rescues[index] = Rescue(rescued.target, findings, cost)

    def _forget(self, span: Span) -> list[Span]:
        """Drop all lines of a refused unit; the spans that ask for all of them again."""
        lines = self._lines[span.unit]
        self._lines[span.unit] = [None] * len(lines)
        if span.stop - span.start == len(lines):
            return [span]
        spans = [span]
        # The requests that gave the other lines: the latest one for each line, which are the smallest.
        covered = set(range(span.start, span.stop))
        for old in reversed(self._asked[span.unit]):
            if covered.isdisjoint(range(old.start, old.stop)):
                covered.update(range(old.start, old.stop))
                spans.append(old)
        return sorted(spans)
