"""RPG Maker XP, VX and VX Ace: what is taken from the game's scripts, and from scripts in events."""

import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast

import pytest

from translator.core.document import Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_values import RubyArray, RubyString
from translator.core.segment import Role
from translator.formats.rpgmaker_rgss import FORMAT
from translator.formats.rpgmaker_rgss.scripts import compared_in, event_parts, listed_parts
from translator.testing.deadline import deadline as ended_within

REPOSITORY = Path(__file__).parents[2]
ACE = REPOSITORY / "samples" / "rpgmaker_rgss" / "Data" / "Scripts.rvdata2"
VX = REPOSITORY / "tests" / "contract" / "fixtures" / "rpgmaker_rgss" / "Data" / "Scripts.rvdata"


def opened(name: str, blob: bytes, **given: str) -> Document:
    return FORMAT.open(blob, options=FormatOptions(name=PurePosixPath("Data", name), settings=given))


def texts(document: Document) -> dict[str, str]:
    return {s.key: s.source for s in document.segments}


def held(document: Document) -> set[tuple[str, str]]:
    assert isinstance(document, HoldsBack)
    return {(found.text, found.reason) for found in document.held_back()}


def _sources(blob: bytes) -> list[bytes]:
    read = read_marshal(blob)
    assert isinstance(read.root, RubyArray)
    return [
        read.raw(data)
        for entry in read.root.items
        if isinstance(entry, RubyArray) and isinstance(data := entry.items[2], RubyString)
    ]


def test_scripts_that_do_not_change_keep_their_bytes() -> None:
    before, after = (
        _sources(ACE.read_bytes()),
        _sources(opened(ACE.name, ACE.read_bytes()).render({"Vocab/Vocab/ShopBuy": "购买"})),
    )
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True, True, True]
    source = zlib.decompress(after[1]).decode()
    assert 'ShopBuy         = "购买"\r\n' in source
    assert source.replace("购买", "買う") == zlib.decompress(before[1]).decode()


def test_a_script_is_compressed_at_its_own_level() -> None:
    document = opened(ACE.name, ACE.read_bytes())
    blob = document.render({"Window_MenuCommand/menu/1": "看日志"})
    assert opened(ACE.name, blob).render({"Window_MenuCommand/menu/1": "日誌を読む"}) == ACE.read_bytes()
    assert _sources(ACE.read_bytes())[4][:2] == b"\x78\xda"


def test_in_scripts_comments_files_and_keys_are_left_alone() -> None:
    ace, vx = opened(ACE.name, ACE.read_bytes()), opened(VX.name, VX.read_bytes())
    assert not set(texts(ace).values()) & {"VL Gothic", ":", "書きかけ", "嵐"}
    assert not set(texts(vx).values()) & {"使わない", "消した", "影.png"}
    assert ("嵐", "script") in held(ace)
    assert ("影.png", "file name") in held(vx)
    assert texts(vx)["Scene_End/command/2"] == "やめて\\C[2]眠る\\C[0]"


def _number(value: int) -> bytes:
    if 0 < value < 123:
        return bytes((value + 5,))
    return b"\x03" + value.to_bytes(3, "little") if value else b"\0"


class Command(NamedTuple):
    """An event command."""

    code: int
    parameters: list[object]


def _marshalled(value: object) -> bytes:
    """Ruby's Marshal, without its header, of numbers, strings, lists and event commands."""
    if isinstance(value, Command):
        fields: list[tuple[bytes, object]] = [(b"@code", value.code), (b"@parameters", value.parameters)]
        inside = b"".join(b":" + _number(len(name)) + name + _marshalled(item) for name, item in fields)
        return b"o:\x16RPG::EventCommand\x07" + inside
    if isinstance(value, int):
        return b"i" + _number(value)
    if isinstance(value, str | bytes):
        raw = value.encode() if isinstance(value, str) else value
        return b'"' + _number(len(raw)) + raw
    assert isinstance(value, list)
    items = cast("list[object]", value)
    return b"[" + _number(len(items)) + b"".join(map(_marshalled, items))


def _zipped(source: bytes, name: str = "a") -> bytes:
    return b"\x04\x08[\x06[\x08i\x06" + _marshalled(name) + _marshalled(zlib.compress(source))


def _script(source: str, name: str = "a") -> Document:
    return opened("Scripts.rxdata", _zipped(source.encode(), name))


def _event(*commands: Command) -> bytes:
    """CommonEvents with one event of these commands."""
    event = b"o:\x15RPG::CommonEvent\x06:\x0a@list" + _marshalled(list(commands))
    return b"\x04\x08[\x070" + event


@pytest.mark.parametrize(
    ("name", "line", "taken"),
    [
        ("Window_PartyCommand", '@commands = ["Fight", "Escape"]', ["Fight", "Escape"]),
        ("Window_ShopCommand", "  @commands = ['买', '卖',\r\n '取消']", ["买", "卖", "取消"]),
        ("Scene_End", "@w = Window_Command.new(192, [s1, 'To Title', Vocab::Cancel])", ["To Title"]),
        ("\u3000·Scene_Menu", 's1 = "存档" # 1', ["存档"]),
        ("Window_Base", '    text = "[Normal]"', ["[Normal]"]),
        ("Window_SaveFile", '    name = "File#{@file_index + 1}"', ["File#{@file_index + 1}"]),
        ("a", 'draw_text(4, 0, 9, 9, "生命：" + hp.to_s + "点", 2)', ["生命：", "点"]),
        ("a", 'draw_text(4, 0, 9, 9, $game_switches[1] ? "开" : "关")', ["开", "关"]),
        ("a", 'draw_text(rect, "#{@hp}/#{@max}")', []),
        ("a", 'draw_text(rect, kind == "武器" ? "a.png" : WORDS["剑"])', []),
        ("a", 'x = 1 # draw_text(rect, "註")', []),
        ("a", "@commands = ['icon_fight', 'Graphics/Fight', 'A']", []),
        ("a", '@commands = ["使用", "放下"]\ncase it\nwhen "放下", "扔"\nend', ["使用"]),
        ("a", 'Window_Command.new(9, ["使用", "放下"])\nUSES = {"使用" => 1}', ["放下"]),
        ("a", '$data["x_y"]; RPG::Cache.picture("Title"); Audio.se_play("Audio/SE/Ok"); font = ["黑体"]', []),
    ],
)
def test_of_scripts_only_what_is_surely_shown_is_taken(name: str, line: str, taken: list[str]) -> None:
    assert [segment.source for segment in _script(line, name).segments] == taken


