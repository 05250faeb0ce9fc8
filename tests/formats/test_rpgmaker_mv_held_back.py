"""What RPG Maker MV files hold back, and why."""

import json
from pathlib import PurePath

import pytest

from translator.core.document import FormatOptions, HoldsBack
from translator.formats.rpgmaker_mv import FORMAT


def held(name: str, value: object, before: str = "", after: str = "") -> dict[str, str]:
    """By text: the reason."""
    blob = f"{before}{json.dumps(value, ensure_ascii=False)}{after}".encode()
    document = FORMAT.open(blob, options=FormatOptions(name=PurePath(name)))
    assert isinstance(document, HoldsBack)
    return {text: reason for _, text, reason in document.held_back()}


def game_map(*commands: tuple[int, list[object]]) -> dict[str, object]:
    listed = [{"code": code, "indent": 0, "parameters": parameters} for code, parameters in commands]
    return {
        "displayName": "村",
        "bgm": {"name": "Town1", "pan": 0, "pitch": 100, "volume": 90},
        "note": "<tag:x>",
        "parallaxName": "Sky",
        "events": [None, {"id": 1, "name": "村人A", "pages": [{"list": listed}]}],
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Actor1", "face file"),
        ("出口", "label"),
        ("ここは後で直す", "comment"),
        ("Move1", "sound file"),
        ("Town1", "sound file"),
        ("Sky", "file name"),
        ("<tag:x>", "note with tags for plugins"),
        ("村人A", "a name that only the editor shows"),
    ],
)
def test_identifiers_are_listed_with_their_reason(text: str, reason: str) -> None:
    found = held(
        "data/Map001.json",
        game_map(
            (101, ["Actor1", 0, 0, 2]),
            (401, ["こんにちは。"]),
            (118, ["出口"]),
            (108, ["ここは後で直す"]),
            (250, [{"name": "Move1", "pan": 0, "pitch": 100, "volume": 90}]),
        ),
    )
    assert found[text] == reason


def test_what_is_offered_is_not_listed() -> None:
    found = held("data/Map001.json", game_map((101, ["", 0, 0, 2]), (401, ["一行目"]), (401, ["二行目"])))
    assert not {"村", "一行目", "二行目"} & found.keys()


def test_plugins_are_listed() -> None:
    plugins = [{"name": "Quest", "status": True, "description": "", "parameters": {"Key": "quest_1"}}]
    found = held("js/plugins.js", plugins, "var $plugins =\n", ";\n")
    assert found == {"Quest": "name of a plugin", "quest_1": "plugin parameter"}


def test_deep_files_are_listed_without_recursion() -> None:
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    found = held("data/Items.json", [None, {"id": 1, "name": "薬", "description": "", "meta": deep}])
    assert "x" in found
