"""An opened EPUB."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from translator.core.collector import collector_paused
from translator.core.document import FormatError, FormatOptions, HeldBack
from translator.core.segment import Segment
from translator.core.xhtml_page import Page, Wish
from translator.core.xhtml_words import CONTENTS, HTML, PACKAGE, Words
from translator.core.xhtml_writing_mode import horizontal_changes, horizontal_sheet
from translator.core.xml_spans import Change, MarkupFile, read_markup
from translator.core.zip_members import Members, open_zip
from translator.formats.epub.package import (
    horizontal_package,
    named,
    read_member,
    read_package,
)


class EpubDocument:
    """A book. Its pages are its package document, its XHTML files, its NCX, by the names of their members."""

    charset: str | None = None

    def __init__(self, blob: bytes, options: FormatOptions) -> None:
        self._members = _open(blob)
        package = read_package(self._members)
        self._package = package
        self._options = replace(options, charset=None, output_charset=None)
        self._wish = Wish(options.settings.get("bilingual"), options.target_language)
        notices = list(package.notices)
        pages = {package.name: _page(package.file, PACKAGE, package.name, None)}
        for name in package.pages:
            pages[name] = self._xhtml(name, notices)
        for name in package.contents:
            found = self._contents(name, notices)
            if found is not None:
                pages[name] = found
        self._pages: Mapping[str, Page] = pages
        self.segments: Sequence[Segment] = tuple(s for page in pages.values() for s in page.segments)
        if not self.segments:
            notices.append("no text: its pages are pictures, or there are none")
        elif all(s.key.startswith(f"{package.name}:") for s in self.segments):
            notices.append("there is no text but its title: its pages are pictures, or there are none")
        self.notices: Sequence[str] = tuple(notices)

    def _xhtml(self, name: str, notices: list[str]) -> Page:
        """A page; one that is no well-formed XML is read as browsers would."""
        blob = self._read(name)
        language = self._package.language
        try:
            file = read_markup(blob)
            notices += [f"{name}: {notice}" for notice in file.notices]
            return _page(file, HTML, name, language)
        except FormatError as error:
            problem = error
        try:
            page = _page(read_markup(blob, html=True), HTML, name, language)
        except FormatError as error:
            raise named(name, error) from error
        notices.append(f"{name}: {problem}; it is read as HTML")
        return page

    def _contents(self, name: str, notices: list[str]) -> Page | None:
        try:
            return _page(read_member(self._members, name), CONTENTS, name, None)
        except FormatError as error:
            notices.append(f"{named(name, error)}; it stays as it is")
            return None

    def _read(self, name: str) -> bytes:
        try:
            return self._members.read(name)
        except FormatError as error:
            raise named(name, error) from error

    @cached_property
    def _member_of(self) -> Mapping[str, str]:
        return {key: name for name, page in self._pages.items() for key in page.entries}

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        with collector_paused():
            return self._rendered(targets)

    def _rendered(self, targets: Mapping[str, str]) -> bytes:
        by_member: dict[str, dict[str, str]] = {}
        for key, target in targets.items():
            by_member.setdefault(self._member_of[key], {})[key] = target
        changes = {name: self._pages[name].changes(given, self._wish) for name, given in by_member.items()}
        changes = {name: made for name, made in changes.items() if made}
        new: dict[str, bytes] = {}
        if changes:
            package = self._package.name
            if self._wish.language is not None and package not in changes:
                changes[package] = self._pages[package].language_changes(self._wish.language)
            if "horizontal" in self._options.settings:
                new |= self._turned(changes)
        for name, made in changes.items():
            page = self._pages[name]
            new[name] = page.written(made, self._wish, page.file.output(self._options))
        return self._members.replaced(new)

    def _turned(self, changes: dict[str, list[Change]]) -> dict[str, bytes]:
        """Style sheets for horizontal writing; what pages and the package need is added to the changes."""
        package = self._package
        for name, page in self._pages.items():
            made = changes.get(name, [])
            if name == package.name:
                made = [*made, *horizontal_package(page.file, self._wish.language)]
            else:
                made = horizontal_changes(page.file, made)
            if made:
                changes[name] = made
        styles: dict[str, bytes] = {}
        for name in package.styles:
            old = self._read(name)
            new = horizontal_sheet(old)
            if new != old:
                styles[name] = new
        return styles

    def held_back(self) -> Iterator[HeldBack]:
        """Metadata, code, page numbers, what is hidden or not to be translated."""
        for page in self._pages.values():
            yield from page.held_back()


def _page(file: MarkupFile, words: Words, name: str, language: str | None) -> Page:
    return Page(file, words, prefix=f"{name}:", language=language)


def _open(blob: bytes) -> Members:
    try:
        return open_zip(blob)
    except FormatError as error:
        raise FormatError(f"this is no EPUB, or a damaged one: {error}", offset=error.offset) from error
