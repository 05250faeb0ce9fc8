"""What goes wrong with a simulated server's answers: which request is struck is drawn, and follows from its prompt."""

import hashlib
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong with one answer: the text is wrong, or its way to the client is."""

    DROPPED_LINE = "dropped-line"
    MERGED_LINES = "merged-lines"
    LOOP = "loop"
    UNTRANSLATED = "untranslated"
    LOST_CODE = "lost-code"
    CHATTER = "chatter"
    CUT = "cut"
    BUSY = "busy"
    PAGE = "page"
    DROPPED = "dropped"
    STALLED = "stalled"
    HALF_LINE = "half-line"
    WRONG_ENCODING = "wrong-encoding"
    NOT_DONE = "not-done"
    UNLOADED = "unloaded"


RATES: Mapping[Fault, float] = {
    Fault.DROPPED_LINE: 0.02,
    Fault.MERGED_LINES: 0.02,
    Fault.LOOP: 0.01,
    Fault.UNTRANSLATED: 0.02,
    Fault.LOST_CODE: 0.05,
    Fault.CHATTER: 0.02,
    Fault.CUT: 0.01,
    Fault.BUSY: 0.02,
    Fault.PAGE: 0.005,
    Fault.DROPPED: 0.01,
    Fault.STALLED: 0.005,
    Fault.HALF_LINE: 0.005,
    Fault.WRONG_ENCODING: 0.002,
    Fault.NOT_DONE: 0.005,
}
"""How often each strikes, of all requests that it can strike (a text of one line cannot lose a line)."""

_CODE = re.compile(r"\\+[A-Za-z]+(?:\[[^\]\n]*\]|<[^>\n]*>)?|\\[.|!><^${}]|<[^>\n]+>|\{[^}\n]+\}")
_ROUND = 12


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws faults; equal seeds draw the same for the same prompt asked for the same time.

    most: how often one prompt can be struck; None: as often as it is asked.
    """

    rates: Mapping[Fault, float]
    seed: int = 0
    most: int | None = None

    def fault(self, prompt: str, times: int, source: str, answer: str) -> Fault | None:
        """What strikes the answer to a prompt that was asked `times` times before; None: nothing does."""
        if self.most is not None and times >= self.most:
            return None
        chance = self._chance(prompt, times)
        struck = [fault for fault, rate in self.rates.items() if chance.random() < rate]
        possible = [fault for fault in struck if can_strike(fault, source, answer)]
        return chance.choice(possible) if possible else None

    def struck(self, fault: Fault, prompt: str, times: int, source: str, answer: str) -> str:
        """The answer's text as the fault leaves it; as it was where the fault only strikes its way to the client."""
        change = _CHANGES.get(fault)
        return answer if change is None else change(source, answer, self._chance(f"{fault} {prompt}", times))

    def place(self, prompt: str, times: int, most: int) -> int:
        """Where in an answer of so many tokens the fault strikes: from 0 to before `most`."""
        return self._chance(f"place {prompt}", times).randrange(max(most, 1))

    def _chance(self, prompt: str, times: int) -> random.Random:
        key = f"{self.seed} {times} {prompt}".encode("utf-8", "surrogatepass")
        return random.Random(hashlib.blake2b(key, digest_size=8).digest())  # noqa: S311 - faults, no secrets


def rates_from(spec: str) -> dict[Fault, float]:
    """Rates from `all`, `all*2` or `loop=0.01,busy=1`. Raises ValueError for anything else."""
    if spec.startswith("all"):
        factor = float(spec.removeprefix("all").removeprefix("*") or 1)
        return {fault: rate * factor for fault, rate in RATES.items()}
    pairs = (part.partition("=") for part in spec.split(",") if part)
    return {Fault(name.strip()): float(rate) for name, _, rate in pairs}


def can_strike(fault: Fault, source: str, answer: str) -> bool:
    """Whether the fault can make a difference to this answer."""
    match fault:
        case Fault.DROPPED_LINE | Fault.MERGED_LINES:
            return "\n" in answer.strip()
        case Fault.UNTRANSLATED:
            return bool(_differing(source, answer))
        case Fault.LOST_CODE:
            return _CODE.search(answer) is not None
        case Fault.LOOP | Fault.CUT:
            return len(answer) > 1
        case _:
            return True


def _differing(source: str, answer: str) -> list[int]:
    """The numbers of the lines that differ, where both have as many lines."""
    before, after = source.split("\n"), answer.split("\n")
    if len(before) != len(after):
        return []
    return [number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]


def _drop_line(_source: str, answer: str, chance: random.Random) -> str:
    lines = answer.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _merge_lines(_source: str, answer: str, chance: random.Random) -> str:
    lines = answer.split("\n")
    first = chance.randrange(len(lines) - 1)
    return "\n".join((*lines[:first], lines[first] + lines[first + 1], *lines[first + 2 :]))


def _loop(_source: str, answer: str, chance: random.Random) -> str:
    """The answer up to some place, and then its last few characters until the limit."""
    stop = chance.randrange(1, len(answer))
    last = answer[max(0, stop - chance.randint(1, _ROUND)) : stop]
    return answer[:stop] + last * (20_000 // len(last))


def _leave_untranslated(source: str, answer: str, chance: random.Random) -> str:
    lines = answer.split("\n")
    number = chance.choice(_differing(source, answer))
    lines[number] = source.split("\n")[number]
    return "\n".join(lines)


def _lose_code(_source: str, answer: str, chance: random.Random) -> str:
    lost = chance.choice(list(_CODE.finditer(answer)))
    return answer[: lost.start()] + answer[lost.end() :]


def _chatter(_source: str, answer: str, chance: random.Random) -> str:
    return chance.choice(("以下是翻译：\n{}", "好的，翻译如下：\n\n{}", "{}\n\n（注：以上为译文。）")).format(answer)


def _cut(_source: str, answer: str, chance: random.Random) -> str:
    return answer[: chance.randrange(1, len(answer))]


_CHANGES: Mapping[Fault, Callable[[str, str, random.Random], str]] = {
    Fault.DROPPED_LINE: _drop_line,
    Fault.MERGED_LINES: _merge_lines,
    Fault.LOOP: _loop,
    Fault.UNTRANSLATED: _leave_untranslated,
    Fault.LOST_CODE: _lose_code,
    Fault.CHATTER: _chatter,
    Fault.CUT: _cut,
}
