"""Numbers that are said in another way than by their value: as a time, a share, in another unit, in a word."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import regex


def _any(words: str) -> "regex.Pattern[str]":
    return regex.compile(words, regex.IGNORECASE)


_TIME: Final = _any(r"[時时点點시:：]|\b[ap]\.?m\b|o.clock|noon|midnight|\bUhr\b|\d\s?h\b|час")
_LATEST: Final = 30
"""The last hour that is counted past midnight (29時: 5 in the morning), and one."""
_TO: Final = _any(r"\b(?:quarter|half|five|ten|twenty)\s(?:to|till|before)\b|差[一二两三四五十]+[刻分]")
_HOUR: Final = 60

_TENTHS: Final = _any("[0-9０-９一二两三四五六七八九半][割成折]|分の|/|／")
_TENTHS_AND_MORE: Final = regex.compile("([一二三四五六七八九])成([一二三四五六七八九])")
_ONES: Final = "〇一二三四五六七八九"
_PERCENT: Final = _any("[%％]|パーセント|百分|per ?cent")

_HALF: Final = _any("半|half|half-|moitié|hälfte|mitad|полов")
_HALVES: Final = frozenset({Fraction(1, 2), Fraction(6), Fraction(30), Fraction(50)})
_HALVED: Final = 2
_FIVE_TENTHS: Final = Fraction(5)
_QUARTER: Final = _any("刻|quarter")
_QUARTERS: Final = frozenset({Fraction(3), Fraction(15), Fraction(25), Fraction(45), Fraction(75)})
_ALL: Final = Fraction(100)
_ENTIRELY: Final = _any("(?:100|１００|百) ?(?:[%％]|パーセント|per ?cent)|百分")

# What is said in a word: by the number, how the word may read.
_IN_A_WORD: Final = {
    0: _any(r"\b(?:no|none|nothing|never|empty|midnight)\b|[无無没沒空]|ゼロ|なし|午夜|полноч|mitternacht"),
    4: _any(r"clover"),
    5: _any(r"五五"),
    7: _any("week|周|週|星期|礼拜|全天候|around the clock"),
    10: _any("decade"),
    12: _any(
        r"\b(?:mid|after)?noon\b|midday|midnight|正午|中午|午夜|真夜中|昼|полдень|полноч|mittag|christmas|圣诞|腊月|除夕"
    ),
    14: _any("week|周|週|星期|礼拜|valentine|情人节"),
    18: _any(r"adult|成人|成年"),
    24: _any(
        r"\bday\b|all[- ]day|around the clock|[全整]天|全年|[天日昼夜]|midnight|零点|полноч|mitternacht|christmas|圣诞"
    ),
    25: _any("christmas|圣诞|クリスマス"),
    31: _any("月底|月末|end of the month|new year|除夕|大晦日"),
    50: _any("fifty|五五|对半|平分"),
    60: _any("hour|minute|小时|小時|時間|分钟"),
    100: _any("centur|世纪|世紀|满分|滿分|perfect|full (?:score|marks)"),
    110: _any("police|警"),
    119: _any("ambulance|fire|消防|火警|急救|救护"),
    120: _any("急救|救护|ambulance|全力|全部"),
    365: _any("year|年|every day|每天|毎日"),
    1000: _any("millenni|千年"),
}

_METRE, _GRAM = r"m\b|met[re]{2}s?\b|[米メ]", r"g\b|gramm?e?s?\b|克|グラム"
_HOURS, _MINUTES = (
    _any(r"時間|小时|小時|[钟鐘][头頭]|시간|hour|stunde|heure|hora|час"),
    _any(r"分|minut|분|\bmin\b|мин"),
)
_DAYS = _any(r"[日天夜]|\bdays?\b|일|\btage?\b|jour|д[еён]н|día")
# So many of the second make one of the first.
_UNITS: Final = (
    (60, _HOURS, _MINUTES),
    (60, _MINUTES, _any(r"秒|초|second|sekund|segund|сек")),
    (24, _DAYS, _HOURS),
    (7, _any(r"[週周]|星期|[礼禮]拜|week|주|woche|semain|недел"), _DAYS),
    (12, _any(r"[年岁歳歲]|year|년|살|jahr|ans?\b|год|лет"), _any(r"月|month|개월|monat|mois|мес")),
    (10, _any(r"decade|十年"), _any("年|year")),
    (12, _any(r"dozen|打|ダース|dutzend|douzain|дюжин"), _any("")),
    (1000, _any(rf"k(?:{_METRE}|ilo)|キロ|公里|千米|км"), _any(rf"{_METRE}|м\b")),
    (1000, _any(rf"k(?:{_GRAM}|ilo)|キロ|公斤|千克|кг"), _any(rf"{_GRAM}|г\b")),
    (500, _any("斤"), _any(rf"{_GRAM}")),
    (1000, _any(r"lit[re]{2}|リットル|升|l\b"), _any(r"ml|ミリ|毫升")),
    (100, _any(rf"{_METRE}|м\b"), _any(r"cm|センチ|厘米|公分|см")),
)  # fmt: skip


# What one country measures and pays with, and another: here the numbers become others.
_SYSTEMS: Final = (
    _any(
        r"[kc]m\b|kg\b|met(?:er|re)s?\b|kilo|公里|公斤|厘米|[平公]米|メートル|キロ|センチ|グラム|平米|米\d|\dm\d|м\b|км|кг"
    ),
    _any(
        r"\bmiles?\b|\bpounds?\b|\blbs?\b|\bfeet\b|\bfoot\b|inch|\d['′]\d|英里|英尺|英寸|英磅|磅|マイル|フィート|ポンド|インチ|миль"
    ),
    _any(r"\d ?[坪尺寸畳丈里斤両]"),
    _any(r"℃|°C\b|celsius|摂氏|摄氏|\d ?度"),
    _any(r"℉|°F\b|fahrenheit|華氏|华氏|degrees"),
    _any(r"円|yen|日元|日圓|¥|￥|エン|иен"),
    _any(r"\$|dollar|美元|ドル|€|euro|欧元|ユーロ|英镑|人民币"),
    _any(r"\d ?[/／] ?\d|\d分の\d|\d割"),
    _any(r"[%％]"),
)


@dataclass(frozen=True, slots=True)
class Side:
    """A text, the source or its translation, and the numbers that it names."""

    text: str
    values: frozenset[Fraction]


def is_said(value: Fraction, of: Side, said: Side) -> bool:
    """Whether `value`, a number of the text `of`, is named by `said` in another way.

    Hours of 12, 24 and 30, tenths and percents, halves and quarters, smaller and larger units, and words.
    """
    return (
        _as_time(value, of, said)
        or _as_share(value, of, said)
        or _in_a_word(value, of, said)
        or _in_another_unit(value, of, said)
    )


def is_converted(source: str, target: str) -> bool:
    """Whether the target measures in another way than the source: miles for kilometres, percents for a fraction."""
    here, there = ([bool(system.search(text)) for system in _SYSTEMS] for text in (source, target))
    return any(a and not b for a, b in zip(here, there, strict=True)) and any(
        b and not a for a, b in zip(here, there, strict=True)
    )


def _as_time(value: Fraction, of: Side, said: Side) -> bool:
    if not 0 <= value <= _HOUR:
        return False
    if (value + 1 in said.values or _HOUR - value in said.values) and _TO.search(said.text):
        return True
    if value > _LATEST or not {value + 12, value - 12, value + 24, value - 24} & said.values:
        return False
    return _TIME.search(of.text) is not None or _TIME.search(said.text) is not None


def _as_share(value: Fraction, of: Side, said: Side) -> bool:
    """Tenths for percents and the other way round."""
    if _PERCENT.search(of.text):
        if value / 10 in said.values and _TENTHS.search(said.text):
            return True
        return any(
            value == 10 * _ONES.index(match[1]) + _ONES.index(match[2])
            for match in _TENTHS_AND_MORE.finditer(said.text)
        )
    if _TENTHS.search(of.text) is None:
        return False
    if value * 10 in said.values or (value == _FIVE_TENTHS and _HALF.search(said.text)):
        return True
    return value == 10 and _TENTHS.search(said.text) is not None  # noqa: PLR2004  7/10: 七成


def _in_a_word(value: Fraction, of: Side, said: Side) -> bool:
    if (value in _HALVES or value.denominator == _HALVED) and _HALF.search(said.text):
        return True
    if value in _QUARTERS and _QUARTER.search(said.text):
        return True
    if value == _ALL and _ENTIRELY.search(of.text):
        return True  # completely, for sure
    word = _IN_A_WORD.get(int(value)) if value.denominator == 1 else None
    if word is not None and word.search(said.text):
        return True
    # The nineties of any century.
    return value > 1000 and value % 10 == 0 and value % 100 in said.values and "年代" in of.text  # noqa: PLR2004


def _in_another_unit(value: Fraction, of: Side, said: Side) -> bool:
    return any(
        (_is_named(value * size, said) and large.search(of.text) and small.search(said.text))
        or (_is_named(value / size, said) and small.search(of.text) and large.search(said.text))
        for size, large, small in _UNITS
    )


def _is_named(value: Fraction, said: Side) -> bool:
    if value in said.values:
        return True
    return value.denominator == _HALVED and Fraction(int(value)) in said.values and _HALF.search(said.text) is not None
