"""Asking all servers that were named for a model, and remembering what they tell."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from translator.backends.hosts import HostSpec
from translator.core.backend import (
    Backend,
    BackendError,
    BrokenReplyError,
    BusyError,
    ModelInfo,
    NoSuchModelError,
    UnreachableError,
)
from translator.core.recipe import Recipe
from translator.store import Store
from translator.store.rows import KnownServer, ServerFacts
from translator.workflow.joining import Found
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.setup import resolve_model, server_error

_AWAY = (UnreachableError, BusyError, BrokenReplyError)
"""What a server may get over; anything else is for the user to mend before the job begins."""


async def look_at_all(
    backends: Mapping[HostSpec, Backend],
    options: ServerOptions,
    pinned: Recipe | None,
    store: Store,
    *,
    lacking: bool = False,
) -> list[Found]:
    """Ask all servers for the model at the same time; what they tell is remembered.

    lacking: a server may lack the model, and is then as one that does not answer. Raises ServerError.
    """
    asking = (_look(spec, backend, options, pinned) for spec, backend in backends.items())
    answers = await asyncio.gather(*asking, return_exceptions=True)
    found: list[Found] = []
    for spec, answer in zip(backends, answers, strict=True):
        asked = spec.model or options.model
        known = store.recall_server(spec.name, answer[0].name if isinstance(answer, tuple) else asked)
        slots = None if known is None else known.slots
        if isinstance(answer, tuple):
            info, others = answer
            _remember(store, spec, asked, info)
            found.append(Found(spec, asked, info, others, slots=slots))
        elif isinstance(answer, _AWAY) or (lacking and isinstance(answer, NoSuchModelError)):
            found.append(Found(spec, asked, None if known is None else _remembered(known), error=answer, slots=slots))
        elif isinstance(answer, BackendError):
            raise server_error(answer) from answer
        else:
            raise answer
    return found


async def _look(
    spec: HostSpec, backend: Backend, options: ServerOptions, pinned: Recipe | None
) -> tuple[ModelInfo, tuple[str, ...]]:
    """The model on a server: its own name, that of the job, or what --model means there. Raises BackendErrors."""
    if pinned is not None and spec.model is None and options.backend is not BackendKind.EMBEDDED:
        try:
            return await backend.describe(pinned.model), ()
        except NoSuchModelError:
            pass  # the server has another name for it, or lacks it, which is then said
    return await resolve_model(backend, spec.model or options.model)


async def under_one_name(found: Sequence[Found], lead: Found, backends: Mapping[HostSpec, Backend]) -> list[Found]:
    """Where a name could mean several models, all servers take the one that the leader took, if they have it."""
    if lead.info is None or lead.spec.model is not None:
        return list(found)
    same: list[Found] = []
    for entry in found:
        told = entry.told
        if told is not None and entry.spec.model is None and told.name != lead.info.name:
            try:
                told = await backends[entry.spec].describe(lead.info.name)
            except BackendError:
                told = entry.told  # it is called otherwise there; whether it is the same is seen next
        same.append(entry if told is entry.told else replace(entry, info=told))
    return same


def _remember(store: Store, spec: HostSpec, asked: str, info: ModelInfo) -> None:
    facts = ServerFacts(name=info.name, context=info.context, structured=info.structured)
    if info.digest:
        facts["digest"] = info.digest
    for name in {asked, info.name}:  # the next run may ask for either
        store.remember_server(spec.name, name, **facts)


def _remembered(known: KnownServer) -> ModelInfo | None:
    if known.name is None or known.digest is None:
        return None
    return ModelInfo(known.name, known.digest, context=known.context, structured=bool(known.structured))
