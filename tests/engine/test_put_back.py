from collections import Counter

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.engine import codes
from translator.formats.rpgmaker_mv.markup import MARKUP as MV

PAIRS = MarkupSyntax(
    (
        MarkupRule(r"<(?:b|i|color=\w+)>", Fate.OPEN),
        MarkupRule(r"</(?:b|i|color)>", Fate.CLOSE),
        MarkupRule(r"\\C\[\d+\]"),
        MarkupRule(r"\{\w+\}"),
        MarkupRule(r"\[r\]"),
        MarkupRule(r"%\d*[sd]?"),
        MarkupRule(r"《[^》]+》", Fate.DROP),
    )
)


S = "彼は\\C[2]剣\\C[0]を持つ"
MENDED = "他拿着\\C[2]剑\\C[0]"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("君に\\C[2]鉄の剣\\C[0]をやろう", "给你\\C[2]铁剑\\C[0]吧", "给你\\C[2]铁剑\\C[0]吧"),
        ("君に\\C[2]鉄の剣\\C[0]をやろう", "给你一把铁剑吧", "给你\\C[2]一把\\C[0]铁剑吧"),
        ("君に\\C[2]鉄の剣\\C[0]をやろう", "给你\\ c[2]铁剑\\C[0]吧", "给你\\C[2]铁剑\\C[0]吧"),
        ("君に\\C[2]鉄の剣\\C[0]をやろう", "给你\\C[2]铁剑吧", "给你\\C[2]铁剑\\C[0]吧"),
        ("これは\\C[2]剣", "这是剑", "这是\\C[2]剑"),
        ("君に剣をやろう", "给你\\C[2]剑\\C[0]吧", "给你剑吧"),
        ("\\N[1]は\\C[2]剣\\C[0]を得た", "\\N[1] got the\\C[2] sword now", "\\N[1] got the\\C[2] sword\\C[0] now"),
        ("\\C[2]剣\\C[0]だ！", "是\\C[0]剑\\C[2]！", "是\\C[2]剑\\C[0]！"),
        ("君に\\C[2]剣\\C[0]を", "给你\\C[2]\\C[0]剑", "给你\\C[2]剑\\C[0]"),
        ("君に\\C[2]剣\\C[0]を", "给你\\C[3]剑\\C[0]", "给你\\C[2]剑\\C[0]"),
        ("君に\\C[2]剣\\C[0]を", "给你\\color[2]剑\\color[0]", "给你\\C[2]剑\\C[0]"),
        ("\\N[1]は\\V[2]個を", "\\V[1]个给\\N[2]", "\\V[2]个给\\N[1]"),
        ("あ\\!い\\.う", "a\\.b\\!c", "a\\!b\\.c"),
        ("あ\\SE[a]い\\SE[b]う", "啊\\SE[b]呀\\SE[a]哦", "啊\\SE[a]呀\\SE[b]哦"),
        ("あ\\!い\\C[2]う\\C[0]え\\.", "啊\\.呀\\C[0]哦\\C[2]哎\\!", "啊\\!呀\\C[2]哦\\C[0]哎\\."),
        ("待て\\!来るな", "等等\n别过来", "等等\\!\n别过来"),
        ("一行目\\!\n二行目\\.", "第一行\n第二行", "第一行\\!\n第二行\\."),
        ("君に\\C[2]剣\\C[0]を", "给你\\C[剑2]", "给\\C[2]你\\C[0]剑"),
    ],
)  # fmt: skip
def test_codes_are_put_where_they_belong_by_rule(source: str, target: str, expected: str) -> None:
    assert codes.put_back(target, source, MV) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("<b>大事</b>な話", "重要的事", "<b>重要</b>的事"),
        ("<b>大事</b>な話", "</b>重要<b>的事", "<b>重要</b>的事"),
        ("<b>大事</b>な話", "<b>重要的事", "<b>重要</b>的事"),
        ("とても<b>大事</b>", "很<b>重要", "很<b>重要</b>"),
        ("{name}が<i>来た</i>", "{nama}来了", "{name}来<i>了</i>"),
    ],
)
def test_pairs_stay_around_some_text(source: str, target: str, expected: str) -> None:
    assert codes.put_back(target, source, PAIRS) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (S, "他拿着C[2]剑C[0]", MENDED),
        (S, "他拿着\\\\C[2]剑\\\\C[0]", MENDED),
        (S, "他拿着/C[2]剑/C[0]", MENDED),
        (S, "他拿着\\C2剑\\C0", MENDED),
        (S, "他拿着\\C(2)剑\\C(0)", MENDED),
        (S, "他拿着\\C[2剑\\C[0]", MENDED),
        (S, "他拿着\\C[02]剑\\C[00]", MENDED),
        (S, "他拿着\\C\n[2]剑\\C[0]", MENDED),
        (S, "他拿着\\C\\[2]剑\\C\\[0]", MENDED),
        (S, "他拿着[2]剑[0]", MENDED),
        (S, "他拿着<C[2]>剑</C>", MENDED),
        ("\\N[1]は\\V[2]個の薬草を得た。", "N[1]获得了V[2]个药草", "\\N[1]获得了\\V[2]个药草"),
        ("\\N[1]は\\V[2]個の薬草を得た。", "[1]获得了[2]个药草。", "\\N[1]获得了\\V[2]个药草。"),
        ("\\N[1]は\\V[1]個の薬草を得た。", "[1]获得了[1]个药草。", "\\N[1]获得了\\V[1]个药草。"),
        ("<b>太い</b>字", "<strong>粗</strong>体字", "<b>粗</b>体字"),
        ("<b>太い</b>字", "**粗**体字", "<b>粗</b>体字"),
        ("<b>太い</b>字", "&lt;b&gt;粗&lt;/b&gt;体字", "<b>粗</b>体字"),
    ],
)
def test_what_is_left_of_a_code_is_made_whole_where_it_stands(source: str, target: str, expected: str) -> None:
    assert codes.put_back(target, source, MV) == expected


