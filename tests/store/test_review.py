from collections.abc import Callable, Sequence

import pytest

from translator.core.finding import Finding, Severity
from translator.core.segment import Limits, Role
from translator.core.work import State
from translator.store import Store
from translator.store.rows import JobRow, SegmentRow, UnitRow


@pytest.fixture
def job(store: Store, new_job: Callable[[Store], JobRow]) -> JobRow:
    return new_job(store)


WARNED = Finding("length", Severity.WARNING, "much too long")


def planned(store: Store, job: JobRow, texts: Sequence[str], limits: Limits) -> list[int]:
    """Units of these texts, translated, each at one place of a document."""
    rows = [
        UnitRow(
            hash=text.encode().ljust(16),
            source=text,
            role=Role.DIALOGUE,
            scene="s",
            format="text",
            limits=limits,
            state=State.TRANSLATED,
            target=text.upper(),
        )
        for text in texts
    ]
    ids = list(store.add_units(job, rows).values())
    segments = [SegmentRow(text, number) for text, number in zip(texts, ids, strict=True)]
    store.replace_document(job, segments, ordinal=0, path="a.txt", format="text", digest="d")
    store.save_outputs(job, 0, {text: (text.upper(), ()) for text in texts})
    return ids


def test_a_unit_that_is_asked_again_has_no_output_and_another_keeps_its_own(store: Store, job: JobRow) -> None:
    first, second = planned(store, job, ["a", "b"], Limits())
    store.review(job, [(first, State.PENDING, ()), (second, State.TRANSLATED, (WARNED,))])
    a, b = store.results(job, 0)
    assert (a.state, a.target, a.output, a.findings) == (State.PENDING, None, None, ())
    assert (b.state, b.target, b.output, b.findings) == (State.TRANSLATED, "B", "B", (WARNED,))
    assert store.counts(job).units.flagged == 1
    assert [unit.id for unit, _, _ in store.translated_units(job, recalled=False)] == [second]


def test_all_that_is_translated_comes_with_its_findings_page_by_page(store: Store, job: JobRow) -> None:
    ids = planned(store, job, [f"text {number}" for number in range(2500)], Limits())
    store.review(job, [(ids[1500], State.TRANSLATED, (WARNED,))])
    found = list(store.translated_units(job, recalled=False))
    assert [unit.id for unit, _, _ in found] == ids
    assert found[1500][1:] == ("TEXT 1500", (WARNED,))
    assert list(store.translated_units(job, recalled=True)) == []


def test_outputs_can_be_forgotten(store: Store, job: JobRow) -> None:
    planned(store, job, ["a", "b"], Limits())
    store.forget_outputs(job)
    assert [row.output for row in store.results(job, 0)] == [None, None]
    assert [row.target for row in store.results(job, 0)] == ["A", "B"]


def test_a_charset_is_laid_on_units_and_taken_away_again(store: Store, job: JobRow) -> None:
    planned(store, job, ["a", "b"], Limits(columns=20, wrap=True))

    def limits() -> list[Limits]:
        return [unit.limits for unit, _, _ in store.translated_units(job, recalled=False)]

    store.limit_charset(job, [b"a".ljust(16)], "cp932")
    assert limits() == [Limits(columns=20, wrap=True, charset="cp932"), Limits(columns=20, wrap=True)]
    store.limit_charset(job, [b"a".ljust(16), b"b".ljust(16)], "cp950")
    assert [each.charset for each in limits()] == ["cp932", "cp950"]
    store.forget_charsets(job)
    assert limits() == [Limits(columns=20, wrap=True)] * 2
