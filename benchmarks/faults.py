"""A job with 14 kinds of faults in it against the same job without: what comes out, and what it costs.

    python benchmarks/faults.py [--lines 3000] [--scenes 40] [--seed N] [--factor F]

An MV game of 3,000 different lines in 40 scenes with 520 control codes goes through the whole program against a
simulated server (translator.testing.simulated_server) whose right answer follows from the text, so that each line of
the output can be judged: it must be right, with its codes, or be listed as failed and stand as it was. A line whose
codes were put back by rule, and which is flagged for that, is right but for their places.

What the server wrote counts as output tokens, also what nobody read; with faults it is at most 1.15 times that of the
clean run. Ends with status 1 where a promise is not kept.
"""

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mv_json import command, editor_form
from programs import program

from translator.core.jsonvalue import as_object, get_int, get_list, get_str
from translator.testing.ollama_server import answer
from translator.testing.served import Served
from translator.testing.simulated import simulated
from translator.testing.simulated_faults import RATES
from translator.testing.simulation import tokens

MOST_TOKENS = 1.15
CODES = 520
SLOTS, PREFILL, DECODE = 4, 20_000, 1_000

# No word of the glossaries that come with the program is among them: the simulated model follows no glossary.
_SUBJECTS = ("いとこたち", "となりの娘", "旅のうた手", "老いた猫", "若いパン屋", "庭の番人", "丘の画家", "黒い影")
_PLACES = ("しずかな丘", "古い時計台", "松の林", "港のはずれ", "雪の坂", "赤い橋", "広い庭", "川の岸")
_ENDS = ("歩き出した。", "眠りについた。", "手を振っている。", "何も言わない。", "歌っている。", "待っていた。")
_DIGITS = "一二三四五六七八九十"
_PAIRS = ("\\C[2]", "\\C[14]")
_CODE = re.compile(r"\\[A-Za-z]\[\d+\]|\\\.")
_SINGLES = ("\\V[12]", "\\N[1]", "\\I[64]", "\\.")


@dataclass(frozen=True, slots=True)
class Judged:
    """The lines of an output.

    mended: those among the right ones that are flagged and whose codes may stand elsewhere. failed: (source, reason)
    of those that are listed as failed. codes: how many of the input's codes stand in the right lines and these.
    """

    right: int
    mended: int
    failed: tuple[tuple[str, str], ...]
    wrong: tuple[tuple[str, str], ...]
    codes: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program. seconds: wall time."""

    judged: Judged
    served: Sequence[Served]
    seconds: float
    retries: int

    @property
    def written(self) -> int:
        """The tokens that the server wrote, also those that nobody read."""
        return sum(served.output_tokens for served in self.served)


def texts(count: int) -> list[str]:
    """So many different lines, each short enough for one line of a message; 520 codes in every 3,000."""
    chance = random.Random(20261124)
    pairs = set(chance.sample(range(count), CODES * count // 3000 // 4))
    singles = set(chance.sample([n for n in range(count) if n not in pairs], CODES * count // 3000 // 2))
    found: list[str] = []
    for number in range(count):
        said = "".join(_DIGITS[int(digit)] for digit in str(number))
        subject, place, end = chance.choice(_SUBJECTS), chance.choice(_PLACES), chance.choice(_ENDS)
        if number in pairs:
            subject = f"{chance.choice(_PAIRS)}{subject}\\C[0]"
        text = f"{subject}は{place}の{said}番で{end}"
        if number in singles:
            at = chance.randrange(len(text) + 1)
            text = f"{text[:at]}{chance.choice(_SINGLES)}{text[at:]}"
        found.append(text)
    return found


def codes(text: str) -> int:
    """How many codes stand in a text."""
    return text.count("\\")


def equal_but_for_places(one: str, other: str) -> bool:
    """Whether two texts have the same letters, and the same codes wherever."""
    return _CODE.sub("", one) == _CODE.sub("", other) and sorted(_CODE.findall(one)) == sorted(_CODE.findall(other))


def write_game(folder: Path, lines: Sequence[str], scenes: int) -> None:
    """An MV game with one map for each scene, one message for each line."""
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "Game.rpgproject").write_text("RPGMV 1.6.2", encoding="utf-8")
    system: dict[str, object] = {"gameTitle": "", "locale": "ja_JP", "versionId": 1, "terms": {}}
    infos: list[object] = [None]
    for scene in range(scenes):
        part = lines[len(lines) * scene // scenes : len(lines) * (scene + 1) // scenes]
        commands = [made for line in part for made in (command(101, "", 0, 0, 2), command(401, line))]
        page: dict[str, object] = {"conditions": {}, "list": [*commands, command(0)], "moveType": 0}
        event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page], "x": 0, "y": 0}
        blob = editor_form({"autoplayBgm": False, "displayName": "", "note": "", "events": [None, event]})
        (data / f"Map{scene + 1:03}.json").write_bytes(blob)
        infos.append({"id": scene + 1, "expanded": False, "name": "", "order": scene + 1, "parentId": 0})
    (data / "System.json").write_text(json.dumps(system), encoding="utf-8")
    (data / "MapInfos.json").write_text(json.dumps(infos), encoding="utf-8")


def read_game(folder: Path) -> Iterator[str]:
    """The messages' lines of a game that `write_game` made, in order; those of one message joined."""
    for path in sorted((folder / "data").glob("Map0*.json")):
        found = as_object(json.loads(path.read_text(encoding="utf-8")))
        page = as_object(get_list(as_object(get_list(found, "events")[1]), "pages")[0])
        message: list[str] = []
        for made in map(as_object, get_list(page, "list")):
            if get_int(made, "code") == 401:
                message.append(str(get_list(made, "parameters")[0]))
            elif message:
                yield "".join(message)
                message = []


