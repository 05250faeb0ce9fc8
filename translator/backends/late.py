"""A server that was away when a job began."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from translator.core.backend import Backend, ModelInfo, OnBegin, OnToken, RefusedError, Reply, Request


class LateBackend:
    """Looks at the server before its first request, as was done with the others when the job began.

    asked: the model's name to look for. refusal: says why the model that is found cannot be used, empty where it can.
    Requests go out with the name that the server itself has for the model.
    """

    def __init__(self, backend: Backend, asked: str, refusal: Callable[[ModelInfo], str]) -> None:
        self.name = backend.name
        self._backend = backend
        self._asked = asked
        self._refusal = refusal
        self._model: str | None = None
        self._looking = asyncio.Lock()

    async def models(self) -> list[ModelInfo]:
        """The server's models."""
        return await self._backend.models()

    async def describe(self, model: str) -> ModelInfo:
        """What the server knows of one model."""
        return await self._backend.describe(model)

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask once. Raises RefusedError where the model is not one that the job can use."""
        model = await self._found()
        return await self._backend.complete(replace(request, model=model), on_token=on_token, on_begin=on_begin)

    async def close(self) -> None:
        """End all connections."""
        await self._backend.close()

    async def _found(self) -> str:
        async with self._looking:  # the first requests come side by side
            if self._model is None:
                info = await self._backend.describe(self._asked)
                said = self._refusal(info)
                if said:
                    raise RefusedError(said, hint="pull the same model on each server, or leave this one out")
                self._model = info.name
            return self._model