@pytest.mark.parametrize("target", ["<strong>粗</strong>体字", "**粗**体字", "< B >粗< / b >体字"])
def test_so_it_is_with_tags_that_are_pairs(target: str) -> None:
    assert codes.put_back(target, "<b>太い</b>字", PAIRS) == "<b>粗</b>体字"


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("C[2]番は\\C[2]剣だ\\!あ", "C[2]号是剑\\!啊"),  # the source's own text
        ("彼は\\C[2]剣を", "C[2]和C[2]剑"),  # one too many
        ("赤\\C[1]青\\c[1]緑", "红C[1]蓝\\c[1]绿"),  # it may be either
        ("彼は\\C[2]剣を", "ABC[2]剑"),  # a part of a word
        ("彼は\\C[2]剣を", "拿\\C[20]剑"),
        ("彼は\\C[2]剣を", "拿\\C2剑"),  # for the last resort only
        ("彼は\\C[2]剣を", "拿[2]剑"),
        ("待て\\!今", "等！现在"),
    ],
)
def test_what_is_not_certain_is_not_mended(source: str, target: str) -> None:
    assert codes.mend(target, codes.kept(source, MV), MV, source) == target


def test_no_place_inside_brackets_is_safe() -> None:
    for text in ("他[ABC2]了", "他C[12]了", "他(HP10)了"):
        made = codes.put_back(text, "あ\\!い\\.う\\|え\\!お", MV)
        assert text.strip("他了") in made


def test_a_code_is_put_neither_into_a_word_nor_into_a_number_nor_under_a_combining_sign() -> None:
    made = codes.put_back("Incomprehensibilities", "ああああ\\!ああああ", MV)
    assert made in {"\\!Incomprehensibilities", "Incomprehensibilities\\!"}
    assert codes.put_back("12,345,678", "ああああ\\!ああああ", MV).strip("\\!") == "12,345,678"
    assert codes.put_back("カ\u3099ラスです", "あ\\!あああああ", MV).replace("\\!", "") == "カ\u3099ラスです"
    assert "カ\u3099" in codes.put_back("は\u3099か\u3099", "あ\\!ああ", MV).replace("か\u3099", "カ\u3099")
    family = "👨‍👩‍👧"
    assert family in codes.put_back(f"{family}{family}", "あ\\!ああ", MV)


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("\\C[2]剣\\C[0]だ", "\\C[0]是\\C[2]剑", "wrong order: \\C[2]\\C[0]"),
        ("\\C[2]剣\\C[0]と\\C[3]盾\\C[0]", "\\C[2]剑\\C[3]\\C[0]盾\\C[0]", "wrong order"),
        ("\\{大\\}小", "\\}大\\{小", "wrong order"),
        ("\\FS[30]大\\FS[0]小", "\\FS[0]大\\FS[30]小", "wrong order"),
    ],
)
def test_what_a_code_begins_is_ended_by_the_same_code(source: str, target: str, told: str) -> None:
    assert told in (codes.flaw(codes.kept(source, MV), codes.kept(target, MV)) or "")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("\\C[2]剣\\C[0]と\\C[3]盾\\C[0]", "\\C[3]盾\\C[0]和\\C[2]剑\\C[0]"),
        ("\\N[1]が\\N[2]を", "\\N[2]被\\N[1]"),
        ("\\I[1]剣と\\I[2]盾", "\\I[2]盾和\\I[1]剑"),
        ("%1は%2だ", "%2是%1"),
        ("\\N[1]\\!は\\C[2]剣\\C[0]", "\\C[2]剑\\C[0]\\!是\\N[1]"),
    ],
)
def test_codes_that_stand_for_words_may_change_places(source: str, target: str) -> None:
    assert codes.wrong(source, target, MV) is None


