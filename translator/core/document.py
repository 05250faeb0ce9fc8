"""What a file format promises: bytes in, segments out, and the same bytes back but for the translations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from pathlib import PurePath
from typing import ClassVar, NamedTuple, Protocol, runtime_checkable

from translator.core.markup import NO_MARKUP, MarkupSyntax
from translator.core.segment import Segment


class Confidence(IntEnum):
    """How sure a format or game is that something is its own; the highest claim wins."""

    NONE = 0
    MAYBE = 1
    LIKELY = 2
    CERTAIN = 3


class Family(StrEnum):
    """Which command a format belongs to."""

    GAME = "game"
    NOVEL = "novel"
    SUBTITLE = "subtitle"
    EXCHANGE = "exchange"


class FormatError(Exception):
    """A file is not what its format says: truncated, invalid, in another charset.

    offset: where, in bytes from the start of the file (None when no single place is to blame).
    """

    def __init__(self, message: str, *, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class UnencodableError(Exception):
    """A translation holds a character that the document's charset has no place for; names the charsets that do."""

    def __init__(self, key: str, character: str, charset: str, *, instead: Sequence[str] = ("utf-8",)) -> None:
        super().__init__(
            f"{key}: {charset} has no {character!r} (U+{ord(character):04X}); "
            f"choose another with --output-charset, for example {', '.join(instead)}"
        )
        self.key = key
        self.character = character
        self.charset = charset
        self.instead = tuple(instead)


class RefusedTargetError(ValueError):
    """A translation cannot stand where its source stands: it would be read back as something else.

    (A line break where a line is a paragraph, a blank line that ends a cue.) Without it the file can be written.
    """

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FormatInfo:
    """What is said about a format before any file is opened.

    patterns: glob patterns of the file names it usually has. charsets: those it reads, the usual one first.
    """

    id: str
    title: str
    family: Family
    patterns: tuple[str, ...]
    charsets: tuple[str, ...] = ("utf-8",)
    markup: MarkupSyntax = NO_MARKUP


@dataclass(frozen=True, slots=True)
class FormatOptions:
    """What the caller knows about a file.

    name: its path inside the input, for formats whose content depends on it.
    charset: how to read it; None: detect. output_charset: how to write it; None: as it was read, unless
        `target_language` cannot be written so, then UTF-8. With no target language nothing is ever switched.
    settings: facts about the whole game, and what the user decided (`ruby`, `bilingual`, `horizontal`, `join`), by
        the names that the format's docstring lists.
    """

    name: PurePath = field(default_factory=PurePath)
    charset: str | None = None
    output_charset: str | None = None
    target_language: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict[str, str])


class Document(Protocol):
    """An opened file."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Its texts in reading order."""
        ...

    @property
    def notices(self) -> Sequence[str]:
        """What the user should be told about it (a charset that changes), one sentence each."""
        ...

    @property
    def charset(self) -> str | None:
        """What it is written in; None where every character can be written."""
        ...

    def render(self, targets: Mapping[str, str]) -> bytes:
        """The file with the targets (by key) in place of their sources and every other byte as it was.

        Targets are written as they are, never re-wrapped; keys that it does not have raise KeyError.
        Raises UnencodableError for a character that the charset of the output does not have, and RefusedTargetError
        for a target that would not be read back as it is.
        """
        ...


class HeldBack(NamedTuple):
    """A text of a file that is not offered for translation: where it stands, what it is, and why.

    place: as a key would name it. reason: a few words (`file name`, `label`), the same for all of a kind.
    """

    place: str
    text: str
    reason: str


@runtime_checkable
class HoldsBack(Protocol):
    """A document that can tell which of its strings it holds back."""

    def held_back(self) -> Iterator[HeldBack]:
        """The strings that are identifiers in disguise, or that nobody sees, in the order of the file."""
        ...


@runtime_checkable
class Packed(Protocol):
    """A format whose files hold others, compressed. Two of its files are equal where all that they hold is."""

    def parts(self, blob: bytes) -> Sequence[tuple[str, bytes]]:
        """The name and the unpacked bytes of all that a file holds, in its order; raises FormatError."""
        ...


@runtime_checkable
class ChoosesMarkup(Protocol):
    """A format whose markup depends on what the user decided (what becomes of readings above characters)."""

    def markup(self, settings: Mapping[str, str]) -> MarkupSyntax:
        """The markup of its texts where the files are opened with these settings."""
        ...


@runtime_checkable
class TakesNamed(Protocol):
    """A format that also reads a file which nothing shows to be its own, where a person named just that file."""

    def takes(self, name: PurePath, head: bytes) -> bool:
        """Whether such a file, which no format claims, can be read, by its path and up to its first 64 KiB."""
        ...


@runtime_checkable
class NamedByLocale(Protocol):
    """A format that has a file for each language, which its path tells."""

    def locale(self, name: PurePath) -> str | None:
        """The locale that the texts of a file are in, by its path; None where that tells none."""
        ...


class Format(Protocol):
    """A file format. A module of `translator.formats` registers one by exporting it as FORMAT."""

    info: ClassVar[FormatInfo]

    def sniff(self, name: PurePath, head: bytes) -> Confidence:
        """How sure it is, from the file's path and up to its first 64 KiB, that the file is its own."""
        ...

    def open(self, blob: bytes, *, options: FormatOptions) -> Document:
        """Read a file; raises FormatError, and nothing else, when it cannot."""
        ...
