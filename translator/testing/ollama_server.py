"""A server that speaks Ollama's API and answers at once: for benchmarks, and for tests that kill and resume a job.

Its answers depend on the prompt alone, so that two runs can be compared: kana become Chinese characters, one for
one, kanji simplified ones, and all else (control codes, digits, line breaks) stays, except that the glossary's terms in
the prompt become what it says. `python -m translator.testing.ollama_server
--port 0 --log FILE --delay-ms N --slots N` prints its port on the first line and runs until it is killed.
"""

import argparse
import asyncio
import hashlib
import json
import re
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TextIO

from translator.core.jsonvalue import as_object, get_int, get_list, get_object, get_str
from translator.glossary.hanzi import simplified
from translator.testing.protocol import Connection

MODEL = "sakura-instant-7b-v1.0:latest"
VERSION = "0.33.0"
TEMPLATE = (
    "{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}"
    "{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n"
)

# The text stands behind the last of these, in the order in which they are looked for.
_MARKS = ("翻译成中文：", "翻译成简体中文：\n", "翻译成简体中文：")
_ENTRY = re.compile(r"(?m)^(.+?)->(.+?)(?: #.*)?$")
_FEW_SHOT = re.compile(r"[^\n:]+: (?P<text>[^\n]*)\n[^\n:]+:\s*\Z")
_CODE = re.compile(
    r"\\+[A-Za-z]+(?:\[[^\]\n]*\]|<[^>\n]*>)?|<[^>\n]*>|(?<!\\)\{[^}\n]*\}|\[[^\]\n]*\]|［＃[^］\n]*］|《[^》\n]*》"
)
_MAY_BE_CODE = re.compile(r"[\\<\[［{《]")
_KANA = [*range(0x3041, 0x3097), *range(0x309D, 0x309F), *range(0x30A1, 0x30FB), *range(0x30FC, 0x30FF)]
_HALF_WIDTH_KANA = range(0xFF66, 0xFFA0)
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


class _Table(dict[int, int]):
    """Kana become Chinese characters, and characters that only Japanese has the ones that Chinese has for them."""

    def __missing__(self, character: int) -> int:
        found = simplified(chr(character)) if _FIRST_HAN <= character <= _LAST_HAN else ""
        self[character] = ord(found) if len(found) == 1 else character
        return self[character]


_TABLE = _Table({kana: _FIRST_HAN + (kana * 7919) % 2000 for kana in (*_KANA, *_HALF_WIDTH_KANA)})
_NDJSON = "application/x-ndjson"


def answer(text: str) -> str:
    """What this server makes of a text: as many lines, as many characters, no kana outside of codes."""
    if _MAY_BE_CODE.search(text) is None:
        return text.translate(_TABLE)
    parts: list[str] = []
    last = 0
    for match in _CODE.finditer(text):
        parts += (text[last : match.start()].translate(_TABLE), match[0])
        last = match.end()
    parts.append(text[last:].translate(_TABLE))
    return "".join(parts)


def asked_text(prompt: str) -> str:
    """The text that a prompt asks to translate: behind Sakura's instruction, the last few-shot line, or all of it."""
    for mark in _MARKS:
        at = prompt.rfind(mark)
        if at >= 0:
            return prompt[at + len(mark) :]
    shot = _FEW_SHOT.search(prompt)
    return shot["text"] if shot else prompt


def followed(prompt: str, text: str) -> str:
    """A text with the terms that the prompt's glossary (lines `term->translation`) has put into words."""
    if "->" in prompt:
        for term, said in sorted(_ENTRY.findall(prompt), key=lambda entry: -len(entry[0])):
            text = text.replace(term, said)
    return text


@dataclass(slots=True)
class Behaviour:
    """How the server behaves. delay: seconds before each answer. slots: answers at once, 0: no limit."""

    model: str = MODEL
    delay: float = 0.0
    slots: int = 0
    log: TextIO | None = None
    context: int = 32768
    asked: int = 0
    running: int = 0
    most: int = 0
    queue: "deque[_Job]" = field(default_factory=deque["_Job"])


@dataclass(slots=True)
class _Job:
    client: "_Client"
    path: str
    payload: dict[str, object]
    number: int


