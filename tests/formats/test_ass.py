from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, FormatError, FormatOptions, RefusedTargetError
from translator.core.segment import Role
from translator.formats.ass import FORMAT, MARKUP, AssDocument

HEAD = "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def event(text: str, *, start: str = "0:00:01.00", name: str = "", style: str = "Default", effect: str = "") -> str:
    return f"Dialogue: 0,{start},0:00:02.00,{style},{name},0,0,0,{effect},{text}\n"


FRENCH = FormatOptions(target_language="fr", settings={"join": "1"})


def opened(*events: str, **settings: str) -> AssDocument:
    return FORMAT.open((HEAD + "".join(events)).encode(), options=FormatOptions(settings=settings))


def written(text: str, target: str) -> str:
    document = opened(event(text))
    blob = document.render({document.segments[0].key: target}).decode()
    again = FORMAT.open(blob.encode(), options=FormatOptions())
    assert [s.source for s in again.segments] == [target]
    assert again.render({again.segments[0].key: document.segments[0].source}).decode() == HEAD + event(text)
    return blob.splitlines()[-1].split(",", 9)[9]


class TestText:
    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("a, b", "a, b"),
            (r"a\Nb", "a\nb"),
            (r"a\nb\hc", r"a\nb\hc"),
            (r"{\pos(1,2)}{note}a{\i1}b{\i0}", r"a{\i1}b{\i0}"),
            (r"{\p1}m 0 0 l 1 1{\p0}a", "a"),
            (r"{\kf120}a b", "a b"),
            ("{}{x}a", "{x}a"),
            ("{}a", "{}a"),
            ("a { b", "a { b"),
            (r"{\an8}{\i1}a{\i0}", "a"),
            (r"{\i1}{\b1}a{\b0} b{\i0}", r"{\b1}a{\b0} b"),
            (r"{\an8}{\i1}a{\i0} b", r"{\i1}a{\i0} b"),
            (r"{\i1}{\fs9}a{\i0} b{\i0}", r"{\i1}{\fs9}a{\i0} b{\i0}"),
            (r"{\i1}{}{\b1}a{\b0}{\i0}", r"{\b1}a{\b0}"),
            (r"a{\i0}", r"a{\i0}"),
            (r"{{\i1}a{\i0} b", r"a{\i0} b"),
        ],
    )
    def test_begins_behind_the_first_blocks(self, text: str, source: str) -> None:
        assert [s.source for s in opened(event(text)).segments] == [source]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (r"{\k20}sa{\k30}ku", "karaoke, timed by syllables"),
            (r"{\an5\K20}sa{\ko30\c}{\b1}ku", "karaoke, timed by syllables"),
            (r"{\p1}m 0 0 l 1 1", "drawing"),
        ],
    )
    def test_is_held_back_where_nobody_can_translate_it(self, text: str, reason: str) -> None:
        document = opened(event(text))
        assert not document.segments
        assert [(h.text, h.reason) for h in document.held_back()] == [(text, reason)]
        assert document.notices

    def test_of_comments_and_karaoke_scripts_is_held_back(self) -> None:
        document = opened(event("a").replace("Dialogue", "Comment"), event("b", effect="fx"), event("c"))
        assert [s.source for s in document.segments] == ["c"]
        assert [h.reason for h in document.held_back()] == ["comment", "made by a karaoke script"]

    def test_of_fonts_is_none(self) -> None:
        blob = f"[Fonts]\nfontname: a\n[!VI(#-9]\n{event('no')}[Nothing]\n{HEAD}{event('a')}".encode()
        assert [s.source for s in FORMAT.open(blob, options=FormatOptions()).segments] == ["a"]

    def test_stands_where_the_format_line_says(self) -> None:
        blob = b"[Events]\nFormat: Text, Start, Style\nDialogue: a b,0:00:01.00,Default\n"
        document = FORMAT.open(blob, options=FormatOptions())
        assert [(s.key, s.source) for s in document.segments] == [("0:00:01.00 Default", "a b")]
        assert document.render({"0:00:01.00 Default": "x"}) == blob.replace(b"a b", b"x")
        with pytest.raises(RefusedTargetError):
            document.render({"0:00:01.00 Default": "x,y"})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (r"月\N{\fs10}Moon", True),
        (r"月\N{\i1}Moon{\i0}", True),
        (r"{\i1}a{\i0}\N{\b1}b{\b0}", True),
        (r"{\i1}a{\i0}\N{\i1}b{\i0}", False),
        (r"{\fad(1,2)}{\b1}a{\b0}\N{\b1}b{\b0}\N{\b1}c{\b0}", False),
    ],
)
def test_lines_beside_each_other_are_kept(text: str, kept: bool) -> None:  # noqa: FBT001  a parameter of the cases
    assert (opened(event(text)).segments[0].limits.columns is None) is kept


