"""A model server as a client sees one: slots, a queue, fixed rates, answers that stream, and faults where wanted.

    python -m translator.testing.simulated_server --port 0 --slots 4 --prefill 2000 --decode 100 --log FILE

It prints its port on the first line and runs until it is ended. It speaks Ollama's API, and does not tell its slots;
with --tell it also has llama-server's routes, which do. Its answers follow from the prompt alone: they are what
`ollama_server.answer` makes of the text that the prompt asks for. A client that hangs up frees its slot.

The log has a JSON line for each request once it has ended, with the fields of `Served`.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO

from translator.core.jsonvalue import as_object, get_int, get_list, get_object, get_str
from translator.testing.ollama_server import MODEL, TEMPLATE, answer, asked_text, information
from translator.testing.served import Served
from translator.testing.simulated_call import NDJSON, OLLAMA, OPENAI, Call, Client, line
from translator.testing.simulated_faults import Draw, Fault, rates_from
from translator.testing.simulation import CHUNK, Job, Simulation, Speed, tokens

_HTML = "text/html"
_OK, _BAD, _MISSING, _BUSY = "200 OK", "400 Bad Request", "404 Not Found", "503 Service Unavailable"
_AT_ONCE = frozenset({Fault.BUSY, Fault.PAGE, Fault.UNLOADED})
_MIDWAY = frozenset({Fault.DROPPED, Fault.STALLED, Fault.HALF_LINE})


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulated server behaves. tell: also with llama-server's routes. context: tokens of each slot's window."""

    speed: Speed = field(default_factory=Speed)
    model: str = MODEL
    context: int = 32768
    tell: bool = False
    faults: Draw = field(default_factory=lambda: Draw({}))


