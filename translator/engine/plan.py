"""Which texts go to the model together."""

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from translator.core.backend import Request, Sampling
from translator.core.layout import split_paragraphs
from translator.core.markup import MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Batch, GlossaryEntry, Unit
from translator.engine import context as history
from translator.engine import prepare, prompt
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, Rates, has_rare, tokens, weight
from translator.engine.prepare import Prepared
from translator.engine.repair import Span
from translator.engine.turns import Turn
from translator.engine.words import is_word
from translator.glossary.matcher import NAME_KIND, folded, normalised
from translator.profiles.profile import CodeStyle, Style


def request_tokens(request: Request, rates: Rates = DEFAULT) -> int:
    """A careful guess of the tokens of a request's prompt, the template around its turns included."""
    return sum(tokens(text, rates) for text in request.texts) + round(rates.turn * request.turns)


def probe(desk: Desk) -> Request:
    """A request for one short word, which no server refuses for what it says."""
    unit = Unit(0, _SAMPLE, Role.NARRATION, "", "", _SAMPLE)
    return prompt.build(desk, [Prepared(unit, (_SAMPLE,), ())], sampling=desk.profile.sampling)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The tokens of a request that do not depend on its texts.

    base: system text and template with no glossary; with_glossary: what the first glossary entry adds beside
    itself; context: what is surely shown of the batches before; line: what each line adds beside its text.
    """

    base: int
    with_glossary: int
    context: int
    line: int = 1

    @classmethod
    def of(cls, desk: Desk, rates: Rates = DEFAULT) -> "Fixed":
        """Measured on a request for one short text."""

        def measured(glossary: tuple[GlossaryEntry, ...] = (), context: Sequence[Turn] = (), lines: int = 1) -> int:
            unit = Unit(0, _SAMPLE, Role.NARRATION, "", "", _SAMPLE, glossary=glossary)
            ready = [Prepared(unit, (_SAMPLE,), ())] * lines
            return request_tokens(prompt.build(desk, ready, context=context, sampling=desk.profile.sampling), rates)

        plain = measured()
        entry = GlossaryEntry(_SAMPLE, _SAMPLE)
        with_glossary = measured(glossary=(entry,)) - plain - _entry_tokens(entry, rates)
        sample = Turn((Prepared(Unit(0, _SAMPLE, Role.NARRATION, "", ""), (_SAMPLE,), ()),), ((_SAMPLE,),))
        context = measured(context=[sample]) - plain
        if context:
            # Half of the window has its place in every request, the rest where there is room (`fitted`). Its limit is
            # counted by the estimate's own rates, whatever these are.
            context += math.ceil(history.limit(desk) * max(rates.above(DEFAULT), 1.0) / 2)
        line = 1
        if desk.profile.style is Style.JSON:
            # Beside its text and its speaker's name; numbers of two digits are the longer ones.
            line = math.ceil((measured(lines=30) - measured(lines=20)) / 10 - 2 * weight(_SAMPLE, rates))
        return cls(plain - tokens(_SAMPLE, rates), max(with_glossary, 0), context, line)


def least_window(desk: Desk) -> int:
    """The tokens of the smallest context window in which a line of usual length can be asked for and answered, after a
    short thought where the model thinks.
    """
    budget = desk.profile.budget
    answer = budget.max_tokens(len(_LINE), 1) - budget.thought + min(budget.thought, _SHORT_THOUGHT)
    return Fixed.of(desk).base + tokens(_LINE) + answer


_SAMPLE: Final = "村人"
_SHORT_THOUGHT: Final = 512
_LINE: Final = "むかしむかし、あるところに、おじいさんとおばあさんが住んでいました。"

_LEAST_ANSWER: Final = 16
"""Tokens for an answer where its request leaves no room: it will be cut, and asked for in smaller parts."""


def _entry_tokens(entry: GlossaryEntry, rates: Rates) -> int:
    return tokens(f"{entry.src}->{entry.dst} #{entry.note}\n", rates)


@dataclass(slots=True)
class Filling:
    """A request as it fills up: how much of the profile's budget and of the context window is taken.

    words: whether it is one of single words, which has a limit of its own. planned: whether its texts were put together
    before, when the profile's tokens were counted by other rates; only the context window still counts. counted:
    tokens of the texts that were counted. Texts are counted only when the number of their characters leaves a doubt:
    most never are. dear: none of its characters takes more tokens. sure: tokens that there is room for with the
    longest answer and no glossary. plain: so many characters of usual texts fit whatever else is known. most_lines: no
    request of its kind holds more.
    """

    desk: Desk
    fixed: Fixed
    rates: Rates = DEFAULT
    words: bool = False
    planned: bool = False
    lines: int = 0
    characters: int = 0
    beside: int = 0
    dear: float = 0.0
    sure: int = 0
    plain: int = 0
    most_lines: int = 0
    counted: float = 0.0
    uncounted: list[str] = field(default_factory=list[str])
    entries: dict[GlossaryEntry, int] = field(default_factory=dict[GlossaryEntry, int])

    def __post_init__(self) -> None:
        self.dear = self.rates.usual
        budget, group = self.desk.profile.budget, self.desk.profile.words.group
        self.most_lines = min(group, budget.lines) if self.words else budget.lines
        taken = self.fixed.base + self.fixed.context + budget.answer_most + budget.thought
        self.sure = min(self._tokens, self.desk.num_ctx - taken)
        if self.desk.profile.style is not Style.JSON:
            room = int((self.sure - self.fixed.line * self.most_lines) / self.rates.usual)
            self.plain = min(room, budget.characters)

    def add(self, lines: Sequence[str], unit: Unit) -> bool:
        """Put lines of a unit in if they fit; whether they did. Into an empty one goes whatever it is."""
        count = self.lines + len(lines)
        characters = self.characters + (len(lines[0]) if len(lines) == 1 else sum(map(len, lines)))
        if characters <= self.plain and not unit.glossary and not self.entries and self.dear == self.rates.usual:
            # Most texts are told by their length alone.
            if self.lines and count > self.most_lines:
                return False
            rare = has_rare(lines[0]) if len(lines) == 1 else any(map(has_rare, lines))
            if count <= self.most_lines and not rare:
                self.uncounted.extend(lines)
                self.lines, self.characters = count, characters
                return True
        profile = self.desk.profile
        if self.lines and (count > self.most_lines or characters > profile.budget.characters):
            return False
        texts, beside = lines, self.beside
        if profile.style is Style.JSON and unit.speaker:
            texts = [*lines, *[unit.speaker] * len(lines)]
            beside += len(unit.speaker) * len(lines)
        entries = self.entries
        if unit.glossary and profile.takes_glossary:
            entries = entries | {e: _entry_tokens(e, self.rates) for e in unit.glossary if e not in entries}
        if self.dear == self.rates.usual and any(map(has_rare, texts)):
            self.dear = self.rates.dearest
        most = (characters + beside) * self.dear
        sure = not self.lines or (not entries and most + self.fixed.line * count <= self.sure)
        if not sure and most > (room := self._room(entries, characters, count)):
            self._count()
            weights = weight("".join(texts), self.rates)
            if self.counted + weights > room:
                return False
            self.counted += weights
        else:
            self.uncounted.extend(texts)
        self.lines, self.characters, self.beside, self.entries = count, characters, beside, entries
        return True

    @property
    def over(self) -> bool:
        """Whether what was put into the empty request is more than one request should hold."""
        self._count()
        return (
            self.lines > self.most_lines
            or self.characters > self.desk.profile.budget.characters
            or self.counted > self._room(self.entries, self.characters, self.lines)
        )

    def _count(self) -> None:
        if self.uncounted:
            self.counted += weight("".join(self.uncounted), self.rates)
            self.uncounted.clear()

    def _room(self, entries: Mapping[GlossaryEntry, int], characters: int, lines: int) -> int:
        """The tokens that the texts of so many lines may take."""
        budget = self.desk.profile.budget
        glossary = sum(entries.values()) + self.fixed.with_glossary if entries else 0
        taken = self.fixed.base + self.fixed.context + glossary + budget.max_tokens(characters, lines)
        return min(self._tokens, self.desk.num_ctx - taken) - self.fixed.line * lines

    @property
    def _tokens(self) -> int:
        return self.desk.num_ctx if self.planned else self.desk.profile.budget.tokens


@dataclass(slots=True)
class _Held:
    """A batch in the making."""

    filling: Filling
    units: list[Unit] = field(default_factory=list[Unit])


def plan(units: Iterable[Unit], *, desk: Desk, first_id: int = 0, rates: Rates = DEFAULT) -> Iterator[Batch]:
    """Put units together in reading order, as they come: the same units give the same batches.

    A batch never crosses a scene. It is filled up to the profile's lines, characters and tokens, and so that system
    text, glossary, context, source and the longest answer fit `desk.num_ctx`. A unit that is too much for one request
    is a batch of its own; it will be asked in parts (`requests`). Ids count from `first_id`; `after` is the batch
    before in the same run of a scene.

    Single words (`words.is_word`), where the profile groups them, share their batches with nothing else. They stand
    outside of the scene's run: a batch of them has no `after` and is nobody's.
    """
    fixed = Fixed.of(desk, rates)
    grouped, limit = desk.profile.words.group > 0, desk.line_characters
    number = first_id
    after: int | None = None
    said, words = _Held(Filling(desk, fixed, rates)), _Held(Filling(desk, fixed, rates, words=True))

    def close(held: _Held) -> Batch:
        nonlocal number, after
        batch = Batch(number, held.units[0].scene, tuple(held.units), None if held.filling.words else after)
        after = after if held.filling.words else number
        number += 1
        held.units = []
        held.filling = Filling(desk, fixed, rates, held.filling.words)
        return batch

    bare = {format_id: _asked_bare(desk, markup) for format_id, markup in desk.markups.items()}
    named, words_of = bool(desk.profile.templates.speaker), desk.profile.words
    worded = words_of.roles if words_of.characters else ()
    scene: str | None = None
    for unit in units:
        if unit.scene != scene:
            yield from (close(held) for held in (said, words) if held.units)
            scene, after = unit.scene, None
        held = words if grouped and is_word(unit, desk) else said
        source = unit.source
        # Nearly all of a million texts are so simple that they need not be looked at.
        if (
            "\n" not in source
            and len(source) <= limit
            and bare.get(unit.format)
            and unit.role not in worded
            and not (named and unit.speaker)
        ):
            lines: Sequence[str] = (source,)
        else:
            lines = measured(unit, desk, limit)
        if not held.filling.add(lines, unit):
            yield close(held)
            held.filling.add(lines, unit)
        held.units.append(unit)
    yield from (close(held) for held in (said, words) if held.units)


def _asked_bare(desk: Desk, markup: MarkupSyntax) -> bool:
    """Whether texts with this markup, but single words and those with a speaker, go out as they stand."""
    return desk.profile.codes is CodeStyle.KEEP and not markup.rewrites


def measured(unit: Unit, desk: Desk, limit: int) -> Sequence[str]:
    """The lines that a unit will be asked for in, or, to save time, some that count no less: with the codes and white
    space around them. limit: the desk's for the characters of a line.
    """
    profile, markup = desk.profile, desk.markup(unit.format)
    if (
        profile.codes is not CodeStyle.KEEP
        or markup.rewrites
        or (unit.speaker and profile.templates.speaker)
        or (profile.words.characters and unit.role in profile.words.roles)
    ):
        return prepare.prepare(unit, desk).lines
    if "\n" not in unit.source and len(unit.source) <= limit:
        return (unit.source,)
    lines = split_paragraphs(unit.source, unit.limits, markup)
    if profile.templates.newline or max(map(len, lines)) > limit:
        return prepare.prepare(unit, desk).lines
    return [line for line in lines if line.strip()]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A request, and the glossary entries of its units that it had no room for."""

    request: Request
    left_out: frozenset[GlossaryEntry] = frozenset()


