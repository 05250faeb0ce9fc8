"""Ctrl-C and its relatives: first an orderly stop, then an immediate one."""

import asyncio
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class Interruption:
    """Whether the user wants to stop. `event` is set (and `wanted` true) by the first signal while `asking`."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.asking = False
        self.wanted = False

    def handle(self, _number: int, _frame: FrameType | None) -> None:
        """Stop orderly while asking; at any other moment, or the second time, at once.

        What is being read or written then is safe: files and transactions are whole or not there.
        """
        if not self.asking or self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
        asyncio.get_running_loop().call_soon_threadsafe(self.event.set)  # wakes the loop where it waits


@contextmanager
def handled(interruption: Interruption) -> Generator[None]:
    """Let SIGINT, SIGTERM and Windows' Ctrl-Break go to `interruption` for a while.

    Python handles signals in the main thread only; elsewhere nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = ("SIGINT", "SIGTERM", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, interruption.handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
