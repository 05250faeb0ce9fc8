"""What formats share that gather their texts one by one: what holds for a text, and keys that nothing else has."""

from collections.abc import Container
from dataclasses import dataclass

from translator.core.segment import NO_LIMITS, Limits, Role, Segment

SINGLE = Limits(single=True)
"""The room of a text that holds one line."""


@dataclass(frozen=True, slots=True)
class About:
    """What holds for a text beside its source."""

    role: Role
    scene: str = ""
    speaker: str | None = None
    notes: tuple[str, ...] = ()
    limits: Limits = NO_LIMITS
    binding: str | None = None

    def segment(self, key: str, source: str) -> Segment:
        """The segment of a text. A place for one line that holds several already may hold several."""
        limits = self.limits
        if limits.single and "\n" in source:
            limits = Limits(columns=limits.columns, lines=limits.lines)
        return Segment(
            key=key,
            source=source,
            role=self.role,
            scene=self.scene,
            speaker=self.speaker,
            notes=self.notes,
            limits=limits,
            binding=self.binding,
        )


def unique_key(key: str, *taken: Container[str]) -> str:
    """A key that nothing has yet: two things of the same name are told apart by their order."""
    number, found = 1, key
    while any(found in keys for keys in taken):
        number += 1
        found = f"{key}#{number}"
    return found
