import io
import re
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.markup import Fate
from translator.core.segment import Role
from translator.core.zip_members import open_zip
from translator.formats.docx import FORMAT, DocxDocument
from translator.testing.docx_files import document, field, odd, paragraph, ruby, run, sample, text_box

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def opened(blob: bytes, **settings: str) -> DocxDocument:
    return FORMAT.open(blob, options=FormatOptions(settings=settings))


def sources(blob: bytes, **settings: str) -> list[str]:
    return [segment.source for segment in opened(blob, **settings).segments]


def written(body: str, target: str, **settings: str) -> str:
    """The body of a document of one paragraph whose text is replaced; it is read back as it was written."""
    blob = document(body)
    read = opened(blob, **settings)
    new = read.render({read.segments[0].key: target})
    assert sources(new, **settings)[0] == target
    text = open_zip(new).read("word/document.xml").decode()
    return text.partition("<w:body>")[2].partition("<w:sectPr/>")[0]


def test_runs_of_the_same_formatting_are_joined_silently() -> None:
    body = paragraph(run("その夜、"), "<w:proofErr/>", run("川は", '<w:lang w:val="ja-JP"/>'), run("静かだった。"))
    assert sources(document(body)) == ["その夜、川は静かだった。"]
    assert written(body, "The river was quiet.") == paragraph(
        run("The river was quiet."), "<w:proofErr/>", run("", '<w:lang w:val="ja-JP"/>'), run("")
    )


def test_bold_words_stay_bold() -> None:
    body = paragraph(run("「"), run("決して", BOLD), run("手を出すな」"))
    assert sources(document(body)) == ["「<1>決して</1>手を出すな」"]
    assert written(body, "“<1>Never</1> reach out.”") == paragraph(
        run("“"), run("Never", BOLD), run(" reach out.”").replace('"preserve"', "'preserve'")
    )


def test_formatting_may_move_and_a_run_is_added_where_there_is_none() -> None:
    body = paragraph(run("重要", BOLD), run("な点"))
    made = written(body, "The <1>important</1> point")
    assert "<w:r ><w:t xml:space='preserve' >The </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>important</w:t>" in made
    made = written(body, "no formatting at all")
    assert re.findall(r"<w:b/></w:rPr><w:t>(.*?)</w:t>", made) == [""]


def test_what_was_added_goes_when_the_old_text_comes_back() -> None:
    blob = document(paragraph(run("重要", BOLD), run("な点")) + paragraph(run("一"), "<w:r><w:br/></w:r>", run("二")))
    first = opened(blob)
    old = {segment.key: segment.source for segment in first.segments}
    new = first.render(dict(zip(old, ("The <1>important</1> point", "one\ntwo\nthree"), strict=True)))
    assert open_zip(opened(new).render(old)).parts() == open_zip(blob).parts()


def test_two_formattings_change_places() -> None:
    body = paragraph(run("赤", BOLD), run("と"), run("青", ITALIC))
    made = written(body, "<2>blue</2> and <1>red</1>")
    assert re.sub(r"<w:t[^>]*></w:t>", "", made).index("blue") < made.index("red")


@pytest.mark.parametrize(
    "target", ["<3>x</3>", "<1>open", "close</1>", "<1>a<1>b</1></1>", "<1></1>x", "text<2/>", "</2>", "<1/>"]
)
def test_tags_that_have_no_place_are_refused(target: str) -> None:
    read = opened(document(paragraph(run("普通と"), run("太字", BOLD))))
    with pytest.raises(RefusedTargetError):
        read.render({read.segments[0].key: target})


def test_things_between_texts_stay_in_their_order() -> None:
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = paragraph(run("地図"), mark, run("には"), field("PAGE", run("3")), run("とある。"))
    assert sources(document(body)) == ["地図<1/>には<2/>とある。"]
    assert written(body, "The map<1/> says <2/>so.").count("footnoteReference") == 1
    assert mark in written(body, "no things")
    read = opened(document(body))
    for target in ("a<2/>b<1/>c", "a<1/>b<1/>c", "two\nlines<1/>"):
        with pytest.raises(RefusedTargetError):
            read.render({read.segments[0].key: target})


def test_text_that_looks_like_a_tag_is_text() -> None:
    body = paragraph(run("&lt;1&gt;と&amp;lt;1&gt;"), run("太字", BOLD))
    assert sources(document(body)) == ["&lt;1>と&amp;lt;1><1>太字</1>"]
    assert written(body, "&lt;1> and &amp;lt;1> <1>bold</1>").count("&lt;1&gt;") == 1


def seen(source: str, ruby: str) -> str:
    """What the model sees of a text."""
    markup = FORMAT.markup({"ruby": ruby})
    pieces = markup.tokenize(markup.normalise(source))
    return "".join(p.text for p in pieces if not p.rule or p.rule.fate is not Fate.DROP)


