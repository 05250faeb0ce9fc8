"""What a simulated server notes of each request that has ended."""

import json
from dataclasses import asdict, dataclass

from translator.core.jsonvalue import as_object, get_int, get_str


@dataclass(frozen=True, slots=True)
class Served:
    """One request that has ended. Times: seconds since the server's start; start, first: None where it never got there.

    text: what it asked for. cached_tokens: those of the prompt that its slot held already; the others were read.
    output_tokens: those that were written, also for nothing. aborted: the client hung up. fault: what struck it.
    """

    number: int
    text: str
    sent: float
    start: float | None
    first: float | None
    end: float
    slot: int | None
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int
    aborted: bool
    fault: str | None

    @property
    def busy(self) -> float:
        """How long it held its slot."""
        return 0.0 if self.start is None else self.end - self.start

    @property
    def read_tokens(self) -> int:
        """The prompt's tokens that were read anew."""
        return 0 if self.first is None else self.prompt_tokens - self.cached_tokens

    def line(self) -> str:
        """A line of the log, with its end."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def served_from(line: str) -> Served:
    """A line of the log."""
    found = as_object(json.loads(line))

    def time(name: str) -> float | None:
        value = found.get(name)
        return float(value) if isinstance(value, int | float) else None

    slot, fault = found.get("slot"), found.get("fault")
    return Served(
        number=get_int(found, "number"),
        text=get_str(found, "text"),
        sent=time("sent") or 0.0,
        start=time("start"),
        first=time("first"),
        end=time("end") or 0.0,
        slot=slot if isinstance(slot, int) else None,
        prompt_tokens=get_int(found, "prompt_tokens"),
        cached_tokens=get_int(found, "cached_tokens"),
        output_tokens=get_int(found, "output_tokens"),
        aborted=found.get("aborted") is True,
        fault=fault if isinstance(fault, str) else None,
    )
