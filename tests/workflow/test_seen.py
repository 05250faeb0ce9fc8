from pathlib import Path

import pytest

from translator.backends.pseudo import PseudoBackend
from translator.core.backend import Host
from translator.engine.events import HostAway, HostBack, HostSeen
from translator.store import Store
from translator.workflow.seen import Absent, Seen, together

HOSTS = tuple(Host(name, PseudoBackend(), "m") for name in ("a", "b"))


def seen(
    host: str, slots: int | None = None, *, requests: int = 10, tokens: int = 100, speed: float = 50.0
) -> HostSeen:
    return HostSeen(host, "m", slots, 2, requests, tokens, speed, 0.5, 10 * requests)


def test_hosts_are_reported_in_the_order_in_which_they_were_named() -> None:
    all_seen = Seen()
    all_seen.begin()
    assert all_seen.known(HOSTS) == HOSTS
    all_seen.tell(seen("b", 4))
    all_seen.tell(seen("a"))
    all_seen.tell(seen("b", 5))
    assert [(host.name, host.slots) for host in all_seen.reports()] == [("a", None), ("b", 5)]


def test_two_phases_are_added_up_and_the_second_knows_what_the_first_found() -> None:
    all_seen = Seen()
    for requests in (10, 30):
        all_seen.begin()
        hosts = all_seen.known(HOSTS)
        all_seen.tell(seen("a", 4 if requests == 10 else None, requests=requests))
    assert [host.expected for host in hosts] == [4, None]
    (report,) = all_seen.reports()
    assert (report.requests, report.slots, report.tokens_per_second) == (40, 4, 50.0)


def test_speeds_are_weighed_by_the_time_they_took() -> None:
    whole = together(seen("a", tokens=100, speed=10.0), seen("a", tokens=100, speed=40.0))
    assert whole.output_tokens == 200
    assert whole.tokens_per_second == pytest.approx(16.0)
    nothing = together(seen("a", requests=0, tokens=0, speed=0.0), seen("a", requests=0, tokens=0, speed=0.0))
    assert (nothing.tokens_per_second, nothing.cached_share) == (0.0, None)


@pytest.mark.parametrize(
    ("one", "later", "share"),
    [
        ((0.0, 100), (0.9, 900), 0.81),  # a few long prompts count for more than many short ones
        ((None, 0), (0.5, 10), 0.5),
        ((0.5, 10), (None, 0), 0.5),
        ((None, 0), (None, 0), None),
        ((0.0, 10), (None, 0), 0.0),
    ],
)
def test_cached_shares_are_weighed_by_the_tokens_that_they_are_shares_of(
    one: tuple[float | None, int], later: tuple[float | None, int], share: float | None
) -> None:
    first, second = (
        HostSeen("a", "m", None, 2, requests, 0, 0.0, told, tokens)
        for (told, tokens), requests in ((one, 50), (later, 1))
    )
    whole = together(first, second)
    assert whole.cached_share == (None if share is None else pytest.approx(share))
    assert whole.told_tokens == one[1] + later[1]


@pytest.mark.parametrize(("share", "told"), [(None, None), (0.12345, 0.123), (0.0, 0.0)])
def test_a_share_that_no_server_told_is_reported_as_unknown(share: float | None, told: float | None) -> None:
    all_seen = Seen()
    all_seen.known(HOSTS)
    all_seen.tell(HostSeen("a", "m", 1, 1, 1, 0, 0.0, share, 10))
    assert [report.cached_share for report in all_seen.reports()] == [told]


def test_what_was_found_is_kept_for_the_next_run(tmp_path: Path) -> None:
    all_seen = Seen()
    all_seen.known(HOSTS)
    all_seen.tell(seen("a", 4))
    all_seen.tell(seen("b", requests=0, tokens=0, speed=0.0))
    with Store.open(tmp_path / "db") as store:
        all_seen.remember(store, "family")
        for name in ("m", "family"):
            known = store.recall_server("a", name)
            assert known is not None
            assert (known.slots, known.tokens_per_second) == (4, 50.0)
        assert store.recall_server("b", "m") is None


def test_a_host_is_said_to_be_away_once_until_it_is_back() -> None:
    absent = Absent()
    gone = HostAway("ollama http://a", "Ollama at http://a cannot be reached", 1.0)
    told = absent.away(gone)
    assert told is not None
    assert told.text.startswith("Ollama at http://a cannot be reached (it is tried again")
    assert told.warning
    assert absent.away(gone) is None
    assert absent.away(HostAway("ollama http://b", "other", 1.0)) is not None
    assert absent.back(HostBack("ollama http://a")) is not None
    assert absent.back(HostBack("ollama http://a")) is None
    assert absent.away(gone) is not None


def test_a_host_that_is_given_up_is_said_with_its_name() -> None:
    absent = Absent()
    told = absent.away(HostAway("ollama http://a", "no such model", None))
    assert told is not None
    assert told.text == "ollama http://a: no such model (it is not asked again; the others go on)"
