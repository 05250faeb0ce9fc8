"""How fast texts are taken out of files: megabytes a second for each format, against the usual library's plain parse.

    python benchmarks/extraction.py [FOLDER]...

Without folders the samples are read, and the corpora beside the checkout where they are. Each file is opened with the
options that its game gives it, from bytes in memory, and each of its texts is looked at. Seconds are the processor's,
the least of seven rounds in turn with those of the library, and neither keeps what it has read. Promised: JSON formats
a third of `json.loads`, Ruby Marshal the speed of the package rubymarshal (pip install rubymarshal); for less than
0.3 MB nothing is compared. Exits with 1 when one is slower.
"""

import contextlib
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from turns import best

from translator.core.document import FormatError
from translator.formats import all_formats
from translator.workflow.errors import WorkflowError
from translator.workflow.inputs import InputFile, find_source, read_blob
from translator.workflow.options import InputOptions

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 7
TELLING = 0.3
"""Megabytes from which on a comparison says anything: below, it is what opening a file costs."""
MARSHAL = (".rvdata2", ".rvdata", ".rxdata")
LEAST = {"json": 1 / 3, "rubymarshal": 1.0}
Parse = Callable[[bytes], object]


def folders() -> Iterator[Path]:
    """What is measured where nothing is named."""
    for place in (HERE / "samples", HERE.parent / "shared" / "corpora"):
        if place.is_dir():
            yield from sorted(path for path in place.iterdir() if path.is_dir())


def files(folder: Path) -> list[tuple[InputFile, bytes]]:
    """The files of a game or of a folder, with their bytes."""
    try:
        source = find_source(InputOptions(folder), source="ja", target=None)
    except WorkflowError as error:
        print(f"{folder.name}: {error}", file=sys.stderr)
        return []
    return [(file, read_blob(file)) for file in source.files]


def library(name: str) -> tuple[str, Parse] | None:
    """The plain parse of a file of this name, None where there is nothing to compare with."""
    if name.endswith((".json", ".trans")):
        return "json", lambda blob: json.loads(blob.decode("utf-8-sig"))
    if name.endswith(MARSHAL):
        with contextlib.suppress(ImportError):
            loads: Parse = importlib.import_module("rubymarshal.reader").loads
            return "rubymarshal", loads
    return None


def opened(known: list[tuple[InputFile, bytes]]) -> int:
    """Open all and look at each text (a document may put them off until then); how many there are."""
    count = 0
    for file, blob in known:
        with contextlib.suppress(FormatError):
            count += sum(1 for _ in all_formats()[file.format].open(blob, options=file.options).segments)
    return count


def main() -> int:
    """Print a line for each format of each folder; 1 when one is slower than promised."""
    good = True
    print(f"{'folder':<28} {'format':<16} {'files':>5} {'MB':>7} {'texts':>8} {'MB/s':>7}  of the library's")
    for folder in map(Path, sys.argv[1:]) if len(sys.argv) > 1 else folders():
        groups: dict[tuple[str, str | None], list[tuple[InputFile, bytes]]] = {}
        for file, blob in files(folder):
            known = library(file.path.name)
            groups.setdefault((file.format, known and known[0]), []).append((file, blob))
        for (name, against), group in groups.items():
            size = sum(len(blob) for _, blob in group) / 1e6
            seconds, plain = best(ROUNDS, partial(opened, group), partial(parsed, readable(group)))
            line = f"{folder.name[:28]:<28} {name:<16} {len(group):>5} {size:7.2f}"
            line += f" {opened(group):>8} {size / seconds:7.2f}"
            if against is not None and size < TELLING:
                line += f"  too little to compare with {against}"
            elif against is not None:
                ratio, least = plain / seconds, LEAST[against]
                good &= ratio >= least
                line += f"  {ratio:.2f} of {against}, at least {least:.2f}  {'ok' if ratio >= least else 'UNDER'}"
            print(line)
    return 0 if good else 1


def readable(group: list[tuple[InputFile, bytes]]) -> list[tuple[Parse, bytes]]:
    """The files that the library can read at all, with its function for each."""
    found: list[tuple[Parse, bytes]] = []
    for file, blob in group:
        known = library(file.path.name)
        if known is None:
            continue
        try:
            known[1](blob)
        except Exception as error:  # noqa: BLE001 - whatever it cannot read is told, and then counts for nothing
            print(f"{file.path}: {known[0]} cannot read it: {error!r}", file=sys.stderr)
            continue
        found.append((known[1], blob))
    return found


def parsed(known: list[tuple[Parse, bytes]]) -> None:
    """Read all plainly."""
    for parse, blob in known:
        parse(blob)


if __name__ == "__main__":
    sys.exit(main())
