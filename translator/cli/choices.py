"""Settings as the workflows take them."""

from collections.abc import Sequence
from pathlib import Path

from translator.backends.hosts import host_spec, is_loopback
from translator.backends.opening import KEYS
from translator.cli.options import OPTIONS
from translator.cli.settings import Rank, Settings
from translator.core.backend import BackendError
from translator.workflow.errors import UsageError
from translator.workflow.options import (
    DEFAULT_MODEL,
    BackendKind,
    InputOptions,
    JobOptions,
    Kind,
    OutputOptions,
    ServerOptions,
)
from translator.workflow.standards import severities

_VARIABLES = {
    BackendKind.OLLAMA: ("OLLAMA_HOST", KEYS["ollama"]),
    BackendKind.OPENAI: ("OPENAI_BASE_URL", KEYS["openai"]),
}
"""The variables that other programs use for a server's address and key, too."""


def server_options(settings: Settings) -> ServerOptions:
    """Which model on which servers. OLLAMA_HOST and OPENAI_BASE_URL rank with the other environment variables: where
    they count, `hosts` is empty and the backend reads them.

    Raises UsageError where a key would go to a host that only a file beside the input names.
    """
    backend = BackendKind(settings.text("backend") or BackendKind.OLLAMA)
    address, secret = _VARIABLES.get(backend, ("", ""))
    hosts = settings.words("host")
    elsewhere = settings.environ.get(address, "").strip()
    if elsewhere and settings.rank("host") < Rank.ENVIRONMENT:
        hosts = ()  # the backend reads its variable itself
    fallback = settings.text("fallback_host")
    strangers = [
        *_strangers(settings, "host", hosts, backend),
        *_strangers(settings, "fallback_host", (fallback,) if fallback else (), backend),
    ]
    return ServerOptions(
        model=settings.text("model") or DEFAULT_MODEL,
        backend=backend,
        hosts=hosts,
        api_key=settings.environ.get(secret, "").strip() or None,
        keyless=bool(strangers),
        profile=settings.text("profile"),
        parallel=settings.count("parallel"),
        num_ctx=settings.count("num_ctx"),
        fallback_model=settings.text("fallback_model"),
        fallback_host=fallback,
    )


def _strangers(settings: Settings, name: str, hosts: Sequence[str], backend: BackendKind) -> list[str]:
    """The hosts elsewhere that only a file beside the input names. Raises UsageError where there is a key for one."""
    if settings.rank(name) is not Rank.PROJECT:
        return []
    found: list[str] = []
    for host in hosts:
        try:
            spec = host_spec(host, backend)
        except BackendError:
            continue  # it is no address, which is said when it is to be reached
        if is_loopback(spec.address):
            continue
        secret = KEYS.get(spec.kind, "")
        if settings.environ.get(secret, "").strip():
            raise UsageError(
                f"{settings.place(name)}: the key in {secret} is not sent to a host that only a file beside the "
                "input names",
                hint=f"If you trust it, name it yourself: {OPTIONS[name].flag} "
                + f" {OPTIONS[name].flag} ".join(hosts),
            )
        found.append(host)
    return found


def input_options(settings: Settings, path: Path, kind: Kind | None = None) -> InputOptions:
    """What is read and how."""
    chosen = settings.text("kind")
    return InputOptions(
        path=path,
        kind=kind if kind is not None or chosen is None else Kind(chosen),
        source=settings.text("from"),
        target=settings.text("to"),
        engine=settings.text("engine"),
        include=settings.words("include"),
        exclude=settings.words("exclude"),
        charset=settings.text("charset"),
        width=settings.count("width"),
        split=settings.flag("split"),
        keep_locale=settings.flag("keep_locale"),
        font=settings.path("font"),
        glossaries=settings.paths("glossary"),
        ruby=settings.text("ruby"),
        bilingual=settings.text("bilingual"),
        horizontal=settings.flag("horizontal"),
        join=settings.flag("join"),
    )


def output_options(settings: Settings, kind: Kind) -> OutputOptions:
    """Where the result goes. Of two places that exclude each other the one that was said closer by wins.

    What is said of copies for all commands means games. Raises UsageError where both were said in the same place.
    """
    out, copy, in_place = settings.path("out"), settings.flag("copy"), settings.flag("in_place")
    if kind is not Kind.GAME and settings.rank("copy") is not Rank.COMMAND:
        copy = False
    if in_place:
        for name, given in (("out", out is not None), ("copy", copy)):
            if not given:
                continue
            if settings.rank(name) == settings.rank("in_place"):
                raise UsageError(
                    f"{settings.place('in_place')} and {settings.place(name)} exclude each other",
                    hint="Either the input is changed itself, or the result goes somewhere else.",
                )
            if settings.rank(name) > settings.rank("in_place"):
                in_place = False
        if in_place:
            out, copy = None, False
    return OutputOptions(
        out=out,
        in_place=in_place,
        copy=copy,
        force=settings.flag("force"),
        charset=settings.text("output_charset"),
    )


def _checks(settings: Settings) -> tuple[str, ...]:
    """What is said of checks; refused here, before anything is read, where it means nothing."""
    words = settings.words("check")
    severities(words)
    return words


def job_options(settings: Settings, path: Path, kind: Kind) -> JobOptions:
    """One translating command."""
    return JobOptions(
        input=input_options(settings, path, kind),
        server=server_options(settings),
        output=output_options(settings, kind),
        checks=_checks(settings),
        limit=settings.count("limit"),
        names_only=settings.flag("names_only"),
        dry_run=settings.flag("dry_run"),
        refresh=settings.flag("refresh"),
        db=settings.path("db"),
    )
