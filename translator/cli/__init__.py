"""The command line."""

import atexit
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program with these arguments (None: those it was started with) and exit with its status."""
    status = _INTERRUPTED
    with suppress(KeyboardInterrupt):  # while it still imports what it is made of, and when all is said already
        from translator.cli.app import run  # noqa: PLC0415 - importing a module of this package costs nothing then

        status = run(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        with suppress(KeyboardInterrupt):
            _end_with(status)
    sys.exit(status)


def _end_with(status: int) -> None:
    """See to it that Ctrl-C on the way out changes neither the status nor what was said."""
    # A thread that still waits, for a name server say, would hold the end up: whoever is in a hurry needs not wait.
    signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(status))
    # In the end Python takes its handlers back, and a signal would end the process with a status of its own.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
