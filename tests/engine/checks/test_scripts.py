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
    ("hangul", "ㅇㅇ", "ㅇㅇ 好", ("ko", "zh-CN")),
    ("hangul", "ㅎㅎ", "呵呵ㅎㅎ", ("ko", "zh-CN")),
    ("hangul", "'가자'라고 했다", "他说“가자”", ("ko", "zh-CN")),
    ("kana", "「おい」", "“おい”", ("ja", "zh-CN")),
    ("kana", "「うん」と言った。", "他说“うん”。", ("ja", "zh-CN")),
    ("kana", "「え」", "“え”", ("ja", "zh-CN")),
    ("kana", "アリス", "Alice (アリス)", ("ja", "en")),
    ("kana", "（の、ような）", "（の，一样）", ("ja", "zh-CN")),
    ("kana", "ドラゴンの「の」", "爱の战士", ("ja", "zh-CN")),
    ("script", "안녕", "Hello 你好", ("ko", "en")),
    ("script", "I will go.", "Ich 我 gehe.", ("en", "de")),
    ("script", "I go", "나는 我 간다", ("en", "ko")),
    ("script", "Hello", "Привет 你好", ("en", "ru")),
    ("script", "Привет", "Hello 你好", ("ru", "en")),
    ("script", "金貨", "100 金", ("ja", "en")),
    ("script", "「勇者」という文字", "The 勇者 inscription", ("ja", "en")),
    ("script", "（魔王城）", "(魔王城)", ("ja", "en")),
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
    ("kana", "(づ￣ ³￣)づ", "(づ￣ ³￣)づ亲亲", ("ja", "zh-CN")),
    ("kana", "(*´ω`*)ゞ", "(*´ω`*)ゞ", ("ja", "zh-CN")),
    ("kana", "(・ω・)ノシ", "(・ω・)ノシ再见", ("ja", "zh-CN")),
    ("kana", "ノシ", "再见ノシ", ("ja", "zh-CN")),
    ("kana", "(」゜ロ゜)」", "(」゜ロ゜)」", ("ja", "zh-CN")),
    ("kana", "「の」の字", "“の”这个字", ("ja", "zh-CN")),
    ("kana", "「あ」と言え", "说“あ”", ("ja", "zh-CN")),
    ("kana", "いろは歌", "“いろは”歌", ("ja", "zh-CN")),
    ("kana", "ひらがなの「へ」", "平假名“へ”", ("ja", "zh-CN")),
    ("hangul", "ㅇㅅㅇ", "ㅇㅅㅇ", ("ko", "zh-CN")),
    ("hangul", "ㅇㅁㅇ", "ㅇㅁㅇ", ("ko", "zh-CN")),
    ("hangul", "(ㅇㅂㅇ)", "(ㅇㅂㅇ)", ("ko", "zh-CN")),
    ("hangul", "OㅁO", "OㅁO", ("ko", "zh-CN")),
    ("hangul", "ㅍㅅㅍ", "ㅍㅅㅍ", ("ko", "zh-CN")),
    ("hangul", "ㅎ_ㅎ", "ㅎ_ㅎ", ("ko", "zh-CN")),
    ("hangul", "ㅡㅡ;;", "ㅡㅡ;;", ("ko", "zh-CN")),
    ("hangul", "'가'라는 글자", "“가”这个字", ("ko", "zh-CN")),
    ("script", "(-人-)", "(-人-)", ("ja", "en")),
    ("script", "(´・人・`)", "(´・人・`)", ("ja", "en")),
    ("script", "（*´艸｀）", "(*´艸`)", ("ja", "en")),
    ("script", "( ﾟ∀ﾟ)o彡゜", "( ﾟ∀ﾟ)o彡°", ("ja", "en")),
    ("script", "凸(`Д´)", "凸(`Д´)", ("ja", "en")),
    ("script", "(屮゜Д゜)屮", "(屮゜Д゜)屮", ("ja", "en")),
    ("script", "卍", "卍", ("ja", "en")),
    ("script", "人という字は", "The character 人 shows two people", ("ja", "en")),
    ("script", "大の字", "like the kanji 大 (big)", ("ja", "en")),
    ("script", "「大丈夫」という字", "the word 「大丈夫」", ("ja", "en")),
    ("script", "The 漢字 are hard.", "Die 漢字 sind schwer.", ("en", "de")),
    ("script", "Korea", "한국(韓國)", ("en", "ko")),
    ("script", "Hello", "Привет", ("en", "ru")),
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