def judge(lines: Sequence[str], out: Path, summary: dict[str, object]) -> Judged:
    """Compare an output with the right one."""
    problems = [as_object(problem) for problem in get_list(summary, "problems")]
    listed = {get_str(p, "source"): get_str(p, "reason") for p in problems if p.get("failed") is True}
    flagged = {get_str(p, "source") for p in problems if p.get("failed") is False}
    right = mended = kept = 0
    failed: list[tuple[str, str]] = []
    wrong: list[tuple[str, str]] = []
    for source, target in zip(lines, read_game(out), strict=True):
        if target == answer(source):
            right += 1
        elif source in flagged and equal_but_for_places(target, answer(source)):
            right += 1
            mended += 1
        elif target == source and source in listed:
            failed.append((source, listed[source]))
        else:
            wrong.append((source, target))
            continue
        kept += codes(source)
    return Judged(right, mended, tuple(failed), tuple(wrong), kept)


def run(folder: Path, lines: Sequence[str], scenes: int, *faults: str | float) -> Run:
    """The whole program on the game with a server of its own."""
    game, out = folder / "game", folder / "out"
    write_game(game, lines, scenes)
    options = ("--slots", SLOTS, "--prefill", PREFILL, "--decode", DECODE, *faults)
    with simulated(folder / "log", *options) as server:
        words = ("--model", "sakura", "--host", server.host, "--db", folder / "db", "--out", out, "--json", "--quiet")
        began = time.perf_counter()
        took = program(sys.executable, "-m", "translator.cli", "game", game, *words, may_fail=True)
        seconds = time.perf_counter() - began
        served = server.served()
    summary = as_object(json.loads(took.output))
    if "error" in summary:
        raise RuntimeError(f"status {took.status}\n{took.errors}{took.output}")
    return Run(judge(lines, out, summary), served, seconds, get_int(summary, "retries"))


def show(name: str, done: Run, total: int) -> None:
    """Print what a run came to."""
    judged = done.judged
    right, failed, wrong = judged.right, len(judged.failed), len(judged.wrong)
    print(f"{name}: {right} of {total} lines right, {failed} listed as failed, {wrong} wrong")
    print(f"  of the right ones, with codes put back by rule and flagged: {judged.mended}")
    print(f"  codes kept or listed: {judged.codes}")
    print(f"  requests {len(done.served)}, asked again {done.retries}, wall {done.seconds:.1f} s")
    print(f"  tokens written {done.written}, read anew {sum(served.read_tokens for served in done.served)}")
    for source, reason in judged.failed[:5]:
        print(f"  failed: {source!r}: {reason}")
    for source, target in judged.wrong[:5]:
        print(f"  wrong: {source!r} → {target!r}, not {answer(source)!r}")


def main() -> None:
    """Run both and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=3000)
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--seed", type=int, default=4, help="of the faults; the texts are always the same")
    parser.add_argument("--factor", type=float, default=1.0, help="how many times the usual rates of the faults")
    given = parser.parse_args()
    lines = texts(given.lines)
    total = sum(map(codes, lines))
    size = sum(len(tokens(line)) for line in lines)
    print(f"{len(set(lines))} different lines in {given.scenes} scenes, {total} codes, {size} tokens; {SLOTS} slots")
    with tempfile.TemporaryDirectory(prefix="honyaku-faults-") as name:
        for part in ("clean", "faulty"):
            (Path(name) / part).mkdir()
        clean = run(Path(name) / "clean", lines, given.scenes)
        show("clean", clean, len(lines))
        faults = ("--faults", f"all*{given.factor}", "--seed", given.seed)
        faulty = run(Path(name) / "faulty", lines, given.scenes, *faults)
        show("with faults", faulty, len(lines))
    struck = Counter(served.fault for served in faulty.served if served.fault)
    print(f"  faults: {sum(struck.values())}: {', '.join(f'{kind} {count}' for kind, count in struck.most_common())}")
    ratio = faulty.written / max(clean.written, 1)
    print(f"tokens written, of the clean run's: {ratio:.3f} (at most {MOST_TOKENS})")
    print(f"wall time, of the clean run's: {faulty.seconds / clean.seconds:.2f}")
    missing = [kind.value for kind in RATES if kind.value not in struck]
    if missing:
        print(f"never struck: {', '.join(missing)}")
    good = not missing and not clean.judged.wrong and not faulty.judged.wrong and ratio <= MOST_TOKENS
    good = good and not clean.judged.failed and clean.judged.codes == total == faulty.judged.codes
    raise SystemExit(not good)


if __name__ == "__main__":
    main()
