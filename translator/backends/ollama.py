"""Ollama's own API: /api/chat and /api/generate, streamed as one JSON object a line.

The OpenAI routes of the same server are no substitute: they cannot set the context window, and they replace a missing
temperature by 1.0.
"""

import asyncio
import json
import re
from http import HTTPStatus
from time import perf_counter

from translator.backends.answer import Answer
from translator.backends.cut import was_cut
from translator.backends.failures import HttpFailure, as_text, said, shown
from translator.backends.hosts import ollama_address
from translator.backends.http import PATIENT, HttpServer, Patience, Take, server_hint
from translator.backends.names import near_names
from translator.backends.payload import messages, schema
from translator.core.backend import (
    BackendError,
    BrokenReplyError,
    BusyError,
    ModelInfo,
    NoSuchModelError,
    OnBegin,
    OnToken,
    OverflowedError,
    PromptRefusedError,
    RefusedError,
    Reply,
    Request,
    Stop,
)
from translator.core.jsonvalue import as_object, get_count, get_int, get_list, get_object, get_str, parsed

_OVERFLOW = re.compile(
    r"context (?:length|size|window)|available context|prompt (?:is )?too long|input (?:is )?too long", re.IGNORECASE
)
_NO_MODEL = re.compile(r"model\b.*\bnot found|no such model|model is required", re.IGNORECASE)
_NO_ROOM = re.compile(
    r"requires more (?:system )?memory|unable to load model|unsupported model|out of memory|cudaMalloc", re.IGNORECASE
)
_BUSY = re.compile(r"server busy|pending requests exceeded", re.IGNORECASE)
_PARAMETER = re.compile(r"^(\S+)\s+(.*\S)\s*$", re.MULTILINE)
_THINKS = "thinking"
_NOT_TAKEN = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


