"""Work files as XLIFF 1.2 (OASIS, 2008).

A character that XML 1.0 cannot hold is an empty `<x id="uXXXX"/>`. The machine's translation is an `<alt-trans>`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from translator.workflow.work_lines import EditedLine, WorkLine, mark_of, read_mark, respelled, spelled

_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CODE = re.compile(r"u([0-9a-f]{4})")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
"""


def write_xliff(lines: Iterable[WorkLine], source: str, target: str) -> Iterator[bytes]:
    """The lines as XLIFF, one `<file>` for each file."""
    languages = f'source-language="{source}" target-language="{target}" datatype="plaintext"'
    yield _HEAD.encode()
    for file, group in groupby(lines, key=lambda line: line.file):
        yield f"<file original={_attribute(file)} {languages}>\n<body>\n".encode()
        for line in group:
            yield "\n".join((*_unit(line, target), "")).encode()
        yield b"</body>\n</file>\n"
    yield b"</xliff>\n"


def _unit(line: WorkLine, target: str) -> Iterator[str]:
    yield f'<trans-unit id={_attribute(line.key)} xml:space="preserve">'
    yield f"<source>{_content(line.source)}</source>"
    state = "new" if line.translation is None else "needs-review-translation"
    yield f'<target state="{state}">{_content(line.translation or "")}</target>'
    about = (line.role.value, f"speaker: {line.speaker}" if line.speaker else "", *line.context)
    for note in filter(None, (*about, *(f"found: {each}" for each in line.findings))):
        yield f'<note from="translate">{_content(note)}</note>'
    yield f'<note from="translate-mark">{mark_of(line, target)}</note>'
    if line.machine is not None:
        yield f'<alt-trans origin="machine"><target>{_content(line.machine)}</target></alt-trans>'
    yield "</trans-unit>"


def _content(text: str) -> str:
    return _IMPOSSIBLE.sub(lambda match: f'<x id="u{ord(match.group()):04x}"/>', escape(text))


def _attribute(name: str) -> str:
    return quoteattr(spelled(name, _IMPOSSIBLE))


def read_xliff(blob: bytes) -> list[EditedLine]:
    """The lines of an edited file. Raises ValueError, and SyntaxError where it is no XML."""
    found = _Lines()
    root = ET.fromstring(blob, ET.XMLParser(target=found))  # noqa: S314 - it declares no entities
    if _local(root.tag) != "xliff":
        raise ValueError(f"its first element is {root.tag}, not xliff")
    if root.get("version", "").startswith("2"):
        raise ValueError("it is XLIFF 2: save it as 1.2, as it was written")
    return found.lines


class _Lines(ET.TreeBuilder):
    """Takes each unit as it ends, and lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[EditedLine] = []
        self._file = ""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Where entities would be declared. Raises ValueError."""
        del pubid, system
        raise ValueError(f"it declares a document type ({name}), which no work file does")

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        if _local(tag) == "file":
            self._file = respelled(attrs.get("original", ""))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        element = super().end(tag)
        if _local(tag) == "trans-unit":
            self.lines.append(_line(self._file, element))
            element.clear()
        return element


def _line(file: str, unit: ET.Element) -> EditedLine:
    key = respelled(unit.get("id", ""))
    source, target = (next((each for each in unit if _local(each.tag) == name), None) for name in ("source", "target"))
    if source is None:
        raise ValueError(f"the trans-unit {key} has no source")
    notes = [each.text for each in unit if _local(each.tag) == "note" and each.get("from") == "translate-mark"]
    translation = "" if target is None else _text(target)
    mark = read_mark(notes[0]) if notes else None
    return EditedLine(file, key, _text(source), translation, mark, f"trans-unit {key}")


def _local(tag: str) -> str:
    """An element's name without its namespace, which tools change with the version."""
    return tag.rpartition("}")[2]


def _text(element: ET.Element) -> str:
    for child in element.iter():
        match = _CODE.fullmatch(child.get("id") or "")
        if match:
            child.text = chr(int(match[1], 16))
    return "".join(element.itertext())
