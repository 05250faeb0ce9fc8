"""How long several programs take that do the same."""

import time
from collections.abc import Callable


def best(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Seconds of the processor that each takes, the best of the rounds; in turns, so that all have the same luck."""
    found = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            found[number] = min(found[number], time.process_time() - began)
    return found
