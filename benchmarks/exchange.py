"""How fast translators' files are read: megabytes a second for PO against polib, for CSV against the module csv.

    python benchmarks/exchange.py FOLDER...

Every file of the folders that `po`, `csv_table`, `xliff` or `tmx` claims is opened from bytes in memory and each of its
texts is looked at; the best of five rounds counts, those of the library in turn with them (XLIFF and TMX are compared
with ElementTree, which is written in C: nothing is promised there). Promised: PO at least polib's speed. Exits with 1
where it is slower on 0.3 MB or more.
"""

import contextlib
import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path, PurePath
from xml.etree import ElementTree as ET

import polib
from turns import best

from translator.core.document import Confidence, FormatError, FormatOptions
from translator.formats import HEAD_SIZE, all_formats

ROUNDS = 5
TELLING = 0.3
FORMATS = ("po", "csv_table", "xliff", "tmx")
Parse = Callable[[bytes], object]
LIBRARIES: dict[str, tuple[str, Parse]] = {
    "po": ("polib", lambda blob: polib.pofile(blob.decode("utf-8"))),
    "csv_table": ("csv", lambda blob: list(csv.reader(io.StringIO(blob.decode("utf-8-sig"), newline="")))),
    "xliff": ("ElementTree", ET.fromstring),
    "tmx": ("ElementTree", ET.fromstring),
}
"""What each format is compared with."""


def readable(paths: list[Path], name: str) -> list[tuple[PurePath, bytes]]:
    """The files of a format that both it and the library can read."""
    known, (_, parse) = all_formats()[name], LIBRARIES[name]
    found: list[tuple[PurePath, bytes]] = []
    for path in paths:
        blob = path.read_bytes()
        if known.sniff(PurePath(path.name), blob[:HEAD_SIZE]) <= Confidence.MAYBE:
            continue
        with contextlib.suppress(FormatError, OSError, ValueError, SyntaxError, csv.Error):
            known.open(blob, options=FormatOptions(name=PurePath(path.name)))
            parse(blob)
            found.append((PurePath(path.name), blob))
    return found


def main() -> int:
    """Measure, print, and say whether a promise was broken."""
    paths = [path for folder in sys.argv[1:] for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    slower = False
    for name in FORMATS:
        known, (library, parse) = all_formats()[name], LIBRARIES[name]
        files = readable(paths, name)
        size = sum(len(blob) for _, blob in files) / 1e6
        if not files:
            continue

        def opened() -> int:
            return sum(len(known.open(blob, options=FormatOptions(name=n)).segments) for n, blob in files)  # noqa: B023

        def parsed() -> None:
            for _, blob in files:  # noqa: B023
                parse(blob)  # noqa: B023

        mine, theirs = best(ROUNDS, opened, parsed)
        count = opened()
        print(f"{name}: {len(files)} files, {size:.2f} MB, {count} segments: {size / mine:.1f} MB/s, "
              f"{library} {size / theirs:.1f} MB/s")  # fmt: skip
        slower = slower or (name == "po" and size >= TELLING and mine > theirs)
    return int(slower)


if __name__ == "__main__":
    sys.exit(main())
