r"""What SExtractor exports beside pairs (`mtool`) and names with messages (`name_message`).

As its writer and reader have it (github.com/satan53x/SExtractor, `helper_write.py`, `helper_read.py`; the numbers are
those of its formats):

- two lines a text (9): `☆000001☆咲☆「おはよう」` is the original, `★000001★咲★…` the translation below it, each with
  its speaker where it has one; other tools use ○● ◇◆ △▲ □■ the same way, with bars in the numbers (`○00001|00000E○`),
  remarks between the lines, or what kind of text it is in the speaker's place (`◇1◇name◇咲`), which stays. A line break
  is written out as `\r\n`. A translation that is its original is none.
- lists of pairs (10, 11): `[{"咲": "咲", "「おはよう」": "「おはよう」"}]`, of two the first is the speaker.
- lists of texts (7), and texts a line (5, 6: `all.orig.txt`, `all.trans.txt`), in which a translation takes the text's
  place, and lines must keep their number.

Keys are the numbers that the file gives, or the places of texts. JSON is UTF-8 only.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.document import Confidence, Document, Family, Format, FormatInfo, FormatOptions
from translator.core.game_codes import MARKUP
from translator.core.json_texts import head_values, object_or_none, read_json
from translator.core.lines import read_lines
from translator.core.scripts import beyond_latin
from translator.core.sniffing import text_of
from translator.core.spantext import SpanText
from translator.core.textfile import choose_output, require_utf8
from translator.formats.sextractor.lines import FLAGS, ORIGINAL, SEEN, LineDocument
from translator.formats.sextractor.lists import NAME_AND_TEXT, ListDocument

_LINES = ("all.orig", "all.trans")
_PAIRS = "transdic"
_BLANK = b" \t\r\n\xef\xbb\xbf"
_REMARKS = 20
"""Lines among which the first text is looked for: some tools write remarks above it."""

_OTHERS = frozenset({"name", "names", "message", "original", "translation"})


class SExtractorFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="sextractor",
        title="SExtractor's texts (two lines, lists)",
        family=Family.EXCHANGE,
        patterns=("transDic*.txt", "all.orig.txt", "all.orig.json"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """CERTAIN for two lines a text and for lines and lists by SExtractor's own names.
        LIKELY for other JSON lists of texts, or of pairs most of which stand for themselves, where the texts are in a
        script of their own.
        """
        own = name.stem.lower().startswith((*_LINES, _PAIRS))
        if name.suffix.lower() == ".json":
            return _of_json(head, own=own)
        text = text_of(head) if name.suffix.lower() == ".txt" else None
        if text is None:
            return Confidence.NONE
        texts = [line for line in text.split("\n")[:SEEN] if line.strip()]
        if any(map(_are_two, texts, texts[1:_REMARKS])):
            return Confidence.CERTAIN
        return Confidence.CERTAIN if name.stem.lower().startswith(_LINES) and texts else Confidence.NONE

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError."""
        if options.name.suffix.lower() == ".json" or blob.lstrip(_BLANK).startswith(b"["):
            require_utf8(options, "SExtractor's JSON is UTF-8")
            return ListDocument(read_json(blob))
        lines = read_lines(blob, charset=options.charset)
        return LineDocument(SpanText(lines, blob), choose_output(lines, options), detected=options.charset is None)


def _are_two(line: str, below: str) -> bool:
    """Whether a line is an original and the one below it its translation."""
    first = ORIGINAL.match(line)
    return first is not None and below.startswith(f"{FLAGS[first[1]]}{first[2]}{FLAGS[first[1]]}")


def _of_json(head: bytes, *, own: bool) -> Confidence:
    found = head_values(head)
    if found is None or found[0] != "[" or not found[1]:
        return Confidence.NONE
    texts = [value for value in found[1] if isinstance(value, str)]
    if len(texts) < len(found[1]):
        pairs = [object_or_none(value) or {} for value in found[1]]
        if any(not _are_pairs(one) for one in pairs):
            return Confidence.NONE
        texts = [source for one in pairs for source, value in one.items() if own or value in ("", source)]
        if len(texts) * 2 < sum(map(len, pairs)):
            return Confidence.NONE
    if own:
        return Confidence.CERTAIN
    foreign = sum(beyond_latin(text) for text in texts)
    return Confidence.LIKELY if foreign * 2 > len(texts) else Confidence.NONE


def _are_pairs(pairs: Mapping[str, object]) -> bool:
    strings = all(isinstance(value, str) for value in pairs.values())
    return strings and 1 <= len(pairs) <= NAME_AND_TEXT and not pairs.keys() & _OTHERS


FORMAT: Format = SExtractorFormat()
