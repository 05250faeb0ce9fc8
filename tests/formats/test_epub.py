"""EPUB: encrypted and damaged books, members that lie, bilingual and horizontal books, what is declared anew."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

import pytest

from translator.core.document import FormatError, FormatOptions, RefusedTargetError
from translator.core.marks import restored
from translator.formats.epub import FORMAT

SAMPLE = Path(__file__).parents[2] / "samples" / "epub" / "harbour.epub"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OBFUSCATED = (
    '<encryption><EncryptedData><EncryptionMethod Algorithm="http://ns.adobe.com/pdf/enc#RC"/>'
    '<CipherData><CipherReference URI="{}"/></CipherData></EncryptedData></encryption>'
)
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{}</body></html>'


def book(
    members: Mapping[str, str | bytes] | None = None, *, items: str = "", spine: str = "", page: str = ""
) -> bytes:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Title</dc:title>'
        "<dc:language>ja</dc:language></metadata>"
        f'<manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>'
        f'<spine><itemref idref="a"/>{spine}</spine></package>'
    )
    standing: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "p.opf": package,
        "a.xhtml": PAGE.format(page or "<p>本文</p>"),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**standing, **(members or {})}.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def opened(blob: bytes, target: str | None = None, **settings: str):  # noqa: ANN201  the format's own document
    return FORMAT.open(blob, options=FormatOptions(PurePath("a.epub"), target_language=target, settings=settings))


def member(blob: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(blob)) as archive:
        return archive.read(name).decode()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"META-INF/rights.xml": "<rights/>"}, "DRM"),
        (
            {
                "META-INF/encryption.xml": '<encryption><EncryptedData><EncryptionMethod Algorithm="http://x/aes256"/>'
                "</EncryptedData></encryption>"
            },
            "DRM.*aes256",
        ),
        (
            {
                "META-INF/encryption.xml": '<encryption><EncryptedData><CipherData><CipherReference URI="a.png"/>'
                "</CipherData></EncryptedData></encryption>"
            },
            "DRM.*no algorithm",
        ),
        ({"META-INF/encryption.xml": OBFUSCATED.format("a.xhtml")}, "DRM.*lists a.xhtml, which is no font"),
        ({"META-INF/encryption.xml": OBFUSCATED.format("p.opf")}, "DRM.*lists p.opf"),
        ({"META-INF/container.xml": "<container/>"}, "names no package document"),
        ({"META-INF/container.xml": CONTAINER.replace("p.opf", "../p.opf")}, "not in the archive"),
        ({"p.opf": "<package>"}, "p.opf: .*well-formed"),
    ],
)
def test_what_cannot_be_read_says_why(members: dict[str, str | bytes], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        opened(book(members))


def test_a_zip_that_is_no_book_and_a_cut_one_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FormatError, match="no EPUB"):
        opened(buffer.getvalue())
    with pytest.raises(FormatError, match="damaged"):
        opened(book()[:-30])


def test_obfuscated_fonts_are_no_drm() -> None:
    assert opened(book({"META-INF/encryption.xml": OBFUSCATED.format("fonts/a.otf")})).segments


def test_absent_files_are_told_and_the_rest_is_read() -> None:
    blob = book(
        items='<item id="b" href="gone.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="c" href="../../etc/passwd" media-type="application/xhtml+xml"/>',
        spine='<itemref idref="b"/><itemref idref="nobody"/>',
    )
    document = opened(blob)
    assert [s.source for s in document.segments] == ["Title", "t", "本文"]
    assert len(document.notices) == 3
    assert document.render({}) == blob


def test_a_name_that_differs_in_letter_case_alone_leads_to_its_member() -> None:
    page = PAGE.format("<p>第二</p>")
    item = '<item id="b" href="Text/Caf%C3%A9.xhtml" media-type="application/xhtml+xml"/>'
    blob = book({"text/CAFE\u0301.XHTML": page}, items=item, spine='<itemref idref="b"/>')
    document = opened(blob)
    assert document.segments[-1].source == "第二"
    assert document.segments[-1].key.startswith("text/CAFE\u0301.XHTML:")
    assert ["Text/Café.xhtml" in notice and "CAFE\u0301.XHTML" in notice for notice in document.notices] == [True]
    assert "<p>二</p>" in member(document.render({document.segments[-1].key: "二"}), "text/CAFE\u0301.XHTML")
    two = opened(book({"text/CAFÉ.xhtml": page, "TEXT/café.xhtml": page}, items=item, spine='<itemref idref="b"/>'))
    assert two.segments[-1].source == "本文"
    container = {"META-INF/container.xml": CONTAINER.replace("p.opf", "P.OPF")}
    assert [s.source for s in opened(book(container)).segments] == ["Title", "t", "本文"]


def test_entities_never_grow_and_a_page_that_is_no_xml_is_read_as_html() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + PAGE.format(
        "<p>x &b;</p>"
    )
    assert opened(book({"a.xhtml": bomb})).segments[-1].source == "x &b;"
    document = opened(book(page="<p>one & two<br><p>three"))
    assert [s.source for s in document.segments][-2:] == ["one & two", "three"]
    assert any("read as HTML" in notice for notice in document.notices)


def test_a_translated_book_says_its_language_and_keeps_all_other_members() -> None:
    blob = SAMPLE.read_bytes()
    document = opened(blob, "zh-CN")
    key = next(s.key for s in document.segments if s.source.startswith("港の名は"))
    out = document.render({key: "港口已经没有名字了。"})
    assert "<dc:language>zh-CN</dc:language>" in member(out, "OPS/package.opf")
    assert 'xml:lang="zh-CN" lang="zh-CN"' in member(out, "OPS/ch1.xhtml")
    assert "港口已经没有名字了。" in member(out, "OPS/ch1.xhtml")
    before, after = dict(FORMAT.parts(blob)), dict(FORMAT.parts(out))
    assert {n for n in before if before[n] != after[n]} == {"OPS/package.opf", "OPS/ch1.xhtml"}
    assert out[:58] == blob[:58]  # mimetype, stored


def test_a_translated_file_says_the_charset_that_it_is_in() -> None:
    page = '<?xml version="1.0" encoding="{}"?>' + PAGE.format("<p>日本語の文章です。</p>")
    document = opened(book({"a.xhtml": page.format("Shift_JIS").encode()}), "zh-CN")
    assert any("Shift_JIS" in notice for notice in document.notices)
    out = document.render({document.segments[-1].key: "这是中文。"})
    assert member(out, "a.xhtml") == page.format("UTF-8").replace("日本語の文章です。", "这是中文。")


def test_horizontal_turns_styles_and_pages_and_only_these() -> None:
    document = opened(SAMPLE.read_bytes(), "zh-CN", horizontal="1")
    out = document.render({s.key: "译文" for s in document.segments if s.source == "灯台"})
    css = member(out, "OPS/style.css")
    assert "vertical-rl" not in css
    assert css.count("horizontal-tb") == 3
    assert "text-combine: horizontal" in css
    package = member(out, "OPS/package.opf")
    assert 'page-progression-direction="ltr"' in package
    assert 'content="horizontal-lr"' in package
    assert "-epub-writing-mode: horizontal-tb" in member(out, "OPS/二.xhtml")
    assert opened(SAMPLE.read_bytes(), "zh-CN", horizontal="1").render({}) == SAMPLE.read_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_horizontal_turns_what_a_style_sheet_says_and_not_what_it_tells_or_quotes(charset: str) -> None:
    style = """/* don't: writing-mode: vertical-rl */ p::before{{content: "a;\\"writing-mode:vertical-rl"}}
    h1{{-epub-writing-mode/**/:/* * */{};writing-mode:{} !important}} /* writing-mode:vertical-rl"""
    blob = book(
        {"s.css": style.format("vertical-rl", "VERTICAL-LR").encode(charset)},
        items='<item id="s" href="s.css" media-type="text/css"/>',
    )
    document = opened(blob, "zh-CN", horizontal="1")
    out = document.render({document.segments[-1].key: "正文"})
    with zipfile.ZipFile(io.BytesIO(out)) as archive:
        assert archive.read("s.css") == style.format("horizontal-tb", "horizontal-tb").encode(charset)


@pytest.mark.parametrize("where", ["above", "below", "side"])
def test_a_bilingual_book_holds_both_and_is_read_as_both(where: str) -> None:
    blob = SAMPLE.read_bytes()
    document = opened(blob, bilingual=where)
    targets = {s.key: f"⟦{s.source}⟧" for s in document.segments}
    out = document.render(targets)
    again = opened(out, bilingual=where)
    assert [s.key for s in again.segments] == [s.key for s in document.segments]
    paired = [s for s in again.segments if s.target is not None]
    assert len(paired) == 15
    for one, two in zip(document.segments, again.segments, strict=True):
        assert (two.source if two.target is None else two.target) == targets[one.key]
        assert two.target is None or two.source == one.source
    page = member(out, "OPS/ch1.xhtml")
    assert page.count('id="r1"') == 1
    assert f'class="bilingual-{where}"' in page
    back = again.render({a.key: restored(a, b) for a, b in zip(document.segments, again.segments, strict=True)})
    assert FORMAT.parts(back) == FORMAT.parts(blob)


def test_contents_have_the_translation_alone() -> None:
    document = opened(SAMPLE.read_bytes(), bilingual="above")
    out = document.render({s.key: "X1" for s in document.segments})
    assert "bilingual" not in member(out, "OPS/nav.xhtml").partition("<ol>")[2]


def test_a_heading_and_its_labels_are_one_decision() -> None:
    found = [s for s in opened(SAMPLE.read_bytes()).segments if s.source == "第一章　帰郷"]
    assert len(found) == 4
    assert {(s.role, s.binding) for s in found} == {(found[0].role, "heading")}


def test_markup_that_would_break_a_page_is_refused() -> None:
    document = opened(book())
    key = document.segments[-1].key
    for bad in ("<b>x", "x</p><p>y", "<p>y</p>", "a &nothing; b", " x", "x\0", "<i>x</b>", '<a b="<">x</a>'):
        with pytest.raises(RefusedTargetError):
            document.render({key: bad})


def test_real_book_comes_back(corpus: Callable[[str], Path]) -> None:
    blob = next(corpus("epub-kusamakura").glob("*.epub")).read_bytes()
    document = opened(blob)
    assert len(document.segments) > 1000
    assert document.render({}) == blob
