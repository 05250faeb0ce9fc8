import pytest

from translator.engine.leaks import LONGEST, leak


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_start|>", "<|im_end|>", "<|im_sep|>", "<|endoftext|>", "<|begin_of_text|>", "<|start_header_id|>",
        "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<|end_of_text|>", "<|return|>", "<|call|>", "<|start|>", "<|channel|>",
        "<|constrain|>", "<|endofprompt|>", "<|tool_call|>", "<|fim_middle|>", "<|vision_start|>", "<|system|>",
        "<|reserved_special_token_12|>", "<|START_OF_TURN_TOKEN|>", "<\uff5cAssistant\uff5c>",
        "<\uff5cend\u2581of\u2581sentence\uff5c>", "<\uff5ctool\u2581calls\u2581begin\uff5c>", "<s>", "</s>", "<bos>",
        "<eos>", "<pad>", "<unk>", "<unused94>", "<start_of_turn>", "<end_of_turn>", "<<SYS>>", "[INST]", "[/INST]",
        "[TOOL_CALLS]", "<tool_call>", "</tool_call>",
    ],
)  # fmt: skip
def test_marks_of_chat_templates_are_leaks_unless_the_source_has_them(mark: str) -> None:
    found = leak(f"这里是村庄。{mark}下一句", "ここは村です。")
    assert found is not None
    assert found.group() == mark
    assert leak(f"这里是村庄。{mark}下一句", f"ここは{mark}村です。") is None
    assert len(mark) < LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "<b>剑</b>", "<size=20>大</size>", "<|>", "<||>", "a <| b |> c", "<|勇者|>", "<speed=3>", "<sprite=1>", "[r]",
        "[INSTANT]", "3 < 5 > 2", "<strong>好</strong>", "<\uff5c>", "<span>", "</small>", "[1]", "<end>", "<unused>",
    ],
)  # fmt: skip
def test_markup_of_texts_is_no_leak(text: str) -> None:
    assert leak(text, "剣") is None


def test_a_mark_that_the_source_has_hides_no_other_one() -> None:
    found = leak("<s>以前</s><|im_end|>", "<s>昔</s>")
    assert found is not None
    assert found.group() == "<|im_end|>"
