import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translator.engine.slots import FIRST, MOST, Slots
from translator.testing.simulation import Job, Simulation, Speed

SCENES = 200
LINES = 10
PART = 0.2
"""Seconds between two parts of an answer."""


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (lengths of texts, no secret)


def scenes(seed: int) -> list[list[int]]:
    """The lines of each batch of 200 scenes of 5 to 80 lines, the longest first."""
    rng = dice(seed)
    lengths = sorted((rng.randint(5, 80) for _ in range(SCENES)), reverse=True)
    return [[min(LINES, length - at) for at in range(0, length, LINES)] for length in lengths]


@dataclass
class _Flying:
    job: Job
    scene: int
    given: int = 0


@dataclass
class Drive:
    """Sends requests to a simulated server as `Slots` says, in virtual time, until all are answered.

    requests: the tokens of prompts and answers, scene by scene. chained: one of a scene at a time. load: seconds until
    the model is there. change: after so many answers the server goes on with another speed. same: tokens with which all
    prompts of a scene begin. gap: seconds before a scene's next request can be sent. late: by how many seconds the news
    is late that a request, named by its number, has ended. history: seconds, answers, slots found, requests in flight
    allowed, requests in flight, after each answer.
    """

    slots: Slots
    speed: Speed
    requests: Sequence[Sequence[tuple[int, int]]]
    chained: bool = False
    load: float = 0.0
    change: tuple[int, Speed] | None = None
    aborted: Callable[[int], bool] = lambda _number: False
    same: int = 0
    gap: float = 0.0
    late: Callable[[int], float] = lambda _number: 0.0
    history: list[tuple[float, int, int | None, int, int]] = field(
        default_factory=list[tuple[float, int, int | None, int, int]]
    )
    seconds: float = 0.0
    ideal: float = 0.0
    _simulation: Simulation = field(init=False)
    _waiting: list[list[tuple[int, int]]] = field(init=False)
    _flying: dict[int, _Flying] = field(init=False)
    _later: dict[int, float] = field(default_factory=dict[int, float])
    _number: int = 0

    def run(self) -> "Drive":
        self._simulation = Simulation(self.speed)
        self._waiting = [list(scene) for scene in self.requests]
        self._flying = {}
        self._number = done = 0
        now = self.load
        self._fill(now, 0.0)
        while self._flying:
            parts = (self._simulation.part_at(one.job, one.job.whole) for one in self._flying.values())
            late = [one.job.end + self.late(key) for key, one in self._flying.items() if one.job.end is not None]
            now = max(min(self._simulation.next(), max(min(parts), now + PART), *self._due(now), *late), now)
            self._simulation.advance(now)
            ended = [key for key in tuple(self._flying) if self._tell(key, now)]
            for key in ended:
                self._later[self._flying.pop(key).scene] = now + self.gap
                self.slots.ended(key, now)
                done += 1
                if self.change is not None and done == self.change[0]:
                    self._restart(now, self.change[1])
            self._fill(now, now)
            if ended:
                self.history.append((now, done, self.slots.found, self.slots.allowed, len(self._flying)))
        self.seconds = now - self.load
        self.ideal = self._simulation.busy / self.speed.slots
        return self

    def _tell(self, key: int, now: float) -> bool:
        """Say what came of a request by now; whether it has ended."""
        one = self._flying[key]
        job = one.job
        if job.first is not None and not one.given:
            self.slots.begun(key, now)
        if job.whole > one.given:
            self.slots.grew(job.whole - one.given, now)
            one.given = job.whole
        if job.end is not None:
            return now >= job.end + self.late(key)
        if not (self.aborted(key) and job.whole > 2):
            return False
        self._simulation.leave(job, now)
        return True

    def _due(self, now: float) -> list[float]:
        """When scenes may go on that may not yet, where there is room for them."""
        if len(self._flying) >= self.slots.allowed:
            return []
        return [at for scene, at in self._later.items() if at > now and self._waiting[scene]]

    def _restart(self, now: float, speed: Speed) -> None:
        """The server goes and comes back: what was in flight is lost, and is not asked again here."""
        for lost in self._flying:
            self.slots.ended(lost, now)
        self._flying.clear()
        self._simulation = Simulation(speed, now=now)

    def _fill(self, now: float, sent: float) -> None:
        blocked = {one.scene for one in self._flying.values()} if self.chained else set[int]()
        # Scenes that have begun come first, and no more begin than there is room for.
        order = sorted(range(len(self._waiting)), key=lambda scene: (scene not in self._later, scene))
        held = sum(at > now and bool(self._waiting[scene]) for scene, at in self._later.items()) if self.chained else 0
        for scene in order:
            left = self._waiting[scene]
            if self.chained and self._later.get(scene, 0.0) > now:
                continue
            if scene not in self._later and len(self._flying) + held >= self.slots.allowed:
                continue
            while left and scene not in blocked and len(self._flying) < self.slots.allowed:
                prompt, answer = left.pop(0)
                # But for that, prompts have nothing in common.
                text = chr(0xAC00 + scene) * self.same + chr(0x4E00 + self._number % 20000) * prompt
                job = Job(text, ["好"] * answer, sent)
                self.slots.sent(self._number, sent)
                self._simulation.arrive(job, now)
                self._flying[self._number] = _Flying(job, scene)
                self._number += 1
                if self.chained:
                    blocked.add(scene)

    def after(self, share: float) -> list[tuple[float, int, int | None, int, int]]:
        """The history without the job's first part."""
        total = sum(map(len, self.requests))
        return [entry for entry in self.history if entry[1] > share * total]


