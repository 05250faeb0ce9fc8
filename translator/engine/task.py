"""One batch on its way: its requests, what its answers were worth, and its outcomes in the end. No waiting here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.core.backend import Abort, BackendError, OverflowedError, PromptRefusedError, Reply, Request, Stop
from translator.core.finding import Finding, Severity
from translator.core.work import Attempt, Batch, Outcome
from translator.engine import context, repair, reply
from translator.engine.desk import Desk
from translator.engine.draft import Draft, Rescue
from translator.engine.measuring import Measure
from translator.engine.plan import Fitted, fitted, requests
from translator.engine.prepare import Prepared
from translator.engine.prepared import UNSPACED
from translator.engine.record import attempt
from translator.engine.repair import TIGHTEST, Ask, Fault, Rules, Settle, Span, State
from translator.engine.watch import LOOP, REMARK, TOO_LONG, TOO_MANY_LINES, Watch
from translator.profiles.profile import Style

_JSON_AROUND: Final = 60
"""Characters that JSON puts around each text, indented."""

_LONGEST_RATIO: Final = 6
"""Characters of a translation per character of its source; Japanese needs 2 to 3 in European languages."""

_LEAST_LENGTH: Final = 200

_LONGEST_RATIO_UNSPACED: Final = 4
"""The same for targets that write without spaces: half as much for a word as the others."""

_LEAST_LENGTH_UNSPACED: Final = 100

_MOST_ELSEWHERE: Final = 2
"""Other hosts that are asked for one unit at most: with the same model there, more would say the same."""

FALLBACK: Final = "fallback"
"""The code of the finding that says that the fallback model did a translation."""

FALLBACK_AWAY: Final = "fallback-away"
"""The code of the finding of a unit that the fallback model would have been asked for, had it been there."""

OUT_OF_TIME: Final = "out-of-time"
"""The code of the finding of a unit that the model's time ran out for."""

_NARROW: Final = 2
"""From this tightness on, more is left out around a line than the texts before it."""

_LAST_ANSWER: Final = 0.5
"""The share of the answer's usual limit that is still worth asking with; the limits are generous."""

_FALLBACK_SHARE: Final = 0.5
"""The time that the fallback model has for a unit on top of what the first has left, as a share of the first's."""


def rules(desk: Desk) -> Rules:
    """The samplings of the profile's ladder."""
    profile = desk.profile
    return Rules(profile.sampling, profile.retry_ladder(looped=False), profile.retry_ladder(looped=True))


@dataclass(frozen=True, slots=True)
class Question:
    """One request of a task.

    again: whether it asks for something that was asked for before. fallback: whether the fallback model is asked.
    avoid: names of hosts whose answers for these texts were bad, not to be asked where there is another one.
    """

    ask: Ask
    request: Request
    asked: tuple[Prepared, ...]
    again: bool
    fallback: bool = False
    avoid: frozenset[str] = frozenset()


