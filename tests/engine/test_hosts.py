from dataclasses import replace

import pytest

from translator.backends.pseudo import PseudoBackend
from translator.core.backend import (
    Backend,
    BackendError,
    BrokenReplyError,
    BusyError,
    Host,
    NoSuchModelError,
    RefusedError,
    Reply,
    UnreachableError,
)
from translator.engine.hosts import Flight, Hosts, Verdict
from translator.engine.patience import Advice, Patience

BACKEND: Backend = PseudoBackend()


def pool(*hosts: Host) -> Hosts:
    return Hosts(hosts, lambda: Patience(90, 2, pause=0.5, longest=15))


def host(name: str, *, slots: int | None = None, parallel: int | None = None, named: bool = False) -> Host:
    return Host(name, BACKEND, "m", slots, parallel, named)


def send(hosts: Hosts, scene: str, now: float = 0.0, work: int = 100) -> Flight | None:
    member = hosts.choose(scene, work, now)
    return None if member is None else hosts.send(member, scene, work, now)


def sent(hosts: Hosts, scene: str, now: float = 0.0, work: int = 100) -> Flight:
    flight = send(hosts, scene, now, work)
    assert flight is not None
    return flight


def answer(hosts: Hosts, flight: Flight, begun: float, now: float) -> bool:
    hosts.begun(flight, begun)
    hosts.ended(flight, now)
    hosts.served(flight, Reply("好", prompt_tokens=10, cached_tokens=4, output_tokens=5), now)
    return hosts.works(flight.member, now)


def fail(hosts: Hosts, flight: Flight, error: BackendError, now: float) -> Verdict:
    hosts.ended(flight, now)
    return hosts.failed(flight, error, now, 1).verdict


def test_requests_go_to_all_hosts_and_no_host_gets_more_than_it_takes() -> None:
    hosts = pool(host("a", parallel=2), host("b", parallel=1))
    flights = [send(hosts, str(scene)) for scene in range(4)]
    assert [flight.member.host.name if flight else None for flight in flights] == ["a", "b", "a", None]


def test_a_scene_stays_where_its_prompt_is_held() -> None:
    hosts = pool(host("a", parallel=4), host("b", parallel=4))
    for scene in ("one", "two"):
        answer(hosts, sent(hosts, scene, 0.0), 1.0, 2.0)
    first, second = (next(m.host.name for m in hosts.members if scene in m.scenes) for scene in ("one", "two"))
    for _ in range(3):
        flights = [sent(hosts, "two", 3.0), sent(hosts, "one", 3.0)]
        assert [flight.member.host.name for flight in flights] == [second, first]
        for flight in flights:
            answer(hosts, flight, 4.0, 5.0)


def test_a_scene_whose_host_is_full_goes_on_elsewhere() -> None:
    hosts = pool(host("a", parallel=1), host("b", parallel=1))
    answer(hosts, sent(hosts, "one", 0.0), 1.0, 2.0)
    other = sent(hosts, "one", 3.0)
    assert other.member.host.name == "a"
    assert sent(hosts, "one", 3.0).member.host.name == "b"


def measured(*paces: float, parallel: int = 1) -> Hosts:
    """Hosts that take so many seconds for a request of 100 characters."""
    hosts = pool(*(host(str(number), parallel=parallel) for number in range(len(paces))))
    for number, pace in enumerate(paces):
        flight = hosts.send(hosts.members[number], f"first {number}", 100, 0.0)
        answer(hosts, flight, 1.0, 1.0 + pace)
    return hosts


def test_the_fastest_host_with_room_gets_a_request() -> None:
    hosts = measured(8.0, 1.0, 4.0)
    assert [sent(hosts, f"new {n}", 20.0).member.host.name for n in range(3)] == ["1", "2", "0"]


def test_a_slow_host_gets_nothing_that_the_fast_one_does_sooner_at_the_end_of_the_job() -> None:
    hosts = measured(1.0, 10.0)
    busy = sent(hosts, "a", 20.0)
    assert busy.member.host.name == "0"
    assert hosts.choose("b", 100, 20.0, left=100) is None
    chosen = hosts.choose("b", 100, 20.0, left=5000)
    assert chosen is not None
    assert chosen.host.name == "1"


