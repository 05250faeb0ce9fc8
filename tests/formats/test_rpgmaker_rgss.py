"""RPG Maker XP, VX and VX Ace: what is taken from their files, and how it is written back."""

import os
import zlib
from pathlib import Path, PurePosixPath
from typing import NamedTuple, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.document import (
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.core.ruby_marshal import read_marshal
from translator.core.ruby_marshal_values import RubyArray, RubyObject, RubyString, Value
from translator.core.segment import Role, Segment
from translator.formats.rpgmaker_rgss import FORMAT
from translator.formats.rpgmaker_rgss.blocks import find_inset

REPOSITORY = Path(__file__).parents[2]
ACE = REPOSITORY / "samples" / "rpgmaker_rgss" / "Data"
ODD = REPOSITORY / "tests" / "contract" / "fixtures" / "rpgmaker_rgss" / "Data"
CORPORA = Path(os.environ.get("TRANSLATOR_CORPORA", REPOSITORY.parent / "shared" / "corpora"))


def opened(path: Path, blob: bytes | None = None, charset: str | None = None, /, **given: str) -> Document:
    options = FormatOptions(name=PurePosixPath("Data", path.name), charset=charset, settings=given)
    return FORMAT.open(path.read_bytes() if blob is None else blob, options=options)


def by_key(document: Document) -> dict[str, Segment]:
    return {s.key: s for s in document.segments}


def texts(document: Document) -> dict[str, str]:
    return {s.key: s.source for s in document.segments}


def held(document: Document) -> set[tuple[str, str]]:
    assert isinstance(document, HoldsBack)
    return {(found.text, found.reason) for found in document.held_back()}


def commands(blob: bytes) -> list[tuple[int, list[object]]]:
    """The codes and strings of all event commands of a file."""
    read = read_marshal(blob)

    def shown(value: Value) -> object:
        if isinstance(value, RubyString):
            return read.raw(value).decode(errors="replace")
        return [shown(item) for item in value.items] if isinstance(value, RubyArray) else value

    found: list[tuple[int, list[object]]] = []
    for node in read.objects:
        if isinstance(node, RubyArray) and node.items and isinstance(node.items[-1], RubyObject):
            for item in node.items:
                code = item.fields.get("@code") if isinstance(item, RubyObject) else None
                if isinstance(item, RubyObject) and isinstance(code, int) and item.name == "RPG::EventCommand":
                    parameters = item.fields["@parameters"]
                    assert isinstance(parameters, RubyArray)
                    found.append((code, [shown(value) for value in parameters.items]))
    return found


def test_a_message_is_all_401_lines_after_a_101() -> None:
    message = by_key(opened(ACE / "Map001.rvdata2", None, None, **{"actor.1": "ナギ"}))["event/2/page/1/message/1"]
    assert message.source == "「\\N[1]さん、おはようございます。\n\u3000嵐で舟が遅れましてね。」"
    assert message.notes == ("face: Actor2 1", "\\N[1] is ナギ")
    assert (message.role, message.scene, message.limits.splits) == (Role.DIALOGUE, "event/2/page/1", True)
    assert (message.limits.columns, message.limits.lines, message.limits.wrap) == (34, 4, True)


@pytest.mark.parametrize(
    ("name", "key", "columns", "face"),
    [
        ("Map001.rvdata", "event/3/page/1/message/2", 51, False),
        ("Map001.rvdata", "event/3/page/1/message/1", 40, True),
        ("Map002.rxdata", "event/1/page/1/message/1", 40, False),
    ],
)
def test_each_engine_has_its_own_window(name: str, key: str, columns: int, face: bool) -> None:  # noqa: FBT001
    message = by_key(opened(ODD / name))[key]
    assert message.limits.columns == columns
    assert bool(message.notes) is face


def test_settings_change_the_window() -> None:
    found = by_key(opened(ACE / "Map001.rvdata2", columns="50", columns_face="41"))
    assert found["event/2/page/1/message/1"].limits.columns == 41
    assert found["event/1/page/1/message/1"].limits.columns == 50


def test_in_xp_the_101_is_the_first_line() -> None:
    document = opened(ODD / "Map002.rxdata")
    message = by_key(document)["event/1/page/1/message/1"]
    assert message.source.startswith("\\C[3]石の番人\\C[0]\n「ここから先は\n")
    assert message.speaker == "石の番人"
    blob = document.render({"event/1/page/1/message/1": "一\n二", "event/1/page/1/message/3": "一\n二\n三"})
    found = [(code, *given) for code, given in commands(blob) if code in (101, 401)]
    assert found[:2] == [(101, "一"), (401, "二")]
    assert found[3:6] == [(101, "一"), (401, "二"), (401, "三")]


def test_choices_and_numbers_take_lines_of_the_message_before_them_in_xp_and_vx() -> None:
    """`command_101` shows them in the same window if they fit, else in one of their own."""
    found = by_key(opened(ODD / "Map001.rvdata"))
    assert found["event/3/page/1/message/1"].limits.lines == 2  # two lines, two choices
    assert found["event/3/page/1/message/3"].limits.lines == 4  # three lines and two choices do not fit
    assert found["event/3/page/1/message/4"].limits.lines == 3  # one line and a number
    ace = by_key(opened(ACE / "Map001.rvdata2"))
    assert ace["event/2/page/1/message/1"].limits.lines == 4


def test_a_choice_and_the_copies_in_its_branches_are_one_text() -> None:
    document = opened(ACE / "Map001.rvdata2")
    assert texts(document)["event/2/page/1/choice/1/1"] == "手紙を受け取る"
    blob = document.render({"event/2/page/1/choice/1/1": "收下", "event/2/page/1/choice/1/2": "拒绝"})
    assert [given for code, given in commands(blob) if code == 102] == [[["收下", "拒绝"], 2]]
    assert [given for code, given in commands(blob) if code == 402] == [[0, "收下"], [1, "拒绝"]]


def test_a_copy_that_differs_is_left_alone() -> None:
    document = opened(ODD / "Map003.rvdata2")
    blob = document.render({"event/1/page/1/choice/2/1": "选", "event/1/page/1/choice/2/2": "停"})
    assert [given for code, given in commands(blob) if code == 402] == [[0, "选"], [1, "やめる "]]
    assert ("やめる ", "copy of a choice") in held(document)


def test_a_string_with_two_roles_is_one_text_that_names_both() -> None:
    segment = by_key(opened(ODD / "Map003.rvdata2"))["event/1/page/1/choice/2/1"]
    assert segment.notes == ("also used as dialogue: event/1/page/1/message/8",)


def test_a_string_that_is_also_no_text_says_so() -> None:
    """One actor whose name, nickname and note are one object: one edit changes all three."""
    blob = b'\x04\x08[\x070o:\x0fRPG::Actor\x08:\x0a@name"\x06x:\x0e@nickname@\x07:\x0a@note@\x07'
    document = opened(ACE / "Actors.rvdata2", blob)
    assert texts(document) == {"1/name": "x"}
    assert document.segments[0].notes == ("also used where it is not shown as text",)
    assert document.render({"1/name": "yy"}) == blob.replace(b'"\x06x', b'"\x07yy')


def test_lines_that_come_and_go_leave_all_links_where_they_were() -> None:
    document = opened(ACE / "Map001.rvdata2")
    key = "event/2/page/1/message/1"
    for target in ("短", "一\n二\n三\n四\n五\n六"):
        blob = document.render({key: target})
        again = opened(ACE / "Map001.rvdata2", blob)
        assert texts(again) == texts(document) | {key: target}
        before = [c for c in commands((ACE / "Map001.rvdata2").read_bytes()) if c[0] != 401]
        assert str([c for c in commands(blob) if c[0] != 401])[:200] == str(before)[:200]
        assert again.render({key: texts(document)[key]}) == (ACE / "Map001.rvdata2").read_bytes()


def test_a_form_feed_starts_another_message() -> None:
    document = opened(ACE / "Map001.rvdata2")
    blob = document.render({"event/2/page/1/message/1": "一\n二\f三"})
    found = [(c, p) for c, p in commands(blob) if c in (101, 401)]
    start = found[found.index((401, ["一"])) - 1 :][:5]
    assert [code for code, _ in start] == [101, 401, 401, 101, 401]
    assert start[0] == start[3] == (101, ["Actor2", 1, 0, 2])
    assert start[4] == (401, ["三"])
    xp = opened(ODD / "Map002.rxdata").render({"event/1/page/1/message/3": "一\f二\n三"})
    found = [(c, p) for c, p in commands(xp) if c in (101, 401)]
    assert found[4:7] == [(101, ["一"]), (101, ["二"]), (401, ["三"])]


def test_a_line_that_other_places_use_cannot_go() -> None:
    document = opened(ODD / "Map003.rvdata2")
    assert "event/1/page/1/message/2" not in texts(document)
    assert ("次の行", "line that is also used elsewhere") in held(document)
    with pytest.raises(RefusedTargetError, match="also used elsewhere"):
        document.render({"event/1/page/1/message/3": "一\n二"})


def test_a_name_in_the_message_is_a_text_of_its_own() -> None:
    found = by_key(opened(ACE / "Map001.rvdata2"))
    name, message = found["event/5/page/1/message/1/name"], found["event/5/page/1/message/1"]
    assert (name.source, name.role, name.binding) == ("漁師", Role.NAME, "actor-name")
    assert (message.speaker, message.limits.lines) == ("漁師", 3)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("\\name[ミナ]やあ", "ミナ"),
        ("\\p[0]\\NAME[ミナ]\nやあ", "ミナ"),
        ("\\name[1]やあ", None),
        ("\\n<ミナ>やあ", "ミナ"),
    ],
)
def test_message_scripts_have_codes_for_names(line: str, name: str | None) -> None:
    """XP's and VX's usual message scripts open a box with the name: `\\name[…]` (seen in a real XP game)."""
    found = find_inset(line)
    assert (found.name if found else None) == name
    assert found is None or found.is_speaker("やあ", frozenset())


