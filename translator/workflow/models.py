"""The server's models, new ones for it, and what a model needs."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from translator.backends.demo import demo_model
from translator.backends.hosts import OLLAMA, HostSpec
from translator.backends.ollama_admin import OllamaAdmin, Progress
from translator.core.backend import Backend, BackendError, ModelInfo
from translator.model.cache import cache_of
from translator.model.errors import ModelFileError, UnknownSizeError
from translator.model.fit import Need, judge
from translator.model.gguf_header import read_header, read_model
from translator.model.machine import Machine, machine_memory
from translator.model.weights import DEFAULT_QUANTISATION, GIB, plain_weights, read_name, with_overhead
from translator.profiles import Profile
from translator.workflow.errors import InputError, UsageError
from translator.workflow.options import DEFAULT_MODEL, BackendKind, ServerOptions
from translator.workflow.reports import FitReport, ImportReport, ModelReport
from translator.workflow.setup import (
    DEMO_MODEL,
    api_key,
    choose_profile,
    leading_model,
    named_hosts,
    open_named,
    resolve_model,
    server_error,
    settle_server,
)

_Result = TypeVar("_Result")


def list_models(server: ServerOptions) -> list[ModelReport]:
    """The servers' models, each with the profile that it would be asked with. Raises ServerError.

    Of several servers, those that do not answer are left out as long as one does.
    """
    if server.backend is BackendKind.EMBEDDED and server.model == DEFAULT_MODEL:
        server = replace(server, model=DEMO_MODEL)  # no file was named: the program brings this one itself
    settled = settle_server(server)

    async def ask(spec: HostSpec, backend: Backend) -> list[ModelReport]:
        models = await backend.models()
        return [replace(_report(info, model_profile(settled, info)), server=spec.name) for info in models]

    return [report for reports in _all_that_answer(settled, ask) for report in reports]


def show_model(server: ServerOptions, name: str) -> list[ModelReport]:
    """One model on each server that has it, by its name or that of its family; at least one.

    A GGUF file or `demo` is run to look at it. Raises ServerError.
    """
    settled = settle_server(replace(server, model=name))

    async def ask(spec: HostSpec, backend: Backend) -> ModelReport:
        info, _ = await resolve_model(backend, spec.model or settled.model)
        return _report(info, model_profile(settled, info))

    return _all_that_answer(settled, ask)


def _all_that_answer(
    server: ServerOptions, ask: Callable[[HostSpec, Backend], Coroutine[None, None, _Result]]
) -> list[_Result]:
    """What `ask` finds out of each server; the first one's error where it fails with all of them."""

    async def kept(spec: HostSpec, backend: Backend) -> _Result | BackendError:
        try:
            return await ask(spec, backend)
        except BackendError as error:
            return error

    answers = ask_servers(server, kept)
    good = [answer for answer in answers if not isinstance(answer, BackendError)]
    if not good:
        raise server_error(next(answer for answer in answers if isinstance(answer, BackendError)))
    return good


def import_model(
    server: ServerOptions,
    file: Path,
    name: str | None,
    profile: str | None,
    on_progress: Callable[[int, int], None],
) -> ImportReport:
    """Give the Ollama servers a model from a GGUF file, set up as its profile needs it; others take none.

    on_progress: called with the bytes done and in all, first for hashing and then for sending. Raises InputError
    when the file is no whole GGUF, ServerError when the server does not take it.
    """
    specs = [spec for spec in named_hosts(server) if spec.kind == OLLAMA]
    if not specs:
        raise UsageError(
            "only an Ollama server can be given a model", hint="Other servers load their files themselves."
        )
    file = file.expanduser().absolute()
    _require_whole(file)
    model = name or model_name(file)
    chosen = choose_profile(
        ServerOptions(model=model, profile=profile or server.profile), f"{model} {file.stem}" if name else model
    )

    def told(progress: Progress) -> None:
        on_progress(progress.done, progress.total)

    async def give(spec: HostSpec) -> tuple[str, str]:
        admin = OllamaAdmin(spec.address, api_key=api_key(server, spec))
        try:
            digest = await admin.import_file(
                file,
                model,
                template=chosen.server.template,
                system=chosen.server.system,
                parameters=dict(chosen.server.parameters),
                shown=told,
            )
        finally:
            await admin.close()
        return digest, admin.address

    async def run() -> list[tuple[str, str]]:
        return [await give(spec) for spec in specs]

    try:
        given = asyncio.run(run())
    except BackendError as error:
        raise server_error(error) from error
    return ImportReport(
        model=model,
        file=str(file),
        digest=given[0][0],
        profile=chosen.id,
        server=", ".join(address for _, address in given),
        next_step=f"translate game FOLDER --model {model}",
    )