class Task:
    """Drives one batch through the ladder: `next`, then `answered` or `refused`, until `next` gives None.

    measure: the desk, and how its model counts. before: the texts before the batch in its scene, as far as they may be
    shown. hosts: how many servers have the desk's model; where there are several, what fails on one is asked of
    another. fallback: how another model is asked for what this one cannot do, each unit alone. The requests follow from
    the batch, the desks, the rates as the task begins, `before` and the answers alone; after an overflow also from what
    was learnt of the rates until then.

    A unit of which only the codes are wrong, in at least one answer, is not given up: they are put back by rule.
    """

    def __init__(
        self,
        batch: Batch,
        *,
        measure: Measure,
        rules: Rules,
        before: context.Window = (),
        fallback: Measure | None = None,
        hosts: int = 1,
    ) -> None:
        self.batch = batch
        self.attempts: list[Attempt] = []
        self._before = before
        self._first = self._measure = measure
        self._rates = measure.rates
        self._overflowed: Question | None = None
        self._main = self._draft = Draft(batch, measure.desk)
        self._other: Draft | None = None
        self._fallback = fallback
        self._spent = [0.0] * len(batch.units)
        self._failed_at: list[set[str]] = [set() for _ in batch.units]
        self._rules = replace(rules, elsewhere=min(max(hosts - 1, 0), _MOST_ELSEWHERE))
        self._limit = [0.0] * len(batch.units)
        self._state: State = repair.begin(self._timed(self._parted(range(len(batch.units))), 1.0), self._rules)

    @property
    def prepared(self) -> Sequence[Prepared]:
        """The batch's units as the desk prepares them."""
        return self._main.prepared

    def next(self) -> Question | None:
        """What to ask now; None: the batch is through, `outcomes` stand."""
        while True:
            step = repair.next_step(self._state)
            if isinstance(step, Settle):
                if not step.failed or self._fallen or self._fallback is None:
                    return None
                self._fall_back(self._fallback, step.failed)
                continue
            draft = self._draft
            asked = tuple(draft.part(span) for span in step.spans)
            made = self._made(step, asked)
            if self._is_vain(step, made.request, asked):
                self._state = repair.skip(self._state)
                continue
            again = draft.ask(step.spans)
            draft.withhold(step.spans, made.left_out)
            failed_at = (self._failed_at[span.unit] for span in step.spans)
            avoid = frozenset[str]().union(*failed_at) if step.elsewhere else frozenset[str]()
            return Question(step, made.request, asked, again, self._fallen, avoid)

    def _made(self, step: Ask, asked: Sequence[Prepared]) -> Fitted:
        """The request for a step, and what it leaves out; the tighter, the more."""
        draft = self._draft
        before = () if step.tight else context.nearest(draft.desk, self._before, draft.within(step.spans[0]))
        made = fitted(draft.desk, asked, context=before, sampling=step.sampling, rates=self._rates)
        if step.tight < _NARROW:
            return made
        # As if the window were smaller than it is, down to an answer that may still be long enough.
        window = draft.desk.num_ctx * (TIGHTEST + 1 - step.tight) // TIGHTEST
        narrow = fitted(
            replace(draft.desk, num_ctx=window), asked, context=(), sampling=step.sampling, rates=self._rates
        )
        least = min(made.request.max_tokens, math.ceil(_LAST_ANSWER * self._wanted(asked)))
        answer = max(narrow.request.max_tokens, least)
        request = replace(narrow.request, num_ctx=draft.desk.num_ctx, max_tokens=answer)
        return replace(narrow, request=request)

    def _wanted(self, asked: Sequence[Prepared]) -> int:
        """The tokens that the answer to some lines usually may have."""
        lines = [line for ready in asked for line in ready.lines]
        return self._draft.desk.profile.budget.max_tokens(sum(map(len, lines)), len(lines))

    def _is_vain(self, step: Ask, request: Request, asked: Sequence[Prepared]) -> bool:
        """Whether it is known from an overflow before that a request will not do: it is the same, or it could only be
        sent with too little room for the answers to several lines.
        """
        if self._overflowed is None or step.elsewhere:
            return False
        if request == self._overflowed.request and step.spans == self._overflowed.ask.spans:
            return True
        several = sum(len(ready.lines) for ready in asked) > 1
        return several and request.max_tokens < _LAST_ANSWER * self._wanted(asked)

    @property
    def _fallen(self) -> bool:
        """Whether the fallback model is asked."""
        return self._draft is self._other

    def _fall_back(self, measure: Measure, failed: frozenset[int]) -> None:
        """Begin anew with the fallback model for what has failed: each unit alone."""
        self._other = self._other or Draft(self.batch, measure.desk)
        self._turn_to(self._other, measure)
        groups = [group for unit in sorted(failed) for group in self._parted([unit])]
        self._state = repair.begin(self._timed(groups, _FALLBACK_SHARE), rules(measure.desk), asked=self._state.asked)

    def again(self, fallback: Measure | None) -> None:
        """Begin once more for the units that have failed, as it was the server that did; what was done stands."""
        self._fallback = fallback
        self._turn_to(self._main, self._first)
        failed = [unit for unit, outcome in enumerate(self.outcomes()) if outcome.target is None]
        for unit in failed:
            self._failed_at[unit].clear()
        self._state = repair.begin(self._timed(self._parted(failed), 1.0), self._rules, asked=self._state.asked)

    def abandon(self, error: BackendError) -> None:
        """Give up what the fallback model was still to be asked for, as it is not to be had (`error`)."""
        units = sorted({unit for group in self._state.queue for unit in group.units})
        said = Finding(FALLBACK_AWAY, Severity.ERROR, f"the fallback model was not to be had: {error}")
        for unit in units:
            self._draft.blame([unit], [*(self._draft.findings[unit] or self._main.findings[unit]), said])
        self._state = repair.give_up(self._state, set(units))

    def _turn_to(self, draft: Draft, measure: Measure) -> None:
        self._draft, self._measure = draft, measure
        self._rates, self._overflowed = measure.rates, None
        self._limit = [max(limit, spent) for limit, spent in zip(self._limit, self._spent, strict=True)]

    def _parted(self, units: Sequence[int]) -> list[list[Span]]:
        """The requests that some of the batch's units need of the model that is asked now."""
        measure, prepared = self._measure, [self._draft.prepared[unit] for unit in units]
        parted = requests(prepared, measure.desk, measure.fixed, measure.rates)
        return [[replace(span, unit=units[span.unit]) for span in group] for group in parted]

    def _timed(self, groups: list[list[Span]], share: float) -> list[list[Span]]:
        """Grant the units of `groups` a share of a unit's time, as often as a long one is in several of them."""
        for group in groups:
            for unit in {span.unit for span in group}:
                self._limit[unit] += share * self._rules.seconds
        return groups

    def allowed(self, question: Question) -> float:
        """The seconds that a model may spend on the answer to `question`: until one of its units has had its time.

        Each unit is charged its share of an answer, so that many units may take so many times as long: a slow model
        that is well at work on a large batch is not cut off.
        """
        units = {span.unit for span in question.ask.spans}
        return len(units) * max(min(self._limit[unit] - self._spent[unit] for unit in units), 0.0)

    def watch(self, question: Question) -> Watch:
        """What looks at the answer to `question` as it comes."""
        desk = self._draft.desk
        profile = desk.profile
        asked = sum(len(ready.lines) for ready in question.asked)
        source = "\n".join(line for ready in question.asked for line in ready.lines)
        if desk.target.code in UNSPACED:
            longest = max(_LONGEST_RATIO_UNSPACED * len(source), _LEAST_LENGTH_UNSPACED)
        else:
            longest = max(_LONGEST_RATIO * len(source), _LEAST_LENGTH)
        if profile.style is Style.JSON:
            # Spread-out JSON, fences and a sentence before it are no fault: lines say nothing there, numbers do.
            longest += _JSON_AROUND * asked
            return Watch(None, longest, source=source, items=asked)
        return Watch(asked, longest, source=source)

    def answered(
        self, question: Question, answer: Reply, watch: Watch, host: str = "", worked: float | None = None
    ) -> None:
        """Take what is certain and good in an answer of `host` (the desk's, where none is named), and go on with the
        rest.

        worked: the seconds for which the model was at work on it; None: all of the answer's.
        """
        draft, spans = self._draft, question.ask.spans
        abort = answer.abort or watch.final(answer.text)
        noted: list[Finding] = []
        whole = answer.stop is Stop.DONE
        if abort is not None:
            whole = self._ends(abort)
            noted.append(Finding(abort.code, Severity.INFO if whole else Severity.ERROR, abort.message))
        reading = reply.read(draft.desk, answer.text, question.asked, cut=not whole)
        if whole or abort is None:
            noted.extend(reading.findings)
        missing = [span for span, lines in zip(spans, reading.lines, strict=True) if lines is None]
        draft.blame([span.unit for span in missing], noted)
        refused: list[Span] = []
        for span, lines in zip(spans, reading.lines, strict=True):
            if lines is not None and (again := draft.take(span, lines)):
                refused.extend(again)
                noted.extend(draft.findings[span.unit])
        self._record(question, answer, answer.stop.value, noted, host)
        took = answer.seconds if worked is None else worked
        self._charge(question, took, host, {span.unit for span in (*missing, *refused)})
        fault = Fault.BAD if refused else None
        if missing:
            looped = answer.stop is Stop.LENGTH or (abort is not None and abort.code in {LOOP, TOO_LONG})
            fault = Fault.LOOP if looped else Fault.MISALIGNED
        self._state = repair.after(self._state, fault, [*missing, *refused])
        self._end_late()

    def refused(
        self,
        question: Question,
        error: BackendError,
        host: str = "",
        seconds: float = 0.0,
        worked: float | None = None,
    ) -> None:
        """Go on after a request that gave no answer, and would give none if it were asked again as it is.

        seconds: how long it took; worked: how long of these the model was at work, None: all of them.
        """
        findings = self.broke(question, error, host, seconds, worked)
        self._draft.blame(sorted({span.unit for span in question.ask.spans}), findings)
        _, fault = _told(error)
        if fault is Fault.OVERFLOW:
            # What was planned by rates that proved too low is measured by what is known now.
            self._rates, self._overflowed = self._measure.rates, question
        self._state = repair.after(self._state, fault)
        self._end_late()

    def broke(
        self,
        question: Question,
        error: BackendError,
        host: str = "",
        seconds: float = 0.0,
        worked: float | None = None,
    ) -> tuple[Finding, ...]:
        """Note that a request gave no answer, and what that cost; it may be sent again as it is. What the record says
        of it.
        """
        code, _ = _told(error)
        findings = (Finding(code, Severity.ERROR, str(error)),)
        self._record(question, Reply("", seconds=seconds), code, findings, host)
        took = seconds if worked is None else worked
        self._charge(question, took, host, {span.unit for span in question.ask.spans})
        return findings

    def outcomes(self) -> list[Outcome]:
        """What became of each unit, in order: one outcome each."""
        return [self._outcome(index) for index in range(len(self.batch.units))]

    def _outcome(self, index: int) -> Outcome:
        unit, draft, other = self.batch.units[index].id, self._main, self._other
        if draft.targets[index] is not None:
            return Outcome(unit, draft.targets[index], draft.findings[index])
        if other is not None and other.targets[index] is not None:
            return Outcome(unit, other.targets[index], (*other.findings[index], _by(other.desk)))
        rescues: list[tuple[Rescue, tuple[Finding, ...]]] = []
        if (rescue := draft.rescues[index]) is not None:
            rescues.append((rescue, rescue.findings))
        if other is not None and (rescue := other.rescues[index]) is not None:
            rescues.append((rescue, (*rescue.findings, _by(other.desk))))
        if rescues:
            best, findings = min(rescues, key=lambda found: found[0].cost)
            return Outcome(unit, best.target, findings)
        findings = () if other is None else other.findings[index]
        return Outcome(unit, None, findings or draft.findings[index])

    def _ends(self, abort: Abort) -> bool:
        """Whether an answer was stopped because it was whole."""
        if abort.code == REMARK:
            return True
        # A model that completes has gone on to a next example: its line for this one is whole.
        return abort.code == TOO_MANY_LINES and self._draft.desk.profile.style is Style.COMPLETION

    def _charge(self, question: Question, seconds: float, host: str, failed: set[int]) -> None:
        """Note who answered badly, and the units' shares of the time that it took."""
        units = {span.unit for span in question.ask.spans}
        for unit in units:
            self._spent[unit] += seconds / len(units)
        for unit in failed:
            self._failed_at[unit].add(host or self._draft.desk.host)

    def _end_late(self) -> None:
        """Give up the units that have taken too long."""
        waiting = {unit for group in self._state.queue for unit in group.units}
        late = {unit for unit in waiting if self._spent[unit] >= self._limit[unit]}
        if not late:
            return
        for unit in late:
            said = f"the model has worked at it for {self._spent[unit]:.0f} s of {self._limit[unit]:.0f} s at most"
            found = [finding for finding in self._draft.findings[unit] if finding.code != OUT_OF_TIME]
            self._draft.blame([unit], [*found, Finding(OUT_OF_TIME, Severity.ERROR, said)])
        self._state = repair.give_up(self._state, late)

    def _record(self, question: Question, answer: Reply, stop: str, findings: Sequence[Finding], host: str) -> None:
        units = tuple(dict.fromkeys(self.batch.units[span.unit].id for span in question.ask.spans))
        self.attempts.append(
            attempt(
                question.request, answer, units=units, number=len(self.attempts) + 1,
                host=host or self._draft.desk.host, stop=stop, findings=findings,
            )
        )  # fmt: skip


def _told(error: BackendError) -> tuple[str, Fault]:
    """The code of the finding that tells of an error, and what it is to the ladder."""
    if isinstance(error, OverflowedError):
        return "overflow", Fault.OVERFLOW
    if isinstance(error, PromptRefusedError):
        return "refused", Fault.REFUSED
    return "broken-reply", Fault.BROKEN


def _by(desk: Desk) -> Finding:
    return Finding(FALLBACK, Severity.INFO, f"translated by the fallback model {desk.model}")
