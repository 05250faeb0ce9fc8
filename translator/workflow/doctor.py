"""What stands in the way of a good translation on this machine, and the command that mends each."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from translator.backends.hosts import is_loopback, ollama_address
from translator.core.backend import Backend, BackendError, ModelInfo
from translator.model.machine import machine_memory
from translator.model.weights import GIB
from translator.profiles import Profile
from translator.store import Store
from translator.store.errors import StoreError
from translator.workflow.errors import ServerError, WorkflowError
from translator.workflow.models import ask_server, model_profile, template_fits
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.reports import Diagnosis
from translator.workflow.setup import resolve_model, settle_server

OLDEST = (0, 12, 4)
"""The first Ollama that refuses prompts which are too long (truncate, shift) instead of cutting them silently."""


def diagnose(server: ServerOptions, *, db: Path | None) -> list[Diagnosis]:
    """Look at the server, its version, the model, its template and window, slots, memory, exposure, the database."""
    server = settle_server(server)
    found = list(_database(db))
    try:
        found += ask_server(server, lambda backend: _ask(backend, server))
    except WorkflowError as error:
        subject = "server" if isinstance(error, ServerError) else "settings"
        found.append(Diagnosis(subject, "error", str(error), error.hint))
    found += _exposure(server)
    return found


async def _ask(backend: Backend, server: ServerOptions) -> list[Diagnosis]:
    try:
        models = await backend.models()
    except BackendError as error:
        return [Diagnosis("server", "error", str(error), error.hint)]
    version = next((m.server for m in models if m.server), "")
    said = f" ({version})" if version and version != backend.name else ""
    found = [Diagnosis("server", "ok", f"{backend.name} answers{said}")]
    try:
        info, others = await resolve_model(backend, server.model)
    except WorkflowError as error:
        names = ", ".join(m.name for m in models) or "none"
        found.append(Diagnosis("model", "error", f"{error} (installed: {names})", error.hint))
        return found
    found += _version(info.server or version)
    more = f"; also fitting: {', '.join(others)}" if others else ""
    profile = model_profile(server, info)
    found.append(Diagnosis("model", "ok", f"{info.name}, asked with the profile {profile.id}{more}"))
    found += _template(info, profile)
    found += _window(info, profile, server)
    found += _slots(info, server)
    found += _memory(info, server)
    return found


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


def _slots(info: ModelInfo, server: ServerOptions) -> Iterator[Diagnosis]:
    if info.slots is not None:
        yield Diagnosis("slots", "ok", f"the server answers {info.slots} requests at once")
    elif server.backend is BackendKind.OLLAMA:
        yield Diagnosis(
            "slots",
            "note",
            "Ollama does not tell how many requests it runs at once; it is 1 unless it was started with more",
            "OLLAMA_NUM_PARALLEL=4 ollama serve",
        )


def _memory(info: ModelInfo, server: ServerOptions) -> Iterator[Diagnosis]:
    if not all(map(is_loopback, _addresses(server))):
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


def _exposure(server: ServerOptions) -> Iterator[Diagnosis]:
    """Ollama has no key: whoever reaches it can use it, load models into it and delete them."""
    if server.backend is not BackendKind.OLLAMA:
        return
    key = server.api_key or os.environ.get("OLLAMA_API_KEY")
    for address in _addresses(server):
        if address.startswith("https:") and key:
            yield Diagnosis("exposure", "ok", f"{address} is asked with a key")
            continue
        port = urlsplit(address).port
        if not is_loopback(address):
            yield Diagnosis(
                "exposure",
                "warning",
                f"{address} is reached over the network: Ollama has no key, everyone there can use and change it",
                "Let it listen on loopback only (OLLAMA_HOST=127.0.0.1 ollama serve), or guard it with a firewall.",
            )
        elif listening := open_listeners(port):
            yield Diagnosis(
                "exposure",
                "warning",
                f"a server listens on {', '.join(listening)}, not only on loopback: Ollama has no key",
                "OLLAMA_HOST=127.0.0.1 ollama serve",
            )
        else:
            yield Diagnosis("exposure", "ok", f"{address} is reached on this machine only")


def _addresses(server: ServerOptions) -> list[str]:
    """Where the Ollama servers are; an address that is none was reported as the server's error already."""
    if server.backend is not BackendKind.OLLAMA:
        return []
    named: Sequence[str | None] = server.hosts or (os.environ.get("OLLAMA_HOST"),)
    addresses: list[str] = []
    for host in named:
        with suppress(BackendError):
            addresses.append(ollama_address(host))
    return list(dict.fromkeys(addresses))


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


def _database(db: Path | None) -> Iterator[Diagnosis]:
    try:
        with closing(Store.open(db)) as store:
            jobs = len(store.jobs())
            yield Diagnosis("database", "ok", f"{store.path}: {jobs} jobs, {store.memory_count()} remembered texts")
    except StoreError as error:
        yield Diagnosis("database", "error", str(error), error.hint)
