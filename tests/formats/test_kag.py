"""Scenarios of KAG and TyranoScript: what is a text in them, and what is written back."""

import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.document import (
    Confidence,
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.core.markup import Fate
from translator.core.segment import Role, Segment
from translator.formats.kag import FORMAT
from translator.testing.deadline import deadline as ended_within

KAG = {"dialect": "kag"}
TYRANO = {"dialect": "tyrano"}
NO_SETTINGS: dict[str, str] = {}


def opened(
    text: str | bytes, given: Mapping[str, str] = KAG, *, charset: str = "utf-8", target: str | None = None
) -> Document:
    blob = text if isinstance(text, bytes) else text.encode(charset)
    return FORMAT.open(blob, options=FormatOptions(target_language=target, settings=given))


def tyrano(text: str) -> Document:
    return opened(text, TYRANO)


def texts(document: Document, *roles: Role) -> list[str]:
    return [s.source for s in document.segments if not roles or s.role in roles]


def one(document: Document) -> Segment:
    [segment] = document.segments
    return segment


def held(document: Document) -> dict[str, str]:
    assert isinstance(document, HoldsBack)
    return {found.text: found.reason for found in document.held_back()}


class TestMessages:
    def test_end_at_a_click_and_at_a_page_s_end(self) -> None:
        assert texts(opened("朝だ。[l][r]\n夜だ。[p]\n[cm]昼だ。[s]\n")) == ["朝だ。", "夜だ。", "昼だ。"]

    def test_keep_line_breaks_as_line_feeds(self) -> None:
        document = opened("一行目。[r]\n二行目。[r]\n\t三行目。[p]\n")
        assert one(document).source == "一行目。\n二行目。\n三行目。"
        assert not one(document).limits.wrap

    def test_may_be_wrapped_anew_where_the_engine_ignores_their_line_ends(self) -> None:
        document = opened("長い文の前半と、\n後半。[p]\n")
        assert (one(document).source, one(document).limits.wrap) == ("長い文の前半と、\n後半。", True)
        assert document.render({one(document).key: "前后"}).decode() == "前后[p]\n"

    def test_break_at_line_ends_where_the_game_says_so(self) -> None:
        document = opened("一行目\n二行目\\\n三行目[p]\n四行目\n", KAG | {"ignore_cr": "false"})
        assert texts(document) == ["一行目\n二行目\n三行目", "四行目"]
        assert not document.segments[0].limits.wrap

    def test_keep_the_tags_amid_a_line_and_leave_those_around_it(self) -> None:
        document = opened('[voice s=a1]あの[wait time=300]ね[heart]、うん[se s="x"]\n次の文[p]\n')
        assert texts(document) == ["あの[wait time=300]ね[heart]、うん", "次の文"]

    def test_end_at_comments_labels_scripts_and_blank_lines(self) -> None:
        document = opened("一\n; 注\n二\n*a\n三\n[iscript]\nx;\n[endscript]\n四\n\n五")
        assert texts(document) == ["一", "二", "三", "四", "五"]

    def test_keep_a_pair_of_tags_whole(self) -> None:
        document = opened("[傍]強調[/傍]から、[傍]強調[/傍][p]\n[font size=9]全部[resetfont][p]\n")
        assert texts(document) == ["[傍]強調[/傍]から、[傍]強調[/傍]", "全部"]

    def test_hold_doubled_brackets_and_readings_as_codes(self) -> None:
        source = one(opened('[ruby text="かん"]漢字と[[注]][p]\n')).source
        assert source == '[ruby text="かん"]漢字と[[注]]'
        assert FORMAT.info.markup.codes(source) == ["[["]
        assert FORMAT.info.markup.plain(source) == "漢字と注]]"

    def test_have_keys_that_stay_when_others_grow(self) -> None:
        document = opened("*a\n一[l]二[l]\n*b|題\n三[p]\n")
        keys = [s.key for s in document.segments]
        assert keys == ["*a/1", "*a/2", "*b/title/1", "*b/1"]
        longer = opened(document.render({"*a/1": "一、\nそれから\n一"}))
        assert [s.key for s in longer.segments] == keys

    def test_of_one_line_get_breaks_by_tag(self) -> None:
        document = opened("一[l]二[p]")
        assert document.render({"*/2": "三\n四"}).decode() == "一[l]三[r]四[p]"

    def test_spell_further_breaks_as_the_last_one(self) -> None:
        document = opened("一[r]\r\n二[p]\r\n")
        assert document.render({"*/1": "甲\n乙\n丙"}).decode() == "甲[r]\r\n乙[r]\r\n丙[p]\r\n"

    @pytest.mark.parametrize(
        "target",
        [
            "あ[p]い",
            "[iscript]",
            "[x]",
            "あ[閉じない",
            ";注",
            "*札",
            "@tag",
            "【名】言葉",
            "\n先頭",
            "末尾\n",
            "a\rb",
            "a\0b",
            "\tあ",
        ],
    )
    def test_refuse_what_would_be_read_otherwise(self, target: str) -> None:
        document = opened("こんにちは。[p]\n次。[p]\n")
        with pytest.raises(RefusedTargetError, match=re.escape("*/1")):
            document.render({"*/1": target})

    def test_may_start_like_a_comment_where_no_line_starts(self) -> None:
        document = opened("[nm t=太郎]こんにちは。[p]\n")
        assert document.render({"*/1": ";)"}).decode() == "[nm t=太郎];)[p]\n"

    def test_keep_scenes_until_the_story_leads_elsewhere(self) -> None:
        document = opened("*a\n一[p]\n*b\n二[p]\n@jump target=*d\n*c\n三[p]\n[jump target=*a cond=f.x]\n*d\n四[p]\n")
        assert [s.scene for s in document.segments] == ["*", "*", "*c", "*c"]


class TestWords:
    """Tags that stand for words are in the sentence, wherever they stand in it: other languages have another order."""

    @pytest.mark.parametrize("given", [KAG, TYRANO])
    @pytest.mark.parametrize(
        "text",
        [
            '[emb exp="f.n"]さん、おはよう。[p]\n',
            '犯人は[emb exp="f.n"][p]\n',
            '[l]犯人は、[r]\n[emb exp="f.n"][p]\n',
            '[image storage=a][emb exp="f.n"]と[emb exp="f.m"][image storage=b]\n',
            '[font size=9][emb exp="f.n"]、[emb exp="f.m"][resetfont]\n',
            '　[emb exp="f.n"]だ[p]\n',
        ],
    )
    def test_that_are_computed_are_codes_in_it(self, text: str, given: dict[str, str]) -> None:
        document = opened(text, given)
        segment = one(document)
        codes = FORMAT.info.markup.codes(segment.source)
        assert '[emb exp="f.n"]' in codes
        turned = f"⟦{segment.source}⟧"
        assert texts(opened(document.render({segment.key: turned}), given)) == [turned]

    def test_may_go_elsewhere_in_a_translation(self) -> None:
        document = opened('[emb exp="f.n"]さん、おはよう。[p]\n')
        assert document.render({"*/1": '早安，[emb exp="f.n"]。'}).decode() == '早安，[emb exp="f.n"]。[p]\n'

    @pytest.mark.parametrize(
        ("text", "plain", "codes"),
        [
            ('今日も[hch text="１２"]月だ。', "今日も１２月だ。", ['[hch text="', '"]']),
            ('「[ch text="♪"]歌」', "「♪歌」", ['[ch text="', '"]']),
            ("[ruby text='よみ'][ch text='理想郷']こそ", "理想郷こそ", ["[ch text='", "']"]),
            ("これが[ CH text=水の戯れ]だ", "これが水の戯れだ", ["[ CH text=", "]"]),
            ('前[ch text="あ`"い"]後', '前あ`"い後', ['[ch text="', '"]']),
            ('[hch text="12" expand=true]日', "12日", ['[hch text="', '" expand=true]']),
        ],
    )
    def test_that_a_value_shows_are_between_two_codes(self, text: str, plain: str, codes: list[str]) -> None:
        document = opened(f"{text}[p]\n")
        segment = one(document)
        assert (segment.key, segment.source) == ("*/1", text)
        assert FORMAT.info.markup.plain(segment.source) == plain
        assert FORMAT.info.markup.codes(segment.source) == codes
        fates = [piece.rule.fate for piece in FORMAT.info.markup.tokenize(segment.source) if piece.rule]
        assert fates[-2:] == [Fate.OPEN, Fate.CLOSE]
        assert not [text for text in held(document) if text in plain]

    def test_that_a_value_shows_are_translated_in_it(self) -> None:
        document = opened('この[ruby text="アルカディア"][ch text="理想郷"]こそが[p]\n')
        blob = document.render({"*/1": '这[ch text="乐土"]才是'})
        assert blob.decode() == '这[ch text="乐土"]才是[p]\n'
        assert texts(opened(blob)) == ['这[ch text="乐土"]才是']

    def test_without_quotes_get_backquotes_before_their_spaces(self) -> None:
        document = opened("これが[ch text=水の戯れ]だ[p]\n")
        blob = document.render({"*/1": "This is [ch text=Play of Water]."})
        assert blob.decode() == "This is [ch text=Play` of` Water].[p]\n"
        again = opened(blob)
        assert texts(again) == ["This is [ch text=Play of Water]."]
        assert again.render({"*/1": texts(again)[0]}) == blob

    @pytest.mark.parametrize(
        "target", ['[ch text="a"b"]', '[ch text="&f.x"]', '[ch text="a" x=1]', '[hch text="a"]', '[ch text="a]']
    )
    def test_refuse_what_is_another_tag(self, target: str) -> None:
        with pytest.raises(RefusedTargetError):
            opened('「[ch text="♪"]歌」[p]\n').render({"*/1": f"x{target}y"})

    def test_alone_are_texts_of_their_own_or_none(self) -> None:
        document = opened('[ch text="題"][p]\n[emb exp="f.n"][p]\n[link target=*a][ch text="選"][endlink]\n')
        assert [(s.key, s.source) for s in document.segments] == [("*/ch.text/1", "題"), ("*/ch.text/2", "選")]

    def test_that_no_codes_can_enclose_are_texts_of_their_own(self) -> None:
        document = opened('前[ch cond="f.x" text="あ"]後[p]\n@ch text="い"\n')
        assert texts(document) == ["前", "あ", "後", "い"]

    def test_with_brackets_are_a_code_and_held_back(self) -> None:
        document = opened('前[ch text="[あ]"]後[p]\n')
        assert texts(document) == ['前[ch text="[あ]"]後']
        assert held(document) == {"[あ]": "value of a tag"}

    def test_come_after_a_name(self) -> None:
        document = opened('【太郎】[emb exp="f.n"]さん。[p]\n[ns][emb exp="f.n"][nse]はい。[p]\n')
        assert [(s.source, s.speaker) for s in document.segments] == [
            ("太郎", None), ('[emb exp="f.n"]さん。', "太郎"), ("はい。", None),
        ]  # fmt: skip

    def test_leave_what_is_said_dialogue(self) -> None:
        assert one(opened('[emb exp="f.n"]「やあ」[p]\n')).role is Role.DIALOGUE

    def test_may_be_a_game_s_own_tags(self) -> None:
        assert texts(opened("[hero]さん[p]\n", KAG | {"words": "hero"})) == ["[hero]さん"]


class TestNames:
    @pytest.mark.parametrize(
        "line",
        ['[nm t="太郎"]「やあ」[p]', "@nm t=太郎\n「やあ」[p]", "【太郎】\n「やあ」[p]", "【太郎】[r]\n「やあ」[p]",
         "【太郎】「やあ」[p]", "[ns]太郎[nse]「やあ」[p]", "[cn name='太郎']「やあ」[p]",
         "[Talk name=太郎]「やあ」[p]", "【太郎】\n[voice s=1]\n「やあ」[p]"],
    )  # fmt: skip
    def test_are_found_by_the_usual_rules(self, line: str) -> None:
        name, message = opened(line + "\n").segments
        assert (name.source, name.role, name.binding) == ("太郎", Role.NAME, "name")
        assert (message.source, message.role, message.speaker) == ("「やあ」", Role.DIALOGUE, "太郎")

    def test_in_brackets_alone_are_a_message(self) -> None:
        assert [(s.source, s.role) for s in opened("【完】[p]\n物語。[p]\n").segments] == [
            ("【完】", Role.NARRATION),
            ("物語。", Role.NARRATION),
        ]

    def test_hold_until_the_page_ends(self) -> None:
        document = opened("[nm t=太郎]「一。[l]\n二。」[p]\n地の文。[p]\n")
        assert [s.speaker for s in document.segments if s.role is not Role.NAME] == ["太郎", "太郎", None]

    def test_that_are_computed_are_nobody_s(self) -> None:
        document = opened("[nm t=太郎]一[l][nm t=&f.who]二[l][nm t=%who]三[p]\n")
        assert [(s.source, s.speaker) for s in document.segments] == [
            ("太郎", None), ("一", "太郎"), ("二", None), ("三", None),
        ]  # fmt: skip

    def test_follow_a_game_s_own_rules(self) -> None:
        document = opened("[who is=太郎]「やあ」[p]\n[nm t=次郎]\n", KAG | {"names": "who.is\n-nm.t"})
        assert texts(document) == ["太郎", "「やあ」"]

    def test_behind_a_sharp_are_texts_but_not_the_ids_of_characters(self) -> None:
        document = opened(
            "#太郎:笑\nやあ。[p]\n続き。[p]\n#hanako\nはい。[p]\n#\n夜。[p]\n", TYRANO | {"chara.hanako": "花子"}
        )
        assert [(s.source, s.speaker) for s in document.segments] == [
            ("太郎", None), ("やあ。", "太郎"), ("続き。", "太郎"), ("はい。", "花子"), ("夜。", None),
        ]  # fmt: skip
        assert held(document) == {"hanako": "id of a character"}
        assert "#三郎:笑\n" in document.render({"*/name/1": "三郎"}).decode()

    def test_of_characters_without_a_jname_are_ids(self) -> None:
        document = tyrano(
            '[chara_new name="takao" storage="a.png"]\n[chara_new name="ami" jname="&f.n"]\n'
            "#takao\nやあ。[p]\n#ami:笑\nはい。[p]\n#花子\nええ。[p]\n"
        )
        assert [(s.source, s.speaker) for s in document.segments] == [
            ("やあ。", None), ("はい。", None), ("花子", None), ("ええ。", "花子"),
        ]  # fmt: skip
        assert "a jname in its [chara_new] would be one" in held(document)["takao"]

    def test_that_are_computed_are_expressions(self) -> None:
        assert held(tyrano("#&f.n\nやあ。[p]\n")) == {"&f.n": "expression"}

    @pytest.mark.parametrize("target", ["a:b", "a#b", " a", "【a】", "[a]", "&a"])
    def test_behind_a_sharp_refuse_what_would_be_read_otherwise(self, target: str) -> None:
        with pytest.raises(RefusedTargetError):
            tyrano("#太郎\nやあ。[p]\n").render({"*/name/1": target})

    def test_of_tags_that_the_game_s_macros_are_change_the_speaker(self) -> None:
        document = opened("#太郎\n一[p]\n[hana]二[p]\n", TYRANO | {"voices": "hana"})
        assert [s.speaker for s in document.segments if s.role is not Role.NAME] == ["太郎", None]


class TestValues:
    def test_that_are_shown_are_texts(self) -> None:
        document = opened('[glink text="はい" target=*a][ptext text="札" x=1][link hint=説明 target=*b]行く[endlink]\n')
        assert [(s.source, s.role) for s in document.segments] == [
            ("はい", Role.CHOICE), ("札", Role.DESCRIPTION), ("説明", Role.DESCRIPTION), ("行く", Role.CHOICE),
        ]  # fmt: skip

    def test_that_are_expressions_or_arguments_are_none(self) -> None:
        document = opened('[ch text=&f.x][ch text="&f.y"][ch text=%z|なし][ptext text="%w"]\n')
        assert texts(document) == []
        assert held(document) == dict.fromkeys(["f.x", "&f.y", "z|なし", "%w"], "expression")

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('[input name=f.n prompt="名前は？" title="入力"]', ["名前は？", "入力"]),
            ('[rclick name="メニュー"][rclick name=default]', ["メニュー"]),
            ('[tb_ptext_show x="1" text="はじめに" face="serif"]', ["はじめに"]),
            ('[dialog_config gotitle="戻りますか"]', ["戻りますか"]),
            ('[loading_log preload="notext" save="保存中" icon="true"]', ["保存中"]),
            ('[3d_text_new name="t" text="立体"][3d_text_mod name="t" text="文字"]', ["立体", "文字"]),
            ('[text val="文字"]', ["文字"]),
        ],
    )
    def test_of_the_engines_tags_are_texts(self, text: str, expected: list[str]) -> None:
        assert texts(opened(f"{text}\n")) == texts(tyrano(f"{text}\n")) == expected

    @pytest.mark.parametrize(
        ("target", "spelled"), [("赤 い", "`赤` い"), ("&x", "`&x"), ('"', '`"'), ("`", "``"), ("⟦裸⟧", "`⟦裸⟧")]
    )
    def test_keep_the_backquote_that_they_start_with(self, target: str, spelled: str) -> None:
        text = "[ch text=`裸][p]\n"
        document = opened(text)
        assert texts(document) == ["裸"]
        blob = document.render({"*/ch.text/1": target})
        assert blob.decode() == text.replace("`裸", spelled)
        assert texts(opened(blob)) == [target]

    @pytest.mark.parametrize(
        ("quoted", "target", "spelled"),
        [
            ('"はい"', 'say "yes" `now`', '"say `"yes`" ``now``"'),
            ("'はい'", "it's", "'it`'s'"),
            ("はい", "Yes, I do]", "Yes,` I` do`]"),
            ('"はい"', "&x", '"`&x"'),
            ('"はい"', "%x", '"`%x"'),
        ],
    )
    def test_of_kag_are_escaped_by_backquotes(self, quoted: str, target: str, spelled: str) -> None:
        document = opened(f"[glink text={quoted} target=*a]\n")
        blob = document.render({"*/glink.text/1": target})
        assert blob.decode() == f"[glink text={spelled} target=*a]\n"
        assert texts(opened(blob)) == [target]

    @pytest.mark.parametrize("target", ['say "yes"', "back\\slash", "&x", " x", "two\nlines"])
    def test_of_tyranoscript_refuse_what_it_cannot_spell(self, target: str) -> None:
        with pytest.raises(RefusedTargetError):
            tyrano('[glink text="はい"]\n').render({"*/glink.text/1": target})

    def test_of_tyranoscript_without_quotes_get_escaped_spaces(self) -> None:
        blob = tyrano("[glink text=はい target=*a]\n").render({"*/glink.text/1": "Yes I do"})
        assert blob.decode() == "[glink text=Yes\\ I\\ do target=*a]\n"
        assert texts(opened(blob, TYRANO)) == ["Yes I do"]

    def test_follow_a_game_s_own_rules(self) -> None:
        given = KAG | {"texts": "balloon.say\n-title.name", "choices": "answer.text"}
        document = opened("[balloon say=泡][answer text=答][title name=題]\n", given)
        assert [(s.source, s.role) for s in document.segments] == [("泡", Role.DESCRIPTION), ("答", Role.CHOICE)]


