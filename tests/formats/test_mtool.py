"""Pairs of text and translation: what is a text, what is translated, and which files are others'."""

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
    TakesNamed,
)
from translator.formats.mtool import FORMAT


def opened(text: str | bytes, name: str = "ManualTransFile.json") -> Document:
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))


def sniffed(name: str, text: str) -> Confidence:
    return FORMAT.sniff(PurePath(name), text.encode())


def test_a_text_that_stands_for_itself_or_for_nothing_is_not_translated() -> None:
    document = opened('{"剣": "剣", "盾": "盾牌", "空": "", "無": null}')
    assert [(s.key, s.source, s.target) for s in document.segments] == [
        ("剣", "剣", None),
        ("盾", "盾", "盾牌"),
        ("空", "空", None),
        ("無", "無", None),
    ]


def test_only_values_are_written() -> None:
    assert (
        opened('{ "剣" : "剣",\r\n"盾":null}').render({"剣": "剑", "盾": "盾牌"})
        == '{ "剣" : "剑",\r\n"盾":"盾牌"}'.encode()
    )


def test_a_translation_that_is_taken_away_leaves_the_text_for_itself() -> None:
    assert opened('{"剣": "剑", "盾": "盾"}').render({"剣": ""}) == '{"剣": "剣", "盾": "盾"}'.encode()


def test_a_translation_that_is_taken_away_is_empty_where_others_are() -> None:
    assert opened('{"剣": "剑", "盾": ""}').render({"剣": ""}) == '{"剣": "", "盾": ""}'.encode()


def test_breaks_are_line_feeds_and_written_as_the_text_has_them() -> None:
    text = '{"「一\\n\\r\\n　二」": "「一\\n\\r\\n　二」"}'
    (segment,) = opened(text).segments
    assert segment.source == "「一\n\n　二」"
    written = json.loads(opened(text).render({segment.key: "“1\n\n2\n3”"}))
    assert list(written.values()) == ["“1\n\r\n2\r\n3”"]


def test_numbers_signs_files_and_links_are_held_back() -> None:
    document = opened(
        '{"1": "1", "…": "…", "a/b.png": "a/b.png", "https://x.org": "", "#fff": "#fff", "数": 3, "": ""}'
    )
    assert list(document.segments) == []
    assert isinstance(document, HoldsBack)
    assert [held.text for held in document.held_back()] == ["1", "…", "a/b.png", "https://x.org", "#fff", "数"]
    assert document.notices


def test_of_a_text_that_stands_twice_the_last_is_written() -> None:
    document = opened('{"剣": "一", "剣": "二"}')
    assert [(s.key, s.target) for s in document.segments] == [("剣", "二")]
    assert document.render({"剣": "三"}) == '{"剣": "一", "剣": "三"}'.encode()


def test_texts_that_differ_in_their_breaks_only_are_two() -> None:
    document = opened('{"一\\n二": "", "一\\r\\n二": ""}')
    assert [s.key for s in document.segments] == ["一\\n二", "一\\r\\n二"]
    assert document.render({"一\\r\\n二": "1\n2"}) == '{"一\\n二": "", "一\\r\\n二": "1\\r\\n2"}'.encode()


def test_escapes_are_written_as_the_file_has_them() -> None:
    assert opened('{"\\u3042": "\\u3042"}').render({"あ": "啊"}) == b'{"\\u3042": "\\u554a"}'


def test_halves_of_characters_are_read_and_written() -> None:
    document = opened('{"半 \\ud800": "半 \\ud800"}')
    (segment,) = document.segments
    assert segment.key == "半 \ufffd"
    assert document.render({segment.key: "x \ud800"}) == '{"半 \\ud800": "x \\ud800"}'.encode()


