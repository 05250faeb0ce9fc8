"""Finding the paragraphs of a part of a DOCX file, and in them the texts, their formatting, and what else stands there.

WordprocessingML: ECMA-376-1, 17.3 (paragraphs and runs), 17.16 (fields), 17.13 (annotations); ECMA-376-3 (alternate
content). The part is known to be well-formed, so a tag is found by its name and all between is passed over.

What is written by this program is spelled so that it is known again: a run, a text or a break that was added has a
space before the end of its tag (`<w:r >`), a `xml:space` that was added stands in single quotes. So a text that is put
back gives the same bytes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache

from translator.core.office_parts import attributes_of
from translator.core.xml_spans import read_references
from translator.formats.docx.notation import END, READING, RUBY, spelled
from translator.formats.docx.ruby import base_and_reading, ruby_end

_NAMES = (
    "p|r|br|cr|tab|noBreakHyphen|softHyphen|fldChar|fldSimple|del|moveFrom|ins|moveTo|hyperlink|drawing|pict|object|sym|"
    "ptab|footnoteReference|endnoteReference|pgNum|ruby"
)
_TAIL = r"(?P<{0}tail>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)?)(?P<{0}empty>/?)>"
_OBJECTS = frozenset(("drawing", "pict", "object", "sym", "ptab", "footnoteReference", "endnoteReference", "pgNum"))
SIGNS = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
"""Elements that stand for a character."""

_AROUND = frozenset(("hyperlink", "ins", "moveTo"))
_TAKEN_FIELDS = frozenset(("HYPERLINK", "TOC"))


class Of(Enum):
    """What an atom is: a text element, a line break or tab, or another element that stands for characters."""

    TEXT = 1
    BREAK = 2
    SIGN = 3


@dataclass(slots=True, eq=False)
class Run:
    """A run: its span (`end` is set when it is over), its properties as written, whether it was added by us.

    wrapper: the start tag of the link that it is in; alone: whether it is the only run there. inserted: it is in a
    tracked insertion; outer_start, outer_end: the span of all such, and of links, around it.
    """

    start: int
    ours: bool
    wrapper: str
    wrapper_start: int
    end: int = 0
    wrapper_end: int = 0
    alone: bool = False
    inserted: bool = False
    outer_start: int = 0
    outer_end: int = 0
    properties: str = ""
    hidden: bool = False
    contents: int = 0


@dataclass(slots=True, eq=False)
class Atom:
    """A text in a paragraph: the span of its element, the end of its start tag, what it says, and its run.

    ours: it was added by us. unsaid: white space at its edges that a reader drops.
    """

    of: Of
    start: int
    end: int
    text: str
    run: Run
    tag_end: int = 0
    ours: bool = False
    unsaid: tuple[str, str] = ("", "")


@dataclass(slots=True, eq=False)
class Thing:
    """Something that is no text (an image, a note's mark, a field): it stays where it stands between texts."""

    start: int


@dataclass(slots=True, eq=False)
class Paragraph:
    """A paragraph with what stands in it, in order.

    own: the identifier that Word gave it. alternate: where the outermost alternate content starts that it is in.
    fallback: it is what programs show that do not know the newer form. hidden: its texts that are not shown.
    """

    start: int
    own: str
    alternate: int | None
    fallback: bool
    items: list[Atom | Thing] = field(default_factory=list["Atom | Thing"])
    style: str = ""
    level: int | None = None
    hidden: list[str] = field(default_factory=list[str])
    run: Run | None = None


@dataclass(slots=True)
class _Field:
    code: list[str] = field(default_factory=list[str])
    result: bool = False

    def taken(self) -> bool:
        words = "".join(self.code).split(None, 1)
        return self.result and bool(words) and words[0].upper() in _TAKEN_FIELDS


@cache
def _pattern(w: str) -> re.Pattern[str]:
    p = re.escape(w)
    text = rf"<{p}t{_TAIL.format('text_')}"
    return re.compile(
        r"(?P<skip><!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>)"
        rf"|(?P<text>{text})"
        rf"|<(?P<inert>{p}(?:pPr|rPr|sectPr|instrText|tblPr|tblGrid|delText)|m:oMathPara|m:oMath)(?=[\s/>])"
        rf"|<(?P<close>/?)(?:{p}(?P<name>{_NAMES})|(?P<other>mc:AlternateContent|mc:Fallback))(?=[\s/>]){_TAIL.format('')}",
        re.DOTALL,
    )


_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ADDED = re.compile(r"<[^<>/]*?(br|tab) /><[^<>]*>([^<]*)<")


def _added(more: str) -> str:
    """What the breaks and texts say that were added behind a text."""
    return "".join(("\n" if sign == "br" else "\t") + read_references(said) for sign, said in _ADDED.findall(more))


def _read_ruby(raw: str, w: str) -> str:
    """What a word with a reading says, "" where there is no word."""
    base, reading = base_and_reading(raw, w)
    return f"{RUBY}{base}{READING}{reading}{END}" if base and reading else base


@cache
def _inner(w: str) -> re.Pattern[str]:
    """The end of a text element, with what we added behind it."""
    p = re.escape(w)
    return re.compile(rf"</{p}t\s*>((?:<{p}(?:br|tab) /><{p}t xml:space='preserve' >[^<]*</{p}t>)*)")


class Scanner:
    """Reads one part."""

    def __init__(self, text: str, w: str) -> None:
        self._text, self._w = text, w
        self._open: list[tuple[Paragraph, int, int]] = []
        self._fields: list[_Field] = []
        self._simple = self._deleted = self._fallback = 0
        self._alternates: list[int] = []
        self._around: list[tuple[str, int, str, list[Run]]] = []
        self.paragraphs: list[Paragraph] = []

    def scan(self) -> list[Paragraph]:
        """All paragraphs, in the order in which they begin."""
        text, search, at = self._text, _pattern(self._w).search, 0
        while (match := search(text, at)) is not None:
            if match["skip"] is not None:
                at = match.end()
            elif match["text"] is not None:
                at = self._take_text(match)
            elif match["inert"] is not None:
                at = self._pass(match)
            else:
                at = match.end()
                name = match["name"] or match["other"]
                tail, empty = match["tail"], match["empty"]
                if match["close"]:
                    self._close(name, match)
                else:
                    at = self._begin(name, match, tail, empty=bool(empty))
        return self.paragraphs

    def _element_end(self, name: str, start: int) -> int:
        """Where the element ends that starts there; one that holds its own kind is one with tracked changes."""
        text = self._text
        tag = text.index(">", start)
        if text[tag - 1] == "/":
            return tag + 1
        mark = f"</{name}>"
        end = text.find(mark, tag)
        change = text.find(f"<{name}Change", tag, end) if end >= 0 else -1
        if change >= 0:
            change = text.find(f"</{name}Change>", change)
            end = text.find(mark, change)
        return len(text) if end < 0 else end + len(mark)

    def _pass(self, match: re.Match[str]) -> int:
        name, start = match["inert"], match.start()
        end = self._element_end(name, start)
        paragraph = self._open[-1][0] if self._open else None
        if paragraph is None:
            return end
        local = name.rpartition(":")[2]
        if local == "pPr":
            found = re.search(rf"<{self._w}pStyle [^<>]*val=[\"']([^\"']*)", self._text[start:end])
            paragraph.style = found[1] if found else ""
            level = re.search(rf"<{self._w}outlineLvl [^<>]*val=[\"'](\d)", self._text[start:end])
            paragraph.level = int(level[1]) if level else None
        elif local == "rPr" and paragraph.run is not None and not paragraph.run.contents:
            raw = self._text[start:end]
            paragraph.run.properties = raw
            paragraph.run.hidden = re.search(rf"<{self._w}vanish(?: ?/>|(?! w:val=.(?:0|false))\s)", raw) is not None
        elif local == "instrText" and self._fields and not self._fields[-1].result:
            self._fields[-1].code.append(self._text[self._text.index(">", start) + 1 : max(start, end - len(name) - 3)])
        elif local in ("oMath", "oMathPara"):
            paragraph.items.append(Thing(start))
        return end

    def _taken(self) -> bool:
        return not self._simple and all(f.taken() for f in self._fields)

    def _take_text(self, match: re.Match[str]) -> int:
        start, tag_end, text = match.start(), match.end(), self._text
        tail, more = match["text_tail"], ""
        end = stop = tag_end
        if not match["text_empty"]:
            found = _inner(self._w).search(text, tag_end)
            if found is None:
                return tag_end
            end, stop, more = found.end(), found.start(), found[1]
        if not self._open or self._deleted:
            return end
        paragraph, _, fallback = self._open[-1]
        run = paragraph.run
        if run is None or fallback != self._fallback:
            return end
        if not self._taken():
            paragraph.items.append(Thing(start))
        elif run.hidden:
            paragraph.hidden.append(self._inside(text[tag_end:stop]))
            paragraph.items.append(Thing(start))
        else:
            raw, before, after = text[tag_end:stop], "", ""
            if "preserve" not in tail:
                core = raw.strip(" \t\n")
                before, _, after = raw.partition(core) if core else ("", "", raw)
                raw = core
            said = self._inside(raw) + _added(more)
            atom = Atom(Of.TEXT, start, end, said, run, tag_end, tail.endswith(" "), (before, after))
            paragraph.items.append(atom)
        run.contents += 1
        return end

    def _inside(self, raw: str) -> str:
        """What the inside of a text element says; comments in it say nothing."""
        if "<" in raw:
            raw = _CDATA.sub(lambda m: m[1].replace("&", "&amp;").replace("<", "&lt;"), raw)
            raw = re.sub(r"<[^<>]*>", "", raw)
        return read_references(raw.replace("\n", " ").replace("\t", " "))

    def _begin(self, name: str, match: re.Match[str], tail: str, *, empty: bool) -> int:
        start, end = match.start(), match.end()
        paragraph = self._open[-1][0] if self._open else None
        if name == "p":
            if not empty:
                own = re.search(r"\sw14:paraId=[\"']([0-9A-Fa-f]+)", tail)
                alternate = self._alternates[0] if self._alternates else None
                new = Paragraph(start, own[1] if own else "", alternate, self._fallback > 0)
                self.paragraphs.append(new)
                self._open.append((new, len(self._around), self._fallback))
        elif name == "mc:AlternateContent":
            self._alternates.append(start)
            if paragraph is not None:
                paragraph.items.append(Thing(start))
        elif name == "mc:Fallback":
            self._fallback += not empty
        elif name in ("del", "moveFrom"):
            self._deleted += not empty
        elif name == "fldSimple":
            self._simple += not empty
        elif paragraph is not None:
            return self._in_paragraph(paragraph, name, match, tail, empty=empty)
        return end

    def _in_paragraph(self, paragraph: Paragraph, name: str, match: re.Match[str], tail: str, *, empty: bool) -> int:
        start, end = match.start(), match.end()
        if name == "r":
            if not empty:
                self._begin_run(paragraph, start, ours=tail.endswith(" "))
            return end
        if name in _AROUND:
            if not empty:
                self._around.append((name, start, match.group(), []))
            return end
        if name == "fldChar":
            self._field(attributes_of(tail))
            return end
        if name in _OBJECTS:
            paragraph.items.append(Thing(start))
            return end
        run = paragraph.run
        if run is not None and not self._deleted:
            return self._in_run(paragraph, run, name, match)
        return end

    def _in_run(self, paragraph: Paragraph, run: Run, name: str, match: re.Match[str]) -> int:
        start, end, tail = match.start(), match.end(), match["tail"]
        of, said = Of.BREAK, "\t" if name == "tab" else "\n"
        if name == "ruby":
            end = ruby_end(self._text, start, self._w)
            of, said = Of.SIGN, _read_ruby(self._text[start:end], self._w)
        elif name in SIGNS:
            of, said = Of.SIGN, SIGNS[name]
        if name == "ruby" and run.hidden:
            paragraph.hidden.append(spelled(said))
            said = ""
        if not said or not self._taken() or (name == "br" and re.search(r"type=[\"'](?:page|column)", tail)):
            paragraph.items.append(Thing(start))
        else:
            paragraph.items.append(Atom(of, start, end, said, run))
        run.contents += 1
        return end

    def _begin_run(self, paragraph: Paragraph, start: int, *, ours: bool) -> None:
        paragraph.run = run = Run(start, ours, "", start, outer_start=start)
        around = self._around[self._open[-1][1] :]
        for name, begin, tag, runs in reversed(around):
            runs.append(run)
            run.outer_start = begin
            run.inserted |= name != "hyperlink"
            if name == "hyperlink" and not run.wrapper:
                run.wrapper_start, run.wrapper = begin, tag

    def _field(self, found: Mapping[str, str]) -> None:
        kind = found.get(f"{self._w}fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _close(self, name: str, match: re.Match[str]) -> None:
        end = match.end()
        if name == "p" and self._open:
            self._open.pop()
        elif name == "r" and self._open and (run := self._open[-1][0].run) is not None:
            run.end = run.outer_end = end
            self._open[-1][0].run = None
        elif name in _AROUND and self._open and len(self._around) > self._open[-1][1]:
            _, start, _, runs = self._around.pop()
            for run in runs:
                run.outer_end = end
                if run.wrapper and run.wrapper_start == start:
                    run.wrapper_end, run.alone = end, len(runs) == 1
        elif name == "mc:AlternateContent" and self._alternates:
            self._alternates.pop()
        elif name == "mc:Fallback":
            self._fallback -= 1
        elif name in ("del", "moveFrom"):
            self._deleted -= 1
        elif name == "fldSimple":
            self._simple -= 1
