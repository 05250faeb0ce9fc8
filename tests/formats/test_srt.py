from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.cue_document import CueDocument
from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.markup import Fate
from translator.formats.srt import FORMAT, MARKUP

TWO = "1\n00:00:01,000 --> 00:00:02,000\nはい。\n\n2\n00:00:03,000 --> 00:00:04,000\nいいえ。\n"


def opened(text: str, **options: str) -> CueDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(**options))  # pyright: ignore[reportArgumentType]  only text fields are passed


def cue(text: str, start: str = "00:00:01,000", end: str = "00:00:02,000") -> str:
    return f"1\n{start} --> {end}\n{text}\n"


def keys(text: str) -> dict[str, str]:
    return {s.key: s.source for s in opened(text).segments}


class TestCues:
    def test_are_named_by_their_start(self) -> None:
        assert keys(TWO) == {"00:00:01,000": "はい。", "00:00:03,000": "いいえ。"}

    def test_at_the_same_time_are_counted(self) -> None:
        assert list(keys(cue("a") + "\n" + cue("b") + "\n" + cue("c"))) == [
            "00:00:01,000",
            "00:00:01,000#2",
            "00:00:01,000#3",
        ]

    @pytest.mark.parametrize(
        "times",
        [
            "00:00:01.000 --> 00:00:02.000",
            "0:0:1,0-->0:0:2,5",
            "00:01,000 -> 00:02,000",
            " 00:00:01,000 --> 00:00:02,000 ",
            "00:00:01,000 --> 00:00:02,000  X1:201 X2:516 Y1:397 Y2:423",
            "00:00:01 --> 00:00:02",
            "00: 00: 01, 000 -> 00: 00: 02, 000",
            "00:00:01,000 —> 00:00:02,000",
        ],
    )
    def test_start_at_a_line_with_times(self, times: str) -> None:
        text = f"7\n{times}\nはい。\n"
        document = opened(text)
        assert [s.source for s in document.segments] == ["はい。"]
        assert document.render({document.segments[0].key: "Yes."}).decode() == f"7\n{times}\nYes.\n"

    def test_may_lack_numbers_blank_lines_and_text(self) -> None:
        text = (
            "\n00:00:01,000 --> 00:00:02,000\na\n5\n00:00:03,000 --> 00:00:04,000\n\n00:00:05,000 --> 00:00:06,000\nb"
        )
        assert keys(text) == {"00:00:01,000": "a", "00:00:05,000": "b"}

    def test_hold_blank_lines_and_digits_of_their_text(self) -> None:
        assert keys(cue("\na\n\n12\n\n\n") + TWO.replace("01", "05")) == {
            "00:00:01,000": "a\n\n12",
            "00:00:05,000": "はい。",
            "00:00:03,000": "いいえ。",
        }

    def test_are_parted_into_scenes_by_long_pauses(self) -> None:
        text = "".join(
            cue("x", f"00:00:{start:02},000", f"00:00:{end:02},000") + "\n"
            for start, end in [(1, 20), (5, 6), (27, 28), (40, 41)]
        )
        assert [s.scene for s in opened(text).segments] == ["1", "1", "1", "2"]

    @pytest.mark.parametrize("text", ["", "\n\n", "a novel\n", "1\n2\n", "00:00:01,000\n"])
    def test_must_be_there(self, text: str) -> None:
        with pytest.raises(FormatError, match="no cue") as caught:
            opened(text)
        assert caught.value.offset is not None


class TestLimits:
    def test_are_two_lines_that_may_be_wrapped(self) -> None:
        limits = opened(cue("short")).segments[0].limits
        assert (limits.columns, limits.lines, limits.wrap, limits.single) == (42, 2, True, False)

    def test_follow_the_target_language(self) -> None:
        assert opened(cue("short"), target_language="zh-CN").segments[0].limits.columns == 36

    def test_are_never_narrower_than_the_source_without_its_tags(self) -> None:
        limits = opened(cue("<i>" + "あ" * 30 + "</i>\nb\nc")).segments[0].limits
        assert (limits.columns, limits.lines) == (60, 3)

    @pytest.mark.parametrize("dash", ["-", "–", "- ", "<i>-"])
    def test_keep_the_lines_of_several_speakers(self, dash: str) -> None:
        assert not opened(cue(f"{dash}a\n{dash}b")).segments[0].limits.wrap
        assert opened(cue(f"{dash}a\nb")).segments[0].limits.wrap


