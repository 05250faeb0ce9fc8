"""Our Ollama client against a real Ollama."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from translator.backends.ollama import OllamaBackend
from translator.backends.ollama_admin import OllamaAdmin, Progress
from translator.core.backend import (
    Abort,
    Message,
    NoSuchModelError,
    OverflowedError,
    RefusedError,
    Request,
    Sampling,
    Stop,
)

pytestmark = pytest.mark.live


class Live(Protocol):
    """What the fixture `live` gives."""

    @property
    def host(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def gguf(self) -> Path: ...
    @property
    def digest(self) -> str: ...
    @property
    def progress(self) -> tuple[Progress, ...]: ...


SHOTS = "Japanese: こんにちは。\nEnglish: Hello.\n\nJapanese: ここは始まりの村です。\nEnglish:"
BEGINNING = " This is the beginning of "
EXACT = Sampling(temperature=0.0, top_p=1.0, top_k=1, seed=1)
STORY = "Once upon a time"


def completion(live: Live, prompt: str = SHOTS, *, max_tokens: int = 40, stop: tuple[str, ...] = ("\n",)) -> Request:
    return Request(model=live.model, prompt=prompt, sampling=EXACT, max_tokens=max_tokens, num_ctx=1024, stop=stop)


async def test_the_import_told_its_progress_and_the_server_holds_the_same_bytes(live: Live) -> None:
    size = live.gguf.stat().st_size
    assert list(dict.fromkeys(progress.step for progress in live.progress)) == ["hash", "upload", "create"]
    for step in ("hash", "upload"):
        assert [p for p in live.progress if p.step == step][-1] == Progress(step, size, size)
    assert live.progress[-1].status == "success"
    with live.gguf.open("rb") as file:
        assert live.digest == hashlib.file_digest(file, "sha256").hexdigest()


async def test_a_second_import_sends_nothing_and_the_model_can_be_deleted(live: Live, backend: OllamaBackend) -> None:
    admin = OllamaAdmin(live.host)
    seen: list[Progress] = []
    await admin.import_file(live.gguf, "honyaku-copy", shown=seen.append)
    [upload] = [progress for progress in seen if progress.step == "upload"]
    assert upload.status == "the server has it"
    assert "honyaku-copy:latest" in [entry.name for entry in await backend.models()]
    await admin.delete("honyaku-copy")
    assert "honyaku-copy:latest" not in [entry.name for entry in await backend.models()]
    with pytest.raises(NoSuchModelError):
        await admin.delete("honyaku-copy")
    await admin.close()


async def test_a_file_that_is_no_model_is_refused(live: Live, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gguf"
    wrong.write_bytes(b"no model at all" * 100)
    admin = OllamaAdmin(live.host)
    with pytest.raises(RefusedError):
        await admin.import_file(wrong, "wrong")
    await admin.close()


async def test_the_model_is_described_as_it_was_made(live: Live, backend: OllamaBackend) -> None:
    told = await backend.describe(live.model)
    assert told.name == live.model
    assert told.server.startswith("ollama ")
    assert told.context == 32768
    assert told.template == "{{ if .System }}{{ .System }}\n{{ end }}{{ .Prompt }}"
    assert told.parameters["stop"] == "<end_of_turn>"
    assert "completion" in told.capabilities
    assert told.size
    assert len(told.digest) == 64
    assert told.digest in [entry.digest for entry in await backend.models()]


async def test_a_few_shot_prompt_is_completed_raw(live: Live, backend: OllamaBackend) -> None:
    reply = await backend.complete(completion(live))
    assert reply.text.startswith(BEGINNING)
    assert "\n" not in reply.text
    assert reply.stop is Stop.DONE
    assert 15 < reply.prompt_tokens < 40
    assert 3 < reply.output_tokens < 30


async def test_a_chat_goes_through_the_models_template(live: Live, backend: OllamaBackend) -> None:
    system, user = SHOTS.split("\n", 1)
    raw = completion(live, f"{system}\n{user}")
    chat = replace(raw, prompt=None, messages=(Message("system", system), Message("user", user)))
    one, other = await backend.complete(raw), await backend.complete(chat)
    assert (one.text, one.prompt_tokens) == (other.text, other.prompt_tokens)
    assert other.text.startswith(BEGINNING)


async def test_the_limit_ends_an_answer(live: Live, backend: OllamaBackend) -> None:
    reply = await backend.complete(completion(live, STORY, max_tokens=7, stop=()))
    assert (reply.stop, reply.output_tokens) == (Stop.LENGTH, 7)


async def test_an_answer_follows_a_schema(live: Live, backend: OllamaBackend) -> None:
    schema = '{"type": "object", "properties": {"lines": {"type": "array", "items": {"type": "string"}}}}'
    request = Request(
        model=live.model,
        messages=(Message("user", "List two colours as JSON."),),
        sampling=EXACT,
        max_tokens=60,
        num_ctx=1024,
        schema=schema,
    )
    assert (await backend.complete(request)).text.lstrip().startswith("{")


async def test_an_abort_frees_the_server_at_once(live: Live, backend: OllamaBackend) -> None:
    def listen(text: str) -> Abort | None:
        return Abort("long", "long enough") if len(text) > 20 else None

    # Six whole stories are 5,000 tokens, minutes of work for a CPU; six beginnings are seconds.
    async with asyncio.timeout(120):
        for _ in range(6):
            reply = await backend.complete(completion(live, STORY, max_tokens=900, stop=()), on_token=listen)
            assert reply.stop is Stop.ABORTED
            assert 20 < len(reply.text) < 200
        assert (await backend.complete(completion(live))).text.startswith(BEGINNING)


async def test_many_requests_at_once_are_all_answered(live: Live, backend: OllamaBackend) -> None:
    replies = await asyncio.gather(*(backend.complete(completion(live)) for _ in range(5)))
    assert all(reply.text.startswith(BEGINNING) for reply in replies)


async def test_a_prompt_that_does_not_fit_is_an_error_and_never_cut_silently(
    live: Live, backend: OllamaBackend
) -> None:
    with pytest.raises(OverflowedError):
        await backend.complete(completion(live, "ここは始まりの村です。" * 400))
    message = (Message("user", "ここは始まりの村です。" * 400),)
    with pytest.raises(OverflowedError):
        await backend.complete(Request(model=live.model, messages=message, sampling=EXACT, max_tokens=20, num_ctx=1024))


async def test_an_answer_that_would_push_its_prompt_out_is_cut_short_or_an_error(
    live: Live, backend: OllamaBackend
) -> None:
    long = replace(completion(live, f"{STORY} " * 45, max_tokens=200, stop=()), num_ctx=256)
    try:
        reply = await backend.complete(long)
    except OverflowedError:
        return  # servers before v0.12.4 shift the window, which the counts betray
    assert reply.prompt_tokens + reply.output_tokens <= long.num_ctx + 1


async def test_a_typo_in_a_name_is_told_with_the_name_that_was_meant(live: Live, backend: OllamaBackend) -> None:
    typo = "honyaku-dmeo"
    for ask in (backend.describe(typo), backend.complete(Request(model=typo, prompt="x"))):
        with pytest.raises(NoSuchModelError) as caught:
            await ask
        # Another test may have given the server a model with a name that is like it, too.
        assert caught.value.near[0] == live.model
        assert f"ollama pull {typo}" in caught.value.hint


async def test_think_is_not_sent_to_a_model_that_cannot(live: Live, backend: OllamaBackend) -> None:
    for think in (True, False):
        request = Request(
            model=live.model,
            messages=(Message("user", "Hi"),),
            sampling=EXACT,
            max_tokens=4,
            num_ctx=1024,
            think=think,
        )
        assert (await backend.complete(request)).output_tokens > 0
