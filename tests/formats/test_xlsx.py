import io
import re
import time
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.zip_members import open_zip
from translator.formats.xlsx import FORMAT, XlsxDocument
from translator.formats.xlsx.workbook import column_letters, column_number
from translator.testing.xlsx_files import MAIN, CellValue, odd, sample, sheet, wolf, workbook


def opened(blob: bytes, target: str | None = None) -> XlsxDocument:
    return FORMAT.open(blob, options=FormatOptions(target_language=target))


def table(*rows: list[CellValue]) -> bytes:
    return workbook({"S": sheet(rows, ())})


def texts(read: XlsxDocument) -> list[tuple[str, str | None]]:
    return [(segment.source, segment.target) for segment in read.segments]


def sheet_of(blob: bytes, number: int = 1) -> str:
    return open_zip(blob).read(f"xl/worksheets/sheet{number}.xml").decode()


@pytest.mark.parametrize(
    "names",
    [
        ("source", "target"),
        ("Original", "Translation"),
        ("原文", "译文"),
        ("ja", "zh-CN"),
        ("Original Line", "Translated Line"),
    ],
)
def test_columns_are_told_by_their_names(names: tuple[str, str]) -> None:
    read = opened(table([*names], ["こんにちは", "你好"], ["さようなら"]), "zh-CN")
    assert texts(read) == [("こんにちは", "你好"), ("さようなら", None)]


def test_the_last_filled_column_of_translator_plus_plus_holds_and_new_ones_go_into_the_third() -> None:
    read = opened(sample())
    assert texts(read)[:2] == [("舟が来たよ。", None), ("「乗るかい？」", "“Getting in?”")]
    made = sheet_of(read.render({read.segments[0].key: "A boat."}))
    assert '<c r="C2" t="inlineStr" ><is><t>A boat.</t></is></c>' in made


def test_vntextpatch_says_who_speaks_and_its_last_filled_line_holds() -> None:
    names: list[CellValue] = ["Original character", "Translated character", "Original line", "Translated line"]
    read = opened(table([*names, "Checked line", "Edited line"], ["舟人", None, "乗れ", "In", None, "Get in"]))
    assert [(s.speaker, s.source, s.target) for s in read.segments] == [("舟人", "乗れ", "Get in")]


def test_only_white_rows_of_wolfs_tool_are_for_translation() -> None:
    read = opened(wolf())
    assert texts(read) == [("ここは渡し場だ。", None)]
    assert [held.reason for held in read.held_back()] == ["file name", "a colour that is not for translation"]
    made = sheet_of(read.render({read.segments[0].key: "This is the ferry."}))
    assert '<c r="G2" s="1" t="inlineStr"><is><t>This is the ferry.</t></is></c>' in made


def test_a_cell_is_added_in_the_order_of_columns_and_goes_with_its_text() -> None:
    blob = table(["key", "source", "target", "note"], ["k", "文", None, "n"])
    read = opened(blob)
    new = read.render({"S/k": "text"})
    assert re.findall(r'r="([A-Z]2)"', sheet_of(new)) == ["A2", "B2", "C2", "D2"]
    assert open_zip(opened(new).render({"S/k": ""})).parts() == open_zip(blob).parts()


def test_a_shared_string_that_says_the_same_is_named() -> None:
    blob = workbook({"S": sheet([["source", "target"], ["はい", "yes"], ["ええ"]], ["yes"])}, ["yes"])
    made = sheet_of(opened(blob).render({"S/ええ": "yes"}))
    assert '<c r="B3" t="s" ><v>0</v></c>' in made


def test_rich_texts_readings_escapes_and_cells_without_references_are_read() -> None:
    assert texts(opened(odd(), "en")) == [
        ("太字 と普通", None),
        ("漢字", "Kanji"),
        ("二行の\n文字", None),
        ("さようなら", None),
    ]
    held = {(one.text, one.reason) for one in opened(odd(), "en").held_back()}
    assert held == {("greet！", "formula"), ("漢字", "formula"), ("隠れた文字", "hidden sheet")}


def test_any_other_sheet_is_translated_in_place() -> None:
    read = opened(table(["剣", "ITEM_01", 12, "https://example.org"], ["長い説明です。", "img/a.png", None, "2024"]))
    assert [s.key for s in read.segments] == ["S!A1", "S!A2"]
    assert [h.reason for h in read.held_back()] == ["identifier", "link", "file name", "no words"]
    assert texts(opened(read.render({"S!A1": "Sword"})))[0] == ("Sword", None)