def fitted(
    desk: Desk, prepared: Sequence[Prepared], *, context: Sequence[Turn], sampling: Sampling, rates: Rates = DEFAULT
) -> Fitted:
    """The request for some units, made to fit the context window where it would not.

    It loses the oldest texts before it, then glossary entries (those that nobody decided first), then room for its
    answer.
    """
    request = prompt.build(desk, prepared, context=context, sampling=sampling)
    if _surely_fits(request, rates):
        return Fitted(request)
    turns = list(context)
    while turns and _is_over(request, rates):
        del turns[0]
        request = prompt.build(desk, prepared, context=turns, sampling=sampling)
    left_out = frozenset[GlossaryEntry]()
    if _is_over(request, rates):
        entries = _least_first(prepared)

        def without(count: int) -> Request:
            return prompt.build(desk, _leave_out(prepared, entries[:count]), context=turns, sampling=sampling)

        count = bisect_left(range(len(entries)), True, key=lambda count: not _is_over(without(count), rates))  # noqa: FBT003 - what is looked for
        request, left_out = without(count), frozenset(entries[:count])
    if _is_over(request, rates):
        room = request.num_ctx - request_tokens(request, rates)
        request = replace(request, max_tokens=max(min(request.max_tokens, room), _LEAST_ANSWER))
    return Fitted(request, left_out)


