"""Output to a terminal whose window was closed."""

import errno
import io
from typing import cast

import pytest

from translator.cli import output


class Gone(io.StringIO):
    """A stream that refuses, as a closed terminal (EIO) or a full disk (ENOSPC) does."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, text: str) -> int:
        raise OSError(self.number, text)


def test_a_closed_terminal_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", cast("io.TextIOBase", Gone(errno.EIO)))
    output.print_text("done")


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", cast("io.TextIOBase", Gone(errno.ENOSPC)))
    with pytest.raises(OSError, match="done"):
        output.print_text("done")
