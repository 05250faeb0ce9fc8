"""A job's record of which only a part is shown to the runner: for --limit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from translator.core.work import Attempt, Batch, Ledger, Outcome, Recorded


@dataclass(frozen=True, slots=True)
class LimitedLedger:
    """`ledger`, showing its first `units` pending texts only; the batch at the edge is cut."""

    ledger: Ledger
    units: int

    def pending(self) -> Iterator[Batch]:
        """The first of the ledger's batches."""
        left = self.units
        for batch in self.ledger.pending():
            if left <= 0:
                return
            yield batch if len(batch.units) <= left else replace(batch, units=batch.units[:left], whole=False)
            left -= len(batch.units)

    def recorded(self, batch: int) -> Recorded | None:
        """As the ledger says."""
        return self.ledger.recorded(batch)

    def chain(self, batch: int) -> Sequence[int]:
        """As the ledger says."""
        return self.ledger.chain(batch)

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        """Store it in the ledger."""
        await self.ledger.settle(batch, outcomes, attempts)
