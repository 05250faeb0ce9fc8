"""What stands around a text and never reaches the model: white space and codes at its ends."""

import regex

from translator.core.markup import Fate, MarkupSyntax, Piece

# A code that stands for a word of the sentence (a variable, a name) stays where it is, also at an edge.
_WORD_CODE = regex.compile(r"%|\\[NPV]\[", regex.IGNORECASE)
# What is felt where it is met: waits, pauses, sounds, what ends a line or a page.
_BEAT = regex.compile(
    r"\\[.|!^$]|\\(?:se|me|bgm|bgs|w|wait|wa|pause|sound)(?![A-Za-z])"
    r"|[\[{](?:w|wait|p|nw|l|r|cm|er|wt|pause|se|playse|playbgm|sound)(?=[\s=:\]}])",
    regex.IGNORECASE,
)
_NAME = regex.compile(r"[^\d\[\](){}<>=\s]*[\[({<]?[^\d\[\](){}<>=\s]*")
# RPG Maker's one step bigger and one step smaller; all at once and letter by letter again.
TWINS = {"\\{": "\\{", "\\}": "\\{", "\\>": "\\>", "\\<": "\\>"}


def pieces_of(text: str, markup: MarkupSyntax) -> list[Piece]:
    """The pieces of a text but those that are dropped."""
    if not markup.may_have_codes(text):
        return [Piece(text)] if text else []
    return [p for p in markup.tokenize(text) if p.rule is None or p.rule.fate is not Fate.DROP]


def take_off(pieces: list[Piece]) -> tuple[str, list[Piece], str]:
    """Take off white space and codes at both ends, but a code whose partner is not taken off too."""
    if len(pieces) == 1 and pieces[0].rule is None:
        text = pieces[0].text
        core = text.strip()
        if core == text:
            return "", pieces, ""
        at = text.find(core)
        return text[:at], [Piece(core)] if core else [], text[at + len(core) :]
    start, stop = 0, len(pieces)
    while start < stop and _removable(pieces[start]):
        start += 1
    while stop > start and _removable(pieces[stop - 1]):
        stop -= 1
    if start or stop < len(pieces):
        start, stop = _widened(pieces, start, stop)
    before = "".join(p.text for p in pieces[:start])
    after = "".join(p.text for p in pieces[stop:])
    core = pieces[start:stop]
    if core and core[0].rule is None:
        text = core[0].text.lstrip()
        before += core[0].text[: len(core[0].text) - len(text)]
        core[0] = Piece(text)
    if core and core[-1].rule is None:
        text = core[-1].text.rstrip()
        after = core[-1].text[len(text) :] + after
        core[-1] = Piece(text)
    return before, core, after


def chunks(pieces: list[Piece]) -> list[list[Piece]]:
    """The runs between codes, and each such code on its own; codes that stand for a word stay in their run."""
    found: list[list[Piece]] = []
    run: list[Piece] = []
    for piece in pieces:
        if piece.rule is not None and _removable(piece):
            found += [run, [piece]]
            run = []
        else:
            run.append(piece)
    return [chunk for chunk in (*found, run) if chunk]


def _removable(piece: Piece) -> bool:
    if piece.rule is None:
        return not piece.text.strip()
    return piece.rule.cells == 0 and not stands_for_word(piece)


def stands_for_word(code: Piece) -> bool:
    """Whether a code is a word of its sentence: a variable, a name."""
    return _WORD_CODE.match(code.text) is not None


def is_beat(code: Piece) -> bool:
    """Whether a code is a wait, a pause, a sound: these are met in the order in which they are read."""
    return _BEAT.match(code.text) is not None


def _widened(pieces: list[Piece], start: int, stop: int) -> tuple[int, int]:
    """`start` and `stop` moved outward until no pair is torn: what one move lets in may have a partner outside."""
    while True:
        moved = _keep_kin(pieces, *_keep_couples(pieces, start, stop))
        if moved == (start, stop):
            return moved
        start, stop = moved


def _keep_couples(pieces: list[Piece], start: int, stop: int) -> tuple[int, int]:
    """`start` and `stop` moved outward until no code is taken off whose partner stays inside."""
    couples: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        fate = piece.rule.fate if piece.rule else None
        if fate is Fate.OPEN:
            opened.append(index)
        elif fate is Fate.CLOSE and opened:
            couples.append((opened.pop(), index))
    moved = True
    while moved:
        moved = False
        for opening, closing in couples:
            if opening < start <= closing < stop:
                start, moved = opening, True
            elif start <= opening < stop <= closing:
                stop, moved = closing + 1, True
    return start, stop


def _keep_kin(pieces: list[Piece], start: int, stop: int) -> tuple[int, int]:
    r"""`start` and `stop` moved outward until no code is taken off of which another form stays inside: the colour
    that `\C[2]` begins ends with `\C[0]`, and with one of them alone the other makes no sense.
    """
    inside = {kin(p) for p in pieces[start:stop] if p.rule is not None}
    if not inside:
        return start, stop
    for index, piece in enumerate(pieces[:start]):
        if piece.rule is not None and kin(piece) in inside:
            start = index
            break
    for index in range(len(pieces) - 1, stop - 1, -1):
        if pieces[index].rule is not None and kin(pieces[index]) in inside:
            stop = index + 1
            break
    return start, stop


def name(code: Piece) -> str:
    """A code without its arguments."""
    match = _NAME.match(code.text)
    return match.group().lower() if match else code.text


def kin(code: Piece) -> str:
    r"""What a code shares with those that end what it begins: `\{` and `\}`, `<b>` and `</b>`, `\C[2]` and `\C[0]`."""
    if code.text in TWINS:
        return TWINS[code.text]
    found = name(code)
    return found[0] + found[2:] if found[1:2] == "/" else found
