"""HTML: what is a text, how it is spelled, what is refused, charsets, bilingual pages, time."""

import time
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.segment import Role
from translator.core.xhtml_markup import markup_of
from translator.formats.html import FORMAT, HtmlDocument


def opened(text: str | bytes, name: str = "a.html", target: str | None = None, **given_settings: str) -> HtmlDocument:
    blob = text.encode() if isinstance(text, str) else text
    return FORMAT.open(blob, options=FormatOptions(PurePath(name), target_language=target, settings=given_settings))


def sources(text: str) -> list[str]:
    return [s.source for s in opened(text).segments]


def test_blocks_are_texts_and_inline_tags_stay() -> None:
    assert sources("<p>a <b>b</b> c<p>d<li>e<ul><li>f</ul>g<td>h<div>i<div>j</div>k</div>") == [
        "a <b>b</b> c", "d", "e", "f", "g", "h", "i", "j", "k",
    ]  # fmt: skip


def test_pairs_around_all_of_a_text_are_no_part_of_it() -> None:
    assert sources("<p><span class=x><b>all</b></span></p><p><i>a</i> b</p>") == ["all", "<i>a</i> b"]


def test_pictures_have_texts_of_their_own() -> None:
    document = opened('<p>before <img alt="the sea" title="a &amp; b" src=x.png> after</p>')
    assert [(s.source, s.role) for s in document.segments] == [
        ("before", Role.NARRATION),
        ("the sea", Role.DESCRIPTION),
        ("a & b", Role.DESCRIPTION),
        ("after", Role.NARRATION),
    ]
    out = document.render({s.key: s.source.upper() + ' "&' for s in document.segments if s.role is Role.DESCRIPTION})
    assert b'alt="THE SEA &quot;&amp;" title="A &amp; B &quot;&amp;"' in out


def test_what_is_no_language_is_held_back_with_a_reason() -> None:
    document = opened(
        "<script>a<b</script><style>p{}</style><pre>x</pre><p translate=no>n</p><p class='y notranslate'>m</p>"
        "<div hidden>h</div><div style='display: none'>d</div><svg><title>s</title></svg><p>t</p>"
    )
    assert [s.source for s in document.segments] == ["t"]
    assert [h.reason for h in document.held_back()] == [
        "script", "style sheet", "preformatted text", "not to be translated", "not to be translated", "hidden",
        "hidden", "drawing",
    ]  # fmt: skip


def test_signs_are_spelled_so_that_they_cannot_be_taken_for_markup() -> None:
    assert sources("<p>Q&amp;A a &lt; b &lt;b&gt; AT&amp;T; &nbsp;x &#x3042; &hearts; &#10;</p>") == [
        "Q&A a < b &lt;b> AT&amp;T; \u00a0x あ ♥ &#10;"
    ]


@pytest.mark.parametrize("good", ["a < b & c", "&lt;b>", "x\ny", "<i>x</i> y", "a  b", "A&B;"])
def test_what_is_written_is_read_again(good: str) -> None:
    document = opened("<p>one</p><p>two</p>")
    key = document.segments[0].key
    try:
        out = document.render({key: good})
    except RefusedTargetError:
        assert good == "A&B;"
        return
    assert opened(out).segments[0].source == good
    assert opened(out).segments[1] == document.segments[1]


@pytest.mark.parametrize("bad", ["<p>x", "</p>", "<b>", "x<br>y", " x", "", "……", "\r", "\0", "<!--", "<script>"])
def test_what_would_be_read_otherwise_is_refused(bad: str) -> None:
    document = opened("<p>one</p>")
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: bad})


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab <>&;/#x3\n「」é\u00a0", max_size=20))
def test_any_target_is_read_as_it_is_or_refused(target: str) -> None:
    for name, page in (("a.html", "<p>one</p><p>two</p>"), ("a.xhtml", "<html><p>one</p><p>two</p></html>")):
        document = opened(page, name)
        try:
            out = document.render({document.segments[0].key: target})
        except RefusedTargetError:
            continue
        again = opened(out, name)
        assert [s.source for s in again.segments] == [target, "two"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/pbriu=\"' t&;a-!\n", max_size=60))
