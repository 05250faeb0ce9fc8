"""Forbidden words in other spellings, and where their `src` only seems to occur."""

from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]
ZH, TW, EN, EZ = ("ja", "zh-CN"), ("ja", "zh-TW"), ("ja", "en"), ("en", "zh-CN")

WRITTEN = [
    ("体力", "ＨＰ", ZH, "->HP", "ＨＰ"),
    ("体力", "剩余HP5点", ZH, "->ＨＰ", "HP"),
    ("ギルド", "加入工會", TW, "->工会", "工會"),
    ("ギルド", "加入協會", TW, "->协会", "協會"),
    ("ギルド", "加入工会", ZH, "->工會", "工会"),
    ("君", "妳好", ZH, "->妳", "妳"),
    ("くそ", "what  the\nhell", EN, "->what the hell", "what  the\nhell"),
    ("アート", "主人的聚会", ZH, "アート->主人", "主人"),
    ("Art is here", "主人来了", EZ, "art->主人", "主人"),
    ("リンが来た", "琳来了", ZH, "リン->琳", "琳"),
    ("ご主人様！", "主人！", ZH, "主人->主人", "主人"),
]
NOT_WRITTEN = [
    ("Party", "主人的聚会", EZ, "Art->主人"),
    ("リンゴ", "琳吃了苹果", ZH, "リン->琳"),
    ("君", "你好", ZH, "->妳"),
    ("後", "之後", TW, "->后"),
    ("皇后", "皇后", TW, "->后宫"),
    ("授業", "ｃｌａｓｓ", EN, "->ass"),
]


@pytest.mark.parametrize(("source", "target", "pair", "entry", "where"), WRITTEN)
def test_a_forbidden_word_in_any_spelling(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str, where: str
) -> None:
    found = flaws("forbidden", source, target, pair, forbidden=[entry])
    assert [f.severity for f in found] == [Severity.ERROR]
    assert found[0].span is not None
    assert target[slice(*found[0].span)] == where


@pytest.mark.parametrize(("source", "target", "pair", "entry"), NOT_WRITTEN)
def test_what_only_looks_like_it(flaws: Flaws, source: str, target: str, pair: tuple[str, str], entry: str) -> None:
    assert flaws("forbidden", source, target, pair, forbidden=[entry]) == []


def test_a_longer_word_in_the_other_script_may_hold_it(flaws: Flaws) -> None:
    assert flaws("forbidden", "協会長", "協會長", TW, forbidden=["->协会"], glossary=["協会長->協會長"]) == []
