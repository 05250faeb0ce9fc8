"""Replacing spans of a text file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import RefusedTargetError, UnencodableError
from translator.core.lines import read_lines
from translator.core.segment import Role, Segment
from translator.core.spantext import SpanText, misread
from translator.core.textfile import Output
from translator.testing.deadline import deadline

DOUBLE_CODED = b"\xfa\x4a a\r\n\xee\xef b\n\x87\x54"  # \u2160 \u2170 \u2160 in CP932, the first two by vendors' codes


def opened(blob: bytes, charset: str | None = None) -> SpanText:
    return SpanText(read_lines(blob, charset=charset), blob)


def test_other_bytes_stay_where_characters_have_several_codes() -> None:
    file = opened(DOUBLE_CODED, "cp932")
    at = file.text.index("b")
    out = file.render({"k": (at, at + 1)}, {"k": "\u732b"}, Output("cp932", b""))
    assert out == DOUBLE_CODED.replace(b"b", "\u732b".encode("cp932"))


def test_unchanged_texts_keep_their_codes() -> None:
    file = opened(DOUBLE_CODED, "cp932")
    assert file.render({"k": (0, 3)}, {"k": file.text[:3]}, Output("cp932", b"")) == DOUBLE_CODED


def test_several_spans_of_a_line_and_one_over_lines() -> None:
    file = opened(b'say "a" "b"\r\n"c\r\nd" end')
    spans = {"a": (5, 6), "b": (9, 10), "c": (14, 18)}
    out = file.render(spans, {"a": "1", "b": "22", "c": "3\r\n4"}, Output("utf-8", b""))
    assert out == b'say "1" "22"\r\n"3\r\n4" end'


def test_another_charset_gets_its_byte_order_mark() -> None:
    file = opened("\u3042\n".encode("cp932"), "cp932")
    out = file.render({"k": (0, 1)}, {"k": "\u4eec"}, Output("utf-16-le", b"\xff\xfe"))
    assert out == b"\xff\xfe" + "\u4eec\n".encode("utf-16-le")


def test_what_the_charset_lacks_is_named() -> None:
    file = opened("\u3042\n".encode("cp932"), "cp932")
    with pytest.raises(UnencodableError, match="U\\+4EEC"):
        file.render({"k": (0, 1)}, {"k": "\u4eec"}, Output("cp932", b""))


def test_many_spans_on_one_line_take_no_square_of_its_length() -> None:
    blob = DOUBLE_CODED[:2] + "\u3042,".encode("cp932") * 100_000
    file = opened(blob, "cp932")
    spans = {str(at): (at, at + 1) for at in range(1, len(file.text), 2)}
    with deadline(20):
        out = file.render(spans, dict.fromkeys(spans, "\u732b"), Output("cp932", b""))
    assert out == blob.replace("\u3042".encode("cp932"), "\u732b".encode("cp932"))


def test_a_span_that_cannot_be_parted_is_refused() -> None:
    blob = "\u3042\u3044\u3046\n".encode("iso2022_jp")
    file = opened(blob, "iso2022_jp")
    with pytest.raises(RefusedTargetError):
        file.render({"k": (1, 2)}, {"k": "\u732b"}, Output(file.read.charset, b""))


def test_places_are_lines_and_columns() -> None:
    file = opened(b"ab\r\ncd")
    assert [file.place(offset) for offset in (0, 1, 4, 5)] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert [file.byte_at(offset) for offset in (0, 2, 3, 4, 6)] == [0, 2, 3, 4, 6]


@given(st.lists(st.text(alphabet="\u3042\u2160\u732b\U0001f600 a\r\n", max_size=8), min_size=1, max_size=6), st.data())
def test_replacing_bytes_equals_replacing_characters(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    blob = text.encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new = data.draw(st.text(alphabet="x\u3042", max_size=3))
    out = opened(blob, "utf-8").render({"k": (start, end)}, {"k": new}, Output("utf-8", b""))
    assert out == (text[:start] + new + text[end:]).encode()


@pytest.mark.parametrize(
    ("read", "blamed"),
    [
        ("a:1 b:2 c:3", None),
        ("a:1 b:x c:3", "a"),  # the last that was written before the first other text
        ("a:1 b:2 c:x", "c"),
        ("a:1 b:2", "c"),
        ("x:1 a:1 b:2 c:3", "a"),
    ],
)
def test_who_is_to_blame_for_other_texts(read: str, blamed: str | None) -> None:
    before = [Segment(key, source, Role.TERM) for key, source in (("a", "0"), ("b", "2"), ("c", "0"))]
    after = [Segment(pair[0], pair[2:], Role.TERM) for pair in read.split()]
    assert misread(before, after, {"a": "1", "b": "2", "c": "3"}, {"a": "1", "c": "3"}) == blamed


def test_the_text_of_what_is_rendered() -> None:
    file = opened("あ い\r\n".encode())
    assert file.replaced({"a": (0, 1), "b": (2, 3)}, {"b": "う"}) == "あ う\r\n"
