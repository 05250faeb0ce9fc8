"""Requests are measured by what the server's counts taught, and counted by the server near its window."""

from pathlib import Path

import pytest

from translator.backends.pseudo import PseudoBackend
from translator.core.backend import BusyError, Host, Message, OverflowedError, Reply, Request
from translator.core.languages import language
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine import prepare
from translator.engine.calibration import Calibration
from translator.engine.desk import Desk
from translator.engine.ending import Ending, RunLimits
from translator.engine.estimate import DEFAULT
from translator.engine.measuring import Measure
from translator.engine.plan import Fixed, requests
from translator.engine.sending import Sender
from translator.profiles import all_profiles


class Counting(PseudoBackend):
    """Counts two tokens a character, or cannot."""

    def __init__(self, *, able: bool = True) -> None:
        super().__init__()
        self.able = able
        self.asked = 0

    async def tokens(self, text: str, model: str) -> int | None:
        assert model == "m"
        self.asked += 1
        return 2 * len(text) if self.able else None


def desk() -> Desk:
    profile = all_profiles(Path("/nonexistent"))["sakura-v1.0"]
    return Desk(profile, language("ja"), language("zh-CN"), "m", 2048, {})


def request(characters: int, max_tokens: int = 500) -> Request:
    return Request("m", messages=(Message("user", "村" * characters),), max_tokens=max_tokens, num_ctx=2048)


def sender() -> Sender:
    return Sender(
        [Host("here", PseudoBackend(), "m")],
        ending=Ending(RunLimits()),
        on_event=lambda _: None,
        on_change=lambda: None,
        left=lambda: 0,
        measure=Measure(desk(), Calibration()),
    )


async def test_a_request_near_the_window_is_counted_and_refused_where_it_is_too_long() -> None:
    backend, asking = Counting(), sender()
    await asking.count(request(100), backend)
    assert backend.asked == 0
    await asking.count(request(700, 1200), backend)
    with pytest.raises(OverflowedError, match="2216 tokens"):
        await asking.count(request(1100, 900), backend)
    assert backend.asked == 2


async def test_a_request_of_which_only_the_answers_limit_is_too_much_is_sent_with_a_smaller_one() -> None:
    backend, asking = Counting(), sender()
    assert await asking.count(request(700, 1200), backend) == request(700, 2048 - 1416)
    with pytest.raises(OverflowedError, match="1816 tokens and an answer of up to 900"):
        await asking.count(request(900, 900), backend)


async def test_a_server_that_cannot_count_is_asked_once() -> None:
    backend, asking = Counting(able=False), sender()
    for _ in range(3):
        await asking.count(request(1300), backend)
    assert backend.asked == 1
    await asking.count(request(1300), PseudoBackend())


async def test_a_server_that_is_too_busy_to_count_is_asked_again_with_the_next_request() -> None:
    class Busy(Counting):
        async def tokens(self, text: str, model: str) -> int | None:
            if not self.asked:
                self.asked += 1
                raise BusyError("not now")
            return await super().tokens(text, model)

    backend, asking = Busy(), sender()
    await asking.count(request(1100, 900), backend)
    with pytest.raises(OverflowedError):
        await asking.count(request(1100, 900), backend)


def test_answers_that_count_more_than_was_thought_make_later_requests_smaller() -> None:
    on, measure = desk(), Measure(desk(), Calibration())
    ready = [prepare.prepare(Unit(n, "村" * 36, Role.DIALOGUE, "a", "f"), on) for n in range(9)]
    assert len(requests(ready, on, measure.fixed, measure.rates)) == 1
    for number in range(20):
        measure.answered(request(200 + number), Reply("", prompt_tokens=3 * (200 + number)))
    assert measure.rates.han > 2.5
    assert measure.fixed == Fixed.of(on, measure.rates)
    assert len(requests(ready, on, measure.fixed, measure.rates)) > 1


def test_an_overflow_makes_later_requests_smaller_and_cheap_answers_make_none_larger() -> None:
    measure = Measure(desk(), Calibration())
    for number in range(20):
        measure.answered(request(200 + number), Reply("", prompt_tokens=(200 + number) * 6 // 10))
    assert measure.rates == DEFAULT.at_least(measure.rates)
    before = measure.rates.han
    for _ in range(3):
        measure.overflowed(request(900))
    assert measure.rates.han > before
