"""The charset of an XML or HTML file: what it declares, and what it is.

Order: a byte order mark; what the user says; UTF-16 that shows in its first characters; the XML declaration, else (in
HTML and XHTML) `<meta charset>` or `<meta http-equiv content>` in the first 4 KiB; UTF-8. A declaration is believed
where the whole file decodes by it, strictly; one that names another charset while the file is UTF-8 is a lie, as is
UTF-16 in a file whose declaration can be read as ASCII (XML 1.0, appendix F; WHATWG HTML, 13.2.3.2). As in browsers,
ISO-8859-1 means Windows-1252, GB2312 means GB18030, and Shift_JIS means CP932.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from translator.core.charset import CHARSETS, canonical, decode, detect
from translator.core.document import FormatError

_HEAD = 4096
_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,60})[\"']")
_META = re.compile(r"(?i)<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,60})")
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AS_WINDOWS = {"iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso8859-9": "cp1254"}
_NO_CHARSETS = ("unicode-escape", "raw-unicode-escape", "idna", "punycode", "mbcs", "oem")
"""What Python has codecs for, and no file is in."""

_IANA = {
    "cp932": "Shift_JIS", "euc-jp": "EUC-JP", "euc-jis-2004": "EUC-JP", "gb18030": "GB18030", "cp950": "Big5",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
}  # fmt: skip


class FoundCharset(NamedTuple):
    """A file's text without its byte order mark, its charset, the mark, and what is odd about it."""

    text: str
    charset: str
    bom: bytes
    notices: tuple[str, ...] = ()


def iana_name(charset: str) -> str:
    """A charset's name as a declaration has it."""
    if charset.startswith("cp125"):
        return f"windows-{charset[2:]}"
    return _IANA.get(charset, charset.upper())


def declared_spans(text: str, *, html: bool = False) -> Iterator[tuple[int, int]]:
    """Where the names of the charset stand that a file declares (both, where XHTML has both)."""
    found = _XML_DECLARATION.match(text)
    if found is not None:
        yield found.span(1)
    if html or "<html" in text[:_HEAD].lower():
        yield from (match.span(1) for match in _META.finditer(text, 0, _HEAD))


def find_charset(blob: bytes, asked: str | None = None, *, html: bool = False) -> FoundCharset:
    """Decode a file; raises FormatError as `charset.decode` does."""
    if asked is not None or blob.startswith(_BOMS):
        return _as(blob, asked)
    wide = _wide(blob)
    if wide is not None:
        return _as(blob, wide)
    head = blob[:_HEAD].decode("latin-1")
    name = next((head[start:end] for start, end in declared_spans(head, html=html)), None)
    if name is None:
        return _undeclared(blob)
    try:
        declared = canonical(name)
    except (LookupError, ValueError):  # Python's codec `undefined` raises the latter
        declared = _NO_CHARSETS[0]
    if declared in _NO_CHARSETS:
        found = _undeclared(blob)
        return found._replace(
            notices=(f"it says that it is {name}, which is not known; it is read as {found.charset}",)
        )
    if declared.startswith(("utf-16", "utf-32")):
        found = _undeclared(blob)
        return found._replace(notices=(_lies(name, found.charset),))
    return _declared(blob, name, declared)


def _as(blob: bytes, charset: str | None) -> FoundCharset:
    decoded = decode(blob, charset=charset)
    return FoundCharset(decoded.text, decoded.charset, decoded.bom)


def _wide(blob: bytes) -> str | None:
    """UTF-16 without a mark: its first character is < or white space, and every other byte is zero."""
    start = blob[:4]
    if len(start) < 4 or start.count(0) != 2:  # noqa: PLR2004  two characters
        return None
    if start[1] == start[3] == 0 and start[:1] in b"< \t\r\n":
        return "utf-16-le"
    return "utf-16-be" if start[0] == start[2] == 0 and start[1:2] in b"< \t\r\n" else None


def _lies(name: str, found: str) -> str:
    return f"it says that it is {name}, but it is {found}, and is read so"


def _undeclared(blob: bytes) -> FoundCharset:
    text = _strictly(blob, "utf-8")
    return _as(blob, None) if text is None else FoundCharset(text, "utf-8", b"")


def _declared(blob: bytes, name: str, declared: str) -> FoundCharset:
    """By the charset that is declared, where the file is in it."""
    for charset in (_AS_WINDOWS.get(declared, declared), declared):
        text = _strictly(blob, charset)
        if text is not None and not (charset != "utf-8" and not blob.isascii() and _is_utf8(blob, charset)):
            return FoundCharset(text, charset, b"")
    text = _strictly(blob, "utf-8")
    if text is not None:
        return FoundCharset(text, "utf-8", b"", (_lies(name, "utf-8"),))
    found = detect(blob)
    if found is None:
        return _as(blob, declared)  # raises, and says where
    return FoundCharset(blob.decode(found), found, b"", (_lies(name, found),))


def _is_utf8(blob: bytes, charset: str) -> bool:
    """Whether a file that can be read in another charset is UTF-8 all the same: hardly anything else can be by chance,
    but two or three characters of Chinese or Japanese may.
    """
    if _strictly(blob, "utf-8") is None:
        return False
    return charset not in CHARSETS or detect(blob) == "utf-8"


def _strictly(blob: bytes, charset: str) -> str | None:
    """None where the file is not in the charset. Zero bytes are in no text, but a damaged file may have some."""
    try:
        return blob.decode(charset)
    except UnicodeDecodeError:
        return None
    except UnicodeError as error:  # some codecs raise the bare class
        raise FormatError(f"the file is not {charset} text: {error}") from error