class TestTitles:
    def test_of_labels_are_texts_and_labels_are_none(self) -> None:
        document = opened("*a|第一章\n*b\n*|第二章\n*c|&f.title\n")
        assert texts(document) == ["第一章", "第二章"]
        assert set(held(document)) == {"*a", "*b", "*", "*c"}
        assert document.render({"*a/title/1": "第1章"}).decode() == "*a|第1章\n*b\n*|第二章\n*c|&f.title\n"

    def test_do_not_become_expressions(self) -> None:
        with pytest.raises(RefusedTargetError):
            opened("*a|題\n").render({"*a/title/1": "&x"})


class TestScripts:
    @pytest.mark.parametrize(
        "tags", [("[iscript]", "[endscript]"), ("@iscript", "@endscript"), ("[iscript]\\", "[endscript]\\")]
    )
    def test_are_left_alone(self, tags: tuple[str, str]) -> None:
        begin, end = tags
        document = opened(f'{begin}\nvar a = "文字";\n*題|題\n@nm t=名\n{end}\n文[p]\n')
        assert texts(document) == ["文"]
        assert held(document) == {"文字": "string in a script"}

    def test_of_tyranoscript_reach_to_the_line_that_ends_them(self) -> None:
        document = tyrano('本文[iscript]\n#名\nx = "字"\n[endscript]続き[p]\n@iscript\n文\n[endscript]\n')
        assert texts(document) == ["本文", "続き"]

    def test_macros_and_html_are_left_alone(self) -> None:
        document = opened("[macro name=m]はい[nm t=太郎][endmacro]\n@macro name=n\nいいえ\n@endmacro\n文[p]\n")
        assert texts(document) == ["文"]
        assert held(document)["はい"] == "text in a macro"
        assert texts(tyrano("[html]\n<p>字</p>\n[endhtml]\n文[p]\n")) == ["文"]

    def test_that_never_end_hold_all_that_follows(self) -> None:
        assert texts(opened("一[p]\n[iscript]\n二\n")) == ["一"]
        assert texts(opened("一[p]\n@macro name=a\n二\n")) == ["一"]


