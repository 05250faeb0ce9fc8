r"""Scripts of NScripter and ONScripter: `0.txt` to `99.txt`, `nscript.dat` and `nscr_sec.dat`.

The last two are the same scrambled: each byte XOR 0x84, or XOR a key of five bytes.

Facts are from ONScripter's ScriptHandler and from five public games. A line is text where it begins with a character
that is no ASCII letter (a letter begins a command), with a backtick or with `>`; it goes to the end of the line. A
message is a run of text lines up to one that ends a page with `\`. Strings of commands have no escapes. One that does
not end on its line is taken up to the line's end by the engine, commas and all that follows included; a real game has
such a line (Umineko Tsubasa), so it is held back, and told with its place.
"""

from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.charset import CHARSETS
from translator.core.document import Confidence, Document, Family, Format, FormatInfo, FormatOptions
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.formats.nscripter.document import NScripterDocument
from translator.formats.nscripter.reader import CODE
from translator.formats.nscripter.scramble import MARKS, key_of, scrambled

_RUBY_TEXT = r"[^()/\n]+"
_READING = r"[\p{Hiragana}\p{Katakana}ー・]+"
MARKUP = MarkupSyntax(
    rules=(
        MarkupRule(rf"`?(?:{CODE})`?|`"),
        MarkupRule(rf"\((?={_RUBY_TEXT}/{_READING}\))", fate=Fate.DROP),
        MarkupRule(rf"(?<=\({_RUBY_TEXT})/{_READING}\)", fate=Fate.DROP),
    )
)
_NAME_FILE = regex.compile(r"(?i)\d{1,2}\.txt|(?:nscript|nscr_sec)\.dat")
_COMMANDS = regex.compile(
    rb"(?m)^[ \t]*(?:bg|ld|cl|bgm|wave|dwave|lsp|csp|print|goto|gosub|mov|return|setwindow|select|csel)\b[ \t\r\n]"
)
_ENOUGH = 3


class NScripterFormat:
    """The format `nscripter`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="nscripter",
        title="NScripter script",
        family=Family.GAME,
        patterns=("[0-9].txt", "[0-9][0-9].txt", "nscript.dat", "nscr_sec.dat"),
        charsets=("cp932", *(name for name in CHARSETS if name != "cp932" and not name.startswith("utf-16"))),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """Certain by a script's name and marks of the engine; likely by its name and several commands."""
        if not _NAME_FILE.fullmatch(name.name):
            return Confidence.NONE
        plain = scrambled(head, key_of(head))
        if MARKS.search(plain):
            return Confidence.CERTAIN
        return Confidence.LIKELY if len(_COMMANDS.findall(plain)) >= _ENOUGH else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a script."""
        return NScripterDocument(blob, options)


FORMAT: Format = NScripterFormat()
"""The format's entry for the registry."""
