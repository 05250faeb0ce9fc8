"""WOLF RPG Editor games: found, told apart from packed and encrypted ones, and what they look up by name."""

import json
import shutil
from pathlib import Path

import pytest

from translator.core.charset import can_encode
from translator.core.document import Confidence, HoldsBack
from translator.core.game import GameError, GameFile, GameSettings
from translator.core.segment import Segment
from translator.formats.wolf import FORMAT
from translator.formats.wolf.commands import Code
from translator.games.wolf import GAME
from translator.testing.wolf_files import Builder, NewCommand, NewEvent, NewField, NewType
from translator.workflow.inputs import find_source
from translator.workflow.options import InputOptions

HERE = Path(__file__).parents[2]
SAMPLE = HERE / "samples" / "wolf"
CORPUS = HERE.parent / "shared" / "corpora" / "wolf-riajugari"
SETTINGS = GameSettings("ja", "zh-CN")
TEXT = 1_600_005


@pytest.fixture
def game(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLE, tmp_path / "game"))


def files_of(root: Path) -> dict[str, GameFile]:
    return {file.path.name: file for file in GAME.files(root, SETTINGS)}


def segments_of(root: Path) -> list[Segment]:
    found: list[Segment] = []
    for file in GAME.files(root, SETTINGS):
        found += FORMAT.open((root / file.path).read_bytes(), options=file.options).segments
    return found