def test_a_target_that_would_be_read_as_a_name_is_refused() -> None:
    with pytest.raises(RefusedTargetError):
        opened(ACE / "Map001.rvdata2").render({"event/1/page/1/message/1": "【看板】\n文"})


def test_comparisons_change_only_with_names_that_actors_have() -> None:
    key = "event/3/page/1/condition/1"
    assert key not in texts(opened(ODD / "Map001.rvdata"))
    bound = by_key(opened(ODD / "Map001.rvdata", names="セナ"))
    assert (bound[key].source, bound[key].binding) == ("セナ", "actor-name")
    assert bound["event/3/page/1/script/1/1"].binding == "actor-name"
    assert bound["event/3/page/1/name/1"].binding == "actor-name"


def test_a_script_in_an_event_changes_only_where_a_rule_names_a_string() -> None:
    document = opened(ACE / "Map002.rvdata2")
    blob = document.render({"event/1/page/1/script/1/1": '他说"走"\n#1'})
    assert (355, ['$game_message.add("他说\\"走\\"\\n#1")']) in commands(blob)
    assert ("$game_switches[1] = true # 'メモ'", "script") in held(document)


def test_interpolation_cannot_come_into_a_script() -> None:
    with pytest.raises(RefusedTargetError, match="Ruby code"):
        opened(ACE / "Map002.rvdata2").render({"event/1/page/1/script/1/1": "#{exit}"})
    document = opened(ACE / "Scripts.rvdata2")
    assert texts(document)["Window_Diary/draw/2"] == "#{$game_variables[1]}日目"
    with pytest.raises(RefusedTargetError, match="Ruby code"):
        document.render({"Window_Diary/draw/2": "第#{$game_variables[2]}天"})
    document.render({"Window_Diary/draw/2": "第#{$game_variables[1]}天"})


