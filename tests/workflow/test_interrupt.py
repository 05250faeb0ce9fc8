"""What becomes of an interruption on its way out of asynchronous code."""

from collections.abc import Callable, Coroutine

import pytest

from translator.testing.deadline import deadline
from translator.workflow.interrupt import run_to_the_end


async def _scope_that_fails_when_cut_off() -> None:
    try:
        raise KeyboardInterrupt
    finally:
        raise RuntimeError("Attempted to exit a cancel scope that isn't the current one")


async def _caught_and_told_otherwise() -> None:
    try:
        await _scope_that_fails_when_cut_off()
    except RuntimeError as error:
        raise ValueError("the connection broke") from error


async def _wrong_by_itself() -> int:
    raise RuntimeError("a defect")


@pytest.mark.parametrize("cut_off", [_scope_that_fails_when_cut_off, _caught_and_told_otherwise])
def test_an_interruption_that_made_a_clean_up_fail_comes_out_as_one(
    cut_off: Callable[[], Coroutine[object, object, None]],
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_to_the_end(cut_off())


async def _caused_by_what_it_caused() -> None:
    first, second = RuntimeError("the server is gone"), ValueError("its answer broke off")
    first.__cause__, second.__context__ = second, first
    raise first


def test_errors_of_which_each_was_raised_while_the_other_was_handled_come_out() -> None:
    with deadline(10), pytest.raises(RuntimeError, match="the server is gone"):
        run_to_the_end(_caused_by_what_it_caused())


def test_another_failure_comes_out_as_it_is() -> None:
    with pytest.raises(RuntimeError, match="a defect"):
        run_to_the_end(_wrong_by_itself())
