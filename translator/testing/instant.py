"""Starts the server of `ollama_server` in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from translator.core.jsonvalue import as_object, get_str


@dataclass(frozen=True, slots=True)
class InstantServer:
    """A running server: its address for `--host`, and the file in which it notes each request."""

    host: str
    log: Path

    def asked(self) -> list[str]:
        """The texts that were asked so far, in order."""
        return [text for text, _, _ in self.said()]

    def said(self) -> list[tuple[str, str, str]]:
        """What was asked so far, in order: the texts, the answers to them, the prompts that they stood in."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        entries = [as_object(json.loads(line)) for line in lines]
        return [(get_str(e, "text"), get_str(e, "answer"), get_str(e, "prompt")) for e in entries]


@contextmanager
def instant_server(log: Path, *, delay_ms: float = 0, slots: int = 0) -> Generator[InstantServer]:
    """A server that waits so long (ms) before each answer and gives so many at once (0: no limit), until the end."""
    options = ["--log", str(log), "--delay-ms", str(delay_ms), "--slots", str(slots)]
    command = [sys.executable, "-m", "translator.testing.ollama_server", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        try:
            if process.stdout is None or not (port := process.stdout.readline().strip()):
                raise RuntimeError("the server did not start")
            yield InstantServer(f"http://127.0.0.1:{port}", log)
        finally:
            process.kill()
