"""What a text is to a player where the file does not say: tables of texts by key, dumps of all that was shown."""

import re

import regex

from translator.core.segment import Role

_MARKS, _OPENING = "。！？!?…‥」』、，", "「『“〝（"
"""What stands in sentences, not in labels; what may begin what is quoted."""
_telling = re.compile(rf"[{_OPENING}{_MARKS}\n.:]").search
_mark = re.compile(rf"[{_MARKS}\n]").search
_stop = re.compile(r"[a-z]\.\s").search
_QUOTED = ("「", "『", "“", "〝", "（「")
LANGUAGE = regex.compile(r"[\p{L}\p{N}「『（(“\"‘'！？!?〝]")
"""What makes a line of a book one that can be translated; any other (＊　＊　＊, ――――, ◇, ……) only parts or adorns."""

SPEECH = ("「", "『", "“", '"', "〝")
"""What speech begins with in a book."""

_SAID = ("「", "『", "“", "〝", "（", "(", '"', "‘")
"""What a message begins with that somebody says or thinks."""

_TERM = 24
"""Characters that a label or a name has at most."""
_LONG = 80
"""… with the white space around it."""


_DIALOGUE, _DESCRIPTION, _LABEL = Role.DIALOGUE, Role.DESCRIPTION, Role.TERM
"""Looked up once: that is a third of the time that guessing takes."""


def guess_role(text: str) -> Role:
    """Dialogue for what is quoted, description for sentences and what is long, else a term."""
    if len(text) <= _TERM:  # what most are, told by one look
        found = _telling(text)
        if found is None:
            return _LABEL
        if found[0] in _MARKS:
            return _DESCRIPTION
    bare = text.strip()
    if bare and bare[0] in _OPENING and bare.startswith(_QUOTED):
        return _DIALOGUE
    if len(bare) > _TERM or len(text) > _LONG or bare.endswith((".", ":")) or _mark(bare):
        return _DESCRIPTION
    return _DESCRIPTION if "." in bare and _stop(bare) else _LABEL


def is_spoken(message: str) -> bool:
    """Whether a message begins with a quotation mark, or with a bracket around a thought."""
    return message.lstrip().startswith(_SAID)


def said_or_told(message: str) -> Role:
    """What a message is of which the file has no speaker: dialogue where it is quoted, else narration."""
    return Role.DIALOGUE if is_spoken(message) else Role.NARRATION