class TestUnbalanced:
    """A tag, a quote or a bracket that nothing ends on its line: the rest of that line is no text, and stays."""

    @pytest.mark.parametrize(
        "tag", ['[ch text="い]', "[ch text='い]", "[ch text=`]", "[ch", "[", "[ch text=い", "[]", '[ch text="い"']
    )
    @pytest.mark.parametrize("dialect", ["kag", "tyrano"])
    def test_stays_as_it_is(self, tag: str, dialect: str) -> None:
        text = f"前{tag}\n後[p]\n"
        document = opened(text, {"dialect": dialect})
        assert texts(document)[0].startswith("前")
        assert texts(document)[-1] == "後"
        assert document.render({}) == text.encode()
        last = document.segments[-1].key
        assert document.render({last: "后"}).decode() == f"前{tag}\n后[p]\n"

    def test_tag_of_a_line_stays_too(self) -> None:
        text = '@nm t="太郎\n文[p]\n@\n@ \n'
        document = opened(text)
        assert document.render({}) == text.encode()
        assert texts(document)[-1] == "文"


class TestTyrano:
    def test_comments_are_none_whatever_they_look_like(self) -> None:
        assert texts(tyrano("/*\n#名\n文[p]\n*/\n文\n;注\n")) == ["文"]

    def test_keeps_escapes_indents_and_underscores(self) -> None:
        text = "  \\[括弧\\]だ。[r]  \n_　次。  [p]\n"
        document = tyrano(text)
        assert one(document).source == "\\[括弧\\]だ。\n　次。  "
        assert document.render({"*/1": "甲\n乙"}).decode() == "  甲[r]  \n_乙[p]\n"

    def test_counts_brackets_inside_of_tags(self) -> None:
        assert texts(tyrano("[eval exp=\"f.a = ['あ', ']']\"]文[emb exp=f.a[0]]字[p]\n")) == ["文[emb exp=f.a[0]]字"]

    def test_is_utf_8_and_nothing_else(self) -> None:
        with pytest.raises(FormatError, match="UTF-8 only"):
            opened("#あかね\nこんにちは、元気でしたか。[p]\n", TYRANO, charset="cp932")
        with pytest.raises(FormatError, match="UTF-8 only"):
            FORMAT.open("文[p]\n".encode(), options=FormatOptions(settings=TYRANO, output_charset="cp932"))

    def test_is_told_from_kag_by_what_is_in_it(self) -> None:
        assert texts(opened("#太郎\nやあ。[p]\n", NO_SETTINGS)) == ["太郎", "やあ。"]
        assert texts(opened("[nm t=太郎]#1[p]\n", NO_SETTINGS)) == ["太郎", "#1"]
        with pytest.raises(RefusedTargetError, match="look like TyranoScript"):
            opened("一番[p]\n", NO_SETTINGS).render({"*/1": "#1"})


