"""The file that people work in: its lines, and the digest by which an edited one is told from an untouched one."""

import hashlib
import json
import re
from dataclasses import dataclass
from math import isclose
from typing import NamedTuple

from translator.core.lines import unified_breaks
from translator.core.segment import Role

_MARK = re.compile("m([0-9a-f]{8})-([0-9a-f]{12})")
_COUNTED = re.compile(r"(?=\D*+\d)[\d.,:/%+\-eE ]++")
"""What a spreadsheet may take for a number, a date or a time."""

_TRUTHS = ("true", "false")
_DIGITS = re.compile(r"\d+")
_PRECISION = 1e-5
"""How much of a long number a spreadsheet shows, and saves as it shows it: `1.23457E+16`."""

_JSON = "json:"
"""What stands before a name that is spelled in JSON."""


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

    translation: "" where the person left it empty. mark: as it was written out, None where the file no longer says.
    place: where in the work file it stands, for messages.
    """

    file: str
    key: str
    source: str
    translation: str
    mark: "Mark | None"
    place: str


class Mark(NamedTuple):
    """What is written into each line to know it again. In letters that no spreadsheet takes for a number or a date.

    text: names the translation that stood there. place: names the target language, the file and the key, which other
    programs spell anew (a key `1.10` comes back from a spreadsheet as `1.1`).
    """

    text: str
    place: str

    def __str__(self) -> str:
        return f"m{self.text}-{self.place}"


def text_mark(translation: str | None) -> str:
    """`Mark.text` of a translation, whichever line breaks a program writes in it."""
    return _named(unified_breaks(translation or ""), 4)


def place_mark(target: str, file: str, key: str) -> str:
    """`Mark.place` of a text, for translations into the language of this code."""
    return _named(f"{target}\0{file}\0{key}", 6)


def mark_of(line: WorkLine, target: str) -> Mark:
    """The mark of a line that is written out."""
    return Mark(text_mark(line.translation), place_mark(target, line.file, line.key))


def read_mark(text: str | None) -> Mark | None:
    """The mark that `str` of one gave; None for anything else."""
    match = _MARK.fullmatch((text or "").strip())
    return Mark(match[1], match[2]) if match else None


def spelled(name: str, impossible: re.Pattern[str]) -> str:
    """A name without what it cannot have where it is written: in JSON then, as escapes."""
    if impossible.search(name) is None and not name.startswith(_JSON):
        return name
    return _JSON + json.dumps(name).replace(":", r"\u003a")


def respelled(name: str) -> str:
    """The name that `spelled` gave. Raises ValueError."""
    return str(json.loads(name.removeprefix(_JSON))) if name.startswith(_JSON) else name


def is_same(name: str, now: str) -> bool:
    """Whether a file or key that comes back as `now` is still the same, which a spreadsheet may have spelled anew: the
    number `1.10` as `1.1`, the date `1-2` as `2-Jan`, `true` as `TRUE`.
    """
    if name.split() == now.split() or (name.lower() == now.lower() and name.lower() in _TRUTHS):
        return True
    if _COUNTED.fullmatch(name) is None:
        return False
    try:
        return isclose(_number(name), _number(now), rel_tol=_PRECISION)
    except ValueError:
        return _DIGITS.search(now) is not None and _DIGITS.sub("0", name) != _DIGITS.sub("0", now)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _named(text: str, size: int) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
