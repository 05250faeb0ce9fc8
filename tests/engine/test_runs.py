from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.languages import language
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.desk import Desk
from translator.engine.prepare import prepare, restore
from translator.engine.runs import lengthened, shortened
from translator.profiles import all_profiles
from translator.profiles.profile import CodeStyle, Normalisation, Runs

PROFILES = all_profiles(Path("/nonexistent"))
RUNS = Runs(laughter=3, cries=4, pieces=3, dashes=2, ellipses=2, waves=2, stops=2, marks=3)
MARKUP = MarkupSyntax(
    (
        MarkupRule(r"\\[A-Za-z]+(?:\[\d+\])?|\\[^\s\\]"),
        MarkupRule(r"<b>", Fate.OPEN),
        MarkupRule(r"</b>", Fate.CLOSE),
        MarkupRule(r"《[^》]+》", Fate.DROP),
    )
)


def desk(target: str = "zh-CN", codes: CodeStyle = CodeStyle.KEEP, profile: str = "sakura-v1.0") -> Desk:
    changed = replace(PROFILES[profile], normalise=Normalisation(digits=True, runs=RUNS), codes=codes)
    return Desk(changed, language("ja"), language(target), "model", 2048, {"mv": MARKUP})


def unit(text: str) -> Unit:
    return Unit(0, text, Role.DIALOGUE, "scene", "mv")


@pytest.mark.parametrize(
    ("source", "sent"),
    [
        ("ハハハハハハハハ", "ハハハ"),
        ("ははは", "ははは"),
        ("ふふふふふふふ……", "ふふふ……"),
        ("あっはっはっはっはっはっは！", "あっはっはっはっは！"),
        ("ハ、ハ、ハ、ハ、ハ", "ハ、ハ、ハ"),
        ("――――――そうか", "――そうか"),
        ("そう………………………", "そう……"),
        ("そう・・・・・・・・", "そう・・"),
        ("ねえ～～～～", "ねえ～～"),
        ("キャーーーーーー！", "キャーー！"),
        ("いくっっっっ！", "いくっっ！"),
        ("うわああああああああ！", "うわああああ！"),
        ("あんんんんんんん", "あんんんん"),
        ("はい、はい、はい", "はい、はい、はい"),
        ("はい、はい、はい、はい", "はい、はい、はい"),
        ("クスクスクスクスクス", "クスクスクス"),
        ("くすくすくすくすくす笑う", "くすくすくす笑う"),
        ("ひゃひゃひゃひゃひゃひゃひゃ", "ひゃひゃひゃ"),
        ("ケラケラケラケラケラケラ", "ケラケラケラ"),
        ("ゲラゲラゲラゲラゲラゲラ", "ゲラゲラゲラ"),
        ("うっしっしっしっしっしっし", "うっしっしっしっし"),
        ("アハハ、アハハ、アハハ、アハハ", "アハハ、アハハ、アハハ"),
        ("あはっ、あはっ、あはっ、あはっ", "あはっ、あはっ、あはっ"),
        ("はっ、はっ、はっ、はっ、はっ", "はっ、はっ、はっ"),
        ("ハ…ハ…ハ…ハ…ハ…ハ", "ハ…ハ…ハ"),
        ("はぁはぁはぁはぁはぁはぁ", "はぁはぁはぁ"),
        ("はあっはあっはあっはあっ", "はあっはあっはあっ"),
        ("ハァ…ハァ…ハァ…ハァ…ハァ…", "ハァ…ハァ…ハァ…"),
        ("ハァ……ハァ……ハァ……ハァ……", "ハァ……ハァ……ハァ……"),
        ("あんあんあんあんあん", "あんあんあん"),
        ("あっあっあっあっあっ", "あっあっあっ"),
        ("あん、あん、あん、あん、あん", "あん、あん、あん"),
        ("え、え、え、え、えっと", "え、え、えっと"),
        ("ドキドキドキドキ", "ドキドキドキ"),
        ("パンパンパンパンパン", "パンパンパン"),
        ("やだやだやだやだやだ！", "やだやだやだ！"),
        ("だめ！！！！！！！！", "だめ！！！"),
        ("なに！？！？！？！？", "なに！？！？！？"),
        ("すき♥♥♥♥", "すき♥♥♥"),
        ("ドキドキする、いろいろな、だんだんと", "ドキドキする、いろいろな、だんだんと"),
        ("いろはにほ、いろはにほ、いろはにほ、いろはにほ", "いろはにほ、いろはにほ、いろはにほ、いろはにほ"),
        ("魔王魔王魔王魔王だ", "魔王魔王魔王魔王だ"),
        ("スーパーのカード……？", "スーパーのカード……？"),
        ("1000000000ゴールド", "1000000000ゴールド"),
    ],
)
def test_what_repeats_for_long_is_sent_a_few_times(source: str, sent: str) -> None:
    assert prepare(unit(source), desk()).lines == (sent,)


