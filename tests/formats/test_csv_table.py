"""Tables of texts and translations: which columns are which, and what stays of a row."""

import csv
import io
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, HoldsBack, RefusedTargetError, TakesNamed
from translator.formats.csv_table import FORMAT
from translator.formats.csv_table.document import CsvDocument
from translator.formats.godot_csv import FORMAT as GODOT


def opened(text: str, target: str | None = None, name: str = "x.csv") -> CsvDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(PurePath(name), None, None, target))  # type: ignore[return-value]


def columns(head: str, row: str, target: str | None = None) -> tuple[str, str | None]:
    segment = opened(f"{head}\n{row}\n", target).segments[0]
    return segment.source, segment.target


@pytest.mark.parametrize(
    ("head", "row", "target"),
    [
        ("source,target", "Hi,Na", None),
        ("Original,Translation", "Hi,Na", None),
        ("原文,译文", "Hi,Na", None),
        ("原文,訳文,備考", "Hi,Na,x", None),
        ("translation,original", "Na,Hi", None),
        ("id,Source Text,Target Text", "1,Hi,Na", None),
        ("key,context,en,zh-CN", "1,x,Hi,Na", "zh-CN"),
        ("key,zh_CN,ja,en", "1,Na,Hi,x", "zh-CN"),
        ("Key,Id,English(en),Chinese(zh-CN)", "a,1,Hi,Na", "zh-CN"),
        ("日本語,简体中文", "Hi,Na", "zh-CN"),
        ("English,German", "Hi,Na", None),
        ("ID,Text,Translation,Old Translation,Gender", "1,Hi,Na,x,y", None),
        ("Original Text,Initial,Machine translation,Better translation,Best translation", "Hi,,Na,,", None),
        ("Original Text,Initial,Machine translation,Better translation,Best translation", "Hi,x,y,Na,", None),
    ],
)
def test_the_first_row_says_which_columns_are_which(head: str, row: str, target: str | None) -> None:
    assert columns(head, row, target) == ("Hi", "Na")


def test_what_is_new_goes_into_translator_plus_s_machine_translation() -> None:
    head = "Original Text,Initial,Machine translation,Better translation,Best translation\n"
    document = opened(head + "Hi,,,,\nYou,,,,Best\n")
    assert document.render({"Hi": "Na"}).decode() == head + "Hi,,Na,,\nYou,,,,Best\n"
    assert [s.target for s in document.segments] == [None, "Best"]


def test_texts_alone_are_translated_in_place_and_that_is_said() -> None:
    document = opened("id,text\n1,Hi\n")
    assert document.render({"1": "Na"}) == b"id,text\n1,Na\n"
    assert "replaced" in document.notices[0]


@pytest.mark.parametrize("text", ["foo,bar,baz\n1,Hello,3\n", "name,price\nlamp,3\nrope,4\n", "A_1,Hello\nA_2,You\n"])
def test_an_unknown_table_says_what_its_first_row_must_name(text: str) -> None:
    with pytest.raises(FormatError, match="source,target"):
        opened(text)
    assert FORMAT.sniff(PurePath("x.csv"), text.encode()) <= Confidence.MAYBE
    assert isinstance(FORMAT, TakesNamed)
    assert FORMAT.takes(PurePath("x.csv"), text.encode())


def test_two_columns_without_names_are_read_with_a_notice() -> None:
    document = opened("Hello there.,\nWho is it?,Wer da?\n")
    assert [(s.source, s.target) for s in document.segments] == [("Hello there.", None), ("Who is it?", "Wer da?")]
    assert "names no columns" in document.notices[0]


def test_a_missing_column_is_told_not_added() -> None:
    document = opened("key,ja,en\n1,やあ,Hi\n", "zh-CN")
    assert not document.segments
    assert "no column for zh-CN" in document.notices[0]


def test_glossaries_of_the_program_are_no_tables_to_translate() -> None:
    with pytest.raises(FormatError, match="--glossary"):
        opened("src,dst,note,kind,case,regex\nあ,a,,,,\n")
    assert opened("src,dst\nHi,\n").segments


