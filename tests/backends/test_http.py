"""Connections to one server, where no backend's words matter."""

import errno
from collections.abc import AsyncIterator

import pytest

from translator.backends.http import HttpServer, Patience
from translator.testing.scripted_server import ScriptedServer


async def test_a_file_whose_disk_does_not_answer_while_it_is_sent_is_not_held_against_the_server(
    server: ScriptedServer,
) -> None:
    async def blocks() -> AsyncIterator[bytes]:
        yield b"GG"
        raise TimeoutError(errno.ETIMEDOUT, "Connection timed out")

    server.say("/blobs", {})
    connections = HttpServer(server.url, title="the server", patience=Patience(connect=1, query=0.3))
    with pytest.raises(TimeoutError, match="Connection timed out"):
        await connections.ask("POST", "/blobs", content=blocks(), headers={"Content-Length": "4"})
    await connections.close()
