r"""The strings of a script that are shown: those that the engine lists for translation, and those that it only shows.

Listed (`renpy/translation/scanstrings.py`): what stands in `_()`, `__()`, `___()` and `_p()`. Shown through
`renpy.substitutions.substitute`, which looks every string up in `translate … strings`, but not listed: the names in
`Character()`, literal names before dialogue, the words of a screen's `text`, `textbutton`, `label` and `tooltip` (also
of a `Tooltip`'s `Action`), of `renpy.input`, `renpy.notify`, `Notify` and `Confirm`, and of `show text "…"` (the image
`text` is a `ParameterizedText`, which makes a `Text` of the string). They can be translated the same way, so they are
given too.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import regex

from translator.formats.renpy_tl.lexer import STRING, Script
from translator.formats.renpy_tl.literals import joined_paragraphs, python_value
from translator.formats.renpy_tl.markup import MARKUP
from translator.formats.renpy_tl.say import brackets

_PYTHON = rf"(?:[\s\\]*+[uU]?(?!`)(?:{STRING}))++\s*"
_MARKED = regex.compile(rf"\b(?P<wrapper>_|__|___|_p)\s*(?P<inner>\({_PYTHON}\))", regex.DOTALL)
_CHARACTER = regex.compile(
    r"(?:init(?:\s+[+-]?\d+)?\s+)?(?:(?:define|default)(?:\s+-?\d+)?\s+|\$\s*)?(?P<who>[^\W\d][\w.]*)\s*=\s*(?P<maker>\w*Character|ADVCharacter)\s*(?=\()"
)
_NAME = regex.compile(
    rf"\(\s*(?:name\s*=\s*)?(?P<marked>(?:_|__)\(\s*)?(?P<name>None\b|[uUrR]?(?:{STRING}))", regex.DOTALL
)
_DYNAMIC = regex.compile(r"\bdynamic\s*=\s*True\b")
_SHOWN = regex.compile(
    rf"(?:\b(?:text|textbutton|label|tooltip)(?:\s+\(?|\(|(?=[\"']))\s*|\b\w+\.Action\(\s*|\b(?:renpy\.input|renpy\.notify|Notify|Confirm|renpy\.confirm)\(\s*"
    rf"(?:prompt\s*=\s*|message\s*=\s*)?)(?P<text>{STRING})",
    regex.DOTALL,
)
_IMAGE = regex.compile(rf"(?:show|scene)\s+v?text\s*(?P<text>{STRING})(?!\s*[%+.])", regex.DOTALL)
_SCREEN_WORD = ("text", "textbutton", "label", "tooltip", ".Action(")
_CALLS = ("renpy.input", "renpy.notify", "Notify", "Confirm", "renpy.confirm")
_FILE = regex.compile(
    r"(?:<[^<>]*>)?[^\s]*\.(?:png|jpe?g|webp|avif|gif|ogg|opus|mp3|wav|flac|webm|mp4|mkv|avi|ogv|ttf|otf|ttc|woff2?|rpy|txt|json)",
    regex.IGNORECASE,
)
_SPACED = regex.compile(r"\s")
_LITERAL = regex.compile(STRING, regex.DOTALL)


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
            for match in _MARKED.finditer(code):
                call = match[0] if match["wrapper"] == "_p" else match["inner"]
                text = python_value(call)
                if text:
                    yield Shown(line.number, text)


def people(script: Script) -> Iterator[tuple[int, Person]]:
    """The characters that a script defines with a name that is written there, each with its line."""
    if "Character" not in script.text:
        return
    for line in script.lines:
        code = line.code(script.text)
        match = _CHARACTER.match(code) if "Character" in code else None
        if match is None or match["maker"] == "DynamicCharacter":
            continue
        end = brackets(code, match.end()) or len(code)
        if _DYNAMIC.search(code, match.end(), end):
            continue
        name = _NAME.match(code, match.end())
        if name is None:
            continue
        value = None if name["name"] == "None" else python_value(name["name"])
        if name["name"] == "None" or value is not None:
            yield line.number, Person(match["who"].removeprefix("store."), value or None)


def unmarked(script: Script) -> Iterator[Shown]:
    """The strings that screens, `show text` and a few functions show without a mark for translation."""
    inside = 0
    for index, line in enumerate(script.lines):
        code = line.code(script.text)
        if code.startswith("screen ") and (index == 0 or index >= inside):
            inside = script.ends[index]
        if '"' not in code and "'" not in code:
            continue
        image = _IMAGE.match(code)
        text = python_value(image["text"]) if image else None
        if text and has_words(text):
            yield Shown(line.number, text)
        screen = index < inside and any(word in code for word in _SCREEN_WORD)
        if not screen and not any(word in code for word in _CALLS):
            continue
        for match in _SHOWN.finditer(code):
            if not screen and not match[0].startswith(_CALLS):
                continue
            text = python_value(match["text"])
            if text and has_words(text) and not _is_key(text) and not (screen and _chooses_language(script, index)):
                yield Shown(line.number, text)


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
    """The strings outside of dialogue (whose lines `spoken` has) that are not offered, with the reason."""
    for line in script.lines:
        code = line.code(script.text)
        if ('"' not in code and "'" not in code) or line.number in spoken:
            continue
        for match in _LITERAL.finditer(code):
            text = python_value(match[0])
            if not text or not text.strip() or text in offered or joined_paragraphs(text) in offered:
                continue
            yield Held(line.number, text, _reason(text, code))


def _reason(text: str, code: str) -> str:
    if _FILE.fullmatch(text):
        return "file name"
    if code.startswith("style ") or "style_prefix" in code:
        return "style"
    if not _SPACED.search(text) and text.isascii():
        return "name in the code"
    return "value in the code"
