"""TMX: which variants are source and target, and how one is added."""

from pathlib import PurePath

import pytest

from translator.core.document import Confidence, FormatError, FormatOptions
from translator.formats.tmx import FORMAT
from translator.formats.tmx.document import TmxDocument

FRAME = '<tmx version="1.4"><header srclang="{}"/><body>{}</body></tmx>'
ADDED = ' creationtool="translate"'


def opened(text: str, target: str | None = None) -> TmxDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(PurePath("x.tmx"), None, None, target))  # type: ignore[return-value]


def tu(*variants: tuple[str, str], attributes: str = "") -> str:
    inside = "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in variants)
    return f"<tu{attributes}>{inside}</tu>"


def test_a_missing_variant_is_added_behind_the_last_and_taken_out_again() -> None:
    text = FRAME.format("en", tu(("en", "Hi"), ("fr", "Salut")))
    got = opened(text, "zh-CN").render({"Hi": "你好"}).decode()
    assert got == text.replace("</tuv></tu>", f'</tuv><tuv xml:lang="zh-CN"{ADDED}><seg>你好</seg></tuv></tu>')
    assert opened(got, "zh-CN").segments[0].target == "你好"
    assert opened(got, "zh-CN").render({"Hi": ""}).decode() == text


def test_an_added_variant_is_laid_out_as_the_source_s() -> None:
    laid = '<tu>\r\n  <tuv xml:lang="en">\r\n    <seg>Hi</seg>\r\n  </tuv>\r\n</tu>'
    got = opened(FRAME.format("en", laid), "ja").render({"Hi": "やあ"}).decode()
    assert f'  </tuv>\r\n  <tuv xml:lang="ja"{ADDED}>\r\n    <seg>やあ</seg>\r\n  </tuv>\r\n</tu>' in got


@pytest.mark.parametrize("code", ["zh-CN", "ZH-CN", "zh", "zh-Hans"])
def test_a_language_is_known_in_any_spelling(code: str) -> None:
    text = FRAME.format("EN-US", tu(("en", "Hi"), (code, "你好")) + tu(("en", "You")))
    document = opened(text, "zh-CN")
    assert [s.target for s in document.segments] == ["你好", None]
    assert f'xml:lang="{code}"{ADDED}><seg>您' in document.render({"You": "您"}).decode()


def test_the_source_is_what_the_unit_or_the_header_says_else_the_first() -> None:
    units = tu(("en", "Hi"), ("de", "Hallo")) + tu(("en", "You"), ("de", "Du"), attributes=' srclang="de"')
    assert [s.source for s in opened(FRAME.format("en", units), "ja").segments] == ["Hi", "Du"]
    assert [s.source for s in opened(FRAME.format("*all*", units), "ja").segments] == ["Hi", "Du"]


def test_a_source_is_never_written_to() -> None:
    document = opened(FRAME.format("en", tu(("en", "Hi"))), "en")
    assert not document.segments
    assert document.notices


def test_inline_code_stays_whole_and_equal_texts_have_keys_of_their_own() -> None:
    text = 'a <bpt i="1">&lt;b&gt;</bpt>b<ept i="1">&lt;/b&gt;</ept>'
    document = opened(FRAME.format("en", tu(("en", text), attributes=' tuid="7"') + tu(("en", "x")) * 2), "ja")
    assert document.segments[0].source == text
    assert [s.key for s in document.segments] == ["7", "x", "x#2"]


def test_bombs_do_not_grow() -> None:
    text = '<!DOCTYPE tmx [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + FRAME.format("en", tu(("en", "x &b;")))
    assert opened(text, "ja").segments[0].source == "x &b;"


def test_maps_of_tiled_are_not_claimed() -> None:
    assert FORMAT.sniff(PurePath("a.tmx"), b'<?xml version="1.0"?><map version="1.0">') is Confidence.NONE
    assert FORMAT.sniff(PurePath("a.tmx"), '<?xml version="1.0"?><tmx>'.encode("utf-16")) is Confidence.CERTAIN


@pytest.mark.parametrize("text", ["<xliff/>", "<tmx>", "", "<tmx>&</tmx>"])
def test_what_is_no_tmx_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


@pytest.mark.parametrize("target", [None, "zh-CN"])
@pytest.mark.parametrize(("seg", "emptied"), [("<seg></seg>", "<seg></seg>"), ("<seg/>", "<seg></seg>")])
def test_an_empty_variant_of_the_file_s_own_stays(seg: str, emptied: str, target: str | None) -> None:
    text = FRAME.format("ja", f'<tu><tuv xml:lang="ja"><seg>雨</seg></tuv><tuv xml:lang="zh-CN">{seg}</tuv></tu>')
    document = opened(text, target)
    assert document.segments[0].target is None
    got = document.render({"雨": "下雨"}).decode()
    assert got == text.replace(seg, "<seg>下雨</seg>")
    assert opened(got, target).render({"雨": ""}).decode() == text.replace(seg, emptied)


def test_a_variant_of_inline_elements_alone_is_no_translation_of_words() -> None:
    code = '<ph x="1">{0}</ph>'
    text = FRAME.format("ja", tu(("ja", f"雨{code}"), ("zh-CN", code)) + tu(("ja", code), ("zh-CN", code)))
    assert [s.target for s in opened(text, "zh-CN").segments] == [None, code]
