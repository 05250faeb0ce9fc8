"""What a text is to a player where the file does not say: tables of texts by key, dumps of all that was shown."""

import re

from translator.core.segment import Role

_sentence = re.compile(r"[。！？!?…‥」』、，]|[.:]$|[a-z]\.\s").search
_QUOTED = ("「", "『", "“", "〝", "（「")
_TERM = 24
"""Characters that a label or a name has at most."""
_LONG = 80
"""… with the white space around it."""


def guess_role(text: str) -> Role:
    """Dialogue for what is quoted, description for sentences and what is long, else a term."""
    bare = text.strip()
    if bare.startswith(_QUOTED):
        return Role.DIALOGUE
    if len(bare) > _TERM or len(text) > _LONG or "\n" in bare or _sentence(bare):
        return Role.DESCRIPTION
    return Role.TERM
