"""The program as the tests of the command line start it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from translator.cli.app import run


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the program ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and an environment in which nobody has decided anything."""
    folder = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("TRANSLATE_", "OLLAMA_", "OPENAI_", "XDG_")):
            monkeypatch.delenv(name)
    for name in ("FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "COLUMNS", "NO_COLOR", "PYTHONIOENCODING"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(folder))
    return folder


@pytest.fixture
def program(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program in this process."""

    def started(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        try:
            status = run([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return started


@pytest.fixture
def process() -> Run:
    """Run the program as its users do: in a process of its own, with bytes for output."""

    def started(*arguments: str | Path, env: Mapping[str, str] | None = None, encoding: str = "utf-8") -> Ended:
        environment = {**os.environ, "PYTHONIOENCODING": encoding, **(env or {})}
        ended = subprocess.run(
            [sys.executable, "-m", "translator.cli", *map(str, arguments)],
            capture_output=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode(encoding), ended.stderr.decode(encoding))

    return started