@pytest.mark.parametrize(
    ("source", "target"),
    [("あ\\!い\\.う", "a\\.b\\!c"), ("あ\\SE[a]い\\SE[b]う", "a\\SE[b]b\\SE[a]c"), ("待て\\!\\.だ", "等\\.\\!啊")],
)
def test_waits_and_sounds_in_another_order_are_wrong(source: str, target: str) -> None:
    assert "markup in another order" in (codes.wrong(source, target, MV) or "")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (S, "他拿着\\C[2]\\C[0]剑"),
        (S, "他拿着\\C[2] \\C[0]剑"),
        (S, "他拿着剑\\C[2]\\!\\C[0]".replace("\\!", "")),
        ("これは\\C[2]剣", "这是剑\\C[2]"),
        ("\\{大\\}小", "\\{\\}大小"),
        ("\\C[2]赤\\C[0]と\\C[2]青\\C[0]だ", "\\C[2]\\C[0]红和\\C[2]蓝\\C[0]"),
        ("<b>剣</b>だ", "<b></b>是剑"),
        ("\\C[2]\\N[1]\\C[0]だ", "\\N[1]\\C[2]\\C[0]啊"),
        ("\\C[2]あ\\C[3]い\\C[0]う", "\\C[2]啊\\C[3]\\C[0]呀"),
    ],
)
def test_what_marks_a_word_must_not_mark_nothing(source: str, target: str) -> None:
    assert "around nothing" in (codes.wrong(source, target, MV) or "")


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("\\C[2]★\\C[0]剣", "\\C[2]\\C[0]剑"),  # no word in it
        ("\\C[2]\\C[0]剣", "剑\\C[2]\\C[0]"),
        ("\\C[2]剣\\C[8]を持つ", "拿着\\C[2]剑\\C[8]"),  # the usual colour, to the end
        ("\\C[2]剣\\C[8]と\\C[2]盾\\C[8]を", "拿\\C[2]剑\\C[8]\\C[2]盾\\C[8]"),
        ("\\{大\\}小", "小的\\{大\\}"),
        ("\\C[2]剣\\C[0]だ", "\\C[2]\\C[0]"),  # another check's
        ("\\C[2]\\N[1]\\C[0]だ", "是\\C[2]\\N[1]\\C[0]"),
    ],
)
def test_what_marks_nothing_for_certain_may_stay_so(source: str, target: str) -> None:
    assert codes.wrong(source, target, MV) is None


_MV_PIECES = ("あ", "剣", "。", "a", "word ", "12", "\n", " ", "\u3099", "👨‍👩‍👧",
              "\\C[2]", "\\C[0]", "\\C[", "2]", "\\", "\\N[1]",
              "\\V[\\V[3]]", "%1", "%", "1", "<b>", "</b>", "<",
              "\\{", "\\}", "\\!", "\\!", "if(s[1])", "if", "(", ")")  # fmt: skip
mv_texts = st.lists(st.sampled_from(_MV_PIECES), max_size=14).map("".join)


@given(source=mv_texts, target=mv_texts)
def test_whatever_comes_back_has_exactly_the_codes_of_the_source(source: str, target: str) -> None:
    made = codes.put_back(target, source, MV)
    assert codes.flaw(codes.kept(source, MV), codes.kept(made, MV)) is None


_PAIR_PIECES = ("あ", "剣", "b", "<b>", "</b>", "<i>", "</i>", "<color=red>", "</color>", "{name}", "[r]",
               "[", "r]", "<", "b>", "%s", "%",
                "s", "《よ》", "《", "》", "\n", "\\C[2]", "\\C[0]", "\\C", "[3]")  # fmt: skip
pair_texts = st.lists(st.sampled_from(_PAIR_PIECES), max_size=14).map("".join)


@given(source=pair_texts, target=pair_texts)
def test_so_it_is_with_pairs(source: str, target: str) -> None:
    made = codes.put_back(target, source, PAIRS)
    assert codes.flaw(codes.kept(source, PAIRS), codes.kept(made, PAIRS)) is None


