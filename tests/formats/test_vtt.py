from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.markup import Fate
from translator.formats.vtt import FORMAT, MARKUP, VttDocument

HEAD = "WEBVTT\n\n"


def cue(text: str, times: str = "00:01.000 --> 00:02.000") -> str:
    return f"{times}\n{text}\n"


def opened(text: str, **settings: str) -> VttDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(settings=settings))


def sources(text: str) -> list[str]:
    return [s.source for s in opened(text).segments]


class TestCues:
    @pytest.mark.parametrize(
        "times", ["00:01.000 --> 00:02.000 line:0 align:start", "1:00:01.000 --> 1:00:02.000", "00:01,0 --> 00:02"]
    )
    def test_begin_at_a_line_with_times(self, times: str) -> None:
        assert sources(HEAD + "id\n" + cue("a\nb", times)) == ["a\nb"]

    def test_end_at_an_empty_line_or_an_arrow(self) -> None:
        assert sources(HEAD + cue("a") + "\nb\n\n" + cue("c") + cue("d", "00:03.000 --> 00:04.000")) == ["a", "c", "d"]

    def test_are_none_of_the_other_blocks(self) -> None:
        text = HEAD + "NOTE a\n00:01\n\nSTYLE\n::cue { }\n\nREGION\nid:a\n\n" + cue("b")
        assert sources(text) == ["b"]
        assert [h.text for h in opened(text).held_back()] == ["a", "00:01"]

    def test_are_said_by_their_voice(self) -> None:
        segment = opened(HEAD + cue("<v.loud Mio &amp; I>a <i>b</i></v>")).segments[0]
        assert (segment.source, segment.speaker) == ("a <i>b</i>", "Mio & I")
        segment = opened(HEAD + cue("<v Mio>a</v>\n<v Father>b")).segments[0]
        assert (segment.source, segment.speaker) == ("<v Mio>a</v>\n<v Father>b", None)


class TestMarkup:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("<c.yellow>a</c>", [("<c.yellow>", Fate.OPEN), ("</c>", Fate.CLOSE)]),
            ("a<00:01.500>b&lt;", [("<00:01.500>", Fate.KEEP), ("&lt;", Fate.KEEP)]),
            (
                "<ruby>a<rt>b</rt></ruby>",
                [("<ruby>", Fate.DROP), ("<rt>b</rt>", Fate.DROP), ("</ruby>", Fate.DROP)],
            ),
            ("<00:01.500><c>a</c>", [("<00:01.500><c>", Fate.DROP), ("</c>", Fate.DROP)]),
            ("1 < 2 & 3", []),
            (r"{\an8}a\Nb {c}", [(r"{\an8}", Fate.KEEP), (r"\N", Fate.KEEP)]),
        ],
    )
    def test_is_told_from_text(self, text: str, codes: list[tuple[str, Fate]]) -> None:
        assert [(p.text, p.rule.fate) for p in MARKUP.tokenize(text) if p.rule] == codes


