"""Links by label in Markdown: `[label]: address` says what a label refers to, `[label]` and `[label][]` link to it.

The words of such a link are its label, so a translation of them would refer to nothing. A text has these links with the
label behind the words, `[words][label]`, and so the label is a code. How the file writes a link whose words are its
label is told by a space in the label, which readers trim: none for `[label]`, one before it for `[label][]`, one behind
it for `[label][label]`. So a text that is put back gives the same bytes. (CommonMark 0.31.2, 4.7 and 6.3.)
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

import regex

from translator.formats.markdown.inline import LABEL, NO_LABEL

_TITLED = r"(?P<title>[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*"
_GOAL = r"(?:<[^<>]*>|[^\s<]\S*)"
_DEFINITION = regex.compile(rf"\[(?!\^)(?P<label>(?:[^\[\]\\]|\\.){{1,999}})\]:[ \t]*(?:(?P<goal>{_GOAL}){_TITLED})?")
_ONLY_GOAL = regex.compile(rf"{_GOAL}{_TITLED}")
_ONLY_TITLE = regex.compile(r"(?:\"[^\"]*\"|'[^']*'|\([^()]*\))[ \t]*")
_LINK = regex.compile(
    rf"{NO_LABEL}|(?<!\])\[(?P<words>{LABEL})\](?:\[(?P<label>(?:[^\[\]\\]|\\.){{0,202}})\])?(?![\[(])"
)


def definitions(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The labels that the first lines of a paragraph say what they refer to, each with how many lines that takes."""
    at = 0
    while at < len(lines) and (said := _DEFINITION.fullmatch(lines[at])) is not None:
        size, titled = 1, said["title"] is not None
        if said["goal"] is None:
            goal = _ONLY_GOAL.fullmatch(lines[at + 1]) if at + 1 < len(lines) else None
            if goal is None:
                return
            size, titled = 2, goal["title"] is not None
        behind = at + size
        if not titled and behind < len(lines) and _ONLY_TITLE.fullmatch(lines[behind]):
            size += 1
        yield _spaced(said["label"]).casefold(), size
        at += size


def labels_of(paragraphs: Iterable[str]) -> set[str]:
    """The labels that paragraphs say what they refer to, as they are compared."""
    defining = ([line.strip() for line in text.split("\n")] for text in paragraphs if text.startswith("["))
    return {label for lines in defining for label, _ in definitions(lines)}


def with_labels(text: str, labels: AbstractSet[str]) -> str:
    """A text of the file with the label behind the words of each link."""

    def link(words: str, name: str, label: str | None) -> str | None:
        if label is None:
            return f"[{words}][{name}]"
        return f"[{words}][ {name}]" if not label else f"[{words}][{name} ]" if label == name else None

    return _replaced(text, labels, link)


def without_labels(text: str, labels: AbstractSet[str]) -> str:
    """A text as the file writes it: the reverse of `with_labels`."""

    def link(words: str, name: str, label: str | None) -> str | None:
        short = {name: "", f" {name}": "[]", f"{name} ": f"[{name}]"}.get(label or "")
        return None if short is None else f"[{words}]{short}"

    return _replaced(text, labels, link)


def _replaced(text: str, labels: AbstractSet[str], link: Callable[[str, str, str | None], str | None]) -> str:
    """The text with its links to labels as `link` writes them by words, label in one line, and label as written."""
    if not labels or "[" not in text:
        return text

    def written(match: "regex.Match[str]") -> str:
        name = _spaced(match["words"] or "")
        new = link(match["words"], name, match["label"]) if name.casefold() in labels else None
        return match.group() if new is None else new

    return _LINK.sub(written, text)


def _spaced(label: str) -> str:
    return " ".join(label.split())
