"""KiriKiri games: where they are found, in which order they are read, what their macros and settings say."""

import re
from pathlib import Path

import pytest

from translator.cli.settings import File, Rank, merge
from translator.core.document import Confidence, Document
from translator.core.game import GameError, GameFile, GameSettings
from translator.core.segment import Role
from translator.formats import all_formats
from translator.games.kirikiri import GAME

TO_CHINESE = GameSettings(source_language="ja", target_language="zh-CN")
SAMPLE = Path(__file__).parents[2] / "samples" / "kirikiri"


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode("cp932"))
    return root


def files_of(root: Path) -> list[GameFile]:
    return list(GAME.files(root, TO_CHINESE))


def opened(root: Path, file: GameFile) -> Document:
    return all_formats()[file.format].open((root / file.path).read_bytes(), options=file.options)


GAME_FILES = {
    "data/startup.tjs": "",
    "data/scenario/first.ks": "[jump storage=two.ks]",
    "data/scenario/two.ks": "文[p]",
}


@pytest.mark.parametrize("inside", [".", "data", "data/scenario", "data/scenario/two.ks"])
def test_the_root_is_found_from_inside(tmp_path: Path, inside: str) -> None:
    root = make(tmp_path / "遊戯", GAME_FILES)
    assert GAME.locate(root / inside) == root
    assert GAME.detect(root) is Confidence.CERTAIN


def test_a_game_without_a_data_folder_is_one_too(tmp_path: Path) -> None:
    root = make(tmp_path / "game", {"startup.tjs": "", "scenario/first.ks": "文[p]", "system/MainWindow.tjs": ""})
    assert (GAME.locate(root / "scenario"), GAME.detect(root)) == (root, Confidence.CERTAIN)


def test_scenarios_alone_are_likely(tmp_path: Path) -> None:
    root = make(tmp_path / "game", {"scenario/first.ks": "文[p]"})
    assert (GAME.locate(root / "scenario"), GAME.detect(root)) == (root, Confidence.LIKELY)


@pytest.mark.parametrize(
    "mark", ["tyrano/tyrano.js", "index.html", "data/others/plugin/a/init.ks", "data/system/KeyConfig.js"]
)
def test_tyranoscript_is_no_kirikiri(tmp_path: Path, mark: str) -> None:
    root = make(tmp_path / "game", {"data/scenario/first.ks": "文[p]", mark: ""})
    assert GAME.detect(root) is Confidence.NONE
    assert GAME.locate(root / "data") is None


def test_a_page_of_help_beside_the_engine_s_files_changes_nothing(tmp_path: Path) -> None:
    root = make(tmp_path / "game", GAME_FILES | {"index.html": ""})
    assert GAME.detect(root) is Confidence.CERTAIN


def test_an_archive_alone_is_named_with_what_to_do_first(tmp_path: Path) -> None:
    root = make(tmp_path / "game", {"data.xp3": "XP3", "game.exe": ""})
    assert (GAME.locate(root), GAME.detect(root)) == (root, Confidence.CERTAIN)
    with pytest.raises(GameError, match=r"packed in data\.xp3\. Unpack"):
        files_of(root)


def test_archives_beside_scenarios_are_told_of(tmp_path: Path) -> None:
    root = make(tmp_path / "game", GAME_FILES | {"voice.xp3": "XP3"})
    assert [f.path.name for f in files_of(root)] == ["first.ks", "two.ks"]
    assert any("voice.xp3" in notice for notice in GAME.notices(root, TO_CHINESE))


def test_files_come_as_they_lead_to_each_other(tmp_path: Path) -> None:
    scenarios = {
        "first.ks": "@call storage=macro.ks\n[jump storage=C.ks]", "a10.ks": "", "a9.ks": "", "macro.ks": "",
        "c.ks": "[link storage=sub/b.ks target=*x]", "sub/b.ks": "",
    }  # fmt: skip
    root = make(tmp_path / "game", {"startup.tjs": ""} | {f"scenario/{name}": text for name, text in scenarios.items()})
    found = [f.path.relative_to("scenario").as_posix() for f in files_of(root)]
    assert found == ["first.ks", "macro.ks", "c.ks", "sub/b.ks", "a9.ks", "a10.ks"]


def test_macros_that_wait_end_messages_in_all_files(tmp_path: Path) -> None:
    waits = "[macro name=lr][l][r][endmacro]\n@macro name=np\n[lr][p]\n@endmacro\n"
    macros = f"{waits}[macro name=heart][graph storage=h][endmacro]\n"
    root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": macros, "a.ks": "一[heart]二[lr]三[np]四[p]\n"})
    [_, story] = files_of(root)
    assert [s.source for s in opened(root, story).segments] == ["一[heart]二", "三", "四"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('[emb exp="mp.a"]', ["旗"]),
        ("[ch text=%a]", ["旗"]),
        ("[ptext layer=1 text=%a|なし]", ["旗"]),
        ('[emb exp="mp.a" cond="mp.a != void"][r]', ["旗"]),
        ('[emb exp="mp.a"][image storage=%a]', []),
        ('[emb exp="mp.a"][eval exp="f.now = mp.a"]', []),
        ("[ch text=%a]\n[iscript]\nf.now = mp.a;\n[endscript]\n", []),
        ("[ch text=%a][font *]", []),
        ("[ruby text=%b][ch text=%a]", []),
        ("[image storage=%a]", []),
    ],
)
def test_what_a_macro_only_shows_is_a_text(tmp_path: Path, body: str, expected: list[str]) -> None:
    story = f"@macro name=m\n{body}\n@endmacro\n[m a=旗 b=ふり]\n"
    root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": story})
    assert [s.source for s in opened(root, files_of(root)[0]).segments] == expected


