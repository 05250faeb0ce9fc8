"""A number of the source that the translation has lost or changed."""

from collections.abc import Iterator
from fractions import Fraction

import regex

from translator.core.finding import Severity
from translator.core.numerals import Number, in_digits, values, versions
from translator.engine.checks import Case, Check, Flaw

_DIGIT = regex.compile(r"\d")
_READ = frozenset({"en", "ja", "zh-CN", "zh-TW"})
"""Languages whose number words are known."""
_SPELLED = 20
"""Up to this a number may be written in words; they are not known in the other languages."""
_FEW = 2
"""Up to this a number may go into the grammar (1人で: alone, 2人とも: both)."""
_SHOWN = 3

# What says no number: "two or three" for a few, the base of a system (16進数: hexadecimal).
_ABOUT = regex.compile(r"[1-8１-８][、,，～~〜-][2-9２-９](?=[のつ個人日回度年本枚か])|\d+(?=進)")
_TIME = regex.compile(r"[時时点點시:：]|\b[ap]\.?m\b|o.clock|noon|midnight|\bUhr\b|\d\s?h\b", regex.IGNORECASE)
_NOON, _DAY = 12, 24
_TENTHS = regex.compile("[割成折]")
_PERCENT = regex.compile("[%％]|パーセント|百分|per ?cent", regex.IGNORECASE)
# What is said in a word: by the number, how the word may read.
_IN_A_WORD = {
    0: regex.compile(r"\b(?:no|none|nothing|never|empty)\b|[无無没沒空]|ゼロ|なし", regex.IGNORECASE),
    7: regex.compile("week|周|週|星期|礼拜", regex.IGNORECASE),
    10: regex.compile("decade", regex.IGNORECASE),
    14: regex.compile("week|周|週|星期|礼拜", regex.IGNORECASE),
    24: regex.compile(r"\bday\b|all[- ]day|around the clock|全天|整天|[天日昼夜]", regex.IGNORECASE),
    60: regex.compile("hour|minute|小时|小時|時間|分钟", regex.IGNORECASE),
    100: regex.compile("centur|世纪|世紀", regex.IGNORECASE),
    365: regex.compile("year|年", regex.IGNORECASE),
}
_HALF = regex.compile("半|half|half-|moitié|hälfte|mitad|полов", regex.IGNORECASE)
_HALVES = frozenset({Fraction(1, 2), Fraction(6), Fraction(30), Fraction(50)})
_HALVED = 2
_QUARTER = regex.compile("刻|quarter", regex.IGNORECASE)
_QUARTERS = frozenset({Fraction(3), Fraction(15), Fraction(25), Fraction(45), Fraction(75)})
_ALL = Fraction(100)


def look(case: Case) -> Iterator[Flaw]:
    """Flag a number in digits of the source that the target does not name in any way.

    Digits of any width, Chinese and Japanese numerals and English words count alike; so do times of 12 and 24 hours,
    tenths and percents, halves and quarters. An error where the target has a number in its place that the source has
    not, else a warning; not flagged alone: what may go into the grammar (1 and 2), and in languages whose number words
    are not known here what may be spelled out (up to 20). Numbers inside markup and in terms of the glossary do not
    count.
    """
    if _DIGIT.search(case.before) is None:
        return
    few = [m.span() for m in _ABOUT.finditer(case.before)]
    source = [
        number
        for number in in_digits(case.before)
        if not _in_a_term(number, case) and not any(a <= number.span[0] < b for a, b in few)
    ]
    there = values(case.after)
    lost = [number for number in source if not _is_there(number, there, case)]
    if not lost:
        return
    known = values(case.before)
    added = [n for n in in_digits(case.after) if n.value is not None and not _is_known(n.value, known, case)]
    names = ", ".join(dict.fromkeys(number.text for number in lost[:_SHOWN]))
    if added:
        instead = ", ".join(dict.fromkeys(number.text for number in added[:_SHOWN]))
        yield Flaw(f"the number {names} has become {instead}")
    elif any(not _may_go(number, case) for number in lost):
        yield Flaw(f"the number {names} is lost", severity=Severity.WARNING)


def _in_a_term(number: Number, case: Case) -> bool:
    """Whether a glossary entry decides what becomes of the number."""
    return any(number.text in entry.src for entry in case.unit.glossary)


def _is_there(number: Number, there: frozenset[Fraction], case: Case) -> bool:
    value = number.value
    if value is None:
        return number.text in versions(case.after)
    return value in there or _as_time(value, there, case) or _as_share(value, there, case) or _in_a_word(value, case)


def _as_time(value: Fraction, there: frozenset[Fraction], case: Case) -> bool:
    if not 0 <= value <= _DAY or not {value + _NOON, value - _NOON} & there:
        return False
    return _TIME.search(case.before) is not None or _TIME.search(case.after) is not None


def _as_share(value: Fraction, there: frozenset[Fraction], case: Case) -> bool:
    """Tenths for percents and the other way round."""
    if value / 10 in there and _PERCENT.search(case.before):
        return _TENTHS.search(case.after) is not None
    return value * 10 in there and _TENTHS.search(case.before) is not None


def _in_a_word(value: Fraction, case: Case) -> bool:
    if (value in _HALVES or value.denominator == _HALVED) and _HALF.search(case.after):
        return True
    if value in _QUARTERS and _QUARTER.search(case.after):
        return True
    if value == _ALL and _PERCENT.search(case.before):
        return True  # completely, for sure
    word = _IN_A_WORD.get(int(value)) if value.denominator == 1 else None
    return word is not None and word.search(case.after) is not None


def _is_known(value: Fraction, known: frozenset[Fraction], case: Case) -> bool:
    """Whether a number of the target may come from the source: also as a time or a share."""
    if value in known or _as_time(value, known, case):
        return True
    shared = _PERCENT.search(case.after) is not None or _TENTHS.search(case.after) is not None
    return shared and bool({value * 10, value / 10} & known)


def _may_go(number: Number, case: Case) -> bool:
    if number.value is None:
        return False
    return number.value <= (_FEW if case.desk.target.code in _READ else _SPELLED)


CHECK = Check(
    "numbers",
    Severity.ERROR,
    look,
    "a number in digits that the translation does not name, neither in digits nor in words; a warning where no other "
    "number stands in its place",
)