class TestCharset:
    TEXT = "*a|題\r\n「こんにちは、世界」[p]\r\n"

    def test_stays_where_it_has_the_language(self) -> None:
        document = opened(self.TEXT, charset="cp932", target="en")
        assert (document.charset, document.notices) == ("cp932", ())
        assert document.render({"*a/1": "Hello"}) == self.TEXT.replace("「こんにちは、世界」", "Hello").encode("cp932")

    def test_becomes_utf_16_with_a_mark_and_says_so(self) -> None:
        document = opened(self.TEXT, charset="cp932", target="zh-CN")
        assert document.charset == "utf-16-le"
        assert "UTF-16LE" in document.notices[0]
        assert document.render({"*a/1": "你们好"}) == self.TEXT.replace("「こんにちは、世界」", "你们好").encode(
            "utf-16"
        )
        assert document.render({}) == self.TEXT.encode("cp932")

    def test_of_plain_ascii_is_none_that_the_engine_can_tell(self) -> None:
        document = opened(b"*a\nHello there.[p]\n", target="ja")
        assert document.render({"*a/1": "やあ"}) == "*a\nやあ[p]\n".encode("utf-16")

    def test_that_a_user_names_wins(self) -> None:
        given = FormatOptions(settings=KAG, target_language="zh-CN", output_charset="gb18030")
        document = FORMAT.open(self.TEXT.encode("cp932"), options=given)
        assert document.render({"*a/1": "你们"}) == self.TEXT.replace("「こんにちは、世界」", "你们").encode("gb18030")

    def test_without_a_place_for_a_character_says_so(self) -> None:
        with pytest.raises(UnencodableError) as caught:
            opened(self.TEXT, charset="cp932").render({"*a/1": "你们"})
        assert (caught.value.key, caught.value.character) == ("*a/1", "你")


