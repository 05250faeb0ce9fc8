"""Finding the paragraphs of a novel in the lines of a text file.

What is a paragraph, and where scenes part, is decided by lines and notes that a translation leaves alone, never by the
words of a paragraph: so a translated file has the same paragraphs, scenes and keys.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from translator.core.loose import LANGUAGE, SPEECH
from translator.core.segment import Role
from translator.formats.text.notation import MARKUP, without_readings

# A run of white space (and of characters that are not seen at all), or a note about the layout of a whole line.
_EDGE = (
    r"(?:[\s\ufeff\u200b]"
    r"|［＃(?!「)[^「」［］\n]*(?:字下げ|字上げ|地付き|字詰め|改ページ|改頁|改丁|改段|改見開き|左右中央|本文終わり)[^「」［］\n]*］)"
)
_PREFIX = regex.compile(rf"{_EDGE}*+(?:［＃(?:ここから)?(?P<heading>(?:同行|窓)?[大中小]見出し)］{_EDGE}*+)?")
_SUFFIX = regex.compile(rf"{_EDGE}*+$")
_HEADING_END = regex.compile(rf"{_EDGE}*+［＃(?:ここで)?(?P<heading>(?:同行|窓)?[大中小]見出し)終わり］{_EDGE}*+$")
_HEADING_NOTE = regex.compile(rf"」は(?P<heading>(?:同行|窓)?[大中小]見出し)］{_EDGE}*+$")
_HEADING_EDGE = regex.compile(rf"{_EDGE}*+［＃ここ(?:(?P<begins>から)[大中小]見出し|で[大中小]見出し終わり)］{_EDGE}*+")
_QUOTE = "［＃「"
_NEW_PAGE = regex.compile(r"［＃[^「」［］\n]*改(?:ページ|頁|丁|段|見開き)[^「」［］\n]*］")
_OF_MORE_LINES = regex.compile(rf"{_NEW_PAGE.pattern}|［＃ここ[かで][^「」［］\n]*］")

_RULE = regex.compile(r"[-－‐]{10,}\s*")
_LEGEND = "【テキスト中に現れる記号について】"
_LEGEND_WITHIN = 60
_SOURCES = regex.compile(r"底本\s*[：:]")
_FRONT = "title"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: where it stands in the file and what it is.

    line: its number, from 0. before, after: characters at the line's edges that are not text. quoted: for a heading
    whose note quotes it (`第一篇［＃「第一篇」は大見出し］`), the kind of heading, else None; `after` counts the note.
    """

    key: str
    scene: str
    role: Role
    text: str
    line: int
    before: int
    after: int
    quoted: str | None = None


@dataclass(frozen=True, slots=True)
class _Cut:
    """A line without its edges. parts: it has no text and parts scenes (signs only, or a new page)."""

    text: str
    before: int
    after: int
    heading: bool = False
    quoted: str | None = None
    new_page: bool = False
    parts: bool = False


def of_one_line(edge: str) -> str:
    """A line's edge without the notes that begin a page, and those that begin or end what holds for several lines."""
    return _OF_MORE_LINES.sub("", edge)


def heading_note(text: str, kind: str) -> str:
    """The note that makes `text`, before it, a heading."""
    return f"{_QUOTE}{without_readings(text)}」は{kind}］"


def find_paragraphs(lines: Sequence[str]) -> list[Paragraph]:
    """The paragraphs of a file's lines, in order."""
    legend = _legend(lines)
    end = _sources(lines, legend.stop)
    cuts = list(_cuts(lines, set(legend) | set(range(end, len(lines)))))
    found: list[Paragraph] = []
    counts: Counter[str] = Counter()
    for number, cut, scene in _scenes(cuts, legend):
        counts[scene] += 1
        role = Role.NAME if scene == _FRONT else _role(cut)
        place = (number, cut.before, cut.after)
        found.append(Paragraph(f"{scene}.{counts[scene]}", scene, role, cut.text, *place, cut.quoted))
    return found


def _cuts(lines: Sequence[str], held: Container[int]) -> Iterator[_Cut | None]:
    """The lines parted, None for those that are blank or held. Those of a heading of several lines are headings."""
    heading = False
    for number, line in enumerate(lines):
        if number in held or not line.strip():
            yield None
            continue
        edge = _HEADING_EDGE.fullmatch(line)
        heading = edge["begins"] is not None if edge else heading
        yield replace(cut, heading=True) if (cut := _cut(line)).text and heading else cut


