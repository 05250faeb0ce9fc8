"""From a text to what the model sees of it, and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import cast

import regex

from translator.core.finding import Finding, Severity
from translator.core.languages import Language
from translator.core.layout import split_paragraphs
from translator.core.markup import MarkupSyntax, Piece
from translator.core.scripts import has_script
from translator.core.sentences import split_sentences
from translator.core.work import Unit
from translator.engine import codes
from translator.engine.desk import Desk
from translator.engine.edges import chunks, pieces_of, take_off
from translator.engine.words import is_word
from translator.profiles.profile import CodeStyle

__all__ = ["Prepared", "Restored", "Stretch", "is_word", "prepare", "restore", "shown", "translatable"]

_LETTER = regex.compile(r"\p{L}")
_WIDE_DIGIT = regex.compile("[０-９]")
_NUMBER = regex.compile("[0-9０-９]+")
_DIGITS = regex.compile("[0-9]+")
_TO_HALF = str.maketrans("０１２３４５６７８９", "0123456789")
_STANDIN = "⟦{}⟧"
_STANDINS = regex.compile(r"[⟦〚\[［【]{1,2}\s*([0-9０-９]+)\s*[⟧〛\]］】]{1,2}")
_UNSPACED = frozenset({"ja", "zh-CN", "zh-TW", "th"})
_HAN_WRITING = frozenset({"ja", "zh-CN", "zh-TW"})
# A line with its speaker: what is before the first opening bracket (the name), the bracket, what is said, the other.
_SPOKEN = regex.compile(r"([^「『“\"]{0,60}?)([「『“\"])(.*)([」』”\"])", regex.DOTALL)
_QUOTES = {"「": "」", "『": "』", "“": "”", "（": "）"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A paragraph that the model sees, as `count` lines from its `first` on, and what was taken off around it.

    share: (k, n): it is the k-th of n parts of one line whose line breaks are spelled out; (0, 1): lines of its own.
    codes: those inside it. standins: (stand-in, code) in order. spelled: digits as they were sent and as they were.
    joints: what stood between the lines that it was split into. spoken: how its speaker was put before it.
    """

    first: int
    count: int
    before: str
    after: str
    share: tuple[int, int] = (0, 1)
    codes: tuple[Piece, ...] = ()
    standins: tuple[tuple[str, str], ...] = ()
    spelled: tuple[tuple[str, str], ...] = ()
    joints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A unit as the model sees it. lines: never empty ones, never with a line feed.

    parts: how they go back: verbatim text, and stretches. spoken: for each line, whether a speaker stands in it:
    "" no, "added" with brackets of the profile's template, "own" with the text's own brackets.
    """

    unit: Unit
    lines: tuple[str, ...]
    parts: tuple[str | Stretch, ...]
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A unit's translation, markup and line breaks back in place, and what is wrong with it."""

    target: str
    findings: tuple[Finding, ...] = ()


def translatable(source: str, markup: MarkupSyntax, language: Language | None) -> bool:
    """Whether there is something to translate outside the markup: letters of the language's scripts.

    Any letter counts for a language of the Latin script and for None (the language is not known).
    """
    return _has_letters(markup.plain(source) if markup.rules else source, language)


def _has_letters(plain: str, language: Language | None) -> bool:
    if language is None or not language.scripts or "latin" in language.scripts:
        return _LETTER.search(plain) is not None
    return has_script(plain, language.scripts)


