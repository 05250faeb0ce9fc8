from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity
from translator.engine.chatter import announces, without

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


ANNOUNCED = [
    "中文翻译：出发！",
    "好的，翻译如下：出发！",
    "好的，我来翻译：出发！",
    "好的，我会为您翻译：出发！",
    "这句话的翻译是：出发！",
    "这段文字的翻译是：出发！",
    "这句话翻译成中文是：出发！",
    "翻译后：出发！",
    "翻译文本：出发！",
    "译：出发！",
    "简体中文：出发！",
    "中文：出发！",
    "原文：行くぞ！\n译文：出发！",
    "当然可以！以下是翻译：出发！",
    "您好，以下是您要求的翻译：出发！",
    "根据您的要求，翻译如下：出发！",
    "【翻译】出发！",
    "[翻译] 出发！",
    "（翻译）出发！",
    "出发！（翻译）",
    "“行くぞ”的翻译是：出发！",
    "这句英文的意思是：出发！",
    "這句話的翻譯是：出發！",
    "Translation：Let's go!",
    "**Translation:** Let's go!",
    "Sure thing! Here is your translation: Let's go!",
    "Alright, here is the translation: Let's go!",
    "Got it! Here’s the translation: Let's go!",
    "English: Let's go!",
    "In English: Let's go!",
    "Output: Let's go!",
    'The translation is "Let\'s go!"',
    "The translation of the text is: Let's go!",
    "This translates to: Let's go!",
    'This translates to "Let\'s go!"',
    "[Translation] Let's go!",
    '"Let\'s go!" is the translation.',
    "Okay, here's: Let's go!",
    "Hier ist die Übersetzung: Los!",
    "Übersetzung: Los!",
    "Вот перевод: Пошли!",
    "Перевод: Пошли!",
    "Voici la traduction : Allons-y !",
    "日本語訳：行こう！",
    "번역 결과: 가자!",
]
REFUSED = [
    "请提供需要翻译的文本。",
    "请提供您需要翻译的内容。",
    "请问您需要翻译什么内容？",
    "我需要更多上下文才能翻译。",
    "我无法满足您的请求。",
    "我不能满足这个请求。",
    "该内容涉及敏感信息，无法翻译。",
    "抱歉，这段内容违反了相关规定，无法翻译。",
    "（无法翻译）",
    "这个内容不适合翻译。",
    "我是一个AI助手",
    "我是通义千问，由阿里云开发。",
    "你好！有什么可以帮助你的吗？",
    "Please provide the text you would like me to translate.",
    "Please provide the text to be translated.",
    "Could you please provide more context?",
    "I'm not able to translate this content.",
    "I won't translate this content.",
    "I don't feel comfortable translating this.",
    "I must decline to translate this.",
    "I'm just an AI, I can't.",
    "I apologize, but I'm not able to help.",
    "I'm sorry, I can't assist with that.",
    "I cannot fulfill your request. I am programmed to be harmless.",
    "Hello! How can I assist you today?",
    "Untranslatable.",
    "Es tut mir leid, aber ich kann das nicht übersetzen.",
    "Извините, я не могу перевести этот текст.",
    "죄송하지만, 이 요청은 도와드릴 수 없습니다.",
    "申し訳ありませんが、この内容は翻訳できません。",
]
NOTED = [
    "出发！（直译：要走了）",
    "出发！（此处为意译）",
    "出发！（原文：行くぞ）",
    "出发！（注意：这是口语。）",
    "出发！\n\n注释：这是口语。",
    "出发！\n\n解释：这是口语。",
    "出发！\n希望对您有帮助！",
    "Let's go! (Literally: \"I'm going!\")",
    "Let's go! (lit. I'm going)",
    "Let's go! (T/N: informal)",
    "Let's go!\n\nExplanation: ...",
    "Let's go!\n\nLet me know if you'd like any changes.",
    "Let's go!\n\nIs there anything else I can help you with?",
    "Feel free to ask if you have any more questions!",
    "这把**圣剑**很强。",
]
# What looks like chatter and is the right translation, each of another kind of saying.
STORY = [
    ("何かあったら言って。", "Let me know if you need anything."),
    ("何かあったら言って。", "如果你有什么问题，随时告诉我。"),
    ("いつでも相談に乗るよ。", "Let me know if you have any questions."),
    ("必要なら言え。", "如果你需要帮助，随时告诉我。"),
    ("いるか？", "Let me know if you want some."),
    ("想要的话告诉我。", "Let me know if you want it."),
    ("お役に立てれば", "I hope this helps!"),
    ("遠慮はいらない。", "Feel free to ask."),
    ("もう会えないの。", "I'm sorry, but I can't see you anymore."),
    ("結婚できません。", "I'm sorry, but I cannot marry you."),
    ("안 돼요", "I'm sorry, but I can't."),
    ("渡せない。", "I'm sorry, but I can't provide that."),
    ("それは言えない。", "抱歉，我不能回答这个问题。"),
    ("黙秘する。", "我不能回答你的问题。"),
    ("俺の手には負えん。", "我无法处理这个问题。"),
    ("任務を果たせない。", "我无法完成这个任务。"),
    ("君の頼みは聞けない。", "我无法满足你的请求。"),
    ("それは教えられない。", "I cannot help with that."),
    ("その願いは叶えられぬ。", "I cannot fulfill your request."),
    ("いいか、作戦だ。", "Okay, here's the plan:"),
    ("じゃあ、こうしよう。", "Okay, here's what we'll do."),
    ("ほら、鍵だ。", "Sure, here is the key."),
    ("ええ、こちらがメニューです", "Certainly, here is the menu."),
    ("かしこまりました。こちら、剣です。", "Certainly. Here's the sword."),
    ("ほら、原稿だ。", "Sure, here's the text."),
    ("私は機械です。", "As an AI, I have no feelings."),
    ("ロボットの私には心がない", "作为人工智能，我没有心。"),
    ("私はアイ。", "我是Ai。"),
    ("メモ：鍵は花瓶の下", "Note: The key is under the vase."),
    ("メモ「鍵は花瓶」", "Note: the key's in the vase"),
    ("ヒント：右", "Note: right"),
    ("書き置き：さようなら", "Note: Farewell"),
    ("但し書き：返品不可", "Note: no returns"),
    ("警告：危険", "Note: danger"),
    ("（危ない！）", "（注意：危险！）"),
    ("気をつけろ、前に敵がいる。", "注意：前面有敌人。"),
    ("この石版は読めない。", "我无法翻译这块石板。"),
    ("この文字は読めん。", "I cannot translate this."),
    ("通じないなら俺が話そう。", "Of course, I can translate for you."),
    ("これは500ゴールドに相当する。", "This translates to 500 gold."),
    ("英語：こんにちは", "English: Hello"),
    ("つまり、こういうことだ。", "这句话的意思是：如此。"),
    ("いらっしゃいませ。ご用件は？", "Hello! How may I help you today?"),
    ("お手伝いしましょうか？", "有什么可以帮您的吗？"),
    ("剣を＊＊した", "把剑**了**"),
    ("クソ野郎", "你个**混蛋"),
    ("F＊＊k", "F**k you, you f**k"),
    ("くそったれ", "F**k you, you f**k"),
    ("#1の部屋", "# 1号房"),
    ("＃1の部屋", "# 1号房"),
    ("<テキスト>", "<text>"),
    ("＜答え＞", "<answer>"),
]


