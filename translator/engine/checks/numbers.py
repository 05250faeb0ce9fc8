"""A number of the source that the translation has lost or changed, or one that only the translation has."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

import regex

from translator.core.finding import Severity
from translator.core.numerals import Number, in_digits, other_readings, values, versions
from translator.engine.amounts import Side, is_converted, is_said
from translator.engine.checks import Case, Check, Flaw

_DIGIT = regex.compile(r"\d")
_READ = frozenset({"en", "ja", "zh-CN", "zh-TW"})
"""Languages whose number words are known."""
_SPELLED = 20
_ROUND = 100
"""Up to these, any numbers and round ones, a number may be written in words; they are not known in other languages."""
_FEW = 2
"""Up to this a number may go into the grammar (1人で: alone, 2人とも: both)."""
_SHOWN = 3

# What says no number: "two or three" for a few, the base of a system (16進数: hexadecimal).
_ABOUT = regex.compile(r"[1-8１-８][、,，～~〜-][2-9２-９](?=[のつ個人日回度年本枚か])|\d+(?=進)")

# Words from which a translation may make a number: those that `values` does not read, and those for about so many.
_COUNTING = regex.compile(
    r"ワン|ツー|スリー|フォー|ファイブ|シックス|セブン|エイト|ナイン|テン|ゼロ|ダブル|トリプル|ハーフ|ダース|ひと|ふた|みっ?つ"
    r"|よっ?つ|いつつ|むっつ|なな|やっつ|ここのつ|とお|はたち|いち|よん|ろく|はち|きゅう|じゅう|ひゃく"
    r"|[数數何几幾多半倍全毎每世末春夏秋冬]|\b(?:few|several|some|many|dozens?|half|all|every|number)\b",
    regex.IGNORECASE,
)
# What digits say that name no number: laughter and other sounds, hearts and faces, a part of a word.
_NO_AMOUNT = regex.compile(
    r"(?<!\d)(?:2?3{2,}|(\d)\1+|520|1314)(?!\d)|[<＜:;=>][3３](?!\d)|(?<=[A-Za-z])\d+|\d+(?=[A-Za-z进進])"
)


def look(case: Case) -> Iterator[Flaw]:
    """Flag a number in digits of the source that the target does not name in any way.

    Digits of any width, Chinese, Japanese and Korean numerals and English words count alike; so do thousands and
    fractions as any language sets them off, and what `amounts` knows. An error where the target has a number in its
    place that the source has not, else a warning; not flagged alone: what may go into the grammar (1 and 2), and in
    languages whose number words are not known here what may be spelled out (up to 20, and round ones). A warning too
    where only the target names a number. Numbers inside markup and in terms of the glossary do not count.
    """
    if _DIGIT.search(case.before) is None:
        if _DIGIT.search(case.after) is not None:
            yield from _out_of_nothing(case)
        return
    few = [m.span() for m in _ABOUT.finditer(case.before)]
    source = [
        number
        for number in in_digits(case.before)
        if not _in_a_term(number, case) and not any(a <= number.span[0] < b for a, b in few)
    ]
    there = values(case.after)
    lost = [number for number in source if number.value not in there]
    if lost:
        here, said = Side(case.before, values(case.before)), Side(case.after, there)
        lost = [number for number in lost if not _is_there(number, here, said)]
    if not lost:
        if len(source) > 1:
            yield from _less_often(source, case)
        return
    added = _added(case)
    names = ", ".join(dict.fromkeys(number.text for number in lost[:_SHOWN]))
    if added:
        severity = Severity.WARNING if is_converted(case.before, case.after) else None
        yield Flaw(f"the number {names} has become {_named(added)}", severity=severity)
    elif any(not _may_go(number, case) for number in lost):
        yield Flaw(f"the number {names} is lost", severity=Severity.WARNING)


def _named(numbers: Sequence[Number]) -> str:
    return ", ".join(dict.fromkeys(number.text for number in numbers[:_SHOWN]))


def _in_a_term(number: Number, case: Case) -> bool:
    """Whether a glossary entry decides what becomes of the number."""
    return any(number.text in entry.src for entry in case.unit.glossary)


def _is_there(number: Number, of: Side, said: Side) -> bool:
    """Whether a number of one text is in the other, in any of its readings and any way to say it."""
    value = number.value
    if value is None:
        if number.text in versions(said.text):
            return True
    elif value in said.values or is_said(value, of, said):
        return True
    start, end = number.span
    return any(
        reading.span[0] <= start
        and end <= reading.span[1]
        and all(value in said.values or is_said(value, of, said) for value in reading.values)
        for reading in other_readings(of.text)
    )


def _added(case: Case) -> list[Number]:
    """The numbers in digits of the target that cannot come from the source."""
    here, there = Side(case.before, values(case.before)), Side(case.after, values(case.after))
    dates = [reading.span for reading in other_readings(case.after) if len(reading.values) > 1]
    return [
        number
        for number in in_digits(case.after)
        if (number.value is not None or number.span in dates)
        and not _is_there(number, there, here)
        and not any(number.text in entry.dst for entry in case.unit.glossary)
    ]


def _less_often(source: Sequence[Number], case: Case) -> Iterator[Flaw]:
    """A number that the source has more than once, and the target less often, with another one in its place."""
    often = [(value, times) for value, times in Counter(n.value for n in source).items() if times > 1]
    if not often:
        return
    added = _added(case)
    if not added:
        return
    here, in_words = Side(case.before, values(case.before)), values(_DIGIT.sub(" ", case.after))
    there = in_digits(case.after), other_readings(case.after)
    numbers = [
        frozenset((n.value, *(v for r in there[1] if r.span[0] <= n.span[0] < r.span[1] for v in r.values)))
        for n in there[0]
    ]
    for value, times in often:
        if value is None or value in in_words:
            continue
        named = sum(
            value in number or is_said(value, here, Side(case.after, frozenset(filter(None, number))))
            for number in numbers
        )
        if 0 < named < times:
            spelled = next(number.text for number in source if number.value == value)
            yield Flaw(f"the number {spelled} comes {times} times, here {named} times and {_named(added)} too")
            return


def _out_of_nothing(case: Case) -> Iterator[Flaw]:
    """A number of a target whose source names none."""
    if case.desk.source.code not in _READ or values(case.before) or _COUNTING.search(case.before):
        return
    none = [match.span() for match in _NO_AMOUNT.finditer(case.after)]
    added = [
        number
        for number in _added(case)
        if number.value is not None
        and number.value > _FEW
        and not any(a <= number.span[0] < b for a, b in none)
        and not case.after.startswith(("%", "％"), number.span[1])
    ]
    if added:
        yield Flaw(f"{_named(added)} is no number of the source", severity=Severity.WARNING)


def _may_go(number: Number, case: Case) -> bool:
    value = number.value
    if value is None:
        return False
    if case.desk.target.code in _READ:
        return value <= _FEW
    return value <= _SPELLED or (value <= _ROUND and value % 10 == 0) or _is_power_of_ten(value)


def _is_power_of_ten(value: Fraction) -> bool:
    return value.denominator == 1 and str(value.numerator).strip("0") == "1"


CHECK = Check(
    "numbers",
    Severity.ERROR,
    look,
    "a number in digits that the translation does not name, neither in digits nor in words; a warning where no other "
    "number stands in its place, and for a number that only the translation has",
)
