import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.backends.answer import Answer
from translator.core.backend import Abort, Message, Request

ROOM = 5000


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
        ("<thinking>a</think>b</thinking>你好", "你好", "a</think>b"),
        ("[THINK]a[/THINK]你好", "你好", "a"),
        ("a</thinking>你好</think>", "你好</think>", "a"),
        ("[1] 你好", "[1] 你好", ""),
    ],
)
def test_a_thought_is_kept_out_of_the_text_however_it_is_cut(whole: str, text: str, thought: str) -> None:
    assert (read(whole).text, read(whole).thought) == (text, thought)
    by_letter = read(*whole)
    assert (by_letter.text, by_letter.thought) == (text, thought)


@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "</thinking>", "[THINK]", "<", "think>", "</", "好", "\n", "a"]),
        max_size=8,
    ),
    st.data(),
)
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


@pytest.mark.parametrize("opening", [None, "", "<think>"])
@pytest.mark.parametrize("rounds", ["嗯", "Wait, let me check the second line again.\n"])
def test_a_thought_that_goes_on_in_a_loop_ends_the_answer(rounds: str, opening: str | None) -> None:
    answer = Answer(lambda _text: None, room=ROOM)
    apart = opening is None
    if opening:
        answer.add(opening)
    for _ in range(5000):
        answer.add("" if apart else rounds, rounds if apart else "")
        if answer.tell():
            break
    assert answer.abort is not None
    assert answer.abort.code == "loop"
    assert len(answer.thought + answer.text) < 1500


def test_a_thought_may_copy_laughter_and_draft_a_line_several_times() -> None:
    answer = Answer(lambda _text: None, room=ROOM)
    for number in range(200):
        answer.add("", f"The source says {'あ' * 90}. {number} Draft: 啊啊啊啊啊。 " + "好的。 " * 8)
        assert not answer.tell()


def streamed(text: str, thought: str = "", *, size: int = 1, room: int = 0) -> tuple[Answer, list[str]]:
    """An answer as far as it was let come, the server's own thought first, and what its listener heard."""
    heard: list[str] = []

    def listen(text: str) -> Abort | None:
        heard.append(text)
        return None

    answer = Answer(listen, room=room)
    parts = [("", thought[at : at + size]) for at in range(0, len(thought), size)]
    parts += [(text[at : at + size], "") for at in range(0, len(text), size)]
    for content, part in parts:
        answer.add(content, part)
        if answer.tell():
            break
    answer.finish()
    return answer, heard


LONG = "".join(f"{number}番目の文を訳すにはどうするか、" for number in range(400))


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("opening", [None, "<think>", "\n<thinking>\n", "[THINK]"])
def test_a_thought_that_nobody_asked_for_ends_the_answer_at_its_beginning(opening: str | None, size: int) -> None:
    answer, heard = streamed("" if opening is None else opening + LONG, LONG if opening is None else "", size=size)
    assert answer.abort is not None
    assert answer.abort.code == "thought-leaked"
    assert "--profile reasoning" in answer.abort.message
    assert heard == []
    assert len(answer.thought) < 30


@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.parametrize(
    "whole", ["嗯，用户要我翻译这句话。</think>这里是村庄。", "<think>嗯，用户要我翻译。</think>\n这里是村庄。"]
)
def test_a_thought_that_nobody_asked_for_is_no_less_one_for_its_end(whole: str, size: int) -> None:
    abort = streamed(whole, size=size)[0].abort
    assert abort is not None
    assert abort.code == "thought-leaked"


def test_a_thought_that_came_with_the_last_part_of_an_answer_is_judged_at_its_end() -> None:
    answer = Answer(lambda _text: None)
    answer.add("这里是村庄。", "嗯，用户要我翻译这句话。")
    answer.finish()
    assert answer.abort is not None


@pytest.mark.parametrize("whole", ["<think>\n\n</think>\n\n你好", "<think>好的。</think>你好", "嗯。</think>你好"])
def test_a_thought_of_no_more_than_a_few_characters_does_no_harm(whole: str) -> None:
    answer, heard = streamed(whole)
    assert answer.abort is None
    assert heard[-1] == answer.text == "你好"


def test_a_text_that_may_be_a_thought_is_heard_only_when_it_is_known_to_be_none() -> None:
    asked = Request("m", (Message("user", "村"),), max_tokens=ROOM, think=True)
    heard: list[str] = []
    answer = Answer.to(asked, heard.append, None)
    for part in ("Let me see.\nA\nB\nC", "</think>", "村", "庄"):
        answer.add(part)
        assert not answer.tell()
    assert heard == ["村", "村庄"]


@pytest.mark.parametrize("text", ['{"translations": [', '[{"id"', "\n```json"])
def test_a_text_that_begins_as_no_thought_does_is_heard_at_once(text: str) -> None:
    assert streamed(text, room=ROOM)[1][-1] == text


def test_a_text_behind_a_thought_is_heard_at_once() -> None:
    assert streamed("村庄", LONG[:900], room=ROOM)[1] == ["村", "村庄"]


def test_a_text_that_may_be_a_thought_is_heard_when_no_room_is_left_for_one() -> None:
    heard = streamed(LONG, room=100)[1]
    assert heard[0] == LONG[:101]


@pytest.mark.parametrize("opening", [None, "<think>"])
def test_a_thought_that_takes_up_all_the_room_ends_the_answer(opening: str | None) -> None:
    thought = "" if opening else LONG
    answer = streamed(opening + LONG if opening else "", thought, room=100)[0]
    assert answer.abort is not None
    assert answer.abort.code == "too-long"
    assert answer.parts == 101


@pytest.mark.parametrize("before", ["", "<think></think>", "<think>\n好的\n</think>"])
def test_blank_lines_without_end_do_not_go_unheard(before: str) -> None:
    answer = Answer(lambda text: Abort("blank", "") if len(text) > 500 else None)
    answer.add(before)
    for _ in range(2000):
        answer.add("\n")
        if answer.tell():
            break
    assert answer.parts < 600
