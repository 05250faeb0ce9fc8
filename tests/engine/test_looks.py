import asyncio

import pytest

from translator.core.backend import BusyError, Host
from translator.engine import looks
from translator.engine.hosts import Hosts, Member
from translator.engine.looks import Looks
from translator.engine.patience import Patience
from translator.testing.scripted import ScriptedBackend


class Counting(ScriptedBackend):
    """A server that says how many requests run and wait; an error is raised, and "silence" lasts."""

    def __init__(self, *said: tuple[int, int] | BusyError | str | None) -> None:
        self.said = list(said)
        self.asked = 0

    async def load(self) -> tuple[int, int] | None:
        self.asked += 1
        said = self.said[min(self.asked, len(self.said)) - 1]
        if isinstance(said, BusyError):
            raise said
        if isinstance(said, str):
            await asyncio.sleep(60)
            return None
        return said


def member(backend: ScriptedBackend, slots: int | None = None, parallel: int | None = None) -> Member:
    return Hosts(
        [Host("h", backend, "m", slots, parallel)], lambda: Patience(0.0, 0.0, pause=0.0, longest=0.0)
    ).members[0]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "SOON", 0.0)
    monkeypatch.setattr(looks, "LATER", 0.0)
    monkeypatch.setattr(looks, "LONGEST", 0.01)


async def looked(host: Member, times: int) -> None:
    each = Looks()
    for _ in range(times):
        await each.at(host)


async def test_a_server_that_counts_its_requests_tells_its_slots_and_is_still_watched() -> None:
    backend = Counting((2, 0), (6, 1), BusyError("not now"), "silence", (5, 2), (6, 2), (6, 1), (3, 1))
    host = member(backend)
    await looked(host, 9)
    assert (host.slots.found, backend.asked) == (6, 9)
    await looked(host, 4)
    assert host.slots.found == 3


async def test_a_server_that_never_says_is_asked_once() -> None:
    backend = Counting(None)
    await looked(member(backend), 3)
    assert backend.asked == 1


@pytest.mark.parametrize(("slots", "parallel"), [(4, None), (None, 4)])
async def test_a_server_whose_slots_are_known_is_not_asked(slots: int | None, parallel: int | None) -> None:
    backend = Counting((2, 1))
    await looked(member(backend, slots, parallel), 3)
    assert backend.asked == 0


async def test_a_server_is_asked_no_more_often_than_does_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "SOON", 60.0)
    backend = Counting((2, 1))
    await looked(member(backend), 3)
    assert backend.asked == 1
    await looked(member(ScriptedBackend()), 3)  # one that cannot tell
