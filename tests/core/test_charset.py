import codecs
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.charset import (
    CHARSETS,
    can_encode,
    canonical,
    charsets_for,
    decode,
    detect,
    encode,
    looks_binary,
)
from translator.core.document import FormatError, UnencodableError
from translator.core.languages import LANGUAGES

JAPANESE = "　きょうは雨が降っていて、彼女は来なかった。\r\n「何と言ったの」と私は聞いた。\r\n"
SIMPLIFIED = "　　今天下着雨，她没有来。\n“你说什么？”我问。\n"
TRADITIONAL = "　　今天下著雨，她沒有來。\n「你說什麼？」我問。\n"


class TestDetects:
    @pytest.mark.parametrize(
        ("text", "charset"),
        [
            *((JAPANESE, c) for c in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp", "gb18030")),
            *((SIMPLIFIED, c) for c in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")),
            *((TRADITIONAL, c) for c in ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "cp950")),
            ("Привет, мир!\n", "utf-16-le"),
            ("Où est l'hôtel ?\n", "utf-8"),
            ("Où est-il\xa0? Là-bas\xa0!\n", "utf-8"),
            ("ＮＥＣ①②③㈱髙﨑～－∥", "cp932"),
            ("ﾃｽﾄです。ｱｲｳｴｵ", "cp932"),
            ("はい", "cp932"),
            ("はい", "euc-jp"),
            ("{#weekday_short}月\n", "cp932"),
        ],
    )
    def test_the_charset_of_a_short_text(self, text: str, charset: str) -> None:
        assert decode(text.encode(charset)) == (decoded := decode(text.encode(charset), charset=charset))
        assert decoded.text == text
        assert decoded.charset == charset

    @pytest.mark.parametrize(
        ("bom", "charset"),
        [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
    )
    def test_a_byte_order_mark(self, bom: bytes, charset: str) -> None:
        decoded = decode(bom + JAPANESE.encode(charset))
        assert (decoded.text, decoded.charset, decoded.bom) == (JAPANESE, charset, bom)

    def test_euc_jp_with_characters_of_vendors(self) -> None:
        blob = ("第①章。" + JAPANESE).encode("euc_jis_2004")
        assert decode(blob).text == "第①章。" + JAPANESE

    def test_plain_ascii_and_nothing_as_utf_8(self) -> None:
        assert decode(b"Bush hid the facts").charset == "utf-8"
        assert decode(b"").charset == "utf-8"

    def test_cp932_in_characters_that_have_two_codes(self) -> None:
        assert decode(JAPANESE.encode("cp932") + b"\xed\x40\xfa\x4a\x81\xca").charset == "cp932"

    @pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc-jp", "gb18030"])
    def test_a_head_that_ends_inside_a_character(self, charset: str) -> None:
        blob = (JAPANESE if charset != "gb18030" else SIMPLIFIED).encode(charset) * 3
        for cut in range(len(blob) - 20, len(blob)):
            assert detect(blob[:cut], whole=False) == charset

    def test_no_charset_in_noise(self) -> None:
        chance = random.Random(1)  # noqa: S311  the same bytes in every run
        assert [detect(chance.randbytes(400)) for _ in range(50)] == [None] * 50

    def test_no_charset_in_damaged_utf_8(self) -> None:
        blob = bytearray((JAPANESE * 5).encode())
        blob[100] = 0x41
        with pytest.raises(FormatError) as caught:
            decode(bytes(blob))
        assert caught.value.offset is not None


def _texts(corpus: Callable[[str], Path]) -> Iterator[tuple[str, str]]:
    """Real Japanese and Chinese lines: ("ja" or "zh", text)."""
    novel = (corpus("aozora-crime-and-punishment") / "tsumito_batsu_sjis.txt").read_bytes().decode("cp932")
    yield from (("ja", line) for line in novel.split("\r\n")[100:1100] if line.strip())
    for row in (corpus("parallel") / "renpy-ja-zh.jsonl").read_text("utf-8").splitlines():
        for language, field in (("ja", "ja"), ("zh", "zh")):
            text = json.loads(row)[field]
            if text:
                yield language, text


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        *(("ja", c) for c in ("utf-8", "utf-16-le", "utf-16-be", "cp932", "euc-jp")),
        *(("zh", c) for c in ("utf-8", "utf-16-le", "gb18030")),
    ],
)
def test_is_right_on_every_small_real_file(corpus: Callable[[str], Path], language: str, charset: str) -> None:
    lines = [text for known, text in _texts(corpus) if known == language]
    chance = random.Random(7)  # noqa: S311  the same choice in every run
    wrong: list[str] = []
    for _ in range(137):
        at = chance.randrange(len(lines) - 5)
        text = "\n".join(lines[at : at + 5])
        blob = text.encode(charset, "ignore")
        if not blob.isascii() and detect(blob) != charset:
            wrong.append(text)
    assert wrong == []


