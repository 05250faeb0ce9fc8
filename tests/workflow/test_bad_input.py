"""Whatever is wrong with an input: one message, the right exit status, and what was done stays."""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from translator.testing.instant import InstantServer
from translator.workflow import writing
from translator.workflow.output import Target


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...

    def count(self, name: str) -> int:
        """A number of it."""
        ...


Program = Callable[..., Ended]
Tree = Callable[[Path], dict[str, bytes]]


def damaged(blob: bytes) -> dict[str, bytes]:
    return {
        "truncated": blob[: len(blob) // 2],
        "invalid": blob.replace(b'"events":', b'"events";', 1),
        "charset": blob.decode().encode("cp932", "replace"),
        "empty": b"",
        "deep": b"[" * 100_000,
        "zeros": bytes(4096),
    }


def test_a_window_without_room_for_a_line_is_refused_before_anything_is_asked(asking: Program, game: Path) -> None:
    ended = asking("game", game, "--profile", "chat", "--num-ctx", "300")
    assert ended.status == 2
    assert "300 tokens" in ended.err
    assert "--num-ctx" in ended.err


def test_a_text_with_half_a_character_is_left_as_it_is_and_told(asking: Program, game: Path, tmp_path: Path) -> None:
    path = game / "data" / "Map001.json"
    blob = path.read_bytes()
    torn = blob.replace(b'"code":401,"indent":0,"parameters":["', b'"code":401,"indent":0,"parameters":["\\ud83d', 1)
    assert torn != blob
    path.write_bytes(torn)
    ended = asking("game", game, "--out", tmp_path / "out")
    assert ended.status == 0, ended.err
    assert "half of a character (a surrogate without its partner): 1" in json.dumps(ended.summary["notices"])
    assert b"\\ud83d" in (tmp_path / "out" / "data" / "Map001.json").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes for a name")
def test_a_name_in_another_charset_than_the_systems_is_no_trouble(asking: Program, tmp_path: Path) -> None:
    given, out = tmp_path / os.fsdecode("本".encode("cp932")), tmp_path / "out"
    given.mkdir()
    name = os.fsdecode("テキスト.txt".encode("cp932"))
    (given / name).write_text("今日は良い天気です。\n", encoding="utf-8")
    first = asking("novel", given, "--out", out)
    assert first.status == 0, first.err
    assert first.count("requests") == 1
    assert (out / name).is_file()
    again = asking("novel", given, "--out", out)
    assert (again.status, again.count("requests"), again.summary["job"]) == (0, 0, first.summary["job"])


@pytest.mark.parametrize("damage", list(damaged(b"")))
def test_a_damaged_file_is_named_and_left_out(damage: str, asking: Program, game: Path, tree: Tree) -> None:
    path = game / "data" / "Map001.json"
    path.write_bytes(damaged(path.read_bytes())[damage])
    ended = asking("game", game)
    assert ended.status == 4, ended.err
    unreadable = json.dumps(ended.summary["unreadable"])
    assert "Map001.json" in unreadable
    assert str(path) in unreadable
    assert "Map002.json" not in unreadable
    assert "data/Map002.json" in tree(game.with_name("MyGame.zh-CN"))
    assert asking("scan", game).status == 4


@pytest.mark.parametrize("special", ["folder", "pipe", "loop"])
def test_what_is_no_file_is_left_out(special: str, asking: Program, game: Path) -> None:
    path = game / "data" / "Items.json"
    path.unlink()
    if special == "folder":
        path.mkdir()
    elif special == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path)
    assert asking("game", game).status in (0, 4)


def test_when_no_file_can_be_read_the_job_ends(asking: Program, game: Path, server: InstantServer) -> None:
    for path in (*(game / "data").glob("*.json"), *(game / "js").glob("*.js")):
        path.write_bytes(b"{")
    ended = asking("game", game)
    assert ended.status == 4
    assert "none of its files" in ended.err
    assert server.asked() == []
    assert not game.with_name("MyGame.zh-CN").exists()


def test_a_folder_that_is_no_game_is_said(asking: Program, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "data.txt").write_text("x")
    for command in ("game", "scan"):
        ended = asking(command, folder / "missing")
        assert ended.status in (2, 4)
        assert "missing" in ended.err
    ended = asking("game", folder)
    assert ended.status == 4
    assert "translate games" in ended.err