def test_scrolling_text_is_one_text_in_ace_and_a_button_in_xp() -> None:
    scroll = by_key(opened(ACE / "Map002.rvdata2"))["event/1/page/1/scroll/1"]
    assert (scroll.source.count("\n"), scroll.role, scroll.limits.wrap) == (2, Role.NARRATION, False)
    assert not any("scroll" in key for key in texts(opened(ODD / "Map002.rxdata")))


def test_identifiers_are_held_back() -> None:
    found = held(opened(ACE / "Map001.rvdata2")) | held(opened(ACE / "System.rvdata2"))
    assert {
        ("もう一度", "label"),
        ("会話の二周目", "comment"),
        ("Actor2", "file name"),
        ("郵便屋", "event name"),
        ("手紙を読んだ", "switch name"),
        ("嵐の日数", "variable name"),
    } <= found
    assert ("<成長:遅い>", "note") in held(opened(ACE / "Classes.rvdata2"))


def test_terms_of_each_engine() -> None:
    ace, vx, xp = (texts(opened(p)) for p in (ACE / "System.rvdata2", ODD / "System.rvdata", ODD / "System.rxdata"))
    assert (ace["game_title"], ace["currency_unit"], ace["terms/params/2"]) == ("灯台守の手紙", "リル", "攻撃力")
    assert (vx["game_title"], vx["terms/level_a"], vx["elements/1"]) == ("市場の鐘", "Lv", "格闘")
    assert (xp["words/sp"], xp["elements/1"]) == ("ＳＰ", "火")
    assert not any("switch" in key or "variable" in key for key in ace | vx | xp)


