"""EPUB 2 and 3: the texts of its XHTML files in the order of the spine, its tables of contents, its description.

What is a text in an XHTML file, its key and its codes: see `core.xhtml_page` and `core.xhtml_markup`. Keys and scenes
begin with the member's name (`OPS/ch1.xhtml:#p12`). Order: title, author and description of the package document, the
files of the spine, XHTML files that are in the manifest alone (notes), the navigation document, the NCX. Labels of the
tables of contents, headings and titles of files that are equal are one decision (a binding); so are the title of the
book and that of the NCX, which are names. `dc:creator` is a name to translate (as readers see it on the shelf), its
sorting form and all other metadata are held back.

With a target language, a translated file's root and the package's `dc:language` say that language from then on.

Settings: `ruby`, `bilingual` as in HTML. `horizontal`: in style sheets, styles and the package, vertical writing
becomes horizontal: `writing-mode` with its prefixes, `page-progression-direction` rtl (unless the target is written
from right to left), the `primary-writing-mode` of Kindle books; page spreads, left and right, stay.

Members that are not changed keep every byte, `mimetype` first and stored; see `core.zip_members`. Files that the
manifest or the spine names and the archive lacks are told in a notice. An XHTML file that is no well-formed XML is read
as HTML, with a notice. Refused: what is no zip archive, has no package document, or is encrypted (DRM).

Sources: EPUB 3.3 (W3C), OPF 2.0.1 (IDPF), DAISY NCX 2005.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar

from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatInfo, FormatOptions
from translator.core.markup import MarkupSyntax
from translator.core.xhtml_markup import MARKUP, markup_of
from translator.core.zip_members import open_zip
from translator.formats.epub.document import EpubDocument

_PK = b"PK\x03\x04"
_MIMETYPE = b"application/epub+zip"


class EpubFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="epub", title="EPUB book", family=Family.NOVEL, patterns=("*.epub",), markup=MARKUP
    )

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `core.document.ChoosesMarkup`."""
        return markup_of(settings)

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for an archive of this name, or one that says in its first member what it is; MAYBE by name alone."""
        if head.startswith(_PK) and _MIMETYPE in head[:100] and name.suffix.lower() not in (".odt", ".zip"):
            return Confidence.CERTAIN
        if name.suffix.lower() != ".epub":
            return Confidence.NONE
        return Confidence.CERTAIN if head.startswith(_PK) else Confidence.MAYBE

    def open(self, blob: bytes, *, options: FormatOptions) -> EpubDocument:
        """Read a book; raises FormatError, with the member's name where one is damaged."""
        with collector_paused():
            return EpubDocument(blob, options)

    def parts(self, blob: bytes) -> Sequence[tuple[str, bytes]]:
        """See `core.document.Packed`."""
        return open_zip(blob).parts()


FORMAT = EpubFormat()
