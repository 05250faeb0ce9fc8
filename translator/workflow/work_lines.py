"""The file that people work in: its lines, and the digest by which an edited one is told from an untouched one."""

import hashlib
from dataclasses import dataclass

from translator.core.segment import Role


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One text as a person sees it.

    file: the path in the input. machine: the model's translation, None where there is none yet. translation: what
    stands now: the person's, else the machine's, else what the file held already; None: nothing. context: what helps to
    understand it. findings: what was found in the machine's translation.
    """

    file: str
    key: str
    source: str
    machine: str | None = None
    translation: str | None = None
    role: Role = Role.DIALOGUE
    speaker: str | None = None
    context: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditedLine:
    """One text as it comes back.

    translation: "" where the person left it empty. untouched: `mark` of what stood there when it was written out, None
    where the file no longer says. place: where in the work file it stands, for messages.
    """

    file: str
    key: str
    source: str
    translation: str
    untouched: str | None
    place: str


def mark(translation: str | None) -> str:
    """Names what stood in a line when it was written out: 8 hexadecimal digits."""
    return hashlib.blake2b((translation or "").encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