def test_what_a_macro_shows_as_a_choice_or_a_name_is_one(tmp_path: Path) -> None:
    ask = '[macro name=ask][link target=%to][emb exp="mp.a"][endlink][endmacro]'
    macros = f"{ask}[macro name=sp][ch text=%who_name][endmacro]"
    root = make(
        tmp_path / "game", {"startup.tjs": "", "first.ks": macros + "\n[ask a=はい to=*b]\n[sp who_name=太郎]文[p]\n"}
    )
    found = [(s.source, s.role, s.speaker) for s in opened(root, files_of(root)[0]).segments]
    assert found == [("はい", Role.CHOICE, None), ("太郎", Role.NAME, None), ("文", Role.DIALOGUE, "太郎")]


@pytest.mark.parametrize(
    ("body", "is_words"),
    [
        ('[emb exp="f.n"]', True),
        ('[if exp="f.n"][emb exp="f.n"][else]太郎[endif]', True),
        ("太郎", True),
        ("[ch text=太郎]", True),
        ("【太郎】", False),
        ('[emb exp="f.n"][r]', False),
        ("[graph storage=heart]", False),
    ],
)
def test_macros_that_stand_for_words_are_in_the_sentence(tmp_path: Path, body: str, *, is_words: bool) -> None:
    files = {"startup.tjs": "", "first.ks": f"[macro name=m]{body}[endmacro]\n", "a.ks": "[m]さん。[p]\n"}
    root = make(tmp_path / "game", files)
    assert [s.source for s in opened(root, files_of(root)[1]).segments] == ["[m]さん。" if is_words else "さん。"]


def test_macros_that_call_themselves_end_the_search(tmp_path: Path) -> None:
    macros = "[macro name=a][b][endmacro][macro name=b][a][endmacro]"
    root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": macros + "一[a]二[p]\n"})
    assert [s.source for s in opened(root, files_of(root)[0]).segments] == ["一[a]二"]


@pytest.mark.parametrize(("said", "expected"), [("true", ["一\n二"]), ("false", ["一\n二"])])
def test_config_says_whether_line_ends_are_seen(tmp_path: Path, said: str, expected: list[str]) -> None:
    files = {
        "startup.tjs": "",
        "first.ks": "一\n二[p]\n",
        "system/Config.tjs": f"// 設定\n;global.ignoreCR = {said};\n",
    }
    root = make(tmp_path / "game", files)
    document = opened(root, files_of(root)[0])
    assert [s.source for s in document.segments] == expected
    assert document.segments[0].limits.wrap is (said == "true")


class TestOwnRules:
    def test_are_added_to_the_usual_ones(self, tmp_path: Path) -> None:
        root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": "[who is=太郎]一[jr]二[p]\n[balloon say=泡]\n"})
        own = '[kag]\nnames = ["who.is"]\nbreaks = "jr"\ntexts = ["balloon.say", "-title.name"]\n'
        (root / "translate.toml").write_text(own, "utf-8")
        found = [(s.source, s.role) for s in opened(root, files_of(root)[0]).segments]
        assert found == [("太郎", Role.NAME), ("一", Role.DIALOGUE), ("二", Role.DIALOGUE), ("泡", Role.DESCRIPTION)]

    @pytest.mark.parametrize(
        "own", ["[kag]\nnomes = []\n", "[kag]\nnames = [1]\n", "kag = 1\n", '[kag]\nnames = [""]\n']
    )
    def test_that_are_wrong_are_told(self, tmp_path: Path, own: str) -> None:
        root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": "文[p]\n"})
        (root / "translate.toml").write_text(own, "utf-8")
        with pytest.raises(GameError, match=r"translate\.toml"):
            files_of(root)

    @pytest.mark.parametrize(
        ("own", "wanted"),
        [
            ('names = ["who"]', "tag.attribute"),
            ('choices = ["answer."]', "tag.attribute"),
            ('texts = ["-.hint"]', "tag.attribute"),
            ('name_pairs = ["ns"]', "ns.nse"),
        ],
    )
    def test_without_an_attribute_are_told(self, tmp_path: Path, own: str, wanted: str) -> None:
        root = make(tmp_path / "game", {"startup.tjs": "", "first.ks": "文[p]\n"})
        (root / "translate.toml").write_text(f"[kag]\n{own}\n", "utf-8")
        with pytest.raises(GameError, match=re.escape(wanted)):
            files_of(root)

    def test_do_not_disturb_the_command_line_s_settings(self, tmp_path: Path) -> None:
        table = {"to": "en", "kag": {"names": ["who.is"]}}
        found = merge(("to",), {}, {}, (File(tmp_path / "translate.toml", Rank.PROJECT, table),))
        assert found.text("to") == "en"


def test_the_sample_s_texts_are_read_in_the_order_of_the_story() -> None:
    first, macros, tower, ending = files_of(SAMPLE)
    assert [f.path.name for f in (first, macros, tower, ending)] == ["first.ks", "macros.ks", "tower.ks", "ending.ks"]
    found = [s for s in opened(SAMPLE, tower).segments if s.role is not Role.DESCRIPTION]
    assert [(s.speaker, s.source) for s in found if s.role is Role.CHOICE] == [(None, "外の階段"), (None, "内の階段")]
    assert ("年老いた声", '「待っておったぞ、[emb exp="f.playerName"]よ」') in [(s.speaker, s.source) for s in found]
