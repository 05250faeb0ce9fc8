from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity
from translator.core.segment import NO_LIMITS, Limits

Flaws = Callable[..., list[Finding]]
LAYOUT = Limits(columns=40, lines=4, wrap=True)
TERMS = ("アリス->爱丽丝", "ボブ->鲍勃", "剣->剑")

WRONG = [
    ("一行目。\n二行目。", "第一行。", NO_LIMITS),
    ("一行目。", "第一行。\n第二行。", NO_LIMITS),
    ("一行目。\n二行目。", "第一行。\n", NO_LIMITS),
    ("一行目。\n二行目。\n三行目。", "第一行。\n\n第三行。", NO_LIMITS),
    ("\\C[2]一行目\n二行目", "\\C[2]\n第二行", NO_LIMITS),
    ("アリスが来た。\nボブが来た。\n誰もいない。", "你好。\n爱丽丝来了。\n鲍勃来了。", NO_LIMITS),
    ("今日は晴れ。\n明日は30度。\n剣を買う。", "明天30度。\n买剑。\n再见。", NO_LIMITS),
    ("\\V[1]円。\n\\V[2]円。\n終わり。", "开始。\n\\V[1]元。\n\\V[2]元。", NO_LIMITS),
    ("「こんにちは。」\n\n元気？", "「你好。」元气？", LAYOUT),
]
MOVED = [
    ("アリスが来た。\n誰もいない。", "谁也不在。\n爱丽丝来了。"),
    ("100円です。\n高いです。", "很贵。\n是100元。"),
    ("攻撃力10\n防御力20\n素早さ", "能力\n攻击10\n防御20"),
]
RIGHT = [
    ("一行目。\n二行目。", "第一行。\n第二行。", NO_LIMITS),
    ("一行目。\n\n三行目。", "第一行。\n\n第三行。", NO_LIMITS),
    ("一行目", "第一行", NO_LIMITS),
    ("これは長い文で\n続きがある。", "这是一个长句，有后续。", LAYOUT),
    ("アリスは\n昨日ここに来た。", "昨天来这里的\n是爱丽丝。", NO_LIMITS),
    ("100円を\n払ってください。", "请支付\n100元。", NO_LIMITS),
    ("アリスが来た。\nボブが来た。", "爱丽丝来了。\n鲍勃来了。", NO_LIMITS),
    ("アリスが来た。\nアリスが帰った。", "她来了。\n爱丽丝回去了。", NO_LIMITS),
    ("10個。\n20個。", "十个。\n二十个。", NO_LIMITS),
    ("\\C[2]\n剣", "\\C[2]\n剑", NO_LIMITS),
    ("今日は\nアリスと\nボブが\n来た", "爱丽丝和\n鲍勃\n今天\n来了", NO_LIMITS),
    ("昨日\n3人の騎士が\n5匹の竜を\n倒した", "3名骑士\n将5条龙\n于昨日\n打倒", NO_LIMITS),
    ("攻撃力10\n防御力20\n素早さ30", "攻击10\n防御20\n敏捷30", NO_LIMITS),
]


@pytest.mark.parametrize(("source", "target", "limits"), WRONG)
def test_lines_that_are_not_those_of_the_source(flaws: Flaws, source: str, target: str, limits: Limits) -> None:
    found = flaws("lines", source, target, limits=limits, glossary=TERMS)
    assert [f.severity for f in found] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target"), MOVED)
def test_what_stands_in_another_line(flaws: Flaws, source: str, target: str) -> None:
    assert [f.severity for f in flaws("lines", source, target, glossary=TERMS)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "limits"), RIGHT)
def test_lines_that_are_in_place(flaws: Flaws, source: str, target: str, limits: Limits) -> None:
    assert flaws("lines", source, target, limits=limits, glossary=TERMS) == []
