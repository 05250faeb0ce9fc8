"""Where a line of text may be broken: between the words of spaced scripts, by kinsoku rules elsewhere.

The rules are those of Japanese and Chinese typesetting (JIS X 4051, strict: small kana and the long-vowel mark never
start a line) and, for scripts with spaces, the plain ones of Unicode's line breaking (UAX 14).
"""

import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from translator.core.markup import Fate, MarkupSyntax, Piece
from translator.core.scripts import cell

NO_START = frozenset(
    "、。，．！？…‥）」』】〉》〕］｝〗〙〛｠”’：；・｡､｣･ﾞﾟ％‰°℃゛゜〜～"
    "ーｰ々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ"
    "!?,.;:)]}%»›‼⁇⁈⁉"
)
"""Characters that never start a line."""
NO_END = frozenset("（「『【〈《〔［｛〖〘〚｟“‘｢([{«‹＄￥￡＃№¥£$#")
"""Characters that never end a line."""
NOT_SPLIT = frozenset("…‥—―─〜～")
"""Characters of which two neighbours of the same kind are one sign."""
_STARTS_WORDS = frozenset("…‥’・〜～")
"""Characters of NO_START that may start a line after a space: there they open a word."""
_GLUED = frozenset(("Mn", "Me", "Mc", "Cf"))
_BREAKABLE_AFTER_HYPHEN = "-‐"
_JOINER = "\u200d"
_HANGUL = (range(0x1100, 0x1200), range(0x3130, 0x3190), range(0xAC00, 0xD7B0))


class Kind(IntEnum):
    """How a character takes part in line breaking. GLUED: it belongs to the character before it."""

    SPACE = 0
    WORD = 1
    FREE = 2
    GLUED = 3


@dataclass(slots=True)
class Unit:
    """What is never broken: a character with what is glued to it and the codes that stay with it, or a code.

    text: with its codes. cells: its width. first, last: its outer visible characters. codes: the text without the
    visible characters, which is what remains of a space at a break.
    """

    text: str
    cells: int
    kind: Kind
    first: str
    last: str
    codes: str = ""


@lru_cache(maxsize=16_384)
def kind(character: str) -> Kind:
    """How `character` takes part in line breaking."""
    category = unicodedata.category(character)
    if character in " \t\u3000" or (category == "Zs" and character not in "\u00a0\u2007\u202f"):
        found = Kind.SPACE
    elif category in _GLUED or "\U0001f3fb" <= character <= "\U0001f3ff":
        found = Kind.GLUED
    elif any(ord(character) in block for block in _HANGUL):
        found = Kind.WORD
    else:
        found = Kind.FREE if _is_free(character, category) else Kind.WORD
    return found


def _is_free(character: str, category: str) -> bool:
    wide = unicodedata.east_asian_width(character)
    return wide in "WFH" or (wide == "A" and category[0] not in "LM")


def leans_on_next(piece: Piece) -> bool:
    """Whether a code belongs to the text after it: it opens something, or sets what is not a plain reset."""
    if piece.rule is None or piece.rule.fate in (Fate.CLOSE, Fate.DROP):
        return False
    code = piece.text
    if piece.rule.fate is Fate.OPEN:
        return True
    if code.startswith(("</", "[/", "{/")) or code.endswith("[0]"):
        return False
    return code.endswith(("]", ">", "{"))


def units(text: str, markup: MarkupSyntax) -> list[Unit]:
    """Split `text` (one line) into what is never broken; joined, their texts give `text` again."""
    found: list[Unit] = []
    waiting = ""
    for piece in markup.tokenize(text):
        if piece.rule is not None and piece.rule.cells:
            found.append(Unit(waiting + piece.text, piece.rule.cells, Kind.WORD, "\ufffc", "\ufffc"))
            waiting = ""
        elif piece.rule is not None:
            if waiting or not found or leans_on_next(piece):
                waiting += piece.text
            else:
                _append_code(found[-1], piece.text)
        else:
            waiting = _add_text(found, piece.text, waiting)
    if waiting:
        if found:
            _append_code(found[-1], waiting)
        else:
            found.append(Unit(waiting, 0, Kind.WORD, "\ufffc", "\ufffc"))
    return found


def _append_code(unit: Unit, code: str) -> None:
    unit.text += code
    unit.codes += code


def _add_text(found: list[Unit], text: str, waiting: str) -> str:
    """Add the characters of `text`; the codes in `waiting` go before the first. Gives what still waits."""
    indent = all(unit.kind is Kind.SPACE for unit in found)
    for character in text:
        sort = kind(character)
        if found and (sort is Kind.GLUED or found[-1].last == _JOINER) and not waiting:
            unit = found[-1]
            unit.text += character
            unit.cells += cell(character)
            if character == _JOINER:
                unit.last = character
            continue
        if sort is Kind.SPACE and waiting and found and not indent:
            _append_code(found[-1], waiting)
            waiting = ""
        sort = Kind.WORD if sort is Kind.GLUED else sort
        indent = indent and sort is Kind.SPACE
        found.append(Unit(waiting + character, cell(character), sort, character, character, waiting))
        waiting = ""
    return waiting


def may_break(found: list[Unit], index: int) -> bool:
    """Whether a line may end before the unit at `index` (which is not the first)."""
    before, after = found[index - 1], found[index]
    if after.kind is Kind.SPACE:
        return False
    if before.kind is Kind.SPACE:
        return _after_space(found, index)
    if not fits_kinsoku(before, after):
        return False
    if after.kind is Kind.WORD:
        return _after_hyphen(found, index) if before.kind is Kind.WORD else before.last not in "…‥’"
    return True


def _after_space(found: list[Unit], index: int) -> bool:
    after = found[index]
    while index and found[index - 1].kind is Kind.SPACE:
        index -= 1
    if index == 0:
        return False  # an indent stays with its text
    starts = after.first not in NO_START or after.first in _STARTS_WORDS
    return starts and found[index - 1].last not in NO_END


def fits_kinsoku(before: Unit, after: Unit) -> bool:
    """Whether the rules for a line's first and last character allow a break between the two."""
    if after.first in NO_START or before.last in NO_END:
        return False
    return not (before.last == after.first and before.last in NOT_SPLIT)


def _after_hyphen(found: list[Unit], index: int) -> bool:
    hyphen = found[index - 1].last in _BREAKABLE_AFTER_HYPHEN
    return hyphen and index > 1 and found[index - 2].last.isalpha() and found[index].first.isalpha()
