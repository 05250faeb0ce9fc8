"""The OpenAI-compatible API: llama-server, LM Studio, vLLM, SGLang and gateways, streamed as server-sent events."""

import hashlib
import json
import re
from collections.abc import Mapping
from enum import IntEnum
from http import HTTPStatus
from time import perf_counter

from translator.backends.answer import Answer
from translator.backends.cut import was_cut
from translator.backends.failures import HttpFailure, as_text, said, shown
from translator.backends.hosts import openai_address
from translator.backends.http import PATIENT, HttpServer, Patience, Take, server_hint
from translator.backends.names import near_names
from translator.backends.payload import messages, schema
from translator.backends.sse import DONE, events
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
    r"exceed_context|context[ _](?:length|size|window)|maximum context|context overflow|n_prompt_tokens"
    r"|too many (?:input )?tokens|prompt (?:is )?too long",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(r"model_not_found|model\b.*(?:not found|does not exist|not exist)|no such model", re.IGNORECASE)
_BUSY = re.compile(r"loading model|overloaded|rate.?limit|too many requests|server busy", re.IGNORECASE)
# Owners that servers put into their list of models, of those that are known to follow a JSON schema.
_STRUCTURED = ("llamacpp", "vllm", "sglang", "organization_owner", "openai", "system")
_LLAMA = "llamacpp"
_VLLM = "vllm"
# In /metrics; one line for each engine.
_LOAD = re.compile(r"^vllm:num_requests_(running|waiting)\{.*\} (\d+)", re.MULTILINE)
_NOT_TAKEN = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
_NO_ROUTE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED)


class Fields(IntEnum):
    """How many fields a server takes: all; only OpenAI's own; not even those that came later."""

    ALL = 0
    STANDARD = 1
    OLDEST = 2


