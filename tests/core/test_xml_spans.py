"""Tokens of XML and HTML, the charsets that such files say and are, references, and writing spans back."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import FormatError, UnencodableError
from translator.core.textfile import Output
from translator.core.xml_spans import (
    Change,
    Kind,
    Token,
    XmlError,
    attribute,
    attributes,
    escape_attribute,
    escape_text,
    read_markup,
    read_reference,
    read_references,
    scan,
    unwritable,
)

BILLION = """<?xml version="1.0"?><!DOCTYPE lolz [
 <!ENTITY lol "lol"><!-- ]> --><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
]><lolz>&lol2;</lolz>"""


def shown(text: str, *, html: bool = False) -> list[tuple[str, str]]:
    return [(t.kind.value, text[t.start : t.end]) for t in scan(text, html=html)]


def test_xml_becomes_tokens_that_joined_are_the_text() -> None:
    text = '<?xml version="1.0"?><!DOCTYPE a><a b="1>2"><!-- x --><c/>t &amp; u<![CDATA[<d>]]></a>\n'
    assert shown(text) == [
        ("pi", '<?xml version="1.0"?>'),
        ("doctype", "<!DOCTYPE a>"),
        ("start", '<a b="1>2">'),
        ("comment", "<!-- x -->"),
        ("empty", "<c/>"),
        ("text", "t &amp; u"),
        ("cdata", "<![CDATA[<d>]]>"),
        ("end", "</a>"),
        ("text", "\n"),
    ]


@pytest.mark.parametrize(
    ("damaged", "at"),
    [
        ("<a><b></a>", 6),
        ("<a>", 3),
        ("<a/><b/>", 4),
        ("<a/>x", 4),
        ("", 0),
        ("<a b=c/>", 0),
        ('<a b="1" b="2"/>', 0),
        ("<a>&</a>", 3),
        ("<a>& b</a>", 3),
        ("<a><!-- -- --></a>", 3),
        ("<a>\x01</a>", 3),
        ("<a><![CDATA[</a>", 3),
        ("<a><", 3),
        ("</a>", 0),
    ],
)
def test_damaged_xml_is_refused_with_its_place(damaged: str, at: int) -> None:
    with pytest.raises(XmlError) as caught:
        list(scan(damaged))
    assert caught.value.position == at


def test_a_file_names_the_byte_that_is_damaged() -> None:
    with pytest.raises(FormatError, match="line 2, byte 10") as caught:
        list(read_markup("<a>日本\n</b>".encode()).tokens())
    assert caught.value.offset == 10


def test_entities_of_ones_own_are_never_expanded() -> None:
    tokens = list(scan(BILLION))
    assert [t.kind for t in tokens] == [Kind.PI, Kind.DOCTYPE, Kind.START, Kind.TEXT, Kind.END]
    assert read_references("&lol2;", html=True) == "&lol2;"


def test_html_takes_what_browsers_take() -> None:
    text = "<!doctype html><P CLASS=x>a < b<br>c<IMG SRC=a.png alt='>'/></p><3 &amp<a b=\"x"
    assert shown(text, html=True) == [
        ("doctype", "<!doctype html>"),
        ("start", "<P CLASS=x>"),
        ("text", "a < b"),
        ("start", "<br>"),
        ("text", "c"),
        ("empty", "<IMG SRC=a.png alt='>'/>"),
        ("end", "</p>"),
        ("text", "<3 &amp"),
        ("comment", '<a b="x'),
    ]


def test_script_and_style_are_raw_and_title_has_no_tags() -> None:
    text = "<script>if (a<b) '</p>'</SCRIPT ><title>a <b></title><style>x"
    assert shown(text, html=True) == [
        ("start", "<script>"),
        ("raw", "if (a<b) '</p>'"),
        ("end", "</SCRIPT >"),
        ("start", "<title>"),
        ("text", "a <b>"),
        ("end", "</title>"),
        ("start", "<style>"),
        ("raw", "x"),
    ]


def test_attributes_stand_where_they_are() -> None:
    text = "<a Href = 'x&amp;y' hidden title=plain alt=\"\">"
    token = Token(Kind.START, 0, len(text), "a")
    found = [(a.name, text[a.start : a.end], a.quote) for a in attributes(text, token, html=True)]
    assert found == [("href", "x&amp;y", "'"), ("hidden", "", ""), ("title", "plain", ""), ("alt", "", '"')]
    assert attribute(text, token, "href", html=True) == "x&y"
    assert attribute(text, token, "nothing", html=True) is None
    xml = '<a xml:lang="ja"/>'
    assert attribute(xml, Token(Kind.EMPTY, 0, len(xml), "a"), "xml:lang") == "ja"


def test_references_are_read_where_they_mean_something() -> None:
    assert read_references("&lt;&#x3042;&#12356;&nbsp;&foo;", html=True) == "<あい\u00a0&foo;"
    assert read_references("&nbsp;&apos;") == "&nbsp;'"
    assert read_reference("&#147;", html=True) == "“"
    assert read_reference("&#0;") is None
    assert read_reference("&#xD800;") is None
    assert read_reference("&#99999999;") is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_what_is_escaped_reads_back(text: str) -> None:
    wanted = "".join(c for c in text if not unwritable(c))
    assert read_references(escape_text(wanted)) == wanted
    for quote in "\"'":
        written = f"<a b={quote}{escape_attribute(wanted, quote)}{quote}>{escape_text(wanted)}</a>"
        tokens = list(scan(written))
        assert attribute(written, tokens[0], "b") == wanted


@given(st.text(alphabet="<>/=\"'-![]?& abCDT", max_size=60))
def test_no_html_is_lost_or_refused(text: str) -> None:
    assert "".join(part for _, part in shown(text, html=True)) == text


@pytest.mark.parametrize(
    ("blob", "charset", "told"),
    [
        ('<?xml version="1.0" encoding="windows-1251"?><a>Привет</a>'.encode("cp1251"), "cp1251", False),
        ('<?xml version="1.0" encoding="Shift_JIS"?><a>日本語のテキスト</a>'.encode(), "utf-8", True),
        ('<?xml version="1.0" encoding="windows-1251"?><a>日本語のテキスト</a>'.encode(), "utf-8", True),
        ('<?xml version="1.0" encoding="UTF-8"?><a>日本語のテキストです。①</a>'.encode("cp932"), "cp932", True),
        ('<?xml version="1.0" encoding="utf-16"?><a>日本</a>'.encode(), "utf-8", True),
        ('<?xml version="1.0" encoding="klingon"?><a>日本</a>'.encode(), "utf-8", True),
        ("<a>日本</a>".encode("utf-16"), "utf-16-le", False),
        ("<a>日本</a>".encode("utf-16-be"), "utf-16-be", False),
        ("<a>日本語のテキストです。</a>".encode(), "utf-8", False),
        ('<html><meta charset="euc-jp">日本語のテキスト</html>'.encode("euc-jp"), "euc-jp", False),
        ('<html><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">“é”</html>'.encode("cp1252"),
         "cp1252", False),
    ],
)  # fmt: skip
def test_the_charset_is_what_the_file_is_and_a_lie_is_told(blob: bytes, charset: str, *, told: bool) -> None:
    file = read_markup(blob, html=blob.startswith(b"<html"))
    assert file.charset == charset
    assert bool(file.notices) is told
    assert "日本" in file.text or "Привет" in file.text or "“é”" in file.text
    assert file.render([], Output(file.charset, file.bom)) == blob


@pytest.mark.parametrize("name", ["a\0b", "undefined", "idna", "unicode_escape", "rot13", "utf-32", "x" * 70])
def test_a_declared_name_that_is_no_charset_does_no_harm(name: str) -> None:
    blob = f'<?xml version="1.0" encoding="{name}"?><a>日本</a>'.encode()
    assert read_markup(blob).charset == "utf-8"


def test_what_the_user_says_wins() -> None:
    blob = '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("cp1252")
    assert read_markup(blob, charset="cp1252").text.endswith("<a>é</a>")
    with pytest.raises(FormatError):
        read_markup(blob, charset="utf-8")


def test_only_the_span_changes_and_what_the_charset_lacks_is_a_reference() -> None:
    blob = '<?xml encoding="windows-1251"?><a>Привет</a>'.encode("cp1251")
    file = read_markup(blob)
    at = file.text.index("Привет")
    out = file.render([Change(at, at + 6, "Мир ♪", "k")], Output(file.charset, b""))
    assert out == '<?xml encoding="windows-1251"?><a>Мир &#9834;</a>'.encode("cp1251")
    with pytest.raises(UnencodableError):
        file.render([Change(at, at + 6, "♪", "k", references=False)], Output(file.charset, b""))


def test_doubly_coded_characters_around_a_span_stay() -> None:
    blob = b'<?xml encoding="Shift_JIS"?><a>\xed\x40<b/>\x82\xa0</a>'
    file = read_markup(blob)
    at = file.text.index("あ")
    assert file.render([Change(at, at + 1, "い", "k")], Output(file.charset, b"")) == blob.replace(
        b"\x82\xa0", b"\x82\xa2"
    )


def test_another_charset_is_declared_where_the_old_one_was() -> None:
    blob = '<?xml version="1.0" encoding="windows-1251"?><a>Привет</a>'.encode("cp1251")
    file = read_markup(blob)
    assert file.render([], Output("utf-8", b"")).decode() == '<?xml version="1.0" encoding="UTF-8"?><a>Привет</a>'


@pytest.mark.parametrize(
    ("hard", "html"),
    [
        ("<a" + " " * 3_000_000, True),
        ("<a b=" * 600_000, True),
        ('<a b="' * 500_001, True),
        ("<" * 3_000_000, True),
        ("<!--" * 700_000, True),
        ("<!-" * 700_000, True),
        ("<![CDATA[" * 300_000, True),
        ("<script>" * 300_000, True),
        ("</a" * 1_000_000, True),
        ("&" * 3_000_000, True),
        ("<a>" * 500_000 + "</a>" * 500_000, False),
        ("<a" + " " * 3_000_000, False),
        ("<a" + " b='" * 500_000, False),
        ("<a" + " b='x'" * 500_000, False),
        ("<!DOCTYPE a [" + "<!ENTITY a 'b'>" * 200_000, False),
        ("<!--" + "- " * 1_000_000, False),
        ("<a>" + "&" * 1_000_000, False),
    ],
)
def test_time_is_linear_for_any_input(hard: str, *, html: bool) -> None:
    started = time.process_time()
    try:
        tokens = list(scan(hard, html=html))
    except XmlError:
        tokens = []
    assert sum(t.end - t.start for t in tokens) in (0, len(hard))
    assert time.process_time() - started < 8
