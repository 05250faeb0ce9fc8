"""Ctrl-C and its relatives: first an orderly stop, then an immediate one."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")
"""What tells the program to stop: Ctrl-C, a service manager, Windows' Ctrl-Break, a terminal that is closed."""

_Result = TypeVar("_Result")


def run_to_the_end(main: Coroutine[object, object, _Result]) -> _Result:
    """`asyncio.run`, out of which a KeyboardInterrupt always comes as one.

    One that is raised in the middle of entering or leaving something (a cancel scope of anyio) makes its clean-up fail,
    and comes out as that failure.
    """
    try:
        return asyncio.run(main)
    except Exception as error:
        if _came_of_interruption(error):
            raise KeyboardInterrupt from error
        raise


def _came_of_interruption(error: BaseException) -> bool:
    pending, seen = [error], set[int]()
    while pending:
        one = pending.pop()
        if isinstance(one, KeyboardInterrupt):
            return True
        if id(one) not in seen:  # what an error was raised from may have been raised while that error was handled
            seen.add(id(one))
            pending += [other for other in (one.__cause__, one.__context__) if other is not None]
    return False


class Interruption:
    """Whether the user wants to stop.

    While there are requests in flight that may end (`orderly`), the first signal sets `event` and no more. At any other
    moment, and the second time, `at_once` is called: it raises KeyboardInterrupt as soon as that does no harm.
    """

    def __init__(self, at_once: Callable[[], None]) -> None:
        self.event = asyncio.Event()
        self.wanted = False
        self._at_once = at_once
        self._on_order: Callable[[], None] | None = None

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Stop orderly while that is possible; at any other moment, or the second time, at once.

        What is being read or written then is safe: files and transactions are whole or not there.
        """
        first, self.wanted = not self.wanted, True
        if self._on_order is None or not first:
            self._at_once()
            return
        # Wakes the loop where it waits. What is said must not be said from here: this may be the middle of a print.
        asyncio.get_running_loop().call_soon_threadsafe(self._order)

    def _order(self) -> None:
        self.event.set()
        if self._on_order is not None:
            self._on_order()

    @contextmanager
    def orderly(self, on_order: Callable[[], None]) -> Generator[None]:
        """Inside, in an event loop, the first signal only sets `event`; `on_order` is told then."""
        self._on_order = on_order
        try:
            yield
        finally:
            self._on_order = None

    def check(self) -> None:
        """Raise KeyboardInterrupt where the user wanted to stop, unless that is being done orderly.

        One that arose where Python swallows exceptions (while an object was being destroyed) is so heard after all.
        """
        if self.wanted and self._on_order is None:
            raise KeyboardInterrupt


@contextmanager
def handled(interruption: Interruption) -> Generator[None]:
    """Let the signals that tell the program to stop go to `interruption` for a while.

    Python handles signals in the main thread only; elsewhere nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, interruption.handle) for number in numbers if not _outlived(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _outlived(number: int) -> bool:
    """Whether the program was started so that it outlives its terminal, with nohup."""
    return number == getattr(signal, "SIGHUP", None) and signal.getsignal(number) is signal.SIG_IGN
