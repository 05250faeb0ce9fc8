"""XLIFF 1.2 and 2.x: each unit without a translation is asked for, all else stays.

1.2: the `trans-unit`s of all files and groups, translated from `seg-source` where there is one (with its `mrk`s), else
from `source`. 2.x: the segments of `unit`s. What `alt-trans`, matches, glossaries and other modules hold is left alone,
as are `ignorable`s. A target with text is finished, unless its state says otherwise (`new`, `needs-translation`; 2.x:
`initial`) and the unit is not approved. One of inline elements alone, whose source has words, is none: these elements
do not come back where its translation is taken out again. Units, groups and files with `translate="no"` are held back.

Where a translation is the first one, a state that is told becomes `translated`, whatever was said of the empty target
(`final`), `approved="yes"` becomes `no`, and `subState` or `state-qualifier` goes, which said more of the old state.

A target that is missing is added behind the source, indented as that is, with its `xml:space`, in 1.2 with
`state="translated"`; emptied, it is taken out again. In 2.x `trgLang` is added where it is missing, since the standard
asks for it then.

Texts and inline elements: see `core.xml_inline`. `g`, `pc` and `mrk` are pairs around text; `x`, `bx`, `ex`, `ph`,
`bpt`, `ept`, `it`, `sc`, `ec` and whatever is not known are codes, whole. Line breaks at the edges of a text are
layout, unless it says `xml:space="preserve"`. A translation that is no well-formed content is refused.

Entities of a DTD are never expanded: they are codes (see `core.xml_spans`). Keys: the file's `original` (2.x: id), the
unit's id, in 2.x the segment's. Scenes: the files. Notes: `note`s, `resname`, `maxwidth`.
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
from translator.formats.xliff.document import XliffDocument
from translator.formats.xliff.reader import read_units

MARKUP = MarkupSyntax(EXCHANGED)

_SUFFIXES = (".xlf", ".xliff", ".mxliff", ".sdlxliff", ".mqxliff", ".txlf")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?xliff[\s>]")


class XliffFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="xliff",
        title="XLIFF 1.2 and 2",
        family=Family.EXCHANGE,
        patterns=("*.xlf", "*.xliff", "*.mxliff", "*.sdlxliff", "*.mqxliff"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with XLIFF's first element in it, LIKELY for other XML that has it."""
        plain = head.replace(b"\0", b"")
        if _ROOT.search(plain) is None:
            return Confidence.NONE
        if name.suffix.lower() in _SUFFIXES:
            return Confidence.CERTAIN
        return Confidence.LIKELY if name.suffix.lower() == ".xml" else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> XliffDocument:
        """Read a file; raises FormatError."""
        file = read_markup(blob, charset=options.charset)
        with collector_paused():
            return XliffDocument(file, read_units(file), options)


FORMAT: Format = XliffFormat()
