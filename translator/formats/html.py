"""HTML and XHTML: see `core.xhtml_page` for what is a text, its key and its scene, `core.xhtml_markup` for its codes.

A file that says that it is XHTML (an XML declaration, its namespace) and is well-formed is read as XML, any other as
browsers read HTML. Its charset is what it declares where that is true, else what it is (`core.xml_charset`).

`<title>` and the description for search engines are texts, and an equal heading is one decision with the title.
Where there is a target language, the `lang` of `<html>` becomes it once something is translated.

Settings: `ruby` = drop, keep or parens; `bilingual` = above, below or side; `horizontal`: `writing-mode` in the file's
own styles.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS, looks_binary
from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions, HeldBack
from translator.core.markup import MarkupSyntax
from translator.core.segment import Segment
from translator.core.textfile import Output
from translator.core.xhtml_markup import MARKUP, markup_of
from translator.core.xhtml_page import Page, Wish
from translator.core.xhtml_words import HTML
from translator.core.xhtml_writing_mode import horizontal_changes
from translator.core.xml_charset import declared_spans
from translator.core.xml_spans import MarkupFile, read_markup

_SUFFIXES = (".html", ".htm", ".xhtml", ".xht")
_HTML = re.compile(r"(?i)<(?:!doctype\s+html|html|head|body|title|meta|p|div|h[1-6]|table|br|span)\b")
_XHTML = re.compile(r"\A\s*<\?xml\b|xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml")
_HEAD = 4096


class HtmlDocument:
    """An HTML or XHTML file."""

    def __init__(self, file: MarkupFile, page: Page, options: FormatOptions) -> None:
        self._file = file
        self._page = page
        self._output = _output(file, options)
        self._wish = Wish(options.settings.get("bilingual"), options.target_language)
        self._horizontal = "horizontal" in options.settings
        self.segments: Sequence[Segment] = page.segments
        silent = () if self.segments else ("no text: there is nothing to read but code and names",)
        self.notices: Sequence[str] = (*file.notices, *self._output.notices, *silent)
        self.charset: str | None = None  # what the charset lacks is written as a reference

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        changes = self._page.changes(targets, self._wish)
        if changes and self._horizontal:
            changes = horizontal_changes(self._file, changes)
        return self._page.written(changes, self._wish, self._output)

    def held_back(self) -> Iterator[HeldBack]:
        """Code, styles, what is marked as not to be translated, what is hidden."""
        return self._page.held_back()


def _output(file: MarkupFile, options: FormatOptions) -> Output:
    """As `MarkupFile.output`, but what becomes UTF-8 and has no place to say so begins with a mark."""
    output = file.output(options)
    becomes_utf8 = output.charset == "utf-8" != file.charset
    if not becomes_utf8 or not file.html or any(declared_spans(file.text, html=True)):
        return output
    return replace(output, bom=codecs.BOM_UTF8)


class HtmlFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="html",
        title="HTML page",
        family=Family.NOVEL,
        patterns=("*.html", "*.htm", "*.xhtml"),
        charsets=(*CHARSETS, "cp1252", "cp1251"),
        markup=MARKUP,
    )

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `core.document.ChoosesMarkup`."""
        return markup_of(settings)

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with a tag of HTML in it, MAYBE for any other text of this name."""
        if name.suffix.lower() not in _SUFFIXES:
            return Confidence.NONE
        text = head.replace(b"\0", b"").decode("latin-1")
        if _HTML.search(text):
            return Confidence.CERTAIN
        return Confidence.NONE if looks_binary(head) else Confidence.MAYBE

    def open(self, blob: bytes, *, options: FormatOptions) -> HtmlDocument:
        """Read a page; raises FormatError for a file that is no text in its charset."""
        with collector_paused():
            file = read_markup(blob, charset=options.charset, html=True)
            if options.name.suffix.lower() in (".xhtml", ".xht") or _XHTML.search(file.text[:_HEAD]):
                strict = MarkupFile(blob, file.text, file.charset, file.bom, file.notices)
                try:
                    return HtmlDocument(strict, Page(strict, HTML), options)
                except FormatError:
                    pass  # browsers read it as HTML then, and so does this
            return HtmlDocument(file, Page(file, HTML), options)


FORMAT = HtmlFormat()
