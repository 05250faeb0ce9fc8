import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from translator.core.work import GlossaryEntry
from translator.glossary.errors import GlossaryError
from translator.glossary.files import FileKind, dump, from_sakura, kind_of, parse, read

ALICE = GlossaryEntry("アリス", "爱丽丝|艾丽丝", "女, 主人公", "person", case=True)
PATTERN = GlossaryEntry(r"(\d+)階", "\\1楼", regex=True)
REMOVED = GlossaryEntry("道具", "")

# NUL stands in no text file. PO keeps the empty msgid for its header.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
BREAKS = "\x1c\x1d\x1e\x85\u2028\u2029"
ENTRIES = st.lists(
    st.builds(GlossaryEntry, TEXT.filter(str.strip), TEXT, TEXT, TEXT, st.booleans(), st.booleans()), max_size=6
)


def entries(blob: bytes, kind: FileKind) -> list[GlossaryEntry]:
    return [placed.entry for placed in parse(blob, kind)]


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.TSV, FileKind.JSON, FileKind.PO])
@settings(max_examples=60)
@given(terms=ENTRIES)
def test_what_is_written_is_read_the_same(kind: FileKind, terms: list[GlossaryEntry]) -> None:
    assume(
        kind is not FileKind.PO
        or not any(
            mark in text for mark in BREAKS for term in terms for text in (term.src, term.dst, term.note, term.kind)
        )
    )
    assert entries(dump(terms, kind), kind) == terms


@pytest.mark.parametrize("mark", BREAKS)
def test_what_po_cannot_hold_is_refused(mark: str) -> None:
    with pytest.raises(GlossaryError, match="line separator"):
        dump([GlossaryEntry("a", f"b{mark}c")], FileKind.PO)


@pytest.mark.parametrize("kind", [FileKind.CSV, FileKind.TSV, FileKind.JSON, FileKind.PO])
def test_one_kind_becomes_another_without_loss(kind: FileKind) -> None:
    terms = [ALICE, PATTERN, REMOVED]
    for other in (FileKind.PO, FileKind.JSON, FileKind.TSV, FileKind.CSV):
        assert entries(dump(entries(dump(terms, kind), kind), other), other) == terms


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tables_are_read_in_the_charsets_that_spreadsheets_save(charset: str, newline: str) -> None:
    rows = [
        "src,dst,note",
        "お兄ちゃん,哥哥,亲昵" if charset == "gb18030" else "お兄ちゃん,哥哥,妹が呼ぶ",
        "魔法の剣,魔法之剣,",
    ]
    found = entries(newline.join(rows).encode(charset), FileKind.CSV)
    assert [(e.src, e.dst) for e in found] == [("お兄ちゃん", "哥哥"), ("魔法の剣", "魔法之剣")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("アリス,爱丽丝\n", [GlossaryEntry("アリス", "爱丽丝")]),
        ("アリス,爱丽丝,女,person,1,\n\n", [GlossaryEntry("アリス", "爱丽丝", "女", "person", case=True)]),
        ("dst;src;extra\n爱丽丝;アリス;x\n", [GlossaryEntry("アリス", "爱丽丝")]),
        ("原文,译文,备注\nアリス,爱丽丝,女\n", [GlossaryEntry("アリス", "爱丽丝", "女")]),
        ("Src,Dst,Case\nHP,HP,no\nMP,MP,YES\n", [GlossaryEntry("HP", "HP"), GlossaryEntry("MP", "MP", case=True)]),
        ('src,dst\n"a ""b""\nc","d, e"\n', [GlossaryEntry('a "b"\nc', "d, e")]),
        ("", []),
        ("src,dst\n", []),
    ],
)
def test_tables_may_name_their_columns_in_any_order(text: str, expected: list[GlossaryEntry]) -> None:
    assert entries(text.encode(), FileKind.CSV) == expected


