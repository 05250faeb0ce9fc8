"""What a request may show of the texts before it in its scene: a window that grows batch by batch.

A prompt that begins as the one before it did is read by the server only from where they differ. So the window is only
ever added to, until it passes the profile's limit; then it loses its oldest batches, all but what a part of the limit
holds, and grows anew. Losing one batch each time would change the beginning of every prompt.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from translator.core.work import Batch, Ledger, Recorded, Unit
from translator.engine import prompt
from translator.engine.desk import Desk
from translator.engine.prepared import Prepared
from translator.engine.turns import Recaller, Turn
from translator.profiles.profile import ContextPolicy

Window = tuple[Turn, ...]
"""Earlier batches of a scene, the nearest last."""

_KEPT: Final = 4
"""Of a window that is full, the nearest batches that fit a fourth of its limit stay, at the least one batch."""

_SHARE: Final = 65
"""Percent of the server's window that the texts before may take. What does not fit beside a long batch is left out."""

_REMEMBERED_TEXTS: Final = 64
"""Batches whose texts are remembered as they were prepared: about as many as can be in flight."""

_REMEMBERED: Final = 2000
"""Windows that are remembered; one that is not is made anew from the record."""


class Histories:
    """The windows before a job's batches. They follow from the record alone: whenever a batch is asked for, in this run
    or in one after a kill, its window is the same.

    Sizes are measured by the estimate's own rates, never by corrected ones, for the same reason.
    """

    def __init__(self, desk: Desk, ledger: Ledger) -> None:
        self._desk = desk
        self._ledger = ledger
        self._recaller = Recaller(desk)
        self._known: OrderedDict[int, Window] = OrderedDict()
        self._prepared: OrderedDict[int, Sequence[Prepared]] = OrderedDict()

    def before(self, batch: Batch) -> Window:
        """What may be shown before `batch`. Under a policy that waits, the batches before it must be settled."""
        if self._desk.profile.context.policy is ContextPolicy.NONE:
            return ()
        return nearest(self._desk, self._window(batch), self._own(batch))

    def prepared(self, batch: Batch, prepared: Sequence[Prepared]) -> None:
        """Take note of how the desk prepares a whole batch, so that it need not be done again for the next one."""
        if batch.whole:
            self._prepared[batch.id] = prepared
            if len(self._prepared) > _REMEMBERED_TEXTS:
                self._prepared.popitem(last=False)

    def _window(self, batch: Batch) -> Window:
        """What may be shown before the whole of `batch`."""
        # The way back to a batch whose window is known; mostly it is the one just before.
        way = [] if batch.after is None else [batch.after]
        if batch.after is not None and batch.after not in self._known:
            chain = self._ledger.chain(batch.after)
            known = next((place for place in range(len(chain) - 1, 0, -1) if chain[place] in self._known), 0)
            way = list(chain[known:])
        window = self._known.get(way[0], ()) if way else ()
        for number in way:
            window = self._after(window, self._ledger.recorded(number))
        self._known[batch.id] = window
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return window

    def _own(self, batch: Batch) -> Turn:
        """Where only some texts of a batch are still asked for: those that stand before them."""
        recorded = None if batch.whole else self._ledger.recorded(batch.id)
        if recorded is None or len(recorded.batch.units) == len(batch.units):
            return Turn()
        earlier = sum(unit.id < batch.units[0].id for unit in recorded.batch.units)
        return self._turn(recorded.batch.units[:earlier], recorded.targets[:earlier])

    def _after(self, window: Window, recorded: Recorded | None) -> Window:
        if recorded is None:
            return window
        prepared = self._prepared.get(recorded.batch.id)
        return extended(self._desk, window, self._turn(recorded.batch.units, recorded.targets, prepared))

    def _turn(
        self, units: Sequence[Unit], targets: Sequence[str | None], prepared: Sequence[Prepared] | None = None
    ) -> Turn:
        if not self._desk.profile.context.policy.waits:
            # Only sources are shown, and whether those are answered yet depends on the moment.
            targets = (None,) * len(units)
        return self._recaller.turn(units, targets, prepared)


def limit(desk: Desk) -> int:
    """The most tokens that a window takes: the profile's, and never so many that the rest of a request has no room."""
    return min(desk.profile.context.tokens, desk.num_ctx * _SHARE // 100)


def extended(desk: Desk, window: Window, turn: Turn) -> Window:
    """`window` with one more turn: as much of that as the limit holds, and as much of the rest as then may stay."""
    room = limit(desk)
    if desk.profile.context.policy is ContextPolicy.NONE:
        return ()
    turn = _fitting(desk, turn, room)
    if not turn.tokens:
        return window
    turns = [*window, turn]
    sizes = [each.tokens for each in turns]
    if sum(sizes) > room:
        while len(turns) > 1 and sum(sizes) > room // _KEPT:
            del turns[0], sizes[0]
    return tuple(turns)


def _fitting(desk: Desk, turn: Turn, room: int) -> Turn:
    """The last lines of a turn, as many as the limit holds, measured."""
    lines = sum(len(ready.lines) for ready in turn.asked)
    size = prompt.history_tokens(desk, turn)
    while turn.asked and size > room:
        lines = min(lines - 1, lines * room // size)
        turn = turn.last(lines)
        size = prompt.history_tokens(desk, turn)
    return replace(turn, tokens=size)


def nearest(desk: Desk, before: Window, within: Turn) -> Window:
    """The window for a part of a batch: that before the batch, and the batch's own texts before the part."""
    return extended(desk, before, within) if within.asked else before
