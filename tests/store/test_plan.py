from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.finding import Finding, Severity
from translator.core.segment import Limits, Role
from translator.core.work import GlossaryEntry, Outcome, State, Unit
from translator.store import Store
from translator.store.encoding import (
    findings_from_json,
    findings_to_json,
    glossary_from_json,
    glossary_to_json,
    limits_from_json,
    limits_to_json,
    strings_from_json,
    strings_to_json,
)
from translator.store.rows import JobRow, SegmentRow, SettledRow, Tally, UnitRow

NewJob = Callable[..., JobRow]
ReadIn = Callable[..., list[int]]
BatchUp = Callable[..., None]
Row = Callable[[str], UnitRow]

LOOK = Finding("kana", Severity.WARNING, "kana is left over", (1, 3))
WRONG = Finding("markup", Severity.ERROR, r"\V[1] is missing")


def test_units_and_documents_come_back_as_they_were_stored(store: Store, new_job: NewJob) -> None:
    job = new_job(store)
    full = UnitRow(
        b"1" * 16, "「はい」\n\\V[1]", Role.CHOICE, "Map001#3", "rpgmaker_mv", "アリス", ("a face", "顔"),
        Limits(55, 4, wrap=True), (GlossaryEntry("アリス", "爱丽丝", "女", "person", case=True),),
    )  # fmt: skip
    bare = UnitRow(b"2" * 16, "", Role.NAME, "", "text")
    ids = store.add_units(job, [full, bare])
    units = list(store.unbatched_units(job))
    assert units == [
        Unit(
            ids[full.hash], full.source, full.role, full.scene, full.format, full.speaker, full.notes, full.limits,
            full.glossary,
        ),
        Unit(ids[bare.hash], "", Role.NAME, "", "text"),
    ]  # fmt: skip
    store.replace_document(
        job, [SegmentRow("a", units[1].id)], ordinal=3, path="a b/ノ.txt", format="text", digest="x", notices=["UTF-8."]
    )
    (document,) = store.documents(job)
    assert (document.ordinal, document.path, document.digest, document.segments) == (3, "a b/ノ.txt", "x", 1)
    assert document.notices == ("UTF-8.",)


@pytest.mark.parametrize("durable", [False, True])
def test_all_that_was_ever_written_for_a_file_is_known(store: Store, new_job: NewJob, *, durable: bool) -> None:
    job, other = new_job(store), new_job(store)
    for written, original in (("w1", "o1"), ("w2", "o1"), ("w2", "o2")):
        store.add_output(job, "a.txt", written=written, original=original, durable=durable)
    store.add_output(job, "b.txt", written="w1", original="o3", durable=durable)
    assert store.outputs(job) == {"a.txt": {"w1": "o1", "w2": "o2"}, "b.txt": {"w1": "o3"}}
    assert store.outputs(other) == {}


def test_a_unit_is_stored_once_and_stays_as_it_stands(store: Store, new_job: NewJob, row: Row) -> None:
    job = new_job(store)
    first = store.add_units(job, [row("あ"), row("い"), row("あ")])
    store.settle_units(job, [SettledRow(first[row("あ").hash], State.TRANSLATED, "啊", from_memory=True)])
    again = store.add_units(job, [row("う"), row("あ")])
    assert again[row("あ").hash] == first[row("あ").hash]
    assert [unit.source for unit in store.unbatched_units(job)] == ["い", "う"]
    assert store.unit_ids(job, [row("い").hash, row("nowhere").hash]) == {row("い").hash: first[row("い").hash]}


def test_jobs_do_not_share_units(store: Store, new_job: NewJob, row: Row) -> None:
    one, two = new_job(store), new_job(store)
    assert set(store.add_units(one, [row("あ")]).values()).isdisjoint(store.add_units(two, [row("あ")]).values())
    assert len(list(store.unbatched_units(one))) == 1