def scrambled(text: str, mode: int) -> bytes:
    body = text.encode("utf-16-le")
    units = struct.unpack(f"<{len(body) // 2}H", body)
    if mode == 2:
        packed = zlib.compress(body)
        return b"\xfe\xfe\x02\xff\xfe" + struct.pack("<QQ", len(packed), len(body)) + packed
    done = [
        (u ^ ((u & 0xFE) << 8) ^ 1 if u >= 0x20 else u) if mode == 0 else (u & 0xAAAA) >> 1 | (u & 0x5555) << 1
        for u in units
    ]
    return bytes([0xFE, 0xFE, mode, 0xFF, 0xFE]) + struct.pack(f"<{len(done)}H", *done)


class TestScrambled:
    TEXT = "*a|題\r\n「秘密」[p]\r\n"

    @pytest.mark.parametrize("mode", [0, 1, 2])
    def test_is_read_and_written_plain(self, mode: int) -> None:
        blob = scrambled(self.TEXT, mode)
        assert FORMAT.sniff(PurePath("a.ks"), blob) is Confidence.CERTAIN
        document = opened(blob)
        assert texts(document) == ["題", "「秘密」"]
        assert "plain UTF-16LE" in document.notices[0]
        assert document.render({}) == blob
        assert document.render({"*a/1": "「秘訣」"}) == self.TEXT.replace("秘密", "秘訣").encode("utf-16")

    @pytest.mark.parametrize(
        "blob",
        [b"\xfe\xfe", b"\xfe\xfe\x01\xff", b"\xfe\xfe\x07\xff\xfeab", b"\xfe\xfe\x00\xff\xfeabc",
         b"\xfe\xfe\x02\xff\xfe12",
         b"\xfe\xfe\x02\xff\xfe" + struct.pack("<QQ", 2**63, 2**63) + b"x",
         b"\xfe\xfe\x02\xff\xfe" + struct.pack("<QQ", 4, 2**40) + b"abcd",
         b"\xfe\xfe\x02\xff\xfe" + struct.pack("<QQ", 4, 10) + b"abcd"],
    )  # fmt: skip
    def test_that_is_damaged_is_an_error_with_its_place(self, blob: bytes) -> None:
        with pytest.raises(FormatError) as caught:
            opened(blob)
        assert caught.value.offset is not None

    def test_that_says_another_size_than_it_has_is_an_error(self) -> None:
        blob = bytearray(scrambled(self.TEXT, 2))
        blob[13] += 1
        with pytest.raises(FormatError):
            opened(bytes(blob))


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("a.ks", b"[cm]\n", Confidence.CERTAIN),
        ("a.KS", "*a\n".encode("utf-16"), Confidence.CERTAIN),
        ("a.ks", "ただの文。これは文章です。\n".encode(), Confidence.MAYBE),
        ("a.ks", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", Confidence.NONE),
        ("a.tjs", b"[cm]\n", Confidence.NONE),
    ],
)
def test_a_file_is_known_by_its_name_and_beginning(name: str, head: bytes, sure: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is sure


def test_unknown_keys_are_refused() -> None:
    with pytest.raises(KeyError):
        opened("文[p]\n").render({"*/2": "x"})


PARTS = st.sampled_from(
    ["[ch text='字']", "[ch text=字]", "[emb exp=f.n]",
     "文", "「", "」", "[p]", "[l]", "[r]", "[r]\n", "\n", "\r\n", "\n\n", "[nm t=名]", "【名】", "#名", "*札", "|題",
     "@tag a=b", ";", "[[", "[", "]", '"', "'", "`", "\\", "_", "　", " ", "\t", "[iscript]\n", "[endscript]\n",
     "[macro name=m]", "[endmacro]", "/*\n", "*/\n", "[ruby text=あ]", "[font a=1]", "[resetfont]", "[x]", "[/x]",
     "[link target=a]", "[endlink]", "[glink text='選']", "[ch text=&f]", "[ns]", "[nse]", "=", "&", "%", "a"]
)  # fmt: skip


def comes_back_and_takes_marks(parts: list[str], dialect: str, *, cr: bool) -> None:
    given = {"dialect": dialect, "ignore_cr": str(cr).lower(), "breaks": "x"}
    blob = ("。" * 20 + "\n" + "".join(parts)).encode()
    document = FORMAT.open(blob, options=FormatOptions(charset="utf-8", settings=given))
    assert document.render({}) == blob
    assert document.render({s.key: s.source for s in document.segments}) == blob
    assert isinstance(document, HoldsBack)
    list(document.held_back())
    marked = document.render({s.key: f"⟦{s.source}⟧" for s in document.segments})
    again = FORMAT.open(marked, options=FormatOptions(charset="utf-8", settings=given))
    assert [(s.key, s.source) for s in again.segments] == [(s.key, f"⟦{s.source}⟧") for s in document.segments]
    assert again.render({s.key: s.source for s in document.segments}) == blob


@settings(max_examples=500, deadline=None)
@given(parts=st.lists(PARTS, max_size=30), dialect=st.sampled_from(["kag", "tyrano"]), cr=st.booleans())
def test_any_scenario_comes_back_and_takes_marks(parts: list[str], dialect: str, cr: bool) -> None:  # noqa: FBT001
    comes_back_and_takes_marks(parts, dialect, cr=cr)


@pytest.mark.parametrize(
    ("parts", "dialect"),
    [
        (["\\"], "kag"), (["\\"], "tyrano"), (["[ns]", "文", "\\"], "tyrano"), (["[ns]", "]"], "kag"),
        (["[x]", "【名】", "【名】", "文"], "kag"), (["[p]", "[ruby text=あ]", "[p]", "文"], "kag"),
        (["[p]", "[ruby text=あ]", "【名】"], "kag"), (["[endscript]\n", "[ruby text=あ]", "[r]", "文"], "kag"),
        (["[endscript]\n", "　", "[ruby text=あ]", "文"], "kag"), (["[endscript]\n", "【名】", "[ns]", "文"], "kag"),
        (["[p]", "[ruby text=あ]", "[macro name=m]", "[endmacro]", "文"], "kag"),
        (["[x]", "[ruby text=あ]", "【名】", "[ruby text=あ]", "文"], "kag"), (["[ch text=&f]", "　"], "kag"),
    ],
)  # fmt: skip
def test_what_once_did_not_come_back_does(parts: list[str], dialect: str) -> None:
    for cr in (False, True):
        comes_back_and_takes_marks(parts, dialect, cr=cr)


@settings(max_examples=200, deadline=None)
@given(target=st.text(max_size=20), dialect=st.sampled_from(["kag", "tyrano"]))
def test_any_target_is_read_back_or_refused(target: str, dialect: str) -> None:
    text = "*a|題\n[nm t=\"名\"]文[r]\n次[p]\n【声】\n「やあ」[p]\n[glink text=選][glink text='択']\n"
    options = FormatOptions(charset="utf-8", settings={"dialect": dialect})
    document = FORMAT.open(text.encode(), options=options)
    for segment in document.segments:
        try:
            blob = document.render({segment.key: target})
        except (RefusedTargetError, UnencodableError):
            continue
        again = {s.key: s.source for s in FORMAT.open(blob, options=options).segments}
        assert again == {s.key: s.source for s in document.segments} | {segment.key: target}


@settings(max_examples=200, deadline=None)
@given(blob=st.binary(max_size=200))
def test_any_bytes_are_read_or_are_an_error(blob: bytes) -> None:
    try:
        document = FORMAT.open(blob, options=FormatOptions())
    except FormatError:
        return
    assert document.render({}) == blob


@pytest.mark.parametrize(
    "piece",
    [
        '[ch text="a"]',
        "[ch text=a]",
        '[ch text="',
        '"]',
        "[ch text=",
        "[",
        "[[",
        "[a ",
        "[a=",
        "[a='",
        "【",
        "[r]",
        "[ruby text=a]x",
        "\n",
        "\\",
        "[x]字",
        "#a\n",
        "*a\n",
    ],
)
@pytest.mark.parametrize("dialect", ["kag", "tyrano"])
def test_time_is_linear(piece: str, dialect: str) -> None:
    text = piece * 20_000
    document = opened("字" + text, {"dialect": dialect})
    assert document.render({}) == ("字" + text).encode()


@pytest.mark.parametrize("start", ["これは日本語の文だ。", ""])
@pytest.mark.parametrize("given", [KAG, KAG | {"ignore_cr": "false"}, TYRANO])
@pytest.mark.parametrize("piece", ["[r]\n", "\n", "[font size=1]\n", "[font]", "*a\n"])
def test_a_long_message_takes_no_square_of_its_length(piece: str, given: dict[str, str], start: str) -> None:
    text = f"*a\n{start}{piece * 20_000}\nこれは日本語の文だ。"
    with ended_within(20.0):  # with the square of its length it takes minutes
        document = FORMAT.open(text.encode(), options=FormatOptions(charset="utf-8", settings=given))
    assert any("日本語の文" in segment.source for segment in document.segments)


@pytest.mark.parametrize("given", [KAG, TYRANO])
def test_a_tag_that_does_not_end_is_held_back_and_told_with_its_place(given: dict[str, str]) -> None:
    document = opened('*a\n[ch text="閉じ]\nこんにちは[l]\n', given)
    assert texts(document) == ["こんにちは"]
    assert held(document)['[ch text="閉じ]'] == "a tag without its end"
    (notice,) = document.notices
    assert "line 2 (byte 3)" in notice
    assert "a tag does not end" in notice
