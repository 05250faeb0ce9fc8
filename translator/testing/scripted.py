"""A backend for tests that say themselves what it answers."""

from translator.core.backend import ModelInfo, OnBegin, OnToken, Reply, Request


class ScriptedBackend:
    """A server with every model; a test's own class says in `complete` what it answers."""

    name: str = "script"

    async def models(self) -> list[ModelInfo]:
        """None that it would list."""
        return []

    async def describe(self, model: str) -> ModelInfo:
        """A model of that name."""
        return ModelInfo(model, "digest")

    async def close(self) -> None:
        """Nothing is held."""

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """What the script says."""
        raise NotImplementedError
