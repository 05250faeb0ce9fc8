from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import Fate, MarkupRule, MarkupSyntax, Rewrite
from translator.core.segment import Limits, Role
from translator.core.work import Unit
from translator.engine.desk import Desk
from translator.engine.prepare import prepare, rescued, restore, translatable
from translator.profiles import all_profiles
from translator.profiles.profile import CodeStyle

PROFILES = all_profiles(Path("/nonexistent"))
MV = MarkupSyntax(
    (
        MarkupRule(r"\\[A-Za-z]+(?:\[\d+\])?"),
        MarkupRule(r"\\[^\s\\]|\\"),
        MarkupRule(r"%\d+"),
        MarkupRule(r"<b>", Fate.OPEN),
        MarkupRule(r"</b>", Fate.CLOSE),
        MarkupRule(r"<i>", Fate.OPEN),
        MarkupRule(r"</i>", Fate.CLOSE),
        MarkupRule(r"《[^》]+》", Fate.DROP),
        MarkupRule(r"◆", cells=2),
    )
)
WRAPPED = Limits(columns=55, lines=4, wrap=True)


def desk(profile: str = "sakura-v1.0", target: str = "zh-CN", markup: MarkupSyntax = MV) -> Desk:
    return Desk(PROFILES[profile], language("ja"), language(target), "model", 2048, {"mv": markup})


def unit(text: str, *, limits: Limits | None = None, speaker: str | None = None) -> Unit:
    made = Unit(0, text, Role.DIALOGUE, "scene", "mv", speaker=speaker)
    return made if limits is None else replace(made, limits=limits)


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("こんにちは", "ja", True),
        ("魔王", "ja", True),
        ("カナ", "ja", True),
        ("ｶﾅ", "ja", True),
        ("\\C[2]\\V[3]", "ja", False),
        ("HP 100", "ja", False),
        ("……！？", "ja", False),
        ("", "ja", False),
        ("《よみ》", "ja", False),
        ("HP 100", "en", True),
        ("100 %1", "en", False),
        ("你好", "zh-CN", True),
        ("hello", "ko", False),
        ("안녕", "ko", True),
        ("Привет", "ru", True),
    ],
)
def test_there_is_something_to_translate_where_letters_of_the_language_stand_outside_of_markup(
    text: str, code: str, *, expected: bool
) -> None:
    assert translatable(text, MV, language(code)) is expected


def test_of_an_unknown_language_any_letter_counts() -> None:
    assert translatable("ж", MV, None)
    assert not translatable("12 \\C[1]", MV, None)


@pytest.mark.parametrize(
    ("source", "sent", "answer", "target"),
    [
        ("こんにちは", ["こんにちは"], ["你好"], "你好"),
        ("\u3000「うん」\u3000", ["「うん」"], ["“嗯”"], "\u3000“嗯”\u3000"),
        ("\\C[2]魔王\\C[0]", ["魔王"], ["魔王"], "\\C[2]魔王\\C[0]"),
        ("\\C[2]魔王\\C[0]だ！\\!", ["\\C[2]魔王\\C[0]だ！"], ["是\\C[2]魔王\\C[0]！"], "是\\C[2]魔王\\C[0]！\\!"),
        ("\\N[1]は死んだ\\.", ["\\N[1]は死んだ"], ["\\N[1]死了"], "\\N[1]死了\\."),
        ("%1は倒れた！", ["%1は倒れた！"], ["%1倒下了！"], "%1倒下了！"),
        ("◆注意", ["◆注意"], ["◆注意"], "◆注意"),
        ("<b>大事</b>", ["大事"], ["重要"], "<b>重要</b>"),
        ("<b>大事</b>な話", ["<b>大事</b>な話"], ["<b>重要</b>的事"], "<b>重要</b>的事"),
        ("\\!<b>大事</b>な話", ["<b>大事</b>な話"], ["<b>重要</b>的事"], "\\!<b>重要</b>的事"),
        ("東京《とうきょう》へ", ["東京へ"], ["去东京"], "去东京"),
        ("一行目\n\n二行目", ["一行目", "二行目"], ["第一行", "第二行"], "第一行\n\n第二行"),
        ("一行目\n\\!\\.\n二行目\n", ["一行目", "二行目"], ["第一行", "第二行"], "第一行\n\\!\\.\n第二行\n"),
        ("HP\n体力", ["体力"], ["体力值"], "HP\n体力值"),
        ("２０枚と5枚", ["20枚と5枚"], ["20枚和5枚"], "２０枚和5枚"),
        ("第１章", ["第1章"], ["第一章"], "第一章"),
        ("\\{大きい\\}", ["大きい"], ["大"], "\\{大\\}"),
        ("\\{大きい\\}声だ", ["\\{大きい\\}声だ"], ["好\\{大\\}的声音"], "好\\{大\\}的声音"),
        ("これは\\{大きい\\}", ["これは\\{大きい\\}"], ["这\\{好大\\}"], "这\\{好大\\}"),
        ("\\!\\{大\\C[2]声\\C[0]だ\\}", ["大\\C[2]声\\C[0]だ"], ["大\\C[2]声\\C[0]"], "\\!\\{大\\C[2]声\\C[0]\\}"),
        ("\\C[2]\\{大\\C[0]小\\}", ["\\C[2]\\{大\\C[0]小\\}"], ["\\C[2]\\{大\\C[0]小\\}"], "\\C[2]\\{大\\C[0]小\\}"),
        ("\\>速い\\<声だ", ["\\>速い\\<声だ"], ["\\>快\\<的声音"], "\\>快\\<的声音"),
    ],
)
def test_what_a_model_need_not_see_is_taken_off_and_put_back(
    source: str, sent: list[str], answer: list[str], target: str
) -> None:
    prepared = prepare(unit(source), desk())
    assert list(prepared.lines) == sent
    restored = restore(prepared, answer, desk())
    assert restored.target == target
    assert restored.findings == ()


