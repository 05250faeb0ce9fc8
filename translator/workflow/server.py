"""Connected servers with everything that their requests share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

from translator.backends.hosts import HostSpec
from translator.backends.late import LateBackend
from translator.core.backend import Backend, Host, ModelInfo
from translator.core.languages import Language
from translator.core.markup import MarkupSyntax
from translator.core.recipe import Recipe
from translator.engine.desk import Desk
from translator.engine.plan import least_window
from translator.engine.run import Fallback
from translator.profiles import Profile
from translator.store import Store
from translator.workflow import joining
from translator.workflow.errors import UsageError
from translator.workflow.events import Notice, OnEvent
from translator.workflow.joining import Found
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.reaching import look_at_all, under_one_name
from translator.workflow.setup import (
    choose_languages,
    choose_num_ctx,
    choose_profile,
    known_slots,
    leading_model,
    make_recipe,
    named_hosts,
    open_named,
    second_options,
)


@dataclass(frozen=True, slots=True)
class Server:
    """The servers of a job, in the order of the command. model: what the one that leads tells of it.

    fallback: the second model, for what the first cannot do. connections: what `close` ends.
    """

    hosts: tuple[Host, ...]
    model: ModelInfo
    profile: Profile
    recipe: Recipe
    desk: Desk
    fallback: Fallback | None
    connections: AsyncExitStack

    @property
    def name(self) -> str:
        """The servers for people: where they are and what runs there."""
        return " ".join(filter(None, (", ".join(host.name for host in self.hosts), self.model.server)))

    async def close(self) -> None:
        """End all connections."""
        await self.connections.aclose()


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
        found = await look_at_all(backends, options, pinned, store)
        lead, info = joining.leader(found, pinned)
        found = await under_one_name(found, lead, backends)
        joining.check(lead, found)
        if pinned is not None:
            found, narrow = joining.wide_enough(lead, found, pinned.num_ctx)
            for sentence in narrow:
                on_event(Notice(f"{sentence}; it is left out (--refresh asks all anew)", warning=True))
        elif info.name != leading_model(options) and options.backend is not BackendKind.EMBEDDED:
            profile = choose_profile(options, info.name)
            choose_languages(profile, languages[0].code, languages[1].code)
        for notice in _notices(lead, found, of_family=pinned is None):
            on_event(notice)
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
        if num_ctx < (least := least_window(desk)):
            raise UsageError(
                f"a context window of {num_ctx} tokens has no room for one line with the profile {profile.id}, "
                f"which needs {least} at least",
                hint="Give --num-ctx a larger number, and the server a larger window if its own is that small.",
            )
        recipe = make_recipe(profile, languages, info, num_ctx)
        hosts = tuple(_host(entry, backends[entry.spec], lead, desk, options.parallel) for entry in found)
        fallback = await _second(options, desk, {each.digest for each in known}, store, on_event, opened)
        return Server(hosts, info, profile, recipe, desk, fallback, opened.pop_all())


def _notices(lead: Found, found: Sequence[Found], *, of_family: bool) -> Iterator[Notice]:
    """What the user should know of the servers. of_family: whether the model was chosen by what its name may mean."""
    if of_family and lead.others and lead.info is not None:
        listed = ", ".join(lead.others)
        yield Notice(f"{lead.asked}: using {lead.info.name}; also installed: {listed} (choose with --model)")
    yield from map(Notice, joining.remarks(lead, found))
    for entry in found:
        if entry.error is not None:
            yield Notice(f"{entry.spec.name} does not answer now, it is tried again: {entry.error}", warning=True)


def _host(entry: Found, backend: Backend, lead: Found, desk: Desk, parallel: int | None) -> Host:
    """A server as the runner sees it."""
    told, name = entry.told, entry.spec.name
    if told is not None:
        slots = known_slots(entry.spec, told)
        return Host(name, backend, told.name, slots, parallel, named=told.named, expected=entry.slots, seen=True)
    fits = partial(joining.refusal, lead, entry, num_ctx=desk.num_ctx, structured=desk.json)
    asked = entry.spec.model or desk.model
    return Host(name, LateBackend(backend, asked, fits), asked, parallel=parallel, expected=entry.slots)


async def _second(
    options: ServerOptions,
    desk: Desk,
    digests: Collection[str],
    store: Store,
    on_event: OnEvent,
    opened: AsyncExitStack,
) -> Fallback | None:
    """The second model, asked with the profile of its own name, on those of its servers that answer and have it.

    digests: of the first model. Raises ServerError where no server has it, UsageError where it cannot do the pair of
    languages or is the first one.
    """
    second = second_options(options)
    if second is None:
        return None
    backends: dict[HostSpec, Backend] = {}
    for spec in named_hosts(second):
        backends[spec] = open_named(second, spec, num_ctx=options.num_ctx or desk.num_ctx)
        opened.push_async_callback(backends[spec].close)
    found = await look_at_all(backends, second, None, store, lacking=True)
    lead, info = joining.leader([entry for entry in found if entry.told is not None] or found, None)
    found = [entry for entry in await under_one_name(found, lead, backends) if entry.told is not None]
    joining.check(lead, found)
    if info.digest in digests:
        raise UsageError(
            f"the fallback model {second.model} is the one that the job is translated with",
            hint="Name another one with --fallback-model, or the server that has it with --fallback-host.",
        )
    profile = choose_profile(second, info.name)
    try:
        choose_languages(profile, desk.source.code, desk.target.code)
    except UsageError as error:
        raise UsageError(f"the fallback model {info.name}: {error}", hint=error.hint) from error
    known = [entry.info for entry in found if entry.info is not None]
    its = replace(
        desk,
        profile=profile,
        model=info.name,
        num_ctx=min(choose_num_ctx(second, profile, each) for each in known),
        structured=all(each.structured for each in known),
        host=lead.spec.name,
    )
    hosts = tuple(_host(entry, backends[entry.spec], lead, its, options.parallel) for entry in found)
    where = ", ".join(host.name for host in hosts)
    on_event(Notice(f"What {desk.model} cannot do is asked of {info.name} (profile {profile.id}) on {where}."))
    return Fallback(its, hosts)
