import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.work import GlossaryEntry
from translator.glossary.adherence import missing
from translator.glossary.matcher import Matcher, PatternError


def found(entries: list[GlossaryEntry], text: str) -> list[tuple[str, str]]:
    return [(entry.src, entry.dst) for entry in Matcher(entries).hits(text)]


def term(src: str, dst: str = "x", *, case: bool = False) -> GlossaryEntry:
    return GlossaryEntry(src, dst, case=case)


def pattern(src: str, dst: str = "x", *, case: bool = False) -> GlossaryEntry:
    return GlossaryEntry(src, dst, case=case, regex=True)


@pytest.mark.parametrize(
    ("entries", "text", "expected"),
    [
        (["アリス", "魔法"], "アリスは剣を取った。", ["アリス"]),
        (["魔法", "魔法の剣", "剣"], "魔法の剣だ。", ["魔法の剣"]),
        (["魔法", "魔法の剣", "剣"], "剣と魔法の剣", ["魔法の剣", "剣"]),
        (["アリス", "アリステア"], "アリステア!", ["アリステア"]),
        (["ab", "bcd"], "abcd", []),
        (["あい", "いうえ"], "あいうえ", ["いうえ"]),
        (["ｱﾘｽ"], "アリスが来た", ["ｱﾘｽ"]),
        (["HP"], "ＨＰが回復した", ["HP"]),
        (["が"], "か\u3099", ["が"]),
        (["剣"], "聖剣", ["剣"]),
        (["AT"], "CAT AT BAT", ["AT"]),
        (["AT"], "CATS", []),
        (["HP"], "最大HPが", ["HP"]),
        (["Straße"], "die STRASSE oder Straße", ["Straße"]),
        (["アリス", "ボブ"], "ボブとアリスとボブ", ["アリス", "ボブ"]),
        (["", " "], "アリス", []),
        (["アリス"], "", []),
        ([" アリス "], "アリス", [" アリス "]),
    ],
)
def test_terms_are_found_longest_first(entries: list[str], text: str, expected: list[str]) -> None:
    assert [src for src, _ in found([term(src) for src in entries], text)] == expected


def test_case_counts_only_where_it_is_asked_for() -> None:
    entries = [term("Ice", "冰", case=True), term("fire", "火")]
    assert found(entries, "ICE FIRE ice") == [("fire", "火")]
    assert found(entries, "Ice Fire") == [("Ice", "冰"), ("fire", "火")]


def test_terms_that_differ_in_case_only_are_told_apart() -> None:
    entries = [term("Mark", "马克", case=True), term("mark", "标记", case=True)]
    assert found(entries, "Mark") == [("Mark", "马克")]
    assert found(entries, "a mark") == [("mark", "标记")]


def test_an_entry_without_a_translation_is_never_found() -> None:
    assert found([term("アリス", "")], "アリス") == []


def test_a_pattern_comes_as_what_it_matched() -> None:
    entries = [pattern(r"(\d+)階", r"\1楼"), pattern(r"(?<=\p{Script=Katakana}{2})ちゃん", "酱")]
    assert found(entries, "3階と１０階のアリスちゃんと兄ちゃん") == [("10階", "10楼"), ("3階", "3楼"), ("ちゃん", "酱")]
    assert [hit.regex for hit in Matcher(entries).hits("3階")] == [False]


def test_a_group_that_matched_nothing_is_empty_and_no_group_stays() -> None:
    assert found([pattern("(a)|(b)", r"[\1\2\3]")], "b") == [("b", r"[b\3]")]


def test_a_pattern_for_a_whole_text_is_found_in_no_other() -> None:
    entries = [pattern("^運$", "运气"), pattern("^Save$", "保存", case=True)]
    assert found(entries, "運") == [("運", "运气")]
    assert found(entries, "運ぶ") == []
    assert found(entries, "save") == []
    assert found(entries, "Save") == [("Save", "保存")]


def test_of_two_that_match_the_same_the_later_one_counts() -> None:
    assert found([pattern("^アイテム$", "道具"), term("アイテム", "物品")], "アイテム") == [("アイテム", "物品")]
    assert found([term("アイテム", "物品"), pattern("^アイテム$", "道具")], "アイテム") == [("アイテム", "道具")]


def test_a_pattern_that_is_none_is_an_error() -> None:
    with pytest.raises(PatternError, match="no pattern"):
        Matcher([pattern("(a")])


ALPHABET = "アイウ剣aA"


@given(st.lists(st.text(ALPHABET, min_size=1, max_size=4), unique=True, max_size=8), st.text(ALPHABET, max_size=20))
def test_only_what_occurs_is_found_and_all_that_nothing_longer_covers(sources: list[str], text: str) -> None:
    hits = {src for src, _ in found([term(src, case=True) for src in sources], text)}
    latin = "aA"
    for src in sources:
        places = [
            n
            for n in range(len(text))
            if text.startswith(src, n)
            and not (src[0] in latin and n and text[n - 1] in latin)
            and not (src[-1] in latin and text[n + len(src) : n + len(src) + 1] in list(latin))
        ]
        longer = any(len(other) >= len(src) and other != src for other in sources if set(other) & set(src))
        if src in hits:
            assert places
        elif not longer:
            assert not places


@given(st.text(max_size=30))
def test_any_text_may_be_looked_at(text: str) -> None:
    hits = found([term(text, "x")], text)
    spaceless = unicodedata.normalize("NFKC", text.strip())
    assert hits == ([(text, "x")] if text.strip() and spaceless in unicodedata.normalize("NFKC", text) else hits)


@pytest.mark.parametrize(
    ("dst", "target", "expected"),
    [
        ("爱丽丝", "爱丽丝来了。", []),
        ("爱丽丝", "艾丽丝来了。", ["アリス"]),
        ("爱丽丝|艾丽丝", "艾丽丝来了。", []),
        ("Alice", "ALICE came.", []),
        ("HP", "ＨＰ", []),
    ],
)
def test_a_translation_follows_the_glossary_with_any_alternative(dst: str, target: str, expected: list[str]) -> None:
    entries = [term("アリス", dst), term("ボブ", "鲍勃")]
    assert [entry.src for entry in missing(entries, "アリスが来た。", target)] == expected


def test_a_term_inside_a_longer_one_need_not_be_translated() -> None:
    entries = [term("魔法", "魔法术"), term("魔法の剣", "圣剑")]
    assert missing(entries, "魔法の剣", "圣剑") == []
