"""The order of names as people see it."""

import re

_DIGITS = 640
"""So many digits Python reads as a number however low its limit is set (`sys.int_info`)."""


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """By what names are ordered as people order them: 2 before 10."""
    parts = re.split(r"(\d+)", name)
    return tuple((int(part), "") if part.isdecimal() and len(part) <= _DIGITS else (-1, part) for part in parts)
