"""What passes between a job's plan, the model and the store."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from translator.core.finding import Finding, Severity
from translator.core.segment import NO_LIMITS, Limits, Role, Segment


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """One term: `src` is written as `dst`. `note` goes to models that take notes.

    kind: what it is (person, place, item, …). case: whether letters' case counts. regex: whether `src` is a
    pattern. `dst` may name alternatives as `a|b`; the first is the one that is asked for. advice: nobody asked for
    just this word (a glossary that ships, a name that a job translated itself), so another one is no error.
    """

    src: str
    dst: str
    note: str = ""
    kind: str = ""
    case: bool = False
    regex: bool = False
    advice: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A text that is asked once, however many segments share it.

    id: its place in the job's reading order. format: the id of the format whose markup its text has.
    glossary: the entries that apply to it.
    """

    id: int
    source: str
    role: Role
    scene: str
    format: str
    speaker: str | None = None
    notes: tuple[str, ...] = ()
    limits: Limits = field(default=NO_LIMITS)
    glossary: tuple[GlossaryEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """The units that go to the model in one request; `after` is the batch before it in its scene, if any.

    whole: these are known to be all of its units, so that nobody need look into the record for others.
    """

    id: int
    scene: str
    units: tuple[Unit, ...]
    after: int | None = None
    whole: bool = False


class State(StrEnum):
    """How a unit stands. KEPT: nothing to translate in it; FAILED: its segments keep their source."""

    PENDING = "pending"
    TRANSLATED = "translated"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was made for a batch or a part of it, as the job's record keeps it.

    units: ids of the units it asked for. number: counts the batch's requests, those that were sent again included.
    prompt_hash names the exact prompt. `sampling` is JSON. reply: the answer's text as it came, "" where none came;
    stop: why it ended, or what kept it from coming. seconds: of the server. findings: what was wrong with it, as a
    whole or for one of its units. model: the one that was asked, the job's or its fallback.
    """

    units: tuple[int, ...]
    number: int
    host: str
    prompt_hash: str
    sampling: str
    reply: str
    stop: str
    prompt_tokens: int
    output_tokens: int
    seconds: float
    findings: tuple[Finding, ...] = ()
    model: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one unit: its translation (not yet wrapped to a window), or None where it failed."""

    unit: int
    target: str | None
    findings: tuple[Finding, ...] = ()

    @property
    def state(self) -> State:
        """TRANSLATED or FAILED."""
        return State.FAILED if self.target is None else State.TRANSLATED

    @property
    def flagged(self) -> bool:
        """Whether a person should look at it."""
        return any(f.severity is not Severity.INFO for f in self.findings)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A batch as it stands in a job's record: all its units, each with its translation, None where it has none."""

    batch: Batch
    targets: tuple[str | None, ...]


class Ledger(Protocol):
    """A job's record, as the runner sees it."""

    def pending(self) -> Iterator[Batch]:
        """The batches with units still to be asked, in reading order, read as they are consumed."""
        ...

    def recorded(self, batch: int) -> Recorded | None:
        """A batch with all its units, settled or not; None: there is none of this id."""
        ...

    def chain(self, batch: int) -> Sequence[int]:
        """The ids of a batch and of those before it in its scene, the first one first."""
        ...

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        """Store a batch's outcomes for good; returns when they would survive a power cut."""
        ...


def unit_hash(recipe_digest: str, segment: Segment, glossary: Sequence[GlossaryEntry]) -> bytes:
    """Name what decides a text's translation: recipe, source, speaker, role, the glossary entries that apply.

    A bound segment is decided by its binding instead of its speaker and role, so that all its places agree.
    A text that the file has a translation of is never asked, whatever becomes of its equals elsewhere.
    16 bytes. The order of the entries does not count.
    """
    if segment.target is not None:
        finished = f"finished\x1e{recipe_digest}\x1e{segment.source}"
        return hashlib.blake2b(finished.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    decided = ("b", segment.binding) if segment.binding is not None else (segment.speaker or "", segment.role.value)
    entries = sorted(f"{e.src}\x1f{e.dst}\x1f{e.note}" for e in glossary)
    text = "\x1e".join((recipe_digest, segment.source, *decided, *entries))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
