"""gettext's PO and POT files: what is asked for, and what else changes with a translation."""

from pathlib import PurePath

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.formats.po import FORMAT
from translator.formats.po.document import PoDocument

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
ONE = HEADER + '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
THREE = (
    HEADER + '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4'
    ' && (n%100<10 || n%100>=20) ? 1 : 2);\\n"\n\n'
)
TEMPLATE = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=CHARSET\\n"\n'
    '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n\n'
)
DOORS = 'msgid "%d door"\nmsgid_plural "%d doors"\nmsgstr[0] ""\nmsgstr[1] ""\n'


def opened(text: str | bytes, target: str | None = None, charset: str | None = None) -> PoDocument:
    blob = text.encode() if isinstance(text, str) else text
    return FORMAT.open(blob, options=FormatOptions(PurePath("x.po"), charset, None, target))  # type: ignore[return-value]


def test_an_entry_with_a_translation_is_finished() -> None:
    first, second = opened(HEADER + '\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n').segments
    assert (first.target, second.target) == ("b", None)


def test_a_fuzzy_entry_is_asked_again_and_loses_its_mark_alone() -> None:
    text = HEADER + '\n#, fuzzy, c-format\n#| msgid "old"\nmsgid "a"\nmsgstr "guess"\n'
    document = opened(text)
    assert document.segments[0].target is None
    wanted = HEADER + '\n#, c-format\n#| msgid "old"\nmsgid "a"\nmsgstr "new"\n'
    assert document.render({"a": "new"}).decode() == wanted


def test_of_a_fuzzy_plural_that_is_translated_in_part_the_guesses_go() -> None:
    text = HEADER + '\n#, fuzzy\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] "y"\n'
    got = opened(text).render({"a[0]": "new"}).decode()
    assert got == HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "new"\nmsgstr[1] ""\n'


@pytest.mark.parametrize(
    ("text", "target", "sources"),
    [
        (ONE + DOORS.replace('msgstr[1] ""\n', ""), "zh-CN", ["%d doors"]),
        (THREE + DOORS, "ru", ["%d door", "%d doors", "%d doors"]),
        (THREE + DOORS.replace('%d door"', 'a door"'), "ru", ["%d doors"] * 3),
        (TEMPLATE + DOORS, "zh-CN", ["%d doors"]),
        (TEMPLATE + DOORS, "ja", ["%d doors"]),
        (TEMPLATE + DOORS, "en", ["%d door", "%d doors"]),
        (TEMPLATE + DOORS, "pl", ["%d door", "%d doors", "%d doors"]),
        (TEMPLATE + DOORS, None, ["%d door", "%d doors"]),
        (HEADER + "\n" + DOORS, None, ["%d door", "%d doors"]),
    ],
)
def test_a_plural_entry_has_the_forms_of_the_file_else_of_the_language(
    text: str, target: str | None, sources: list[str]
) -> None:
    document = opened(text, target)
    assert [s.source for s in document.segments] == sources
    assert [s.key for s in document.segments] == [f"{document.segments[0].key[:-3]}[{n}]" for n in range(len(sources))]


def test_forms_that_an_entry_lacks_are_added_in_order() -> None:
    got = opened(THREE + DOORS, "ru").render({"%d door[2]": "c", "%d door[0]": "a", "%d door[1]": "b"}).decode()
    assert got.endswith('msgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n')


def test_a_template_is_filled_so_that_gettext_s_tools_take_it() -> None:
    document = opened(TEMPLATE + DOORS + '\nmsgid "a"\nmsgstr ""\n', "zh-CN")
    got = document.render({"%d door[0]": "%d扇门", "a": "啊"}).decode()
    assert "charset=UTF-8" in got
    assert "nplurals=1; plural=0;" in got
    assert "msgstr[1]" not in got
    catalog = polib.pofile(got)
    assert catalog.percent_translated() == 100
    assert catalog[0].msgstr_plural == {0: "%d扇门"}
    assert document.render({}).decode() == TEMPLATE + DOORS + '\nmsgid "a"\nmsgstr ""\n'


def test_a_context_parts_equal_texts_and_stands_in_key_and_notes() -> None:
    text = HEADER + '\nmsgctxt "menu"\nmsgid "Open"\nmsgstr ""\n\nmsgctxt "door"\nmsgid "Open"\nmsgstr ""\n'
    document = opened(text)
    assert [s.key for s in document.segments] == ["menu|Open", "door|Open"]
    assert document.segments[0].notes == ("context: menu",)
    assert document.render({"door|Open": "x"}).decode() == text[: text.rindex('""')] + '"x"\n'


