import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest
from rich.cells import cell_len
from typer.core import TyperGroup
from typer.main import get_command

from translator import __version__
from translator.cli.app import build, with_list
from translator.cli.options import OPTIONS, Option


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]

HEAVY = ("httpx", "sqlite3", "sqlite_utils", "opencc", "gguf", "polib", "numpy", "translator.formats", "asyncio")


def commands(group: TyperGroup, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*path, name))
        if isinstance(command, TyperGroup):
            found.extend(commands(command, (*path, name)))
    return found


ROOT = get_command(build())
assert isinstance(ROOT, TyperGroup)
COMMANDS = commands(ROOT)


def test_the_program_has_the_commands_that_are_promised() -> None:
    promised = {
        "game", "novel", "subtitle", "exchange", "scan", "resume", "formats", "games", "profiles", "doctor", "demo",
        "jobs list", "jobs show", "jobs remove",
        "model list", "model show", "model import", "model fit",
        "glossary list", "glossary show", "glossary add", "glossary edit", "glossary remove", "glossary import",
        "glossary export", "glossary check",
    }  # fmt: skip
    assert promised <= {" ".join(path) for path in COMMANDS}


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_help_is_for_people_and_fits_80_columns(
    path: tuple[str, ...], program: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = program(*path, "--help")
    assert ended.status == 0
    assert "Usage: translate " + " ".join(path) in ended.out
    assert max(cell_len(line) for line in ended.out.splitlines()) <= 80
    assert ended.err == ""


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_argument_says_what_it_is(path: tuple[str, ...]) -> None:
    command: object = ROOT
    for name in path:
        assert isinstance(command, TyperGroup)
        command = command.commands[name]
    assert re.match(r"[A-Z].*\.", str(getattr(command, "help", "")))
    for parameter in getattr(command, "params", []):
        assert re.match(r"['A-Z].*[.)]$", str(parameter.help)) or parameter.name == "help", parameter.name


@pytest.mark.parametrize("command", ["game", "novel", "subtitle", "exchange"])
def test_the_translating_commands_take_the_options_that_are_promised(command: str, program: Run) -> None:
    text = program(command, "--help").out
    for option in (
        "--model", "-m", "--from", "-f", "--to", "-t", "--out", "-o", "--in-place", "--copy", "--backend", "-b",
        "--host", "-H", "--glossary", "-g", "--profile", "-p", "--engine", "--include", "--exclude", "--limit", "-n",
        "--dry-run", "--force", "--refresh", "--parallel", "-j", "--num-ctx", "--db", "--json", "--yes", "-y",
        "--width", "--split", "--quiet", "-q", "--debug",
        *(("--keep-locale",) if command == "game" else ("--charset", "--output-charset")),
    ):  # fmt: skip
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), option


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda o: o.name)
def test_help_texts_are_sentences(option: Option) -> None:
    assert re.fullmatch(r"[A-Z].*\.", option.help)


def test_without_a_command_the_program_says_what_it_can(program: Run) -> None:
    ended = program()
    assert ended.status == 0
    assert "Usage: translate" in ended.out


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_it_says_its_version(flag: str, program: Run) -> None:
    assert program(flag).out == f"translate {__version__}\n"


def test_nothing_heavy_is_imported_for_help() -> None:
    code = (
        "import sys, translator.cli.app as a; a.run(['game', '--help']); "
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gmae", "x"), "gmae"),
        (("game",), "FOLDER"),
        (("game", "x", "--modle", "m"), "--modle"),
        (("game", "{here}", "--parallel", "0"), "--parallel"),
        (("game", "{here}", "--parallel", "some"), "--parallel"),
        (("game", "{here}", "--limit", "0"), "--limit"),
        (("game", "{here}", "--num-ctx", "x"), "--num-ctx"),
        (("game", "{here}", "--width", "-3"), "--width"),
        (("game", "{here}", "--to", "xx"), "--to"),
        (("game", "{here}", "--backend", "lama"), "--backend"),
        (("novel", "{here}", "--charset", "utf-9"), "--charset"),
        (("game", "{here}", "--in-place", "--out", "x"), "exclude"),
        (("game", "{here}", "--in-place"), "--yes"),
        (("game", "{here}", "--model", ""), "--model"),
        (("scan", "{here}", "--kind", "film"), "--kind"),
    ],
)
@pytest.mark.parametrize("also", [(), ("--json",)])
def test_what_cannot_be_is_refused_with_one_message(
    arguments: tuple[str, ...], said: str, also: tuple[str, ...], program: Run, tmp_path: Path
) -> None:
    ended = program(*(a.format(here=tmp_path) for a in arguments), *also)
    assert ended.status == 2
    assert ended.err.startswith("error: ")
    assert said in ended.err
    assert ended.err.count("error:") == 1
    assert "Traceback" not in ended.err
    if also:
        result = json.loads(ended.out)
        assert (result["status"], result["exit_status"]) == ("error", 2)
        assert said in result["error"] + result["hint"]
    else:
        assert ended.out == ""


