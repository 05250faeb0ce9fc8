from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatOptions, RefusedTargetError
from translator.core.segment import Role
from translator.formats.lrc import FORMAT, MARKUP, LrcDocument


def opened(text: str) -> LrcDocument:
    return FORMAT.open(text.encode(), options=FormatOptions())


def found(text: str) -> list[tuple[str, str]]:
    return [(s.key, s.source) for s in opened(text).segments]


class TestLines:
    @pytest.mark.parametrize(
        ("line", "key", "text"),
        [
            ("[00:01.00]a", "00:01.00", "a"),
            ("[00:01.00][01:02.30] a ", "00:01.00", "a"),
            ("[0:01] [0:02:50]a", "0:01", "a"),
            ("[00:01.00]F: a", "00:01.00", "a"),
            ("[00:01.00]<00:01.00>a <00:02.00>b<00:03.00>", "00:01.00", "a <00:02.00>b"),
            ("[00:01.00]a[00:02.00]b[00:03.00]", "00:01.00", "a[00:02.00]b"),
            ("a", "+", "a"),
        ],
    )
    def test_are_text_behind_their_times(self, line: str, key: str, text: str) -> None:
        assert found(line) == [(key, text)]
        assert opened(line).render({key: "x"}).decode() == line.replace(text, "x")

    def test_of_the_same_time_are_counted(self) -> None:
        assert found("[00:01.00]a\n[00:01.00]b\n[00:02.00]\n") == [("00:01.00", "a"), ("00:01.00#2", "b")]

    def test_say_who_sings(self) -> None:
        assert opened("[00:01.00]M:a").segments[0].notes == ("sung by a man",)

    def test_drop_the_times_of_words(self) -> None:
        assert MARKUP.plain("a <00:02.00>b") == "a b"


def test_only_the_title_of_the_tags_is_text() -> None:
    document = opened("[ti: A song ]\n[ar:B]\n[offset:+5]\n# c\n")
    assert [(s.key, s.source, s.role) for s in document.segments] == [("ti", "A song", Role.NAME)]
    assert [(h.place, h.text, h.reason) for h in document.held_back()] == [
        ("ar", "B", "artist"),
        ("offset", "+5", "setting"),
        ("line 4", "# c", "comment"),
    ]
    assert document.render({"ti": "x"}).decode().startswith("[ti: x ]\n")


@pytest.mark.parametrize("target", ["", " ", "a\nb", "a\rb", "\0", "[00:02.00]a", "F:a", " a"])
def test_refuses_what_would_not_be_read_back(target: str) -> None:
    with pytest.raises(RefusedTargetError) as caught:
        opened("[00:01.00]a\n").render({"00:01.00": target})
    assert caught.value.key == "00:01.00"


@given(
    st.lists(
        st.sampled_from(["[00:01.00]", "<00:02.00>", "[ti:", "]", "F:", "a", " ", "#", "\n", "[ar:b]"]), max_size=12
    )
)
def test_any_file_is_kept_marked_and_restored(parts: list[str]) -> None:
    text = "".join(parts)
    document = opened(text)
    assert document.render({}).decode() == text
    marked = document.render({s.key: f"⟦{s.source}⟧" for s in document.segments})
    again = FORMAT.open(marked, options=FormatOptions())
    assert [s.source for s in again.segments] == [f"⟦{s.source}⟧" for s in document.segments]
    assert again.render({s.key: s.source for s in document.segments}).decode() == text


@pytest.mark.parametrize("piece", [" ", "[00:01.00]", "<00:01.00>", "]", ">", "[", "F:"])
def test_long_lines_are_read_in_time(piece: str) -> None:
    for text in (f"[00:01.00]a{piece * 200_000}]", f"[ti:{piece * 200_000}]", piece * 200_000):
        assert opened(text).render({}).decode() == text


@pytest.mark.parametrize(
    ("name", "head", "claim"),
    [
        ("a.lrc", b"[00:01.00]a", Confidence.CERTAIN),
        ("a.LRC", b"a", Confidence.MAYBE),
        ("a.txt", b"[00:01.00]a", Confidence.NONE),
    ],
)
def test_claims(name: str, head: bytes, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is claim