class TestMarkup:
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ('<font color="#ff0">a</font>', [('<font color="#ff0">', Fate.OPEN), ("</font>", Fate.CLOSE)]),
            ("<i>a</i>", [("<i>", Fate.OPEN), ("</i>", Fate.CLOSE)]),
            (r"{\an8}a\N{\pos(1,2)}", [(r"{\an8}", Fate.KEEP), (r"\N", Fate.KEEP), (r"{\pos(1,2)}", Fate.KEEP)]),
            ("{y:i}a &amp; b", [("{y:i}", Fate.KEEP), ("&amp;", Fate.KEEP)]),
            ("1 < 2 > 0, {a}, <3", []),
        ],
    )
    def test_is_told_from_text(self, text: str, codes: list[tuple[str, Fate]]) -> None:
        assert [(p.text, p.rule.fate) for p in MARKUP.tokenize(text) if p.rule] == codes


class TestRender:
    @pytest.mark.parametrize(
        "target",
        ["", "\n", "a\n\nb", "a\n \nb", "\na", "a\n", "a\rb", "\0", "a\n2\n00:00:09,000 --> 00:00:10,000\nb"],
    )
    def test_refuses_what_would_not_be_read_back(self, target: str) -> None:
        with pytest.raises(RefusedTargetError) as caught:
            opened(TWO).render({"00:00:03,000": "x", "00:00:01,000": target})
        assert caught.value.key == "00:00:01,000"

    @pytest.mark.parametrize(
        ("raw", "source", "target", "expected"),
        [
            ("it&#39;s caf&eacute;", "it's café", "a café's", "a caf&eacute;&#39;s"),
            ("Q&amp;A &lt;b&gt; &nbsp;&quot;", 'Q&amp;A &lt;b&gt; &nbsp;"', "Q&amp;A &nbsp;", "Q&amp;A &nbsp;"),
            ("Q & A", "Q & A", "é & A", "é & A"),
        ],
    )
    def test_reads_letters_that_are_spelled_as_references(
        self, raw: str, source: str, target: str, expected: str
    ) -> None:
        document = opened(cue(raw))
        assert [s.source for s in document.segments] == [source]
        assert document.render({"00:00:01,000": source}).decode() == cue(raw)
        assert document.render({"00:00:01,000": target}).decode() == cue(expected)

    def test_refuses_digits_that_would_number_the_next_cue(self) -> None:
        text = "00:00:01,000 --> 00:00:02,000\na\n00:00:03,000 --> 00:00:04,000\nb\n"
        with pytest.raises(RefusedTargetError):
            opened(text).render({"00:00:01,000": "a\n12"})

    def test_lets_blank_lines_stay_where_the_source_has_them(self) -> None:
        text = cue("a\n\nb")
        assert opened(text).render({"00:00:01,000": "c\n\nd"}).decode() == cue("c\n\nd")

    def test_gives_new_lines_the_line_end_of_their_neighbours(self) -> None:
        text = TWO.replace("\n", "\r\n")
        assert opened(text).render({"00:00:01,000": "a\nb"}).decode() == text.replace("はい。", "a\r\nb")
        last = text.removesuffix("\r\n")
        assert opened(last).render({"00:00:03,000": "a\nb"}).decode() == last.replace("いいえ。", "a\r\nb")

    def test_refuses_unknown_keys(self) -> None:
        with pytest.raises(KeyError):
            opened(TWO).render({"x": "y"})

    def test_switches_to_utf_8_for_a_language_that_the_charset_lacks_and_says_so(self) -> None:
        document = FORMAT.open(TWO.encode("cp932"), options=FormatOptions(target_language="zh-CN"))
        assert document.notices
        assert document.render({"00:00:01,000": "说"}).decode() == TWO.replace("はい。", "说")


