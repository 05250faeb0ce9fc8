"""FictionBook 2 (FB2): paragraphs, verses, headings, cells, notes; the title and the annotation.

See `core.xhtml_page` for keys, scenes and what is refused, `core.xhtml_markup` for the codes (`<emphasis>`,
`<strong>`, `<a>`, an inline `<image/>`). A text is one line: FB2 has no line break in a paragraph. Sections with a
title are scenes, the notes' body follows as in the file. The book's title is a name, the annotation a description.

Held back: pictures (`binary`), style sheets, names of persons, genres, dates, series, publisher and everything about
the file itself, what is said of the original (`src-title-info`), code. With a target language, `<lang>` says that
language once something is translated.

The charset is what the XML declaration says where that is true (often windows-1251), else what it is. A language that
it cannot hold makes the file UTF-8, with its declaration; a single character that it lacks is written as a reference.

Source: the FictionBook 2.21 schema. A zipped book (`.fb2.zip`) is not read.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatInfo, FormatOptions, HeldBack
from translator.core.markup import MarkupSyntax
from translator.core.segment import Segment
from translator.core.textfile import Output
from translator.core.xhtml_markup import MARKUP, markup_of
from translator.core.xhtml_page import Page, Wish
from translator.core.xhtml_words import FICTION_BOOK
from translator.core.xml_spans import MarkupFile, read_markup


class FictionBookDocument:
    """An FB2 file."""

    def __init__(self, file: MarkupFile, options: FormatOptions) -> None:
        self._page = Page(file, FICTION_BOOK)
        self._output: Output = file.output(options)
        self._wish = Wish(language=options.target_language)
        self.segments: Sequence[Segment] = self._page.segments
        silent = () if self.segments else ("no text: there is no paragraph in it",)
        self.notices: Sequence[str] = (*file.notices, *self._output.notices, *silent)
        self.charset: str | None = None  # what the charset lacks is written as a reference

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        return self._page.written(self._page.changes(targets, self._wish), self._wish, self._output)

    def held_back(self) -> Iterator[HeldBack]:
        """Metadata, pictures, code."""
        return self._page.held_back()


class FictionBookFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="fb2",
        title="FictionBook",
        family=Family.NOVEL,
        patterns=("*.fb2",),
        charsets=("utf-8", "cp1251", "koi8-r", "utf-16-le", "utf-16-be", *CHARSETS[3:]),
        markup=MARKUP,
    )

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `core.document.ChoosesMarkup`."""
        return markup_of(settings)

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for XML whose root is FictionBook, of any name that XML has; MAYBE by name alone."""
        if b"<FictionBook" in head.replace(b"\0", b"") and name.suffix.lower() in (".fb2", ".xml"):
            return Confidence.CERTAIN
        return Confidence.MAYBE if name.suffix.lower() == ".fb2" and b"<" in head else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> FictionBookDocument:
        """Read a book; raises FormatError, with the offset, where it is no well-formed XML."""
        with collector_paused():
            return FictionBookDocument(read_markup(blob, charset=options.charset), options)


FORMAT = FictionBookFormat()
