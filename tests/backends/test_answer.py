import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.backends.answer import Answer
from translator.core.backend import Abort


def read(*parts: str) -> Answer:
    answer = Answer(None)
    for part in parts:
        answer.add(part)
    answer.finish()
    return answer


@pytest.mark.parametrize(
    ("whole", "text", "thought"),
    [
        ("你好", "你好", ""),
        ("  你好\n", "  你好\n", ""),
        ("<think>hm\nhm</think>\n\n你好", "你好", "hm\nhm"),
        ("\n<think></think>你好", "你好", ""),
        ("<think>never closed", "", "never closed"),
        ("opened in the prompt</think>\n你好", "你好", "opened in the prompt"),
        ("a <think> b", "a <think> b", ""),
        ("<thin", "<thin", ""),
        ("<b>你好</b>", "<b>你好</b>", ""),
        ("<think>a</think>\u3000你好", "\u3000你好", "a"),
    ],
)
def test_a_thought_is_kept_out_of_the_text_however_it_is_cut(whole: str, text: str, thought: str) -> None:
    assert (read(whole).text, read(whole).thought) == (text, thought)
    by_letter = read(*whole)
    assert (by_letter.text, by_letter.thought) == (text, thought)


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "think>", "</", "好", "\n", "a"]), max_size=8), st.data())
def test_how_an_answer_is_cut_into_parts_changes_nothing(pieces: list[str], data: st.DataObject) -> None:
    whole = "".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)))))
    parts = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    one, many = read(whole), read(*parts)
    assert (many.text, many.thought) == (one.text, one.thought)


def test_the_listener_hears_the_text_without_the_thought_and_only_when_it_grows() -> None:
    heard: list[str] = []

    def listen(text: str) -> Abort | None:
        heard.append(text)
        return None

    answer = Answer(listen)
    for part in ("<th", "ink>a", "b</think>", "\n", "你", "", "好"):
        answer.add(part)
        answer.tell()
    assert heard == ["你", "你好"]


def test_a_thought_that_the_server_tells_apart_is_no_text() -> None:
    answer = Answer(None)
    answer.add("", "let me see")
    answer.add("好")
    assert (answer.text, answer.thought) == ("好", "let me see")


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("rounds", ["嗯", "Wait, let me check the second line again.\n"])
def test_a_thought_that_goes_on_in_a_loop_ends_the_answer(rounds: str, *, apart: bool) -> None:
    answer = Answer(lambda _text: None)
    if not apart:
        answer.add("<think>")
    for _ in range(5000):
        answer.add("" if apart else rounds, rounds if apart else "")
        if answer.tell():
            break
    assert answer.abort is not None
    assert answer.abort.code == "loop"
    assert len(answer.thought) < 1500


def test_a_thought_may_copy_laughter_and_draft_a_line_several_times() -> None:
    answer = Answer(lambda _text: None)
    for number in range(200):
        answer.add("", f"The source says {'あ' * 90}. {number} Draft: 啊啊啊啊啊。 " + "好的。 " * 8)
        assert not answer.tell()
