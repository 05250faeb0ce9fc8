import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import RefusedTargetError
from translator.core.xml_inline import Content, indentation, read_slot, take, write_content
from translator.core.xml_spans import Kind, scan

HOLDING = frozenset({"g", "mrk"})


def read(inside: str, *, keep_space: bool = False) -> tuple[str, Content]:
    text = f"<s>{inside}</s>"
    tokens = scan(text)
    slot = take(tokens, next(tokens))
    return text, read_slot(text, slot, holding=HOLDING, keep_space=keep_space)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("a &lt;b&gt; &amp; &#x3042;", "a <b> & あ"),
        ('x<g id="1">y</g>', 'x<g id="1">y</g>'),
        ("<ph>&lt;b&gt;</ph>", "<ph>&lt;b&gt;</ph>"),
        ("<bpt><sub>in</sub></bpt>t", "<bpt><sub>in</sub></bpt>t"),
        ("\n  laid out\n  ", "laid out"),
        ("<![CDATA[<b>]]>", "<b>"),
        ("a<![CDATA[<b>]]>c", "a<b>c"),
        ("two\r\nlines\r", "two\nlines"),
        ("&own; entity", "&own; entity"),
        ("\u3000full\u3000", "\u3000full\u3000"),
    ],
)
def test_a_text_is_read_with_its_inline_elements(inside: str, said: str) -> None:
    assert read(inside)[1].text == said


def test_what_looks_like_its_own_tag_is_torn() -> None:
    assert read('&lt;x id="1"/&gt; and <x id="1"/>')[1].torn
    assert not read('&lt;x id="2"/&gt; and <x id="1"/>')[1].torn


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from("\n\t\r<>&;'\" ")))
@pytest.mark.parametrize("layout", ["old", "\n   old\n  ", "<![CDATA[old]]>", "", '<g id="1">o</g>'])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_any_text_is_read_back_or_refused(layout: str, newline: str, new: str) -> None:
    text, before = read(layout)
    try:
        spelled, _ = write_content("k", new, before, before, newline)
    except RefusedTargetError:
        assert layout.startswith("<![") or "g" in new or not new.isprintable() or not new.strip()
        return
    again = text[: before.start] + spelled + text[before.end :]
    tokens = scan(again)
    content = read_slot(again, take(tokens, next(tokens)), holding=HOLDING, keep_space=False)
    assert content.text == new or not new.strip(" \t\r\n")


def test_an_escaped_tag_stays_escaped_and_a_real_one_stays_real() -> None:
    _, source = read('&lt;b&gt; <g id="1">x</g>')
    assert write_content("k", '<b> <g id="1">y</g>', None, source, "\n")[0] == '&lt;b> <g id="1">y</g>'


@pytest.mark.parametrize("new", ['<g id="1">x', "x</g>", '</g><g id="1">'])
def test_tags_that_do_not_match_are_refused(new: str) -> None:
    _, source = read('<g id="1">x</g>')
    with pytest.raises(RefusedTargetError):
        write_content("k", new, None, source, "\n")


def test_indentation_is_what_stands_before_the_first_tag_of_a_line() -> None:
    assert indentation("a\r\n  <x>", 5) == "\r\n  "
    assert indentation("a <x>", 2) == ""
    assert indentation("  <x>", 2) == ""


def test_an_empty_element_has_nothing_in_it() -> None:
    tokens = scan("<s/>")
    slot = take(tokens, next(tokens))
    assert (slot.start.kind, slot.end, slot.stop) == (Kind.EMPTY, None, 4)
