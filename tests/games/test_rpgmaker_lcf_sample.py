"""The sample game is what this says; `python tests/games/test_rpgmaker_lcf_sample.py` writes it."""

from pathlib import Path

import pytest

from translator.core.document import FormatOptions
from translator.core.game import GameSettings
from translator.core.layout import measure
from translator.formats.rpgmaker_lcf import FORMAT
from translator.formats.rpgmaker_lcf.ber import write_number
from translator.formats.rpgmaker_lcf.markup import MARKUP
from translator.games.rpgmaker_lcf import GAME
from translator.testing.lcf_files import (
    chunk,
    command,
    commands,
    database,
    game_map,
    map_tree,
    sized,
    struct,
    things,
)

SAMPLE = Path(__file__).parents[2] / "samples" / "rpgmaker_lcf"
LCF = ("RPG_RT.ldb", "RPG_RT.lmt", "Map0001.lmu", "Map0002.lmu")


def jp(text: str) -> bytes:
    return text.encode("cp932")


def text(number: int, words: str) -> bytes:
    return chunk(number, jp(words))


def value(number: int, of: int) -> bytes:
    return chunk(number, write_number(of))


def sound(number: int, name: str) -> bytes:
    return chunk(number, struct(text(0x01, name)))


def message(*lines: str, indent: int = 0) -> bytes:
    codes = [10110, *[20110] * (len(lines) - 1)]
    return b"".join(command(code, jp(line), indent=indent) for code, line in zip(codes, lines, strict=True))


def face(name: str, index: int = 0) -> bytes:
    return command(10130, jp(name), index, 0, 0)


def choice(*branches: tuple[str, bytes], cancel: bytes | None = None) -> bytes:
    listed = command(10140, jp("/".join(option for option, _ in branches)), 5 if cancel is not None else 0)
    for number, (option, branch) in enumerate(branches):
        listed += command(20140, jp(option), number) + branch + command(10, indent=1)
    if cancel is not None:
        listed += command(20140, b"", 4) + cancel + command(10, indent=1)
    return listed + command(20141)


def actor(name: str, title: str, look: str, index: int) -> bytes:
    return struct(
        text(0x01, name), text(0x02, title), text(0x03, look), value(0x04, index), text(0x0F, look),
        chunk(0x1F, bytes(12)), chunk(0x33, bytes(10)),
        chunk(0x3F, things({1: struct(value(0x01, 1), value(0x02, 1))})),
    )  # fmt: skip


TERMS = {
    0x05: "魔物の群れを退けた！", 0x06: "みんなは力尽きた……", 0x07: "の経験を得た！", 0x08: "",
    0x09: "を手に入れた！", 0x0A: "を手に入れた！", 0x24: "に上がった！", 0x25: "を覚えた！",
    0x29: "いらっしゃい。何をお求めで？", 0x5C: "持っている数", 0x5F: "貝", 0x65: "戦う", 0x66: "まかせる",
    0x67: "逃げる", 0x68: "攻撃", 0x69: "防御", 0x6A: "道具", 0x6B: "特技", 0x6C: "装備", 0x6E: "記録",
    0x70: "やめる", 0x72: "はじめから", 0x73: "つづきから", 0x75: "おわる", 0x76: "状態", 0x7B: "レベル",
    0x7C: "体力", 0x7D: "気力", 0x7E: "元気", 0x84: "攻撃力", 0x85: "守備力", 0x86: "精神力", 0x87: "素早さ",
    0x88: "武器", 0x89: "盾", 0x8A: "鎧", 0x8B: "兜", 0x8C: "飾り", 0x92: "どこに記録しますか？",
    0x93: "どれを読みますか？", 0x94: "ファイル", 0x97: "本当に終わりますか？", 0x98: "はい", 0x99: "いいえ",
}  # fmt: skip

WAKE = commands(
    command(12410, "主人公が起きる".encode("cp932")),
    message("――\\.\\.波の音がする。", "", "今日も霧だ。"),
)