@pytest.mark.parametrize("target", ["a\rb", "  ", "\u3000"])
def test_what_would_be_read_otherwise_is_refused(target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened('{"剣": "剣"}').render({"剣": target})


@given(
    st.dictionaries(st.text(min_size=1, max_size=6).map(lambda s: f"字{s}"), st.text(max_size=6), max_size=5),
    st.text(max_size=8).map(lambda s: f"訳{s}".replace("\r", "")),
    st.sampled_from([None, 1, "\t"]),
)
def test_what_is_written_is_read(pairs: dict[str, str], target: str, indent: int | str | None) -> None:
    blob = json.dumps(pairs, indent=indent).encode("utf-8", "surrogatepass")
    document = opened(blob)
    assert document.render({}) == blob
    again = opened(document.render({s.key: target for s in document.segments}))
    assert [s.key for s in again.segments] == [s.key for s in document.segments]
    assert all((s.source if s.target is None else s.target) == target for s in again.segments)


@pytest.mark.parametrize(
    ("name", "text", "claim"),
    [
        ("ManualTransFile.json", '{"a": "a"}', Confidence.CERTAIN),
        ("ManualTransFile(1).json", '{"1": "1"', Confidence.CERTAIN),
        ("transDic.output.json", "{}", Confidence.CERTAIN),
        ("game.json", '{"剣": "剣", "1": "1"}', Confidence.LIKELY),
        ("game.json", '{"New Game": "New Game", "Yes": "Yes", "No": "No", "x": "y"}', Confidence.LIKELY),
        ("locales/ja.json", '{"剣": "剑"}', Confidence.MAYBE),
        ("ja.json", '{"剣": "剑"}', Confidence.MAYBE),
        ("game.json", '{"menu": "メニュー", "start": "開始", "end": "終了"}', Confidence.NONE),
        ("package.json", '{"name": "game", "version": "1.0.0", "main": "index.html"}', Confidence.NONE),
        ("tsconfig.json", '{"compilerOptions": {"strict": true}}', Confidence.NONE),
        ("data/Map001.json", '{"displayName": "森", "note": "", "events": [null]}', Confidence.NONE),
        ("lang/zh.json", '{"scenes": {"first.ks": {}}}', Confidence.NONE),
        ("game.json", '["剣", "盾"]', Confidence.NONE),
        ("subs.json", json.dumps({chr(0x4E00 + n): chr(0x5E00 + n) for n in range(20)}), Confidence.NONE),
        ("game.txt", '{"剣": "剣"}', Confidence.NONE),
        ("game.json", '{"1": "1", "2": "2", "3": "3"}', Confidence.NONE),
        ("colors.json", '{"赤": "#ff0000", "青": "#0000ff", "緑": "#00ff00"}', Confidence.NONE),
        ("links.json", '{"公式": "https://x.org", "店": "https://y.org"}', Confidence.NONE),
        ("prices.json", '{"剣": "100", "盾": "80"}', Confidence.NONE),
        ("icons.json", '{"剣": "img/sword.png", "盾": "img/shield.png"}', Confidence.NONE),
        ("game.json", '{"剣": "", "赤": "#ff0000", "盾": "盾牌"}', Confidence.LIKELY),
    ],
)
def test_pairs_are_claimed_and_other_json_is_not(name: str, text: str, claim: Confidence) -> None:
    assert sniffed(name, text) is claim


@pytest.mark.parametrize("text", ["[]", '"x"', "3", '{"a": "b"', "{'a': 1}", ""])
def test_what_holds_no_pairs_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


def test_other_charsets_are_refused() -> None:
    with pytest.raises(FormatError):
        opened('{"剣": "剣"}'.encode("cp932"))


@pytest.mark.parametrize(
    ("name", "text", "taken"),
    [
        ("a.json", '{"Sword": "Schwert", "Shield": ""}', True),
        ("a.json", '{"剣": null}', True),
        ("a.json", '{"menu.start": "Start", "title": "Sword"}', False),
        ("a.json", '{"MENU_START": "Start"}', False),
        ("a.json", '{"Sword": {"name": "Sword"}}', False),
        ("a.json", '{"1": "1"}', False),
        ("a.json", "[]", False),
        ("a.txt", '{"Sword": "Schwert"}', False),
    ],
)
def test_pairs_that_nothing_shows_to_be_such_are_read_where_a_person_names_them(
    name: str,
    text: str,
    taken: bool,  # noqa: FBT001
) -> None:
    assert isinstance(FORMAT, TakesNamed)
    assert FORMAT.takes(PurePath(name), text.encode()) is taken
