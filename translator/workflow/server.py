"""A connected server with everything that its requests share."""

from collections.abc import Mapping
from dataclasses import dataclass

from translator.core.backend import Backend, ModelInfo
from translator.core.languages import Language
from translator.core.markup import MarkupSyntax
from translator.core.recipe import Recipe
from translator.engine.desk import Desk
from translator.profiles import Profile
from translator.workflow.events import Notice, OnEvent
from translator.workflow.options import BackendKind, ServerOptions
from translator.workflow.setup import (
    choose_languages,
    choose_num_ctx,
    choose_profile,
    in_flight,
    make_recipe,
    open_server,
    resolve_model,
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that has the model. parallel: requests to keep in flight."""

    backend: Backend
    model: ModelInfo
    profile: Profile
    recipe: Recipe
    desk: Desk
    parallel: int

    @property
    def name(self) -> str:
        """The server for people: where it is and what it runs."""
        return " ".join(filter(None, (self.backend.name, self.model.server)))


async def connect(
    options: ServerOptions,
    *,
    profile: Profile,
    languages: tuple[Language, Language],
    markups: Mapping[str, MarkupSyntax],
    model: str | None,
    on_event: OnEvent,
) -> Server:
    """Reach the server and find the model on it; the backend must be closed by whoever gets the result.

    model: the exact name from an earlier run, None: as the options say. Raises ServerError, and UsageError when
    the model that is found needs another profile and that one cannot do the pair of languages.
    """
    backend = open_server(options, num_ctx=options.num_ctx or profile.budget.num_ctx)
    try:
        asked = options.model if model is None or options.backend is BackendKind.EMBEDDED else model
        info, others = await resolve_model(backend, asked)
        if model is None:
            if others:
                listed = ", ".join(others)
                on_event(Notice(f"{options.model}: using {info.name}; also installed: {listed} (choose with --model)"))
            if info.name != options.model and options.backend is not BackendKind.EMBEDDED:
                profile = choose_profile(options, info.name)
                choose_languages(profile, languages[0].code, languages[1].code)
        num_ctx = choose_num_ctx(options, profile, info)
        desk = Desk(
            profile=profile,
            source=languages[0],
            target=languages[1],
            model=info.name,
            num_ctx=num_ctx,
            markups=markups,
            structured=info.structured,
            host=backend.name,
        )
        recipe = make_recipe(profile, languages, info, num_ctx)
    except BaseException:
        await backend.close()
        raise
    return Server(backend, info, profile, recipe, desk, in_flight(options, info))