def test_a_text_without_anything_to_translate_has_no_lines_and_stays() -> None:
    prepared = prepare(unit("\\C[2]HP \\V[1]\n……"), desk())
    assert prepared.lines == ()
    assert restore(prepared, [], desk()).target == "\\C[2]HP \\V[1]\n……"


def test_wrapped_lines_are_sent_as_one() -> None:
    source = "昔々あるところに、おじいさんと\n\u3000おばあさんが住んでいました。"
    wrapped = prepare(unit(source, limits=WRAPPED), desk())
    assert wrapped.lines == ("昔々あるところに、おじいさんとおばあさんが住んでいました。",)
    assert len(prepare(unit(source), desk()).lines) == 2


@pytest.mark.parametrize(
    ("answer", "target"),
    [
        ("等级10，10次", "等级１０，10次"),
        ("等级10，10次，10个", "等级10，10次，10个"),
        ("等级10", "等级10"),
        ("等级十，10次", "等级十，10次"),
    ],
)
def test_a_number_in_two_widths_gets_them_in_order_where_it_comes_as_often_as_in_the_source(
    answer: str, target: str
) -> None:
    where = desk()
    prepared = prepare(unit("レベル１０で10回"), where)
    assert prepared.lines == ("レベル10で10回",)
    assert restore(prepared, [answer], where).target == target


def test_each_number_gets_its_widths_whatever_becomes_of_the_others() -> None:
    where = desk()
    prepared = prepare(unit("１０個と10個と\\C[2]５個\\C[0]を"), where)
    assert restore(prepared, ["10个和10个和\\C[2]五个\\C[0]"], where).target == "１０个和10个和\\C[2]五个\\C[0]"


def test_digits_in_codes_and_for_latin_targets_are_left_alone() -> None:
    where = desk("completion", "en")
    prepared = prepare(unit("３人の\\V[2]の仲間"), where)
    assert prepared.lines == ("3人の\\V[2]の仲間",)
    assert restore(prepared, ["3 friends of \\V[2]"], where).target == "3 friends of \\V[2]"


def test_a_model_that_cannot_copy_codes_gets_what_stands_between_them() -> None:
    where = desk("completion", "en")
    prepared = prepare(unit("\\C[2]魔王\\C[0]が来た。\\.\\.%1を守れ！\n\\!……\\!"), where)
    assert prepared.lines == ("魔王", "が来た。", "%1を守れ！")
    restored = restore(prepared, ["Demon King", "came.", "Save %1!"], where)
    assert restored.target == "\\C[2]Demon King\\C[0] came.\\.\\. Save %1!\n\\!……\\!"
    assert restored.findings == ()


