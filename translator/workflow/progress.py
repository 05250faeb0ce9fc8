"""How fast a run goes, and how long it still takes."""

import time
from collections import deque
from collections.abc import Callable

from translator.engine.events import BatchSettled
from translator.workflow.events import Progress

WINDOW = 60.0
"""Seconds that the speed is averaged over, so that it follows the server without jumping."""


class Pace:
    """Turns settled batches into progress. `per_unit`: segments that share a unit, on average.

    answered: texts that had an answer before this run.
    """

    def __init__(
        self, *, total: int, answered: int, per_unit: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self.answered = answered
        self._per_unit = per_unit
        self._clock = clock
        self._recent: deque[tuple[float, int, int]] = deque([(clock(), 0, 0)])

    def after(self, event: BatchSettled) -> Progress:
        """The progress once this batch is stored."""
        now = self._clock()
        totals = event.totals
        units = totals.translated + totals.failed
        self._recent.append((now, units, totals.output_tokens))
        while len(self._recent) > 2 and now - self._recent[0][0] > WINDOW:  # noqa: PLR2004 - a speed takes two points
            self._recent.popleft()
        then, units_then, tokens_then = self._recent[0]
        seconds = max(now - then, 1e-6)
        speed = (units - units_then) / seconds
        settled = self.answered + units
        return Progress(
            settled=settled,
            unique=self._total,
            failed=totals.failed,
            retries=totals.retries,
            segments_per_second=speed * self._per_unit,
            tokens_per_second=(totals.output_tokens - tokens_then) / seconds,
            seconds_left=(self._total - settled) / speed if speed > 0 else None,
        )
