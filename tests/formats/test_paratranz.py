"""ParaTranz' entries: what stages mean, and where a translation goes."""

import json
from pathlib import PurePath

import pytest

from translator.core.document import Confidence, Document, FormatError, FormatOptions, HoldsBack, RefusedTargetError
from translator.formats.paratranz import FORMAT


def opened(text: str) -> Document:
    return FORMAT.open(text.encode(), options=FormatOptions(name=PurePath("menu.json")))


def entry(stage: int | None = None, translation: str | None = "", original: str = "剣") -> str:
    one: dict[str, object] = {"key": "k", "original": original}
    if translation is not None:
        one["translation"] = translation
    if stage is not None:
        one["stage"] = stage
    return json.dumps([one], ensure_ascii=False)


def test_what_has_a_translation_is_finished() -> None:
    text = '[{"key": "a", "original": "剣", "translation": "剑"}, {"key": "b", "original": "盾", "translation": ""}]'
    assert [(s.key, s.source, s.target) for s in opened(text).segments] == [("a", "剣", "剑"), ("b", "盾", None)]


@pytest.mark.parametrize(
    ("stage", "before", "target", "after"),
    [
        (0, "", "剑", 1),
        (None, "", "剑", None),
        (1, "剑", "刀", 1),
        (1, "剑", "", 0),
        (5, "剑", "刀", 5),
        (9, "剑", "刀", 9),
        (3, "剑", "", 3),
        (0, "剑", "刀", 0),
        (2, "", "剑", 2),
    ],
)
def test_a_translation_makes_an_untranslated_entry_a_translated_one(
    stage: int | None, before: str, target: str, after: int | None
) -> None:
    (written,) = json.loads(opened(entry(stage, before)).render({"k": target}))
    assert (written["translation"], written.get("stage")) == (target, after)


def test_hidden_entries_are_held_back() -> None:
    document = opened(entry(-1, "剑"))
    assert list(document.segments) == []
    assert isinstance(document, HoldsBack)
    assert [held.text for held in document.held_back()] == ["剣"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('[{"original": "剣", "key": "k", "stage": 0}]',
         '[{"original": "剣", "translation": "剑", "key": "k", "stage": 1}]'),
        ('[{"original":"剣","key":"k"}]', '[{"original":"剣","translation":"剑","key":"k"}]'),
        ('[\r\n\t{\r\n\t\t"key" : "k",\r\n\t\t"original" : "剣"\r\n\t}\r\n]',
         '[\r\n\t{\r\n\t\t"key" : "k",\r\n\t\t"original" : "剣",\r\n\t\t"translation" : "剑"\r\n\t}\r\n]'),
        ('[{"key": "k", "\\u006friginal": "剣"}]', '[{"key": "k", "\\u006friginal": "剣", "translation": "剑"}]'),
        ('[{"key": "k", "translation": null, "original": "剣"}]',
         '[{"key": "k", "translation": "剑", "original": "剣"}]'),
    ],
)  # fmt: skip
def test_an_entry_without_a_translation_gets_one_after_its_original(text: str, written: str) -> None:
    assert opened(text).render({"k": "剑"}) == written.encode()


def test_contexts_and_doubts_are_notes() -> None:
    text = '[{"key": "k", "original": "剣", "translation": "刀", "stage": 2, "context": "武器\\r\\n名"}]'
    assert opened(text).segments[0].notes == ("武器\n名", "the translation is disputed")


def test_keys_are_those_of_the_entries() -> None:
    keys: list[object] = [7, "", "a", "a"]
    text = json.dumps([{"key": key, "original": f"剣{number}"} for number, key in enumerate(keys)])
    assert [s.key for s in opened(text).segments] == ["7", "entry 1", "a", "a#2"]


def test_breaks_are_written_as_the_translation_has_them() -> None:
    text = entry(1, "一\n二", "甲\r\n乙")
    (written,) = json.loads(opened(text).render({"k": "三\n四\n五"}))
    assert written["translation"] == "三\n四\n五"
    (written,) = json.loads(opened(entry(0, "", "甲\r\n乙")).render({"k": "三\n四"}))
    assert written["translation"] == "三\r\n四"


def test_a_carriage_return_is_refused() -> None:
    with pytest.raises(RefusedTargetError):
        opened(entry()).render({"k": "a\rb"})


@pytest.mark.parametrize(
    ("name", "text", "claim"),
    [
        ("menu.json", entry(0), Confidence.CERTAIN),
        ("fat_trait.nut", entry(), Confidence.CERTAIN),
        ("menu.json", '[{"key": "a", "original": "b"}, {"key": "c", "orig', Confidence.CERTAIN),
        ("menu.json", '[{"key": "a", "original": "b"}, {"key": "c"}]', Confidence.NONE),
        ("menu.json", '[{"name": "a", "message": "b"}]', Confidence.NONE),
        ("menu.json", "[]", Confidence.NONE),
        ("menu.json", '{"key": "a", "original": "b"}', Confidence.NONE),
    ],
)
def test_entries_are_claimed_and_other_lists_are_not(name: str, text: str, claim: Confidence) -> None:
    assert FORMAT.sniff(PurePath(name), text.encode()) is claim


@pytest.mark.parametrize("text", ["{}", "3", "[", '[{"key"'])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        opened(text)
