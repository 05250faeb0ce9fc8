"""The documents say what the program does."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
COMMAND = re.compile(r"^(?:\.venv[/\\](?:bin|Scripts)[/\\])?translate (?P<words>[^#→\n]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?P<path>[^):#]+)\)")


def commands(name: str) -> list[str]:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    text = re.sub(r"<!-- session -->.*?<!-- /session -->", "", text, flags=re.DOTALL)
    return [match["words"].strip() for match in COMMAND.finditer(re.sub(r"^ +", "", text, flags=re.MULTILINE))]


@cache
def help_of(*words: str) -> str | None:
    told = subprocess.run(
        [sys.executable, "-m", "translator.cli", *words, "--help"], check=False, capture_output=True, text=True
    )
    return told.stdout if told.returncode == 0 else None


@pytest.mark.parametrize("command", sorted({c for name in READMES for c in commands(name)}))
def test_each_command_of_the_readmes_exists_with_its_options(command: str) -> None:
    words = command.split()
    path = [word for word in words[:2] if re.fullmatch(r"[a-z]+", word)]
    told = help_of(*path) or help_of(*path[:1])
    assert told is not None, command
    for option in (word for word in words if word.startswith("--") and word != "--help"):
        assert option in told, f"{command}: {option}"


def test_both_readmes_show_the_same_commands() -> None:
    assert commands("README.md") == commands("README.zh-CN.md")


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "docs/architecture.md"])
def test_each_link_leads_somewhere(name: str) -> None:
    page = REPOSITORY / name
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        assert (page.parent / match["path"]).exists(), match["path"]


def test_the_rooms_of_the_architecture_page_are_those_of_the_package() -> None:
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (REPOSITORY / "translator").iterdir() if (path / "__init__.py").is_file()}
    for room in rooms:
        assert f"  {room}/" in page, room
