"""Letters that should have gone: kana, hangul, and those of other scripts."""

from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]

LEFT = [
    ("hangul", "안녕하세요, 용사님.", "你好，용사님。", ("ko", "zh-CN")),
    ("hangul", "안녕하세요.", "Hello 하세요.", ("ko", "en")),
    ("hangul", "ㅋㅋㅋ 재밌다", "ㅋㅋㅋ 真有趣", ("ko", "zh-CN")),
    ("hangul", "何か", "什么요", ("ja", "zh-CN")),
    ("script", "勇者が来た。", "The 勇者 came.", ("ja", "en")),
    ("script", "魔王城", "魔王城 Castle", ("ja", "en")),
    ("script", "你好，勇者。", "Bonjour, 勇者.", ("zh-CN", "fr")),
    ("script", "「大」という字", "The 大人 sign", ("ja", "en")),
    ("script", "Привет, герой.", "你好，герой。", ("ru", "zh-CN")),
    ("script", "Привет, герой.", "Hello, герой.", ("ru", "en")),
    ("script", "สวัสดี", "Hello สวัสดี", ("th", "en")),
    ("script", "مرحبا", "Hello مرحبا", ("ar", "en")),
    ("script", "勇者が来た。", "용사 勇者 왔다.", ("ja", "ko")),
    ("kana", "勇者が来た。", "The hero が came.", ("ja", "en")),
    ("kana", "勇者が来た。", "용사が 왔다.", ("ja", "ko")),
]
GONE = [
    ("hangul", "안녕하세요", "你好", ("ko", "zh-CN")),
    ("hangul", "슬퍼 ㅠㅠ", "好难过 ㅠㅠ", ("ko", "zh-CN")),
    ("hangul", "ㅜ_ㅜ", "ㅜ_ㅜ", ("ko", "en")),
    ("hangul", "こんにちは", "안녕하세요", ("ja", "ko")),
    ("script", "勇者が来た。", "勇者来了。", ("ja", "zh-CN")),
    ("script", "「大」という字", "The character 「大」", ("ja", "en")),
    ("script", "「大」という字", 'the sign for "big" (大)', ("ja", "en")),
    ("script", "Привет", "Привіт", ("ru", "uk")),
    ("script", "え (°Д°)", "Eh (°Д°)", ("ja", "en")),
    ("script", "Hello", "你好 Hello", ("en", "zh-CN")),
    ("script", "你好", "こんにちは、元気？", ("zh-CN", "ja")),
    ("script", "\\N[1]が来た", "\\N[1] came", ("ja", "en")),
]


@pytest.mark.parametrize(("code", "source", "target", "pair"), LEFT)
def test_what_is_left_of_the_source(flaws: Flaws, code: str, source: str, target: str, pair: tuple[str, str]) -> None:
    (finding,) = flaws(code, source, target, pair)
    assert finding.severity is Severity.ERROR
    assert finding.span is not None
    assert target[slice(*finding.span)] in finding.message


@pytest.mark.parametrize(("code", "source", "target", "pair"), GONE)
def test_nothing_is_left(flaws: Flaws, code: str, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws(code, source, target, pair) == []


@pytest.mark.parametrize(
    ("code", "source", "target", "pair", "entry"),
    [
        ("hangul", "김치", "吃김치", ("ko", "zh-CN"), "김치->김치"),
        ("script", "勇者", "the 勇者", ("ja", "en"), "勇者->勇者|hero"),
        ("kana", "アリス", "是アリス", ("ja", "zh-CN"), "アリス->アリス|爱丽丝"),
    ],
)
def test_the_glossary_may_keep_a_name(
    flaws: Flaws, code: str, source: str, target: str, pair: tuple[str, str], entry: str
) -> None:
    assert flaws(code, source, target, pair) != []
    assert flaws(code, source, target, pair, glossary=[entry]) == []