class _Client(Connection):
    """One client: reads requests, writes answers, one after the other."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__()
        self._behaviour = behaviour

    def asked(self, method: str, path: str, body: bytes) -> None:
        behaviour = self._behaviour
        if path in ("/api/chat", "/api/generate"):
            behaviour.asked += 1
            job = _Job(self, path, as_object(json.loads(body)), behaviour.asked)
            if behaviour.slots and behaviour.running >= behaviour.slots:
                behaviour.queue.append(job)
            else:
                _start(behaviour, job)
            return
        status, reply = information(method, path, body, model=behaviour.model, context=behaviour.context)
        self.say(status, json.dumps(reply).encode(), _NDJSON)


def _start(behaviour: Behaviour, job: _Job) -> None:
    behaviour.running += 1
    behaviour.most = max(behaviour.most, behaviour.running)
    if behaviour.delay:
        asyncio.get_running_loop().call_later(behaviour.delay, partial(_finish, behaviour, job))
    else:
        _finish(behaviour, job)


def _finish(behaviour: Behaviour, job: _Job) -> None:
    payload = job.payload
    chat = job.path == "/api/chat"
    messages = get_list(payload, "messages")
    prompt = get_str(as_object(messages[-1]), "content") if messages else get_str(payload, "prompt")
    text = asked_text(prompt)
    reply = answer(followed(prompt, text))
    done = {
        "model": payload.get("model"),
        "created_at": "2026-01-01T00:00:00Z",
        **({"message": {"role": "assistant", "content": reply}} if chat else {"response": reply}),
        "done": True,
        "done_reason": "stop",
        "total_duration": 1,
        # Many runs ask for more than num_ctx allows only where the caller's budget is wrong; the counts let it see.
        "prompt_eval_count": min(len(prompt), get_int(get_object(payload, "options"), "num_ctx", len(prompt) + 4) // 2),
        "eval_count": len(reply),
    }
    if get_str(payload, "model") not in (behaviour.model, behaviour.model.removesuffix(":latest")):
        error = {"error": f"model '{get_str(payload, 'model')}' not found"}
        sent = job.client.say("404 Not Found", json.dumps(error).encode(), _NDJSON)
    else:
        sent = job.client.say("200 OK", json.dumps(done, ensure_ascii=False).encode() + b"\n", _NDJSON)
    if behaviour.log is not None:
        entry = {
            "number": job.number, "time": time.time(), "sent": sent, "text": text, "answer": reply, "prompt": prompt
        }  # fmt: skip
        behaviour.log.write(json.dumps(entry, ensure_ascii=False) + "\n")
    behaviour.running -= 1
    if behaviour.queue:
        _start(behaviour, behaviour.queue.popleft())


def information(method: str, path: str, body: bytes, *, model: str, context: int) -> tuple[str, dict[str, object]]:
    """The status and the JSON that Ollama's routes tell of itself and of its one model; 404 for any other route.

    context: the model's longest window (tokens).
    """
    details = {"format": "gguf", "family": "qwen2", "parameter_size": "7.6B", "quantization_level": "Q4_K_M"}
    if path == "/api/version":
        return "200 OK", {"version": VERSION}
    if path == "/api/tags":
        digest = hashlib.sha256(model.encode()).hexdigest()
        entry = {"name": model, "model": model, "digest": digest, "size": 4_700_000_000}
        return "200 OK", {"models": [{**entry, "details": details}]}
    if path == "/api/ps":
        return "200 OK", {"models": []}
    if path == "/api/show" and method == "POST":
        wanted = get_str(as_object(json.loads(body)), "model")
        if wanted not in (model, model.removesuffix(":latest")):
            return "404 Not Found", {"error": f"model '{wanted}' not found"}
        return "200 OK", {
            "template": TEMPLATE,
            "parameters": 'stop                           "<|im_end|>"',
            "details": details,
            "model_info": {"general.architecture": "qwen2", "qwen2.context_length": context},
            "capabilities": ["completion"],
        }
    return "404 Not Found", {"error": f"no route {method} {path}"}


async def start(behaviour: Behaviour, *, port: int = 0) -> tuple[asyncio.Server, int]:
    """Listen on loopback; the server and its port (port 0: a free one)."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(_Client, behaviour), "127.0.0.1", port)
    return server, server.sockets[0].getsockname()[1]


async def _run(options: argparse.Namespace) -> None:
    log = None
    path: Path | None = options.log
    if path is not None:
        log = path.open("a", encoding="utf-8", buffering=1)
    behaviour = Behaviour(model=options.model, delay=options.delay_ms / 1000, slots=options.slots, log=log)
    server, port = await start(behaviour, port=options.port)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


def main() -> None:
    """Run the server until it is killed or interrupted."""
    parser = argparse.ArgumentParser(description="A server with Ollama's API that answers at once.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--log", type=Path, help="a JSON line for each request: number, time, sent, text, answer, prompt"
    )
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--slots", type=int, default=0, help="answers at once; 0: no limit")
    parser.add_argument("--model", default=MODEL)
    try:
        asyncio.run(_run(parser.parse_args()))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