def test_any_page_comes_back(text: str) -> None:
    document = opened(text)
    assert document.render({}) == text.encode()
    marked = {s.key: s.source for s in document.segments}
    assert [s.source for s in opened(document.render(marked)).segments] == list(marked.values())


def test_a_language_that_the_charset_lacks_makes_the_page_utf8_and_says_so_in_it() -> None:
    page = '<html lang="ja"><meta charset="Shift_JIS"><p>①日本語の文章です。</p></html>'.encode("cp932")
    document = opened(page, target="zh-CN")
    out = document.render({document.segments[0].key: "这是中文。"})
    assert out.decode() == '<html lang="zh-CN"><meta charset="UTF-8"><p>这是中文。</p></html>'
    assert any("utf-8" in notice for notice in document.notices)


@pytest.mark.parametrize(
    "text",
    ["Caf\u00e9 \u201cna\u00efve\u201d", "Die Größe hören", "coração", "don’t", "© 2001 Öl", "El pingüino comió piña."],
)
def test_a_page_of_western_europe_that_does_not_say_its_charset_is_read_as_browsers_do(text: str) -> None:
    page = f"<html><head><title>a</title></head><body><p>{text}</p></body></html>".encode("cp1252")
    document = opened(page, target="en")
    assert document.segments[-1].source == text
    assert [("windows-1252" in notice) for notice in document.notices] == [True]
    assert document.render({}) == page
    written = document.render({document.segments[-1].key: "é ♪ 字"})
    assert written == page.replace(text.encode("cp1252"), "é &#9834; &#23383;".encode("cp1252"))


@pytest.mark.parametrize("charset", ["cp932", "euc-jp", "gb18030", "cp950"])
@pytest.mark.parametrize("text", ["銀行", "テスト", "eメールの設定", "第一章"])
def test_a_page_of_east_asia_that_does_not_say_its_charset_is_still_found(text: str, charset: str) -> None:
    if charset in ("gb18030", "cp950"):
        text = "第一章這是我們的家" if charset == "cp950" else "第一章这是我们的家"
    page = f"<html><head><title>a</title></head><body><p>{text}</p></body></html>".encode(charset)
    assert opened(page).segments[-1].source == text


@pytest.mark.parametrize("charset", ["cp1251", "koi8-r", "cp1253"])
def test_letters_of_another_script_are_not_taken_for_western_ones(charset: str) -> None:
    text = "Στο σκοτάδι του λιμανιού" if charset == "cp1253" else "Огни гавани погасли, и никто"
    with pytest.raises(FormatError):
        opened(f"<p>{text}</p>".encode(charset))


def test_a_page_that_becomes_utf8_and_cannot_say_so_begins_with_a_mark() -> None:
    document = opened("<p>日本語の文章です。</p>".encode("cp932"), target="zh-CN")
    out = document.render({document.segments[0].key: "这是中文。"})
    assert out == b"\xef\xbb\xbf" + "<p>这是中文。</p>".encode()
    xhtml = '<html xmlns="http://www.w3.org/1999/xhtml"><p>日本語の文章です。</p></html>'.encode("cp932")
    document = opened(xhtml, "a.xhtml", target="zh-CN")
    assert document.render({document.segments[0].key: "这是中文。"}).startswith(b"<html")


