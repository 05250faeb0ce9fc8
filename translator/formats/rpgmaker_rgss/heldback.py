"""The strings of a file that are not offered, and why."""

from collections.abc import Iterator, Mapping

from translator.core.document import HeldBack
from translator.core.ruby_marshal_values import (
    Marshalled,
    Node,
    RubyArray,
    RubyHash,
    RubyObject,
    RubyOther,
    RubyString,
    Value,
)
from translator.formats.rpgmaker_rgss.events import (
    COMMENT,
    COMMENT_LINE,
    CONDITION,
    MESSAGE,
    MESSAGE_LINE,
    SCRIPT,
    SCRIPT_LINE,
    SCROLL_LINE,
    VARIABLE,
    WHEN,
)
from translator.formats.rpgmaker_rgss.texts import Texts

_BY_FIELD = {
    "@switches": "switch name",
    "@variables": "variable name",
    "@note": "note",
    "@self_switch_ch": "switch name",
}
_BY_CLASS = {
    "RPG::Event": "event name",
    "RPG::CommonEvent": "event name",
    "RPG::Troop": "troop name",
    "RPG::BGM": "file name",
    "RPG::BGS": "file name",
    "RPG::ME": "file name",
    "RPG::SE": "file name",
    "RPG::AudioFile": "file name",
    "RPG::Tileset": "tileset name",
    "RPG::MoveCommand": "move command",
}
_BY_CODE = {
    COMMENT: "comment",
    COMMENT_LINE: "comment",
    118: "label",
    119: "label",
    MESSAGE: "file name",
    123: "switch name",
    CONDITION: "condition",
    VARIABLE: "script",
    SCRIPT: "script",
    SCRIPT_LINE: "script",
    WHEN: "copy of a choice",
    MESSAGE_LINE: "line that is also used elsewhere",
    SCROLL_LINE: "line that is also used elsewhere",
    **dict.fromkeys((131, 132, 133, 204, 231, 261, 282, 283, 284, 322, 323), "file name"),
}


def held_back(read: Marshalled, owners: Mapping[RubyString, str], texts: Texts) -> Iterator[HeldBack]:
    """All strings with something in them that are no segment's, in the order of the file, without recursion."""
    stack: list[tuple[Value, str, str]] = [(read.root, "", "not shown")]
    seen: set[Node] = set()
    while stack:
        value, place, reason = stack.pop()
        if not isinstance(value, Node) or value in seen:
            continue
        seen.add(value)
        if isinstance(value, RubyString):
            if value not in owners and value.end > value.at:
                text = texts.read(value)
                if text is None:
                    yield HeldBack(place, repr(read.raw(value)[:60]), f"no text in {texts.charset_of(value)}")
                elif text.strip():
                    yield HeldBack(place, text, reason)
        else:
            stack += reversed(list(_inside(value, place, reason)))


def _inside(value: Node, place: str, reason: str) -> Iterator[tuple[Value, str, str]]:
    """What a value holds, each with its place and why it is held back if it is a string."""
    if isinstance(value, RubyArray):
        yield from ((item, f"{place}/{index}", reason) for index, item in enumerate(value.items))
    elif isinstance(value, RubyHash):
        yield from ((item, f"{place}/{key}" if isinstance(key, int) else place, reason) for key, item in value.pairs())
    elif isinstance(value, RubyOther):
        yield from ((item, place, reason) for item in value.inner)
    elif isinstance(value, RubyObject):
        code = value.fields.get("@code") if value.name == "RPG::EventCommand" else None
        by_code = _BY_CODE.get(code, f"parameter of command {code}") if isinstance(code, int) else None
        by_class = _BY_CLASS.get(value.name, reason)
        for name, item in value.fields.items():
            why = by_code or _BY_FIELD.get(name) or ("file name" if name.endswith("_name") else by_class)
            yield item, f"{place}/{name.removeprefix('@')}".lstrip("/"), why
