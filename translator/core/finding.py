"""What a check says about one translated text."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR: the translation is not used and asked again. WARNING: used, and listed as flagged. INFO: noted."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's code, how bad it is, a sentence for a person, and the span of the target (characters) it means."""

    code: str
    severity: Severity
    message: str
    span: tuple[int, int] | None = None
