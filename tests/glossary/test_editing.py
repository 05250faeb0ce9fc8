import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.work import GlossaryEntry
from translator.glossary.editing import add, create, edit, remove
from translator.glossary.errors import GlossaryError
from translator.glossary.files import FileKind, dump, parse

KINDS = list(FileKind)
WRITTEN = [kind for kind in FileKind if kind is not FileKind.TXT]

TABLE = '\ufeffsrc,dst,mine\r\n\r\nアリス , 爱丽丝 ,"a ""b""\r\nc"\r\n"剣",剑\r\nボブ,鲍勃,x,\r\n'


def entries(blob: bytes, kind: FileKind) -> list[GlossaryEntry]:
    return [placed.entry for placed in parse(blob, kind)]


def test_other_lines_of_a_table_keep_their_bytes() -> None:
    blob = TABLE.replace("x,\r\n", "x").encode()
    head, rest = blob.split('"剣"'.encode())
    tail = rest.partition(b"\r\n")[2]
    assert remove(blob, FileKind.CSV, "剣") == head + tail
    assert edit(blob, FileKind.CSV, "剣", GlossaryEntry("剣", "宝剑")) == head + "剣,宝剑\r\n".encode() + tail
    assert add(blob, FileKind.CSV, GlossaryEntry("盾", "盾牌")) == blob + "\r\n盾,盾牌\r\n".encode()


def test_what_stands_in_other_columns_stays() -> None:
    blob = "src,dst,mine\nアリス,a,keep\n".encode()
    assert edit(blob, FileKind.CSV, "アリス", GlossaryEntry("アリス", "b")) == "src,dst,mine\nアリス,b,keep\n".encode()


def test_a_column_that_is_needed_is_added_to_the_header() -> None:
    blob = "src,dst\nアリス,a\n".encode()
    added = add(blob, FileKind.CSV, GlossaryEntry("^運$", "运气", "属性", regex=True))
    assert added == "src,dst,note,regex\nアリス,a\n^運$,运气,属性,1\n".encode()
    assert entries(added, FileKind.CSV)[0] == GlossaryEntry("アリス", "a")


@pytest.mark.parametrize("charset", ["gb18030", "utf-16"])
def test_a_file_keeps_its_charset(charset: str) -> None:
    blob = "src,dst\n魔法の剣を持つ者,持魔法剑的人\n这个是我们的说明,大家好\n".encode(charset)
    changed = add(blob, FileKind.CSV, GlossaryEntry("お兄ちゃん", "哥哥"))
    assert changed.startswith(blob)
    assert entries(changed, FileKind.CSV)[-1] == GlossaryEntry("お兄ちゃん", "哥哥")


def test_what_the_files_charset_lacks_is_an_error() -> None:
    blob = "src,dst\nお兄ちゃんと呼ばれる,にいさんという意味\n".encode("cp932")
    with pytest.raises(GlossaryError, match="cp932"):
        add(blob, FileKind.CSV, GlossaryEntry("お姉ちゃん", "爱丽丝们"))


def test_double_coded_characters_of_other_lines_stay() -> None:
    # 81 E6 and 87 9A are one character (∵) to CP932; encoding it anew gives the first.
    blob = "src,dst\nお兄ちゃんと呼ばれる,にいさんという意味".encode("cp932") + b"\x87\x9a\nab,cd\n"
    assert remove(blob, FileKind.CSV, "ab") == blob.removesuffix(b"ab,cd\n")


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_new_file_can_be_added_to(kind: FileKind) -> None:
    entry = GlossaryEntry("アリス", "爱丽丝", "女", "person", case=True)
    assert entries(add(create(kind), kind, entry), kind) == [entry]


def test_an_empty_table_gets_its_header() -> None:
    assert add(b"", FileKind.CSV, GlossaryEntry("a", "b")) == b"src,dst,note,kind,case,regex\na,b\n"


def test_lines_of_sakura_are_edited_in_place() -> None:
    blob = "# mine\r\nアリス->爱丽丝\r\n\r\n剣 -> 剑 #名詞".encode()
    assert edit(blob, FileKind.TXT, "アリス", GlossaryEntry("アリス", "艾丽丝", "女")) == blob.replace(
        "爱丽丝".encode(), "艾丽丝 #女".encode()
    )
    assert remove(blob, FileKind.TXT, "剣") == "# mine\r\nアリス->爱丽丝\r\n\r\n".encode()
    assert add(blob, FileKind.TXT, GlossaryEntry("盾", "盾牌")) == blob + "\r\n盾->盾牌\r\n".encode()
    for entry in (GlossaryEntry("a", "b", kind="person"), GlossaryEntry("a->b", "c"), GlossaryEntry("a", "b#c")):
        with pytest.raises(GlossaryError):
            add(blob, FileKind.TXT, entry)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_there_is_not_added_and_what_is_not_there_not_edited(kind: FileKind) -> None:
    blob = "アリス->爱丽丝\n".encode() if kind is FileKind.TXT else dump([GlossaryEntry("アリス", "爱丽丝")], kind)
    with pytest.raises(GlossaryError, match="already"):
        add(blob, kind, GlossaryEntry("ｱﾘｽ", "x"))
    with pytest.raises(GlossaryError, match="no entry"):
        edit(blob, kind, "ボブ", GlossaryEntry("ボブ", "x"))
    with pytest.raises(GlossaryError, match="no entry"):
        remove(blob, kind, "ボブ")


@pytest.mark.parametrize("kind", WRITTEN)
def test_entries_for_one_term_are_edited_and_removed_together(kind: FileKind) -> None:
    blob = dump([GlossaryEntry("アリス", "a"), GlossaryEntry("剣", "剑"), GlossaryEntry("ｱﾘｽ", "b")], kind)
    new = GlossaryEntry("アリス", "爱丽丝", "女")
    assert entries(edit(blob, kind, "アリス", new), kind) == [new, GlossaryEntry("剣", "剑")]
    assert entries(remove(blob, kind, "アリス"), kind) == [GlossaryEntry("剣", "剑")]


WORD = st.text("あいう剣\"',;\t \n#->x", min_size=1, max_size=6).filter(str.strip)


@pytest.mark.parametrize("kind", WRITTEN)
@settings(max_examples=40)
@given(terms=st.lists(st.tuples(WORD, WORD), max_size=4), src=WORD, dst=WORD)
def test_adding_and_removing_leaves_the_file_as_it_was(
    kind: FileKind, terms: list[tuple[str, str]], src: str, dst: str
) -> None:
    blob = dump([GlossaryEntry(a, b) for a, b in terms if a.strip() != src.strip()], kind)
    assert remove(add(blob, kind, GlossaryEntry(src, dst)), kind, src) == blob
