"""Projects of Translator++: which rows are texts, which column is the translation, how cells are written."""

import json
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.segment import Role, Segment
from translator.formats.translator_plus_plus import FORMAT


def project(*rows: object, **table: object) -> str:
    file = {"data": list(rows), **table}
    return json.dumps(
        {"project": {"indexOriginal": 0, "indexTranslation": 1, "files": {"f": file}}}, ensure_ascii=False
    )


def opened(text: str) -> Document:
    return FORMAT.open(text.encode(), options=FormatOptions(name=PurePath("game.trans")))


def rows(blob: bytes) -> object:
    return json.loads(blob)["project"]["files"]["f"]["data"]


def only(text: str) -> Segment:
    (segment,) = opened(text).segments
    return segment


@pytest.mark.parametrize(
    ("row", "target"),
    [
        (["剣"], None),
        (["剣", None, None], None),
        (["剣", "", None], None),
        (["剣", "一", None, None], "一"),
        (["剣", "一", None, "三", None], "三"),
        (["剣", "一", "", "三", ""], "三"),
        (["剣", 5], None),
    ],
)
def test_the_last_filled_column_is_the_translation(row: list[object], target: str | None) -> None:
    assert only(project(row)).target == target


@pytest.mark.parametrize(
    ("row", "written"),
    [
        (["剣", None, None], ["剣", "新", None]),
        (["剣", ""], ["剣", "新"]),
        (["剣"], ["剣", "新"]),
        (["剣", "一", "二", None], ["剣", "一", "新", None]),
    ],
)
def test_a_translation_is_written_where_one_stands_else_into_the_first_column(
    row: list[object], written: object
) -> None:
    assert rows(opened(project(row)).render({"f: 剣": "新"})) == [written]


def test_columns_are_those_that_the_project_names() -> None:
    text = json.dumps(
        {
            "project": {
                "indexOriginal": 1,
                "indexTranslation": 3,
                "files": {"f": {"data": [["id", "剣"], ["id", "盾", None, "盾牌"]]}},
            }
        }
    )
    document = opened(text)
    assert [(s.source, s.target) for s in document.segments] == [("剣", None), ("盾", "盾牌")]
    assert rows(document.render({"f: 剣": "剑"})) == [["id", "剣", None, "剑"], ["id", "盾", None, "盾牌"]]


@pytest.mark.parametrize("last", [None, ""])
def test_a_translation_that_is_taken_away_leaves_what_the_column_has_elsewhere(last: str | None) -> None:
    text = project(["剣", "剑", None], ["盾", "盾牌", None], [None, last, None])
    assert rows(opened(text).render({"f: 剣": ""})) == [["剣", last, None], ["盾", "盾牌", None], [None, last, None]]


def test_a_translation_before_another_cannot_be_taken_away_alone() -> None:
    with pytest.raises(RefusedTargetError):
        opened(project(["剣", "一", "二"])).render({"f: 剣": ""})


@pytest.mark.parametrize("tags", [["red"], ["blue"], [["red"]], ["green", "red"]])
def test_red_and_blue_rows_are_held_back(tags: list[object]) -> None:
    document = opened(project(["剣", None], ["盾", None], tags=[tags]))
    assert [s.source for s in document.segments] == ["盾"]
    assert isinstance(document, HoldsBack)
    assert [(held.text, held.reason) for held in document.held_back()] == [("剣", "tagged as not to be translated")]


@pytest.mark.parametrize("tags", [[], None, ["green"], ["gold"], "x"])
def test_other_rows_are_texts(tags: object) -> None:
    assert only(project(["剣", None], tags=[tags])).source == "剣"


@pytest.mark.parametrize(
    "context",
    [
        "Map001/events/3/name",
        "CommonEvents/5/name",
        "Animations/1/name",
        "Tilesets/2/name/",
        "MapInfos/1/name",
        "Troops/3/name",
        "Items/1/note",
        "Map001/events/1/note",
        "Map001/events/1/pages/0/list/3/Plugin Command",
        "CommonEvents/1/list/0/Script",
        "Map001/events/1/pages/0/list/3/Script Header",
        "Map001/events/1/pages/0/0/InlineScript/1:2",
        "Scripts/Game_Party/3:4",
        "Map001/events/1/pages/0/list/2/Control Variables/var:1-1",
    ],
)
def test_code_and_what_no_player_sees_is_held_back(context: str) -> None:
    assert list(opened(project(["剣", None], context=[[context]])).segments) == []
    assert only(project(["剣", None], context=[[context, "Items/1/name"]])).source == "剣"


@pytest.mark.parametrize(
    ("context", "role"),
    [
        ("Map001/events/1/pages/0/list/2/message/noPicture/bottom", Role.DIALOGUE),
        ("Map001/events/1/pages/2/0/Dialogue", Role.DIALOGUE),
        ("CommonEvents/1/list/9/Choice", Role.CHOICE),
        ("Map001/events/1/pages/0/1/Choice/0", Role.CHOICE),
        ("Items/1/name/", Role.NAME),
        ("Actors/1/nickname", Role.NAME),
        ("Map001/display_name/", Role.NAME),
        ("Armors/2/description", Role.DESCRIPTION),
        ("System/terms/commands/3", Role.TERM),
        ("Skills/1/message1", Role.TERM),
        ("Scripts/Vocab/1:2", Role.TERM),
    ],
)
def test_a_context_tells_the_role(context: str, role: Role) -> None:
    assert only(project(["剣", None], context=[[context]])).role is role


