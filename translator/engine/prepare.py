"""From a text to what the model sees of it; `restore` makes the way back, `rescued` where codes were lost on it."""

import re
from itertools import pairwise

import regex

from translator.core.languages import Language
from translator.core.layout import split_paragraphs
from translator.core.markup import MarkupSyntax, Piece
from translator.core.scripts import has_script
from translator.core.sentences import cut, split_sentences
from translator.core.work import Unit
from translator.engine.codes import standins_as
from translator.engine.desk import Desk
from translator.engine.edges import chunks, pieces_of, take_off
from translator.engine.prepared import UNSPACED, Prepared, Restored, Stretch
from translator.engine.restore import rescued, restore
from translator.engine.runs import THRICE, shortened
from translator.engine.words import is_word, wrapped

__all__ = ["Prepared", "Restored", "Stretch", "is_word", "prepare", "rescued", "restore", "translatable"]

_LETTER = regex.compile(r"\p{L}")
# Anything that comes three times in a row, or full-width digits. Most texts have neither, and this is tried on all of
# them: `re` looks four times as fast as `regex` here.
_TO_NORMALISE = re.compile(THRICE + "|[０-９]")
_WIDE_DIGIT = regex.compile("[０-９]")
_NUMBER = regex.compile("[0-9０-９]+")
_TO_HALF = str.maketrans("０１２３４５６７８９", "0123456789")
_QUOTES = {"「": "」", "『": "』", "“": "”", "（": "）"}


def translatable(source: str, markup: MarkupSyntax, language: Language | None) -> bool:
    """Whether there is something to translate outside the markup: letters of the language's scripts.

    Any letter counts for a language of the Latin script and for None (the language is not known).
    """
    return _has_letters(markup.plain(source) if markup.rules else source, language)


def _has_letters(plain: str, language: Language | None) -> bool:
    if language is None or not language.scripts or "latin" in language.scripts:
        return _LETTER.search(plain) is not None
    return has_script(plain, language.scripts)


def prepare(unit: Unit, desk: Desk) -> Prepared:
    """What the model sees of a unit; no lines at all where there is nothing to translate."""
    markup = desk.markup(unit.format)
    text = markup.normalise(unit.source) if markup.rewrites else unit.source
    paragraphs = split_paragraphs(text, unit.limits, markup) if "\n" in text else [text]
    parts: list[str | Stretch] = []
    inner: list[str] = []
    apart = desk.profile.codes.apart
    spaced = desk.target.code not in UNSPACED
    for number, paragraph in enumerate(paragraphs):
        if number:
            parts.append("\n")
        start = len(parts)
        pieces = pieces_of(paragraph, markup)
        if not _has_letters("".join(p.text for p in pieces if p.rule is None), desk.source):
            parts.append(paragraph)
            continue
        for chunk in chunks(pieces) if apart else (pieces,):
            if apart and not _has_letters("".join(p.text for p in chunk if p.rule is None), desk.source):
                parts.append("".join(p.text for p in chunk))
                continue
            before, core, after = take_off(chunk)
            stretch, sent = _stretch(before, core, after, desk)
            if apart and spaced and not before and any(isinstance(p, Stretch) for p in parts[start:]):
                parts.append(" ")
            parts.append(stretch)
            inner.append(sent)
    if not inner:
        return Prepared(unit, (), tuple(parts))
    lines, parts = _lay_out(inner, parts, desk, markup)
    if unit.speaker and desk.profile.templates.speaker:
        said = [_say(desk.profile.templates.speaker, unit.speaker, line) for line in lines]
        return Prepared(unit, tuple(line for line, _ in said), tuple(parts), tuple(how for _, how in said))
    if len(lines) == 1 and is_word(unit, desk):
        asked = wrapped(lines[0], unit, desk)
        return Prepared(unit, asked, tuple(parts), ("word", "")[: len(asked)])
    return Prepared(unit, tuple(lines), tuple(parts))


