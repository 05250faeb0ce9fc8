"""RPG Maker XP, VX and VX Ace games: where their files are, and what holds for all of them."""

import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from translator.core.document import Confidence, Document
from translator.core.game import GameError, GameSettings
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_values import RubyArray, RubyString
from translator.formats import all_formats
from translator.games.rpgmaker_rgss import GAME

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "samples" / "rpgmaker_rgss"
ODD = REPOSITORY / "tests" / "contract" / "fixtures" / "rpgmaker_rgss" / "Data"
SETTINGS = GameSettings(source_language="ja", target_language="zh-CN")


@pytest.fixture
def game(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLE, tmp_path / "game")
    return tmp_path / "game"


def _old(root: Path, suffix: str, *names: str) -> Path:
    (root / "Data").mkdir(parents=True)
    for name in names:
        shutil.copy(ODD / f"{name}{suffix}", root / "Data")
    return root


def test_the_root_is_found_from_everywhere_in_it(game: Path) -> None:
    for path in (game, game / "Data", game / "Game.ini", game / "Data" / "Map001.rvdata2"):
        assert GAME.locate(path) == game
    assert GAME.locate(game.parent) is None


def test_a_folder_of_data_alone_is_its_own_root(game: Path) -> None:
    (game / "Data").rename(game.parent / "files")
    assert GAME.locate(game.parent / "files") == game.parent / "files"
    assert GAME.detect(game.parent / "files") is Confidence.LIKELY


def test_the_engines_own_files_make_it_certain(game: Path) -> None:
    assert GAME.detect(game) is Confidence.CERTAIN
    (game / "Game.rvproj2").unlink()
    assert GAME.detect(game) is Confidence.CERTAIN  # Game.ini names the library
    (game / "Game.ini").unlink()
    assert GAME.detect(game) is Confidence.LIKELY


def test_files_come_in_the_order_of_play(game: Path) -> None:
    names = [file.path.name.partition(".")[0] for file in GAME.files(game, SETTINGS)]
    assert names[:3] == ["System", "Actors", "Classes"]
    assert names[-6:] == ["CommonEvents", "Troops", "Map002", "Map001", "Map003", "Scripts"]
    assert not set(names) & {"MapInfos", "Tilesets"}


def test_names_of_actors_and_of_events_that_rename_them_are_known(game: Path) -> None:
    options = next(GAME.files(game, SETTINGS)).options
    assert options.settings["actor.1"] == "ナギ"
    assert options.settings["names"].split("\n") == ["ナギ", "トワ", "灯台のナギ"]


def test_a_comparison_is_bound_to_the_name_that_it_tests(game: Path) -> None:
    found: dict[str, list[str]] = {}
    for file in GAME.files(game, SETTINGS):
        document = all_formats()[file.format].open((game / file.path).read_bytes(), options=file.options)
        for segment in document.segments:
            if segment.source == "ナギ":
                found.setdefault(segment.binding or "", []).append(segment.key)
    assert found == {"actor-name": ["1/name", "event/5/page/1/condition/1", "event/5/page/1/condition/2/1"]}


@pytest.mark.parametrize(("width", "columns", "face"), [(None, None, None), (50, "50", "41")])
def test_a_width_that_is_asked_for_leaves_room_for_a_face(
    game: Path, width: int | None, columns: str | None, face: str | None
) -> None:
    settings = GameSettings("ja", "zh-CN", width=width)
    options = next(GAME.files(game, settings)).options
    assert (options.settings.get("columns"), options.settings.get("columns_face")) == (columns, face)


@pytest.mark.parametrize(
    ("archive", "engine", "data"),
    [("Game.rgss3a", "VX Ace", ".rvdata2"), ("Game.rgss2a", "VX", ".rvdata"), ("Game.rgssad", "XP", ".rxdata")],
)
def test_an_encrypted_archive_is_named_with_what_to_do_first(
    tmp_path: Path, archive: str, engine: str, data: str
) -> None:
    (tmp_path / archive).write_bytes(b"RGSSAD\0\x03")
    assert GAME.locate(tmp_path) == tmp_path
    assert GAME.detect(tmp_path) is Confidence.CERTAIN
    with pytest.raises(GameError) as caught:
        list(GAME.files(tmp_path, SETTINGS))
    for part in (archive, f"RPG Maker {engine};", f"Data/System{data}", "unpack it first"):
        assert part in str(caught.value)


def test_an_archive_beside_the_data_is_told(game: Path) -> None:
    (game / "Game.rgss3a").write_bytes(b"RGSSAD\0\x03")
    assert list(GAME.files(game, SETTINGS))
    assert any("Game.rgss3a" in notice for notice in GAME.notices(game, SETTINGS))


