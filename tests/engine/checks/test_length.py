from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]
ZH, EN, EN_ZH = ("ja", "zh-CN"), ("ja", "en"), ("en", "zh-CN")
FOX = "The quick brown fox jumps over the lazy dog and runs away into the deep dark forest."

SHORT = [
    (FOX, "狐狸跑", EN_ZH),
    (FOX, "Der Fuchs.", ("en", "de")),
    ("「助けて、誰か！　このままじゃみんな死んじゃうよ！　早く来て！」", "“救命”", ZH),
    ("今日はとても良い天気なので、みんなで公園へ行って遊ぶことにしました。", "Nice day.", EN),
]
USUAL = [
    ("うわあああああああああああああああああああ！", "Aaah!", EN),
    ("うわあああああああああああああああああああ！", "哇！", ZH),
    ("…………………………………………………………", "……", ZH),
    ("お兄ちゃんのばかばかばかばかばかばかばかばかばか！", "哥哥大笨蛋！", ZH),
    ("Nooooooooooooooooooooooooooooooooooooooooooooooooooooooooooo!", "不！", EN_ZH),
    ("I don't know what you're talking about.", "不懂。", EN_ZH),
    ("つまり、そういうことだったんですね。", "I see.", EN),
    ("そうなんですか、わかりました、ありがとうございます。", "好，知道了，谢谢。", ZH),
]


@pytest.mark.parametrize(("source", "target", "pair"), SHORT)
def test_what_lacks_most_of_its_source_is_flagged(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str]
) -> None:
    assert [f.severity for f in flaws("length", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), USUAL)
def test_screams_and_few_words_are_usual(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("length", source, target, pair) == []
