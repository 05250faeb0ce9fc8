"""What is looked at in every translation: one module each, which registers itself by exporting CHECK."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from translator.core.finding import Finding, Severity
from translator.core.plugins import discover
from translator.core.work import Unit
from translator.engine.desk import Desk


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, as a sentence for a person, and where in the target (characters), None: all of it.

    severity: how bad this one is where the profile does not decide it; None: as bad as the check says.
    """

    message: str
    span: tuple[int, int] | None = None
    severity: Severity | None = None


class Look(Protocol):
    """The function of a check."""

    def __call__(self, source: Unit, target: str, desk: Desk) -> Iterable[Flaw]:
        """What is wrong with one translation; nothing where it is right."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its code, how bad its findings are unless the profile says otherwise, and the look it takes."""

    code: str
    severity: Severity
    look: Look


@cache
def all_checks() -> tuple[Check, ...]:
    """Every known check, in the order of their modules' names."""
    return tuple(cast("Check", found) for found in discover("translator.engine.checks", "CHECK"))


def examine(desk: Desk, unit: Unit, target: str) -> tuple[Finding, ...]:
    """What the checks of the desk's profile find in a unit's translation."""
    found: list[Finding] = []
    decided = desk.profile.severity_by_check
    for check in all_checks():
        if check.code not in decided:
            found.extend(
                Finding(check.code, f.severity or check.severity, f.message, f.span)
                for f in check.look(unit, target, desk)
            )
        elif (severity := decided[check.code]) is not None:
            found.extend(Finding(check.code, severity, f.message, f.span) for f in check.look(unit, target, desk))
    return tuple(found)