def test_parameters_tell_who_speaks() -> None:
    named = project(["「やあ」", None], parameters=[[{"headerIndex": 1}, {"rowInfoText": "\\C[2]咲\\C[0]"}]])
    assert only(named).speaker == "咲"
    assert only(project(["「やあ」", None], parameters=[[{"rowInfoText": "\\v[263]"}]])).speaker is None
    assert only(project(["「やあ」", None], parameters=[{"CONTEXT": ["x"]}])).speaker is None


def test_keys_are_the_file_and_the_original_and_scenes_are_files() -> None:
    document = opened(project(["同じ\r\n文", None], ["同じ\r\n文", None]))
    assert [(s.key, s.scene) for s in document.segments] == [("f: 同じ\\r\\n文", "f"), ("f: 同じ\\r\\n文#2", "f")]


def test_breaks_are_written_as_the_original_has_them() -> None:
    blob = opened(project(["一\r\n二", None])).render({"f: 一\\r\\n二": "1\n2\n3"})
    assert rows(blob) == [["一\r\n二", "1\r\n2\r\n3"]]


def test_odd_tables_are_passed_over() -> None:
    text = '{"project": {"files": {"a": {"data": "x"}, "b": {}, "c": 3, "d": {"data": [7, [], [null], [" "], {}]}}}}'
    document = opened(text)
    assert list(document.segments) == []
    assert document.notices
    assert document.render({}) == text.encode()


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"project": []}', '{"project": {"files": []}}', '{"project": {"fil', "x"]
)
def test_what_is_no_project_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


def test_strings_of_scripts_are_shown_without_their_quotation_marks() -> None:
    context = [["Scripts/Vocab/3:4"]]
    text = project(['"買う \\"%s\\""', None], context=context)
    (segment,) = opened(text).segments
    assert (segment.source, segment.target) == ('買う "%s"', None)
    assert rows(opened(text).render({segment.key: 'Buy "%s"'})) == [['"買う \\"%s\\""', '"Buy \\"%s\\""']]
    assert only(project(["'買う'", "'Buy'"], context=context)).target == "Buy"
    bare = project(["'買う'", "Buy"], context=context)
    assert (only(bare).source, only(bare).target) == ("買う", "Buy")
    assert rows(opened(bare).render({"f: '買う'": "Buy"})) == [["'買う'", "Buy"]]
    assert rows(opened(bare).render({"f: '買う'": "Buy it"})) == [["'買う'", "'Buy it'"]]
    assert only(project(['"買う"', None], context=[["Map001/events/1/pages/0/0/Dialogue"]])).source == '"買う"'
    for target in ("a\\", 'a\\"b'):
        with pytest.raises(RefusedTargetError):
            opened(text).render({segment.key: target})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["剣", "盾\r\n牌", "鎧"]),
            st.lists(st.sampled_from([None, "", "訳", "訳\n文", 3]), max_size=4),
        ).map(lambda pair: [pair[0], *pair[1]]),
        max_size=5,
    ),
    st.sampled_from([None, 1]),
    st.text(st.sampled_from('a"\\\n字'), min_size=1, max_size=6),
)
def test_what_is_written_is_read(table: list[list[object]], indent: int | None, target: str) -> None:
    text = json.dumps({"project": {"files": {"f": {"data": table}}}}, ensure_ascii=False, indent=indent)
    document = opened(text)
    assert document.render({}) == text.encode()
    blob = document.render({s.key: target for s in document.segments})
    again = opened(blob.decode())
    assert [(s.key, s.source, s.target) for s in again.segments] == [
        (s.key, s.source, target) for s in document.segments
    ]
    for old, new in zip(table, json.loads(blob)["project"]["files"]["f"]["data"], strict=True):
        assert sum(a != b for a, b in zip(old, new[: len(old)], strict=True)) <= 1


@pytest.mark.parametrize(
    ("name", "text", "claim"),
    [
        ("game.trans", '{"data":[[null]],"project":{"indexOriginal":0,"files":{', Confidence.CERTAIN),
        ("dump.trans", '{"project":{"files":{"main":{"data":[', Confidence.CERTAIN),
        ("game.json", '{"project":{"indexTranslation":1,"files":{', Confidence.CERTAIN),
        ("game.trans", '{"data":["' + "x" * 70_000, Confidence.LIKELY),
        ("game.json", '{"project":{"name":"x","files":{', Confidence.NONE),
        ("book.trans", "A translation.", Confidence.NONE),
        ("old.trans", '{"a":"b"}', Confidence.NONE),
    ],
)
def test_projects_are_claimed_and_other_files_are_not(name: str, text: str, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), text.encode()[: 64 * 1024]) is claim
