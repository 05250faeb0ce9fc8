"""One batch on its way: its requests, what its answers were worth, and its outcomes in the end. No waiting here."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Final

from translator.core.backend import BackendError, OverflowedError, Reply, Request, Sampling, Stop
from translator.core.finding import Finding, Severity
from translator.core.work import Attempt, Batch, Outcome
from translator.engine import context, prepare, repair, reply
from translator.engine.checks import examine
from translator.engine.desk import Desk
from translator.engine.estimate import DEFAULT, Rates
from translator.engine.plan import Fixed, fitted, requests
from translator.engine.prepare import Prepared
from translator.engine.repair import Ask, Fault, Rules, Settle, Span, State
from translator.engine.turns import Turn
from translator.engine.watch import LOOP, TOO_LONG, TOO_MANY_LINES, Watch
from translator.profiles.profile import Style

_JSON_AROUND: Final = 60
"""Characters that JSON puts around each text, indented."""

_LONGEST_RATIO: Final = 6
"""Characters of a translation per character of its source; Japanese needs 2 to 3 in European languages."""

_LEAST_LENGTH: Final = 200


def rules(desk: Desk) -> Rules:
    """The samplings of the profile's ladder."""
    profile = desk.profile
    return Rules(profile.sampling, profile.retry_ladder(looped=False), profile.retry_ladder(looped=True))


@lru_cache(maxsize=64)
def _as_json(sampling: Sampling) -> str:
    return json.dumps(asdict(sampling))


