"""What a game engine promises: which files of a folder hold text, in reading order, and what holds for them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import ClassVar, Protocol

from translator.core.document import Confidence, FormatOptions
from translator.core.markup import NO_MARKUP, MarkupSyntax


class GameError(Exception):
    """A game folder cannot be translated as it is; the message says what to do first."""


@dataclass(frozen=True, slots=True)
class GameInfo:
    """What is said about an engine: id, title, the markup of its texts beyond the formats' own.

    tables: those of a `translate.toml` in a game's folder that hold the game's own rules and that the engine reads.
    """

    id: str
    title: str
    markup: MarkupSyntax = NO_MARKUP
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GameSettings:
    """What the user decided about a game's layout and fonts, beside the languages.

    width: half-width columns of a message line, None: the engine's own. split: a message that overflows may go on
    in another one. keep_locale: the engine's locale setting stays as it is. font: a font file for the target language.
    """

    source_language: str
    target_language: str
    width: int | None = None
    split: bool = False
    keep_locale: bool = False
    font: Path | None = None


@dataclass(frozen=True, slots=True)
class GameFile:
    """One file that holds text: its path under the root, its format's id, and how to open it.

    made: gives the bytes of a file that the engine reads beside the original ones (a translation of a script), made
    from those and from what stands at its path already; None: the file at the path is read. It is called whenever the
    file is to be read, gives the same bytes for the same game, and raises FormatError, GameError or OSError.
    """

    path: PurePosixPath
    format: str
    options: FormatOptions = field(default_factory=FormatOptions)
    made: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A file without text that a translated game needs (a font, a style): its path under the root, and its bytes.

    read: raises OSError.
    """

    path: PurePosixPath
    read: Callable[[], bytes]


class Game(Protocol):
    """A game engine. A module of `translator.games` registers one by exporting it as GAME."""

    info: ClassVar[GameInfo]

    def locate(self, path: Path) -> Path | None:
        """The root of the game that `path` (its root, or a folder of it that users point at) belongs to."""
        ...

    def detect(self, root: Path) -> Confidence:
        """How sure it is that `root` is a game of this engine."""
        ...

    def files(self, root: Path, settings: GameSettings) -> Iterator[GameFile]:
        """The files that hold text, in the order in which a player meets them. Raises GameError."""
        ...

    def extras(self, root: Path, settings: GameSettings) -> Iterator[Extra]:
        """What is written with the translation, where nothing else stands. Raises GameError."""
        ...

    def notices(self, root: Path, settings: GameSettings) -> Iterator[str]:
        """What the user should be told before the work starts, one sentence each."""
        ...
