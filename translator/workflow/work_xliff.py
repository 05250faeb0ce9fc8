"""Work files as XLIFF 1.2 (OASIS, 2008).

A character that XML 1.0 cannot hold is an empty `<x id="uXXXX"/>`. The machine's translation is an `<alt-trans>`.
"""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree as ET

from translator.workflow.work_lines import EditedLine, WorkLine, mark_of, read_mark

_SPACE = "urn:oasis:names:tc:xliff:document:1.2"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_IMPOSSIBLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_JSON = "json:"
"""What stands before a name in JSON: it has characters that XML cannot hold."""

_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_CODE = re.compile(r"u([0-9a-f]{4})")


def write_xliff(lines: Sequence[WorkLine], source: str, target: str) -> bytes:
    """The lines as XLIFF, one `<file>` for each file."""
    root = ET.Element("xliff", {"version": "1.2", "xmlns": _SPACE})
    for file, group in groupby(lines, key=lambda line: line.file):
        languages = {"source-language": source, "target-language": target}
        element = ET.SubElement(root, "file", {"original": _named(file), **languages, "datatype": "plaintext"})
        body = ET.SubElement(element, "body")
        for line in group:
            _unit(body, line, target)
    for holder in (root, *root.iter("file"), *root.iter("body"), *root.iter("trans-unit")):
        holder.text = "\n"
        for child in holder:
            child.tail = "\n"
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _unit(body: ET.Element, line: WorkLine, target: str) -> None:
    unit = ET.SubElement(body, "trans-unit", {"id": _named(line.key), _PRESERVE: "preserve"})
    _fill(ET.SubElement(unit, "source"), line.source)
    state = "new" if line.translation is None else "needs-review-translation"
    _fill(ET.SubElement(unit, "target", {"state": state}), line.translation or "")
    about = [line.role.value, f"speaker: {line.speaker}" if line.speaker else "", *line.context]
    for note in filter(None, (*about, *(f"found: {each}" for each in line.findings))):
        _fill(ET.SubElement(unit, "note", {"from": "translate"}), note)
    ET.SubElement(unit, "note", {"from": "translate-mark"}).text = str(mark_of(line, target))
    if line.machine is not None:
        _fill(ET.SubElement(ET.SubElement(unit, "alt-trans", {"origin": "machine"}), "target"), line.machine)


def _fill(element: ET.Element, text: str) -> None:
    parts = _IMPOSSIBLE.split(text)
    element.text = parts[0]
    for match, part in zip(_IMPOSSIBLE.finditer(text), parts[1:], strict=True):
        ET.SubElement(element, "x", {"id": f"u{ord(match.group()):04x}"}).tail = part


def _named(name: str) -> str:
    """A name as an attribute can have it."""
    plain = _IMPOSSIBLE.search(name) is None and not name.startswith(_JSON)
    return name if plain else _JSON + json.dumps(name)


def _unnamed(value: str | None) -> str:
    if value is None or not value.startswith(_JSON):
        return value or ""
    return str(json.loads(value.removeprefix(_JSON)))


def read_xliff(blob: bytes) -> list[EditedLine]:
    """The lines of an edited file. Raises ValueError, and SyntaxError where it is no XML."""
    wide = blob.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    plain = _COMMENT.sub("", blob.decode("utf-16" if wide else "latin-1"))
    if "<!DOCTYPE" in plain or "<!ENTITY" in plain:
        raise ValueError("it declares a document type, which no work file does")
    root = ET.fromstring(blob)  # noqa: S314 - entities cannot be declared without the above
    if _local(root) != "xliff":
        raise ValueError(f"its first element is {root.tag}, not xliff")
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
            key = _unnamed(unit.get("id"))
            source, target = _child(unit, "source"), _child(unit, "target")
            if source is None:
                raise ValueError(f"the trans-unit {key} has no source")
            notes = [each.text for each in unit if _local(each) == "note" and each.get("from") == "translate-mark"]
            yield EditedLine(
                _unnamed(file.get("original")), key, _text(source), "" if target is None else _text(target),
                read_mark(notes[0]) if notes else None, f"trans-unit {key}",
            )  # fmt: skip


def _text(element: ET.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        match = _CODE.fullmatch(child.get("id") or "")
        parts += (chr(int(match[1], 16)) if match else _text(child), child.tail or "")
    return "".join(parts)
