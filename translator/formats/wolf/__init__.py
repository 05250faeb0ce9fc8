r"""WOLF RPG Editor, versions 2 and 3: maps, common events, databases and Game.dat, unencrypted.

The files are binary; strings are spliced, with the length before each, and in Game.dat the file's own size and the two
offsets behind it. Packed files (LZ4: maps of version 3, all of version 3.5) are read unpacked and packed anew where
something changes, which keeps their contents but not the packed bytes.

Version 2 is written in a code page of Windows, 932 (the engine's author: one code page at a time, GB2312 and Big5 on
Chinese systems, https://sils.fc2.net/blog-entry-771.html), version 3 in UTF-8. With another output charset all strings
of a file of version 2 are written in it; strings that it cannot hold keep their bytes.

Settings (`FormatOptions.settings`), all optional, that the game gives: `fixed`, `bound` and `parts` (JSON lists: values
that stay since they are looked up by name, that change together with what looks them up, and what values are searched
for), `closed` (`1`: no value is offered), `names` (numbers of the types whose data's names are read into strings),
`fields` (JSON: for each type of this database its name and its fields' names and kinds).
"""

from pathlib import PurePath
from typing import ClassVar

from translator.core.collector import collector_paused
from translator.core.document import Confidence, Document, Family, Format, FormatError, FormatInfo, FormatOptions
from translator.formats.wolf.document import WolfDocument
from translator.formats.wolf.markup import MARKUP
from translator.formats.wolf.packing import kind_of, sniff


class Wolf:
    """The format `wolf`."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="wolf",
        title="WOLF RPG Editor data",
        family=Family.GAME,
        patterns=(
            "*.mps",
            "CommonEvent.dat",
            "DataBase.dat",
            "CDataBase.dat",
            "SysDatabase.dat",
            "*.project",
            "Game.dat",
        ),
        charsets=("cp932", "utf-8", "gbk", "cp950"),
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """Claims the engine's own files by name and beginning, encrypted ones too, so that opening says what they are.

        What only the editor reads (MapTree, SysDataBaseBasic) is nobody's.
        """
        return sniff(name, head)

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; its name says what it holds. Raises FormatError."""
        kind = kind_of(options.name)
        if kind is None:
            raise FormatError(f"{options.name}: no file of the engine that holds text has this name")
        with collector_paused():
            return WolfDocument(blob, kind, options)


FORMAT: Format = Wolf()
