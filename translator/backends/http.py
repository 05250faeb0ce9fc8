"""One server over HTTP: connections, patience, and what a failure means to the person who waits."""

import asyncio
import json
import sys
from collections.abc import AsyncIterable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus

import httpx

from translator.backends.failures import HttpFailure, is_page, reason, shown
from translator.backends.hosts import is_loopback, is_near
from translator.backends.patience import PATIENT, Patience
from translator.backends.watchdog import Stream, Watchdog
from translator.core.backend import BackendError, BrokenReplyError, BusyError, UnreachableError
from translator.core.jsonvalue import as_list, as_object, parsed

_BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
_LONGEST_LINE = 32 * 1024 * 1024
_LONGEST_ERROR = 64 * 1024
_FAREWELL = 2.0

# Idle connections are let go before any server does so (llama-server closes after 5 s): a request sent into a
# connection that is just being closed would fail for no fault of the server.
_LIMITS = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=4.0)
_CUT = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
_JSON = {"Content-Type": "application/json"}


@dataclass(slots=True)
class _Line:
    """A client with its one connection. used: whether that connection has served before.

    transport: what the client sends through where no proxy may stand in between; None: what it chooses itself.
    """

    client: httpx.AsyncClient
    transport: httpx.AsyncHTTPTransport | None = None
    used: bool = False

    async def send(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; the body is read as a stream.

        Straight through the transport where there is one: what the client adds (cookies, redirects, authentication,
        a log) is not wanted here, and costs as much as a fifth of the request.
        """
        if self.transport is None:
            return await self.client.send(request, stream=True)
        response = await self.transport.handle_async_request(request)
        response.request = request
        return response


class Take(Enum):
    """What a reader of a stream wants after the lines that it was given. NOTHING: more; these brought nothing new."""

    MORE = "more"
    NOTHING = "nothing"
    ENDED = "ended"
    STOP = "stop"


class _StaleConnection(Exception):  # noqa: N818 - a signal inside this module
    """A connection that had served before was closed by the server before the request came."""


class HttpServer:
    """One server at `address` (without a slash at its end), called `title` in messages.

    start: what to do when nothing answers there. Raises UnreachableError, BrokenReplyError and HttpFailure.
    """

    def __init__(
        self, address: str, *, title: str, start: str = "", api_key: str | None = None, patience: Patience = PATIENT
    ) -> None:
        self.address = address
        self.title = title
        self.patience = patience
        self._start = start
        self._headers = {"Accept-Encoding": "identity"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        # One client for each connection, the last one used first: httpcore's pool looks at every connection several
        # times a request, so that a hundred in one pool cost more than the requests themselves.
        self._idle: list[_Line] = []
        self._lines: list[_Line] = []
        self._watchdog = Watchdog(patience)
        self._tls = httpx.create_ssl_context() if address.startswith("https:") or not is_near(address) else False
        self._idle.append(self._new_line())

    def _new_line(self) -> _Line:
        near = is_near(self.address)
        transport = httpx.AsyncHTTPTransport(verify=self._tls, limits=_LIMITS, http2=False) if near else None
        try:
            # A proxy from the environment (HTTP_PROXY is often set for the whole desktop) must not stand between
            # this program and a server on the same machine or in the same network.
            client = httpx.AsyncClient(
                headers=self._headers,
                timeout=httpx.Timeout(None, connect=self.patience.connect, write=self.patience.stall),
                limits=_LIMITS,
                verify=self._tls,
                trust_env=not near,
                transport=transport,
                http2=False,
            )
        except (ImportError, ValueError) as error:
            raise BackendError(
                f"the proxy that the environment names cannot be used: {error}",
                hint="set HTTP_PROXY, HTTPS_PROXY and ALL_PROXY to an http:// address, or unset them",
            ) from error
        line = _Line(client, transport)
        self._lines.append(line)
        return line

    @contextmanager
    def _line(self) -> Generator[_Line]:
        line = self._idle.pop() if self._idle else self._new_line()
        try:
            yield line
        finally:
            self._idle.append(line)

    async def close(self) -> None:
        """End all connections."""
        lines, self._lines, self._idle = self._lines, [], []
        for line in lines:
            await line.client.aclose()

    async def get(self, path: str) -> dict[str, object]:
        """The JSON object that the server has at `path`."""
        return await self.ask("GET", path)

    async def ask(
        self,
        method: str,
        path: str,
        payload: Mapping[str, object] | None = None,
        *,
        content: AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, object]:
        """The JSON object that the server answers; an empty one where the answer has no body.

        A `content` is sent as it comes; then only its sender decides how long that may take.
        """
        answered = await self._ask(method, path, payload, content=content, headers=headers)
        try:
            return as_object(parsed(answered)) if answered.strip() else {}
        except ValueError as error:
            raise self._no_json(path, answered) from error

    async def get_all(self, path: str) -> list[object]:
        """The JSON array that the server has at `path`."""
        answered = await self._ask("GET", path)
        try:
            return as_list(parsed(answered))
        except ValueError as error:
            raise self._no_json(path, answered) from error

    async def get_text(self, path: str) -> str:
        """The text that the server has at `path`."""
        return (await self._ask("GET", path)).decode("utf-8", "replace")

    async def _ask(
        self,
        method: str,
        path: str,
        payload: Mapping[str, object] | None = None,
        *,
        content: AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        body = content if content is not None else None if payload is None else json.dumps(payload).encode()
        sent = {**_JSON, **(headers or {})}
        limit = None if content is not None else self.patience.query
        try:
            async with asyncio.timeout(limit):
                with self._line() as line:
                    try:
                        response = await line.client.request(method, self.address + path, content=body, headers=sent)
                    except _CUT:
                        if content is not None or not line.used:
                            raise
                        response = await line.client.request(method, self.address + path, content=body, headers=sent)
                    line.used = True
        except TimeoutError as error:
            if limit is None:
                raise  # the content's own: nothing else is waited for only so long
            raise self.unreachable(f"gave no answer within {limit:.0f} s") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._transport(error, started=False) from error
        if not response.is_success:
            raise HttpFailure(response.status_code, response.content, response.headers)
        if is_page(response.content, response.headers.get("content-type", "")):
            raise self.page()
        return response.content

    def _no_json(self, path: str, answered: bytes) -> BrokenReplyError:
        return BrokenReplyError(
            f"{self.title} at {self.address} answered {path} with something that is no JSON object: {shown(answered)}",
            hint="check that the address is that of the server you mean",
        )

    async def stream(self, path: str, payload: bytes, take: Callable[[list[bytes]], Take]) -> None:
        """POST and hand over the answer's lines, as many as each read brings, until `take` has what it wants.

        Take.ENDED lets the rest pass unseen, so that the connection can serve again; Take.STOP closes it at once,
        which makes the server stop generating. Lines end with a newline and nothing else (a text may hold U+2028
        or U+0085); the last one needs none.
        """
        with self._line() as line:
            try:
                await self._attempt(line, path, payload, take)
            except _StaleConnection:
                # llama-server closes a connection after each stream and does not say so. Nothing came back, and
                # asking twice changes nothing on a server, so it is sent once more, over a new connection.
                await self._attempt(line, path, payload, take)

    async def _attempt(self, line: _Line, path: str, payload: bytes, take: Callable[[list[bytes]], Take]) -> None:
        watch = asyncio.timeout(None)
        with self._watchdog.watching(watch, reused=line.used) as stream:
            try:
                async with watch:
                    request = line.client.build_request("POST", self.address + path, content=payload, headers=_JSON)
                    line.used = False  # until it has served whole
                    response = await line.send(request)
                    try:
                        stream.answered = True
                        line.used = await self._read(response, take, stream)
                    finally:
                        await response.aclose()
            except TimeoutError as error:
                if stream.ended:
                    return
                if stream.begun:
                    raise self._broken(f"fell silent for {stream.waited:.3g} s in the middle of an answer") from error
                raise self.unreachable(f"gave no answer within {stream.waited:.0f} s") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if stream.reused and not stream.answered and isinstance(error, _CUT):
                    raise _StaleConnection from error
                if not stream.ended:
                    raise self._transport(error, started=stream.answered) from error

    async def _read(self, response: httpx.Response, take: Callable[[list[bytes]], Take], stream: Stream) -> bool:
        """Hand over the answer's lines; whether it was read to its end, so that its connection can serve again."""
        clock = asyncio.get_running_loop().time
        if response.status_code != HTTPStatus.OK:
            stream.until = clock() + self.patience.query
            raise HttpFailure(response.status_code, await _head(response), response.headers)
        kind = response.headers.get("content-type", "")
        if is_page(b"", kind):
            raise self.page()
        # A server that does not stream may send one JSON object over many lines.
        spread = None if kind.lower().startswith("application/json") else False
        half = b""
        async for chunk in response.aiter_bytes():
            if stream.ended:
                continue
            lines = [half + chunk] if spread else (half + chunk).split(b"\n")
            half = lines.pop()
            if len(half) > _LONGEST_LINE:
                raise self._broken("sent a line without end")
            if spread is None and (spread := _goes_on(lines)):
                half = b"\n".join((*lines, half))
                continue
            verdict = take(lines) if lines else Take.NOTHING
            if self._told(verdict, stream, clock()):
                return False
        if half and not stream.ended:
            self._told(take([half]), stream, clock())
        if not stream.ended:
            self._watchdog.over(stream)
        return True

    def _told(self, verdict: Take, stream: Stream, now: float) -> bool:
        """Note what the lines of an answer brought; whether it is to be stopped."""
        if verdict is Take.NOTHING:
            stream.signs = True
            return False
        self._watchdog.heard(stream, now)
        if verdict is Take.MORE:
            return False
        self._watchdog.over(stream)
        stream.ended = verdict is Take.ENDED
        stream.until = now + _FAREWELL
        return not stream.ended

    def page(self) -> UnreachableError:
        """The error for an answer that is a web page."""
        return UnreachableError(
            f"at {self.address} a web page answers, not {self.title}",
            hint="check the address (--host): it may be a router's, a proxy's or another program's",
        )

    def unreachable(self, what: str) -> UnreachableError:
        """The error for a server that is not there."""
        return UnreachableError(f"{self.title} at {self.address} {what}", hint=self._start)

    def common(self, failure: HttpFailure) -> BackendError | None:
        """The error for a failure that means the same on every server; None for those that do not."""
        if failure.status in _BUSY:
            said = f": {failure.message}" if failure.message else f" (status {failure.status})"
            return BusyError(
                f"{self.title} at {self.address} is busy{said}",
                hint="wait, or ask for less at a time (--parallel 1)",
                retry_after=failure.retry_after or 1.0,
            )
        if failure.page or (failure.status == HTTPStatus.NOT_FOUND and not failure.detail):
            return self.page() if failure.page else self.unreachable("does not know this program's routes")
        return None

    def _broken(self, what: str) -> BrokenReplyError:
        return BrokenReplyError(f"{self.title} at {self.address} {what}")

    def _transport(self, error: Exception, *, started: bool) -> BackendError:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
            return self.unreachable(f"cannot be reached ({reason(error)})")
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
            return BackendError(f"“{self.address}” is no address of a server: {error}", hint=self._start)
        when = "in the middle of an answer" if started else "before it answered"
        return self._broken(f"dropped the connection {when} ({reason(error)})")


def server_hint(address: str, *, program: str, command: str, app: str = "", platform: str = sys.platform) -> str:
    """What to do when nothing answers at `address`: start the program here, or look at the other machine."""
    if not is_loopback(address):
        return f"check that {program} runs there, listens on more than its own machine, and that no firewall is between"
    if platform == "win32" and app:
        return f"start it: {app}, or run: {command}"
    return f"start it: {command}"


async def _head(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _LONGEST_ERROR:
            break
    return body


def _goes_on(lines: list[bytes]) -> bool | None:
    """Whether an answer's first line is the beginning of a JSON object over several lines; None: it is blank."""
    first = next(filter(bytes.strip, lines), None)
    return None if first is None else first.lstrip().startswith(b"{") and not first.rstrip().endswith(b"}")
