"""Reading and writing back RPG Maker JSON against `json.loads` + `json.dumps` of the same files.

    python benchmarks/mv_json.py [megabytes per set, default 50]

Three sets are made from random text: maps full of messages, maps that are nearly all tiles, and the first one
pretty-printed. Each is opened and written back unchanged, and once with every text changed. What counts is the ratio,
taken in one run on one machine; at most 3 is promised for reading and writing back.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePosixPath

from translator.core.document import FormatOptions
from translator.core.jsonvalue import as_list
from translator.formats import all_formats

FORMAT = all_formats()["rpgmaker_mv"]
OPTIONS = FormatOptions(name=PurePosixPath("data/Map001.json"))
PROMISED = 3.0
LETTERS = "あいうえおかきくけこさしすせそたちつてと月日水火木金土人山川、。"


def line(chance: random.Random) -> str:
    """One line of a message, with a control code now and then."""
    text = "".join(chance.choices(LETTERS, k=chance.randint(4, 24)))
    return f"\\C[{chance.randint(0, 9)}]{text}\\C[0]" if chance.random() < 0.2 else text


def command(code: int, *parameters: object, indent: int = 0) -> dict[str, object]:
    """An event command."""
    return {"code": code, "indent": indent, "parameters": list(parameters)}


def talk(chance: random.Random) -> Iterable[dict[str, object]]:
    """A message, sometimes a choice, sometimes commands without text."""
    yield command(101, chance.choice(("", "Actor1")), 0, 0, 2)
    for _ in range(chance.randint(1, 4)):
        yield command(401, line(chance))
    if chance.random() < 0.1:
        yield command(102, ["はい", "いいえ"], 1, 0, 2, 0)
        yield command(402, 0, "はい")
        yield command(0, indent=1)
        yield command(402, 1, "いいえ")
        yield command(404)
    if chance.random() < 0.5:
        yield command(121, 1, 1, 0)
        yield command(250, {"name": "Door1", "volume": 90, "pitch": 100, "pan": 0})


def game_map(chance: random.Random, *, talks: int, tiles: int) -> dict[str, object]:
    """A map with one event for every twenty messages."""
    events: list[object] = [None]
    for number in range(1, talks // 20 + 1):
        commands = [c for _ in range(20) for c in talk(chance)]
        page: dict[str, object] = {
            "conditions": {},
            "directionFix": False,
            "list": [*commands, command(0)],
            "moveType": 0,
        }
        event: dict[str, object] = {"id": number, "name": f"EV{number:03}", "note": "", "pages": [page], "x": 0}
        events.append(event)
    data = [chance.choice((0, 2048, 2816, 1537)) for _ in range(tiles)]
    return {"autoplayBgm": False, "displayName": "村", "note": "", "tilesetId": 1, "data": data, "events": events}


def editor_form(value: dict[str, object]) -> bytes:
    """As the editor saves a map: one line for each event."""
    head = {name: part for name, part in value.items() if name != "events"}
    events = as_list(value["events"])
    lines = ",\n".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) for event in events)
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return f'{{\n{text[1:-1]},\n"events":[\n{lines}\n]\n}}'.encode()


def pretty(value: dict[str, object]) -> bytes:
    """As people print it, with two spaces."""
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def files(make: Callable[[], bytes], size: int) -> list[bytes]:
    """So many files that they hold `size` bytes, at least."""
    found: list[bytes] = []
    while sum(map(len, found)) < size:
        found.append(make())
    return found


def timed(work: Callable[[], object]) -> float:
    """Seconds, the better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def plain(blobs: list[bytes]) -> None:
    """What the standard library takes."""
    for blob in blobs:
        json.dumps(json.loads(blob.decode()), ensure_ascii=False).encode()


def unchanged(blobs: list[bytes]) -> int:
    """Open and write back; gives the number of texts."""
    count = 0
    for blob in blobs:
        document = FORMAT.open(blob, options=OPTIONS)
        count += len(document.segments)
        if document.render({}) != blob:
            raise SystemExit("a file is not identical")
    return count


def translated(blobs: list[bytes]) -> None:
    """Open and write with every text changed."""
    for blob in blobs:
        document = FORMAT.open(blob, options=OPTIONS)
        document.render({segment.key: f"译{segment.source}" for segment in document.segments})


def main() -> None:
    """Print a line for each set; exit with 1 when the promise is broken."""
    size = int(sys.argv[1]) * 1_000_000 if len(sys.argv) > 1 else 50_000_000
    chance = random.Random(1)
    sets: dict[str, Callable[[], bytes]] = {
        "messages, editor's form": lambda: editor_form(game_map(chance, talks=2000, tiles=5000)),
        "tiles, editor's form": lambda: editor_form(game_map(chance, talks=100, tiles=200_000)),
        "messages, pretty-printed": lambda: pretty(game_map(chance, talks=2000, tiles=5000)),
    }
    worst = 0.0
    print(f"{'':26} {'MB':>4} {'texts':>8} {'loads+dumps':>12} {'unchanged':>16} {'all changed':>16}")
    for name, make in sets.items():
        blobs = files(make, size)
        count = unchanged(blobs)
        base, same, new = (timed(partial(work, blobs)) for work in (plain, unchanged, translated))
        worst = max(worst, same / base)
        total = sum(map(len, blobs)) / 1e6
        print(
            f"{name:26} {total:4.0f} {count:8} {base:10.2f} s {same:8.2f} s {same / base:4.2f}x"
            f" {new:8.2f} s {new / base:4.2f}x"
        )
    print(f"reading and writing back: at most {worst:.2f}x of json.loads + json.dumps (promised: {PROMISED:g}x)")
    raise SystemExit(worst > PROMISED)


if __name__ == "__main__":
    main()
