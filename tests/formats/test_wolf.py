"""WOLF RPG Editor files: what is offered, how it is written back, and what is refused."""

import random
import time
from collections.abc import Mapping
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import (
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.formats.wolf import FORMAT
from translator.formats.wolf.commands import Code
from translator.formats.wolf.lz4 import pack, unpack
from translator.formats.wolf.markup import MARKUP
from translator.testing.wolf_files import Builder, NewCommand, NewEvent, NewField, NewType, number

MAP = PurePath("Data/MapData/Map001.mps")
EVENTS = PurePath("Data/BasicData/CommonEvent.dat")
DATABASE = PurePath("Data/BasicData/DataBase.dat")
PROJECT = PurePath("Data/BasicData/DataBase.project")
GAME = PurePath("Data/BasicData/Game.dat")


def game_map(*commands: NewCommand, charset: str = "cp932", v35: bool = False) -> bytes:
    return Builder(charset, v35=v35).map((NewEvent(0, "人", (commands,)),))


def message(text: str) -> NewCommand:
    return NewCommand(Code.MESSAGE, (), (text,))


def opened(
    blob: bytes, name: PurePath = MAP, settings: Mapping[str, str] | None = None, output: str | None = None
) -> Document:
    return FORMAT.open(blob, options=FormatOptions(name=name, settings=settings or {}, output_charset=output))


def held(document: Document) -> dict[str, str]:
    assert isinstance(document, HoldsBack)
    return {text: reason for _, text, reason in document.held_back()}


def test_a_message_is_offered_without_the_line_that_chooses_a_face() -> None:
    document = opened(game_map(message("@12\n老人\n「待て。」")))
    (segment,) = document.segments
    assert (segment.source, segment.speaker, segment.notes) == ("老人\n「待て。」", "老人", ("face 12",))
    blob = document.render({segment.key: "OLD MAN\n「Wait.」"})
    assert opened(blob).segments[0].source == "OLD MAN\n「Wait.」"
    assert b"@12\nOLD MAN" in blob


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("\\c[2]老人\\c[0]\n「待て。」", "老人"),
        ("老人「待て。」", "老人"),
        ("彼らは\n「待て」と言った。", None),
        ("壁に「待て」と書かれている。", None),
        ("遠くで声がする。\n「待て。」", None),
    ],
)
def test_who_speaks_is_told_from_the_quotation_marks(text: str, speaker: str | None) -> None:
    (segment,) = opened(game_map(message(text))).segments
    assert (segment.source, segment.speaker) == (text, speaker)


def test_a_target_that_would_choose_a_face_is_refused() -> None:
    document = opened(game_map(message("待て。")))
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: "@3\nwait"})


@pytest.mark.parametrize("target", ["a\0b", "a\rb", "  ", "♪"])
def test_a_target_that_is_no_text_there_is_refused(target: str) -> None:
    document = opened(game_map(message("待て。")))
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: target})


def test_line_ends_of_a_string_stay_as_they_are() -> None:
    document = opened(game_map(message("一\r\n二")))
    assert document.segments[0].source == "一\n二"
    assert b"uno\r\ndos\0" in document.render({document.segments[0].key: "uno\ndos"})


def test_lengths_count_the_bytes_and_the_zero_behind_them() -> None:
    document = opened(game_map(message("短い")))
    blob = document.render({document.segments[0].key: "もっと長い文章"})
    assert number(15) + "もっと長い文章".encode("cp932") + b"\0" in blob


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (NewCommand(Code.COMMENT, (), ("覚え書き",)), "comment"),
        (NewCommand(Code.DEBUG, (), ("覚え書き",)), "debug text"),
        (NewCommand(Code.SET_LABEL, (), ("覚え書き",)), "label"),
        (NewCommand(Code.JUMP_LABEL, (), ("覚え書き",)), "label"),
        (NewCommand(Code.CALL_BY_NAME, (0, 0), ("覚え書き",)), "event name"),
        (NewCommand(Code.PICTURE, (0x00, 1), ("覚え書き",)), "file name"),
        (NewCommand(Code.PICTURE, (0x30, 1), ("覚え書き",)), "file name"),
        (NewCommand(Code.SOUND, (0,), ("覚え書き",)), "file name"),
        (NewCommand(Code.DATABASE, (0, 0, 0, 0x71000, 1), ("", "覚え書き", "", "")), "type name"),
        (NewCommand(Code.DATABASE, (0, 0, 0, 0x71000, 1), ("", "", "覚え書き", "")), "data name"),
        (NewCommand(Code.DATABASE, (0, 0, 0, 0x71000, 1), ("", "", "", "覚え書き")), "field name"),
        (NewCommand(Code.STRING_CONDITION, (1, 1600005), ("覚え書き", "", "", "")), "compared"),
        (
            NewCommand(Code.STRING_CONDITION, (1, 1600005 + (2 << 28)), ("覚え書き", "", "", "")),
            "searched for as a part",
        ),
        (NewCommand(Code.SET_STRING, (1600005, 0x800), ("覚え書き",)), "searched for as a part"),
        (NewCommand(Code.SET_STRING, (1600005, 0x500), ("覚え書き",)), "file name"),
        (NewCommand(Code.PRO, (1,), ("覚え書き",)), "file or key"),
    ],
)
def test_names_are_held_back_with_their_reason(command: NewCommand, reason: str) -> None:
    document = opened(game_map(command))
    assert not document.segments
    assert held(document)["覚え書き"] == reason


