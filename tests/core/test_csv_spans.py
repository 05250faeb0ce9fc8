"""Fields of CSV texts by their place: what is read, and how a field is written."""

import csv
import io
import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.csv_spans import (
    CsvError,
    breaks_like,
    encode_field,
    first_break,
    needs_quotes,
    read_rows,
    sniff_delimiter,
    stays_quoted,
)
from translator.core.lines import unified_breaks
from translator.core.splice import Edit, splice

FIELDS = st.text(st.sampled_from('ab,;\t" \n\rあ'), max_size=8)
ROWS = st.lists(st.lists(FIELDS, min_size=1, max_size=4), max_size=5)


def values(text: str, delimiter: str = ",", *, quotes_anywhere: bool = False) -> list[list[str]]:
    rows = read_rows(text, delimiter, quotes_anywhere=quotes_anywhere)
    return [[field.value for field in row] for row in rows]


@given(rows=ROWS, delimiter=st.sampled_from([",", ";", "\t"]), end=st.sampled_from(["\n", "\r\n"]), every=st.booleans())
def test_what_python_writes_is_read(rows: list[list[str]], delimiter: str, end: str, *, every: bool) -> None:
    stream = io.StringIO(newline="")
    bare_returns = any("\r" in value for row in rows for value in row)  # which Python 3.11 does not quote by itself
    quoting = csv.QUOTE_ALL if every or bare_returns else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    for quotes_anywhere in (False, True):
        assert values(stream.getvalue(), delimiter, quotes_anywhere=quotes_anywhere) == rows


@given(text=st.text(st.sampled_from('ab,"\n\rあ'), max_size=30))
def test_a_text_is_read_as_python_reads_it(text: str) -> None:
    try:
        found = values(text)
    except CsvError:
        return
    expected = list(csv.reader(io.StringIO(text, newline="")))
    assert [row if row != [""] else [] for row in found] == [row if row != [""] else [] for row in expected]


@given(text=st.text(st.sampled_from('ab,"\n\rあ'), max_size=30), quotes_anywhere=st.booleans())
def test_fields_and_what_is_between_them_are_the_text(text: str, *, quotes_anywhere: bool) -> None:
    try:
        fields = [field for row in read_rows(text, quotes_anywhere=quotes_anywhere) for field in row]
    except CsvError:
        return
    for one, two in itertools.pairwise(fields):
        assert text[one.end : two.start] in (",", "\n", "\r\n", "\r")
    for field in fields:
        assert field.quoted == ('"' in text[field.start : field.end]) or not quotes_anywhere
    if fields:
        assert fields[0].start == 0
        assert text[fields[-1].end :] in ("", "\n", "\r\n", "\r")


@given(rows=ROWS, new=FIELDS, quoted=st.booleans(), quotes_anywhere=st.booleans(), data=st.data())
def test_a_field_written_anew_is_read_back_and_no_other_changes(
    rows: list[list[str]], new: str, *, quoted: bool, quotes_anywhere: bool, data: st.DataObject
) -> None:
    text = "".join(",".join(encode_field(value) for value in row) + "\n" for row in rows)
    if not rows:
        return
    number = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[number]) - 1))
    field = list(read_rows(text, quotes_anywhere=quotes_anywhere))[number][column]
    written = splice(text, [Edit(field.start, field.end, encode_field(new, quoted=quoted))])
    expected = [list(row) for row in rows]
    expected[number][column] = new
    assert values(written, quotes_anywhere=quotes_anywhere) == expected


def test_a_quote_inside_a_field_is_read_in_two_ways() -> None:
    assert values('a"b,c"d') == [['a"b', 'c"d']]
    assert values('a"b,c"d', quotes_anywhere=True) == [["ab,cd"]]


def test_what_follows_a_closing_quote_belongs_to_the_field() -> None:
    assert values('"a"b,c') == [["ab", "c"]]


@pytest.mark.parametrize("quotes_anywhere", [False, True])
def test_a_quote_that_is_never_closed_says_where_it_is(*, quotes_anywhere: bool) -> None:
    with pytest.raises(CsvError, match="never closed") as caught:
        list(read_rows('a,"b\nc', quotes_anywhere=quotes_anywhere))
    assert caught.value.position == 2


def test_reading_starts_where_it_is_told_to() -> None:
    assert [field.value for row in read_rows("\ufeffa,b", start=1) for field in row] == ["a", "b"]


def test_many_quotes_take_no_longer_than_they_are_many() -> None:
    began = time.perf_counter()
    assert values('"' + '""' * 200_000 + '"') == [['"' * 200_000]]
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("a;b;c,d\n1,2,3,4,5", ";"), ("a\tb", "\t"), ('"a,b,c"|d', "|"), ("alone", ","), ("", ",")],
)
def test_the_first_row_says_the_delimiter(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


def test_quotes_are_written_where_they_are_needed() -> None:
    assert [needs_quotes(value) for value in ("a", "a,b", 'a"', "a\n", "a\r", "a;b")] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    assert needs_quotes("a;b", ";")
    assert [encode_field("a"), encode_field("a", quoted=True), encode_field('a"b')] == ["a", '"a"', '"a""b"']


def test_quotes_stay_as_the_field_or_its_row_has_them() -> None:
    (row,) = read_rows('"a",b,"c,d",')
    assert [stays_quoted(row, index) for index in range(4)] == [True, False, False, False]
    (row,) = read_rows('"a","b","c,d",""')
    assert [stays_quoted(row, index) for index in (0, 2, 3, 9)] == [True, True, True, True]
    (row,) = read_rows(",")
    assert not stays_quoted(row, 0)


def test_breaks_are_spelled_as_the_field_or_the_rows_have_them() -> None:
    assert unified_breaks("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert breaks_like("a\nb", "x\r\ny") == "a\r\nb"
    assert breaks_like("a\nb", "xy", "\r\n") == "a\r\nb"
    assert breaks_like("a\nb", "x\ny", "\r\n") == "a\nb"
    assert breaks_like("ab", "x\r\ny") == "ab"
    assert [first_break(text) for text in ("a\r\nb\n", "a\rb", "ab")] == ["\r\n", "\r", "\n"]
