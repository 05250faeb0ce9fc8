"""A server that goes away in the middle of a job, or whose answers do not come through as they should."""

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import pytest

from translator.core.backend import UnreachableError
from translator.engine.patience import Patience
from translator.engine.run import RunLimits
from translator.testing.served import Served
from translator.testing.simulated import Simulated
from translator.testing.simulated_faults import Fault

Process = subprocess.Popen[str]
Start = Callable[..., Simulated]
Asked = Callable[[Sequence[Served]], Counter[str]]
ON_THE_WAY = (
    Fault.BUSY,
    Fault.PAGE,
    Fault.DROPPED,
    Fault.STALLED,
    Fault.HALF_LINE,
    Fault.WRONG_ENCODING,
    Fault.NOT_DONE,
    Fault.UNLOADED,
)

TENTH = {name: getattr(RunLimits(), name) / 10 for name in ("patience", "at_first", "pause", "longest_pause")}
"""A tenth of each of the program's own limits: an outage of a minute is one of 6 s."""


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    def count(self, name: str) -> int:
        """A number of the summary."""
        ...


class Job(Protocol):
    """A novel to be translated: see conftest.py."""

    start: Callable[..., Process]
    run: Callable[..., Ended]
    end: Callable[[Process], Ended]
    wait_for: Callable[..., None]
    settled: Callable[[], set[str]]
    count: Callable[[str], int]
    assert_sound: Callable[[], None]
    assert_done: Callable[[Ended], None]


def kill(server: Simulated) -> None:
    server.process.kill()
    server.process.wait()


def back_after(seconds: float, process: Process, server: Simulated, start_server: Start) -> Simulated:
    """Start a server again where the one that was killed stood, after a while and what it takes to start."""
    time.sleep(seconds)
    assert process.poll() is None
    return start_server("--port", server.port, name="again")


def assert_ends_well(job: Job, process: Process) -> None:
    ended = job.end(process)
    job.assert_done(ended)
    assert ended.status == 0


def test_a_server_that_is_killed_and_started_again_in_the_middle(job: Job, start_server: Start, asked: Asked) -> None:
    server = start_server()
    process = job.start(server.host)
    job.wait_for(process, "memory")
    kill(server)
    stored = job.settled()
    started = back_after(0.0, process, server, start_server)
    assert_ends_well(job, process)
    # What was stored before is not asked of the new one, and nothing is asked of it twice.
    again = asked(started.served())
    assert again
    assert stored
    assert not stored & again.keys()
    assert set(again.values()) == {1}


def test_connections_that_are_refused_for_much_of_the_patience_are_waited_for(
    job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server()
    process = job.start(server.host, limits=TENTH)
    job.wait_for(process, "memory")
    kill(server)
    stored = job.settled()
    started = back_after(5.0, process, server, start_server)
    assert_ends_well(job, process)
    assert not stored & asked(started.served()).keys()


def test_a_server_that_goes_for_a_minute_before_its_first_answer_is_waited_for(
    job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server("--decode", 5)
    process = job.start(server.host, limits=TENTH)
    job.wait_for(process, "batches")
    time.sleep(0.3)
    kill(server)
    assert not job.settled()
    started = back_after(5.0, process, server, start_server)
    assert_ends_well(job, process)
    assert set(asked(started.served()).values()) == {1}


def test_a_server_that_goes_between_the_names_and_the_texts_is_waited_for(game: Job, start_server: Start) -> None:
    server = start_server("--decode", 100)
    process = game.start(server.host, limits=TENTH)
    game.wait_for(process, "memory")
    while game.count("units WHERE role = 'name' AND state = 0") or not game.count("units WHERE batch AND state = 0"):
        assert process.poll() is None
        time.sleep(0.01)
    kill(server)
    assert not game.count("units WHERE role <> 'name' AND state = 1")
    stored = game.settled()
    started = back_after(3.0, process, server, start_server)
    ended = game.end(process)
    assert ended.status == 0, ended.err
    game.assert_sound()
    assert game.count("units WHERE state = 0") == 0
    assert stored
    # Some names stand among the texts, too: no request is for names only.
    assert not [one.text for one in started.served() if stored.issuperset(one.text.split("\n"))]


def test_the_program_outlasts_connections_that_are_refused_for_a_minute() -> None:
    usual = RunLimits()
    patience = Patience(usual.patience, usual.at_first, pause=usual.pause, longest=usual.longest_pause)
    patience.succeeded()
    now, times = 1000.0, 0
    while now < 1060.0:
        times += 1
        advice = patience.failed(UnreachableError("connection refused"), now, times)
        assert not advice.over
        now += advice.pause
    # The next try comes at most one pause after the server is back.
    assert now <= 1060.0 + usual.longest_pause


def test_a_server_that_does_not_come_back_ends_the_run_and_the_next_one_goes_on(
    job: Job, start_server: Start, asked: Asked
) -> None:
    server = start_server()
    process = job.start(server.host, limits={"patience": 0.3, "pause": 0.02, "grace": 0.5})
    job.wait_for(process, "memory")
    kill(server)
    ended = job.end(process)
    assert ended.status == 3, ended.err
    assert "translate resume" in ended.out
    job.assert_sound()
    stored = job.settled()
    started = start_server(name="again")
    last = job.run(started.host)
    job.assert_done(last)
    assert last.status == 0
    again = asked(started.served())
    assert stored
    assert not stored & again.keys()
    assert job.run(started.host).count("requests") == 0


@pytest.mark.parametrize("fault", ON_THE_WAY)
def test_answers_that_do_not_come_through_are_asked_for_again(
    fault: Fault, new_job: Callable[..., Job], start_server: Start
) -> None:
    job = new_job(chapters=3)
    server = start_server("--faults", f"{fault}=1", "--most", 1, "--decode", 2_000)
    ended = job.run(server.host, "--parallel", "2", stall=0.3)
    job.assert_done(ended)
    assert ended.status == 0
    served = server.served()
    assert {one.fault for one in served} == {None, fault.value}
    assert ended.count("retries") >= sum(one.fault is not None for one in served)
    # A text that came through was stored, and is not asked again.
    assert max(Counter(one.text for one in served if one.fault is None).values()) == 1


def test_all_faults_at_once_leave_every_line_right_or_listed(
    new_job: Callable[..., Job], start_server: Start, asked: Asked
) -> None:
    job = new_job(chapters=7)
    server = start_server("--faults", "all*5", "--seed", 11, "--decode", 2_000)
    ended = job.run(server.host, stall=0.3)
    job.assert_done(ended)
    struck = {one.fault for one in server.served() if one.fault is not None}
    assert len(struck) >= 4, struck
    stored = job.settled()
    calm = start_server(name="calm")
    last = job.run(calm.host)
    job.assert_done(last)
    assert last.status == 0
    assert not stored & asked(calm.served()).keys()