@pytest.mark.parametrize(
    ("said", "charset", "true", "target", "notices"),
    [
        ("utf-8", "cp1252", "windows-1252", "en", 1),
        ("Shift_JIS", "utf-8", "UTF-8", "zh-CN", 1),
        ("x-bogus", "utf-8", "UTF-8", "zh-CN", 1),
        ("us-ascii", "ascii", "UTF-8", "zh-CN", 0),
        ("utf-8", "utf-16", "UTF-16", "zh-CN", 1),
        ("ISO-8859-1", "cp1252", "ISO-8859-1", "en", 0),
        ("x-sjis", "cp932", "x-sjis", "ja", 0),
    ],
)
def test_a_page_that_is_translated_says_the_charset_that_it_is_in(
    said: str, charset: str, true: str, target: str, notices: int
) -> None:
    text = {"cp1252": "Café", "ascii": "Cafe"}.get(charset, "日本語の文章です。")
    page = f'<!-- <meta charset="koi8-r"> --><meta charset="{{}}"><p>{text}</p>'
    blob = page.format(said).encode(charset)
    document = opened(blob, target=target)
    assert len(document.notices) == notices
    assert document.render({}) == blob
    assert opened(blob).render({document.segments[0].key: text + "!"}) == blob.replace(
        text.encode(charset.replace("16", "16-le")), (text + "!").encode(charset.replace("16", "16-le"))
    )
    out = document.render({document.segments[0].key: text + "!"})
    assert out == page.replace(text, text + "!").format(true).encode(charset)


def test_a_description_that_tells_of_charsets_declares_none() -> None:
    page = '<meta name="description" content="how to write charset=utf-16"><p>海</p>'
    document = opened(page, target="zh-CN")
    assert not document.notices
    assert "x how" in document.render({s.key: f"x {s.source}" for s in document.segments}).decode()


def test_readings_are_dropped_kept_or_put_into_brackets() -> None:
    text = "<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>へ<ruby><ruby>行<rt>い</rt></ruby><rt>go</rt></ruby>く"
    assert markup_of({}).plain(text) == "東京へ行く"
    assert markup_of({"ruby": "parens"}).normalise(text) == "東京（とうきょう）へ行（い）（go）く"
    assert "".join(markup_of({"ruby": "keep"}).codes(text)).count("<rt>") == 4


@pytest.mark.parametrize("where", ["above", "below", "side"])
def test_bilingual_pages_give_their_translations_back(where: str) -> None:
    page = '<html lang=ja><body><h1>題</h1>\n  <p id="a" class=k>一<a id=x></a>つ</p>\n<ul><li>二つ</ul></body></html>'
    document = opened(page, bilingual=where)
    out = document.render({s.key: s.source + "!" for s in document.segments})
    again = opened(out)
    assert [(s.source, s.target) for s in again.segments] == [(s.source, s.source + "!") for s in document.segments]
    assert out.count(b'id="a"') == out.count(b"id=x") == 1
    assert out.count(b'lang="ja"') == 3
    assert again.render({s.key: "" for s in again.segments}).decode() == page


@pytest.mark.parametrize(
    "hard",
    [
        "<b>" * 40_000, "<p>" * 60_000, "<code>" * 40_000, "<span>x" * 20_000, "<ruby><rt>" * 20_000,
        "&" * 1_4_000, "a<br>" * 20_000, "</b>" * 60_000, "<img alt=x>" * 10_000, "<div hidden>" * 20_000,
        "<a b='" * 40_000, "\n " * 100_000, "<p class=bilingual-side>x</p>" * 4_000,
        "<p class=bilingual-side>x</p></td><td><p>y</p>" * 40_000, "<svg>" * 40_000,
        "<b>" * 20_000 + "x" + "</b>" * 20_000, "<" * 500_000, "&" * 500_000, "&lt;" * 200_000,
        "<div lang=a>x" * 30_000, "<div>x" * 30_000,
    ],
)  # fmt: skip
def test_time_is_linear_for_any_page(hard: str) -> None:
    started = time.process_time()
    document = opened(hard)
    assert document.render({}) == hard.encode()
    assert time.process_time() - started < 10


