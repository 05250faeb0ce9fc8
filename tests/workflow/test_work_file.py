"""Work files are read back as they were written, whatever is in the texts."""

import re
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from translator.core.segment import Role
from translator.workflow.errors import InputError, UsageError
from translator.workflow.work_file import read_work_file, write_work_file
from translator.workflow.work_lines import WorkLine, is_same, mark_of

FORMS = (".po", ".csv", ".xlsx", ".xliff", ".xlf")
ODD = '=1+1 "quoted", semi;colon\ttab <b>&amp;</b> ]]> _x000A_ \x01\x1b 𠮷\u2028\u0085 %s \\n #~ \n\n end '
CHARACTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\0")
TEXTS = st.text(CHARACTERS, min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
LINES = st.builds(
    WorkLine,
    file=st.sampled_from(
        ["data/Map001.json", "第一章.txt", "a, b; c.ks", "a :: b.txt", "a ::", "json:a", '"a"<\n&.ks']
    ),
    key=st.text(CHARACTERS, min_size=1, max_size=10).filter(lambda text: text == text.strip() and "\n" not in text),
    source=TEXTS,
    machine=TEXTS | st.none(),
    translation=TEXTS | st.none(),
    role=st.sampled_from(Role),
    speaker=st.just("エリナ") | st.none(),
    context=st.just(("scene: 1",)) | st.just(()),
    findings=st.just(("a number is another one",)) | st.just(()),
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(LINES, max_size=4, unique_by=lambda line: (line.file, line.key)))
def test_a_work_file_is_read_as_it_was_written(form: str, lines: list[WorkLine]) -> None:
    lines.sort(key=lambda line: line.file)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"work{form}"
        write_work_file(path, lines, source="ja", target="zh-CN")
        read = read_work_file(path)
    assert [(line.file, line.key, line.source, line.translation) for line in read] == [
        (line.file, line.key, line.source, line.translation or "") for line in lines
    ]
    assert [line.mark for line in read] == [mark_of(line, "zh-CN") for line in lines]


@pytest.mark.parametrize("form", FORMS)
def test_delimiters_escapes_and_characters_that_a_form_has_no_place_for_survive(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"work{form}"
    write_work_file(path, [WorkLine("f", "k", ODD, machine=ODD, translation=ODD)], source="ja", target="en")
    (line,) = read_work_file(path)
    assert (line.source, line.translation) == (ODD, ODD)


@pytest.mark.parametrize("form", FORMS)
def test_lines_are_written_as_they_come_and_never_held_together(form: str, tmp_path: Path) -> None:
    text = "夜" * 1000
    lines = (WorkLine("f", str(number), f"{number}{text}", f"{number}{text}") for number in range(2000))
    tracemalloc.start()
    try:
        write_work_file(tmp_path / f"warm{form}", [next(lines)], source="ja", target="en")
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        write_work_file(tmp_path / f"work{form}", lines, source="ja", target="en")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 2_000_000  # their texts alone are 8 MB


def test_elements_inside_each_other_as_deep_as_anybody_likes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "work.xliff"
    write_work_file(path, [WorkLine("f", "k", "夜", translation="night")], source="ja", target="en")
    deep = "<g>" * 100_000 + "night" + "</g>" * 100_000
    path.write_text(path.read_text("utf-8").replace("night", deep), "utf-8")
    assert [line.translation for line in read_work_file(path)] == ["night"]


def test_a_po_file_may_come_back_in_the_charset_that_its_header_names(tmp_path: Path) -> None:
    path = tmp_path / "work.po"
    write_work_file(path, [WorkLine("f", "夜", "夜", translation="夜晚")], source="ja", target="zh-CN")
    text = path.read_text("utf-8")
    path.write_bytes(text.replace("charset=UTF-8", "charset=GB18030").encode("gb18030"))
    (line,) = read_work_file(path)
    assert (line.key, line.source, line.translation) == ("夜", "夜", "夜晚")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_work_file(path) == [line]


def test_a_po_file_may_come_back_as_gettext_s_tools_write_it(tmp_path: Path) -> None:
    path = tmp_path / "work.po"
    write_work_file(path, [WorkLine("f", "夜", "夜", translation="夜晚")], source="ja", target="zh-CN")
    (line,) = read_work_file(path)
    text = path.read_text("utf-8")
    octal = "".join(c if c.isascii() else "".join(f"\\{byte:o}" for byte in c.encode()) for c in text)
    path.write_text(octal, "utf-8")  # msgcat --escape
    assert read_work_file(path) == [line]
    path.write_text(f'{text}\n#~ msgid "昼"\n#~ msgstr "白天"\n'.replace("\n", "\r\n"), "utf-8", newline="")
    assert read_work_file(path) == [line]


@pytest.mark.parametrize("form", FORMS)
def test_the_machine_s_translation_stands_beside_a_person_s(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"work{form}"
    line = WorkLine("f", "k", "夜", machine="by a machine\nmark: m00000000-000000000000", translation="by a person")
    write_work_file(path, [line], source="ja", target="en")
    blob = path.read_bytes()
    if form == ".xlsx":
        with ZipFile(path) as archive:
            blob = b"".join(map(archive.read, archive.namelist()))
    assert b"by a machine" in blob
    (read,) = read_work_file(path)
    assert (read.translation, read.mark) == ("by a person", mark_of(line, "en"))


def test_a_spreadsheet_shows_texts_that_begin_like_formulas_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "work.xlsx"
    write_work_file(path, [WorkLine("f", "k", "=SUM(A1)", translation="=HYPERLINK(1)")], source="ja", target="en")
    sheet = load_workbook(path).worksheets[0]
    assert [cell.data_type for cell in sheet[2] if cell.value] == ["s"] * 6


def test_a_text_that_a_program_wrote_as_a_formula_is_that_text(tmp_path: Path) -> None:
    path = tmp_path / "work.xlsx"
    lines = [WorkLine("f", key, "=夜", translation="=1") for key in ("a", "b")]
    write_work_file(path, lines, source="ja", target="en")
    book = load_workbook(path)
    book.worksheets[0]["H2"].value = "=night="
    assert book.worksheets[0]["H2"].data_type == "f"
    book.save(path)
    assert [line.translation for line in read_work_file(path)] == ["=night=", "=1"]
    assert [line.source for line in read_work_file(path)] == ["=夜", "=夜"]
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    computed = re.sub(rb"(<f>night=</f>)<v ?(?:/>|></v>)", rb"\1<v>42</v>", parts[name])
    assert computed != parts[name]
    with ZipFile(path, "w") as archive:
        for part, blob in (parts | {name: computed}).items():
            archive.writestr(part, blob)
    assert [line.translation for line in read_work_file(path)] == ["42", "=1"]


def test_a_table_may_come_back_with_other_delimiters_fewer_columns_and_in_another_order(tmp_path: Path) -> None:
    path = tmp_path / "work.csv"
    path.write_text("translation;key;source;file\n你好;k;こんにちは;f\n\n", encoding="utf-8")
    (line,) = read_work_file(path)
    assert (line.file, line.key, line.source, line.translation) == ("f", "k", "こんにちは", "你好")
    assert line.mark is None


@pytest.mark.parametrize(
    ("name", "blob"),
    [
        ("w.po", b'msgctxt "no place"\nmsgid "a"\nmsgstr "b"\n'),
        ("w.po", b"\xff\xfe\x00"),
        ("w.po", b'msgctxt "json:a :: k"\nmsgid "a"\nmsgstr "b"\n'),
        ("w.po", b'msgctxt "json:' + b"[" * 100_000 + b' :: k"\nmsgid "a"\nmsgstr "b"\n'),
        ("w.po", b""),
        ("w.csv", b"a,b\n1,2\n"),
        ("w.csv", b"file,key,source,translation,mark\nf,k,a,b,m\nf,l,a,nigh"),
        ("w.csv", b"file,key,source,translation\nf,k,a,b\nf,l,a"),
        ("w.xliff", b'<xliff version="2.0"><file id="f"/></xliff>'),
        ("w.csv", b""),
        ("w.csv", b'file,key,source,translation\nf,k,"a'),
        ("w.csv", b"file,key,source,translation\n\xff,k,a,b"),
        ("w.xlsx", b"PK\x03\x04 no archive"),
        ("w.xlsx", b""),
        ("w.xliff", b"<xliff>"),
        ("w.xliff", b"<html/>"),
        ("w.xliff", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><xliff>&a;</xliff>'),
        ("w.xliff", b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><trans-unit id="1"/></file></xliff>'),
    ],
)
def test_what_is_no_work_file_is_said(name: str, blob: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(blob)
    with pytest.raises(InputError, match="no work file") as raised:
        read_work_file(tmp_path / name)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("name", "now", "same"),
    [
        ("1.10", "1.1", True),
        ("1.10", "1,1", True),
        ("1.10", "01. Okt", True),
        ("1-2", "2-Jan", True),
        ("1/2", "2026-01-02 00:00:00", True),
        ("0012", "12", True),
        ("12345678901234567", "1.23457E+16", True),
        ("2e5", "200000.0", True),
        ("true", "TRUE", True),
        (" menu  title", "menu title ", True),
        ("1.10", "1.2", False),
        ("1.1", "1.2", False),
        ("1-2", "2-1", False),
        ("12", "13", False),
        ("1.2.3", "1.2.4", False),
        ("title", "Title", False),
        ("events/3/1", "events/3/2", False),
        ("a.txt", "b.txt", False),
        ("nan", "inf", False),
        ("1", "", False),
    ],
)
def test_spreadsheets_spell_numbers_and_dates_anew_and_people_write_other_keys(
    name: str,
    now: str,
    same: bool,  # noqa: FBT001
) -> None:
    assert is_same(name, now) == same


def test_an_unknown_form_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        write_work_file(tmp_path / "work.doc", [], source="ja", target="en")
    assert ".xlsx" in raised.value.hint
    with pytest.raises(UsageError):
        read_work_file(tmp_path / "work.doc")
