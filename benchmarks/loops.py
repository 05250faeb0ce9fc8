"""What looking for loops costs while an answer is streamed.

    python benchmarks/loops.py [tokens per second, default 1000]

An answer grows by one token of text a call, as a server streams it: ordinary prose, the same line with other numbers,
lists of laughter as the source has them too, verses that come back, JSON; short answers and some of 2,000 tokens. What
counts is the share of one core that the watch takes at that rate, beside doing the same with a function that does
nothing; at most 1 % is promised for each kind of text.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from translator.core.backend import Abort
from translator.engine.watch import Watch

PROMISED = 0.01
LETTERS = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学"
)
LONG = 2000
SHORT = 30
ANSWERS_LONG = 10
ANSWERS_SHORT = 600


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of text. make: a source, and the tokens of its answer, so many."""

    name: str
    make: Callable[[random.Random, int], tuple[str, list[str]]]


def prose(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """Text that never repeats for long, one or two characters a token, a line break now and then."""
    tokens = ["".join(chance.choices(LETTERS, k=chance.randint(1, 2))) for _ in range(count)]
    for at in range(20, count, 20):
        tokens[at] = "。\n"
    return "".join(tokens), tokens


def english(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """English words, about four characters a token."""
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(1, 6))) for _ in range(200)]
    tokens = [" " + chance.choice(words) for _ in range(count)]
    return "".join(tokens), tokens


def numbered(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """The same sentence over and over with another number in it: never a loop, always nearly one."""
    line = "".join(chance.choices(LETTERS, k=30))
    text = "".join(f"{number}{line}\n" for number in range(count))
    tokens = [text[at : at + 2] for at in range(0, 2 * count, 2)]
    return text[: 2 * count], tokens


def laughter(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """Laughter and dashes for lines, as long as the source's."""
    lines = [chance.choice("哈啊嘿…—") * chance.randint(20, 60) + "\n" for _ in range(count)]
    text = "".join(lines)[: 2 * count]
    return text, [text[at : at + 2] for at in range(0, len(text), 2)]


def verses(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """A song whose few lines come back in turn, in the source too: it repeats and is no loop."""
    verse = "".join("".join(chance.choices(LETTERS, k=9)) + "\n" for _ in range(3))
    text = (verse * count)[: 2 * count]
    return text, [text[at : at + 2] for at in range(0, len(text), 2)]


def structured(chance: random.Random, count: int) -> tuple[str, list[str]]:
    """JSON with a text in each object."""
    parts = [
        f'{{"id": {number}, "text": "{"".join(chance.choices(LETTERS, k=8))}"}},\n' for number in range(count // 5 + 1)
    ]
    text = "".join(parts)[: 3 * count]
    return text, [text[at : at + 3] for at in range(0, len(text), 3)]


KINDS = (
    Kind("prose", prose),
    Kind("english", english),
    Kind("numbered lines", numbered),
    Kind("laughter", laughter),
    Kind("verses", verses),
    Kind("json", structured),
)


def nothing(_text: str) -> Abort | None:
    """What the watch is compared with."""
    return None


def growing(tokens: list[str]) -> Iterator[str]:
    """The text after each token, made as the backends make it."""
    text = ""
    for token in tokens:
        text += token
        yield text


def seconds(answers: list[tuple[str, list[str]]], *, watched: bool) -> float:
    """The CPU time that the answers take, all their tokens one by one."""
    began = time.process_time()
    for source, tokens in answers:
        watch: Callable[[str], Abort | None] = nothing
        if watched:
            lines = source.count("\n") + 1
            numbered = source.startswith("{")
            watch = Watch(None if numbered else lines, 10**9, source=source, items=lines if numbered else None)
        for text in growing(tokens):
            abort = watch(text)
            if abort is not None:
                raise SystemExit(f"an ordinary answer was stopped: {abort.message}")
    return time.process_time() - began


def main() -> int:
    """Measure and print; 1 when it costs more than promised."""
    rate = float(sys.argv[1]) if len(sys.argv) > 1 else 1000.0
    chance = random.Random(1)
    worst = 0.0
    for kind in KINDS:
        for count, answers in ((SHORT, ANSWERS_SHORT), (LONG, ANSWERS_LONG)):
            made = [kind.make(chance, count) for _ in range(answers)]
            total = sum(len(tokens) for _, tokens in made)
            extra = min(seconds(made, watched=True) for _ in range(3)) - min(
                seconds(made, watched=False) for _ in range(3)
            )
            share = rate * extra / total
            worst = max(worst, share)
            print(
                f"{kind.name:<16}{count:>6} tokens an answer: {1e6 * extra / total:6.2f} µs a token,"
                f" {share:7.3%} of a core at {rate:g} tokens/s"
            )
    print(f"worst {worst:.3%}, promised {PROMISED:.0%}")
    return int(worst > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
