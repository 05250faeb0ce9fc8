"""Scenarios (`*.ks`) of KiriKiri's KAG and of TyranoScript.

A message is what a player reads up to a click or a page's end (`reader.py` says exactly what ends one). Its tags stay
in it as codes, line breaks (`[r]` with the line end beside it) are line feeds, and every other byte stays. Names by
tags (`[nm t=…]`), by lines (`【name】`), between tags (`[ns]…[nse]`) and behind `#` are texts of their own, as are
choices, titles of pages and values of tags that are shown. Scripts, macros, comments, expressions (`&…`), arguments
(`%…`) and ids of characters are none.

A KAG file keeps its charset; where that lacks the target language it becomes UTF-16LE with a byte order mark, and says
so. TyranoScript is UTF-8 always. Scrambled files (`FE FE`) are read, and written plain.

Settings (`FormatOptions.settings`), all optional: `dialect` (`kag` or `tyrano`; else the content decides), `ignore_cr`
(`false`: a line's end in the file is one on the screen), `chara.<id>` (what a character of that id is called), and the
lists of `rules.SETTINGS`.
"""

from pathlib import PurePath
from typing import ClassVar

import regex

from translator.core.document import Confidence, Document, Family, Format, FormatInfo, FormatOptions
from translator.core.sniffing import sniff_text
from translator.formats.kag.document import KAG_CHARSETS, KagDocument
from translator.formats.kag.markup import MARKUP
from translator.formats.kag.rules import Rules
from translator.formats.kag.scrambled import is_scrambled

_SCENARIO = regex.compile(r"(?m)^[\t ]*(?:[@*;]|\[[A-Za-z])|\[(?:r|l|p|cm|s)\]")
_TYRANO = regex.compile(rb"(?m)^[\t ]*#[^\r\n]*$|\[(?:glink|chara_[a-z]+|bg|tb_[a-z_]+|mask|fuki_[a-z]+|plugin|html) ")


class Kag:
    """The format `kag`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="kag",
        title="KiriKiri KAG and TyranoScript scenarios",
        family=Family.GAME,
        patterns=("*.ks",),
        charsets=KAG_CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for a file of this name with a tag, a label or a comment in it, or a scrambled one."""
        if is_scrambled(head) and name.suffix.lower() == ".ks":
            return Confidence.CERTAIN
        return sniff_text(name, head, (".ks",), _rate)

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a scenario. Raises FormatError."""
        tyrano = not is_scrambled(blob) and _TYRANO.search(blob) is not None and _is_utf8(blob)
        return KagDocument(blob, Rules.read(options.settings, tyrano=tyrano), options)


def _rate(text: str) -> Confidence:
    return Confidence.CERTAIN if _SCENARIO.search(text) else Confidence.MAYBE


def _is_utf8(blob: bytes) -> bool:
    try:
        blob.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


FORMAT: Format = Kag()