@pytest.mark.parametrize(
    "text",
    [
        "Picture/人.png",
        "BGM/なぎ.mp3\r\n100\r\n90",
        "SystemFile/",
        "<<GET_TITLE>>",
        "C:\\絵\\一",
        "https://例.jp/",
        "SORT",
        "Picture/顔\\cself[5]",
        "あ/い/う/え/お/か",
    ],
)
def test_values_that_are_no_language_are_held_back(text: str) -> None:
    document = opened(game_map(NewCommand(Code.SET_STRING, (1600005, 0), (text,))))
    assert not document.segments
    assert text in held(document)


@pytest.mark.parametrize("text", ["1/2倍速", "攻撃/防御", "HP/SP 半分", "左\\cself[2]へ", "Press any key"])
def test_values_that_are_language_are_offered(text: str) -> None:
    document = opened(game_map(NewCommand(Code.SET_STRING, (1600005, 0), (text,))))
    assert [s.source for s in document.segments] == [text]


def test_a_value_is_never_written_as_what_would_be_a_file() -> None:
    document = opened(game_map(NewCommand(Code.SET_STRING, (1600005, 0), ("絵の名前",))))
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: "Picture/name.png"})


def test_what_the_game_looks_up_stays_and_what_changes_together_is_bound() -> None:
    put = [NewCommand(Code.SET_STRING, (1600005, 0), (text,)) for text in ("霧", "○計算", "大きな剣", "海")]
    compare = NewCommand(Code.STRING_CONDITION, (2, 1600005, 1600005), ("霧", "誰か", "", ""))
    settings = {"bound": '["霧"]', "fixed": '["○計算","誰か"]', "parts": '["剣"]'}
    document = opened(game_map(*put, compare), settings=settings)
    assert [(s.source, s.binding) for s in document.segments] == [
        ("霧", "wolf-key"),
        ("海", None),
        ("霧", "wolf-key"),
    ]
    assert held(document)["○計算"] == "looked up by name"
    assert held(document)["大きな剣"] == "searched for a part"


def test_no_value_is_offered_where_too_much_is_looked_up() -> None:
    document = opened(
        game_map(NewCommand(Code.SET_STRING, (1600005, 0), ("海",)), message("海だ。")), settings={"closed": "1"}
    )
    assert [s.source for s in document.segments] == ["海だ。"]


def test_a_database_knows_its_fields_by_the_settings() -> None:
    kind = NewType(
        "人", (NewField("名前"), NewField("絵", kind=1), NewField("開発者メモ")), (("A", ("Bob", "顔/一", "直す")),)
    )
    settings = {"fields": '[["人",[["名前",0],["絵",1],["開発者メモ",0]]]]'}
    document = opened(Builder().database((kind,)), DATABASE, settings)
    (segment,) = document.segments
    assert (segment.source, segment.role.value, segment.notes) == ("Bob", "name", ("人: 名前",))
    assert held(document) == {"顔/一": "file name", "直す": "note of the makers"}


def test_names_of_data_are_offered_where_they_are_read_or_bound() -> None:
    kind = NewType("天気", (NewField("名前"),), (("霧", ("霧",)), ("嵐", ("嵐",))))
    blob = Builder().project((kind,))
    assert not opened(blob, PROJECT).segments
    assert [s.source for s in opened(blob, PROJECT, {"bound": '["霧"]'}).segments] == ["霧"]
    assert [s.source for s in opened(blob, PROJECT, {"names": "0"}).segments] == ["霧", "嵐"]


