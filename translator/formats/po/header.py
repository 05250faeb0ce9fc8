"""What the header of a PO file (the translation of the empty text) says: charset, language, plural forms."""

import re
from typing import NamedTuple

from translator.core.charset import Decoded, canonical, decode, detect
from translator.core.document import FormatError
from translator.core.plurals import read_rule

_DECLARED = re.compile(r"Content-Type:[^\"\r\n]{0,200}?\bcharset=([A-Za-z0-9_.:+-]+)")
_FORMS = re.compile(r"Plural-Forms:[ \t]*([^\"\r\n]*?)(?=\\n|\"|[\r\n])")
_LANGUAGE = re.compile(r"^Language:[ \t]*([\w@.-]+)", re.MULTILINE)
_RULE = re.compile(r"^Plural-Forms:(.*)", re.MULTILINE)
_LOOKED_AT = 16_384
PLACEHOLDER = "CHARSET"
"""What a template declares instead of a charset."""


class Header(NamedTuple):
    """forms, expression: of `Plural-Forms`, None where it has none (a template's says `nplurals=INTEGER`).

    charset_span, forms_span: where the name of the charset and the rule for plurals stand in the file.
    """

    language: str | None
    forms: int | None
    expression: str | None
    charset: str | None
    charset_span: tuple[int, int] | None
    forms_span: tuple[int, int] | None


def read_header(text: str, said: str, span: tuple[int, int]) -> Header:
    """The header of a file. said: what it says; span: where it stands in the text."""
    language = _LANGUAGE.search(said)
    rule = _RULE.search(said)
    forms = read_rule(rule[1]) if rule else None
    declared = _DECLARED.search(text, *span)
    written = _FORMS.search(text, *span)
    return Header(
        language[1] if language else None,
        forms[0] if forms else None,
        forms[1] if forms else None,
        declared[1] if declared else None,
        declared.span(1) if declared else None,
        written.span(1) if written else None,
    )


NO_HEADER = Header(None, None, None, None, None, None)


def decode_by_header(blob: bytes, asked: str | None) -> tuple[Decoded, tuple[str, ...]]:
    """Decode a file by what its header declares, where that is true; and what is odd about it. Raises FormatError.

    A declaration is believed where all of the file can be read by it, unless it is UTF-8 and says something else.
    """
    if asked is not None:
        return decode(blob, charset=asked), ()
    found = _DECLARED.search(blob[:_LOOKED_AT].decode("latin-1"))
    name = found[1] if found else PLACEHOLDER
    if name == PLACEHOLDER:
        return _guessed(blob, None)
    try:
        declared = canonical(name)
    except LookupError:
        return _guessed(blob, name)
    if declared != "utf-8" and not blob.isascii() and _is_utf8(blob) and detect(blob) == "utf-8":
        return decode(blob, charset="utf-8"), (f"its header says {name}, but it is UTF-8, and is read so",)
    try:
        return decode(blob, charset=declared), ()
    except FormatError as error:
        try:
            read = decode(blob)
        except FormatError:
            raise error from None
    return read, (f"its header says {name}, but it is no such text; it is read as {read.charset}",)


def _guessed(blob: bytes, declared: str | None) -> tuple[Decoded, tuple[str, ...]]:
    """Decode a file whose header does not help. gettext takes such a file for ASCII, other tools for UTF-8."""
    said = f"its header says {declared}, which is not known here" if declared else "its header declares no charset"
    wanted = "the one that it is written in can be named with --charset (for example --charset iso-8859-1)"
    try:
        read = decode(blob, charset="utf-8") if _is_utf8(blob) else decode(blob)
    except FormatError as error:
        raise FormatError(f"{said}, and none is found that fits: {wanted}", offset=error.offset) from error
    if read.charset == "utf-8":
        return read, (f"{said}; it is read as utf-8",) if declared else ()
    return read, (f"{said}; it is read as {read.charset}, which is a guess: {wanted}",)


def _is_utf8(blob: bytes) -> bool:
    try:
        return "\0" not in blob.decode()
    except UnicodeDecodeError:
        return False
