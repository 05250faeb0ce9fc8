"""How fast books are read and written: megabytes of text a second, against ebooklib on the same files in the same run.

    pip install ebooklib beautifulsoup4
    python benchmarks/books.py [FOLDER]...

Without folders the samples are read, and a book of 3 MB that is made for it. The best of three rounds of CPU time
counts, from bytes in memory to the texts. ebooklib gives a page's bytes; its texts are taken from what lxml makes of
them, and apart from it from what BeautifulSoup does, as programs that translate books by ebooklib do. A book that it
cannot read is left out on both sides. Exits with 1 where ebooklib with BeautifulSoup is faster.
"""

import argparse
import importlib
import io
import random
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from translator.core.document import FormatOptions
from translator.formats.epub import FORMAT

HERE = Path(__file__).resolve().parent.parent
ROUNDS = 3
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
        yield "made.epub", made(3_000_000)


def ours(blob: bytes) -> int:
    """The number of texts that are found here."""
    return len(FORMAT.open(blob, options=FormatOptions(PurePath("a.epub"))).segments)


def rendered(blob: bytes) -> None:
    """Open a book and write it with every text changed."""
    document = FORMAT.open(blob, options=FormatOptions(PurePath("a.epub"), target_language="zh-CN"))
    document.render({s.key: f"⟦{s.source}⟧" for s in document.segments})


def theirs(blob: bytes) -> int:
    """The number of texts that are found by ebooklib and lxml."""
    epub = importlib.import_module("ebooklib.epub")
    html = importlib.import_module("lxml.html")
    book = epub.read_epub(io.BytesIO(blob))
    found = 0
    for item in book.get_items_of_type(9):
        tree = html.fromstring(item.get_content())
        found += sum(1 for element in tree.iter(*_BLOCKS) if "".join(element.itertext()).strip())
    return found


def soup(blob: bytes) -> int:
    """The number of texts that are found by ebooklib and BeautifulSoup with lxml."""
    epub, bs4 = importlib.import_module("ebooklib.epub"), importlib.import_module("bs4")
    found = 0
    for item in epub.read_epub(io.BytesIO(blob)).get_items_of_type(9):
        tree = bs4.BeautifulSoup(item.get_content(), "lxml")
        found += sum(1 for element in tree.find_all(_BLOCKS) if element.get_text().strip())
    return found


def best(work: Callable[[bytes], object], blob: bytes) -> float:
    """The least CPU time of some rounds."""
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work(blob)
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast books are read.")
    parser.add_argument("folders", nargs="*", type=Path)
    folders: list[Path] = parser.parse_args().folders
    total_ours = total_theirs = total_soup = megabytes = 0.0
    for name, blob in books(folders):
        size = sum(len(d) for n, d in FORMAT.parts(blob) if n.endswith(("html", "htm", "opf", "ncx", "xml"))) / 1e6
        try:
            count = theirs(blob)
        except Exception as error:  # noqa: BLE001  whatever it stumbles over
            print(f"{name:44} ebooklib: {error!r:.60}")
            continue
        one, other, third = best(ours, blob), best(theirs, blob), best(soup, blob)
        whole = best(rendered, blob)
        total_ours, total_theirs, megabytes = total_ours + one, total_theirs + other, megabytes + size
        total_soup += third
        print(
            f"{name:44} {size:6.2f} MB of text  here {ours(blob):6} texts {one:6.3f} s  ebooklib {count:6} texts "
            f"{other:6.3f} s  with BeautifulSoup {third:6.3f} s  open and render {whole:6.3f} s"
        )
    if not megabytes:
        sys.exit("no book that ebooklib can read")
    speeds = [megabytes / spent for spent in (total_ours, total_theirs, total_soup)]
    print("here {:.1f} MB/s, ebooklib and lxml {:.1f} MB/s, ebooklib and BeautifulSoup {:.1f} MB/s".format(*speeds))
    sys.exit(total_ours > total_soup)


if __name__ == "__main__":
    main()