class OpenAIBackend:
    """A server with OpenAI's routes. `host`: an address with or without `/v1`; the caller looks up the key."""

    def __init__(self, host: str | None = None, *, api_key: str | None = None, patience: Patience = PATIENT) -> None:
        place = openai_address(host)
        self.address = place.api
        self.name = f"openai {place.api}"
        hint = server_hint(
            place.api, program="the server", command=f"llama-server -m MODEL.gguf (or give --host, now {place.root})"
        )
        title = "the OpenAI-compatible server"
        self._server = HttpServer(place.root, title=title, start=hint, api_key=api_key, patience=patience)
        self._api = place.api.removeprefix(place.root)
        self._fields = Fields.ALL
        self._served = False
        self._windows: dict[str, int] = {}
        self._loads = False

    async def models(self) -> list[ModelInfo]:
        """What the list of models holds."""
        try:
            listed = await self._server.get(f"{self._api}/models")
        except HttpFailure as failure:
            raise self._error(failure) from failure
        return [_listed(as_object(entry), self.name) for entry in get_list(listed, "data")]

    async def describe(self, model: str) -> ModelInfo:
        """What the list of models and, on llama-server, /props tell. A llama-server answers to any name."""
        have = await self.models()
        props = await self._props()
        found = next((entry for entry in have if entry.name == model), None)
        if found is None and props and len(have) == 1:
            found = have[0]
        if found is None:
            raise self._missing(model, [entry.name for entry in have])
        slots = get_int(props, "total_slots") or await self._slots()
        self._loads = found.server == _VLLM
        window = get_int(get_object(props, "default_generation_settings"), "n_ctx") or found.context
        if window is not None:
            self._windows[found.name] = window
        return ModelInfo(
            name=found.name,
            digest=found.digest,
            context=window,
            template=get_str(props, "chat_template") or None,
            slots=slots,
            named=slots is not None,
            size=found.size,
            quantisation=get_str(props, "model_ftype") or found.quantisation,
            capabilities=("completion",) if props else (),
            structured=found.structured or bool(props),
            server=f"llama-server {get_str(props, 'build_info')}".strip() if props else found.server,
        )

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask once; again with fewer fields where a server refuses those that are not OpenAI's, and remember that."""
        fields = self._fields
        while True:
            path, payload = completion_payload(request, fields)
            reading = _Reading(Answer.to(request, on_token, on_begin), self)
            started = perf_counter()
            try:
                await self._server.stream(self._api + path, json.dumps(payload).encode(), reading.take)
            except HttpFailure as failure:
                error = await self._explained(failure, request.model)
                # Once these fields were taken, it is the prompt that is not.
                unknown = isinstance(error, PromptRefusedError) and not self._served
                if not unknown or fields is Fields.OLDEST:
                    raise error from failure
                fields = Fields(fields + 1)
                continue
            self._fields, self._served = max(self._fields, fields), True
            return self._reply(request, reading, perf_counter() - started)

    async def close(self) -> None:
        """End all connections."""
        await self._server.close()

    async def tokens(self, text: str, model: str) -> int | None:
        """How many tokens `model` makes of a text; None where the server can never say (neither llama-server nor vLLM).

        Raises BackendError where it only did not say it now: busy, silent, gone.
        """
        # Each takes its own fields and passes over the other's.
        asked = {"content": text, "model": model, "prompt": text, "add_special_tokens": False, "add_special": False}
        try:
            answered = await self._server.ask("POST", "/tokenize", asked)
        except HttpFailure as failure:
            if failure.status in _NO_ROUTE:
                return None  # only these two have this route
            raise self._error(failure) from failure
        return get_int(answered, "count") or len(get_list(answered, "tokens")) or None

    async def load(self) -> tuple[int, int] | None:
        """The requests that run and those that wait; None where the server is no vLLM, or hides its /metrics."""
        if not self._loads:
            return None
        try:
            text = await self._server.get_text("/metrics")
        except HttpFailure as failure:
            if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise self._error(failure) from failure
            return None
        found = [(name, int(number)) for name, number in _LOAD.findall(text)]
        if not found:
            return None
        running, waiting = (sum(n for name, n in found if name == kind) for kind in ("running", "waiting"))
        return running, waiting

    def _reply(self, request: Request, reading: "_Reading", seconds: float) -> Reply:
        answer = reading.answer
        answer.finish()
        if answer.abort is None and reading.reason is None:
            raise BrokenReplyError(f"the server at {self.address} ended an answer without saying that it was done")
        if reading.reason == "content_filter":
            raise PromptRefusedError(
                f"the content filter of the server at {self.address} stopped the answer", hint="use another server"
            )
        if answer.abort is None and self._was_cut(request, reading):
            raise OverflowedError(
                f"the server at {self.address} cut a prompt that did not fit its context window "
                f"({reading.prompt_tokens} tokens read, {reading.output_tokens} written)",
                hint="start the server with a larger context for each slot",
            )
        return Reply(
            text=answer.text,
            stop=Stop.ABORTED if answer.abort else Stop.LENGTH if reading.reason == "length" else Stop.DONE,
            prompt_tokens=reading.prompt_tokens,
            output_tokens=reading.output_tokens or answer.parts,
            cached_tokens=reading.cached_tokens,
            seconds=seconds,
            thought=answer.thought,
            abort=answer.abort,
        )

    def _was_cut(self, request: Request, reading: "_Reading") -> bool:
        """Whether the counts betray that the server cut the prompt or shifted its window."""
        window = self._windows.get(request.model)
        if window is None and reading.prompt_tokens > request.num_ctx:
            return False  # it has more room than was thought
        return was_cut(request, reading.prompt_tokens, reading.output_tokens, window or request.num_ctx)

    async def _props(self) -> dict[str, object]:
        try:
            props = await self._server.get("/props")
        except (HttpFailure, BackendError):
            return {}  # only llama-server has this route; what others answer there says nothing
        return props if "total_slots" in props else {}

    async def _slots(self) -> int | None:
        """How many /slots lists, for a llama-server whose /props is hidden or does not tell."""
        try:
            listed = await self._server.get_all("/slots")
        except (HttpFailure, BackendError):
            return None
        return len(listed) or None

    async def _explained(self, failure: HttpFailure, model: str) -> BackendError:
        missing = failure.status == HTTPStatus.NOT_FOUND and bool(failure.detail)
        refused = failure.status == HTTPStatus.BAD_REQUEST
        if missing or (refused and _NO_MODEL.search(failure.body.decode("utf-8", "replace"))):
            try:
                have = [entry.name for entry in await self.models()]
            except BackendError:
                have = []  # the missing model is the news; near names are a help beside it
            return self._missing(model, have)
        return self._error(failure)

    def _missing(self, model: str, have: list[str]) -> NoSuchModelError:
        near = near_names(model, have)
        some = near or tuple(have[:5])
        hint = f"it has: {', '.join(some)}" if some else "load the model in the server first"
        return NoSuchModelError(f"the server at {self.address} has no model “{model}”", hint=hint, near=near)

    def _error(self, failure: HttpFailure) -> BackendError:
        if failure.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return RefusedError(
                f"the server at {self.address} refuses the key: {failure.message or failure.status}",
                hint="give the key in the environment variable OPENAI_API_KEY",
            )
        text = failure.message if not failure.detail else as_text(failure.detail)
        return self._server.common(failure) or self.said(failure.message, text, failure.status)

    def said(self, message: str, whole: str, status: int = 0) -> BackendError:
        """The error for what the server says of itself (`whole`: all of it), in mid-stream without a status."""
        text = f"the server at {self.address} says: {message}"
        if _OVERFLOW.search(whole):
            return OverflowedError(text, hint="start the server with a larger context for each slot")
        if _BUSY.search(whole):
            return BusyError(text, hint="wait, or ask for less at a time (--parallel 1)")
        if status in _NOT_TAKEN:
            return PromptRefusedError(text, hint="look at the server's log for what it does not take")
        if status and status < 499:  # noqa: PLR2004 - 499: the request was cancelled on the way, a passing fault
            return RefusedError(text, hint="look at the server's log for what it does not take")
        return BrokenReplyError(text, hint="look at the server's log")

    def garbled(self, line: bytes) -> BackendError:
        """The error for an event that is no JSON object."""
        if line.startswith(b"<"):
            return self._server.page()
        return BrokenReplyError(f"the server at {self.address} sent half an event or no JSON: {shown(line)}")


