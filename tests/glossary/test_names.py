from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.work import GlossaryEntry
from translator.glossary import nesting
from translator.glossary.files import Placed
from translator.glossary.layers import Glossary, Layer, Origin, merged
from translator.glossary.matcher import NAME_KIND, Matcher, normalised
from translator.glossary.names import LONGEST, entry, is_called, refusal, wanted


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("ポーション", "Potion"),
        ("ポーション", "药水"),
        ("勇者", "Hero"),
        ("エリナ", "艾莉娜"),
        ("リン", "Rin"),
        ("さくら", "Sakura"),
        ("魔王城", "Demon King's Castle"),
        ("伝説の魔王の剣", "Legendary Sword of the Demon King"),
        ("村人A", "Villager A"),
        ("ジャン・ポール", "Jean-Paul"),
        ("Dr.ワイリー", "Dr. Wily"),
        ("魔法使い", "Mage"),
        ("月のしずく", "Moon Drop"),
        ("スライム", "슬라임"),
        ("Potion", "ポーション"),
        ("Ed", "爱德华"),
        ("やくそう", "Medicinal Herb"),
        ("聖水（大）", "圣水（大）"),
        ("聖水（大）", "圣水(大)"),
        ("聖水（大）", "Holy Water [L]"),
        ("【真】村正", "真·村正"),
        ("サンダー！", "雷电！"),
        ("サンダー！", "Thunder"),
        ("必殺の一撃☆", "必杀一击☆"),
    ],
)
def test_a_name_and_its_translation_make_an_entry(source: str, target: str) -> None:
    made = entry(source, target)
    assert made is not None, refusal(source, target)
    assert (made.src, made.dst, made.note, made.regex) == (source, target, "", False)


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        ("剣", "Sword", "short"),
        ("A", "A", "short"),
        ("みか", "Mika", "short"),
        ("1F", "1F", "short"),
        ("100", "100", "short"),
        ("", "", "short"),
        ("スライム", "He runs", "sentence"),
        ("あなたは誰？", "Who?", "signs"),
        ("食らえ！", "Take this!", "signs"),
        ("Who are you?", "谁？", "signs"),
        ("攻撃！", "Attack!", "everyday"),
        ("サンダー！", "Thunder?", "signs"),
        ("サンダー", "Thunder!", "signs"),
        ("聖水（大）", "圣水。", "signs"),
        ("聖水=命", "圣水", "signs"),
        ("「鍵束」", "Keys", "signs"),
        ("鍵\n束", "Keys", "signs"),
        ("攻撃", "Attack", "everyday"),
        ("Guard", "防御", "everyday"),
        ("装備", "Equipment", "everyday"),
        ("セーブ", "Save", "everyday"),
        ("逃げる", "Escape", "verb"),
        ("様子を見る", "Watch", "verb"),
        ("切り裂く", "Slash", "verb"),
        ("とても長い名前のついている伝説の剣その一", "Sword", "long"),
        ("エリナ", None, "not translated"),
        ("エリナ", "  ", "not translated"),
        ("エリナ", "エリナ", "stays"),
        ("魔王", "魔王", "stays"),
        ("ＨＰ回復", "HP回復", "stays"),
        ("エリナ", "Elina.", "signs"),
        ("エリナ", "Elina\nshe is a girl", "signs"),
        ("エリナ", "Elina (heroine)", "signs"),
        ("エリナ", "Elina|Erina", "signs"),
        ("エリナ", "123", "signs"),
        ("ポーション", "I'm going to drink a potion", "long"),
        ("ポーション", "This potion", "sentence"),
        ("エリナ", "艾莉娜是村子里的女孩", "long"),
        ("剣士", "A man who fights with swords", "long"),
    ],
)
def test_what_would_spoil_texts_makes_none(source: str, target: str | None, why: str) -> None:
    assert why in refusal(source, target)
    assert target is None or entry(source, target) is None


@given(st.text(max_size=40), st.text(max_size=60))
def test_an_entry_is_one_line_of_a_name_s_length(source: str, target: str) -> None:
    made = entry(source, target)
    if made is not None:
        assert made.src == source.strip()
        assert "\n" not in made.src + made.dst
        assert "|" not in made.dst
        assert len(made.dst) <= 4 * LONGEST + 8
        assert len(Matcher([made]).hits(made.src)) == 1


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("リン", "リンが来た", True),
        ("リン", "プリンが来た", False),
        ("リン", "リンゴを食べた", False),
        ("リン", "やあリン。プリンは？", True),
        ("リン", "ﾌﾟﾘﾝ", False),
        ("ポーション", "ハイポーション", True),
        ("魔王", "大魔王", True),
        ("Al", "Also Al", True),
        ("Al", "Also", False),
        ("Rose", "a rose", False),
    ],
)
def test_a_short_name_is_not_found_inside_another_word(name: str, text: str, *, found: bool) -> None:
    made = entry(name, "某某" if not name.isascii() else "サ")
    assert made is not None
    assert bool(Matcher([made]).hits(text)) is found


def test_a_term_of_a_person_is_found_inside_a_word_still() -> None:
    assert Matcher([GlossaryEntry("リン", "Rin")]).hits("プリン")


def names(*pairs: tuple[str, str]) -> list[GlossaryEntry]:
    return [GlossaryEntry(src, dst, kind=NAME_KIND) for src, dst in pairs]