def test_godot_s_tables_are_godot_s() -> None:
    name, head = PurePath("x.csv"), b"keys,en,ja\n"
    assert FORMAT.sniff(name, head) < GODOT.sniff(name, head)
    assert opened("keys,en,ja\nA,Hi,\n", "ja").render({"A": "やあ"}) == "keys,en,ja\nA,Hi,やあ\n".encode()


def test_quotes_delimiters_line_ends_and_the_mark_stay() -> None:
    text = '\ufeffsep=;\r\n"id";"source";"target"\r\n"1";"Hi";""\r\n"2";"You";""\r\n\r\n'
    document = opened(text)
    assert document.render({"1": "a;b\nc"}).decode() == text.replace('"Hi";""', '"Hi";"a;b\r\nc"')
    bare = "id,source,target\n1,Hi,\n2,short\n"
    assert opened(bare).render({"1": "Na", "2": 'q"'}).decode() == 'id,source,target\n1,Hi,Na\n2,short,"q"""\n'


def test_a_first_row_that_would_tell_another_delimiter_is_refused() -> None:
    document = opened('Say "a|b|c.,\nYou,\n')
    with pytest.raises(RefusedTargetError, match="another sign"):
        document.render({'Say "a|b|c.': 'Sag "a|b'})
    assert document.render({'Say "a|b|c.': "Sag a"}) == b'Say "a|b|c.,Sag a\nYou,\n'


def test_a_table_with_tabs_in_which_quotes_mean_nothing() -> None:
    document = opened('source\ttarget\n"Hi" he said\t\n', name="x.tsv")
    assert document.segments[0].source == '"Hi" he said'
    assert document.render({document.segments[0].key: '"Na"'}) == b'source\ttarget\n"Hi" he said\t"Na"\n'
    for bad in ("a\tb", "a\nb"):
        with pytest.raises(RefusedTargetError):
            document.render({document.segments[0].key: bad})


def test_speakers_and_notes_come_along_and_files_are_held_back() -> None:
    document = opened("speaker,source,target,note\nMira,Hi,,soft\n,img/a.png,,\n")
    segment = document.segments[0]
    assert (segment.speaker, segment.notes) == ("Mira", ("note: soft",))
    assert isinstance(document, HoldsBack)
    assert [h.reason for h in document.held_back()] == ["file name"]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r")).filter(lambda s: not s.isspace()), st.booleans()
)
def test_python_s_csv_reads_what_was_written(target: str, quoted: bool) -> None:  # noqa: FBT001  drawn
    text = '"source","target"\n"Hi","x"\n' if quoted else "source,target\nHi,x\n"
    got = opened(text).render({"Hi": target}).decode()
    assert list(csv.reader(io.StringIO(got, newline="")))[1] == ["Hi", target]


def test_a_quote_that_is_never_closed_is_told_with_its_place() -> None:
    with pytest.raises(FormatError) as caught:
        opened('source,target\nä,"x\n')
    assert caught.value.offset == 17


@pytest.mark.parametrize("blank", [" ", "\u3000", '" \n"', "\t"])
def test_a_blank_cell_is_no_translation(blank: str) -> None:
    document = opened(f"source,target\n雨,{blank}\n雪,Snow\n")
    assert [s.target for s in document.segments] == [None, "Snow"]
    assert document.render({"雨": "Rain"}).decode() == "source,target\n雨,Rain\n雪,Snow\n"
    with pytest.raises(RefusedTargetError):
        document.render({"雨": " \u3000"})


def test_a_blank_later_translation_does_not_hide_the_one_before() -> None:
    head = "Original Text,Initial,Machine translation,Better translation,Best translation\n"
    document = opened(f"{head}雨,,Rain, ,\n雪, ,,,\n")
    assert [s.target for s in document.segments] == ["Rain", None]
    assert document.render({"雪": "Snow"}).decode() == f"{head}雨,,Rain, ,\n雪, ,Snow,,\n"
