import io
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.cli.progress import EVERY, Lines, Silence, TerminalBar, describe, shown
from translator.workflow.events import Event, Notice, Progress, Reading, Started, Waiting, Writing

START = Started("7", 400, 345, 20, "sakura", "sakura-v1.0", "out")


def settled(count: int, *, failed: int = 0) -> Progress:
    return Progress(count, 345, failed, 0, 3.21, 61.4, 245.0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_how_far_how_fast_and_how_long() -> None:
    assert describe(settled(120)) == "120 of 345 texts (34 %), 3.2 seg/s, 61 tok/s, 4 min 5 s left"
    assert describe(settled(120, failed=2)).endswith(", 2 failed")
    assert describe(Progress(0, 0, 0, 0, 0.0, 0.0, None)) == "0 of 0 texts (100 %), 0.0 seg/s, 0 tok/s"
    assert describe(Reading(3, 0)) == "Reading: 3 files"
    assert describe(Reading(3, 5)) == "Reading: 3 of 5 files"


def test_there_is_a_line_now_and_then_and_one_at_the_end() -> None:
    clock, lines = Clock(), list[str]()
    show = Lines(clock, lines.append)
    show(START)
    for second in range(1, 26):
        clock.now = second
        show(settled(second))
    show.close()
    assert [line.split(" ")[0] for line in lines] == ["Job", "10", "20", "25"]
    show.close()
    assert len(lines) == 4


def test_a_quick_job_says_its_start_and_its_end() -> None:
    lines = list[str]()
    show = Lines(Clock(), lines.append)
    for event in (Reading(1, 1), START, settled(345), Writing(1, 1)):
        show(event)
    show.close()
    assert lines[0].startswith("Job 7: 345 texts for 400 segments, 20 already answered.")
    assert lines[1].startswith("345 of 345 texts (100 %)")
    assert len(lines) == 2


def test_who_waits_is_told_why_at_once_but_not_all_the_time() -> None:
    lines = list[str]()
    show = Lines(Clock(), lines.append)
    for _ in range(5):
        show(Waiting("the server is busy", 2.0))
    assert lines == ["the server is busy; asking again in 2.0 s"]
    lines.clear()
    Lines(Clock(), lines.append)(Waiting("gpu has been silent for 30 s", None))
    assert lines == ["gpu has been silent for 30 s"]


def test_why_there_is_a_wait_is_said_again_once_a_minute_or_when_it_is_news() -> None:
    clock, written = Clock(), list[tuple[float, str]]()
    show = Lines(clock, lambda line: written.append((clock.now, line.partition(";")[0])))

    def tell(seconds: float, event: Event) -> None:
        clock.now = seconds
        show(event)

    for seconds in range(0, 70, 2):
        tell(seconds, Waiting("it crashed", 2.0))
    tell(72, Waiting("it is gone", 2.0))
    tell(83, settled(1))
    tell(84, Waiting("it is gone", 2.0))
    waits = [(at, line) for at, line in written if line.startswith("it ")]
    assert waits == [(0, "it crashed"), (60, "it crashed"), (72, "it is gone"), (84, "it is gone")]


@given(st.lists(st.floats(0, 30), max_size=60))
def test_lines_of_a_kind_are_never_closer_than_they_should_be(steps: list[float]) -> None:
    clock, written = Clock(), list[float]()
    show = Lines(clock, lambda _: written.append(clock.now))
    for step in steps:
        clock.now += step
        show(settled(1))
    assert all(later - earlier >= EVERY for earlier, later in pairwise(written))


def test_quiet_says_only_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    show = Silence()
    for event in (Notice("read this"), START, settled(3), Notice("beware", warning=True)):
        show(event)
    show.close()
    assert capsys.readouterr() == ("", "warning: beware\n")


def test_a_notice_cannot_command_the_terminal() -> None:
    lines = list[str]()
    Lines(Clock(), lines.append)(Notice("\x1b]0;title\x07 file\nname", warning=True))
    assert lines == ["warning: \\x1b]0;title\\x07 file\\nname"]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Makes standard error a terminal; called in the test itself, since pytest sets the stream anew before it."""

    def made() -> Terminal:
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "80")
        return stream

    return made


EVENTS: tuple[Event, ...] = (
    Reading(1, 2),
    Notice("before [red]it[/red]"),
    START,
    settled(100),
    Notice("[bold]in the middle", warning=True),
    Waiting("the server is busy", 2.0),
    settled(345, failed=3),
    Writing(2, 2),
)


def test_on_a_terminal_a_bar_shows_speed_and_time_left(terminal: Callable[[], Terminal]) -> None:
    stream = terminal()
    with shown(quiet=False) as show:
        for event in EVENTS:
            show(event)
    said = stream.getvalue()
    for part in ("3.2 seg/s", "61 tok/s", "4 min 5 s left", "345/345", "before [red]it[/red]", "[bold]in the middle"):
        assert part in said
    assert said.count("Job 7:") == 1
    assert said.endswith("345 of 345 texts (100 %), 3.2 seg/s, 61 tok/s, 4 min 5 s left, 3 failed\n")
    assert "\x1b[" in said


def test_no_colour_is_respected(terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = terminal()
    with shown(quiet=False) as show:
        for event in EVENTS:
            show(event)
    said = stream.getvalue()
    assert "345/345" in said
    assert "\x1b[3" not in said.replace("\x1b[3A", "")


def test_the_bar_draws_the_last_state_when_events_come_too_fast_to_draw(terminal: Callable[[], Terminal]) -> None:
    stream = terminal()
    show = TerminalBar(Clock())
    show(START)
    for count in range(1, 346):
        show(settled(count))
    show.close()
    assert "345/345" in stream.getvalue()


def test_the_bar_is_taken_down_when_the_job_is_stopped(terminal: Callable[[], Terminal]) -> None:
    stream = terminal()

    def stopped() -> None:
        with shown(quiet=False) as show:
            show(settled(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    said = stream.getvalue()
    assert "\x1b[?25h" in said  # the cursor is back
    assert said.endswith("\x1b[2K1 of 345 texts (0 %), 3.2 seg/s, 61 tok/s, 4 min 5 s left\n")
