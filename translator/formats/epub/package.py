"""What an EPUB's container and package document say: which files there are, and in which order they are read."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize
from urllib.parse import unquote

from translator.core.document import FormatError
from translator.core.xhtml_text import local
from translator.core.xml_spans import (
    Change,
    Kind,
    MarkupFile,
    Token,
    attribute,
    attributes,
    read_markup,
    read_references,
)
from translator.core.zip_members import Members

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = ("META-INF/rights.xml", "META-INF/license.lcpl", "META-INF/sinf.xml")
_OBFUSCATED = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_XHTML = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml")
_NCX = "application/x-dtbncx+xml"
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur")
_MODES = {"vertical-rl": "horizontal-lr", "vertical-lr": "horizontal-lr", "horizontal-rl": "horizontal-lr"}


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the manifest; `name` is the member's, None where the archive has no such. path: what it names."""

    ident: str
    href: str
    path: str
    name: str | None
    media_type: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """The package document: its member, its text, its files in the order in which they are read.

    pages: XHTML files, the spine's first. contents: NCX files. notices: what it names and is not there.
    """

    name: str
    file: MarkupFile
    pages: tuple[str, ...]
    contents: tuple[str, ...]
    styles: tuple[str, ...]
    language: str | None
    notices: tuple[str, ...]


def obfuscated_members(members: Members) -> frozenset[str]:
    """The members that are obfuscated, as fonts may be. Raises FormatError for a book under DRM."""
    for name in _RIGHTS:
        if name in members:
            raise FormatError(
                f"the book is encrypted (DRM): {name} is in it; it can only be read by its shop's program"
            )
    found: list[str] = []
    encrypted = named = 0
    for token, file in _tags(members, ENCRYPTION) if ENCRYPTION in members else ():
        name = local(token.name)
        if name == "encryptionmethod":
            method = attribute(file.text, token, "Algorithm") or ""
            if method not in _OBFUSCATED:
                raise FormatError(f"the book is encrypted (DRM): {ENCRYPTION} names {method or 'no algorithm'}")
        encrypted += name == "encrypteddata"
        named += name == "encryptionmethod"
        if name == "cipherreference":
            found.append(unquote(attribute(file.text, token, "URI") or "").removeprefix("/"))
    if encrypted > named:
        raise FormatError(f"the book is encrypted (DRM): {ENCRYPTION} names no algorithm for a part of it")
    return frozenset(found)


def _refuse_obfuscated(names: Iterable[str], obfuscated: frozenset[str]) -> None:
    for name in names:
        if name in obfuscated:
            raise FormatError(f"the book is encrypted (DRM): {ENCRYPTION} lists {name}, which is no font")


def read_member(members: Members, name: str) -> MarkupFile:
    """A member as XML; raises FormatError with its name."""
    try:
        return read_markup(members.read(name))
    except FormatError as error:
        raise named(name, error) from error


def named(name: str, error: FormatError) -> FormatError:
    """The error with the member's name before it; its offset is inside of the member, so it is told in words only."""
    message = str(error)
    return FormatError(message if message.startswith(name) else f"{name}: {message}")


def _tags(members: Members, name: str) -> Iterator[tuple[Token, MarkupFile]]:
    file = read_member(members, name)
    try:
        for token in file.tokens():
            if token.kind in (Kind.START, Kind.EMPTY):
                yield token, file
    except FormatError as error:
        raise named(name, error) from error


def _alike(members: Members) -> Mapping[str, str | None]:
    """The members by what no two names of a book may share (EPUB 3.3, 4.2.3); None where some do."""
    found: dict[str, str | None] = {}
    for name in members.names:
        folded = _folded(name)
        found[folded] = None if folded in found else name
    return found


def _folded(name: str) -> str:
    return normalize("NFC", name.casefold())


def find_package(members: Members, alike: Mapping[str, str | None]) -> tuple[str, str]:
    """What names the package document, and the name of its member; raises FormatError."""
    if CONTAINER not in members:
        raise FormatError(f"this is no EPUB: it has no {CONTAINER}")
    first: str | None = None
    for token, file in _tags(members, CONTAINER):
        if local(token.name) == "rootfile":
            path = (attribute(file.text, token, "full-path") or "").removeprefix("/")
            name = path if path in members else alike.get(_folded(path))
            if name is not None:
                return path, name
            first = first or path
    if first is not None:
        raise FormatError(f"{CONTAINER} names {first}, which is not in the archive")
    raise FormatError(f"{CONTAINER} names no package document")


