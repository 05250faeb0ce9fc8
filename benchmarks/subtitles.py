"""How fast subtitles are read: megabytes a second for each format, against pysubs2 with the same files in the same run.

    python benchmarks/subtitles.py [--join] [FOLDER]...

Without folders the samples are read, and files that are made for it: an episode of each format with 20,000 cues. The
best of seven rounds counts, in turns, from bytes in memory. pysubs2 reads text: decoding it is part of its time, by
the charset that was found here. A file that it cannot read is left out on both sides. It does not read LRC: that
speed is only told. Exits with 1 where pysubs2 is faster.
"""

import argparse
import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from turns import best

from translator.core.document import Document, FormatError, FormatOptions
from translator.formats import all_formats, claims

HERE = Path(__file__).resolve().parent.parent
IDS: tuple[str, ...] = ("ass", "srt", "vtt", "lrc")
ROUNDS = 7
CUES = 20_000
TELLING = 0.3
"""Megabytes from which on a comparison says anything."""

Case = tuple[PurePath, bytes, str]
"""A file's name, its bytes, and the charset that it is written in."""


def made() -> Iterator[tuple[PurePath, bytes]]:
    """An episode of each format."""
    said = ("渡し賃は、思い出をひとつ。", "静かに。水が目を覚ます。", "お母さんは、あそこにいるの？")
    times = [(f"{n // 1200:d}:{n // 20 % 60:02d}:{n % 20 * 3:02d}", n) for n in range(CUES)]
    events = [
        f"Dialogue: 0,{at}.00,{at}.90,Default,ミオ,0,0,0,,{{\\an8}}{said[n % 3]}\\N{said[(n + 1) % 3]}"
        for at, n in times
    ]
    head = "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\n\n[Events]\n"
    head += "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    yield PurePath("made.ass"), (head + "\n".join(events)).encode()
    cues = [f"{n + 1}\n0{at},000 --> 0{at},900\n<i>{said[n % 3]}</i>\n{said[(n + 1) % 3]}\n" for at, n in times]
    yield PurePath("made.srt"), "\n".join(cues).encode()
    cues = [f"0{at}.000 --> 0{at}.900 line:80%\n<v ミオ>{said[n % 3]}\n{said[(n + 1) % 3]}\n" for at, n in times]
    yield PurePath("made.vtt"), ("WEBVTT\n\n" + "\n".join(cues)).encode()
    lines = [f"[{n // 30 % 60:02d}:{n % 30 * 2:02d}.{n % 100:02d}]{said[n % 3]}" for n in range(CUES)]
    yield PurePath("made.lrc"), "\n".join(lines).encode()


def found(folders: list[Path]) -> Iterator[tuple[PurePath, bytes]]:
    """All subtitles under the folders, or the samples and what is made."""
    for folder in folders or [HERE / "samples" / name for name in IDS]:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield PurePath(path), path.read_bytes()
    if not folders:
        yield from made()


def opened(name: str, path: PurePath, blob: bytes, settings: dict[str, str]) -> Document:
    """A file as the program opens it."""
    return all_formats()[name].open(blob, options=FormatOptions(name=path, settings=settings))


def main() -> int:
    """Print a line for each format; 1 where pysubs2 is faster."""
    parser = argparse.ArgumentParser(description="How fast subtitles are read, against pysubs2.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--join", action="store_true", help="with sentences joined, which pysubs2 does not do")
    given = parser.parse_args()
    settings = {"join": "1"} if given.join else {}
    try:
        parse: Callable[[str], object] | None = importlib.import_module("pysubs2").SSAFile.from_string
    except ImportError:
        parse = None
        print("pysubs2 is not there: pip install pysubs2", file=sys.stderr)
    cases: dict[str, list[Case]] = {name: [] for name in IDS}
    counts = dict.fromkeys(IDS, 0)
    for path, blob in found(given.folders):
        surest = claims(path, blob[:65536])
        name = surest[0][1].info.id if surest else ""
        if name not in cases:
            continue
        with contextlib.suppress(FormatError):
            document = opened(name, path, blob, settings)
            charset = document.charset or "utf-8"
            if parse is not None and name != "lrc" and not readable(parse, blob, charset):
                continue
            cases[name].append((path, blob, charset))
            counts[name] += len(document.segments)
    print(f"{'format':<8} {'files':>5} {'MB':>8} {'texts':>8} {'MB/s':>7} {'pysubs2':>8}")
    good = True
    for name, group in cases.items():
        size = sum(len(blob) for _, blob, _ in group) / 1e6
        works: list[Callable[[], object]] = [
            lambda n=name, g=group: [len(opened(n, path, blob, settings).segments) for path, blob, _ in g]
        ]
        if parse is not None and name != "lrc" and size >= TELLING:
            works.append(lambda g=group, p=parse: [p(blob.decode(charset)) for _, blob, charset in g])
        mine, *others = best(ROUNDS, *works)
        line = f"{name:<8} {len(group):>5} {size:8.2f} {counts[name]:>8} {size / mine:7.2f}"
        for theirs in others:
            good &= mine <= theirs
            line += f" {size / theirs:8.2f}  {'ok' if mine <= theirs else 'UNDER'}"
        print(line)
    return 0 if good else 1


def readable(parse: Callable[[str], object], blob: bytes, charset: str) -> bool:
    """Whether pysubs2 reads a file at all."""
    try:
        parse(blob.decode(charset))
    except Exception:  # noqa: BLE001 - whatever it stumbles over, there is nothing to compare
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
