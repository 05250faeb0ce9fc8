"""What makes a translation of a Ren'Py game show: the font that has its characters, and the language that starts.

The engine's documented way (`translate <language> python:` for the font variables of `gui.rpy`, `translate <language>
style` for styles that name a font themselves): nothing of it touches the game in its own language.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import regex

from translator.formats.renpy_tl.lexer import in_code

FILE_NAME = "zz_translation_setup.rpy"
_GUI_FONT = regex.compile(r"(?m)^(?:define|default)\s+(gui\.\w*font)\s*=")
_STYLE = regex.compile(
    r"(?m)^(?P<indent>[ ]*)style[ ]+(?P<name>\w+)(?P<head>[^\n]*)\n(?P<body>(?:(?P=indent)[ ]+[^\n]*\n|[ ]*\n)*)"
)
_FONT = regex.compile(r"(?:^|\s)font\s+[\"']")
_KEPT = frozenset(("default", "skip_triangle"))
"""Styles that need no line of their own: the one that all come from, and one that draws signs that few fonts have (it
stands in every game that the engine's launcher made)."""

Fonts = tuple[Sequence[str], Sequence[str]]
"""The variables of `gui` that hold a font, and the styles that name one."""


def fonts_named(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The variables of `gui` that hold a font, and the styles that name one, in the order of the scripts."""
    variables: dict[str, None] = {}
    styles: dict[str, None] = {}
    for text in texts:
        variables |= dict.fromkeys(match[1] for match in _GUI_FONT.finditer(text))
        if "font" in text and "style" in text:
            for match in _STYLE.finditer(text + "\n"):
                if _FONT.search(match["head"]) or _FONT.search(match["body"]):
                    styles[match["name"]] = None
    return list(variables), [name for name in styles if name not in _KEPT]


def offers_language(texts: Iterable[str], language: str) -> bool:
    """Whether the game lets its player choose a language (a button with `Language("japanese")`)."""
    button = regex.compile(rf"\bLanguage\(\s*[uU]?([\"']){regex.escape(language)}\1")
    return any(True for text in texts if "Language(" in text for _ in in_code(button, text))


def font_path(language: str, font: Path) -> PurePosixPath:
    """Where the font goes."""
    return PurePosixPath("game", "tl", language, font.name)


def setup(language: str, fonts: Fonts, font: Path | None, *, starts: bool) -> bytes:
    """The script that goes along with a translation; starts: the game starts in the language if it has no other."""
    lines: list[str] = []
    if starts:
        lines += [
            "init 1 python:",
            "",
            '    if getattr(config, "default_language", None) is None:',
            f'        config.default_language = "{language}"',
            "",
        ]
    if font is not None:
        lines += _font_lines(language, fonts, font)
    return codecs.BOM_UTF8 + "\n".join(["# Goes along with the translation.", "", *lines]).encode("utf-8")


def _font_lines(language: str, fonts: Fonts, font: Path) -> Iterator[str]:
    name = font_path(language, font).relative_to("game").as_posix().replace("\\", "\\\\").replace('"', '\\"')
    variables, styles = fonts
    if variables:
        yield f"translate {language} python:"
        yield ""
        yield from (f'    {variable} = "{name}"' for variable in variables)
        yield ""
    for style in ("default", *styles):
        yield f"translate {language} style {style}:"
        yield f'    font "{name}"'
        yield ""
