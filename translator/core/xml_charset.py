"""The charset of an XML or HTML file: what it declares, and what it is.

Order: a byte order mark; what the user says; UTF-16 that shows in its first characters; the XML declaration, else (in
HTML and XHTML) `<meta charset>` or `<meta http-equiv content>` in the first 4 KiB; UTF-8. A declaration is believed
where the whole file decodes by it, strictly; one that names another charset while the file is UTF-8 is a lie, as is
UTF-16 in a file whose declaration can be read as ASCII (XML 1.0, appendix F; WHATWG HTML, 13.2.3.2). As in browsers,
ISO-8859-1 means Windows-1252, GB2312 means GB18030, and Shift_JIS means CP932. HTML that does not say what it is, is
Windows-1252 where it looks like a language of Western Europe, else what fits.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from translator.core.charset import CHARSETS, canonical, decode, detect, looks_binary
from translator.core.document import FormatError
from translator.core.likelihood import MODELS, likelihood

_HEAD = 4096
_XML_DECLARATION = re.compile(r"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,60})[\"']")
_META = re.compile(
    r"(?is)<!--.*?-->"
    r"|<meta\b(?![^>]{0,300}\bname\s*=)[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,60})"
)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_AS_WINDOWS = {"iso8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "iso8859-9": "cp1254"}
_ASCII_NAMES = ("ascii", "us-ascii", "ansi_x3.4-1968")
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
    if charset.startswith("iso8859-"):
        return f"ISO-{charset[3:]}"
    return _IANA.get(charset, charset.upper())


def declared_spans(text: str, *, html: bool = False) -> Iterator[tuple[int, int]]:
    """Where the names of the charset stand that a file declares (both, where XHTML has both)."""
    found = _XML_DECLARATION.match(text)
    if found is not None:
        yield found.span(1)
    if html or "<html" in text[:_HEAD].lower():
        yield from (match.span(1) for match in _META.finditer(text, 0, _HEAD) if match[1] is not None)


def untrue_spans(text: str, charset: str, *, html: bool = False) -> Iterator[tuple[int, int]]:
    """Where the names of the charset stand that a file declares and is not in. One that says ASCII may come to lie."""
    for start, end in declared_spans(text, html=html):
        name = text[start:end]
        meant = None if name.lower() in _ASCII_NAMES else _meant(name)
        if meant is None or not _same(meant, charset):
            yield start, end


def _meant(name: str) -> str | None:
    """The charset that a declaration means; None where there is none of this name."""
    try:
        meant = canonical(name)
    except (LookupError, ValueError):  # Python's codec `undefined` raises the latter
        return None
    return None if meant in _NO_CHARSETS else meant


def _same(one: str, other: str) -> bool:
    return iana_name(_AS_WINDOWS.get(one, one)) == iana_name(_AS_WINDOWS.get(other, other))


def find_charset(blob: bytes, asked: str | None = None, *, html: bool = False) -> FoundCharset:
    """Decode a file; raises FormatError as `charset.decode` does."""
    if asked is not None:
        return _as(blob, asked)
    wide = _wide(blob)
    if wide is not None or blob.startswith(_BOMS):
        found = _as(blob, wide)
        untrue = [found.text[start:end] for start, end in untrue_spans(found.text, found.charset, html=html)]
        return found._replace(notices=(_lies(untrue[0], found.charset),)) if untrue else found
    head = blob[:_HEAD].decode("latin-1")
    name = next((head[start:end] for start, end in declared_spans(head, html=html)), None)
    if name is None:
        return _undeclared(blob, html=html)
    declared = _meant(name)
    if declared is not None and not declared.startswith(("utf-16", "utf-32")):
        return _declared(blob, name, declared, html=html)
    found = _undeclared(blob, html=html)
    unknown = f"it says that it is {name}, which is not known; it is read as {found.charset}"
    return found._replace(notices=(unknown if declared is None else _lies(name, found.charset),))


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


def _undeclared(blob: bytes, *, html: bool) -> FoundCharset:
    return _fitting(blob, html=html) or _as(blob, None)  # raises, and says where


def _fitting(blob: bytes, *, html: bool) -> FoundCharset | None:
    """By what the bytes show; None where they are no text in a charset that is known."""
    text = _strictly(blob, "utf-8")
    if text is not None:
        return FoundCharset(text, "utf-8", b"")
    found = detect(blob)
    if html and _is_western(blob, found):
        notice = f"it does not say its charset, and is read as {iana_name(_WESTERN)}; name another with --charset"
        return FoundCharset(blob.decode(_WESTERN), _WESTERN, b"", (notice,))
    return None if found is None else FoundCharset(blob.decode(found), found, b"")


def _is_western(blob: bytes, found: str | None) -> bool:
    """Whether a file reads better in Windows-1252 than in another charset that fits, and as a language of Western
    Europe at all: its letters with marks stand alone among ASCII, as those of Cyrillic texts, and UTF-8, do not.
    """
    text = None if looks_binary(blob) else _strictly(blob, _WESTERN)
    if text is None:
        return False
    if 2 * sum(map(len, _NOT_WESTERN.findall(blob))) > len(blob.translate(None, _ASCII)):
        return False
    if found is None:
        return True
    other = blob.decode(found)
    return _weight(text, MODELS[-1:]) > _weight(other, MODELS[:-1]) + _ODD * len(_ODD_PLACES.findall(other))


def _weight(text: str, models: tuple[str, ...]) -> float:
    """The likelihood of a text, with the same one for ASCII, of which a page has most, in all languages."""
    marked = [c for c in text if c > "\x7f"]
    return likelihood("".join(marked).replace("\xa0", " "), models) + _ASCII_WEIGHT * (len(text) - len(marked))


_WESTERN = "cp1252"
_NOT_WESTERN = re.compile(rb"[\xa1-\xff]{3,}|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_ASCII = bytes(range(128))
_ASCII_WEIGHT, _ODD = -4.8, -4.0
_ODD_PLACES = re.compile("[a-z](?=[^\0-\x7f])|(?<=[^\0-\x7f])[a-z]|(?<![^\0-\x7f])[\uff61-\uff9f](?![^\0-\x7f])")
"""Where a Chinese or Japanese character touches a small letter, or a half-width one is alone: seldom so in a text."""


def _declared(blob: bytes, name: str, declared: str, *, html: bool) -> FoundCharset:
    """By the charset that is declared, where the file is in it."""
    for charset in (_AS_WINDOWS.get(declared, declared), declared):
        text = _strictly(blob, charset)
        if text is not None and not (charset != "utf-8" and not blob.isascii() and _is_utf8(blob, charset)):
            return FoundCharset(text, charset, b"")
    found = _fitting(blob, html=html)
    if found is None:
        return _as(blob, declared)  # raises, and says where
    return found._replace(notices=(_lies(name, found.charset),))


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
