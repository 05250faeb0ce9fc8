import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.engine.estimate import DEFAULT, Rates, tokens


def test_an_empty_text_is_no_token() -> None:
    assert tokens("") == 0


# Counts by Qwen2.5's and Gemma's own vocabularies lie at or below these texts' guesses, and above half of them.
@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("ここは始まりの村です。", 7, 14),
        ("这里是最初的村庄。", 6, 12),
        ("This is the beginning of the village.", 8, 18),
        (r"\C[2]勇者\C[0]よ", 10, 16),
        ("2026", 4, 4),
        ("😀😀😀", 3, 9),
    ],
)
def test_each_script_has_its_own_rate(text: str, least: int, most: int) -> None:
    assert least <= tokens(text) <= most


@given(st.text())
def test_no_text_is_free_and_none_costs_more_than_its_dearest_rate(text: str) -> None:
    assert (tokens(text) > 0) == bool(text)
    assert tokens(text) <= len(text) * DEFAULT.other + 1


@given(st.text(), st.text())
def test_a_longer_text_never_costs_less(text: str, more: str) -> None:
    assert tokens(text + more) >= tokens(text)


def test_every_character_is_counted_once() -> None:
    ones = Rates(kana=1, han=1, hangul=1, latin=1, digit=1, markup=1, other=1)
    text = "あア一가aé 1\\[]\n。，…😀ไ" + "".join(map(chr, range(0x20, 0x3100)))
    assert tokens(text, ones) == len(text)