def test_rewrites_are_made_before_anything_is_looked_at() -> None:
    markup = MarkupSyntax((MarkupRule(r"\\C\[\d+\]"),), (Rewrite("＼", r"\\"),))
    assert prepare(unit("＼C[2]魔王だ"), desk(markup=markup)).lines == ("魔王だ",)


def test_a_long_paragraph_goes_in_parts_of_whole_sentences_and_comes_back_as_one() -> None:
    sentence = "彼女は何も言わずに部屋を出て行った。"
    where = desk()
    prepared = prepare(unit("\u3000" + sentence * 40), where)
    limit = where.profile.budget.line_characters
    assert len(prepared.lines) > 1
    assert all(len(line) <= limit and line.endswith("。") for line in prepared.lines)
    assert "".join(prepared.lines) == sentence * 40
    answer = [f"第{number}部分。" for number in range(len(prepared.lines))]
    assert restore(prepared, answer, where).target == "\u3000" + "".join(answer)


def test_the_parts_of_a_long_paragraph_are_spaced_in_a_spaced_language() -> None:
    where = desk("chat", "en")
    prepared = prepare(unit("彼女は何も言わずに部屋を出て行った。" * 60), where)
    answer = ["She left."] * len(prepared.lines)
    assert restore(prepared, answer, where).target == " ".join(answer)


@pytest.mark.parametrize(
    "answer",
    ["给你\\C[2]铁剑\\c[0]吧", "给你＼Ｃ［2］铁剑\\C[0]吧", "给你\\ C[2]铁剑￥C[ 0 ]吧", "给你\\C【２】铁剑\\C[0]吧"],
)
def test_small_slips_in_the_spelling_of_codes_are_mended(answer: str) -> None:
    where = desk()
    prepared = prepare(unit("君に\\C[2]鉄の剣\\C[0]をやろう"), where)
    restored = restore(prepared, [answer], where)
    assert restored.target == "给你\\C[2]铁剑\\C[0]吧"
    assert restored.findings == ()


@pytest.mark.parametrize(
    ("source", "answer", "told"),
    [
        ("君に\\C[2]剣\\C[0]をやろう", "给你\\C[2]剑吧", "lost \\C[0]"),
        ("君に\\C[2]剣\\C[0]をやろう", "给你剑吧", "lost \\C[2], \\C[0]"),
        ("君に剣をやろう", "给你\\C[2]剑吧", "added \\C[2]"),
        ("君に\\C[2]剣\\C[0]をやろう", "给你\\C[3]剑\\C[0]吧", "lost \\C[2] and added \\C[3]"),
        ("この<b>剣</b>だ", "这</b>剑<b>", "wrong order: <b></b>"),
        ("<i>この<b>剣</b></i>だ", "<i>这<b>剑</i></b>", "wrong order"),
    ],
)
def test_codes_that_are_lost_added_or_crossed_are_an_error(source: str, answer: str, told: str) -> None:
    where = desk()
    (finding,) = restore(prepare(unit(source), where), [answer], where).findings
    assert finding.code == "markup"
    assert finding.severity is Severity.ERROR
    assert told in finding.message


@pytest.mark.parametrize("answer", ["给你\\C[剑2]吧", "给你\\C 剑[2]吧", "给你\\C[2剑]吧"])
def test_a_split_code_is_an_error(answer: str) -> None:
    where = desk()
    findings = restore(prepare(unit("君に\\C[2]剣をやろう"), where), [answer], where).findings
    assert ("markup", Severity.ERROR) in {(finding.code, finding.severity) for finding in findings}


def test_the_last_resort_puts_codes_back_and_says_so() -> None:
    where = desk()
    ready = prepare(unit("\\C[1]君に\\C[2]剣\\C[0]をやろう\\!"), where)
    lost = restore(ready, ["给你剑吧"], where)
    saved = rescued(lost, ready, where)
    assert MV.codes(saved.target) == ["\\C[1]", "\\C[2]", "\\C[0]", "\\!"]
    [finding] = saved.findings
    assert (finding.code, finding.severity) == ("markup", Severity.WARNING)
    assert "lost" in finding.message
    good = restore(ready, ready.lines, where)
    assert rescued(good, ready, where) is good


