"""From what the user named to a server that can be asked."""

from collections.abc import Mapping, Sequence

from translator.backends.pool import Pool
from translator.core.backend import Backend, BackendError

KINDS = ("ollama", "openai", "embedded", "pseudo")


def open_backend(
    kind: str,
    hosts: Sequence[str],
    *,
    model: str,
    api_key: str | None = None,
    slots: int = 1,
    num_ctx: int = 2048,
    environ: Mapping[str, str],
) -> Backend:
    """The backend of a kind (ollama, openai, embedded, pseudo); a pool where several hosts are named.

    Without hosts, `environ` names them (OLLAMA_HOST; OPENAI_BASE_URL), else they are the servers' own defaults. So
    with the key (OLLAMA_API_KEY; OPENAI_API_KEY). model, slots and num_ctx matter to the embedded one only, which
    is the server itself. Nothing is asked or loaded yet. Raises BackendError.
    """
    # Each kind is imported when it is used: httpx alone takes longer than `translate --help` may.
    if kind == "pseudo":
        from translator.backends.pseudo import PseudoBackend  # noqa: PLC0415 - see above

        return PseudoBackend()
    if kind == "embedded":
        from translator.backends.embedded import EmbeddedBackend  # noqa: PLC0415 - see above

        return EmbeddedBackend(model, slots=slots, num_ctx=num_ctx)
    if kind == "ollama":
        from translator.backends.ollama import OllamaBackend  # noqa: PLC0415 - see above

        key = api_key or environ.get("OLLAMA_API_KEY")
        named = hosts or [environ.get("OLLAMA_HOST", "")]
        return _joined([OllamaBackend(host, api_key=key) for host in named])
    if kind == "openai":
        from translator.backends.openai import OpenAIBackend  # noqa: PLC0415 - see above

        key = api_key or environ.get("OPENAI_API_KEY")
        named = hosts or [environ.get("OPENAI_BASE_URL", "")]
        return _joined([OpenAIBackend(host, api_key=key) for host in named])
    raise BackendError(f"there is no backend “{kind}”", hint=f"choose one of: {', '.join(KINDS)}")


def _joined(backends: Sequence[Backend]) -> Backend:
    return backends[0] if len(backends) == 1 else Pool(backends)