def test_descriptions_keep_their_line_ends() -> None:
    document = opened(ACE / "Actors.rvdata2")
    profile = by_key(document)["1/description"]
    assert (profile.source.count("\n"), "\r" in profile.source, profile.limits.lines) == (1, False, 2)
    assert "一\r\n二".encode() in document.render({"1/description": "一\n二"})
    assert by_key(opened(ODD / "Items.rvdata"))["1/description"].limits.single


def test_strings_keep_their_encoding() -> None:
    document = opened(ODD / "Map003.rvdata2")
    blob = document.render({"event/1/page/1/message/5": "テスト", "event/1/page/1/message/6": "ascii"})
    assert "テスト".encode("cp932") in blob
    with pytest.raises(UnencodableError):
        document.render({"event/1/page/1/message/6": "é"})
    with pytest.raises(UnencodableError):
        document.render({"event/1/page/1/message/5": "们"})


def test_strings_without_an_encoding_keep_the_charset_of_the_file() -> None:
    document = opened(ODD / "Items.rxdata")
    assert document.charset == "cp932"
    assert texts(document)["2/name"] == "番人の鍵～表～"
    assert "新しい鍵①".encode("cp932") in document.render({"2/name": "新しい鍵①"})
    with pytest.raises(UnencodableError):
        document.render({"2/name": "门"})


def test_a_charset_can_be_asked_for() -> None:
    assert texts(opened(ODD / "Items.rxdata", None, "Shift_JIS"))["2/name"] == "番人の鍵～表～"
    assert "2/name" not in texts(opened(ODD / "Items.rxdata", None, "utf-8"))
    with pytest.raises(FormatError, match="no charset named"):
        opened(ODD / "Items.rxdata", None, "nonsense")


def test_texts_in_no_charset_are_an_error_with_the_place_of_one() -> None:
    blob = b'\x04\x08[\x08"\x0a\xe6\x96\x87\x85 "\x07\x85 "\x07\x85 '
    with pytest.raises(FormatError, match="no charset") as caught:
        opened(ODD / "Items.rxdata", blob)
    assert caught.value.offset == 6


def test_all_strings_change_to_utf8_where_the_charset_lacks_the_language() -> None:
    name = PurePosixPath("Data/Items.rxdata")
    document = FORMAT.open(
        (ODD / "Items.rxdata").read_bytes(), options=FormatOptions(name=name, target_language="zh-CN")
    )
    assert document.notices[0].startswith("cp932 cannot hold")  # whoever says it names the file
    again = opened(ODD / "Items.rxdata", document.render({"2/name": "门钥匙"}))
    assert texts(again) == texts(document) | {"2/name": "门钥匙"}
    assert again.charset is None


def _sources(blob: bytes) -> list[bytes]:
    read = read_marshal(blob)
    assert isinstance(read.root, RubyArray)
    return [
        read.raw(data)
        for entry in read.root.items
        if isinstance(entry, RubyArray) and isinstance(data := entry.items[2], RubyString)
    ]


def test_scripts_that_do_not_change_keep_their_bytes() -> None:
    path = ACE / "Scripts.rvdata2"
    before, after = _sources(path.read_bytes()), _sources(opened(path).render({"Vocab/Vocab/ShopBuy": "购买"}))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True, True, True]
    source = zlib.decompress(after[1]).decode()
    assert 'ShopBuy         = "购买"\r\n' in source
    assert source.replace("购买", "買う") == zlib.decompress(before[1]).decode()


def test_a_script_is_compressed_at_its_own_level() -> None:
    path = ACE / "Scripts.rvdata2"
    document = opened(path)
    blob = document.render({"Window_MenuCommand/menu/1": "看日志"})
    assert opened(path, blob).render({"Window_MenuCommand/menu/1": "日誌を読む"}) == path.read_bytes()
    assert _sources(path.read_bytes())[4][:2] == b"\x78\xda"


def test_in_scripts_comments_files_and_keys_are_left_alone() -> None:
    ace, vx = opened(ACE / "Scripts.rvdata2"), opened(ODD / "Scripts.rvdata")
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
    return opened(ODD / "Scripts.rxdata", _zipped(source.encode(), name))


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
    assert list(texts(opened(ODD / "Scripts.rxdata", blob)).values()) == ["Use"]


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
    return opened(ODD / "CommonEvents.rvdata", _event(*commands), names="太郎\nDr. X")


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
    assert (111, [12, written]) in commands(document.render({found.key: "次郎"}))