def test_a_link_to_itself_is_said(asking: Program, game: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for arguments in ((loop,), (loop / ".." / "loop",), (game, "--out", loop), (game, "--out", loop / "out")):
        ended = asking("game", *arguments)
        assert ended.status in (2, 4), ended.err
        assert "loop" in ended.err


def test_any_path_will_do(asking: Program, game: Path, tree: Tree) -> None:
    odd = game.with_name("月 の 渡し舟 🛶 [1]*'")
    game.rename(odd)
    assert asking("game", odd).status == 0
    assert "data/Map001.json" in tree(odd.with_name(odd.name + ".zh-CN"))
    assert asking("game", odd, "--in-place", "--yes").status == 0
    again = asking("game", odd, "--in-place", "--yes")
    assert (again.status, again.count("requests")) == (0, 0)


def test_a_target_that_cannot_be_written_is_said_before_anything_is_asked(
    asking: Program, game: Path, server: InstantServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "out", tmp_path / "file", Path("/proc/translated"), Path("/dev/full")):
        ended = asking("game", game, "--out", out)
        assert ended.status == 4
        assert str(out) in ended.err
    assert server.asked() == []


def limited(size: int) -> Callable[[], None]:
    """Before a process starts: no file may grow beyond this, as on a full disk."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_disk_that_fills_while_writing_loses_nothing(
    asking: Program, server: InstantServer, game: Path, tree: Tree, home: Path
) -> None:
    out = game.with_name("MyGame.zh-CN")
    asking("game", game)
    expected = tree(out)
    shutil.rmtree(out)
    largest = max(len(blob) for blob in expected.values())
    command = [sys.executable, "-m", "translator.cli", "game", str(game), "--host", server.host, "--model", "sakura"]
    full = subprocess.run(
        [*command, "--db", str(home / "db")],
        preexec_fn=limited(largest - 1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 4, full.stderr
    assert "Traceback" not in full.stderr
    assert not list(out.rglob(".translate-*"))
    assert all(expected[name] == blob for name, blob in tree(out).items())
    again = asking("game", game)
    assert (again.status, again.count("requests")) == (0, 0)
    assert tree(out) == expected


def test_a_database_that_cannot_grow_is_said(server: InstantServer, game: Path, home: Path) -> None:
    command = [sys.executable, "-m", "translator.cli", "game", str(game), "--host", server.host, "--model", "sakura"]
    full = subprocess.run(
        [*command, "--db", str(home / "db")],
        preexec_fn=limited(100_000),
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 4, full.stderr
    assert "Traceback" not in full.stderr
    assert "should not happen" not in full.stderr
    assert str(home / "db") in full.stderr


def test_a_database_that_is_none_is_said(asking: Program, game: Path, tmp_path: Path) -> None:
    (tmp_path / "db").write_text("no database " * 1000)
    ended = asking("game", game, "--db", tmp_path / "db")
    assert ended.status == 4
    assert "--db" in ended.err


def test_fifty_megabytes_on_one_line_are_read(asking: Program, game: Path) -> None:
    items = [None, *({"id": n, "name": "やくそう", "description": "", "note": "x" * 40_000} for n in range(1, 1300))]
    blob = json.dumps(items, ensure_ascii=False).encode()
    assert len(blob) > 50_000_000
    (game / "data" / "Items.json").write_bytes(blob)
    ended = asking("game", game, "--include", "Items.json")
    assert (ended.status, ended.count("unique")) == (0, 1)
    written = (game.with_name("MyGame.zh-CN") / "data" / "Items.json").read_bytes()
    assert len(json.loads(written)) == 1300


def test_a_bad_glossary_line_is_said(asking: Program, game: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("src,dst,regex\n(,x,true\n", encoding="utf-8")
    for glossary in (bad, tmp_path / "missing.csv"):
        ended = asking("game", game, "--glossary", glossary)
        assert ended.status in (2, 4)
        assert glossary.name in ended.err


def test_a_file_that_changes_while_the_job_runs_is_left_for_the_next_run(
    asking: Program, game: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = game / "data" / "Items.json"
    check = writing.check_writable  # pyright: ignore[reportPrivateImportUsage] - it is replaced there

    def meanwhile(target: Target) -> None:
        path.write_bytes(path.read_bytes().replace("薬草".encode(), "毒草".encode(), 1))
        check(target)

    with monkeypatch.context() as during:
        during.setattr(writing, "check_writable", meanwhile)
        ended = asking("game", game)
    assert ended.status == 4, ended.err
    assert "changed while" in str(ended.summary["unreadable"])
    assert asking("game", game).status == 0


def test_a_folder_that_cannot_be_looked_into_is_listed(
    asking: Program, tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = tmp_path / "books"
    (books / "locked").mkdir(parents=True)
    for name in ("1.txt", "locked/2.txt"):
        (books / name).write_text("雪国の夜は長い。\n", encoding="utf-8")
    listed = Path.iterdir

    def refusing(self: Path) -> Iterator[Path]:
        if self.name == "locked":  # as the system would for anybody but root, whom tests may run as
            raise PermissionError(13, "Permission denied", str(self))
        return listed(self)

    with monkeypatch.context() as locked:
        locked.setattr(Path, "iterdir", refusing)
        ended = asking("novel", books)
    assert (ended.status, ended.count("documents")) == (4, 1), ended.err
    assert "Permission denied" in str(ended.summary["unreadable"])
    assert set(tree(tmp_path / "books.zh-CN")) == {"1.txt"}
    assert asking("novel", books).status == 0


def test_an_output_that_leads_back_into_the_input_is_refused(
    asking: Program, game: Path, tmp_path: Path, tree: Tree
) -> None:
    before = tree(game)
    out = tmp_path / "out"
    out.mkdir()
    (out / "data").symlink_to(game / "data", target_is_directory=True)
    for options in ((), ("--force",)):
        ended = asking("game", game, "--out", out, *options)
        assert ended.status == 2, ended.err
        assert "into the input" in ended.err
    assert tree(game) == before


def test_a_demo_can_be_run_again(program: Program, tmp_path: Path) -> None:
    for _ in range(2):
        ended = program("demo", "--out", tmp_path / "demo", "--backend", "pseudo", "--json", "--quiet")
        assert ended.status in (0, 1), ended.err
        assert (tmp_path / "demo" / "SampleGame.en" / "data" / "Map001.json").is_file()
