"""What the packages of Office Open XML (DOCX, XLSX) have in common: parts as texts, and what points to what.

Parts are XML in UTF-8 or UTF-16 (ECMA-376-2, 8.1.4), and have no document type declaration, so that entities cannot
grow: a part that has one is refused. Whether a part is well-formed is asked of expat, which reads some 100 MB/s and
looks nothing up. Relations: ECMA-376-2, 6.5.
"""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from xml.parsers import expat

from translator.core.document import Confidence, FormatError, FormatOptions
from translator.core.textfile import require_utf8
from translator.core.xml_spans import read_references
from translator.core.zip_members import Members, first_names, open_zip

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CFB_ENTRY, _CFB_NAME = 128, 64
_LOCKED = "EncryptedPackage"
_OLDER = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
"""The streams that tell the files of Office 97 to 2003 (MS-DOC, 2.1; MS-XLS, 2.1; MS-PPT, 2.1)."""

_RELATION = re.compile(r"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAMESPACE = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"'<>]*)[\"']")
_TITLE = re.compile(r"<dc:title(?:\s[^<>]*[^/<>])?>([^<]*)</dc:title\s*>")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a package: its name, its text without the byte order mark, and how it is encoded."""

    name: str
    text: str
    charset: str
    bom: bytes

    def encoded(self, text: str) -> bytes:
        """Another text in the part's own encoding."""
        return self.bom + text.encode(self.charset)


def rate_package(name: PurePath, head: bytes, suffixes: Collection[str], folder: str) -> Confidence:
    """CERTAIN for a package of such a name with parts in the folder in its first bytes, LIKELY by its name else.

    For `Format.sniff`.
    """
    inside = any(member.startswith(f"{folder}/") for member in first_names(head))
    if name.suffix.lower() not in suffixes:
        return Confidence.MAYBE if inside else Confidence.NONE
    if inside:
        return Confidence.CERTAIN
    return Confidence.LIKELY if head.startswith((b"PK", _CFB)) else Confidence.MAYBE


def open_package(blob: bytes, options: FormatOptions, what: str, suffix: str) -> Members:
    """The members of a package; raises FormatError, which tells one with a password from a file of older programs."""
    require_utf8(options, f"the parts of {what} are in UTF-8")
    if blob.startswith(_CFB):
        raise FormatError(f"this is {_compound(blob, what, suffix)}", offset=0)
    return open_zip(blob)


def _compound(blob: bytes, what: str, suffix: str) -> str:
    """What a compound file is, and what to do about it. Packages with a password are in such a file (MS-OFFCRYPTO)."""
    if _has_stream(blob, _LOCKED):
        return f"{what} that is protected by a password; save it without one"
    older = next((older for stream, older in _OLDER.items() if _has_stream(blob, stream)), "")
    return f"a file of an older program{f' ({older})' if older else ''}; save it as {suffix}"


def _has_stream(blob: bytes, name: str) -> bool:
    """Whether a compound file's directory has a stream: its entries begin with names of known lengths (MS-CFB, 2.6)."""
    said = f"{name}\0".encode("utf-16-le")
    entry = said.ljust(_CFB_NAME, b"\0") + len(said).to_bytes(2, "little")
    at = blob.find(entry)
    while at >= 0 and at % _CFB_ENTRY:
        at = blob.find(entry, at + 1)
    return at >= 0


def main_part(members: Members, usual: str) -> str | None:
    """The part that a package names as its document, or the one that is usual; None where it has neither."""
    named = next((path for _, kind, path in relations(members, "") if kind == "officeDocument"), None)
    return named or (usual if usual in members else None)


def read_part(members: Members, name: str) -> Part:
    """A part that is well-formed XML; raises FormatError with the part's name."""
    blob = members.read(name)
    bom, charset = next(((bom, charset) for bom, charset in _BOMS if blob.startswith(bom)), (b"", "utf-8"))
    try:
        text = blob[len(bom) :].decode(charset)
    except UnicodeDecodeError as error:
        raise FormatError(f"{name}: byte {error.start} is no {charset}", offset=error.start) from error
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError(f"{name}: it has a document type declaration, which these files must not have", offset=0)
    parser = expat.ParserCreate("utf-16" if charset.startswith("utf-16") else "utf-8")
    try:
        parser.Parse(blob, True)  # noqa: FBT003  expat has no other way to say that this is all
    except expat.ExpatError as error:
        at = parser.ErrorByteIndex
        raise FormatError(f"{name}: this is no well-formed XML: {error}", offset=at) from error
    return Part(name, text, charset, bom)


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of a start tag by their names as written."""
    return {m[1]: read_references(m[2] if m[2] is not None else m[3]) for m in _ATTRIBUTE.finditer(tag)}


def prefix_of(text: str, language: str) -> str | None:
    """The prefix of the main namespace of a markup language (`wordprocessingml`), with its colon, "" where it has none.

    Transitional names have a year in them, strict ones have not. None where it is not declared in the part's first
    8,000 characters.
    """
    ends = (f"/{language}/2006/main", f"/{language}/main")
    found = next((m for m in _NAMESPACE.finditer(text, 0, 8000) if m[2].endswith(ends)), None)
    if found is None:
        return None
    return "" if found[1] is None else f"{found[1]}:"


def relations(members: Members, source: str) -> Iterator[tuple[str, str, str]]:
    """Id, kind (the last word of its type) and target of each part that a part ("" for the package) points to.

    Only parts that are there; what is outside of the package is left out.
    """
    folder, base = posixpath.split(source)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in members:
        return
    for match in _RELATION.finditer(read_part(members, name).text):
        found = attributes_of(match[1])
        target = found.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if found.get("TargetMode") != "External" and path in members:
            yield found.get("Id", ""), found.get("Type", "").rsplit("/", 1)[-1], path


def title_of(members: Members) -> tuple[Part, int, int] | None:
    """Where the file's title stands in its properties; None where it has none."""
    name = next((path for _, kind, path in relations(members, "") if kind == "core-properties"), None)
    if name is None:
        return None
    part = read_part(members, name)
    found = _TITLE.search(part.text)
    if found is None or not found[1].strip():
        return None
    return part, found.start(1), found.end(1)
