"""How a text is spelled where it stands, and what cannot stand there."""

from enum import Enum

import regex

_KAG_ESCAPED = regex.compile(r"`(.)", regex.DOTALL)
_GUARDED = regex.compile(r"`[^`&%\s\]\"']")
_TYRANO_SPACE = "\\ "
_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Form(Enum):
    """Where a text stands: in a message, in a value in quotes or without, in brackets 【】, behind # or * on a line."""

    MESSAGE = "message"
    VALUE = "value"
    BRACKETS = "brackets"
    SPEAKER = "speaker"
    TITLE = "title"
    BETWEEN = "between"


def has_controls(text: str) -> bool:
    """Whether a text has control characters, which no scenario has: line feeds and tabs are none here."""
    return _CONTROL.search(text) is not None


def read_value(raw: str, quote: str, *, tyrano: bool) -> str | None:
    """The text of a value; None where it is spelled in a way that is not written here."""
    text = raw.replace(_TYRANO_SPACE, " ") if tyrano and not quote else raw
    if not tyrano:
        text = _KAG_ESCAPED.sub(r"\1", raw)
    try:
        return text if spell_value(text, quote, tyrano=tyrano, guarded=is_guarded(raw)) == raw else None
    except ValueError:
        return None


def is_guarded(raw: str) -> bool:
    """Whether a value starts with a backquote that it does not need: authors write them where they might."""
    return _GUARDED.match(raw) is not None


def spell_value(text: str, quote: str, *, tyrano: bool, guarded: bool = False) -> str:
    """The spelling of a value between `quote` (or none). guarded: KAG's starts with a backquote, needed or not.

    Raises ValueError, which says why there is none.
    """
    if "\n" in text or has_controls(text):
        raise ValueError("a value of a tag is one line without control characters")
    return _tyrano_value(text, quote) if tyrano else _kag_value(text, quote, guarded=guarded)


def _kag_value(text: str, quote: str, *, guarded: bool) -> str:
    """A backquote stands before what would end the value, and before what would make it an expression."""
    if not quote and not text:
        raise ValueError("a value without quotes cannot be empty")
    hard = ("`", quote) if quote else ("`", " ", "\t", "]", '"', "'")
    if not quote and any(character.isspace() and character not in " \t" for character in text):
        raise ValueError("a value without quotes cannot have such a space")
    spelled = "".join("`" + character if character in hard else character for character in text)
    return "`" + spelled if text.startswith(("&", "%")) or (guarded and not spelled.startswith("`")) else spelled


def _tyrano_value(text: str, quote: str) -> str:
    if text.startswith(("&", "%")):
        raise ValueError("it would be an expression")
    if text != text.strip():
        raise ValueError("the engine takes off the spaces around a value")
    if "\\" in text or (quote and quote in text):
        raise ValueError(f"a value in {quote or 'no quotes'} cannot have {quote or 'a backslash'} in it")
    if quote:
        return text
    if not text or any(mark in text for mark in "[]\"'`=") or any(c.isspace() and c != " " for c in text):
        raise ValueError("a value without quotes cannot have brackets, quotes or = in it")
    return text.replace(" ", _TYRANO_SPACE)


def check_line(text: str, form: Form, *, tyrano: bool) -> None:
    """Raises ValueError where `text` cannot stand on a line of its form."""
    if "\n" in text or "\t" in text or has_controls(text):
        raise ValueError("it must be one line without tabs and other control characters")
    if form is Form.BRACKETS and any(mark in text for mark in "【】[]"):
        raise ValueError("a name between 【 and 】 cannot have brackets in it")
    if form is Form.BETWEEN and any(mark in text for mark in "[]\\"):
        raise ValueError("a name between two tags cannot have brackets in it")
    if form is Form.SPEAKER and (
        any(mark in text for mark in ":#【】[]") or text != text.strip() or text.startswith(("&", "%"))
    ):
        raise ValueError("a name behind # cannot have :, # or brackets in it, spaces around it, or & or % before it")
    if form is Form.TITLE and text.startswith(("&", "|")):
        raise ValueError("a page's title cannot start with & or |")
    if form is Form.TITLE and tyrano and ("|" in text or text != text.strip()):
        raise ValueError("a label's title cannot have | in it, or spaces around it")