def test_readings_go_stay_or_stand_in_brackets() -> None:
    body = paragraph(run("川は"), ruby("鏡", "かがみ"), run("のよう"))
    (source,) = sources(document(body))
    assert source == "川は<ruby>鏡<rt>かがみ</rt></ruby>のよう"
    assert seen(source, "drop") == "川は鏡のよう"
    assert seen(source, "parens") == "川は鏡（かがみ）のよう"
    assert seen(source, "keep") == source
    assert FORMAT.markup({"ruby": "keep"}).codes(source) == ["<ruby>", "<rt>かがみ</rt></ruby>"]
    for dropped in ("like a mirror", "川は鏡のようだ", "鏡"):
        assert "w:ruby" not in written(body, dropped)
    assert ruby("鏡", "かがみ") in written(body, f"あの{source}だ")


def test_a_kept_reading_stands_above_the_translation_of_its_word() -> None:
    body = paragraph(run("川は"), ruby("鏡", "かがみ"), ruby("箸", "はし"))
    made = written(body, "用<ruby>筷子<rt>はし</rt></ruby>照<ruby>A&lt;1>&B<rt>かがみ</rt></ruby>")
    for word, reading in (("筷子", "はし"), ("A&lt;1&gt;&amp;B", "かがみ")):
        made_one = ruby(word, reading).replace(f"<w:t>{word}", f"<w:t xml:space='preserve'>{word}")
        assert made_one.removeprefix("<w:r>").removesuffix("</w:r>") in made
    read = opened(document(body))
    for bad in (
        "<ruby>筷子<rt>くだ</rt></ruby>",
        "<ruby>筷子</ruby>",
        "<ruby>a\nb<rt>はし</rt></ruby>",
        "は<rt>はし</rt>",
    ):
        with pytest.raises(RefusedTargetError):
            read.render({read.segments[0].key: bad})


def test_readings_that_are_no_text_stay() -> None:
    inner = ruby("鏡", "かがみ")
    nested = f"<w:r><w:ruby><w:rt>{run('ほん')}</w:rt><w:rubyBase>{inner}{run('台')}</w:rubyBase></w:ruby></w:r>"
    assert sources(document(paragraph(nested, run("だ")))) == ["<ruby>鏡台<rt>ほんかがみ</rt></ruby>だ"]
    hidden = inner.replace("<w:r>", "<w:r><w:rPr><w:vanish/></w:rPr>", 1)
    empty = "<w:r><w:ruby><w:rt/><w:rubyBase><w:r/></w:rubyBase></w:ruby></w:r>"
    for thing in (hidden, empty, field("REF x", inner)):
        body = paragraph(run("前"), thing, run("後"))
        assert sources(document(body)) == ["前<1/>後"]
        assert thing in written(body, "a<1/>b")


@pytest.mark.parametrize(("name", "sign"), [("noBreakHyphen", "\u2011"), ("softHyphen", "\u00ad")])
def test_hyphens_are_written_as_the_paragraph_has_them(name: str, sign: str) -> None:
    element = f"<w:{name}/>"
    body = paragraph(run("一"), f"<w:r>{element}</w:r>", run("二"), run("太字", BOLD))
    for target, count in ((f"x{sign}y<1>z</1>", 1), (f"<1>x{sign}y</1>{sign}z", 2), (f"[一{sign}二]<1>太字</1>", 1)):
        made = written(body, target)
        assert made.count(element) == count
        assert sign not in made
    assert element not in written(body, "xy")
    assert written(paragraph(run(f"一{sign}二")), f"x{sign}y") == paragraph(run(f"x{sign}y"))


def test_text_at_a_tracked_line_break_stays_outside_of_it() -> None:
    broken = '<w:ins w:id="1"><w:r><w:br/></w:r></w:ins>'
    added = "<w:r ><w:t xml:space='preserve' >a</w:t></w:r>"
    assert written(paragraph(broken, run("二")), "a\nb") == paragraph(added, broken, run("b"))
    assert written(paragraph(run("一"), broken), "b\na") == paragraph(run("b"), broken, added)
    assert added in written(paragraph(broken), "a\n") if sources(document(paragraph(broken))) else True


def test_text_behind_a_tab_in_a_link_to_a_page_is_taken_back() -> None:
    inside = run("題") + "<w:r><w:tab/></w:r>" + field("PAGEREF x", run("3"))
    blob = document(paragraph(f'<w:hyperlink w:anchor="x">{inside}</w:hyperlink>'))
    read = opened(blob)
    (segment,) = read.segments
    new = read.render({segment.key: f"+{segment.source}+"})
    assert sources(new) == [f"+{segment.source}+"]
    assert open_zip(opened(new).render({segment.key: segment.source})).parts() == open_zip(blob).parts()


