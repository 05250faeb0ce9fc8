import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import FormatError, FormatOptions, UnencodableError
from translator.core.lines import byte_offset, byte_offsets, cut_text, read_lines, read_texts
from translator.core.textfile import Place, choose_output, text_at, write

CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "gb18030", "cp950")
TEXTS = st.text(st.sampled_from("aあ漢髙①ｱ、\\表ソ \t"), max_size=12)


@given(st.lists(st.tuples(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]))), TEXTS, st.sampled_from(CHARSETS))
def test_lines_hold_every_byte(rows: list[tuple[str, str]], last: str, charset: str) -> None:
    blob = "".join(text + end for text, end in [*rows, (last, "")]).encode(charset, "ignore")
    read = read_lines(blob, charset=charset)
    assert read.bom + b"".join(line.raw + line.end.encode(charset) for line in read.lines) == blob
    for line in read.lines:
        assert blob[line.start : line.start + len(line.raw)] == line.raw
        assert line.raw.decode(charset) == line.text
        assert not {"\n", "\r"} & set(line.text)
    texts = read_texts(blob, charset=charset)
    assert texts.texts == [line.text for line in read.lines]
    assert texts.cut() == read


def test_a_final_line_end_starts_no_line() -> None:
    assert [(line.text, line.end) for line in read_lines(b"a\r\nb\n").lines] == [("a", "\r\n"), ("b", "\n")]
    assert read_lines(b"").lines == ()


def test_other_separators_are_no_line_ends() -> None:
    blob = "a\u2028b\u0085c\x0bd".encode()
    assert len(read_lines(blob, charset="utf-8").lines) == 1


@pytest.mark.parametrize(
    ("blob", "charset"),
    [
        (b"\x1b$B$\x22\r\n$$\x1b(B\r\n", "iso2022_jp"),  # a state that goes on over the line end
        ("a\nb".encode("cp037"), "cp037"),  # other bytes for line ends
        ("a\nb".encode("utf-32"), "utf-32"),
    ],
)
def test_a_charset_that_cannot_be_cut_into_lines_is_refused(blob: bytes, charset: str) -> None:
    with pytest.raises(FormatError, match="save it as UTF-8"):
        read_lines(blob, charset=charset)
    with pytest.raises(FormatError, match="save it as UTF-8"):
        read_texts(blob, charset=charset)


def test_texts_are_cut_where_the_bytes_are_in_a_file_with_a_mark() -> None:
    texts = read_texts("\ufeff\nあ\r\rb\r\n".encode("utf-16-le"))
    assert (texts.charset, texts.bom, texts.texts) == ("utf-16-le", b"\xff\xfe", ["", "あ", "", "b"])
    assert texts.first_text() == 4
    assert read_texts(b"").texts == []


@given(TEXTS, st.data(), st.sampled_from(CHARSETS))
def test_offsets_part_the_bytes_where_the_text_is_parted(text: str, data: st.DataObject, charset: str) -> None:
    raw = text.encode(charset, "ignore")
    text = raw.decode(charset)
    index = data.draw(st.integers(0, len(text)))
    at = byte_offset(raw, text, index, charset)
    assert (raw[:at].decode(charset), raw[at:].decode(charset)) == (text[:index], text[index:])


def test_offsets_are_right_after_characters_with_two_codes() -> None:
    raw = b"\xed\x40\xfa\x4aabc"
    assert byte_offset(raw, raw.decode("cp932"), 2, "cp932") == 4


def test_there_is_no_offset_inside_a_run_of_a_charset_with_states() -> None:
    raw = "abあい".encode("iso2022_jp")
    assert [byte_offset(raw, "abあい", index, "iso2022_jp") for index in range(5)] == [0, 1, 2, None, 12]


def test_there_is_no_offset_behind_a_character_that_is_spelled_in_fewer_bytes_than_python_takes() -> None:
    raw = b"a\\n"  # Python writes the backslash as +AFw-
    assert [byte_offset(raw, "a\\n", index, "utf-7") for index in range(4)] == [0, 1, None, None]
    assert byte_offsets(raw, "a\\n", [1, 3], "utf-7") == [1, None]


@given(TEXTS, st.data(), st.sampled_from((*CHARSETS, "iso2022_jp")))
def test_many_offsets_are_those_of_each(text: str, data: st.DataObject, charset: str) -> None:
    raw = text.encode(charset, "ignore")
    text = raw.decode(charset)
    indices = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    assert byte_offsets(raw, text, indices, charset) == [byte_offset(raw, text, at, charset) for at in indices]


