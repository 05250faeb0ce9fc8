"""Texts that are none to translate since they name something: links, files, colours.

They lie among the texts of tables and JSON, and a program looks up what they name. What only mentions one (`See
https://example.org for more`) is a text. Where it is not clear, it is a text too: one that stays as it was is lost.
"""

import re

_LINK_OR_COLOUR = re.compile(
    r"(?P<link>(?:[A-Za-z][A-Za-z\d+.-]*+://|(?:mailto|tel|javascript):|data:[a-z]+/|www\.)[!-~]+"
    r"|[A-Za-z\d._%+-]++@[A-Za-z\d-]++(?:\.[A-Za-z\d-]++)++)"
    r"|(?P<colour>#(?:[\dA-Fa-f]{3,4}|[\dA-Fa-f]{6}|[\dA-Fa-f]{8})"
    r"|(?:rgb|hsl)a?\([\d.,%/ ]++(?:deg[\d.,%/ ]++)?\))"
)
_MEDIA = re.compile(
    r"(?:png|jpe?g|gif|bmp|webp|svg|tga|psd|avif|ico|rpgmv[pom]|mp3|og[gav]|opus|wav|flac|m4a|aac|wma|midi?"
    r"|mp4|webm|avi|mpe?g|mkv|mov|wmv|[ot]tf|ttc|woff2?)_?",
    re.IGNORECASE,
)
"""Endings of pictures, sounds, films and fonts; RPG Maker adds `_` to those that it encrypts."""

_OTHERS = re.compile(
    r"(?:json|js|css|html?|xml|ya?ml|toml|ini|txt|[ct]sv|pdf|zip|dll|exe|dat|bin|ks|tjs|rpyc?|rpa|rxdata|rvdata2?"
    r"|lmu|ldb|lmt|tscn|tres)_?",
    re.IGNORECASE,
)
_LONGEST = 8
"""Characters that such an ending has at most."""

_DRIVE = re.compile(r"\A[A-Za-z]:(?=[\\/])")
_NEVER = re.compile(r"[\"'<>|*?:;,。、「」『』“”’\n]")
"""Signs that stand in sentences, and not in the names of files."""

_FOLDER = re.compile(r"[\\/]")
_MOST_WORDS = 3


def link_file_or_colour(text: str) -> str | None:
    """What a text names, so that it is none to translate: link, file name, colour. None where it is a text."""
    bare = text.strip()
    path, _, ending = bare.rpartition(".")
    if path and len(ending) <= _LONGEST and _is_file(path, ending):
        return "file name"
    found = _LINK_OR_COLOUR.fullmatch(bare)
    return None if found is None else found.lastgroup


def _is_file(path: str, ending: str) -> bool:
    """Whether a file may be called so. Several words are a name behind a drive, and that of a picture or sound in a
    folder, or one whose words are alike (`title screen.png`, `BGM 01.ogg`, but not `Cannot find a.png`).
    """
    media = _MEDIA.fullmatch(ending) is not None
    if not media and _OTHERS.fullmatch(ending) is None:
        return False
    bare = _DRIVE.sub("", path, count=1)
    words = bare.split()
    if not words or _NEVER.search(bare) is not None or bare[-1] in "\\/. ":
        return False
    if len(words) == 1 or bare != path:
        return True
    capitals = {word[0].isupper() for word in words if word[0].lower() != word[0].upper()}
    return media and (_FOLDER.search(words[0]) is not None or (len(words) <= _MOST_WORDS and len(capitals) <= 1))
