"""All figures that are promised, measured in one run: ratios where the machine would else decide.

    python benchmarks/run.py [--quick] [--only NAME]...

Prints a line for each figure with its limit, and exits with 1 when one is over it. Real inputs are taken from the
folder that TRANSLATOR_CORPORA names (default: shared/corpora beside the checkout); what is not there is skipped.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import generated
from programs import Took, program

from translator.core.jsonvalue import as_list, as_object, get_int, get_str
from translator.testing.instant import instant_server

HERE = Path(__file__).resolve().parent
CORPORA = Path(os.environ.get("TRANSLATOR_CORPORA", HERE.parent.parent / "shared" / "corpora"))
CORPUS_KINDS = {
    "rpgmaker-mv-parallaxmap": "game",
    "rpgmaker-mz-mystery-rogue": "game",
    "aozora-crime-and-punishment": "novel",
}
KINDS = ("game", "novel")
CLI = ("-m", "translator.cli")
IN_FLIGHT = "8"
MB = 1_000_000

LEAST_PER_SECOND = 2000
MOST_MEMORY = 400 * MB
MOST_OF_JSON = 3.0
MOST_OF_ALONE = 2.0
MOST_FOR_HELP = 0.25
MOST_FOR_LOOPS = 1.0
MOST_FOR_PLANNING = 20
MOST_MEMORY_FOR_PLANNING = 300


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. good: None where nothing is promised, or nothing could be measured."""

    name: str
    value: str
    limit: str = ""
    good: bool | None = None

    def __str__(self) -> str:
        state = {True: "ok", False: "OVER", None: ""}[self.good]
        return f"{self.name:<52} {self.value:>46}  {self.limit:<22} {state}"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is generated: segments and files for speed, for memory, megabytes of JSON for each set, and segments to
    plan.
    """

    segments: int
    files: int
    most_segments: int
    most_files: int
    megabytes: int
    planned: int


FULL = Size(100_000, 500, 500_000, 1000, 50, 1_000_000)
QUICK = Size(20_000, 100, 20_000, 100, 5, 100_000)


class Bench:
    """Measures; what several figures need is made once. Everything is written under `folder`."""

    def __init__(self, folder: Path, size: Size, host: str) -> None:
        self._folder = folder
        self._size = size
        self._host = host

    def figures(self) -> dict[str, Callable[[], Iterator[Figure]]]:
        """What can be measured, by name."""
        return {
            "help": self.help,
            "roundtrip": self.roundtrip,
            "json": self.json,
            "loops": self.loops,
            "planning": self.planning,
            "prompts": self.prompts,
            "scheduling": self.scheduling,
            "faults": self.faults,
            "model": self.model,
            "client": self.client,
            "speed": self.speed,
            "again": self.again,
            "memory": self.memory,
        }

    def help(self) -> Iterator[Figure]:
        """How soon `translate --help` is there, the best of five."""
        installed = Path(sys.executable).with_name("translate")
        command = [installed] if installed.is_file() else [sys.executable, *CLI]
        best = min(program(*command, "--help").wall for _ in range(5))
        bare = min(program(sys.executable, "-c", "pass").wall for _ in range(5))
        value = f"{best:.3f} s (python -c pass: {bare:.3f} s)"
        yield Figure("translate --help", value, f"at most {MOST_FOR_HELP:g} s", best <= MOST_FOR_HELP)

    def roundtrip(self) -> Iterator[Figure]:
        """Whether every byte of the real inputs comes back; a file without text must be explained."""
        for name, kind in CORPUS_KINDS.items():
            path = CORPORA / name
            if not path.is_dir():
                yield Figure(f"roundtrip of {name}", "skipped: it is not here")
                continue
            took = program(sys.executable, *CLI, "scan", "--roundtrip", "--kind", kind, path, "--json", may_fail=True)
            report = as_object(json.loads(took.output))
            files = [as_object(file) for file in as_list(report["files"])]
            back = [f for f in files if f["identical"] is True and f["restored"] is True and f["error"] is None]
            empty = [f for f in files if get_int(f, "segments") == 0]
            said = [f for f in empty if get_str(f, "note") not in ("", "no text in it")]
            value = (
                f"{len(back)} of {len(files)} files, {get_int(report, 'bytes') / MB:.1f} MB; "
                f"{len(empty)} without text, {len(said)} explained"
            )
            yield Figure(f"roundtrip of {name}", value, "all", len(back) == len(files) > 0 and len(said) == len(empty))

    def json(self) -> Iterator[Figure]:
        """Reading and writing MV JSON against the standard library."""
        took = run_script("mv_json.py", str(self._size.megabytes), may_fail=True)
        worst = float(_found(r"at most ([0-9.]+)x", took)[1])
        yield Figure(
            f"MV JSON, {self._size.megabytes} MB a set, of json.loads + dumps",
            f"{worst:.2f} x",
            f"at most {MOST_OF_JSON:g} x",
            worst <= MOST_OF_JSON,
        )

    def loops(self) -> Iterator[Figure]:
        """The share of a core that watching answers takes at 1,000 tokens a second, on the worst kind of text."""
        took = run_script("loops.py", may_fail=True)
        share = float(_found(r"worst ([0-9.]+)%", took)[1])
        yield Figure(
            "watching answers for loops, at 1,000 tokens/s",
            f"{share:.2f} % of a core",
            f"at most {MOST_FOR_LOOPS:g} %",
            share <= MOST_FOR_LOOPS,
        )

    def planning(self) -> Iterator[Figure]:
        """From a job's stored units to its stored batches."""
        took = run_script("planning.py", str(self._size.planned))
        found = _found(r"([0-9.]+) s of wall.* peak ([0-9]+) MB", took)
        seconds, peak = float(found[1]), int(found[2])
        yield Figure(
            f"planning {self._size.planned:,} segments",
            f"{seconds:.1f} s, {peak} MB",
            f"{MOST_FOR_PLANNING} s, {MOST_MEMORY_FOR_PLANNING} MB",
            seconds <= MOST_FOR_PLANNING and peak <= MOST_MEMORY_FOR_PLANNING,
        )

    def prompts(self) -> Iterator[Figure]:
        """The prompt tokens read anew beyond the source's own, for each token of the source."""
        rows = run_script("prompts.py").output.splitlines()[2:]
        for row in rows:
            title, glossary, *_, cached, extra = (part.strip() for part in re.split(r" {2,}", row))
            value = f"{extra} for each source token; {cached} cached"
            yield Figure(f"read anew, context {title}, glossary {glossary}", value)

    def scheduling(self) -> Iterator[Figure]:
        """Wall time of the ideal at a simulated server that does not tell its slots, and the slots found."""
        took = run_script("scheduling.py", *(["--quick"] if self._size == QUICK else []), may_fail=True)
        row = re.compile(
            r"(none|pair) +(\d+) +(\d+) +(\d+) +[0-9.]+ +[0-9.]+ +([0-9.]+) +([0-9.]+).* (ok|OVER)$", re.MULTILINE
        )
        rows = list(row.finditer(took.output))
        if not rows:
            raise RuntimeError(took.errors or took.output)
        for policy, files, slots, seen, ratio, limit, verdict in (found.groups() for found in rows):
            name = f"scheduling, context {policy}, files {files}, slots {slots}"
            yield Figure(name, f"{ratio} x ideal; {seen} slots found", f"{limit} x, within 1", verdict == "ok")

    def faults(self) -> Iterator[Figure]:
        """What comes of a job with 14 kinds of faults in it, and the tokens that it costs."""
        took = run_script("faults.py", may_fail=True)
        ratio = _found(r"of the clean run's: ([0-9.]+) \(at most ([0-9.]+)\)", took)
        lines = _found(r"with faults: (.* lines right, .* wrong)", took)
        yield Figure("faults: 3,000 lines", lines[1], "0 wrong", took.status == 0)
        good = float(ratio[1]) <= float(ratio[2])
        yield Figure("faults: tokens written, of the clean run's", f"{ratio[1]} x", f"at most {ratio[2]} x", good)

    def model(self) -> Iterator[Figure]:
        """The share of a real model's speed that the engine gets out of it, against a bare generator that streams."""
        took = run_script("real_model.py", may_fail=True)
        rows = re.findall(r"^(\d+) slots: ([0-9.]+), at least ([0-9.]+) +(ok|UNDER)$", took.output, re.MULTILINE)
        if not rows:
            raise RuntimeError(took.errors or took.output)
        for slots, ratio, least, verdict in rows:
            name = f"a real model's tokens/s, {slots} slots, of a bare streaming client's"
            yield Figure(name, f"{ratio} x", f"at least {least} x", verdict == "ok")

    def client(self) -> Iterator[Figure]:
        """Requests a second of the client alone."""
        took = run_script("instant_server.py")
        yield Figure("client of Ollama, batches of 10 lines", took.output.strip().rpartition(": ")[2])

    def speed(self) -> Iterator[Figure]:
        """Segments a second from the files to the translated files, with a server that answers at once."""
        for kind in KINDS:
            segments, took = self._jobs[kind]
            rate = segments / took.wall
            value = f"{rate:,.0f}/s ({took.wall:.1f} s, CPU {took.cpu:.1f} s: {segments / took.cpu:,.0f}/s)"
            limit = f"at least {LEAST_PER_SECOND:,}/s"
            yield Figure(f"{kind}, {segments:,} segments, end to end", value, limit, rate >= LEAST_PER_SECOND)

    def again(self) -> Iterator[Figure]:
        """A re-run against reading and writing the files alone, less what the program takes to start."""
        bare = min((program(sys.executable, "-c", "pass") for _ in range(3)), key=lambda took: took.cpu)
        for kind in KINDS:
            given, database, out = self._places(kind)
            _ = self._jobs[kind]
            alone = min(
                (
                    as_object(json.loads(run_script("alone.py", kind, given, database, out, self._new()).output))
                    for _ in "123"
                ),
                key=lambda found: _number(found, "cpu"),
            )
            again = min((self._translate(kind, given, database, out) for _ in range(3)), key=lambda took: took.cpu)
            second = self._translate(kind, given, database, self._new())
            start = self._start(kind)
            cpu, wall = _number(alone, "cpu"), _number(alone, "wall")
            yield Figure(f"{kind}: reading and writing alone", f"CPU {cpu:.2f} s, wall {wall:.2f} s")
            ratio = (again.cpu - bare.cpu) / cpu
            value = f"{ratio:.2f} x CPU, {(again.wall - bare.wall) / wall:.2f} x wall"
            yield Figure(f"{kind}: the same job again", value, f"at most {MOST_OF_ALONE:g} x", ratio <= MOST_OF_ALONE)
            yield Figure("   with Python's own start", f"{again.cpu / cpu:.2f} x CPU, {again.wall / wall:.2f} x wall")
            value = f"{(again.cpu - start.cpu) / cpu:.2f} x CPU, {(again.wall - start.wall) / wall:.2f} x wall"
            yield Figure("   less the program's start (a re-run of one text)", value)
            value = f"{(second.cpu - bare.cpu) / cpu:.2f} x CPU, {(second.wall - bare.wall) / wall:.2f} x wall"
            yield Figure(f"{kind}: another job, all in the memory", value)

    def _start(self, kind: str) -> Took:
        """What the program takes to re-run a job of one text: Python, imports, the database."""
        folder = self._folder / f"one-{kind}"
        given, database, out = folder / "in", folder / "translate.db", folder / "out"
        _generate(kind, given, segments=1, files=1)
        self._translate(kind, given, database, out)
        return min((self._translate(kind, given, database, out) for _ in range(3)), key=lambda took: took.cpu)

    def memory(self) -> Iterator[Figure]:
        """The most memory of a large job, of the same again, and of another that finds all in the memory."""
        for kind in KINDS:
            folder = self._folder / f"large-{kind}"
            given, database, out = folder / "in", folder / "translate.db", folder / "out"
            _generate(kind, given, segments=self._size.most_segments, files=self._size.most_files)
            for title, place in (("", out), (" again", out), (" another job", folder / "out2")):
                took = self._translate(kind, given, database, place)
                value = f"{took.peak / MB:.0f} MB ({self._size.most_segments / took.wall:,.0f}/s)"
                name = f"{kind}, {self._size.most_segments:,} segments in {self._size.most_files:,} files{title}"
                yield Figure(name, value, f"at most {MOST_MEMORY / MB:.0f} MB", took.peak <= MOST_MEMORY)
            shutil.rmtree(folder)

    @cached_property
    def _jobs(self) -> dict[str, tuple[int, Took]]:
        """The first runs, for which everything was asked: the segments and what it took."""
        found: dict[str, tuple[int, Took]] = {}
        for kind in KINDS:
            given, database, out = self._places(kind)
            _generate(kind, given, segments=self._size.segments, files=self._size.files)
            found[kind] = self._size.segments, self._translate(kind, given, database, out)
        return found

    def _places(self, kind: str) -> tuple[Path, Path, Path]:
        folder = self._folder / kind
        return folder / "in", folder / "translate.db", folder / "out"

    def _new(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder)) / "out"

    def _translate(self, kind: str, given: Path, database: Path, out: Path) -> Took:
        """Run the program on an input; raises unless it ends with all translated."""
        words = (kind, given, "--model", "sakura", "--host", self._host, "--db", database, "--out", out)
        return program(sys.executable, *CLI, *words, "--parallel", IN_FLIGHT, "--json", "--quiet")