def test_names_are_the_lowest_layer() -> None:
    glossary = Glossary((GlossaryEntry("エリナ", "艾丽娜"), GlossaryEntry("魔王", "Demon Lord")))
    both = glossary.above(names(("ｴﾘﾅ", "艾莉娜"), ("魔王城", "Demon Castle"), ("魔王城", "Other Castle")))
    assert [(e.src, e.dst) for e in Matcher(both.entries).hits("エリナと魔王は魔王城へ")] == [
        ("魔王城", "Demon Castle"),
        ("エリナ", "艾丽娜"),
        ("魔王", "Demon Lord"),
    ]


def test_a_term_with_an_empty_translation_takes_a_name_away() -> None:
    placed = (Placed(2, GlossaryEntry("エリナ", "")), Placed(3, GlossaryEntry("魔王", "Demon")))
    glossary = merged([Layer(Origin.PROJECT, Path("glossary.csv"), placed)])
    assert [e.src for e in glossary.above(names(("エリナ", "Elina"), ("勇者", "Hero"))).entries] == ["勇者", "魔王"]


@pytest.mark.parametrize(
    ("source", "why"), [("凛", ""), ("ゆい", ""), ("男", "everyday"), ("うん", "everyday"), ("ミ", "short")]
)
def test_what_a_person_is_called_may_be_shorter_than_other_names(source: str, why: str) -> None:
    assert refusal(source, "某某某"[: len(source) + 2], person=True).find(why) >= 0
    assert (entry(source, "某某", person=True) is not None) is (not why)
    assert entry(source, "某某") is None


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("凛", "凛とゆいは聖水を買った。", True),
        ("凛", "「凛！」", True),
        ("凛", "凛", True),
        ("凛", "美しい凛さん", True),
        ("凛", "…凛、行くぞ", True),
        ("凛", "凛々しい", False),
        ("凛", "凛とした声", False),
        ("凛", "凛として", False),
        ("凛", "凛然", False),
        ("凛", "勇凛は", False),
        ("遥", "遥かな空", False),
        ("遥", "遥か？", True),
        ("咲", "花が咲いた", False),
        ("ゆい", "凛とゆいは聖水を買った。", True),
        ("ゆい", "ゆいちゃん！", True),
        ("ゆい", "かゆいの", False),
        ("ゆい", "ゆいごん", False),
        ("ゆい", "まばゆいが", False),
        ("ゆい", "はい、ゆい", True),
        ("みか", "みかんを食べた", False),
        ("みか", "これはみかの", False),
    ],
)
def test_a_tiny_name_is_found_only_where_nothing_else_can_be_read(name: str, text: str, *, found: bool) -> None:
    made = entry(name, "某某", person=True)
    assert made is not None
    assert bool(Matcher([made]).hits(text)) is found


def test_a_name_with_signs_is_found_as_it_is() -> None:
    made = [each for name in ("聖水（大）", "サンダー！") if (each := entry(name, "某某")) is not None]
    assert [e.src for e in Matcher(made).hits("聖水(大)とサンダー！")] == ["聖水（大）", "サンダー！"]
    assert Matcher(made).hits("聖水とサンダーと（大）") == ()


@pytest.mark.parametrize(
    ("term", "called"),
    [
        ("ゴルド", True),
        ("精霊魔法", True),
        ("炎属性", True),
        ("長剣類", True),
        ("最大体力", True),
        ("はい", False),
        ("戦う", False),
        ("炎", False),
        ("セーブ", False),
        ("は流星斬を放った！", False),
        ("は力尽きた", False),
        ("アイテムが見つからなかった。", False),
        ("はじまりの村", True),
    ],
)
def test_terms_are_told_from_everyday_words_and_sentences(term: str, *, called: bool) -> None:
    assert is_called(term) is called


def test_what_stands_inside_a_name_is_found_in_all_places_and_never_the_name_itself() -> None:
    matcher = Matcher(names(("魔王の城", "x"), ("城の鍵", "x"), ("魔王", "x"), ("魔王の城の鍵", "x")))
    assert matcher.inside("魔王の城の鍵") == {"魔王の城", "城の鍵", "魔王"}
    assert matcher.inside("魔王") == set()


def test_names_come_in_rounds_each_after_what_stands_in_it() -> None:
    sought = ("魔王", "魔王の城", "城の鍵", "エリナ", "ｴﾘﾅ", "魔王の城の鍵")
    found = nesting.rounds((*sought, "エリナの家", "剣"), sought)
    assert [sorted(each) for each in found] == [
        ["エリナ", "剣", "城の鍵", "魔王"],
        ["エリナの家", "魔王の城"],
        ["魔王の城の鍵"],
    ]


@given(st.lists(st.text("魔王城のリンAbｱ ", max_size=5), max_size=12), st.data())
def test_each_name_has_a_round_behind_all_that_stand_in_it(texts: list[str], data: st.DataObject) -> None:
    sought = [
        text for text in (data.draw(st.lists(st.sampled_from(texts), max_size=8)) if texts else []) if text.strip()
    ]
    found = nesting.rounds(texts, sought)
    assert sorted(name for each in found for name in each) == sorted({normalised(text.strip()) for text in texts})
    place = {name: number for number, each in enumerate(found) for name in each}
    matcher = Matcher(map(wanted, sought))
    assert all(place[normalised(inside)] < place[name] for name in place for inside in matcher.inside(name))
