import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from translator.backends.ollama import OllamaBackend
from translator.core.backend import Message, NoSuchModelError, Request
from translator.testing.ollama_server import MODEL, Behaviour, answer, asked_text, start


def test_answers_depend_on_the_text_alone_and_keep_its_codes_and_lines() -> None:
    text = "\\C[1]勇者\\C[0]は\\N[3]と\\n<カイト>に会った。\n{player}、<b>ようこそ</b>！\n100%"
    made = answer(text)
    assert made == answer(text)
    assert [len(line) for line in made.split("\n")] == [len(line) for line in text.split("\n")]
    for code in ("\\C[1]勇者\\C[0]", "\\N[3]", "\\n<カイト>", "{player}", "<b>", "</b>", "100%"):
        assert code in made
    assert "は" not in made
    assert "ようこそ" not in made


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("将下面的日文文本翻译成中文：やあ：\nまた", "やあ：\nまた"),
        ("根据…\nA->B\n将下面的日文文本根据对应关系和备注翻译成中文：やあ", "やあ"),
        ("将下面的文本从日文翻译成简体中文：\nやあ", "やあ"),
        ("Japanese: はい\nEnglish: Yes\n\nJapanese: やあ\nEnglish:", "やあ"),
        ("やあ\nまた", "やあ\nまた"),
    ],
)
def test_the_text_is_found_in_the_prompts_that_are_in_use(prompt: str, text: str) -> None:
    assert asked_text(prompt) == text


async def test_it_speaks_ollama_well_enough_for_our_client() -> None:
    behaviour = Behaviour(slots=2, delay=0.02)
    server, port = await start(behaviour)
    backend = OllamaBackend(f"127.0.0.1:{port}")
    info = await backend.describe("sakura-instant-7b-v1.0")
    assert (info.name, info.context) == (MODEL, 32768)
    message = (Message("user", "将下面的日文文本翻译成中文：やあ"),)
    replies = await asyncio.gather(*(backend.complete(Request(model=MODEL, messages=message)) for _ in range(7)))
    assert {reply.text for reply in replies} == {answer("やあ")}
    assert (behaviour.asked, behaviour.most) == (7, 2)
    raw = await backend.complete(Request(model=MODEL, prompt="Japanese: やあ\nEnglish:"))
    assert raw.text == answer("やあ")
    with pytest.raises(NoSuchModelError) as caught:
        await backend.complete(Request(model="sakura-instant", messages=message))
    assert caught.value.near == (MODEL,)
    await backend.close()
    server.close()


async def ask_once(port: int) -> None:
    backend = OllamaBackend(f":{port}")
    await backend.complete(Request(model=MODEL, messages=(Message("user", "やあ"),)))
    await backend.close()


def test_as_a_program_it_prints_its_port_and_logs_each_request(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    command = [sys.executable, "-m", "translator.testing.ollama_server", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        asyncio.run(ask_once(int(program.stdout.readline())))
        # The request is logged after it is answered.
        end = time.monotonic() + 10
        while not (log.exists() and log.read_text(encoding="utf-8").endswith("\n")) and time.monotonic() < end:
            time.sleep(0.01)
        program.terminate()
    [entry] = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert (entry["number"], entry["text"], entry["sent"]) == (1, "やあ", True)
