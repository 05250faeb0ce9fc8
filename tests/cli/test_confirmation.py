"""Whether the program asks before it changes the input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo terminals are not to be had on Windows", allow_module_level=True)
else:
    import pty


def answered(answer: bytes, folder: Path, *arguments: str) -> tuple[int, str]:
    """The status and what a terminal shows of `translate game FOLDER --in-place` when a person types `answer`."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "translator.cli", "game", str(folder), "--in-place", *arguments],
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(ours, 1024)
        os.write(ours, answer)
        try:
            while more := os.read(ours, 1024):
                shown += more
        except OSError:  # how Linux says that the other end was closed
            pass
    os.close(ours)
    return process.returncode, shown.decode()


@pytest.mark.parametrize("answer", [b"n\n", b"\n"])
def test_a_no_leaves_everything_as_it_is(answer: bytes, tmp_path: Path) -> None:
    status, shown = answered(answer, tmp_path)
    assert status == 2
    assert str(tmp_path) in shown.replace("\r\n", "")
    assert "nothing was changed" in shown
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_at_the_question_interrupts(tmp_path: Path) -> None:
    status, _ = answered(b"\x04", tmp_path)
    assert status == 130


def test_errors_are_coloured_on_a_terminal_but_not_with_no_color(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;31merror:" in answered(b"n\n", tmp_path)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in answered(b"n\n", tmp_path)[1]
