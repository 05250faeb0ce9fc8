import pytest

from translator.core.message_lines import boxes, distributed


@pytest.mark.parametrize(
    ("new", "old", "splits", "expected"),
    [
        ("one\ntwo", "一", True, ["one\ntwo"]),
        ("one\ftwo\nthree\f", "一", True, ["one", "two\nthree", ""]),
        ("one\ftwo", "一", False, ["one\ftwo"]),
        ("one\ftwo", "一\f二", True, ["one\ftwo"]),
    ],
)
def test_a_form_feed_begins_another_message_where_it_may(
    new: str, old: str, expected: list[str], *, splits: bool
) -> None:
    assert boxes(new, old, splits=splits) == expected


@pytest.mark.parametrize(
    ("whole", "old", "expected"),
    [
        ("a\nb\nc", ["一"], ["a", "b", "c"]),
        ("a", ["一", "二"], ["a"]),
        ("a\nb\nc", ["一\n二", "三"], ["a\nb", "c"]),
        ("a\nb\n", ["一", "二\n"], ["a", "b\n"]),
        ("a\nb", ["一\n二", "三"], ["a", "b"]),
        ("a\nb\nc\nd", ["一\n二", "三"], ["a", "b", "c", "d"]),
    ],
)
def test_lines_stay_together_in_a_string_while_their_number_is_the_same(
    whole: str, old: list[str], expected: list[str]
) -> None:
    assert distributed(whole, old) == expected