def test_a_document_takes_the_place_of_what_stood_there(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    job = new_job(store)
    for ordinal in range(3):
        read_in(store, job, ["あ", f"{ordinal}"], ordinal=ordinal)
    read_in(store, job, ["い"], ordinal=1)
    assert [[r.source for r in store.results(job, n)] for n in range(3)] == [["あ", "0"], ["い"], ["あ", "2"]]
    store.trim_documents(job, 1)
    assert [d.ordinal for d in store.documents(job)] == [0]
    assert store.prune_units(job) == 3
    assert store.counts(job).units.total == 2


def test_a_text_whose_format_is_gone_is_of_the_first_format_that_shows_it_now(
    store: Store, new_job: NewJob, row: Row
) -> None:
    job = new_job(store)
    ids = store.add_units(job, [row("あ"), replace(row("い"), format="html")])  # あ is of rpgmaker_mv
    first, second = (SegmentRow("a", unit) for unit in ids.values())
    for ordinal, (named, segments) in enumerate({"text": [first], "html": [first, second]}.items()):
        store.replace_document(job, segments, ordinal=ordinal, path=named, format=named, digest="x")
    store.prune_units(job)
    assert [unit.format for unit in store.unbatched_units(job)] == ["text", "html"]


def test_what_was_asked_for_a_text_that_is_gone_is_not_said_of_another(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    _, gone = read_in(store, job, ["あ", "い"])
    batch_up(store, job, 2)
    read_in(store, job, ["あ"])
    assert store.prune_units(job) == 1
    _, new = read_in(store, job, ["あ", "う"])
    assert new > gone


def test_only_what_is_in_no_batch_is_planned(store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp) -> None:
    job = new_job(store)
    sources = [f"{n}" for n in range(2500)]
    read_in(store, job, sources)
    assert [unit.source for unit in store.unbatched_units(job)] == sources
    batch_up(store, job, 7)
    assert not list(store.unbatched_units(job))
    assert store.next_batch(job) == 358
    read_in(store, job, ["new"], ordinal=1)
    assert [unit.source for unit in store.unbatched_units(job)] == ["new"]


def test_pending_batches_come_in_order_and_whole_over_all_pages(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    units = read_in(store, job, [f"{n}" for n in range(3003)])
    batch_up(store, job, 13)
    batches = list(store.ledger(job).pending())
    assert [batch.id for batch in batches] == list(range(231))
    assert [unit.id for batch in batches for unit in batch.units] == units
    assert {len(batch.units) for batch in batches} == {13}
    assert [batch.after for batch in batches[:3]] == [None, 0, 1]


def test_failed_units_are_asked_again_in_their_batches(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "い", "う", "え"])
    batch_up(store, job, 2)
    store.settle_units(
        job, [SettledRow(units[0], State.TRANSLATED, "a"), SettledRow(units[1], State.FAILED, None, (WRONG,))]
    )
    assert [batch.id for batch in store.ledger(job).pending()] == [1]
    assert store.reset_failed(job) == 1
    first, second = store.ledger(job).pending()
    assert ([unit.id for unit in first.units], len(second.units)) == ([units[1]], 2)
    assert store.results(job, 0)[1].findings == ()


async def test_what_another_job_has_answered_meanwhile_is_not_asked_again(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job, other = new_job(store), new_job(store)
    for each in (job, other):
        read_in(store, each, ["あ", "い"])
        batch_up(store, each, 1)
    first = next(store.ledger(other).pending())
    await store.ledger(other).settle(first, [Outcome(first.units[0].id, "a")], [])
    assert store.count_batched(job) == 2
    assert store.recall_pending(job) == 1
    assert store.count_batched(job) == 1
    assert [(r.target, r.from_memory) for r in store.results(job, 0)] == [("a", True), (None, False)]


def test_results_show_how_each_segment_stands(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "い", "う", "あ"])
    store.settle_units(
        job,
        [
            SettledRow(units[0], State.TRANSLATED, "啊", (LOOK,), from_memory=True),
            SettledRow(units[1], State.FAILED, None, (WRONG,)),
        ],
    )
    overflow = Finding("width", Severity.WARNING, "too wide")
    store.save_outputs(job, 0, {"events/0": ("啊\n", ()), "events/3": ("啊", (overflow,))})
    rows = store.results(job, 0)
    assert [(r.key, r.state, r.source, r.target, r.output, r.from_memory, r.findings) for r in rows] == [
        ("events/0", State.TRANSLATED, "あ", "啊", "啊\n", True, (LOOK,)),
        ("events/1", State.FAILED, "い", None, None, False, (WRONG,)),
        ("events/2", State.PENDING, "う", None, None, False, ()),
        ("events/3", State.TRANSLATED, "あ", "啊", "啊", True, (LOOK, overflow)),
    ]
    with pytest.raises(KeyError):
        store.save_outputs(job, 0, {"events/9": ("x", ())})
    assert list(store.problems(job)) == [
        ("data/Map000.json", "events/0", "あ", "啊\n", LOOK.message, False),
        ("data/Map000.json", "events/1", "い", None, WRONG.message, True),
        ("data/Map000.json", "events/3", "あ", "啊", f"{LOOK.message}; {overflow.message}", False),
    ]


def test_segments_and_units_are_counted_by_how_they_stand(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "あ", "い", "う", "え", "お"])
    store.settle_units(
        job,
        [
            SettledRow(units[0], State.TRANSLATED, "a", from_memory=True),
            SettledRow(units[2], State.TRANSLATED, "i", (LOOK,)),
            SettledRow(units[3], State.KEPT, None),
            SettledRow(units[4], State.FAILED, None, (WRONG,)),
        ],
    )
    counts = store.counts(job)
    assert counts.documents == 1
    assert counts.segments == Tally(6, translated=3, from_memory=2, kept=1, failed=1, flagged=1, pending=1)
    assert counts.units == Tally(5, translated=2, from_memory=1, kept=1, failed=1, flagged=1, pending=1)
    later = store.counts(store.begin_run(job.id))
    assert later.segments == Tally(6, translated=3, from_memory=3, kept=1, failed=1, flagged=1, pending=1)


def test_a_translation_that_its_place_cannot_hold_fails_there_alone(
    store: Store, new_job: NewJob, read_in: ReadIn
) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "あ"])
    store.settle_units(job, [SettledRow(units[0], State.TRANSLATED, "a")])
    store.save_outputs(job, 0, {"events/0": (None, (WRONG,)), "events/1": ("a", ())})
    assert store.counts(job).segments == Tally(2, translated=1, failed=1)
    assert [(p.key, p.target, p.failed) for p in store.problems(job)] == [("events/0", None, True)]


