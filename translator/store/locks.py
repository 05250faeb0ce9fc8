"""Locks that the operating system takes back by itself when their process ends, however it ends."""

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from translator.store.errors import StoreError
from translator.store.rows import Holder

# Who asks whether a lock is held takes it for an instant; whoever really wants it looks again within this time.
_PATIENCE = 0.25
_PAUSE = 0.01
# Windows keeps others from reading a locked range, so the range lies far behind what the file says about its holder.
_BYTE = 1 << 30

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        # flock, not lockf: it keeps apart two holders in one process, and is not lost by closing another handle.
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class HeldError(Exception):
    """The lock is another's; `holder` says whose."""

    def __init__(self, holder: Holder) -> None:
        super().__init__()
        self.holder = holder


@contextmanager
def locked(path: Path, *, patience: float = _PATIENCE) -> Generator[None]:
    """Hold the lock file `path` while inside. Raises HeldError, or StoreError where the disk knows no locks.

    The file tells whose it is as JSON, and is removed at the end; one that a dead process left behind holds nothing.
    """
    descriptor = _acquire(path, time.monotonic() + patience)
    try:
        _say(descriptor)
        yield
    finally:
        _release(descriptor, path)


def holder(path: Path) -> Holder | None:
    """Who holds the lock file, None when nobody does. Raises StoreError as `locked` does."""
    if not path.exists():
        return None
    try:
        with locked(path, patience=0):
            return None
    except HeldError as error:
        return error.holder


def _acquire(path: Path, deadline: float) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                taken = _take(descriptor)
                # Its last holder may have removed the file between our opening and locking it.
                if taken and _is_at(descriptor, path):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
            if not taken and time.monotonic() >= deadline:
                raise HeldError(_read(path))
            time.sleep(_PAUSE)
    except OSError as error:
        raise StoreError(
            f"the lock file {path} cannot be used: {error.strerror or error}",
            hint="see to the permissions of the folder, or put the database on a local disk with --db",
        ) from error


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(descriptor), there)


def _say(descriptor: int) -> None:
    text = json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()})
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, text.encode())


def _read(path: Path) -> Holder:
    try:
        said = cast("dict[str, object]", json.loads(path.read_text("utf-8")))
        return Holder(int(str(said["pid"])), str(said["host"]), float(str(said["since"])))
    except (OSError, ValueError, KeyError, TypeError):
        # It has only just taken the lock and not written yet, or has gone: that it is held is all we know.
        return Holder(0, "", 0.0)


def _release(descriptor: int, path: Path) -> None:
    # Windows removes no open file; elsewhere it must go before anybody else can lock it. A file that cannot be removed
    # stays, which does no harm: what counts is the lock.
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            path.unlink()
    os.close(descriptor)
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            path.unlink()
