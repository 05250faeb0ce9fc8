"""A client of the simulated server and the request that it waits for: how much it was given, and in which form."""

import json
from dataclasses import dataclass
from typing import Protocol

from translator.testing.ollama_server import MODEL
from translator.testing.protocol import Connection
from translator.testing.served import Served
from translator.testing.simulated_faults import Fault
from translator.testing.simulation import Job

OLLAMA = ("/api/chat", "/api/generate")
OPENAI = ("/v1/chat/completions", "/v1/completions")
NDJSON = "application/x-ndjson"
_EVENTS = "text/event-stream"


class Listener(Protocol):
    """What a client's requests come to."""

    def asked(self, client: "Client", method: str, path: str, body: bytes) -> None:
        """A request has come."""
        ...

    def hung_up(self, call: "Call") -> None:
        """A client has gone while its answer was going on."""
        ...


class Client(Connection):
    """One client: its requests come one after the other."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener
        self.call: Call | None = None

    def asked(self, method: str, path: str, body: bytes) -> None:
        """A whole request has come."""
        self._listener.asked(self, method, path, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio when the client is gone."""
        super().connection_lost(exc)
        if self.call is not None:
            self._listener.hung_up(self.call)

    def stream(self, part: bytes, *, head: str = "", end: bool = False) -> None:
        """Send a part of a streamed answer: its head before the first one, what closes it after the last."""
        chunk = f"{len(part):x}\r\n".encode() + part + b"\r\n" if part else b""
        begin = f"HTTP/1.1 200 OK\r\nContent-Type: {head}\r\nTransfer-Encoding: chunked\r\n\r\n" if head else ""
        self.write(begin.encode() + chunk + (b"0\r\n\r\n" if end else b""))


@dataclass(slots=True, eq=False)
class Call:
    """A request on its way: its job, what struck it, and how much of the answer its client was given.

    path: the route that was asked. reason: why the answer ends. place: the token at which the fault strikes. due: when
    the next part may be sent.
    """

    client: Client
    job: Job
    number: int
    path: str
    text: str
    reason: str
    fault: Fault | None
    place: int
    given: int = 0
    due: float = 0.0
    begun: bool = False
    aborted: bool = False

    @property
    def openai(self) -> bool:
        """Whether it came by one of OpenAI's routes."""
        return self.path in OPENAI

    def send(self, part: bytes, *, end: bool = False) -> None:
        """Send what `part` or `last` made."""
        head = "" if self.begun else _EVENTS if self.openai else NDJSON
        self.begun = True
        self.client.stream(part, head=head, end=end)

    def part(self, text: str) -> bytes:
        """A part of the answer as it is sent."""
        if self.openai:
            choice = {"index": 0, "delta": {"content": text}, "text": text, "finish_reason": None}
            return _event({"choices": [choice]})
        return line({**self._holder(text), "done": False})

    def last(self, text: str) -> bytes:
        """The last part of the answer and what the server says at its end."""
        job, done = self.job, self.fault is not Fault.NOT_DONE
        written = len(job.pieces)
        if self.openai:
            reason = self.reason if done else None
            choice = {"index": 0, "delta": {"content": text}, "text": text, "finish_reason": reason}
            usage = {"prompt_tokens": job.prompt_tokens, "completion_tokens": written}
            end = _event({"choices": [choice], "usage": usage, "timings": {"cache_n": job.cached}})
            return end + b"data: [DONE]\n\n" if done else end
        if not done:
            return line({**self._holder(text), "done": False})
        reading = (job.first or 0.0) - (job.start or 0.0)
        counts = {
            "done_reason": self.reason,
            "total_duration": _nanoseconds((job.end or 0.0) - job.sent),
            "load_duration": 0,
            "prompt_eval_count": job.prompt_tokens,
            "prompt_eval_duration": _nanoseconds(reading),
            "eval_count": written,
            "eval_duration": _nanoseconds((job.end or 0.0) - (job.first or 0.0)),
        }
        return line({**self._holder(text), "done": True, **counts})

    def served(self, now: float) -> Served:
        """What is noted of it. now: its end, where it had not come to its own."""
        job = self.job
        return Served(
            number=self.number,
            text=self.text,
            sent=job.sent,
            start=job.start,
            first=job.first,
            end=now if job.end is None else job.end,
            slot=job.slot if job.start is not None else None,
            prompt_tokens=job.prompt_tokens,
            cached_tokens=job.cached,
            output_tokens=job.whole,
            aborted=self.aborted,
            fault=None if self.fault is None else self.fault.value,
        )

    def _holder(self, text: str) -> dict[str, object]:
        if self.path == OLLAMA[0]:
            return {"model": MODEL, "message": {"role": "assistant", "content": text}}
        return {"model": MODEL, "response": text}


def line(value: object) -> bytes:
    """A value as JSON on a line of its own."""
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _event(value: object) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
