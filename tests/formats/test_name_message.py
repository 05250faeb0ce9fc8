"""Names and messages: who speaks, what is written, and which lists are others'."""

import json
import time
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.document import Confidence, Document, FormatError, FormatOptions, RefusedTargetError, TakesNamed
from translator.core.segment import Role
from translator.formats.name_message import FORMAT


def opened(text: str) -> Document:
    return FORMAT.open(text.encode(), options=FormatOptions(name=PurePath("scene.json")))


def test_a_name_is_a_text_and_the_speaker_of_its_message() -> None:
    document = opened(
        '[{"name": "咲", "message": "「やあ」"}, {"message": "夜だ。"}, {"names": ["咲", "凪"], "message": "はい"}]'
    )
    assert [(s.key, s.source, s.role, s.speaker, s.binding) for s in document.segments] == [
        ("0.name", "咲", Role.NAME, None, "name"),
        ("0.message", "「やあ」", Role.DIALOGUE, "咲", None),
        ("1.message", "夜だ。", Role.NARRATION, None, None),
        ("2.names.0", "咲", Role.NAME, None, "name"),
        ("2.names.1", "凪", Role.NAME, None, "name"),
        ("2.message", "はい", Role.DIALOGUE, "咲、凪", None),
    ]


def test_translations_take_the_places_of_the_texts() -> None:
    text = '[\n {"name": "咲", "message": "一", "ref": "咲"},\n {"names": ["凪"], "message": "二"}\n]'
    targets = {"0.name": "Saki", "0.message": "1", "1.names.0": "Nagi", "1.message": "2"}
    written = '[\n {"name": "Saki", "message": "1", "ref": "咲"},\n {"names": ["Nagi"], "message": "2"}\n]'
    assert opened(text).render(targets) == written.encode()


def test_the_break_of_a_message_stays_what_it_is() -> None:
    text = '[{"message": "一\\r\\n二"}, {"message": "三"}, {"message": "四\\n五"}]'
    assert [s.source for s in opened(text).segments] == ["一\n二", "三", "四\n五"]
    written = json.loads(opened(text).render({"0.message": "1\n2\n3", "1.message": "4\n5", "2.message": "6\n7"}))
    assert [entry["message"] for entry in written] == ["1\r\n2\r\n3", "4\r\n5", "6\n7"]


def test_blank_and_absent_texts_are_none() -> None:
    text = '[{"name": "", "message": "一"}, {"name": null, "message": null}, {"message": " "}, {"name": "凪"}, 7, []]'
    assert [s.key for s in opened(text).segments] == ["0.message", "3.name"]
    assert opened('[{"message": ""}]').notices


@pytest.mark.parametrize(
    ("key", "target"), [("0.name", "a\nb"), ("0.name", ""), ("0.message", " "), ("0.message", "a\rb")]
)
def test_what_would_be_read_otherwise_is_refused(key: str, target: str) -> None:
    with pytest.raises(RefusedTargetError):
        opened('[{"name": "咲", "message": "一"}]').render({key: target})


def test_a_message_of_very_many_voices_takes_the_time_of_its_length() -> None:
    began = time.perf_counter()
    text = json.dumps([{"names": ["咲"] * 100_000, "message": "一"}])
    assert len(list(opened(text).segments)) == 100_001
    assert time.perf_counter() - began < 20


@given(
    st.lists(
        st.fixed_dictionaries(
            {"message": st.text(max_size=6)},
            optional={
                "name": st.text(max_size=3),
                "names": st.lists(st.text(max_size=3), max_size=2),
                "id": st.integers(),
            },
        ),
        max_size=4,
    ),
    st.text(st.sampled_from('a"\\\n字/'), max_size=6).map(lambda s: f"訳{s}"),
)
def test_what_is_written_is_read(entries: list[dict[str, object]], target: str) -> None:
    text = json.dumps(entries)
    document = opened(text)
    assert document.render({}) == text.encode()
    targets = {s.key: target.replace("\n", "") if s.role is Role.NAME else target for s in document.segments}
    again = opened(document.render(targets).decode())
    assert {s.key: s.source for s in again.segments} == targets


@pytest.mark.parametrize(
    ("name", "text", "claim"),
    [
        ("a.json", '[{"name": "咲", "message": "一"}, {"message": "二"}]', Confidence.CERTAIN),
        ("a.json", '[{"message": "It was late."}, {"name": "Ann"}]', Confidence.NONE),
        ("all.orig.json", '[{"message": "It was late."}, {"name": "Ann"}]', Confidence.CERTAIN),
        ("gt_input/a.json", '[{"message": "It was late."}, {"name": "Ann"}]', Confidence.CERTAIN),
        ("a.json", '[{"name": "Ann", "message": "“Late?”"}, {"message": "It was."}]', Confidence.LIKELY),
        ("a.json", '[{"name": "咲", "message": "…"}, {"message": "…"}]', Confidence.CERTAIN),
        (
            "log.json",
            '[{"message": "Started server", "name": "root"}, {"message": "Stopped", "name": "root"}]',
            Confidence.NONE,
        ),
        ("a.json", '[{"names": ["咲"], "message": "一"}, {"mess', Confidence.CERTAIN),
        ("a.json", '[{"name": "咲", "message": "一", "ref": "一", "id": 3}]', Confidence.LIKELY),
        ("a.json", '[{"level": "error", "message": "失敗"}]', Confidence.NONE),
        ("a.json", '[{"id": 1, "message": "failed"}]', Confidence.NONE),
        ("a.json", '[{"index": 0, "name": "咲", "pre_jp": "一", "post_jp": "一", "pre_zh": "一"}]', Confidence.NONE),
        ("a.json", '[{"key": "a", "original": "b", "translation": ""}]', Confidence.NONE),
        ("Actors.json", '[null, {"id": 1, "name": "咲", "note": ""}]', Confidence.NONE),
        ("a.json", '{"message": "一"}', Confidence.NONE),
        ("a.json", "[]", Confidence.NONE),
        ("a.txt", '[{"message": "一"}]', Confidence.NONE),
    ],
)
def test_lists_of_messages_are_claimed_and_others_are_not(name: str, text: str, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), text.encode()) is claim


@pytest.mark.parametrize("text", ["{}", "3", "[", '[{"message"'])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)


def test_what_nothing_shows_to_be_its_own_is_read_where_a_person_names_it() -> None:
    assert isinstance(FORMAT, TakesNamed)
    assert FORMAT.takes(PurePath("a.json"), b'[{"message": "It was late."}, {"name": "Ann"}]')
    assert not FORMAT.takes(PurePath("a.json"), b'[{"text": "It was late."}]')
    assert not FORMAT.takes(PurePath("a.txt"), b'[{"message": "It was late."}]')
    assert not FORMAT.takes(PurePath("a.json"), b"[]")
