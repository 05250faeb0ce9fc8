"""The lines of a text whose translation has others, or has them elsewhere."""

from collections.abc import Hashable, Iterator, Sequence

from translator.core.finding import Severity
from translator.core.numerals import in_digits, values
from translator.engine.checks import Case, Check, Flaw
from translator.glossary.adherence import Text

_CERTAIN = 2
"""So many things that stand by as many lines too far, and none in its place, show that lines have shifted."""
_GOES_ON = tuple("はがをにでとものへやてばし、，,;；")
_ENDS = tuple("。！？.!?…」』”")


def look(case: Case) -> Iterator[Flaw]:
    """Flag a target that has not a line for each line of its source (where a break is layout only: each paragraph), an
    empty line for one with text, and lines that have shifted.

    Shifted is what shows by numbers, codes and terms of the glossary: two at least are as many lines too far and none
    is in its place. It is an error where the lines are whole sentences, nothing where they are parts of one, else a
    warning; so is one thing that is in another line, where both are whole sentences.
    """
    if "\n" not in case.unit.source and "\n" not in case.target:
        return
    lines, answers = case.paragraphs(), case.target.split("\n")
    if len(lines) != len(answers):
        yield Flaw(f"{len(answers)} lines where the source has {len(lines)}")
        return
    plain = case.markup.plain if case.markup.rules else str
    for number, (line, answer) in enumerate(zip(lines, answers, strict=True), 1):
        if plain(line).strip() and not plain(answer).strip():
            yield Flaw(f"line {number} is empty")
            return
    if len(lines) > 1:
        yield from _shifted(case, lines, answers)


def _shifted(case: Case, lines: Sequence[str], answers: Sequence[str]) -> Iterator[Flaw]:
    moves = _moves(case, lines, answers)
    plain = case.markup.plain if case.markup.rules else str
    offsets = {place - number for number, place in moves}
    if len(offsets) == 1 and 0 not in offsets and len({number for number, _ in moves}) >= _CERTAIN:
        touched = [plain(lines[line]) for line in {line for move in moves for line in move}]
        # Parts of one sentence stand in whatever order the language asks for.
        if not any(map(_goes_on, touched)):
            severity = None if all(map(_whole, touched)) else Severity.WARNING
            yield Flaw(f"its lines have shifted by {abs(offsets.pop())}", severity=severity)
        return
    for number, place in moves:
        if number != place and _whole(plain(lines[number])) and _whole(plain(lines[place])):
            message = f"what line {number + 1} of the source says is in line {place + 1}"
            yield Flaw(message, severity=Severity.WARNING)
            return


def _moves(case: Case, lines: Sequence[str], answers: Sequence[str]) -> list[tuple[int, int]]:
    """The lines of what is found in one line of the source and of the target: where it was and where it is."""
    here = [_anchors(case, line) for line in lines]
    if not any(here):
        return []
    plain = case.markup.plain if case.markup.rules else str
    there = [_found(case, plain(answer), answer) for answer in answers]
    moves: list[tuple[int, int]] = []
    for number, anchors in enumerate(here):
        for anchor in anchors:
            if sum(anchor in others for others in here) > 1:
                continue
            places = [place for place, found in enumerate(there) if _has(case, found, anchor)]
            if number in places:
                moves.append((number, number))
            elif len(places) == 1:
                moves.append((number, places[0]))
    return moves


def _anchors(case: Case, line: str) -> set[Hashable]:
    """What is certain to be found again in the line's translation."""
    markup = case.markup
    plain = markup.plain(line) if markup.rules else line
    numbers: set[Hashable] = {number.value for number in in_digits(plain) if number.value is not None}
    codes: set[Hashable] = set(markup.codes(line)) if markup.rules else set()
    terms: set[Hashable] = {entry for entry in case.unit.glossary if entry.src in plain}
    return numbers | codes | terms


def _found(case: Case, plain: str, answer: str) -> tuple[Text, frozenset[Hashable]]:
    codes = case.markup.codes(answer) if case.markup.rules else []
    return Text(plain, case.desk.target.code), frozenset((*values(plain), *codes))


def _has(case: Case, found: tuple[Text, frozenset[Hashable]], anchor: Hashable) -> bool:
    text, certain = found
    return anchor in certain or any(entry is anchor and text.follows(entry) for entry in case.unit.glossary)


def _whole(line: str) -> bool:
    return line.rstrip().endswith(_ENDS)


def _goes_on(line: str) -> bool:
    """Whether a line is certain to be no more than a part of a sentence."""
    return line.rstrip().endswith(_GOES_ON)


CHECK = Check(
    "lines",
    Severity.ERROR,
    look,
    "more or fewer lines than the source has (where its breaks are layout: paragraphs), an empty line for one with "
    "text, lines that have shifted; a warning where one number, code or term stands in another line",
)
