"""The scripts that a text is written in, and how wide it is on screen."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import regex

_CLASSES = {
    "kana": r"\p{Script=Hiragana}\p{Script=Katakana}",
    "han": r"\p{Script=Han}",
    "hangul": r"\p{Script=Hangul}",
    "latin": r"\p{Script=Latin}",
    "cyrillic": r"\p{Script=Cyrillic}",
    "thai": r"\p{Script=Thai}",
    "arabic": r"\p{Script=Arabic}",
}
_PATTERNS = {name: regex.compile(f"[{body}]") for name, body in _CLASSES.items()}
_BEYOND_LATIN = tuple(name for name in _CLASSES if name != "latin")
_ANY = {names: regex.compile(f"[{''.join(_CLASSES[n] for n in names)}]") for names in [tuple(_CLASSES)]}


def count(text: str, script: str) -> int:
    """How many characters of `text` belong to `script` (kana, han, hangul, latin, cyrillic, thai, arabic)."""
    return len(_PATTERNS[script].findall(text))


def has_script(text: str, scripts: Iterable[str]) -> bool:
    """Whether `text` has a character of any of the scripts."""
    names = tuple(scripts)
    pattern = _ANY.get(names)
    if pattern is None:
        pattern = _ANY[names] = regex.compile(f"[{''.join(_CLASSES[n] for n in names)}]")
    return pattern.search(text) is not None


def beyond_latin(text: str) -> bool:
    """Whether `text` has a character of a script other than Latin, which names in programs have not."""
    return has_script(text, _BEYOND_LATIN)


def width(text: str) -> int:
    """Half-width cells of `text`.

    2 for wide and full-width characters (and ambiguous ones: game fonts are CJK fonts, which draw them full-width),
    0 for combining marks, 1 for all others.
    """
    if text.isascii():
        return len(text)
    return sum(map(cell, text))


@lru_cache(maxsize=16_384)
def cell(character: str) -> int:
    """Half-width cells of one character, as `width` counts."""
    if character < "\x7f":
        return 1
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
