import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.markup import NO_MARKUP, MarkupRule, MarkupSyntax
from translator.engine.structured import json_texts

MARKUP = MarkupSyntax((MarkupRule(r"\\[A-Za-z]+\[\d+\]|\\n(?![a-z\[])|\\[!.{}|^]"),))
PLAIN = [("あ", NO_MARKUP), ("い", NO_MARKUP)]
BOTH = '{"translations":[{"id":1,"text":"甲"},{"id":2,"text":"乙"}]}'


def texts(answer: str, *sources: str) -> list[str | None]:
    found = json_texts(answer, [(source, MARKUP) for source in sources]) or {}
    return [found.get(number) for number in range(1, len(sources) + 1)]


def test_a_backslash_that_begins_no_escape_stands_for_itself() -> None:
    answer = r'{"translations":[{"id":1,"text":"他拿着\C[2]剑\C[0]"},{"id":2,"text":"\"换行\"\!\{了"}]}'
    assert texts(answer, r"彼は\C[2]剣\C[0]を持つ", r"改行\!だ") == [r"他拿着\C[2]剑\C[0]", '"换行"\\!\\{了']


@pytest.mark.parametrize(
    ("source", "answer", "text"),
    [
        (r"\n[1]は来た。", r"\n[1]来了。", r"\n[1]来了。"),
        (r"\N[1]と\n[2]。", r"\N[1]和\n[2]。", r"\N[1]和\n[2]。"),
        (r"あ\n[1]い\n[1]", r"甲\n[1]乙\\n[1]", r"甲\n[1]乙\n[1]"),
        (r"字\fs[24]大", r"\n字\fs[24]大\n", r"字\fs[24]大"),
        (r"\bust[1]あ\tx[2]い\rb[3]う", r"\bust[1]甲\tx[2]乙\rb[3]丙", r"\bust[1]甲\tx[2]乙\rb[3]丙"),
        (r"あ\nい", r"\n甲\n乙\n", r"甲\n乙"),
    ],
)
def test_a_code_that_json_has_read_as_a_control_character_is_put_back(source: str, answer: str, text: str) -> None:
    assert texts(f'[{{"id":1,"text":"{answer}"}}]', source) == [text]


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        (r"\n[1]は来た。", r"甲\n[1]乙\n[1]"),  # once too often
        (r"\n[1]は来た。", r"\\n[1]甲\n[1]乙"),  # it is there already
        (r"\n[1]は来た。", r"甲\n[2]乙"),
        (r"あ", r"甲\n[1]乙"),
    ],
)
def test_a_line_feed_that_need_not_be_a_code_stays_one(source: str, answer: str) -> None:
    assert texts(f'[{{"id":1,"text":"{answer}"}}]', source) == [None]


@pytest.mark.parametrize(
    "answer",
    [
        f"Here {{json}}:\n{BOTH}",
        f"[Translation] {{x}} [1] {{\n{BOTH}",
        '{"translations": [{"id": 1, "text": "the translation of text 1"}, ...]}\n' + BOTH,
        '{"translations": [{"id": 1, "text": "…"}]}\n' + BOTH,
        '{"language": "zh"}' + BOTH + '\n{"id": 1, "text": "丙"}',
        '{"translations":[{"id":1,"text":"甲"},{"id":2,"text":"乙"},]}',
        '{"id":1,"text":"甲"}\n{"id":2,"text":"乙"}',
    ],
)
def test_what_stands_around_the_texts_hides_none_of_them(answer: str) -> None:
    assert json_texts(answer, PLAIN) == {1: "甲", 2: "乙"}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ('{"translations":[{"id":1,"text":"说"好""},{"id":2,"text":"乙"}]}', {2: "乙"}),
        ('{"id":1,"text":"甲"}\n{"id":1,"text":"丙"}', {1: None}),
        ('{"translations":[{"id":1,"text":"甲"},{"id":2,"te', {1: "甲"}),
        (f'{{"{"9" * 5000}":"甲"}}', None),
        (f'{{"id":"{"9" * 5000}","text":"甲"}}', None),
        ('{"id":true,"text":"甲"}', None),
        ("{}", None),
    ],
)
def test_of_values_that_are_not_whole_those_are_used_that_are_there_once(answer: str, found: object) -> None:
    assert json_texts(answer, PLAIN) == found


@pytest.mark.parametrize("piece", ['{"a":', "[{", '{"', '[{"id":', '{"a":1}', "{ ", '{"id":1,"text":"', "\\"])
def test_an_answer_full_of_beginnings_ends_the_search(piece: str) -> None:
    assert json_texts(piece * 20_000, PLAIN) is None


@given(st.text(st.sampled_from('{}[]":,\\n1idtext甲 \n')))
def test_no_answer_breaks_the_reader(answer: str) -> None:
    found = json_texts(answer, PLAIN)
    assert found is None or found


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1), min_size=1, max_size=5))
def test_texts_that_are_escaped_rightly_come_as_they_are(written: list[str]) -> None:
    answer = json.dumps({"translations": [{"id": n, "text": t} for n, t in enumerate(written, 1)]})
    assert json_texts(answer, [(text, MARKUP) for text in written]) == dict(enumerate(written, 1))


def test_half_of_a_character_that_json_may_write_is_replaced_and_a_whole_one_read() -> None:
    answer = r'{"translations":[{"id":1,"text":"甲\ud83d\ude00"},{"id":2,"text":"乙\ud83d"}]}'
    assert texts(answer, "あ", "い") == ["甲😀", "乙\ufffd"]
