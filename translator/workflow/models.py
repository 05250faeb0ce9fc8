"""The server's models, new ones for it, and what a model needs."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from translator.backends.ollama_admin import OllamaAdmin, Progress
from translator.core.backend import Backend, BackendError, ModelInfo
from translator.profiles import Profile
from translator.workflow.errors import InputError, UsageError
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.reports import ImportReport, ModelReport
from translator.workflow.setup import choose_profile, open_server, resolve_model, server_error, settle_server

_Result = TypeVar("_Result")


def list_models(server: ServerOptions) -> list[ModelReport]:
    """The server's models, each with the profile that it would be asked with. Raises ServerError."""

    async def ask(backend: Backend) -> list[ModelReport]:
        return [_report(info, choose_profile(server, info.name)) for info in await backend.models()]

    return ask_server(settle_server(server), ask)


def show_model(server: ServerOptions, name: str) -> ModelReport:
    """One model, by its name or that of its family. Raises ServerError."""

    async def ask(backend: Backend) -> ModelReport:
        info, _ = await resolve_model(backend, name)
        return _report(info, choose_profile(server, info.name))

    return ask_server(settle_server(server), ask)


def import_model(
    server: ServerOptions,
    file: Path,
    name: str | None,
    profile: str | None,
    on_progress: Callable[[int, int], None],
) -> ImportReport:
    """Give an Ollama server a model from a GGUF file, set up as its profile needs it.

    on_progress: called with the bytes done and in all, first for hashing and then for sending. Raises InputError
    when the file is no GGUF, ServerError when the server does not take it.
    """
    if server.backend is not BackendKind.OLLAMA:
        raise UsageError(
            "only an Ollama server can be given a model", hint="Other servers load their files themselves."
        )
    file = file.expanduser().absolute()
    _require_gguf(file)
    model = name or model_name(file)
    chosen = choose_profile(
        ServerOptions(model=model, profile=profile or server.profile), f"{model} {file.stem}" if name else model
    )

    def told(progress: Progress) -> None:
        on_progress(progress.done, progress.total)

    async def run() -> str:
        admin = OllamaAdmin(_host(server), api_key=server.api_key)
        try:
            return await admin.import_file(
                file,
                model,
                template=chosen.server.template,
                system=chosen.server.system,
                parameters=dict(chosen.server.parameters),
                shown=told,
            )
        finally:
            await admin.close()

    try:
        digest = asyncio.run(run())
    except BackendError as error:
        raise server_error(error) from error
    address = OllamaAdmin(_host(server)).address
    return ImportReport(
        model=model,
        file=str(file),
        digest=digest,
        profile=chosen.id,
        server=address,
        next_step=f"translate game FOLDER --model {model}",
    )


def model_name(file: Path) -> str:
    """What Ollama can call the model of a file: its name in small letters, with no other sign than `.`, `-`, `_`."""
    return re.sub(r"[^a-z0-9._-]+", "-", file.stem.lower()).strip("-._") or "model"


def ask_server(server: ServerOptions, ask: Callable[[Backend], Awaitable[_Result]]) -> _Result:
    """What `ask` finds out of a server. Raises ServerError."""

    async def run() -> _Result:
        backend = open_server(server, num_ctx=server.num_ctx or 2048)
        try:
            return await ask(backend)
        finally:
            await backend.close()

    try:
        return asyncio.run(run())
    except BackendError as error:
        raise server_error(error) from error


def template_fits(template: str | None, profile: Profile) -> bool | None:
    """Whether a server's template does what the profile's does; None where one of them is not known.

    Two templates may be spelled differently and still do the same; what counts are the turns' marks that the
    profile's template has, and that no text of the profile's prompts stands in the server's already.
    """
    wanted = profile.server.template
    if not wanted or template is None:
        return None
    marks = set(re.findall(r"<\|?[\w｜▁]+\|?>", wanted))
    words = [piece for piece in (profile.templates.user.split("{text}")[0].strip(),) if piece]
    return all(mark in template for mark in marks) and not any(word in template for word in words)


def _report(info: ModelInfo, profile: Profile) -> ModelReport:
    return ModelReport(
        name=info.name,
        digest=info.digest,
        size=info.size,
        quantisation=info.quantisation,
        context=info.context,
        profile=profile.id,
        capabilities=info.capabilities,
        parameters=info.parameters,
        template=info.template,
        template_fits=template_fits(info.template, profile),
        server=info.server,
    )


def _require_gguf(file: Path) -> None:
    try:
        with file.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
    if magic != b"GGUF":
        raise InputError(f"{file}: this is no GGUF file", hint="Ollama takes models in the GGUF format of llama.cpp.")


def _host(server: ServerOptions) -> str | None:
    return server.hosts[0] if server.hosts else os.environ.get("OLLAMA_HOST")
