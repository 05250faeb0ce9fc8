from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]
GLOSSARY = ("アリス->爱丽丝|艾丽斯", "ボブ->Bob")
LEAKED = [
    ("アリス", "行くぞ！", "爱丽丝：出发！"),
    ("アリス", "行くぞ！", "艾丽斯: 出发！"),
    ("アリス", "行くぞ！", "【爱丽丝】出发！"),
    ("アリス", "行くぞ！", "爱丽丝「出发！」"),
    ("アリス", "「行くぞ！」", "爱丽丝「出发！」"),
    ("アリス", "行くぞ！", "アリス：出发！"),
    ("アリス", "行くぞ！", "爱丽丝“出发！”"),
    ("ボブ", "行くぞ！", "Bob: Let's go!"),
    ("ボブ", "行くぞ！", "[Bob] Let's go!"),
    ("ボブ", "行くぞ！", "(bob) Let's go!"),
    ("村長", "行くぞ！", "村长：出发！"),
    ("\\C[2]村長\\C[0]", "行くぞ！", "村长：出发！"),
    ("Alice", "Let's go!", "Alice：出发！"),
]
NOT_LEAKED = [
    (None, "行くぞ！", "爱丽丝：出发！"),
    ("アリス", "アリス：行くぞ！", "爱丽丝：出发！"),
    ("アリス", "【アリス】行くぞ！", "【爱丽丝】出发！"),
    ("アリス", "アリス「行くぞ！」", "爱丽丝“出发！”"),
    ("アリス", "ボブ、行くぞ！", "鲍勃，出发！"),
    ("アリス", "私はアリス。", "我是爱丽丝。"),
    ("アリス", "アリスだよ！", "爱丽丝来了！"),
    ("アリス", "気をつけろ、前に敵がいる。", "注意：前面有敌人。"),
    ("アリス", "はいと言え。", "说“是”"),
    ("アリス", "（行くか……）", "（走吧……）"),
    ("アリス", "いいか、時間は12時だ。", "听好：12:00。"),
    ("村長", "若者よ、聞け。", "年轻人：听我说。"),
    ("アリス", "行くぞ！", "出发！"),
]


@pytest.mark.parametrize(("speaker", "source", "target"), LEAKED)
def test_a_name_that_got_into_the_text(flaws: Flaws, speaker: str, source: str, target: str) -> None:
    assert [f.severity for f in flaws("speaker", source, target, speaker=speaker, terms=GLOSSARY)] == [Severity.ERROR]


@pytest.mark.parametrize(("speaker", "source", "target"), NOT_LEAKED)
def test_a_name_that_belongs_there(flaws: Flaws, speaker: str | None, source: str, target: str) -> None:
    assert flaws("speaker", source, target, speaker=speaker, terms=GLOSSARY) == []