BATTLE = commands(
    command(12010, jp("ナギ"), 5, 1, 1, 0, 0, 0),
    message("カモメ「\\N[1]、あいつの目を見るな！」", indent=1),
    command(10, indent=1),
    command(22011),
    message("霧の影は、低くうなった。"),
)

DATABASE = database(
    chunk(0x0B, things({
        1: actor("ナギ", "灯台守の娘", "Hero1", 0),
        2: actor("カモメ", "自称・船乗り", "Hero1", 3),
    })),
    chunk(0x0C, things({
        1: struct(text(0x01, "灯をともす"), text(0x02, "小さな明かりで敵ひとりを照らす。"),
                  text(0x03, "は灯をともした！"), value(0x08, 1), sound(0x10, "Flash1")),
        2: struct(text(0x01, "潮の歌"), text(0x02, "味方全員の体力が少しもどる。"), text(0x03, "は潮の歌をうたった。")),
    })),
    chunk(0x0D, things({
        1: struct(text(0x01, "干しイカ"), text(0x02, "よくかむと体力が３０もどる。"), value(0x05, 12)),
        2: struct(text(0x01, "真鍮の鍵"), text(0x02, "灯台のいちばん上の部屋をあける鍵。"), value(0x03, 0)),
        3: struct(text(0x01, "手紙"), text(0x02, "差出人の名はにじんで読めない。")),
    })),
    chunk(0x0E, things({1: struct(text(0x01, "霧の影"), text(0x02, "Shadow"), value(0x04, 40))})),
    chunk(0x0F, things({
        1: struct(text(0x01, "霧の影×1"), chunk(0x02, things({1: struct(value(0x01, 1))})),
                  chunk(0x0B, things({1: struct(chunk(0x02, struct()), sized(0x0B, BATTLE))}))),
    })),
    chunk(0x10, things({1: struct(text(0x01, "砂浜"), text(0x04, "Beach"), sound(0x0F, "Step1"))})),
    chunk(0x11, things({1: struct(text(0x01, "光"))})),
    chunk(0x12, things({
        1: struct(text(0x01, "戦闘不能"), text(0x33, "は倒れた！"), text(0x34, "を退けた！"),
                  text(0x37, "は起きあがった！")),
        2: struct(text(0x01, "霧酔い"), text(0x33, "は霧に酔った。"), text(0x36, "は霧に酔っている。"),
                  text(0x37, "の酔いがさめた。")),
    })),
    chunk(0x13, things({1: struct(text(0x01, "光"), text(0x02, "Light1"),
                                  chunk(0x06, things({1: struct(value(0x01, 3), sound(0x02, "Flash1"))})))})),
    chunk(0x14, things({1: struct(text(0x01, "港"), text(0x02, "Town"))})),
    chunk(0x15, struct(*[text(number, words) for number, words in TERMS.items()])),
    chunk(0x16, struct(value(0x0A, 2003), text(0x11, "Title1"), text(0x13, "System1"),
                       chunk(0x1F, struct(text(0x01, "Opening"), value(0x03, 80))), sound(0x29, "Cursor1"))),
    chunk(0x17, things({1: struct(text(0x01, "手紙を読んだ"))})),
    chunk(0x18, things({1: struct(text(0x01, "貝の数"))})),
    chunk(0x19, things({1: struct(text(0x01, "起きる"), value(0x0B, 5), sized(0x15, WAKE))})),
    chunk(0x1D, struct(chunk(0x0A, things({1: struct(text(0x01, "攻撃"), value(0x02, 0)),
                                           2: struct(text(0x01, "歌"), value(0x02, 1))})))),
    chunk(0x1E, things({1: struct(text(0x01, "灯台守"))})),
)  # fmt: skip

