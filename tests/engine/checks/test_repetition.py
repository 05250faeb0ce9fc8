from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]
ZH, EN = ("ja", "zh-CN"), ("ja", "en")

LOOPS = [
    ("もうだめだ", "不行了，不行了，不行了，不行了", ZH),
    ("彼は言った。", "他说：“好的。”\n他说：“好的。”\n他说：“好的。”\n他说：“好的。”", ZH),
    ("それは彼女の声だった。", "那是她的声音。那是她的声音。那是她的声音。", ZH),
    ("昨日、街で彼に会った。", "昨天在街上遇见了他。今天，昨天在街上遇见了他。今天，昨天在街上遇见了他。今天，", ZH),
    ("好き好き！", "I love you, " * 7, EN),
    ("きゃー", "Kya" + "a" * 60, EN),
    ("スーパーの袋", "哈" * 20, ZH),
    ("ああ、うん", "嗯，" * 9, ZH),
    ("えっと", "那个…" * 9, ZH),
    ("……", "不要啊，" * 8, ZH),
    ("\\C[2]剣\\C[0]", "剑" * 20, ZH),
]
DOUBLED = [
    (
        "これは長い説明文です。とても大事です。",
        "这是一段很长的说明文字，非常重要。这是一段很长的说明文字，非常重要。",
        ZH,
    ),
    ("彼女は静かに笑っていた。", "She was smiling quietly. She was smiling quietly.", EN),
]
NO_LOOPS = [
    ("好き好き好き好き好き！", "I love you, I love you, I love you, I love you, I love you!", EN),
    ("嫌だ、嫌だ、嫌だ、嫌だ！", "I don't want to, I don't want to, I don't want to, I don't want to!", EN),
    ("嫌だ！嫌だ！！嫌だ……嫌だ！", "I don't want to! I don't want to! I don't want to! I don't want to!", EN),
    ("死ね！死ね！死ね！死ね！", "Go to hell! Go to hell! Go to hell! Go to hell!", EN),
    ("怖い怖い怖い怖い怖い", "I'm scared, I'm scared, I'm scared, I'm scared, I'm scared", EN),
    (
        "帰りたい帰りたい帰りたい帰りたい",
        "I want to go home, I want to go home, I want to go home, I want to go home",
        EN,
    ),
    ("我爱你我爱你我爱你我爱你", "I love you, I love you, I love you, I love you", ("zh-CN", "en")),
    ("싫어 싫어 싫어 싫어", "I don't want to, I don't want to, I don't want to, I don't want to", ("ko", "en")),
    ("不不不不不", "No way, no way, no way, no way, no way", ("zh-CN", "en")),
    ("ノックの音。コンコンコンコン", "Knock knock knock knock knock knock", EN),
    ("嫌！　嫌！　嫌！　嫌！", "I hate this! I hate this! I hate this! I hate this!", EN),
    ("嫌嫌嫌嫌嫌嫌", "不要不要不要不要不要不要", ZH),
    ("きゃーーーっ！", "Kyaaaaaaaaaaaaaaaaaaaah!", EN),
    ("うぎゃー！！", "Gyaaaaaaaaaaaaaaaaaaah!!", EN),
    ("うわーん！", "Waaaaaaaaaaaaaaaaah!", EN),
    ("えーーーーっ！？", "诶诶诶诶诶诶诶诶诶诶诶诶诶诶诶诶诶！？", ZH),
    ("Nooo!", "不不不不不不不不不不不不不不不不！", ("en", "zh-CN")),
    # a sentence twice
    ("待ってください。お待ちください、本当に。", "请您稍等一下。请您稍等一下吧，真的。", ZH),
    ("もう帰ろうよ。もう帰ろうってば。", "我们已经该回家了。我们已经该回家了。", ZH),
    ("本当か？　マジか？", "真的吗？真的吗？", ZH),
    ("やめて！　離して！　触らないで！", "Let me go! Let me go! Let me go!", EN),
]


@pytest.mark.parametrize(("source", "target", "pair"), LOOPS)
def test_what_the_source_does_not_repeat_is_a_loop(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str]
) -> None:
    assert [f.severity for f in flaws("repetition", source, target, pair)] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target", "pair"), DOUBLED)
def test_a_sentence_that_is_there_twice_is_flagged(
    flaws: Flaws, source: str, target: str, pair: tuple[str, str]
) -> None:
    assert [f.severity for f in flaws("repetition", source, target, pair)] == [Severity.WARNING]


@pytest.mark.parametrize(("source", "target", "pair"), NO_LOOPS)
def test_people_repeat_themselves_and_scream(flaws: Flaws, source: str, target: str, pair: tuple[str, str]) -> None:
    assert flaws("repetition", source, target, pair) == []