def test_comments_and_references_are_notes_and_say_who_speaks() -> None:
    text = HEADER + '\n#  by hand\n#. Speaker: Mira\n#: a/b.c:12 d.c:3\n#, c-format\nmsgid "Hi"\nmsgstr ""\n'
    segment = opened(text).segments[0]
    assert segment.notes == ("Speaker: Mira", "by hand", "a/b.c:12 d.c:3", "c-format")
    assert (segment.speaker, segment.scene) == ("Mira", "a/b.c")


def test_entries_that_are_commented_out_are_held_back() -> None:
    document = opened(HEADER + '\n#~ msgid "gone"\n#~ msgstr "weg"\n')
    assert not document.segments
    assert isinstance(document, HoldsBack)
    assert [(h.place, h.text) for h in document.held_back()] == [("line 5", "gone")]


def test_the_header_is_no_text_and_says_why_nothing_is_found() -> None:
    assert opened(HEADER).notices == ("x.po: no text: it has a header only",)


def test_the_charset_of_the_header_changes_with_the_file_s() -> None:
    text = HEADER.replace("UTF-8", "ISO-8859-1") + '\nmsgid "été"\nmsgstr ""\n'
    document = opened(text.encode("latin-1"), "zh-CN")
    assert document.render({"été": "夏"}).decode() == text.replace("ISO-8859-1", "UTF-8")[:-3] + '"夏"\n'
    assert any("utf-8" in notice for notice in document.notices)
    assert opened(text.encode("latin-1")).render({}) == text.encode("latin-1")


@pytest.mark.parametrize("said", ["ISO-8859-1", "windows-1252", "no-such-charset", "ascii"])
def test_a_header_that_lies_is_not_believed(said: str) -> None:
    document = opened(HEADER.replace("UTF-8", said) + '\nmsgid "灯台守"\nmsgstr ""\n')
    assert document.segments[0].source == "灯台守"
    assert bool(document.notices) == (said != "ascii")


@pytest.mark.parametrize("header", ["", HEADER.replace("UTF-8", "CHARSET"), HEADER.replace("UTF-8", "no-such-one")])
def test_a_charset_that_is_not_declared_is_asked_for_where_it_is_none_and_said_where_it_is_a_guess(header: str) -> None:
    with pytest.raises(FormatError, match="--charset"):
        opened((header + '\nmsgid "à bientôt, très cher"\nmsgstr ""\n').encode("latin-1"))
    text = header + '\nmsgid "très cher"\nmsgstr ""\n'
    assert any("gb18030" in notice and "--charset" in notice for notice in opened(text.encode("latin-1")).notices)
    told = opened(text.encode("latin-1"), charset="latin-1")
    assert (told.segments[0].source, told.notices) == ("très cher", ())
    assert not opened(text.replace("no-such-one", "CHARSET")).notices


def test_escapes_are_those_of_gettext() -> None:
    document = opened(HEADER + '\nmsgid "a"\nmsgstr ""\n')
    got = document.render({"a": 'tab\t "q" \\ bell\a esc\x1b[0m\nnext'})
    assert rb'"tab\t \"q\" \\ bell\a esc\033[0m\n"' in got
    with pytest.raises(RefusedTargetError):
        document.render({"a": "\0"})


def test_a_string_with_crlf_keeps_it() -> None:
    document = opened(HEADER + '\nmsgid "a\\r\\nb"\nmsgstr ""\n')
    segment = document.segments[0]
    assert segment.source == "a\nb"
    assert document.render({segment.key: "x\ny"}).endswith(b'msgstr "x\\r\\ny"\n')
    with pytest.raises(RefusedTargetError):
        document.render({segment.key: "x\ry"})


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0\x85\u2028\u2029\x0b\x0c\x1c\x1d\x1e")).filter(
        lambda s: not s.isspace()
    )
)
def test_polib_reads_what_was_written(target: str) -> None:
    escaped = any(ord(c) < 32 and c not in "\t\n\r\a\b\f\v" for c in target)
    got = opened(HEADER + '\nmsgid "a"\nmsgstr ""\n').render({"a": target}).decode()
    if not escaped and "\a" not in target:  # polib knows neither
        assert polib.pofile(got)[0].msgstr == target
    assert (opened(got).segments[0].target or "") == target


