"""How a running job shows itself on standard error: a bar on a terminal, else a line now and then."""

# ruff: noqa: PLC0415 - what a command needs is imported when it runs, so that --help is quick

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, assert_never

from translator.cli.output import console, duration, number, printable, say, warn
from translator.workflow.events import Event, Notice, OnEvent, Progress, Reading, Started, Waiting, Writing

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""
SAME = 60.0
"""Seconds between two lines that give the same reason for a wait, where nothing was settled in between."""
REFRESH = 0.1
"""Seconds between two changes of the bar: a quick server would else spend our time on drawing."""


class Shower(Protocol):
    """Takes events and shows them until it is closed."""

    def __call__(self, event: Event) -> None:
        """Show an event."""
        ...

    def close(self) -> None:
        """Show what is still held back, and end."""
        ...


@contextmanager
def shown(*, quiet: bool) -> Generator[OnEvent]:
    """Where a job sends its events: a bar on a terminal, else lines; with `quiet` only warnings."""
    shower: Shower = Silence() if quiet else TerminalBar() if sys.stderr.isatty() else Lines()
    try:
        yield shower
    finally:
        shower.close()


class Silence:
    """Shows warnings only."""

    def __call__(self, event: Event) -> None:
        """Show a warning; pass over all else."""
        if isinstance(event, Notice) and event.warning:
            warn(printable(event.text))

    def close(self) -> None:
        """Nothing is held back."""


class Lines:
    """Shows a line at most every EVERY seconds for each kind of event, and the last state at the end."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, write: Callable[[str], None] = say) -> None:
        self._clock = clock
        self._write = write
        self._last: dict[type[Event], float] = {}
        self._held: str | None = None
        self._reason = ""  # why there is a wait, as it was said last, while nothing was settled since

    def __call__(self, event: Event) -> None:
        """Write a line if it is time for one."""
        match event:
            case Notice(text=text, warning=warning):
                self._write(("warning: " if warning else "") + printable(text))
            case Started():
                self._write(describe_start(event))
                self._last[Progress] = self._clock()
            case Reading() | Progress() | Waiting() | Writing():
                self._now_and_then(event)
            case _:
                assert_never(event)

    def close(self) -> None:
        """Write the last state if it was held back."""
        if self._held is not None:
            self._write(self._held)
            self._held = None

    def _now_and_then(self, event: Reading | Progress | Waiting | Writing) -> None:
        now = self._clock()
        # The first of a kind is held back too, but for waiting: who waits wants to know why at once, and not over and
        # over while nothing else happens.
        last = self._last.setdefault(type(event), now - EVERY if isinstance(event, Waiting) else now)
        reason = event.reason if isinstance(event, Waiting) else ""
        every = SAME if reason and reason == self._reason else EVERY
        if isinstance(event, Progress):
            self._reason = ""
        if now - last < every:
            self._held = describe(event) if isinstance(event, Progress) else self._held
            return
        self._last[type(event)] = now
        self._reason = reason
        self._held = None if isinstance(event, Progress) else self._held
        self._write(describe(event))


class TerminalBar:
    """Shows one bar that changes in place; notices stand above it. In the end a line stays, and the bar goes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._label = ""
        self._drawn = 0.0
        self._kind: type[Event] | None = None
        self._progress: Progress | None = None
        self._held: Event | None = None

    def __call__(self, event: Event) -> None:
        """Draw an event, unless the bar was drawn a moment ago; then with the next one."""
        if isinstance(event, Notice):
            (warn if event.warning else say)(printable(event.text)) if self._bar is None else self._above(event)
            return
        if isinstance(event, Progress):
            self._progress = event
        now = self._clock()
        if type(event) is self._kind and now - self._drawn < REFRESH:
            self._held = event
            return
        self._kind, self._drawn, self._held = type(event), now, None
        self._draw(event)

    def close(self) -> None:
        """Draw the last state, take the bar away, and leave a line that says how far the job got."""
        if self._held is not None:
            self._draw(self._held)
            self._held = None
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._progress is not None:
            say(describe(self._progress))
            self._progress = None

    def _above(self, notice: Notice) -> None:
        from rich.text import Text

        if self._bar is not None:
            text = Text("warning: ", style="bold yellow") if notice.warning else Text()
            self._bar.console.print(text + Text(printable(notice.text)))

    def _draw(self, event: Event) -> None:
        match event:
            case Reading(done=done, total=total):
                self._show("Reading", done, total, "")
            case Writing(done=done, total=total):
                self._show("Writing", done, total, "")
            case Started():
                self._started().console.print(describe_start(event))
                self._show("Translating", event.answered, event.unique, "")
            case Progress():
                self._show("Translating", event.settled, event.unique, _speed(event))
            case Waiting():
                self._show("Waiting", None, None, printable(event.reason))
            case Notice():
                self._above(event)
            case _:
                assert_never(event)

    def _started(self) -> "Bar":
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar
        from rich.table import Column

        if self._bar is None:
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=None, table_column=Column(ratio=1, min_width=4)),
                MofNCompleteColumn(),
                TextColumn("{task.fields[say]}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
                console=console(err=True),
                expand=True,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._bar.start()
        return self._bar

    def _show(self, label: str, done: int | None, total: int | None, text: str) -> None:
        bar = self._started()
        if self._task is None:
            self._task = bar.add_task(label, total=None, say="")
        if label != self._label:
            self._label = label
            bar.update(self._task, description=label)
        if done is None:
            bar.update(self._task, say=text)
        else:
            bar.update(self._task, completed=done, total=total or None, say=text)
        bar.refresh()


def describe_start(event: Started) -> str:
    """The line that says what begins."""
    known = f", {number(event.answered)} already answered" if event.answered else ""
    return (
        f"Job {event.job}: {number(event.unique)} texts for {number(event.segments)} segments{known}. "
        f"Model {printable(event.model)}, profile {event.profile}."
    )


def describe(event: Reading | Progress | Waiting | Writing) -> str:
    """The line that says how far a job is."""
    match event:
        case Reading(done=done, total=total):
            return f"Reading: {number(done)} of {number(total)} files" if total else f"Reading: {number(done)} files"
        case Writing(done=done, total=total):
            return f"Writing: {number(done)} of {number(total)} files"
        case Waiting(reason=reason, seconds=seconds):
            return printable(reason) + ("" if seconds is None else f"; asking again in {duration(seconds)}")
        case Progress():
            share = 100 * event.settled // event.unique if event.unique else 100
            return f"{number(event.settled)} of {number(event.unique)} texts ({share} %), {_speed(event)}"


def _speed(event: Progress) -> str:
    parts = [f"{event.segments_per_second:.1f} seg/s", f"{event.tokens_per_second:.0f} tok/s"]
    if event.seconds_left is not None:
        parts.append(f"{duration(event.seconds_left)} left")
    if event.failed:
        parts.append(f"{number(event.failed)} failed")
    return ", ".join(parts)
