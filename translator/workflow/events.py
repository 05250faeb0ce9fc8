"""What a running job tells the command line, and what it ends with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user. `warning`: something to look at, not only to know."""

    text: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Refused(Notice):
    """That a person's text cannot stand in its file."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Files are being read: `done` of `total` (total 0: not known yet)."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Started:
    """Asking begins: the job's id, its unique texts and segments, how many of the texts are already answered."""

    job: str
    segments: int
    unique: int
    answered: int
    model: str
    profile: str
    output: str


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch was stored. Running totals: unique texts settled of all; segments/s and tokens/s of this run; the
    seconds that are left at this speed (None: not known yet).
    """

    settled: int
    unique: int
    failed: int
    retries: int
    segments_per_second: float
    tokens_per_second: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server does not answer for now; it is asked again in `seconds`, or still waited for (None)."""

    reason: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Writing:
    """Files are being written: `done` of `total`."""

    done: int
    total: int


Event = Notice | Reading | Started | Progress | Waiting | Writing
OnEvent = Callable[[Event], None]


class Status(StrEnum):
    """How a job ended. PARTIAL: some segments kept their source. LIMITED: --limit held the rest back."""

    DONE = "done"
    PARTIAL = "partial"
    LIMITED = "limited"
    DRY_RUN = "dry-run"


@dataclass(frozen=True, slots=True)
class Problem:
    """One segment that a person should look at: it kept its source (`failed`) or is flagged."""

    file: str
    key: str
    source: str
    target: str | None
    reason: str
    failed: bool


@dataclass(frozen=True, slots=True)
class HostReport:
    """What a run saw of a server. model: its own name for the model. slots: the requests that it runs at once, told by
    it or found; None: not found. tokens_per_second: written, while anything was asked of it. cached_share: of the
    tokens of its prompts, those that it did not have to read anew (0 to 1); None: it does not tell.
    """

    name: str
    model: str
    slots: int | None
    requests: int
    tokens_per_second: float
    cached_share: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a translating command.

    segments = translated + kept + failed + held back by --limit. `unique` counts the texts that are asked once;
    `from_memory` those segments among `translated` whose answer was there before this run. `kept` holds nothing to
    translate. `flagged` segments are translated, with a warning. requests, retries, tokens and seconds are this run's;
    cached_tokens are those that servers told of. unreadable: (path, reason) of the files that were left out. hosts: the
    servers that were asked.
    """

    job: str
    status: Status
    documents: int
    segments: int
    unique: int
    translated: int
    from_memory: int
    kept: int
    failed: int
    flagged: int
    requests: int
    retries: int
    prompt_tokens: int
    output_tokens: int
    cached_tokens: int
    seconds: float
    output: str
    written: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    hosts: tuple[HostReport, ...] = ()

    @property
    def exit_status(self) -> int:
        """4 when a file could not be read, 1 when some segments kept their source, 0 when all is translated."""
        if self.unreadable:
            return 4
        return 1 if self.failed else 0
