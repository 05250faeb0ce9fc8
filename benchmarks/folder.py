"""The most memory that looking at a large game takes: 2 GB in 3,000 files, a million texts in them.

    python benchmarks/folder.py [--segments 500000] [--gigabytes 2]

An RPG Maker MV game is generated with so many texts; pictures and sounds fill it up (sparse files: a scan must not read
them). `translate scan`, `scan --roundtrip` and `scan --held-back` run over it, each in a process of its own.
At most 300 MB are promised. Exits with 1 when one takes more.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import generated
from programs import program

MB = 1_000_000
MOST = 300 * MB
ASSETS = 2000


def fill(folder: Path, size: int) -> None:
    """Pictures and sounds of so many bytes in all."""
    for number in range(ASSETS):
        place = folder / ("img" if number % 2 else "audio") / f"{number:04}.{'png' if number % 2 else 'ogg'}"
        place.parent.mkdir(exist_ok=True)
        with place.open("wb") as stream:
            stream.truncate(size // ASSETS)


def main() -> int:
    """Measure and print; 1 when it is too much."""
    parser = argparse.ArgumentParser(description="The memory that looking at a large game takes.")
    parser.add_argument("--segments", type=int, default=500_000)
    parser.add_argument("--gigabytes", type=float, default=2.0)
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "game")
        generated.game(folder, segments=options.segments, files=1000)
        text = sum(file.stat().st_size for file in folder.rglob("*.json"))
        fill(folder, max(int(options.gigabytes * 1000 * MB) - text, 0))
        print(f"{options.segments:,} texts in {text / MB:.0f} MB of JSON, {options.gigabytes:g} GB in all")
        for way in ("", "--roundtrip", "--held-back"):
            command = [
                sys.executable,
                "-m",
                "translator.cli",
                "scan",
                str(folder),
                "--quiet",
                "--json",
                *filter(None, [way]),
            ]
            took = program(*command, may_fail=False)
            good &= took.peak <= MOST
            verdict = "ok" if took.peak <= MOST else "OVER"
            print(f"scan {way:<12} {took.peak / MB:6.0f} MB, at most {MOST / MB:.0f} MB; {took.wall:.1f} s  {verdict}")
            sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
