"""Starts the server of `simulated_server` in a process of its own."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from translator.testing.served import Served, served_from


@dataclass(frozen=True, slots=True)
class Simulated:
    """A running server: its address for `--host`, its port, the file in which it notes requests, its process."""

    host: str
    port: int
    log: Path
    process: "subprocess.Popen[str]"

    def served(self) -> list[Served]:
        """The requests that have ended so far, in the order of their ends."""
        if not self.log.exists():
            return []
        whole, _, _ = self.log.read_text(encoding="utf-8").rpartition("\n")
        return [served_from(line) for line in whole.split("\n") if line]


@contextmanager
def simulated(log: Path, *options: str | float) -> Generator[Simulated]:
    """A simulated server with options as its command line takes them, until the end of the block.

    Raises RuntimeError when it does not start. A log that is there is gone on with.
    """
    command = [sys.executable, "-m", "translator.testing.simulated_server", "--log", str(log), *map(str, options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            if process.stdout is None or not (port := process.stdout.readline().strip()):
                raise RuntimeError("the server did not start")
            yield Simulated(f"http://127.0.0.1:{port}", int(port), log, process)
        finally:
            process.kill()
