"""Running a program as a user does, in a process of its own, and what that took."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in which the system counts `ru_maxrss` (getrusage(2): kilobytes on Linux, bytes on macOS)."""


@dataclass(frozen=True, slots=True)
class Took:
    """A program that has ended. wall, cpu (user and system): seconds. peak: the most memory that it held, in bytes."""

    status: int
    output: str
    errors: str
    wall: float
    cpu: float
    peak: int


def program(*command: str | Path, may_fail: bool = False) -> Took:
    """Run a program to its end; raises RuntimeError with what it said when it fails, unless it may.

    Linux hands the peak of the process that starts a program down to it: whoever measures memory keeps small himself.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        began = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        took = Took(process.returncode, out.read(), err.read(), wall, cpu, usage.ru_maxrss * _MAXRSS_UNIT)
    if took.status and not may_fail:
        raise RuntimeError(f"{' '.join(map(str, command))}: status {took.status}\n{took.errors}{took.output}")
    return took
