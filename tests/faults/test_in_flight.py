"""How many requests the program has in flight at a server, seen from the server."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from translator.testing.served import Served
from translator.testing.simulated import Simulated

Start = Callable[..., Simulated]


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...


class Job(Protocol):
    """A novel to be translated: see conftest.py."""

    db: Path
    run: Callable[..., Ended]
    start: Callable[..., "subprocess.Popen[str]"]
    assert_done: Callable[[Ended], None]


NewJob = Callable[..., Job]


def most_in_flight(served: Sequence[Served]) -> int:
    """The most requests that were there at once; one that ends makes room before the next is counted."""
    steps = sorted([(one.sent, 1) for one in served] + [(one.end, -1) for one in served])
    level = most = 0
    for _, step in steps:
        level += step
        most = max(most, level)
    return most


def at_first(served: Sequence[Served]) -> int:
    """How many requests were sent before the first answer was there."""
    return sum(one.sent < min(other.end for other in served) for one in served)


def test_parallel_is_kept_exactly(new_job: NewJob, start_server: Start) -> None:
    server = start_server("--slots", 5, "--decode", 400)
    job = new_job(chapters=8)
    job.assert_done(job.run(server.host, "--parallel", "3"))
    assert most_in_flight(server.served()) == 3


def test_the_slots_that_a_job_found_are_where_the_next_one_begins(new_job: NewJob, start_server: Start) -> None:
    server = start_server("--slots", 5, "--decode", 400)
    first = new_job(chapters=16)
    job = new_job(chapters=8, first=1000, db=first.db)
    first.assert_done(first.run(server.host))
    before = server.served()
    job.assert_done(job.run(server.host))
    assert at_first(before) != 6
    assert at_first(server.served()[len(before) :]) == 6


def test_servers_of_both_kinds_share_a_job(new_job: NewJob, start_server: Start) -> None:
    ollama = start_server("--slots", 2, "--decode", 400)
    other = start_server("--slots", 3, "--decode", 800, "--tell", name="other")
    job = new_job(chapters=12)
    ended = job.run(ollama.host, "--host", f"openai+{other.host}")
    job.assert_done(ended)
    assert ended.status == 0
    assert min(len(ollama.served()), len(other.served())) >= 3
    # Each is given work at its own pace: the second one is three times as quick.
    assert len(other.served()) > len(ollama.served())
