"""A real HTTP server on loopback that misbehaves as it is told: for tests of what talks to model servers."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum

from translator.core.jsonvalue import as_object


class Act(Enum):
    """What a server may do instead of sending: close the connection at once, or say nothing more."""

    DROP = "drop"
    HANG = "hang"


Step = bytes | float | Act
"""Bytes are sent as one chunk, a number is a pause in seconds."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        return as_object(json.loads(self.body))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent for one request: a status line, headers, then the steps.

    `keep` False closes the connection afterwards without having said so. `chunked` False sends no length at all:
    the end is where the connection closes.
    """

    steps: tuple[Step, ...]
    status: int = 200
    content_type: str = "application/x-ndjson"
    headers: tuple[str, ...] = ()
    keep: bool = True
    chunked: bool = True


def lines(*objects: object) -> bytes:
    """Objects as JSON, one a line."""
    return b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in objects)


def events(*objects: object) -> bytes:
    """Objects as server-sent events; a text stands as it is."""
    texts = [entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False) for entry in objects]
    return b"".join(f"data: {text}\n\n".encode() for text in texts)


@dataclass(slots=True)
class ScriptedServer:
    """Answers each route as it was told; a route's answers follow each other, and the last one stays.

    `requests` holds what came. `hung_up` is set when a client closes a connection whose answer was still going on.
    """

    url: str = ""
    requests: list[Received] = field(default_factory=list[Received])
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    connections: int = 0
    _answers: dict[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set["asyncio.Task[None]"])

    def on(self, path: str, *steps: Step, status: int = 200, content_type: str = "application/x-ndjson") -> None:
        """The next answer of a route: steps under a status."""
        self.add(path, Answer(steps, status=status, content_type=content_type))

    def say(self, path: str, value: object, *, status: int = 200) -> None:
        """The next answer of a route: one JSON value."""
        self.add(path, Answer((json.dumps(value).encode(),), status=status, content_type="application/json"))

    def add(self, path: str, answer: Answer) -> None:
        """The next answer of a route."""
        self._answers.setdefault(path, []).append(answer)

    def replace(self, path: str, answer: Answer) -> None:
        """From now on this is the answer of a route, in place of all that were told before."""
        self._answers[path] = [answer]

    def asked(self, path: str) -> Sequence[Received]:
        """The requests that came for a route."""
        return [request for request in self.requests if request.path == path]

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection (called by asyncio)."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            self.hung_up.set()
        finally:
            writer.close()
            if task is not None:
                self._tasks.discard(task)

    async def stop(self) -> None:
        """End what still hangs."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        start, *rest = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = start.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append(Received(method, path, headers, body))
        queue = self._answers.get(path, [])
        missing = Answer((b'{"error": "no such route"}',), status=404, content_type="application/json")
        answer = queue.pop(0) if len(queue) > 1 else queue[0] if queue else missing
        return await _give(answer, reader, writer, with_body=method != "HEAD")


async def _give(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, with_body: bool) -> bool:
    if answer.steps and answer.steps[0] is Act.DROP:
        writer.transport.abort()
        return False
    coding = "Transfer-Encoding: chunked\r\n" if answer.chunked and with_body else ""
    more = "".join(f"{line}\r\n" for line in answer.headers)
    head = f"HTTP/1.1 {answer.status} Scripted\r\nContent-Type: {answer.content_type}\r\n{coding}{more}\r\n".encode()
    begun = False
    gone = asyncio.ensure_future(reader.read(1))
    try:
        for step in answer.steps if with_body else ():
            if isinstance(step, bytes):
                chunk = f"{len(step):x}\r\n".encode() + step + b"\r\n" if answer.chunked else step
                writer.write(chunk if begun else head + chunk)
                begun = True
                await writer.drain()
            elif step is Act.DROP:
                writer.transport.abort()
                return False
            else:
                await asyncio.wait((gone,), timeout=None if isinstance(step, Act) else step)
            if gone.done():
                raise ConnectionResetError("the client hung up")
    finally:
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    end = b"0\r\n\r\n" if answer.chunked and with_body else b""
    writer.write(end if begun else head + end)
    await writer.drain()
    return answer.keep and answer.chunked


@asynccontextmanager
async def scripted_server() -> AsyncGenerator[ScriptedServer]:
    """A scripted server on a free port of loopback, for as long as the block runs."""
    script = ScriptedServer()
    server = await asyncio.start_server(script.connected, "127.0.0.1", 0, limit=2**26)
    port: int = server.sockets[0].getsockname()[1]
    script.url = f"http://127.0.0.1:{port}"
    try:
        yield script
    finally:
        server.close()
        await script.stop()