def test_game_dat_keeps_its_size_and_offsets_right() -> None:
    blob = Builder().game("題")
    document = opened(blob, GAME)
    longer = document.render({"title": "長い題名"})
    assert longer == Builder().game("長い題名")
    assert opened(longer, GAME).render({"title": "題"}) == blob


def test_chinese_does_not_fit_a_game_of_version_2_and_the_error_says_what_does() -> None:
    document = opened(game_map(message("待て。")))
    with pytest.raises(UnencodableError, match=r"cp932 has no '们'.*gb18030.*version 3"):
        document.render({document.segments[0].key: "等们"})
    with pytest.raises(UnencodableError) as caught:
        document.render({document.segments[0].key: "🌊 wave"})
    assert caught.value.character == "🌊"


def test_with_a_chinese_code_page_all_strings_are_written_in_it() -> None:
    blob = game_map(message("待て。"), NewCommand(Code.PICTURE, (0, 1), ("絵/海.png",)), message("ｶﾅと海。"))
    document = opened(blob, output="gb18030")
    assert document.charset == "gbk"
    written = document.render({document.segments[0].key: "你们等等。"})
    for text in ("你们等等。", "絵/海.png"):
        assert text.encode("gbk") + b"\0" in written
    assert "ｶﾅと海。".encode("cp932") in written, "half-width kana have no place in code page 936: the bytes stay"
    with pytest.raises(UnencodableError):
        document.render({document.segments[0].key: "四字节㐀"})
    assert "阿·巴".encode("gbk") + b"\0" in document.render({document.segments[0].key: "阿・巴"})


@pytest.mark.parametrize(("charset", "output"), [("cp932", "utf-8"), ("utf-8", "cp932"), ("cp932", "no-such")])
def test_an_output_charset_that_the_engine_cannot_read_is_refused(charset: str, output: str) -> None:
    with pytest.raises(FormatError):
        opened(game_map(message("待て。"), charset=charset), output=output)


def test_version_3_holds_every_character() -> None:
    document = opened(game_map(message("待て。"), charset="utf-8"))
    assert document.charset is None
    again = opened(document.render({document.segments[0].key: "你们🌊"}))
    assert again.segments[0].source == "你们🌊"


def test_a_map_that_was_not_saved_anew_in_a_game_of_version_3_is_read_as_it_says() -> None:
    options = FormatOptions(name=MAP, charset="utf-8")
    assert FORMAT.open(game_map(message("待て。")), options=options).segments[0].source == "待て。"


def test_a_string_that_is_no_text_in_the_charset_is_held_back() -> None:
    blob = game_map(message("XYZXYZ")).replace(b"XYZXYZ", b"\x81\xff\x81\xff\x81\xff")
    document = opened(blob)
    assert not document.segments
    assert list(held(document).values()) == ["event name", "not text in cp932"]
    assert document.render({}) == blob


def test_packed_files_change_inside_and_stay_as_they_are_unchanged() -> None:
    blob = game_map(message("待て。" * 40), charset="utf-8", v35=True)
    document = opened(blob)
    assert document.render({}) == blob
    again = opened(document.render({document.segments[0].key: "等等。"}))
    assert [s.source for s in again.segments] == ["等等。"]
    restored = again.render({again.segments[0].key: "待て。" * 40})
    assert [s.source for s in opened(restored).segments] == ["待て。" * 40]


@given(st.binary(max_size=300).map(lambda b: b * 3) | st.binary(max_size=2000))
def test_a_packed_block_holds_what_was_packed(data: bytes) -> None:
    assert unpack(pack(data), len(data), 0) == data


@pytest.mark.parametrize(
    "block",
    [b"", b"\xf0", b"\xf0\xff\xff", b"\x10a\x05\x00", b"\x10a\x00\x00", b"\x1fa\x01\x00" + b"\xff" * 50, b"\x50abc"],
)
def test_a_damaged_block_is_an_error_with_its_place(block: bytes) -> None:
    with pytest.raises(FormatError) as caught:
        unpack(block, 200, 33)
    assert caught.value.offset is not None
    assert caught.value.offset >= 33


def test_a_block_that_announces_too_much_is_refused_before_it_is_unpacked() -> None:
    blob = game_map(message("待て。"), charset="utf-8", v35=True)
    with pytest.raises(FormatError, match="cannot come from a block"):
        opened(blob[:25] + b"\xff\xff\xff\x7f" + blob[29:])


def test_encrypted_files_are_named_as_such() -> None:
    for name, blob in ((EVENTS, b"\x8d" + bytes(range(60, 260 - 60)) * 2), (GAME, b"\0P" + bytes(200))):
        with pytest.raises(FormatError, match=r"encrypted.*decrypt the game first"):
            opened(blob, name)


