"""Godot's translation tables: which column is read and written, and how cells are spelled."""

from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role
from translator.formats.godot_csv import FORMAT

TABLE = "keys,ja,en,zh_CN\nA,はじめる,Start,\nB,おわる,Quit,退出\n"


def opened(
    text: str | bytes, *, source: str | None = "ja", target: str | None = "zh-CN", delimiter: str = "", name: str = ""
) -> Document:
    settings = {"source": source} if source else {}
    if delimiter:
        settings["delimiter"] = delimiter
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(name=PurePath(name), target_language=target, settings=settings))


def pairs(document: Document) -> list[tuple[str, str, str | None]]:
    return [(segment.key, segment.source, segment.target) for segment in document.segments]


def test_the_columns_of_the_two_languages_are_read() -> None:
    assert pairs(opened(TABLE)) == [("A", "はじめる", None), ("B", "おわる", "退出")]
    assert pairs(opened(TABLE, source="en")) == [("A", "Start", None), ("B", "Quit", "退出")]


def test_the_target_is_spliced() -> None:
    assert opened(TABLE).render({"A": "开始", "B": "退出"}).decode() == TABLE.replace("Start,", "Start,开始")


@pytest.mark.parametrize("target", [None, "ja"])
def test_without_a_target_texts_are_written_in_place(target: str | None) -> None:
    document = opened(TABLE, target=target)
    assert pairs(document)[0] == ("A", "はじめる", None)
    assert document.render({"A": "もう一度"}).decode() == TABLE.replace("はじめる", "もう一度")


def test_a_missing_target_column_is_told() -> None:
    document = opened(TABLE, target="fr", name="locale/menu.csv")
    assert not document.segments
    (notice,) = document.notices
    assert notice.startswith("locale/menu.csv: ")
    assert "no column for fr: add ,fr to its first row" in notice
    assert document.render({}).decode() == TABLE


def test_a_missing_source_column_is_told_and_the_first_read() -> None:
    document = opened(TABLE, source="ko")
    assert pairs(document)[0][1] == "はじめる"
    assert "no column for the source language ko: the column ja is read instead" in document.notices[0]


def test_without_settings_the_first_locale_is_the_source() -> None:
    assert pairs(opened(TABLE, source=None))[0][1] == "はじめる"
    assert not opened(TABLE, source=None).notices


@pytest.mark.parametrize(
    ("row", "target", "expected"),
    [
        ("A,あ,a", "x", "A,あ,a,x"),
        ("A,あ", "x", "A,あ,,x"),
        ("A,あ", "x,y", 'A,あ,,"x,y"'),
        ("A,あ,a,", 'say "x"', 'A,あ,a,"say ""x"""'),
        ('"A","あ","a",""', "x", '"A","あ","a","x"'),
        ('A,"あ、い",a,"b"', "x", 'A,"あ、い",a,"x"'),
        ("A,あ,a,b", "", "A,あ,a,"),
        (r"A,あ\nい,a,", "x\ny", r"A,あ\nい,a,x\ny"),
        ('A,"あ\nい",a,', "x\ny", 'A,"あ\nい",a,"x\ny"'),
        ("A,あ,a,", "x\ny", r"A,あ,a,x\ny"),
        ("A,あ,a,", "C:\\dir", "A,あ,a,C:\\dir"),
        ("A,あ,a,", "C:\\new", "A,あ,a,C:\\\\new"),
    ],
)
def test_a_cell_is_written(row: str, target: str, expected: str) -> None:
    head = "keys,ja,en,zh_CN\n"
    for end in ("", "\n", "\nB,い,b,\n"):
        assert opened(head + row + end).render({"A": target}).decode() == head + expected + end


def test_real_line_breaks_are_spelled_as_the_rows_end() -> None:
    text = 'keys,ja,zh_CN\r\nA,"あ\r\nい",\r\n'
    assert pairs(opened(text)) == [("A", "あ\nい", None)]
    assert opened(text).render({"A": "x\ny"}).decode() == 'keys,ja,zh_CN\r\nA,"あ\r\nい","x\r\ny"\r\n'


def test_escapes_are_those_of_the_engine() -> None:
    text = 'keys,ja,zh_CN\nA,"あ\\t\\""い\\""\\\\n\\x\\?",\n'
    assert pairs(opened(text)) == [("A", 'あ\t"い"\\n\\x?', None)]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = TABLE.replace(",", delimiter)
    assert pairs(opened(text))[1] == ("B", "おわる", "退出")
    written = opened(text).render({"A": f"a{delimiter}b"}).decode()
    assert written == text.replace(f"Start{delimiter}", f'Start{delimiter}"a{delimiter}b"')


