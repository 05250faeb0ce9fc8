"""SExtractor's texts: two lines a text, lines, lists of texts and of pairs."""

import json
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import (
    Confidence,
    Document,
    FormatError,
    FormatOptions,
    HoldsBack,
    RefusedTargetError,
    UnencodableError,
)
from translator.core.segment import Role
from translator.formats.sextractor import FORMAT

TWO = "☆000001☆夜だ。\n★000001★夜だ。\n\n☆000002☆咲☆「一\\r\\n二」\n★000002★Saki★「1」\n"


def opened(text: str | bytes, name: str = "transDic.txt") -> Document:
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))


def test_two_lines_are_a_text_and_its_translation() -> None:
    assert [(s.key, s.source, s.target, s.role, s.speaker) for s in opened(TWO).segments] == [
        ("000001", "夜だ。", None, Role.NARRATION, None),
        ("000002.name", "咲", "Saki", Role.NAME, None),
        ("000002", "「一\n二」", "「1」", Role.DIALOGUE, "咲"),
    ]


def test_only_the_second_line_is_written_and_breaks_are_written_out() -> None:
    written = TWO.replace("★夜だ。", "★It is\\r\\nnight.").replace("Saki", "SAKI").replace("「1」", "「一」\\r\\n")
    targets = {"000001": "It is\nnight.", "000002.name": "SAKI", "000002": "「一」\n"}
    assert opened(TWO).render(targets) == written.encode()


def test_a_translation_that_is_taken_away_leaves_the_original() -> None:
    assert opened(TWO).render({"000002": ""}) == TWO.replace("「1」", "「一\\r\\n二」").encode()


@pytest.mark.parametrize(
    ("key", "target"),
    [("000001", "星★"), ("000002.name", "★"), ("000001", "a\\r\\nb"), ("000001", "a\rb"), ("000001", "a\0b")],
)
def test_what_would_be_read_otherwise_is_refused(key: str, target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened(TWO).render({key: target})


def test_signs_in_a_text_behind_a_name_stay() -> None:
    text = "☆1☆咲☆星☆だ☆\n★1★咲★星★だ\n"
    assert [(s.source, s.target) for s in opened(text).segments] == [("咲", None), ("星☆だ☆", "星★だ")]
    assert opened(text).render({"1": "★a★"}) == "☆1☆咲☆星☆だ☆\n★1★咲★★a★\n".encode()


def test_an_original_without_a_line_for_its_translation_is_held_back() -> None:
    document = opened("☆1☆一\n☆2☆二\n★2★二\n☆3☆三\n★4★三\n☆5☆名☆五\n★5★五\n☆6☆a.png\n★6★a.png\n")
    assert [s.key for s in document.segments] == ["2"]
    assert isinstance(document, HoldsBack)
    assert [held.place for held in document.held_back()] == ["1", "3", "5", "6"]


@pytest.mark.parametrize(("open_sign", "sign"), [("○", "●"), ("◇", "◆"), ("△", "▲"), ("□", "■")])
def test_other_signs_are_read_the_same_way(open_sign: str, sign: str) -> None:
    text = f"{open_sign}00a{open_sign}夜だ。\r\n{sign}00a{sign}夜だ。\r\n"
    assert FORMAT.sniff(PurePath("a.txt"), text.encode()) is Confidence.CERTAIN
    assert opened(text).render({"00a": "x"}) == text.replace(f"{sign}夜だ。", f"{sign}x").encode()


@pytest.mark.parametrize(
    "text",
    [
        "○00001|00000E|003○ 夜だ。\n●00001|00000E|003● Night.\n",
        "☆TEXT|0☆夜だ。\n★TEXT|0★Night.\n",
        "#NOTTRANS\n☆0☆☆夜だ。\n★0★★Night.\n",
        "// remark\n\n☆000000T☆夜だ。\n★000000T★Night.\n",
    ],
)
def test_numbers_of_other_tools_and_remarks_are_no_matter(text: str) -> None:
    assert FORMAT.sniff(PurePath("a.txt"), text.encode()) is Confidence.CERTAIN
    (segment,) = opened(text).segments
    assert (segment.source.strip(), (segment.target or "").strip()) == ("夜だ。", "Night.")
    assert opened(text).render({segment.key: "x"}).decode() == text.replace(segment.target or "", "x")


def test_what_kind_of_text_it_is_is_no_speaker() -> None:
    text = "◇1◇name◇咲\n◆1◆name◆咲\n◇2◇msg◇夜だ。\n◆2◆msg◆夜だ。\n"
    document = opened(text)
    assert [(s.key, s.source, s.role, s.speaker) for s in document.segments] == [
        ("1", "咲", Role.NAME, None),
        ("2", "夜だ。", Role.NARRATION, None),
    ]
    assert document.render({"1": "Saki", "2": "a◆b"}).decode() == text.replace("◆咲", "◆Saki").replace(
        "◆夜だ。", "◆a◆b"
    )


def test_a_novel_with_such_signs_is_none_of_these_files() -> None:
    for text in ("☆1☆夜だ。\n☆2☆朝だ。\n", "★第一章★\n夜だ。\n", "☆1☆夜だ。\n●1●朝だ。\n"):
        assert FORMAT.sniff(PurePath("a.txt"), text.encode()) is Confidence.NONE


def test_the_charset_of_two_lines_stays() -> None:
    blob = "○1○霧の夜だった。灯りが消えた。\n●1●霧の夜だった。灯りが消えた。\n".encode("cp932")
    assert opened(blob).render({"1": "朝"}) == "○1○霧の夜だった。灯りが消えた。\n●1●朝\n".encode("cp932")
    with pytest.raises(UnencodableError):
        opened(blob).render({"1": "这"})


def test_a_charset_that_could_not_be_told_any_more_is_refused() -> None:
    text = "○1○霧の夜だった。灯りが消えた。\n●1●\n".encode("cp932")
    assert opened(text).render({"1": "霧"}).decode("cp932").endswith("●霧\n")
    with pytest.raises(RefusedTargetError):
        opened(text).render({"1": "ﾊ" * 2000})


def test_lines_keep_their_number() -> None:
    document = opened("咲\n\n「やあ」\n", "all.orig.txt")
    assert [(s.key, s.source, s.role) for s in document.segments] == [
        ("line 1", "咲", Role.NARRATION),
        ("line 3", "「やあ」", Role.DIALOGUE),
    ]
    assert document.render({"line 3": "“Hi”"}) == "咲\n\n“Hi”\n".encode()
    for target in ("a\nb", "", " ", "☆1☆a"):
        with pytest.raises(RefusedTargetError):
            document.render({"line 1": target})


def test_in_a_list_of_texts_translations_take_their_places() -> None:
    document = opened('["咲", "", "一\\r\\n二", 3]', "all.orig.json")
    assert [(s.key, s.source, s.target) for s in document.segments] == [("0", "咲", None), ("2", "一\n二", None)]
    assert document.render({"2": "1\n2", "0": "Saki"}) == b'["Saki", "", "1\\r\\n2", 3]'


def test_of_two_pairs_the_first_is_the_speaker() -> None:
    text = '[{"咲": "咲", "「一」": "「1」"}, {"夜だ。": ""}, {"100": "100"}, {"x": 3}]'
    document = opened(text, "transDic.json")
    assert [(s.key, s.source, s.target, s.role, s.speaker) for s in document.segments] == [
        ("0.0", "咲", None, Role.NAME, None),
        ("0.1", "「一」", "「1」", Role.DIALOGUE, "咲"),
        ("1", "夜だ。", None, Role.NARRATION, None),
    ]
    written = '[{"咲": "Saki", "「一」": "「1」"}, {"夜だ。": "Night."}, {"100": "100"}, {"x": 3}]'
    assert document.render({"0.0": "Saki", "1": "Night."}) == written.encode()


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["咲", "一\r\n二", "1", "a.png"]), st.text(max_size=3), max_size=2), max_size=4
    ),
    st.text(st.sampled_from('a"\\\n字'), min_size=1, max_size=5),
)
def test_what_is_written_into_pairs_is_read(entries: list[dict[str, str]], target: str) -> None:
    text = json.dumps(entries)
    document = opened(text, "transDic.json")
    assert document.render({}) == text.encode()
    again = opened(document.render({s.key: target for s in document.segments}), "transDic.json")
    assert [s.key for s in again.segments] == [s.key for s in document.segments]
    assert all(s.target == target for s in again.segments)


