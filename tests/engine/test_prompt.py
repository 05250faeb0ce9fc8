"""Prompts are held here byte for byte, as the models' authors give them."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from translator.core.backend import Message, Request
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import GlossaryEntry, Unit
from translator.engine.context import extended
from translator.engine.desk import Desk
from translator.engine.prepare import prepare
from translator.engine.prompt import build
from translator.engine.turns import Recaller
from translator.profiles import Profile, all_profiles

NOVEL = (
    "你是一个轻小说翻译模型，可以流畅通顺地以日本轻小说的风格将日文翻译成简体中文，"
    "并联系上下文正确使用人称代词，不擅自添加原文中没有的代词。"
)
NOVEL_10 = (
    "你是一个轻小说翻译模型，可以流畅通顺地使用给定的术语表以日本轻小说的风格将日文翻译成简体中文，并联系上下文正确使用"
    "人称代词，注意不要混淆使役态和被动态的主语和宾语，不要擅自添加原文中没有的代词，也不要擅自增加或减少换行。"
)
ACG_15 = (
    "你是一个日本二次元领域的日语翻译模型，可以流畅通顺地以日本轻小说/漫画/Galgame的风格将日文翻译成简体中文，"
    "并联系上下文正确使用人称代词，不擅自添加原文中没有的代词。"
)
GALTRANSL = (
    "你是一个视觉小说翻译模型，可以通顺地使用给定的术语表以指定的风格将日文翻译成简体中文，并联系上下文正确使用人称代词，"
    "注意不要混淆使役态和被动态的主语和宾语，不要擅自添加原文中没有的特殊符号，也不要擅自增加或减少换行。"
)
MAOU = GlossaryEntry("魔王", "魔王", "头目")
ALICE = GlossaryEntry("アリス", "爱丽丝")
BEFORE = [("おはよう。", "早上好。"), ("行こう。", "走吧。")]
EMPTY = Path("/nonexistent")


def profile(name: str) -> Profile:
    return all_profiles(EMPTY)[name]


def desk(name: str, source: str = "ja", target: str = "zh-CN", *, structured: bool = False) -> Desk:
    markup = MarkupSyntax((MarkupRule(r"\\C\[\d+\]"),))
    return Desk(profile(name), language(source), language(target), "model", 2048, {"mv": markup}, structured=structured)


def ask(
    where: Desk,
    *sources: str,
    glossary: Sequence[GlossaryEntry] = (),
    context: Sequence[tuple[str, str]] = (),
    speakers: Sequence[str | None] = (),
) -> Request:
    units = [
        Unit(
            number, text, Role.DIALOGUE, "scene", "mv", glossary=tuple(glossary),
            speaker=speakers[number] if speakers else None,
        )
        for number, text in enumerate(sources)
    ]  # fmt: skip
    told = [Unit(number, source, Role.DIALOGUE, "scene", "mv") for number, (source, _) in enumerate(context)]
    before = extended(where, (), Recaller(where).turn(told, [target for _, target in context]))
    return build(where, [prepare(unit, where) for unit in units], context=before, sampling=where.profile.sampling)


def chatml(template: str, messages: Sequence[Message]) -> str:
    """Render the one form of Ollama template that the profiles use: a loop over messages, then a text."""
    match = re.fullmatch(r"\s*\{\{- range \.Messages \}\}(.*)\{\{ end \}\}(.*)", template, re.DOTALL)
    assert match is not None
    turns = (match[1].replace("{{ .Role }}", m.role).replace("{{ .Content }}", m.content) for m in messages)
    return "".join(turns) + match[2]


@pytest.mark.parametrize(
    ("name", "system", "glossary", "user"),
    [
        ("sakura-v0.9", NOVEL, (), "将下面的日文文本翻译成中文：こんにちは。\n魔王だ！"),
        ("sakura-v0.9", NOVEL, (MAOU,), "将下面的日文文本翻译成中文：こんにちは。\n魔王だ！"),
        (
            "sakura-v0.10", NOVEL_10, (),
            ("根据以下术语表（可以为空）：\n\n\n将下面的日文文本根据上述术语表的对应关系和备注翻译成中文："
            "こんにちは。\n魔王だ！"),
        ),
        (
            "sakura-v0.10", NOVEL_10, (MAOU, ALICE),
            ("根据以下术语表（可以为空）：\nアリス->爱丽丝\n魔王->魔王 #头目\n\n"
            "将下面的日文文本根据上述术语表的对应关系和备注翻译成中文：こんにちは。\n魔王だ！"),
        ),
        ("sakura-v1.0", NOVEL, (), "将下面的日文文本翻译成中文：こんにちは。\n魔王だ！"),
        (
            "sakura-v1.0", NOVEL, (MAOU, ALICE),
            ("根据以下术语表（可以为空）：\nアリス->爱丽丝\n魔王->魔王 #头目\n"
            "将下面的日文文本根据对应关系和备注翻译成中文：こんにちは。\n魔王だ！"),
        ),
        ("sakura-v1.5", ACG_15, (), "将下面的文本从日文翻译成简体中文：\nこんにちは。\n魔王だ！"),
        (
            "sakura-v1.5", ACG_15, (MAOU,),
            ("参考以下术语表（可为空，格式为src->dst #备注）\n魔王->魔王 #头目\n\n"
            "根据以上术语表的对应关系和备注，将下面的文本从日文翻译成简体中文：\nこんにちは。\n魔王だ！"),
        ),
        (
            "galtransl-v3", GALTRANSL, (),
            ("参考以下术语表（可为空，格式为src->dst #备注）：\n\n"
            "根据以上术语表的对应关系和备注，结合历史剧情和上下文，将下面的文本从日文翻译成简体中文：\n"
            "こんにちは。\n魔王だ！"),
        ),
        (
            "galtransl-v3", GALTRANSL, (MAOU,),
            ("参考以下术语表（可为空，格式为src->dst #备注）：\n魔王->魔王 #头目\n"
            "根据以上术语表的对应关系和备注，结合历史剧情和上下文，将下面的文本从日文翻译成简体中文：\n"
            "こんにちは。\n魔王だ！"),
        ),
    ],
)  # fmt: skip
def test_the_whole_chatml_text_is_the_authors(
    name: str, system: str, glossary: tuple[GlossaryEntry, ...], user: str
) -> None:
    request = ask(desk(name), "こんにちは。", "魔王だ！", glossary=glossary)
    assert chatml(profile(name).server.template, request.messages) == (
        f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"
    )
    assert request.stop == ("<|im_end|>",)
    assert request.schema is None


@pytest.mark.parametrize("name", ["sakura-v0.9", "sakura-v0.10", "sakura-v1.0"])
def test_older_sakuras_get_the_texts_before_as_they_were_asked_for_and_answered(name: str) -> None:
    request = ask(desk(name), "うん。", context=BEFORE)
    assert [m.role for m in request.messages] == ["system", "user", "assistant", "user"]
    assert request.messages[1] == ask(desk(name), *(source for source, _ in BEFORE)).messages[1]
    assert request.messages[2].content == "早上好。\n走吧。"


def test_sakura_15_gets_history_and_the_words_that_name_it() -> None:
    request = ask(desk("sakura-v1.5"), "魔王だ！", glossary=[MAOU], context=BEFORE)
    assert request.messages[-1].content == (
        "历史翻译：早上好。\n走吧。\n\n参考以下术语表（可为空，格式为src->dst #备注）\n魔王->魔王 #头目\n\n"
        "根据以上术语表的对应关系和备注，结合历史剧情和上下文，将下面的文本从日文翻译成简体中文：\n魔王だ！"
    )
    without = ask(desk("sakura-v1.5"), "うん。", context=BEFORE)
    assert without.messages[-1].content == (
        "历史翻译：早上好。\n走吧。\n\n结合历史剧情和上下文，将下面的文本从日文翻译成简体中文：\nうん。"
    )


def test_galtransl_gets_history_and_speakers_in_the_line() -> None:
    request = ask(desk("galtransl-v3"), "行こう", "「うん」", context=BEFORE, speakers=["アリス", "ボブ"])
    assert request.messages[-1].content == (
        "历史翻译：早上好。\n走吧。\n参考以下术语表（可为空，格式为src->dst #备注）：\n\n"
        "根据以上术语表的对应关系和备注，结合历史剧情和上下文，将下面的文本从日文翻译成简体中文：\n"
        "アリス「行こう」\nボブ「うん」"
    )


def test_galtransl_gets_line_breaks_inside_a_message_spelled_out() -> None:
    assert ask(desk("galtransl-v3"), "行こう\nうん").messages[-1].content.endswith("：\n行こう\\nうん")


def test_no_context_adds_no_message() -> None:
    assert [m.role for m in ask(desk("sakura-v1.0"), "うん。").messages] == ["system", "user"]
    assert [m.role for m in ask(desk("sakura-v1.0"), "うん。", context=[("あ", " ")]).messages] == ["system", "user"]


def test_the_glossary_stands_in_one_order_whatever_the_units_order() -> None:
    first = ask(desk("sakura-v1.0"), "魔王とアリス", glossary=[MAOU, ALICE])
    second = ask(desk("sakura-v1.0"), "魔王とアリス", glossary=[ALICE, MAOU])
    assert first == second


def test_of_several_translations_the_first_is_asked_for_and_a_pattern_is_what_it_matched() -> None:
    entries = [GlossaryEntry("魔王", "魔王|大魔王"), GlossaryEntry("第.章", "章节", regex=True)]
    content = ask(desk("sakura-v1.0"), "第３章、魔王", glossary=entries).messages[-1].content
    assert "\n第３章->章节\n魔王->魔王\n将" in content


def test_what_stands_in_a_text_is_never_taken_for_a_placeholder() -> None:
    entry = GlossaryEntry("名", "{text}", "{history}")
    content = ask(desk("sakura-v1.0"), "名は{glossary}です", glossary=[entry]).messages[-1].content
    assert content == (
        "根据以下术语表（可以为空）：\n名->{text} #{history}\n"
        "将下面的日文文本根据对应关系和备注翻译成中文：名は{glossary}です"
    )


def test_full_width_digits_are_sent_half_width() -> None:
    assert ask(desk("sakura-v1.0"), "２０枚の金貨だ").messages[-1].content.endswith("：20枚の金貨だ")


def test_chat_asks_for_json_by_a_schema_where_the_server_holds_to_it() -> None:
    request = ask(desk("chat", "ja", "en", structured=True), "おはよう。", "「うん」", speakers=["アリス", None])
    assert request.schema is not None
    translations = json.loads(request.schema)["properties"]["translations"]
    assert (translations["minItems"], translations["maxItems"]) == (2, 2)
    system, user = (message.content for message in request.messages)
    assert "from Japanese into English" in system
    assert '{"translations": [{"id": 1,' in system
    assert user == (
        "2 texts to translate from Japanese into English:\n"
        '[{"id": 1, "speaker": "アリス", "text": "おはよう。"}, {"id": 2, "text": "「うん」"}]'
    )
    assert request.think is False


def test_chat_asks_for_numbered_lines_where_the_server_has_no_schema() -> None:
    request = ask(
        desk("chat", "ja", "en"), "魔王だ", "うん", speakers=["アリス", None], glossary=[MAOU], context=BEFORE
    )
    system, user = (message.content for message in request.messages)
    assert request.schema is None
    assert "JSON" not in system
    assert user == (
        "Glossary:\n魔王 -> 魔王 (头目)\n\n"
        "What was said just before (do not translate it):\nおはよう。\n行こう。\n\n"
        "Who says which text: 1 アリス\n\n"
        "2 texts to translate from Japanese into English:\n1. 魔王だ\n2. うん"
    )


def test_reasoning_never_binds_the_thought_to_a_schema() -> None:
    request = ask(desk("reasoning", structured=True), "うん")
    assert request.schema is None
    assert request.think is True
    assert request.messages[-1].content.endswith("1. うん")


@pytest.mark.parametrize("name", ["chat", "reasoning"])
def test_no_placeholder_is_left_in_what_a_chat_model_sees(name: str) -> None:
    for structured in (False, True):
        request = ask(desk(name, structured=structured), "うん", context=BEFORE, glossary=[MAOU])
        whole = "".join(message.content for message in request.messages)
        assert not re.search(r"\{(?!name\}|\"translations|\"id)[a-z_]+\}", whole)
        assert "\\C[2]" in whole


def test_a_completion_goes_on_with_examples_and_stops_at_the_line_end() -> None:
    request = ask(desk("completion", "ja", "en"), "ここは始まりの村です。")
    assert request.messages == ()
    assert request.prompt is not None
    assert request.prompt.startswith("Japanese: おはようございます。\nEnglish: Good morning.\n")
    assert request.prompt.endswith("\nJapanese: ここは始まりの村です。\nEnglish:")
    assert request.stop == ("\n",)
    assert request.sampling.temperature == 0


def test_a_completions_glossary_becomes_further_examples() -> None:
    prompt = ask(desk("completion", "ja", "zh-CN"), "魔王だ", glossary=[MAOU]).prompt
    assert prompt is not None
    assert prompt.endswith("\nJapanese: 魔王\nSimplified Chinese: 魔王\nJapanese: 魔王だ\nSimplified Chinese:")


def test_a_pair_without_examples_is_asked_without() -> None:
    assert ask(desk("completion", "th", "ar"), "สวัสดี").prompt == "Thai: สวัสดี\nArabic:"


def test_pseudo_sends_the_text_and_nothing_else() -> None:
    assert ask(desk("pseudo"), "うん", "はい").messages == (Message("user", "うん\nはい"),)


def test_traditional_chinese_is_asked_of_sakura_as_simplified() -> None:
    assert ask(desk("sakura-v1.0", "ja", "zh-TW"), "うん") == ask(desk("sakura-v1.0"), "うん")


def test_the_answers_limit_follows_what_is_sent() -> None:
    assert ask(desk("sakura-v1.0"), "昨日の夜は寒かった。" * 20).max_tokens == 340
    assert ask(desk("sakura-v1.0"), "うん").max_tokens == 100
