"""Every registered format, on every fixture and sample there is: a new format needs no test of its own here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from translator.core.document import Format
from translator.formats import all_formats
from translator.testing import (
    RULES,
    Case,
    Fixture,
    Rule,
    cases_of,
    check_claim,
    check_golden,
    check_info,
    check_opens,
    fixtures_of,
    has_origin,
)

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLES = Path(__file__).parents[2] / "samples"
FORMATS = tuple(all_formats().values())


def _fixtures() -> Iterator[tuple[Format, Fixture]]:
    for known in FORMATS:
        for fixture in fixtures_of(known, FIXTURES, SAMPLES):
            yield known, fixture


def _cases() -> Iterator[tuple[Format, Case]]:
    for known, fixture in _fixtures():
        for case in cases_of(fixture):
            yield known, case


def _checks() -> Iterator[tuple[Format, Case, Rule]]:
    for known, case in _cases():
        for rule in RULES:
            if case.variant not in case.declared.refused and (rule.variants is None or case.variant in rule.variants):
                yield known, case, rule


def _fixture_id(known: Format, fixture: Fixture) -> str:
    return f"{known.info.id}/{fixture.name.as_posix()}"


def _case_id(known: Format, case: Case) -> str:
    return f"{known.info.id}/{case}"


@pytest.mark.parametrize("known", FORMATS, ids=lambda f: f.info.id)
def test_says_what_it_is(known: Format) -> None:
    check_info(known)


@pytest.mark.parametrize("known", FORMATS, ids=lambda f: f.info.id)
def test_has_fixtures(known: Format) -> None:
    assert any(fixtures_of(known, FIXTURES)), f"put a file into {FIXTURES / known.info.id}"


@pytest.mark.parametrize(("known", "fixture"), [pytest.param(*f, id=_fixture_id(*f)) for f in _fixtures()])
def test_extracts_what_its_golden_file_lists(known: Format, fixture: Fixture) -> None:
    check_golden(known, fixture)


@pytest.mark.parametrize(("known", "fixture"), [pytest.param(*f, id=_fixture_id(*f)) for f in _fixtures()])
def test_says_where_the_fixture_is_from(known: Format, fixture: Fixture) -> None:
    folders = (FIXTURES / known.info.id, SAMPLES / known.info.id)
    assert any(has_origin(fixture, folder) for folder in folders), f"no ORIGIN.md for {fixture.path}"


@pytest.mark.parametrize(("known", "case"), [pytest.param(*c, id=_case_id(*c)) for c in _cases()])
def test_opens(known: Format, case: Case) -> None:
    check_opens(known, case)


@pytest.mark.parametrize(("known", "case"), [pytest.param(*c, id=_case_id(*c)) for c in _cases()])
def test_is_claimed_once(known: Format, case: Case) -> None:
    if case.variant in case.declared.refused:
        pytest.skip(f"refused: {case.declared.refused[case.variant]}")
    check_claim(known, case, FORMATS)


@pytest.mark.parametrize(
    ("known", "case", "rule"), [pytest.param(k, c, r, id=f"{_case_id(k, c)}-{r.name}") for k, c, r in _checks()]
)
def test_keeps(known: Format, case: Case, rule: Rule) -> None:
    rule.check(known, case)