def test_text_goes_between_breaks_of_one_run() -> None:
    body = paragraph("<w:r><w:t>一</w:t><w:br/><w:br/><w:t>二</w:t></w:r>")
    between = "<w:br/><w:t xml:space='preserve' >X</w:t><w:br/>"
    assert written(body, "a\nX\nb") == paragraph(f"<w:r><w:t>a</w:t>{between}<w:t>b</w:t></w:r>")
    other = paragraph(run("強", BOLD), "<w:r><w:br/><w:t>弱</w:t></w:r>")
    assert "<w:b/></w:rPr><w:t xml:space='preserve' >X</w:t></w:r><w:r><w:t>y" in written(other, "<1>a\nX</1>y")


def test_tracked_insertions_are_read_and_deletions_left() -> None:
    gone = "<w:del><w:r><w:delText>古い</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('移された')}</w:moveFrom>"
    body = paragraph(f"<w:ins>{run('新しい')}</w:ins>", gone, moved, run("言葉"))
    assert sources(document(body)) == ["新しい言葉"]
    made = written(body, "new words")
    assert gone in made
    assert moved in made


def test_text_beside_a_tracked_insertion_stays_outside_of_it() -> None:
    new, added = (
        f"<w:ins>{run('新しい')}{run('い')}</w:ins>",
        "<w:ins><w:r><w:t></w:t></w:r><w:r><w:t></w:t></w:r></w:ins>",
    )
    assert written(paragraph(new, run("言葉")), "new words") == paragraph(added, run("new words"))
    assert written(paragraph(new), "new") == paragraph(f"<w:ins>{run('new')}{run('')}</w:ins>")
    made = written(paragraph(f"<w:moveTo>{run('新')}</w:moveTo>", run("強", BOLD), run("弱")), "<1>b</1> c <1>d</1>")
    assert re.findall(r"<w:moveTo>.*?</w:moveTo>", made) == [f"<w:moveTo>{run('')}</w:moveTo>"]


def test_a_run_is_added_outside_of_a_tracked_insertion_unless_it_goes_on_there() -> None:
    body = paragraph(f"<w:ins>{run('新')}</w:ins>", run("強", BOLD), f"<w:ins>{run('弱')}</w:ins>")
    bold = "<w:r ><w:rPr><w:b/></w:rPr><w:t xml:space='preserve' >"
    made = written(body, "<1>a</1>b<1>c</1>d<1>e</1>")
    assert f"<w:p>{bold}a</w:t></w:r><w:ins>" in made
    assert f"</w:ins>{bold}e</w:t></w:r></w:p>" in made
    whole = paragraph(f"<w:ins>{run('新')}{run('強', BOLD)}</w:ins>")
    assert f"{bold}a</w:t></w:r><w:r>" in written(whole, "<1>a</1>b<1>c</1>")
    assert written(whole, "<1>a</1>b<1>c</1>").startswith(f"<w:p><w:ins>{bold}a")


def test_fields_are_safe_but_for_links_and_contents() -> None:
    body = paragraph(run("頁"), field("PAGE", run("1")), run("、"), field('HYPERLINK "x"', run("リンク")), run("。"))
    assert sources(document(body)) == ["頁<1/>、リンク。"]
    assert 'HYPERLINK "x"' in written(body, "page <1/>, link.")


def test_links_keep_their_own_words() -> None:
    links = [f'<w:hyperlink r:id="rId{n}">{run(word)}</w:hyperlink>' for n, word in enumerate("甲乙")]
    body = paragraph(links[0], run("と"), links[1])
    assert sources(document(body)) == ["<1>甲</1>と<2>乙</2>"]
    made = written(body, "<2>second</2> and <1>first</1>")
    owner = {word: made[: made.index(word)].rpartition('r:id="')[2][:4] for word in ("first", "second")}
    assert owner == {"first": "rId0", "second": "rId1"}


def test_text_boxes_are_one_text_with_both_forms_bound() -> None:
    body = paragraph(text_box(paragraph(run("同じ")), paragraph(run("同じ"))))
    assert written(body, "same").count("same") == 2
    different = document(paragraph(text_box(paragraph(run("新")), paragraph(run("古")))))
    assert sources(different) == ["新"]
    assert [(held.text, held.reason) for held in opened(different).held_back()] == [
        ("古", "shown by old programs only")
    ]


def test_hidden_text_and_comments_are_held_back() -> None:
    held = {(one.text, one.reason) for one in opened(odd()).held_back()}
    assert ("隠れた", "hidden text") in held
    assert ("ここは直すこと。", "comment") in held


