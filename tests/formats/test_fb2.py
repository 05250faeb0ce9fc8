"""FictionBook: what is a text, charsets, what stays, what is refused."""

from pathlib import Path, PurePath
from xml.parsers import expat

import pytest

from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.segment import Role
from translator.formats.fb2 import FORMAT, FictionBookDocument

FIXTURES = Path(__file__).parents[1] / "contract" / "fixtures" / "fb2"
WINDOWS = (FIXTURES / "win.fb2").read_bytes()


def opened(blob: bytes, target: str | None = None) -> FictionBookDocument:
    return FORMAT.open(blob, options=FormatOptions(PurePath("a.fb2"), target_language=target))


def test_titles_paragraphs_verses_cells_and_notes_are_texts() -> None:
    found = {s.source: s for s in opened(WINDOWS).segments}
    assert found["Короткая история о возвращении домой."].role is Role.DESCRIPTION
    assert found["Глава первая"].binding == "heading"
    assert found["– Уже поздно, – сказала она. – Пойдём & поговорим: 3 < 5."].role is Role.DIALOGUE
    assert {"Волна бежит,", "Погода", "Названия гавани больше нет."} <= found.keys()
    assert not any("Речная" in source or "iVBOR" in source for source in found)
    assert found["Глава первая"].scene != found["Глава вторая"].scene


def test_what_is_held_back_has_a_reason() -> None:
    reasons = {h.reason for h in opened(WINDOWS).held_back()}
    assert {"binary", "name of a person", "genre", "style sheet", "language", "about the file"} <= reasons


def test_a_russian_translation_stays_in_windows_1251_and_odd_signs_become_references() -> None:
    document = opened(WINDOWS, "ru")
    key = document.segments[3].key
    out = document.render({key: "Свет ♪ виден."})
    assert "<p>Свет &#9834; виден.</p>".encode("cp1251") in out
    assert out.count(b"\r\n") == WINDOWS.count(b"\r\n")


def test_a_chinese_translation_makes_it_utf8_and_says_so() -> None:
    document = opened(WINDOWS, "zh-CN")
    text = document.render({document.segments[0].key: "港口的灯火"}).decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert "<lang>zh-CN</lang>" in text
    assert "<book-title>港口的灯火</book-title>" in text
    assert text.endswith('<binary id="lamp.png" content-type="image/png">iVBORw0KGgo=</binary>\r\n</FictionBook>\r\n')


def test_a_declaration_that_lies_is_told() -> None:
    document = opened((FIXTURES / "lies.fb2").read_bytes())
    assert any("windows-1251" in notice and "utf-8" in notice for notice in document.notices)
    assert any("ёж" in s.source for s in document.segments)


@pytest.mark.parametrize(
    ("said", "charset", "true"), [("windows-1251", "utf-8", "UTF-8"), ("utf-8", "utf-16", "UTF-16")]
)
def test_a_book_that_is_translated_says_the_charset_that_it_is_in(said: str, charset: str, true: str) -> None:
    text = WINDOWS.decode("cp1251").replace("windows-1251", said)
    document = opened(text.encode(charset), "ru")
    assert any(said in notice for notice in document.notices)
    assert document.render({}) == text.encode(charset)
    out = document.render({document.segments[0].key: "Гавань"})
    expat.ParserCreate().Parse(out, True)  # noqa: FBT003  it takes it by position only
    assert "<book-title>Гавань</book-title>" in out.decode(charset)
    assert f'encoding="{true}"' in out.decode(charset)


def test_a_book_whose_declaration_lies_and_that_is_in_no_charset_known_is_refused_with_its_place() -> None:
    lies = WINDOWS.replace(b"windows-1251", b"utf-8")
    with pytest.raises(FormatError) as caught:
        opened(lies)
    assert caught.value.offset == len(lies) - len(lies.lstrip(bytes(range(128))))


def test_damage_is_refused_with_its_place() -> None:
    with pytest.raises(FormatError) as caught:
        opened(WINDOWS.replace(b"</subtitle>", b"</subtitl>"))
    assert caught.value.offset == WINDOWS.index(b"</subtitle>")


@pytest.mark.parametrize("bad", ["a\nb", "<p>x</p>", "<v>x", "&nbsp;", "", "\x01"])
def test_what_cannot_stand_in_a_paragraph_is_refused(bad: str) -> None:
    document = opened(WINDOWS)
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[4].key: bad})
