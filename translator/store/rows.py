"""What goes into the store and comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, TypedDict

from translator.core.finding import Finding
from translator.core.segment import NO_LIMITS, Limits, Role
from translator.core.work import GlossaryEntry, State

STATES = (State.PENDING, State.TRANSLATED, State.KEPT, State.FAILED)
"""A unit's states in the order of the numbers that stand for them in the database."""
STATE_NUMBERS = {state: number for number, state in enumerate(STATES)}


class JobStatus(StrEnum):
    """How a job stands. Whether it runs right now is not kept here: `Store.holder` knows.

    OPEN: begun, and not ended in an orderly way. PARTIAL: ended, some segments kept their source. LIMITED: --limit held
    the rest back. INTERRUPTED: by the user. STOPPED: by an error.
    """

    OPEN = "open"
    DONE = "done"
    PARTIAL = "partial"
    LIMITED = "limited"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it is stored. number: its key inside the database; id: its name for people, 8 hexadecimal digits.

    recipe: JSON. options: JSON, what `resume` needs to run the same command. runs: how often it was begun.
    created, updated, finished: seconds since 1970.
    """

    number: int
    id: str
    kind: str
    input: str
    output: str
    source_language: str
    target_language: str
    model: str
    recipe: str
    recipe_digest: str
    glossary_digest: str
    options: str
    program_version: str
    server: str
    status: JobStatus
    runs: int
    created: float
    updated: float
    finished: float | None


class JobKey(TypedDict):
    """What makes two commands the same job; the fields are JobRow's."""

    kind: str
    input: str
    output: str
    source_language: str
    target_language: str


class JobPins(TypedDict):
    """What a job is asked by; the fields are JobRow's."""

    model: str
    recipe: str
    recipe_digest: str
    options: str
    program_version: str
    server: str


class NewJob(JobKey, JobPins):
    """What a job is created with; the fields are JobRow's."""


class JobChanges(TypedDict, total=False):
    """What of a job can be changed; the fields are JobRow's. recipe and recipe_digest change together only."""

    status: JobStatus
    finished: float | None
    output: str
    model: str
    recipe: str
    recipe_digest: str
    glossary_digest: str
    options: str
    program_version: str
    server: str


class DocumentFields(TypedDict):
    """What a document is stored with. ordinal: its place in the job's reading order, from 0.

    path: under the input. digest: names the file's bytes as read.
    """

    ordinal: int
    path: str
    format: str
    digest: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A stored document; `segments` counts them."""

    ordinal: int
    path: str
    format: str
    digest: str
    segments: int
    notices: tuple[str, ...]


class SegmentRow(NamedTuple):
    """A segment's key and the id of the unit that it shows."""

    key: str
    unit: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit to be stored: what `work.Unit` has, its hash, and how it stands already (a memory hit, kept).

    binding: as in Segment, for those who work out the hash again.
    """

    hash: bytes
    source: str
    role: Role
    scene: str
    format: str
    speaker: str | None = None
    notes: tuple[str, ...] = ()
    limits: Limits = NO_LIMITS
    glossary: tuple[GlossaryEntry, ...] = ()
    state: State = State.PENDING
    target: str | None = None
    findings: tuple[Finding, ...] = ()
    from_memory: bool = False
    binding: str | None = None


class BatchRow(NamedTuple):
    """A batch to be pinned; its id is the caller's (`Store.next_batch`), `after` its predecessor in the scene."""

    id: int
    scene: str
    after: int | None
    units: Sequence[int]


class SettledRow(NamedTuple):
    """How a unit stands, decided without asking a model."""

    unit: int
    state: State
    target: str | None
    findings: tuple[Finding, ...] = ()
    from_memory: bool = False


class ResultRow(NamedTuple):
    """One segment for rendering.

    source: the unit's. target: its translation, not wrapped. output: the text as fitted to its place, None before
    `save_outputs`. findings: the unit's, then those of the fitting. edit: what a person decided for this place.
    """

    key: str
    unit: int
    state: State
    source: str
    target: str | None
    output: str | None
    from_memory: bool
    findings: tuple[Finding, ...]
    edit: str | None = None


class ProblemRow(NamedTuple):
    """A segment that a person should look at. target: what was written, None where it kept its source (`failed`)."""

    path: str
    key: str
    source: str
    target: str | None
    reason: str
    failed: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand how. total = translated + kept + failed + pending; the others are among translated."""

    total: int = 0
    translated: int = 0
    from_memory: int = 0
    kept: int = 0
    failed: int = 0
    flagged: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How a job's segments and its units stand."""

    documents: int
    segments: Tally
    units: Tally


class AttemptRow(NamedTuple):
    """One stored request; `units` are the ids it asked for, `created` seconds since 1970. model: "" in old ones."""

    batch: int
    units: tuple[int, ...]
    number: int
    created: float
    host: str
    prompt_hash: str
    sampling: str
    reply: str
    stop: str
    prompt_tokens: int
    output_tokens: int
    seconds: float
    model: str
    findings: tuple[Finding, ...]


class EditRow(NamedTuple):
    """What a person decided for a text of a project."""

    key: str
    source: str
    target: str


class KnownServer(NamedTuple):
    """What was learnt of a model on a server; None for what was not.

    name, digest, context (tokens) and structured: what the server told last (core.backend.ModelInfo). slots: the
    requests that it was found to run at once. rates: the tokens that the model makes of each script, as JSON text.
    tokens_per_second: written, over all slots. measured: when any of it was learnt last, in seconds since 1970.
    """

    name: str | None
    digest: str | None
    context: int | None
    structured: bool | None
    slots: int | None
    rates: str | None
    tokens_per_second: float | None
    measured: float


class ServerFacts(TypedDict, total=False):
    """What can be remembered of a model on a server; the fields are KnownServer's."""

    name: str
    digest: str
    context: int | None
    structured: bool
    slots: int | None
    rates: str
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that runs a job. since: seconds since 1970. pid 0: it did not say."""

    pid: int
    host: str
    since: float
