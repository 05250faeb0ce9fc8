"""XLIFF 1.2 and 2: what is asked for, where a target goes, and what never changes."""

import xml.etree.ElementTree as ET
from pathlib import PurePath

import pytest

from translator.core.document import FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.formats.xliff import FORMAT
from translator.formats.xliff.document import XliffDocument

BODY = '<xliff version="1.2"><file original="f" target-language="zh-CN"><body>\n{}\n</body></file></xliff>'
SECOND = '<xliff version="2.0" srcLang="en"><file id="f"><unit id="u">{}</unit></file></xliff>'


def opened(text: str, target: str | None = None) -> XliffDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(PurePath("x.xlf"), None, None, target))  # type: ignore[return-value]


def unit(inside: str, attributes: str = "") -> str:
    return BODY.format(f'<trans-unit id="1"{attributes}>{inside}</trans-unit>')


def test_a_missing_target_is_added_behind_the_source_and_taken_out_again() -> None:
    text = unit("\n    <source>Hi</source>\n    <note>n</note>\n  ")
    got = opened(text).render({"f/1": "你好 & <b>"}).decode()
    added = '\n    <target state="translated">你好 &amp; &lt;b></target>'
    assert got == text.replace("</source>", "</source>" + added)
    assert opened(got).segments[0].target == "你好 & <b>"
    assert opened(got).render({"f/1": ""}).decode() == text


def test_a_target_goes_behind_the_sentences_of_the_source_and_before_alternatives() -> None:
    text = unit(
        '<source>A. B.</source><seg-source><mrk mtype="seg" mid="0">A.</mrk></seg-source>'
        "<alt-trans><source>x</source><target>y</target></alt-trans>"
    )
    document = opened(text)
    assert [s.source for s in document.segments] == ['<mrk mtype="seg" mid="0">A.</mrk>']
    got = document.render({"f/1": '<mrk mtype="seg" mid="0">甲。</mrk>'}).decode()
    assert '</seg-source><target state="translated"><mrk mtype="seg" mid="0">甲。</mrk></target><alt-trans>' in got


@pytest.mark.parametrize(
    ("attributes", "of_target", "finished"),
    [
        ("", "", True),
        ("", ' state="translated"', True),
        ("", ' state="final"', True),
        ("", ' state="needs-review-translation"', True),
        ("", ' state="new"', False),
        ("", ' state="needs-translation"', False),
        (' approved="yes"', ' state="new"', True),
        (' approved="no"', "", True),
    ],
)
def test_a_state_says_whether_a_target_is_finished(attributes: str, of_target: str, finished: bool) -> None:  # noqa: FBT001
    text = unit(f"<source>a</source><target{of_target}>b</target>", attributes)
    document = opened(text)
    assert (document.segments[0].target is not None) == finished
    got = document.render({"f/1": "c"}).decode()
    state = of_target if finished else ' state="translated"'
    assert got == text.replace(f"<target{of_target}>b", f"<target{state}>c")


def test_what_is_not_to_be_translated_is_held_back() -> None:
    text = BODY.format(
        '<group translate="no"><trans-unit id="1"><source>a</source></trans-unit>'
        '<trans-unit id="2" translate="yes"><source>b</source></trans-unit></group>'
        '<trans-unit id="3" translate="no"><source>c</source></trans-unit>'
    )
    document = opened(text)
    assert [s.source for s in document.segments] == ["b"]
    assert isinstance(document, HoldsBack)
    assert [h.text for h in document.held_back()] == ["a", "c"]


def test_inline_elements_are_kept_and_broken_ones_refused() -> None:
    document = opened(unit('<source>Press <g id="1">this</g> <x id="2"/><ph id="3">{0}</ph></source>'))
    got = document.render({"f/1": '<x id="2"/>按<g id="1">这</g><ph id="3">{0}</ph>'}).decode()
    ET.fromstring(got)  # noqa: S314  our own text
    assert '<x id="2"/>按<g id="1">这</g><ph id="3">{0}</ph></target>' in got
    with pytest.raises(RefusedTargetError):
        document.render({"f/1": '<g id="1">这'})