class TestSpeaker:
    @pytest.mark.parametrize(
        ("name", "style", "speaker"),
        [
            ("Mio", "Default", "Mio"),
            ("Default", "Default", None),
            ("OP", "a", None),
            ("12", "a", None),
            ("", "a", None),
        ],
    )
    def test_is_a_name(self, name: str, style: str, speaker: str | None) -> None:
        assert opened(event("a", name=name, style=style)).segments[0].speaker == speaker

    def test_is_nobody_of_a_sign(self) -> None:
        segment = opened(event(r"{\pos(1,1)}a", name="Mio")).segments[0]
        assert (segment.speaker, segment.role, segment.limits.columns) == (None, Role.DESCRIPTION, None)

    def test_is_told_of_a_text_that_moves_which_keeps_its_lines(self) -> None:
        segment = opened(event("a", name="Mio", effect="Banner;30;0;50")).segments[0]
        assert (segment.speaker, segment.role, segment.limits.columns) == ("Mio", Role.DESCRIPTION, None)


class TestRender:
    @pytest.mark.parametrize(
        ("target", "raw"), [("x", r"{\an8}x"), ("x\ny", r"{\an8}x\Ny"), (r"{\i1}x{\i0}", r"{\an8}{}{\i1}x{\i0}")]
    )
    def test_writes_line_ends_and_parts_blocks(self, target: str, raw: str) -> None:
        assert written(r"{\an8}a", target) == raw

    @pytest.mark.parametrize(
        ("text", "target", "raw"),
        [
            (r"{\an8}{\i1}a{\i0} b", r"{\i1}c{\i0} d", r"{\an8}{\i1}c{\i0} d"),
            (r"{\an8}{\i1}a{\i0} b", r"c {\i1}d{\i0}", r"{\an8}c {\i1}d{\i0}"),
            (r"{\an8}{\i1}a{\i0} b", r"{\i1}c{\i0}", r"{\an8}{}{\i1}c{\i0}"),
            (r"{\i1}a{\i0}", r"{\b1}c{\b0}", r"{\i1}{}{\b1}c{\b0}{\i0}"),
            (r"{\i1}a{\i0}", r"{\b1}c{\b0} d", r"{\i1}{\b1}c{\b0} d{\i0}"),
            (r"{\i1}a", r"c{\i0} d", r"{\i1}{}c{\i0} d"),
            (r"{\an8}a", "{}c", r"{\an8}{}c"),
            ("{}a", "{}c", "{}c"),
            ("{}a", "c", "c"),
            ("a", r"{}{\fs9}c", r"{}{}{\fs9}c"),
        ],
    )
    def test_keeps_blocks_apart_from_those_before_and_behind(self, text: str, target: str, raw: str) -> None:
        assert written(text, target) == raw
        (segment,) = opened(event(raw)).segments
        assert segment.source == target

    @pytest.mark.parametrize("target", ["", " ", "a\rb", "\0", r"a\Nb", r"{\k1}a{\k2}b", r"{\p1}m 0 0"])
    def test_refuses_what_would_not_be_read_back(self, target: str) -> None:
        document = opened(event("a"))
        with pytest.raises(RefusedTargetError) as caught:
            document.render({document.segments[0].key: target})
        assert caught.value.key == document.segments[0].key

    def test_of_a_sentence_fills_its_events(self) -> None:
        events = [
            event("The moon is"),
            event(r"very\Nlate tonight.", start="0:00:02.00").replace(",0:00:02.00,D", ",0:00:04.00,D"),
        ]
        document = opened(*events, join="1")
        (segment,) = document.segments
        assert segment.source == "The moon is very late tonight."
        assert document.render({segment.key: segment.source}).decode() == HEAD + "".join(events)
        texts = [
            line.split(",", 9)[9]
            for line in document.render({segment.key: "La lune est très en retard."}).decode().splitlines()[-2:]
        ]
        assert texts == ["La lune", "est très en retard."]

    def test_of_a_sentence_in_italics_keeps_the_blocks_of_each_event(self) -> None:
        events = [
            event(r"{\i1}The moon is{\i0}"),
            event(r"{\an8\i1}very late{\i0}", start="0:00:02.00").replace(",0:00:02.00,D", ",0:00:04.00,D"),
        ]
        document = opened(*events, join="1")
        (segment,) = document.segments
        for target, expected in [
            ("La lune est en retard", [r"{\i1}La lune{\i0}", r"{\an8\i1}est en retard{\i0}"]),
            ("Retard", [r"{\i1}Retard{\i0}", r"{\an8\i1}{\i0}"]),
        ]:
            written = FORMAT.open("".join([HEAD, *events]).encode(), options=FRENCH).render({segment.key: target})
            assert [line.split(",", 9)[9] for line in written.decode().splitlines()[-2:]] == expected


