"""The texts of js/plugins.js: parameters of the plugins that are switched on.

The editor writes a JavaScript file that is one assignment of an array, one plugin a line. Parameters are strings; what
has a structure is JSON inside the string, several levels deep.
"""

from typing import cast

import regex

from translator.core.collecting import About
from translator.core.json_spans import INNER, JsonError, JsonReader, decode_at
from translator.core.segment import Role
from translator.formats.rpgmaker_mv.collector import Collector, Spot
from translator.formats.rpgmaker_mv.rules import is_language, is_shown_parameter

_LIST = regex.compile(r"^\s*(?:(?:var|let|const)\s+)?\$plugins\s*=\s*\[", regex.MULTILINE)
_BETWEEN = regex.compile(r"(?:[\s,]++|//[^\n]*+|/\*[\s\S]*?\*/)*+")


def take_plugins(text: str, collector: Collector) -> None:
    """Take the texts of the list of plugins. Comments and a comma too many, as people leave them, are passed over."""
    found = _LIST.search(text)
    if found is None:
        raise JsonError("there is no list of plugins ($plugins = [)", 0)
    reader = JsonReader(text, found.end())
    while True:
        between = _BETWEEN.match(text, reader.position)
        reader.position = between.end() if between else reader.position
        if text[reader.position : reader.position + 1] == "]":
            return
        value, span = reader.located()
        if isinstance(value, dict):
            plugin = cast("dict[str, object]", value)
            parameters = plugin.get("parameters")
            if plugin.get("status") is not False and isinstance(parameters, dict):
                _take(
                    collector,
                    cast("object", parameters),
                    Spot(span.start, ("parameters",)),
                    str(plugin.get("name")),
                    shown=False,
                )


def _take(collector: Collector, value: object, at: Spot, key: str, *, shown: bool) -> None:
    """Take the texts below one value. shown: the last name on the way says that texts here are for players."""
    if isinstance(value, dict):
        for name, member in cast("dict[str, object]", value).items():
            below = Spot(at.anchor, (*at.path, name))
            _take(collector, member, below, f"{key}/{name}", shown=is_shown_parameter(name))
    elif isinstance(value, list):
        for index, element in enumerate(cast("list[object]", value)):
            _take(collector, element, Spot(at.anchor, (*at.path, index)), f"{key}/{index}", shown=shown)
    elif isinstance(value, str):
        inner = _inner(value)
        if inner is not None:
            _take(collector, inner[0], Spot(at.anchor, (*at.path, INNER)), key, shown=shown)
        elif shown and is_language(value):
            collector.add(key, value, at, About(Role.TERM))


def _inner(value: str) -> tuple[object] | None:
    """The value that a string holds as JSON, in a tuple; None when it holds plain text."""
    if value[:1] not in ("{", "[", '"'):
        return None
    try:
        inner, end = decode_at(value, 0)
    except JsonError:
        return None
    return (cast("object", inner),) if isinstance(inner, dict | list | str) and not value[end:].strip() else None