def test_the_second_version_has_segments_and_asks_for_the_target_s_language() -> None:
    text = SECOND.format("<segment><source>a</source></segment><ignorable><source> </source></ignorable>")
    got = opened(text, "zh-CN").render({"f/u/1": "甲"}).decode()
    assert got == text.replace('srcLang="en"', 'srcLang="en" trgLang="zh-CN"').replace(
        "a</source>", "a</source><target>甲</target>"
    )
    named = text.replace('srcLang="en"', 'srcLang="en" trgLang="zh-CN"')
    assert opened(named, "zh-CN").render({"f/u/1": "甲"}).decode().count("trgLang") == 1


def test_an_initial_segment_is_not_finished_and_becomes_translated() -> None:
    text = SECOND.format('<segment state="initial"><source>a</source><target>a</target></segment>')
    document = opened(text)
    assert document.segments[0].target is None
    assert document.render({"f/u/1": "b"}).decode() == text.replace("initial", "translated").replace(
        "<target>a", "<target>b"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('><source>a</source><target state="final"/>', '><source>a</source><target state="translated">b</target>'),
        (
            ' approved="yes"><source>a</source><target state=\'signed-off\' state-qualifier="exact-match" /> ',
            " approved=\"no\"><source>a</source><target state='translated'>b</target> ",
        ),
        (
            '><source>a</source><target  state-qualifier="mt-suggestion"\nstate="new" x="1">old</target>',
            '><source>a</source><target\nstate="translated" x="1">b</target>',
        ),
        (
            ' approved="yes"><source>a</source>',
            ' approved="no"><source>a</source><target state="translated">b</target>',
        ),
        ("><source>a</source><target/>", "><source>a</source><target>b</target>"),
    ],
)
def test_a_first_translation_is_neither_final_nor_approved(before: str, after: str) -> None:
    whole = BODY.format('<trans-unit id="1"{}</trans-unit>')
    got = opened(whole.format(before)).render({"f/1": "b"}).decode()
    assert got == whole.format(after)
    again = opened(got)
    assert again.segments[0].target == "b"
    assert again.render({"f/1": "c"}).decode() == whole.format(after.replace(">b<", ">c<"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (' state="initial" subState="x:y"', ' state="translated"'),
        (' subState="x:y" id="1" state="final"', ' id="1" state="translated"'),
        (' state="reviewed"', ' state="translated"'),
        ("", ""),
    ],
)
def test_a_first_translation_of_a_segment_leaves_no_sub_state(before: str, after: str) -> None:
    for target in ("", "<target/>", "<target> </target>"):
        text = SECOND.format(f"<segment{before}><source>a</source>{target}</segment>")
        got = opened(text).render({"f/u/1": "b"}).decode()
        assert got == SECOND.format(f"<segment{after}><source>a</source><target>b</target></segment>")


def test_what_is_said_of_a_finished_translation_stays_when_it_is_edited() -> None:
    text = SECOND.format('<segment state="final" subState="x:y"><source>a</source><target>b</target></segment>')
    assert opened(text).render({"f/u/1": "c"}).decode() == text.replace(">b<", ">c<")
    text = unit('<source>a</source><target state="final" state-qualifier="id-match">b</target>', ' approved="yes"')
    assert opened(text).render({"f/1": "c"}).decode() == text.replace(">b<", ">c<")


def test_a_target_that_is_added_keeps_white_space_as_its_source_does() -> None:
    for space in (' xml:space="preserve"', " xml:space='default'"):
        text = unit(f"<source{space}>a</source>")
        got = opened(text).render({"f/1": "b"}).decode()
        said = space.replace("'", '"')
        assert got == text.replace("</source>", f'</source><target{said} state="translated">b</target>')
        assert opened(got).render({"f/1": ""}).decode() == text
        text = SECOND.format(f"<segment><source{space}>a</source></segment>")
        got = opened(text).render({"f/u/1": " b "}).decode()
        assert got == text.replace("</source>", f"</source><target{said}> b </target>")
        assert opened(got).render({"f/u/1": ""}).decode() == text


