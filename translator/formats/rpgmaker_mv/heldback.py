"""The strings of a file that are not offered for translation, and why: `translate scan --held-back`.

What is offered is known by its text, so that a name that is offered in one place and held back in another (an item that
a comment mentions) is not listed.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import cast

import regex

from translator.core.document import HeldBack
from translator.formats.rpgmaker_mv.kinds import Kind

_CODES = {
    101: "face file", 103: "number input", 104: "item choice", 108: "comment", 408: "comment", 111: "comparison",
    118: "label", 119: "label", 122: "script", 132: "sound file", 133: "sound file", 139: "sound file",
    140: "sound file", 205: "movement", 505: "movement", 231: "picture file", 241: "sound file", 245: "sound file",
    249: "sound file", 250: "sound file", 261: "movie file", 283: "picture file", 284: "picture file",
    322: "picture file", 323: "picture file", 355: "script", 655: "script", 356: "plugin command",
    357: "plugin command", 657: "copy of a plugin command",
}  # fmt: skip
_EDITOR_ONLY = "a name that only the editor shows"
_BY_NAME = {
    "note": "note with tags for plugins", "switches": "name of a switch", "variables": "name of a variable",
    "selfSwitchCh": "name of a switch", "versionId": "setting", "locale": "setting", "formula": "formula",
    "parameters": "plugin parameter",
    "description": "what the plugin's author says", "status": "setting", "fontFilename": "file name",
    "mainFontFilename": "file name", "numberFontFilename": "file name",
}  # fmt: skip
_FILE = regex.compile(
    r"(?:battleback[12]|character|face|battler|parallax|title[12]|animation[12]|tileset|battler|sv)Names?"
)
_SOUND = frozenset({"name", "pan", "pitch", "volume"})


def held_back(text: str, kind: Kind, offered: Collection[str]) -> Iterator[HeldBack]:
    """The strings of a file's text that are in none of the `offered` texts, in the file's order. text: valid."""
    start = text.index("[", text.index("$plugins")) if kind is Kind.PLUGINS else 1 if text.startswith("\ufeff") else 0
    try:
        value: object = json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return  # a list of plugins with comments in it, or deeper than the library reads: its texts stay unlisted
    shown = {line for one in offered for line in (one, *one.split("\n"))}
    pending: list[tuple[object, str, str]] = [
        (value, kind.value, "name of a plugin" if kind is Kind.PLUGINS else _EDITOR_ONLY)
    ]
    while pending:
        found, place, reason = pending.pop()
        if isinstance(found, str):
            if found.strip() and found not in shown:
                yield HeldBack(place, found, reason)
        elif isinstance(found, list):
            members = cast("list[object]", found)
            pending += reversed([(one, f"{place}/{index}", reason) for index, one in enumerate(members)])
        elif isinstance(found, dict):
            pending += reversed(list(_members(cast("Mapping[str, object]", found), place, reason)))


def _members(found: Mapping[str, object], place: str, reason: str) -> Iterator[tuple[object, str, str]]:
    code = found.get("code")
    is_command = isinstance(code, int) and "parameters" in found
    is_sound = "name" in found and found.keys() <= _SOUND
    for name, value in found.items():
        why = _BY_NAME.get(name, reason)
        if is_command and isinstance(code, int):
            why = _CODES.get(code, "argument of a command")
        elif is_sound:
            why = "sound file"
        elif _FILE.fullmatch(name):
            why = "file name"
        yield value, f"{place}/{name}", why
