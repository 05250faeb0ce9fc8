r"""Markdown (CommonMark with GitHub's tables, notes, task lists): paragraphs, headings and table cells are texts.

Charsets: see `core.charset`. Line ends (CR LF, LF, CR, also mixed) stay with their lines. Blocks are found by
markdown-it-py; every byte outside of the texts is the file's own: marks of quotes, lists, headings and tasks,
underlines of headings, rows that part a table's head, indents (the full-width space at a paragraph's start too).

A paragraph is one text, its lines separated by line feeds. Where its breaks are soft (the reader sees none), a
translation is one line. Where one is seen (two spaces or a backslash at a line's end, a full-width space before the
next line), and where nearly all lines end with a sentence (novels are often written so, without blank lines), each
line is its own, and the marks are put back where they were. Lines that a target adds begin as the
paragraph goes on (`> `, a list's indent). A note `[^1]: …` is a text behind its label, and so is each of several.
Alternative texts of pictures and the words of links are part of their paragraph. Inline markup: `markdown.inline`;
links whose words are their label: `markdown.references`.

Held back: code (fenced, indented), formulas over several lines (`markdown.formulas`), HTML blocks and comments, front
matter (YAML between `---`, TOML between `+++`, at the file's start), what a label refers to (`[label]: address
"title"`), paragraphs of nothing but code or addresses, lines that begin with more than 8 marks of quotes and lists (and
what follows in a list of more than 30 levels), and a paragraph that cannot be found in its lines. The second paragraph
of a note is indented by four spaces: for CommonMark that is code, and so it is held back.

Keys: `<scene>.<n>`, the n-th text of a scene. Scenes part at headings (that follow anything but a heading) and rules.

Settings: `ruby` = drop, keep or parens (`markdown.inline`). `bilingual` = above or below: the original stays with the
translation in one paragraph, parted by a hard break (two spaces); in headings ` / ` parts them, in cells `<br>`. side:
`original　／　translation`, on one line.

A target is refused that would be read as anything but this text in this place: `# x`, `- x`, a blank line, `|` in a
cell, a fence.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import ClassVar

from translator.core.charset import CHARSETS
from translator.core.collector import collector_paused
from translator.core.document import Confidence, Family, FormatInfo, FormatOptions
from translator.core.lines import read_lines
from translator.core.markup import MarkupSyntax
from translator.core.sniffing import sniff_text
from translator.core.textfile import choose_output
from translator.formats.markdown.document import MarkdownDocument
from translator.formats.markdown.inline import MARKUP, markup_of

_SUFFIXES = (".md", ".markdown")


class MarkdownFormat:
    """The format's entry for the registry."""

    info: ClassVar[FormatInfo] = FormatInfo(
        id="markdown",
        title="Markdown",
        family=Family.NOVEL,
        patterns=("*.md", "*.markdown"),
        charsets=CHARSETS,
        markup=MARKUP,
    )

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """See `core.document.ChoosesMarkup`."""
        return markup_of(settings)

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """LIKELY for a text by its name in a charset that is detected, MAYBE if its charset must be told."""
        return sniff_text(name, head, _SUFFIXES, lambda _: Confidence.LIKELY)

    def open(self, blob: bytes, *, options: FormatOptions) -> MarkdownDocument:
        """Read a file; raises FormatError for one that is no text in its charset."""
        with collector_paused():
            lines = read_lines(blob, charset=options.charset)
            bilingual = options.settings.get("bilingual", "")
            return MarkdownDocument(lines, blob, choose_output(lines, options), bilingual)


FORMAT = MarkdownFormat()
