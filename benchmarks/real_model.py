"""How much of a real model's speed the engine gets out of it, against a bare load generator with the same prompts.

    python benchmarks/real_model.py [--slots 1 2 4] [--texts 30] [--rounds 4] [--threads N] [--model FILE.gguf]

llama.cpp's own server runs in a process of its own (the package xllamacpp), a fresh one for each measurement, so that
neither finds what the other left in its prompt cache. First the engine translates a text with it, results stored in
SQLite; then a generator sends the very requests that the engine made, as many at a time as there are slots, with the
limits at which the engine has cut answers short: once streamed, and once whole, so that the server has less to do. Both
count the answers' tokens as the server does. Exits with 1 when the engine's share of the streaming generator's speed is
under its limit. What streaming costs a server that shares the client's cores, no client can give back that wants to cut
loops short; the generator that asks for whole answers shows how much it is.

The model gets all cores but one (`--threads` gives it more): without a GPU it would else feel every millisecond that
either client takes, which says nothing about how busy a server is kept.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from translator import __version__
from translator.backends.demo import demo_model
from translator.backends.openai import OpenAIBackend, completion_payload
from translator.core.backend import Backend, Host, ModelInfo, OnBegin, OnToken, Reply, Request
from translator.core.languages import LANGUAGES
from translator.core.segment import Role
from translator.engine import plan
from translator.engine.desk import Desk
from translator.engine.run import RunLimits, translate
from translator.profiles import all_profiles
from translator.store import Store
from translator.store.rows import BatchRow, UnitRow

LEAST = 0.97
NUM_CTX = 1024
_WRITTEN = re.compile(rb'"completion_tokens":(\d+)')
_TAIL = 4096
"""Bytes at an answer's end that hold its counts."""
SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "text" / "kusamakura.txt"

_SERVER = """
import sys, xllamacpp
parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_parallel = int(sys.argv[2])
parameters.n_ctx = int(sys.argv[3]) * int(sys.argv[2])
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(sys.argv[4])
parameters.verbosity = -1
for name, value in (("cache_ram_mib", 0), ("swa_full", True), ("ui", False)):
    if hasattr(parameters, name):
        setattr(parameters, name, value)
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
del server
"""


@contextmanager
def llama_server(model: Path, slots: int, threads: int) -> Generator[str]:
    """A llama-server with so many slots and threads; its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(model), str(slots), str(NUM_CTX), str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # As the embedded backend sets it: threads that spin steal the time of the one that works.
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the server has no pipes")
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


@dataclass(slots=True)
class Recording:
    """A backend that notes the requests that pass through it, and the tokens that come back."""

    inner: Backend
    name: str = "recording"
    requests: list[Request] = field(default_factory=list[Request])
    tokens: int = 0

    async def models(self) -> list[ModelInfo]:
        """As the inner one."""
        return await self.inner.models()

    async def describe(self, model: str) -> ModelInfo:
        """As the inner one."""
        return await self.inner.describe(model)

    async def complete(
        self, request: Request, *, on_token: OnToken | None = None, on_begin: OnBegin | None = None
    ) -> Reply:
        """As the inner one."""
        place = len(self.requests)
        self.requests.append(request)
        reply = await self.inner.complete(request, on_token=on_token, on_begin=on_begin)
        self.tokens += reply.output_tokens
        if reply.abort is not None:
            # What was cut short is as long for the generator: else it would have more of the cheaper tokens to write.
            self.requests[place] = replace(request, max_tokens=max(reply.output_tokens, 1))
        return reply

    async def close(self) -> None:
        """As the inner one."""
        await self.inner.close()


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured. requests: how many; tokens: of their answers; seconds: for all of them."""

    requests: int
    tokens: int
    seconds: float

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return self.tokens / self.seconds


def total(speeds: Sequence[Speed]) -> Speed:
    """All of them as one run."""
    return Speed(sum(s.requests for s in speeds), sum(s.tokens for s in speeds), sum(s.seconds for s in speeds))


def sentences(count: int) -> list[str]:
    """The first sentences of the sample novel, each once."""
    text = SAMPLE.read_text(encoding="utf-8")
    found = (f"{part.strip()}。" for line in text.split("\n") for part in line.split("。") if part.strip())
    return [sentence for sentence in dict.fromkeys(found) if len(sentence) > 4][:count]


def made_desk(model: str) -> Desk:
    """Japanese to English with the profile for models that only complete."""
    profile = all_profiles()["completion"]
    return Desk(profile, LANGUAGES["ja"], LANGUAGES["en"], model, NUM_CTX, {})


