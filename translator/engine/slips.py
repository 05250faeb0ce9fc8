"""How models misspell codes, and the codes put right where it is certain which one a slip stands for."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import regex

from translator.core.markup import Fate, MarkupSyntax

Pattern = regex.Pattern[str]

# How models spell the characters of codes: full-width, or a yen sign for the backslash (one key, one code in CP932).
_SPELLINGS: Final = {
    "\\": "\\＼¥￥",
    "[": "[［【",
    "]": "]］】",
    "<": "<＜〈",
    ">": ">＞〉",
    "{": "{｛",
    "}": "}｝",
    "(": "(（",
    ")": ")）",
    "%": "%％",
    "$": "$＄",
    "#": "#＃",
    "/": "/／",
    ".": ".．。",
    "!": "!！",
    "|": "|｜",
    "^": "^＾",
    ":": ":：",
    "=": "=＝",
    ",": ",，、",
}
_FULLWIDTH: Final = 0xFEE0
"""From an ASCII character's code to that of its full-width form."""

_NAMED: Final = regex.compile(r"\\([A-Za-z]+\d?)[\[<]([^\[\]<>]+)[\]>]")
_TAG: Final = regex.compile(r"([<\[{])(/?)([A-Za-z][\w-]*)([>\]}])")
_SYNONYMS: Final = {"b": "strong", "strong": "b", "i": "em", "em": "i"}
_STARS: Final = regex.compile(r"\*{2,3}|__")
_SLASHES: Final = r"[\\＼¥￥]"
_GAP: Final = r"[ \u3000]*"
_BREAK: Final = r"[ \u3000]*\n?[ \u3000]*"
_OPEN: Final = rf"{_SLASHES}?[\[［【〔⟦(（{{｛<＜〈]"
_CLOSE: Final = rf"{_SLASHES}?[\]］】〕⟧)）}}｝>＞〉]"
_SQUARE: Final = r"[\[［【〔⟦]", r"[\]］】〕⟧]"
_ALONE: Final = r"(?<![\p{Latin}\p{N}_])"


def forms(character: str) -> str:
    """A character and what models write in its place."""
    found = _SPELLINGS.get(character, character)
    return found + chr(ord(character) + _FULLWIDTH) if character.isascii() and character.isprintable() else found


def mend(text: str, expected: Sequence[str], markup: MarkupSyntax, own: str = "") -> str:
    r"""`text` with its codes spelled as `expected` where that is certain (`＼Ｃ［2］`, `\ C[2]`, `\\C[2]`, `/C[2]`,
    `C[2]`, `\C(2)` for `\C[2]`). own: the source.

    A code is mended only when exactly as many misspelled ones are there as are missing, no other code of the source
    looks like it, and nothing in the source's own text does.
    """
    return _respelled(text, expected, markup, own, (_tolerant, _sure), exactly=True)


def salvaged(text: str, expected: Sequence[str], markup: MarkupSyntax, own: str) -> str:
    r"""`text` with the wrecks of missing codes made whole where they stand (`\C2`, `\C[2`, `[2]`, `<strong>`, `**`):
    for the last resort only, as these are likely and not certain.
    """
    text = _respelled(text, expected, markup, own, (_tolerant, _sure, _wreck), exactly=False)
    text = _renamed(text, expected, markup, own)
    return _starred(text, expected, markup, own)


def _respelled(
    text: str,
    expected: Sequence[str],
    markup: MarkupSyntax,
    own: str,
    spellings: Sequence[Callable[[str], Pattern | None]],
    *,
    exactly: bool,
) -> str:
    missing = _missing(text, expected, markup)
    if not missing:
        return text
    language = _language(own, markup)
    for code in missing:
        for pattern in filter(None, (spelling(code) for spelling in spellings)):
            lost = _missing(text, expected, markup)
            slips = sum(m.group() != code for m in pattern.finditer(text))
            if not slips or slips > lost[code] or (exactly and slips != lost[code]):
                continue
            if pattern.search(language) or any(other != code and pattern.fullmatch(other) for other in expected):
                continue
            made = pattern.sub(lambda _, code=code: code, text)
            # No other code was a part of what stood there.
            if _missing(made, expected, markup) == lost - Counter({code: slips}):
                text = made
    return text


def _renamed(text: str, expected: Sequence[str], markup: MarkupSyntax, own: str) -> str:
    """`text` with the codes of which only the bracketed number is left, in the order of the source."""
    lost = _missing(text, expected, markup)
    numbered: dict[str, list[str]] = {}
    for code, number in _in_turn(lost, expected, _number):
        numbered.setdefault(number, []).append(code)
    language = _language(own, markup)
    for number, codes in numbered.items():
        pattern = regex.compile(
            rf"(?<![\p{{Latin}}\p{{N}}_\]]){_SLASHES}?{_SQUARE[0]}{_GAP}{_argument(number)}{_GAP}{_SLASHES}?{_SQUARE[1]}"
        )
        if (
            len(pattern.findall(text)) != len(codes)
            or pattern.search(language)
            or any(map(pattern.fullmatch, expected))
        ):
            continue
        turn = iter(codes)
        made = pattern.sub(lambda _, turn=turn: next(turn), text)
        if _missing(made, expected, markup) == lost - Counter(codes):
            text, lost = made, lost - Counter(codes)
    return text