@pytest.mark.parametrize(
    ("source", "answer", "target"),
    [
        ("ハハハハハハハハ！", "哈哈哈！", "哈哈哈哈哈哈哈哈！"),
        ("ハハハハハハハハ！", "ははは！", "はははははははは！"),
        ("ハハハハハハハハ！", "Hahaha!", "Hahahahahahahaha!"),
        ("ハハハハハハハハ！", "Ha ha ha!", "Ha ha ha ha ha ha ha ha!"),
        ("あははははは！", "Ahahah!", "Ahahahahahah!"),
        ("そうか――――――", "是吗——", "是吗——————"),
        ("そうか――――――", "I see--", "I see------"),
        ("キャーーーーーー！", "呀——！", "呀——————！"),
        ("そう………………", "是吗……", "是吗………………"),
        ("そう………………", "I see...", "I see......"),
        ("そう………………", "I see.", "I see."),
        ("ねえ～～～～", "喂～", "喂～～～～"),
        ("うわああああああああ！", "哇啊啊啊啊！", "哇啊啊啊啊啊啊啊啊！"),
        ("うわああああああああ！", "Waaaah!", "Waaaaaaaah!"),
        ("うわああああああああ！", "哇啊啊！", "哇啊啊啊啊啊啊啊啊！"),
        ("ハハハハハハハハ！", "Hah hah hah!", "Hah hah hah hah hah hah hah hah!"),
        ("ハハハハハハハハ！", "Ха-ха-ха!", "Ха-ха-ха-ха-ха-ха-ха-ха!"),
        ("ハハハハハハハハ！", "Хахаха!", "Хахахахахахахаха!"),
        ("ハハハハハハハハ！", "하하하!", "하하하하하하하하!"),
        ("ハハハハハハハハ！", "Jajaja!", "Jajajajajajajaja!"),
        ("クスクスクスクスクス", "嘻嘻嘻", "嘻嘻嘻嘻嘻"),
        ("クスクスクスクスクス", "Hehehe", "Hehehehehe"),
        ("アハハ、アハハ、アハハ、アハハ", "啊哈哈，啊哈哈，啊哈哈", "啊哈哈，啊哈哈，啊哈哈，啊哈哈"),
        ("はぁはぁはぁはぁはぁ", "哈啊哈啊哈啊", "哈啊哈啊哈啊哈啊哈啊"),
        ("はぁはぁはぁはぁはぁ", "呼呼呼", "呼呼呼呼呼"),
        ("ハァ…ハァ…ハァ…ハァ…", "Haah... haah... haah...", "Haah... haah... haah... haah..."),
        ("あん、あん、あん、あん", "Ah, ah, ah", "Ah, ah, ah, ah"),
        ("ドキドキドキドキドキ", "扑通扑通扑通", "扑通扑通扑通扑通扑通"),
        ("ドキドキドキドキドキ", "dokidokidoki", "dokidokidokidokidoki"),
        ("やだやだやだやだ", "不要不要不要", "不要不要不要不要"),
        ("はい、はい、はい、はい", "是，是，是", "是，是，是，是"),
        ("だめ！！！！！！！！", "不行!!!", "不行!!!!!!!!"),
        ("すき♥♥♥♥", "喜欢♥♥♥", "喜欢♥♥♥♥"),
    ],
)
def test_what_stands_for_it_in_the_answer_is_as_long_again(source: str, answer: str, target: str) -> None:
    where = desk("en" if answer.isascii() else "zh-CN")
    assert restore(prepare(unit(source), where), [answer], where).target == target


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("ハハハハハハハハ！", "笑死我了！"),  # no laughter
        ("うわああああああああ、父さん！", "呜哇，爸爸！"),  # a doubled word is no cry
        ("はははは、ふふふふ！", "哈哈哈！"),  # two runs, one answer
        ("そう……そうか――――――", "是吗。——是吗——"),  # a dash more
        ("ねえ～～～～", "喂——"),  # another sign: not certain
        ("ハハハハハハハハ！", "The hero he has!"),
        ("ドキドキドキドキドキ", "心怦怦直跳"),  # a doubled syllable is no run
        ("やだやだやだやだ", "不要，不要"),
        ("だめ！！！！！！！！", "不行！"),  # every sentence may end so
        ("ああ…うわああああああああ！", "啊啊…哇！"),  # the other one
    ],
)
def test_where_it_is_not_certain_what_stands_for_it_the_answer_stays(source: str, answer: str) -> None:
    where = desk()
    assert restore(prepare(unit(source), where), [answer], where).target == answer


