"""Work files as XLIFF 1.2 (OASIS, 2008).

A character that XML 1.0 cannot hold is an empty `<x id="uXXXX"/>`. The machine's translation is an `<alt-trans>`.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from translator.workflow.work_lines import EditedLine, WorkLine, mark_of, read_mark, respelled, spelled

_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
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
    wide = blob.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    plain = _COMMENT.sub("", blob.decode("utf-16" if wide else "latin-1"))
    if "<!DOCTYPE" in plain or "<!ENTITY" in plain:
        raise ValueError("it declares a document type, which no work file does")
    root = ET.fromstring(blob)  # noqa: S314 - entities cannot be declared without the above
    if _local(root) != "xliff":
        raise ValueError(f"its first element is {root.tag}, not xliff")
    if root.get("version", "").startswith("2"):
        raise ValueError("it is XLIFF 2: save it as 1.2, as it was written")
    return list(_units(root))


def _local(element: ET.Element) -> str:
    """An element's name without its namespace, which tools change with the version."""
    return element.tag.rpartition("}")[2]


def _all(above: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in above.iter() if _local(element) == name)


def _child(above: ET.Element, name: str) -> ET.Element | None:
    return next((element for element in above if _local(element) == name), None)


def _units(root: ET.Element) -> Iterator[EditedLine]:
    for file in _all(root, "file"):
        for unit in _all(file, "trans-unit"):
            key = respelled(unit.get("id") or "")
            source, target = _child(unit, "source"), _child(unit, "target")
            if source is None:
                raise ValueError(f"the trans-unit {key} has no source")
            notes = [each.text for each in unit if _local(each) == "note" and each.get("from") == "translate-mark"]
            yield EditedLine(
                respelled(file.get("original") or ""), key, _text(source), "" if target is None else _text(target),
                read_mark(notes[0]) if notes else None, f"trans-unit {key}",
            )  # fmt: skip


def _text(element: ET.Element) -> str:
    for child in element.iter():
        match = _CODE.fullmatch(child.get("id") or "")
        if match:
            child.text = chr(int(match[1], 16))
    return "".join(element.itertext())