def _starred(text: str, expected: Sequence[str], markup: MarkupSyntax, own: str) -> str:
    """`text` with tags where a model has put the stars of bold type in their place."""
    lost = _missing(text, expected, markup)
    tags = [code for code, _ in _in_turn(lost, expected, lambda code: "tag" if _TAG.fullmatch(code) else "")]
    if not tags or len(_STARS.findall(text)) != len(tags) or _STARS.search(_language(own, markup)):
        return text
    turn = iter(tags)
    made = _STARS.sub(lambda _: next(turn), text)
    return made if _missing(made, expected, markup) == lost - Counter(tags) else text


def _missing(text: str, expected: Sequence[str], markup: MarkupSyntax) -> Counter[str]:
    return Counter(expected) - Counter(markup.codes(text))


def _in_turn(lost: Counter[str], expected: Sequence[str], told: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """The lost codes of which something is told, with that, in the order of the source."""
    left = Counter(lost)
    for code in expected:
        if left[code] and (what := told(code)):
            left[code] -= 1
            yield code, what


def _language(own: str, markup: MarkupSyntax) -> str:
    """A source's text without its codes, what stands around them not joined."""
    if not own or not markup.rules:
        return own
    return "\0".join(p.text for p in markup.tokenize(own) if p.rule is None or p.rule.fate is Fate.DROP)


def _number(code: str) -> str:
    named = _NAMED.fullmatch(code)
    return named[2] if named and named[2].isdecimal() else ""


def _spelled(signs: str, between: str = _GAP) -> str:
    return between.join("[" + regex.escape(forms(sign)) + "]" for sign in signs if not sign.isspace())


def _argument(argument: str) -> str:
    return "[0０]*" + _spelled(argument.lstrip("0") or "0") if argument.isdecimal() else _spelled(argument)


@lru_cache(maxsize=4096)
def _tolerant(code: str) -> Pattern:
    """Match the ways in which models misspell a code: full-width characters, letters' case, spaces let in."""
    return regex.compile(_spelled(code), regex.IGNORECASE)


@lru_cache(maxsize=4096)
def _sure(code: str) -> Pattern | None:
    """Match what is a code beyond doubt: the backslash doubled, lost or a slash, the brackets of another kind."""
    named = _NAMED.fullmatch(code)
    if named is not None:
        name, argument = _spelled(named[1]), _argument(named[2])
        whole = rf"(?:{_SLASHES}{{1,4}}|[/／]{{1,2}}){_GAP}{name}{_BREAK}{_OPEN}{_BREAK}{argument}{_BREAK}{_CLOSE}"
        bare = rf"{_ALONE}{_spelled(named[1], '')}[\[［]{argument}[\]］]"
        bare = f"[<＜〈]{bare}[>＞〉]|{bare}"
        return regex.compile(f"{whole}|{bare}", regex.IGNORECASE)
    tag = _TAG.fullmatch(code)
    if tag is not None and tag[1] == "<":
        slash = rf"{_SLASHES}?[/／]{_GAP}" if tag[2] else ""
        return regex.compile(
            rf"(?:[<＜〈]|&lt;){_GAP}{slash}{_spelled(tag[3])}{_GAP}(?:[>＞〉]|&gt;)", regex.IGNORECASE
        )
    rest = code.lstrip("\\")
    if not code.startswith("\\") or not rest:
        return None
    end = r"(?![A-Za-z\[])" if rest.isalpha() else ""
    return regex.compile(rf"{_SLASHES}{{2,4}}{_spelled(rest)}{end}", regex.IGNORECASE)


@lru_cache(maxsize=1024)
def _wreck(code: str) -> Pattern | None:
    """Match what may well have been a code: no brackets or only one of them, a tag that means the same."""
    if _number(code):
        named = _NAMED.fullmatch(code)
        assert named is not None  # noqa: S101  (it has a number)
        name, argument = _spelled(named[1]), _argument(named[2]) + r"(?!\d)"
        whole = rf"(?:{_SLASHES}{{1,4}}|[/／]{{1,2}}){_GAP}{name}{_GAP}(?:{_OPEN})?{_GAP}{argument}(?:{_GAP}{_CLOSE})?"
        bare = rf"{_ALONE}{_spelled(named[1], '')}{_OPEN}{argument}(?:{_CLOSE})?"
        return regex.compile(f"{whole}|{bare}", regex.IGNORECASE)
    tag = _TAG.fullmatch(code)
    other = _SYNONYMS.get(tag[3].lower()) if tag else None
    return _sure(f"<{tag[2]}{other}>") if tag and other else None
