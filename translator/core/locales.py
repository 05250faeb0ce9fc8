"""Which language a folder, a file or a column named after a locale is in (`zh_Hans_CN`, `pt-BR`, `ja`)."""

import re
from collections.abc import Iterable

from translator.core.languages import language

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[_-](?:[A-Za-z]{4}|[A-Za-z]{2,3}|\d{3}))*")
_CODES = (
    "af am az be bg bn bs ca cs cy da el eo et eu fa fi fil fo ga gl gu he hi hr hu hy is ka kk km kn ku ky la lb lo lt"
    " lv mk ml mn mr ms mt my nb ne nl nn no or pa ps ro sa sd si sk sl so sq sr sv sw ta te tg tl tk tt ug ur uz vec"
    " xh yi yo zu"
)
_OTHERS = frozenset(_CODES.split())
"""Codes (ISO 639) of languages that are not translated from or into here, but that locales are named after."""


def language_of(locale: str) -> str | None:
    """The code (of `core.languages`) of the language that a locale means; None for others and for what is no locale."""
    if not _LOCALE.fullmatch(locale):
        return None
    parts = locale.replace("_", "-").split("-")
    for count in range(len(parts), 0, -1):
        try:
            return language("-".join(parts[:count])).code
        except KeyError:
            continue
    return None


def is_locale(name: str) -> bool:
    """Whether a name is a locale's: a language of ISO 639, with or without script and region."""
    if not _LOCALE.fullmatch(name):
        return False
    base = name.replace("_", "-").split("-")[0].lower()
    return base in _OTHERS or language_of(base) is not None


def choose_locale(names: Iterable[str], wanted: str) -> str | None:
    """The name that is the locale of a language: the one spelled as its code, else the shortest of its others."""
    fitting = [name for name in names if language_of(name) == wanted]
    exact = [name for name in fitting if name.replace("_", "-").lower() == wanted.lower()]
    return min(exact or fitting, key=len, default=None)
