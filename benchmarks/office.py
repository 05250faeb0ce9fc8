"""How fast Word documents and workbooks are read, against python-docx and openpyxl on the same files.

    python benchmarks/office.py FOLDER [FOLDER ...]

Reads every .docx and .xlsx below the folders with both; files that one of them refuses are left out.
"""

import argparse
import importlib
import io
import time
import warnings
from collections.abc import Callable
from pathlib import Path, PurePath

from translator.core.document import FormatError, FormatOptions
from translator.formats import all_formats

_TIMES = 3


def _ours(name: str) -> Callable[[bytes], int]:
    known = all_formats()[name]

    def read(blob: bytes) -> int:
        return len(known.open(blob, options=FormatOptions(name=PurePath(f"x.{name}"))).segments)

    return read


def _python_docx(blob: bytes) -> int:
    document = importlib.import_module("docx").Document(io.BytesIO(blob))
    texts = [p.text for p in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return len(texts)


def _openpyxl(blob: bytes) -> int:
    book = importlib.import_module("openpyxl").load_workbook(io.BytesIO(blob))
    return sum(1 for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value)


def _timed(read: Callable[[bytes], int], blob: bytes) -> float:
    best = float("inf")
    for _ in range(_TIMES):
        start = time.perf_counter()
        read(blob)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    """Print the sums for each format."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description="How fast Word documents and workbooks are read.")
    parser.add_argument("folders", nargs="+", type=Path)
    folders: list[Path] = parser.parse_args().folders
    for name, other, label in (("docx", _python_docx, "python-docx"), ("xlsx", _openpyxl, "openpyxl")):
        ours, files, size = _ours(name), 0, 0
        mine = theirs = 0.0
        for path in sorted(p for folder in folders for p in folder.rglob(f"*.{name}")):
            blob = path.read_bytes()
            try:
                one = _timed(ours, blob)
                two = _timed(other, blob)
            except FormatError:
                continue
            except Exception as error:  # noqa: BLE001  what the library stumbles over is not compared
                print(f"{path.name}: {label} fails: {error!r}"[:120])
                continue
            files, size, mine, theirs = files + 1, size + len(blob), mine + one, theirs + two
        if files:
            print(
                f"{name}: {files} files, {size / 1e6:.2f} MB: {size / 1e6 / mine:.2f} MB/s against "
                f"{size / 1e6 / theirs:.2f} MB/s of {label}"
            )


if __name__ == "__main__":
    main()
