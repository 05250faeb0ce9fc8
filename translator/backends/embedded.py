"""A model inside this very process: llama.cpp's own server out of the package xllamacpp, asked over loopback."""

import asyncio
import atexit
import os
import secrets
import weakref
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from translator.backends.demo import DEMO, demo_model, digest_notes
from translator.backends.filehash import known_sha256
from translator.backends.http import PATIENT, Patience
from translator.backends.openai import OpenAIBackend
from translator.core.backend import BackendError, ModelInfo, NoSuchModelError, OnBegin, OnToken, Reply, Request

_HINT = 'pip install "honyaku[embedded]"'
_MAGIC = b"GGUF"
_QUIET = -1
# Parameters that came to llama.cpp later, or went.
_WISHES: Mapping[str, object] = {
    # Off: with several slots it has given back another conversation's state (llama.cpp #27148), and it may take
    # 8 GB. The cache inside a slot stays.
    "cache_ram_mib": 0,
    # Without it a model with a sliding window (Gemma) forgets what lies behind the window, so that nothing of a prompt
    # can be kept for the next one: twice the work. It costs no memory to speak of at the contexts used here.
    "swa_full": True,
    # Seconds after which a client that has gone is noticed while its answer waits, by a comment in the stream; the
    # server ends no sooner than that.
    "sse_ping_interval": 1,
    "ui": False,
}


class _Server(Protocol):
    listening_address: str


class _Path(Protocol):
    path: str


class _Parameters(Protocol):
    """The part of llama.cpp's parameters that every version has."""

    model: _Path
    n_ctx: int
    n_parallel: int
    verbosity: int
    api_keys: list[str]


class _Library(Protocol):
    """The part of xllamacpp that is used."""

    def CommonParams(self) -> _Parameters: ...  # noqa: N802 - the library's name
    def Server(self, parameters: _Parameters) -> _Server: ...  # noqa: N802 - the library's name


class _Running:
    """A server that runs, and its end: when it is closed, or at the latest before the interpreter shuts down.

    llama.cpp's threads crash a process that ends around them.
    """

    def __init__(self, server: _Server) -> None:
        self.address = server.listening_address
        self._server: _Server | None = server
        _RUNNING.add(self)

    def stop(self) -> None:
        """Stop generating, free the model. Blocks for a moment."""
        self._server = None  # its destructor stops the threads and waits for them
        _RUNNING.discard(self)


_RUNNING: "weakref.WeakSet[_Running]" = weakref.WeakSet()  # what `atexit` must end; nothing else reads it


@atexit.register
def _stop_all() -> None:
    for running in tuple(_RUNNING):
        running.stop()


class EmbeddedBackend:
    """A GGUF file, run here. `model` is its path, or "demo"; it is loaded when it is first asked.

    slots: answers at once. num_ctx: tokens of context for each of them. cache: where the demo model and digests are
    kept, None: the user's cache folder.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        slots: int = 1,
        num_ctx: int = 2048,
        patience: Patience = PATIENT,
        cache: Path | None = None,
    ) -> None:
        self.name = f"embedded {model}"
        self._model = model
        self._slots = slots
        self._num_ctx = num_ctx
        self._patience = patience
        self._cache = cache
        self._path: Path | None = None
        self._running: _Running | None = None
        self._client: OpenAIBackend | None = None
        self._starting = asyncio.Lock()

    async def models(self) -> list[ModelInfo]:
        """The one model that this is."""
        return [await self.describe(str(self._model))]

    async def describe(self, model: str) -> ModelInfo:
        """What llama.cpp knows of the file; `digest` is the SHA-256 of its content."""
        client = await self._start()
        if self._path is None:
            raise NoSuchModelError(f"{model} is not loaded")
        [told] = await client.models()
        info = await client.describe(told.name)
        digest = await asyncio.to_thread(known_sha256, self._path, digest_notes(self._cache))
        size = self._path.stat().st_size
        return replace(info, name=self._path.name, digest=digest, size=size, slots=self._slots, server=_version())

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask once; the request's model name does not matter here."""
        client = await self._start()
        return await client.complete(request, on_token=on_token, on_begin=on_begin)

    async def tokens(self, text: str, model: str) -> int | None:
        """How many tokens the model makes of a text."""
        return await (await self._start()).tokens(text, model)

    async def close(self) -> None:
        """Stop generating and free the model."""
        async with self._starting:
            client, self._client = self._client, None
            running, self._running = self._running, None
            if client is not None:
                await client.close()
            if running is not None:
                await asyncio.to_thread(running.stop)

    async def _start(self) -> OpenAIBackend:
        if self._client is None:
            async with self._starting:  # the first requests come side by side; one of them starts it
                if self._client is None:
                    key = secrets.token_urlsafe(16)
                    self._path, self._running = await asyncio.to_thread(self._load, key)
                    self._client = OpenAIBackend(self._running.address, api_key=key, patience=self._patience)
        return self._client

    def _load(self, key: str) -> tuple[Path, _Running]:
        library = _library()
        path = demo_model(self._cache) if str(self._model) == DEMO else model_file(Path(self._model))
        parameters = library.CommonParams()
        parameters.model.path = str(path)
        parameters.n_parallel = self._slots
        parameters.n_ctx = self._num_ctx * self._slots
        parameters.verbosity = _QUIET  # llama.cpp writes to standard error, in the middle of progress and JSON
        parameters.api_keys = [key]  # other users of this machine can reach the port
        for name, value in _WISHES.items():
            if hasattr(parameters, name):
                setattr(parameters, name, value)
        try:
            return path, _Running(library.Server(parameters))
        except RuntimeError as error:
            raise BackendError(
                f"llama.cpp cannot load {path.name} with {self._slots} × {self._num_ctx} tokens of context: {error}",
                hint="see whether it fits: translate model fit; or use a smaller --num-ctx or --parallel 1",
            ) from error


def model_file(path: Path) -> Path:
    """The path of a GGUF file. Raises NoSuchModelError where there is none, BackendError where it is none."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except FileNotFoundError as error:
        raise NoSuchModelError(
            f"there is no model file {path}", hint="give the path of a .gguf file, or --model demo"
        ) from error
    except OSError as error:
        raise BackendError(f"the model file {path} cannot be read: {error.strerror or error}") from error
    if magic != _MAGIC:
        raise BackendError(f"{path} is no GGUF file", hint="the embedded backend runs GGUF files only")
    return path


def _library() -> _Library:
    # GNU OpenMP reads this once, as it is loaded. Threads that spin while they wait for each other steal the time of
    # the one that works wherever another program runs too: seen 1.3 tokens per second of CPU time in place of 35.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        return cast("_Library", import_module("xllamacpp"))
    except ImportError as error:
        raise BackendError(f"the embedded backend is not installed ({error})", hint=_HINT) from error


def _version() -> str:
    return f"xllamacpp {getattr(import_module('xllamacpp'), '__version__', '')}".strip()