class TestRender:
    @pytest.mark.parametrize("target", ["", "a\n\nb", "<b --> b", "&eacute;", "a\rb", "\0", "<v Mio>a"])
    def test_refuses_what_would_not_be_read_back(self, target: str) -> None:
        document = opened(HEAD + cue("a"))
        with pytest.raises(RefusedTargetError) as caught:
            document.render({"00:01.000": target})
        assert caught.value.key == "00:01.000"

    @pytest.mark.parametrize(
        ("raw", "source", "target", "expected"),
        [
            ("&#x3042;&#12356;", "あい", "いうあ", "&#12356;う&#x3042;"),
            ("Q&amp;A caf&eacute;", "Q&A café", "cafés & Q", "caf&eacute;s &amp; Q"),
            ("Q & A", "Q & A", "A & Q", "A & Q"),
            ("a", "a", "1 < 2 & 3 --> 4", "1 &lt; 2 &amp; 3 --&gt; 4"),
            ("1 &lt; 2 < 3", "1 < 2 < 3", "2 < 1", "2 &lt; 1"),
            ("&gt;&gt; MIO: a", ">> MIO: a", ">> MIO: b", "&gt;&gt; MIO: b"),
            ("&lt;b&gt;&#233;", "&lt;b&gt;é", "&lt;b&gt;é!", "&lt;b&gt;&#233;!"),
            ("a&nbsp;&lrm;b&#8203;", "a&nbsp;&lrm;b&#8203;", "c&nbsp;&lrm;d&#8203;", "c&nbsp;&lrm;d&#8203;"),
            ("&amp;nbsp;", "&amp;nbsp;", "a &amp;nbsp;", "a &amp;nbsp;"),
            ("&foo;&#xd800;", "&foo;&#xd800;", "a&foo;", "a&foo;"),
            ("<i>&#65;</i>", "<i>A</i>", "<i>B</i>", "<i>B</i>"),
        ],
    )
    def test_reads_and_spells_references(self, raw: str, source: str, target: str, expected: str) -> None:
        document = opened(HEAD + cue(raw))
        assert [s.source for s in document.segments] == [source]
        assert document.render({"00:01.000": source}).decode() == HEAD + cue(raw)
        assert document.render({"00:01.000": target}).decode() == HEAD + cue(expected)

    def test_keeps_all_but_the_text(self) -> None:
        text = "WEBVTT x\r\n\r\nid\r\n" + cue("<v Mio>a\nb</v>").replace("\n", "\r\n")
        assert opened(text).render({"00:01.000": "c"}).decode() == text.replace("a\r\nb", "c")

    def test_of_a_sentence_fills_its_cues_inside_of_their_tags(self) -> None:
        text = (
            HEAD
            + cue("<v Mio><i>The moon is</i></v>")
            + "\n"
            + cue("<v Mio><i>late.</i></v>", "00:02.000 --> 00:03.000")
        )
        document = opened(text, join="1")
        assert [s.source for s in document.segments] == ["The moon is late."]
        changed = document.render({"00:01.000": "La lune est en retard."}).decode()
        assert changed == text.replace("The moon is", "La lune est").replace("late.", "en retard.")
        assert document.render({"00:01.000": "The moon is late."}).decode() == text


@given(
    st.lists(st.sampled_from(["00:01.000 --> 00:02.000", "", " ", "a", "NOTE b", "<v A>c", "</v>", "-->", "<i>d</i>"]))
)
def test_any_file_is_kept_marked_and_restored(lines: list[str]) -> None:
    text = HEAD + "\n".join(lines)
    document = opened(text)
    assert document.render({}).decode() == text
    marked = document.render({s.key: f"⟦{s.source}⟧" for s in document.segments})
    again = FORMAT.open(marked, options=FormatOptions())
    assert [s.source for s in again.segments] == [f"⟦{s.source}⟧" for s in document.segments]
    assert again.render({s.key: s.source for s in document.segments}).decode() == text


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "amp;",
                "lt",
                ";",
                "#65;",
                "&#65;",
                "&amp;",
                "&lt;",
                "&gt;",
                "&eacute;",
                "&",
                "<",
                ">",
                "<b>",
                "&nbsp;",
            ]
        ),
        min_size=1,
    )
)
def test_any_references_are_read_as_written(parts: list[str]) -> None:
    text = HEAD + cue("".join(parts))
    document = opened(text)
    for segment in document.segments:
        assert document.render({segment.key: segment.source}).decode() == text
        for target in (f"⟦{segment.source}⟧", "& < > é A"):
            changed = FORMAT.open(document.render({segment.key: target}), options=FormatOptions())
            assert [s.source for s in changed.segments] == [target]
            restored = FORMAT.open(changed.render({segment.key: segment.source}), options=FormatOptions())
            assert [s.source for s in restored.segments] == [segment.source]


def test_is_utf_8_where_it_begins_as_the_standard_says() -> None:
    assert opened(HEAD + cue("é\0")).segments[0].source == "é\0"


@pytest.mark.parametrize("piece", ["<", "<v ", "<00:01.000>", "</c>", "&", "&amp;", "&lt;b>", "-->", "\n"])
def test_long_texts_are_read_in_time(piece: str) -> None:
    document = opened(HEAD + cue("a" + piece * 200_000))
    assert all(MARKUP.plain(s.source) is not None for s in document.segments)


def test_must_have_its_header_or_a_cue() -> None:
    with pytest.raises(FormatError, match="WEBVTT"):
        opened("a\n")
    assert sources(cue("a")) == ["a"]


@pytest.mark.parametrize(
    ("name", "head", "claim"),
    [
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", Confidence.CERTAIN),
        ("a.vtt", b"WEBVTTX", Confidence.MAYBE),
        ("a.srt", b"WEBVTT", Confidence.NONE),
    ],
)
def test_claims(name: str, head: bytes, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is claim
