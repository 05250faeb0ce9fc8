import pytest

from translator.core.charset import CHARSETS
from translator.core.document import FormatError, UnencodableError
from translator.core.textfile import Output
from translator.core.wholetext import WholeText


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "utf-16-le", "utf-16-be", "iso2022_jp", "euc-jp"])
def test_only_the_span_changes(charset: str) -> None:
    text = "あ=い\r\nう=え\r\n"
    whole = WholeText.of(text.encode(charset), charset=charset)
    new = whole.render({"k": (7, 8)}, {"k": "かき"}, Output(whole.charset, whole.bom))
    assert new.decode(charset) == "あ=い\r\nう=かき\r\n"
    assert whole.byte_at(0) == 0


def test_odd_codes_of_cp932_stay_where_nothing_is_changed() -> None:
    odd = b"\xfa\x5c=\x82\xa0\n"  # a second code of U+7E8A
    whole = WholeText.of(odd, charset="cp932")
    assert whole.text.encode("cp932") != odd
    assert whole.render({"k": (2, 3)}, {"k": "い"}, Output("cp932", b"")) == b"\xfa\x5c=\x82\xa2\n"
    assert whole.byte_at(2) == 3


def test_what_the_charset_lacks_is_blamed_on_its_key() -> None:
    whole = WholeText.of("あ=い\n".encode("cp932"), charset="cp932")
    with pytest.raises(UnencodableError) as caught:
        whole.render({"k": (2, 3)}, {"k": "x说"}, Output("cp932", b""))
    assert (caught.value.key, caught.value.character) == ("k", "说")


def test_another_charset_takes_all_of_the_file() -> None:
    whole = WholeText.of("あ=い\n".encode("cp932"), charset="cp932")
    assert whole.render({"k": (2, 3)}, {"k": "说"}, Output("utf-8", b"")) == "あ=说\n".encode()


def test_lines_are_counted_by_any_line_end() -> None:
    whole = WholeText.of(b"a\r\nb\rc\nd")
    assert [whole.line(offset) for offset in range(8)] == [1, 1, 1, 2, 2, 3, 3, 4]


def test_another_charset_that_does_not_fit_is_an_error() -> None:
    assert "utf-8" in CHARSETS
    with pytest.raises(FormatError):
        WholeText.of(b"\xff\xff", charset="utf-8")
