"""Word documents (DOCX, DOCM, DOTX, DOTM): one paragraph is one segment.

Read are the document, its footnotes and endnotes, headers and footers (tables and text boxes included), in this order,
and the title in its properties. Texts of a paragraph with the same formatting are joined; where it changes, the text
has short tags (`translator.formats.docx.paragraphs`). Properties of language, of complex scripts and of East Asian
fonts make no change, tracked insertions are read (what is written for them and for text beside them stands outside of
them), deletions and what was moved away are left. A line break is a line feed, a tab a tab; in paragraphs with images
or notes' marks a line break is such a thing, too.

What stays: fields (page numbers, dates, references; the texts of links and tables of contents are taken), formulas,
images, bookmarks, comments, styles. Text boxes stand in a file twice, for newer and older programs: both get the
translation.

Only contents of `w:t` are written, with `xml:space` where white space needs it; where a translation has formatting in
a place in which the paragraph has no run of it, a run is added with the properties of one that has it. All other
members of the package keep their bytes.

Keys: `<part>/<paraId>` (Word gives each paragraph one), else `<part>/p<n>`, the n-th paragraph of the part without
one. Scenes part at headings (by style or outline level) and at the parts. Held back: comments, hidden text.

Settings: `ruby`: drop (the default: readings are gone where a text is translated), `keep` (each above its word's
translation), `parens` (漢字（かんじ）).
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar

from translator.core.document import Confidence, Family, FormatInfo, FormatOptions
from translator.core.markup import MarkupSyntax
from translator.core.office_parts import open_package, rate_package
from translator.core.zip_members import open_zip
from translator.formats.docx.document import DocxDocument
from translator.formats.docx.notation import MARKUP, markup

_SUFFIXES = frozenset((".docx", ".docm", ".dotx", ".dotm"))


class DocxFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="docx",
        title="Word document",
        family=Family.NOVEL,
        patterns=("*.docx", "*.docm", "*.dotx", "*.dotm"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """See `core.office_parts.rate_package`."""
        return rate_package(name, head, _SUFFIXES, "word")

    def open(self, blob: bytes, *, options: FormatOptions) -> DocxDocument:
        """Read a Word document; raises FormatError for a damaged one, or one with a password."""
        return DocxDocument(open_package(blob, options, "a Word document", ".docx"))

    def parts(self, blob: bytes) -> Sequence[tuple[str, bytes]]:
        """See `core.document.Packed`."""
        return open_zip(blob).parts()

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `core.document.ChoosesMarkup`."""
        return markup(settings.get("ruby", "drop"))


FORMAT = DocxFormat()
