"""Workbooks (XLSX, XLSM): tables of texts and translations, or any sheet, cell by cell.

A sheet whose first rows name its columns as tables of translations do is read as one (see `core.columns`: source and
target, original and translation, languages; Translator++'s columns; VNTextPatch's lines). The workbooks of WOLF's own
translation tool (`Code`, `Flag`, `Type`, `Info`; texts in the sixth column, translations in the seventh) are told by
their names; only rows whose text is on white are for translation there. A row whose translation is filled in is
finished.

Any other sheet is translated in place, each cell that holds words. Numbers, dates, formulas, file names, links and
identifiers (`ITEM_01`) are held back, and so are hidden sheets.

What is written is the cell: with a string of its own, or with the number of a shared string that says the same. A cell
that the row lacks is added at its place; shared strings and styles stay, and so do all other members of the package.
Formatting inside of a text that is replaced is lost; readings above words are not read.

Keys: the sheet and the row's own key or text (`Sheet1/hello`), for texts in place the sheet and the cell (`Sheet1!B2`).
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import ClassVar

from translator.core.document import Confidence, Family, FormatInfo, FormatOptions
from translator.core.game_codes import MARKUP
from translator.core.office_parts import open_package, rate_package
from translator.core.zip_members import open_zip
from translator.formats.xlsx.document import XlsxDocument

_SUFFIXES = frozenset((".xlsx", ".xlsm"))


class XlsxFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="xlsx", title="Workbook (XLSX)", family=Family.EXCHANGE, patterns=("*.xlsx", "*.xlsm"), markup=MARKUP
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """See `core.office_parts.rate_package`."""
        return rate_package(name, head, _SUFFIXES, "xl")

    def open(self, blob: bytes, *, options: FormatOptions) -> XlsxDocument:
        """Read a workbook; raises FormatError for a damaged one, or one with a password."""
        return XlsxDocument(open_package(blob, options, "a workbook", ".xlsx"), options)

    def parts(self, blob: bytes) -> Sequence[tuple[str, bytes]]:
        """See `core.document.Packed`."""
        return open_zip(blob).parts()


FORMAT = XlsxFormat()