def job(seed: int, *, fixed: int = 200) -> list[list[tuple[int, int]]]:
    """The requests of 200 scenes: prompts of `fixed` tokens and 20 to 30 a line, answers of about 20 a line."""
    rng = dice(seed)
    return [
        [(fixed + rng.randint(20, 30) * lines, sum(rng.randint(10, 30) for _ in range(lines))) for lines in scene]
        for scene in scenes(seed)
    ]


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("slots", [1, 2, 4, 7, 16])
def test_the_number_of_slots_is_found_soon_and_kept(slots: int, *, chained: bool) -> None:
    found = Drive(Slots(), Speed(slots, prefill=2000, decode=50), job(slots), chained=chained).run()
    after = found.after(0.05)
    assert {entry[2] for entry in after[:1]} <= {slots - 1, slots, slots + 1}
    # The end of the job has too little to do to see anything; it must not unsettle what is known.
    assert {entry[2] for entry in after} <= {slots - 1, slots, slots + 1}
    assert all(entry[4] <= slots + 1 for entry in found.after(0.1))
    assert found.seconds <= 1.05 * found.ideal


@settings(max_examples=10, deadline=None)
@given(
    slots=st.integers(1, 16),
    prefill=st.integers(800, 5000),
    decode=st.integers(20, 100),
    load=st.sampled_from([0.0, 15.0]),
    seed=st.integers(0, 99),
    chained=st.booleans(),
)
@example(slots=15, prefill=800, decode=100, load=0.0, seed=30, chained=False)
def test_at_any_speed_the_number_is_found_within_one_after_a_twentieth_of_a_job(
    *, slots: int, prefill: int, decode: int, load: float, seed: int, chained: bool
) -> None:
    drive = Drive(Slots(), Speed(slots, prefill, decode), job(seed)[:80], chained=chained, load=load)
    total = sum(map(len, drive.requests))
    found = drive.run().after(0.05 * SCENES / len(drive.requests))[0]
    assert total > 200
    assert found[2] is not None
    assert abs(found[2] - slots) <= 1


def test_what_is_told_is_taken_and_one_request_waits() -> None:
    slots = Slots(told=4)
    assert (slots.found, slots.allowed) == (4, 5)
    drive = Drive(slots, Speed(2, 2000, 50), job(1)[:40]).run()
    assert {entry[2] for entry in drive.history} == {4}


def test_what_is_asked_for_is_kept_exactly() -> None:
    slots = Slots(fixed=3, told=8)
    drive = Drive(slots, Speed(8, 2000, 50), job(1)[:40]).run()
    assert {entry[3] for entry in drive.history} == {3}
    assert slots.found == 8


def test_an_unknown_server_is_asked_carefully_at_first() -> None:
    assert Slots().allowed == FIRST
    assert Slots(expected=6).allowed == 7
    assert Slots(expected=1000).allowed == MOST


@pytest.mark.parametrize(("expected", "slots"), [(4, 4), (8, 4), (4, 8), (1, 16), (16, 1)])
def test_what_an_earlier_run_found_is_where_it_begins_and_is_found_again(expected: int, slots: int) -> None:
    drive = Drive(Slots(expected=expected), Speed(slots, 2000, 50), job(3)[:60]).run()
    assert drive.after(0.2)[0][2] == slots


def test_no_more_than_the_cap_are_in_flight() -> None:
    drive = Drive(Slots(most=8), Speed(40, 2000, 50), job(1)[:60]).run()
    assert max(entry[4] for entry in drive.history) <= 8
    assert drive.history[-1][3] == 8


def test_a_burst_of_answers_of_one_part_tells_nothing() -> None:
    burst = [[(220, 1)] for _ in range(60)]
    slots = Slots()
    drive = Drive(slots, Speed(8, 2000, 50), burst).run()
    assert {entry[2] for entry in drive.history[:20]} <= {None, 7, 8}
    slots = Slots()
    drive = Drive(slots, Speed(8, 2000, 50), [*burst, *job(2)[:60]]).run()
    assert drive.history[-60][2] in {7, 8, 9}


