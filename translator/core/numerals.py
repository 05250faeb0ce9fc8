"""The numbers that a text names: in digits, in Chinese and Japanese numerals, in English words."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from unicodedata import numeric

import regex

Value = Fraction
"""A number; exact, so that 0.1 is 0.1."""

_UNITS = {
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12,
    "拾": 10, "佰": 100, "仟": 1000, "만": 10**4, "억": 10**8, "천": 1000, "백": 100,
}  # fmt: skip
_DIGITS = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "两": 2, "兩": 2, "俩": 2, "倆": 2, "双": 2, "雙": 2, "仨": 3,
    "壱": 1, "弐": 2, "参": 3, "壹": 1, "贰": 2, "貳": 2, "叁": 3, "參": 3, "肆": 4, "伍": 5, "陆": 6, "陸": 6,
    "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
_SMALL_UNIT = 10**4

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
    "once": 1, "single": 1, "solo": 1, "alone": 1, "twice": 2, "both": 2, "couple": 2, "pair": 2, "double": 2,
    "dual": 2, "twin": 2, "twins": 2, "duo": 2, "thrice": 3, "triple": 3, "trio": 3, "thirds": 3,
    "quarter": 4, "quarters": 4, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "eighths": 8, "tenths": 10,
    "teens": 10,
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
    "dozen": 12, "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_SCALES = {
    "hundred": 100, "hundreds": 100, "hundredth": 100, "thousand": 1000, "thousands": 1000, "thousandth": 1000,
    "million": 10**6, "millions": 10**6, "billion": 10**9, "billions": 10**9, "trillion": 10**12,
    "k": 1000, "mil": 10**6,
}  # fmt: skip
_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_NUMBER = regex.compile(
    r"(?P<digits>\d{1,3}(?:[,，'’]\d{3})+(?!\d)(?:[.．]\d+)?|\d+(?:[.．]\d+)*)"
    r"(?P<unit>[十百千万萬亿億兆만억천백]*)(?:\s?(?P<scale>(?i:hundred|thousand|million|billion|trillion|mil|k)\b))?"
)
_GROUPING = regex.compile("[,，'’]")
_HAN = regex.compile(f"[廿卅{''.join({**_UNITS, **_DIGITS})}]+(?:[点點][{''.join(_DIGITS)}]+)?")
_ANY_WORD = rf"\b(?:{'|'.join((*_WORDS, *_SCALES))})\b"
_ENGLISH = regex.compile(rf"{_ANY_WORD}(?:(?:\s|-|‐|,\s|\sand\s|\sa\s)*{_ANY_WORD})*", regex.IGNORECASE)
_WORD = regex.compile(r"\p{L}+")
_ROMAN = regex.compile(r"\b(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_SIGNS = regex.compile("[Ⅰ-Ⅻⅰ-ⅻ①-⑳❶-❿㈠-㈩]")


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in digits: how it is spelled, where, and its value (None: no number but a version, 1.2.3)."""

    text: str
    span: tuple[int, int]
    value: Value | None


def in_digits(text: str) -> Iterator[Number]:
    """The numbers that are written in digits of any width, their thousands and their units read too.

    `3万5000` is one number, so is `20 million`.
    """
    waiting: Number | None = None
    for match in _NUMBER.finditer(text):
        digits = _GROUPING.sub("", match["digits"]).replace("．", ".")
        spelled = "".join(str(int(c)) if c.isdecimal() else c for c in digits)
        value = None if spelled.count(".") > 1 else Fraction(spelled) * _unit(match["unit"], match["scale"])
        number = Number(match.group() if value is not None else spelled, match.span(), value)
        if waiting is not None:
            number, done = _continued(waiting, number)
            if done is not None:
                yield done
        waiting = number
    if waiting is not None:
        yield waiting


def _unit(unit: str, scale: str | None) -> int:
    size = _SCALES[scale.lower()] if scale else 1
    for sign in unit:
        size *= _UNITS[sign]
    return size


def _continued(first: Number, second: Number) -> tuple[Number, Number | None]:
    """One number where the second goes on the first (1億2000万), else the second, and the first as a number."""
    if first.value is None or second.value is None or first.span[1] != second.span[0] or second.value >= first.value:
        return second, first
    text, span = first.text + second.text, (first.span[0], second.span[1])
    return Number(text, span, first.value + second.value), None


@lru_cache(maxsize=1024)
def values(text: str) -> frozenset[Value]:
    """All numbers that a text may be read to name, in digits or words; generous, as words may be no numbers at all."""
    found = {number.value for number in in_digits(text) if number.value is not None}
    if not text.isascii():
        for match in _HAN.finditer(text):
            found |= _of_han(match.group())
        for match in _SIGNS.finditer(text):
            found.add(Fraction(int(numeric(match.group()))))
    for match in _ENGLISH.finditer(text):
        found |= _of_english(match.group().lower())
    for match in _ROMAN.finditer(text):
        if match.group():
            found.add(Fraction(_of_roman(match.group().lower())))
    return frozenset(found)


def versions(text: str) -> frozenset[str]:
    """What is written like 1.2.3, in half-width digits."""
    return frozenset(number.text for number in in_digits(text) if number.value is None)


def _of_han(run: str) -> set[Value]:
    """The readings of a run of numerals: as one number with its units, and as a row of digits."""
    whole, _, fraction = run.translate(_TENS).replace("點", "点").partition("点")
    readings: set[Value] = set()
    if all(c in _DIGITS for c in whole):
        readings = {Fraction(_DIGITS[c]) for c in whole}  # 三四 is three or four
        value = Fraction(int("".join(str(_DIGITS[c]) for c in whole)))
    else:
        value = Fraction(_with_units(whole))
    if fraction:
        value += Fraction(int("".join(str(_DIGITS[c]) for c in fraction)), 10 ** len(fraction))
    return readings | {value}


def _with_units(run: str) -> int:
    total = section = digit = 0
    last = 1
    for c in run:
        if c in _DIGITS:
            digit = _DIGITS[c]
            continue
        unit = _UNITS[c]
        last = unit
        if unit >= _SMALL_UNIT:
            total += (section + digit or 1) * unit
            section = 0
        else:
            section += (digit or 1) * unit
        digit = 0
    # 两百五 is 250, 三万五 35,000: a digit after a unit counts tenths of it, unless a zero says otherwise.
    if digit and last >= 100 and len(run) > 1 and run[-2] not in "零〇":  # noqa: PLR2004 - a hundred
        digit *= last // 10
    return total + section + digit


def _of_english(phrase: str) -> set[Value]:
    """The readings of a run of number words: the whole, and each part."""
    words = [word for word in _WORD.findall(phrase) if word in _WORDS or word in _SCALES]
    readings = {Fraction(_WORDS.get(word, _SCALES.get(word, 0))) for word in words}
    total = current = 0
    for word in words:
        if word in _WORDS:
            current += _WORDS[word]
        elif _SCALES[word] == 100:  # noqa: PLR2004 - a hundred
            current = (current or 1) * 100
        else:
            total += (current or 1) * _SCALES[word]
            current = 0
        readings.add(Fraction(total + current))
    return readings


def _of_roman(numeral: str) -> int:
    total = 0
    for here, after in zip(numeral, numeral[1:] + " ", strict=True):
        value = _LETTERS[here]
        total += -value if value < _LETTERS.get(after, 0) else value
    return total
