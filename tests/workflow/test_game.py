"""A game from its folder to its translated copy."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from translator.testing.instant import InstantServer
from translator.workflow.inputs import find_source, open_document
from translator.workflow.options import InputOptions, Kind


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
LOCALE = re.compile(rb'"locale":"[^"]*"')
NOTICE = "MACHINE-TRANSLATION.txt"
# Both answer every text; what the checks flag or refuse of nonsense is not these tests' matter.
FINE = (0, 1)


def assert_only_texts_changed(original: Path, patch: Path, scratch: Path) -> None:
    """Lay the patch over the game and put every original text back: all files are the originals to the byte."""
    shutil.copytree(original, scratch)
    shutil.copytree(patch, scratch, dirs_exist_ok=True)
    before, after = (
        find_source(InputOptions(path=path, kind=Kind.GAME), source="ja", target=None) for path in (original, scratch)
    )
    assert [file.path for file in before.files] == [file.path for file in after.files]
    for old, new in zip(before.files, after.files, strict=True):
        blob = old.absolute.read_bytes()
        sources = {s.key: s.source for s in open_document(old, blob).segments}
        document = open_document(new, new.absolute.read_bytes())
        assert [s.key for s in document.segments] == list(sources)
        restored = document.render(sources)
        if old.path.name == "System.json":
            restored = LOCALE.sub(b"", restored)
            blob = LOCALE.sub(b"", blob)
        assert restored == blob, old.path


def test_the_patch_holds_the_changed_files_at_their_places_and_a_notice(
    asking: Program, game: Path, tree: Tree, tmp_path: Path
) -> None:
    before = tree(game)
    ended = asking("game", game)
    assert ended.status == 0
    assert tree(game) == before
    patch = tree(game.with_name("MyGame.zh-CN"))
    assert ended.summary["output"] == str(game.with_name("MyGame.zh-CN"))
    assert NOTICE in patch
    assert "data/Animations.json" not in patch
    assert {"data/Map001.json", "data/System.json", "js/plugins.js"} <= set(patch)
    assert all(patch[name] != before[name] for name in patch if name != NOTICE)
    assert_only_texts_changed(game, game.with_name("MyGame.zh-CN"), tmp_path / "scratch")
    text = patch[NOTICE].decode()
    assert "sakura-instant-7b-v1.0" in text
    assert "machine translation" in text


def test_the_summary_adds_up(asking: Program, game: Path) -> None:
    ended = asking("game", game)
    parts = ("translated", "kept", "failed")
    assert ended.count("segments") == sum(ended.count(part) for part in parts)
    assert ended.summary["status"] == "done"
    assert ended.count("requests") > 0
    assert ended.count("from_memory") == 0


def test_the_pseudo_backend_marks_every_text(pseudo: Program, game: Path, tree: Tree, tmp_path: Path) -> None:
    assert pseudo("game", game, "--to", "en", "--keep-locale").status in FINE
    patch = tree(game.with_name("MyGame.en"))
    assert_only_texts_changed(game, game.with_name("MyGame.en"), tmp_path / "scratch")
    assert "［".encode() in patch["data/Map001.json"]


@pytest.mark.parametrize("inside", ["", "data", "www", "www/data"])
def test_wherever_the_game_is_named_the_patch_lies_beside_its_root(
    inside: str, pseudo: Program, game: Path, tree: Tree
) -> None:
    deployed = inside.startswith("www")
    if deployed:
        (game / "www").mkdir()
        for name in ("data", "js"):
            (game / name).rename(game / "www" / name)
        (game / "Game.rpgproject").unlink()
        (game / "Game.exe").write_bytes(b"MZ")
    assert pseudo("game", game / inside, "--to", "en").status in FINE
    patch = tree(game.with_name("MyGame.en"))
    assert (("www/" if deployed else "") + "data/Map001.json") in patch


def test_root_and_data_folder_are_the_same_job(asking: Program, game: Path) -> None:
    first = asking("game", game)
    second = asking("game", game / "data")
    assert second.summary["job"] == first.summary["job"]
    assert second.count("requests") == 0


def test_a_lone_data_folder_is_a_game_of_its_own(pseudo: Program, tmp_path: Path, game: Path, tree: Tree) -> None:
    lone = tmp_path / "downloads" / "data"
    shutil.copytree(game / "data", lone)
    (lone.parent / "novel.txt").write_text("別のもの")
    ended = pseudo("game", lone, "--to", "en")
    assert ended.status in FINE, ended.err
    assert "data/Map001.json" in tree(lone.with_name("data.en"))


def test_a_lone_data_folder_keeps_its_backup_beside_itself(pseudo: Program, tmp_path: Path, game: Path) -> None:
    lone = tmp_path / "downloads" / "data"
    shutil.copytree(game / "data", lone)
    assert pseudo("game", lone, "--to", "en", "--in-place", "--yes").status in FINE
    (backup,) = lone.parent.glob("data.backup-*")
    assert (backup / "data/Map001.json").read_bytes() == (game / "data/Map001.json").read_bytes()


def test_a_copy_is_whole_and_its_saves_are_its_own(pseudo: Program, game: Path, tree: Tree) -> None:
    (game / "save").mkdir()
    (game / "save" / "file1.rpgsave").write_bytes(b"saved")
    (game / "img").mkdir()
    (game / "img" / "picture.png").write_bytes(b"picture")
    before = tree(game)
    assert pseudo("game", game, "--to", "en", "--copy").status in FINE
    out = game.with_name("MyGame.en")
    copy = tree(out)
    assert set(copy) == {*before, NOTICE}
    assert copy["img/picture.png"] == b"picture"
    assert not (out / "save" / "file1.rpgsave").samefile(game / "save" / "file1.rpgsave")
    (out / "save" / "file1.rpgsave").write_bytes(b"played on")
    assert tree(game) == before
    assert copy["data/Map001.json"] != before["data/Map001.json"]
    assert pseudo("game", game, "--to", "en", "--copy").status in FINE


def test_a_copy_never_leads_back_into_the_game(pseudo: Program, game: Path, tmp_path: Path, tree: Tree) -> None:
    real = tmp_path / "elsewhere"
    (game / "data").rename(real)
    (game / "data").symlink_to(real, target_is_directory=True)
    (game / "again").symlink_to(game, target_is_directory=True)
    (game / "nothing").symlink_to(tmp_path / "missing")
    before = tree(real)
    assert pseudo("game", game, "--to", "en", "--copy").status in FINE
    out = game.with_name("MyGame.en")
    assert set(tree(out / "data")) == set(before)
    assert not any(path.is_symlink() for path in out.rglob("*"))
    assert tree(real) == before


def test_in_place_keeps_a_dated_backup_and_goes_on_from_it(
    asking: Program, game: Path, tree: Tree, tmp_path: Path
) -> None:
    before = tree(game)
    shutil.copytree(game, tmp_path / "original")
    assert asking("game", game, "--in-place", "--yes").status == 0
    (backup,) = game.parent.glob("MyGame.backup-*")
    after = tree(game)
    assert set(after) == set(before)
    changed = {name: blob for name, blob in after.items() if blob != before[name]}
    assert tree(backup) == {name: before[name] for name in changed}
    assert_only_texts_changed(tmp_path / "original", game, tmp_path / "scratch")

    again = asking("game", game, "--in-place", "--yes")
    assert again.status == 0
    assert again.count("requests") == 0
    assert tree(game) == after
    assert [backup] == list(game.parent.glob("MyGame.backup-*"))


def test_in_place_a_glossary_is_applied_to_the_original(
    asking: Program, game: Path, tree: Tree, tmp_path: Path
) -> None:
    before = tree(game)
    shutil.copytree(game, tmp_path / "original")
    asking("game", game, "--in-place", "--yes")
    (game / "glossary.csv").write_text("src,dst\nスライム,史莱姆\n", encoding="utf-8")
    again = asking("game", game, "--in-place", "--yes")
    assert 0 < again.count("requests") < again.count("unique")
    (game / "glossary.csv").unlink()
    assert_only_texts_changed(tmp_path / "original", game, tmp_path / "scratch")
    (backup,) = game.parent.glob("MyGame.backup-*")
    assert all(before[name] == blob for name, blob in tree(backup).items())


def test_in_place_a_new_version_of_a_file_is_kept_too(asking: Program, game: Path) -> None:
    asking("game", game, "--in-place", "--yes")
    newer = json.dumps(
        [None, {"id": 1, "name": "新しい剣", "description": "", "note": ""}], ensure_ascii=False
    ).encode()
    (game / "data" / "Weapons.json").write_bytes(newer)
    again = asking("game", game, "--in-place", "--yes")
    assert again.status == 0, again.err
    assert "新しい剣".encode() not in (game / "data" / "Weapons.json").read_bytes()
    kept = [path.read_bytes() for path in game.parent.glob("MyGame.backup-*/data/Weapons.json")]
    assert newer in kept
    assert len(kept) == 2


@pytest.mark.parametrize("written", [0, 1, 6])
def test_in_place_a_run_that_is_cut_off_while_writing_is_finished_by_the_next(
    written: int, asking: Program, game: Path, tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(game)
    shutil.copytree(game, tmp_path / "calm" / "MyGame")
    asking("game", tmp_path / "calm" / "MyGame", "--in-place", "--yes")
    replace, done = Path.replace, list[Path]()

    def failing(self: Path, target: Path) -> Path:
        if target.is_relative_to(game):
            if len(done) == written:
                raise KeyboardInterrupt
            done.append(target)
        return replace(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", failing)
        assert asking("game", game, "--in-place", "--yes").status == 130
    assert len(done) == written
    for _ in range(2):
        again = asking("game", game, "--in-place", "--yes")
        assert (again.status, again.count("requests")) == (0, 0)
        assert tree(game) == tree(tmp_path / "calm" / "MyGame")
    kept = [tree(backup) for backup in game.parent.glob("MyGame.backup-*")]
    assert all(before[name] == blob for files in kept for name, blob in files.items())
    assert {name for files in kept for name in files} == {n for n, b in tree(game).items() if b != before[n]}


def test_in_place_does_not_take_a_translation_for_its_original(asking: Program, game: Path) -> None:
    asking("game", game, "--in-place", "--yes")
    (backup,) = game.parent.glob("MyGame.backup-*")
    shutil.rmtree(backup)
    again = asking("game", game, "--in-place", "--yes")
    assert again.status == 4
    assert "no backup" in again.out + again.err


def test_the_output_may_not_lie_in_the_input(pseudo: Program, game: Path, tree: Tree) -> None:
    before = tree(game)
    for out in (game, game / "out", game.parent):
        ended = pseudo("game", game, "--to", "en", "--out", out)
        assert ended.status == 2
        assert "--out" in ended.err + ended.out
    assert tree(game) == before


def test_what_others_made_is_not_overwritten_and_nothing_is_asked(
    asking: Program, game: Path, tmp_path: Path, server: InstantServer
) -> None:
    out = tmp_path / "out"
    (out / "data").mkdir(parents=True)
    (out / "data" / "Map001.json").write_text("mine")
    ended = asking("game", game, "--out", out)
    assert ended.status == 2
    assert "Map001.json" in ended.err
    assert "--force" in ended.err
    assert server.asked() == []
    assert [p.name for p in out.rglob("*") if p.is_file()] == ["Map001.json"]
    assert asking("game", game, "--out", out, "--force").status == 0
    assert (out / "data" / "Map001.json").read_text(encoding="utf-8") != "mine"


def test_an_output_edited_by_hand_is_not_overwritten(asking: Program, game: Path) -> None:
    asking("game", game)
    edited = game.with_name("MyGame.zh-CN") / "data" / "Items.json"
    edited.write_bytes(edited.read_bytes().replace(b"\n", b"\n ", 1))
    mine = edited.read_bytes()
    ended = asking("game", game)
    assert ended.status == 2
    assert str(edited) in ended.err
    assert edited.read_bytes() == mine
    assert asking("game", game, "--force").status == 0
    assert edited.read_bytes() != mine


def test_a_limit_holds_for_one_run(asking: Program, game: Path, server: InstantServer) -> None:
    first = asking("game", game, "--limit", "12")
    assert (first.status, first.summary["status"]) == (0, "limited")
    lines = [line for text in server.asked() for line in text.split("\n")]
    assert 0 < len(lines) <= 40
    done = first.count("translated")
    second = asking("game", game, "--limit", "12")
    assert second.count("from_memory") == done
    assert second.count("translated") > done
    whole = asking("game", game)
    assert (whole.status, whole.summary["status"]) == (0, "done")
    asked = server.asked()
    assert asking("game", game).count("requests") == 0
    assert server.asked() == asked


def test_only_what_is_included_is_translated(asking: Program, game: Path, tree: Tree) -> None:
    out = game.with_name("MyGame.zh-CN")
    assert asking("game", game, "--include", "Map00*.json", "--exclude", "Map002.json").status == 0
    assert set(tree(out)) == {NOTICE} | {
        f"data/{p.name}" for p in (game / "data").glob("Map00*.json") if p.name != "Map002.json"
    }
    assert asking("game", game).status == 0
    # The job knows its work again, though it was about other files in between.
    (game / "glossary.csv").write_text("src,dst\nスライム,史莱姆\n", encoding="utf-8")
    assert asking("game", game, "--include", "Items.json").status == 0
    assert asking("game", game).status == 0


def test_a_pattern_that_leaves_nothing_is_said(pseudo: Program, game: Path) -> None:
    ended = pseudo("game", game, "--to", "en", "--include", "*.nothing")
    assert ended.status == 4
    assert "--include" in ended.err


def test_a_dry_run_asks_and_writes_nothing(asking: Program, game: Path, server: InstantServer, home: Path) -> None:
    names = sorted(game.parent.iterdir())
    ended = asking("game", game, "--dry-run")
    assert (ended.status, ended.summary["status"]) == (0, "dry-run")
    assert ended.count("segments") > 300
    assert server.asked() == []
    assert sorted(game.parent.iterdir()) == names
    assert not (home / "db").exists()


def test_an_edited_glossary_entry_asks_only_for_the_texts_it_touches(
    asking: Program, game: Path, server: InstantServer, tmp_path: Path
) -> None:
    terms = tmp_path / "terms.csv"
    terms.write_text("src,dst\n渡し舟,渡船\n", encoding="utf-8")
    assert asking("game", game, "--glossary", terms).status == 0
    before = len(server.asked())
    terms.write_text("src,dst\n渡し舟,摆渡船\n", encoding="utf-8")
    again = asking("game", game, "--glossary", terms)
    assert again.status == 0, again.err
    maps = (p.read_text(encoding="utf-8") for p in (game / "data").glob("*.json"))
    assert any("渡し舟" in text for text in maps) == (again.count("requests") > 0)
    assert all("渡し舟" in text for text in server.asked()[before:])


def test_another_job_finds_what_the_first_one_translated(asking: Program, game: Path, tmp_path: Path) -> None:
    first = asking("game", game)
    second = asking("game", game, "--out", tmp_path / "second")
    assert second.summary["job"] != first.summary["job"]
    assert second.count("requests") == 0
    assert second.count("from_memory") == second.count("translated")


def test_a_job_finds_what_another_one_translated_since_it_stopped(asking: Program, game: Path, tmp_path: Path) -> None:
    asking("game", game, "--limit", "5")
    asking("game", game, "--out", tmp_path / "second")
    assert asking("game", game).count("requests") == 0


def test_of_a_changed_file_only_what_is_new_is_asked(asking: Program, game: Path, server: InstantServer) -> None:
    asking("game", game)
    before = len(server.asked())
    items = game / "data" / "Items.json"
    items.write_bytes(items.read_bytes().replace("薬草".encode(), "よい薬草".encode(), 1))
    ended = asking("game", game)
    assert ended.status == 0, ended.err
    assert len(server.asked()) - before <= 2
    assert "よい薬草".encode() not in (game.with_name("MyGame.zh-CN") / "data" / "Items.json").read_bytes()


def test_a_removed_file_is_no_longer_counted(asking: Program, game: Path) -> None:
    first = asking("game", game)
    (game / "data" / "Map002.json").unlink()
    second = asking("game", game)
    assert (second.status, second.count("requests")) == (0, 0)
    assert second.count("documents") == first.count("documents") - 1


def test_a_file_that_is_left_as_it_is_leaves_the_patch(pseudo: Program, game: Path) -> None:
    assert pseudo("game", game, "--to", "en").status in FINE
    out = game.with_name("MyGame.en") / "data" / "Weapons.json"
    assert out.exists()
    (game / "data" / "Weapons.json").write_text("[null]", encoding="utf-8")
    assert pseudo("game", game, "--to", "en").status in FINE
    assert not out.exists()


def test_an_unreadable_file_is_listed_and_the_others_are_translated(asking: Program, game: Path, tree: Tree) -> None:
    whole = (game / "data" / "Map001.json").read_bytes()
    (game / "data" / "Map001.json").write_bytes(whole[:-100])
    ended = asking("game", game)
    assert (ended.status, ended.summary["status"]) == (4, "partial")
    assert "Map001.json" in json.dumps(ended.summary["unreadable"])
    patch = tree(game.with_name("MyGame.zh-CN"))
    assert "data/Map002.json" in patch
    assert "data/Map001.json" not in patch
    (game / "data" / "Map001.json").write_bytes(whole)
    mended = asking("game", game)
    assert mended.status == 0
    assert mended.count("translated") - mended.count("from_memory") > 0


def test_all_in_the_memory_needs_no_server(
    program: Program, start_server: Callable[..., InstantServer], game: Path, tree: Tree
) -> None:
    server = start_server()
    command = ("game", game, "--model", "sakura", "--json", "--quiet")
    assert program(*command, "--host", server.host).status == 0
    out = game.with_name("MyGame.zh-CN")
    patch = tree(out)
    shutil.rmtree(out)
    gone = program(*command, "--host", "http://127.0.0.1:9")
    assert gone.status == 0, gone.err
    assert tree(out) == patch


def test_another_width_lays_the_same_translations_out_anew(asking: Program, game: Path, tree: Tree) -> None:
    asking("game", game)
    out = game.with_name("MyGame.zh-CN")
    wide = tree(out)
    narrow = asking("game", game, "--width", "20")
    assert (narrow.status, narrow.count("requests")) == (0, 0)
    assert tree(out) != wide
    assert asking("game", game).count("requests") == 0
    assert tree(out) == wide


def test_a_crash_between_the_note_and_the_file_is_no_reason_to_refuse(
    asking: Program, game: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking("game", game)
    replaced: list[str] = []
    replace = Path.replace

    def failing(self: Path, target: str | os.PathLike[str]) -> Path:
        if os.fspath(target).endswith("Map001.json"):
            replaced.append(os.fspath(target))
            raise OSError(28, "No space left on device")
        return replace(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", failing)
        ended = asking("game", game, "--width", "20")
        assert ended.status == 4
        assert "No space left" in ended.err
    assert replaced
    assert asking("game", game, "--width", "20").status == 0
    assert not list(game.with_name("MyGame.zh-CN").rglob(".translate-*"))


def test_resume_goes_on_with_the_latest_unfinished_job(asking: Program, program: Program, game: Path) -> None:
    first = asking("game", game, "--limit", "5")
    resumed = program("resume", "--json", "--quiet")
    assert resumed.summary["job"] == first.summary["job"]
    assert resumed.count("translated") > first.count("translated")
    asking("game", game)
    by_id = program("resume", str(first.summary["job"]), "--json", "--quiet")
    assert (by_id.status, by_id.count("requests")) == (0, 0)
    nothing = program("resume", "--json", "--quiet")
    assert nothing.status == 2
    assert "no unfinished job" in nothing.err
    assert program("resume", "ffffffff").status == 2


def test_resume_works_from_another_folder(
    asking: Program, program: Program, game: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(game.parent)
    asking("game", "MyGame", "--out", "there", "--limit", "5")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    resumed = program("resume", "--json", "--quiet")
    assert resumed.summary["output"] == str(game.parent / "there")


def test_another_model_is_asked_for_the_same_job(asking: Program, pseudo: Program, game: Path, tree: Tree) -> None:
    first = pseudo("game", game, "--to", "zh-CN")
    marked = tree(game.with_name("MyGame.zh-CN"))
    second = asking("game", game)
    assert (second.status, second.summary["job"]) == (0, first.summary["job"])
    assert tree(game.with_name("MyGame.zh-CN")) != marked
    back = pseudo("game", game, "--to", "zh-CN")
    assert back.count("requests") == 0


def test_a_job_that_could_not_be_written_is_stopped_and_can_be_resumed(
    asking: Program, program: Program, game: Path
) -> None:
    asking("game", game)
    edited = game.with_name("MyGame.zh-CN") / "data" / "Items.json"
    edited.write_bytes(edited.read_bytes() + b" ")
    assert asking("game", game).status == 2
    assert '"stopped"' in program("jobs", "list", "--json").out
    edited.unlink()
    assert program("resume").status == 0
    assert '"done"' in program("jobs", "list", "--json").out
