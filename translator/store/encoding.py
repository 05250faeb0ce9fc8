"""How the small parts of rows are spelled in their columns: JSON, and NULL for what is empty, as most of it is."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from translator.core.finding import Finding, Severity
from translator.core.segment import NO_LIMITS, Limits
from translator.core.work import GlossaryEntry

# What is decoded here was encoded here: the casts name the shapes that the encoders beside them wrote.


def strings_to_json(values: Sequence[str]) -> str | None:
    """A list of strings, None for an empty one."""
    return json.dumps(values, ensure_ascii=False) if values else None


def strings_from_json(text: str | None) -> tuple[str, ...]:
    """What `strings_to_json` encoded."""
    return tuple(cast("list[str]", json.loads(text))) if text else ()


def numbers_to_json(values: Sequence[int]) -> str:
    """A list of numbers."""
    return f"[{','.join(map(str, values))}]"


def numbers_from_json(text: str) -> tuple[int, ...]:
    """What `numbers_to_json` encoded."""
    return tuple(cast("list[int]", json.loads(text)))


def findings_to_json(findings: Sequence[Finding]) -> str | None:
    """A list of [code, severity, message, span], None for an empty one."""
    if not findings:
        return None
    return json.dumps([[f.code, f.severity.value, f.message, f.span] for f in findings], ensure_ascii=False)


def findings_from_json(text: str | None) -> tuple[Finding, ...]:
    """What `findings_to_json` encoded."""
    if not text:
        return ()
    rows = cast("list[tuple[str, str, str, tuple[int, int] | None]]", json.loads(text))
    return tuple(
        Finding(code, Severity(severity), message, None if span is None else (span[0], span[1]))
        for code, severity, message, span in rows
    )


def limits_to_json(limits: Limits) -> str | None:
    """A list of columns, lines, wrap, single, splits and (where there is one) charset, None for no limits."""
    if limits == NO_LIMITS:
        return None
    values = [limits.columns, limits.lines, limits.wrap, limits.single, limits.splits]
    values += [limits.charset] if limits.charset else []
    return json.dumps(values, separators=(",", ":"))


@lru_cache(maxsize=256)
def limits_from_json(text: str | None) -> Limits:
    """What `limits_to_json` encoded; older files hold the first four only."""
    if not text:
        return NO_LIMITS
    return Limits(*cast("tuple[int | None, int | None, bool, bool, bool, str | None]", json.loads(text)))


def glossary_to_json(entries: Sequence[GlossaryEntry]) -> str | None:
    """A list of [src, dst, note, kind, case, regex, advice], None for an empty one."""
    if not entries:
        return None
    return json.dumps([[e.src, e.dst, e.note, e.kind, e.case, e.regex, e.advice] for e in entries], ensure_ascii=False)


@lru_cache(maxsize=4096)  # a game's few terms stand in many texts
def glossary_from_json(text: str | None) -> tuple[GlossaryEntry, ...]:
    """What `glossary_to_json` encoded; older files hold no `advice`."""
    if not text:
        return ()
    rows = cast("list[tuple[str, str, str, str, bool, bool, bool]]", json.loads(text))
    return tuple(GlossaryEntry(*row) for row in rows)