@given(st.text(st.sampled_from("a\\rn☆★ 字\n"), max_size=8), st.text(st.sampled_from("a★☆ 字\n"), max_size=6))
def test_what_is_written_into_two_lines_is_read_or_refused(source: str, target: str) -> None:
    text = f"☆1☆字{source}\n★1★\n".replace("字\n", "字 ")
    document = opened(text)
    for segment in document.segments:
        try:
            blob = document.render({segment.key: target})
        except RefusedTargetError:
            continue
        again = {s.key: s for s in opened(blob).segments}
        assert (again[segment.key].target or again[segment.key].source) == (target or segment.source)


@pytest.mark.parametrize(
    ("name", "text", "claim"),
    [
        ("a.txt", TWO, Confidence.CERTAIN),
        ("all.orig.txt", "夜だ。\n咲\n", Confidence.CERTAIN),
        ("book.txt", "夜だ。\n☆1☆\n", Confidence.NONE),
        ("book.txt", "☆1☆夜\n★2★夜\n", Confidence.NONE),
        ("all.orig.json", '["Hi", ""]', Confidence.CERTAIN),
        ("a.json", '["夜だ。", "咲"]', Confidence.LIKELY),
        ("a.json", '["one", "two"]', Confidence.NONE),
        ("a.json", '[{"咲": "咲"}, {"咲": "咲", "一": "一"}]', Confidence.LIKELY),
        ("transDic.json", '[{"a": "b"}]', Confidence.CERTAIN),
        ("a.json", '[{"咲": "x", "凪": "y", "舞": "z"}]', Confidence.NONE),
        ("a.json", '[{"message": "夜だ。"}]', Confidence.NONE),
        ("a.json", '[{"id": 1}]', Confidence.NONE),
        ("a.json", "[]", Confidence.NONE),
        ("data/Items.json", '[null, {"id": 1, "name": "剣"}]', Confidence.NONE),
    ],
)
def test_its_own_files_are_claimed_and_others_are_not(name: str, text: str, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), text.encode()) is claim


@pytest.mark.parametrize(("name", "text"), [("a.json", "{}"), ("a.json", "["), ("a.txt", '["x"')])
def test_what_is_no_list_is_refused(name: str, text: str) -> None:
    with pytest.raises(FormatError):
        opened(text, name)