def test_answers_that_are_stopped_early_do_not_mislead() -> None:
    drive = Drive(Slots(), Speed(8, 2000, 50), job(2)[:80], aborted=lambda number: number % 3 == 0).run()
    assert {entry[2] for entry in drive.after(0.2)} <= {7, 8, 9}


def test_ends_that_are_heard_of_late_now_and_then_show_no_more_slots() -> None:
    rng = dice(7)
    late = [0.5 * (rng.randrange(4) == 0) for _ in range(2000)]
    drive = Drive(Slots(), Speed(4, 2000, 50), job(7), late=late.__getitem__).run()
    assert {entry[2] for entry in drive.after(0.05)} <= {3, 4, 5}
    assert all(entry[4] <= 6 for entry in drive.after(0.1))


def test_what_a_server_runs_while_others_wait_is_its_number_of_slots() -> None:
    slots = Slots()
    for running, waiting in ((1, 0), (9, 0), (0, 4), (4, 2), (3, 1), (4, 3)):
        slots.looked(running, waiting)
    assert (slots.found, slots.told) == (None, False)
    slots.looked(2, 1)
    assert (slots.found, slots.allowed, slots.told) == (4, 5, True)
    drive = Drive(slots, Speed(2, 2000, 50), job(1)[:40]).run()
    assert {entry[2] for entry in drive.history} == {4}


def test_that_requests_wait_for_moments_only_tells_nothing() -> None:
    slots = Slots()
    for look in range(200):
        slots.looked(20 + look % 5, int(look % 7 == 0))
    assert (slots.found, slots.told) == (None, False)


def test_a_server_that_comes_to_run_more_or_fewer_says_so() -> None:
    slots = Slots()
    for _ in range(4):
        slots.looked(4, 1)
    slots.looked(5, 0)
    assert (slots.found, slots.allowed) == (5, 6)
    for _ in range(4):
        slots.looked(2, 3)
    assert (slots.found, slots.allowed) == (2, 3)
    slots.looked(1, 0)
    assert slots.found == 2


@pytest.mark.parametrize(("before", "then"), [(8, 3), (3, 8), (16, 1), (1, 4)])
def test_a_server_that_was_restarted_with_other_slots_is_found_out(before: int, then: int) -> None:
    change = (150, Speed(then, 2000, 50))
    drive = Drive(Slots(), Speed(before, 2000, 50), job(4), change=change).run()
    assert drive.history[140][2] == before
    assert drive.history[-100][2] in {then - 1, then, then + 1} - {0}


def test_fewer_are_in_flight_where_fewer_give_more() -> None:
    totals = (40.0, 70.0, 90.0, 100.0, 95.0, 90.0, 80.0, 70.0)
    slots = Slots()
    drive = Drive(slots, Speed(8, 2000, 50, totals), job(5)).run()
    assert slots.found == 8
    assert sum(entry[3] == 4 for entry in drive.after(0.5)) > len(drive.after(0.5)) / 2


def test_all_slots_are_used_where_fewer_give_less_or_about_the_same() -> None:
    for totals in [(), (40.0, 70.0, 90.0, 100.0, 100.0, 100.0, 100.0, 100.0)]:
        drive = Drive(Slots(), Speed(8, 2000, 50, totals), job(5)).run()
        assert sum(entry[3] == 9 for entry in drive.after(0.1)) > 0.8 * len(drive.after(0.1))


@pytest.mark.parametrize("slots", [4, 8])
def test_none_waits_where_that_lets_scenes_keep_the_slots_that_hold_their_prompts(slots: int) -> None:
    found = Slots(sticky=True)
    drive = Drive(found, Speed(slots, 2000, 50), job(6), chained=True, same=1500, gap=0.01).run()
    assert found.found == slots
    after = drive.after(0.4)
    assert sum(entry[3] == slots for entry in after) > 0.6 * len(after)
    waits = Drive(Slots(), Speed(slots, 2000, 50), job(6), chained=True, same=1500, gap=0.01).run()
    assert drive.seconds < 0.97 * waits.seconds


@pytest.mark.parametrize("name", ["ollama_two_slots_1.txt", "ollama_two_slots_2.txt"])
def test_the_slots_of_a_server_that_takes_what_waits_in_any_order_are_found(name: str) -> None:
    # Recorded with Ollama 0.11.4, OLLAMA_NUM_PARALLEL=2, Gemma 3 270M and 80 single words; seconds.
    recorded = Path(__file__).with_name("recorded") / name
    slots = Slots()
    for line in recorded.read_text(encoding="utf-8").splitlines():
        what, key, now = line.split()
        match what:
            case "sent":
                slots.sent(int(key), float(now))
            case "begun":
                slots.begun(int(key), float(now))
            case _:
                slots.ended(int(key), float(now))
    assert slots.found == 2
