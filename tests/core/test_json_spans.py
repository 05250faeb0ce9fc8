import json
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.json_spans import (
    INNER,
    Cut,
    JsonError,
    JsonReader,
    Path,
    Span,
    Spelling,
    encode_string,
    locate,
    rewrite,
)
from translator.core.jsonvalue import as_list, as_object
from translator.core.splice import splice

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
_FORMS = st.sampled_from(
    [
        {"separators": (",", ":")},
        {"indent": 2},
        {"indent": "\t", "ensure_ascii": False},
        {"separators": (" ,\r\n", " : "), "ensure_ascii": False},
    ]
)


def _strings(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, element in enumerate(as_list(cast("object", value))):
            yield from _strings(element, (*path, index))
    elif isinstance(value, dict):
        for name, member in as_object(cast("object", value)).items():
            yield from _strings(member, (*path, name))


def _walk(reader: JsonReader) -> object:
    following = reader.peek()
    if following == "{":
        return {name: _walk(reader) for name in reader.members()}
    if following == "[":
        return [_walk(reader) for _ in reader.elements()]
    return reader.value()


def _walk_all(text: str) -> object:
    reader = JsonReader(text)
    value = _walk(reader)
    reader.finish()
    return value


@given(value=_VALUES, form=_FORMS)
def test_walking_gives_what_the_standard_library_gives(value: object, form: dict[str, object]) -> None:
    text = json.dumps(value, **form)  # pyright: ignore[reportArgumentType]  the forms are valid arguments
    assert _walk_all(text) == value


@given(value=_VALUES, form=_FORMS, new=st.text())
def test_one_string_is_replaced_and_nothing_else(value: object, form: dict[str, object], new: str) -> None:
    text = json.dumps(value, **form)  # pyright: ignore[reportArgumentType]  the forms are valid arguments
    for path, old in _strings(value):
        span = locate(text, 0, path)
        assert json.loads(text[span.start : span.end]) == old
        changed = splice(text, rewrite(text, 0, [(path, new)]))
        assert changed[: span.start] == text[: span.start]
        assert changed.endswith(text[span.end :])
        restored = splice(changed, rewrite(changed, 0, [(path, old)]))
        assert json.loads(restored) == value
        assert (restored[: span.start], restored.endswith(text[span.end :])) == (text[: span.start], True)


def test_the_last_of_equal_names_holds() -> None:
    text = '{"a": "one", "b": 1, "a": "two"}'
    assert locate(text, 0, ("a",)) == Span(26, 31)


def test_decoded_elements_say_where_they_stand() -> None:
    text = 'x [ 1 ,\n"zwei",[3] ] y'
    reader = JsonReader(text, 1)
    found = [(value, text[start:end]) for value, start, end in reader.decoded_elements()]
    assert found == [(1, "1"), ("zwei", '"zwei"'), ([3], "[3]")]
    assert reader.peek() == "y"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0),
        ("[1, 2", 5),
        ("[1 2]", 3),
        ('{"a" 1}', 5),
        ('{"a": 1', 7),
        ("{a: 1}", 1),
        ('{"a": "b\n"}', 8),
        ("[1] x", 4),
        ("[NaN]", 1),
    ],
)
def test_invalid_text_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(JsonError) as caught:
        _walk_all(text)
    assert caught.value.position == position


def test_too_deep_nesting_is_refused() -> None:
    with pytest.raises(JsonError, match="deep"):
        JsonReader("[" * 100_000).value()


def test_decoded_elements_refuse_invalid_text_with_its_place() -> None:
    for text, position in (("[1,", 3), ("[1}", 2), ('["a', 1), ("[Infinity]", 1)):
        with pytest.raises(JsonError) as caught:
            list(JsonReader(text).decoded_elements())
        assert caught.value.position == position, text


@pytest.mark.parametrize(
    ("like", "expected"),
    [
        ('""', '"é/\\n日"'),
        ('"\\u3042"', '"\\u00e9/\\n\\u65e5"'),
        ('"\\u3042日"', '"é/\\n日"'),
        ('"a\\/b"', '"é\\/\\n日"'),
        ('"a\\\\/b"', '"é/\\n日"'),
        ('"a\\\\b"', '"é/\\n日"'),
    ],
)
def test_escapes_follow_the_string_that_is_replaced(like: str, expected: str) -> None:
    assert encode_string("é/\n日", like) == expected


@given(st.text(alphabet=st.characters(categories=("Cs", "Cc", "Ll", "Lo", "Po"))))
def test_every_string_can_be_written_as_utf8_and_read_back(text: str) -> None:
    token = encode_string(text)
    token.encode("utf-8")
    assert json.loads(token) == json.loads(json.dumps(text))


def test_line_separators_are_escaped_for_scripts_only() -> None:
    assert encode_string("\u2028\u2029") == '"\u2028\u2029"'
    assert encode_string("\u2028\u2029", spelling=Spelling(for_script=True)) == '"\\u2028\\u2029"'


def test_several_changes_inside_of_one_string() -> None:
    inner = json.dumps({"title": "古い", "list": json.dumps(["一", "二"], ensure_ascii=False)}, ensure_ascii=False)
    text = json.dumps({"name": "p", "value": inner}, ensure_ascii=False)
    changes: list[tuple[Path, str]] = [
        (("value", INNER, "title"), '新"しい'),
        (("value", INNER, "list", INNER, 1), "zwei"),
        (("value", INNER, "list", INNER, 0, Cut(0, 0)), "十"),
    ]
    outer = json.loads(splice(text, rewrite(text, 0, changes)))
    assert outer["name"] == "p"
    found = json.loads(outer["value"])
    assert found["title"] == '新"しい'
    assert json.loads(found["list"]) == ["十一", "zwei"]


def test_cuts_change_parts_of_a_string() -> None:
    text = '["D_TEXT いち に 20"]'
    changes: list[tuple[Path, str]] = [((0, Cut(10, 11)), "two"), ((0, Cut(7, 9)), "one")]
    assert splice(text, rewrite(text, 0, changes)) == '["D_TEXT one two 20"]'


def test_a_path_that_leads_nowhere_or_to_no_string() -> None:
    with pytest.raises(KeyError):
        rewrite('{"a": [1]}', 0, [(("a", 1), "x")])
    with pytest.raises(KeyError):
        rewrite('{"a": [1]}', 0, [(("b",), "x")])
    with pytest.raises(ValueError, match="not a string"):
        rewrite('{"a": [1]}', 0, [(("a", 0), "x")])
