"""The odd files of the contract are what this says; run as a script, it writes them."""

from pathlib import Path

import pytest

from translator.formats.rpgmaker_lcf.ber import write_number
from translator.testing.lcf_files import chunk, command, commands, database, game_map, sized, struct, things

FIXTURES = Path(__file__).parents[1] / "contract" / "fixtures" / "rpgmaker_lcf"


def jp(text: str) -> bytes:
    return text.encode("cp932")


def padded(value: int, size: int) -> bytes:
    """A number in more bytes than it needs."""
    short = write_number(value)
    return b"\x80" * (size - len(short)) + short


def loose(code: int, text: bytes, *parameters: int) -> bytes:
    """A command all of whose numbers have more bytes than they need."""
    numbers = b"".join(padded(number, 3) for number in (len(parameters), *parameters))
    return padded(code, 4) + padded(0, 2) + padded(len(text), 3) + text + numbers


LOOSE = loose(10110, jp("長さが三バイト")) + loose(20110, jp("これも"), 1, 2) + bytes(4)
LOOSE_PAGE = chunk(0x33, padded(len(LOOSE), 4)) + padded(0x34, 2) + padded(len(LOOSE), 4) + LOOSE

STRAY = commands(
    command(20110, jp("頭のない行")),
    command(10110),
    command(20110, jp("空の頭の次")),
    command(10140, jp("はい/いいえ（古い）")),
    command(20140, jp("はい"), 0),
    command(20140, jp("いいえ"), 1),
    command(20140, b"", 4),
    command(20141),
    command(20140, jp("選択肢のない枝"), 0),
    command(10110, jp("一行の中に\n改行")),
    command(10110, jp("切れた字") + b"\x82"),
    command(10110, jp("一行目")),
    command(20110, b""),
    command(20110, jp("三行目 ")),
    command(20110, jp("\u3000四行目")),
    command(20110, jp("五行目")),
    command(10610, b"", 1),
    command(12010, jp("ナギ"), 5, 1, 1),
    command(12010, jp("だれか"), 5, 1, 1),
    command(12010, jp("ナギ"), 5, 1, 2),
    command(3007, b"\x01" + jp("絵の字"), 1),
    command(3007, jp("印なし"), 1),
    command(3020, jp("文字列変数の中身"), 1),
    command(12345, jp("知らないコマンド"), 0xFFFFFFFF, 200, 70000),
)

NESTED = commands(
    command(10140, jp("右/左")),
    command(20140, jp("右"), 0),
    command(10140, jp("上/下"), indent=1),
    command(20140, jp("上"), 0, indent=1),
    command(10110, jp("右の上"), indent=2),
    command(20140, jp("下"), 1, indent=1),
    command(20141, indent=1),
    command(20140, jp("左"), 1),
    command(20141),
)

ODD_MAP = (
    b"\x0aLcfMapUnit"
    + chunk(0x7E, jp("知らないチャンク"))
    + chunk(
        0x51,
        write_number(4)
        + write_number(1)
        + struct(chunk(0x01, jp("事件")), chunk(0x05, write_number(1) + b"\x01" + LOOSE_PAGE + b"\0"))
        + write_number(1)
        + struct(chunk(0x05, things({1: struct(sized(0x33, STRAY))})))
        + padded(9, 2)
        + struct(chunk(0x05, things({1: struct(sized(0x33, NESTED)), 2: struct(chunk(0x34, commands()))})))
        # a page whose commands have no end, and whose size is told wrong
        + write_number(12)
        + struct(chunk(0x05, things({7: struct(chunk(0x33, b"\x05"), chunk(0x34, command(10110, jp("終わりなし"))))}))),
    )
    + b"\0"
    + "おまけ".encode("cp932")
)

FILES = {
    "odd/Map0001.lmu": ODD_MAP,
    "odd/RPG_RT.ldb": database(
        chunk(0x0B, b""),
        chunk(0x0C, things({7: struct(chunk(0x01, "火の玉①".encode("cp932"))), 3: struct(chunk(0x02, b" "))})),
        chunk(0x15, struct(chunk(0x72, b"default_term"), chunk(0xC8, jp("：")), chunk(0xA2, jp("は")))),
        chunk(0x1B, b""),
        chunk(0x22, b"\x01\x02\x03"),
    ),
    "western/Map0007.lmu": game_map({1: {1: commands(
        command(10130, b"Faces", 2, 0, 0),
        command(10110, "Waldrun:".encode("cp1252")),
        command(20110, "Schöne Grüße übers Meer – für „Äpfel“".encode("cp1252")),
        command(10140, "Später/Natürlich".encode("cp1252"), 1),
        command(20140, "Später".encode("cp1252"), 0),
        command(20140, "Natürlich".encode("cp1252"), 1),
        command(20141),
    )}}),
    "cyrillic/Map0001.lmu": game_map({1: {1: commands(
        command(10110, "Старый маяк молчит уже сто лет.".encode("cp1251")),
        command(20110, "Кто зажжёт огонь?".encode("cp1251")),
    )}}),
    "plain/RPG_RT.ini": b"[RPG_RT]\nGameTitle = A Letter \n; a comment\n[Other]\nGameTitle=no\n",
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_are_what_this_says(name: str) -> None:
    assert (FIXTURES / name).read_bytes() == FILES[name]


if __name__ == "__main__":
    for file, blob in FILES.items():
        (FIXTURES / file).parent.mkdir(parents=True, exist_ok=True)
        (FIXTURES / file).write_bytes(blob)
