"""Folders that hold several things, files that are named themselves, and results that lie inside games."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

import pytest

from translator.core.jsonvalue import as_object


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...


Program = Callable[..., Ended]
Tree = Callable[[Path], dict[str, bytes]]
SAMPLES = Path(__file__).parents[2] / "samples"


def checked(ended: Ended) -> dict[str, str]:
    """The files that were looked at, each with its format."""
    files = (as_object(file) for file in cast("list[object]", ended.summary["files"]))
    return {str(file["path"]): str(file["format"]) for file in files}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    shutil.copytree(SAMPLES / "wolf", folder / "game")
    shutil.copytree(SAMPLES / "rpgmaker_mv", folder / "mv")
    shutil.copyfile(SAMPLES / "text" / "kusamakura.txt", folder / "a.txt")
    shutil.copyfile(SAMPLES / "srt" / "tsuki_no_watashiba_01.srt", folder / "b.srt")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    return folder


def test_a_round_trip_looks_at_every_file_that_some_format_claims(program: Program, mixed: Path) -> None:
    ended = program("scan", "--roundtrip", mixed, "--json")
    assert ended.status == 0, ended.err
    files = checked(ended)
    assert files["a.txt"] == "text"
    assert files["b.srt"] == "srt"
    assert files["game/Data/MapData/Map001.mps"] == "wolf"
    assert files["mv/data/Map001.json"] == "rpgmaker_mv"
    assert len([path for path, known in files.items() if path.startswith("mv/") and known == "rpgmaker_mv"]) == 16
    others = ended.summary["others"]
    assert isinstance(others, int)
    assert others >= 1


def test_a_round_trip_looks_at_files_of_other_engines_in_a_game_s_folder(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "game"
    folder.mkdir()
    for sample in ("nscripter/0.txt", "wolf/Data/MapData/Map001.mps", "srt/tsuki_no_watashiba_01.srt"):
        shutil.copy(SAMPLES / sample, folder)
    files = checked(program("scan", "--roundtrip", folder, "--json"))
    assert sorted(files.values()) == ["nscripter", "srt", "wolf"]


def test_a_job_goes_on_by_another_engine_s_rules(pseudo: Program, tmp_path: Path) -> None:
    folder = tmp_path / "game"
    (folder / "data" / "scenario").mkdir(parents=True)
    (folder / "0.txt").write_text("*start\n【太郎】\n「こんにちは」\\\n", encoding="cp932")
    (folder / "data" / "scenario" / "first.ks").write_text("*start\n【太郎】\n「こんばんは」[p]\n", encoding="utf-8")
    for engine in ("nscripter", "kirikiri", "nscripter"):
        ended = pseudo("game", folder, "--engine", engine)
        assert ended.status == 0, ended.err
        assert ended.summary["segments"] == ended.summary["translated"] == 2


def test_a_round_trip_looks_at_all_games_that_fit_equally(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    shutil.copytree(SAMPLES / "rpgmaker_mv", folder)
    shutil.copytree(SAMPLES / "renpy", folder, dirs_exist_ok=True)
    ended = program("scan", "--roundtrip", folder, "--json")
    assert ended.status == 0, ended.err
    assert {"rpgmaker_mv", "renpy_tl"} <= set(checked(ended).values())


def test_a_broken_game_in_a_folder_is_told_and_the_others_are_looked_at(program: Program, mixed: Path) -> None:
    (mixed / "packed").mkdir()
    (mixed / "packed" / "Game.rgss3a").write_bytes(b"RGSSAD\0\3" + bytes(64))
    ended = program("scan", "--roundtrip", mixed, "--json")
    assert ended.status == 4
    assert "a.txt" in checked(ended)
    assert "packed" in checked(ended)


@pytest.mark.parametrize("name", ["Map001.mps", "tsuki_no_watashiba_01.srt"])
def test_a_file_that_is_named_is_read_though_it_lies_in_a_game(name: str, program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "game"
    folder.mkdir()
    for sample in ("nscripter/0.txt", "wolf/Data/MapData/Map001.mps", "srt/tsuki_no_watashiba_01.srt"):
        shutil.copy(SAMPLES / sample, folder)
    assert list(checked(program("scan", "--roundtrip", folder / name, "--json"))) == [name]
    assert list(checked(program("scan", folder / name, "--json"))) == [name]


@pytest.mark.parametrize(
    ("sample", "inside"),
    [
        ("kirikiri", "data/scenario"), ("kirikiri", "data/scenario/first.ks"), ("renpy", "game"), ("godot", "locale"),
        ("nscripter", "0.txt"), ("rpgmaker_lcf", "Map0001.lmu"), ("wolf", "Data/MapData"),
    ],
)  # fmt: skip
def test_wherever_a_game_is_named_nothing_is_written_into_it(
    sample: str, inside: str, pseudo: Program, tree: Tree, tmp_path: Path
) -> None:
    root = tmp_path / "game"
    shutil.copytree(SAMPLES / sample, root)
    if not (root / inside).exists():
        pytest.fail(f"samples/{sample} has no {inside}")
    before = tree(root)
    ended = pseudo("game", root / inside, "--from", "ja", "--to", "zh-CN")
    assert ended.status in (0, 1), ended.err
    assert tree(root) == before
    assert ended.summary["output"] == str(tmp_path / "game.zh-CN")


def test_a_result_that_lies_in_a_game_is_no_part_of_it(program: Program, pseudo: Program, tmp_path: Path) -> None:
    root = tmp_path / "game"
    shutil.copytree(SAMPLES / "kirikiri", root)
    pseudo("game", root, "--from", "ja", "--to", "zh-CN")
    before = program("scan", root, "--json").summary["files"]
    shutil.copytree(tmp_path / "game.zh-CN", root / "data" / "scenario" / "old")
    assert program("scan", root, "--json").summary["files"] == before


def test_what_is_found_is_said_before_it_starts(program: Program, tmp_path: Path) -> None:
    ended = program("game", SAMPLES / "easyrpg_po", "--backend", "pseudo", "--from", "ja", "--to", "en", "--dry-run")
    assert "EasyRPG Player translation" in ended.err
    book = tmp_path / "book.txt"
    book.write_text("夜だ。\n", encoding="utf-8")
    assert "Plain text novel" in program("novel", book, "--backend", "pseudo", "--to", "en", "--dry-run").err


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("story.json", '{"a": {"b": "こんにちは、世界"}}', '{"a": {"b": "［こんにちは、世界'),
        ("quests.json", '[{"id": 1, "text": "夜が来た。"}]', '[{"id": 1, "text": "［夜が来た。'),
    ],
)
def test_any_nested_json_that_is_named_is_translated_alone(
    name: str, text: str, written: str, pseudo: Program, program: Program, tree: Tree, tmp_path: Path
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    assert program("scan", folder).status == 4  # in a folder it could be anything
    ended = pseudo("game", folder / name, "--to", "en")
    assert ended.status == 0, ended.err
    stem = name.removesuffix(".json")
    files = tree(folder)
    assert sorted(files) == sorted([name, f"{stem}.en.json"])
    assert files[f"{stem}.en.json"].decode().startswith(written)


def test_a_folder_is_of_the_kind_that_most_of_its_files_are(program: Program, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Read me\n", encoding="utf-8")
    for number in range(3):
        shutil.copyfile(SAMPLES / "srt" / "tsuki_no_watashiba_01.srt", tmp_path / f"{number}.srt")
    assert program("scan", tmp_path, "--json").summary["kind"] == "subtitle"


def test_a_page_in_a_game_means_the_game_where_one_is_asked_for(pseudo: Program, game: Path) -> None:
    (game / "index.html").write_text("<!DOCTYPE html><title>遊び</title><p>始め</p>", encoding="utf-8")
    ended = pseudo("game", game / "index.html", "--from", "ja", "--to", "zh-CN")
    assert ended.status in (0, 1), ended.err
    assert ended.summary["documents"] == 16
