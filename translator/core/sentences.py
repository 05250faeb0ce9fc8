"""Splitting a paragraph at the ends of its sentences, for texts that are too long for one request."""

from collections.abc import Iterator

import regex

from translator.core.markup import Fate, MarkupSyntax

_OPENING = "「『（〈《【〔〝“"
_CLOSING = "」』）〉》】〕〟”"
_AFTER = rf"[{_CLOSING}\"')\]’]"
# The end of a sentence: its marks, the brackets that close after it, and the white space up to the next one. A Latin
# full stop ends one only before white space and a letter that can start a sentence, so not in `3.14` or `e.g. this`,
# and not after the usual short forms. Speech that the sentence goes on after (「…！」と) does not end it.
_SHORT = r"(?<!\b(?:Mr|Mrs|Ms|Dr|St|Prof|No|Vol|vs|[A-Z]))"
_ENDS = r"(?![とっ、，,]|\s*\p{Ll})"
_END = regex.compile(
    rf"[。！？‼⁇⁈⁉!?．][。！？‼⁇⁈⁉!?．…‥]*(?:{_AFTER}+{_ENDS}|(?!{_AFTER}|\s+\p{{Ll}}))\s*"
    rf"|{_SHORT}\.+{_AFTER}*(?=\s+[\"'“‘(\[]?[\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}])\s*"
    r"|[…‥](?=\s)\s*"
    rf"|(?<=[」』])(?=[{_OPENING}])"
    r"|\n+"
)
_PAUSE = regex.compile(r"[、，,；;：:…‥―—]+\s*|\s+")
_BRACKETS = regex.compile(rf"[{_OPENING}{_CLOSING}]")


def split_sentences(text: str, markup: MarkupSyntax) -> list[str]:
    """The sentences of `text`; joined they are `text` again, and none is empty.

    Speech in brackets stays in one piece with what encloses it, and no split falls into a markup code or between the
    codes of a pair. A text without any sentence end is one sentence.
    """
    ends = _safe_ends(text, markup)
    pieces: list[str] = []
    start = 0
    for end in ends:
        if start < end < len(text):
            pieces.append(text[start:end])
            start = end
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def cut(text: str, limit: int, markup: MarkupSyntax) -> list[str]:
    """`text` in pieces of at most `limit` characters; joined they are `text` again.

    For a text that no sentence end parts. It is cut after a comma or white space of the piece's second half where
    there is one, and never inside of a markup code, even if a piece gets longer by that.
    """
    if len(text) <= limit:
        return [text]
    inside = _depths(text, markup)[1]
    pieces: list[str] = []
    start = 0
    while len(text) - start > limit:
        commas = [m.end() for m in _PAUSE.finditer(text, start + limit // 2, start + limit) if not inside[m.start()]]
        end = commas[-1] if commas else start + limit
        while end < len(text) and inside[end - 1] and inside[end]:
            end += 1
        pieces.append(text[start:end])
        start = end
    return [*pieces, text[start:]] if start < len(text) else pieces


def _safe_ends(text: str, markup: MarkupSyntax) -> Iterator[int]:
    """The offsets after sentence ends that stand outside of brackets, codes and pairs of codes."""
    inside, codes = _depths(text, markup)
    for match in _END.finditer(text):
        at = match.end()
        if at < len(text) and inside[at] == 0 and not codes[match.start()]:
            yield at


def _depths(text: str, markup: MarkupSyntax) -> tuple[list[int], list[bool]]:
    """For each offset how many brackets, pairs of codes and codes are open there (0: the text may be split).

    The second list says which characters belong to codes.

    A closing bracket with no opening one counts for nothing; one that is never closed is taken as closed at once,
    so that a misprint does not keep a page in one piece.
    """
    steps = [0] * (len(text) + 1)
    codes = [False] * len(text)
    position = 0
    waiting: list[int] = []
    brackets: list[int] = []
    for piece in markup.tokenize(text):
        end = position + len(piece.text)
        if piece.rule is None:
            _match_brackets(piece.text, position, brackets, steps)
        else:
            _cover(steps, position + 1, end)
            codes[position:end] = [True] * len(piece.text)
            if piece.rule.fate is Fate.OPEN:
                waiting.append(position)
            elif piece.rule.fate is Fate.CLOSE and waiting:
                _cover(steps, waiting.pop() + 1, end)
            elif piece.rule.fate in (Fate.DROP, Fate.CLOSE):
                _cover(steps, position, end)  # a reading belongs to what stands before it
        position = end
    depths, depth = list[int](), 0
    for step in steps:
        depth += step
        depths.append(depth)
    return depths, codes


def _match_brackets(text: str, position: int, opened: list[int], steps: list[int]) -> None:
    for match in _BRACKETS.finditer(text):
        if match.group() in _OPENING:
            opened.append(position + match.start())
        elif opened:
            _cover(steps, opened.pop() + 1, position + match.end())


def _cover(steps: list[int], start: int, end: int) -> None:
    """Forbid the offsets from `start` up to, not including, `end`."""
    if start < end:
        steps[start] += 1
        steps[end] -= 1
