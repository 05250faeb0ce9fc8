"""What stands in the way of a good translation on this machine, and the command that mends each."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from translator.backends.hosts import OLLAMA, OPENAI, HostSpec, is_loopback
from translator.core.backend import Backend, BackendError, ModelInfo
from translator.model.machine import machine_memory
from translator.model.weights import GIB
from translator.profiles import Profile
from translator.store import Store
from translator.store.errors import StoreError
from translator.store.rows import KnownServer
from translator.workflow.errors import ServerError, UsageError, WorkflowError
from translator.workflow.joining import Found, check, remarks
from translator.workflow.models import ask_servers, model_profile, template_fits
from translator.workflow.options import ServerOptions
from translator.workflow.reports import Diagnosis
from translator.workflow.setup import api_key, named_hosts, resolve_model, settle_server

OLDEST = (0, 12, 4)
"""The first Ollama that refuses prompts which are too long (truncate, shift) instead of cutting them silently."""


Recall = Callable[[str, str], KnownServer | None]
"""What is remembered of a server and a model there."""


def diagnose(server: ServerOptions, *, db: Path | None) -> list[Diagnosis]:
    """Look at each server, its version, the model, its template and window, slots, memory, exposure; the database."""
    server = settle_server(server)
    with ExitStack() as end:
        try:
            store = end.enter_context(Store.open(db))
            jobs = len(store.jobs())
            said = f"{store.path}: {jobs} jobs, {store.memory_count()} remembered texts"
            return [Diagnosis("database", "ok", said), *_servers(server, store.recall_server)]
        except StoreError as error:
            broken = Diagnosis("database", "error", str(error), error.hint)
    return [broken, *_servers(server, lambda _server, _model: None)]


def _servers(server: ServerOptions, recall: Recall) -> list[Diagnosis]:
    try:
        specs = named_hosts(server)
    except UsageError as error:
        return [Diagnosis("server", "error", str(error), error.hint)]
    found: list[Diagnosis] = []
    try:
        looked = ask_servers(server, lambda spec, backend: _ask(spec, backend, server, recall))
    except WorkflowError as error:
        subject = "server" if isinstance(error, ServerError) else "settings"
        found.append(Diagnosis(subject, "error", str(error), error.hint))
        looked = [_Looked(spec, (), None) for spec in specs]
    for entry in looked:
        said = (*entry.found, *_exposure(entry.spec, server))
        found += (replace(each, host=entry.spec.name) for each in said) if len(looked) > 1 else said
    return [*found, *_together(looked, server)]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was seen of a server. info: the model there, where it has it."""

    spec: HostSpec
    found: Sequence[Diagnosis]
    info: ModelInfo | None


async def _ask(spec: HostSpec, backend: Backend, server: ServerOptions, recall: Recall) -> _Looked:
    try:
        models = await backend.models()
    except BackendError as error:
        return _Looked(spec, [Diagnosis("server", "error", str(error), error.hint)], None)
    version = next((m.server for m in models if m.server), "")
    said = f" ({version})" if version and version != backend.name else ""
    found = [Diagnosis("server", "ok", f"{backend.name} answers{said}")]
    try:
        info, others = await resolve_model(backend, spec.model or server.model)
    except BackendError as error:
        names = ", ".join(m.name for m in models) or "none"
        found.append(Diagnosis("model", "error", f"{error} (installed: {names})", error.hint))
        return _Looked(spec, found, None)
    found += _version(info.server or version)
    more = f"; also fitting: {', '.join(others)}" if others else ""
    profile = model_profile(server, info)
    found.append(Diagnosis("model", "ok", f"{info.name}, asked with the profile {profile.id}{more}"))
    found += _template(info, profile)
    found += _window(info, profile, server)
    found += _slots(spec, info, recall(spec.name, info.name))
    found += _memory(spec, info)
    return _Looked(spec, found, info)


def _together(looked: Sequence[_Looked], server: ServerOptions) -> Iterator[Diagnosis]:
    """Whether several servers can work on one job."""
    entries = [Found(each.spec, each.spec.model or server.model, each.info) for each in looked if each.info is not None]
    if len(entries) < 2:  # noqa: PLR2004 - one is always of one mind
        return
    try:
        check(entries[0], entries)
    except ServerError as error:
        yield Diagnosis("hosts", "error", str(error), error.hint)
        return
    for sentence in remarks(entries[0], entries):
        yield Diagnosis("hosts", "note", sentence)