def test_the_last_resort_leaves_other_errors() -> None:
    where = desk()
    ready = prepare(unit("君に\\C[2]剣\\C[0]を\nやろう"), where)
    saved = rescued(restore(ready, ["给你剑", " "], where), ready, where)
    assert [f.code for f in saved.findings if f.severity is Severity.ERROR] == ["empty"]


def test_a_slip_that_could_be_two_codes_is_not_mended() -> None:
    where = desk()
    prepared = prepare(unit("赤\\c[1]青\\C[1]緑"), where)
    assert [f.code for f in restore(prepared, ["红\\Ｃ[1]蓝\\C[1]绿"], where).findings] == ["markup"]


def test_stand_ins_hide_codes_from_a_profile_that_wants_them() -> None:
    where = desk()
    where = replace(where, profile=replace(where.profile, codes=CodeStyle.STANDIN))
    prepared = prepare(unit("君に\\C[2]剣\\C[0]をやろう"), where)
    assert prepared.lines == ("君に⟦1⟧剣⟦2⟧をやろう",)
    assert restore(prepared, ["给你⟦1⟧剑[2]吧"], where).target == "给你\\C[2]剑\\C[0]吧"
    assert [f.code for f in restore(prepared, ["给你⟦1⟧剑吧"], where).findings] == ["markup"]


@pytest.mark.parametrize(
    ("spelling", "sent", "answer"),
    [
        ("⟦{}⟧", "君に⟦1⟧剣⟦2⟧をやろう", "给你〚1〛剑【 ２ 】吧"),
        ("<{}>", "君に<1>剣<2>をやろう", "给你＜1＞剑< 2 >吧"),
        ("@{}@", "君に@1@剣@2@をやろう", "给你＠1＠剑@2@吧"),
        ("{{}}", "君に{1}剣{2}をやろう", "给你｛1｝剑{2}吧"),
    ],
)
def test_a_profile_spells_its_stand_ins(spelling: str, sent: str, answer: str) -> None:
    where = desk()
    where = replace(where, profile=replace(where.profile, codes=CodeStyle.STANDIN, standin=spelling))
    prepared = prepare(unit("君に\\C[2]剣\\C[0]をやろう"), where)
    assert prepared.lines == (sent,)
    assert restore(prepared, [answer], where).target == "给你\\C[2]剑\\C[0]吧"


def test_a_stand_in_that_stands_for_nothing_is_left_out_as_an_error() -> None:
    where = desk()
    where = replace(where, profile=replace(where.profile, codes=CodeStyle.STANDIN))
    restored = restore(prepare(unit("君に\\C[2]剣\\C[0]をやろう"), where), ["给你⟦1⟧剑⟦2⟧吧⟦3⟧"], where)
    assert restored.target == "给你\\C[2]剑\\C[0]吧"
    assert [f.message for f in restored.findings] == ["markup added ⟦3⟧"]
    assert [f.code for f in restore(prepare(unit("剣だ"), where), ["剑⟦1⟧"], where).findings] == ["markup"]
    assert restore(prepare(unit("[1]だ"), where), ["是[1]"], where).target == "是[1]"


def test_what_stands_for_a_word_can_be_a_stand_in_where_all_else_stands_apart() -> None:
    where = desk("completion", "en")
    where = replace(where, profile=replace(where.profile, codes=CodeStyle.APART_STANDIN))
    prepared = prepare(unit("\\C[2]魔王\\C[0]が来た。\\.%1を守れ！"), where)
    assert prepared.lines == ("魔王", "が来た。", "⟦1⟧を守れ！")
    restored = restore(prepared, ["Demon King", "came.", "Save ⟦1⟧!"], where)
    assert restored.target == "\\C[2]Demon King\\C[0] came.\\. Save %1!"
    assert restored.findings == ()


def test_a_text_that_looks_like_a_stand_in_keeps_its_codes() -> None:
    where = desk()
    where = replace(where, profile=replace(where.profile, codes=CodeStyle.STANDIN))
    assert prepare(unit("【1】の\\C[2]剣\\C[0]だ"), where).lines == ("【1】の\\C[2]剣\\C[0]だ",)


def test_a_line_that_comes_back_without_text_is_an_error() -> None:
    where = desk()
    restored = restore(prepare(unit("一\n二"), where), ["一", " "], where)
    assert [f.code for f in restored.findings] == ["empty"]


