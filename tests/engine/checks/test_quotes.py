from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]

WRONG = [
    ("「行くぞ」", "「出发", ("ja", "zh-CN")),
    ("「行くぞ」", "出发」", ("ja", "zh-CN")),
    ("「行くぞ」", "“出发””", ("ja", "zh-CN")),
    ("「行くぞ」", "出发", ("ja", "zh-CN")),
    ("「行くぞ」", "Let's go.", ("ja", "en")),
    ("「行くぞ」", "\"Let's go.", ("ja", "en")),
    ("（まさか……）", "难道……", ("ja", "zh-CN")),
    ("（まさか……）", "（难道……", ("ja", "zh-CN")),
    ("彼は「はい」と言った。", "他说“是。", ("ja", "zh-CN")),
    ("剣（小）を買う", "买剑（小", ("ja", "zh-CN")),
    ("【重要】読むこと", "【重要 请阅读", ("ja", "zh-CN")),
    ('He said "yes".', "他说“是。", ("en", "zh-CN")),
    ("「行くぞ」", "出发", ("ja", "fr")),
    ("\\C[2]「行くぞ」\\C[0]", "\\C[2]「出发\\C[0]", ("ja", "zh-CN")),
    ("『魔導書』を読む", "阅读《魔导书", ("ja", "zh-CN")),
    ("「行くぞ」", "‘出发", ("ja", "zh-CN")),
    ("「行くぞ」", "出发’", ("ja", "zh-CN")),
    ("「行くぞ」", "'Go", ("ja", "en")),
    ("‘Go’", "‘走", ("en", "zh-CN")),
    ("＜行くぞ＞", "＜走吧", ("ja", "zh-CN")),
    ("≪行くぞ≫", "≪走吧", ("ja", "zh-CN")),
    ("〝行くぞ〟", "〝走吧", ("ja", "zh-CN")),
    ("「行くぞ」", "»Los!", ("ja", "de")),
    ("「待て」\n「嫌だ」", "等等\n不要", ("ja", "zh-CN")),
]
RIGHT = [
    ("「行くぞ」", "「出发」", ("ja", "zh-CN")),
    ("「行くぞ」", "“出发”", ("ja", "zh-CN")),
    ("「行くぞ」", '"出发"', ("ja", "zh-CN")),
    ("「行くぞ」", '“出发"', ("ja", "zh-CN")),
    ("「行くぞ」", "『出发』", ("ja", "zh-CN")),
    ("「行くぞ」", '"Let\'s go!"', ("ja", "en")),
    ("「行くぞ」", "'Let's go!'", ("ja", "en")),
    ("「行くぞ」", "« Allons-y ! »", ("ja", "fr")),
    ("「行くぞ」", "— Allons-y !", ("ja", "fr")),
    ("「行くぞ」", "— Пойдём!", ("ja", "ru")),
    ("「行くぞ」", "„Gehen wir!“", ("ja", "de")),
    ("「行くぞ」", "„Chodźmy!”", ("ja", "pl")),
    ("「行くぞ」", "“Let's go,” he said.", ("ja", "en")),
    ("「行くぞ", "“出发", ("ja", "zh-CN")),
    ("「行くぞ", "出发", ("ja", "zh-CN")),
    ("行くぞ」", "出发”", ("ja", "zh-CN")),
    ("（まさか……）", "(难道……)", ("ja", "zh-CN")),
    ("（まさか……）", "*Could it be...*", ("ja", "en")),
    ("『魔導書』を読む", "阅读《魔导书》", ("ja", "zh-CN")),
    ("魔導書を読む", "阅读《魔导书》", ("ja", "zh-CN")),
    ("彼は「はい」と言った。", "他答应了。", ("ja", "zh-CN")),
    ("「A」「B」", "“A”“B”", ("ja", "zh-CN")),
    ("やったね (^_^)", "太好了 :)", ("ja", "zh-CN")),
    ("やったね（笑）", "太好了 XD", ("ja", "zh-CN")),
    ("ヽ(´ー`)ノ", "ヽ(´ー`)ノ", ("ja", "zh-CN")),
    ("1）はい 2）いいえ", "1) Yes 2) No", ("ja", "en")),
    ("a) はい", "a）是", ("ja", "zh-CN")),
    ("身長180cm", "He is 5'11\" tall", ("ja", "en")),
    ("それは…", "That's… it's the girls' room", ("ja", "en")),
    ("", "", ("ja", "zh-CN")),
    ("やめろ！", "住手！", ("ja", "zh-CN")),
    ("（（え？））", "（（诶？））", ("ja", "zh-CN")),
    ("「『はい』と言え」", "“说‘是’”", ("ja", "zh-CN")),
    ("「一行目\n二行目」", "“第一行\n第二行”", ("ja", "zh-CN")),
    ("「行くぞ」", "»Los!«", ("ja", "de")),
    ("「行くぞ」", "»Los! ›Jetzt‹«, rief er.", ("ja", "de")),
    ("「行くぞ」", "«Los!»", ("ja", "de")),
    ("「……」", "……", ("ja", "zh-CN")),
    ("「！？」", "！？", ("ja", "zh-CN")),
    ("（笑）", "哈哈", ("ja", "zh-CN")),
    ("「A」B「C」", "A“B”C", ("ja", "zh-CN")),
    ("「行くぞ」", "‘Let’s go!’", ("ja", "en")),
    ("「行くぞ」", "'Let's go,' he said.", ("ja", "en")),
    ("「行くぞ」", "'Tis time,' said the boys'", ("ja", "en")),
    ("「行くぞ」", "``Let's go!''", ("ja", "en")),
    ("≪行くぞ≫", "《走吧》", ("ja", "zh-CN")),
    ("ＨＰ＜５０", "HP＜50", ("ja", "zh-CN")),
]


@pytest.mark.parametrize(("source", "target", "pair"), WRONG)
def test_quotes_that_do_not_match_or_are_gone(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("quotes", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), RIGHT)
def test_quotes_may_be_of_another_kind(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("quotes", source, target, pair) == []


def test_the_place_of_a_lone_quote_is_told(flaws: Flaws) -> None:
    (finding,) = flaws("quotes", "\\C[2]彼は「はい」と", "\\C[2]他说“是")
    assert finding.span == (7, 8)
