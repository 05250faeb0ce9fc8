import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.cue_frames import frame_of, is_paired, look_of
from translator.core.markup import Fate, MarkupRule, MarkupSyntax

MARKUP = MarkupSyntax(
    (
        MarkupRule(r"</\w+>", Fate.CLOSE),
        MarkupRule(r"<\w+(?: [^<>]*)?>", Fate.OPEN),
        MarkupRule(r"\{\\[ibus]1\}", Fate.OPEN),
        MarkupRule(r"\{\\[ibus]0\}", Fate.CLOSE),
        MarkupRule(r"\{[^{}]*\}"),
        MarkupRule(r"&\w+;", cells=1),
    )
)


@pytest.mark.parametrize(
    ("text", "inner", "around"),
    [
        ("<i>a</i>\n<i>b</i>", "a\nb", "<i>c</i>\n<i>d</i>"),
        (r"{\an8}<i>a</i>", "a", r"{\an8}<i>c" + "\n" + "d</i>"),
        ("{x}<i>a</i>\n<i>b</i>", "a\nb", "{x}<i>c</i>\n<i>d</i>"),
        (r"{\an8} <b> a b→</b>", " a b", r"{\an8} <b>c" + "\nd→</b>"),
        ("<i>a", "a", "<i>c\nd"),
        ("a</i>", "a", "c\nd</i>"),
        ("<i>a</i> b", "<i>a</i> b", "c\nd"),
        ("<i><b>a</b> b</i>", "<b>a</b> b", "<i>c\nd</i>"),
        ("<i><b>a</i> b</b>", "<i><b>a</i> b</b>", "c\nd"),
        ("&nbsp;<i>a</i>", "&nbsp;<i>a</i>", "c\nd"),
    ],
)
def test_a_frame_is_what_stands_around_all_of_a_text_or_each_line(text: str, inner: str, around: str) -> None:
    frame, found = frame_of(text, MARKUP)
    assert (found, frame.around("c\nd"), frame.around(found)) == (inner, around, text)


def test_an_arrow_goes_where_the_sentence_does_not_go_on() -> None:
    frame, _ = frame_of("<i>a→</i>", MARKUP)
    assert (frame.around("c"), frame.ended().around("c")) == ("<i>c→</i>", "<i>c</i>")


@given(st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</b>", "a", " ", "\n", "{x}", "→", "&amp;"]), max_size=12))
def test_a_text_in_its_frame_is_as_it_was_and_its_pairs_are_not_torn(parts: list[str]) -> None:
    text = "".join(parts)
    frame, inner = frame_of(text, MARKUP)
    assert frame.around(inner) == text
    if is_paired(text, MARKUP):
        assert is_paired(inner, MARKUP)
        assert is_paired(f"{frame.before}{frame.after}", MARKUP)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<i>a</i>", "<i>b", True),
        ("<i>a</i>", "b</i>", True),
        ("<i>a</i>", "<I>b</I>", True),
        ("<i>a</i>", "(<i>b</i>)", True),
        ("<i>a</i>", "b", False),
        ("<i>a</i>", "<i>b</i> c", False),
        (r"{\i1}a{\i0}", r"{\fad(1,2)\i1}b", True),
        (r"{\i1\i0}a", "b", True),
        (r"{\an8}a", r"{\blur1}b", True),
        ('<font color="#fff">a</font>', '<font color="#ff0">b</font>', False),
        (r"{\c&HFF&}a", "b", False),
    ],
)
def test_texts_look_alike_where_nothing_says_that_somebody_else_speaks(one: str, other: str, same: bool) -> None:  # noqa: FBT001  a parameter of the cases
    assert (look_of(one, MARKUP) == look_of(other, MARKUP)) is same


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("<i>a</i>\nb", True),
        ("<i>a</i>\n<b>b</b>", True),
        ("<i>a</i>\n<i>b</i> c", True),
        ("<i>a</i>\n(<i>b</i>)", False),
        ("<i>a\nb</i>", False),
        ("<i>a\nb</i> c", False),
        ("a <i>b</i>\nc", False),
    ],
)
def test_lines_look_apart_where_all_of_one_is_between_tags(text: str, apart: bool) -> None:  # noqa: FBT001  a parameter of the cases
    assert (look_of(text, MARKUP) is None) is apart