def test_commands_are_written_in_their_list() -> None:
    document = _script('@commands = ["Fight", "Escape"]\n')
    blob = document.render({"a/list/1": "战斗", "a/list/2": '"逃跑"'})
    assert zlib.decompress(_sources(blob)[0]).decode() == '@commands = ["战斗", "\\"逃跑\\""]\n'


def test_a_command_that_another_script_compares_stays() -> None:
    both = (b"w = Window_Command.new(9, ['Use', 'Drop'])", b"when 'Drop'")
    entries: list[object] = [["", "s", zlib.compress(source)] for source in both]
    blob = b"\x04\x08" + _marshalled(entries)
    assert list(texts(opened("Scripts.rxdata", blob)).values()) == ["Use"]


def test_all_strings_with_letters_are_listed_with_the_reason() -> None:
    source = "p 'ascii secret' # don't 'list' \"this\"\nq \"秘密\", 'A', '%d:%02d', \"\\n\", '#{x}'\n"
    source += "load_data('Data/x'); load('Item.rxdata')\n"
    assert held(_script(source + "=begin\n'no'\n=end\n")) == {
        ("ascii secret", "script"),
        ("秘密", "script"),
        ("Data/x", "file name"),
        ("Item.rxdata", "file name"),
    }


def test_a_key_in_the_vocabulary_is_no_term() -> None:
    document = _script("module Vocab\n  Key = \"item_key\"\n  Buy = 'buy'\n  Level = 'L'\nend\n")
    assert texts(document) == {"a/Vocab/Buy": "buy", "a/Vocab/Level": "L"}
    with pytest.raises(RefusedTargetError):
        document.render({"a/Vocab/Buy": "buy_it"})


def _names(*commands: Command) -> Document:
    return opened("CommonEvents.rvdata", _event(*commands), names="太郎\nDr. X")


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ('a.name == "太郎"', 'a.name == "次郎"'),
        ('a.name.include?("太郎")', 'a.name.include?("次郎")'),
        ('a.name.start_with? "他", "太郎"', 'a.name.start_with? "他", "次郎"'),
        ("a.name.index('太郎') != nil", "a.name.index('次郎') != nil"),
        ("a.name =~ /太郎/", "a.name =~ /次郎/"),
        ("/太郎/ !~ a.name", "/次郎/ !~ a.name"),
        ("a.name.match(/太郎/)", "a.name.match(/次郎/)"),
        ('"太郎" == $game_party.members[0].name', '"次郎" == $game_party.members[0].name'),
        ('["太郎", "花子"].include?(a[1].name)', '["次郎", "花子"].include?(a[1].name)'),
        ("case a.name; when '他', '太郎' then 1 end", "case a.name; when '他', '次郎' then 1 end"),
    ],
)
def test_whatever_compares_an_actors_name_changes_with_it(script: str, written: str) -> None:
    document = _names(Command(111, [12, script]))
    (found,) = document.segments
    assert (found.source, found.role, found.binding) == ("太郎", Role.NAME, "actor-name")
    assert written.encode() in document.render({found.key: "次郎"})


@pytest.mark.parametrize(
    "script", ["a.title == '太郎'", "a.name =~ /太郎$/", "case $v\nwhen '太郎'", "a.name.foo('太郎')"]
)
def test_what_compares_no_name_stays(script: str) -> None:
    assert not _names(Command(111, [12, script])).segments


def test_a_name_in_a_pattern_keeps_its_marks() -> None:
    document = _names(Command(111, [12, r"a.name =~ /Dr\. X/"]))
    (found,) = document.segments
    assert found.source == "Dr. X"
    assert r"a.name =~ /X\/博士\./".encode() in document.render({found.key: "X/博士."})


def test_a_case_goes_on_in_the_next_lines_of_a_script() -> None:
    lines = [(355, "case $game_actors[1].name"), (655, "when '太郎'"), (655, "end"), (355, "when '太郎'")]
    document = _names(*(Command(code, [line]) for code, line in lines))
    assert [segment.key for segment in document.segments] == ["common/1/script/1/1"]


@pytest.mark.parametrize("line", ["draw_text('a'+", 'case x.name when "a", ', "@commands = ['a', #"])
def test_a_line_without_end_is_read_in_time(line: str) -> None:
    script = line * (1_000_000 // len(line))
    with ended_within(15):
        listed_parts("a", script)
        event_parts(script, frozenset("a"), case=True)
        assert len(compared_in(script)) <= 1


def test_a_damaged_script_is_named_with_its_offset() -> None:
    blob = bytearray(ACE.read_bytes())
    at = blob.index(b"\x78\x9c", 60) + 20
    blob[at] ^= 0xFF
    with pytest.raises(FormatError, match="script") as caught:
        opened(ACE.name, bytes(blob))
    assert caught.value.offset is not None


def test_a_script_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(FormatError, match="larger"):
        opened(ACE.name, _zipped(b" " * (33 << 20)))