def test_vx_and_xp_are_known_by_their_own_files(tmp_path: Path) -> None:
    vx = _old(tmp_path / "vx", ".rvdata", "System", "Map001", "Scripts", "Items")
    xp = _old(tmp_path / "xp", ".rxdata", "System")
    shutil.copy(ODD / "Map002.rxdata", xp / "Data" / "Map001.rxdata")
    for root, count in ((vx, 4), (xp, 2)):
        assert GAME.detect(root) is Confidence.LIKELY
        files = list(GAME.files(root, SETTINGS))
        assert len(files) == count
        assert {file.options.charset for file in files} == {"utf-8"}


def test_the_charset_is_that_of_all_files_together(tmp_path: Path) -> None:
    """`Items.rxdata` is CP932; the few strings of another file are read as that too."""
    root = _old(tmp_path / "xp", ".rxdata", "Items")
    shutil.copy(ODD / "Items.rxdata", root / "Data" / "Actors.rxdata")
    (root / "Data" / "System.rxdata").write_bytes(b"\x04\x08o:\x10RPG::System\x00")
    assert {file.options.charset for file in GAME.files(root, SETTINGS)} == {"cp932"}


def _japanese_xp(root: Path) -> Path:
    """A game of XP in CP932, with scripts: one with a text, one with a string that is compared, one in ASCII."""
    _old(root, ".rxdata", "Items")
    (root / "Data" / "System.rxdata").write_bytes(b"\x04\x08o:\x10RPG::System\x00")
    sources = ('module Vocab\n  Start = "開始"\nend\n'.encode("cp932"), 'a == "値"\n'.encode("cp932"), b"b = 'c'\n")
    entries = b""
    for source in sources:
        data = zlib.compress(source)
        entries += b'[\x08i\x06"\x06A"' + bytes([len(data) + 5]) + data
    (root / "Data" / "Scripts.rxdata").write_bytes(b"\x04\x08[" + bytes([len(sources) + 5]) + entries)
    return root


def _opened(root: Path, settings: GameSettings) -> dict[str, Document]:
    return {
        file.path.stem: all_formats()[file.format].open((root / file.path).read_bytes(), options=file.options)
        for file in GAME.files(root, settings)
    }


def _scripts(blob: bytes) -> list[bytes]:
    read = read_marshal(blob)
    assert isinstance(read.root, RubyArray)
    entries = [entry.items[2] for entry in read.root.items if isinstance(entry, RubyArray)]
    return [zlib.decompress(read.raw(data)) for data in entries if isinstance(data, RubyString)]


def test_all_files_of_a_game_change_to_one_charset_and_it_is_said_once(tmp_path: Path) -> None:
    root = _japanese_xp(tmp_path / "xp")
    documents = _opened(root, SETTINGS)
    (notice,) = (notice for notice in GAME.notices(root, SETTINGS) if "cp932" in notice)
    assert "all files, the scripts too, are written as utf-8" in notice
    assert not any("cp932" in notice for document in documents.values() for notice in document.notices)
    scripts = documents["Scripts"]
    (segment,) = scripts.segments
    written = _scripts(scripts.render({segment.key: "开始"}))
    assert written == [
        'module Vocab\n  Start = "开始"\nend\n'.encode(), 'a == "値"\n'.encode(), b"b = 'c'\n"
    ]  # fmt: skip
    assert "番人の鍵".encode() in documents["Items"].render({})
    assert 'a == "値"\n'.encode() in _scripts(scripts.render({}))


def test_files_keep_a_charset_that_holds_the_language(tmp_path: Path) -> None:
    root = _japanese_xp(tmp_path / "xp")
    settings = replace(SETTINGS, target_language="en")
    assert not any("cp932" in notice for notice in GAME.notices(root, settings))
    for name, document in _opened(root, settings).items():
        assert document.render({}) == (root / "Data" / f"{name}.rxdata").read_bytes()


def test_of_a_converted_game_game_ini_names_the_engine(game: Path) -> None:
    for name in ("System", "Map001"):
        shutil.copy(ODD / f"{name}.rvdata", game / "Data")
    assert next(GAME.files(game, SETTINGS)).path.suffix == ".rvdata2"
    ini = (game / "Game.ini").read_bytes().replace(b".rvdata2", b".rvdata")
    (game / "Game.ini").write_bytes(ini)
    assert {file.path.suffix for file in GAME.files(game, SETTINGS)} == {".rvdata"}


def test_a_damaged_file_is_left_for_the_format_to_name(game: Path) -> None:
    (game / "Data" / "Actors.rvdata2").write_bytes(b"\x04\x08[\x7f")
    (game / "Data" / "MapInfos.rvdata2").write_bytes(b"")
    assert len(list(GAME.files(game, SETTINGS))) == 15