def test_tables_of_contents_have_the_translation_alone_however_many_there_are() -> None:
    page = "<nav>a<nav>b</nav>c</nav><p>d</p>" + "<nav><p>e</p></nav>" * 20_000
    document = opened(page, bilingual="above")
    started = time.process_time()
    out = document.render({s.key: f"x{s.source}" for s in document.segments}).decode()
    assert time.process_time() - started < 10
    assert out.startswith('<nav>xa<nav>xb</nav>xc</nav><p class="bilingual-above">d</p><p>xd</p><nav><p>xe</p></nav>')


@pytest.mark.parametrize(
    "ruby",
    [
        "<ruby>漢字<rt>かんじ</ruby>", "<ruby>漢字<rp>(<rt>かんじ<rp>)</ruby>", "<ruby><rb>漢字<rt>かんじ</ruby>",
        "<ruby>漢字<rt>かんじ</rt></ruby>", "<ruby>漢<rt>かん<rb>字<rt>じ</ruby>",
    ],
)  # fmt: skip
def test_readings_whose_end_tags_are_left_out_are_readings(ruby: str) -> None:
    page = f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>題</title><p>{ruby}を読む。</p></html>'
    document = FORMAT.open(page.encode(), options=FormatOptions(name=PurePath("a.html")))
    assert document.render({}) == page.encode()
    (text,) = [segment for segment in document.segments if "読む" in segment.source]
    assert text.source == f"{ruby}を読む。"
    markup = FORMAT.info.markup
    assert markup.plain(markup.normalise(text.source)) == "漢字を読む。"
    brackets = FORMAT.markup({"ruby": "parens"})
    assert brackets.plain(brackets.normalise(text.source)) in ("漢字（かんじ）を読む。", "漢（かん）字（じ）を読む。")
    assert "<p>读汉字。</p>" in document.render({text.key: "读汉字。"}).decode()


def test_text_behind_the_last_reading_of_a_ruby_is_refused() -> None:
    document = opened("<p><ruby>東京<rt>とうきょう</rt></ruby></p>", ruby="keep")
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: "<ruby>东京<rt>Tokyo</rt>都</ruby>"})
    two = "<ruby>东<rt>d</rt>京<rt>j</rt></ruby>"
    assert two in document.render({document.segments[0].key: two}).decode()


def test_a_table_of_contents_that_the_page_hides_is_read() -> None:
    contents = '<nav hidden="hidden"><ol><li><a href="1">第一章</a></li></ol></nav>'
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{contents}<p hidden="hidden">隠し</p></body></html>'
    document = FORMAT.open(page.encode(), options=FormatOptions(name=PurePath("a.xhtml")))
    assert [segment.source for segment in document.segments] == ["第一章"]


_XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ja"><body>{}</body></html>'


def _written(page: str, target: str, **given_settings: str) -> str:
    document = opened(page, "a.xhtml", None, **given_settings)
    return document.render({s.key: f"{target}{s.source}" for s in document.segments}).decode("utf-8")


def test_text_in_a_cdata_section_is_a_text() -> None:
    page = _XHTML.format("<p><![CDATA[ Salt & <b>water ]]></p><p>one <![CDATA[two]]> <i>three</i></p>")
    document = opened(page, "a.xhtml")
    assert [s.source for s in document.segments] == ["Salt & &lt;b>water", "one two <i>three</i>"]
    assert document.render({s.key: s.source for s in document.segments}).decode("utf-8") == page
    written = _written(page, "x ")
    assert "<p>x Salt &amp; &lt;b>water</p><p>x one two <i>three</i></p>" in written
    assert [s.source for s in opened(written, "a.xhtml").segments] == ["x Salt & &lt;b>water", "x one two <i>three</i>"]


def test_an_entity_of_the_files_own_stays_in_a_picture() -> None:
    page = _XHTML.format('<p><img alt="the &town; of glass" src="a.png"/></p>')
    assert 'alt="x the &town; of glass"' in _written(page, "x ")
    document = opened(page, "a.xhtml")
    with pytest.raises(RefusedTargetError):
        document.render({document.segments[0].key: "the &city; of glass"})


