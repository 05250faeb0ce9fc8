"""Ren'Py translation files (`game/tl/<language>/*.rpy`): one say statement or one pair of `old` and `new` is a segment.

A block of dialogue has its original in comments; the statement below each is the place of the translation. A pair has
its original in `old`. What differs from the original is a translation already; what is equal or empty is to be done.
An empty target writes the original, so that an untranslated line is shown in the source language.

Keys: `<language> <identifier>` of a block (` 2` … for its further say statements), `<language> "<original>"` of a
pair, with ` again 2` … where a file has the same one twice. Scenes: the label in the identifier; that of the block
above for identifiers that a writer gave; `strings`, and `menu <label>` for choices. The engine wraps lines itself, so
there are no limits.

Settings, which a game gives (JSON but for the first): `language`, the only one that is offered; `speakers`, the shown
name of each `who` (null for a narrator); `names`, an object with the names of people; `choices`, the label of each
choice; `held_back`, rows of place, text, reason for what the script holds back.

A block whose say statements are not as many as its comments is held back, since a translator parted it otherwise; so
are expressions, code and styles. The files are UTF-8, which is all that the engine reads.
"""

from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import looks_binary
from translator.core.document import Confidence, Family, FormatError, FormatInfo, FormatOptions
from translator.core.lines import read_lines
from translator.core.spantext import SpanText
from translator.core.textfile import choose_output, require_utf8
from translator.formats.renpy_tl.document import Facts, RenpyTlDocument
from translator.formats.renpy_tl.lexer import ScriptError, read_script
from translator.formats.renpy_tl.markup import MARKUP

_STATEMENT = regex.compile(rb"(?m)^(?:\xef\xbb\xbf)?[ ]*translate[ ]+\w+[ ]+\w+")
_FOLDER = 2
"""Parts of a path that a file in `tl/<language>/` has above its name."""


class RenpyTlFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="renpy_tl",
        title="Ren'Py translation file",
        family=Family.GAME,
        patterns=("tl/*.rpy",),
        charsets=("utf-8",),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a script with a `translate` statement, NONE for any other file."""
        if name.suffix.lower() != ".rpy" or looks_binary(head) or not _STATEMENT.search(head):
            return Confidence.NONE
        return Confidence.CERTAIN

    def open(self, blob: bytes, *, options: FormatOptions) -> RenpyTlDocument:
        """Read a file; raises FormatError where the engine could not either (charset, a string that does not end)."""
        require_utf8(options, "the engine reads its files as UTF-8 only")
        lines = read_lines(blob, charset="utf-8")
        spans = SpanText(lines, blob)
        try:
            script = read_script(spans.text)
        except ScriptError as error:
            line, _ = spans.place(error.offset)
            raise FormatError(f"line {line}: {error}", offset=spans.byte_at(error.offset)) from error
        return RenpyTlDocument(spans, script, choose_output(lines, options), Facts.read(options))


FORMAT = RenpyTlFormat()
