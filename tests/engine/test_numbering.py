from hypothesis import given
from hypothesis import strategies as st

from translator.engine.numbering import NUMBERED, Numbers


def read(text: str, size: int) -> Numbers:
    numbers = Numbers()
    for end in range(size, len(text) + size, size):
        numbers.read(text[:end])
    return numbers


@given(
    st.lists(
        st.sampled_from(
            [
                "1. ",
                "2.",
                "３．",
                "[4] ",
                "(5) ",
                "- 6. ",
                "【7】",
                "8、",
                "甲",
                "\n",
                "\n\n",
                " ",
                '"id": 9, ',
                '{"10": "',
                "2.50",
            ]
        ),
        max_size=12,
    ),
    st.integers(1, 9),
)
def test_numbers_are_counted_alike_however_the_answer_is_cut(pieces: list[str], size: int) -> None:
    text = "".join(pieces)
    whole, cut = read(text, max(len(text), 1)), read(text, size)
    assert (cut.count, cut.highest) == (whole.count, whole.highest)


@given(st.text(alphabet="1２3 -*(（[【]】.．、:：)）甲\t", min_size=1, max_size=9))
def test_a_line_that_is_read_as_numbered_is_counted_as_one(line: str) -> None:
    match = NUMBERED.fullmatch(line)
    numbers = read(f"{line}\n", 1)
    assert numbers.count == (match is not None)
    assert match is None or numbers.highest == int(match[1])


def test_a_number_that_may_go_on_is_not_counted_yet() -> None:
    numbers = Numbers()
    for text in ("1", "12", "12.", "12.5"):
        numbers.read(text)
        assert numbers.count == 0
    numbers.read('{"id": 1')
    assert numbers.count == 0
    numbers.read('{"id": 12, ')
    assert numbers.highest == 12
