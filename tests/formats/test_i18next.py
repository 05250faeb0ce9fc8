"""JSON of texts by key: what is a text, how it is written, and which files are others'."""

import json
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack
from translator.core.segment import Role
from translator.formats.i18next import FORMAT

TREES = st.dictionaries(
    st.text(st.sampled_from("ab._\\é"), max_size=3),
    st.recursive(
        st.text(max_size=6) | st.none() | st.integers() | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def opened(text: str | bytes, name: str = "") -> Document:
    blob = text if isinstance(text, bytes) else text.encode()
    return FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))


def keys(text: str) -> list[tuple[str, str]]:
    return [(segment.key, segment.source) for segment in opened(text).segments]


def test_every_string_at_the_end_of_a_path_is_a_text() -> None:
    text = '{"a": "A", "menu": {"file": {"open": "Open"}, "n": 1, "x": null}, "list": ["one", ["two", {"b": "three"}]]}'
    assert [(s.key, s.source, s.scene) for s in opened(text).segments] == [
        ("a", "A", ""),
        ("menu.file.open", "Open", "menu"),
        ("list.0", "one", "list"),
        ("list.1.0", "two", "list"),
        ("list.1.1.b", "three", "list"),
    ]


def test_names_with_full_stops_are_told_apart() -> None:
    text = '{"a.b": "1", "a": {"b": "2"}, "": "3", "c\\\\": "4", "\\\\e": "5"}'
    assert keys(text) == [("a\\.b", "1"), ("a.b", "2"), ("\\e", "3"), ("c\\\\", "4"), ("\\\\e", "5")]


def test_blank_strings_are_no_texts() -> None:
    document = opened('{"a": "", "b": " \\n", "c": {}, "d": []}')
    assert list(document.segments) == []
    assert document.notices
    assert not opened('{"a": "x"}').notices


@pytest.mark.parametrize(
    ("name", "form"),
    [("a_one", "one"), ("a_other", "other"), ("a_plural", "plural"), ("a_0", "0"), ("a_male", "male"),
     ("a_ordinal_two", "ordinal_two"), ("a_b", None), ("one", None)],
)  # fmt: skip
def test_plurals_and_contexts_are_notes(name: str, form: str | None) -> None:
    assert opened(json.dumps({name: "x"})).segments[0].notes == ((f"form: {form}",) if form else ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Hello {{name}}, {{- raw}}", ["{{name}}", "{{- raw}}"]),
        ("see $t(a.b) and $t(key, f(1))", ["$t(a.b)", "$t(key, f(1))"]),
        ("{who} %s %(n)s %{m} &amp;", ["{who}", "%s", "%(n)s", "%{m}", "&amp;"]),
        ("<0>bold</0><br/>", ["<0>", "</0>", "<br/>"]),
        ("{n, plural, one {# lamp} other {lamps}}", ["{n, plural, one {", "#", "} other {", "}", "}"]),
    ],
)
def test_placeholders_are_markup(text: str, codes: list[str]) -> None:
    assert FORMAT.info.markup.codes(text) == codes


def test_roles_are_guessed() -> None:
    roles = [s.role for s in opened('{"a": "「やあ」", "b": "Open", "c": "It is open now."}').segments]
    assert roles == [Role.DIALOGUE, Role.TERM, Role.DESCRIPTION]


def test_links_files_and_colours_are_held_back() -> None:
    document = opened(
        '{"a": "https://a.org", "b": "img/a.png", "c": "#ffcc00", "d": "Mr.T", "e": "a@b.org", "f": "1:2"}'
    )
    assert isinstance(document, HoldsBack)
    assert [(held.place, held.reason) for held in document.held_back()] == [
        ("a", "link"), ("b", "file name"), ("c", "colour"), ("e", "link"),
    ]  # fmt: skip
    assert [segment.key for segment in document.segments] == ["d", "f"]


def test_of_an_extension_only_messages_are_texts() -> None:
    text = '{"a": {"message": "Hi", "description": "a greeting"}}'
    document = opened(text, "_locales/en/messages.json")
    assert [segment.key for segment in document.segments] == ["a.message"]
    assert isinstance(document, HoldsBack)
    assert [held.reason for held in document.held_back()] == ["for translators only"]
    assert len(opened(text, "locales/en/messages.json").segments) == 2


def test_scenes_are_the_outermost_names() -> None:
    text = '{"a.b": {"x": "1", "y": {"z": "2"}}, "": ["3"], "a": {"": "4"}, "top": "5"}'
    assert [(s.key, s.scene) for s in opened(text).segments] == [
        ("a\\.b.x", "a.b"),
        ("a\\.b.y.z", "a.b"),
        ("\\e.0", ""),
        ("a.\\e", "a"),
        ("top", ""),
    ]


