r"""RPG Maker XP, VX and VX Ace: the files of `Data/` that hold text (`.rxdata`, `.rvdata`, `.rvdata2`).

The files are Ruby Marshal 4.8. Texts are spliced into the bytes; beside them only sizes change, and the numbers of
links where event commands come or go. Strings that say their encoding (Ace) keep it; those of XP and VX are written in
the charset that they are found in, or that was asked for. A string that several places link to is one text.

A translation of a message has a line for each 401 command that it needs: more of them copy the last, fewer leave out
the last. A form feed in it starts another message with a copy of the 101 command. XP's 101 holds the first line.

Of `Scripts` the constants of `module Vocab` and what `rules.py` names are taken; a script that changes is compressed
again as it was.

Settings (`FormatOptions.settings`), all optional, that the game gives: `columns` and `columns_face` (half-width cells
of a message line without and with a face), `actor.<id>` (an actor's name, for speakers given by `\N[id]`), `names` (all
names that an actor can have, separated by line feeds: comparisons with other strings stay as they are).
"""

from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.document import Confidence, Document, Family, Format, FormatError, FormatInfo, FormatOptions
from translator.formats.rpgmaker_rgss.document import RgssDocument
from translator.formats.rpgmaker_rgss.kinds import named, sniff
from translator.formats.rpgmaker_rgss.markup import MARKUP


class RpgMakerRgss:
    """The format `rpgmaker_rgss`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="rpgmaker_rgss",
        title="RPG Maker XP/VX/VX Ace data",
        family=Family.GAME,
        patterns=("Data/*.rvdata2", "Data/*.rvdata", "Data/*.rxdata"),
        charsets=tuple(charset for charset in CHARSETS if not charset.startswith("utf-16")),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """Claims the engines' own files by name and beginning. Those that hold nothing for players (Animations,
        Tilesets, Areas, MapInfos), saved games and scripts' own data are nobody's.
        """
        return sniff(name, head)

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; its name says what it holds, and of which engine. Raises FormatError."""
        found = named(options.name)
        if found is None:
            raise FormatError(f"{options.name}: no file of the engines that holds text has this name")
        return RgssDocument(blob, found, options)


FORMAT: Format = RpgMakerRgss()
