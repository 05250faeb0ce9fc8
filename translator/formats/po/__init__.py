r"""gettext's PO files and templates (POT): each entry without a translation is asked for, all else stays.

The grammar is that of the GNU gettext manual, "The Format of PO Files" (see `core.po_spans`). An entry that has a
`msgstr` is finished, unless that is blank (`" "`, `"\n"`: it does not come back where what was written there is taken
out again). One that is marked as fuzzy counts as not translated; when it is, the mark goes (`#, fuzzy` is
taken out of its line, its other flags and `#|` stay), since programs use no entry that has it. Of a fuzzy entry with
plural forms that is translated in part, the other forms are emptied.

A plural entry has a segment for each form that the header's `Plural-Forms` counts, else the target language (Japanese
and Chinese have one), else as many as it has. A form is translated from `msgid` where it is for one only, or also for
numbers such as 21 and both texts say the number in the same way; else from `msgid_plural`. Forms that an entry lacks
are added. In a template with `nplurals=INTEGER` empty forms that the language does not have are removed and the rule is
filled in, as is `charset=CHARSET` where characters beyond ASCII are written; no other line of the header changes.

Charset: the one that the header declares, unless that is not true (said in a notice). A translation that it has no
place for: see `core.textfile.choose_output`; where the charset changes, so does the header's.

Spelling: what is written stands on one line, or on a line for each of its own where the source does so; escapes are
those of gettext's tools. The result has the file's own suffix: a template stays a `.pot`.

Keys: `msgctxt`, `|` and `msgid` (cut to 80 characters and told apart by a digest), `[0]` … for the forms. Scenes: the
file of the first reference. Held back: entries that are commented out (`#~`).
"""

import codecs
import re
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS, looks_binary
from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, Format, FormatError, FormatInfo, FormatOptions
from translator.core.po_spans import PoError, read_entries
from translator.core.wholetext import WholeText
from translator.formats.po.document import PoDocument
from translator.formats.po.entries import MARKUP
from translator.formats.po.header import decode_by_header

_SUFFIXES = (".po", ".pot")
_ENTRY = re.compile(rb'^[ \t]*(?:#~[ \t]*)?msgid[ \t]+"|^[ \t]*msgid"', re.MULTILINE)


class PoFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="po",
        title="gettext PO and POT",
        family=Family.EXCHANGE,
        patterns=("*.po", "*.pot"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """LIKELY for a file of this name with an entry in it; a game's own PO files are their formats'."""
        if name.suffix.lower() not in _SUFFIXES or looks_binary(head):
            return Confidence.NONE
        plain = head.removeprefix(codecs.BOM_UTF8).replace(b"\r", b"\n")
        return Confidence.LIKELY if _ENTRY.search(plain) else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> PoDocument:
        """Read a file; raises FormatError."""
        decoded, notices = decode_by_header(blob, options.charset)
        text = WholeText.from_decoded(blob, decoded)
        with collector_paused():
            try:
                entries = read_entries(text.text, text.charset)
            except PoError as error:
                raise FormatError(str(error), offset=text.byte_at(error.position)) from error
            if not entries:
                raise FormatError("no entry is found: msgid starts one; is it a PO file?", offset=0)
            return PoDocument(text, entries, options, notices)


FORMAT: Format = PoFormat()
