"""What a format extracts from a fixture, as it is written down beside it."""

import dataclasses
import json
from collections.abc import Iterable

from translator.core.document import Format
from translator.core.segment import NO_LIMITS, Segment
from translator.testing.fixtures import Case, Fixture
from translator.testing.rules import BrokenRuleError


def golden(segments: Iterable[Segment]) -> str:
    """The segments as JSON lines; what is not known or not limited is left out."""
    return "".join(json.dumps(_row(segment), ensure_ascii=False) + "\n" for segment in segments)


def _row(segment: Segment) -> dict[str, object]:
    row: dict[str, object] = {"key": segment.key, "source": segment.source, "role": segment.role.value}
    optional = {
        "scene": segment.scene,
        "speaker": segment.speaker,
        "target": segment.target,
        "notes": list(segment.notes),
        "limits": {
            name: value
            for name, value in dataclasses.asdict(segment.limits).items()
            if value != getattr(NO_LIMITS, name)
        },
        "binding": segment.binding,
    }
    return row | {name: value for name, value in optional.items() if value not in (None, "", [], {})}


def extracted(known: Format, fixture: Fixture) -> str:
    """What the golden file of a fixture must hold."""
    return golden(Case(fixture.name, fixture.path.read_bytes(), declared=fixture.declared).open(known).segments)


def check_golden(known: Format, fixture: Fixture) -> None:
    """The golden file lists exactly what is extracted."""
    rows = extracted(known, fixture).splitlines()
    if not fixture.golden.is_file():
        raise BrokenRuleError(
            f"{fixture.path}: has no golden file {fixture.golden}; write it with `python -m translator.testing.golden "
            "--write` and read it through before you commit it"
        )
    expected = fixture.golden.read_text("utf-8").splitlines()
    for number, (row, wanted) in enumerate(zip(rows, expected, strict=False), 1):
        if row != wanted:
            raise BrokenRuleError(f"{fixture.golden}:{number}: extracted\n  {row}\nbut the golden file has\n  {wanted}")
    if len(rows) != len(expected):
        raise BrokenRuleError(f"{fixture.golden}: {len(rows)} segments are extracted, it lists {len(expected)}")
