# Limits that a full disk sets are set on the connection; rows are counted by SQL.
# pyright: reportPrivateUsage=false

import asyncio
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.work import Attempt, Batch, Outcome, Recorded, State
from translator.store import Store
from translator.store.errors import StoreFullError
from translator.store.names import MentionRow
from translator.store.rows import JobRow, UnitRow

NewJob = Callable[..., JobRow]
ReadIn = Callable[..., list[int]]
BatchUp = Callable[..., None]
Row = Callable[[str], UnitRow]
Start = Callable[..., "subprocess.Popen[str]"]

SETTLE = """
import asyncio, sys
from pathlib import Path
from translator.core.work import Attempt, Outcome
from translator.store import Store

async def main(store, job):
    ledger = store.ledger(job)
    async def one(batch):
        attempt = Attempt(tuple(u.id for u in batch.units), 1, "host", "p", "{}", "reply", "done", 1, 1, 0.1)
        await ledger.settle(batch, [Outcome(u.id, "訳" + u.source) for u in batch.units], [attempt])
        sys.stdout.write(f"{batch.id}\\n")  # at once: a kill may come between two writes
        sys.stdout.flush()
    running = set()
    for batch in ledger.pending():
        running.add(asyncio.ensure_future(one(batch)))
        if len(running) >= 4:
            _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    if running:
        await asyncio.wait(running)

with Store.open(Path(sys.argv[1])) as store:
    asyncio.run(main(store, store.job(sys.argv[2])))
"""


KANA = Finding("kana", Severity.ERROR, "the translation still has kana", (2, 4))


def attempt(*units: int, number: int = 1, reply: str = "答え") -> Attempt:
    return Attempt(units, number, "http://127.0.0.1:11434", "abc", '{"seed": 1}', reply, "done", 50, 20, 0.5, (KANA,))


async def test_a_settled_batch_is_stored_remembered_and_no_longer_pending(
    store: Store, path: Path, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp, row: Row
) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "い", "う"])
    batch_up(store, job, 2)
    ledger = store.ledger(job)
    first = next(ledger.pending())
    flagged = Outcome(units[0], "a", (Finding("length", Severity.WARNING, "long"),))
    failed = Outcome(units[1], None, (Finding("empty", Severity.ERROR, "no answer"),))
    await ledger.settle(first, [flagged, failed], [attempt(*units[:2]), attempt(units[1], number=2)])
    with Store.open(path) as elsewhere:
        assert [r.state for r in elsewhere.results(job, 0)] == [State.TRANSLATED, State.FAILED, State.PENDING]
        assert elsewhere.recall([row("あ").hash, row("い").hash, row("う").hash]) == {row("あ").hash: "a"}
        assert elsewhere.memory_count() == 1
        assert [a.number for a in elsewhere.attempts(job, units)[units[0]]] == [1]
        kept = elsewhere.attempts(job, units)[units[1]]
        assert [(a.number, a.units, a.reply, a.findings) for a in kept] == [
            (1, (units[0], units[1]), "答え", (KANA,)),
            (2, (units[1],), "答え", (KANA,)),
        ]
        assert elsewhere.attempts(job, units)[units[2]] == []
        assert elsewhere.asked_again(job) == {units[1]}
        assert elsewhere.counts(job).units.flagged == 1
    assert [batch.id for batch in ledger.pending()] == [1]
    assert ledger.recorded(first.id) == Recorded(first, ("a", None))
    assert ledger.recorded(99) is None
    assert ledger.chain(1) == [0, 1]
    assert ledger.chain(99) == []


