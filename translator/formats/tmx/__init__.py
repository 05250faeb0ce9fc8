"""TMX, the exchange format of translation memories (1.4, also 1.1 to 1.3): units without a text in the target language.

A unit's source is the variant in the language that its `srclang` or the header's names, else (`*all*`) the first one.
A unit that has a variant in the target language is finished, unless that is empty or has inline elements alone. Where
it has none, one is added behind the last, laid out as the source's, with the language's code as the file spells it and
`creationtool="translate"`; by that it is known, and taken out again when it is emptied. One of the file's own stays,
empty. Where nobody says what
the target language is, the commonest other language of the file is looked at. A source is never written to.

Texts and inline elements: see `core.xml_inline`. `hi` is a pair around text; `bpt`, `ept`, `it`, `ph` and `ut` are
codes, whole. A DTD is not read, and its entities are never expanded (see `core.xml_spans`). Keys: `tuid`, else the
source. Notes: `note`s and `prop`s of the unit and its variants.
"""

import re
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, Format, FormatInfo, FormatOptions
from translator.core.markup import MarkupSyntax
from translator.core.xml_inline import EXCHANGED
from translator.core.xml_spans import read_markup
from translator.formats.tmx.document import TmxDocument
from translator.formats.tmx.reader import read_units

MARKUP = MarkupSyntax(EXCHANGED)

_ROOT = re.compile(rb"<(?:[\w.-]+:)?tmx[\s>]")


class TmxFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="tmx",
        title="TMX translation memory",
        family=Family.EXCHANGE,
        patterns=("*.tmx",),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with TMX's first element in it; a map of Tiled has the same name."""
        if name.suffix.lower() != ".tmx":
            return Confidence.NONE
        return Confidence.CERTAIN if _ROOT.search(head.replace(b"\0", b"")) else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> TmxDocument:
        """Read a file; raises FormatError."""
        file = read_markup(blob, charset=options.charset)
        with collector_paused():
            return TmxDocument(file, read_units(file), options)


FORMAT: Format = TmxFormat()
