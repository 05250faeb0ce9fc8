"""What is looked at in every translation: one module each, which registers itself by exporting CHECK."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol, cast

from translator.core.finding import Finding, Severity
from translator.core.layout import split_paragraphs
from translator.core.markup import MarkupSyntax
from translator.core.plugins import discover
from translator.core.work import Unit
from translator.engine import codes
from translator.engine.desk import Desk

MASK = "\0"
"""What stands for each character of a code in `Case.masked`."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, as a sentence for a person, and where in the target (characters), None: all of it.

    severity: how bad this one is where nobody decided it for the check; None: as bad as the check says.
    """

    message: str
    span: tuple[int, int] | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A unit with its translation, as the checks see them.

    target: the translation, markup and all, not yet fitted to a window. before, after: source and target without
    their markup. masked: the target with MASK in place of its codes, so that places in it are places in the target.
    """

    unit: Unit
    target: str
    desk: Desk
    markup: MarkupSyntax
    before: str
    after: str
    masked: str

    @classmethod
    def of(cls, desk: Desk, unit: Unit, target: str) -> "Case":
        """The case of a unit's translation."""
        markup = desk.markup(unit.format)
        source = unit.source
        if not markup.rules and not markup.rewrites:
            return cls(unit, target, desk, markup, source, target, target)
        if markup.rewrites:
            source = markup.normalise(source)
        source = markup.plain(source)
        if not markup.may_have_codes(target):
            return cls(unit, target, desk, markup, source, target, target)
        pieces = [(p.text, codes.is_kept(p)) for p in markup.tokenize(target)]
        after = "".join(text for text, code in pieces if not code)
        masked = "".join(MASK * len(text) if code else text for text, code in pieces)
        return cls(unit, target, desk, markup, source, after, masked)

    def paragraphs(self) -> list[str]:
        """The texts, markup included, that correspond to the lines of the target."""
        source = self.unit.source
        if "\n" not in source:
            return [source]
        if self.markup.rewrites:
            source = self.markup.normalise(source)
        return split_paragraphs(source, self.unit.limits, self.markup)


class Look(Protocol):
    """The function of a check."""

    def __call__(self, case: Case) -> Iterable[Flaw]:
        """What is wrong with one translation; nothing where it is right."""
        ...


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its code, how bad its findings are unless somebody decides otherwise, and the look it takes.

    about: what it flags, for people. at_place: a translation is looked at where it is written, at each of its places;
    only where its findings are errors is it looked at before, so that it is asked again.
    """

    code: str
    severity: Severity
    look: Look
    about: str
    at_place: bool = False


Decisions = Mapping[str, Severity | None]
"""By the code of a check how bad its findings are; None: it is off."""

_ALIGNED = "lines"

Overrides = tuple[tuple[str, Severity | None], ...]


@cache
def all_checks() -> tuple[Check, ...]:
    """Every known check, in the order of their modules' names."""
    return tuple(cast("Check", found) for found in discover("translator.engine.checks", "CHECK"))


@lru_cache(maxsize=64)
def decisions(profile: Overrides, overrides: Overrides = ()) -> Decisions:
    """What a profile decides and, above it, what `--check` says."""
    return {**dict(profile), **dict(overrides)}


@lru_cache(maxsize=64)
def _active(profile: Overrides, overrides: Overrides) -> tuple[tuple[Check, Severity | None], ...]:
    """The checks that look at a unit, each with its severity if somebody decided it."""
    decided = decisions(profile, overrides)
    known = ((check, decided.get(check.code)) for check in all_checks() if decided.get(check.code, check) is not None)
    return tuple((c, s) for c, s in known if not c.at_place or (s or c.severity) is Severity.ERROR)


def examine(desk: Desk, unit: Unit, target: str) -> tuple[Finding, ...]:
    """What the checks find in a unit's translation, as bad as the desk's profile and overrides say."""
    case = Case.of(desk, unit, target)
    found: list[Finding] = []
    for check, severity in _active(desk.profile.severities, desk.checks):
        found.extend(
            Finding(check.code, severity or flaw.severity or check.severity, flaw.message, flaw.span)
            for flaw in check.look(case)
        )
    return tuple(found)


def judged(findings: Sequence[Finding], decided: Decisions) -> tuple[Finding, ...]:
    """Findings that were made elsewhere, as bad as was decided for the checks whose code they have.

    `lines` stays what it is: an answer whose lines are not certain is not used.
    """
    if not findings or not decided:
        return tuple(findings)
    kept: list[Finding] = []
    for finding in findings:
        severity = finding.severity if finding.code == _ALIGNED else decided.get(finding.code, finding.severity)
        if severity is not None:
            kept.append(Finding(finding.code, severity, finding.message, finding.span))
    return tuple(kept)