@pytest.mark.parametrize("target", [*ANNOUNCED, *REFUSED, *NOTED])
def test_what_a_model_says_in_any_language_is_an_error(flaws: Flaws, target: str) -> None:
    assert [f.severity for f in flaws("chatter", "行くぞ！", target)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target"), STORY)
def test_a_story_may_say_what_models_say(flaws: Flaws, source: str, target: str) -> None:
    assert flaws("chatter", source, target) == []


@pytest.mark.parametrize("source", ["言い訳するな！", "申し訳ない、言葉が出ない。", "訳が分からない。"])
def test_an_excuse_in_the_source_is_none_for_an_announcement(flaws: Flaws, source: str) -> None:
    assert flaws("chatter", source, "以下是翻译：别找借口！") != []


@pytest.mark.parametrize(
    "line", ["中文翻译：", "这段文字的翻译是：", "Got it! Here's the translation:", "**English:**", "```"]
)
def test_the_reader_knows_the_same_announcements(line: str) -> None:
    assert announces(line)
    assert without([line, "甲"], ["行くぞ！"]) == ["甲"]
    assert without([line, "甲"], ["中国語の翻訳だ：", "行くぞ！"]) == [line, "甲"]


@pytest.mark.parametrize("line", ["甲：", "他说：", "The plan:", "“中文”", "Here is the key:", "Okay:"])
def test_a_line_of_a_story_announces_nothing(line: str) -> None:
    assert not announces(line)


@pytest.mark.parametrize(("source", "target"), CHATTER)
def test_chatter_and_refusals_are_errors(flaws: Flaws, source: str, target: str) -> None:
    assert [f.severity for f in flaws("chatter", source, target)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target"), SPEECH)
def test_what_somebody_says_is_no_chatter(flaws: Flaws, source: str, target: str) -> None:
    assert flaws("chatter", source, target) == []
