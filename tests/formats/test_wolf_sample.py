"""The sample game of WOLF RPG Editor, as it is built, and that the files in `samples/wolf` are these.

`python tests/formats/test_wolf_sample.py` writes them anew, and the fixtures of the contract too.
"""

from pathlib import Path

import pytest

from translator.formats.wolf.commands import Code
from translator.testing.wolf_files import Builder, NewCommand, NewEvent, NewField, NewType, number

HERE = Path(__file__).parents[2]
SAMPLE = HERE / "samples" / "wolf" / "Data"
FIXTURES = HERE / "tests" / "contract" / "fixtures" / "wolf"

CSELF_TEXT = 1_600_005
BY_NAMES = 0x71200
BY_DATA_NAME = 0x31200


def say(text: str) -> NewCommand:
    return NewCommand(Code.MESSAGE, (), (text,))


def ask(*choices: str) -> NewCommand:
    return NewCommand(Code.CHOICES, (len(choices),), choices)


def put(text: str, operation: int = 0, more: str | None = None) -> NewCommand:
    return NewCommand(Code.SET_STRING, (CSELF_TEXT, operation << 8, 0), (text,) if more is None else (text, more))


def compare(*texts: str, operator: int = 0) -> NewCommand:
    conditions = [CSELF_TEXT + (operator << 28)] * len(texts)
    padded = (*texts, "", "", "", "")[:4]
    return NewCommand(Code.STRING_CONDITION, (len(texts), *conditions), padded)


def compare_variable(text: str) -> NewCommand:
    return NewCommand(Code.STRING_CONDITION, (1, CSELF_TEXT + (1 << 24), CSELF_TEXT + 1), (text, "", "", ""))


def look_up(kind: int, data: str, field: str, type_name: str, flags: int = BY_NAMES) -> NewCommand:
    return NewCommand(Code.DATABASE, (kind, 0, 0, flags, CSELF_TEXT), ("", type_name, data, field))


def picture(kind: int, text: str) -> NewCommand:
    return NewCommand(Code.PICTURE, (kind << 4, 1, 0, 0), (text,))


def call(name: str, *texts: str) -> NewCommand:
    return NewCommand(Code.CALL_BY_NAME, (0, 16, 1), (name, *texts))


def note(text: str) -> NewCommand:
    return NewCommand(Code.COMMENT, (), (text,))


ITEMS = NewType(
    "アイテム",
    (NewField("アイテム名"), NewField("説明文[2行まで可]"), NewField("値段", text=False), NewField("画像", kind=1)),
    (
        ("灯台の鍵", ("灯台の鍵", "灯台守から預かった古い鍵。\r\n潮の匂いがする。", 0, "Picture/key.png")),
        ("光る貝殻", ("光る貝殻", "耳に当てると、\\r[波,なみ]の音が聞こえる。", 120, "Picture/shell.png")),
        ("-----------", ("-----------", "", 0, "")),
    ),
)
TERMS = NewType(
    "用語設定",
    (NewField("[ﾒﾆｭｰ]アイテム"), NewField("[ｽﾃｰﾀｽ]HP名称"), NewField("決定音", kind=1), NewField("計算コモン")),
    (("用語基本設定", ("アイテム", "HP", "SystemFile/[SE]Enter.ogg\r\n90\r\n100", "X[共]天気の計算")),),
)
WEATHER = NewType("天気", (NewField("天気の名前"),), (("晴れ", ("晴れ",)), ("霧", ("霧",)), ("嵐", ("嵐",))))
HEROES = NewType("主人公ステータス", (NewField("キャラ名"), NewField("肩書き")), (("ナギ", ("ナギ", "見習い灯台守")),))
SYSTEM = NewType(
    "マップ設定",
    (NewField("マップファイル名", kind=1), NewField("BGMﾌｧｲﾙ名")),
    (("入り江", ("MapData/Map001.mps", "BGM/なぎ.mp3\r\n100\r\n100\r\n0")),),
)

COMMON = (
    NewEvent(
        0,
        "○アイテム増減",
        ((say("@1\n「\\cself[8]」を手に入れた。"), NewCommand(Code.DEBUG, (), ("個数 \\cself[1]",))),),
    ),
    NewEvent(
        1,
        "X[共]天気の計算",
        (
            (
                note("天気を読み、文章を作る\r\r"),
                look_up(2, "霧", "天気の名前", "天気"),
                compare("霧", "嵐", "\\cself[6]の夜"),
                put("\\cself[5]が出てきた。"),
                put("灯りを", 1),
                put("点けよう。", 1),
                put("Save/Weather.sav", 5),
                put("・", 9, "\n"),
                put("SORT_BY_ID"),
                NewCommand(Code.SET_LABEL, (), ("天気の終わり",)),
                NewCommand(Code.JUMP_LABEL, (), ("天気の終わり",)),
                picture(2, "\\f[18]\\c[3]入り江の村\\c[0]\n<R>\\cself[6]"),
                picture(0, "Picture/fog.png"),
                NewCommand(Code.SOUND, (0, 0), ("SE/wave.ogg",)),
                call("X[移]文章表示", "船の用意ができました。"),
                call("\\udb[1:0:3]"),
            ),
        ),
    ),
    NewEvent(2, "X[移]文章表示", ((NewCommand(201, (0,), (), 0, 2),),)),
)

