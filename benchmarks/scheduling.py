"""How busy the program keeps a server whose slots it has to find out, against a client that keeps all of them full.

    python benchmarks/scheduling.py [--quick] [--slots 1 4 8 16] [--policy none pair] [--files 1 40] [--seconds 60]

A game of 200 scenes of 5 to 80 messages goes through the whole program against a simulated server in a process of its
own (translator.testing.simulated_server), which has so many slots, reads and writes at fixed rates, and does not tell
its slots. The rates are chosen so that a run takes about as long as asked for.

The ideal is the time that all slots need for the requests of the job, each made once, with nothing read again that
the request before in the same scene left in its slot. Wall time is counted from the first request to the last answer.
What was found is seen from outside: how many requests were in flight after the first twentieth of the job, less the
one that waits. Prints a line for each run, and exits with 1 when one is over a limit.
"""

import argparse
import itertools
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generated import sentence
from mv_json import command, editor_form
from programs import program

from translator.core.jsonvalue import as_object, get_int
from translator.profiles.registry import shipped_profiles
from translator.testing.served import Served
from translator.testing.simulated import simulated

MOST = {"none": 1.03, "pair": 1.05}
"""Wall time of the ideal at most, by context policy."""

SCENES, LEAST_LINES, MOST_LINES = 200, 5, 80
FIRST_PART = 0.05
PREFILL = 25
"""Tokens that a slot reads in the time in which it writes one."""

_HOME = Path(sys.modules["translator.profiles"].__file__ or "").parent
_PROFILE = "sakura-v1.0"
_WAITS = 0.004
"""Seconds from which on a request counts as having waited for a slot."""


@dataclass(frozen=True, slots=True)
class Result:
    """One run. wall, ideal, whole (the program from its start to its end): seconds."""

    wall: float
    ideal: float
    whole: float
    found: int
    busy: float
    requests: int
    batches: int
    cached: float

    @property
    def ratio(self) -> float:
        """Wall time of the ideal."""
        return self.wall / self.ideal


def scenes(count: int, seed: int) -> list[list[str]]:
    """The texts of each scene, every one different."""
    chance = random.Random(seed)
    numbers = itertools.count()
    return [[sentence(chance, next(numbers)) for _ in range(chance.randint(LEAST_LINES, MOST_LINES))]
            for _ in range(count)]  # fmt: skip


