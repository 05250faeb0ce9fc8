"""What `scan --held-back` prints. Large games hold millions of strings back: they wait in a file until all are told."""

import json
import tempfile
from collections.abc import Iterator
from itertools import groupby
from typing import cast

from translator.cli.looking import UNREADABLE
from translator.cli.output import number, print_table, print_text, printable
from translator.workflow.reports import HeldBackReport, HeldBackText

_IN_MEMORY = 4_000_000


class Spool:
    """The strings that were found so far."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115 - closed in `show`

    def add(self, text: HeldBackText) -> None:
        """Take one more."""
        self._file.write(json.dumps([text.path, text.place, text.text, text.reason]) + "\n")

    def show(self, report: HeldBackReport, *, json: bool) -> int:
        """Print all of them, a table for each file, and how many there are of each reason; gives the exit status."""
        status = UNREADABLE if report.unreadable else 0
        with self._file:
            self._file.seek(0)
            if json:
                self._print_json(report, status)
            else:
                for path, texts in groupby(self._read(), key=lambda text: text.path):
                    print_table(("Place", "Text", "Why"), [(t.place, t.text, t.reason) for t in texts], title=path)
                for sentence in report.unreadable:
                    print_text(printable(sentence))
                print_text(f"\n{number(sum(report.reasons.values()))} strings are held back.")
                for reason, count in report.reasons.items():
                    print_text(f"{number(count):>10}  {reason}")
        return status

    def _read(self) -> Iterator[HeldBackText]:
        for line in self._file:
            yield HeldBackText(*cast("tuple[str, str, str, str]", json.loads(line)))

    def _print_json(self, report: HeldBackReport, status: int) -> None:
        known = {
            "status": "unreadable" if status else "done", "path": report.path, "reasons": report.reasons,
            "unreadable": report.unreadable, "exit_status": status,
        }  # fmt: skip
        print_text(f'{json.dumps(known)[:-1]}, "texts": [')
        comma = ""
        for text in self._read():
            found = {"path": text.path, "place": text.place, "text": text.text, "reason": text.reason}
            print_text(comma + json.dumps(found))
            comma = ","
        print_text("]}")
