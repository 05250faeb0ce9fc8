"""Reading JSON whose shape nobody vouches for."""

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Final, cast

_MOST: Final = 2**53


class JsonShapeError(ValueError):
    """A JSON value is of another type than what was expected there."""


def parsed(data: bytes) -> object:
    """The JSON value in `data`, which is UTF-8, with a byte-order mark or without.

    Raises ValueError, and nothing else, where it is no such thing. `json.loads` guesses at UTF-16 and lets halves of
    characters through that are written as bytes of their own (CESU-8), and fails otherwise where brackets lie too deep.
    """
    try:
        return cast("object", json.loads(data.removeprefix(BOM_UTF8).decode()))
    except RecursionError as error:
        raise JsonShapeError("brackets lie too deep in each other") from error


def as_object(value: object) -> dict[str, object]:
    """The value as a JSON object. Raises JsonShapeError when it is something else."""
    if not isinstance(value, dict):
        raise JsonShapeError(f"expected an object, found {_named(value)}")
    return cast("dict[str, object]", value)


def as_list(value: object) -> list[object]:
    """The value as a JSON array. Raises JsonShapeError when it is something else."""
    if not isinstance(value, list):
        raise JsonShapeError(f"expected an array, found {_named(value)}")
    return cast("list[object]", value)


def as_str(value: object) -> str:
    """The value as a string. Raises JsonShapeError when it is something else."""
    if not isinstance(value, str):
        raise JsonShapeError(f"expected a string, found {_named(value)}")
    return value


def get_object(holder: Mapping[str, object], key: str) -> dict[str, object]:
    """The object under `key`, or an empty one when there is none."""
    value = holder.get(key)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def get_list(holder: Mapping[str, object], key: str) -> list[object]:
    """The array under `key`, or an empty one when there is none."""
    value = holder.get(key)
    return cast("list[object]", value) if isinstance(value, list) else []


def get_str(holder: Mapping[str, object], key: str, default: str = "") -> str:
    """The string under `key`, or the default when there is none."""
    value = holder.get(key)
    return value if isinstance(value, str) else default


def get_int(holder: Mapping[str, object], key: str, default: int = 0) -> int:
    """The whole number under `key`, or the default when there is none."""
    value = holder.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def get_count(holder: Mapping[str, object], key: str) -> int:
    """The count under `key`, or 0 when there is none that can be one: a number below 0, or beyond all measure."""
    value = get_int(holder, key)
    return value if 0 <= value <= _MOST else 0


def _named(value: object) -> str:
    names: dict[type, str] = {
        dict: "an object",
        list: "an array",
        str: "a string",
        bool: "a truth value",
        type(None): "null",
    }
    return names.get(type(value), "a number")
