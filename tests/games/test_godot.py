"""Godot projects: where they are found, which tables are read, and what is said of exported games."""

from pathlib import Path

import pytest

from translator.core.document import Confidence
from translator.core.game import GameError, GameFile, GameSettings
from translator.games.godot import GAME

TO_CHINESE = GameSettings(source_language="ja", target_language="zh-CN")
SAMPLE = Path(__file__).parents[2] / "samples" / "godot"
TABLE = "keys,ja,zh_CN\nA,あ,\n"


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in {"project.godot": "config_version=5\n", **files}.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root


def files_of(root: Path) -> list[GameFile]:
    return list(GAME.files(root, TO_CHINESE))


def test_the_root_is_found_from_inside() -> None:
    for inside in (".", "locale", "locale/menu.csv"):
        assert GAME.locate(SAMPLE / inside) == SAMPLE
    assert GAME.detect(SAMPLE) is Confidence.CERTAIN


def test_a_folder_without_a_project_is_none(tmp_path: Path) -> None:
    assert GAME.locate(tmp_path) is None
    assert GAME.detect(tmp_path) is Confidence.NONE
    with pytest.raises(GameError, match=r"no project\.godot"):
        files_of(tmp_path)


def test_a_pack_says_what_to_do_first(tmp_path: Path) -> None:
    (tmp_path / "folder.pck").mkdir()
    (tmp_path / "game.pck").write_bytes(b"GDPC" + bytes(20))
    assert GAME.locate(tmp_path) == tmp_path
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    with pytest.raises(GameError, match=r"packed \(game\.pck\); recover its project first"):
        files_of(tmp_path)


def test_another_engines_pack_is_none(tmp_path: Path) -> None:
    (tmp_path / "game.pck").write_bytes(b"AKPK")
    assert GAME.detect(tmp_path) is Confidence.NONE


def test_listed_tables_come_first_and_other_folders_are_left_out(tmp_path: Path) -> None:
    listed = 'locale/translations=PackedStringArray("res://z/b.ja.translation", "res://z/b.zh_CN.translation")\n'
    root = make(
        tmp_path,
        {"project.godot": listed, "a.csv": TABLE, "z/b.csv": TABLE, "addons/x/c.csv": TABLE, ".git/d.csv": TABLE,
         "prices.csv": "item,price\nlamp,3\n", "notes.txt": TABLE},
    )  # fmt: skip
    assert [str(file.path) for file in files_of(root)] == ["z/b.csv", "a.csv"]


@pytest.mark.parametrize(("number", "delimiter"), [("0", ","), ("1", ";"), ("2", "\t"), ("7", None)])
def test_the_import_file_says_the_delimiter(tmp_path: Path, number: str, delimiter: str | None) -> None:
    root = make(tmp_path, {"a.csv": TABLE, "a.csv.import": f"[params]\n\ncompress=true\ndelimiter={number}\n"})
    (file,) = files_of(root)
    assert file.options.settings.get("delimiter") == delimiter
    assert file.options.settings["source"] == "ja"


def test_a_project_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GameError, match="no translation table"):
        files_of(make(tmp_path, {}))


def test_the_editor_and_po_files_are_told(tmp_path: Path) -> None:
    root = make(tmp_path, {"project.godot": 'locale/translations=PackedStringArray("res://ja.po")\n'})
    notices = list(GAME.notices(root, TO_CHINESE))
    assert ["editor" in notices[0], "PO files" in notices[1], len(notices)] == [True, True, 2]
    assert len(list(GAME.notices(make(tmp_path / "two", {}), TO_CHINESE))) == 1
    assert not list(GAME.extras(root, TO_CHINESE))
