"""From the model's lines for a text to its translation, with all that was set aside put back."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import repeat

import regex

from translator.core.finding import Finding, Severity
from translator.core.markup import MarkupSyntax
from translator.core.work import Unit
from translator.engine import codes
from translator.engine.desk import Desk
from translator.engine.prepared import UNSPACED, Prepared, Restored, Stretch
from translator.engine.runs import lengthened
from translator.engine.words import unwrapped
from translator.glossary.hanzi import converter

MARKUP = "markup"

_TO_HALF = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = regex.compile("[0-9]+")
_HAN_WRITING = frozenset({"ja", "zh-CN", "zh-TW"})
# A line with its speaker: what is before the first opening bracket (the name), the bracket, what is said, the other.
_SPOKEN = regex.compile(r"([^「『“\"]{0,60}?)([「『“\"])(.*)([」』”\"])", regex.DOTALL)


def restore(prepared: Prepared, lines: Sequence[str], desk: Desk) -> Restored:
    """The translation of a unit from the model's lines for it, as many as `prepared.lines` (else ValueError).

    Findings, all ERROR: `empty` (a line without text), `markup` (codes lost, added, out of order, around nothing),
    `speaker` (what is said cannot be told from who says it), `lines` (spelled-out line breaks lost or added).
    """
    if len(lines) != len(prepared.lines):
        raise ValueError(f"{len(lines)} lines for a text of {len(prepared.lines)}")
    findings: list[Finding] = []
    if prepared.spoken:
        lines = [_unwrapped(line, how, desk, findings) for line, how in zip(lines, prepared.spoken, strict=True)]
    markup = desk.markup(prepared.unit.format)
    conversion = desk.profile.languages.conversion(desk.target.code)
    convert = None if conversion is None else converter(conversion)
    # Whether anything with the look of a stand-in can only be one that the model has made up.
    strange = desk.profile.codes.standins and not codes.standins_as(desk.profile.standin).search(prepared.unit.source)
    target: list[str] = []
    for part in prepared.parts:
        if isinstance(part, str):
            target.append(part)
            continue
        text = _of_stretch(part, lines, desk, findings)
        if not text.strip():
            findings.append(Finding("empty", Severity.ERROR, "the answer for a line is empty"))
        if part.standins or strange:
            text = _codes_back(text, part.standins, desk.profile.standin, findings)
        target += (part.before, _put_back(text, part, prepared.unit, convert, desk, findings), part.after)
    made = "".join(target)
    if any(isinstance(part, Stretch) and part.codes for part in prepared.parts) and not _wrong_codes(findings):
        # What paragraphs on their own cannot show.
        wrong = codes.wrong(markup.normalise(prepared.unit.source), made, markup)
        if wrong is not None:
            findings.append(Finding(MARKUP, Severity.ERROR, wrong))
    return Restored(made, tuple(findings))


def rescued(restored: Restored, prepared: Prepared, desk: Desk) -> Restored:
    """The last resort for a unit that would be given up for its codes: they are put back by rule (`codes.put_back`).

    Its `markup` errors become one WARNING; all other findings stay, so a caller sees whether anything else is wrong.
    What has no `markup` error comes back as it is.
    """
    wrong = _wrong_codes(restored.findings)
    if not wrong:
        return restored
    unit = prepared.unit
    target = codes.put_back(restored.target, unit.source, desk.markup(unit.format))
    message = f"put back by rule: {'; '.join(dict.fromkeys(f.message for f in wrong))}"
    others = tuple(f for f in restored.findings if f not in wrong)
    return Restored(target, (*others, Finding(MARKUP, Severity.WARNING, message)))


def _wrong_codes(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.code == MARKUP and f.severity is Severity.ERROR]


def _unwrapped(line: str, how: str, desk: Desk, findings: list[Finding]) -> str:
    """A line's own text, without what was put around it."""
    if how == "word":
        return unwrapped(line, desk, findings)
    return _unsaid(line, how, findings) if how else line


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
    spaced = desk.target.code not in UNSPACED
    text = lines[part.first].strip()
    for joint, line in zip(part.joints, lines[part.first + 1 : part.first + part.count], strict=True):
        text += (joint or " " if spaced else joint.replace(" ", "")) + line.strip()
    return text


def _put_back(
    text: str,
    part: Stretch,
    unit: Unit,
    convert: Callable[[str], str] | None,
    desk: Desk,
    findings: list[Finding],
) -> str:
    """A paragraph with its codes, digits and script as they are in the output."""
    markup = desk.markup(unit.format)
    if markup.rules:
        found = codes.kept(text, markup)
        wrong = codes.flaw(part.codes, found)
        if wrong is not None:
            text = codes.mend(text, part.codes, markup, markup.normalise(unit.source))
            wrong = codes.flaw(part.codes, codes.kept(text, markup))
        if wrong is not None:
            findings.append(Finding(MARKUP, Severity.ERROR, wrong))
    if convert is not None:
        text = _outside_codes(text, markup, lambda texts: [convert(text) for text in texts])
    if part.spelled and desk.target.code in _HAN_WRITING:
        text = _outside_codes(text, markup, lambda texts: _respelled(texts, part.spelled))
    if part.runs:
        text = _outside_codes(text, markup, lambda texts: lengthened(texts, part.runs))
    return text


def _codes_back(text: str, standins: tuple[tuple[str, str], ...], spelling: str, findings: list[Finding]) -> str:
    """A text with the codes themselves; a stand-in that stands for none is left out, as an ERROR."""
    added: list[str] = []

    def code(match: "regex.Match[str]") -> str:
        number = int(match[1].translate(_TO_HALF))
        if 0 < number <= len(standins):
            return standins[number - 1][1]
        added.append(match.group())
        return ""

    text = codes.standins_as(spelling).sub(code, text)
    if added:
        findings.append(Finding(MARKUP, Severity.ERROR, f"markup added {', '.join(added)}"))
    return text


def _outside_codes(text: str, markup: MarkupSyntax, change: Callable[[list[str]], list[str]]) -> str:
    """`text` with what stands before, between and after its codes changed."""
    if not markup.may_have_codes(text):
        return change([text])[0]
    kept: list[str] = []
    texts = [""]
    for piece in markup.tokenize(text):
        if codes.is_kept(piece):
            kept.append(piece.text)
            texts.append("")
        else:
            texts[-1] += piece.text
    first, *rest = change(texts)
    return first + "".join(code + after for code, after in zip(kept, rest, strict=True))


def _respelled(texts: list[str], spelled: tuple[tuple[str, str], ...]) -> list[str]:
    """Give numbers the width that they have in the source: the only one, or where there are several and the answer has
    the number as often as the source, each in its turn.
    """
    widths: dict[str, list[str]] = {}
    for sent, was in spelled:
        widths.setdefault(sent, []).append(was)
    there = Counter(number for text in texts for number in _DIGITS.findall(text))
    turns = {
        sent: iter(was) if len(was) == there[sent] else repeat(was[0])
        for sent, was in widths.items()
        if len(was) == there[sent] or len(set(was)) == 1
    }
    return [_DIGITS.sub(lambda m: next(turns[m.group()]) if m.group() in turns else m.group(), text) for text in texts]
