"""Stopping code that hangs."""

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def deadline(seconds: float) -> Generator[None]:
    """Raise HungError in what runs inside once it took `seconds`.

    It needs signals: on Windows and outside of the main thread nothing is stopped.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HungError(f"still not done after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)  # the time limit of the test that this is part of begins anew


class HungError(BaseException):
    """Code did not end in time. No `except Exception` can swallow it."""
