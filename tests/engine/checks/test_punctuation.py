from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity
from translator.core.segment import Role

Flaws = Callable[..., list[Finding]]

NO_QUESTION = [
    ("本当ですか？", "是真的。", ("ja", "zh-CN")),
    ("「誰だ？」", "“我知道是你。”", ("ja", "zh-CN")),
    ("Are you sure?", "我很确定。", ("en", "zh-CN")),
    ("本当ですか？", "It is true.", ("ja", "en")),
    ("\\C[2]行くの？\\C[0]", "\\C[2]走了\\C[0]", ("ja", "zh-CN")),
    ("何をしているんですか？", "你说什么。你走了。", ("ja", "zh-CN")),
    ("どこへ行く？", "我要去那里！", ("ja", "zh-CN")),
    ("え、嘘でしょ？", "骗人。", ("ja", "zh-CN")),
    ("Are you OK?", "Ты в порядке.", ("en", "ru")),
]
NOTED = [
    ("行きましょう。", "我们走", ("ja", "zh-CN")),
    ("行きましょう！", "Let's go", ("ja", "en")),
    ("「行きましょう。」", "“我们走，”", ("ja", "zh-CN")),
    ("それから……", "然后", ("ja", "zh-CN")),
    ("I am here.", "我在这里，", ("en", "zh-CN")),
]
RIGHT = [
    ("本当ですか？", "是真的吗？", ("ja", "zh-CN")),
    ("本当ですか？", "是真的吗?!", ("ja", "zh-CN")),
    ("本当ですか？", "是真的吗……", ("ja", "zh-CN")),
    ("誰だ？", "谁在那里！", ("ja", "zh-CN")),
    ("本当？", "Really? You mean it.", ("ja", "en")),
    ("Is it?", "そうですか。", ("en", "ja")),
    ("本当ですか？", "จริงหรือ", ("ja", "th")),
    ("本当ですか？", "هل هذا صحيح؟", ("ja", "ar")),
    ("行こう。", "走吧！", ("ja", "zh-CN")),
    ("行こう。", "Let's go...", ("ja", "en")),
    ("行こう……", "走吧——", ("ja", "zh-CN")),
    ("行こう！", "走吧~", ("ja", "zh-CN")),
    ("行こう♪", "走吧♪", ("ja", "zh-CN")),
    ("「行こう。」", "“走吧。”", ("ja", "zh-CN")),
    ("「行こう。」", "“走吧”。", ("ja", "zh-CN")),
    ("行こう", "走吧", ("ja", "zh-CN")),
    ("行こう", "走吧。", ("ja", "zh-CN")),
    ("詳しくは文書を。", "详见文档。（中文文档）", ("ja", "zh-CN")),
    ("Saved the file.", "保存しました", ("en", "ja")),
    ("もしもし？", "喂……", ("ja", "zh-CN")),
    ("あれ？", "咦……", ("ja", "zh-CN")),
    ("あれ？", "Huh...", ("ja", "en")),
    ("ん？", "嗯……", ("ja", "zh-CN")),
    ("おい？", "喂！", ("ja", "zh-CN")),
    ("まさか？", "难道……", ("ja", "zh-CN")),
    ("そうか？", "是么……", ("ja", "zh-CN")),
    ("わかった？", "懂了没", ("ja", "zh-CN")),
    ("もう寝ましたか？", "已经睡了没有。", ("ja", "zh-CN")),
    ("何をしますか？", "你要做啥。", ("ja", "zh-CN")),
    ("どうしようか？", "该如何是好……", ("ja", "zh-CN")),
    ("どうですか？", "如何。", ("ja", "zh-CN")),
    ("いくらですか？", "多少钱。", ("ja", "zh-CN")),
    ("いつになりますか？", "要到几时。", ("ja", "zh-CN")),
    ("どうしてなの？", "为啥……", ("ja", "zh-CN")),
    ("そうなんですか？", "是不是……", ("ja", "zh-CN")),
    ("入ってもいいですか？", "可不可以进来。", ("ja", "zh-CN")),
    ("誰かいますか？", "有没有人……", ("ja", "zh-CN")),
    ("何を知っていますか？", "好。你究竟都知道些什么关于她的事情。", ("ja", "zh-CN")),
    ("誰ですか？", "來的是誰啊，這麼晚了還來。", ("ja", "zh-TW")),
    ("Who is it?", "누구", ("en", "ko")),
    ("Are you going?", "가는 거야", ("en", "ko")),
    ("What's your name?", "あなたの名前はなんでしょう", ("en", "ja")),
    ("How is it?", "どう", ("en", "ja")),
    ("え？", "", ("ja", "zh-CN")),
    ("？", "？", ("ja", "zh-CN")),
]


@pytest.mark.parametrize(("source", "target", "pair"), NO_QUESTION)
def test_a_question_that_is_none_any_more(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("punctuation", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), NOTED)
def test_a_sentence_without_its_end_is_noted(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert [f.severity for f in flaws("punctuation", source, target, pair)] == [Severity.INFO]


@pytest.mark.parametrize(("source", "target", "pair"), RIGHT)
def test_marks_may_be_of_another_kind(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("punctuation", source, target, pair) == []


@pytest.mark.parametrize("role", [Role.NAME, Role.TERM, Role.CHOICE, Role.DESCRIPTION])
def test_labels_need_no_full_stop(flaws: Flaws, role: Role) -> None:
    assert flaws("punctuation", "逃げる。", "逃跑", role=role) == []
