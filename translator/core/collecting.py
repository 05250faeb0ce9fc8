"""What formats share that gather their texts one by one: what holds for a text, and keys that nothing else has."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from translator.core.segment import NO_LIMITS, Limits, Role, Segment

SINGLE = Limits(single=True)
"""The room of a text that holds one line."""
_LONGEST = 80


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


class Keys:
    """The keys that were given in a file, for formats whose texts may all be called the same: each takes the same time.

    The first one of a name has it, the next are `name#2`, `name#3` …, past those that something else is called.
    """

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def new(self, key: str) -> str:
        """A key that nothing has yet, to give to what is called so."""
        if key not in self._given:
            self._given[key] = 1
            return key
        found = key
        while self._given[found]:
            self._given[key] += 1
            found = f"{key}#{self._given[key]}"
        self._given[found] += 1
        return found

    def take(self, key: str) -> None:
        """Note a key that was given elsewhere: nothing else is to get it."""
        self._given[key] += 1


def short_key(text: str) -> str:
    """A text as (a part of) a key: cut to 80 characters where it is longer, and told from others then by a digest."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]}…{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
