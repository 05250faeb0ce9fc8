"""One XHTML, HTML or FB2 text as segments, and the changes that write translations into it.

What is a text: each run of text and inline tags between tags of blocks (paragraphs, headings, items, cells),
without white space, comments and breaks at its edges, parted at tags that have no partner in it; and `alt` and `title`
of pictures, each of its own (a picture with one parts texts). Held back: code, scripts, styles, preformatted text,
drawings, formulas, what is marked `translate="no"` or `notranslate`, what is hidden (but for notes that pop up), lists
of page numbers.

Keys: the nearest id around the text (`#p12`, `#ch1.3`: the third text in it), else the scene and a number in it
(`2.14`); `@alt` and the like for attributes. Scenes begin at headings of the first three levels.

A target is refused where it is not well-formed, has blocks in it, tears pairs that the source has whole, or would be
read back as another text (white space at its ends, `&lt;` where `<` would do).

Bilingual (setting `bilingual`): a paragraph's original stands in a copy of its `<p>` above or below it, without ids and
in the language of the file; `side`: both in a table of one row, which every e-reader shows. Headings, items, cells and
texts that share their block with others hold it in a `<span>`, parted by a `<br/>`. Tables of contents, titles and
attributes have the translation alone. The class (`bilingual-above`, `-below`, `-side`) tells originals again: opened
anew, such a file has them as sources and the translations as targets, and an empty target puts the original back.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from translator.core.collecting import SINGLE
from translator.core.document import HeldBack, RefusedTargetError
from translator.core.segment import NO_LIMITS, Segment, quick_segment
from translator.core.splice import Edit, splice
from translator.core.textfile import Output
from translator.core.xhtml_entries import Entry, Pair, said_language
from translator.core.xhtml_spelling import CannotStandError, is_alike, is_same, spell, spelling_of
from translator.core.xhtml_text import (
    BLANK,
    REFERENCE,
    Run,
    local,
    read_run,
    read_text,
    settle,
    speaks,
    unbroken,
    whole_parts,
)
from translator.core.xhtml_walk import Walk
from translator.core.xhtml_whole import has_marks
from translator.core.xhtml_words import BILINGUAL, Words
from translator.core.xml_charset import iana_name, untrue_spans
from translator.core.xml_references import escape_attribute, unwritable
from translator.core.xml_spans import Attribute, Change, Kind, MarkupFile, Token, XmlError, scan

_ID = re.compile(r"""[ \t\r\n\f]+(?:xml:)?id[ \t]*=[ \t]*(?:"[^"]*"|'[^']*'|[^ \t\r\n\f>"']+)""", re.IGNORECASE)
_NAME = re.compile(r"""(<a\b[^<>]*?)[ \t\r\n\f]+name[ \t]*=[ \t]*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_LANG = re.compile(r"""[ \t\r\n\f]+(?:xml:)?lang[ \t]*=[ \t]*("[^"]*"|'[^']*'|[^ \t\r\n\f>"']+)""", re.IGNORECASE)
_CLASS = re.compile(r"""([ \t\r\n\f]class[ \t]*=[ \t]*)(?:"([^"]*)"|'([^']*)'|([^ \t\r\n\f>"']+))""", re.IGNORECASE)
_C1 = re.compile("[\x7f-\x9f]")
_UNREAD = re.compile(r"</(?:rt|rp|rtc)[ \t]*>[^<]*[^< \t\r\n\f][^<]*</ruby", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"[ \t\r\n\f]*\Z")
_CELL = ' style="width:50%;vertical-align:top"'


@dataclass(frozen=True, slots=True)
class Wish:
    """How texts are written: the place of the original (None: nowhere), the target language, whether the file says
    its language (`lang` of its root) anew.
    """

    bilingual: str | None = None
    language: str | None = None


class Page:
    """One file of text. prefix: stands before its keys and scenes (a member's name)."""

    def __init__(self, file: MarkupFile, words: Words, *, prefix: str = "", language: str | None = None) -> None:
        self.file = file
        self._words = words
        self._language = language
        self._prefix = prefix
        bilingual = words.attributes and "bilingual-" in file.text
        apart = bilingual or (words.attributes and not file.html and has_marks(file.text))
        tokens = list(file.tokens(None if apart else words.whole))
        walk = Walk(file, words, tokens, bilingual=bilingual)
        walk.walk()
        self._bilingual = bilingual
        self._texts: Sequence[Token] = tokens if "&" in file.text else ()
        self._root_lang = walk.root_lang
        self._said_language = walk.language
        self.entries: Mapping[str, Entry] = {prefix + e.key: e for e in walk.entries}
        self.segments: Sequence[Segment] = tuple(self._segment(key, entry) for key, entry in self.entries.items())

    @cached_property
    def _table(self) -> Mapping[int, str]:
        return spelling_of(self.file, self._texts)

    def _segment(self, key: str, entry: Entry) -> Segment:
        _, role, scene, binding, run, _, _, _, plain, pair, _ = entry
        if run is not None and pair is None and not plain and binding is None:
            return quick_segment(key, run.source, role, f"{self._prefix}{scene}")
        source = entry.source if run is None else run.source
        target = None
        if entry.pair is not None:
            source, target = entry.pair.original.source, source
        single = run is None or entry.plain
        return Segment(
            key=key,
            source=source,
            role=entry.role,
            scene=f"{self._prefix}{entry.scene}",
            target=target,
            limits=SINGLE if single and "\n" not in source else NO_LIMITS,
            binding=entry.binding,
        )

    def held_back(self) -> Iterator[HeldBack]:
        """What nobody is offered, as all of the file's tags show it."""
        walk = Walk(self.file, self._words, list(self.file.tokens()), bilingual=self._bilingual, holding=True)
        walk.walk()
        for held in walk.held:
            yield held._replace(place=self._prefix + held.place)

    @property
    def root_language(self) -> str | None:
        """What its root says that it is in."""
        for found in self._root_lang:
            return self.file.text[found.start : found.end].strip() or None
        return None

    def changes(self, targets: Mapping[str, str], wish: Wish) -> list[Change]:
        """What is to be changed for these targets; raises RefusedTargetError, and KeyError for other keys."""
        made: list[Change] = []
        said: dict[int, Change] = {}
        for key, target in targets.items():
            entry, before = self.entries[key], len(made)
            if entry.value is None:
                made += self._run_changes(key, entry, target, wish)
            elif target != entry.source:
                made.append(self._value_change(key, entry, entry.value, target))
            if len(made) > before and wish.language is not None and (target or entry.pair is None):
                for found in self._saying(entry):
                    if found.start in said:
                        break
                    said[found.start] = Change(found.start, found.end, wish.language, "")
        if made and wish.language is not None:
            made += self.language_changes(wish.language)
        return [*made, *said.values()]

    def _saying(self, entry: Entry) -> Iterator[Attribute]:
        """What says the language of a text, the nearest first: tags around all of it, then blocks, but not the root."""
        run, block, said = entry.run, entry.block, entry.said
        if run is not None and block is not None:
            around = self.file.text[block.inner : run.start]
            for token in reversed(list(scan(around, html=True)) if "lang" in around.lower() else []):
                if token.kind is Kind.START:
                    at = token._replace(start=token.start + block.inner, end=token.end + block.inner)
                    yield from said_language(self.file, at)
        while said is not None:
            yield from said.values
            said = said.outer

    def _language_of(self, entry: Entry) -> str | None:
        for found in self._saying(entry):
            return self.file.text[found.start : found.end]
        return self.root_language or self._language

    def written(self, changes: Sequence[Change], wish: Wish, output: Output) -> bytes:
        """The file with these changes. One that comes into a language says the charset that it is in."""
        if changes and wish.language is not None and output.charset == self.file.charset:
            name = iana_name(output.charset)
            untrue = untrue_spans(self.file.text, self.file.charset, html=self.file.html)
            changes = [*changes, *(Change(*span, name, "") for span in untrue)]
        return self.file.render(changes, output)

    def language_changes(self, language: str) -> list[Change]:
        """What makes the file say that it is in a language; nothing where it says none."""
        return list(self._language_changes(language))

    def _language_changes(self, language: str) -> Iterator[Change]:
        for found in self._root_lang:
            if found.start < found.end:
                yield Change(found.start, found.end, language, "")
        if self._said_language is not None:
            yield Change(*self._said_language, language, "")

    def _value_change(self, key: str, entry: Entry, value: Attribute, target: str) -> Change:
        """The new value of an attribute."""
        self._require_writable(key, target, entry.source)
        if "\n" in target or target != target.strip(BLANK) or not speaks(target):
            raise RefusedTargetError(key, "an attribute holds one line of text, without white space at its ends")
        raw = _attribute_spelled(target, value.quote or '"', REFERENCE.findall(entry.source))
        if settle(unbroken(read_text(raw, html=self.file.html)).replace("\t", " ")).strip(BLANK) != target:
            raise RefusedTargetError(key, f"{target[:60]!r} would not be read as it is")
        return Change(value.start, value.end, raw if value.quote else f'"{raw}"', key)

    def _require_writable(self, key: str, target: str, source: str) -> None:
        """Characters that the file holds in the source itself (U+0000 in HTML) may stay."""
        if target.isprintable():
            return
        new = "".join([c for c in target if c not in source])
        bad = unwritable(new)
        if bad is None:  # read as characters of Windows-1252 where they are references
            found = _C1.search(new)
            bad = None if found is None else found.group()
        if bad is not None or "\r" in target:
            raise RefusedTargetError(key, f"the file cannot hold {bad or 'a carriage return'!r}")

    def _run_changes(self, key: str, entry: Entry, target: str, wish: Wish) -> Iterator[Change]:
        run = entry.run
        if run is None:
            raise AssertionError("an attribute is no run")
        original = run if entry.pair is None else entry.pair.original
        self._require_writable(key, target, run.source + original.source)
        if entry.pair is not None and not target:
            yield from self._taken_back(key, entry, run, entry.pair)
            return
        standing = run.source
        if target == standing:
            return
        raw = self._checked(key, run, target, plain=entry.plain)
        bilingual = wish.bilingual if entry.pair is None and self._words.attributes else None
        if bilingual is None or entry.plain:
            yield Change(run.start, run.end, raw, key)
            return
        if self._in_contents(run):
            yield Change(run.start, run.end, raw, key)
            return
        yield from self._with_original(key, entry, run, raw, bilingual)

    def _taken_back(self, key: str, entry: Entry, run: Run, pair: Pair) -> Iterator[Change]:
        original = pair.original
        known = original._replace(known=run.codes if _same_codes(run, original) else original.codes)
        yield Change(run.start, run.end, spell(self.file, known, original.source, self._table), key)
        for start, end in pair.extra:
            yield Change(start, end, "", key)
        languages = _LANG.findall(self.file.text[pair.extra[0][0] : original.start])
        for found in self._saying(entry) if languages and entry.block is not None else ():
            if entry.block is not None and found.start > entry.block.start:
                yield Change(found.start, found.end, languages[-1].strip("\"'"), key)

    def _checked(self, key: str, run: Run, target: str, *, plain: bool) -> str:
        if not target.strip():
            raise RefusedTargetError(key, "an empty text cannot be told from none")
        if plain and "\n" in target:
            raise RefusedTargetError(key, "a title is one line")
        if "</r" in target and _UNREAD.search(target) and not _UNREAD.search(run.source):
            raise RefusedTargetError(key, "the last characters of a ruby have no reading")
        try:
            alike = is_alike(run, target)
            if alike and not self._table and is_same(self.file, run, target):
                return target
            raw = spell(self.file, run, target, self._table)
            if alike:
                return raw
            again = self._read_again(raw)
        except CannotStandError as error:
            raise RefusedTargetError(key, str(error)) from error
        if again is None or again.source != target or not speaks(again.plain):
            raise RefusedTargetError(key, f"{target[:60]!r} would not be read as the text of this place")
        return raw

    def _read_again(self, raw: str) -> Run | None:
        """How `raw` is read in the run's place; raises CannotStandError."""
        if "<" not in raw and "&" not in raw:
            return Run(0, 0, settle(unbroken(raw)).strip(BLANK), raw, (), ())
        small = MarkupFile(b"", f"<x>{raw}</x>", self.file.charset, b"", html=self.file.html)
        try:
            tokens = list(scan(small.text, html=self.file.html))
        except XmlError as error:
            raise CannotStandError(f"it is not well-formed: {error}") from error
        walk = Walk(small, self._words, tokens, bilingual=False)
        items = walk.items_of(1, len(tokens) - 1)
        if items is None:
            raise CannotStandError("it has tags that part paragraphs")
        if len(whole_parts(small, tokens, items)) > 1:
            raise CannotStandError("it has tags that do not match")
        return read_run(small, tokens, items)

    # Originals beside their translations.

    def _in_contents(self, run: Run) -> bool:
        before = bisect_right(self._contents, (run.start, len(self.file.text)))
        return before > 0 and run.start < self._contents[before - 1][1]

    @cached_property
    def _contents(self) -> Sequence[tuple[int, int]]:
        """Where tables of contents stand, whose entries must be links alone; those in others left out."""
        spans: list[tuple[int, int]] = []
        opened: list[int] = []
        for token in self.file.tokens():
            if local(token.name) == "nav":
                if token.kind is Kind.START:
                    opened.append(token.start)
                elif token.kind is Kind.END and opened:
                    spans.append((opened.pop(), token.end))
        spans.sort()
        ends = [0, *accumulate((end for _, end in spans), max)]
        return [span for span, end in zip(spans, ends, strict=False) if span[1] > end]

    def _with_original(self, key: str, entry: Entry, run: Run, raw: str, where: str) -> Iterator[Change]:
        text, block = self.file.text, entry.block
        original = self._bare(run)
        copied = block is not None and block.name == "p"  # with the tags around all of its text
        language = self._language_of(entry._replace(block=None) if copied else entry)
        said = "" if not language else f' {"lang" if self.file.html else "xml:lang"}="{escape_attribute(language)}"'
        if block is None or block.name != "p":
            class_name = BILINGUAL[1] if where == "below" else BILINGUAL[0]
            line = "<br>" if self.file.html else "<br/>"
            span = f'<span class="{class_name}"{said}>{original}</span>'
            yield Change(run.start, run.end, raw + line + span if where == "below" else span + line + raw, key)
            return
        end = text.rindex(">", block.inner, block.end) + 1  # white space follows
        index = {"above": 0, "below": 1}.get(where, 2)
        tag = _copied_tag(text[block.start : block.inner], BILINGUAL[index], said)
        before = _ID.sub("", text[block.inner : run.start])
        copy = f"{tag}{before}{original}{text[run.end : end]}"
        found = _SPACE_BEFORE.search(text, max(block.start - 200, 0), block.start)
        space = found.group() if found else ""
        if where == "above":
            yield Change(block.start, block.start, copy + space, key)
        elif where == "below":
            yield Change(end, end, space + copy, key)
        else:
            head = f'<table class="{BILINGUAL[2]}" style="width:100%"><tr><td{_CELL}>{copy}</td><td{_CELL}>'
            yield Change(block.start, block.start, head, key)
            yield Change(end, end, "</td></tr></table>", key)
        yield Change(run.start, run.end, raw, key)

    def _bare(self, run: Run) -> str:
        """A run as it stands, without ids."""
        edits = [
            Edit(c.start - run.start, c.end - run.start, _NAME.sub(r"\1", _ID.sub("", self.file.text[c.start : c.end])))
            for c in run.codes
        ]
        return splice(self.file.text[run.start : run.end], edits)


def _same_codes(one: Run, other: Run) -> bool:
    return sorted(c.shown for c in one.codes) == sorted(c.shown for c in other.codes)


def _copied_tag(tag: str, class_name: str, said: str) -> str:
    """A start tag with one class more, without its id, and with its language unless it says one of its own."""
    tag = _ID.sub("", tag)
    if _LANG.search(tag):
        said = ""
    found = _CLASS.search(tag)
    if found is None:
        return f'{tag[:-1].rstrip(BLANK)} class="{class_name}"{said}>'
    names = next(group for group in found.groups()[1:] if group is not None)
    tag = f'{tag[: found.start()]}{found[1]}"{names} {class_name}"{tag[found.end() :]}'
    return f"{tag[:-1].rstrip(BLANK)}{said}>"


def _attribute_spelled(text: str, quote: str, known: Sequence[str]) -> str:
    """A value as it is written: what is shown as a reference stays one. known: those of the source."""
    parts: list[str] = []
    position = 0
    for match in REFERENCE.finditer(text):
        if not match.group().startswith(("&lt;", "&amp;", "&#")) and match.group() not in known:
            continue
        parts += (escape_attribute(text[position : match.start()], quote), match.group())
        position = match.end()
    return "".join((*parts, escape_attribute(text[position:], quote)))