def shown(text: str, markup: MarkupSyntax) -> str:
    """A text as a model sees it as context: its lines without codes and white space at their ends, no empty ones."""
    lines = ("".join(p.text for p in take_off(pieces_of(line, markup))[1]) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def prepare(unit: Unit, desk: Desk) -> Prepared:
    """What the model sees of a unit; no lines at all where there is nothing to translate."""
    markup = desk.markup(unit.format)
    text = markup.normalise(unit.source) if markup.rewrites else unit.source
    paragraphs = split_paragraphs(text, unit.limits, markup) if "\n" in text else [text]
    parts: list[str | Stretch] = []
    inner: list[str] = []
    apart = desk.profile.codes is CodeStyle.APART
    spaced = desk.target.code not in _UNSPACED
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
    return Prepared(unit, tuple(lines), tuple(parts))


def _stretch(before: str, core: list[Piece], after: str, desk: Desk) -> tuple[Stretch, str]:
    """One paragraph: what is taken off, and the text that is sent."""
    inner = tuple(p for p in core if p.rule is not None)
    spelled: list[tuple[str, str]] = []
    standins: list[tuple[str, str]] = []
    digits = desk.profile.normalise.digits and any(p.rule is None and _WIDE_DIGIT.search(p.text) for p in core)
    as_standins = desk.profile.codes is CodeStyle.STANDIN
    if not inner and not digits:
        return Stretch(0, 1, before, after), "".join(p.text for p in core)
    out: list[str] = []
    for piece in core:
        text = piece.text
        if piece.rule is not None:
            if as_standins:
                standins.append((_STANDIN.format(len(standins) + 1), text))
                text = standins[-1][0]
        elif digits:
            text = _half_width(text, spelled)
        out.append(text)
    stretch = Stretch(0, 1, before, after, codes=inner, standins=tuple(standins), spelled=tuple(spelled))
    return stretch, "".join(out)


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
    limit = desk.profile.budget.line_characters
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
    return Stretch(
        first, count, part.before, part.after, share, part.codes, part.standins, part.spelled, joints
    )  # written out, as dataclasses.replace is slow and this is done for every line


def _sentences(text: str, limit: int, markup: MarkupSyntax) -> tuple[list[str], tuple[str, ...]]:
    """A long text in parts of whole sentences, each at most `limit` characters where its sentences are, and what
    white space stood between them.
    """
    groups: list[str] = []
    for sentence in split_sentences(text, markup):
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


def restore(prepared: Prepared, lines: Sequence[str], desk: Desk) -> Restored:
    """The translation of a unit from the model's lines for it, as many as `prepared.lines` (else ValueError).

    Findings, all ERROR: `empty` (a line without text), `markup` (codes lost, added, out of order), `speaker` (what
    is said cannot be told from who says it), `lines` (spelled-out line breaks lost or added).
    """
    if len(lines) != len(prepared.lines):
        raise ValueError(f"{len(lines)} lines for a text of {len(prepared.lines)}")
    findings: list[Finding] = []
    if prepared.spoken:
        lines = [_unsaid(line, how, findings) for line, how in zip(lines, prepared.spoken, strict=True)]
    markup = desk.markup(prepared.unit.format)
    convert = _converter(desk.profile.languages.conversion(desk.target.code))
    target: list[str] = []
    for part in prepared.parts:
        if isinstance(part, str):
            target.append(part)
            continue
        text = _of_stretch(part, lines, desk, findings)
        if not text.strip():
            findings.append(Finding("empty", Severity.ERROR, "the answer for a line is empty"))
        target += (part.before, _put_back(text, part, markup, convert, desk, findings), part.after)
    return Restored("".join(target), tuple(findings))


def _unsaid(line: str, how: str, findings: list[Finding]) -> str:
    """What is said in a line that has its speaker before it."""
    match = _SPOKEN.fullmatch(line.strip())
    if match is None:
        findings.append(Finding("speaker", Severity.ERROR, f"no quotation marks after the speaker in {line!r}"))
        return line
    return match[3] if how == "added" else f"{match[2]}{match[3]}{match[4]}"


def _of_stretch(part: Stretch, lines: Sequence[str], desk: Desk, findings: list[Finding]) -> str:
    """The model's text for one paragraph."""
    number, shares = part.share
    if shares > 1:
        shared = lines[part.first].split(desk.profile.templates.newline)
        if len(shared) != shares:
            if number == 0:
                message = f"{len(shared)} lines in a message that has {shares}"
                findings.append(Finding("lines", Severity.ERROR, message))
            return lines[part.first] if number == 0 else " "
        return shared[number].strip()
    if part.count == 1:
        return lines[part.first].strip()
    spaced = desk.target.code not in _UNSPACED
    text = lines[part.first].strip()
    for joint, line in zip(part.joints, lines[part.first + 1 : part.first + part.count], strict=True):
        text += (joint or " " if spaced else joint.replace(" ", "")) + line.strip()
    return text


def _put_back(
    text: str,
    part: Stretch,
    markup: MarkupSyntax,
    convert: Callable[[str], str] | None,
    desk: Desk,
    findings: list[Finding],
) -> str:
    """A paragraph with its codes, digits and script as they are in the output."""
    if part.standins:
        text = _codes_back(text, dict(part.standins))
    if markup.rules:
        found = codes.kept(text, markup)
        wrong = codes.flaw(part.codes, found)
        if wrong is not None:
            text = codes.mend(text, part.codes, markup)
            wrong = codes.flaw(part.codes, codes.kept(text, markup))
        if wrong is not None:
            findings.append(Finding("markup", Severity.ERROR, wrong))
    if convert is not None:
        text = _outside_codes(text, markup, convert)
    if part.spelled and desk.target.code in _HAN_WRITING:
        text = _outside_codes(text, markup, _respeller(part.spelled))
    return text


def _codes_back(text: str, standins: dict[str, str]) -> str:
    return _STANDINS.sub(lambda m: standins.get(_STANDIN.format(m[1].translate(_TO_HALF)), m.group()), text)


def _outside_codes(text: str, markup: MarkupSyntax, change: Callable[[str], str]) -> str:
    if not markup.rules:
        return change(text)
    return "".join(p.text if codes.is_kept(p) else change(p.text) for p in markup.tokenize(text))


def _respeller(spelled: tuple[tuple[str, str], ...]) -> Callable[[str], str]:
    """Gives numbers the width that they have in the source, where they have only one there."""
    widths: dict[str, set[str]] = {}
    for sent, was in spelled:
        widths.setdefault(sent, set()).add(was)
    certain = {sent: was.copy().pop() for sent, was in widths.items() if len(was) == 1}
    return lambda text: _DIGITS.sub(lambda m: certain.get(m.group(), m.group()), text)


@cache
def _converter(configuration: str | None) -> Callable[[str], str] | None:
    if configuration is None:
        return None
    from opencc import OpenCC  # noqa: PLC0415  (loads dictionaries; only conversions need it)

    found = OpenCC(configuration).convert  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  opencc has no types
    return cast("Callable[[str], str]", found)