@given(
    st.lists(
        st.sampled_from(
            ["{", "}", "{}", r"{\p1}", r"{\p0}", r"{\k9}", r"\N", "a", " ", "m 0", "、", r"{\i1}", r"{\i0}", r"{\b1}"]
        ),
        max_size=9,
    )
)
def test_any_text_is_kept_marked_and_restored(parts: list[str]) -> None:
    text = "".join(parts)
    document = opened(event(text))
    assert document.render({}).decode() == HEAD + event(text)
    for segment in document.segments:
        marked = document.render({segment.key: f"⟦{segment.source}⟧"})
        again = FORMAT.open(marked, options=FormatOptions())
        assert [s.source for s in again.segments] == [f"⟦{segment.source}⟧"]
        assert again.render({segment.key: segment.source}).decode() == HEAD + event(text)


@pytest.mark.parametrize(
    "piece", [r"{\i1}{\i0}", r"{\i1}a{\b0}", "{", r"{\p1", r"{\k1}", "{}", r"\N{", "{a}", "!", "{{"]
)
def test_long_lines_are_read_in_time(piece: str) -> None:
    document = opened(event(piece * 200_000))
    for segment in document.segments:
        assert MARKUP.plain(segment.source) is not None


def test_a_style_named_like_a_further_line_of_another_has_keys_of_its_own() -> None:
    document = opened(event("One.", style="D"), event("Two.", style="D"), event("Three.", style="D#2"))
    assert len({segment.key for segment in document.segments}) == len(document.segments)
    blob = document.render({segment.key: segment.source.upper() for segment in document.segments}).decode()
    assert [line.rpartition(",")[2] for line in blob.splitlines()[-3:]] == ["ONE.", "TWO.", "THREE."]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["When the river was young,", "川がまだ若かった頃、", "Когда река", "강이 아직"])
def test_is_read_in_utf_16_without_a_byte_order_mark(charset: str, text: str) -> None:
    blob = (HEAD + event(text)).encode(charset)
    document = FORMAT.open(blob, options=FormatOptions())
    assert [s.source for s in document.segments] == [text]
    assert document.render({document.segments[0].key: "x"}) == (HEAD + event("x")).encode(charset)


def test_must_have_events() -> None:
    with pytest.raises(FormatError, match="Events"):
        FORMAT.open(b"[Script Info]\n", options=FormatOptions())


@pytest.mark.parametrize(
    ("name", "head", "claim"),
    [
        ("a.ass", HEAD.encode("utf-16"), Confidence.CERTAIN),
        ("a.SSA", b"[v4 styles]", Confidence.CERTAIN),
        ("a.ass", b"text", Confidence.MAYBE),
        ("a.ass", b"PK\x03\x04\x00\x00\xff\xff\x01", Confidence.NONE),
        ("a.txt", HEAD.encode(), Confidence.NONE),
    ],
)
def test_claims(name: str, head: bytes, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), head) is claim
