"""What the commands that only look find out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.core.work import GlossaryEntry
from translator.workflow.events import Problem


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """One file of a scan: its format, what is in it, or why it could not be read."""

    path: str
    format: str
    segments: int = 0
    characters: int = 0
    error: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What would be translated. repeats: segments that share another's text. tokens: an estimate of all that the
    model would read and write; seconds: at `tokens_per_second`, which says where it is from.
    """

    path: str
    kind: str
    engine: str | None
    files: tuple[ScannedFile, ...]
    segments: int
    unique: int
    repeats: int
    characters: int
    kept: int
    batches: int
    prompt_tokens: int
    output_tokens: int
    seconds: float
    tokens_per_second: float
    speed_from: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundtripFile:
    """One file of `scan --roundtrip`. identical: unchanged write-back equals the file; restored: marked, re-opened
    and put back, it equals it again (up to spelling inside the texts). first_difference: byte offset.
    """

    path: str
    format: str
    segments: int
    identical: bool
    restored: bool
    error: str | None = None
    note: str | None = None
    first_difference: int | None = None

    @property
    def passed(self) -> bool:
        """Whether the file kept every byte, both ways."""
        return self.error is None and self.identical and self.restored


@dataclass(frozen=True, slots=True)
class RoundtripReport:
    """All files of `scan --roundtrip`. bytes: read in all; seconds: it took. others: files of no known format."""

    path: str
    files: tuple[RoundtripFile, ...]
    bytes: int
    seconds: float
    others: int = 0

    @property
    def passed(self) -> bool:
        """Whether every file passed."""
        return all(f.passed for f in self.files)


@dataclass(frozen=True, slots=True)
class HeldBackText:
    """A string of a file that is not offered for translation: where it stands, what it is, and why."""

    path: str
    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldBackReport:
    """What `scan --held-back` found: how many strings by reason, and a sentence for each file that cannot be read."""

    path: str
    reasons: Mapping[str, int]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobReport:
    """A job as `jobs` shows it. status: open, running, done, partial, limited, interrupted or stopped.

    segments, translated, kept, failed, flagged, pending count segments. created, updated, finished: seconds since 1970.
    """

    job: str
    kind: str
    input: str
    output: str
    source_language: str
    target_language: str
    model: str
    profile: str
    server: str
    status: str
    running: bool
    documents: int
    segments: int
    unique: int
    translated: int
    kept: int
    failed: int
    flagged: int
    pending: int
    created: float
    updated: float
    finished: float | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class JobName:
    """A name of a job and its translation (None: none yet), both without the codes around them.

    entry: the glossary entry with which it goes into the texts that mention it; None: `reason` says why it does not.
    """

    job: str
    name: str
    translation: str | None
    entry: GlossaryEntry | None
    reason: str


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A model of the server. size: bytes. context: tokens. profile: the id of the profile that would be used for it.

    template_fits: whether the server's template is what the profile needs (None: cannot be told).
    """

    name: str
    digest: str
    size: int | None
    quantisation: str | None
    context: int | None
    profile: str
    capabilities: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    template: str | None = None
    template_fits: bool | None = None
    server: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What `model import` made. `next_step` is the command that uses it."""

    model: str
    file: str
    digest: str
    profile: str
    server: str
    next_step: str


@dataclass(frozen=True, slots=True)
class FitReport:
    """Whether a model fits this machine. Sizes in GiB.

    parameters: billions. weights_from: `file` (sum of its tensors' bytes) or `name` (parameters × bytes per parameter).
    low, high: the weights' size plus 20 % and 50 %. kv_cache: for `context` × `slots` tokens, None without a file.
    memory_free: what a new program could have. gpu_memory: what is free on all GPUs together.
    verdict: gpu, partly, memory or no, by total_low and what is free; `advice` is a few sentences.
    """

    model: str
    parameters: float | None
    quantisation: str | None
    weights: float
    weights_from: str
    low: float
    high: float
    context: int
    slots: int
    kv_cache: float | None
    total_low: float
    total_high: float
    memory_total: float
    memory_free: float
    gpus: tuple[str, ...]
    gpu_memory: float
    verdict: str
    advice: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that `doctor` looked at. level: ok, note, warning or error; `fix` is the command that mends it.

    host: the server that it is about, where there are several.
    """

    subject: str
    level: str
    message: str
    fix: str = ""
    host: str = ""
