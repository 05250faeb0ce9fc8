"""Elements that are taken whole are read as if they were taken tag by tag."""

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.xhtml_page import Page, Wish
from translator.core.xhtml_words import FICTION_BOOK, HTML, Words
from translator.core.xml_spans import Kind, MarkupFile, scan
from translator.testing.deadline import deadline

_PIECES = (
    "<p>", "</p>", "<p class='a'>", '<p id="x" class="c">', '<p hidden="">', "<i>", "</i>", "<b>", "</b>", "<br/>", " ",
    "\n", "text", "字", "「", "&amp;", "&nbsp;", "&#8220;", "\ufdd0", '<span class="notranslate">', "</span>", "<td>",
    '<span title="t">', "</td>", "<li>", "</li>", "<h2>", "</h2>", "<v>", "</v>", "<emphasis>", "</emphasis>", "<div>",
    "</div>", "<code>", "</code>", "<ruby>", "<rt>", "</rt>", "</ruby>", "<!-- c -->", "<a id='q'>", '<a href="#f">',
    "</a>", "<p>one</p>", "<p>a <i>b</i>  c</p>", "<p><b>all</b></p>\n", "<v>verse</v>", " < ", "&", "<title>",
    "</title>", "<section>", "</section>", '<p translate="no">x</p>', "<pre>", "</pre>",
    '<math id="m">\n<mi>x</mi></math>', "<code>c</code>",
    "<p><span><b>a</b>c</span></p>", "<p><br/><i><b>a</b></i> <br/> </p>", "<div><ruby>字<rt>じ</rt></ruby></div>",
    "<p>a\n<b>b</b>\n字</p>", '<p><b id="b">a</b><br />&lt;b><br/>c</p>', '<p><i title="a>b">c</i></p>', "<p><b/></p>",
    "<p><i>a</i><b>c</b></p>", '<p><i style="display:none">a</i>b</p>', "<p><a hidden=''>a</a>b</p>",
)  # fmt: skip

_OPTIONS = FormatOptions()


def _page(text: str, words: Words, *, html: bool) -> Page | None:
    try:
        return Page(MarkupFile(text.encode("utf-8"), text, "utf-8", b"", html=html), words)
    except FormatError:
        return None


@given(
    pieces=st.lists(st.sampled_from(_PIECES), max_size=14),
    html=st.booleans(),
    words=st.sampled_from((HTML, FICTION_BOOK)),
)
@example(pieces=["<p>one</p>"], html=False, words=HTML)
@settings(deadline=None)  # the first one makes the patterns
def test_what_is_whole_is_read_as_tag_by_tag(*, pieces: list[str], html: bool, words: Words) -> None:
    text = f'<html xml:lang="ja"><body>{"".join(pieces)}</body></html>'
    one, other = _page(text, words, html=html), _page(text, replace(words, whole=None), html=html)
    assert (one is None) == (other is None)
    if one is None or other is None:
        return
    assert one.segments == other.segments
    assert list(one.held_back()) == list(other.held_back())
    assert one.root_language == other.root_language
    for wish in (Wish(), Wish("above", "en"), Wish("side", "en")):
        targets = {s.key: f"⟦{s.source}⟧" for s in one.segments}
        assert _changes(one, targets, wish) == _changes(other, targets, wish)


def _changes(page: Page, targets: dict[str, str], wish: Wish) -> object:
    try:
        return page.changes(targets, wish)
    except RefusedTargetError as error:
        return str(error)


@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=14), html=st.booleans())
def test_tokens_joined_are_the_text_where_some_are_whole(*, pieces: list[str], html: bool) -> None:
    text = f"<p>{''.join(pieces)}</p>"
    try:
        tokens = list(scan(text, html=html, whole=HTML.whole))
    except ValueError:
        return
    assert "".join(text[t.start : t.end] for t in tokens) == text


def test_of_well_formed_pages_nearly_every_paragraph_is_whole() -> None:
    simple = ("<p>a <i>b <b>c</b></i><br/></p>", '<div><span class="notes"><math><mi>x</mi></math></span></div>')
    other = (
        "<p>a<!-- b --></p>",
        "<li>a<p>b</p></li>",
        "<p><img/></p>",
        "<p><i title='a'>b</i></p>",
        "<p><x>b</x></p>",
    )
    text = f"<html>{''.join((*simple, *other))}</html>"
    whole = [text[t.start : t.end] for t in scan(text, whole=HTML.whole) if t.kind is Kind.WHOLE]
    assert whole == [*simple, "<p>b</p>"]


def test_many_line_breaks_and_much_white_space_take_linear_time() -> None:
    for inside in ("<br/> a" * 40_000, f"a{' ' * 200_000}b<br/>c\nd", "<b>" * 40_000 + "a" + "</b>" * 40_000):
        with deadline(5):
            page = _page(f"<html><body><p>{inside}</p></body></html>", HTML, html=False)
        assert page is not None
        assert len(page.segments) == 1


def test_only_simple_elements_are_whole() -> None:
    text = '<body><p>a <i>b</i></p> <p><x>c</x></p><p><i class="notranslate">d</i></p><P>e</P><p/></body>'
    whole = [text[t.start : t.end] for t in scan(text, html=True, whole=HTML.whole) if t.kind is Kind.WHOLE]
    assert whole == ["<p>a <i>b</i></p> "]


@given(st.lists(st.sampled_from(("a", "字", " ", "\n", "<b>", "</b>", "<i>", "]]>", "&", "<")), min_size=1, max_size=9))
def test_what_is_written_is_read_again(parts: list[str]) -> None:
    text = "<html><body><p>x<b>y</b> z<br/>\n<b>u</b>w</p><p>one</p></body></html>"
    page = _page(text, HTML, html=False)
    assert page is not None
    for segment, target in (
        (page.segments[1], "".join(parts)),
        (page.segments[0], f"a<b>b</b>{''.join(parts)}<b>c</b>d"),
    ):
        try:
            changes = page.changes({segment.key: target}, Wish())
        except RefusedTargetError:
            continue
        written = page.file.render(changes, page.file.output(_OPTIONS)).decode("utf-8")
        again = _page(written, HTML, html=False)
        assert again is not None, written
        assert {s.key: s.source for s in again.segments}[segment.key] == target
        assert len(again.segments) == len(page.segments)