def _generate(kind: str, folder: Path, *, segments: int, files: int) -> None:
    make = {"game": generated.game, "novel": generated.novel}[kind]
    make(folder, segments=segments, files=files)


def _number(found: dict[str, object], name: str) -> float:
    value = found[name]
    if not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}")
    return float(value)


def _found(pattern: str, took: Took) -> re.Match[str]:
    """What a script printed; raises RuntimeError with all of it where it is not there."""
    found = re.search(pattern, took.output)
    if found is None:
        raise RuntimeError(took.errors or took.output)
    return found


def run_script(name: str, *arguments: str | Path, may_fail: bool = False) -> Took:
    """Run another script of this folder."""
    return program(sys.executable, HERE / name, *arguments, may_fail=may_fail)


def _load() -> str:
    return "unknown" if not hasattr(os, "getloadavg") else " ".join(f"{n:.1f}" for n in os.getloadavg())


def main() -> None:
    """Measure what was asked for and print it as it comes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="smaller inputs; speed and memory say less then")
    parser.add_argument("--only", action="append", metavar="NAME", help="a figure; repeatable")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="honyaku-bench-") as name, instant_server(Path(os.devnull)) as server:
        bench = Bench(Path(name), QUICK if options.quick else FULL, server.host)
        figures = bench.figures()
        only: list[str] = options.only or list(figures)
        if unknown := [figure for figure in only if figure not in figures]:
            parser.error(f"no figure is called {unknown[0]}; there are {', '.join(figures)}")
        print(f"{os.cpu_count()} CPUs, load {_load()}", flush=True)
        good = True
        for figure in (line for name in only for line in figures[name]()):
            print(figure, flush=True)
            good = good and figure.good is not False
        print(f"load {_load()}")
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
