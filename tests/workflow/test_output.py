"""Where a job's result goes, while other runs put theirs there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from translator.workflow.output import Target, check_writable, write_file

ROUNDS = 300


def test_runs_that_begin_at_once_do_not_take_the_folder_from_each_other(tmp_path: Path) -> None:
    place = tmp_path / "MyGame.zh-CN" / "data"

    def look(_: int) -> None:
        for _ in range(ROUNDS):
            check_writable(Target(place, folder=True))

    with ThreadPoolExecutor(4) as runs:
        assert len(list(runs.map(look, range(4)))) == 4
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_is_written_into_a_folder_that_another_run_takes_away(tmp_path: Path) -> None:
    place = tmp_path / "MyGame.zh-CN" / "data"

    def look(_: int) -> None:
        for _ in range(ROUNDS):
            check_writable(Target(place, folder=True))

    with ThreadPoolExecutor(4) as runs:
        looking = [runs.submit(look, number) for number in range(3)]
        for number in range(ROUNDS):
            write_file(place / f"{number}.json", b"{}")
            (place / f"{number}.json").unlink()
        for run in looking:
            run.result()