@pytest.mark.parametrize(
    ("text", "key", "target", "expected"),
    [
        ('{ "a" :\t"x" }\r\n', "a", 'say "y"\n', '{ "a" :\t"say \\"y\\"\\n" }\r\n'),
        ('\ufeff{"a":"x"}', "a", "あ", '\ufeff{"a":"あ"}'),
        ('{"a":"\\u3042"}', "a", "い", '{"a":"\\u3044"}'),
        ('{"a":"\\u3042","b":"あ","c":"x"}', "c", "い", '{"a":"\\u3042","b":"あ","c":"い"}'),
        ('{"a":"and\\/or"}', "a", "x/y", '{"a":"x\\/y"}'),
        ('{"a":"1","a":"2"}', "a", "3", '{"a":"1","a":"3"}'),
        ('{"a":{"b":"1"},"a":{"b":"2"}}', "a.b", "3", '{"a":{"b":"1"},"a":{"b":"3"}}'),
        ('{"a":["1",["2"]],"b":{"x":["y"]}}', "a.1.0", "3", '{"a":["1",["3"]],"b":{"x":["y"]}}'),
        ('{"a":"x"}', "a", "x", '{"a":"x"}'),
        ('{"a":"x"}', "a", "", '{"a":""}'),
    ],
)
def test_a_text_is_spliced(text: str, key: str, target: str, expected: str) -> None:
    assert opened(text).render({key: target}).decode() == expected


@given(tree=TREES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_what_is_written_is_read_back(tree: dict[str, object], ascii_only: bool, indent: int | None) -> None:  # noqa: FBT001
    try:
        blob = json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode()
    except UnicodeEncodeError:
        return
    document = opened(blob)
    assert document.render({}) == blob
    assert document.render({s.key: s.source for s in document.segments}) == blob
    targets = {s.key: f"訳{number}\n" for number, s in enumerate(document.segments)}
    assert {s.key: s.source for s in opened(document.render(targets)).segments} == targets


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0), ('"a"', 0), ('{"a": "x"', 9), ('{"あ": "x"} y', 13), ('{"a": NaN}', 6),
        ('{"a":' * 100_000, 999 * 5), ('{"a":[' * 100_000, 499 * 6 + 5), (b'{"a": "\xff"}', 7), ("\ufeff", 3),
    ],
)  # fmt: skip
def test_what_is_no_such_json_is_refused(text: str | bytes, offset: int) -> None:
    with pytest.raises(FormatError) as caught:
        opened(text)
    assert caught.value.offset == offset


@pytest.mark.parametrize("charset", ["cp932", "utf-16"])
def test_other_charsets_are_refused(charset: str) -> None:
    with pytest.raises(FormatError, match="JSON is UTF-8"):
        FORMAT.open(b'{"a": "x"}', options=FormatOptions(charset=charset))
    assert FORMAT.open(b'{"a": "x"}', options=FormatOptions(charset="UTF_8")).segments


TEXT = '{"a": "x"}'


@pytest.mark.parametrize(
    ("name", "text", "confidence"),
    [
        ("locales/ja/menu.json", TEXT, Confidence.LIKELY),
        ("src/i18n/pt-BR.json", "\ufeff" + TEXT, Confidence.LIKELY),
        ("ja.json", TEXT, Confidence.LIKELY),
        ("x/zh_Hans.json", TEXT, Confidence.LIKELY),
        ("x/ja.json", TEXT, Confidence.NONE),
        ("x/translation.json", TEXT, Confidence.MAYBE),
        ("x/data.json", TEXT, Confidence.NONE),
        ("locales/ja/package.json", TEXT, Confidence.NONE),
        ("locales/ja/settings.json", TEXT, Confidence.NONE),
        ("ManualTransFile.json", TEXT, Confidence.NONE),
        ("locales/ja/manifest.json", TEXT, Confidence.NONE),
        ("lang/en.json", '{"scenes": {}, "charas": {}}', Confidence.NONE),
        ("i18n/ja.json", '{"gameTitle": "x"}', Confidence.NONE),
        ("locales/ja/a.json", '[null, {"id": 1}]', Confidence.NONE),
        ("locales/ja/a.txt", TEXT, Confidence.NONE),
        ("data/Map001.json", TEXT, Confidence.NONE),
    ],
)
def test_what_is_claimed(name: str, text: str, confidence: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), text.encode()) is confidence