def prompt_hash(request: Request) -> str:
    """Names the exact request, sampling and limits included: 32 hexadecimal digits."""
    parts = (
        request.model,
        [(m.role, m.content) for m in request.messages],
        request.prompt,
        _as_json(request.sampling),
        request.max_tokens,
        request.num_ctx,
        request.stop,
        request.schema,
        request.think,
    )
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


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

    before: the texts before the batch in its scene, as far as they may be shown. The requests follow from the batch,
    the desk, `before` and the answers alone.
    """

    def __init__(
        self,
        batch: Batch,
        *,
        desk: Desk,
        fixed: Fixed,
        rules: Rules,
        before: context.Window = (),
        rates: Rates = DEFAULT,
    ) -> None:
        self.batch = batch
        self.attempts: list[Attempt] = []
        self._desk = desk
        self._before = before
        self._rates = rates
        self._prepared = [prepare.prepare(unit, desk) for unit in batch.units]
        self._lines: list[list[str | None]] = [[None] * len(ready.lines) for ready in self._prepared]
        self._asked: list[list[Span]] = [[] for _ in batch.units]
        self._targets: list[str | None] = [None] * len(batch.units)
        self._findings: list[tuple[Finding, ...]] = [()] * len(batch.units)
        self._state: State = repair.begin(requests(self._prepared, desk, fixed, rates), rules)
        for index, ready in enumerate(self._prepared):
            if not ready.lines:
                self._finish(index)

    def next(self) -> Question | None:
        """What to ask now; None: the batch is through, `outcomes` stand."""
        step = repair.next_step(self._state)
        if isinstance(step, Settle):
            return None
        asked = tuple(self._part(span) for span in step.spans)
        again = any(self._asked[span.unit] and self._was_asked(span) for span in step.spans)
        for span in step.spans:
            self._asked[span.unit].append(span)
        before = context.nearest(self._desk, self._before, self._within(step.spans[0]))
        request = fitted(self._desk, asked, context=before, sampling=step.sampling, rates=self._rates)
        return Question(step, request, asked, again)

    def watch(self, question: Question) -> Watch:
        """What looks at the answer to `question` as it comes."""
        profile = self._desk.profile
        asked = sum(len(ready.lines) for ready in question.asked)
        source = "\n".join(line for ready in question.asked for line in ready.lines)
        longest = max(_LONGEST_RATIO * len(source), _LEAST_LENGTH)
        if profile.style is Style.JSON:
            # Spread-out JSON, fences and a sentence before it are no fault: lines say nothing there.
            return Watch(None, longest + _JSON_AROUND * asked, source=source, thinks=profile.think is not None)
        return Watch(asked, longest, source=source, thinks=profile.think is not None)

    def answered(self, question: Question, answer: Reply, watch: Watch, host: str = "") -> None:
        """Take what is certain and good in an answer of `host` (the desk's, where none is named), and go on with the
        rest.
        """
        abort = answer.abort or watch.final(answer.text)
        if abort is not None and abort.code == TOO_MANY_LINES and self._desk.profile.style is Style.COMPLETION:
            # The model has gone on to a next example: its line for this one is whole.
            abort, answer = None, replace(answer, stop=Stop.DONE)
        if abort is not None:
            findings = (Finding(abort.code, Severity.ERROR, abort.message),)
            self._record(question, answer, findings, host)
            self._blame(question.ask.spans, findings)
            looped = abort.code in {LOOP, TOO_LONG} or answer.stop is Stop.LENGTH
            self._state = repair.after(self._state, Fault.LOOP if looped else Fault.MISALIGNED)
            return
        cut = answer.stop is not Stop.DONE
        reading = reply.read(self._desk, answer.text, [len(ready.lines) for ready in question.asked], cut=cut)
        missing = [span for span, lines in zip(question.ask.spans, reading.lines, strict=True) if lines is None]
        self._blame(missing, reading.findings)
        refused: list[Span] = []
        noted = list(reading.findings)
        for span, lines in zip(question.ask.spans, reading.lines, strict=True):
            if lines is None:
                continue
            self._lines[span.unit][span.start : span.stop] = lines
            if None not in self._lines[span.unit] and not self._finish(span.unit):
                noted.extend(self._findings[span.unit])
                refused.extend(self._forget(span))
        self._record(question, answer, noted, host)
        if not missing and not refused:
            self._state = repair.after(self._state, None)
            return
        fault = Fault.BAD
        if missing:
            fault = Fault.LOOP if answer.stop is Stop.LENGTH else Fault.MISALIGNED
        self._state = repair.after(self._state, fault, [*missing, *refused])

    def refused(self, question: Question, error: BackendError, host: str = "") -> None:
        """Go on after a request that gave no answer, and would give none if it were asked again as it is."""
        overflow = isinstance(error, OverflowedError)
        code = "overflow" if overflow else "broken-reply"
        findings = (Finding(code, Severity.ERROR, str(error)),)
        self.attempts.append(self._attempt(question, None, code, findings, host))
        self._blame(question.ask.spans, findings)
        self._state = repair.after(self._state, Fault.OVERFLOW if overflow else Fault.BROKEN)

    def outcomes(self) -> list[Outcome]:
        """What became of each unit, in order: one outcome each."""
        failed = self._state.failed
        return [
            Outcome(unit.id, None if index in failed else self._targets[index], self._findings[index])
            for index, unit in enumerate(self.batch.units)
        ]

    def _part(self, span: Span) -> Prepared:
        ready = self._prepared[span.unit]
        if span.stop - span.start == len(ready.lines):
            return ready
        return replace(ready, lines=ready.lines[span.start : span.stop], spoken=ready.spoken[span.start : span.stop])

    def _was_asked(self, span: Span) -> bool:
        return any(old.start < span.stop and span.start < old.stop for old in self._asked[span.unit])

    def _within(self, first: Span) -> Turn:
        """The batch's own lines before `first` that have their answer, with it."""
        asked: list[Prepared] = []
        answered: list[tuple[str, ...] | None] = []
        for index, ready in enumerate(self._prepared[: first.unit + 1]):
            stop = first.start if index == first.unit else len(ready.lines)
            lines = [line for line in self._lines[index][:stop] if line is not None]
            if lines and len(lines) == stop and (index == first.unit or self._targets[index] is not None):
                asked.append(replace(ready, lines=ready.lines[:stop], spoken=ready.spoken[:stop]))
                answered.append(tuple(lines))
        return Turn(tuple(asked), tuple(answered))

    def _finish(self, index: int) -> bool:
        """Put a unit's lines together; whether the checks let its translation stand (with no lines they always do)."""
        ready = self._prepared[index]
        restored = prepare.restore(ready, [line or "" for line in self._lines[index]], self._desk)
        if ready.lines:
            findings = (*restored.findings, *examine(self._desk, ready.unit, restored.target))
            self._findings[index] = findings
            if any(finding.severity is Severity.ERROR for finding in findings):
                return False
        self._targets[index] = restored.target
        return True

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

    def _blame(self, spans: Sequence[Span], findings: Sequence[Finding]) -> None:
        for span in spans:
            self._findings[span.unit] = tuple(findings)

    def _record(self, question: Question, answer: Reply, findings: Sequence[Finding], host: str) -> None:
        self.attempts.append(self._attempt(question, answer, answer.stop.value, findings, host))

    def _attempt(
        self, question: Question, answer: Reply | None, stop: str, findings: Sequence[Finding], host: str
    ) -> Attempt:
        units = tuple(dict.fromkeys(self.batch.units[span.unit].id for span in question.ask.spans))
        return Attempt(
            units=units,
            number=question.ask.number,
            host=host or self._desk.host,
            prompt_hash=prompt_hash(question.request),
            sampling=_as_json(question.ask.sampling),
            reply="" if answer is None else answer.text,
            stop=stop,
            prompt_tokens=0 if answer is None else answer.prompt_tokens,
            output_tokens=0 if answer is None else answer.output_tokens,
            seconds=0.0 if answer is None else answer.seconds,
            findings=tuple(dict.fromkeys(finding.code for finding in findings)),
        )
