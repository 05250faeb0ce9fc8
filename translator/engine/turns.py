"""Texts that stand before a batch in its scene, in the form in which the model saw and answered them."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from translator.core.markup import MarkupSyntax
from translator.core.segment import NO_LIMITS
from translator.core.work import Unit
from translator.engine import codes, prepare
from translator.engine.desk import Desk
from translator.engine.prepare import Prepared
from translator.glossary.hanzi import converter

_UNDOING: Final[Mapping[str, str]] = {
    "s2t": "t2s", "s2tw": "tw2s", "s2twp": "tw2sp", "s2hk": "hk2s", "t2s": "s2t", "tw2s": "s2tw", "tw2sp": "s2twp",
}  # fmt: skip
"""OpenCC's configurations, each with the one that goes back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Texts that were asked for together.

    answered: for each of `asked` the model's lines, as many as were asked for; None where it has no translation.
    tokens: how many it takes as context, once that is measured; 0 before.
    """

    asked: tuple[Prepared, ...] = ()
    answered: tuple[tuple[str, ...] | None, ...] = ()
    tokens: int = field(default=0, compare=False)

    def last(self, lines: int) -> "Turn":
        """The part that holds its last `lines` lines."""
        asked: list[Prepared] = []
        answered: list[tuple[str, ...] | None] = []
        for ready, told in zip(reversed(self.asked), reversed(self.answered), strict=True):
            if len(ready.lines) > lines:
                if lines:
                    asked.append(replace(ready, lines=ready.lines[-lines:], spoken=ready.spoken[-lines:]))
                    answered.append(None if told is None else told[-lines:])
                break
            asked.append(ready)
            answered.append(told)
            lines -= len(ready.lines)
        return Turn(tuple(reversed(asked)), tuple(reversed(answered)))


@dataclass(frozen=True, slots=True)
class Recaller:
    """Finds out of stored translations how the model wrote them: what `prepare` does to a text before it is sent and
    `restore` to its answer is undone, so that the model sees its own words and not what the job made of them.
    """

    desk: Desk
    _whole: Desk = field(init=False)
    _back: Desk = field(init=False)

    def __post_init__(self) -> None:
        desk = self.desk
        # A translation does not say where the lines of a long text were parted.
        budget = replace(desk.profile.budget, line_characters=sys.maxsize)
        whole = replace(desk, profile=replace(desk.profile, budget=budget))
        object.__setattr__(self, "_whole", whole)
        object.__setattr__(self, "_back", replace(whole, source=desk.target))

    def turn(
        self, units: Sequence[Unit], targets: Sequence[str | None], prepared: Sequence[Prepared] | None = None
    ) -> Turn:
        """These units as they were sent, with what was answered. Units with nothing to translate are left out.

        prepared: the units as this desk prepares them, where that is known already.
        """
        asked: list[Prepared] = []
        answered: list[tuple[str, ...] | None] = []
        if prepared is None:
            prepared = [prepare.prepare(unit, self.desk) for unit in units]
        for unit, target, ready in zip(units, targets, prepared, strict=True):
            if not ready.lines:
                continue
            told = None if target is None else self._lines(unit, target)
            sent = ready
            if told is not None and len(told) != len(ready.lines):
                sent = prepare.prepare(unit, self._whole)
                told = told if len(told) == len(sent.lines) else None
            asked.append(sent)
            answered.append(told)
        return Turn(tuple(asked), tuple(answered))

    def _lines(self, unit: Unit, target: str) -> tuple[str, ...]:
        undoing = _UNDOING.get(self.desk.profile.languages.conversion(self.desk.target.code) or "")
        if undoing is not None:
            target = _outside_codes(target, self.desk.markup(unit.format), converter(undoing))
        # Who speaks stood in the model's language in its answer, if it stood there: only a glossary tells how.
        speaker = next((entry.dst.split("|")[0] for entry in unit.glossary if entry.src == unit.speaker), None)
        return prepare.prepare(replace(unit, source=target, speaker=speaker, limits=NO_LIMITS), self._back).lines


def _outside_codes(text: str, markup: MarkupSyntax, change: Callable[[str], str]) -> str:
    if not markup.rules:
        return change(text)
    return "".join(p.text if codes.is_kept(p) else change(p.text) for p in markup.tokenize(text))
