"""RPG Maker XP, VX and VX Ace: what is taken from their files, and how it is written back."""

import os
from pathlib import Path, PurePosixPath

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
