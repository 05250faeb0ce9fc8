"""What a text is where the file does not say."""

import pytest

from translator.core.loose import guess_role, said_or_told
from translator.core.segment import Role


@pytest.mark.parametrize("text", ["「やあ」", " 『はい』", "“Hello”", "（「心の声」）"])
def test_what_is_quoted_is_said(text: str) -> None:
    assert guess_role(text) is Role.DIALOGUE


@pytest.mark.parametrize(
    "text", ["雨だ。", "Ready?", "It ends. And", "Name: ", "One\ntwo", "a" * 25, "x" + " " * 80, "、と", "待て！"]
)
def test_sentences_and_what_is_long_describe(text: str) -> None:
    assert guess_role(text) is Role.DESCRIPTION


@pytest.mark.parametrize("text", ["はじめる", "New Game", "v1.2", "Mr.T", "\nOK\n", "", "a" * 24, "A. B"])
def test_all_else_is_a_term(text: str) -> None:
    assert guess_role(text) is Role.TERM


@pytest.mark.parametrize("text", ["「やあ」", "　（何だろう）", '"Hi"', "‘Hi’", "(Hm)"])
def test_a_message_in_marks_is_said_or_thought(text: str) -> None:
    assert said_or_told(text) is Role.DIALOGUE


@pytest.mark.parametrize("text", ["雨だ。", "彼は「やあ」と言った。", ""])
def test_any_other_message_is_told(text: str) -> None:
    assert said_or_told(text) is Role.NARRATION
