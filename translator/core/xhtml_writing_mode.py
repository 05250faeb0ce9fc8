"""Turning vertical writing horizontal: what says in a style sheet or a page that lines run from top to bottom.

`writing-mode` and its forms with `-epub-`, `-webkit-`, `-ms-` become `horizontal-tb` (`lr-tb` for `-ms-`, whose old
values are `tb-rl` and `tb-lr`). What concerns only characters in vertical lines (`text-combine`) does no
harm in horizontal ones and stays.
"""

import re

from translator.core.xml_spans import Change, Kind, MarkupFile

_MODE = re.compile(
    r"(?i)(?<![\w-])(?P<name>(?:-(?:epub|webkit|ms|moz|o)-)?writing-mode)(?P<gap>\s*:\s*)"
    r"(?P<value>vertical-rl|vertical-lr|tb-rl|tb-lr|tb|sideways-rl|sideways-lr)(?![\w-])"
)


def horizontal_style(text: str) -> str:
    """A style sheet, or the value of `style`, with horizontal lines."""
    if "writing-mode" not in text.lower():
        return text
    return _MODE.sub(_horizontal, text)


def _horizontal(match: re.Match[str]) -> str:
    value = "lr-tb" if match["value"].lower().startswith("tb") else "horizontal-tb"
    return match["name"] + match["gap"] + value


def horizontal_changes(file: MarkupFile) -> list[Change]:
    """The changes that a page's own styles need: `<style>`, `style="..."`."""
    text = file.text
    if "writing-mode" not in text.lower():
        return []
    changes: list[Change] = []
    style = False
    for token in file.tokens():
        part = text[token.start : token.end]
        in_style = style and token.kind in (Kind.TEXT, Kind.RAW, Kind.CDATA, Kind.COMMENT)
        if token.kind in (Kind.START, Kind.EMPTY) or in_style:
            for match in _MODE.finditer(part):
                start, end = token.start + match.start(), token.start + match.end()
                changes.append(Change(start, end, _horizontal(match), ""))
        style = token.kind is Kind.START and token.name == "style"
    return changes
