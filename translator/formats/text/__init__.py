"""Novels in plain text: one line is one paragraph is one segment.

Charsets: see `translator.core.charset`. Line ends (CR LF, LF, CR, also mixed) stay with their lines.

What is text: every line that has a letter, a digit or a quotation, exclamation or question mark, without the white
space and the layout notes (`［＃２字下げ］`) at its edges. Blank lines, lines of signs only (＊　＊　＊, ――――, ……) and
lines of notes only are kept as they are. Of a file of Aozora Bunko, title and author above the notation block are text;
the block between its two rules, which explains the notation, and the list of sources at the end (底本：…) are not. A
note that makes a line a heading by quoting it is written anew with the translation.

Keys: `<scene>.<n>`, the n-th paragraph of a scene; `title.<n>` above the notation block. Scenes part at lines of signs
only, new pages, headings by note, and blank lines (more than this file has between its paragraphs, two at least).

Settings: `ruby` says what becomes of readings (`notation.markup`); `bilingual`, where the original of a translated
paragraph stays: on a line of its own above or below it, or on the same line before a tab (`side`).

A target must be one line, not blank, without white space at its ends, and must not read as something else than a
paragraph (a rule, a list of sources); it is refused otherwise.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.document import Confidence, Family, FormatInfo, FormatOptions, RefusedTargetError
from translator.core.lines import Lines, read_lines
from translator.core.markup import MarkupSyntax
from translator.core.segment import Limits, Segment
from translator.core.sniffing import sniff_text
from translator.core.textfile import Output, Place, choose_output, write
from translator.formats.text.notation import MARKUP, closes_note, has_unclosed, markup
from translator.formats.text.paragraphs import Paragraph, find_paragraphs, heading_note, of_one_line

_SUFFIXES = (".txt", ".text")
_ONE_LINE = Limits(single=True)


class TextDocument:
    """A novel in plain text."""

    def __init__(self, lines: Lines, output: Output, bilingual: str = "") -> None:
        self._bilingual = bilingual
        self._read = lines
        self._output = output
        self._texts = [line.text for line in lines.lines]
        self._paragraphs = {p.key: p for p in find_paragraphs(self._texts)}
        self.segments: Sequence[Segment] = tuple(
            Segment(p.key, p.text, p.role, p.scene, limits=_ONE_LINE) for p in self._paragraphs.values()
        )
        silent = () if self.segments else ("no text: there are only blank lines and notes for the typesetter",)
        self.notices: Sequence[str] = (*output.notices, *silent)
        self.charset: str | None = output.charset

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        new: dict[str, str] = {}
        places: dict[str, Place] = {}
        for key, target in targets.items():
            paragraph = self._paragraphs[key]
            _check(key, target)
            if target != paragraph.text and closes_note(paragraph.text, target):
                raise RefusedTargetError(key, f"{target[:40]!r} would be read as a note where ［＃ is text")
            new[key] = target
            after = paragraph.after
            if paragraph.quoted is not None and target != paragraph.text:
                old_note = len(heading_note(paragraph.text, paragraph.quoted))
                new[key] = target + heading_note(target, paragraph.quoted)
                after -= old_note
            places[key] = Place(paragraph.line, paragraph.line, paragraph.before, after)
        blob = write(self._read, places, new, self._output)
        self._check_read_back(targets, places, new)
        if not self._bilingual:
            return blob
        both = {
            key: self._beside(self._paragraphs[key], text) if targets[key] != self._paragraphs[key].text else text
            for key, text in new.items()
        }
        return write(self._read, places, both, self._output)

    def _check_read_back(self, targets: Mapping[str, str], places: Mapping[str, Place], new: Mapping[str, str]) -> None:
        if not targets:
            return
        texts = list(self._texts)
        for key, place in places.items():
            line = texts[place.first]
            texts[place.first] = line[: place.before] + new[key] + line[len(line) - place.after :]
        again = {p.key: p for p in find_paragraphs(texts)}
        first = next(key for key in self._paragraphs if key in targets)
        for key, paragraph in self._paragraphs.items():
            read = again.get(key)
            if key in targets and (read is None or read.text != targets[key]):
                raise RefusedTargetError(key, f"{targets[key]!r} would not be read as a paragraph where it stands")
            if key not in targets and _facts(read) != _facts(paragraph):
                raise RefusedTargetError(first, f"with it, {key} would be read as something else")
        if len(again) != len(self._paragraphs):
            raise RefusedTargetError(first, "with it, there would be one more paragraph")

    def _beside(self, paragraph: Paragraph, new: str) -> str:
        """The translation with its original. Each gets the layout notes of the line, but for those of more lines.

        An original with a `［＃` that a `］` of the translation would close has a line of its own.
        """
        if self._bilingual == "side" and not ("］" in new and has_unclosed(paragraph.text)):
            return f"{paragraph.text}\t{new}"
        line = self._texts[paragraph.line]
        before = of_one_line(line[: paragraph.before])
        after, old = of_one_line(line[len(line) - paragraph.after :]), paragraph.text
        if paragraph.quoted is not None:  # `new` has its note already, and what stands behind it is behind both
            old, after = old + heading_note(old, paragraph.quoted), ""
        first, second = (new, old) if self._bilingual == "below" else (old, new)
        return f"{first}{after}\n{before}{second}"


def _facts(paragraph: Paragraph | None) -> object:
    return paragraph and (paragraph.text, paragraph.line, paragraph.scene, paragraph.role)


def _check(key: str, target: str) -> None:
    if "\n" in target or "\r" in target:
        raise RefusedTargetError(key, f"a paragraph is one line, and {target[:40]!r} has several")
    if "\0" in target:
        raise RefusedTargetError(key, "a text file cannot hold a zero byte")


class TextFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="text",
        title="Plain text novel",
        family=Family.NOVEL,
        patterns=("*.txt", "*.text"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """LIKELY for a text by its name in a charset that is detected, MAYBE if its charset must be told."""
        return sniff_text(name, head, _SUFFIXES, lambda _: Confidence.LIKELY)

    def open(self, blob: bytes, *, options: FormatOptions) -> TextDocument:
        """Read a novel; raises FormatError for a file that is no text in its charset."""
        lines = read_lines(blob, charset=options.charset)
        return TextDocument(lines, choose_output(lines, options), options.settings.get("bilingual", ""))

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `ChoosesMarkup.markup`."""
        return markup(settings.get("ruby", "drop"))


FORMAT = TextFormat()