def test_what_is_stored_together_is_stored_or_not(store: Store, new_job: NewJob, row: Row) -> None:
    job = new_job(store)

    def half_way() -> None:
        with store.together():
            store.add_units(job, [row("あ")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_way()
    assert store.counts(job).units.total == 0
    with store.together():
        store.add_units(job, [row("あ")])
    assert store.counts(job).units.total == 1


@given(
    st.lists(
        st.builds(
            Finding,
            st.text(),
            st.sampled_from(Severity),
            st.text(),
            st.none() | st.tuples(st.integers(), st.integers()),
        )
    )
)
def test_findings_are_spelled_without_loss(findings: list[Finding]) -> None:
    assert findings_from_json(findings_to_json(findings)) == tuple(findings)


@given(st.lists(st.builds(GlossaryEntry, st.text(), st.text(), st.text(), st.text(), st.booleans(), st.booleans())))
def test_glossary_entries_are_spelled_without_loss(entries: list[GlossaryEntry]) -> None:
    assert glossary_from_json(glossary_to_json(entries)) == tuple(entries)


_ROOM = st.none() | st.integers()


@given(st.builds(Limits, _ROOM, _ROOM, st.booleans(), st.booleans(), st.booleans()))
def test_limits_are_spelled_without_loss(limits: Limits) -> None:
    assert limits_from_json(limits_to_json(limits)) == limits


def test_limits_of_an_older_file_are_read() -> None:
    assert limits_from_json("[55,4,true,false]") == Limits(55, 4, wrap=True)


@given(st.lists(st.text()))
def test_strings_are_spelled_without_loss(values: list[str]) -> None:
    assert strings_from_json(strings_to_json(values)) == tuple(values)