def test_a_table_without_a_column_for_the_language_says_so() -> None:
    read = opened(table(["key", "ja"], ["k", "文"]), "zh-CN")
    assert not read.segments
    assert "no column for zh-CN" in read.notices[0]


def test_a_workbook_of_numbers_says_that_it_has_no_text() -> None:
    assert opened(table([1, 2])).notices


def test_openpyxl_reads_what_is_written() -> None:
    library = pytest.importorskip("openpyxl")
    read = opened(sample())
    new = read.render({s.key: f"<{s.source}> & \n2 " for s in read.segments})
    book = library.load_workbook(io.BytesIO(new))
    assert book["Map001"]["C2"].value == "<舟が来たよ。> & \n2 "
    assert book["Map001"]["A2"].value == "舟が来たよ。"
    assert book["Items"]["B3"].value == "<夜だけ光る。> & \n2 "


def test_other_members_keep_their_bytes() -> None:
    blob = sample()
    read = opened(blob)
    before, after = open_zip(blob), open_zip(read.render({read.segments[0].key: "x"}))
    for name in before.names:
        if name != "xl/worksheets/sheet1.xml":
            one, other = before.member(name), after.member(name)
            assert before.blob[one.header : one.end] == after.blob[other.header : other.end]


def test_what_a_cell_cannot_hold_is_refused() -> None:
    read = opened(sample())
    for target in ("a\rb", "\0", "x" * 32_768):
        with pytest.raises(RefusedTargetError):
            read.render({read.segments[0].key: target})


def test_damage_is_named() -> None:
    def with_sheet(text: str) -> bytes:
        return open_zip(sample()).replaced({"xl/worksheets/sheet1.xml": text.encode()})

    with pytest.raises(FormatError, match="shared string '999'"):
        opened(with_sheet(f'<worksheet xmlns="{MAIN}"><row><c t="s"><v>999</v></c></row></worksheet>'))
    with pytest.raises(FormatError, match="shared string"):
        opened(with_sheet(f'<worksheet xmlns="{MAIN}"><row><c t="s"><v>{"9" * 5000}</v></c></row></worksheet>'))
    with pytest.raises(FormatError, match=r"sheet1\.xml: this is no well-formed XML"):
        opened(with_sheet(f'<worksheet xmlns="{MAIN}"><row>'))
    with pytest.raises(FormatError, match="document type declaration"):
        opened(with_sheet('<!DOCTYPE a [<!ENTITY a "b">]><a/>'))


def test_a_long_shared_string_in_many_cells_is_refused() -> None:
    rows = '<row><c t="s"><v>0</v></c></row>' * 30_000
    made = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    with pytest.raises(FormatError, match="repeat shared strings"):
        opened(workbook({"S": made}, ["あ" * 300_000]))


def test_columns_have_letters() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_number(column_letters(n)) == n for n in range(2000))


def test_sniffing_tells_it_by_its_parts() -> None:
    assert FORMAT.sniff(PurePath("a.xlsx"), sample()) is Confidence.CERTAIN
    assert FORMAT.sniff(PurePath("a.zip"), sample()) is Confidence.MAYBE
    assert FORMAT.sniff(PurePath("a.csv"), b"a,b") is Confidence.NONE


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30))
def test_any_text_is_read_back_as_it_was_written_or_refused(target: str) -> None:
    read = opened(table(["source", "target"], ["文"]))
    try:
        new = read.render({"S/文": target})
    except RefusedTargetError:
        return
    assert texts(opened(new)) == [("文", target or None)]


@pytest.mark.parametrize(
    "rows",
    ['<row r="1"><c r="A1" t="inlineStr"><is><t>あ</t></is></c></row>' * 30_000,
     "<row>" + "<c><v>1</v></c>" * 100_000 + "</row>",
     "<row>" + "<c>" * 1 + "<is>" + "<t>あ</t>" * 300_000 + "</is></c></row>"],
    ids=["rows", "cells", "texts"],
)  # fmt: skip
def test_megabytes_of_the_worst_take_seconds(rows: str) -> None:
    made = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    start = time.process_time()
    read = opened(workbook({"S": made}))
    if read.segments:
        read.render({s.key: "x" for s in read.segments})
    assert time.process_time() - start < 10
