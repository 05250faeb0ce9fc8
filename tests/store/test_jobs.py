# Limits that a full disk sets are set on the connection; rows are counted by SQL.
# pyright: reportPrivateUsage=false

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from translator.store import Store
from translator.store.errors import JobLockedError, NoSuchJobError
from translator.store.rows import JobRow, JobStatus
from translator.store.rows import NewJob as NewJobFields

NewJob = Callable[..., JobRow]
ReadIn = Callable[..., list[int]]

HOLD = """
import sys, time
from pathlib import Path
from typing import cast
from translator.store import Store
with Store.open(Path(sys.argv[1])) as store, store.lock(sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_job_comes_back_as_it_was_created(store: Store, new_job: NewJob) -> None:
    job = new_job(store)
    assert store.job(job.id) == job
    assert store.jobs() == [job]
    assert (job.kind, job.input, job.output, job.model) == ("game", "/game", "/game.zh-CN", "sakura")
    assert (job.recipe, job.recipe_digest, job.status, job.runs) == ('{"model": "sakura"}', "d1", JobStatus.OPEN, 1)
    assert job.finished is None


def test_a_job_is_found_by_a_prefix_that_only_it_has(store: Store, new_job: NewJob) -> None:
    jobs = [new_job(store) for _ in range(40)]
    for job in jobs:
        length = next(n for n in range(1, 9) if sum(other.id.startswith(job.id[:n]) for other in jobs) == 1)
        assert store.job(job.id[:length].upper()) == job
    shared = next(job.id[0] for job in jobs if sum(other.id[0] == job.id[0] for other in jobs) > 1)
    with pytest.raises(NoSuchJobError, match="several"):
        store.job(shared)


@pytest.mark.parametrize("wanted", ["", "nothing", "%"])
def test_an_unknown_job_is_an_error(store: Store, new_job: NewJob, wanted: str) -> None:
    new_job(store)
    with pytest.raises(NoSuchJobError):
        store.job(wanted)


def test_the_newest_job_of_an_input_is_found(store: Store, new_job: NewJob) -> None:
    key = {"kind": "game", "input": "/game", "output": "/game.zh-CN", "source_language": "ja"}
    assert store.find_job(**key, target_language="zh-CN") is None
    new_job(store)
    newest = new_job(store)
    new_job(store, input="/other")
    assert store.find_job(**key, target_language="zh-CN") == newest
    assert store.find_job(**key, target_language="en") is None


def test_a_job_is_created_once_for_one_input(store: Store) -> None:
    new = {
        "kind": "novel", "input": "/book.txt", "output": "/book.zh-CN.txt", "source_language": "ja",
        "target_language": "zh-CN", "model": "m", "recipe": "{}", "recipe_digest": "d", "options": "{}",
        "program_version": "0", "server": "",
    }  # fmt: skip
    first = store.find_or_create_job(**cast("NewJobFields", new))
    assert store.jobs() == [first]
    assert store.find_or_create_job(**cast("NewJobFields", new)) == first
    assert len(store.jobs()) == 1


def test_changed_fields_stay_changed_and_the_others_as_they_were(store: Store, new_job: NewJob) -> None:
    job = new_job(store)
    ended = job.created + 5.0
    changed = store.update_job(
        job.id, status=JobStatus.PARTIAL, finished=ended, glossary_digest="g", recipe="{}", recipe_digest="d2"
    )
    assert changed == store.job(job.id)
    assert (changed.status, changed.finished, changed.glossary_digest) == (JobStatus.PARTIAL, ended, "g")
    assert (changed.recipe, changed.recipe_digest) == ("{}", "d2")
    assert (changed.input, changed.options, changed.created) == (job.input, job.options, job.created)
    again = store.begin_run(job.id)
    assert (again.runs, again.status, again.finished) == (2, JobStatus.OPEN, None)


def test_a_recipe_changes_with_its_digest_only(store: Store, new_job: NewJob) -> None:
    with pytest.raises(ValueError, match="together"):
        store.update_job(new_job(store).id, recipe="{}")


def test_a_removed_job_leaves_nothing_but_others_and_the_memory(store: Store, new_job: NewJob, read_in: ReadIn) -> None:
    kept, removed = new_job(store), new_job(store, input="/other")
    read_in(store, kept, ["あ", "い"])
    read_in(store, removed, ["あ", "う", "え"])
    store.remove_job(removed.id)
    assert store.jobs() == [kept]
    assert [r.source for r in store.results(kept, 0)] == ["あ", "い"]
    with pytest.raises(NoSuchJobError):
        store.job(removed.id)
    assert store._quick.rows("SELECT count(*) FROM units") == [(2,)]
    assert store._quick.rows("SELECT count(*) FROM segments") == [(2,)]


def test_one_run_of_a_job_at_a_time(store: Store, path: Path, new_job: NewJob) -> None:
    job, other = new_job(store), new_job(store)
    with store.lock(job.id), Store.open(path) as second:
        with pytest.raises(JobLockedError, match=f"process {os.getpid()} on {socket.gethostname()} since"):
            second.lock(job.id).__enter__()
        with pytest.raises(JobLockedError):
            second.remove_job(job.id)
        with second.lock(other.id):
            pass
        holder = second.holder(job.id)
        assert holder is not None
        assert holder.pid == os.getpid()
    assert store.holder(job.id) is None
    with store.lock(job.id):
        pass


def test_the_lock_ends_when_its_process_is_killed(
    store: Store, path: Path, new_job: NewJob, start_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    job = new_job(store)
    process = start_python(HOLD, path, job.id)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    holder = store.holder(job.id)
    assert holder is not None
    assert holder.pid == process.pid
    with pytest.raises(JobLockedError, match=f"process {process.pid}"), store.lock(job.id):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    with store.lock(job.id):
        held = store.holder(job.id)
        assert held is not None
        assert held.pid == os.getpid()


def test_asking_who_holds_a_lock_does_not_take_it(store: Store, new_job: NewJob) -> None:
    job = new_job(store)
    assert store.holder(job.id) is None
    assert not list(store.path.parent.glob("*-locks/*"))
