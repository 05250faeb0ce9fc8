import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.segment import Role
from translator.core.work import GlossaryEntry, Outcome, State
from translator.store import Store
from translator.store.names import MentionRow
from translator.store.rows import JobRow, SegmentRow, SettledRow, UnitRow
from translator.store.schema import NAMES_OFF

NewJob = Callable[..., JobRow]
ReadIn = Callable[..., list[int]]
Row = Callable[[str], UnitRow]

ENTRY = GlossaryEntry("アリス", "爱丽丝", kind="name", advice=True)
LOOK = Finding("kana", Severity.WARNING, "kana is left over")


def name(source: str, **more: object) -> UnitRow:
    fields: dict[str, object] = {"state": State.PENDING, "target": None, **more}
    state, target = fields["state"], fields["target"]
    assert isinstance(state, State)
    assert target is None or isinstance(target, str)
    return UnitRow(source.encode().ljust(16)[:16], source, Role.NAME, "Actors#", "f", state=state, target=target)


def put(store: Store, job: JobRow, rows: list[UnitRow], *, ordinal: int = 0) -> dict[str, int]:
    """Store a document of these units; their ids by source."""
    ids = store.add_units(job, rows)
    segments = [SegmentRow(str(n), ids[row.hash]) for n, row in enumerate(rows)]
    store.replace_document(job, segments, ordinal=ordinal, path=f"{ordinal}.json", format="f", digest="d")
    return {row.source: ids[row.hash] for row in rows}


def test_names_and_texts_are_told_apart(store: Store, new_job: NewJob, row: Row) -> None:
    job, other = new_job(store), new_job(store, input="/other")
    put(store, other, [name("ボブ"), row("他")])
    kept = name("...", state=State.KEPT)
    put(store, job, [row("一"), name("アリス"), kept, row("二"), name("ミナ", state=State.TRANSLATED, target="米娜")])
    assert [(n.source, n.state, n.target) for n in store.names(job)] == [
        ("アリス", State.PENDING, None),
        ("ミナ", State.TRANSLATED, "米娜"),
    ]
    assert store.count_pending_names(job) == 1
    assert [t.text.source for t in store.texts(job)] == ["一", "二"]
    assert [unit.source for unit in store.unbatched_units(job, names=True)] == ["アリス"]


def test_the_ledger_of_names_shows_what_is_pending_of_names(
    store: Store, new_job: NewJob, row: Row, batch_up: Callable[..., None]
) -> None:
    job = new_job(store)
    put(store, job, [row("一"), name("アリス"), name("ミナ"), row("二")])
    batch_up(store, job, 2)
    assert [unit.source for batch in store.ledger(job, names=True).pending() for unit in batch.units] == [
        "アリス",
        "ミナ",
    ]
    assert store.count_batched(job, names=True) == 2
    assert store.count_batched(job) == 4


async def test_a_text_that_mentions_a_name_is_asked_again_and_remembered_with_it(
    store: Store, new_job: NewJob, row: Row, batch_up: Callable[..., None]
) -> None:
    job = new_job(store)
    ids = put(store, job, [row("アリスだ"), row("雨だ")])
    batch_up(store, job, 2)
    (batch,) = store.ledger(job).pending()
    outcomes = [Outcome(ids["アリスだ"], "A", (LOOK,)), Outcome(ids["雨だ"], "B")]
    await store.ledger(job).settle(batch, outcomes, [])
    store.save_outputs(job, 0, {"0": ("A", ()), "1": ("B", ())})

    store.put_mentions(job, [MentionRow(ids["アリスだ"], (ENTRY,), b"n" * 16, None)])
    asked, other = store.results(job, 0)
    assert (asked.state, asked.target, asked.output, asked.findings) == (State.PENDING, None, None, ())
    assert (other.state, other.output) == (State.TRANSLATED, "B")
    (unit,) = store.unbatched_units(job)
    assert unit.glossary == (ENTRY,)
    (text,) = store.texts(job, mentioning=True)
    assert (text.unit, text.hash, text.asked) == (ids["アリスだ"], row("アリスだ").hash, b"n" * 16)
    # A file that is read again finds the same unit, by what it says itself.
    assert store.unit_ids(job, [row("アリスだ").hash]) == {row("アリスだ").hash: ids["アリスだ"]}

    batch_up(store, job, 1)
    (batch,) = store.ledger(job).pending()
    await store.ledger(job).settle(batch, [Outcome(ids["アリスだ"], "C")], [])
    assert store.recall([b"n" * 16, row("アリスだ").hash]) == {b"n" * 16: "C", row("アリスだ").hash: "A"}

    store.put_mentions(job, [MentionRow(ids["アリスだ"], (), row("アリスだ").hash, "A")])
    assert [r.target for r in store.results(job, 0)] == ["A", "B"]
    assert list(store.texts(job, mentioning=True)) == []


def test_what_another_job_has_answered_with_the_same_names_is_recalled(store: Store, new_job: NewJob, row: Row) -> None:
    job = new_job(store)
    ids = put(store, job, [row("アリスだ")])
    store.put_mentions(job, [MentionRow(ids["アリスだ"], (ENTRY,), b"n" * 16, None)])
    assert store.recall_pending(job) == 0
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(
            "INSERT INTO memory (hash, recipe, created, source, target) VALUES (?, 1, 0, '', 'C')", (b"n" * 16,)
        )
    assert store.recall_pending(job) == 1
    assert [r.target for r in store.results(job, 0)] == ["C"]


def test_the_names_in_force_hold_until_a_file_is_read_anew(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    job = new_job(store)
    assert (store.takes_names(job), store.names_in_force(job)) == (True, "")
    read_in(store, job, ["一"])
    store.put_names_in_force(job, "digest")
    assert store.names_in_force(job) == "digest"
    read_in(store, job, ["一"])
    assert store.names_in_force(job) == ""


def test_a_job_of_an_older_program_goes_on_without_names(path: Path, new_job: NewJob, read_in: ReadIn) -> None:
    with Store.open(path) as store:
        job = new_job(store)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE jobs SET names_digest = ?", (NAMES_OFF,))
        read_in(store, job, ["一"])
        store.put_names_in_force(job, "digest")
        assert not store.takes_names(job)
        store.take_names(job)
        assert (store.takes_names(job), store.names_in_force(job)) == (True, "")


@pytest.mark.parametrize("batched", [False, True])
def test_what_is_in_no_batch_is_forgotten_to_be_read_in_order_again(
    store: Store, new_job: NewJob, row: Row, batch_up: Callable[..., None], *, batched: bool
) -> None:
    job = new_job(store)
    ids = put(store, job, [row("一"), row("二")])
    store.settle_units(job, [SettledRow(ids["一"], State.TRANSLATED, "1")])
    if batched:
        batch_up(store, job, 5)
    store.forget_unplanned(job)
    assert (store.documents(job) == []) is not batched
    left = [row(source).hash for source in ("一", "二")]
    assert set(store.unit_ids(job, left)) == set(left if batched else left[:1])
    later = put(store, job, [row("零"), row("一"), row("二")])
    assert later["一"] == ids["一"]
    assert [unit.source for unit in store.unbatched_units(job)] == (["零"] if batched else ["零", "二"])


def test_many_texts_come_page_by_page_in_order(store: Store, new_job: NewJob, row: Row) -> None:
    job = new_job(store)
    sources = [f"その{number}" for number in range(4500)]
    put(store, job, [row(source) for source in sources])
    assert [text.text.source for text in store.texts(job)] == sources