def read_package(members: Members) -> Package:
    """The book's package document; raises FormatError, for a book under DRM too."""
    obfuscated = obfuscated_members(members)
    alike = _alike(members)
    path, name = find_package(members, alike)
    _refuse_obfuscated((name,), obfuscated)
    items: dict[str, Item] = {}
    spine: list[str] = []
    language: str | None = None
    file = read_member(members, name)
    after_language = False
    for token in _named_tokens(file, name):
        if after_language and token.kind is Kind.TEXT and language is None:
            language = file.text[token.start : token.end].strip() or None
        tag = local(token.name) if token.kind in (Kind.START, Kind.EMPTY) else ""
        after_language = tag == "language"
        if tag == "item":
            item = _item(members, alike, name, file, token)
            items.setdefault(item.ident, item)
        elif tag == "itemref":
            spine.append(attribute(file.text, token, "idref") or "")
    package = _ordered(name, file, items, spine, language)
    if path != name:
        package = replace(package, notices=(_taken(CONTAINER, path, name), *package.notices))
    _refuse_obfuscated((*package.pages, *package.contents), obfuscated)
    return package


def _named_tokens(file: MarkupFile, name: str) -> Iterator[Token]:
    try:
        yield from file.tokens()
    except FormatError as error:
        raise named(name, error) from error


def _item(members: Members, alike: Mapping[str, str | None], package: str, file: MarkupFile, token: Token) -> Item:
    said = {a.name: read_references(file.text[a.start : a.end]) for a in attributes(file.text, token)}
    href = said.get("href", "")
    return Item(
        said.get("id", ""),
        href,
        *_member(members, alike, package, href),
        said.get("media-type", "").strip().lower(),
        tuple(said.get("properties", "").split()),
    )


def _member(members: Members, alike: Mapping[str, str | None], package: str, href: str) -> tuple[str, str | None]:
    """What a link in the package document names, and the member that it leads to; None where it leads out of the
    archive or nowhere.
    """
    path = href.partition("#")[0]
    joined = [posixpath.join(posixpath.dirname(package), spelled) for spelled in (unquote(path), path) if spelled]
    names = [name for name in map(posixpath.normpath, joined) if not name.startswith(("../", "/"))]
    for name in names:
        if name in members:
            return name, name
    return next(((name, alike[_folded(name)]) for name in names if alike.get(_folded(name))), (href, None))


def _ordered(
    name: str, file: MarkupFile, items: dict[str, Item], spine: Sequence[str], language: str | None
) -> Package:
    notices = [f"the manifest names {i.href}, which is not in the archive" for i in items.values() if _is_absent(i)]
    notices += [
        _taken("the manifest", item.path, item.name)
        for item in items.values()
        if item.name is not None and item.name != item.path
    ]
    notices += [f"the spine names {ident!r}, which is not in the manifest" for ident in spine if ident not in items]
    in_order = [items[ident] for ident in spine if ident in items]
    rest = [item for item in items.values() if item.media_type in _XHTML and "nav" not in item.properties]
    navs = [item for item in items.values() if "nav" in item.properties]
    pages: dict[str, None] = {}
    for item in (*in_order, *rest, *navs):
        if item.name is not None and item.media_type in _XHTML:
            pages.setdefault(item.name)
    contents = dict.fromkeys(i.name for i in items.values() if i.media_type == _NCX and i.name is not None)
    styles = dict.fromkeys(i.name for i in items.values() if i.media_type == "text/css" and i.name is not None)
    contents.pop(name, None)
    pages.pop(name, None)
    shown = notices[:_SHOWN] + ([f"and {len(notices) - _SHOWN} more such"] if len(notices) > _SHOWN else [])
    return Package(name, file, tuple(pages), tuple(contents), tuple(styles), language, tuple(shown))


def _is_absent(item: Item) -> bool:
    return item.name is None and "://" not in item.href and not item.href.startswith("data:")


def _taken(where: str, path: str, name: str) -> str:
    return f"{where} names {path}, which is not in the archive; {name}, which differs in letter case only, is taken"


_SHOWN = 5


def horizontal_package(file: MarkupFile, language: str | None) -> list[Change]:
    """What makes a package document that of a book in horizontal writing."""
    changes: list[Change] = []
    to_the_right = (language or "").partition("-")[0] not in _RIGHT_TO_LEFT
    for token in file.tokens():
        if token.kind not in (Kind.START, Kind.EMPTY):
            continue
        name = local(token.name)
        for found in attributes(file.text, token):
            value = file.text[found.start : found.end].strip()
            if name == "spine" and found.name == "page-progression-direction" and value == "rtl" and to_the_right:
                changes.append(Change(found.start, found.end, "ltr", ""))
            elif name == "meta" and found.name == "content" and value in _MODES:  # noqa: SIM102
                if attribute(file.text, token, "name") == "primary-writing-mode":
                    changes.append(Change(found.start, found.end, _MODES[value], ""))
    return changes
