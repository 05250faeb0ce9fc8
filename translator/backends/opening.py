"""From what the user named to a server that can be asked."""

from collections.abc import Mapping, Sequence

from translator.backends.hosts import OLLAMA, OPENAI, HostSpec, host_spec, ollama_address, openai_address
from translator.core.backend import Backend, BackendError

EMBEDDED, PSEUDO = "embedded", "pseudo"
KINDS = (OLLAMA, OPENAI, EMBEDDED, PSEUDO)
KEYS = {OLLAMA: "OLLAMA_API_KEY", OPENAI: "OPENAI_API_KEY"}
"""The environment variable that holds the key for servers of a kind."""


def host_specs(kind: str, hosts: Sequence[str], *, model: str, environ: Mapping[str, str]) -> tuple[HostSpec, ...]:
    """The servers that were named, each once, in their order; at least one.

    kind: what an address is that does not say it. Without hosts, `environ` names one (OLLAMA_HOST; OPENAI_BASE_URL),
    else it is the kind's own default. model: the GGUF file of the embedded kind, which is the server itself. Raises
    BackendError for an address that is none, and for a server that is named with two models.
    """
    if kind == PSEUDO:
        return (HostSpec(PSEUDO, ""),)
    if kind == EMBEDDED:
        return (HostSpec(EMBEDDED, model),)
    if kind not in KINDS:
        raise BackendError(f"there is no backend “{kind}”", hint=f"choose one of: {', '.join(KINDS)}")
    if not hosts:
        if kind == OLLAMA:
            return (HostSpec(OLLAMA, ollama_address(environ.get("OLLAMA_HOST"))),)
        return (HostSpec(OPENAI, openai_address(environ.get("OPENAI_BASE_URL")).api),)
    found: dict[str, HostSpec] = {}
    for spec in (host_spec(host, kind) for host in hosts):
        other = found.setdefault(spec.name, spec)
        if other.model != spec.model:
            raise BackendError(
                f"{spec.address} is named with two models: {other.model or 'that of --model'} and "
                f"{spec.model or 'that of --model'}",
                hint="name each server once; one server cannot run two models well at the same time",
            )
    return tuple(found.values())


def open_host(
    spec: HostSpec,
    *,
    api_key: str | None = None,
    slots: int = 1,
    num_ctx: int = 2048,
) -> Backend:
    """The backend of one server; nothing is asked or loaded yet.

    slots and num_ctx matter to the embedded one only. Raises BackendError.
    """
    # Each kind is imported when it is used: httpx alone takes longer than `translate --help` may.
    if spec.kind == PSEUDO:
        from translator.backends.pseudo import PseudoBackend  # noqa: PLC0415 - see above

        return PseudoBackend()
    if spec.kind == EMBEDDED:
        from translator.backends.embedded import EmbeddedBackend  # noqa: PLC0415 - see above

        return EmbeddedBackend(spec.address, slots=slots, num_ctx=num_ctx)
    if spec.kind == OLLAMA:
        from translator.backends.ollama import OllamaBackend  # noqa: PLC0415 - see above

        return OllamaBackend(spec.address, api_key=api_key)
    from translator.backends.openai import OpenAIBackend  # noqa: PLC0415 - see above

    return OpenAIBackend(spec.address, api_key=api_key)
