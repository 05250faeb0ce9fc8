"""Characters that subtitle files spell as references (`&eacute;`, `&#x3042;`, `&amp;`): as text where they are text.

What nobody sees or types (spaces that do not break, signs of direction) stays a code of the format's markup, and so
does what would be read as markup if it were text. A new text spells a character as the cue did that it stands in.
"""

import re
from collections.abc import Iterator, Mapping

from translator.core.markup import MarkupSyntax, Piece
from translator.core.xml_references import read_reference

_NAME = re.compile(r"#?\w{1,40};")


def read(raw: str, markup: MarkupSyntax, keep: str = "") -> str:
    """A cue's text with its references read. keep: characters whose references stay codes."""
    return "".join(piece.text for piece, _ in _read(raw, markup, keep)) if "&" in raw else raw


def spell(text: str, raw: str, markup: MarkupSyntax, escapes: Mapping[str, str], keep: str = "") -> str:
    """A text as it is written where `raw` stands. escapes: how characters are spelled that `raw` has not."""
    table: dict[int, str] = {}
    for piece, reference in _read(raw, markup, keep):
        if reference and len(piece.text) == 1:
            table.setdefault(ord(piece.text), reference)
        elif piece.rule is None:
            table |= {ord(c): c for c in escapes if c in piece.text and ord(c) not in table}
    table = {ord(c): reference for c, reference in escapes.items()} | table
    return "".join(p.text if p.rule is not None else p.text.translate(table) for p in markup.tokenize(text))


def _read(raw: str, markup: MarkupSyntax, keep: str) -> list[tuple[Piece, str]]:
    """The pieces of a text, with the references that some were. `<` and `>` are kept where they would be tags."""
    codes = list(markup.tokenize(raw))
    for kept in (keep, f"{keep}<>"):
        pieces = list(_pieces(codes, kept))
        text = "".join(piece.text for piece, _ in pieces)
        if [p for p, _ in pieces if p.rule is not None] == [p for p in markup.tokenize(text) if p.rule is not None]:
            return pieces
    return [(piece, "") for piece in codes]


def _pieces(raw: list[Piece], keep: str) -> Iterator[tuple[Piece, str]]:
    for number, piece in enumerate(raw):
        found = read_reference(piece.text, html=True) if piece.rule is not None and piece.text[0] == "&" else None
        if found is None or found in keep or found.isspace() or not found.isprintable():
            yield piece, ""
        elif found == "&" and number + 1 < len(raw) and _NAME.match(raw[number + 1].text):
            yield piece, ""  # with what follows, it would be read as another reference
        else:
            yield Piece(found), piece.text
