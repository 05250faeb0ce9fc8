"""How long planning takes, and how much memory: from a job's stored units to its stored batches.

    python benchmarks/planning.py [SEGMENTS] [--profile ID]

Stores units of a game's usual make (messages of one to four lines, control codes in every fifth, a glossary entry in
every tenth, scenes of 5 to 80) and plans them in a process of its own, as a job does, with the profile's own batch
size. Prints what it took and the peak of memory, of that process and of one that has only loaded the program and
opened the database.
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from generated import sentence
from programs import program

from translator.core.languages import language
from translator.core.segment import Limits, Role
from translator.core.work import GlossaryEntry
from translator.engine import plan
from translator.engine.desk import Desk
from translator.formats import all_formats
from translator.games import all_games
from translator.profiles import all_profiles
from translator.store import Store
from translator.store.rows import BatchRow, JobRow, UnitRow

_GAME, _FORMAT = "rpgmaker_mv", "rpgmaker_mv"
_WINDOW = Limits(columns=52, lines=4, wrap=True)
_CODES = (r"\C[2]", r"\V[10]", r"\N[1]")
_ENTRIES = tuple(GlossaryEntry(f"鐘{n}", f"钟{n}", "场所") for n in range(200))


def rows(segments: int) -> Iterator[UnitRow]:
    """Units as reading stores them."""
    chance = random.Random(1)
    scene = left = 0
    for number in range(segments):
        if not left:
            scene, left = scene + 1, chance.randint(5, 80)
        left -= 1
        text = sentence(chance, number)
        if number % 5 == 0:
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(_CODES) + text[at:]
        if number % 3 == 0:
            text = text.replace("、", "、\n", 1)
        yield UnitRow(
            hash=hashlib.blake2b(text.encode(), digest_size=16).digest(),
            source=text,
            role=Role.DIALOGUE,
            scene=f"data/Map{scene // 40:03}.json#{scene}",
            format=_FORMAT,
            limits=_WINDOW,
            speaker="アリス" if number % 2 else None,
            glossary=(_ENTRIES[number % 200],) if number % 10 == 0 else (),
        )


def create(path: Path, segments: int) -> None:
    """A database with a job that has read so many units."""
    with Store.open(path) as store:
        job = store.create_job(
            kind="game", input="in", output="out", source_language="ja", target_language="zh-CN", model="sakura",
            recipe="{}", recipe_digest="d", options="{}", program_version="0", server="",
        )  # fmt: skip
        store.add_units(store.begin_run(job.id), rows(segments))


def plan_all(store: Store, job: JobRow, profile: str) -> int:
    """Plan all of a job; how many batches it came to."""
    found = all_profiles(Path("/nonexistent"))[profile]
    markups = {_FORMAT: all_games()[_GAME].info.markup.joined(all_formats()[_FORMAT].info.markup)}
    desk = Desk(found, language("ja"), language("zh-CN"), "sakura", found.budget.num_ctx, markups)
    made = 0

    def batches() -> Iterator[BatchRow]:
        nonlocal made
        for batch in plan.plan(store.unbatched_units(job), desk=desk, first_id=store.next_batch(job)):
            made += 1
            yield BatchRow(batch.id, batch.scene, batch.after, [unit.id for unit in batch.units])

    store.assign_batches(job, batches())
    return made


def measure(path: Path, profile: str, *, empty: bool) -> None:
    """Plan the database's job, or only open it, and print what that took."""
    with Store.open(path) as store:
        (job,) = store.jobs()
        began, cpu = time.perf_counter(), time.process_time()
        made = 0 if empty else plan_all(store, job, profile)
        took = {"wall": time.perf_counter() - began, "cpu": time.process_time() - cpu, "batches": made}
    print(json.dumps(took))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("segments", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--profile", default="sakura-v1.0")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--create", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--empty", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.create is not None:
        create(given.create, given.segments)
        return
    if given.measure is not None:
        measure(given.measure, given.profile, empty=given.empty)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "jobs.db")
        again = (sys.executable, __file__)
        program(*again, str(given.segments), "--create", path)
        empty = program(*again, "--measure", path, "--empty")
        planned = program(*again, "--measure", path, "--profile", given.profile)
        took = json.loads(planned.output)
        print(
            f"{given.segments:,} segments in {took['batches']:,} batches: {took['wall']:.1f} s of wall,"
            f" {took['cpu']:.1f} s of CPU, {given.segments / took['wall']:,.0f} segments/s;"
            f" peak {planned.peak / 1e6:.0f} MB (with nothing planned: {empty.peak / 1e6:.0f} MB)"
        )


if __name__ == "__main__":
    main()
