"""What a user can decide about a job, already merged from command line, environment and configuration files."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from translator.core.jsonvalue import as_object, get_list, get_str

DEFAULT_MODEL = "sakura"


class Kind(StrEnum):
    """Which of the translating commands it is."""

    GAME = "game"
    NOVEL = "novel"
    SUBTITLE = "subtitle"
    EXCHANGE = "exchange"


class BackendKind(StrEnum):
    """The servers that can be asked."""

    OLLAMA = "ollama"
    OPENAI = "openai"
    EMBEDDED = "embedded"
    PSEUDO = "pseudo"


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Which model on which servers.

    hosts: as `--host` has them (backends.hosts.host_spec); empty: the backend's own default (OLLAMA_HOST, …).
    backend: the kind of those that do not say it. api_key: for servers of that kind; those of another kind have theirs
    in the environment. keyless: no key goes out, since only a file beside the input names the hosts.
    parallel: requests in flight at each, None: as many as the server is seen to run. num_ctx: None: the profile's.
    fallback_model: asked for what the first model cannot do; on `fallback_host`, else on the same servers.
    """

    model: str = DEFAULT_MODEL
    backend: BackendKind = BackendKind.OLLAMA
    hosts: tuple[str, ...] = ()
    api_key: str | None = None
    keyless: bool = False
    profile: str | None = None
    parallel: int | None = None
    num_ctx: int | None = None
    fallback_model: str | None = None
    fallback_host: str | None = None


@dataclass(frozen=True, slots=True)
class InputOptions:
    """What is read and how. `kind` None: find out (for `scan`). Languages None: the profile's defaults.

    ruby: what becomes of readings above characters: drop, keep, parens. bilingual: where the original stays beside its
    translation: above, below, side. horizontal: vertical writing becomes horizontal. join: a sentence that is cut over
    several cues of a subtitle file is translated as one. None: each format's own way.
    """

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
    font: Path | None = None
    glossaries: tuple[Path, ...] = ()
    ruby: str | None = None
    bilingual: str | None = None
    horizontal: bool = False
    join: bool = False

    @property
    def readings(self) -> str:
        """What becomes of readings above characters where they are not dropped; "" where they are."""
        return "" if self.ruby in (None, "drop") else self.ruby

    @property
    def settings(self) -> dict[str, str]:
        """What the user decided about books and subtitles, as formats are told it."""
        given = {"ruby": self.ruby, "bilingual": self.bilingual}
        flags = {"horizontal": self.horizontal, "join": self.join}
        return {name: value for name, value in given.items() if value} | {name: "1" for name, on in flags.items() if on}


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
    """One translating command.

    checks: `CODE=LEVEL`, as `--check` has them. limit: at most so many unique texts are asked. names_only: only names
    are, and nothing is written. refresh: unpin an older recipe.
    """

    input: InputOptions
    server: ServerOptions
    output: OutputOptions = field(default_factory=OutputOptions)
    checks: tuple[str, ...] = ()
    limit: int | None = None
    names_only: bool = False
    dry_run: bool = False
    refresh: bool = False
    db: Path | None = None


def to_json(options: JobOptions) -> str:
    """The options as JSON, to run the same command again; paths absolute, the API key left out."""
    stored = replace(
        options,
        input=replace(
            options.input,
            path=options.input.path.expanduser().absolute(),
            glossaries=tuple(path.expanduser().absolute() for path in options.input.glossaries),
            font=options.input.font and options.input.font.expanduser().absolute(),
        ),
        server=replace(options.server, api_key=None),
        output=replace(options.output, out=options.output.out and options.output.out.expanduser().absolute()),
        db=None,
    )
    return json.dumps(asdict(stored), default=str)


def from_json(text: str) -> JobOptions:
    """The options that `to_json` wrote; raises ValueError when they are not such."""
    fields = as_object(json.loads(text))
    given, server, output = (as_object(fields[name]) for name in ("input", "server", "output"))
    kind = get_str(given, "kind")
    width, limit = given.get("width"), fields.get("limit")
    out, parallel, num_ctx = output.get("out"), server.get("parallel"), server.get("num_ctx")
    return JobOptions(
        input=InputOptions(
            path=Path(get_str(given, "path")),
            kind=Kind(kind) if kind else None,
            source=_text(given, "source"),
            target=_text(given, "target"),
            engine=_text(given, "engine"),
            include=_texts(given, "include"),
            exclude=_texts(given, "exclude"),
            charset=_text(given, "charset"),
            width=width if isinstance(width, int) else None,
            split=given.get("split") is True,
            keep_locale=given.get("keep_locale") is True,
            font=Path(font) if (font := _text(given, "font")) else None,
            glossaries=tuple(map(Path, _texts(given, "glossaries"))),
            ruby=_text(given, "ruby"),
            bilingual=_text(given, "bilingual"),
            horizontal=given.get("horizontal") is True,
            join=given.get("join") is True,
        ),
        server=ServerOptions(
            model=get_str(server, "model"),
            backend=BackendKind(get_str(server, "backend")),
            hosts=_texts(server, "hosts"),
            keyless=server.get("keyless") is True,
            profile=_text(server, "profile"),
            parallel=parallel if isinstance(parallel, int) else None,
            num_ctx=num_ctx if isinstance(num_ctx, int) else None,
            fallback_model=_text(server, "fallback_model"),
            fallback_host=_text(server, "fallback_host"),
        ),
        output=OutputOptions(
            out=Path(out) if isinstance(out, str) else None,
            in_place=output.get("in_place") is True,
            copy=output.get("copy") is True,
            force=output.get("force") is True,
            charset=_text(output, "charset"),
        ),
        checks=_texts(fields, "checks") if "checks" in fields else (),
        limit=limit if isinstance(limit, int) else None,
    )


def _text(fields: Mapping[str, object], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) else None


def _texts(fields: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(value for value in get_list(fields, key) if isinstance(value, str))