def test_as_many_lines_as_were_sent_are_needed() -> None:
    with pytest.raises(ValueError, match="1 lines for a text of 2"):
        restore(prepare(unit("一\n二"), desk()), ["一"], desk())


def test_traditional_chinese_is_made_by_conversion_outside_of_codes() -> None:
    where = desk(target="zh-TW", markup=MarkupSyntax((MarkupRule(r"\[[^\]]*\]"),)))
    prepared = prepare(unit("この[鼠标里]マウスを"), where)
    assert restore(prepared, ["这个[鼠标里]鼠标里面"], where).target == "這個[鼠标里]滑鼠裡面"


@pytest.mark.parametrize(
    ("text", "sent", "answer", "target"),
    [
        ("行こう", "アリス「行こう」", "爱丽丝「走吧」", "走吧"),
        ("行こう", "アリス「行こう」", "爱丽丝“走吧”", "走吧"),
        ("「行こう」", "アリス「行こう」", "爱丽丝「走吧」", "「走吧」"),
        ("「行こう」", "アリス「行こう」", "「走吧」", "「走吧」"),
        ("「行く」「うん」", "アリス「「行く」「うん」」", "爱丽丝「「去」「嗯」」", "「去」「嗯」"),
        ("\\C[1]『行こう』", "アリス『行こう』", "爱丽丝『走吧』", "\\C[1]『走吧』"),
    ],
)
def test_galtransl_sees_who_speaks_and_the_translation_does_not(text: str, sent: str, answer: str, target: str) -> None:
    where = desk("galtransl-v3")
    prepared = prepare(unit(text, speaker="アリス"), where)
    assert prepared.lines == (sent,)
    restored = restore(prepared, [answer], where)
    assert restored.target == target
    assert restored.findings == ()


def test_galtransl_without_quotation_marks_is_an_error() -> None:
    where = desk("galtransl-v3")
    prepared = prepare(unit("行こう", speaker="アリス"), where)
    assert [f.code for f in restore(prepared, ["爱丽丝：走吧"], where).findings] == ["speaker"]


def test_galtransl_has_line_breaks_in_the_line_and_each_must_come_back() -> None:
    where = desk("galtransl-v3")
    prepared = prepare(unit("\\C[1]一行目\n\n二行目", speaker="アリス"), where)
    assert prepared.lines == ("アリス「一行目\\n二行目」",)
    assert restore(prepared, ["爱丽丝「第一行\\n第二行」"], where).target == "\\C[1]第一行\n\n第二行"
    assert "lines" in [f.code for f in restore(prepared, ["爱丽丝「第一行」"], where).findings]


def test_galtransl_keeps_lines_apart_where_a_code_looks_like_a_spelled_out_break() -> None:
    prepared = prepare(unit("\\n[1]は行く\nそうか"), desk("galtransl-v3"))
    assert prepared.lines == ("\\n[1]は行く", "そうか")


_PIECES = (
    *"あ魔王カ。「」 \u3000\n12３４1１a",
    "\\C[2]",
    "\\C[0]",
    "\\!",
    "\\{",
    "\\}",
    "%1",
    "<b>",
    "</b>",
    "◆",
    "\\",
)
texts = st.lists(st.sampled_from(_PIECES), max_size=30).map("".join)


@given(texts)
def test_an_answer_equal_to_what_was_sent_gives_the_source_again(text: str) -> None:
    where = desk()
    prepared = prepare(unit(text), where)
    assert all(line.strip() == line != "" and "\n" not in line for line in prepared.lines)
    restored = restore(prepared, prepared.lines, where)
    assert restored.findings == ()
    assert restored.target == text


@given(texts)
def test_with_codes_apart_too(text: str) -> None:
    where = desk("completion")
    prepared = prepare(unit(text), where)
    restored = restore(prepared, prepared.lines, where)
    assert restored.findings == ()
    assert restored.target == text


@given(texts)
def test_with_spelled_out_breaks_and_speakers_too(text: str) -> None:
    where = desk("galtransl-v3")
    prepared = prepare(unit(text, speaker="名"), where)
    restored = restore(prepared, prepared.lines, where)
    assert restored.target == text
