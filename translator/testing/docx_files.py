"""Small Word documents for tests; `python -m translator.testing.docx_files` writes the sample and the fixture."""

from pathlib import Path

from translator.testing.office_files import OFFICE, PACKAGE, content_types, package, relationships

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr>'
    '</w:style><w:style w:type="character" w:styleId="a4"><w:name w:val="Hyperlink"/></w:style>'
)


def run(text: str, properties: str = "") -> str:
    """A run with one text."""
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    space = ' xml:space="preserve"' if text != text.strip(" ") else ""
    return f"<w:r>{own}<w:t{space}>{text}</w:t></w:r>"


def paragraph(*contents: str, number: int = 0, style: str = "") -> str:
    """A paragraph; with a number it has an identifier of Word's."""
    own = f' w14:paraId="{number:08X}"' if number else ""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p{own}>{properties}{''.join(contents)}</w:p>"


def ruby(base: str, reading: str) -> str:
    """A run with a word and its reading."""
    return (
        f"<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>{reading}</w:t></w:r></w:rt>"
        f"<w:rubyBase><w:r><w:t>{base}</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )


def field(code: str, result: str) -> str:
    """A field with its result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def text_box(newer: str, older: str) -> str:
    """A run with a text box in both forms."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
        f"{newer}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
        f"{older}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def document(
    body: str, *, title: str = "", footnotes: str = "", header: str = "", comments: str = "", styles: str = STYLES
) -> bytes:
    """A document with these contents."""
    parts = {"document": f"<w:document {_NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>"}
    parts["styles"] = f'<w:styles xmlns:w="{W}">{styles}</w:styles>'
    for name, root, inside in (
        ("footnotes", "footnotes", footnotes and f'<w:footnote w:id="2">{footnotes}</w:footnote>'),
        ("header1", "hdr", header),
        ("comments", "comments", comments and f'<w:comment w:id="0">{comments}</w:comment>'),
    ):
        if inside:
            parts[name] = f"<w:{root} {_NAMESPACES}>{inside}</w:{root}>"
    kinds = {name: name.rstrip("1") for name in parts if name != "document"}
    links = [(f"rId{number}", kind, f"{name}.xml") for number, (name, kind) in enumerate(kinds.items(), 1)]
    types = {
        f"/word/{name}.xml": f"{_TYPE}.{'document.main' if name == 'document' else name.rstrip('1')}+xml"
        for name in parts
    }
    core = (("rId2", "core-properties", "docProps/core.xml"),) if title else ()
    members = {
        "[Content_Types].xml": content_types(types),
        "_rels/.rels": relationships(("rId1", "officeDocument", "word/document.xml"), *core),
        "word/_rels/document.xml.rels": relationships(*links, ("rId9", "hyperlink", "https://example.org/")),
        **{f"word/{name}.xml": text for name, text in parts.items()},
    }
    if title:
        members["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
        )
    return package(members, "\r\n")


def sample() -> bytes:
    """The beginning of a story of this project."""
    italic, bold = "<w:i/>", "<w:b/><w:bCs/>"
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    table = "".join(
        f"<w:tr><w:tc>{paragraph(run(left), number=200 + n)}</w:tc>"
        f"<w:tc>{paragraph(run(right), number=300 + n)}</w:tc></w:tr>"
        for n, (left, right) in enumerate((("渡し賃", "一人につき銅貨二枚"), ("荷物", "相談のこと")))
    )
    linked = run("こちら", '<w:rStyle w:val="a4"/>')
    body = (
        paragraph(run("月の渡し場"), number=1, style="a3")
        + paragraph(run("第一章　霧の岸"), number=2, style="1")
        + paragraph(run("その夜、"), run("川は"), ruby("鏡", "かがみ"), run("のように静かだった。"), number=3)
        + paragraph(run("「"), run("決して", bold), run("舟から手を出してはいけないよ」と、船頭は言った。"), number=4)
        + paragraph(run("古い地図には"), run("「帰らずの瀬」", italic), run("とある"), mark, run("。"), number=5)
        + paragraph(run("一、月を見ること。"), "<w:r><w:br/></w:r>", run("二、歌わないこと。"), number=6)
        + f"<w:tbl>{table}</w:tbl>"
        + paragraph(text_box(paragraph(run("渡し場はこちら")), paragraph(run("渡し場はこちら"))))
        + paragraph(run("第二章　向こう岸"), number=7, style="1")
        + paragraph(
            run("続きは"), f'<w:hyperlink r:id="rId9">{linked}</w:hyperlink>',
            run("で読める。"), number=8,
        )
    )  # fmt: skip
    return document(
        body,
        title="月の渡し場",
        footnotes=paragraph(run(" この名の瀬は、今はもうない。")),
        header=paragraph(run("月の渡し場　"), field("PAGE", run("1"))),
    )


def odd() -> bytes:
    """What is rare: fields, tracked changes, hidden text, formulas, texts that look like tags, breaks, comments."""
    bold = "<w:b/>"
    body = (
        paragraph(run("挿入は", '<w:lang w:eastAsia="ja-JP"/>'), f"<w:ins>{run('読まれ')}</w:ins>",
                  "<w:del><w:r><w:delText>消えた</w:delText></w:r></w:del>", run("、削除は残る。"))
        + paragraph(run("隠れた", "<w:vanish/>"), run("見える文字。"))
        + paragraph(run("式は"), "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>", run("である。"))
        + paragraph(run("文字どおりの&lt;1&gt;と&amp;lt;1&gt;と"), run("太字", bold), run("。"))
        + paragraph(run("太字で始まる", bold), run("段落"))
        + paragraph("<w:r><w:tab/></w:r>", run("字下げと"), "<w:r><w:noBreakHyphen/></w:r>", run("ハイフン"))
        + paragraph(field('HYPERLINK "https://example.org/"', run("リンク")), run("は読まれる。"))
        + paragraph(run("今日は"), field("DATE", run("2026年11月28日")), run("です。"))
        + paragraph(f"<w:sdt><w:sdtContent>{run('入力欄')}</w:sdtContent></w:sdt>", run("の中。"))
        + paragraph(text_box(paragraph(run("新しい箱")), paragraph(run("古い箱"))))
        + paragraph(run("　　"), run("1234"))
        + "<w:p/>"
    )  # fmt: skip
    return document(body, comments=paragraph(run("ここは直すこと。")))


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    for path, made in (
        (root / "samples/docx/tsuki_no_watashiba.docx", sample()),
        (root / "tests/contract/fixtures/docx/odd.docx", odd()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
