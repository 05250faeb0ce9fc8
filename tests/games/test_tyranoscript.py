"""TyranoScript games: by their scenarios, and by the translations that the engine reads beside them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from translator.core.document import Confidence, Document, HoldsBack
from translator.core.game import Game, GameError, GameFile, GameSettings
from translator.formats import all_formats
from translator.games.tyranoscript import GAME
from translator.games.tyranoscript_lang import GAME as LANG

TO_ENGLISH = GameSettings(source_language="ja", target_language="en")
SAMPLES = Path(__file__).parents[2] / "samples"

FIRST = """[chara_new name="akane" jname="あかね"]
#akane
やあ。[r]
\\[ここ\\]だよ。[p]
#？？？:笑
<b>だれ</b>？[font size=9]大きい[resetfont]字[p]
[glink text="はい" target=*a][ptext text=&f.x][jump storage=sub/b.ks]
[macro name=m]マクロ[endmacro]
[iscript]
x = "字";
[endscript]
"""

FILES = {
    "index.html": "",
    "tyrano/tyrano.js": "",
    "data/system/Config.tjs": ";projectID=x\n",
    "data/scenario/first.ks": FIRST,
    "data/scenario/sub/b.ks": "#akane\nまた。[p]\n@jump storage=../others/plugin/p/init.ks\n",
    "data/scenario/a.ks": "夜。[p]\n",
    "data/others/plugin/p/init.ks": "部品。[p]\n",
}


def make(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return root


def files_of(root: Path, game: Game = GAME) -> list[GameFile]:
    return list(game.files(root, TO_ENGLISH))


def opened(root: Path, file: GameFile) -> Document:
    blob = (root / file.path).read_bytes() if file.made is None else file.made()
    return all_formats()[file.format].open(blob, options=file.options)


def made(root: Path) -> dict[str, object]:
    [file] = files_of(root, LANG)
    assert file.made is not None
    blob = file.made()
    assert blob == file.made()
    return cast("dict[str, object]", json.loads(blob))


@pytest.mark.parametrize("inside", [".", "data", "data/scenario", "data/scenario/sub", "data/scenario/first.ks"])
@pytest.mark.parametrize("home", [".", "resources/app"])
def test_the_root_is_found_from_inside(tmp_path: Path, inside: str, home: str) -> None:
    root = tmp_path / "遊戯"
    make(root / home, FILES)
    found = GAME.locate(root / home / inside)
    assert found in (root, root / home)
    assert GAME.detect(root) is Confidence.CERTAIN


def test_data_alone_is_likely(tmp_path: Path) -> None:
    root = make(tmp_path, {name: text for name, text in FILES.items() if name.startswith("data")})
    assert GAME.detect(root) is Confidence.LIKELY


def test_a_packed_game_is_named_with_what_to_do_first(tmp_path: Path) -> None:
    make(tmp_path, {"resources/app.asar": '....{"files":{"tyrano":{"files":{}}}}', "game.exe": ""})
    assert GAME.detect(tmp_path) is Confidence.LIKELY
    with pytest.raises(GameError, match=r"packed in resources/app\.asar\. Unpack"):
        files_of(tmp_path)
    with pytest.raises(GameError, match="asar"):
        files_of(tmp_path, LANG)


def test_another_program_s_archive_is_nobody_s(tmp_path: Path) -> None:
    make(tmp_path, {"resources/app.asar": '{"files":{"js":{}}}'})
    assert GAME.detect(tmp_path) is Confidence.NONE


def test_files_come_as_they_lead_to_each_other(tmp_path: Path) -> None:
    found = [f.path.as_posix() for f in files_of(make(tmp_path, FILES))]
    assert found == [
        "data/scenario/first.ks", "data/scenario/sub/b.ks", "data/others/plugin/p/init.ks", "data/scenario/a.ks",
    ]  # fmt: skip


def test_a_character_s_id_stands_for_its_name_in_all_files(tmp_path: Path) -> None:
    root = make(tmp_path, FILES)
    assert [(s.source, s.speaker) for s in opened(root, files_of(root)[1]).segments] == [("また。", "あかね")]


@pytest.mark.parametrize(
    "other",
    [
        '[chara_new name="takao" storage="a.png"]\n',
        '[chara_show name="takao"]\n',
        "@chara_mod name=takao face=a\n",
        '[chara_new name="takao" jname="&f.n"]\n',
    ],
)
def test_ids_of_characters_are_no_names_in_any_file(tmp_path: Path, other: str) -> None:
    story = "#takao\nやあ。[p]\n#花子\nはい。[p]\n"
    root = make(tmp_path, FILES | {"data/scenario/a.ks": story, "data/scenario/z.ks": other})
    document = opened(root, next(f for f in files_of(root) if f.path.name == "a.ks"))
    assert [(s.source, s.speaker) for s in document.segments] == [("やあ。", None), ("花子", None), ("はい。", "花子")]
    assert isinstance(document, HoldsBack)
    assert [found.text for found in document.held_back()] == ["takao"]
    [lang] = files_of(root, LANG)
    assert [s.source for s in opened(root, lang).segments if s.key.startswith("charas/")] == ["あかね", "花子"]


def test_the_name_of_a_character_is_no_id_though_a_tag_takes_it_for_one(tmp_path: Path) -> None:
    story = '[chara_new name="rin" jname="りん"]\n[chara_show name="りん"]\n#りん\nやあ。[p]\n'
    root = make(tmp_path, FILES | {"data/scenario/a.ks": story})
    document = opened(root, next(f for f in files_of(root) if f.path.name == "a.ks"))
    assert [(s.source, s.speaker) for s in document.segments] == [("りん", None), ("りん", None), ("やあ。", "りん")]


def test_macros_that_change_the_speaker_end_the_last_one(tmp_path: Path) -> None:
    story = "#太郎\n一[p]\n[hana]\n二[p]\n"
    root = make(
        tmp_path, FILES | {"data/scenario/a.ks": story, "data/scenario/m.ks": "[macro name=hana]\n#花子\n[endmacro]"}
    )
    document = opened(root, next(f for f in files_of(root) if f.path.name == "a.ks"))
    assert [(s.source, s.speaker) for s in document.segments] == [("太郎", None), ("一", "太郎"), ("二", None)]


class TestLang:
    def test_is_chosen_by_name_only(self, tmp_path: Path) -> None:
        root = make(tmp_path, FILES)
        assert LANG.detect(root) < GAME.detect(root)
        assert LANG.locate(root / "data") == root

    def test_lists_what_the_engine_looks_up(self, tmp_path: Path) -> None:
        assert made(make(tmp_path, FILES)) == {
            "scenes": {
                "first.ks": {
                    "scenario": dict.fromkeys(["やあ。", "[ここ]だよ。", "<b>だれ</b>？", "大きい", "字"], ""),
                    "tag": {"chara_new": {"jname": {"あかね": ""}}, "glink": {"text": {"はい": ""}}},
                },
                "sub/b.ks": {"scenario": {"また。": ""}, "tag": {}},
                "../others/plugin/p/init.ks": {"scenario": {"部品。": ""}, "tag": {}},
                "a.ks": {"scenario": {"夜。": ""}, "tag": {}},
            },
            "charas": {"akane": ""},
        }

    def test_translates_the_name_behind_an_id(self, tmp_path: Path) -> None:
        root = make(tmp_path, FILES)
        [file] = files_of(root, LANG)
        assert file.path.as_posix() == "data/others/lang/en.json"
        document = opened(root, file)
        names = {s.key: s.source for s in document.segments if s.binding == "name"}
        assert names == {"scenes/first.ks/tag/chara_new/jname/あかね": "あかね", "charas/akane": "あかね"}
        assert '"akane": "Akane"' in document.render({"charas/akane": "Akane"}).decode()

    def test_completes_the_file_that_is_there(self, tmp_path: Path) -> None:
        there: dict[str, object] = {
            "scenes": {
                "a.ks": {"scenario": {"夜。": "Night.", "昔の文。": "Gone."}, "tag": {}},
                "old.ks": {"scenario": {}},
            },
            "systems": {"go_title": "Title?"},
        }
        root = make(tmp_path, FILES | {"data/others/lang/en.json": json.dumps(there)})
        tree = made(root)
        scenes = cast("dict[str, dict[str, dict[str, str]]]", tree["scenes"])
        assert scenes["a.ks"]["scenario"] == {"夜。": "Night.", "昔の文。": "Gone."}
        assert list(scenes)[-1] == "old.ks"
        assert tree["systems"] == {"go_title": "Title?"}
        document = opened(root, files_of(root, LANG)[0])
        assert {s.source: s.target for s in document.segments}["夜。"] == "Night."

    @pytest.mark.parametrize("damaged", ["[]", "{", "[" * 100_000])
    def test_says_where_a_damaged_file_is(self, tmp_path: Path, damaged: str) -> None:
        root = make(tmp_path, FILES | {"data/others/lang/en.json": damaged})
        [file] = files_of(root, LANG)
        assert file.made is not None
        with pytest.raises(GameError, match=r"en\.json"):
            file.made()

    def test_takes_the_originals_of_another_language_without_scenarios(self) -> None:
        tree = made(SAMPLES / "tyranoscript_lang")
        assert "systems" in tree  # the file of the target language itself
        [file] = LANG.files(SAMPLES / "tyranoscript_lang", GameSettings("ja", "zh-CN"))
        assert file.made is not None
        other = cast("dict[str, object]", json.loads(file.made()))
        assert "systems" not in other
        assert set(cast("dict[str, str]", other["charas"]).values()) == {""}

    def test_says_how_the_game_shows_it(self, tmp_path: Path) -> None:
        assert any('[lang_set name="en"]' in notice for notice in LANG.notices(make(tmp_path, FILES), TO_ENGLISH))