@pytest.mark.parametrize("command", ["game", "novel", "subtitle", "scan"])
def test_an_input_that_is_not_there_cannot_be_read(command: str, process: Run, tmp_path: Path) -> None:
    ended = process(command, tmp_path / "無い 😀")
    assert ended.status == 4
    assert ended.err.startswith(f"error: {tmp_path / '無い 😀'}: there is no such file or folder")
    assert ended.out == ""


def test_a_traceback_shows_only_when_it_is_asked_for(program: Run, tmp_path: Path) -> None:
    assert "Traceback" not in program("scan", tmp_path / "x").err
    for arguments in (("scan", tmp_path / "x", "--debug"), ("--debug", "scan", tmp_path / "x")):
        ended = program(*arguments)
        assert "Traceback" in ended.err
        assert ended.status == 4


def test_a_wrong_configuration_file_is_named(program: Run, tmp_path: Path) -> None:
    (tmp_path / "translate.toml").write_text("parallell = 3\n")
    ended = program("game", tmp_path)
    assert ended.status == 2
    assert f"{tmp_path / 'translate.toml'}: parallell" in ended.err
    assert "parallel?" in ended.err


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "cp936", "cp1252"])
@pytest.mark.parametrize(
    "arguments", [("--help",), ("formats",), ("games",), ("formats", "--json"), ("scan", "無い😀")]
)
def test_any_console_can_show_it(encoding: str, arguments: tuple[str, ...], process: Run) -> None:
    ended = process(*arguments, encoding=encoding)
    assert "UnicodeEncodeError" not in ended.err
    assert ended.status == (4 if arguments[0] == "scan" else 0)


@pytest.mark.skipif(os.name != "posix", reason="a closed pipe shows itself in another way on Windows")
@pytest.mark.parametrize("arguments", ["formats", "formats --json", "game --help"])
def test_a_closed_pipe_is_no_reason_to_complain(arguments: str) -> None:
    command = f"{sys.executable} -m translator.cli {arguments} | true"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "pwsh"])
def test_shells_get_their_completion(shell: str, process: Run) -> None:
    ended = process("--show-completion", shell, env={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert ended.status == 0
    assert "_TRANSLATE_COMPLETE" in ended.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("translate ga", {"game", "games"}),
        ("translate game --backend o", {"ollama", "openai"}),
        ("translate novel --to z", {"zh-CN", "zh-TW"}),
        ("translate jobs s", {"show"}),
    ],
)
def test_completion_knows_commands_and_values(words: str, offered: set[str], process: Run) -> None:
    ended = process(
        env={
            "_TRANSLATE_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        }
    )
    assert set(ended.out.split()) == offered


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("jobs", "jobs list"),
        ("jobs --json", "jobs list --json"),
        ("--debug model --host x", "--debug model list --host x"),
        ("jobs show 3", "jobs show 3"),
        ("jobs --help", "jobs --help"),
        ("glossary -h", "glossary -h"),
        ("game jobs", "game jobs"),
        ("", ""),
    ],
)
def test_a_group_without_a_subcommand_lists(given: str, meant: str) -> None:
    assert with_list(given.split()) == meant.split()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (("gme",), "translate --help"),
        (("model", "fti"), "translate model --help"),
        (("model", "fit"), "translate model fit --help"),
    ],
)
def test_a_command_that_is_not_understood_names_the_help_for_it(
    program: Run, arguments: tuple[str, ...], command: str
) -> None:
    ended = program(*arguments)
    assert ended.status == 2
    assert f"'{command}'" in ended.err