def test_a_string_longer_than_the_file_is_an_error_with_its_place() -> None:
    blob = game_map(message("待て。"))
    at = blob.index("待て。".encode("cp932")) - 4
    with pytest.raises(FormatError) as caught:
        opened(blob[:at] + b"\xff\xff\xff\x7f" + blob[at + 4 :])
    assert caught.value.offset == at


@pytest.mark.parametrize("text", ["待て。", "待て。" * 200])
def test_an_error_in_a_packed_part_has_the_place_of_that_part_in_the_file(text: str) -> None:
    blob = game_map(message(text), charset="utf-8", v35=True)
    at = 25
    body = unpack(blob[at + 8 :], int.from_bytes(blob[at : at + 4], "little"), at + 8)
    inside = body.index(text.encode()) - 4
    block = pack(body[:inside] + b"\xff\xff\xff\x7f" + body[inside + 4 :])
    damaged = blob[:at] + len(body).to_bytes(4, "little") + len(block).to_bytes(4, "little") + block
    with pytest.raises(FormatError, match=rf"byte {inside} of what the packed part holds") as caught:
        opened(damaged)
    assert caught.value.offset == at + 8


@pytest.mark.parametrize(("name", "blob"), [
    (MAP, game_map(message("待て。"), NewCommand(201, (0,), (), 0, 2))),
    (EVENTS, Builder().common_events((NewEvent(0, "○", ((message("待て。"),),)),))),
    (DATABASE, Builder().database((NewType("人", (NewField("名前"),), (("A", ("ナギ",)),)),))),
    (PROJECT, Builder().project((NewType("人", (NewField("名前"),), (("A", ("ナギ",)),)),))),
    (GAME, Builder().game("題")),
    (MAP, game_map(message("待て。"), charset="utf-8", v35=True)),
], ids=["map", "events", "database", "project", "game", "packed"])  # fmt: skip
def test_any_damage_is_a_format_error_or_comes_back_as_it_is(name: PurePath, blob: bytes) -> None:
    chance = random.Random(7)  # noqa: S311  the same damage in every run
    begun = time.monotonic()
    for _ in range(600):
        at = chance.randrange(len(blob))
        kind = chance.randrange(3)
        if kind == 0:
            damaged = blob[:at]
        elif kind == 1:
            damaged = blob[:at] + bytes([chance.randrange(256)]) + blob[at + 1 :]
        else:
            damaged = blob[:at] + b"\xff\xff\xff\xff" + blob[at + 4 :]
        try:
            document = opened(damaged, name)
        except FormatError as error:
            beyond = (error.offset or 0) > len(damaged)
            assert not beyond
            continue
        assert document.render({}) == damaged
        list(held(document))
    assert time.monotonic() - begun < 20


@given(st.text(alphabet=st.characters(codec="cp932", exclude_characters="\0\r@¢£¬‖−〜"), min_size=1, max_size=60))
def test_any_text_that_the_charset_holds_is_read_back(text: str) -> None:
    document = opened(game_map(message("待て。")))
    try:
        blob = document.render({document.segments[0].key: text})
    except RefusedTargetError:
        return
    assert opened(blob).segments[0].source == text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("\\f[\\cself[18]]大\\E", ["\\f[\\cself[18]]", "\\E"]),
        ("\\udb[1:\\cself[2]:0]は\\!", ["\\udb[1:\\cself[2]:0]", "\\!"]),
        ("\\>左\\<右\\^", ["\\>", "\\<", "\\^"]),
        ("<C>中\n<R>右", ["<C>", "<R>"]),
        ("<<GET_TITLE>>", ["<<GET_TITLE>>"]),
        ("\\-[1]詰め\\\\\\メ", ["\\-[1]", "\\\\", "\\メ"]),
        ("一\n@2", ["@2"]),
        ("\\EThe end", ["\\E"]),
        ("毒を\\img[", ["\\img["]),
        ("\\E[Error] \\A-x\\cE[1]\\sysS[2]", ["\\E", "\\A-", "\\cE[1]", "\\sysS[2]"]),
    ],
)
def test_codes_are_known(text: str, codes: list[str]) -> None:
    assert MARKUP.codes(text) == codes


def test_the_reading_of_ruby_is_dropped() -> None:
    assert MARKUP.codes("\\r[霧,きり]が") == []
    assert MARKUP.plain("\\r[霧,きり]が") == "霧が"