def _version(server: str) -> Iterator[Diagnosis]:
    match = re.search(r"[Oo]llama\D*(\d+)\.(\d+)\.(\d+)", server)
    if match is None:
        return
    version = tuple(map(int, match.groups()))
    if not any(version):  # what Ollama calls itself when nobody named a version while it was built
        yield Diagnosis("version", "note", f"{server} was built from its sources: how new it is cannot be told")
    elif version < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        yield Diagnosis(
            "version",
            "warning",
            f"{server} cuts prompts that are too long without a word (from {wanted} on it says so); "
            "the program keeps its prompts short enough",
            "Install a newer Ollama from its download page.",
        )
    else:
        yield Diagnosis("version", "ok", server)


def _template(info: ModelInfo, profile: Profile) -> Iterator[Diagnosis]:
    fits = template_fits(info.template, profile)
    if fits is None:
        return
    if fits:
        yield Diagnosis("template", "ok", f"the server's template is what {profile.id} needs")
    else:
        yield Diagnosis(
            "template",
            "error",
            f"the server's template for {info.name} is not what {profile.id} needs: answers will be poor",
            f"translate model import FILE.gguf --name {info.name.removesuffix(':latest')} --profile {profile.id}",
        )


def _window(info: ModelInfo, profile: Profile, server: ServerOptions) -> Iterator[Diagnosis]:
    wanted = server.num_ctx or profile.budget.num_ctx
    if info.context is None:
        yield Diagnosis("context", "note", f"the server does not say how long its window is; {wanted} tokens are used")
    elif info.context < wanted:
        yield Diagnosis(
            "context",
            "warning",
            f"the model's window is {info.context} tokens, {wanted} are wanted",
            "Use a smaller --num-ctx, or serve the model with a longer window.",
        )
    else:
        yield Diagnosis("context", "ok", f"{wanted} of the model's {info.context} tokens are used")


def _slots(spec: HostSpec, info: ModelInfo, known: KnownServer | None) -> Iterator[Diagnosis]:
    speed = known.tokens_per_second if known is not None else None
    seen = f"; {speed:.0f} tokens/s in the last job" if speed else ""
    if info.slots is not None:
        yield Diagnosis("slots", "ok", f"the server answers {info.slots} requests at once{seen}")
    elif known is not None and known.slots is not None:
        yield Diagnosis("slots", "ok", f"the last job found {known.slots} requests at once{seen}")
    elif spec.kind == OLLAMA:
        yield Diagnosis(
            "slots",
            "note",
            "Ollama does not tell how many requests it runs at once; it is 1 unless it was started with more. "
            f"A job finds it out{seen}",
            "OLLAMA_NUM_PARALLEL=4 ollama serve",
        )


def _memory(spec: HostSpec, info: ModelInfo) -> Iterator[Diagnosis]:
    if spec.kind in (OLLAMA, OPENAI) and not is_loopback(spec.address):
        return  # this machine's memory says nothing of the server's
    machine = machine_memory()
    on_gpu = f" and {machine.gpu_free / GIB:.1f} GiB on the GPU" if machine.gpus else ""
    free = f"{machine.free / GIB:.1f} GiB{on_gpu} are free"
    if info.size is None:
        yield Diagnosis("memory", "note", free)
    elif info.size > machine.free + machine.gpu_free:
        yield Diagnosis(
            "memory",
            "warning",
            f"the model has {info.size / GIB:.1f} GiB, {free}; that is too little unless the server has it loaded now",
            "Close other programs, or take a smaller model or quantisation: translate model fit FILE.gguf",
        )
    else:
        yield Diagnosis("memory", "ok", f"the model has {info.size / GIB:.1f} GiB, {free}")


def _exposure(spec: HostSpec, server: ServerOptions) -> Iterator[Diagnosis]:
    """Ollama has no key: whoever reaches it can use it, load models into it and delete them."""
    if spec.kind != OLLAMA:
        return
    address = spec.address
    if address.startswith("https:") and api_key(server, spec):
        yield Diagnosis("exposure", "ok", f"{address} is asked with a key")
    elif not is_loopback(address):
        yield Diagnosis(
            "exposure",
            "warning",
            f"{address} is reached over the network: Ollama has no key, everyone there can use and change it",
            "Let it listen on loopback only (OLLAMA_HOST=127.0.0.1 ollama serve), or guard it with a firewall.",
        )
    elif listening := open_listeners(urlsplit(address).port):
        yield Diagnosis(
            "exposure",
            "warning",
            f"a server listens on {', '.join(listening)}, not only on loopback: Ollama has no key",
            "OLLAMA_HOST=127.0.0.1 ollama serve",
        )
    else:
        yield Diagnosis("exposure", "ok", f"{address} is reached on this machine only")


def open_listeners(port: int | None) -> list[str]:
    """The addresses other than loopback on which something listens on this port of this machine."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return []  # macOS lets only root look; then nothing can be said
    found: set[str] = set()
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            address = connection.laddr.ip
            if not (address.startswith("127.") or address in {"::1", "::ffff:127.0.0.1"}):
                found.add(f"{address}:{port}")
    return sorted(found)