def test_json_may_be_a_list_or_a_map() -> None:
    as_list = json.dumps([{"src": "アリス", "dst": "爱丽丝", "info": "女"}, {"src": "x", "dst": "y", "case": True}])
    assert entries(as_list.encode(), FileKind.JSON) == [
        GlossaryEntry("アリス", "爱丽丝", "女"),
        GlossaryEntry("x", "y", case=True),
    ]
    assert entries('{"アリス": "爱丽丝", "剣": "剑"}'.encode(), FileKind.JSON) == [
        GlossaryEntry("アリス", "爱丽丝"),
        GlossaryEntry("剣", "剑"),
    ]


def test_lines_of_sakura_are_read() -> None:
    text = "# my terms\n// more\nアリス->爱丽丝 #女, 主人公\n魔法の剣 -> 魔法剑\n\nno term\n"
    assert [(p.line, p.entry) for p in parse(text.encode(), FileKind.TXT)] == [
        (3, GlossaryEntry("アリス", "爱丽丝", "女, 主人公")),
        (4, GlossaryEntry("魔法の剣", "魔法剑")),
    ]
    assert from_sakura("アリス") is None
    with pytest.raises(GlossaryError, match=r"write \.csv"):
        dump([ALICE], FileKind.TXT)


def test_po_files_of_others_are_read() -> None:
    text = """# Translation of a game
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#. a girl
msgctxt "person"
msgid "アリス"
msgstr "爱丽丝"

msgid "untranslated"
msgstr ""

#~ msgid "old"
#~ msgstr "旧"
"""
    (placed,) = parse(text.encode(), FileKind.PO)
    assert placed.entry == GlossaryEntry("アリス", "爱丽丝", "a girl", "person")
    assert text.splitlines()[placed.line - 1] == "#. a girl"


def test_each_entry_knows_its_line() -> None:
    text = 'src,dst\nあ,a\n\n"い\nう",iu\nえ,e\n'
    assert [(p.line, p.entry.src) for p in parse(text.encode(), FileKind.CSV)] == [(2, "あ"), (4, "い\nう"), (6, "え")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.csv", 'src,dst\nあ,a\n"い,i\nう,u\n', r"g\.csv, line 3: the quotes"),
        ("g.csv", "src,dst\nあ,a\nい,i,more\n", r"g\.csv, line 3: 3 cells"),
        ("g.csv", "src,dst,case\nあ,a,maybe\n", r"g\.csv, line 2: case is yes or no"),
        ("g.json", '{"a": "b",\n "c" "d"}', r"g\.json, line 2: no valid JSON"),
        ("g.json", '["a"]', r"g\.json: a list of objects"),
        ("g.json", '[{"src": 1, "dst": "x"}]', r"g\.json, line 1: src: expected a string"),
        ("g.json", "5", r"g\.json: a list of objects"),
        ("g.po", 'msgid "a"\nmsgstr "b"\nwhat is this\n', r"g\.po: no valid PO .*line 3"),
        ("g.xlsx", "", r"g\.xlsx: glossaries are files ending in \.csv"),
    ],
)
def test_errors_name_the_file_and_the_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(GlossaryError, match=message):
        read(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match="cannot be read"):
        read(tmp_path / "glossary.csv")


def test_binary_data_is_no_glossary() -> None:
    with pytest.raises(GlossaryError):
        parse(bytes(range(256)) * 8, FileKind.CSV)


def test_the_suffix_tells_the_kind() -> None:
    assert kind_of(Path("A.CSV")) is FileKind.CSV


def test_a_written_table_is_what_other_programs_read() -> None:
    rows = list(csv.reader(io.StringIO(dump([ALICE], FileKind.CSV).decode())))
    assert rows == [
        ["src", "dst", "note", "kind", "case", "regex"],
        ["アリス", "爱丽丝|艾丽丝", "女, 主人公", "person", "1", ""],
    ]


def test_po_has_no_place_for_an_entry_without_src() -> None:
    with pytest.raises(GlossaryError, match="without src"):
        dump([GlossaryEntry("", "x")], FileKind.PO)
