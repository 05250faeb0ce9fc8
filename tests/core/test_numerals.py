from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.numerals import in_digits, other_readings, values, versions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二十三", 23), ("百", 100), ("一千零五", 1005), ("两百五", 250), ("三万五", 35_000), ("一万二千三百", 12_300),
        ("二〇二〇", 2020), ("廿三", 23), ("三点五", Fraction(7, 2)), ("十二万", 120_000), ("壱万円", 10_000),
        ("３万5000", 35_000), ("1億2000万", 120_000_000), ("1,234,567", 1_234_567), ("20 million", 20_000_000),
        ("twenty-three", 23), ("a hundred and five", 105), ("two thousand four hundred", 2400), ("ninety-ninth", 99),
        ("XIV", 14), ("Ⅲ", 3), ("⑫", 12), ("٣", 3),
        ("1.000 Gold", 1000), ("1 000 000", 1_000_000), ("1\u00a0234,5", Fraction(2469, 2)), ("1,5 km", Fraction(3, 2)),
        ("12.30 Uhr", 30), ("3.5.2024", 2024), ("5 Mio.", 5_000_000), ("1,5 млн", 1_500_000), ("100 тысяч", 100_000),
        ("2 milliards", 2 * 10**9), ("3 mil", 3000), ("10 万", 100_000), ("3 dozen", 36), ("1万 2千", 2000),
        ("1만 2천", 12_000), ("삼십오", 35), ("오천", 5000), ("스물다섯", 25), ("1m80", 180), ("一米七", 170),
        ("nineteen forty-five", 1945), ("twenty-twelve", 2012), ("one-fifty", 150), ("two centuries", 200),
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


def test_where_other_readings_stand_is_told() -> None:
    text = "ab 1.000 cd 1,5"
    assert [(text[slice(*r.span)], r.values) for r in other_readings(text)] == [
        ("1.000", (Fraction(1000),)),
        ("1,5", (Fraction(3, 2),)),
    ]


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["{}", "{:,}", "a{}b", "（{}）"]))
def test_every_number_in_digits_is_found(number: int, shape: str) -> None:
    text = shape.format(number)
    (found,) = in_digits(text)
    assert found.value == number
    assert text[slice(*found.span)] == found.text
