"""Reading the texts of RPG Maker XP, VX and VX Ace files against rubymarshal reading the same files.

    python benchmarks/ruby_marshal.py FOLDER... [megabytes, default 20]

The folders are games (their `Data`). Files are taken again and again until there are so many bytes. `rubymarshal` is no
dependency of the project: install it beside (`pip install --target DIR rubymarshal`, PYTHONPATH=DIR). Scripts are left
out for both: the library does not unpack them (and reads none of VX Ace's), so that their time is given by itself.
Extracting the texts must be at least as fast as its plain reading; the ratio is taken in one run on one machine, file
by file in turn.
"""

import importlib
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import cast

from translator.core.collector import collector_paused
from translator.core.document import FormatOptions
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_values import RubyString
from translator.formats import all_formats

FORMAT = all_formats()["rpgmaker_rgss"]


def loader() -> Callable[[bytes], object]:
    """The library's `loads`."""
    try:
        return cast("Callable[[bytes], object]", importlib.import_module("rubymarshal.reader").loads)
    except ImportError as error:
        raise SystemExit(
            "rubymarshal is not installed: pip install --target DIR rubymarshal, PYTHONPATH=DIR"
        ) from error


def readable(path: Path, loads: Callable[[bytes], object]) -> bool:
    """Whether a file is the format's own, and both can read it."""
    if path.stem == "Scripts" or not FORMAT.sniff(PurePosixPath("Data", path.name), path.read_bytes()[:65536]):
        return False
    try:
        loads(path.read_bytes())
    except (ValueError, TypeError, KeyError) as error:
        print(f"left out: {path} ({type(error).__name__} in rubymarshal)")
        return False
    return True


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, without the cycle collector, which only costs time here."""
    with collector_paused():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def scripts(folders: list[Path]) -> None:
    """Print how fast the scripts' texts are extracted, in MB of compressed files and of source."""
    packed = source = 0
    spent = 0.0
    for path in (found for folder in folders for found in sorted(folder.glob("[Dd]ata/Scripts.r*data*"))):
        blob = path.read_bytes()
        options = FormatOptions(name=PurePosixPath("Data", path.name))
        spent += seconds(lambda blob=blob, options=options: FORMAT.open(blob, options=options))
        packed += len(blob)
        read = read_marshal(blob)
        for node in read.objects:
            if isinstance(node, RubyString) and read.raw(node)[:1] == b"\x78":
                source += len(zlib.decompress(read.raw(node)))
    if packed:
        print(f"scripts: {packed / spent / 1e6:.2f} MB/s as files, {source / spent / 1e6:.2f} MB/s of source")


def main() -> None:
    """Print a line for each game, and the sum; exit with 1 when the promise is broken."""
    numbers = [word for word in sys.argv[1:] if word.isdecimal()]
    wanted = int(numbers[0]) * 1_000_000 if numbers else 20_000_000
    loads = loader()
    total, ours, plain, theirs = 0, 0.0, 0.0, 0.0
    folders = [Path(word) for word in sys.argv[1:] if not word.isdecimal()]
    for folder in folders:
        files = [path for path in sorted(folder.glob("[Dd]ata/*.r*data*")) if readable(path, loads)]
        blobs = [(PurePosixPath("Data", path.name), path.read_bytes()) for path in files]
        size = sum(len(blob) for _, blob in blobs)
        rounds = max(1, wanted // max(1, size) // max(1, len(sys.argv) - 1 - len(numbers)))
        extract = read = library = 0.0
        segments = 0
        for _ in range(rounds):
            segments = 0
            for name, blob in blobs:
                options = FormatOptions(name=name)
                library += seconds(lambda blob=blob: loads(blob))
                read += seconds(lambda blob=blob: read_marshal(blob))
                extract += seconds(lambda blob=blob, options=options: FORMAT.open(blob, options=options))
                segments += len(FORMAT.open(blob, options=options).segments)
        mb = size * rounds / 1e6
        print(
            f"{folder.name:40} {len(files):4} files {size / 1e6:5.2f} MB x{rounds:<4} {segments:6} texts  "
            f"rubymarshal {mb / library:5.2f} MB/s  reading {mb / read:5.2f}  extracting {mb / extract:5.2f}  "
            f"{library / extract:4.2f}x"
        )
        total, ours, plain, theirs = total + size * rounds, ours + extract, plain + read, theirs + library
    mb = total / 1e6
    scripts(folders)
    print(
        f"together: rubymarshal {mb / theirs:.2f} MB/s, reading {mb / plain:.2f}, extracting {mb / ours:.2f}: "
        f"{theirs / ours:.2f}x (promised: at least 1x)"
    )
    raise SystemExit(theirs < ours)


if __name__ == "__main__":
    main()
