"""What formats of translators' JSON share: places by path, line breaks, and what is no text."""

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import FormatError
from translator.core.json_texts import (
    LaterSegments,
    Steps,
    array_or_none,
    as_key,
    head_values,
    locate_all,
    no_text,
    object_or_none,
    read_json,
    unique_keys,
    with_breaks_of,
)
from translator.core.lines import unified_breaks
from translator.core.segment import Role, Segment

VALUES = st.recursive(
    st.text(max_size=4) | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=10,
)


def leaves(value: object, path: Steps = ()) -> list[tuple[Steps, object]]:
    if (members := object_or_none(value)) is not None:
        return [leaf for name, inner in members.items() for leaf in leaves(inner, (*path, name))]
    if (elements := array_or_none(value)) is not None:
        return [leaf for index, inner in enumerate(elements) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(0, 4), st.data())
def test_each_value_is_found_where_it_stands(value: list[object], indent: int, data: st.DataObject) -> None:
    text = json.dumps(value, indent=indent or None)
    wanted = dict(data.draw(st.lists(st.sampled_from(leaves(value)), unique_by=repr)) if leaves(value) else [])
    found = locate_all(text, 0, wanted)
    assert {path: json.loads(text[slice(*span)]) for path, span in found.items()} == wanted


def test_of_a_name_that_stands_twice_the_last_is_found() -> None:
    text = '{"a": "1", "b": {"c": "2"}, "a": "3", "b": {"c": "4"}}'
    found = locate_all(text, 0, {("a",), ("b", "c")})
    assert [text[slice(*found[path])] for path in (("a",), ("b", "c"))] == ['"3"', '"4"']


@given(st.lists(VALUES, min_size=1, max_size=3), st.integers(0, 4), st.data())
def test_strings_take_the_places_of_what_stood_there(value: list[object], indent: int, data: st.DataObject) -> None:
    file = read_json(json.dumps(value, indent=indent or None).encode())
    places = [path for path, _ in leaves(value)]
    new = data.draw(st.dictionaries(st.sampled_from(places), st.text(max_size=3)) if places else st.just({}))
    expected = [(path, new.get(path, old)) for path, old in leaves(value)]
    assert leaves(read_json(file.with_strings(new)).value) == expected
    assert file.with_strings({}) == file.blob


@given(st.text(st.sampled_from("ab\n"), max_size=12), st.text(st.sampled_from("x\r\n"), max_size=8))
def test_a_text_is_read_again_however_its_breaks_are_spelled(text: str, like: str) -> None:
    assert unified_breaks(with_breaks_of(text, like)) == text


def test_breaks_are_spelled_one_by_one_as_those_that_stood_there() -> None:
    assert with_breaks_of("a\nb\nc\nd", "1\n2\r\n3") == "a\nb\r\nc\r\nd"
    assert with_breaks_of("a\nb", "no break", "1\r\n2") == "a\r\nb"
    assert with_breaks_of("a\n\nb", "1\r2\n3") == "a\n\nb"  # \r and \n beside each other would be one break


@given(VALUES)
def test_a_head_holds_what_is_whole_in_it(value: object) -> None:
    blob = json.dumps([value, value, value]).encode()
    for cut in range(len(blob)):
        found = head_values(blob[:cut])
        if cut == 0:
            assert found is None
        else:
            assert found is not None
            # A number that is cut off is a number; nothing else can be taken for what it is not.
            assert found[1] == [value] * len(found[1]) or isinstance(found[1][-1], int)
    assert head_values(blob, most=2) == ("[", [value, value])


@pytest.mark.parametrize("head", [b"", b"text", b'"x"'])
def test_what_is_no_container_has_no_head(head: bytes) -> None:
    assert head_values(head) is None


@pytest.mark.parametrize(
    ("blob", "offset"),
    [(b"", 0), (b'["\xe3\x81\x82", x]', 8), (b'["\xff"]', 2), (b"[1] 2", 4), (b"[" * 100_000, 999)],
)
def test_a_damaged_file_is_refused_with_the_place(blob: bytes, offset: int) -> None:
    with pytest.raises(FormatError) as caught:
        read_json(blob)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("100", "no letter in it"),
        ("……！？", "no letter in it"),
        ("_", "no letter in it"),
        ("img/pictures/夜.png", "file name"),
        ("Fore01.PNG", "file name"),
        ("https://example.org/a", "link"),
        ("#ffcc00", "colour"),
        ("剣", None),
        ("Mr. Smith", None),
        ("See readme.txt", None),
        ("はい/いいえ", None),
        ("v1.2", None),
    ],
)
def test_files_links_colours_and_signs_are_no_texts(text: str, why: str | None) -> None:
    assert no_text(text) == why


def test_a_key_is_one_line_of_whole_characters() -> None:
    assert as_key("a\r\nb") == "a\\r\\nb"
    assert as_key("half \ud800") == "half \ufffd"
    assert len(as_key("長" * 500)) < 100
    assert as_key("長" * 500 + "一") != as_key("長" * 500 + "二")


def test_keys_are_told_apart_in_linear_time() -> None:
    assert list(unique_keys(["a\nb", "a\\nb", "c", "a\r\nb", "c", "c#2", "c"])) == [
        "a\\nb",
        "a\\nb#2",
        "c",
        "a\\r\\nb",
        "c#2",
        "c#2#2",
        "c#3",
    ]
    began = time.perf_counter()
    assert len(set(unique_keys(["字"] * 50_000))) == 50_000
    assert time.perf_counter() - began < 5


def test_what_is_no_text_is_told_in_linear_time() -> None:
    began = time.perf_counter()
    for unit in ("a/", "a.", "(", "~", "./", "a" * 10 + "@"):
        no_text(unit * 200_000)
    assert time.perf_counter() - began < 2


def test_segments_are_made_when_their_turn_comes() -> None:
    made: list[str] = []

    def make() -> Iterator[Segment]:
        for key in "abc":
            made.append(key)
            yield Segment(key, key, Role.TERM)

    segments = LaterSegments(make)
    assert made == []
    assert [next(iter(segments)).key, made] == ["a", ["a"]]
    assert [segment.key for segment in segments] == ["a", "b", "c"]
    made.clear()
    assert [segments[1].key, segments[-1].key, [s.key for s in segments[:2]]] == ["b", "c", ["a", "b"]]
    assert (len(segments), [segment.key for segment in segments]) == (3, ["a", "b", "c"])
    assert made == ["a", "b", "c"]