@pytest.mark.parametrize("error", [UnreachableError("gone"), BusyError("full", retry_after=0.0)])
def test_a_host_that_fails_is_left_alone_with_growing_pauses_and_tried_again_with_one_request(
    error: BackendError,
) -> None:
    hosts = pool(host("a", parallel=4), host("b", parallel=1))
    now, pauses = 0.0, list[float]()
    for _ in range(8):
        flight = sent(hosts, "x", now)
        assert flight.member.host.name == "a"
        if pauses:
            assert hosts.members[0].room == 0
        hosts.ended(flight, now)
        ruling = hosts.failed(flight, error, now, 1)
        assert (ruling.verdict, ruling.rests) == (Verdict.ELSEWHERE, True)
        pauses.append(ruling.pause)
        elsewhere = hosts.choose("x", 100, now)
        assert elsewhere is not None
        assert elsewhere.host.name == "b"
        now += ruling.pause
        assert hosts.next_try(now - 0.5) == pytest.approx(0.5)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert answer(hosts, sent(hosts, "x", now), now, now + 1)
    assert hosts.members[0].room == 4
    assert hosts.next_try(now + 1) is None


def test_all_that_was_in_flight_at_a_host_that_went_away_counts_as_one_failure() -> None:
    hosts = pool(host("a", parallel=4), host("b", parallel=4))
    flights = [hosts.send(hosts.members[0], str(n), 100, 0.0) for n in range(4)]
    assert {fail(hosts, flight, UnreachableError("gone"), 1.0) for flight in flights} == {Verdict.ELSEWHERE}
    assert hosts.next_try(1.0) == 1.0


def test_a_busy_host_is_left_alone_for_as_long_as_it_asks() -> None:
    hosts = pool(host("a"), host("b"))
    fail(hosts, sent(hosts, "x"), BusyError("full", retry_after=20.0), 0.0)
    assert hosts.next_try(0.0) == 20.0


def test_a_host_is_left_alone_after_several_broken_replies_in_a_row() -> None:
    hosts = pool(host("a", parallel=4), host("b", parallel=4))
    for times in range(3):
        assert hosts.next_try(0.0) is None, times
        fail(hosts, hosts.send(hosts.members[0], "x", 100, 0.0), BrokenReplyError("half"), 0.0)
    assert hosts.next_try(0.0) == 1.0


@pytest.mark.parametrize("error", [NoSuchModelError("no such model"), RefusedError("401")])
def test_a_host_that_refuses_for_good_is_dropped_and_the_last_one_ends_the_job(error: BackendError) -> None:
    hosts = pool(host("a"), host("b"))
    flight = sent(hosts, "x")
    hosts.ended(flight, 0.0)
    assert hosts.failed(flight, error, 0.0, 1).dropped
    assert [member.host.name for member in hosts.alive] == ["b"]
    assert fail(hosts, sent(hosts, "x"), error, 0.0) is Verdict.OVER


def test_the_job_ends_only_when_the_patience_with_every_host_is_used_up() -> None:
    hosts = pool(host("a"), host("b"))
    for number in (0, 1):
        answer(hosts, hosts.send(hosts.members[number], str(number), 100, 0.0), 1.0, 2.0)
    first, second = hosts.members
    gone = UnreachableError("gone")
    assert fail(hosts, hosts.send(first, "x", 100, 3.0), gone, 3.0) is Verdict.ELSEWHERE
    assert fail(hosts, hosts.send(first, "x", 100, 200.0), gone, 200.0) is Verdict.ELSEWHERE
    assert fail(hosts, hosts.send(second, "x", 100, 200.0), gone, 200.0) is Verdict.ELSEWHERE
    assert fail(hosts, hosts.send(second, "x", 100, 289.0), gone, 289.0) is Verdict.ELSEWHERE
    assert fail(hosts, hosts.send(second, "x", 100, 291.0), gone, 291.0) is Verdict.OVER


@pytest.mark.parametrize(("seen", "verdict"), [(True, Verdict.AGAIN), (False, Verdict.OVER)])
def test_a_host_that_goes_away_before_its_first_answer_is_waited_for_where_it_was_seen(
    *, seen: bool, verdict: Verdict
) -> None:
    hosts = pool(replace(host("a"), seen=seen))
    gone = UnreachableError("gone")
    assert fail(hosts, sent(hosts, "x"), gone, 0.0) is Verdict.AGAIN
    assert fail(hosts, sent(hosts, "x", 60.0), gone, 60.0) is verdict


def test_the_only_host_is_asked_again_after_a_pause() -> None:
    hosts = pool(host("a", parallel=2))
    flight = sent(hosts, "x")
    hosts.ended(flight, 0.0)
    ruling = hosts.failed(flight, UnreachableError("gone"), 0.0, 1)
    assert (ruling.verdict, ruling.pause) == (Verdict.AGAIN, 0.5)
    assert hosts.members[0].room == 2