async def test_what_was_asked_for_a_text_before_it_left_its_batch_is_still_known(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ", "い"])
    batch_up(store, job, 2)
    ledger = store.ledger(job)
    await ledger.settle(next(ledger.pending()), [Outcome(unit, "a") for unit in units], [attempt(*units, reply="先")])
    store.put_mentions(job, [MentionRow(units[1], (), b"n" * 16, None)])
    assert [a.reply for a in store.attempts(job, units[1:])[units[1]]] == ["先"]
    batch_up(store, job, 1)
    await ledger.settle(next(ledger.pending()), [Outcome(units[1], "b")], [attempt(units[1], reply="後")])
    asked = store.attempts(job, units)
    assert [[a.reply for a in asked[unit]] for unit in units] == [["先"], ["先", "後"]]
    assert store.asked_again(job) == {units[1]}


async def test_of_attempts_that_an_earlier_version_stored_the_codes_of_the_findings_are_read(
    store: Store, path: Path, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    units = read_in(store, job, ["あ"])
    batch_up(store, job, 1)
    ledger = store.ledger(job)
    await ledger.settle(next(ledger.pending()), [Outcome(units[0], "a")], [attempt(units[0])])
    with sqlite3.connect(path) as connection:
        connection.execute("""UPDATE attempts SET findings = '["kana","length"]'""")
    connection.close()
    (read,) = store.attempts(job, units)[units[0]]
    assert [finding.code for finding in read.findings] == ["kana", "length"]


async def test_batches_that_are_settled_at_once_share_few_commits(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    read_in(store, job, [f"{n}" for n in range(300)])
    batch_up(store, job, 3)
    ledger = store.ledger(job)
    commits: list[str] = []
    store._durable._sqlite.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(*(ledger.settle(b, [Outcome(u.id, "x") for u in b.units], []) for b in list(ledger.pending())))
    store._durable._sqlite.set_trace_callback(None)
    assert store.counts(job).units.translated == 300
    assert len(commits) < 20


async def test_an_answer_that_cannot_be_stored_costs_no_other_one(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    read_in(store, job, [f"{n}" for n in range(30)])
    batch_up(store, job, 3)
    ledger = store.ledger(job)
    targets = {place: "half \ud83d" if place == 4 else "whole" for place in range(10)}
    ended = await asyncio.gather(
        *(ledger.settle(b, [Outcome(u.id, targets[n]) for u in b.units], []) for n, b in enumerate(ledger.pending())),
        return_exceptions=True,
    )
    assert [place for place, each in enumerate(ended) if each is not None] == [4]
    assert store.counts(job).units.translated == 27
    assert len(list(ledger.pending())) == 1


async def test_an_answer_is_stored_even_if_its_task_is_cancelled(
    path: Path, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    with Store.open(path) as store:
        job = new_job(store)
        read_in(store, job, ["あ"])
        batch_up(store, job, 1)
        ledger = store.ledger(job)
        (batch,) = ledger.pending()
        task = asyncio.ensure_future(ledger.settle(batch, [Outcome(batch.units[0].id, "a")], []))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with Store.open(path) as store:
        assert store.counts(job).units.translated == 1


async def test_a_newer_answer_takes_the_place_of_the_remembered_one(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp, row: Row
) -> None:
    for answer in ("old", "new"):
        job = new_job(store)
        read_in(store, job, ["あ"])
        batch_up(store, job, 1)
        (batch,) = store.ledger(job).pending()
        await store.ledger(job).settle(batch, [Outcome(batch.units[0].id, answer)], [])
    assert store.recall([row("あ").hash]) == {row("あ").hash: "new"}


async def test_a_full_disk_is_said_and_loses_nothing_that_was_settled(
    store: Store, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp
) -> None:
    job = new_job(store)
    read_in(store, job, [f"{n}" for n in range(40)])
    batch_up(store, job, 1)
    ledger = store.ledger(job)
    batches = list(ledger.pending())
    pages = store._durable.rows("PRAGMA page_count")[0][0]
    store._durable._sqlite.execute(f"PRAGMA max_page_count = {pages}")
    settled: list[Batch] = []

    async def until_full() -> None:
        for batch in batches:
            await ledger.settle(batch, [Outcome(batch.units[0].id, "長い" * 500)], [attempt(batch.units[0].id)])
            settled.append(batch)

    with pytest.raises(StoreFullError, match="no room left") as caught:
        await until_full()
    assert "--db" in caught.value.hint
    assert store.counts(job).units.translated == len(settled) < 40
    # There is room again: the same job goes on.
    store._durable._sqlite.execute("PRAGMA max_page_count = 100000")
    for batch in list(ledger.pending()):
        await ledger.settle(batch, [Outcome(batch.units[0].id, "x")], [])
    assert store.counts(job).units.translated == 40


def test_kill_9_keeps_every_answer_that_was_settled(
    store: Store, path: Path, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp, start_python: Start
) -> None:
    job = new_job(store)
    units = read_in(store, job, [f"{n}" for n in range(3000)])
    batch_up(store, job, 2)
    settled: set[int] = set()
    for lines in (1, 23, 150):
        process = start_python(SETTLE, path, job.id)
        assert process.stdout is not None
        for _ in range(lines):
            settled.add(int(process.stdout.readline()))
        process.send_signal(signal.SIGKILL)
        # What was said between our last look and the kill was settled too; half a line was not said.
        settled |= {int(line) for line in process.communicate()[0].splitlines(keepends=True) if line.endswith("\n")}
        assert store._quick.rows("PRAGMA integrity_check") == [("ok",)]
        assert store._quick.rows("PRAGMA foreign_key_check") == []
        missing = {batch.id for batch in store.ledger(job).pending()}
        assert settled.isdisjoint(missing)
        assert len(missing) < 1500
        assert all(len(batch.units) == 2 for batch in store.ledger(job).pending())
    done = [r for r in store.results(job, 0) if r.state is State.TRANSLATED]
    assert {r.target for r in done} == {f"訳{r.source}" for r in done}
    assert store.memory_count() == len(done)
    finish = start_python(SETTLE, path, job.id)
    said = finish.communicate()[0].split()
    assert finish.returncode == 0
    assert settled.isdisjoint(int(batch) for batch in said)
    assert [r.state for r in store.results(job, 0)] == [State.TRANSLATED] * len(units)


def test_two_processes_work_on_one_file(
    store: Store, path: Path, new_job: NewJob, read_in: ReadIn, batch_up: BatchUp, start_python: Start
) -> None:
    jobs = [new_job(store) for _ in range(2)]
    for number, job in enumerate(jobs):
        read_in(store, job, [f"{number}-{n}" for n in range(600)])
        batch_up(store, job, 1)
    processes = [start_python(SETTLE, path, job.id) for job in jobs]
    third = new_job(store)
    for ordinal in range(50):
        read_in(store, third, [f"third {ordinal}"], ordinal=ordinal)
    for process in processes:
        said, _ = process.communicate()
        assert process.returncode == 0
        assert len(said.split()) == 600
    for job in jobs:
        assert {r.state for r in store.results(job, 0)} == {State.TRANSLATED}
    assert store.counts(third).segments.total == 50
    assert store.memory_count() == 1200
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    other.close()
