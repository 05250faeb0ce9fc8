"""What is installed is whole: the wheel works away from the checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content, unpacked as pip does; its dependencies are this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    return site


def run(installed: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "translator.cli", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=environment)


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    told = subprocess.run(
        [sys.executable, "-c", "import translator; print(translator.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert Path(told.stdout.strip()).is_relative_to(installed)


def test_it_carries_the_profiles(installed: Path, tmp_path: Path) -> None:
    told = run(installed, tmp_path, "profiles", "--json")
    assert told.returncode == 0, told.stderr
    wanted = {path.stem for path in (REPOSITORY / "translator" / "profiles").glob("*.toml")}
    assert {profile["id"] for profile in json.loads(told.stdout)} == wanted


def test_it_carries_the_glossaries(installed: Path) -> None:
    carried = {path.name for path in (installed / "translator" / "_data" / "glossaries").glob("*.csv")}
    assert carried == {path.name for path in (REPOSITORY / "glossaries").glob("*.csv")}
    assert carried


def test_it_translates_its_own_sample_game(installed: Path, tmp_path: Path) -> None:
    game = installed / "translator" / "_data" / "samples" / "rpgmaker_mv"
    out = tmp_path / "out"
    told = run(
        installed,
        tmp_path,
        *("game", str(game), "--backend", "pseudo", "--db", str(tmp_path / "t.db"), "--out", str(out), "--json"),
    )
    assert told.returncode == 0, told.stderr
    summary = json.loads(told.stdout)
    assert summary["failed"] == 0
    assert summary["translated"] > 300
    assert (out / "data" / "Map001.json").is_file()