class OllamaBackend:
    """An Ollama server. `host` as in OLLAMA_HOST; `keep_alive` as Ollama writes it ("30m"), None: its own way."""

    def __init__(
        self,
        host: str | None = None,
        *,
        keep_alive: str | int | None = None,
        api_key: str | None = None,
        patience: Patience = PATIENT,
    ) -> None:
        self.address = ollama_address(host)
        self.name = f"ollama {self.address}"
        self._keep_alive = keep_alive
        self._server = open_ollama(self.address, api_key=api_key, patience=patience)
        self._capabilities: dict[str, tuple[str, ...]] = {}
        self._windows: dict[str, int] = {}
        self._looking = asyncio.Lock()

    async def models(self) -> list[ModelInfo]:
        """What /api/tags lists."""
        try:
            listed = await self._server.get("/api/tags")
        except HttpFailure as failure:
            raise self._error(failure) from failure
        return [_listed(as_object(entry), self.name) for entry in get_list(listed, "models")]

    async def describe(self, model: str) -> ModelInfo:
        """What /api/show, /api/tags and /api/version tell of a model."""
        try:
            show = await self._server.ask("POST", "/api/show", {"model": model})
        except HttpFailure as failure:
            raise await self._explained(failure, model) from failure
        models = await self.models()
        version = await self._version()
        info = get_object(show, "model_info")
        architecture = get_str(info, "general.architecture")
        context = get_int(info, f"{architecture}.context_length") or None
        capabilities = tuple(text for text in get_list(show, "capabilities") if isinstance(text, str))
        self._capabilities[model] = capabilities
        if context is not None:
            self._windows[model] = context
        listed = next((entry for entry in models if _same_name(entry.name, model)), None)
        return ModelInfo(
            name=listed.name if listed else model,
            digest=listed.digest if listed else "",
            context=context,
            template=get_str(show, "template"),
            parameters=_parameters(get_str(show, "parameters")),
            size=listed.size if listed else None,
            quantisation=get_str(get_object(show, "details"), "quantization_level") or None,
            capabilities=capabilities,
            structured=True,
            server=f"ollama {version}".strip(),
        )

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask once. `on_token` hears of each network read that makes the text grow, except the one that ends it."""
        thinks = request.think is not None and request.prompt is None and await self._thinks(request.model)
        path, payload = chat_payload(request, keep_alive=self._keep_alive, thinks=thinks)
        reading = _Reading(Answer.to(request, on_token, on_begin), self)
        started = perf_counter()
        try:
            await self._server.stream(path, json.dumps(payload).encode(), reading.take)
        except HttpFailure as failure:
            raise await self._explained(failure, request.model) from failure
        return self._reply(request, reading, perf_counter() - started)

    async def close(self) -> None:
        """End all connections."""
        await self._server.close()

    def _reply(self, request: Request, reading: "_Reading", seconds: float) -> Reply:
        answer, final = reading.answer, reading.final
        answer.finish()
        if answer.abort is not None:
            return Reply(
                text=answer.text,
                stop=Stop.ABORTED,
                output_tokens=answer.parts,
                seconds=seconds,
                thought=answer.thought,
                abort=answer.abort,
            )
        if final is None:
            raise BrokenReplyError(f"Ollama at {self.address} ended an answer without saying that it was done")
        reason = get_str(final, "done_reason", "stop")
        if reason in ("load", "unload"):
            raise BrokenReplyError(f"Ollama at {self.address} only {reason}ed the model and answered nothing")
        prompt_tokens, output_tokens = get_count(final, "prompt_eval_count"), get_count(final, "eval_count")
        window = min(request.num_ctx, self._windows.get(request.model, request.num_ctx))
        if was_cut(request, prompt_tokens, output_tokens, window):
            raise OverflowedError(
                f"Ollama at {self.address} cut a prompt that did not fit the context window of {window} tokens "
                f"({prompt_tokens} tokens read, {output_tokens} written)",
                hint="use a larger --num-ctx",
            )
        return Reply(
            text=answer.text,
            stop=Stop.LENGTH if reason == "length" else Stop.DONE,
            prompt_tokens=prompt_tokens,
            output_tokens=output_tokens,
            seconds=seconds,
            thought=answer.thought,
        )

    async def _thinks(self, model: str) -> bool:
        """Whether the server says that a model can think aloud: others refuse the field `think`."""
        if model not in self._capabilities:
            async with self._looking:  # the first requests come side by side; one of them asks
                if model not in self._capabilities:
                    await self.describe(model)
        return _THINKS in self._capabilities[model]

    async def _version(self) -> str:
        try:
            return get_str(await self._server.get("/api/version"), "version")
        except HttpFailure:
            return ""  # only recorded beside a job; its absence stops nothing

    async def _explained(self, failure: HttpFailure, model: str) -> BackendError:
        missing = failure.status == HTTPStatus.NOT_FOUND and bool(failure.detail)
        if missing or (failure.status == HTTPStatus.BAD_REQUEST and _NO_MODEL.search(failure.message)):
            try:
                have = [entry.name for entry in await self.models()]
            except BackendError:
                have = []  # the missing model is the news; near names are a help beside it
            near = tuple(name for name in near_names(model, have) if not _same_name(name, model))
            if any(_same_name(name, model) for name in have):
                return NoSuchModelError(
                    f"Ollama at {self.address} says that it has no model “{model}”, and lists it all the same",
                    hint=f"see whether it still runs: ollama run {model}; if not, get it again: ollama pull {model}",
                    near=near,
                )
            meant = f"did you mean {', '.join(near)}? Otherwise: " if near else ""
            return NoSuchModelError(
                f"Ollama at {self.address} has no model “{model}”", hint=f"{meant}ollama pull {model}", near=near
            )
        return self._error(failure)

    def _error(self, failure: HttpFailure) -> BackendError:
        return self._server.common(failure) or self.said(failure.message, failure.status)

    def said(self, message: str, status: int = 0) -> BackendError:
        """The error for what Ollama says of itself, with its status, or in mid-stream without one."""
        text = f"Ollama at {self.address} says: {message}"
        if _BUSY.search(message):
            return BusyError(text, hint="wait, or ask for less at a time (--parallel 1)")
        if _OVERFLOW.search(message):
            return OverflowedError(text, hint="use a larger --num-ctx")
        if _NO_ROOM.search(message):
            return RefusedError(
                text,
                hint="use a smaller or more quantised model or a smaller --num-ctx; see: translate model fit",
            )
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return RefusedError(text, hint="the server wants a key: give it as OLLAMA_API_KEY")
        if status and status < 499:  # noqa: PLR2004 - 499: the request was cancelled on the way, a passing fault
            kind = PromptRefusedError if status in _NOT_TAKEN else RefusedError
            return kind(text, hint="run `translate doctor`; an update of Ollama may help")
        return BrokenReplyError(text, hint="look at Ollama's log; `ollama ps` shows what is loaded")

    def garbled(self, line: bytes) -> BackendError:
        """The error for a line that is no JSON object."""
        if line.lstrip().startswith(b"<"):
            return self._server.page()
        return BrokenReplyError(f"Ollama at {self.address} sent half a line or no JSON: {shown(line)}")


class _Reading:
    """Reads the lines of one streamed answer."""

    __slots__ = ("_backend", "answer", "final")

    def __init__(self, answer: Answer, backend: OllamaBackend) -> None:
        self.answer = answer
        self.final: dict[str, object] | None = None
        self._backend = backend

    def take(self, lines: list[bytes]) -> Take:
        before = self.answer.parts
        for line in lines:
            if not line.strip():
                continue
            try:
                ended = self._part(as_object(parsed(line)))
            except ValueError as error:
                raise self._backend.garbled(line) from error
            if ended:
                return Take.ENDED
        if self.answer.tell():
            return Take.STOP
        return Take.MORE if self.answer.parts > before else Take.NOTHING

    def _part(self, part: dict[str, object]) -> bool:
        """Take a part of the answer; whether it is the last one."""
        error = part.get("error")
        if error:
            raise self._backend.said(said(error) or as_text(error))
        message = get_object(part, "message")
        holder, key = (message, "content") if message else (part, "response")
        content, thought = get_str(holder, key), get_str(holder, "thinking")
        if content or thought:
            self.answer.add(content, thought)
        if part.get("done") is not True:
            return False
        self.final = part
        return True


def open_ollama(address: str, *, api_key: str | None = None, patience: Patience = PATIENT) -> HttpServer:
    """The connections to an Ollama server at an address that `ollama_address` gave."""
    hint = server_hint(address, program="Ollama", command="ollama serve", app="open the Ollama app")
    return HttpServer(address, title="Ollama", start=hint, api_key=api_key, patience=patience)


def chat_payload(
    request: Request, *, keep_alive: str | int | None = None, thinks: bool = False
) -> tuple[str, dict[str, object]]:
    """The route and the JSON object for a request.

    Every option is named always, since defaults differ between versions. `truncate` and `shift` false (v0.12.4 and
    later) make an overflow an error instead of a silent cut.
    """
    sampling = request.sampling
    options: dict[str, object] = {
        "num_ctx": request.num_ctx,
        "num_predict": request.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repeat_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
    }
    if sampling.seed is not None:
        options["seed"] = sampling.seed
    if request.stop:
        options["stop"] = list(request.stop)
    payload: dict[str, object] = {
        "model": request.model,
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": options,
    }
    if keep_alive is not None:
        payload["keep_alive"] = keep_alive
    if request.schema is not None:
        payload["format"] = schema(request.schema)
    if request.prompt is not None:
        payload["prompt"] = request.prompt
        payload["raw"] = True
        return "/api/generate", payload
    payload["messages"] = messages(request)
    if thinks and request.think is not None:
        payload["think"] = request.think
    return "/api/chat", payload


def _same_name(listed: str, asked: str) -> bool:
    tagged = asked if ":" in asked.rpartition("/")[2] else f"{asked}:latest"
    return listed.casefold() in (asked.casefold(), tagged.casefold())


def _listed(entry: dict[str, object], server: str) -> ModelInfo:
    return ModelInfo(
        name=get_str(entry, "name") or get_str(entry, "model"),
        digest=get_str(entry, "digest").removeprefix("sha256:"),
        size=get_int(entry, "size") or None,
        quantisation=get_str(get_object(entry, "details"), "quantization_level") or None,
        structured=True,
        server=server,
    )


def _parameters(text: str) -> dict[str, str]:
    """A model's parameters as /api/show lists them, a name and a value a line; values of a repeated name share it."""
    found: dict[str, str] = {}
    for match in _PARAMETER.finditer(text):
        name, value = match[1], match[2]
        if value.startswith('"') and value.endswith('"') and len(value) > 1:
            value = value[1:-1]
        found[name] = f"{found[name]}\n{value}" if name in found else value
    return found
