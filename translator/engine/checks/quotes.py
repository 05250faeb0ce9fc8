"""Quotation marks and brackets that do not match, or that a line has lost."""

from collections.abc import Iterator

import regex

from translator.core.finding import Severity
from translator.engine.checks import Case, Check, Flaw

_ANY = regex.compile('[「」『』｢｣“”„‟«»‹›"（）()［］\\[\\]｛｝{}【】〔〕《》〈〉≪≫〝〞〟]')
_QUOTES = {"「": "」", "『": "』", "｢": "｣", "“": "”", "„": "“”", "«": "»", "‹": "›", "≪": "≫", "〝": "〟〞"}
_BRACKETS = {
    "（": "）)", "(": "）)", "［": "］]", "[": "］]", "｛": "｝}", "{": "｝}",
    "【": "】", "〔": "〕", "《": "》", "〈": "〉",
}  # fmt: skip
_CLOSING = {sign for closing in (*_QUOTES.values(), *_BRACKETS.values()) for sign in closing}
_OPENING = frozenset((*_QUOTES, *_BRACKETS))
_STRAIGHT = '"'
# A face or a list (:) ;-( 1) a) ｡ﾟ), whose bracket closes and opens nothing.
_NOT_A_BRACKET = regex.compile(
    r"[:;=8xX][-'^o]?[()\[\]{}]+|(?m:^\s*|[\s、，,])[\p{N}a-zA-Z]{1,2}[)）]|\d\s?\"|<3+|[><]\("
)
_FACE = regex.compile(r"[(（][^\p{L}\p{N}()（）]*[^\p{Han}\p{Hiragana}()（）]{1,12}[)）]")

# Where a line of speech may begin with a dash instead of a quotation mark.
_DASHED = frozenset({"fr", "es", "pt", "it", "pl", "ru", "uk", "tr"})
_DASHES = ("—", "–", "-", "―")
_EDGE_OPENING = frozenset("「『｢“”„«»‹\"'‘（([［【《〈≪〝*＊—―")
_EDGE_CLOSING = frozenset("」』｣”“»«›\"'’）)]］】》〉≫〟〞*＊—―")
_SPEECH = {"「": "」", "『": "』", "“": "”", "（": "）", "«": "»", "„": "“", '"': '"', "‘": "’"}
# Where quotation marks may point inward, the first of them tells.
_INWARD = frozenset({"de"})
_OUTWARD = str.maketrans("»«›‹", "«»‹›")
_FIRST_POINTED = regex.compile("[»«›‹]")
# A single mark that is no apostrophe: before a word, after one.
_SINGLE_OPENING = regex.compile(r"(?<!\p{L})['‘](?=\S)")
_SINGLE_CLOSING = regex.compile(r"(?<=\S)['’](?!\p{L})")
_SINGLE = frozenset("'‘’")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
_LAUGH = 2
"""So many letters in brackets may be no thought but a sign of laughter or the like: （笑）."""


def look(case: Case) -> Iterator[Flaw]:
    """Flag quotation marks, or brackets, that match in the source and not in the target; and a text in quotation marks
    whose translation has none at either end.

    One kind of quotation mark may become another. Not flagged: a source whose own do not match (speech that goes on in
    another message), faces and lists, a dash before speech where the language has it so.
    """
    source, target = case.before, case.masked
    if _ANY.search(target) is not None:
        wrong = _unmatched(_outward(target, case.desk.target.code))
        if wrong is not None and _unmatched(source) is None:
            _, place = wrong
            yield Flaw(f"{target[place]} has no partner", (place, place + 1))
            return
    text = source.strip()
    if len(text) > 1 and text[0] + text[-1] == "＜＞" and target.count("＜") != target.count("＞"):
        yield Flaw("＜ or ＞ has no partner")
    elif len(text) > 1 and _SPEECH.get(text[0]) == text[-1] and _is_speech(text):
        if not _is_quoted(case):
            yield Flaw(f"the source stands in {text[0]}{text[-1]}, the translation in nothing")
        elif _is_half_quoted(case.after.strip()):
            yield Flaw(f"the source stands in {text[0]}{text[-1]}, only one end of the translation does")


def _outward(text: str, code: str) -> str:
    """`text` with the quotation marks »…« as «…»."""
    if code not in _INWARD:
        return text
    first = _FIRST_POINTED.search(text)
    return text.translate(_OUTWARD) if first is not None and first.group() in "»›" else text


def _is_speech(text: str) -> bool:
    """Whether a text stands in quotation marks with all of its letters (「A」B「C」 does not), and has some."""
    opening, closing = text[0], text[-1]
    depth, letters = 0, 0
    for sign in text:
        if sign == closing and depth:
            depth -= 1
        elif sign == opening:
            depth += 1
        elif _LETTER.match(sign):
            if not depth:
                return False
            letters += 1
    return letters > (_LAUGH if opening == "（" else 0)


def _is_half_quoted(text: str) -> bool:
    """Whether a single quotation mark at one end of a text has no partner anywhere."""
    if not _SINGLE.intersection((text[:1], text[-1:])) or text.startswith("``"):
        return False
    return (text[0] in _SINGLE and _SINGLE_CLOSING.search(text, 1) is None) or (
        text[-1] in _SINGLE and _SINGLE_OPENING.search(text, 0, len(text) - 1) is None
    )


def _unmatched(text: str) -> tuple[str, int] | None:
    """The first sign without its partner and its place; None: all match."""
    if _ANY.search(text) is None:
        return None
    text = _without_faces(text)
    opened: list[tuple[str, int]] = []
    straight: int | None = None
    for match in _ANY.finditer(text):
        sign, place = match.group(), match.start()
        if sign == _STRAIGHT:
            if opened and opened[-1][0] in _QUOTES:
                opened.pop()  # it ends what “ began
            else:
                straight = place if straight is None else None
        elif opened and sign in _closes(opened[-1][0]):
            opened.pop()
        elif sign in _OPENING:
            opened.append((sign, place))
        elif sign in "”“" and straight is not None:
            straight = None
        elif sign in _CLOSING:
            return sign, place
    if opened:
        return opened[0]
    return None if straight is None else (_STRAIGHT, straight)


def _without_faces(text: str) -> str:
    """The text with spaces in place of what has brackets that pair with nothing."""
    for pattern in (_NOT_A_BRACKET, _FACE):
        text = pattern.sub(lambda m: " " * len(m.group()), text)
    return text


def _closes(opening: str) -> str:
    return _QUOTES.get(opening) or _BRACKETS[opening]


def _is_quoted(case: Case) -> bool:
    text = case.after.strip()
    if not text or text[0] in _EDGE_OPENING or text[-1] in _EDGE_CLOSING:
        return True
    if case.desk.target.code in _DASHED and text.startswith(_DASHES):
        return True
    return text[-1] in ".,!?。！？…" and text[-2:-1] in _EDGE_CLOSING


CHECK = Check(
    "quotes",
    Severity.WARNING,
    look,
    "quotation marks or brackets that match in the source and not in the translation, or that are gone from both ends "
    "of a text that stood in them; one kind may become another",
)
