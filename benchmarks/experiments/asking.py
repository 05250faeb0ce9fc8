"""What the experiments share: a real model inside this process, asked for single texts by the engine's own means."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from translator.backends.embedded import EmbeddedBackend
from translator.core.backend import Reply, Request, Stop
from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine import prepare, prompt, reply
from translator.engine.desk import Desk
from translator.profiles import all_profiles
from translator.profiles.profile import Profile

FORMAT = "experiment"
NUM_CTX = 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a text: the translation, None where no line could be told; whether codes were lost."""

    target: str | None
    codes_right: bool
    cut: bool
    raw: str


def desk(profile: Profile, target: str, markup: MarkupSyntax) -> Desk:
    """A desk for Japanese and `target`; the model is what the backend holds."""
    return Desk(profile, language("ja"), language(target), "model", NUM_CTX, {FORMAT: markup})


def shipped(name: str) -> Profile:
    """A shipped profile, with the sampling of no chance."""
    profile = all_profiles(Path("/nonexistent"))[name]
    return replace(profile, sampling=replace(profile.sampling, temperature=0.0))


class Asker:
    """Asks a model for texts, some at a time, and counts the seconds and the tokens."""

    def __init__(self, model: str, slots: int) -> None:
        self._backend = EmbeddedBackend(model, slots=slots, num_ctx=NUM_CTX)
        self._room = asyncio.Semaphore(slots)
        self.tokens = 0
        self.asked = 0
        self._began = perf_counter()

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return perf_counter() - self._began

    async def close(self) -> None:
        """Free the model."""
        await self._backend.close()

    async def text(self, request: Request) -> str:
        """The answer to any request."""
        async with self._room:
            answer = await self._backend.complete(request)
        self.asked += 1
        self.tokens += answer.output_tokens
        return answer.text

    async def together(self, where: Desk, units: Sequence[Unit]) -> list[Answer]:
        """Ask for some texts in one request."""
        ready = [prepare.prepare(unit, where) for unit in units]
        request = prompt.build(where, ready, sampling=where.profile.sampling)
        async with self._room:
            answer = await self._backend.complete(request)
        self.asked += 1
        self.tokens += answer.output_tokens
        return self._read(where, ready, answer)

    async def alone(self, where: Desk, unit: Unit) -> Answer:
        """Ask for one text; each of its lines alone where the profile asks so."""
        ready = prepare.prepare(unit, where)
        if where.profile.budget.lines > 1 or len(ready.lines) < 2:
            return (await self.together(where, [unit]))[0]
        lines: list[str] = []
        for line in ready.lines:
            part = prepare.Prepared(unit, (line,), (), ("",))
            request = prompt.build(where, [part], sampling=where.profile.sampling)
            async with self._room:
                answer = await self._backend.complete(request)
            self.asked += 1
            self.tokens += answer.output_tokens
            [found] = reply.read(where, answer.text, [part], cut=answer.stop is not Stop.DONE).lines
            if found is None:
                return Answer(None, codes_right=False, cut=True, raw=answer.text)
            lines.extend(found)
        return _restored(where, ready, lines, " / ".join(lines))

    def _read(self, where: Desk, ready: Sequence[prepare.Prepared], answer: Reply) -> list[Answer]:
        cut = answer.stop is not Stop.DONE
        reading = reply.read(where, answer.text, ready, cut=cut)
        return [
            Answer(None, codes_right=False, cut=cut, raw=answer.text)
            if lines is None
            else _restored(where, r, lines, answer.text)
            for r, lines in zip(ready, reading.lines, strict=True)
        ]


def _restored(where: Desk, ready: prepare.Prepared, lines: Sequence[str], raw: str) -> Answer:
    restored = prepare.restore(ready, lines, where)
    wrong = {finding.code for finding in restored.findings if finding.severity is Severity.ERROR}
    if wrong - {"markup"}:
        return Answer(None, codes_right="markup" not in wrong, cut=False, raw=raw)
    return Answer(restored.target, codes_right="markup" not in wrong, cut=False, raw=raw)


def unit(text: str, role: Role = Role.DIALOGUE, notes: tuple[str, ...] = ()) -> Unit:
    """A text of the experiment."""
    return Unit(0, text, role, "", FORMAT, notes=notes)
