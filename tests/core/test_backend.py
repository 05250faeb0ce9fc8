"""Requests: what a model reads of them."""

from translator.core.backend import Message, Request


def test_the_texts_of_a_chat_are_those_of_its_turns_and_the_answer_is_a_turn_too() -> None:
    request = Request("m", messages=(Message("system", "be brief"), Message("user", "")))
    assert (request.texts, request.turns) == (("be brief", ""), 3)


def test_a_raw_prompt_is_one_text_even_if_it_is_empty() -> None:
    assert (Request("m", prompt="").texts, Request("m", prompt="a").turns) == (("",), 1)
