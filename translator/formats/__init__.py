"""File formats: one module each, which registers itself by exporting FORMAT."""

from functools import cache
from pathlib import PurePath
from typing import cast

from translator.core.document import Confidence, Family, Format
from translator.core.plugins import discover

HEAD_SIZE = 64 * 1024
"""How many bytes from a file's start `Format.sniff` is given at most."""


@cache
def all_formats() -> dict[str, Format]:
    """Every known format by its id."""
    formats = (cast("Format", found) for found in discover("translator.formats", "FORMAT"))
    return {known.info.id: known for known in formats}


def claims(name: PurePath, head: bytes, *, family: Family | None = None) -> list[tuple[Confidence, Format]]:
    """The formats (of one family, if given) that claim a file, the surest first."""
    found = [
        (confidence, known)
        for known in all_formats().values()
        if (family is None or known.info.family is family) and (confidence := known.sniff(name, head))
    ]
    return sorted(found, key=lambda claim: -claim[0])
