"""From the text of an answer to the lines of each unit, where it is certain which line belongs to which."""

from collections.abc import Sequence
from dataclasses import dataclass

from translator.core.finding import Finding
from translator.engine.desk import Desk


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer holds: for each unit its lines, or None where it is not certain which they are.

    findings: about the answer as a whole; not empty whenever a unit has None. Codes: `empty`, `lines`, `cut`.
    """

    lines: tuple[tuple[str, ...] | None, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every unit has its lines."""
        return None not in self.lines


def read(desk: Desk, text: str, expected: Sequence[int], *, cut: bool = False) -> Reading:
    """Read an answer to a request for units of so many lines each.

    cut: the answer ended at its limit or was stopped: its last line is not whole. Lines are never padded or shifted.
    """
    ...
