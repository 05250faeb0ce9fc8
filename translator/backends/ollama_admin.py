"""What an Ollama server holds: import a GGUF file into it, pull from a registry, delete."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from translator.backends.failures import HttpFailure, shown
from translator.backends.filehash import sha256_of
from translator.backends.hosts import ollama_address
from translator.backends.http import PATIENT, Patience, Take
from translator.backends.ollama import open_ollama
from translator.core.backend import BackendError, BrokenReplyError, NoSuchModelError, RefusedError
from translator.core.jsonvalue import as_object, get_int, get_str

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step is. step: hash, upload, create or pull; bytes, or 0 of 0 where only `status` tells."""

    step: str
    done: int = 0
    total: int = 0
    status: str = ""


Shown = Callable[[Progress], None]

Parameter = str | int | float | bool | Sequence[str]


def create_payload(
    model: str,
    filename: str,
    digest: str,
    *,
    template: str = "",
    system: str = "",
    stop: Sequence[str] = (),
    parameters: Mapping[str, Parameter] | None = None,
) -> dict[str, object]:
    """The object for /api/create that makes a model of an uploaded file. digest: SHA-256 in hexadecimal.

    template: Ollama's (Go) template; empty: what the server derives from the file. `stop` joins the parameters.
    """
    payload: dict[str, object] = {"model": model, "files": {filename: f"sha256:{digest}"}, "stream": True}
    if template:
        payload["template"] = template
    if system:
        payload["system"] = system
    settings: dict[str, object] = {
        key: value if isinstance(value, str | int | float) else list(value) for key, value in (parameters or {}).items()
    }
    if stop:
        settings["stop"] = list(stop)
    if settings:
        payload["parameters"] = settings
    return payload


class OllamaAdmin:
    """One Ollama server's models. `host` as in OLLAMA_HOST. All raise BackendErrors."""

    def __init__(self, host: str | None = None, *, api_key: str | None = None, patience: Patience = PATIENT) -> None:
        self.address = ollama_address(host)
        self._server = open_ollama(self.address, api_key=api_key, patience=patience)

    async def close(self) -> None:
        """End all connections."""
        await self._server.close()

    async def import_file(
        self,
        path: Path,
        model: str,
        *,
        template: str = "",
        system: str = "",
        stop: Sequence[str] = (),
        parameters: Mapping[str, Parameter] | None = None,
        shown: Shown = lambda _: None,
    ) -> str:
        """Make a model of a local GGUF file: hash it, send it unless the server has it, create; its SHA-256.

        A file that changes meanwhile is refused by the server, which compares the hash.
        """
        try:
            digest = await asyncio.to_thread(
                sha256_of, path, told=lambda done, total: shown(Progress("hash", done, total))
            )
            await self._send(path, digest, shown)
        except OSError as error:
            raise BackendError(f"{path} cannot be read: {error.strerror or error}") from error
        payload = create_payload(
            model, path.name, digest, template=template, system=system, stop=stop, parameters=parameters
        )
        await self._follow("/api/create", payload, "create", shown)
        return digest

    async def pull(self, model: str, *, shown: Shown = lambda _: None) -> None:
        """Fetch a model from its registry: a library name, or hf.co/ORG/REPO:QUANTISATION."""
        await self._follow("/api/pull", {"model": model, "stream": True}, "pull", shown)

    async def delete(self, model: str) -> None:
        """Remove a model. Raises NoSuchModelError where there is none."""
        try:
            await self._server.ask("DELETE", "/api/delete", {"model": model})
        except HttpFailure as failure:
            if failure.status == HTTPStatus.NOT_FOUND and failure.detail:
                raise NoSuchModelError(f"Ollama at {self.address} has no model “{model}”") from failure
            raise self._error(failure) from failure

    async def _send(self, path: Path, digest: str, shown: Shown) -> None:
        route = f"/api/blobs/sha256:{digest}"
        size = (await asyncio.to_thread(path.stat)).st_size
        try:
            await self._server.ask("HEAD", route)
        except HttpFailure as failure:
            if failure.status != HTTPStatus.NOT_FOUND:
                raise self._error(failure) from failure
        else:
            shown(Progress("upload", size, size, "the server has it"))
            return
        try:
            await self._server.ask(
                "POST", route, content=_blocks(path, size, shown), headers={"Content-Length": str(size)}
            )
        except HttpFailure as failure:
            raise self._error(failure) from failure

    async def _follow(self, route: str, payload: Mapping[str, object], step: str, told: Shown) -> None:
        """Ask for a long step and read its progress, an object a line, until it says `success`."""
        succeeded = False

        def take(lines: list[bytes]) -> Take:
            nonlocal succeeded
            for line in filter(bytes.strip, lines):
                part = self._part(line, step)
                told(Progress(step, get_int(part, "completed"), get_int(part, "total"), get_str(part, "status")))
                if get_str(part, "status") == "success":
                    succeeded = True
                    return Take.ENDED
            return Take.MORE

        try:
            await self._server.stream(route, json.dumps(payload).encode(), take)
        except HttpFailure as failure:
            raise self._error(failure) from failure
        if not succeeded:
            raise BrokenReplyError(f"Ollama at {self.address} ended the {step} without saying that it succeeded")

    def _part(self, line: bytes, step: str) -> dict[str, object]:
        try:
            part = as_object(json.loads(line))
        except ValueError as error:
            raise BrokenReplyError(
                f"Ollama at {self.address} sent no JSON while it did {step}: {shown(line)}"
            ) from error
        if "error" in part:
            raise RefusedError(f"Ollama at {self.address} cannot {step}: {get_str(part, 'error') or part['error']}")
        return part

    def _error(self, failure: HttpFailure) -> BackendError:
        return self._server.common(failure) or RefusedError(
            f"Ollama at {self.address} says: {failure.message or failure.status}"
        )


async def _blocks(path: Path, size: int, shown: Shown) -> AsyncIterator[bytes]:
    done = 0
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while block := await asyncio.to_thread(file.read, _BLOCK):
            done += len(block)
            yield block
            shown(Progress("upload", done, size))
    finally:
        file.close()
