"""TyranoScript's own files of translations."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role
from translator.formats.tyrano_lang import FORMAT

TEXT = (
    '{"scenes": {"a.ks": {"scenario": {"夜。": "", "朝。": "Morning."}, "tag": {"glink": {"text": {"はい": ""}}}}}, '
    '"charas": {"akane": ""}}'
)


def opened(text: str | bytes, settings: dict[str, str] | None = None) -> Document:
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(settings=settings or {}))


def test_texts_have_the_translations_that_are_there() -> None:
    found = [(s.source, s.role, s.target) for s in opened(TEXT, {"chara.akane": "あかね"}).segments]
    assert found == [
        ("夜。", Role.DIALOGUE, None),
        ("朝。", Role.DIALOGUE, "Morning."),
        ("はい", Role.CHOICE, None),
        ("あかね", Role.NAME, None),
    ]


def test_translations_are_spliced() -> None:
    blob = opened(TEXT).render({"scenes/a.ks/scenario/夜。": 'A "night".'})
    assert blob.decode() == TEXT.replace('"夜。": ""', '"夜。": "A \\"night\\"."')


def test_an_empty_translation_is_none() -> None:
    blob = opened(TEXT).render({"scenes/a.ks/scenario/朝。": ""})
    assert opened(blob).segments[1].target is None


def test_words_of_the_engine_are_held_back() -> None:
    document = opened('{"scenes": {}, "systems": {"save": "セーブ"}, "memo": "x"}')
    assert list(document.segments) == []
    assert isinstance(document, HoldsBack)
    assert [(h.text, h.reason) for h in document.held_back()] == [
        ("セーブ", "word of the engine"), ("x", "nothing that the engine reads"),
    ]  # fmt: skip


def test_a_line_stays_one() -> None:
    with pytest.raises(RefusedTargetError):
        opened(TEXT).render({"scenes/a.ks/scenario/夜。": "a\nb"})


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"scenes": [}', '{"scenes": {"a": 1} x', '{"a":' * 100_000, "\ufeff", '{"a": NaN}']
)
def test_what_is_no_such_file_is_an_error(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        opened(text)
    assert caught.value.offset is not None


def test_other_charsets_are_refused() -> None:
    with pytest.raises(FormatError, match="not UTF-8"):
        opened(TEXT.encode("cp932"))
    with pytest.raises(FormatError, match="UTF-8 only"):
        FORMAT.open(TEXT.encode(), options=FormatOptions(charset="cp932"))


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("data/others/lang/en.json", TEXT.encode(), Confidence.CERTAIN),
        ("data/others/lang/en.json", b"{}", Confidence.NONE),
        ("data/others/en.json", TEXT.encode(), Confidence.NONE),
    ],
)
def test_it_is_known_by_its_folder_and_beginning(name: str, head: bytes, sure: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is sure


def test_keys_tell_slashes_in_names_from_those_between_them() -> None:
    text = '{"scenes": {"a/b.ks": {"scenario": {"~1/2": "", "~01": "", "x": ""}}}}'
    document = opened(text)
    keys = [segment.key for segment in document.segments]
    assert keys == ["scenes/a~1b.ks/scenario/~01~12", "scenes/a~1b.ks/scenario/~001", "scenes/a~1b.ks/scenario/x"]
    again = opened(document.render({key: str(number) for number, key in enumerate(keys)}))
    assert [segment.target for segment in again.segments] == ["0", "1", "2"]


def test_what_is_not_looked_up_is_no_text_of_its_table() -> None:
    text = '{"scenes": {"a.ks": {"scenario": {"二\\n行": "", " ": "", "夜。": "", "数": 1, "中": {"深": ""}}}}}'
    document = opened(text, {"chara.夜。": "…"})
    assert [segment.source for segment in document.segments] == ["夜。"]
    assert isinstance(document, HoldsBack)
    assert [held.text for held in document.held_back()] == ["二\n行", " ", "深"]


def test_people_are_held_back_where_their_names_are_no_lines() -> None:
    document = opened(
        '{"charas": {"a": "", "b": "", "c": "C", "d": ""}}',
        {"chara.a": "二\n行", "chara.b": " ", "chara.c": "あ", "chara.d": ""},
    )
    assert [(segment.key, segment.source, segment.target) for segment in document.segments] == [("charas/c", "あ", "C")]
    assert isinstance(document, HoldsBack)
    assert [(held.text, held.reason) for held in document.held_back()] == [
        ("a", "no text in it"), ("b", "no text in it"), ("d", "id of a character without a name"),
    ]  # fmt: skip


def test_what_lies_deeper_than_anybody_looks_is_passed_over() -> None:
    deep = '{"a": "x", "b": ' * 40 + '"y"' + "}" * 40
    document = opened(f'{{"scenes": {{}}, "more": {deep}}}')
    assert isinstance(document, HoldsBack)
    assert {held.text for held in document.held_back()} == {"x"}


@given(target=st.text(max_size=30))
def test_any_translation_is_read_back_or_refused(target: str) -> None:
    key = "scenes/a.ks/scenario/夜。"
    try:
        blob = opened(TEXT).render({key: target})
    except RefusedTargetError:
        return
    assert next(s.target for s in opened(blob).segments if s.key == key) == (target or None)


@given(blob=st.binary(max_size=100))
def test_any_bytes_are_read_or_are_an_error(blob: bytes) -> None:
    for whole in (blob, b'{"scenes":' + blob + b"}"):
        try:
            document = opened(whole)
        except FormatError:
            continue
        assert document.render({}) == whole
