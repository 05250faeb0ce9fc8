"""Which profile, languages, server and model a job uses."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from translator.backends.hosts import HostSpec
from translator.backends.opening import KEYS, PSEUDO, host_specs, open_host
from translator.core.backend import Backend, BackendError, ModelInfo, NoSuchModelError
from translator.core.languages import Language, language
from translator.core.recipe import Recipe
from translator.glossary.errors import GlossaryError
from translator.glossary.layers import Glossary, effective
from translator.profiles import Profile, all_profiles, best_installed, for_model
from translator.workflow.errors import InputError, ServerError, UsageError, WorkflowError
from translator.workflow.options import BackendKind, ServerOptions

DEMO_MODEL = "demo"
EMBEDDED_SLOTS = 4
"""Answers that the embedded model gives at once when --parallel does not say.

Tokens per second of CPU time on the demo model, measured: 1 slot 20, 2 slots 27, 4 slots 35, 8 slots 38.
"""
PSEUDO_IN_FLIGHT = 8


def settle_server(options: ServerOptions) -> ServerOptions:
    """The options with the backend that the model's name implies: a GGUF file or `demo` is run by the program."""
    if options.backend is BackendKind.PSEUDO:
        return replace(options, model="pseudo")
    if options.backend is BackendKind.OLLAMA and not options.hosts:
        is_file = options.model.lower().endswith(".gguf") and Path(options.model).expanduser().is_file()
        if is_file or options.model == DEMO_MODEL:
            options = replace(options, backend=BackendKind.EMBEDDED)
    if options.backend is BackendKind.EMBEDDED and options.model != DEMO_MODEL:
        return replace(options, model=str(Path(options.model).expanduser().absolute()))
    return options


def second_options(options: ServerOptions) -> ServerOptions | None:
    """The options that reach the fallback model: on a server of its own, else where the first model is; None: there is
    none. Raises UsageError where no model is named.
    """
    if options.fallback_model is None and options.fallback_host is None:
        return None
    served = options.backend in (BackendKind.OLLAMA, BackendKind.OPENAI)
    hosts = (options.fallback_host,) if options.fallback_host else ()
    if not hosts and served and options.hosts:
        hosts = tuple(f"{spec.kind}+{spec.address}" for spec in named_hosts(options))
    second = replace(
        options,
        backend=options.backend if served else BackendKind.OLLAMA,
        hosts=hosts,
        profile=None,
        fallback_model=None,
        fallback_host=None,
    )
    model = options.fallback_model or (named_hosts(second)[0].model if hosts else None)
    if model is None:
        raise UsageError(
            f"--fallback-host {options.fallback_host} names no model",
            hint="Name it with --fallback-model, or behind the address: URL#MODEL.",
        )
    return settle_server(replace(second, model=model))


def choose_profile(options: ServerOptions, model: str) -> Profile:
    """The profile that was asked for, else the one for the model's name. Raises UsageError for an unknown one."""
    if options.profile is not None:
        found = all_profiles().get(options.profile)
        if found is None:
            raise UsageError(
                f"there is no profile {options.profile}", hint=f"There are: {', '.join(sorted(all_profiles()))}."
            )
        return found
    if options.backend is BackendKind.PSEUDO:
        return all_profiles()["pseudo"]
    if options.backend is BackendKind.EMBEDDED:
        return all_profiles()["completion"] if model == DEMO_MODEL else for_model(Path(model).name)
    return for_model(model)


def choose_languages(profile: Profile, source: str | None, target: str | None) -> tuple[Language, Language]:
    """The pair of languages, the profile's defaults filling what was not said.

    Raises UsageError for an unknown code and for a pair that the profile cannot do, naming the profiles that can.
    """
    chosen = (
        known_language(source or profile.languages.default[0]),
        known_language(target or profile.languages.default[1]),
    )
    codes = chosen[0].code, chosen[1].code
    if codes[0] == codes[1]:
        raise UsageError(
            f"{codes[0]} to {codes[1]}: both languages are the same", hint="Name them with --from and --to."
        )
    if not profile.supports(*codes):
        able = sorted(p.id for p in all_profiles().values() if p.supports(*codes) and p.id != "pseudo")
        pairs = ", ".join(f"{a} to {b}" for a, b in profile.languages.pairs)
        raise UsageError(
            f"the profile {profile.id} translates {pairs}; it cannot do {codes[0]} to {codes[1]}",
            hint=f"Profiles that can: {', '.join(able) or 'none'}. Choose a model of such a family, or --profile.",
        )
    return chosen