def test_the_delimiter_can_be_told() -> None:
    text = "keys;ja;zh_CN,a,b,c,d\n"
    assert not opened("keys;ja\nA;あ,い\n", delimiter=";", target=None).notices
    with pytest.raises(FormatError, match="names no locale"):
        opened(text, delimiter="\t")


@pytest.mark.parametrize("text", ["\ufeff" + TABLE, TABLE.replace("\n", "\r\n"), TABLE.rstrip("\n"), TABLE + "\n,,,\n"])
def test_the_byte_order_mark_ends_and_blank_rows_stay(text: str) -> None:
    assert opened(text).render({"A": "x"}).decode() == text.replace("Start,", "Start,x")


def test_rows_without_a_key_or_a_text_are_skipped_and_keys_that_repeat_are_counted() -> None:
    text = "keys,ja,zh_CN\n,あ,\nA\nB, ,\nC,い,\nC,う,\n"
    assert pairs(opened(text)) == [("C", "い", None), ("C#2", "う", None)]


def test_comments_are_notes_and_no_texts() -> None:
    text = "keys,?context,ja,_who,zh_CN\nA,menu,「あ」,老人,\n"
    (segment,) = opened(text).segments
    assert (segment.notes, segment.role) == (("menu", "老人"), Role.DIALOGUE)


def test_files_and_links_are_held_back() -> None:
    document = opened("keys,ja,zh_CN\nA,res://a.png,\nB,https://a.org/,\nC,a.ogg,\nD,あ,\n")
    assert isinstance(document, HoldsBack)
    assert [(held.place, held.reason) for held in document.held_back()] == [
        ("A", "file name"), ("B", "link"), ("C", "file name"),
    ]  # fmt: skip
    assert [segment.key for segment in document.segments] == ["D"]


@pytest.mark.parametrize("target", ["a\rb", "a\0b"])
def test_what_a_cell_cannot_hold_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened(TABLE).render({"A": target})


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0), ("a,b\n1,2\n", 0), ("keys,_ja\n", 0), ('keys,ja\nA,"あ\n', 10),
        ("keys,ja\nA,あ\n".encode("cp932"), 10),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(text: str | bytes, offset: int) -> None:
    with pytest.raises(FormatError) as caught:
        opened(text)
    assert caught.value.offset == offset


@given(
    target=st.text(st.sampled_from('あab,;"\\\nnt?%'), max_size=12),
    row=st.sampled_from(["A,あ,a,", "A,あ", '"A","あ","a","b"', 'A,"あ\nい",a,', r"A,あ\nい,a,b"]),
)
def test_what_is_written_is_read_back(target: str, row: str) -> None:
    text = f"keys,ja,en,zh_CN\n{row}\nB,い,b,退出\n"
    document = opened(text)
    again = opened(document.render({"A": target}), delimiter=",")
    assert pairs(again) == [("A", document.segments[0].source, target or None), ("B", "い", "退出")]


@given(text=st.text(st.sampled_from('Aあ,;"\\n\n\r'), max_size=40), bom=st.sampled_from(["", "\ufeff"]))
def test_any_rows_are_read_or_refused(text: str, bom: str) -> None:
    blob = f"{bom}keys,ja,zh_CN\n{text}".encode()
    try:
        document = opened(blob)
    except FormatError:
        return
    assert document.render({}) == blob
    assert document.render({s.key: s.target for s in document.segments if s.target is not None}) == blob
    assert len({s.key for s in document.segments}) == len(document.segments)


@pytest.mark.parametrize(
    ("name", "head", "confidence"),
    [
        ("a.csv", TABLE.encode(), Confidence.CERTAIN),
        ("a.csv", b"\xef\xbb\xbf" + TABLE.encode(), Confidence.CERTAIN),
        ("a.csv", b",en,ja\n", Confidence.CERTAIN),
        ("a.CSV", b"what;en;_note;?plural;ja\r\n", Confidence.LIKELY),
        ("a.csv", b"keys,en,price\n", Confidence.NONE),
        ("a.csv", b"keys\n", Confidence.NONE),
        ("a.csv", b"keys,_note\n", Confidence.NONE),
        ("a.csv", b'keys,"en\n', Confidence.NONE),
        ("a.csv", b"keys,en,\x82\xa0\n", Confidence.NONE),
        ("a.csv", b"", Confidence.NONE),
        ("a.csv", b"\n", Confidence.NONE),
        ("a.txt", TABLE.encode(), Confidence.NONE),
    ],
)
def test_what_is_claimed(name: str, head: bytes, confidence: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is confidence


def test_a_key_that_looks_like_the_second_of_another_is_none() -> None:
    document = opened("keys,ja\nA,一\nA,二\nA#2,三\n", target=None)
    keys = [segment.key for segment in document.segments]
    assert len(set(keys)) == 3
    assert document.render(dict(zip(keys, "123", strict=True))) == b"keys,ja\nA,1\nA,2\nA#2,3\n"
