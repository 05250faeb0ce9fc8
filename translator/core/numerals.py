"""The numbers that a text names: in digits, in Chinese, Japanese and Korean numerals, in English words."""

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
    "dual": 2, "twin": 2, "twins": 2, "duo": 2, "thrice": 3, "triple": 3, "trio": 3, "thirds": 3, "triplets": 3,
    "quartet": 4, "quadruple": 4, "quadruplets": 4, "quintet": 5, "quintuple": 5, "quintuplets": 5,
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
    "quadrillion": 10**15, "k": 1000, "mil": 10**6, "decade": 10, "decades": 10, "century": 100, "centuries": 100,
    "millennium": 1000, "millennia": 1000,
}  # fmt: skip
# What multiplies a number in digits in other languages, by how the word begins.
_SCALES_ELSEWHERE = {
    "тыс": 10**3, "тис": 10**3, "млн": 10**6, "милли": 10**6, "мільй": 10**6, "млрд": 10**9, "миллиард": 10**9,
    "мільяр": 10**9, "трлн": 10**12, "трилли": 10**12, "tsd": 10**3, "tausend": 10**3, "mio": 10**6, "million": 10**6,
    "mrd": 10**9, "milliard": 10**9, "billionen": 10**12, "mille": 10**3, "millon": 10**6, "millón": 10**6,
    "milhã": 10**6, "milhõ": 10**6, "milion": 10**6, "miliar": 10**9, "mln": 10**6, "mld": 10**9, "tys": 10**3,
    "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9, "ribu": 10**3, "juta": 10**6,
    "milyon": 10**6, "milyar": 10**9, "พัน": 10**3, "หมื่น": 10**4, "แสน": 10**5, "ล้าน": 10**6, "ألف": 10**3,
    "آلاف": 10**3, "مليون": 10**6, "ملايين": 10**6, "dozen": 12, "decade": 10, "centur": 100, "millenni": 10**3,
}  # fmt: skip
_SHORT_SCALES = {"mil": 10**3, "bin": 10**3, "m": 10**6}
_LETTERS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_NUMBER = regex.compile(
    r"(?P<digits>\d{1,3}(?:[,，'’]\d{3})+(?!\d)(?:[.．]\d+)?|\d+(?:[.．]\d+)*)"
    r"(?P<unit>[十百千万萬亿億兆만억천백]*)(?:\s?(?P<scale>(?i:hundred|thousand|million|billion|trillion|quadrillion|mil|k)\b))?"
)
_HANGUL = regex.compile(r"\p{Script=Hangul}")
_GROUPING = regex.compile("[,，'’]")
_HAN = regex.compile(f"[廿卅{''.join({**_UNITS, **_DIGITS})}]+(?:[点點][{''.join(_DIGITS)}]+)?")
_ANY_WORD = rf"\b(?:{'|'.join((*_WORDS, *_SCALES))})\b"
_ENGLISH = regex.compile(rf"{_ANY_WORD}(?:(?:\s|-|‐|,\s|\sand\s|\sa\s)*{_ANY_WORD})*", regex.IGNORECASE)
_WORD = regex.compile(r"\p{L}+")
_ROMAN = regex.compile(r"\b(?=[IVXLC])(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})\b")
_SIGNS = regex.compile("[Ⅰ-Ⅻⅰ-ⅻ①-⑳❶-❿㈠-㈩]")

# Korean: numerals that are syllables of other words too, so only from a word's beginning and with a unit.
_KOREAN = regex.compile(
    r"(?<!\p{Script=Hangul})[일이삼사오육륙칠팔구영공]*[십백천만억][일이삼사오육륙칠팔구십백천만억]*"
)
_TO_HAN = str.maketrans("일이삼사오육륙칠팔구영공십", "一二三四五六六七八九零零十")
_KOREAN_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
_KOREAN_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "아홉": 9,
}  # fmt: skip
_KOREAN_NATIVE = regex.compile(rf"(?<!\p{{Script=Hangul}})({'|'.join(_KOREAN_TENS)})\s?({'|'.join(_KOREAN_ONES)})?")