async def with_the_engine(
    address: str, texts: Sequence[str], slots: int, database: Path
) -> tuple[Speed, list[Request]]:
    """Translate the texts as the program does."""
    backend = Recording(OpenAIBackend(address))
    [told] = await backend.models()
    desk = made_desk(told.name)
    with Store.open(database) as store:
        job = store.find_or_create_job(
            kind="novel", input="benchmark", output="benchmark", source_language="ja", target_language="en",
            model=told.name, recipe="{}", recipe_digest="benchmark", options="{}", program_version=__version__,
            server=address,
        )  # fmt: skip
        job = store.begin_run(job.id)
        rows = [UnitRow(text.encode()[:16].ljust(16) + bytes([n % 256, n // 256]), text, Role.NARRATION, "a", "text")
                for n, text in enumerate(texts)]  # fmt: skip
        store.add_units(job, rows)
        batches = plan.plan(store.unbatched_units(job), desk=desk, first_id=store.next_batch(job))
        store.assign_batches(job, (BatchRow(b.id, b.scene, b.after, [u.id for u in b.units]) for b in batches))
        began = time.perf_counter()
        host = Host(address, backend, told.name, slots=slots)
        await translate(desk, hosts=(host,), ledger=store.ledger(job), limits=RunLimits())
        seconds = time.perf_counter() - began
        if store.counts(job).units.pending:
            raise RuntimeError("the engine left texts unasked")
    await backend.close()
    return Speed(len(backend.requests), backend.tokens, seconds), backend.requests


async def with_the_generator(address: str, requests: Sequence[Request], slots: int, *, streamed: bool) -> Speed:
    """Send the requests with `slots` in flight, and do nothing else."""
    waiting = iter(requests)
    tokens = 0

    async def ask(client: httpx.AsyncClient, path: str, payload: dict[str, object]) -> int:
        last = b""
        async with client.stream("POST", f"{address}/v1{path}", json=payload) as response:
            response.raise_for_status()
            async for chunk in response.aiter_raw():
                last = (last + chunk)[-_TAIL:]
        return int(_WRITTEN.findall(last)[-1])

    async def work(client: httpx.AsyncClient) -> None:
        nonlocal tokens
        for request in waiting:
            path, payload = completion_payload(request)
            if not streamed:
                payload |= {"stream": False}
                del payload["stream_options"]
            try:
                written = await ask(client, path, payload)
            except httpx.RemoteProtocolError:
                # llama-server closes a connection after each stream and does not say so.
                written = await ask(client, path, payload)
            tokens += written

    async with httpx.AsyncClient(timeout=600, trust_env=False) as client:
        await client.get(f"{address}/health")
        began = time.perf_counter()
        await asyncio.gather(*(work(client) for _ in range(slots)))
        return Speed(len(requests), tokens, time.perf_counter() - began)


def measure(
    server: tuple[Path, int, int], texts: Sequence[str], rounds: int, folder: Path
) -> tuple[Speed, Speed, Speed]:
    """The speed of the engine, of the generator streamed and whole, over all `rounds`.

    They take turns: a shared machine's own speed changes. server: its model, slots and threads.
    """
    engine: list[Speed] = []
    bare: dict[bool, list[Speed]] = {True: [], False: []}
    slots = server[1]
    for number in range(rounds):
        with llama_server(*server) as address:
            speed, requests = asyncio.run(with_the_engine(address, texts, slots, folder / f"{slots}-{number}.db"))
            engine.append(speed)
        for streamed, speeds in bare.items():
            with llama_server(*server) as address:
                speeds.append(asyncio.run(with_the_generator(address, requests, slots, streamed=streamed)))
    return total(engine), total(bare[True]), total(bare[False])


def main() -> int:
    """Measure and print; 1 when a ratio is under the limit."""
    parser = argparse.ArgumentParser(description="The engine's share of a real model's speed.")
    parser.add_argument("--slots", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--texts", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=max((os.cpu_count() or 1) - 1, 1))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    model: Path = options.model or demo_model()
    texts = sentences(options.texts)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for slots in options.slots:
            server = (model, slots, options.threads)
            engine, bare, whole = measure(server, texts, options.rounds, Path(folder))
            ratio = engine.rate / bare.rate
            good &= ratio >= LEAST
            if options.json:
                found = {"slots": slots, "engine": engine.rate, "bare": bare.rate, "ratio": ratio, "whole": whole.rate}
                sys.stdout.write(json.dumps(found) + "\n")
                continue
            for name, speed in (("engine", engine), ("generator", bare), ("generator, whole answers", whole)):
                sys.stdout.write(
                    f"{slots} slots, {name}: {speed.rate:.1f} tokens/s "
                    f"({speed.requests} requests, {speed.tokens} tokens, {speed.seconds:.1f} s)\n"
                )
            verdict = "ok" if ratio >= LEAST else "UNDER"
            sys.stdout.write(f"{slots} slots, of the generator with whole answers: {engine.rate / whole.rate:.3f}\n")
            sys.stdout.write(f"{slots} slots: {ratio:.3f}, at least {LEAST}  {verdict}\n")
            sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