def test_titles_chapters_and_dialogue_are_told() -> None:
    segments = opened(sample()).segments
    told = {s.source: (s.role, s.scene) for s in segments}
    assert told["第一章　霧の岸"] == (Role.NARRATION, "document.2")
    assert told["渡し賃"] == (Role.NARRATION, "document.2")
    assert told["第二章　向こう岸"] == (Role.NARRATION, "document.3")
    assert segments[0].role is Role.NAME
    assert segments[-1].key == "properties/title"
    assert next(s for s in segments if s.source.startswith("「")).role is Role.DIALOGUE


def test_keys_are_words_own_identifiers_where_there_are_any() -> None:
    plain = document(paragraph(run("一")) + paragraph(run("二"), number=0xAB) + paragraph(run("三")))
    assert [s.key for s in opened(plain).segments] == ["document/p1", "document/000000AB", "document/p2"]


def test_other_members_keep_their_bytes() -> None:
    blob = sample()
    read = opened(blob)
    before, after = open_zip(blob), open_zip(read.render({read.segments[0].key: "The Ferry"}))
    assert before.names == after.names
    for name in before.names:
        if name != "word/document.xml":
            one, other = before.member(name), after.member(name)
            assert before.blob[one.data : one.end] == after.blob[other.data : other.end]


def test_python_docx_opens_what_is_written() -> None:
    library = pytest.importorskip("docx")
    read = opened(sample())
    new = read.render({s.key: f"[{s.source}]" for s in read.segments})
    paragraphs = [p.text for p in library.Document(io.BytesIO(new)).paragraphs]
    assert "[「決して舟から手を出してはいけないよ」と、船頭は言った。]" in paragraphs


def replaced(part: str, new: bytes) -> bytes:
    return open_zip(sample()).replaced({part: new})


def test_damage_is_named_with_its_part() -> None:
    root = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + root + b"</w:document>"
    for new, what in (
        (root + b"<w:p>", "word/document.xml: this is no well-formed XML"),
        (laughs, "document type declaration"),
        (b"<html/>", "no part of a Word document"),
        (b"\xff", "word/document.xml: byte 0 is no utf-8"),
    ):
        with pytest.raises(FormatError, match=what):
            opened(replaced("word/document.xml", new))


def test_a_document_without_text_says_so() -> None:
    read = opened(document(paragraph(run("1234"))))
    assert not read.segments
    assert read.notices == ("no text: none of its paragraphs has any",)


def test_sniffing_tells_it_by_its_parts(tmp_path: object) -> None:
    del tmp_path
    from pathlib import PurePath  # noqa: PLC0415

    assert FORMAT.sniff(PurePath("a.docx"), sample()) is Confidence.CERTAIN
    assert FORMAT.sniff(PurePath("a.zip"), sample()) is Confidence.MAYBE
    assert FORMAT.sniff(PurePath("a.txt"), b"text") is Confidence.NONE


_PIECES = st.lists(
    st.tuples(st.text("あ <>&1/\t\u2011", min_size=1, max_size=6), st.sampled_from(("", BOLD, ITALIC))),
    min_size=1,
    max_size=6,
)


@given(_PIECES, st.text("あいう &<>\n\t\u2011", min_size=1, max_size=12))
def test_any_text_is_read_back_as_it_was_written_or_refused(pieces: list[tuple[str, str]], target: str) -> None:
    spelled = [(text.replace("&", "&amp;").replace("<", "&lt;"), form) for text, form in pieces]
    read = opened(document(paragraph(*(run(text, form) for text, form in spelled), run("語"))))
    (segment,) = read.segments
    try:
        new = read.render({segment.key: target})
    except RefusedTargetError:
        return
    again = opened(new)
    assert [s.source for s in again.segments] == [target]
    assert [s.source for s in opened(again.render({segment.key: segment.source})).segments] == [segment.source]


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>あ</w:t></w:r></w:p>" * 30_000,
        "<w:p>" + "<w:r><w:t>あ</w:t></w:r>" * 100_000 + "</w:p>",
        "<w:p>" + "<w:r><w:t>あ</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>い</w:t></w:r>" * 30_000 + "</w:p>",
        "<w:p>" + "<w:r><w:rPr>" * 1 + "<w:b/>" * 500_000 + "</w:rPr><w:t>あ</w:t></w:r></w:p>",
        "<w:sdt><w:sdtContent>" * 30_000 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 30_000,
    ],
    ids=["paragraphs", "runs", "formats", "properties", "depth"],
)
def test_megabytes_of_the_worst_take_seconds(body: str) -> None:
    blob = document(body + paragraph(run("語")))
    start = time.process_time()
    read = opened(blob)
    read.render({read.segments[0].key: "x"})
    assert time.process_time() - start < 10


def test_the_sample_is_a_sound_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(sample())) as reader:
        assert reader.testzip() is None