PIECES = st.lists(
    st.sampled_from(
        [
            "1",
            "23",
            "00:00:01,000 --> 00:00:02,500",
            "01:01.5 -> 01:02 X1:5",
            "",
            " ",
            "はい。",
            "- a",
            "<i>b</i>",
            "00:01",
        ]
    ),
    max_size=20,
)


@given(PIECES, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_unchanged_marked_and_restored_files_are_equal(lines: list[str], end: str, final: bool) -> None:  # noqa: FBT001  hypothesis passes it by name
    text = "9\n0:0:0,1 --> 0:0:0,2\nx\n".replace("\n", end) + end.join(lines) + (end if final else "")
    document = opened(text)
    assert document.render({}) == text.encode()
    marked = document.render({s.key: f"({s.source})" for s in document.segments})
    again = FORMAT.open(marked, options=FormatOptions())
    assert [(s.key, s.source, s.scene) for s in again.segments] == [
        (s.key, f"({s.source})", s.scene) for s in document.segments
    ]
    assert again.render({s.key: s.source for s in document.segments}) == text.encode()


FRAMES = st.sampled_from(
    [("<i>", "</i>"), ("{\\an8}<i>", "</i>"), ("<i>", ""), ("", "</i>"), ("<I>", "</I>{\\fad(1,2)}")]
)


@given(
    st.lists(
        st.tuples(FRAMES, st.sampled_from(["When <b>the</b>", "river was", "young and old"])), min_size=2, max_size=6
    ),
    st.lists(st.sampled_from(["la", "rivière,", "<b>était jeune</b>", "e"]), min_size=1, max_size=30),
)
def test_a_sentence_is_parted_inside_of_what_stands_around_each_cue(
    cues: list[tuple[tuple[str, str], str]], words: list[str]
) -> None:
    text = "".join(
        f"{number}\n00:01:{number:02},000 --> 00:01:{number:02},900\n{before}{inner}{after}\n\n"
        for number, ((before, after), inner) in enumerate(cues)
    )
    text += cue("The end.", "00:03:00,000") + "\n" + cue("Really.", "00:04:00,000")
    options = FormatOptions(target_language="fr", settings={"join": "1"})
    document = FORMAT.open(text.encode(), options=options)
    segment = document.segments[0]
    assert segment.source == " ".join(inner for _, inner in cues)
    assert document.render({segment.key: segment.source}).decode() == text
    target = " ".join(words)
    blocks = document.render({segment.key: target}).decode().split("\n\n")
    found: list[str] = []
    for block, ((before, after), _) in zip(blocks, cues, strict=False):
        lines = "\n".join(block.split("\n")[2:])
        assert lines.startswith(before)
        assert lines.endswith(after)
        found.append(lines[len(before) : len(lines) - len(after)])
    assert " ".join(" ".join(found).split()) == target
    assert found[0]
    assert "" not in found[: len(found) - found.count("")]


@given(st.binary(max_size=80))
def test_any_bytes_open_and_stay_or_are_refused(noise: bytes) -> None:
    blob = TWO.encode() + noise
    try:
        document = FORMAT.open(blob, options=FormatOptions())
    except FormatError:
        return
    assert document.render({}) == blob


class TestSniff:
    @pytest.mark.parametrize(
        ("name", "head", "claim"),
        [
            ("a.srt", TWO.encode("cp932"), Confidence.CERTAIN),
            ("A.SRT", b"\xff\xfe" + TWO.encode("utf-16-le"), Confidence.CERTAIN),
            ("a.srt", b"no cue", Confidence.MAYBE),
            ("a.srt", TWO.encode() + b"caf\xe9 cr\xe8me\n", Confidence.MAYBE),
            ("a.srt", b"PK\x03\x04\x00\x00\xff\xff\x01", Confidence.NONE),
            ("a.txt", TWO.encode(), Confidence.NONE),
        ],
    )
    def test_claims(self, name: str, head: bytes, claim: Confidence) -> None:
        assert FORMAT.sniff(PurePath(name), head) is claim
