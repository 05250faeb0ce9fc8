"""Small packages of Office Open XML for tests."""

import io
import zipfile
from collections.abc import Mapping

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def content_types(kinds: Mapping[str, str]) -> str:
    """The part that says what each of these parts is."""
    types = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    types += '<Default Extension="xml" ContentType="application/xml"/>'
    types += "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    return f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>'


def relationships(*links: tuple[str, str, str]) -> str:
    """The part that says what another one points to, by id, kind and target."""
    made = ""
    for number, kind, target in links:
        known = f"{PACKAGE}/relationships/metadata" if kind == "core-properties" else OFFICE
        outside = ' TargetMode="External"' if "://" in target else ""
        made += f'<Relationship Id="{number}" Type="{known}/{kind}" Target="{target}"{outside}/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def package(members: Mapping[str, str], line_end: str = "\n") -> bytes:
    """A zip archive of these parts, the same each time."""
    head = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{line_end}'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, (2026, 11, 28, 8, 0, 0))
            writer.writestr(entry, (head + text).encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()
