"""Glossaries in gettext's PO files, through polib."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, cast

import polib

from translator.core.work import GlossaryEntry
from translator.glossary.errors import GlossaryError

_CASE, _REGEX, _REMOVED = "case", "regex", "removed"
# What ends a line to Python beside what PO has escapes for.
_BREAKS = frozenset("\x1c\x1d\x1e\x85\u2028\u2029")
_FLAGS = (_CASE, _REGEX, _REMOVED)
_HEADER = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit"}


class _Entry(Protocol):
    """What of polib's entries is used here (polib has no types)."""

    msgid: str
    msgstr: str
    msgctxt: str | None
    comment: str
    flags: Sequence[str]
    obsolete: bool
    linenum: int


def from_po(text: str, path: Path | None) -> Iterator[tuple[int, GlossaryEntry]]:
    """The translated entries, each with its line. Raises GlossaryError."""
    try:
        # A text without a line break could be taken for a file's name.
        file = polib.pofile(f"{text}\n")
    except (OSError, ValueError, IndexError, AttributeError) as error:
        # polib names a place in its message, and raises what it happens to run into.
        raise GlossaryError(f"no valid PO file ({error})", path=path) from error
    for entry in cast("Iterable[_Entry]", file):
        if entry.obsolete or (not entry.msgstr and _REMOVED not in entry.flags):
            continue
        yield (
            entry.linenum,
            GlossaryEntry(
                entry.msgid, entry.msgstr, _unlined(entry.comment), entry.msgctxt or "",
                case=_CASE in entry.flags, regex=_REGEX in entry.flags,
            ),
        )  # fmt: skip


def to_po(entries: Iterable[GlossaryEntry]) -> str:
    """A PO file of these entries. Raises GlossaryError for one without `src`, which PO keeps for its header."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = dict(_HEADER)
    for entry in entries:
        _require_lines(entry)
        if not entry.src:
            raise GlossaryError(f"an entry without src ({entry.dst!r}) cannot stand in a PO file")
        marks = (entry.case, entry.regex, not entry.dst)
        file.append(
            polib.POEntry(
                msgid=entry.src,
                msgstr=entry.dst,
                msgctxt=entry.kind or None,
                comment=_lined(entry.note),
                flags=[flag for flag, on in zip(_FLAGS, marks, strict=True) if on],
            )
        )
    return str(file)


def _require_lines(entry: GlossaryEntry) -> None:
    """Refuse what polib takes for the end of a line and cannot write as anything else."""
    for text in (entry.src, entry.dst, entry.note, entry.kind):
        strange = _BREAKS.intersection(text)
        if strange:
            raise GlossaryError(f"a PO file cannot hold the line separator {min(strange)!r} of {entry.src!r}")


# A comment has no escapes of its own: lines are written with the escapes that the texts have.
def _lined(note: str) -> str:
    plain = note == note.strip() and note.isprintable() and "\\" not in note
    return note if plain else '"' + polib.escape(note) + '"'


def _unlined(comment: str) -> str:
    if len(comment) > 1 and comment[0] == comment[-1] == '"':
        return polib.unescape(comment[1:-1])
    return comment
