"""HTTP as the servers to test against speak it: a connection that cuts requests out of what comes, and answers."""

import asyncio
import re

JSON = "application/json"
_HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")


class Connection(asyncio.Protocol):
    """One client. Its requests have a length or no body; what comes in pieces is put together."""

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def asked(self, method: str, path: str, body: bytes) -> None:
        """A whole request has come."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio when the client is there."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_server always hands over
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio when the client is gone."""
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Called by asyncio with what has come."""
        self._buffer += data
        while (end := self._buffer.find(_HEAD_END)) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            stop = end + len(_HEAD_END) + (int(found[1]) if found else 0)
            if len(self._buffer) < stop:
                return
            body = self._buffer[end + len(_HEAD_END) : stop]
            self._buffer = self._buffer[stop:]
            method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            self.asked(method, path, body)

    def say(self, status: str, body: bytes, content_type: str = JSON) -> bool:
        """Send a whole answer; whether the client was still there."""
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        return self.write(head.encode() + body)

    def write(self, data: bytes) -> bool:
        """Send bytes; whether the client was still there."""
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def drop(self) -> None:
        """Close the connection without a word."""
        if self._transport is not None:
            self._transport.abort()
