r"""The strings of a script that are shown: those that the engine lists for translation, and those that it only shows.

Listed (`renpy/translation/scanstrings.py`): what stands in `_()`, `__()`, `___()` and `_p()`. Shown through
`renpy.substitutions.substitute`, which looks every string up in `translate … strings`, but not listed: the names in
`Character()`, literal names before dialogue, a screen's `text`, `textbutton`, `label`, `tooltip` and `alt` (which is
read aloud), what `Text`, `ui.text`, `Tooltip` and its `Action`, `Notify`, `Confirm`, `renpy.input`, `renpy.notify` and
`renpy.say` are given, and `show text "…"` (the image `text` is a `ParameterizedText`, which makes a `Text` of the
string). They can be translated the same way, so they are given too, where they are shown as they stand.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from translator.formats.renpy_tl.lexer import STRING, Script
from translator.formats.renpy_tl.literals import joined_paragraphs, python_value
from translator.formats.renpy_tl.markup import MARKUP
from translator.games.renpy.expressions import Code, Span

_PYTHON = rf"(?:[\s\\]*+[uU]?(?!`)(?:{STRING}))++\s*"
_MARKED = regex.compile(rf"\b(?P<wrapper>_|__|___|_p)\s*(?P<inner>\({_PYTHON}\))", regex.DOTALL)
_MAKER = regex.compile(r"(?<!\bdef\s)\b(?!Dynamic)\w*Character\s*(?=\()")
_CHARACTER = regex.compile(
    r"(?:init(?:\s+[+-]?\d+)?\s+)?(?:(?:define|default)(?:\s+-?\d+)?\s+|\$\s*)?"
    rf"(?P<who>[^\W\d][\w.]*)\s*=\s*(?:{_MAKER.pattern})"
)
_SCREEN = regex.compile(r"(?:init(?:\s+[+-]?\d+)?\s+)?screen\s")
_PYTHON_CODE = regex.compile(r"\$|(?:init\s.*)?python\b")
_IMAGE = regex.compile(rf"(?:show|scene)\s+v?text\s*(?P<text>{STRING})(?!\s*[%+.])", regex.DOTALL)
_SCREEN_WORDS = frozenset(("text", "textbutton", "label", "tooltip", "alt"))
_CALLS = (
    r"(?<![\w.])(?:renpy\.(?:input|notify|confirm|(?P<say>say))|ui\.(?:text|textbutton|label)"
    r"|Notify|Confirm|Text|Tooltip)"
)
_CALL = regex.compile(rf"{_CALLS}\s*(?=\()")
_CALL_IN_SCREEN = regex.compile(rf"(?:{_CALLS}|\b\w+\.Action)\s*(?=\()")
_FILE = regex.compile(
    r"(?:<[^<>]*>)?[^\s]*\.(?:png|jpe?g|webp|avif|gif|ogg|opus|mp3|wav|flac|webm|mp4|mkv|avi|ogv|ttf|otf|ttc|woff2?|rpy|txt|json)",
    regex.IGNORECASE,
)
_SPACED = regex.compile(r"\s")
_LITERAL = regex.compile(
    r"(?P<joined>\+=?\s*+)?(?P<filled>\b(?:[fF][rR]?|[rR][fF]))?"
    rf"(?P<text>(?:{STRING})(?:[\s\\]*+(?:{STRING}))*+)(?P<goes>(?=\s*+(?:[+%]|\.\s*+\w)))?",
    regex.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A string that is shown: the line of its statement, and what it says. name: of a person."""

    line: int
    text: str
    name: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A string that is not offered: its line, its text, the reason."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """A variable that dialogue may begin with, and the name that it shows (None for a narrator)."""

    who: str
    name: str | None


def marked(script: Script) -> Iterator[Shown]:
    """The strings that the game's writer marked for translation, in the order of the file."""
    if "_" not in script.text:
        return
    for line in script.lines:
        code = line.code(script.text)
        if "_(" in code or "_p(" in code or "_ (" in code:
            mask = Code(code)
            for match in _MARKED.finditer(code):
                inside = mask.mask[match.start() : match.end()]
                if inside[0] == '"' and inside.strip('"'):
                    continue  # it begins in a string, and what stands behind that string's end is code
                call = match[0] if match["wrapper"] == "_p" else match["inner"]
                text = python_value(call)
                if text:
                    yield Shown(line.number, text)