@given(
    source=st.text(max_size=30),
    target=st.text(max_size=30),
    pattern=st.sampled_from(["[a-f]", "[^a]{2}", "..", "a+|b"]),
)
def test_so_it_is_with_any_text_and_any_rule(source: str, target: str, pattern: str) -> None:
    markup = MarkupSyntax((MarkupRule(pattern),))
    made = codes.put_back(target, source, markup)
    assert codes.flaw(codes.kept(source, markup), codes.kept(made, markup)) is None


@given(
    st.lists(st.sampled_from(("剣", "勇者は", "来た。", " the ", "sword", "…")), min_size=1, max_size=10).map("".join),
    st.lists(st.sampled_from(("あい", "う。", "\\C[2]", "\\C[0]", "\\!", "\\N[1]", "%1")), max_size=10).map("".join),
)
def test_a_text_without_signs_loses_no_character(target: str, source: str) -> None:
    made = codes.put_back(target, source, MV)
    assert MV.plain(made) == target
    assert not regex.search(r"[a-z](?:\\[A-Z]\[\d\]|\\!|%1)+[a-z]", made)


_WORDS = ("剑", "勇者は", "来了。", " the ", "sword", "…", "C", "n", "（2）", "10", "！", "[x]", "/", "**")
_CODES = ("\\C[2]", "\\C[0]", "\\N[1]", "\\V[12]", "\\!", "\\{", "\\}", "%1", "<b>", "</b>", "\\SE[Bell]")
_SLIPS = {
    "\\C[2]": ("\\\\C[2]", "/C[2]", "＼Ｃ［２］", "\\C(2)", "\\c[2]", "\\C【2】", "\\C[02]", "\\C [ 2 ]", "\\C\\[2\\]"),
    "\\V[12]": ("\\\\V[12]", "/v[12]", "￥V[１２]", "\\V{12}", "\\V[012]"),
    "\\SE[Bell]": ("\\\\SE[Bell]", "\\se[bell]", "/SE[Bell]"),
    "\\!": ("\\\\!", "＼！"),
    "<b>": ("< b >", "＜B＞", "&lt;b&gt;"),
    "</b>": ("< /b>", "＜/B＞", "<\\/b>"),
    "%1": ("％１",),
}
words = st.lists(st.sampled_from(("剑", "勇者", "来了。", "好 ", "…", "！")), min_size=1, max_size=4).map("".join)


@given(st.data())
def test_a_slip_of_each_code_is_mended_and_nothing_else_is_touched(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(sorted(_SLIPS)), min_size=1, max_size=5, unique=True))
    between = [data.draw(words) for _ in range(len(chosen) + 1)]
    slips = [data.draw(st.sampled_from((code, *_SLIPS[code]))) for code in chosen]
    wanted = between[0] + "".join(code + text for code, text in zip(chosen, between[1:], strict=True))
    answer = between[0] + "".join(slip + text for slip, text in zip(slips, between[1:], strict=True))
    assert codes.mend(answer, codes.kept(wanted, MV), MV, wanted) == wanted
    assert codes.put_back(answer, wanted, MV) == wanted


@given(
    st.lists(st.sampled_from((*_WORDS, *_CODES)), max_size=10).map("".join),
    st.lists(
        st.sampled_from((*_WORDS, *_CODES, *(slip for slips in _SLIPS.values() for slip in slips))), max_size=10
    ).map("".join),
)
def test_mending_makes_no_code_that_is_not_missing(source: str, target: str) -> None:
    expected = codes.kept(source, MV)
    made = codes.mend(target, expected, MV, source)
    before, after = Counter(MV.codes(target)), Counter(MV.codes(made))
    assert after - before <= Counter(code.text for code in expected) - before
    if made != target:
        # Every change brings a missing code.
        assert (after - before).total() > 0
    if MV.codes(target) == MV.codes(source):
        assert made == target
        if codes.wrong(source, target, MV) is None:
            assert codes.put_back(target, source, MV) == target


@given(st.lists(st.sampled_from((*_WORDS, *_CODES)), max_size=12).map("".join))
def test_a_copy_of_the_source_is_right_and_stays(source: str) -> None:
    assert codes.wrong(source, source, MV) is None
    assert codes.mend(source, codes.kept(source, MV), MV, source) == source
    assert codes.put_back(source, source, MV) == source


@given(st.lists(st.sampled_from((*_WORDS, *_CODES, "\n")), max_size=12).map("".join), words)
def test_a_text_that_has_no_look_of_a_code_keeps_every_character(source: str, target: str) -> None:
    made = codes.put_back(target, source, MV)
    assert MV.plain(made) == target or made == source
