"""What a run of the engine tells while it goes on, and what it ends with."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class RunTotals:
    """What a run has done so far.

    requests: sent to the server, all of them. retries: those among them that asked for something again. Tokens as
    the server counted them: `cached_tokens` of `prompt_tokens` it said not to have read anew. translated and failed
    count units; batches the batches settled. stopped: the run was told to stop before it was through.
    """

    requests: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    batches: int = 0
    translated: int = 0
    failed: int = 0
    stopped: bool = False

    def plus(self, later: "RunTotals") -> "RunTotals":
        """This and what a later run of the same job has done; how that one ended."""
        counts = [field.name for field in fields(self) if field.name != "stopped"]
        return replace(later, **{name: getattr(self, name) + getattr(later, name) for name in counts})


@dataclass(frozen=True, slots=True)
class BatchSettled:
    """A batch is stored for good. seconds: from its first request until then."""

    batch: int
    translated: int
    failed: int
    prompt_tokens: int
    output_tokens: int
    seconds: float
    totals: RunTotals


@dataclass(frozen=True, slots=True)
class Waiting:
    """No server serves a request for now (`reason`, for a person).

    seconds: it is asked again after so long; None: its answer is still waited for.
    """

    reason: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What is known of a host; told when it changes, and at the end of a run.

    slots: the requests that it runs at once, told by it or found; None: not known yet. allowed: requests that are kept
    in flight there. requests: sent there so far. output_tokens, and of those tokens_per_second while anything was in
    flight; cached_share: the share that it had read before of the prompts' tokens, of the told_tokens of those answers
    where it told; None: it never did.
    """

    host: str
    model: str
    slots: int | None
    allowed: int
    requests: int
    output_tokens: int
    tokens_per_second: float
    cached_share: float | None
    told_tokens: int = 0


@dataclass(frozen=True, slots=True)
class HostAway:
    """A host failed (`reason`, for a person), and others go on with its work.

    seconds: it is tried again after so long; None: it is never asked again in this run.
    """

    host: str
    reason: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class HostBack:
    """A host that was left alone has served a request again."""

    host: str


RunEvent = BatchSettled | Waiting | HostSeen | HostAway | HostBack
OnRunEvent = Callable[[RunEvent], None]
