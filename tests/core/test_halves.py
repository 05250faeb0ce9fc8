import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.halves import first_half, joined


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("雪a", "雪a"),
        ("a\ud83d\ude00b", "a😀b"),
        ("a\ud83d", "a\ufffd"),
        ("\ude00雪", "\ufffd雪"),
        ("\ud83d好", "\ufffd好"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
    ],
)
def test_halves_that_fit_are_joined_and_others_are_replaced(text: str, whole: str) -> None:
    assert joined(text) == whole


@given(st.text(st.sampled_from("a雪😀\ud83d\ude00\udbff\udfff")))
def test_what_comes_out_can_always_be_written(text: str) -> None:
    joined(text).encode()


@given(st.text(st.characters(codec="utf-8")))
def test_whole_characters_stay_as_they_are(text: str) -> None:
    assert joined(text) == text
    assert first_half(text) == ""
