"""What a text is to a player where the file does not say: tables of texts by key, dumps of all that was shown."""

import regex

from translator.core.segment import Role

_SENTENCE = regex.compile(r"[。！？!?…‥」』]|[.:]\s*$|[a-z]\.\s|、|，")
_QUOTED = ("「", "『", "“", "〝", "（「")
_TERM, _LONG = 24, 80
"""Characters that a label or a name has at most, without and with white space around it."""


def guess_role(text: str) -> Role:
    """Dialogue for what is quoted, description for sentences and what is long, else a term."""
    if text.lstrip().startswith(_QUOTED):
        return Role.DIALOGUE
    if len(text) > _LONG or "\n" in text.strip() or len(text.strip()) > _TERM or _SENTENCE.search(text):
        return Role.DESCRIPTION
    return Role.TERM
