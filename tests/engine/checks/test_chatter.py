from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]
CHATTER = [
    ("行くぞ！", "以下是翻译：出发！"),
    ("行くぞ！", "以下是翻译结果：\n出发！"),
    ("行くぞ！", "好的，以下是您要的译文：出发！"),
    ("行くぞ！", "译文：出发！"),
    ("行くぞ！", "翻译：出发！"),
    ("行くぞ！", "翻译如下：出发！"),
    ("行くぞ！", "翻译结果：出发！"),
    ("行くぞ！", "下面是翻译后的文本：出发！"),
    ("行くぞ！", "這裡是翻譯：出發！"),
    ("行くぞ！", "Sure, here is the translation: Let's go!"),
    ("行くぞ！", "Sure! Here's the translation:\nLet's go!"),
    ("行くぞ！", "Certainly! Here is your translated text: Let's go!"),
    ("行くぞ！", "Here is the English translation: Let's go!"),
    ("行くぞ！", "Here's a translation of the text: Let's go!"),
    ("行くぞ！", "Translation: Let's go!"),
    ("行くぞ！", "The translation is: Let's go!"),
    ("行くぞ！", "Translated text: Let's go!"),
    ("行くぞ！", "I'm sorry, but I can't assist with that request."),
    ("行くぞ！", "I am sorry, but I cannot translate this text."),
    ("行くぞ！", "I cannot provide a translation for this."),
    ("行くぞ！", "As an AI language model, I do not have opinions."),
    ("行くぞ！", "作为一个AI语言模型，我无法翻译这段内容。"),
    ("行くぞ！", "作为人工智能，我不能……"),
    ("行くぞ！", "抱歉，我无法翻译这段内容。"),
    ("行くぞ！", "很抱歉，我无法协助处理这个请求。"),
    ("行くぞ！", "对不起，我无法提供帮助。"),
    ("行くぞ！", "出发！（译者注：此处为口语）"),
    ("行くぞ！", "出发！\n注：此句为口语。"),
    ("行くぞ！", "Let's go! (Translator's note: colloquial)"),
    ("行くぞ！", "Let's go!\nNote: this is colloquial."),
    ("行くぞ！", "Let's go! (Note: colloquial)"),
    ("行くぞ！", "Let's go! TL note: colloquial."),
    ("行くぞ！", "Let's go! I hope this helps!"),
    ("行くぞ！", "以上が翻訳です。"),
    ("行くぞ！", "以下が翻訳です：\nLet's go!"),
    ("Let's go!", "申し訳ありませんが、翻訳できません。"),
    ("行くぞ！", "다음은 번역입니다: 가자!"),
    ("行くぞ！", "번역: 가자!"),
    ("行くぞ！", "죄송하지만 번역할 수 없습니다."),
    ("行くぞ！", "```\n出发！\n```"),
    ("行くぞ！", "**出发！**"),
    ("行くぞ！", "# 出发！"),
    ("行くぞ！", "<think>出发"),
    ("行くぞ！", "出发！<|im_end|>"),
    ("行くぞ！", "以上是翻译，出发！"),
]
SPEECH = [
    ("もちろん、これが鍵だ。", "Sure, here is the key."),
    ("はい、どうぞ。", "Sure, here you go."),
    ("ごめんなさい、手伝えません。", "I'm sorry, but I can't help you."),
    ("申し訳ありません、お手伝いできません。", "抱歉，我无法协助您。"),
    ("すみません、翻訳できません。", "对不起，我不能翻译。"),
    ("翻訳：古代語", "翻译：古代语"),
    ("これが翻訳だ。", "以下是翻译：没错。"),
    ("以下の訳文を読め。", "Here is the translation."),
    ("私はAIです。", "作为一个AI，我没有感情。"),
    ("As an AI, I obey.", "作为一个AI，我服从。"),
    ("注：ここから先は危険", "注：前方危险"),
    ("※注意：危険", "Note: danger ahead."),
    ("備考：なし", "备注：无"),
    ("**重要**", "**重要**"),
    ("# 見出し", "# 标题"),
    ("<b>剣</b>", "<b>剑</b>"),
    ("無理だ、できない。", "我做不到。"),
    ("勇者として戦う。", "作为勇者而战。"),
    ("一人の騎士として", "作为一名骑士"),
    ("残念だが、無理だ。", "很抱歉，这不可能。"),
    ("以下の物が必要だ：", "以下是需要的东西："),
    ("ここは俺の家だ。", "这里是我家。"),
    ("彼女は音符を読んだ。", "She read the note: it was sad."),
    ("確かに見た。", "I surely saw it."),
    ("説明：薬草", "说明：药草"),
    ("希望を捨てるな。", "希望这能帮到你。"),
    ("何かあれば言ってくれ。", "如果你有什么需要，随时告诉我。"),
    ("注文は？", "要点什么？"),
    ("3 < 5 だ", "3 < 5 啊"),
    ("#1 の部屋", "#1 号房间"),
    ("手伝えないな", "I can't help it."),
    ("お前を助けられない。", "I can't help you."),
    ("残念だが、できない。", "I'm sorry, but I can't do that."),
    ("わかった、簡単に話そう。", "Okay, I can tell you about it."),
    ("わかった、訳そう。", "Okay, I'll translate it."),
    ("あなたの声が聞こえない。", "I am sorry, I cannot hear you."),
]


@pytest.mark.parametrize(("source", "target"), CHATTER)
def test_chatter_and_refusals_are_errors(flaws: Flaws, source: str, target: str) -> None:
    assert [f.severity for f in flaws("chatter", source, target)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target"), SPEECH)
def test_what_somebody_says_is_no_chatter(flaws: Flaws, source: str, target: str) -> None:
    assert flaws("chatter", source, target) == []