LETTER = commands(
    face("Hero1", 0),
    message("ナギ", "「ポストに\\C[3]手紙\\C[0]が入ってる。", "　私あてだけど、差出人がない……」"),
    message("ナギ", "「読んでみようかな？」"),
    choice(
        ("読む", message("『灯を絶やさないで。", "　霧が晴れる夜に、かならず帰る』", indent=1)
         + command(11550, jp("Paper1"), 100, 100, 50, indent=1)),
        ("あとにする", message("ナギ", "「……先に港へ行こう」", indent=1)),
        cancel=message("手紙をポケットにしまった。", indent=1),
    ),
    face(""),
    message("手紙を手に入れた！\\!", "（貝が\\V[1]枚と、手紙が１通）"),
    command(10320, b"", 0, 0, 3, 0, 1),
    command(11110, jp("手紙の絵"), 1, 0, 160, 120, 0, 100, 0),
)  # fmt: skip

GULL = commands(
    face("Hero1", 3),
    message("カモメ「よう、\\N[1]！", "　今日は\\S[5]やけに\\S[1]霧が濃いな」\\|"),
    message("カモメ「おれの名を知りたいか？」"),
    choice(("知りたい", command(10610, jp("カモメ船長"), 2, indent=1)
            + command(10620, jp("霧の海の船長"), 2, indent=1)
            + message("カモメ船長「船長と呼んでくれ！」", indent=1)),
           ("べつに", message("カモメ「つれないねえ」", indent=1))),
    command(12010, jp("カモメ船長"), 5, 2, 1, 0, 0, 0),
    message("ナギ「はいはい、船長」", indent=1),
    command(10, indent=1),
    command(22011),
    command(12010, jp("合言葉"), 5, 1, 1, 0, 0, 0),
    command(10, indent=1),
    command(22011),
    message("いくつ持っていく？"),
    command(10150, b"", 1, 1),
)  # fmt: skip

LAMP = commands(
    message("【灯台の声】", "灯をともす者よ、名を名乗れ。"),
    command(11330, b"", 10001, 8, 0, 0, 34, 4, *jp("影"), *b"01", 2, 35, 5, *b"Bell1", 100, 100, 50, 23),
    message("\\>\\<ナギは\\_レンズをみがいた。\\^"),
    command(3007, b"\x01" + jp("第一夜") + b"\r\n" + jp("霧の灯台") + b"\x01" + jp("ＭＳ 明朝") + b"\x01", 1, 0, 0),
)

FILES = {
    "RPG_RT.ldb": DATABASE,
    "RPG_RT.lmt": map_tree({0: jp("灯台守の手紙"), 1: jp("港町"), 2: jp("灯台")}, (0, 2, 1)),
    "Map0001.lmu": game_map({1: {1: LETTER}, 2: {1: GULL, 2: commands(message("霧の向こうで、鐘が鳴った。"))}},
                            value(0x01, 1), text(0x20, "Sea1"), chunk(0x47, bytes(40)), chunk(0x48, bytes(40))),
    "Map0002.lmu": game_map({3: {1: LAMP}}, value(0x01, 1)),
    "RPG_RT.ini": jp("[RPG_RT]\r\nGameTitle=灯台守の手紙\r\nMapEditMode=2\r\nMapEditZoom=0\r\nFullPackageFlag=1\r\n")
    + b"[EasyRPG]\r\nEncoding=932\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_is_what_this_says(name: str) -> None:
    assert (SAMPLE / name).read_bytes() == FILES[name]


@pytest.mark.parametrize("name", LCF)
def test_fits_its_windows(name: str) -> None:
    options = FormatOptions(name=Path(name), charset="932")
    for segment in FORMAT.open(FILES[name], options=options).segments:
        columns, lines = segment.limits.columns, segment.source.split("\n")
        assert columns is None or all(measure(line, MARKUP) <= columns for line in lines), segment
        assert segment.limits.lines is None or len(lines) <= segment.limits.lines, segment


def test_is_read_tower_first_as_the_tree_has_it() -> None:
    settings = GameSettings(source_language="ja", target_language="zh-CN")
    names = [file.path.name for file in GAME.files(SAMPLE, settings)]
    assert names == ["RPG_RT.ini", "RPG_RT.ldb", "Map0002.lmu", "Map0001.lmu", "RPG_RT.lmt"]


if __name__ == "__main__":
    SAMPLE.mkdir(parents=True, exist_ok=True)
    for file, blob in FILES.items():
        (SAMPLE / file).write_bytes(blob)
