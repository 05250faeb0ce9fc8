"""The program with other limits and another clock: `hasty.py JSON ARGUMENTS…`, for tests that cannot wait.

The JSON object may have `limits` (fields of the engine's RunLimits), `stall` (the longest silence in an answer, in
seconds), `wait` (how long another program that holds the database is waited for) and `back` (a path: once it exists,
time.time() tells the day before).
"""

import json
import sys
import time
from functools import partial
from pathlib import Path

from translator.backends import patience
from translator.cli.app import run
from translator.core.jsonvalue import as_object, get_object, get_str
from translator.store import store
from translator.workflow import asking

DAY = 86_400.0


def main() -> int:
    """Put things in the program's way and start it."""
    given = as_object(json.loads(sys.argv[1]))
    limited = partial(asking.RunLimits, **get_object(given, "limits"))
    asking.RunLimits = limited  # pyright: ignore[reportAttributeAccessIssue] - in place of the class, as a test may
    if (stall := given.get("stall")) is not None:
        object.__setattr__(patience.PATIENT, "stall", stall)
    if isinstance(wait := given.get("wait"), float):
        store.LONG_WAIT = wait  # pyright: ignore[reportConstantRedefinition] - in its place, as a test may
    if back := get_str(given, "back"):
        there, clock = Path(back), time.time
        time.time = lambda: clock() - (DAY if there.exists() else 0.0)
    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