def write_game(folder: Path, given: Sequence[Sequence[str]], files: int) -> None:
    """An MV game: an event with one page for each scene, in so many maps."""
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "Game.rpgproject").write_text("RPGMV 1.6.2", encoding="utf-8")
    system: dict[str, object] = {"gameTitle": "", "locale": "ja_JP", "versionId": 1, "terms": {}}
    infos: list[object] = [None]
    for number in range(files):
        events: list[object] = [None]
        for scene in given[len(given) * number // files : len(given) * (number + 1) // files]:
            commands = [made for line in scene for made in (command(101, "", 0, 0, 2), command(401, line))]
            page: dict[str, object] = {"conditions": {}, "list": [*commands, command(0)], "moveType": 0}
            events.append({"id": len(events), "name": "EV", "note": "", "pages": [page], "x": 0, "y": 0})
        blob = editor_form({"autoplayBgm": False, "displayName": "", "note": "", "events": events})
        (data / f"Map{number + 1:03}.json").write_bytes(blob)
        infos.append({"id": number + 1, "expanded": False, "name": "", "order": number + 1, "parentId": 0})
    (data / "System.json").write_text(json.dumps(system), encoding="utf-8")
    (data / "MapInfos.json").write_text(json.dumps(infos), encoding="utf-8")


def write_profile(folder: Path, policy: str) -> None:
    """The profile with another context policy, as a profile of the user's own."""
    shipped = (_HOME / f"{_PROFILE}.toml").read_text(encoding="utf-8")
    wanted = shipped_profiles()[_PROFILE].context.policy.value
    changed = shipped.replace(f'policy = "{wanted}"', f'policy = "{policy}"')
    if f'policy = "{policy}"' not in changed:
        raise RuntimeError(f"{_PROFILE} has no policy to change")
    if policy == "none":
        changed = "\n".join(line for line in changed.split("\n") if not line.startswith("tokens = 900"))
    home = folder / "honyaku" / "profiles"
    home.mkdir(parents=True)
    (home / f"{_PROFILE}.toml").write_text(changed, encoding="utf-8")


def needed(served: Sequence[Served], given: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """The tokens that each request has to read and to write at the least, in whatever order the scenes come."""
    place = {text: (scene, line) for scene, texts in enumerate(given) for line, text in enumerate(texts)}
    first = min(one.prompt_tokens - one.cached_tokens for one in served if one.cached_tokens)
    ordered = sorted((place[one.text.split("\n")[0].strip()], one) for one in served if _whole(one))
    shared = max((one.cached_tokens for (_, line), one in ordered if line == 0), default=0)
    before: tuple[int, int] = (-1, 0)
    seen: set[tuple[int, int]] = set()
    for at, one in ordered:
        if at in seen:
            continue
        seen.add(at)
        scene, held = before
        goes_on = scene == at[0] and one.prompt_tokens > held
        least = one.prompt_tokens - (held if goes_on else shared)
        yield min(max(least, first if not goes_on else 1), one.prompt_tokens - one.cached_tokens), one.output_tokens
        before = (at[0], one.prompt_tokens + one.output_tokens)


def _whole(one: Served) -> bool:
    return not one.aborted and one.start is not None


def in_flight(served: Sequence[Served], since: float, until: float) -> tuple[int, float]:
    """How many requests were in flight for most of a time, and the share of them that waited for a slot."""
    steps = sorted([(one.sent, 1) for one in served] + [(one.end, -1) for one in served])
    lasted: dict[int, float] = {}
    level, last = 0, 0.0
    for at, step in steps:
        lasted[level] = lasted.get(level, 0.0) + max(min(at, until) - max(last, since), 0.0)
        level, last = level + step, at
    inside = [one for one in served if since <= one.sent <= until and one.start is not None]
    waited = sum((one.start or 0.0) - one.sent > _WAITS for one in inside)
    return max(lasted, key=lambda level: lasted[level]), waited / max(len(inside), 1)


def measure(
    folder: Path, given: Sequence[Sequence[str]], *, slots: int, policy: str, files: int, seconds: float
) -> Result:
    """One run of the whole program."""
    game, config = folder / "game", folder / "config"
    write_game(game, given, files)
    write_profile(config, policy)
    written = sum(len(text) for scene in given for text in scene)
    decode = written * 1.15 / slots / seconds
    rates = ("--slots", slots, "--decode", round(decode, 3), "--prefill", round(decode * PREFILL, 3))
    with simulated(folder / "log", *rates) as server:
        words = ("--model", "sakura", "--host", server.host, "--db", folder / "db", "--out", folder / "out")
        os.environ["XDG_CONFIG_HOME"] = str(config)
        began = time.perf_counter()
        took = program(sys.executable, "-m", "translator.cli", "game", game, *words, "--json", "--quiet", may_fail=True)
        whole = time.perf_counter() - began
        served = server.served()
    summary = as_object(json.loads(took.output))
    if took.status or get_int(summary, "failed"):
        raise RuntimeError(f"status {took.status}\n{took.errors}{took.output}")
    begin, end = min(one.sent for one in served), max(one.end for one in served)
    least = list(needed(served, given))
    ideal = sum(read / (decode * PREFILL) + wrote / decode for read, wrote in least) / slots
    at = sorted(one.end for one in served)[int(FIRST_PART * len(served))]
    level, waited = in_flight(served, at, begin + 0.9 * (end - begin))
    read = sum(one.prompt_tokens for one in served)
    return Result(
        wall=end - begin,
        ideal=ideal,
        whole=whole,
        found=level - (waited > 0.5),
        busy=sum(one.busy for one in served) / slots / (end - begin),
        requests=len(served),
        batches=len(least),
        cached=sum(one.cached_tokens for one in served) / read,
    )


def main() -> int:
    """Print the table; 1 where something is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a short one: two numbers of slots, half the time")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 4, 8, 16])
    parser.add_argument("--policy", nargs="+", choices=sorted(MOST), default=sorted(MOST))
    parser.add_argument("--files", type=int, nargs="+", default=[1, 40])
    parser.add_argument("--seconds", type=float, default=60.0, help="that a run takes, about")
    parser.add_argument("--seed", type=int, default=20261124)
    asked = parser.parse_args()
    counts: list[int] = [4, 16] if asked.quick else asked.slots
    seconds: float = asked.seconds / 2 if asked.quick else asked.seconds
    files: list[int] = asked.files[:1] if asked.quick else asked.files
    given = scenes(SCENES, asked.seed)
    print(f"{SCENES} scenes, {sum(map(len, given))} messages")
    print("policy  files  slots  found  wall s  ideal s  wall/ideal  limit  busy  cached  requests/needed  program s")
    good = True
    for policy, spread, slots in itertools.product(asked.policy, files, counts):
        with tempfile.TemporaryDirectory(prefix="honyaku-scheduling-") as name:
            done = measure(Path(name), given, slots=slots, policy=policy, files=spread, seconds=seconds)
        kept = done.ratio <= MOST[policy] and abs(done.found - slots) <= 1
        good = good and kept
        print(
            f"{policy:<6} {spread:>6} {slots:>6} {done.found:>6} {done.wall:>7.2f} {done.ideal:>8.2f} "
            f"{done.ratio:>11.3f} {MOST[policy]:>6} {done.busy:>5.3f} {done.cached:>7.3f} "
            f"{done.requests:>8}/{done.batches:<8} {done.whole:>8.2f}  {'ok' if kept else 'OVER'}",
            flush=True,
        )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