def test_modules_and_matches_are_left_alone() -> None:
    text = SECOND.format(
        "<mtc:matches xmlns:mtc='m'><mtc:match><source>x</source><target>y</target></mtc:match></mtc:matches>"
        "<segment><source>a</source></segment>"
    )
    assert [s.source for s in opened(text).segments] == ["a"]


def test_bombs_do_not_grow() -> None:
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {name} "{f"&{of};" * 10}">' for name, of in zip("bcdefghij", "abcdefghi", strict=True)
    )
    text = f"<!DOCTYPE xliff [{entities}]>" + unit("<source>boom &j; now</source>")
    document = opened(text)
    assert document.segments[0].source == "boom &j; now"
    assert (
        document.render({"f/1": "轰 &j; 隆"})
        .decode()
        .endswith('<target state="translated">轰 &j; 隆</target></trans-unit>\n</body></file></xliff>')
    )


def test_deep_nesting_is_no_matter() -> None:
    depth = 20_000
    text = BODY.format("<group>" * depth + '<trans-unit id="1"><source>a</source></trans-unit>' + "</group>" * depth)
    assert [s.source for s in opened(text).segments] == ["a"]
    inline = unit("<source>" + '<g id="1">' * depth + "a" + "</g>" * depth + "</source>")
    assert len(opened(inline).segments) == 1


@pytest.mark.parametrize("text", ["<tmx/>", "<xliff>", "no xml", "", "<xliff>&</xliff>", '<xliff a="1" a="2"/>'])
def test_what_is_no_xliff_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


def test_cdata_stays_cdata() -> None:
    document = opened(unit("<source><![CDATA[<b>a</b>]]></source>"))
    assert document.segments[0].source == "<b>a</b>"
    assert "<![CDATA[<b>甲</b>]]></target>" in document.render({"f/1": "<b>甲</b>"}).decode()


def test_notes_names_and_widths_are_notes() -> None:
    text = unit("<source>a</source><note>first</note>", ' resname="title" maxwidth="9"')
    assert opened(text).segments[0].notes == ("title", "at most 9 characters", "first")


@pytest.mark.parametrize(
    ("source", "target", "finished"),
    [
        ("文。", '<mrk mtype="seg" mid="1"></mrk>', False),
        ("文。", '<mrk mtype="seg" mid="1"/> <mrk mtype="seg" mid="2">\n</mrk>', False),
        ('赤い<x id="1"/>花', '<x id="1"/>', False),
        ('赤い<ph id="1">{0}</ph>花', '<ph id="1">{0}</ph>', False),
        ('<x id="1"/>', '<x id="1"/>', True),
        ("文。", '<mrk mtype="seg" mid="1">句。</mrk><mrk mtype="seg" mid="2"></mrk>', True),
        ('<mrk mtype="protected">SONY</mrk>は', '<mrk mtype="protected">SONY</mrk>', True),
        ("&lt;x&gt; 文", "&lt;x&gt;", True),
    ],
)
def test_a_target_of_empty_elements_alone_is_no_translation_of_words(source: str, target: str, finished: bool) -> None:  # noqa: FBT001
    document = opened(unit(f"<source>{source}</source><target>{target}</target>"))
    assert (document.segments[0].target is not None) == finished
    got = document.render({"f/1": "句子"}).decode()
    assert got == unit(f"<source>{source}</source><target>句子</target>")


@pytest.mark.parametrize("guess", ["x", "x > y", "x &amp; y", "<![CDATA[x]]>", ""])
def test_in_place_of_a_guess_a_text_is_spelled_as_the_source(guess: str) -> None:
    text = unit(f'<source>雪 &gt; 月</source><target state="needs-translation">{guess}</target>')
    once = opened(text).render({"f/1": "a > b"})
    assert '<target state="translated">a &gt; b</target>' in once.decode()
    emptied = opened(opened(once.decode()).render({"f/1": ""}).decode())
    assert emptied.segments[0].target is None
    assert emptied.render({"f/1": "a > b"}) == once


@pytest.mark.parametrize("target", [" ", '<x id="1"/>', '<x id="1"/>\n'])
def test_a_target_that_would_count_as_none_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened(unit('<source>赤い<x id="1"/>花</source>')).render({"f/1": target})
