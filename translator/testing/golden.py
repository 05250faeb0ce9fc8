"""Write or compare golden files: `python -m translator.testing.golden [--write]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from translator.formats import all_formats
from translator.testing.extracted import check_golden, extracted
from translator.testing.fixtures import fixtures_of
from translator.testing.rules import BrokenRuleError


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the golden files of all fixtures, or write them; 1 if one differs."""
    parser = argparse.ArgumentParser(prog="python -m translator.testing.golden", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the golden files anew")
    parser.add_argument("--format", action="append", help="only the format of this id (repeatable)")
    parser.add_argument("--fixtures", type=Path, default=Path("tests/contract/fixtures"))
    parser.add_argument("--samples", type=Path, default=Path("samples"))
    given = parser.parse_args(arguments)
    status = 0
    for name, known in all_formats().items():
        if given.format and name not in given.format:
            continue
        for fixture in fixtures_of(known, given.fixtures, given.samples):
            if given.write:
                fixture.golden.parent.mkdir(parents=True, exist_ok=True)
                fixture.golden.write_text(extracted(known, fixture), "utf-8", newline="\n")
                sys.stdout.write(f"{fixture.golden}\n")
                continue
            try:
                check_golden(known, fixture)
            except BrokenRuleError as error:
                sys.stdout.write(f"{error}\n")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