BAY = (
    NewEvent(
        0,
        "灯台守",
        (
            (
                say("@2\n灯台守の老人\n「おや、ナギ。\n　今夜は\\r[霧,きり]が深い。\\!\n　灯りを絶やすでないぞ。」"),
                ask("はい", "いいえ", "\\sys[3]を見せる"),
                say("@3\nナギ\n「はい、おじいさん。」"),
                say("　老人は何も言わず、鍵を差し出した。\\^"),
                say("『\\udb[0:0:0]』は\\v[2]個ある。"),
            ),
            (say("灯台守「気をつけてな。」"), put("霧"), say("@1\n")),
        ),
    ),
    NewEvent(1, "看板", ((say("\\>←　港\n\\>→　灯台"), note("ここは後で直す")),)),
)

ODD = (
    NewEvent(
        0,
        "変な文字列",
        (
            (
                say("一行目\r\n二行目"),
                say("\\c[2]赤い\\c[0]<<WAIT>>\\E文字 \\\\ と @3 と \\メ"),
                say("……"),
                compare("一部", operator=2),
                put("三日月\n\n満月"),
                picture(2, "\\f[\\cself[18]]\\space[0]結果：\\cdb[2:0:\\cself[1]]"),
                NewCommand(Code.DATABASE, (0, 0, 0, 0x40002), ("はじまりの言葉", "", "", "")),
                NewCommand(Code.CALL, (500000, 16), ("", "引数の文章です。", "")),
                ask("左へ行く", "", "右へ行く"),
                NewCommand(1000, (1,), ("Screenshot/", "key")),
            ),
        ),
    ),
)


def sample() -> dict[str, bytes]:
    """The files of the sample, by their paths in its Data folder."""
    built = Builder()
    return {
        "BasicData/Game.dat": built.game("霧の灯台と光る貝殻", "v1.02"),
        "BasicData/DataBase.project": built.project((ITEMS, TERMS, WEATHER)),
        "BasicData/DataBase.dat": built.database((ITEMS, TERMS, WEATHER)),
        "BasicData/CDataBase.project": built.project((HEROES,)),
        "BasicData/CDataBase.dat": built.database((HEROES,)),
        "BasicData/SysDatabase.project": built.project((SYSTEM,)),
        "BasicData/SysDatabase.dat": built.database((SYSTEM,)),
        "BasicData/CommonEvent.dat": built.common_events(COMMON),
        "MapData/Map001.mps": built.map(BAY),
    }


def fixtures() -> dict[str, bytes]:
    """The files of the contract: odd strings, version 3, version 3.5."""
    third, packed = Builder("utf-8"), Builder("utf-8", v35=True)
    tiles = b"\0W\0\0OL\0FM\0\xcf" + number(1) + Builder().text("地面") + Builder().text("MapChip/草.png")
    tiles += Builder().text("") * 15 + b"\xff" + number(2) + b"\0\1" + b"\xff" + number(2) + bytes(8) + b"\xcf"
    return {
        "MapData/Odd.mps": Builder().map(ODD),
        "MapData/Third.mps": third.map(BAY),
        "MapData/Packed.mps": packed.map((*BAY, *ODD)),
        "BasicData/CommonEvent.dat": packed.common_events(COMMON),
        "BasicData/DataBase.dat": packed.database((ITEMS, TERMS)),
        "BasicData/CDataBase.dat": third.database((HEROES,)),
        "BasicData/Game.dat": third.game("光る貝殻 ～灯台～"),
        "BasicData/SysDatabase.project": third.project((SYSTEM,)),
        "BasicData/TileSetData.dat": tiles,
    }


@pytest.mark.parametrize("name", sorted(sample()))
def test_sample_is_as_it_is_built(name: str) -> None:
    assert (SAMPLE / name).read_bytes() == sample()[name]


@pytest.mark.parametrize("name", sorted(fixtures()))
def test_fixtures_are_as_they_are_built(name: str) -> None:
    assert (FIXTURES / name).read_bytes() == fixtures()[name]


if __name__ == "__main__":
    for folder, files in ((SAMPLE, sample()), (FIXTURES, fixtures())):
        for name, blob in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(blob)
