"""Jobs in processes of their own against a simulated server, and what must hold after any fault."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from translator.core.jsonvalue import as_object, get_list, get_str
from translator.core.work import State
from translator.store.rows import STATE_NUMBERS
from translator.testing.ollama_server import answer
from translator.testing.served import Served
from translator.testing.simulated import Simulated, simulated

HASTY = Path(__file__).with_name("hasty.py")
SAMPLE_GAME = Path(__file__).parents[2] / "samples" / "rpgmaker_mv"
QUICK = {"patience": 20.0, "at_first": 1.0, "pause": 0.02, "longest_pause": 0.2}
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        return as_object(json.loads(self.out))

    def count(self, name: str) -> int:
        """A number of the summary."""
        value = self.summary[name]
        assert isinstance(value, int)
        return value


@dataclass(frozen=True, slots=True)
class Job:
    """A novel (or whatever `kind` says) that the program translates with a database of its own, or a shared one."""

    book: Path
    out: Path
    db: Path
    home: Path
    kind: str = "novel"
    running: "list[subprocess.Popen[str]]" = field(default_factory=list["subprocess.Popen[str]"])

    def start(
        self,
        host: str,
        *more: str,
        limits: Mapping[str, float] = QUICK,
        stall: float | None = None,
        wait: float | None = None,
        back: str = "",
    ) -> "subprocess.Popen[str]":
        """Start the program on it, with limits as `hasty.py` takes them."""
        given = {"stall": stall, "wait": wait}
        setup = {"limits": dict(limits), "back": back, **{name: value for name, value in given.items() if value}}
        words = ("--model", "sakura", "--host", host, "--db", self.db, "--out", self.out, "--json", "--quiet", *more)
        command = [sys.executable, HASTY, json.dumps(setup), self.kind, self.book, *words]
        process = subprocess.Popen(
            [str(word) for word in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "HOME": str(self.home)},
        )
        self.running.append(process)
        return process

    def end(self, process: "subprocess.Popen[str]") -> Ended:
        """Wait until the program ends; it never shows a traceback."""
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        assert "should not happen" not in out + err, out + err
        return Ended(process.returncode, out, err)

    def run(self, host: str, *more: str, limits: Mapping[str, float] = QUICK, stall: float | None = None) -> Ended:
        """Run the program on it to the end."""
        return self.end(self.start(host, *more, limits=limits, stall=stall))

    def wait_for(self, process: "subprocess.Popen[str]", table: str, least: int = 1) -> None:
        """Until the run has stored so many of something."""
        while self.count(table) < least:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        rows = self.rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - the tests' own names
        return int(str(rows[0][0])) if rows else 0

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database answers; nothing where it is not made yet."""
        if not self.db.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True, timeout=30)) as connection:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError:
                return []

    def settled(self) -> set[str]:
        """The texts whose translation is stored."""
        number = STATE_NUMBERS[State.TRANSLATED]
        return {str(source) for (source,) in self.rows(f"SELECT source FROM units WHERE state = {number}")}  # noqa: S608

    def assert_sound(self) -> None:
        """The database is whole, and every text in it is in one of the states that there are."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        states = {state for (state,) in self.rows("SELECT state FROM units")}
        assert states <= set(STATE_NUMBERS.values())
        translated = STATE_NUMBERS[State.TRANSLATED]
        assert not self.rows(f"SELECT id FROM units WHERE (target IS NULL) = (state = {translated})")  # noqa: S608

    def assert_done(self, ended: Ended) -> None:
        """Every line of the output is right or listed as failed and as it was; so says the summary, too."""
        self.assert_sound()
        assert ended.status in (0, 1), ended.err + ended.out
        summary = ended.summary
        problems = [as_object(problem) for problem in get_list(summary, "problems")]
        failed = {get_str(problem, "source") for problem in problems if problem["failed"] is True}
        assert ended.count("segments") == ended.count("translated") + ended.count("kept") + ended.count("failed")
        assert (ended.status == 0) == (not failed)
        for path in sorted(self.book.iterdir()):
            there = self.out / path.name
            targets = there if there.exists() else path
            lines = zip(lines_of(path), lines_of(targets), strict=True)
            assert [(s, t) for s, t in lines if t != answer(s) and not (s == t and s in failed)] == []


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def text(number: int) -> str:
    """A line that no other number has, without anything but letters."""
    said = "".join(DIGITS[int(digit)] for digit in str(number))
    return f"となりの庭で{said}番の鐘が鳴り、いとこたちはまた歩き出した。"


@pytest.fixture
def new_job(tmp_path: Path) -> Iterator[Callable[..., Job]]:
    """Make a novel of some chapters of 20 lines; `first`: the number of its first line."""
    made: list[Job] = []

    def make(*, chapters: int = 5, first: int = 0, db: Path | None = None) -> Job:
        name = f"novel{len(made)}"
        book = tmp_path / name
        book.mkdir()
        for chapter in range(chapters):
            numbers = range(first + 20 * chapter, first + 20 * chapter + 20)
            path = book / f"{chapter:02}.txt"
            path.write_text("".join(f"{text(number)}\n" for number in numbers), encoding="utf-8")
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        made.append(Job(book, tmp_path / f"{name}-out", db or tmp_path / f"{name}.db", home))
        return made[-1]

    yield make
    for job in made:
        for process in job.running:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def game(tmp_path: Path, new_job: Callable[..., Job]) -> Job:
    """The sample game: it has names, which are asked before the texts."""
    root = tmp_path / "game"
    shutil.copytree(SAMPLE_GAME, root)
    return replace(new_job(chapters=0), book=root, kind="game")


@pytest.fixture
def job(new_job: Callable[..., Job]) -> Job:
    return new_job()


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Simulated]]:
    """Start a simulated server with more options; its slots write 800 tokens/s, so that a job takes seconds."""
    with ExitStack() as running:

        def start(*options: str | float, name: str = "server") -> Simulated:
            usual = ("--slots", 2, "--prefill", 50_000, "--decode", 800)
            return running.enter_context(simulated(tmp_path / f"{name}.jsonl", *usual, *options))

        yield start


@pytest.fixture
def asked() -> Callable[[Sequence[Served]], Counter[str]]:
    """How often each line was asked for, in requests that were served whole and well."""

    def count(served: Sequence[Served]) -> Counter[str]:
        good = (one for one in served if not one.aborted and one.fault is None)
        return Counter(line for one in good for line in one.text.split("\n"))

    return count


@pytest.fixture(autouse=True)
def undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has decided anything in the environment."""
    for name in list(os.environ):
        if name.startswith(("TRANSLATE_", "OLLAMA_", "OPENAI_", "XDG_")):
            monkeypatch.delenv(name)