def test_readings_with_a_prefix_are_readings() -> None:
    text = "<h:ruby>漢字<h:rp>(</h:rp><h:rt>かんじ</h:rt><h:rp>)</h:rp></h:ruby>です"
    assert markup_of({}).plain(text) == "漢字です"
    assert markup_of({"ruby": "parens"}).normalise(text) == "漢字（かんじ）です"


@pytest.mark.parametrize("around", ["<table><caption>{}</caption></table>", "<hgroup><h1>a</h1>{}</hgroup>"])
def test_originals_stand_in_the_line_where_no_table_may_stand(around: str) -> None:
    page = _XHTML.format(around.format("<p>海</p>"))
    written = _written(page, "x", bilingual="side")
    assert '<p><span class="bilingual-above" xml:lang="ja">海</span><br/>x海</p>' in written
    assert {s.source for s in opened(written, "a.xhtml").segments} == {
        s.source for s in opened(page, "a.xhtml").segments
    }


def test_the_copy_of_a_paragraph_keeps_its_own_language() -> None:
    written = _written(_XHTML.format('<p xml:lang="fr" lang="fr">La mer.</p><p>海</p>'), "x ", bilingual="above")
    assert '<p xml:lang="fr" lang="fr" class="bilingual-above">La mer.</p>' in written
    assert '<p class="bilingual-above" xml:lang="ja">海</p>' in written


@pytest.mark.parametrize("where", ["above", "below", "side"])
def test_translation_and_original_each_say_their_own_language(where: str) -> None:
    page = (
        '<body><h1 lang=ja>題</h1><p lang="ja">海</p><div xml:lang="fr" lang="fr"><p>La mer.</p></div>'
        '<p><i lang="en">Sea, <q lang="de">See</q></i></p><p>山</p></body>'
    )
    document = opened(page, target="zh-CN", bilingual=where)
    out = document.render({s.key: f"译{s.source}" for s in document.segments if s.source != "山"}).decode()
    copy = f'class="bilingual-{where}"'
    for said in (
        "<h1 lang=zh-CN>", 'lang="ja">題</span>', '<p lang="zh-CN">译海</p>', f'<p lang="ja" {copy}>海</p>',
        '<div xml:lang="zh-CN" lang="zh-CN">', f'<p {copy} lang="fr">La mer.</p>', "<p>译La mer.</p>",
        f'<p {copy}><i lang="en">Sea, <q lang="de">See</q></i></p>',
        '<p><i lang="zh-CN">译Sea, <q lang="de">See</q></i></p>', "<p>山</p>",
    ):  # fmt: skip
        assert said in out
    again = opened(out, target="zh-CN")
    back = again.render({s.key: "" for s in again.segments if s.target}).decode()
    assert back == page.replace('xml:lang="fr" lang="fr"', 'xml:lang="zh-CN" lang="zh-CN"')


def test_a_language_that_blocks_around_a_translation_say_becomes_its_own() -> None:
    page = '<html lang=ja><body lang="ja"><p lang="">海<P LANG=ja>山 <i lang=ja>川</i><p lang="ja">空</body></html>'
    document = opened(page, target="zh-CN")
    out = document.render({s.key: f"x{s.source}" for s in document.segments if s.source != "空"}).decode()
    assert out.startswith('<html lang=zh-CN><body lang="zh-CN"><p lang="">x海<P LANG=zh-CN>x山 <i lang=ja>川</i>')
    assert out.endswith('<p lang="ja">空</body></html>')


def test_ids_are_no_part_of_a_code_and_what_looks_like_one_in_a_value_is() -> None:
    tags = '<a id="q" title="id=">b</a> <i title="its id=" class="c" id="r">d</i> <b title=\'x id="y"\'>e</b>'
    document = opened(_XHTML.format(f"<p>x {tags}</p>"), "a.xhtml")
    shown = '<a title="id=">b</a> <i title="its id=" class="c">d</i> <b title=\'x id="y"\'>e</b>'
    assert [s.source for s in document.segments] == [f"x {shown}"]


