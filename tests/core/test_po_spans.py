"""PO files as spans: what is read, where it stands, and how strings are spelled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.po_spans import GETTEXT, PoError, read_entries, spelled, unescaped, without_fuzzy

HEADER = 'msgid ""\nmsgstr ""\n"Language: \\n"\n\n'


def test_an_entry_has_its_strings_comments_and_flags() -> None:
    text = (
        HEADER + '# by hand\n#. from the program\n#: a.c:1\n#, fuzzy, c-format\n#| msgid "was"\n'
        'msgctxt "menu"\nmsgid "one"\nmsgid_plural "many"\nmsgstr[0] "eins"\nmsgstr[1] ""\n"vie"\n"le"\n'
    )
    header, entry = read_entries(text)
    assert header.is_header
    assert not entry.is_header
    assert entry.context
    assert entry.source
    assert entry.plural
    assert (entry.context.text, entry.source.text, entry.plural.text) == ("menu", "one", "many")
    assert [target.text for target in entry.targets] == ["eins", "viele"]
    assert text[entry.targets[1].start : entry.targets[1].end] == '""\n"vie"\n"le"'
    assert (entry.comments, entry.extracted, entry.references) == (["by hand"], ["from the program"], ["a.c:1"])
    assert entry.flags == ["fuzzy", "c-format"]
    assert [text[slice(*span)] for span in entry.flag_lines] == ["#, fuzzy, c-format\n"]


def test_entries_part_without_a_blank_line_too() -> None:
    entries = read_entries('msgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr "d"\n# of e\nmsgctxt "x"\nmsgid "e"\nmsgstr "f"')
    assert [(e.source.text if e.source else "", e.targets[0].text, e.comments) for e in entries] == [
        ("a", "b", []),
        ("c", "d", []),
        ("e", "f", ["of e"]),
    ]


def test_entries_that_are_commented_out_are_told_apart() -> None:
    text = 'msgid "a"\nmsgstr "b"\n#~ msgid "c"\n#~ msgstr ""\n#~ "d"\n#~| msgid "old"\n\nmsgid "e"\nmsgstr "f"\n'
    entries = read_entries(text)
    assert [(e.source.text if e.source else "", e.obsolete) for e in entries] == [
        ("a", False),
        ("c", True),
        ("e", False),
    ]
    assert entries[1].targets[0].text == "d"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('msgid "a"\nmsgstr "b\n', 10),
        ('msgid "a"\nwhat is this\n', 10),
        ('"no keyword"\n', 0),
        ('msgstr "no source"\n', 0),
        ('msgid "a" "b"\n', 6),
    ],
)
def test_what_is_no_po_file_is_refused_with_its_place(text: str, position: int) -> None:
    with pytest.raises(PoError) as caught:
        read_entries(text)
    assert caught.value.position == position


def test_a_keyword_without_a_string_is_refused() -> None:
    with pytest.raises(PoError, match="msgstr has no string"):
        read_entries('msgid "a"\nmsgstr\nmsgid "b"\nmsgstr "c"\n')


def test_all_escapes_of_c_are_read() -> None:
    assert unescaped(r"\n\t\"\\\x41\101\q") == '\n\t"\\AA\\q'


@pytest.mark.parametrize(
    ("charset", "body", "said"),
    [
        ("utf-8", r"\344\270\200\n\343\201\202", "一\nあ"),
        ("utf-8", r"caf\xc3\xa9 \033[0m", "café \x1b[0m"),
        ("euc-jp", r"\244\242", "あ"),
        ("utf-8", r"\351", "é"),
        ("utf-8", r"\\344\270", r"\344¸"),
    ],
)
def test_numbers_are_bytes_of_the_file_s_charset(charset: str, body: str, said: str) -> None:
    assert unescaped(body, charset) == said
    (entry,) = read_entries(f'msgid "a"\nmsgstr "{body}"\n', charset)
    assert entry.targets[0].text == said


def test_lines_stand_below_an_empty_string() -> None:
    assert spelled("a\nb", newline="\r\n") == '""\r\n"a\\n"\r\n"b"'
    assert spelled("a\n", newline="\n") == '"a\\n"'
    assert spelled("a\nb", newline="\n", like='"x\\ny"') == '"a\\nb"'
    assert spelled("", newline="\n") == '""'


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_what_is_spelled_is_read_again(text: str) -> None:
    written = spelled(text, newline="\n", escapes=GETTEXT)
    (entry,) = read_entries(f'msgid "a"\nmsgstr {written}\n')
    assert entry.targets[0].text == text


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("#, fuzzy\n", ""),
        ("#,fuzzy, c-format\r\n", "#, c-format\r\n"),
        ("#, c-format, fuzzy\n", "#, c-format\n"),
        ("#, c-format\n", "#, c-format\n"),
    ],
)
def test_only_the_fuzzy_flag_goes(line: str, left: str) -> None:
    assert without_fuzzy(line) == left


def test_reading_takes_linear_time_on_what_could_be_slow() -> None:
    for text in ('msgid "' + "\\" * 200_000, "#" * 200_000, 'msgid ""\n' + '"a"\n' * 50_000, " " * 200_000 + "x"):
        try:
            read_entries(text)
        except PoError:
            continue


def test_a_plural_without_its_singular_is_no_entry() -> None:
    with pytest.raises(PoError):
        read_entries('msgid_plural "b"\nmsgid "a"\nmsgstr ""\n')


def test_the_numbers_of_forms_are_told_and_strings_go_on_over_lines() -> None:
    (entry,) = read_entries('msgid "a"\r\n"b\\""\r\n \t"c"\r\nmsgid_plural "p"\r\nmsgstr[2] "x"\r\nmsgstr[0] "y"\r\n')
    assert entry.source is not None
    assert (entry.source.text, entry.forms) == ('ab"c', [2, 0])
    assert [target.text for target in entry.targets] == ["x", "y"]


def test_a_string_of_an_entry_that_is_not_used_goes_on_behind_its_sign() -> None:
    (entry,) = read_entries('#~ msgid ""\n#~ "a"\n#~ "b"\n#~ msgstr "c"\n')
    assert entry.source is not None
    assert (entry.source.text, entry.obsolete) == ("ab", True)