def _is_over(request: Request, rates: Rates) -> bool:
    return request_tokens(request, rates) + request.max_tokens > request.num_ctx


def _least_first(prepared: Sequence[Prepared]) -> list[GlossaryEntry]:
    """The glossary entries of some units, those that are missed least first: a job's own names, then other advice,
    then what a person decided; of each what does not stand in the lines that are asked for, then by layer.
    """
    said = folded(normalised("\n".join(line for ready in prepared for line in ready.lines)))

    def worth(entry: GlossaryEntry) -> tuple[bool, bool, bool]:
        there = entry.regex or folded(normalised(entry.src.strip())) in said
        return not entry.advice, entry.advice and entry.kind != NAME_KIND, there

    return sorted(dict.fromkeys(entry for ready in prepared for entry in ready.unit.glossary), key=worth)


def _leave_out(prepared: Sequence[Prepared], entries: Collection[GlossaryEntry]) -> list[Prepared]:
    gone = frozenset(entries)
    return [
        replace(r, unit=replace(r.unit, glossary=tuple(e for e in r.unit.glossary if e not in gone))) for r in prepared
    ]


def _surely_fits(request: Request, rates: Rates) -> bool:
    """Whether a request fits however its characters count."""
    prompt_tokens = sum(map(len, request.texts)) * rates.dearest + rates.turn * request.turns
    return prompt_tokens + request.max_tokens <= request.num_ctx


