"""The smallest text that is translated on its own, and what is known about it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import cast


class Role(StrEnum):
    """What a text is to the player or reader."""

    DIALOGUE = "dialogue"
    NARRATION = "narration"
    CHOICE = "choice"
    NAME = "name"
    DESCRIPTION = "description"
    TERM = "term"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Limits:
    """The room that a text has where it is shown.

    `columns` counts half-width cells per line, `lines` the lines of one box; None means no limit.
    `wrap` says that the line breaks of the source are layout only: the text may be joined and wrapped anew.
    `single` says that the place holds one line: a target with a newline does not fit there.
    `splits` says that what one box has no room for may go on in another one, where a person asks for that.
    `charset` is the charset that a translation must be in, None where every character can be written.
    """

    columns: int | None = None
    lines: int | None = None
    wrap: bool = False
    single: bool = False
    splits: bool = False
    charset: str | None = None

    def within(self, charset: str | None) -> "Limits":
        """These limits for a document that is written in `charset`; those of Unicode, and None, limit nothing."""
        charset = None if charset is None or charset.startswith(_UNIVERSAL) else charset
        return self if charset == self.charset else replace(self, charset=charset)


_UNIVERSAL = ("utf-8", "utf-16", "utf-32", "gb18030")

NO_LIMITS = Limits()


class _Draft:
    """A segment while it is filled in: laid out as one, but not frozen."""

    __slots__ = ("binding", "key", "limits", "notes", "role", "scene", "source", "speaker", "target")


@dataclass(frozen=True, slots=True)
class Segment(_Draft):
    """One text of a document.

    key: names it inside its document, from the content's own structure; unique there, never an index that a
        longer translation shifts.
    source: the text, markup included, its lines separated by single line feeds.
    target: what the file already holds as its translation, None where it holds none.
    speaker: who says it, as shown to the model; None when unknown.
    scene: the run of segments read in one go; context never crosses it.
    notes: what helps to translate it (a description, a face), never sent as text to translate.
    binding: texts with the same source and the same binding are one decision wherever they stand (a name and the
        comparison that tests it); None for all others.
    """

    key: str
    source: str
    role: Role
    scene: str = ""
    speaker: str | None = None
    target: str | None = None
    notes: tuple[str, ...] = ()
    limits: Limits = field(default=NO_LIMITS)
    binding: str | None = None


def _filled(  # noqa: PLR0913,PLR0917 - the fields of a segment
    key: str,
    source: str,
    role: Role,
    scene: str = "",
    speaker: str | None = None,
    target: str | None = None,
    notes: tuple[str, ...] = (),
    limits: Limits = NO_LIMITS,
    binding: str | None = None,
) -> _Draft:
    draft = _Draft()
    draft.key = key
    draft.source = source
    draft.role = role
    draft.scene = scene
    draft.speaker = speaker
    draft.target = target
    draft.notes = notes
    draft.limits = limits
    draft.binding = binding
    draft.__class__ = _FROZEN
    return draft


_FROZEN = cast("type[_Draft]", Segment)
quick_segment = cast("type[Segment]", _filled)
"""`Segment(…)` in a fifth of the time, for files with a text in every line.

A frozen dataclass sets each of its fields by a call; this one fills in a draft, and then makes it a segment.
"""