def held_in(root: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in GAME.files(root, SETTINGS):
        document = FORMAT.open((root / file.path).read_bytes(), options=file.options)
        assert isinstance(document, HoldsBack)
        found.update({text: reason for _, text, reason in document.held_back()})
    return found


def put(text: str) -> NewCommand:
    return NewCommand(Code.SET_STRING, (TEXT, 0), (text,))


def compare(text: str, operator: int = 0, variable: int = 0) -> NewCommand:
    return NewCommand(Code.STRING_CONDITION, (1, TEXT + (operator << 28) + (variable << 24)), (text, "", "", ""))


def small_game(root: Path, *commands: NewCommand, kind: NewType | None = None, charset: str = "cp932") -> Path:
    built = Builder(charset)
    kind = kind or NewType("人", (NewField("名前"),), (("ナギ", ("ナギ",)),))
    for name, blob in (
        ("Game.dat", built.game("題")),
        ("CommonEvent.dat", built.common_events((NewEvent(0, "○計算", (commands,)),))),
        ("DataBase.project", built.project((kind,))),
        ("DataBase.dat", built.database((kind,))),
    ):
        path = root / "Data" / "BasicData" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(blob)
    return root


@pytest.mark.parametrize("inside", ["", "Data", "Data/BasicData", "Data/MapData", "Data/MapData/Map001.mps"])
def test_the_root_is_found_from_inside(game: Path, inside: str) -> None:
    assert GAME.locate(game / inside) == game


def test_names_in_capitals_or_small_letters_are_the_same_game(game: Path) -> None:
    (game / "Data").rename(game / "data")
    (game / "data" / "BasicData").rename(game / "data" / "basicdata")
    (game / "data" / "basicdata" / "CommonEvent.dat").rename(game / "data" / "basicdata" / "COMMONEVENT.DAT")
    assert GAME.detect(game) is Confidence.CERTAIN
    assert "COMMONEVENT.DAT" in files_of(game)


def test_a_data_folder_alone_is_a_game(game: Path) -> None:
    shutil.move(game / "Data", game.parent / "other")
    assert GAME.locate(game.parent / "other" / "BasicData") == game.parent / "other"
    assert len(files_of(game.parent / "other")) == 9


def test_maps_come_after_the_database_and_the_common_events(game: Path) -> None:
    shutil.copy(game / "Data/MapData/Map001.mps", game / "Data/MapData/タイトル.mps")
    names = list(files_of(game))
    assert names[0] == "Game.dat"
    assert names[-3:] == ["CommonEvent.dat", "Map001.mps", "タイトル.mps"]


@pytest.mark.parametrize("archive", ["Data.wolf", "Data/BasicData.wolf", "data.wolfx"])
def test_a_packed_game_is_known_and_says_what_to_do_first(tmp_path: Path, archive: str) -> None:
    (tmp_path / archive).parent.mkdir(exist_ok=True)
    (tmp_path / archive).write_bytes(b"DX\x08\0" + bytes(100))
    (tmp_path / "Game.exe").write_bytes(b"MZ")
    assert GAME.locate(tmp_path) == tmp_path
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    with pytest.raises(GameError, match=r"packed into .*wolf.*; unpack it first"):
        list(GAME.files(tmp_path, SETTINGS))


@pytest.mark.parametrize("start", [b"\x8a\x21\xd3", b"\0P\0\0\0T"])
def test_an_encrypted_game_is_known_and_says_what_to_do_first(game: Path, start: bytes) -> None:
    path = game / "Data/BasicData/CommonEvent.dat"
    path.write_bytes(start + bytes(range(200, 256)))
    assert GAME.detect(game) is Confidence.CERTAIN
    with pytest.raises(GameError, match=r"CommonEvent\.dat is encrypted.*decrypt the game first"):
        list(GAME.files(game, SETTINGS))


def test_a_string_that_is_looked_up_and_shown_changes_everywhere_or_nowhere(game: Path) -> None:
    found = [segment for segment in segments_of(game) if segment.source == "霧"]
    keys = {"type/2/data/1/name", "type/2/data/1/field/0", "common/1/database/1/data", "common/1/condition/1/1"}
    assert {s.key for s in found} == {*keys, "event/0/page/2/string/1"}
    assert {s.binding for s in found} == {"wolf-key"}


def test_a_common_event_that_is_called_by_a_value_keeps_its_name(game: Path) -> None:
    assert held_in(game)["X[共]天気の計算"] in ("looked up by name", "event name")
    assert "X[共]天気の計算" not in {s.source for s in segments_of(game)}


def test_what_is_compared_with_no_known_value_stays(tmp_path: Path) -> None:
    root = small_game(tmp_path, put("海"), compare("海"), compare("山"), compare("\\cself[6]の海"))
    assert [(s.source, s.binding) for s in segments_of(root) if s.source in ("海", "山")] == [("海", "wolf-key")] * 2
    held = held_in(root)
    assert held["山"] == "compared"
    assert held["\\cself[6]の海"] == "compared with a string built at run time"


def test_values_in_which_a_part_is_searched_for_stay(tmp_path: Path) -> None:
    root = small_game(tmp_path, put("大きな剣"), put("盾"), compare("剣", operator=2))
    assert {s.source for s in segments_of(root)} == {"題", "盾", "ナギ"}
    assert held_in(root)["大きな剣"] == "searched for a part"


def test_a_choice_that_is_compared_changes_with_what_it_is_compared_with(tmp_path: Path) -> None:
    root = small_game(tmp_path, NewCommand(Code.CHOICES, (2,), ("戦う", "逃げる")), compare("逃げる"))
    assert [(s.role.value, s.binding) for s in segments_of(root) if s.source == "逃げる"] == [
        ("choice", "wolf-key"),
        ("term", "wolf-key"),
    ]


def test_a_value_that_a_file_is_called_by_stays(tmp_path: Path) -> None:
    named = NewCommand(Code.PICTURE, (0, 1), ("Picture/山.png",))
    root = small_game(tmp_path, put("海"), put("山"), put("Picture/\\cself[5].png"), named)
    (root / "Data" / "Picture").mkdir()
    for name in ("海.png", "山.png"):
        (root / "Data" / "Picture" / name).write_bytes(b"x")
    assert "山" in {s.source for s in segments_of(root)}, "what names the file in full is not its bare name"
    assert held_in(root)["海"] == "looked up by name"


def test_variables_that_are_compared_with_each_other_bind_what_is_there_twice(tmp_path: Path) -> None:
    assert {s.binding for s in segments_of(small_game(tmp_path, put("ナギ")))} == {None}
    root = small_game(tmp_path, put("ナギ"), compare("", variable=1))
    assert {s.binding for s in segments_of(root) if s.source == "ナギ"} == {"wolf-key"}


def test_a_name_of_data_that_is_read_into_a_string_is_offered(tmp_path: Path) -> None:
    read = NewCommand(Code.DATABASE, (0, 0, 0xFFFFFFFD, 0x1200, TEXT), ("", "", "", ""))
    kind = NewType("人", (NewField("年", text=False),), (("ナギ", (12,)),))
    keys = [s.key for s in segments_of(small_game(tmp_path, read, kind=kind))]
    assert keys == ["title", "type/0/data/0/name"]


def test_a_game_that_searches_for_too_many_parts_has_none_of_its_values_offered(tmp_path: Path) -> None:
    parts = [compare(f"部分{number}", operator=2) for number in range(2001)]
    root = small_game(tmp_path, *parts, put("海"), NewCommand(Code.MESSAGE, (), ("海だ。",)))
    assert {s.source for s in segments_of(root)} == {"題", "海だ。"}


def test_fields_go_to_their_database_only(game: Path) -> None:
    files = files_of(game)
    fields = json.loads(files["DataBase.dat"].options.settings["fields"])
    assert fields[0][0] == "アイテム"
    assert fields[0][1][3] == ["画像", 1]
    assert "fields" not in files["Map001.mps"].options.settings


def test_version_3_is_utf8_in_all_of_its_files(tmp_path: Path) -> None:
    root = small_game(tmp_path, put("海"), charset="utf-8")
    assert {file.options.charset for file in GAME.files(root, SETTINGS)} == {"utf-8"}
    assert not list(GAME.notices(root, SETTINGS))


def test_a_game_in_a_chinese_code_page_is_read_in_it(tmp_path: Path) -> None:
    text = "这是一个很长的故事，他们说没有人能从雾里回来。你为什么还要去那里呢？"
    root = small_game(tmp_path, *[NewCommand(Code.MESSAGE, (), (text,))] * 3, charset="gb18030")
    assert files_of(root)["CommonEvent.dat"].options.charset == "gb18030"
    assert text in {s.source for s in segments_of(root)}


def test_the_user_is_told_what_holds_chinese(game: Path) -> None:
    (notice,) = GAME.notices(game, SETTINGS)
    assert "cp932" in notice
    assert "gb18030" in notice
    assert "version 3" in notice
    assert not list(GAME.notices(game, GameSettings("ja", "en")))
    assert can_encode("cp932", "en")


def test_archives_beside_the_folders_are_named(game: Path) -> None:
    (game / "Data" / "Picture.wolf").write_bytes(b"DX")
    assert any("Picture.wolf" in notice for notice in GAME.notices(game, GameSettings("ja", "en")))


def test_a_damaged_file_is_left_to_the_one_who_opens_it(game: Path) -> None:
    (game / "Data/MapData/Map001.mps").write_bytes(b"")
    assert "Map001.mps" in files_of(game)


def test_the_command_line_finds_it(game: Path) -> None:
    source = find_source(InputOptions(path=game), source="ja", target="en")
    assert source.engine == "wolf"
    assert len(source.files) == 9


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not here")
def test_a_real_game_comes_back_as_it_was() -> None:
    count = 0
    for file in GAME.files(CORPUS, SETTINGS):
        blob = (CORPUS / file.path).read_bytes()
        document = FORMAT.open(blob, options=file.options)
        assert document.render({}) == blob
        assert document.render({s.key: s.source for s in document.segments}) == blob
        count += len(document.segments)
    assert count > 900