def model_name(file: Path) -> str:
    """What Ollama can call the model of a file: its name in small letters, with no other sign than `.`, `-`, `_`."""
    return re.sub(r"[^a-z0-9._-]+", "-", file.stem.lower()).strip("-._") or "model"


def fit(name_or_file: str, context: int, slots: int) -> FitReport:
    """What memory a model needs, and whether this machine has it.

    name_or_file: a GGUF file, or a name that says how many parameters the model has and how they are quantised (4
    bits where it does not, as Ollama's names). Raises InputError for a file that cannot be read, UsageError for a
    name without size.
    """
    try:
        file = _model_file(name_or_file)
        if file is not None:
            return _fit_file(file, context, slots)
        named = read_name(name_or_file)
    except ModelFileError as error:
        raise InputError(str(error), hint=error.hint) from error
    except UnknownSizeError as error:
        raise UsageError(
            str(error),
            hint=f"Say the size too, such as “{name_or_file or 'sakura'}-7b-q4” or “7.62B Q4”, or give a GGUF file.",
        ) from error
    quantisation = named.quantisation or DEFAULT_QUANTISATION
    weights = plain_weights(named.parameters, quantisation)
    need = Need(weights * GIB, named.parameters * 1e9, quantisation, None, context, slots)
    return _fit_report(name_or_file, need, "name", machine_memory())


def _fit_file(file: Path, context: int, slots: int) -> FitReport:
    header = read_model(file)
    need = Need(
        header.weights,
        header.parameters,
        header.quantisation,
        cache_of(header),
        context,
        slots,
        header.own_int("context_length"),
    )
    return _fit_report(str(file), need, "file", machine_memory())


def _model_file(name_or_file: str) -> Path | None:
    if name_or_file == DEMO_MODEL:
        try:
            return demo_model()
        except BackendError as error:
            raise ModelFileError(str(error), hint=error.hint) from error
    path = Path(name_or_file).expanduser()
    return path if path.suffix.lower() == ".gguf" or path.is_file() else None


def _fit_report(model: str, need: Need, source: str, machine: Machine) -> FitReport:
    low, high = with_overhead(need.weights)
    judgement = judge(need, machine)
    return FitReport(
        model=model,
        parameters=need.parameters / 1e9 if need.parameters else None,
        quantisation=need.quantisation,
        weights=need.weights / GIB,
        weights_from=source,
        low=low / GIB,
        high=high / GIB,
        context=need.context,
        slots=need.slots,
        kv_cache=need.cache_bytes / GIB if need.cache else None,
        total_low=need.low / GIB,
        total_high=need.high / GIB,
        memory_total=machine.total / GIB,
        memory_free=machine.free / GIB,
        gpus=tuple(gpu.name for gpu in machine.gpus),
        gpu_memory=machine.gpu_free / GIB,
        verdict=judgement.verdict.value,
        advice=judgement.advice,
    )


def ask_servers(
    server: ServerOptions, ask: Callable[[HostSpec, Backend], Coroutine[None, None, _Result]]
) -> list[_Result]:
    """What `ask` finds out of each of the named servers, all asked at the same time. Raises ServerError, UsageError."""

    async def one(spec: HostSpec, window: int) -> _Result:
        backend = open_named(server, spec, num_ctx=window)
        try:
            return await ask(spec, backend)
        finally:
            await backend.close()

    async def run() -> list[_Result]:
        window = server.num_ctx or choose_profile(server, leading_model(server)).budget.num_ctx
        return await asyncio.gather(*(one(spec, window) for spec in named_hosts(server)))

    try:
        return asyncio.run(run())
    except BackendError as error:
        raise server_error(error) from error


def model_profile(server: ServerOptions, info: ModelInfo) -> Profile:
    """The profile for a model; the demo model is known by what the user calls it."""
    return choose_profile(server, server.model if server.backend is BackendKind.EMBEDDED else info.name)


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


def _require_whole(file: Path) -> None:
    """Look at a file before gigabytes of it are sent. Raises InputError."""
    try:
        header = read_header(file)
    except ModelFileError as error:
        raise InputError(str(error), hint=error.hint) from error
    parts = header.metadata.get("split.count", 1)
    if isinstance(parts, int) and parts > 1:
        raise InputError(
            f"{file}: this is one of {parts} parts of a model; Ollama takes whole files",
            hint="Put them together with llama.cpp: llama-gguf-split --merge FIRST-PART WHOLE.gguf",
        )
