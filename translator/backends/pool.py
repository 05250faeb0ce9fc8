"""Several servers as one."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from translator.core.backend import (
    Backend,
    BackendError,
    BusyError,
    ModelInfo,
    NoSuchModelError,
    OnBegin,
    OnToken,
    RefusedError,
    Reply,
    Request,
    UnreachableError,
)

_T = TypeVar("_T")

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


@dataclass(slots=True)
class _Member:
    backend: Backend
    running: int = 0
    pause: float = 0.0
    rests_until: float = 0.0

    def failed(self, now: float, at_least: float) -> None:
        self.pause = min(max(self.pause * 2, _FIRST_PAUSE, at_least), _LONGEST_PAUSE)
        self.rests_until = now + self.pause

    def worked(self) -> None:
        self.pause = self.rests_until = 0.0


class Pool:
    """Gives each request to the server with the fewest in flight.

    A server that cannot be reached or is busy is left alone for pauses that double (1 s to 60 s), and its request
    goes to another one; only when each of them has failed does the request fail.
    """

    def __init__(self, backends: Sequence[Backend]) -> None:
        if not backends:
            raise ValueError("a pool needs a server")
        self._members = [_Member(backend) for backend in backends]
        self.name = ", ".join(backend.name for backend in backends)

    async def models(self) -> list[ModelInfo]:
        """The models that all servers which answer have in common. Raises the first's error when none answers."""
        lists: list[list[ModelInfo]] = []
        errors: list[BackendError] = []
        for found in await asyncio.gather(*(m.backend.models() for m in self._members), return_exceptions=True):
            _sort(found, lists, errors)
        if not lists:
            raise errors[0]
        common = set[str].intersection(*({entry.name for entry in have} for have in lists))
        return [entry for entry in lists[0] if entry.name in common]

    async def describe(self, model: str) -> ModelInfo:
        """The model on all servers that can be reached; its slots are those of all of them together.

        Raises RefusedError where servers have different models under one name: a job's answers would not be of one
        kind.
        """
        infos: list[ModelInfo] = []
        errors: list[BackendError] = []
        answers = await asyncio.gather(*(m.backend.describe(model) for m in self._members), return_exceptions=True)
        for member, found in zip(self._members, answers, strict=True):
            _sort(found, infos, errors)
            if errors and errors[-1] is found:
                member.failed(time.monotonic(), 0.0)
        absent = next((error for error in errors if isinstance(error, NoSuchModelError)), None)
        if absent is not None or not infos:
            raise absent or errors[0]
        first = infos[0]
        other = next((info for info in infos if info.digest != first.digest), None)
        if other is not None:
            raise RefusedError(
                f"the servers have different models under the name “{model}” "
                f"({first.server}: {first.digest[:12]}, {other.server}: {other.digest[:12]})",
                hint="pull the same model on each of them, or name one --host only",
            )
        slots = [info.slots for info in infos]
        contexts = [info.context for info in infos if info.context is not None]
        return replace(
            first,
            slots=sum(slot for slot in slots if slot is not None) if None not in slots else None,
            context=min(contexts, default=None),
        )

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask the server that has the least to do; another one where it cannot be reached or is busy."""
        untried = list(self._members)
        while True:
            now = time.monotonic()
            awake = [member for member in untried if member.rests_until <= now]
            member = min(awake, key=lambda m: m.running) if awake else min(untried, key=lambda m: m.rests_until)
            untried.remove(member)
            member.running += 1
            try:
                reply = await member.backend.complete(request, on_token=on_token, on_begin=on_begin)
            except (UnreachableError, BusyError) as error:
                member.failed(time.monotonic(), error.retry_after if isinstance(error, BusyError) else 0.0)
                if not untried:
                    raise
            else:
                member.worked()
                return reply
            finally:
                member.running -= 1

    async def close(self) -> None:
        """Close all servers' connections."""
        for member in self._members:
            await member.backend.close()


def _sort(found: _T | BaseException, good: list[_T], errors: list[BackendError]) -> None:
    if isinstance(found, BackendError):
        errors.append(found)
    elif isinstance(found, BaseException):
        raise found
    else:
        good.append(found)
