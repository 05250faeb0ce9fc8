r"""Original and translation in one block: marks that nothing closes in each of them must not close each other.

`2*3 ／ 2*3` would be emphasis, and two lone backticks code. Where they meet so, what each shows as it is written is
escaped in both (`2\*3`), which readers see no difference of.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARK = re.compile(r"\\[!-/:-@\[-`{-~]|([`*_~]|\\$)")
"""A mark (or a backslash at the end, which would escape what follows); what is escaped is none."""

_LONGEST, _MOST = 4000, 60
"""Characters of a text and marks in it that are looked at: each mark is tried."""


def apart(first: str, second: str, parting: str) -> tuple[str, str]:
    """Both texts, spelled so that with `parting` between them (and a line end as it is seen) they show the same."""
    if len(first) + len(second) > _LONGEST or not _marks(first) or _keep_apart(first, second, parting):
        return first, second
    spelled = _escaped(first), _escaped(second)
    return spelled if _keep_apart(*spelled, parting) else (first, second)


def _marks(text: str) -> list[int]:
    return [match.start() for match in _MARK.finditer(text) if match[1]]


def _keep_apart(first: str, second: str, parting: str) -> bool:
    return _shown(first + parting + second) == _shown(first) + parting.replace("  \n", "<br />\n") + _shown(second)


def _escaped(text: str) -> str:
    """A text with all marks escaped that are shown as they are written."""
    shown = _shown(text)
    for at in reversed(_marks(text)[:_MOST]):
        tried = f"{text[:at]}\\{text[at:]}"
        if _shown(tried) == shown:
            text = tried
    return text


def _shown(text: str) -> str:
    return _reader().renderInline(text)


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  see `blocks`

    return MarkdownIt("commonmark").enable("strikethrough")
