r"""Which strings are read by players, and which are names that the game looks up.

Messages, choices and pictures made of text are only ever shown. Other strings (a string that a variable is set to, an
argument of a common event, a value of a database) are values: shown, or a file, a key, a code. A value is offered
where it looks like language and nothing in the game looks it up.
"""

import regex

from translator.core.segment import Role
from translator.formats.wolf.commands import Code
from translator.formats.wolf.markup import MARKUP

_SUFFIXES = frozenset(
    {
        "png", "jpg", "jpeg", "bmp", "gif", "ogg", "ogv", "mp3", "mp4", "wav", "mid", "midi", "avi", "mpg", "mpeg",
        "wmv", "txt", "csv", "dat", "sav", "mps", "wolf", "ttf", "otf", "ttc", "exe", "ini", "json", "xml", "html",
    }
)  # fmt: skip
_FOLDER = regex.compile(r"(?i)(?:https?://|[A-Z]:[\\/]|/(?=\w))[^\n]*+|[\w\-. \u3000]++[/\\]")
_PATH = regex.compile(r"[A-Za-z][A-Za-z0-9_\-.]{2,}+(?:/[\w\-. \\\[\]]++)++")
_TABLE = regex.compile(r"(?:[^/\n]/){4}(?:[^/\n]/)*+[^/\n]?+")
_NUMBER = regex.compile(r"\s*-?\d*\s*")
_LETTER = regex.compile(r"\p{L}")
_NO_LANGUAGE = regex.compile(r"[A-Za-z0-9_.,:;=/\\#%&+*<>\[\]()-]*+")
_SPECIAL = regex.compile(r"^<<[A-Z_]+")
_SPEECH = regex.compile(r"[。！？!?」』…\n]")
_NAME_FIELD = regex.compile(r"(?i)名(?:前|称)?$|名$|name\b|名\W")
_MEMO_FIELD = regex.compile(r"(?i)メモ|備考|開発|memo\b")
_TEXT_FIELD = regex.compile(r"(?i)説明|文章|文$|メッセージ|台詞|セリフ|表示|text|message|descri")

KEPT: dict[int, str] = {
    Code.COMMENT: "comment",
    Code.DEBUG: "debug text",
    Code.SOUND: "file name",
    Code.SET_LABEL: "label",
    Code.JUMP_LABEL: "label",
    Code.RESERVE: "event name",
    Code.IMPORT: "file or database name",
    Code.PARTY: "file name",
    Code.PRO: "file or key",
}
"""The commands whose strings players never see, with the reason."""

PICTURE_TEXT = 2

SET, ADD = 0, 1
SET_FILES = frozenset({5, 6, 7})
SET_PARTS = frozenset({2, 8, 9, 10, 11})
"""Operations of command 122: set, add; read, write and list files; special values, remove, replace, cut by a part."""

SAME, OTHER = 0, 1
"""Operators of command 112 that compare whole strings; all others look for a part."""


def has_letters(text: str) -> bool:
    """Whether there is anything but codes, numbers and signs in a text that is shown."""
    return _LETTER.search(MARKUP.plain(text)) is not None


def is_file(text: str) -> bool:
    """Whether a value looks like the name of a file or a folder."""
    first, *rest = text.split("\n")
    if rest and all(_NUMBER.fullmatch(line) for line in rest):  # a sound with its volume, speed and start
        text = first.rstrip("\r")
    if "\n" not in text and text.rpartition(".")[2].lower() in _SUFFIXES and "." in text:
        return True
    return _FOLDER.fullmatch(text) is not None or _PATH.fullmatch(text) is not None


def is_path(text: str) -> bool:
    """Whether the value of a field for files can be a file: what people write there otherwise has no dot or slash."""
    return is_file(text) or "/" in text or "\\" in text or "." in text


def is_special(text: str) -> bool:
    """Whether a value asks the engine for something (`<<GET_TITLE>>`)."""
    return _SPECIAL.match(text) is not None


def is_language(text: str) -> bool:
    """Whether a value looks like language: it has letters, and is no single word of ASCII (a code as often as not), and
    no table of signs (あ/い/う/え/お/…).
    """
    plain = MARKUP.plain(text).strip(" \t\n")
    if _NO_LANGUAGE.fullmatch(plain) is not None or _TABLE.fullmatch(plain) is not None:
        return False
    return _LETTER.search(plain) is not None


def is_built(text: str) -> bool:
    r"""Whether a value is put together at run time (`\cself[3]` in it)."""
    return "\\" in text and bool(MARKUP.codes(text))


def value_role(text: str) -> Role:
    """What a string is that a variable is set to: speech and sentences, or a word."""
    return Role.DIALOGUE if _SPEECH.search(text) else Role.TERM


def field_role(name: str) -> Role:
    """What a database's value is by the name of its field."""
    if _TEXT_FIELD.search(name):
        return Role.DESCRIPTION
    return Role.NAME if _NAME_FIELD.search(name) else Role.TERM


def is_memo_field(name: str) -> bool:
    """Whether a field's name says that its value is a note of the game's makers."""
    return _MEMO_FIELD.search(name) is not None


def is_text_field(name: str) -> bool:
    """Whether a field's name says that its value is shown, so that a single word of ASCII is text too."""
    return _TEXT_FIELD.search(name) is not None or _NAME_FIELD.search(name) is not None