def _role(cut: _Cut) -> Role:
    spoken = MARKUP.plain(cut.text).startswith(SPEECH) and not cut.heading
    return Role.DIALOGUE if spoken else Role.NARRATION


def _scenes(cuts: Sequence[_Cut | None], legend: range) -> Iterator[tuple[int, _Cut, str]]:
    """The lines with text, each with its number and the name of its scene.

    A scene starts after a line without language, on a new page, at a heading, and after more blank lines than part
    the paragraphs of this file usually (two at least).
    """
    wide = _wide_gap(cuts)
    scene, filled, gap, previous_heading = 1, False, 0, False
    for number, cut in enumerate(cuts):
        if number < legend.start:
            if cut is not None and cut.text:
                yield number, cut, _FRONT
            continue
        if cut is None:
            gap += 1
            continue
        if not (cut.text or cut.parts):
            continue
        starts = gap >= wide or cut.new_page or not cut.text or (cut.heading and not previous_heading)
        if filled and starts and not (previous_heading and cut.text and not cut.new_page):
            scene, filled = scene + 1, False
        gap = 0
        if cut.text:
            yield number, cut, str(scene)
            filled, previous_heading = True, cut.heading


def _wide_gap(cuts: Sequence[_Cut | None]) -> int:
    """How many blank lines part scenes: more than usually part paragraphs."""
    filled = [number for number, cut in enumerate(cuts) if cut is not None and cut.text]
    gaps = Counter(after - before - 1 for before, after in pairwise(filled))
    usual = min((gap for gap, times in gaps.items() if times == max(gaps.values())), default=0)
    return max(2, usual + 1)


def _cut(line: str) -> _Cut:
    """A line parted into its edges and its text; no text if nothing in it can be translated."""
    prefix = _PREFIX.match(line)
    before = prefix.end() if prefix else 0
    paired = prefix["heading"] if prefix else None
    new_page = _NEW_PAGE.search(line) is not None
    closing = _HEADING_END.search(line, before)
    if paired and closing and closing["heading"] == paired:
        return _if_spoken(
            _Cut(line[before : closing.start()], before, len(line) - closing.start(), heading=True), new_page
        )
    if paired:
        before = _edge(line)
    quoting = _quoting(line, before)
    if quoting is not None:
        at, kind = quoting
        return _if_spoken(_Cut(line[before:at], before, len(line) - at, heading=True, quoted=kind), new_page)
    suffix = _SUFFIX.search(line, before)
    end = suffix.start() if suffix else len(line)
    return _if_spoken(_Cut(line[before:end], before, len(line) - end), new_page)


_ONLY_EDGE = regex.compile(rf"{_EDGE}*+")


def _edge(line: str) -> int:
    match = _ONLY_EDGE.match(line)
    return match.end() if match else 0


def _if_spoken(cut: _Cut, new_page: bool) -> _Cut:  # noqa: FBT001  passed on
    plain = MARKUP.plain(MARKUP.normalise(cut.text))
    if LANGUAGE.search(plain):
        return replace(cut, new_page=True) if new_page else cut
    return _Cut("", cut.before, cut.after, new_page=new_page, parts=new_page or bool(plain.strip()))


def _quoting(line: str, before: int) -> tuple[int, str] | None:
    """Where the note starts that makes the whole line a heading, and the kind of heading."""
    end = _HEADING_NOTE.search(line)
    at = line.find(_QUOTE, before + 1)
    while end is not None and 0 <= at < end.start():
        if line[at + len(_QUOTE) : end.start()] == without_readings(line[before:at]):
            return at, end["heading"]
        at = line.find(_QUOTE, at + 1)
    return None


def _legend(lines: Sequence[str]) -> range:
    """The block that explains the notation, its rules included; empty, before the first line, if there is none."""
    rules = [i for i, line in enumerate(lines[:_LEGEND_WITHIN]) if _RULE.fullmatch(line)]
    for start, end in pairwise(rules):
        if any(line.strip() == _LEGEND for line in lines[start:end]):
            return range(start, end + 1)
    return range(0)


def _sources(lines: Sequence[str], start: int) -> int:
    """Where the list of sources begins that ends a file of Aozora Bunko: after a blank line; else the end."""
    for number in range(max(start, 1), len(lines)):
        if _SOURCES.match(lines[number]) and not lines[number - 1].strip():
            return number
    return len(lines)
