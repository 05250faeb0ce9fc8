"""Telling formats apart by the beginning of a file."""

from pathlib import PurePath

import pytest

from translator.core.document import Confidence
from translator.core.sniffing import sniff_text, text_of


def rate(text: str) -> Confidence:
    return Confidence.CERTAIN if text.startswith("一行目") else Confidence.LIKELY


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc-jp"])
def test_a_beginning_is_rated_by_its_text_in_any_charset(charset: str) -> None:
    head = "一行目です。\n二行目もあります。\n".encode(charset)
    assert text_of(head) == "一行目です。\n二行目もあります。\n"
    assert sniff_text(PurePath("a/B.SRT"), head, (".srt",), rate) is Confidence.CERTAIN
    assert sniff_text(PurePath("a/b.txt"), head, (".srt",), rate) is Confidence.NONE


def test_a_character_that_the_beginning_cuts_off_is_left_out() -> None:
    assert text_of("一行目です。".encode()[:-1]) == "一行目です"


def test_what_is_in_no_known_charset_may_be_text_but_not_with_control_characters() -> None:
    latin = b"caf\xe9 \xe0 la carte, d\xe9j\xe0 vu; na\xefve \xff\xfe\xfd\n"
    assert text_of(latin) is None
    assert sniff_text(PurePath("x.srt"), latin, (".srt",), rate) is Confidence.MAYBE
    assert sniff_text(PurePath("x.srt"), b"\x00\x01\x02" + latin, (".srt",), rate) is Confidence.NONE
