"""Where a job's result goes, while other runs put theirs there."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from translator.workflow.errors import InputError
from translator.workflow.output import Target, check_writable, write_file, write_pieces

ROUNDS = 300


def look_again_and_again(folder: Path) -> None:
    for _ in range(ROUNDS):
        check_writable(Target(folder, folder=True))


def test_runs_that_begin_at_once_do_not_take_the_folder_from_each_other(tmp_path: Path) -> None:
    place = tmp_path / "MyGame.zh-CN" / "data"
    with ThreadPoolExecutor(4) as runs:
        assert len(list(runs.map(look_again_and_again, [place] * 4))) == 4
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_is_written_into_a_folder_that_another_run_takes_away(tmp_path: Path) -> None:
    place = tmp_path / "MyGame.zh-CN" / "data"
    with ThreadPoolExecutor(4) as runs:
        looking = [runs.submit(look_again_and_again, place) for _ in range(3)]
        for number in range(ROUNDS):
            write_file(place / f"{number}.json", b"{}")
            (place / f"{number}.json").unlink()
        for run in looking:
            run.result()


def test_bytes_that_the_disk_gives_back_otherwise_are_no_result(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a" * 1_000_000
        (temporary,) = tmp_path.iterdir()
        with temporary.open("r+b") as stream:
            stream.write(b"b")
        yield b"a"

    with pytest.raises(InputError, match="other bytes"):
        write_pieces(tmp_path / "file", pieces())
    assert not list(tmp_path.iterdir())