class TestOverride:
    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("Shift_JIS", "cp932"), ("sjis", "cp932"), ("MS932", "cp932"), ("windows-31j", "cp932"),
            ("GBK", "gb18030"), ("gb2312", "gb18030"), ("Big5", "cp950"), ("EUC_JP", "euc-jp"), ("UTF8", "utf-8"),
            ("utf-8-sig", "utf-8"), ("UTF-16LE", "utf-16-le"), ("windows-1252", "cp1252"),
        ],
    )  # fmt: skip
    def test_takes_every_usual_name(self, name: str, meant: str) -> None:
        assert canonical(name) == meant

    @pytest.mark.parametrize("name", ["no-such", "rot13", "base64", "hex", ""])
    def test_refuses_what_is_no_charset(self, name: str) -> None:
        with pytest.raises(FormatError, match="no charset"):
            decode(b"text", charset=name)

    def test_that_does_not_decode_says_where(self) -> None:
        with pytest.raises(FormatError, match="byte 3") as caught:
            decode(b"abc\xff\xff", charset="utf-8")
        assert caught.value.offset == 3

    def test_counts_the_offset_from_the_start_of_the_file(self) -> None:
        with pytest.raises(FormatError) as caught:
            decode(codecs.BOM_UTF8 + b"abc\xff", charset="utf-8")
        assert caught.value.offset == 6

    @pytest.mark.parametrize(
        ("blob", "at"),
        [
            (b"*a\n\xff\xfe\xff\xff", 3),
            (b"*a\n\x00\x01\x02\x03 abc def ghi jkl mno pqr stu\n", 3),
            ("あいうえお".encode("cp932") * 4 + b"\x85 x", 40),
            (bytes(range(128, 256)) * 3, 5),
            ("あいうえお日本語の文\n".encode("utf-16-le") * 3 + b"\0", 66),
            (b"\xff" * 9, 0),
        ],
    )
    def test_that_is_not_found_says_from_where_on_nothing_reads_it(self, blob: bytes, at: int) -> None:
        with pytest.raises(FormatError) as caught:
            decode(blob)
        assert caught.value.offset == at

    def test_wins_over_what_would_be_detected(self) -> None:
        assert decode(JAPANESE.encode("cp932"), charset="latin-1").charset == "iso8859-1"

    def test_utf_16_goes_by_the_byte_order_mark(self) -> None:
        assert decode(codecs.BOM_UTF16_BE + "あ".encode("utf-16-be"), charset="utf-16").text == "あ"
        assert decode("あ".encode("utf-16-le"), charset="utf-16").text == "あ"


class TestEncode:
    def test_names_the_segment_the_character_and_what_holds_it(self) -> None:
        with pytest.raises(UnencodableError) as caught:
            encode("他们说", "cp932", key="3.1")
        assert (caught.value.key, caught.value.character) == ("3.1", "们")
        assert "utf-8" in caught.value.instead
        assert "gb18030" in caught.value.instead
        assert "cp932" not in caught.value.instead

    def test_a_lone_surrogate_is_an_error_too(self) -> None:
        with pytest.raises(UnencodableError):
            encode("\ud800", "utf-8", key="1.1")

    @given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(CHARSETS))
    def test_gives_bytes_that_decode_to_the_text_or_an_error(self, text: str, charset: str) -> None:
        if charset not in charsets_for(text):
            with pytest.raises(UnencodableError) as caught:
                encode(text, charset, key="k")
            assert caught.value.character in text
            return
        blob = encode(text, charset, key="k")
        if charset not in ("euc-jp", "cp932"):  # these write some characters as others that look the same
            assert blob.decode(charset) == text


class TestCanEncode:
    @pytest.mark.parametrize("language", sorted(LANGUAGES))
    @pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "gb18030"])
    def test_unicode_and_gb18030_hold_every_language(self, charset: str, language: str) -> None:
        assert can_encode(charset, language)

    @pytest.mark.parametrize(
        ("charset", "language", "holds"),
        [
            ("cp932", "ja", True), ("cp932", "en", True), ("cp932", "zh-CN", False), ("cp932", "zh-TW", False),
            ("cp932", "ko", False), ("cp932", "ru", True), ("cp932", "fr", False), ("euc-jp", "zh-CN", False),
            ("cp950", "zh-TW", True), ("cp950", "zh-CN", False), ("Shift_JIS", "zh", False), ("cp1252", "fr", True),
        ],
    )  # fmt: skip
    def test_the_others_hold_their_own(self, charset: str, language: str, *, holds: bool) -> None:
        assert can_encode(charset, language) is holds


def test_binary_files_are_told_from_text() -> None:
    assert looks_binary(b"PK\x03\x04\x00\x00")
    assert not looks_binary(JAPANESE.encode("cp932"))
    assert not looks_binary(codecs.BOM_UTF16_LE + JAPANESE.encode("utf-16-le"))
