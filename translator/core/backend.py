"""What a model server promises, whatever it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Sampling:
    """Every sampling option that is sent, always: servers' defaults differ and move.

    `frequency_penalty` and `presence_penalty` 0 and `repeat_penalty` 1 mean none; `seed` None: the server's choice.
    """

    temperature: float = 0.1
    top_p: float = 0.3
    top_k: int = 40
    min_p: float = 0.0
    repeat_penalty: float = 1.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model: either chat `messages`, or a raw `prompt` for a completion.

    max_tokens: the answer's limit, always positive. num_ctx: the context window, fixed for a job.
    schema: a JSON schema (as JSON text) that the answer must follow, where the server can enforce it.
    think: False asks a reasoning model not to think aloud, True to put its thought in a field of its own, None
    leaves the server's way. slot: the server's slot (from 0) that holds the beginning of the prompt already, for
    servers whose slots can be named; None leaves the choice to the server.
    """

    model: str
    messages: tuple[Message, ...] = ()
    prompt: str | None = None
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 512
    num_ctx: int = 2048
    stop: tuple[str, ...] = ()
    schema: str | None = None
    think: bool | None = None
    slot: int | None = None

    def __post_init__(self) -> None:
        if bool(self.messages) == (self.prompt is not None):
            raise ValueError("a request has either messages or a prompt")
        if self.max_tokens < 1:
            raise ValueError("max_tokens is positive: 0 and -1 mean 'no end' to some servers")

    @property
    def texts(self) -> tuple[str, ...]:
        """What the model reads, without any template: the prompt, or the content of each message."""
        return (self.prompt,) if self.prompt is not None else tuple(message.content for message in self.messages)

    @property
    def turns(self) -> int:
        """The turns that a template is put around: those of the messages and the answer's own."""
        return len(self.messages) + 1


class Stop(StrEnum):
    """Why an answer ended: the model was done, the limit was reached, or the client stopped it."""

    DONE = "done"
    LENGTH = "length"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Abort:
    """What `on_token` returns to stop an answer at once: the code of the finding that it will become."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text without any thought, why it ended, and what it cost (tokens; seconds).

    cached_tokens: those of the prompt that were not read anew; None: the server does not tell.
    """

    text: str
    stop: Stop = Stop.DONE
    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int | None = None
    seconds: float = 0.0
    thought: str = ""
    abort: Abort | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model as its server describes it; None or empty where the server does not say.

    digest: names the model's content. context: the longest window (tokens). slots: requests that the server runs
    at once. named: whether a request may name its slot. structured: whether it can be held to a JSON schema.
    """

    name: str
    digest: str
    context: int | None = None
    template: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    slots: int | None = None
    named: bool = False
    size: int | None = None
    quantisation: str | None = None
    capabilities: tuple[str, ...] = ()
    structured: bool = False
    server: str = ""


class BackendError(Exception):
    """A server did not do what was asked. The message is for the person; `hint` is what to do now."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UnreachableError(BackendError):
    """No server answers there; asking again later may help."""


class BusyError(BackendError):
    """The server refuses for now (503, 429); asking again after `retry_after` seconds may help."""

    def __init__(self, message: str, *, hint: str = "", retry_after: float = 1.0) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class BrokenReplyError(BackendError):
    """What came back is no whole answer: cut off, not JSON, an error in mid-stream. Asking again may help."""


class NoSuchModelError(BackendError):
    """The server does not have the model; `near` are names that it has and that look alike."""

    def __init__(self, message: str, *, hint: str = "", near: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.near = near


class OverflowedError(BackendError):
    """Prompt and answer do not fit the context window; a shorter prompt helps."""


class RefusedError(BackendError):
    """The server takes no request of this kind (401, 403): a key, too large a model, an option it does not know."""


class PromptRefusedError(RefusedError):
    """The server does not take this one (400, 422, a content filter); another prompt may be another matter."""


OnToken = Callable[[str], Abort | None]
"""Called with the answer's whole text so far each time that it grows; returning an Abort stops the answer."""

OnBegin = Callable[[], None]
"""Called once, when the first part of an answer (text or thought) has come: the server is at work on it."""


class Backend(Protocol):
    """A model server. Its calls may run at the same time; `close` ends its connections."""

    name: str

    async def models(self) -> list[ModelInfo]:
        """The models that the server has, with what its list tells of them. Raises BackendError."""
        ...

    async def describe(self, model: str) -> ModelInfo:
        """What the server knows of one model. Raises NoSuchModelError, UnreachableError and other BackendErrors."""
        ...

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """Ask once; no retry of its own. Raises a BackendError of the kind that says what may help."""
        ...

    async def close(self) -> None:
        """Let go of connections and of what was started."""
        ...


@runtime_checkable
class Counts(Protocol):
    """A backend whose server may tell how many tokens a text is."""

    async def tokens(self, text: str, model: str) -> int | None:
        """The tokens that `model` makes of a text, without any template; None where the server can never say.

        Raises BackendError where it only did not say it now.
        """
        ...


@runtime_checkable
class TellsLoad(Protocol):
    """A backend whose server may tell how many requests it runs and how many wait."""

    async def load(self) -> tuple[int, int] | None:
        """The requests that run there now and those that wait, of all clients; None where the server never says.

        Raises BackendError where it only did not say it now.
        """
        ...


@dataclass(frozen=True, slots=True)
class Host:
    """One server of a job, as the runner sees it.

    name: for the record and for people. model: its own name for the model. slots: the requests that it runs at once
    where it tells, else None: it is found out. parallel: requests to keep in flight there whatever its slots, None:
    as many as do good. named: whether a request may name the slot that it wants. expected: the slots that were found
    in an earlier run, where the server does not tell. seen: it has told or served something in this run: should it be
    silent now, it has gone and may come back, and was not forgotten to be started.
    """

    name: str
    backend: Backend
    model: str
    slots: int | None = None
    parallel: int | None = None
    named: bool = False
    expected: int | None = None
    seen: bool = False
