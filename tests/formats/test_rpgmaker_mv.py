r"""Every command and field that holds text, in the editor's form and pretty-printed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, UnencodableError
from translator.core.segment import Limits, Role, Segment
from translator.formats.rpgmaker_mv import FORMAT

Json = object
SETTINGS = {"actor.1": "ハロルド", "actor.2": "テレーゼ", "names": "ハロルド\nテレーゼ\n英雄ハロルド"}


def cmd(code: int, *parameters: Json, indent: int = 0) -> dict[str, Json]:
    return {"code": code, "indent": indent, "parameters": list(parameters)}


def talk(*lines: str, face: str = "", speaker: str | None = None) -> list[dict[str, Json]]:
    head: list[Json] = [face, 0, 0, 2, *([] if speaker is None else [speaker])]
    return [cmd(101, *head), *(cmd(401, line) for line in lines)]


@dataclass(frozen=True)
class Opened:
    """A map with one event of one page, and what is made of it."""

    blob: bytes
    settings: dict[str, str]

    @property
    def document(self) -> Document:
        options = FormatOptions(name=PurePosixPath("data/Map001.json"), settings=self.settings)
        return FORMAT.open(self.blob, options=options)

    def texts(self) -> dict[str, str]:
        prefix = "event/1/page/1/"
        return {s.key.removeprefix(prefix): s.source for s in self.document.segments}

    def segment(self, key: str) -> Segment:
        return next(s for s in self.document.segments if s.key == f"event/1/page/1/{key}")

    def write(self, targets: dict[str, str]) -> "Opened":
        blob = self.document.render({f"event/1/page/1/{key}": target for key, target in targets.items()})
        return Opened(blob, self.settings)

    def commands(self) -> list[tuple[int, list[Json]]]:
        value = json.loads(self.blob.decode("utf-8-sig"))
        return [(c["code"], c["parameters"]) for c in value["events"][1]["pages"][0]["list"]]


Form = Callable[[Json], bytes]


def editor_form(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace('"events":', '\n"events":\n').encode()


def pretty(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def windows(value: Json) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(value, ensure_ascii=True, indent="\t").replace("\n", "\r\n").encode() + b"\r\n"


def other_order(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(" , ", " : ")).encode()


@pytest.fixture(params=[editor_form, pretty, windows, other_order])
def form(request: pytest.FixtureRequest) -> Form:
    return request.param


def page(form: Form, commands: Sequence[Json], **settings: str) -> Opened:
    pages: list[Json] = [{"conditions": None, "list": [*commands, cmd(0)], "trigger": 0}]
    event: Json = {"id": 1, "name": "EV001", "note": "", "pages": pages, "x": 1, "y": 2}
    value: Json = {"displayName": "", "data": [0, 1, 2], "events": [None, event], "note": "村"}
    return Opened(form(value), SETTINGS | settings)


def test_a_message_is_its_401_lines(form: Form) -> None:
    found = page(form, [*talk("一行目", "\\C[2]二行目\\C[0]", face="Actor1"), *talk("次")])
    assert found.texts() == {"message/1": "一行目\n\\C[2]二行目\\C[0]", "message/2": "次"}
    first = found.segment("message/1")
    assert (first.role, first.scene) == (Role.DIALOGUE, "event/1/page/1")
    assert first.limits == Limits(columns=43, lines=4, wrap=True, splits=True)
    assert found.segment("message/2").limits == Limits(columns=55, lines=4, wrap=True, splits=True)
    assert first.notes == ("face: Actor1 0",)


def test_columns_come_from_the_settings() -> None:
    found = page(editor_form, [*talk("あ", face="A"), *talk("い")], columns="60", columns_face="47")
    assert [s.limits.columns for s in found.document.segments] == [47, 60]


def test_a_longer_message_gets_copies_of_its_last_line(form: Form) -> None:
    found = page(form, [*talk("一", "二"), *talk("次")])
    changed = found.write({"message/1": "a\nb\nc\nd"})
    assert changed.commands()[:6] == [(101, ["", 0, 0, 2]), *((401, [t]) for t in "abcd"), (101, ["", 0, 0, 2])]
    assert changed.texts() == {"message/1": "a\nb\nc\nd", "message/2": "次"}
    assert changed.write({"message/1": "一\n二"}).blob == found.blob


def test_a_shorter_message_loses_its_last_lines_and_keeps_one(form: Form) -> None:
    found = page(form, [*talk("一", "二", "三"), *talk("次")])
    assert found.write({"message/1": "a"}).commands()[:3] == [(101, ["", 0, 0, 2]), (401, ["a"]), (101, ["", 0, 0, 2])]
    assert found.write({"message/1": ""}).commands()[1] == (401, [""])


def test_inserted_lines_copy_the_white_space_around_them() -> None:
    found = page(pretty, talk("一"))
    again = json.dumps(json.loads(found.write({"message/1": "a\nb\nc"}).blob), ensure_ascii=False, indent=2)
    assert found.write({"message/1": "a\nb\nc"}).blob == again.encode()


def test_a_form_feed_starts_another_message_with_the_same_head(form: Form) -> None:
    found = page(form, [*talk("一", "二", face="A", speaker="男"), *talk("次")])
    changed = found.write({"message/1": "a\nb\fc", "message/1/name": "man"})
    head = (101, ["A", 0, 0, 2, "man"])
    assert changed.commands()[:5] == [head, (401, ["a"]), (401, ["b"]), head, (401, ["c"])]
    assert list(changed.texts()) == [
        "message/1/name", "message/1", "message/2/name", "message/2", "message/3",
    ]  # fmt: skip


def test_lines_without_a_head_are_one_text_and_stay_one(form: Form) -> None:
    found = page(form, [cmd(401, "迷子"), cmd(401, "の行"), cmd(121, 1, 1, 0), cmd(401, "単独")])
    assert found.texts() == {"message/1": "迷子\nの行", "message/2": "単独"}
    assert not found.segment("message/1").limits.splits
    changed = found.write({"message/1": "a\nb\nc", "message/2": "d\ne"})
    assert [c for c in changed.commands() if c[0] == 401] == [(401, [t]) for t in "abcde"]


def test_several_lines_in_one_string_stay_in_one(form: Form) -> None:
    found = page(form, talk("一\n二", "三"))
    assert found.texts() == {"message/1": "一\n二\n三"}
    assert found.write({"message/1": "a\nb\nc"}).commands()[1:3] == [(401, ["a\nb"]), (401, ["c"])]


def test_blank_messages_count_and_are_no_text(form: Form) -> None:
    assert page(form, [*talk("　"), *talk(""), *talk("あ")]).texts() == {"message/3": "あ"}


def test_the_speaker_is_the_fifth_parameter_of_mz(form: Form) -> None:
    found = page(form, talk("やあ", speaker="\\C[1]\\N[2]\\C[0]"))
    assert found.texts() == {"message/1/name": "\\C[1]\\N[2]\\C[0]", "message/1": "やあ"}
    assert found.segment("message/1").speaker == "テレーゼ"
    name = found.segment("message/1/name")
    assert (name.role, name.binding) == (Role.NAME, "actor-name")


@pytest.mark.parametrize(
    ("lines", "key", "source", "speaker", "text"),
    [
        (["\\n<長老>よく来た。"], "message/1/name", "長老", "長老", "よく来た。"),
        (["\\C[2]\\nc<長老>", "よく来た。"], "message/1/name", "長老", "長老", "\nよく来た。"),
        (["【長老】", "「よく来た」"], "message/1/name", "長老", "長老", "「よく来た」"),
        (["【ハロルド】", "行こう"], "message/1/name", "ハロルド", "ハロルド", "行こう"),
        (["【注意】", "この先危険"], "message/1/name", "注意", None, "この先危険"),
    ],
)
def test_a_name_in_the_text_is_a_text_of_its_own(
    form: Form, lines: list[str], key: str, source: str, speaker: str | None, text: str
) -> None:
    found = page(form, talk(*lines))
    assert found.texts() == {key: source, "message/1": text}
    assert found.segment("message/1").speaker == speaker
    whole = "\n".join(lines)
    changed = found.write({key: "Elder", "message/1": text + "\nmore"})
    shown = "\n".join(str(p[0]) for code, p in changed.commands() if code == 401)
    assert shown == whole.replace(source, "Elder") + "\nmore"


def test_a_name_on_a_line_of_its_own_takes_one_of_the_four() -> None:
    found = page(editor_form, talk("【長老】", "「よく来た」"))
    assert found.segment("message/1").limits.lines == 3
    changed = found.write({"message/1": "a\nb\nc\fd"})
    assert [p[0] for code, p in changed.commands() if code == 401] == ["【長老】", "a", "b", "c", "【長老】", "d"]


@pytest.mark.parametrize("name", ["a】b", "a\nb", "【"])
def test_a_name_that_would_break_its_brackets_is_refused(name: str) -> None:
    found = page(editor_form, talk("【長老】", "「よく来た」"))
    with pytest.raises(UnencodableError, match=r"cannot stand in a name") as caught:
        found.write({"message/1/name": name})
    assert caught.value.key == "event/1/page/1/message/1/name"


@pytest.mark.parametrize(
    ("lines", "speaker"),
    [
        (["\\C[6]長老\\C[0]", "「よく来た」"], "長老"),
        (["\\N[1]", "（おや）"], "ハロルド"),
        (["テレーゼ「待って」"], "テレーゼ"),
        (["村人「やあ」"], None),
        (["宝箱を見つけた。", "「よし」"], None),
        (["\\C[2]魔法の剣\\C[0]", "を手に入れた"], None),
    ],
)
def test_a_speaker_in_plain_text_is_taken_only_where_certain(lines: list[str], speaker: str | None) -> None:
    found = page(editor_form, talk(*lines))
    assert found.texts() == {"message/1": "\n".join(lines)}
    assert found.segment("message/1").speaker == speaker


def test_who_an_actor_code_is_stands_in_the_notes() -> None:
    found = page(editor_form, talk("\\N[1]と\\n[2]と\\N[9]"))
    assert found.segment("message/1").notes == ("\\N[1] is ハロルド", "\\n[2] is テレーゼ")


def test_choices_and_their_branches_change_together(form: Form) -> None:
    commands = [
        cmd(102, ["はい", "", "いいえ"], 1, 0, 2, 0),
        cmd(402, 0, "はい"),
        cmd(102, ["はい", "別"], 1, 0, 2, 0, indent=1),
        cmd(402, 0, "はい", indent=1),
        cmd(402, 1, "昔の別", indent=1),
        cmd(404, indent=1),
        cmd(402, 2, "いいえ"),
        cmd(403, 6, None),
        cmd(404),
        cmd(402, 0, "はい"),
    ]
    found = page(form, commands)
    assert found.texts() == {"choice/1/1": "はい", "choice/1/3": "いいえ", "choice/2/1": "はい", "choice/2/2": "別"}
    assert found.segment("choice/1/1").role is Role.CHOICE
    assert found.segment("choice/1/1").limits.single
    changed = found.write({"choice/1/1": "Yes", "choice/1/3": "No", "choice/2/2": "Other"}).commands()
    assert [p[:1] for c, p in changed if c == 102] == [[["Yes", "", "No"]], [["はい", "Other"]]]
    assert [p for c, p in changed if c == 402] == [[0, "Yes"], [0, "はい"], [1, "昔の別"], [2, "No"], [0, "はい"]]


def test_scrolling_text_is_one_narration(form: Form) -> None:
    found = page(form, [cmd(105, 2, 0), cmd(405, "むかし"), cmd(405, ""), cmd(405, "あるところに")])
    assert found.texts() == {"scroll/1": "むかし\n\nあるところに"}
    scroll = found.segment("scroll/1")
    assert (scroll.role, scroll.limits) == (Role.NARRATION, Limits(columns=55))
    assert found.write({"scroll/1": "a\fb"}).commands()[1] == (405, ["a\fb"])


def test_names_that_events_give(form: Form) -> None:
    found = page(form, [cmd(320, 1, "英雄ハロルド"), cmd(324, 1, "勇者"), cmd(325, 1, "強い\n優しい")])
    assert found.texts() == {"name/1": "英雄ハロルド", "nickname/1": "勇者", "profile/1": "強い\n優しい"}
    assert found.segment("name/1").binding == "actor-name"
    assert found.segment("profile/1").limits == Limits(columns=55, lines=2, wrap=True)
    assert found.write({"profile/1": "a\nb"}).commands()[2] == (325, [1, "a\nb"])


def test_comparisons_change_with_the_names_that_actors_have(form: Form) -> None:
    commands = [
        cmd(111, 4, 1, 1, "英雄ハロルド"),
        cmd(111, 4, 1, 1, "合言葉"),
        cmd(111, 4, 1, 0),
        cmd(111, 12, "$gameActors.actor(1).name() === 'ハロルド' && $gameVariables.value(1) === 'ハロルド'"),
        cmd(111, 12, '"テレーゼ" == this.actor.name() || a.name() != "他人"'),
        cmd(111, 0, 1, 0),
    ]
    found = page(form, commands)
    assert found.texts() == {"condition/1": "英雄ハロルド", "condition/4/1": "ハロルド", "condition/5/1": "テレーゼ"}
    assert {s.binding for s in found.document.segments} == {"actor-name"}
    changed = found.write({"condition/1": "Hero", "condition/4/1": "O'Harold", "condition/5/1": 'T"'}).commands()
    assert changed[0][1][3] == "Hero"
    assert changed[3][1][1] == "$gameActors.actor(1).name() === 'O\\'Harold' && $gameVariables.value(1) === 'ハロルド'"
    assert changed[4][1][1] == '"T\\"" == this.actor.name() || a.name() != "他人"'


def test_comparisons_stay_when_the_names_are_not_known() -> None:
    value = page(editor_form, [cmd(111, 4, 1, 1, "ハロルド")])
    assert Opened(value.blob, {}).texts() == {}


def test_scripts_give_the_strings_that_are_shown(form: Form) -> None:
    commands = [
        cmd(355, '$gameMessage.add("一つ\\n二つ"); play("音");'),
        cmd(655, "$gameMessage.setSpeakerName( '\\u9577老' );"),
        cmd(655, "$gameActors.actor(3).setNickname('旅人'); $gameActors.actor(3).setName('誰か');"),
        cmd(655, "$gameMessage.add('前' + x); $gameMessage.add(`型`); // '注'"),
        cmd(122, 1, 1, 0, 4, "$gameParty.leader().name() == 'ハロルド' ? 1 : '二'"),
        cmd(122, 1, 1, 0, 0, 5),
    ]
    found = page(form, commands)
    assert found.texts() == {
        "script/1/1": "一つ\n二つ", "script/1/2": "長老", "script/1/3": "旅人", "variable/1/1": "ハロルド",
    }  # fmt: skip
    changed = found.write({"script/1/1": 'a\n"b"\\C[1]', "script/1/3": "it's"}).commands()
    assert changed[0][1][0] == '$gameMessage.add("a\\n\\"b\\"\\\\C[1]"); play("音");'
    assert changed[2][1][0] == "$gameActors.actor(3).setNickname('it\\'s'); $gameActors.actor(3).setName('誰か');"


def test_the_number_of_a_plugin_commands_arguments_never_changes(form: Form) -> None:
    found = page(
        form, [cmd(356, "D_TEXT 回復 所持金:\\V[1] 20"), cmd(356, "Quest 開始 霧"), cmd(356, "namePop 0 店 -48")]
    )
    assert found.texts() == {"command/1/1": "回復", "command/1/2": "所持金:\\V[1]", "command/3/2": "店"}
    changed = found.write({"command/1/1": "to heal a\u00a0bit", "command/3/2": "my shop"})
    words = [str(p[0]).split(" ") for c, p in changed.commands() if c == 356]
    assert [len(w) for w in words] == [4, 3, 4]
    assert changed.texts()["command/1/1"] == "to heal a\u00a0bit"
    assert changed.texts()["command/3/2"] == "my shop"
    assert words[1] == ["Quest", "開始", "霧"]


def test_mz_plugin_commands_and_their_copies_for_the_editor(form: Form) -> None:
    commands = [
        cmd(357, "TextPicture", "set", "テキスト", {"id": "x", "text": "こんにちは"}),
        cmd(657, "id = x"),
        cmd(657, "文章 = こんにちは"),
        cmd(657, "other = こんにちは"),
        cmd(357, "Unknown", "set", "?", {"text": "識別子"}),
        cmd(657, "text = 識別子"),
        cmd(357, "plugins/DestinationWindow", "SET_DESTINATION", "", {"destination": '"村へ\\n行け"'}),
        cmd(657, 'destination = "村へ\\n行け"'),
    ]
    found = page(form, commands)
    assert found.texts() == {"command/1/text": "こんにちは", "command/3/destination": "村へ\n行け"}
    changed = found.write({"command/1/text": "Hello", "command/3/destination": 'Go "there"'}).commands()
    assert cast("dict[str, str]", changed[0][1][3]) == {"id": "x", "text": "Hello"}
    assert [p[0] for c, p in changed if c == 657][:4] == [
        "id = x",
        "文章 = Hello",
        "other = こんにちは",
        "text = 識別子",
    ]
    assert json.loads(cast("dict[str, str]", changed[6][1][3])["destination"]) == 'Go "there"'


def test_comments_are_held_back_but_for_what_plugins_show(form: Form) -> None:
    commands = [
        cmd(108, "メモ"),
        cmd(408, "続き"),
        cmd(108, "選択肢ヘルプ"),
        cmd(408, "体力が"),
        cmd(408, "回復する"),
        cmd(108, "<namePop:村人 -48>"),
    ]
    found = page(form, commands)
    assert found.texts() == {"help/1": "体力が\n回復する", "comment/1/1": "村人"}
    changed = found.write({"help/1": "heals", "comment/1/1": "old man"}).commands()
    assert [p[0] for _, p in changed[:5]] == ["メモ", "続き", "選択肢ヘルプ", "heals", "<namePop:old\u00a0man -48>"]


def test_labels_pictures_routes_and_plugin_data_are_never_touched(form: Form) -> None:
    commands = [
        cmd(118, "合言葉"),
        cmd(119, "合言葉"),
        cmd(103, 1, 2),
        cmd(104, 1),
        cmd(231, 1, "絵", 0, 0, 0, 0, 100, 100, 255, 0),
        cmd(205, 0, {"list": [{"code": 45, "parameters": ["日本()"]}], "repeat": False}),
        cmd(657, "迷子 = 値"),
        cmd(655, "日本();"),
    ]
    assert page(form, commands).texts() == {}


def test_odd_commands_are_left_alone(form: Form) -> None:
    odd: list[Json] = [
        None, 5, {}, {"code": 401}, {"code": "401", "parameters": ["あ"]}, cmd(401), cmd(401, 5), cmd(101),
        cmd(102), cmd(102, "あ"), cmd(402), cmd(320), cmd(111), cmd(122), cmd(355), cmd(356), cmd(357, "a"), cmd(108),
        cmd(108, []), cmd(111, 4, 1, 1, {}), cmd(111, 12, []), cmd(402, {}, "あ"), cmd(357, {}, [], "", []),
        cmd(320, 1, []),
        {"code": 404, "indent": [], "parameters": []}, {"code": [], "indent": 0, "parameters": []}, cmd(105, []),
        cmd(357, "TextPicture", "set", "", {"text": []}), cmd(657, {}), cmd(355, {}), cmd(356, []),
        cmd(101, {}, [], 1, 2, 3),
    ]  # fmt: skip
    found = page(form, odd)
    assert found.texts() == {}
    assert found.document.render({}) == found.blob


def test_keys_stay_when_a_neighbour_grows(form: Form) -> None:
    found = page(form, [*talk("一", speaker="男"), cmd(102, ["a", "b"]), *talk("二"), cmd(105, 2, 0), cmd(405, "三")])
    changed = found.write({"message/1": "1\n2\n3\n4\n5", "choice/1/1": "x\ny"})
    assert list(changed.texts()) == list(found.texts())


def test_unknown_escapes_survive(form: Form) -> None:
    found = page(form, talk("\\メニュー\\馬 \\ x"))
    assert found.texts() == {"message/1": "\\メニュー\\馬 \\ x"}
    assert FORMAT.info.markup.codes("\\メニュー\\馬 \\ x\\\\") == ["\\メ", "\\馬", "\\", "\\\\"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("\\V[1]\\n[2]\\P[3]\\G\\C[4]\\I[5]", ["\\V[1]", "\\n[2]", "\\P[3]", "\\G", "\\C[4]", "\\I[5]"]),
        ("\\{\\}\\$\\.\\|\\!\\>\\<\\^", ["\\{", "\\}", "\\$", "\\.", "\\|", "\\!", "\\>", "\\<", "\\^"]),
        ("\\PX[10]\\PY[2]\\FS[24]\\S[3]あ", ["\\PX[10]", "\\PY[2]", "\\FS[24]", "\\S[3]"]),
        ("30\\Gold", ["\\G"]),
        ("\\C[\\V[1]]%1は%2", ["\\C[\\V[1]]", "%1", "%2"]),
        ("<WordWrap>あ<br>い</b>＜う＞", ["<WordWrap>", "<br>", "</b>"]),
        ("はいif(s[1])en(v[3] > 2)", ["if(s[1])", "en(v[3] > 2)"]),
        ("a < b > c [d] {e}", []),
    ],
)
def test_control_codes(text: str, codes: list[str]) -> None:
    assert FORMAT.info.markup.codes(text) == codes


@given(
    sources=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4),
    targets=st.lists(st.text(alphabet=st.characters(exclude_characters="\r\f"), max_size=20), min_size=4, max_size=4),
    chosen=st.sampled_from([editor_form, pretty, windows, other_order]),
)
def test_any_text_is_written_and_read_back(sources: list[str], targets: list[str], chosen: Form) -> None:
    commands = [cmd(102, sources, 1), *(c for s in sources for c in talk(*s.split("\n")))]
    found = page(chosen, commands)
    assert found.document.render({}) == found.blob
    given_targets = dict(zip(found.texts(), targets, strict=False))
    changed = found.write({k: t for k, t in given_targets.items() if "【" not in t and "<" not in t})
    now = changed.texts()
    for key, target in given_targets.items():
        if "【" not in target and "<" not in target and target.strip():
            assert now[key] == target
    json.loads(changed.blob.decode("utf-8-sig"))


def test_a_carriage_return_is_refused_where_there_was_none() -> None:
    with pytest.raises(UnencodableError, match=r"cannot stand"):
        page(editor_form, talk("あ")).write({"message/1": "a\rb"})


def test_a_key_that_is_not_there() -> None:
    with pytest.raises(KeyError):
        page(editor_form, talk("あ")).write({"message/2": "x"})


@pytest.mark.parametrize(
    ("name", "blob", "offset"),
    [
        ("data/Map001.json", b'{"events":[', 11),
        ("data/Map001.json", b"[]", 0),
        ("data/Items.json", b"{}", 0),
        ("data/Items.json", b'[null,{"name":"\xe3\x81\x82"]', 19),
        ("data/Items.json", b'[null,{"name":"\xff"}]', 15),
        ("data/System.json", b"", 0),
        ("data/System.json", b'{"gameTitle":"a"} x', 18),
        ("data/Troops.json", b"[" * 100_000, 1000),
        ("js/plugins.js", b"var $plugins = [{]", 17),
        ("js/plugins.js", b"alert(1)", 0),
        ("js/plugins.js", b"var $plugins = [", 16),
    ],
)
def test_damage_is_a_format_error_with_its_place(name: str, blob: bytes, offset: int) -> None:
    with pytest.raises(FormatError) as caught:
        FORMAT.open(blob, options=FormatOptions(name=PurePosixPath(name)))
    assert caught.value.offset == offset


def test_another_charset_is_refused() -> None:
    with pytest.raises(FormatError, match="UTF-8 only"):
        FORMAT.open(b"[null]", options=FormatOptions(name=PurePosixPath("data/Items.json"), charset="cp932"))


@pytest.mark.parametrize(
    ("name", "head", "confidence"),
    [
        ("data/Map001.json", b'{\n"autoplayBgm":false', Confidence.CERTAIN),
        ("www/data/Map0123.json", b'\xef\xbb\xbf\r\n{ "displayName" : ""', Confidence.CERTAIN),
        ("other/System.json", b'{"gameTitle":""', Confidence.LIKELY),
        ("Items.json", b"[\nnull,\n{", Confidence.CERTAIN),
        ("js/plugins.js", b"// x\nvar $plugins =\n[\n", Confidence.CERTAIN),
        ("js/plugins.js", b"console.log(1)", Confidence.NONE),
        ("data/MapInfos.json", b"[null,{", Confidence.NONE),
        ("data/Tilesets.json", b"[null,{", Confidence.NONE),
        ("data/Animations.json", b"[null,{", Confidence.NONE),
        ("data/Map001.json", b'{"name":"x"}', Confidence.NONE),
        ("data/Items.json", b'[{"id":1}]', Confidence.NONE),
        ("package.json", b'{"name":"x"}', Confidence.NONE),
        ("data/Quests.json", b"[null,{", Confidence.NONE),
        ("tsconfig.json", b"{", Confidence.NONE),
    ],
)
def test_claims_the_engines_own_files_only(name: str, head: bytes, confidence: Confidence) -> None:
    assert FORMAT.sniff(PurePosixPath(name), head) is confidence


@pytest.mark.parametrize("name", ["rpgmaker-mv-parallaxmap", "rpgmaker-mz-mystery-rogue"])
def test_real_games_keep_every_byte(corpus: Callable[[str], Path], name: str) -> None:
    root = corpus(name)
    count = 0
    for path in sorted(root.rglob("*.js*")):
        blob = path.read_bytes()
        inside = PurePosixPath(path.relative_to(root).as_posix())
        if not FORMAT.sniff(inside, blob[:65536]):
            continue
        options = FormatOptions(name=inside)
        document = FORMAT.open(blob, options=options)
        assert document.render({}) == blob, path
        assert bool(document.segments) != bool(document.notices), path
        marked = FORMAT.open(document.render({s.key: f"⟦{s.source}⟧" for s in document.segments}), options=options)
        assert [(s.key, s.source) for s in marked.segments] == [(s.key, f"⟦{s.source}⟧") for s in document.segments]
        assert marked.render({s.key: s.source for s in document.segments}) == blob, path
        count += len(document.segments)
    assert count == {"rpgmaker-mv-parallaxmap": 237, "rpgmaker-mz-mystery-rogue": 618}[name]