def people(script: Script) -> Iterator[Person]:
    """The characters that a script defines with a name that is written there."""
    for _, code in _lines(script, "Character"):
        match = _CHARACTER.match(code.text)
        span = None if match is None else _name(code, match.end())
        if match is None or span is None:
            continue
        name = code.text[slice(*span)].strip()
        value = None if name == "None" else python_value(name)
        if name == "None" or value is not None:
            yield Person(match["who"].removeprefix("store."), value or None)


def names(script: Script) -> Iterator[Shown]:
    """The names that characters are given, wherever these are made."""
    for line, code in _lines(script, "Character"):
        for match in _MAKER.finditer(code.mask):
            span = _name(code, match.end())
            yield from (Shown(line, text, name=True) for text in code.shown(span or (0, 0)) if has_words(text))


def _lines(script: Script, word: str) -> Iterator[tuple[int, Code]]:
    """The lines that have a word, each with its number."""
    if word in script.text:
        for line in script.lines:
            code = line.code(script.text)
            if word in code:
                yield line.number, Code(code)


def _name(code: Code, at: int) -> Span | None:
    """Where the name of a character stands; None where there is none or it is the name of a variable."""
    given = {name or index: span for index, (name, span) in enumerate(code.arguments(at))}
    dynamic = "dynamic" in given and code.text[slice(*given["dynamic"])].strip() == "True"
    return None if dynamic else given.get("name", given.get(0))


def unmarked(script: Script) -> Iterator[Shown]:
    """The strings that screens, `show text` and a few functions show without a mark for translation."""
    screen = python = 0
    for index, line in enumerate(script.lines):
        code = line.code(script.text)
        if index >= screen and _SCREEN.match(code):
            screen = script.ends[index]
        if index < screen and _PYTHON_CODE.match(code):
            python = script.ends[index]
        if '"' not in code and "'" not in code:
            continue
        image = _IMAGE.match(code)
        texts = [] if image is None else [python_value(image["text"])]
        read = Code(code)
        if index >= screen:
            texts += _given(read, _CALL)
        elif not _chooses_language(script, index):
            words = () if index < python else read.properties(_SCREEN_WORDS)
            texts += (text for value in words for text in read.shown(value) if not _is_key(text))
            texts += _given(read, _CALL_IN_SCREEN)
        yield from (Shown(line.number, text) for text in texts if text and has_words(text))


def _given(code: Code, calls: "regex.Pattern[str]") -> Iterator[str]:
    """What functions are given to show."""
    for match in calls.finditer(code.mask) if calls.search(code.text) else ():
        at = 0 if match["say"] is None else 1
        for name, value in islice(code.arguments(match.end()), at, at + 1):
            if name in ("", "prompt", "message", "what"):
                yield from code.shown(value)


def has_words(text: str) -> bool:
    """Whether there are letters in a text beside its markup."""
    return any(character.isalpha() for character in MARKUP.plain(text))


def _is_key(text: str) -> bool:
    return len(text.strip()) == 1 and text.isascii()


def _chooses_language(script: Script, index: int) -> bool:
    """Whether a button chooses a language: its name is the same in all of them."""
    block = script.block(index)
    last = script.lines[block.stop - 1] if block else script.lines[index]
    return "Language(" in script.text[script.lines[index].start : last.end]


def held(script: Script, offered: frozenset[str], spoken: Collection[int]) -> Iterator[Held]:
    """The strings that are not offered, with the reason; of lines with dialogue (`spoken`) those in round brackets."""
    for line in script.lines:
        code = line.code(script.text)
        if '"' not in code and "'" not in code:
            continue
        style = code.startswith("style ") or "style_prefix" in code
        for start, end in (
            [(0, len(code))] if line.number not in spoken else Code(code).brackets() if "(" in code else ()
        ):
            for match in _LITERAL.finditer(code, start, end):
                text = python_value(match["text"])
                if not text or not text.strip() or text in offered or joined_paragraphs(text) in offered:
                    continue
                joined = any(match[part] is not None for part in ("joined", "filled", "goes"))
                yield Held(line.number, text, _reason(text, style=style, joined=joined))


def _reason(text: str, *, style: bool, joined: bool) -> str:
    if _FILE.fullmatch(text):
        return "file name"
    if style:
        return "style"
    if joined:
        return "part of a string that is put together"
    if not _SPACED.search(text) and text.isascii():
        return "name in the code"
    return "value in the code"