@pytest.mark.parametrize(
    "script", ["a.title == '太郎'", "a.name =~ /太郎$/", "case $v\nwhen '太郎'", "a.name.foo('太郎')"]
)
def test_what_compares_no_name_stays(script: str) -> None:
    assert not _names(Command(111, [12, script])).segments


def test_a_name_in_a_pattern_keeps_its_marks() -> None:
    document = _names(Command(111, [12, r"a.name =~ /Dr\. X/"]))
    (found,) = document.segments
    assert found.source == "Dr. X"
    assert (111, [12, r"a.name =~ /X\/博士\./"]) in commands(document.render({found.key: "X/博士."}))


def test_a_case_goes_on_in_the_next_lines_of_a_script() -> None:
    lines = [(355, "case $game_actors[1].name"), (655, "when '太郎'"), (655, "end"), (355, "when '太郎'")]
    document = _names(*(Command(code, [line]) for code, line in lines))
    assert [segment.key for segment in document.segments] == ["common/1/script/1/1"]


def test_a_damaged_script_is_named_with_its_offset() -> None:
    blob = bytearray((ACE / "Scripts.rvdata2").read_bytes())
    at = blob.index(b"\x78\x9c", 60) + 20
    blob[at] ^= 0xFF
    with pytest.raises(FormatError, match="script") as caught:
        opened(ACE / "Scripts.rvdata2", bytes(blob))
    assert caught.value.offset is not None


def test_a_script_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(FormatError, match="larger"):
        opened(ACE / "Scripts.rvdata2", _zipped(b" " * (33 << 20)))


def test_other_names_are_nobodys() -> None:
    blob = (ACE / "MapInfos.rvdata2").read_bytes()
    for name in ("MapInfos.rvdata2", "Animations.rvdata2", "Save01.rvdata2", "Map001.json", "StaticDB.rvdata2"):
        assert not FORMAT.sniff(PurePosixPath("Data", name), blob)
    with pytest.raises(FormatError, match="MapInfos"):
        opened(ACE / "MapInfos.rvdata2")


_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\f【】<>\0"), min_size=1, max_size=30)


@settings(max_examples=40)
@given(st.lists(_LINE, min_size=1, max_size=6), st.lists(_LINE, min_size=1, max_size=6))
def test_any_lines_are_read_back_and_restored(one: list[str], other: list[str]) -> None:
    document = opened(ACE / "Map001.rvdata2")
    targets = {"event/2/page/1/message/1": "\n".join(one), "event/2/page/1/message/2": "\n".join(other)}
    if not all(target.strip() for target in targets.values()):
        return
    again = opened(ACE / "Map001.rvdata2", document.render(targets))
    assert texts(again) == texts(document) | targets
    back = again.render({key: texts(document)[key] for key in targets})
    assert back == (ACE / "Map001.rvdata2").read_bytes()


@settings(max_examples=60)
@given(st.sampled_from(sorted(ODD.glob("*.r*data*"), key=str)), st.data())
def test_damaged_files_open_or_are_format_errors(path: Path, data: st.DataObject) -> None:
    if path.name.endswith(".jsonl"):
        return
    blob = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        blob[data.draw(st.integers(2, len(blob) - 1))] = data.draw(st.integers(0, 255))
    try:
        document = opened(path, bytes(blob))
    except FormatError:
        return
    assert document.render({}) == bytes(blob)
    held(document)


@pytest.mark.skipif(not (CORPORA / "vxace-almost-heroic").is_dir(), reason="the corpora are not here")
def test_a_real_game_is_written_back_and_restored() -> None:
    files = segments = 0
    for path in sorted((CORPORA / "vxace-almost-heroic" / "Data").glob("*.rvdata2")):
        blob = path.read_bytes()
        if not FORMAT.sniff(PurePosixPath("Data", path.name), blob):
            continue
        document = opened(path)
        files, segments = files + 1, segments + len(document.segments)
        assert document.render({}) == blob
        longer = opened(path, document.render({s.key: f"⟦{s.source}⟧" for s in document.segments}))
        assert [s.source for s in longer.segments] == [f"⟦{s.source}⟧" for s in document.segments]
        assert longer.render(texts(document)) == blob
    assert (files, segments) == (44, 962)
