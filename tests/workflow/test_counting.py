"""What is known of a model's tokens when a job begins."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from translator.backends.pseudo import PseudoBackend
from translator.core.backend import BusyError, Host
from translator.engine.calibration import Calibration
from translator.engine.estimate import DEFAULT, weight
from translator.store import Store
from translator.testing.instant import InstantServer
from translator.workflow import asking
from translator.workflow.counting import count_sample, recalled, remember

TEXTS = [f"ここは{n}番目の村です。勇者は剣を抜いた。" for n in range(300)]


class Ended(Protocol):
    """How a run of the program ended."""

    status: int


Program = Callable[..., Ended]


class Counting(PseudoBackend):
    """Counts half a token a character, or cannot."""

    def __init__(self, *, able: bool = True) -> None:
        super().__init__()
        self.able = able
        self.asked: list[str] = []

    async def tokens(self, text: str, model: str) -> int | None:
        self.asked.append(text)
        return round(len(text) / 2) if self.able and model == "m" else None


def host(backend: PseudoBackend) -> Host:
    return Host("here", backend, "m")


async def test_a_server_that_counts_is_asked_for_a_sample_once() -> None:
    backend, calibration = Counting(), Calibration()
    await count_sample([host(backend)], TEXTS * 10, calibration)
    text = "".join(TEXTS[:7])
    assert len(text) / 2 <= weight(text, calibration.rates) <= 1.2 * len(text) / 2
    assert sum(text.count("\n") + 1 for text in backend.asked) == 200
    backend.asked.clear()
    await count_sample([host(backend)], TEXTS, calibration)
    assert backend.asked == []


async def test_a_server_that_cannot_count_is_asked_no_further() -> None:
    backend, calibration = Counting(able=False), Calibration()
    await count_sample([host(PseudoBackend()), host(backend)], TEXTS * 10, calibration)
    assert calibration.rates == DEFAULT
    assert len(backend.asked) <= 8
    assert not calibration.known


async def test_a_server_that_is_too_busy_to_count_keeps_no_job_from_beginning() -> None:
    class Busy(PseudoBackend):
        async def tokens(self, text: str, model: str) -> int | None:
            raise BusyError(f"{model} will not count {text}")

    calibration = Calibration()
    await count_sample([host(Busy())], TEXTS, calibration)
    assert not calibration.known


def test_what_is_learnt_is_stored_now_and_then_while_a_job_goes_on(
    program: Program, start_server: Callable[..., InstantServer], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    book.write_text("".join(f"雪国の夜は{n}番目に長い。\n" for n in range(60)), encoding="utf-8")
    kept: list[str] = []

    def remembered(_store: Store, hosts: Sequence[Host], _calibration: Calibration) -> None:
        kept.extend(host.name for host in hosts)

    monkeypatch.setattr(asking, "remember", remembered)
    first = start_server()
    assert program("novel", book, "--host", first.host).status == 0
    assert kept == [f"ollama {first.host}"]
    monkeypatch.setattr(asking, "_KEPT_EVERY", 0.0)
    more = ("--db", tmp_path / "other.db", "--out", tmp_path / "other.txt")
    assert program("novel", book, "--host", first.host, *more).status == 0
    assert len(kept) > 3


async def test_what_was_learnt_is_there_in_the_next_run(tmp_path: Path) -> None:
    hosts, calibration = [host(Counting())], Calibration()
    await count_sample(hosts, TEXTS * 10, calibration)
    with Store.open(tmp_path / "t.db") as store:
        assert recalled(store, hosts).rates == DEFAULT
        remember(store, hosts, calibration)
        assert recalled(store, hosts).rates.values() == pytest.approx(calibration.rates.values(), rel=0.05)