def requests(prepared: Sequence[Prepared], desk: Desk, fixed: Fixed, rates: Rates = DEFAULT) -> list[list[Span]]:
    """The requests that a batch needs, each as the lines that it asks for: one, unless a unit is too much for it.

    Units without lines are in none.
    """
    groups: list[list[Span]] = []
    group: list[Span] = []
    # A batch of several units was planned to be one request: what was learnt of the model's tokens since does not
    # take it apart as long as it fits.
    planned = len(prepared) > 1
    filling = Filling(desk, fixed, rates, planned=planned)
    for index, ready in enumerate(prepared):
        if not ready.lines:
            continue
        if not filling.add(ready.lines, ready.unit):
            groups.append(group)
            group, filling = [], Filling(desk, fixed, rates, planned=planned)
            filling.add(ready.lines, ready.unit)
        if group or not filling.over or len(ready.lines) == 1:
            group.append(Span(index, 0, len(ready.lines)))
            continue
        *full, group = _parts(index, ready, Filling(desk, fixed, rates))
        groups.extend(full)
        groups.append(group)
        group, filling = [], Filling(desk, fixed, rates, planned=planned)
    if group:
        groups.append(group)
    return groups


def _parts(index: int, ready: Prepared, filling: Filling) -> list[list[Span]]:
    """A unit's lines in as few requests as hold them, at least one line in each."""
    parts: list[list[Span]] = []
    start = 0
    for number, line in enumerate(ready.lines):
        if not filling.add((line,), ready.unit):
            parts.append([Span(index, start, number)])
            start = number
            filling = Filling(filling.desk, filling.fixed, filling.rates)
            filling.add((line,), ready.unit)
    parts.append([Span(index, start, len(ready.lines))])
    return parts
