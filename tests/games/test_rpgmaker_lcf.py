"""Finding the game, its files in order, its code page, and what holds for all of its files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from translator.core.document import Confidence, FormatOptions
from translator.core.game import GameError, GameSettings
from translator.core.segment import Role, Segment
from translator.formats.rpgmaker_lcf import FORMAT
from translator.games.rpgmaker_lcf import GAME
from translator.testing.lcf_files import chunk, command, commands, database, game_map, struct

SAMPLE = Path(__file__).parents[2] / "samples" / "rpgmaker_lcf"
CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
TO_CHINESE = GameSettings(source_language="ja", target_language="zh-CN")


@pytest.fixture
def game(tmp_path: Path) -> Path:
    root = tmp_path / "game"
    shutil.copytree(SAMPLE, root)
    return root


def options(root: Path, settings: GameSettings = TO_CHINESE) -> FormatOptions:
    return next(iter(GAME.files(root, settings))).options


def names(root: Path) -> list[str]:
    return [file.path.name for file in GAME.files(root, TO_CHINESE)]


def test_files_come_as_the_tree_has_them(game: Path) -> None:
    assert names(game) == ["RPG_RT.ini", "RPG_RT.ldb", "Map0002.lmu", "Map0001.lmu", "RPG_RT.lmt"]
    (game / "RPG_RT.lmt").unlink()
    assert names(game) == ["RPG_RT.ini", "RPG_RT.ldb", "Map0001.lmu", "Map0002.lmu"]


def test_names_of_files_are_found_in_any_case(game: Path) -> None:
    (game / "RPG_RT.ldb").rename(game / "rpg_rt.LDB")
    (game / "Map0001.lmu").rename(game / "MAP0001.LMU")
    assert names(game) == ["RPG_RT.ini", "rpg_rt.LDB", "Map0002.lmu", "MAP0001.LMU", "RPG_RT.lmt"]
    assert GAME.detect(game) is Confidence.CERTAIN


def test_the_code_page_is_that_of_the_ini(game: Path) -> None:
    assert options(game).charset == "cp932"
    (game / "RPG_RT.ini").write_bytes(b"[RPG_RT]\n[EasyRPG]\nEncoding=950\n")
    assert options(game).charset == "cp950"


def test_names_of_maps_are_texts_where_a_skill_leads_to_them(game: Path) -> None:
    tree = (game / "RPG_RT.lmt").read_bytes()
    to_the_second, no_more_to_the_first = command(11810, b"", 0, 2, 3, 4, 0, 1), command(11810, b"", 1, 1, 0, 0, 0, 1)
    (game / "Map0001.lmu").write_bytes(game_map({1: {1: commands(to_the_second, no_more_to_the_first)}}))
    (file,) = (file for file in GAME.files(game, TO_CHINESE) if file.path.name == "RPG_RT.lmt")
    document = FORMAT.open(tree, options=file.options)
    assert [(s.key, s.role) for s in document.segments] == [("maps/2/name", Role.NAME)]
    written = document.render({"maps/2/name": "前よりもずっと長い所の名前"})
    again = FORMAT.open(written, options=file.options)
    assert [s.source for s in again.segments] == ["前よりもずっと長い所の名前"]
    assert again.render({"maps/2/name": document.segments[0].source}) == tree


@pytest.mark.parametrize("named", [b"", b"Encoding=77\n", b"Encoding=\n"])
def test_the_code_page_is_found_in_the_texts_where_the_ini_names_none(game: Path, named: bytes) -> None:
    (game / "RPG_RT.ini").write_bytes(b"[RPG_RT]\n[EasyRPG]\n" + named)
    assert options(game).charset == "cp932"


def _half_translated(root: Path, ini: bytes, title: str, *terms: tuple[int, str]) -> None:
    """A game of which the makers, who write Big5, left the editor's Japanese messages as they were."""
    left = [
        (0x0B, "の攻撃！"),
        (0x0E, "は身を守っている！"),
        (0x0F, "は様子を見ている・・・"),
        (0x18, "には効かなかった！"),
    ]
    spelled = {number: text.encode("cp932") for number, text in left}
    spelled |= {number: text.encode("cp950") for number, text in terms}
    root.mkdir()
    inside = struct(*(chunk(number, spelled[number]) for number in sorted(spelled)))
    (root / "RPG_RT.ldb").write_bytes(database(chunk(0x15, inside)))
    (root / "RPG_RT.ini").write_bytes(b"[RPG_RT]\nGameTitle=" + title.encode("cp950") + b"\n" + ini)


def test_messages_that_are_left_in_japanese_do_not_decide_on_the_code_page(tmp_path: Path) -> None:
    """Real: a Big5 game (`恐怖遊戲好可怕！`) was read as cp932, `ｮ｣ｩﾆｹC…`."""
    one, other = tmp_path / "1", tmp_path / "2"
    _half_translated(one, b"", "test", (0x72, "開台！"), (0x73, "從VOD開始"), (0x97, "真的要結束串流嗎？"))
    _half_translated(other, b"", "恐怖遊戲好可怕！真的很可怕！")
    assert [options(root).charset for root in (one, other)] == ["cp950", "cp950"]
    assert next(s.source for s in _segments(other)) == "恐怖遊戲好可怕！真的很可怕！"
    _half_translated(tmp_path / "3", b"", "Game", (0x72, "Start"))
    assert options(tmp_path / "3").charset == "cp932"


