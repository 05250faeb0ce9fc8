"""What the commands that only look find out."""

from dataclasses import dataclass


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
    """All files of `scan --roundtrip`. bytes: read in all; seconds: it took."""

    path: str
    files: tuple[RoundtripFile, ...]
    bytes: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every file passed."""
        return all(f.passed for f in self.files)
