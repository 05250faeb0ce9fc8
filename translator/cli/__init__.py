"""The command line."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program with these arguments (None: those it was started with) and exit with its status."""
    from translator.cli.app import run  # noqa: PLC0415 - importing a module of this package costs nothing then

    sys.exit(run(sys.argv[1:] if arguments is None else arguments))
