"""Finding the game, its files in order, and what holds for all of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.core.document import Confidence
from translator.core.game import GameError, GameSettings
from translator.formats import all_formats
from translator.games.rpgmaker_mv import GAME

TO_CHINESE = GameSettings(source_language="ja", target_language="zh-CN")
TO_ENGLISH = GameSettings(source_language="ja", target_language="en")

Files = dict[str, object]

DATA: Files = {
    "System.json": {"gameTitle": "題", "locale": "ja_JP"},
    "Actors.json": [None, {"id": 1, "name": "ハロルド"}, {"id": 2, "name": " "}, None, {"id": 4, "name": "テレーゼ"}],
    "Items.json": [None],
    "MapInfos.json": [None, {"id": 1, "order": 3}, None, {"id": 3, "order": 1}, {"id": 2, "order": 2}],
    "Map001.json": {"displayName": "一"},
    "Map002.json": {"displayName": "二"},
    "Map003.json": {"displayName": "三"},
    "Map010.json": {"displayName": "十"},
    "Tilesets.json": [None],
    "Quests.json": [None, {"name": "依頼"}],
}


def make(root: Path, files: Files, *, at: str = "data") -> Path:
    folder = root / at
    folder.mkdir(parents=True)
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        (folder / name).write_text(text, encoding="utf-8")
    return root


def touch(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def listed(root: Path, settings: GameSettings = TO_CHINESE) -> list[str]:
    return [str(f.path) for f in GAME.files(root, settings)]


def settings_of(root: Path, settings: GameSettings = TO_CHINESE) -> dict[str, str]:
    return dict(next(iter(GAME.files(root, settings))).options.settings)


def test_files_come_as_a_player_meets_them(tmp_path: Path) -> None:
    root = make(tmp_path, DATA)
    touch(root / "js" / "plugins.js", "var $plugins =\n[\n];\n")
    assert listed(root) == [
        "data/System.json", "data/Actors.json", "data/Items.json",
        "data/Map003.json", "data/Map002.json", "data/Map001.json", "data/Map010.json", "js/plugins.js",
    ]  # fmt: skip


def test_maps_come_by_number_without_a_list_of_them(tmp_path: Path) -> None:
    root = make(tmp_path, {name: value for name, value in DATA.items() if name != "MapInfos.json"})
    assert listed(root)[-4:] == ["data/Map001.json", "data/Map002.json", "data/Map003.json", "data/Map010.json"]


@pytest.mark.parametrize("inside", [".", "data", "data/Map001.json", "data/System.json"])
def test_the_root_is_found_from_inside(tmp_path: Path, inside: str) -> None:
    root = make(tmp_path / "Game 遊戯 🎮", DATA)
    assert GAME.locate(root / inside) == root


@pytest.mark.parametrize("inside", [".", "www", "www/data", "www/data/Map001.json"])
def test_the_root_of_a_deployed_game_is_above_www(tmp_path: Path, inside: str) -> None:
    root = make(tmp_path / "Game", DATA, at="www/data")
    touch(root / "package.json", "{}")
    touch(root / "www" / "js" / "rpg_core.js")
    touch(root / "www" / "js" / "plugins.js", "var $plugins = []")
    assert GAME.locate(root / inside) == root
    assert GAME.detect(root) is Confidence.CERTAIN
    assert listed(root)[-1] == "www/js/plugins.js"


def test_a_www_folder_that_was_copied_alone_is_the_root(tmp_path: Path) -> None:
    make(tmp_path, DATA, at="www/data")
    assert GAME.locate(tmp_path / "www") == tmp_path / "www"


def test_a_data_folder_that_was_copied_alone(tmp_path: Path) -> None:
    root = make(tmp_path, DATA)
    assert GAME.locate(root / "data") == root
    assert GAME.detect(root) is Confidence.LIKELY
    make(tmp_path, DATA, at="texts")
    assert GAME.locate(tmp_path / "texts") == tmp_path / "texts"
    assert listed(tmp_path / "texts")[:2] == ["System.json", "Actors.json"]


def test_what_is_no_game(tmp_path: Path) -> None:
    touch(tmp_path / "other" / "package.json", "{}")
    touch(tmp_path / "other" / "data" / "System.json", "{}")
    for path in (tmp_path, tmp_path / "other", tmp_path / "other" / "data", tmp_path / "nowhere"):
        assert GAME.locate(path) is None
        assert GAME.detect(path) is Confidence.NONE
    with pytest.raises(GameError, match="no data folder"):
        list(GAME.files(tmp_path, TO_CHINESE))
    assert list(GAME.notices(tmp_path, TO_CHINESE)) == []


@pytest.mark.parametrize("marker", ["js/rpg_core.js", "js/rmmz_core.js", "Game.rpgproject", "game.rmmzproject"])
def test_the_engines_files_make_it_certain(tmp_path: Path, marker: str) -> None:
    root = make(tmp_path, DATA)
    touch(root / marker)
    assert GAME.detect(root) is Confidence.CERTAIN


def test_actors_and_names_are_known_to_every_file(tmp_path: Path) -> None:
    renaming = {"code": 320, "indent": 0, "parameters": [1, '英雄"ハロルド"']}
    files = DATA | {
        "Map002.json": {"events": [None, {"pages": [{"list": [renaming]}]}]},
        "CommonEvents.json": json.dumps([None, {"list": [renaming | {"parameters": [4, "テレーゼ様"]}]}], indent=2),
    }
    found = settings_of(make(tmp_path, files))
    assert (found["actor.1"], found["actor.4"]) == ("ハロルド", "テレーゼ")
    assert "actor.2" not in found
    assert found["names"].split("\n") == ["ハロルド", "テレーゼ", "テレーゼ様", '英雄"ハロルド"']


@pytest.mark.parametrize(
    ("system", "width", "expected"),
    [
        ({}, None, ("mv", "55", "43")),
        ({"advanced": {}}, None, ("mz", "60", "47")),
        ({"advanced": {"uiAreaWidth": 816, "fontSize": 26}}, None, ("mz", "60", "47")),
        ({"advanced": {"uiAreaWidth": 1280, "fontSize": 26}}, None, ("mz", "96", "82")),
        ({"advanced": {}, "editor": {"messageWidth1": 70, "messageWidth2": 50}}, None, ("mz", "70", "50")),
        ({}, 40, ("mv", "40", "28")),
        ({"advanced": {}}, 50, ("mz", "50", "37")),
        ({"advanced": {}}, 5, ("mz", "5", "1")),
    ],
)
def test_columns(tmp_path: Path, system: Files, width: int | None, expected: tuple[str, str, str]) -> None:
    root = make(tmp_path, DATA | {"System.json": {"locale": "ja_JP", **system}})
    found = settings_of(root, GameSettings(source_language="ja", target_language="en", width=width))
    assert (found["engine"], found["columns"], found["columns_face"]) == expected


def test_a_chinese_target_sets_the_locale_and_says_so(tmp_path: Path) -> None:
    root = make(tmp_path, DATA)
    assert settings_of(root)["locale"] == "zh_CN"
    (notice,) = GAME.notices(root, TO_CHINESE)
    assert notice.startswith("System.json's locale changes from ja_JP to zh_CN, by which the engine picks a font")
    assert "--keep-locale" in notice
    (file,) = [f for f in GAME.files(root, TO_CHINESE) if f.path.name == "System.json"]
    blob = (root / file.path).read_bytes()
    changed = json.loads(all_formats()[file.format].open(blob, options=file.options).render({"gameTitle": "标题"}))
    assert changed == {"gameTitle": "标题", "locale": "zh_CN"}


@pytest.mark.parametrize(
    "settings",
    [TO_ENGLISH, GameSettings(source_language="ja", target_language="zh-CN", keep_locale=True)],
    ids=["english", "kept"],
)
def test_otherwise_the_locale_stays(tmp_path: Path, settings: GameSettings) -> None:
    root = make(tmp_path, DATA)
    assert "locale" not in settings_of(root, settings)
    assert list(GAME.notices(root, settings)) == []


def test_mz_says_that_its_font_stays(tmp_path: Path) -> None:
    system = {"locale": "ja_JP", "advanced": {"mainFontFilename": "mplus-1m-regular.woff"}}
    root = make(tmp_path, DATA | {"System.json": system})
    (notice,) = GAME.notices(root, TO_CHINESE)
    assert "mplus-1m-regular.woff" in notice


@pytest.mark.parametrize("damaged", ['{"locale": ', "[]", "5", '{"locale": 1, "editor": [], "advanced": 3}', "\x00"])
def test_damaged_files_are_left_to_the_format_to_tell(tmp_path: Path, damaged: str) -> None:
    files = DATA | {"System.json": damaged, "Actors.json": damaged, "MapInfos.json": damaged, "Map001.json": damaged}
    root = make(tmp_path, files)
    assert "data/System.json" in listed(root)
    assert list(GAME.notices(root, TO_CHINESE)) == []


def test_links_that_lead_nowhere_or_round_in_a_circle(tmp_path: Path) -> None:
    root = make(tmp_path, DATA)
    (root / "data" / "Map004.json").symlink_to(root / "data" / "Map004.json")
    (root / "data" / "Map005.json").symlink_to(root / "gone.json")
    (root / "data" / "loop").symlink_to(root / "data", target_is_directory=True)
    (root / "round").symlink_to(root / "round")
    assert "data/Map004.json" not in listed(root)
    assert GAME.locate(root / "round") in (None, root)


@pytest.mark.parametrize("name", ["rpgmaker-mv-parallaxmap", "rpgmaker-mz-mystery-rogue"])
def test_real_games_are_found_and_every_file_opens(corpus: Callable[[str], Path], name: str) -> None:
    root = corpus(name)
    assert GAME.locate(root / "data") == root
    files = list(GAME.files(root, TO_CHINESE))
    assert len(files) == {"rpgmaker-mv-parallaxmap": 18, "rpgmaker-mz-mystery-rogue": 162}[name]
    for file in files:
        document = all_formats()[file.format].open((root / file.path).read_bytes(), options=file.options)
        assert bool(document.segments) != bool(document.notices)