class _Reading:
    """Reads the events of one streamed answer."""

    __slots__ = ("_backend", "answer", "cached_tokens", "output_tokens", "prompt_tokens", "reason")

    def __init__(self, answer: Answer, backend: OpenAIBackend) -> None:
        self.answer = answer
        self.reason: str | None = None
        self.prompt_tokens = self.output_tokens = 0
        self.cached_tokens: int | None = None
        self._backend = backend

    def take(self, lines: list[bytes]) -> Take:
        before = (self.answer.parts, self.reason)
        for event in events(lines):
            if event == DONE:
                return Take.ENDED
            try:
                self._part(as_object(parsed(event)))
            except ValueError as error:
                raise self._backend.garbled(event) from error
        if self.reason is None and self.answer.tell():
            return Take.STOP
        return Take.MORE if (self.answer.parts, self.reason) != before else Take.NOTHING

    def _part(self, part: dict[str, object]) -> None:
        error = part.get(
            "error", part if part.get("object") == "error" or ("choices" not in part and "message" in part) else None
        )
        if error:
            whole = as_text(part)
            raise self._backend.said(said(error) or said(part) or whole, whole)
        for choice in map(as_object, get_list(part, "choices")[:1]):
            delta = get_object(choice, "delta") or get_object(choice, "message")
            content = get_str(delta, "content") or get_str(choice, "text")
            thought = get_str(delta, "reasoning_content") or get_str(delta, "reasoning")
            if content or thought:
                self.answer.add(content, thought)
            self.reason = get_str(choice, "finish_reason") or self.reason
        usage = get_object(part, "usage")
        if usage:
            self.prompt_tokens = get_count(usage, "prompt_tokens")
            self.output_tokens = get_count(usage, "completion_tokens")
        # What is not told is not 0: vLLM tells only where it was started with --enable-prompt-tokens-details.
        for holder, key in (
            (get_object(usage, "prompt_tokens_details"), "cached_tokens"),
            (get_object(part, "timings"), "cache_n"),
        ):
            if holder.get(key) is not None:
                self.cached_tokens = get_count(holder, key)


def completion_payload(request: Request, fields: Fields = Fields.ALL) -> tuple[str, dict[str, object]]:
    """The route and the JSON object for a request, with as many fields as the server takes.

    The extra fields are llama-server's (`repeat_penalty`, `cache_prompt`) and vLLM's (`repetition_penalty`) side by
    side; each ignores the other's.
    """
    sampling = request.sampling
    payload: dict[str, object] = {
        "model": request.model,
        "stream": True,
        "max_tokens": request.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
    }
    if request.stop:
        payload["stop"] = list(request.stop)
    if sampling.seed is not None:
        payload["seed"] = sampling.seed
    if request.schema is not None:
        held = {"name": "answer", "strict": True, "schema": schema(request.schema)}
        payload["response_format"] = {"type": "json_schema", "json_schema": held}
    if fields is not Fields.OLDEST:
        payload["stream_options"] = {"include_usage": True}
    if fields is Fields.ALL:
        payload |= {
            "top_k": sampling.top_k,
            "min_p": sampling.min_p,
            "repeat_penalty": sampling.repeat_penalty,
            "repetition_penalty": sampling.repeat_penalty,
            "cache_prompt": True,
        }
        if request.slot is not None:
            payload["id_slot"] = request.slot
    if request.prompt is not None:
        payload["prompt"] = request.prompt
        return "/completions", payload
    payload["messages"] = messages(request)
    if request.think is not None and fields is Fields.ALL:
        payload["chat_template_kwargs"] = {"enable_thinking": request.think}
    return "/chat/completions", payload


def _listed(entry: dict[str, object], server: str) -> ModelInfo:
    name = get_str(entry, "id")
    owner = get_str(entry, "owned_by")
    meta = get_object(entry, "meta")
    window = get_int(meta, "n_ctx") or get_int(entry, "max_model_len") or get_int(entry, "context_length")
    return ModelInfo(
        name=name,
        digest=_identity(name, owner, meta),
        context=window or None,
        size=get_int(meta, "size") or None,
        quantisation=get_str(meta, "ftype") or get_str(entry, "quantization") or None,
        structured=owner in _STRUCTURED,
        server=owner or server,
    )


def _identity(name: str, owner: str, meta: Mapping[str, object]) -> str:
    """A digest of all that such a server tells of a model's content: no server of this kind tells a file's own."""
    kept = {key: meta[key] for key in ("n_params", "size", "n_vocab", "n_embd", "n_ctx_train") if key in meta}
    text = json.dumps([name.rpartition("/")[2], owner if not kept else _LLAMA, kept], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
