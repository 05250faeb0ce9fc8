from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from translator.core.finding import Finding
from translator.core.languages import language
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import NO_LIMITS, Limits, Role
from translator.core.work import GlossaryEntry, Unit
from translator.engine.checks import examine
from translator.engine.desk import Desk
from translator.profiles import all_profiles

PROFILES = all_profiles(Path("/nonexistent"))
MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\(?:[A-Za-z]+(?:\[\d+\])?|[.!|^])"),
        MarkupRule(r"<b>", Fate.OPEN),
        MarkupRule(r"</b>", Fate.CLOSE),
        MarkupRule(r"《[ぁ-ん]+》", Fate.DROP),
        MarkupRule(r"%\d*[sd]"),
    )
)


class Flaws(Protocol):
    """What one check finds in a translation; all checks for the code ""."""

    def __call__(
        self,
        code: str,
        source: str,
        target: str,
        pair: tuple[str, str] = ("ja", "zh-CN"),
        *,
        role: Role = Role.DIALOGUE,
        speaker: str | None = None,
        glossary: Sequence[str] = (),
        forbidden: Sequence[str] = (),
        terms: Sequence[str] = (),
        limits: Limits = NO_LIMITS,
        profile: str = "chat",
        where: Desk | None = None,
    ) -> list[Finding]: ...


def entries(lines: Sequence[str], kind: str = "") -> tuple[GlossaryEntry, ...]:
    """Entries from `src->dst`."""
    return tuple(GlossaryEntry(src, dst, kind=kind) for src, _, dst in (line.partition("->") for line in lines))


def look(
    code: str,
    source: str,
    target: str,
    pair: tuple[str, str] = ("ja", "zh-CN"),
    *,
    role: Role = Role.DIALOGUE,
    speaker: str | None = None,
    glossary: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    terms: Sequence[str] = (),
    limits: Limits = NO_LIMITS,
    profile: str = "chat",
    where: Desk | None = None,
) -> list[Finding]:
    desk = where or Desk(PROFILES[profile], language(pair[0]), language(pair[1]), "model", 2048, {"mv": MARKUP})
    desk = replace(desk, forbidden=entries(forbidden, "forbidden"), terms=entries(terms))
    unit = Unit(0, source, role, "scene", "mv", speaker=speaker, limits=limits, glossary=entries(glossary))
    return [finding for finding in examine(desk, unit, target) if code in ("", finding.code)]


@pytest.fixture
def flaws() -> Flaws:
    return look