def test_a_host_is_avoided_where_another_one_works() -> None:
    hosts = pool(host("a", parallel=1), host("b", parallel=1))
    chosen = hosts.choose("x", 100, 0.0, avoid=frozenset({"a"}))
    assert chosen is not None
    assert chosen.host.name == "b"
    fail(hosts, hosts.send(hosts.members[1], "y", 100, 0.0), UnreachableError("gone"), 0.0)
    chosen = hosts.choose("x", 100, 0.0, avoid=frozenset({"a"}))
    assert chosen is not None
    assert chosen.host.name == "a"


def test_a_request_names_a_slot_that_no_other_has_and_the_one_that_waits_names_none() -> None:
    hosts = pool(host("a", slots=3, named=True))
    flights = [sent(hosts, str(scene)) for scene in range(4)]
    assert [flight.slot for flight in flights] == [0, 1, 2, None]
    assert send(hosts, "5") is None


def test_a_scene_asks_for_the_slot_that_it_had() -> None:
    hosts = pool(host("a", slots=3, named=True))
    flights = {scene: sent(hosts, scene) for scene in "abc"}
    had = {scene: flight.slot for scene, flight in flights.items()}
    for scene in "cab":
        answer(hosts, flights[scene], 1.0, 2.0)
    assert {scene: sent(hosts, scene, 3.0).slot for scene in "bca"} == had


def test_the_slot_that_falls_free_is_that_of_the_one_that_waited() -> None:
    hosts = pool(host("a", slots=2, named=True))
    first, second, waiting = (sent(hosts, scene) for scene in "abc")
    hosts.begun(first, 1.0)
    hosts.begun(second, 1.0)
    hosts.ended(first, 2.0)
    assert sent(hosts, "d", 2.0).slot is None
    hosts.begun(waiting, 2.1)
    hosts.ended(waiting, 3.0)
    hosts.ended(second, 3.0)
    taken = {sent(hosts, "e", 3.0).slot, sent(hosts, "f", 3.0).slot}
    assert None in taken or len(taken) == 2


def test_what_a_host_did_is_counted() -> None:
    hosts = pool(host("a", parallel=2))
    answer(hosts, sent(hosts, "x", 10.0), 11.0, 12.0)
    member = hosts.members[0]
    assert (member.told_tokens, member.output_tokens, member.cached_share) == (10, 5, 0.4)
    assert member.tokens_per_second == 2.5


def test_a_doubt_about_a_host_that_works_begins_no_outage() -> None:
    hosts = Hosts([Host("a", PseudoBackend(), "m")], lambda: Patience(10.0, 10.0, pause=1.0, longest=1.0))
    answer(hosts, sent(hosts, "s"), 0.0, 1.0)
    assert hosts.doubt(BrokenReplyError("half a line"), 2.0) == Advice(0.0, over=False)
    assert fail(hosts, sent(hosts, "s", 50.0), UnreachableError("gone"), 50.0) is Verdict.AGAIN


def test_nothing_waits_for_a_host_that_has_been_silent_for_long() -> None:
    hosts = Hosts(
        [Host(name, PseudoBackend(), "m", parallel=1) for name in ("a", "b")],
        lambda: Patience(90.0, 2.0, pause=1.0, longest=15.0),
    )
    first, second = hosts.members
    home = sent(hosts, "s")
    assert home.member is first
    answer(hosts, home, 0.0, 1.0)
    other = sent(hosts, "t", 1.0)
    assert other.member is second
    answer(hosts, other, 1.0, 30.0)
    # The faster one has a scene's beginning, and will soon have a place; but it hangs.
    hanging = sent(hosts, "s", 40.0)
    assert hanging.member is first
    assert hosts.choose("s", 100, 41.0, left=0.0) is None
    assert first.silent(71.0) == 31.0
    assert hosts.choose("s", 100, 71.0, left=0.0) is second
    hosts.begun(hanging, 72.0)
    assert first.silent(72.0) == 0.0


def test_a_silent_host_with_room_is_asked_only_where_no_other_has_any() -> None:
    hosts = Hosts(
        [Host(name, PseudoBackend(), "m", parallel=2) for name in ("a", "b")],
        lambda: Patience(90.0, 2.0, pause=1.0, longest=15.0),
    )
    first, second = hosts.members
    assert sent(hosts, "s").member is first
    places = [sent(hosts, f"t{n}", 50.0).member for n in range(3)]
    assert places == [second, second, first]
