"""Connected servers with everything that their requests share."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

from translator.backends.hosts import HostSpec
from translator.backends.late import LateBackend
from translator.core.backend import (
    Backend,
    BackendError,
    BrokenReplyError,
    BusyError,
    Host,
    ModelInfo,
    NoSuchModelError,
    UnreachableError,
)
from translator.core.languages import Language
from translator.core.markup import MarkupSyntax
from translator.core.recipe import Recipe
from translator.engine.desk import Desk
from translator.profiles import Profile
from translator.store import Store
from translator.store.rows import KnownServer, ServerFacts
from translator.workflow import joining
from translator.workflow.errors import ServerError
from translator.workflow.events import Notice, OnEvent
from translator.workflow.joining import Found
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.setup import (
    choose_languages,
    choose_num_ctx,
    choose_profile,
    known_slots,
    leading_model,
    make_recipe,
    named_hosts,
    open_named,
    resolve_model,
    server_error,
)

_AWAY = (UnreachableError, BusyError, BrokenReplyError)
"""What a server may get over; anything else is for the user to mend before the job begins."""


@dataclass(frozen=True, slots=True)
class Server:
    """The servers of a job, in the order of the command. model: what the one that leads tells of it."""

    hosts: tuple[Host, ...]
    model: ModelInfo
    profile: Profile
    recipe: Recipe
    desk: Desk

    @property
    def name(self) -> str:
        """The servers for people: where they are and what runs there."""
        return " ".join(filter(None, (", ".join(host.name for host in self.hosts), self.model.server)))

    async def close(self) -> None:
        """End all connections."""
        for host in self.hosts:
            await host.backend.close()


async def connect(
    options: ServerOptions,
    *,
    profile: Profile,
    languages: tuple[Language, Language],
    markups: Mapping[str, MarkupSyntax],
    pinned: Recipe | None,
    store: Store,
    on_event: OnEvent,
) -> Server:
    """Reach the servers and find the model on each; the result must be closed by whoever gets it.

    pinned: what the job was begun with, None: as the options say. A server that does not answer now is among the
    hosts all the same, as long as another one does. What the servers tell is remembered in `store`.

    Raises ServerError where none answers, one has no such model or not the same; and UsageError when the model that is
    found needs another profile and that one cannot do the pair of languages.
    """
    async with AsyncExitStack() as opened:
        window = options.num_ctx or profile.budget.num_ctx
        backends: dict[HostSpec, Backend] = {}
        for spec in named_hosts(options):
            backends[spec] = open_named(options, spec, num_ctx=window)
            opened.push_async_callback(backends[spec].close)
        found = await _look_at_all(backends, options, pinned, store)
        lead = joining.leader(found, pinned)
        found = await _under_one_name(found, lead, backends)
        joining.check(lead, found)
        info = lead.info
        if info is None:
            raise ServerError(f"nothing is known of the model on {lead.spec.name}")
        if pinned is None:
            if lead.others:
                listed = ", ".join(lead.others)
                on_event(Notice(f"{lead.asked}: using {info.name}; also installed: {listed} (choose with --model)"))
            if info.name != leading_model(options) and options.backend is not BackendKind.EMBEDDED:
                profile = choose_profile(options, info.name)
                choose_languages(profile, languages[0].code, languages[1].code)
        for sentence in joining.remarks(lead, found):
            on_event(Notice(sentence))
        known = [entry.info for entry in found if entry.info is not None]
        num_ctx = min(choose_num_ctx(options, profile, each) for each in known)
        if pinned is not None:
            num_ctx = min(num_ctx, pinned.num_ctx)  # a server with a small window that is gone changes nothing
        structured = all(each.structured for each in known)
        desk = Desk(
            profile=profile,
            source=languages[0],
            target=languages[1],
            model=info.name,
            num_ctx=num_ctx,
            markups=markups,
            structured=structured,
            host=lead.spec.name,
        )
        recipe = make_recipe(profile, languages, info, num_ctx)
        hosts = tuple(_host(entry, backends[entry.spec], lead, desk, options.parallel) for entry in found)
        for entry in found:
            if entry.error is not None:
                on_event(
                    Notice(f"{entry.spec.name} does not answer now, it is tried again: {entry.error}", warning=True)
                )
        opened.pop_all()
    return Server(hosts, info, profile, recipe, desk)


async def _look_at_all(
    backends: Mapping[HostSpec, Backend], options: ServerOptions, pinned: Recipe | None, store: Store
) -> list[Found]:
    """Ask all servers for the model at the same time; what they tell is remembered. Raises ServerError."""
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
        elif isinstance(answer, _AWAY):
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


async def _under_one_name(found: Sequence[Found], lead: Found, backends: Mapping[HostSpec, Backend]) -> list[Found]:
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


def _host(entry: Found, backend: Backend, lead: Found, desk: Desk, parallel: int | None) -> Host:
    """A server as the runner sees it."""
    told, name = entry.told, entry.spec.name
    if told is not None:
        slots = known_slots(entry.spec, told)
        return Host(name, backend, told.name, slots, parallel, named=told.named, expected=entry.slots)
    fits = partial(joining.refusal, lead, entry, num_ctx=desk.num_ctx, structured=desk.json)
    asked = entry.spec.model or desk.model
    return Host(name, LateBackend(backend, asked, fits), asked, parallel=parallel, expected=entry.slots)