def test_names_of_languages_that_differ_are_told() -> None:
    text = HEADER + '"Language: de\\n"\n\nmsgid "a"\nmsgstr ""\n'
    assert "is in de" in opened(text, "zh-CN").notices[0]
    assert not opened(text, "de").notices


@pytest.mark.parametrize("text", ['msgid "a\n', "no po\n", 'msgstr "a"\n', "", 'msgid\nmsgstr "x"\n'])
def test_what_is_no_po_file_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


def test_games_keep_their_own_files() -> None:
    assert FORMAT.sniff(PurePath("a.po"), b'msgid "a"\n') is Confidence.LIKELY
    assert FORMAT.sniff(PurePath("a.txt"), b'msgid "a"\n') is Confidence.NONE
    assert FORMAT.sniff(PurePath("a.po"), b"nothing") is Confidence.NONE


@pytest.mark.parametrize("blank", ['" "', '"\\n"', '""\n" "\n"\\t"'])
def test_a_blank_translation_is_none(blank: str) -> None:
    document = opened(f'{HEADER}\nmsgid "rain"\nmsgstr {blank}\n')
    assert [s.target for s in document.segments] == [None]
    assert document.render({"rain": "雨"}).decode() == f'{HEADER}\nmsgid "rain"\nmsgstr "雨"\n'
    with pytest.raises(RefusedTargetError):
        document.render({"rain": " "})


@pytest.mark.parametrize(
    ("entry", "source", "written"),
    [
        ('msgid "tight" "er"\nmsgstr ""\n', "tighter", 'msgid "tight" "er"\nmsgstr "x"\n'),
        ('msgid "a\\"" "b"\nmsgstr "" "y"\n', 'a"b', 'msgid "a\\"" "b"\nmsgstr "x"\n'),
        ('msgid "a" msgstr ""\n', "a", 'msgid "a" msgstr "x"\n'),
        ('msgid"a""b"msgstr""msgid "c" msgstr "d" # z\n', "ab", 'msgid"a""b"msgstr"x"msgid "c" msgstr "d" # z\n'),
        ('#~ msgid "b" msgstr "c"\nmsgid "a"\n\n"b" msgstr "" ""\n', "ab", None),
    ],
)
def test_lines_mean_nothing_to_strings_and_keywords(entry: str, source: str, written: str | None) -> None:
    document = opened(HEADER + "\n" + entry)
    segment = document.segments[0]
    assert segment.source == source
    expected = written or '#~ msgid "b" msgstr "c"\nmsgid "a"\n\n"b" msgstr "x"\n'
    assert document.render({segment.key: "x"}).decode() == HEADER + "\n" + expected


def test_plural_forms_on_one_line_are_read_and_added() -> None:
    text = ONE.replace("nplurals=1; plural=0", "nplurals=2; plural=(n != 1)").replace("\n", "\r\n")
    entry = 'msgid "a" msgid_plural "b" msgstr [0] ""\r\n'
    document = opened(text + entry, "en")
    got = document.render({s.key: "x" for s in document.segments}).decode()
    assert got == text + 'msgid "a" msgid_plural "b" msgstr [0] "x"\r\nmsgstr[1] "x"\r\n'
    assert [s.target for s in opened(got).segments] == ["x", "x"]


def test_words_that_begin_as_keywords_are_refused() -> None:
    with pytest.raises(FormatError) as caught:
        opened(HEADER + '\nmsgid "a" msgfoo\n')
    assert caught.value.offset == len(HEADER) + 11
    with pytest.raises(FormatError):
        opened(HEADER + "\n  msgfoo\n")


@pytest.mark.parametrize(
    ("rest", "place"),
    [
        ('msgid "雨"\n', '"雨"'),
        ('msgid "雨"', '"雨"'),
        ('msgctxt "c"\nmsgid "雨"\nmsgid_plural "y"\n', '"雨"'),
        ('msgctxt "c"\n', '"c"'),
        ('msgid "雨"\n\nmsgid "a"\nmsgstr ""\n', '"雨"'),
        ('#~ msgid "雨"\n', '"雨"'),
        ('msgid "雨"\n# between\nmsgstr ""\n', '"雨"'),
    ],
)
def test_an_entry_without_its_end_is_an_error_with_its_place(rest: str, place: str) -> None:
    text = HEADER + '\nmsgid "月"\nmsgstr "moon"\n\n' + rest
    with pytest.raises(FormatError) as caught:
        opened(text)
    assert caught.value.offset == len(text[: text.index(place)].encode())
