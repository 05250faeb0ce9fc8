"""Which texts go to the model together."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from translator.core.backend import Request
from translator.core.segment import Role
from translator.core.work import Batch, GlossaryEntry, Unit
from translator.engine import prepare, prompt
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, Rates, tokens
from translator.engine.prepare import Prepared
from translator.engine.repair import Span
from translator.engine.turns import Turn


def request_tokens(request: Request, rates: Rates = DEFAULT) -> int:
    """A careful guess of the tokens of a request's prompt, the template around its turns included."""
    if request.prompt is not None:
        return tokens(request.prompt, rates) + round(rates.turn)
    return sum(tokens(m.content, rates) for m in request.messages) + round(rates.turn * (len(request.messages) + 1))


@dataclass(frozen=True, slots=True)
class Fixed:
    """The tokens of a request that do not depend on its texts.

    base: system text and template with no glossary; with_glossary: what the first glossary entry adds beside
    itself; context: what the profile may show of the batches before.
    """

    base: int
    with_glossary: int
    context: int

    @classmethod
    def of(cls, desk: Desk, rates: Rates = DEFAULT) -> "Fixed":
        """Measured on a request for one short text."""

        def measured(glossary: tuple[GlossaryEntry, ...] = (), context: Sequence[Turn] = ()) -> int:
            unit = Unit(0, _SAMPLE, Role.NARRATION, "", "", glossary=glossary)
            ready = Prepared(unit, (_SAMPLE,), ())
            return request_tokens(prompt.build(desk, [ready], context=context, sampling=desk.profile.sampling), rates)

        plain = measured()
        entry = GlossaryEntry(_SAMPLE, _SAMPLE)
        with_glossary = measured(glossary=(entry,)) - plain - _entry_tokens(entry, rates)
        sample = Turn((Prepared(Unit(0, _SAMPLE, Role.NARRATION, "", ""), (_SAMPLE,), ()),), ((_SAMPLE,),))
        context = measured(context=[sample]) - plain
        if context:
            # The window's limit is counted by the estimate's own rates, whatever these are.
            context += math.ceil(desk.profile.context.tokens * max(rates.above(DEFAULT), 1.0))
        return cls(plain - tokens(_SAMPLE, rates), max(with_glossary, 0), context)


_SAMPLE = "村人"


def _entry_tokens(entry: GlossaryEntry, rates: Rates) -> int:
    return tokens(f"{entry.src}->{entry.dst} #{entry.note}\n", rates)


@dataclass(slots=True)
class Filling:
    """A request as it fills up: how much of the profile's budget and of the context window is taken."""

    desk: Desk
    fixed: Fixed
    rates: Rates = DEFAULT
    lines: int = 0
    characters: int = 0
    source: int = 0
    entries: dict[GlossaryEntry, int] = field(default_factory=dict[GlossaryEntry, int])

    def add(self, lines: Sequence[str], glossary: Sequence[GlossaryEntry]) -> bool:
        """Put these lines in if they fit; whether they did. Into an empty one anything fits that a line alone does."""
        budget = self.desk.profile.budget
        count = self.lines + len(lines)
        characters = self.characters + sum(map(len, lines))
        if self.lines and (count > budget.lines or characters > budget.characters):
            return False
        # One more per line: its line feed, or its number.
        source = self.source + tokens("\n".join(lines), self.rates) + 1
        entries = self.entries
        if glossary and self.desk.profile.takes_glossary:
            entries = entries | {e: _entry_tokens(e, self.rates) for e in glossary if e not in entries}
        if self.lines and (source > budget.tokens or not self._in_window(source, entries, characters, count)):
            return False
        self.lines, self.characters, self.source, self.entries = count, characters, source, entries
        return True

    @property
    def over(self) -> bool:
        """Whether what was put into the empty request is more than one request should hold."""
        budget = self.desk.profile.budget
        return (
            self.lines > budget.lines
            or self.characters > budget.characters
            or self.source > budget.tokens
            or not self._in_window(self.source, self.entries, self.characters, self.lines)
        )

    def _in_window(self, source: int, entries: dict[GlossaryEntry, int], characters: int, lines: int) -> bool:
        glossary = sum(entries.values()) + self.fixed.with_glossary if entries else 0
        asked = self.fixed.base + self.fixed.context + glossary + source
        return asked + self.desk.profile.budget.max_tokens(characters, lines) <= self.desk.num_ctx


def plan(units: Iterable[Unit], *, desk: Desk, first_id: int = 0, rates: Rates = DEFAULT) -> Iterator[Batch]:
    """Put units together in reading order, as they come: the same units give the same batches.

    A batch never crosses a scene. It is filled up to the profile's lines, characters and tokens, and so that system
    text, glossary, context, source and the longest answer fit `desk.num_ctx`. A unit that is too much for one request
    is a batch of its own; it will be asked in parts (`requests`). Ids count from `first_id`; `after` is the batch
    before in the same run of a scene.
    """
    fixed = Fixed.of(desk, rates)
    number = first_id
    after: int | None = None
    held: list[Unit] = []
    filling = Filling(desk, fixed, rates)
    for unit in units:
        lines = prepare.prepare(unit, desk).lines
        same = bool(held) and held[-1].scene == unit.scene
        if same and filling.add(lines, unit.glossary):
            held.append(unit)
            continue
        if held:
            yield Batch(number, held[0].scene, tuple(held), after)
            after = number if same else None
            number += 1
        held = [unit]
        filling = Filling(desk, fixed, rates)
        filling.add(lines, unit.glossary)
    if held:
        yield Batch(number, held[0].scene, tuple(held), after)


def requests(prepared: Sequence[Prepared], desk: Desk, fixed: Fixed, rates: Rates = DEFAULT) -> list[list[Span]]:
    """The requests that a batch needs, each as the lines that it asks for: one, unless a unit is too much for it.

    Units without lines are in none.
    """
    groups: list[list[Span]] = []
    group: list[Span] = []
    filling = Filling(desk, fixed, rates)
    for index, ready in enumerate(prepared):
        if not ready.lines:
            continue
        if not filling.add(ready.lines, ready.unit.glossary):
            groups.append(group)
            group, filling = [], Filling(desk, fixed, rates)
            filling.add(ready.lines, ready.unit.glossary)
        if group or not filling.over or len(ready.lines) == 1:
            group.append(Span(index, 0, len(ready.lines)))
            continue
        *full, group = _parts(index, ready, Filling(desk, fixed, rates))
        groups.extend(full)
        groups.append(group)
        group, filling = [], Filling(desk, fixed, rates)
    if group:
        groups.append(group)
    return groups


def _parts(index: int, ready: Prepared, filling: Filling) -> list[list[Span]]:
    """A unit's lines in as few requests as hold them, at least one line in each."""
    parts: list[list[Span]] = []
    start = 0
    for number, line in enumerate(ready.lines):
        if not filling.add((line,), ready.unit.glossary):
            parts.append([Span(index, start, number)])
            start = number
            filling = Filling(filling.desk, filling.fixed, filling.rates)
            filling.add((line,), ready.unit.glossary)
    parts.append([Span(index, start, len(ready.lines))])
    return parts