def test_an_offset_outside_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        byte_offset(b"a", "a", 2, "utf-8")


class TestWrite:
    BLOB = b"\xed\x40 one\r\n  two\nthree"

    def _write(self, new: dict[str, str], **options: str) -> bytes:
        read = read_lines(self.BLOB, charset="cp932")
        places = {"a": Place(0, 0, before=2), "b": Place(1, 2, before=2)}
        return write(read, places, new, choose_output(read, FormatOptions(**options)))  # pyright: ignore[reportArgumentType]  only text fields are passed

    def test_with_nothing_new_copies_the_bytes(self) -> None:
        assert self._write({}) == self.BLOB

    def test_changes_only_what_is_new(self) -> None:
        assert self._write({"a": "uno"}) == b"\xed\x40 uno\r\n  two\nthree"

    def test_gives_added_lines_the_line_end_above_them(self) -> None:
        assert self._write({"a": "1\n2"}) == b"\xed\x40 1\r\n2\r\n  two\nthree"
        assert self._write({"b": "1\n2\n3"}) == b"\xed\x40 one\r\n  1\n2\n3"

    def test_can_take_lines_away(self) -> None:
        assert self._write({"b": "1"}) == b"\xed\x40 one\r\n  1"

    def test_encodes_the_whole_line_in_a_charset_with_states(self) -> None:
        blob = "　あ\nい\n".encode("iso2022_jp")
        read = read_lines(blob, charset="iso2022_jp")
        new = write(read, {"a": Place(0, 0, before=1)}, {"a": "う"}, choose_output(read, FormatOptions()))
        assert new == "　う\nい\n".encode("iso2022_jp")

    def test_copies_a_text_that_is_written_as_it_was(self) -> None:
        read = read_lines(self.BLOB, charset="cp932")
        assert text_at(read.lines, Place(0, 0)) == "纊 one"
        assert write(read, {"a": Place(0, 0)}, {"a": "纊 one"}, choose_output(read, FormatOptions())) == self.BLOB

    def test_writes_all_of_it_in_another_charset(self) -> None:
        assert self._write({"a": "他们"}, target_language="zh-CN") == "纊 他们\r\n  two\nthree".encode()

    def test_names_the_line_where_no_translation_is_to_blame(self) -> None:
        with pytest.raises(UnencodableError) as caught:
            self._write({}, output_charset="latin-1")
        assert caught.value.key == "line 1"


class TestOutput:
    @pytest.mark.parametrize(
        ("blob", "options", "expected"),
        [
            ("あ".encode("cp932"), {}, ("cp932", b"")),
            ("はい、そうです".encode("cp932"), {"target_language": "en"}, ("cp932", b"")),
            ("はい、そうです".encode("cp932"), {"target_language": "zh-CN"}, ("utf-8", b"")),
            ("はい、そうです".encode("cp932"), {"output_charset": "utf-8-sig"}, ("utf-8", b"\xef\xbb\xbf")),
            ("はい、そうです".encode("cp932"), {"output_charset": "utf-16"}, ("utf-16-le", b"\xff\xfe")),
            (b"\xef\xbb\xbfa", {"target_language": "zh-CN"}, ("utf-8", b"\xef\xbb\xbf")),
            (b"\xef\xbb\xbfa", {"output_charset": "gbk"}, ("gb18030", b"")),
            (b"\xfe\xff\0a", {"target_language": "zh-CN"}, ("utf-16-be", b"\xfe\xff")),
            (b"\xfe\xff\0a", {"output_charset": "utf-16"}, ("utf-16-be", b"\xfe\xff")),
        ],
    )
    def test_is_chosen_so(self, blob: bytes, options: dict[str, str], expected: tuple[str, bytes]) -> None:
        output = choose_output(read_lines(blob), FormatOptions(**options))  # pyright: ignore[reportArgumentType]  only text fields are passed
        assert (output.charset, output.bom) == expected
        assert bool(output.notices) == (output.charset == "utf-8" and "zh-CN" in options.values() and not output.bom)

    def test_an_unknown_charset_is_refused(self) -> None:
        with pytest.raises(FormatError, match="no charset"):
            choose_output(read_lines(b"a"), FormatOptions(output_charset="no-such"))


@given(st.text(st.sampled_from("ab\r\n\x0c\u2028あ"), max_size=12))
def test_a_text_is_cut_as_a_file_is(text: str) -> None:
    lines = read_lines(text.encode(), charset="utf-8").lines
    assert cut_text(text) == [(line.text, line.end) for line in lines]
