import pytest

from translator.core.backend import BackendError, BrokenReplyError, BusyError, NoSuchModelError, UnreachableError
from translator.engine.patience import Patience, Rest


def patience(*, worked: bool = True) -> Patience:
    made = Patience(90, 2, pause=0.5, longest=15)
    if worked:
        made.succeeded()
    return made


def test_pauses_double_up_to_the_longest() -> None:
    waiting = patience()
    pauses = [waiting.failed(UnreachableError("x"), 0.0, times).pause for times in range(1, 9)]
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_an_outage_of_a_minute_is_sat_out_and_one_of_two_is_not() -> None:
    waiting = patience()
    assert not waiting.failed(UnreachableError("x"), 1000.0, 1).over
    assert not waiting.failed(UnreachableError("x"), 1060.0, 8).over
    assert waiting.failed(UnreachableError("x"), 1120.0, 9).over


def test_the_last_pause_ends_with_the_patience() -> None:
    waiting = patience()
    waiting.failed(UnreachableError("x"), 0.0, 1)
    assert waiting.failed(UnreachableError("x"), 80.0, 9).pause == 10


def test_requests_that_begin_in_an_outage_pause_as_long_as_those_that_have_failed_often() -> None:
    waiting = patience()
    waiting.failed(BrokenReplyError("x"), 1000.0, 1)
    assert [waiting.failed(BrokenReplyError("x"), 1000.0 + seconds, 1).pause for seconds in (0.5, 2, 8, 30, 60)] == [
        0.5,
        1,
        4,
        15,
        15,
    ]
    waiting.succeeded()
    assert waiting.failed(BrokenReplyError("x"), 1070.0, 1).pause == 0.5


def test_any_answer_ends_the_outage() -> None:
    waiting = patience()
    waiting.failed(UnreachableError("x"), 0.0, 1)
    waiting.succeeded()
    assert not waiting.failed(UnreachableError("x"), 120.0, 1).over


@pytest.mark.parametrize(("error", "seconds"), [(UnreachableError("x"), 2), (BrokenReplyError("x"), 10)])
def test_a_server_that_never_served_is_given_up_soon(error: BackendError, seconds: float) -> None:
    waiting = patience(worked=False)
    assert not waiting.failed(error, 0.0, 1).over
    assert not waiting.failed(error, seconds - 0.1, 2).over
    assert waiting.failed(error, seconds, 3).over


@pytest.mark.parametrize("error", [UnreachableError("x"), BrokenReplyError("x")])
def test_a_server_that_was_seen_is_waited_for_though_it_has_served_nothing_yet(error: BackendError) -> None:
    waiting = patience(worked=False)
    waiting.seen()
    assert waiting.successes == 0
    assert not waiting.failed(error, 0.0, 1).over
    assert not waiting.failed(error, 89.0, 2).over
    assert waiting.failed(error, 90.0, 3).over


def test_a_busy_server_is_waited_for_as_it_asks_and_long() -> None:
    waiting = patience()
    assert waiting.failed(BusyError("x", retry_after=7), 0.0, 1).pause == 7
    assert not waiting.failed(BusyError("x"), 600.0, 20).over
    assert waiting.failed(BusyError("x"), 900.0, 21).over


def test_what_waiting_does_not_mend_is_over_at_once() -> None:
    assert patience().failed(NoSuchModelError("x"), 0.0, 1).over


def test_what_fails_is_left_alone_for_twice_as_long_each_time_until_it_serves() -> None:
    rest = Rest(1.0, 3.0)
    assert rest.over(0.0)
    assert rest.failed(0.0) == 1.0
    assert rest.failed(0.25) == 0.75
    assert not rest.over(0.5)
    assert rest.over(1.0)
    assert [rest.failed(10.0), rest.failed(20.0), rest.failed(30.0)] == [2.0, 3.0, 3.0]
    rest.served()
    assert rest.over(30.0)
    assert rest.failed(40.0) == 1.0
