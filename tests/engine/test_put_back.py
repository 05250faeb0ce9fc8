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
        ("\\C[2]剣\\C[0]だ！", "是\\C[0]剑\\C[2]！", "\\C[2]是\\C[0]剑！"),
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
        ("待て\\!\\.だ", "等\\.\\!啊"),
    ],
)
def test_codes_that_stand_for_words_may_change_places(source: str, target: str) -> None:
    assert codes.flaw(codes.kept(source, MV), codes.kept(target, MV)) is None


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
