"""A Word document as segments, and written with translations."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import regex

from translator.core.document import FormatError, HeldBack, RefusedTargetError
from translator.core.loose import SPEECH
from translator.core.office_parts import Part, main_part, prefix_of, read_part, relations, title_of
from translator.core.segment import Limits, Role, Segment
from translator.core.splice import Edit, splice
from translator.core.xml_spans import escape_text, read_references, unwritable
from translator.core.zip_members import Members
from translator.formats.docx.paragraphs import Text
from translator.formats.docx.scanner import Paragraph, Scanner

_LANGUAGE = "wordprocessingml"
_NOTES = ("footnotes", "endnotes", "header", "footer")
_SPOKEN = regex.compile(r"</?(?:ruby|rt)>(*SKIP)(*FAIL)|[\p{L}「『（(“\"‘'！？!?〝]")
_STYLE = re.compile(r"<(\w+:)?style\s[^<>]*?styleId=[\"']([^\"']*)[\"'].*?</(?:\w+:)?style>", re.DOTALL)
_STYLE_NAME = re.compile(r"<(?:\w+:)?name\s[^<>]*?val=[\"']([^\"']*)")
_LEVEL = re.compile(r"<(?:\w+:)?outlineLvl\s[^<>]*?val=[\"']([0-8])")
_TITLE_KEY = "properties/title"
_ONE_LINE = Limits(single=True)


class DocxDocument:
    """A Word document."""

    def __init__(self, members: Members) -> None:
        self._members = members
        main = main_part(members, "word/document.xml")
        if main is None:
            raise FormatError("this is no Word document: its package names no document")
        linked = list(relations(members, main))
        self._comments = [path for _, kind, path in linked if kind == "comments"]
        others = [path for wanted in _NOTES for _, kind, path in linked if kind == wanted]
        self._styles = _Styles(members, [path for _, kind, path in linked if kind == "styles"])
        self._texts: dict[str, tuple[Part, list[Text]]] = {}
        self._hidden: list[HeldBack] = []
        segments: list[Segment] = []
        for name in dict.fromkeys((main, *others)):
            segments += self._read(read_part(members, name), chapters=name == main)
        self._title = title_of(members)
        if self._title is not None:
            part, start, end = self._title
            said = read_references(part.text[start:end])
            segments.append(Segment(_TITLE_KEY, said, Role.NAME, "title", limits=_ONE_LINE))
        self.segments: Sequence[Segment] = tuple(segments)
        self.notices: Sequence[str] = () if segments else ("no text: none of its paragraphs has any",)
        self.charset: str | None = None

    def _read(self, part: Part, *, chapters: bool) -> Iterator[Segment]:
        w = prefix_of(part.text, _LANGUAGE)
        if w is None:
            raise FormatError(f"{part.name}: it is no part of a Word document", offset=0)
        stem = PurePosixPath(part.name).stem
        paragraphs = Scanner(part.text, w).scan()
        counts = Counter(p.own for p in paragraphs if not p.fallback)
        unnamed = chapter = 0
        found: dict[tuple[int | None, str], list[Text]] = {}
        for paragraph in paragraphs:
            text = Text(paragraph, part.text, w)
            if not paragraph.own or counts[paragraph.own] > 1:
                unnamed += not paragraph.fallback
                key = f"{stem}/p{unnamed}"
            else:
                key = f"{stem}/{paragraph.own}"
            self._hidden += (HeldBack(key, said, "hidden text") for said in paragraph.hidden if said.strip())
            source = text.source
            if _SPOKEN.search(source) is None:
                continue
            if paragraph.fallback:
                bound = found.get((paragraph.alternate, source))
                if bound is None:
                    self._hidden.append(HeldBack(key, source, "shown by old programs only"))
                else:
                    bound.append(text)
                continue
            heading = self._styles.level(paragraph)
            chapter += heading is not None
            copies = [text]
            found.setdefault((paragraph.alternate, source), copies)
            self._texts[key] = (part, copies)
            scene = f"{stem}.{chapter}" if chapters else stem
            role = _role(source, heading)
            yield Segment(key, source, role, scene, limits=Limits(single="\n" not in source))

    def held_back(self) -> Iterator[HeldBack]:
        """Comments, hidden text, and texts for old programs that have no newer form."""
        yield from self._hidden
        for name in self._comments:
            part = read_part(self._members, name)
            w = prefix_of(part.text, _LANGUAGE)
            for number, paragraph in enumerate(Scanner(part.text, w or "w:").scan(), 1):
                said = Text(paragraph, part.text, w or "w:").source
                if said.strip():
                    yield HeldBack(f"{PurePosixPath(name).stem}/{paragraph.own or f'p{number}'}", said, "comment")

    def render(self, targets: Mapping[str, str]) -> bytes:
        """See `Document.render`."""
        edits: dict[str, list[Edit]] = {}
        parts: dict[str, Part] = {}
        for key, target in targets.items():
            if key == _TITLE_KEY and self._title is not None:
                part, start, end = self._title
                _check_title(key, target)
                made = [Edit(start, end, escape_text(target).replace(">", "&gt;"))]
                made = [] if read_references(part.text[start:end]) == target else made
            else:
                part, copies = self._texts[key]
                if copies[0].source == target:
                    continue
                if _SPOKEN.search(target) is None:
                    raise RefusedTargetError(key, f"{target[:40]!r} would not be read as a text")
                made = [edit for text in copies for edit in text.edits(target, key)]
            edits.setdefault(part.name, []).extend(made)
            parts[part.name] = part
        new = {name: parts[name].encoded(splice(parts[name].text, made)) for name, made in edits.items() if made}
        return self._members.replaced(new)


def _check_title(key: str, target: str) -> None:
    if "\n" in target or "\r" in target or unwritable(target) is not None or not target.strip():
        raise RefusedTargetError(key, "a title is one line of text")


def _role(source: str, heading: int | None) -> Role:
    if heading == 0:
        return Role.NAME
    spoken = source.startswith(SPEECH) and heading is None
    return Role.DIALOGUE if spoken else Role.NARRATION


class _Styles:
    """Which styles of paragraphs are headings."""

    def __init__(self, members: Members, names: Sequence[str]) -> None:
        self._levels: dict[str, int] = {}
        for name in names[:1]:
            for match in _STYLE.finditer(read_part(members, name).text):
                called = _STYLE_NAME.search(match.group())
                level = _LEVEL.search(match.group())
                if called is not None and called[1].lower() == "title":
                    self._levels[match[2]] = 0
                elif level is not None:
                    self._levels[match[2]] = int(level[1]) + 1
                elif called is not None and called[1].lower().startswith("heading "):
                    self._levels[match[2]] = 1

    def level(self, paragraph: Paragraph) -> int | None:
        """0 for the title of the work, 1 and more for a heading, None for any other paragraph."""
        found = self._levels.get(paragraph.style)
        if paragraph.level is not None and found is None:
            return paragraph.level + 1
        return found
