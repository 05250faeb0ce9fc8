"""How fast books are read and written, against ebooklib on the same files in the same run.

    pip install ebooklib beautifulsoup4
    python benchmarks/books.py [FOLDER]...

Without folders the samples are read, and a book of 3 MB that is made for it. The best of three rounds of CPU time
counts, from bytes in memory to the texts; the programs take turns. ebooklib is used as programs that read books with
it do: `read_epub`, then for each document `get_body_content` and the texts of its blocks, by BeautifulSoup (as most
do) and by lxml (which is faster). Beside it, what lxml alone takes for `get_content`, which gives no more than bytes.
A book that ebooklib cannot read is left out on both sides.

Exits with 1 where ebooklib with `get_body_content` is faster in either way, or where the book of 3 MB takes a second or
more to open and render (the least of three rounds; only without folders).
"""

import argparse
import importlib
import io
import random
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from turns import best

from translator.core.document import FormatOptions
from translator.formats.epub import FORMAT

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 3
LIMIT = 1.0
MADE = "made.epub"
_DOCUMENT = 9
_WAYS = ("here", "get_body_content and BeautifulSoup", "get_body_content and lxml", "get_content and lxml")
_BLOCKS = "p h1 h2 h3 h4 h5 h6 li td th dt dd figcaption caption".split()  # noqa: SIM905  read as words
_SIGNS = "渡し賃は思い出をひとつ静かに水が目を覚ますお母さんあそこにいるの夜港灯台小さな約束"


def made(size: int) -> bytes:
    """A book of this many bytes, of paragraphs that hardly repeat, so that packing does not hide their number."""
    chance = random.Random(5)
    buffer = io.BytesIO()
    with zipfile.ZipFile(HERE / "samples" / "epub" / "harbour.epub") as old, zipfile.ZipFile(buffer, "w") as new:
        pages: list[str] = []
        packed = number = 0
        while packed < size:
            number += 1
            lines = "".join(
                f"<p>{''.join(chance.choices(_SIGNS, k=60))}<b>{''.join(chance.choices(_SIGNS, k=8))}</b>。</p>\n"
                for _ in range(200)
            )
            page = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{number}</title></head><body>{lines}</body></html>'
            new.writestr(f"OPS/m{number}.xhtml", page, zipfile.ZIP_DEFLATED)
            packed += new.getinfo(f"OPS/m{number}.xhtml").compress_size
            pages.append(f"m{number}")
        items = "".join(f'<item id="{p}" href="{p}.xhtml" media-type="application/xhtml+xml"/>' for p in pages)
        spine = "".join(f'<itemref idref="{p}"/>' for p in pages)
        for info in old.infolist():
            data = old.read(info)
            if info.filename.endswith(".opf"):
                data = data.replace(b"</manifest>", f"{items}</manifest>".encode())
                data = data.replace(b"</spine>", f"{spine}</spine>".encode())
            new.writestr(info, data)
    return buffer.getvalue()


def books(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The books under the folders, or the sample and one that is made."""
    for folder in folders or [HERE / "samples" / "epub"]:
        for path in sorted(folder.rglob("*.epub")):
            yield path.name, path.read_bytes()
    if not folders:
        yield MADE, made(3_000_000)


def ours(blob: bytes) -> int:
    """The number of texts that are found here."""
    return len(FORMAT.open(blob, options=FormatOptions(PurePath("a.epub"))).segments)


def rendered(blob: bytes) -> None:
    """Open a book and write it with every text changed."""
    document = FORMAT.open(blob, options=FormatOptions(PurePath("a.epub"), target_language="zh-CN"))
    document.render({s.key: f"⟦{s.source}⟧" for s in document.segments})


def by_soup(blob: bytes) -> int:
    """The number of texts by `get_body_content` and BeautifulSoup."""
    epub, bs4 = importlib.import_module("ebooklib.epub"), importlib.import_module("bs4")
    found = 0
    for item in epub.read_epub(io.BytesIO(blob)).get_items_of_type(_DOCUMENT):
        tree = bs4.BeautifulSoup(item.get_body_content(), "lxml")
        found += sum(1 for element in tree.find_all(_BLOCKS) if element.get_text().strip())
    return found


def by_lxml(blob: bytes) -> int:
    """The number of texts by `get_body_content` and lxml."""
    return _by_lxml(blob, lambda item: item.get_body_content())


def bare(blob: bytes) -> int:
    """The number of texts by `get_content` and lxml."""
    return _by_lxml(blob, lambda item: item.get_content())


def _by_lxml(blob: bytes, content: Callable[[Any], bytes]) -> int:
    epub, html = importlib.import_module("ebooklib.epub"), importlib.import_module("lxml.html")
    found = 0
    for item in epub.read_epub(io.BytesIO(blob)).get_items_of_type(_DOCUMENT):
        data = content(item)
        if data.strip():
            tree = html.fromstring(data)
            found += sum(1 for element in tree.iter(*_BLOCKS) if "".join(element.itertext()).strip())
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast books are read.")
    parser.add_argument("folders", nargs="*", type=Path)
    folders: list[Path] = parser.parse_args().folders
    totals = [0.0] * 4
    megabytes = 0.0
    slow = False
    for name, blob in books(folders):
        size = sum(len(d) for n, d in FORMAT.parts(blob) if n.endswith(("html", "htm", "opf", "ncx", "xml"))) / 1e6
        whole = best(ROUNDS, partial(rendered, blob))[0]
        slow = slow or (name == MADE and whole >= LIMIT)
        print(f"{name:40} {size:6.2f} MB of text, {ours(blob):6} texts; open and render {whole:6.3f} s")
        try:
            by_lxml(blob)
            by_soup(blob)
        except Exception as error:  # noqa: BLE001  whatever it stumbles over
            print(f"{'':40} left out of the comparison; ebooklib: {error!r:.60}")
            continue
        times = best(ROUNDS, *(partial(work, blob) for work in (ours, by_soup, by_lxml, bare)))
        totals = [total + spent for total, spent in zip(totals, times, strict=True)]
        megabytes += size
        shown = "  ".join(f"{way} {spent:.3f} s" for way, spent in zip(_WAYS, times, strict=True))
        print(f"{'':40} {shown}")
    if not megabytes:
        sys.exit("no book that ebooklib can read")
    print("  ".join(f"{way} {megabytes / total:.1f} MB/s" for way, total in zip(_WAYS, totals, strict=True)))
    if slower := totals[0] > min(totals[1:3]):
        print("missed: ebooklib with get_body_content is faster")
    if slow:
        print(f"missed: the book of 3 MB takes {LIMIT:.0f} s or more to open and render")
    sys.exit(slower or slow)


if __name__ == "__main__":
    main()
