r"""RPG Maker MV and MZ: the files of `data/` that hold text, and `js/plugins.js`.

The files are JSON in UTF-8 (plugins.js: one JavaScript assignment of JSON). Texts are spliced into the bytes, so the
editor's own form, pretty-printed files and any other keep all else: white space, the order of names, byte order marks,
line ends. What is respelled is the inside of a string that changes: it gets as few escapes as JSON needs, or escapes
all above ASCII where the string that it replaces did.

A translation of a message has a line for each 401 command that it needs: more of them copy the last, fewer leave out
the last. A form feed in it starts another message with a copy of the 101 command.

Settings (`FormatOptions.settings`), all optional, that the game gives: `columns` and `columns_face` (half-width cells
of a message line without and with a face; 55 and 43), `actor.<id>` (an actor's name, for speakers given by `\N[id]`),
`names` (all names that an actor can have, separated by line feeds: comparisons with other strings stay as they are),
`locale` (what System.json's `locale` becomes when any of its texts is translated).
"""

from pathlib import PurePath
from typing import ClassVar

from translator.core.collector import collector_paused
from translator.core.document import Confidence, Document, Family, Format, FormatError, FormatInfo, FormatOptions
from translator.core.textfile import require_utf8
from translator.formats.rpgmaker_mv.document import MvDocument
from translator.formats.rpgmaker_mv.facts import GameFacts
from translator.formats.rpgmaker_mv.kinds import kind_of, sniff
from translator.formats.rpgmaker_mv.markup import MARKUP


class RpgMakerMv:
    """The format `rpgmaker_mv`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="rpgmaker_mv",
        title="RPG Maker MV/MZ data",
        family=Family.GAME,
        patterns=("data/*.json", "js/plugins.js"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """Claims the engine's own files by name and beginning. Those that hold nothing for players (Animations,
        Tilesets, MapInfos) and other plugins' data are nobody's.
        """
        return sniff(name, head)

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; its name says what it holds. Raises FormatError."""
        kind = kind_of(options.name)
        if kind is None:
            raise FormatError(f"{options.name}: no file of the engine that holds text has this name")
        require_utf8(options, "the engine reads its files as UTF-8 only")
        with collector_paused():
            return MvDocument(blob, kind, GameFacts.read(options.settings))


FORMAT: Format = RpgMakerMv()