class SimulatedServer:
    """A server that runs in this process's event loop: `host` is its address, `served` what has ended."""

    def __init__(self, options: Options, *, log: TextIO | None = None) -> None:
        self.host = ""
        self.served: list[Served] = []
        self._options = options
        self._log = log
        self._loop = asyncio.get_running_loop()
        self._zero = self._loop.time()
        self._simulation = Simulation(options.speed, self._ended)
        self._calls: dict[Job, Call] = {}
        self._times: Counter[str] = Counter()
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def now(self) -> float:
        """Seconds since the start."""
        return self._loop.time() - self._zero

    @property
    def busy(self) -> float:
        """Seconds that slots were held, of all of them together."""
        return self._simulation.busy

    @property
    def waiting(self) -> int:
        """Requests that have no slot yet."""
        return len(self._simulation.queue)

    @property
    def running(self) -> int:
        """Requests that have a slot."""
        return len(self._simulation.running)

    def asked(self, client: Client, method: str, path: str, body: bytes) -> None:
        """A request has come."""
        if path in OLLAMA or (self._options.tell and path in OPENAI):
            self._complete(client, path, as_object(json.loads(body)))
        elif (told := self._told(method, path, body)) is not None:
            client.say(_OK, line(told))
        else:
            status, found = information(method, path, body, model=self._options.model, context=self._options.context)
            client.say(status, line(found))

    def hung_up(self, call: Call) -> None:
        """A client has gone while its answer was going on."""
        call.aborted = True
        self._simulation.leave(call.job, self.now)
        self._finish(call)
        self._wake()

    def close(self) -> None:
        """No more answers."""
        if self._timer is not None:
            self._timer.cancel()
        for call in tuple(self._calls.values()):
            call.client.drop()

    def _told(self, method: str, path: str, body: bytes) -> dict[str, object] | None:
        """What llama-server's routes tell."""
        options = self._options
        if not options.tell:
            return None
        if path == "/props":
            window = {"n_ctx": options.context}
            slots = options.speed.slots
            return {"total_slots": slots, "chat_template": TEMPLATE, "default_generation_settings": window}
        if path == "/v1/models":
            return {"object": "list", "data": [{"id": options.model, "object": "model", "owned_by": "llamacpp"}]}
        if path == "/tokenize" and method == "POST":
            return {"tokens": list(range(len(tokens(get_str(as_object(json.loads(body)), "content")))))}
        return None

    def _complete(self, client: Client, path: str, payload: dict[str, object]) -> None:
        options = self._options
        self._count += 1
        if get_str(payload, "model") not in (options.model, options.model.removesuffix(":latest")):
            client.say(_MISSING, line({"error": f"model '{get_str(payload, 'model')}' not found"}))
            return
        prompt, source = _prompt(payload)
        if not source:
            client.say(_OK, line({"model": options.model, "done": True, "done_reason": "load"}), NDJSON)
            return
        settings = payload if path in OPENAI else get_object(payload, "options")
        window = min(get_int(settings, "num_ctx", options.context), options.context)
        room = window - len(tokens(prompt))
        if room < 1:
            message = "the request exceeds the available context size, try increasing it"
            client.say(_BAD, line({"error": message}))
            return
        limit = min(get_int(settings, "num_predict", get_int(settings, "max_tokens", room)), room)
        reply = _stopped(answer(source), settings)
        times = self._times[prompt]
        self._times[prompt] += 1
        fault = options.faults.fault(prompt, times, source, reply)
        if fault is not None:
            reply = options.faults.struck(fault, prompt, times, source, reply)
        pieces = tokens(reply)
        reason = "length" if len(pieces) > limit or fault is Fault.CUT else "stop"
        pieces = pieces[:limit]
        place = options.faults.place(prompt, times, len(pieces))
        wanted = payload.get("id_slot")
        job = Job(
            prompt,
            pieces,
            self.now,
            stuck_after=place if fault in _MIDWAY else None,
            slot=wanted if isinstance(wanted, int) and wanted >= 0 else None,
        )
        call = Call(client, job, self._count, path, source, reason, fault, place)
        if fault in _AT_ONCE:
            self._refuse(call)
            return
        client.call = call
        self._calls[job] = call
        self._simulation.arrive(job, self.now)
        self._wake()

    def _refuse(self, call: Call) -> None:
        """Answer with a fault that needs no slot."""
        self._note(call)
        if call.fault is Fault.BUSY:
            error = {"error": "server busy, please try again.  maximum pending requests exceeded"}
            call.client.say(_BUSY, line(error))
        elif call.fault is Fault.PAGE:
            call.client.say(_OK, b"<html><body>Welcome to the router</body></html>", _HTML)
        else:
            call.client.say(_OK, line({"model": MODEL, "done": True, "done_reason": "unload"}), NDJSON)

    def _wake(self) -> None:
        """Give the clients what there is for them, and see to it that this is done again in time."""
        now = self.now
        simulation = self._simulation
        simulation.advance(now)
        for job in simulation.running:
            call = self._calls.get(job)
            if call is None:
                continue  # it ended while another one was broken off
            if job.stuck and call.fault in (Fault.DROPPED, Fault.HALF_LINE):
                self._break_off(call, now)
            elif job.whole > call.given and call.due <= now:
                self._give(call, now)
        at = simulation.next()
        for job in simulation.running:
            call = self._calls[job]
            at = min(at, max(simulation.part_at(job, call.given), call.due))
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at < float("inf"):
            self._timer = self._loop.call_at(self._zero + max(at, now), self._wake)

    def _give(self, call: Call, now: float) -> None:
        whole = call.job.whole
        text = "".join(call.job.pieces[call.given : whole])
        part = call.part(text)
        if call.fault is Fault.WRONG_ENCODING and call.given >= call.place // 2:
            part = _misencoded(part)
        call.given, call.due = whole, now + CHUNK
        call.send(part)

    def _break_off(self, call: Call, now: float) -> None:
        """A fault that ends an answer before its end."""
        self._simulation.leave(call.job, now)
        self._finish(call)
        if call.fault is Fault.HALF_LINE:
            part = call.part("".join(call.job.pieces[call.given : call.given + 8]))
            call.send(part[: len(part) * 2 // 3], end=True)
        else:
            call.client.drop()

    def _ended(self, job: Job) -> None:
        """An answer is written whole."""
        call = self._calls[job]
        last = call.last("".join(job.pieces[call.given :]))
        if call.fault is Fault.WRONG_ENCODING:
            last = _misencoded(last)
        self._finish(call)  # before its client can know: who has the answer finds it in the log
        call.send(last, end=True)

    def _finish(self, call: Call) -> None:
        if self._calls.pop(call.job, None) is not None:
            call.client.call = None
            self._note(call)

    def _note(self, call: Call) -> None:
        served = call.served(self.now)
        self.served.append(served)
        if self._log is not None:
            self._log.write(served.line())


def _prompt(payload: Mapping[str, object]) -> tuple[str, str]:
    """The prompt as the model reads it, and the text in it that is to be translated; empty where none is asked for."""
    messages = [as_object(message) for message in get_list(payload, "messages")]
    if not messages:
        prompt = get_str(payload, "prompt")
        return prompt, asked_text(prompt)
    turns = (f"<|im_start|>{get_str(m, 'role')}\n{get_str(m, 'content')}<|im_end|>\n" for m in messages)
    return "".join(turns) + "<|im_start|>assistant\n", asked_text(get_str(messages[-1], "content"))


def _stopped(text: str, settings: Mapping[str, object]) -> str:
    """The text until the first of the sequences that stop the model."""
    for stop in get_list(settings, "stop"):
        if isinstance(stop, str) and stop:
            text = text.partition(stop)[0]
    return text


def _misencoded(part: bytes) -> bytes:
    """The same in an encoding of Japan, or of China where it cannot hold the characters."""
    text = part.decode()
    try:
        return text.encode("shift_jis")
    except UnicodeEncodeError:
        return text.encode("gb18030")


@asynccontextmanager
async def simulated_server(
    options: Options | None = None, *, log: TextIO | None = None, port: int = 0
) -> AsyncGenerator[SimulatedServer]:
    """A simulated server on loopback in this event loop, for as long as the block runs (port 0: a free one)."""
    simulated = SimulatedServer(options or Options(), log=log)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(Client, simulated), "127.0.0.1", port)
    simulated.host = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield simulated
    finally:
        simulated.close()
        server.close()


async def _run(options: Options, port: int, log: TextIO | None) -> None:
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform != "win32":
            loop.add_signal_handler(number, end.set)
    async with simulated_server(options, log=log, port=port) as server:
        sys.stdout.write(f"{server.host.rpartition(':')[2]}\n")
        sys.stdout.flush()
        await end.wait()


def main() -> None:
    """Run the server until it is ended."""
    parser = argparse.ArgumentParser(description="A server with Ollama's API, slots, a queue and fixed rates.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--slots", type=int, default=4, help="requests that run at once")
    parser.add_argument("--prefill", type=float, default=2000.0, help="tokens/s that a slot reads")
    parser.add_argument("--decode", type=float, default=100.0, help="tokens/s that a slot writes")
    parser.add_argument("--totals", default="", help="tokens/s of all slots while 1,2,… write, in place of --decode")
    parser.add_argument("--context", type=int, default=32768, help="tokens of each slot's window")
    parser.add_argument("--tell", action="store_true", help="have llama-server's routes too, which tell the slots")
    parser.add_argument("--faults", default="", help="`all`, `all*2`, or such as loop=0.01,busy=0.02")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    parser.add_argument("--most", type=int, help="how often one prompt can be struck")
    parser.add_argument("--model", default=MODEL)
    parser.add_argument("--log", type=Path, help="a JSON line for each request that has ended")
    given = parser.parse_args()
    totals = tuple(float(rate) for rate in given.totals.split(",") if rate)
    options = Options(
        speed=Speed(given.slots, given.prefill, given.decode, totals),
        model=given.model,
        context=given.context,
        tell=given.tell,
        faults=Draw(rates_from(given.faults), given.seed, given.most),
    )
    path: Path | None = given.log
    log = None if path is None else path.open("a", encoding="utf-8", buffering=1)
    asyncio.run(_run(options, given.port, log))


if __name__ == "__main__":
    main()