def _stretch(before: str, core: list[Piece], after: str, desk: Desk) -> tuple[Stretch, str]:
    """One paragraph: what is taken off, and the text that is sent."""
    if len(core) == 1 and core[0].rule is None and _TO_NORMALISE.search(core[0].text) is None:
        return Stretch(0, 1, before, after), core[0].text
    inner = tuple(p for p in core if p.rule is not None)
    texts = _between(core)
    spelled: list[tuple[str, str]] = []
    if desk.profile.normalise.digits and any(map(_WIDE_DIGIT.search, texts)):
        texts = [_half_width(text, spelled) for text in texts]
    texts, runs = shortened(texts, desk.profile.normalise.runs)
    codes = [piece.text for piece in inner]
    standins: tuple[tuple[str, str], ...] = ()
    spelling = desk.profile.standin
    # A text that has the look of a stand-in itself keeps its codes as they are.
    if desk.profile.codes.standins and not any(map(standins_as(spelling).search, texts)):
        standins = tuple((spelling.replace("{}", str(number)), code) for number, code in enumerate(codes, 1))
        codes = [standin for standin, _ in standins]
    sent = texts[0] + "".join(code + text for code, text in zip(codes, texts[1:], strict=True))
    return Stretch(0, 1, before, after, codes=inner, standins=standins, spelled=tuple(spelled), runs=runs), sent


def _between(core: list[Piece]) -> list[str]:
    """The texts before, between and after a paragraph's codes: one more than there are codes."""
    texts = [""]
    for piece in core:
        if piece.rule is None:
            texts[-1] += piece.text
        else:
            texts.append("")
    return texts


def _half_width(text: str, spelled: list[tuple[str, str]]) -> str:
    """`text` with half-width digits; how each number was written is added to `spelled`."""

    def narrow(match: "regex.Match[str]") -> str:
        sent = match.group().translate(_TO_HALF)
        spelled.append((sent, match.group()))
        return sent

    return _NUMBER.sub(narrow, text)


def _lay_out(
    inner: list[str], parts: list[str | Stretch], desk: Desk, markup: MarkupSyntax
) -> tuple[list[str], list[str | Stretch]]:
    """Give each stretch its lines: one each, one for all with spelled-out line breaks, or several for a long one."""
    limit = desk.line_characters
    newline = desk.profile.templates.newline
    together = newline and len(inner) > 1 and sum(map(len, inner)) <= limit and not any(newline in t for t in inner)
    lines: list[str] = [newline.join(inner)] if together else []
    placed: list[str | Stretch] = []
    number = 0
    for part in parts:
        if isinstance(part, str):
            placed.append(part)
            continue
        if together:
            placed.append(_placed(part, 0, 1, share=(number, len(inner))))
        else:
            text = inner[number]
            pieces, joints = ([text], ()) if len(text) <= limit else _sentences(text, limit, markup)
            placed.append(_placed(part, len(lines), len(pieces), joints=joints))
            lines.extend(pieces)
        number += 1
    return lines, placed


def _placed(
    part: Stretch, first: int, count: int, *, share: tuple[int, int] = (0, 1), joints: tuple[str, ...] = ()
) -> Stretch:
    if count == 1 and first == 0 and share[1] == 1 and not joints:
        return part
    return Stretch(
        first, count, part.before, part.after, share, part.codes, part.standins, part.spelled, joints, part.runs
    )  # written out, as dataclasses.replace is slow and this is done for every line


def _sentences(text: str, limit: int, markup: MarkupSyntax) -> tuple[list[str], tuple[str, ...]]:
    """A long text in parts of whole sentences, each at most `limit` characters where its sentences are, and what
    white space stood between them. A sentence of more than twice the limit is torn.
    """
    groups: list[str] = []
    sentences = split_sentences(text, markup)
    if max(map(len, sentences)) > 2 * limit:
        sentences = [
            part for each in sentences for part in (cut(each, limit, markup) if len(each) > 2 * limit else [each])
        ]
    for sentence in sentences:
        if groups and (len(groups[-1]) + len(sentence) <= limit or not sentence.strip() or not groups[-1].strip()):
            groups[-1] += sentence
        else:
            groups.append(sentence)
    trimmed = [group.strip() for group in groups]
    joints = tuple(
        above[len(above.rstrip()) :] + below[: len(below) - len(below.lstrip())] for above, below in pairwise(groups)
    )
    return trimmed, joints


def _say(template: str, speaker: str, text: str) -> tuple[str, str]:
    """A line with its speaker: in the text's own quotation marks where it stands in some, else in the template's."""
    if _QUOTES.get(text[0]) == text[-1] and text.count(text[0]) == 1:
        return speaker + text, "own"
    return template.replace("{text}", "\0").replace("{speaker}", speaker).replace("\0", text), "added"
