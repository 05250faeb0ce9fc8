"""How many requests a second the Ollama client makes against a server that answers at once.

Client and server run in two processes; ratios to a bare loop over raw sockets would only measure the machine.
Usage: python benchmarks/instant_server.py [REQUESTS] [IN_FLIGHT]
"""

import asyncio
import subprocess
import sys
import time

from translator.backends.ollama import OllamaBackend
from translator.core.backend import Abort, Message, Request
from translator.testing.ollama_server import MODEL, answer

LINES = [f"\\C[{n}]勇者たちは{n}番目の村で、ゆっくりと休むことにした。" for n in range(10)]


def listen(text: str) -> Abort | None:
    """Let every answer go on, as a job does while nothing is wrong."""
    del text
    return None


async def measure(port: int, requests: int, in_flight: int) -> float:
    """Seconds for so many requests with so many in flight; each answer is compared with what it must be."""
    backend = OllamaBackend(f"127.0.0.1:{port}")
    text = "\n".join(LINES)
    expected = answer(text)
    left = iter(range(requests))

    async def worker() -> None:
        for number in left:
            message = Message("user", f"将下面的日文文本翻译成中文：{text}\n{number}")
            reply = await backend.complete(Request(model=MODEL, messages=(message,)), on_token=listen)
            if reply.text != f"{expected}\n{number}":
                raise AssertionError(reply.text)

    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(in_flight):
            group.create_task(worker())
    seconds = time.perf_counter() - started
    await backend.close()
    return seconds


def main() -> None:
    """Start the server, measure, print."""
    requests, in_flight = (int(word) for word in (*sys.argv[1:], "3000", "16")[:2])
    command = [sys.executable, "-m", "translator.testing.ollama_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            if server.stdout is None:
                raise RuntimeError("the server has no output")
            port = int(server.stdout.readline())
            seconds = asyncio.run(measure(port, requests, in_flight))
        finally:
            server.terminate()
    print(f"{requests} requests of {len(LINES)} lines, {in_flight} in flight: {requests / seconds:.0f} requests/s")


if __name__ == "__main__":
    main()