def known_language(code: str) -> Language:
    """The language of a code; raises UsageError for an unknown one."""
    try:
        return language(code)
    except KeyError:
        raise UsageError(
            f"no language is called {code}", hint="Use a code such as ja, zh-CN, zh-TW, en or ko."
        ) from None


def named_hosts(options: ServerOptions) -> tuple[HostSpec, ...]:
    """The servers that the options name, at least one. Raises UsageError for what names none."""
    try:
        return host_specs(options.backend.value, options.hosts, model=options.model, environ=os.environ)
    except BackendError as error:
        raise UsageError(str(error), hint=error.hint) from error


def leading_model(options: ServerOptions) -> str:
    """The model that the job is known by: the first server's own name for it, else that of --model."""
    return named_hosts(options)[0].model or options.model


def open_named(options: ServerOptions, spec: HostSpec, *, num_ctx: int) -> Backend:
    """The backend of a named server; nothing is asked yet. Raises ServerError."""
    try:
        return open_host(
            spec, api_key=api_key(options, spec), slots=options.parallel or EMBEDDED_SLOTS, num_ctx=num_ctx
        )
    except BackendError as error:
        raise server_error(error) from error


def api_key(options: ServerOptions, spec: HostSpec) -> str | None:
    """The key for a server: that of its kind, and none where the options forbid it."""
    if options.keyless:
        return None
    given = options.api_key if spec.kind == options.backend.value else None
    return given or os.environ.get(KEYS.get(spec.kind, ""))


def server_error(error: BackendError) -> WorkflowError:
    """The error as a command reports it."""
    return ServerError(str(error), hint=error.hint)


async def resolve_model(backend: Backend, name: str) -> tuple[ModelInfo, tuple[str, ...]]:
    """The model of that name, else the best installed one of the family that the name stands for.

    Also gives the other installed models that the name could mean. Raises BackendErrors.
    """
    try:
        return await backend.describe(name), ()
    except NoSuchModelError as missing:
        fitting = best_installed(name, [model.name for model in await backend.models()])
        if fitting:
            return await backend.describe(fitting[0]), tuple(fitting[1:])
        hint = _import_hint(name) or missing.hint
        raise NoSuchModelError(str(missing), hint=hint, near=missing.near) from missing


def _import_hint(name: str) -> str:
    families = {alias for profile in all_profiles().values() for alias in profile.aliases}
    if name.lower() not in families:
        return ""
    return (
        f"No model of the {name} family is installed. Give the server a file with `translate model import FILE.gguf`, "
        "or let Ollama fetch one with `ollama pull hf.co/ORGANISATION/REPOSITORY:QUANTISATION`."
    )


def make_recipe(profile: Profile, languages: Sequence[Language], model: ModelInfo, num_ctx: int) -> Recipe:
    """All that decides the answers of a job."""
    samplings = [asdict(profile.sampling), *(asdict(retry) for retry in profile.retries)]
    return Recipe(
        source_language=languages[0].code,
        target_language=languages[1].code,
        model=model.name,
        model_digest=model.digest,
        profile=profile.id,
        profile_version=profile.fingerprint,
        sampling=json.dumps(samplings, sort_keys=True),
        context=profile.context.policy.value,
        num_ctx=num_ctx,
    )


def choose_num_ctx(options: ServerOptions, profile: Profile, model: ModelInfo) -> int:
    """The context window of one slot (tokens): as asked, else the profile's; never more than the model has."""
    wanted = options.num_ctx or profile.budget.num_ctx
    return min(wanted, model.context) if model.context else wanted


def known_slots(spec: HostSpec, model: ModelInfo) -> int | None:
    """How many requests a server runs at once, where that is known without trying."""
    return PSEUDO_IN_FLIGHT if spec.kind == PSEUDO else model.slots


def load_glossary(languages: Sequence[Language], project: Path, files: Sequence[Path]) -> Glossary:
    """The entries in force: shipped, the user's, the project's, those of --glossary. Raises InputError."""
    try:
        return effective((languages[0].code, languages[1].code), project=project, files=files)
    except GlossaryError as error:
        hint = "Check the path." if error.line is None else "Mend that line, or leave the file out."
        raise InputError(str(error), hint=error.hint or hint) from error
