"""The folder of a language under `game/tl/`. Ren'Py has no fixed names; these are those of its own translations."""

from collections.abc import Collection
from pathlib import Path

from translator.core.folders import is_dir, names_in
from translator.core.languages import language as language_of

_FOLDERS = {
    "ja": "japanese", "zh-CN": "schinese", "zh-TW": "tchinese", "en": "english", "ko": "korean", "fr": "french",
    "de": "german", "es": "spanish", "it": "italian", "pt": "portuguese", "pl": "polish", "tr": "turkish",
    "vi": "vietnamese", "id": "indonesian", "ru": "russian", "uk": "ukrainian", "th": "thai", "ar": "arabic",
}  # fmt: skip
_OTHERS = {
    "ja": ("jp", "jpn", "ja", "jajp"),
    "zh-CN": ("chinese", "simplifiedchinese", "chinesesimplified", "chs", "zh", "zhcn", "zhhans", "cn", "sc", "zhs"),
    "zh-TW": ("traditionalchinese", "chinesetraditional", "cht", "zhtw", "zhhant", "tw", "tc", "zht"),
    "en": ("en", "eng", "enus", "engb"),
    "ko": ("kr", "kor", "ko", "kokr"),
    "pt": ("brazilian", "brazilianportuguese", "ptbr", "pt", "portuguesebr"),
}
"""Other names that games use, without case, spaces and signs."""


def folder_of(tl: Path, code: str, packed: Collection[str] = ()) -> str:
    """The name of the language's folder: the one that a game has already, else the usual one. packed: in archives."""
    known = language_of(code)
    usual = _FOLDERS[known.code]
    wanted = {usual, known.code.replace("-", "").lower(), *_OTHERS.get(known.code, ())}
    there = sorted({*(name for name in names_in(tl) if is_dir(tl / name)), *packed})
    if usual in there:
        return usual
    return next((name for name in there if _plain(name) in wanted and name.isidentifier()), usual)


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