def test_short_runs_count_when_the_long_one_is_looked_for() -> None:
    where = desk()
    ready = prepare(unit("うん……そう………………"), where)
    assert restore(ready, ["嗯……是吗……"], where).target == "嗯……是吗………………"
    assert restore(ready, ["嗯是吗……"], where).target == "嗯是吗……"


def test_an_answer_that_is_longer_already_stays() -> None:
    where = desk()
    assert restore(prepare(unit("はははは"), where), ["哈哈哈哈哈哈"], where).target == "哈哈哈哈哈哈"


def test_codes_are_no_part_of_a_run() -> None:
    where = desk()
    ready = prepare(unit("ハハハハハ\\C[2]ハハハハハハ\\!だ"), where)
    assert ready.lines == ("ハハハ\\C[2]ハハハ\\!だ",)
    assert restore(ready, ["哈哈哈\\C[2]哈哈哈\\!的"], where).target == "哈哈哈哈哈\\C[2]哈哈哈哈哈哈\\!的"


def test_a_profile_without_rules_sends_what_stands_there() -> None:
    assert shortened(["ハハハハハハハハ"], Runs()) == (["ハハハハハハハハ"], ())
    assert lengthened(["哈哈"], ()) == ["哈哈"]


_PIECES = (*"ハはっふー―…～あん哈だ。、・w3４\n ！♥", "ハハハハハ", "――――", "………", "っっっ", "あああああ", "～～～",
           "ーーーー", "ha", "Haha", "はぁはぁはぁはぁ", "あん、あん、あん、あん", "ハァ…", "クスクスクスクス", "クス",
           "はっ、はっ、", "あっ", "！！！！！", "！？！？！？！？", "あはっ、", "ああん", "hahaha", "Ah, ah, ",
           "\\C[2]", "\\!", "<b>", "</b>", "《よ》")  # fmt: skip
texts = st.lists(st.sampled_from(_PIECES), max_size=24).map("".join)


@given(texts, st.sampled_from(CodeStyle))
def test_an_answer_equal_to_what_was_sent_gives_the_source_again(text: str, codes: CodeStyle) -> None:
    where = desk(codes=codes)
    ready = prepare(unit(text), where)
    target = restore(ready, ready.lines, where).target
    assert _plain(target) == _plain(text)


def _plain(text: str) -> str:
    """Without readings, which are dropped."""
    return text.replace("《よ》", "")


@given(texts)
def test_no_run_becomes_longer_by_being_shortened(text: str) -> None:
    [sent], runs = shortened([text], RUNS)
    assert len(sent) <= len(text)
    assert all(run.sent <= run.was for run in runs)
    assert lengthened([sent], runs) == [text]
