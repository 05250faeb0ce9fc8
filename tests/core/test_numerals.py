from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.numerals import in_digits, values, versions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十三", 23), ("百", 100), ("一千零五", 1005), ("两百五", 250), ("三万五", 35_000), ("一万二千三百", 12_300),
        ("二〇二〇", 2020), ("廿三", 23), ("三点五", Fraction(7, 2)), ("十二万", 120_000), ("壱万円", 10_000),
        ("３万5000", 35_000), ("1億2000万", 120_000_000), ("1,234,567", 1_234_567), ("20 million", 20_000_000),
        ("twenty-three", 23), ("a hundred and five", 105), ("two thousand four hundred", 2400), ("ninety-ninth", 99),
        ("XIV", 14), ("Ⅲ", 3), ("⑫", 12), ("٣", 3),
    ],
)  # fmt: skip
def test_numbers_are_read(text: str, value: int | Fraction) -> None:
    assert Fraction(value) in values(text)


@pytest.mark.parametrize("text", ["", "やめろ", "I am no one's fool", "Mix", "Civil"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert not {value for value in values(text) if value > 1}


def test_a_version_is_no_number() -> None:
    assert versions("v1.2.３") == {"1.2.3"}
    assert values("v1.2.3") == frozenset()


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["{}", "{:,}", "a{}b", "（{}）"]))
def test_every_number_in_digits_is_found(number: int, shape: str) -> None:
    text = shape.format(number)
    (found,) = in_digits(text)
    assert found.value == number
    assert text[slice(*found.span)] == found.text
