"""What a user can decide about a job, already merged from command line, environment and configuration files."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

DEFAULT_MODEL = "sakura"


class Kind(StrEnum):
    """Which of the translating commands it is."""

    GAME = "game"
    NOVEL = "novel"
    SUBTITLE = "subtitle"


class BackendKind(StrEnum):
    """The servers that can be asked."""

    OLLAMA = "ollama"
    OPENAI = "openai"
    EMBEDDED = "embedded"
    PSEUDO = "pseudo"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Which model on which server. `hosts` empty: the backend's own default (OLLAMA_HOST, 127.0.0.1:11434, …).

    parallel: requests in flight, None: as many as the server is seen to run. num_ctx: None: the profile's.
    """

    model: str = DEFAULT_MODEL
    backend: BackendKind = BackendKind.OLLAMA
    hosts: tuple[str, ...] = ()
    api_key: str | None = None
    profile: str | None = None
    parallel: int | None = None
    num_ctx: int | None = None


@dataclass(frozen=True, slots=True)
class InputOptions:
    """What is read and how. `kind` None: find out (for `scan`). Languages None: the profile's defaults."""

    path: Path
    kind: Kind | None = None
    source: str | None = None
    target: str | None = None
    engine: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    charset: str | None = None
    width: int | None = None
    split: bool = False
    keep_locale: bool = False
    glossaries: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where the result goes. None of the three: a sibling of the input."""

    out: Path | None = None
    in_place: bool = False
    copy: bool = False
    force: bool = False
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class JobOptions:
    """One translating command. limit: at most so many unique texts are asked. refresh: unpin an older recipe."""

    input: InputOptions
    server: ServerOptions
    output: OutputOptions = field(default_factory=OutputOptions)
    limit: int | None = None
    dry_run: bool = False
    refresh: bool = False
    db: Path | None = None