def test_hidden_levels_of_a_table_of_contents_are_read() -> None:
    nav = (
        '<nav><ol><li><a href="#a">one</a><ol hidden=""><li hidden="">two</li></ol></li></ol></nav><p hidden="">no</p>'
    )
    assert [s.source for s in opened(_XHTML.format(nav), "a.xhtml").segments] == ["one", "two"]


@pytest.mark.parametrize(
    "inside",
    [
        '<script>var a="x";if(a<1)document.write("<p>y</p>")</script>',
        "<script>document.write('<script src=a><\\/script>'); // <!--\n a && b</script>",
        "<code>a < b && c</code>",
        '<code id="a">a\n  <b id="c">b</b></code>',
        "<textarea>a<b & c</textarea>",
        "<span translate=no>a < R&D</span>",
    ],
)
def test_an_element_that_is_one_code_is_written_as_it_stands(inside: str) -> None:
    page = f"<label>one</label> {inside} two <!-- three --> four {inside} five"
    assert _written(page, "x ") == f"x {page}"
    assert opened(_written(page, "x ")).segments[0].source == f"x {opened(page).segments[0].source}"


def test_characters_that_unicode_leaves_free_are_texts() -> None:
    page = "<p>a\ufdd0b \ufdd1 &lt; \ufdd2c;</p>"
    document = opened(page)
    assert [s.source for s in document.segments] == ["a\ufdd0b \ufdd1 < \ufdd2c;"]
    assert document.render({"1.1": "x\ufdd2 < a\ufdd0"}).decode() == "<p>x\ufdd2 &lt; a\ufdd0</p>"


@pytest.mark.parametrize("odd", ["\0", "\x01", "\x85", "\f"])
def test_a_control_character_stays_where_the_page_has_it_and_comes_nowhere_else(odd: str) -> None:
    page = f'<p>one{odd}two</p><p>three</p><img alt="four{odd}five">'
    document = opened(page)
    first, second, third = document.segments
    assert document.render({first.key: f"x{first.source}", third.key: f"x{third.source}"}).decode() == page.replace(
        "one", "xone"
    ).replace("four", "xfour")
    with pytest.raises(RefusedTargetError):
        document.render({second.key: f"x{odd}y"})


@pytest.mark.parametrize("where", [None, "above", "below", "side"])
def test_horizontal_turns_what_is_written_too_and_texts_never(where: str | None) -> None:
    page = (
        "<style>/* writing-mode:vertical-rl */p{writing-mode:vertical-rl}</style>"
        '<p style="color:red;writing-mode:vertical-rl" title="writing-mode:vertical-rl">'
        'writing-mode:vertical-rl <b style="writing-mode:tb-rl">縦</b></p>'
        '<h1>題<b style=writing-mode:tb-rl>x</b></h1><img alt="writing-mode:tb-rl" style="writing-mode:tb-rl">'
    )
    given_settings = {} if where is None else {"bilingual": where}
    document = opened(page, horizontal="1", **given_settings)
    out = document.render({s.key: f"{s.source}!" for s in document.segments}).decode()
    copies = 1 if where is None else 2
    assert out.count("writing-mode:vertical-rl") == 1 + copies * 2
    assert out.count("writing-mode:horizontal-tb") == 1 + copies
    assert out.count("writing-mode:lr-tb") == 2 * copies + 1
    assert out.count("writing-mode:tb-rl") == 1


def test_horizontal_reads_a_style_that_a_page_of_xml_parts() -> None:
    style = "<style>/*<![CDATA[*/ p{{writing-mode:{}}} /*]]>*/</style>"
    document = opened(_XHTML.format(style.format("vertical-rl") + "<p>海</p>"), "a.xhtml", horizontal="1")
    assert style.format("horizontal-tb") in document.render({document.segments[0].key: "x"}).decode()