def test_an_entry_behind_the_name_of_its_section_names_no_code_page(tmp_path: Path) -> None:
    """inih, by which EasyRPG Player reads the file, passes over what is behind the bracket."""
    _half_translated(tmp_path / "1", b"[EasyRPG] Encoding=950", "x")
    assert options(tmp_path / "1").charset == "cp932"


def test_the_language_that_is_said_helps_to_find_the_code_page(tmp_path: Path) -> None:
    (tmp_path / "RPG_RT.ldb").write_bytes(database())
    text = "Şövalye kılıcını çekti".encode("cp1254")
    (tmp_path / "Map0001.lmu").write_bytes(game_map({1: {1: commands(command(10110, text))}}))
    turkish = GameSettings(source_language="tr", target_language="en")
    assert [options(tmp_path, said).charset for said in (TO_CHINESE, turkish)] == ["cp1250", "cp1254"]


def test_the_format_is_told_the_heroes_and_all_their_names(game: Path) -> None:
    settings = options(game).settings
    assert settings["actor.1"] == "ナギ"
    assert settings["names"].split("\n") == ["ナギ", "カモメ", "カモメ船長"]


def test_a_comparison_with_a_name_from_another_file_is_offered(game: Path) -> None:
    (game / "Map0009.lmu").write_bytes(
        game_map({1: {1: commands(command(12010, "カモメ船長".encode("cp932"), 5, 2, 1, 0, 0, 0))}})
    )
    found = {file.path.name: file for file in GAME.files(game, TO_CHINESE)}
    document = FORMAT.open((game / "Map0009.lmu").read_bytes(), options=found["Map0009.lmu"].options)
    assert [(s.source, s.binding) for s in document.segments] == [("カモメ船長", "actor-name")]


def test_a_width_holds_beside_a_face_too(game: Path) -> None:
    wide = GameSettings(source_language="ja", target_language="zh-CN", width=40)
    settings = options(game, wide).settings
    assert (settings["columns"], settings["columns_face"]) == ("40", "28")


def test_a_damaged_map_is_listed_for_what_it_is(game: Path) -> None:
    (game / "Map0001.lmu").write_bytes(b"\x0aLcfMapUnit\x51\x7f")
    assert "Map0001.lmu" in names(game)


def test_the_root_is_found_from_its_folders_and_files(game: Path) -> None:
    (game / "CharSet").mkdir()
    (game / "Other").mkdir()
    for path in (game, game / "CharSet", game / "RPG_RT.ldb", game / "Map0001.lmu"):
        assert GAME.locate(path) == game
    assert GAME.locate(game / "Other") is None
    assert GAME.locate(game.parent) is None


def test_a_game_in_its_program_is_known_and_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "RPG_RT.exe").write_bytes(b"MZ")
    assert GAME.detect(tmp_path) is Confidence.LIKELY
    with pytest.raises(GameError, match="packed into its program"):
        list(GAME.files(tmp_path, TO_CHINESE))


def test_the_database_alone_is_likely_a_game(game: Path) -> None:
    for name in ("RPG_RT.ini", "RPG_RT.lmt", "Map0001.lmu", "Map0002.lmu"):
        (game / name).unlink()
    assert GAME.detect(game) is Confidence.LIKELY
    assert names(game) == ["RPG_RT.ldb"]


def test_another_game_is_none(tmp_path: Path) -> None:
    (tmp_path / "RPG_RT.ini").write_bytes(b"[RPG_RT]\n")
    assert GAME.detect(tmp_path) is Confidence.NONE
    assert GAME.locate(tmp_path) is None


@pytest.mark.parametrize(("asked_for", "named"), [("65001", "utf-8"), ("Shift_JIS", "cp932"), ("936", "gbk")])
def test_all_files_change_to_another_code_page_together(game: Path, asked_for: str, named: str) -> None:
    for file in list(GAME.files(game, TO_CHINESE)):
        path = game / file.path
        asked = FormatOptions(
            name=file.options.name,
            charset=file.options.charset,
            output_charset=asked_for,
            settings=file.options.settings,
        )
        path.write_bytes(FORMAT.open(path.read_bytes(), options=asked).render({}))
    assert options(game).charset == named
    missing = {"gbk": ("・", "·")}.get(named, ("", ""))  # GBK has another middle dot
    before = {s.key: s.source.replace(*missing) for s in _segments(SAMPLE)}
    assert {s.key: s.source for s in _segments(game)} == before


def _segments(root: Path) -> Iterator[Segment]:
    for file in GAME.files(root, TO_CHINESE):
        yield from FORMAT.open((root / file.path).read_bytes(), options=file.options).segments


def _corpora() -> list[Path]:
    return sorted({path.parent for path in CORPORA.rglob("*") if path.name.lower() == "rpg_rt.ldb"})


@pytest.mark.parametrize("root", _corpora(), ids=lambda path: path.name)
def test_real_games_come_back_as_they_were(root: Path) -> None:
    for file in GAME.files(root, TO_CHINESE):
        blob = (root / file.path).read_bytes()
        assert FORMAT.open(blob, options=file.options).render({}) == blob
