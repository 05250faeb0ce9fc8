r"""RPG Maker 2000 and 2003: RPG_RT.ldb, the maps (Map0001.lmu), RPG_RT.lmt, and the title in RPG_RT.ini.

The LCF files are chunks within chunks, each with its size before it. Texts are spliced into the bytes; the sizes around
those that change are made to fit, in as many bytes as they need; every other byte stays, numbers that are spelled in
more bytes than needed included.

A translation of a message has a command (10110, 20110) for each line that it needs: more of them are made like the
last, fewer leave out the last. A form feed in it starts another message.

Settings (`FormatOptions.settings`), all optional, that the game gives: `columns` and `columns_face` (half-width cells
of a message line without and with a face; 50 and 38), `actor.<id>` (a hero's name, for `\N[id]`), `names` (all names
that a hero can have, separated by line feeds: comparisons with other strings stay as they are), `targets` (the ids of
the maps that a skill can lead to, whose names its menu shows).

The charset is a code page, by number or name (`932`, `cp1251`, `GBK`); where none is given, it is found in the texts.
With an output charset every string of the game is converted, file names too, and RPG_RT.ini's `Encoding` is set, by
which EasyRPG Player reads the game.
"""

from pathlib import PurePath
from typing import ClassVar

from translator.core.document import Confidence, Document, Family, Format, FormatInfo, FormatOptions
from translator.formats.rpgmaker_lcf.codepage import CODECS
from translator.formats.rpgmaker_lcf.document import LcfDocument
from translator.formats.rpgmaker_lcf.facts import GameFacts
from translator.formats.rpgmaker_lcf.ini import is_ini, read_ini
from translator.formats.rpgmaker_lcf.markup import MARKUP
from translator.formats.rpgmaker_lcf.output import Output, read_as
from translator.formats.rpgmaker_lcf.sample import detect_in
from translator.formats.rpgmaker_lcf.tree import kind_of

_SUFFIXES = (".ldb", ".lmu", ".lmt")
_INI = "rpg_rt.ini"


class RpgMakerLcf:
    """The format `rpgmaker_lcf`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="rpgmaker_lcf",
        title="RPG Maker 2000/2003 data",
        family=Family.GAME,
        patterns=("RPG_RT.ldb", "Map*.lmu", "RPG_RT.lmt", "RPG_RT.ini"),
        charsets=tuple(CODECS.values()),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for the engine's own files, by their names and beginnings."""
        if name.name.lower() == _INI:
            return Confidence.CERTAIN if is_ini(head) else Confidence.NONE
        if name.suffix.lower() in _SUFFIXES and kind_of(head) is not None:
            return Confidence.CERTAIN
        return Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        read = read_as(options)
        if options.name.name.lower() == _INI:
            return read_ini(blob, read, options)
        if read is None:
            read = detect_in([blob])
        return LcfDocument(blob, Output.choose(read, options), GameFacts.read(options.settings), options)


FORMAT: Format = RpgMakerLcf()