# What digits may mean elsewhere: 1.000 or 1 000 for a thousand, 1,5 for one and a half, 3.5.2024 for a day, 12.30 for
# a time, 5 Mio. for five million, 1m80 for 180 cm.
_TO_READ_AGAIN = regex.compile(r"\d(?:[.,\u00a0\u2009\u202f ]\d|[ \u00a0]?\p{L})|米")
_GROUPED = regex.compile(
    r"(?<![\d.,])(?P<whole>\d{1,3}(?P<mark>[. \u00a0\u2009\u202f])\d{3}(?:(?P=mark)\d{3})*)(?!\d)(?:,(?P<part>\d+))?"
)
_COMMA = regex.compile(r"(?<![\d.,])(\d+),(\d+)(?!\d|[.,]\d)")
_PARTS = regex.compile(
    r"(?<![\d.])(?:(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d)|(\d{4})\.(\d{1,2})\.(\d{1,2})|(\d{1,2})\.(\d\d))(?!\d|\.\d)"
)
_SCALED = regex.compile(
    rf"(\d+(?:[.,]\d+)?)[ \u00a0]?(?:((?:{'|'.join(_SCALES_ELSEWHERE)})\p{{L}}*|(?:mil|bin|(?-i:M))(?!\p{{L}}))"
    r"|([十百千万萬亿億兆만억천백]+))",
    regex.IGNORECASE,
)
_METRES = regex.compile(
    rf"(?<!\d)([1-9]|[{''.join(_DIGITS)}])\s?(?:米|m|メートル)\s?(\d{{1,2}}|[{''.join(_DIGITS)}]{{1,2}})(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in digits: how it is spelled, where, and its value (None: no number but a version, 1.2.3)."""

    text: str
    span: tuple[int, int]
    value: Value | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What digits of a text may mean instead, where its language writes so: where they stand, and their values."""

    span: tuple[int, int]
    values: tuple[Value, ...]


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
            number, done = _continued(waiting, number, text)
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


def _continued(first: Number, second: Number, text: str) -> tuple[Number, Number | None]:
    """One number where the second goes on the first (1億2000万, 1만 2천), else the second, and the first as one."""
    if first.value is None or second.value is None or second.value >= first.value:
        return second, first
    between = text[first.span[1] : second.span[0]]
    if between and not (between == " " and first.text[-1] in "만억천"):
        return second, first
    span = (first.span[0], second.span[1])
    return Number(text[slice(*span)], span, first.value + second.value), None


@lru_cache(maxsize=1024)
def other_readings(text: str) -> tuple[Reading, ...]:
    """What digits of a text may mean besides what `in_digits` takes them for.

    Languages differ in what they group thousands with and set fractions off with, and nobody tells which way a text
    goes: where one reading fits, the number is there.
    """
    return tuple(_other_readings(text)) if _TO_READ_AGAIN.search(text) else ()


def _other_readings(text: str) -> Iterator[Reading]:
    for match in _GROUPED.finditer(text):
        whole = "".join(c for c in match["whole"] if c.isdecimal())
        yield Reading(match.span(), (Fraction(f"{whole}.{match['part'] or 0}"),))
    for match in _COMMA.finditer(text):
        yield Reading(match.span(), (Fraction(f"{match[1]}.{match[2]}"),))
    for match in _PARTS.finditer(text):
        yield Reading(match.span(), tuple(Fraction(part) for part in match.groups() if part))
    for match in _SCALED.finditer(text):
        size = _unit(match[3], None) if match[3] else _scale_elsewhere(match[2].lower())
        yield Reading(match.span(), (Fraction(match[1].replace(",", ".")) * size,))
    for match in _METRES.finditer(text):
        metres, rest = (int("".join(str(_DIGITS.get(c, c)) for c in part)) for part in match.groups())
        size = Fraction(metres) + Fraction(rest, 10 ** len(match[2]))
        yield from (Reading(match.span(), (size,)), Reading(match.span(), (size * 100,)))


def _scale_elsewhere(word: str) -> int:
    beginnings = [begin for begin in _SCALES_ELSEWHERE if word.startswith(begin)]
    return _SCALES_ELSEWHERE[max(beginnings, key=len)] if beginnings else _SHORT_SCALES[word]


@lru_cache(maxsize=1024)
def values(text: str) -> frozenset[Value]:
    """All numbers that a text may be read to name, in digits or words; generous, as words may be no numbers at all."""
    found = {number.value for number in in_digits(text) if number.value is not None}
    found.update(value for reading in other_readings(text) for value in reading.values)
    if not text.isascii():
        for match in _HAN.finditer(text):
            found |= _of_han(match.group())
        for match in _SIGNS.finditer(text):
            found.add(Fraction(int(numeric(match.group()))))
        if _HANGUL.search(text):
            found |= _of_korean(text)
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


def _of_korean(text: str) -> set[Value]:
    """The numbers that Korean spells out, in numerals of both kinds (오천, 스물다섯)."""
    found = {Fraction(_with_units(match.group().translate(_TO_HAN))) for match in _KOREAN.finditer(text)}
    for match in _KOREAN_NATIVE.finditer(text):
        found.add(Fraction(_KOREAN_TENS[match[1]] + _KOREAN_ONES.get(match[2], 0)))
    return found


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
    return readings | _of_pairs([_WORDS.get(word, 0) for word in words])


def _of_pairs(parts: list[int]) -> set[Value]:
    """Numbers that are said in two halves: nineteen forty-five, twenty-twelve, one-fifty."""
    found: set[Value] = set()
    for at in range(1, len(parts)):
        tens, ones = parts[at], parts[at + 1] if at + 1 < len(parts) else 0
        before = parts[at - 1] + (parts[at - 2] if at > 1 and parts[at - 1] < 10 <= parts[at - 2] else 0)  # noqa: PLR2004
        if before and 10 <= tens < 100:  # noqa: PLR2004 - two digits
            found |= {Fraction(before * 100 + tens), Fraction(before * 100 + tens + (ones if ones < 10 else 0))}  # noqa: PLR2004
    return found


def _of_roman(numeral: str) -> int:
    total = 0
    for here, after in zip(numeral, numeral[1:] + " ", strict=True):
        value = _LETTERS[here]
        total += -value if value < _LETTERS.get(after, 0) else value
    return total
