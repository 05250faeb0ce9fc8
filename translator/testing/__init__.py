"""The contracts that every format and game must pass, for our own and for other packages.

A package that adds a format checks it with a test such as this one; see `translator.testing.fixtures` for where the
files go that it is checked on:

    import pytest
    from translator.testing import RULES, Case, Rule, check_case, format_cases
    from mypackage.myformat import FORMAT

    @pytest.mark.parametrize("case", format_cases(FORMAT, Path("tests/fixtures")), ids=str)
    def test_contract(case: Case) -> None:
        check_case(FORMAT, case)
"""

from collections.abc import Iterator
from pathlib import Path

from translator.core.document import Format
from translator.testing.extracted import check_golden
from translator.testing.fixtures import Case, Declaration, Fixture, cases_of, fixtures_of, has_origin
from translator.testing.games import check_detect, check_files, check_locate
from translator.testing.rules import (
    RULES,
    BrokenRuleError,
    Rule,
    check_claim,
    check_info,
    check_opens,
)
from translator.testing.variants import Variant, variants

__all__ = [
    "RULES",
    "BrokenRuleError",
    "Case",
    "Declaration",
    "Fixture",
    "Rule",
    "Variant",
    "cases_of",
    "check_case",
    "check_claim",
    "check_detect",
    "check_files",
    "check_golden",
    "check_info",
    "check_locate",
    "check_opens",
    "fixtures_of",
    "format_cases",
    "has_origin",
    "variants",
]


def format_cases(known: Format, folder: Path, samples: Path | None = None) -> Iterator[Case]:
    """Every variant of every fixture of a format."""
    for fixture in fixtures_of(known, folder, samples):
        yield from cases_of(fixture)


def check_case(known: Format, case: Case) -> None:
    """Check one case by all the rules about single files; raises BrokenRuleError."""
    check_opens(known, case)
    if case.variant in case.declared.refused:
        return
    for rule in RULES:
        if rule.variants is None or case.variant in rule.variants:
            rule.check(known, case)
