"""Servers that are not there, lack the model, or misbehave: what is said, and what stays."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from translator.backends import http
from translator.engine.run import RunLimits
from translator.store import Store
from translator.testing.scripted_server import Act, Answer, ScriptedServer, lines, scripted_server
from translator.workflow import asking as workflow_asking


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...

    def count(self, name: str) -> int:
        """A number of it."""
        ...


Program = Callable[..., Ended]
NAME = "sakura-7b-v1.0:latest"
CHAT = "/api/chat"
TARGET = "下雪的国家的夜晚很长。"


@pytest.fixture
def script() -> Iterator[ScriptedServer]:
    """A scripted server in a thread of its own, which knows one model."""
    loop = asyncio.new_event_loop()
    started: list[ScriptedServer] = []
    up, down = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with scripted_server() as script:
            started.append(script)
            up.set()
            await down.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert up.wait(10)
    (script,) = started
    script.say("/api/version", {"version": "0.33.0"})
    script.say("/api/tags", {"models": [{"name": NAME, "model": NAME, "digest": "d1", "size": 1}]})
    script.say("/api/show", {"template": "", "details": {}, "model_info": {}, "capabilities": ["completion"]})
    yield script
    loop.call_soon_threadsafe(down.set)
    thread.join(10)
    loop.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody has the patience that users have."""
    limits = partial(RunLimits, patience=0.1, at_first=0.1, pause=0.01, longest_pause=0.05)
    monkeypatch.setattr(workflow_asking, "RunLimits", limits)
    before = {name: getattr(http.PATIENT, name) for name in ("query", "first", "stall")}
    for name in before:
        object.__setattr__(http.PATIENT, name, 0.3)
    yield
    for name, value in before.items():
        object.__setattr__(http.PATIENT, name, value)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text("雪国の夜は長い。\n", encoding="utf-8")
    return path


def said(text: str, **more: object) -> dict[str, object]:
    return {"model": NAME, "message": {"role": "assistant", "content": text}, "done": False, **more}


def done() -> dict[str, object]:
    return said("", done=True, done_reason="stop", prompt_eval_count=20, eval_count=10)


FINE = Answer((lines(said(TARGET), done()),))
HTML = Answer((b"<html><body>Welcome to my router</body></html>",), content_type="text/html")
TROUBLES = {
    "html": HTML,
    "html error": Answer((b"<html>502 Bad Gateway</html>",), status=502, content_type="text/html"),
    "hang": Answer((Act.HANG,)),
    "drop": Answer((Act.DROP,)),
    "drop in the middle": Answer((lines(said(TARGET[:4])), Act.DROP)),
    "silence in the middle": Answer((lines(said(TARGET[:4])), Act.HANG)),
    "half a line": Answer((lines(said(TARGET[:4])), lines(said(TARGET))[:30])),
    "busy": Answer((b'{"error": "server busy, please try again"}',), status=503, content_type="application/json"),
    "runner gone": Answer(
        (b'{"error": "llama runner process has terminated: signal: killed"}',),
        status=500,
        content_type="application/json",
    ),
    "error in the stream": Answer((lines(said(TARGET[:4]), {"error": "an error was encountered"}),)),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_passing_trouble_is_outlasted(trouble: str, program: Program, script: ScriptedServer, book: Path) -> None:
    script.add(CHAT, TROUBLES[trouble])
    script.add(CHAT, FINE)
    ended = program("novel", book, "--host", script.url, "--model", NAME, "--json", "--quiet")
    assert ended.status == 0, ended.err
    assert book.with_name("book.zh-CN.txt").read_text(encoding="utf-8").strip() == TARGET
    assert len(script.asked(CHAT)) >= 2


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_lasting_trouble_ends_the_job_with_one_message(
    trouble: str, program: Program, script: ScriptedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    for name, text in (("1.txt", "雪国の夜はとても長い。\n"), ("2.txt", "春が来るのは遅い。\n")):
        (folder / name).write_text(text, encoding="utf-8")
    script.add(CHAT, FINE)
    script.add(CHAT, TROUBLES[trouble])
    command = ("novel", folder, "--host", script.url, "--model", NAME, "--parallel", "1")
    ended = program(*command)
    assert ended.status in (1, 3), ended.err + ended.out
    if ended.status == 3:
        assert script.url in ended.err
        assert "translate resume" in ended.err
        errors = [line for line in ended.err.splitlines() if line.startswith("error")]
        assert len(errors) <= 1
        assert not folder.with_name("books.zh-CN").exists()
    before = len(script.asked(CHAT))
    script.replace(CHAT, FINE)
    again = program(*command, "--json", "--quiet")
    assert again.status == 0, again.err
    assert again.count("from_memory") == 1
    assert all("春が来る" in str(request.json) for request in script.asked(CHAT)[before:])


def test_a_model_that_is_taken_away_in_the_middle_ends_the_job_at_once_and_the_next_run_goes_on(
    program: Program, script: ScriptedServer, tmp_path: Path
) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    for name, text in (("1.txt", "雪国の夜はとても長い。\n"), ("2.txt", "春が来るのは遅い。\n")):
        (folder / name).write_text(text, encoding="utf-8")
    script.add(CHAT, FINE)
    gone = Answer((json.dumps({"error": f"model '{NAME}' not found"}).encode(),), 404, content_type="application/json")
    script.add(CHAT, gone)
    command = ("novel", folder, "--host", script.url, "--model", NAME, "--parallel", "1")
    ended = program(*command)
    assert ended.status == 3, ended.err
    assert NAME in ended.err
    assert "translate resume" in ended.err
    assert len(script.asked(CHAT)) == 2
    assert not folder.with_name("books.zh-CN").exists()
    script.replace(CHAT, FINE)
    again = program(*command, "--json", "--quiet")
    assert again.status == 0, again.err
    assert (again.count("from_memory"), again.count("requests")) == (1, 1)


@pytest.mark.parametrize("route", ["/api/show", "/api/tags"])
@pytest.mark.parametrize("trouble", ["html", "html error", "hang", "drop", "busy"])
def test_a_server_that_does_not_even_say_its_models_is_named(
    trouble: str, route: str, program: Program, book: Path, script: ScriptedServer
) -> None:
    script.replace(route, TROUBLES[trouble])
    ended = program("novel", book, "--host", script.url, "--model", NAME)
    assert ended.status == 3, ended.err
    assert script.url in ended.err
    assert not book.with_name("book.zh-CN.txt").exists()


def test_no_server_is_said_with_what_to_start(program: Program, book: Path) -> None:
    ended = program("novel", book, "--host", "http://127.0.0.1:9", "--model", NAME)
    assert ended.status == 3
    assert "127.0.0.1:9" in ended.err
    assert "ollama serve" in ended.err


def test_a_misspelt_model_gets_near_matches(program: Program, book: Path, script: ScriptedServer) -> None:
    script.replace("/api/show", Answer((b'{"error": "model not found"}',), status=404, content_type="application/json"))
    ended = program("novel", book, "--host", script.url, "--model", "sakura-7b-v1.O", "--json", "--quiet")
    assert ended.status == 3
    assert NAME in ended.err
    assert ended.summary["exit_status"] == 3


def test_another_model_under_the_same_name_is_asked_anew(
    program: Program, script: ScriptedServer, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    book.write_text("雪国の夜は長い。\n", encoding="utf-8")
    script.add(CHAT, FINE)
    command = ("novel", book, "--host", script.url, "--model", NAME, "--json")
    assert program(*command, "--quiet").count("requests") == 1
    script.replace("/api/tags", json_answer({"models": [{"name": NAME, "model": NAME, "digest": "d2", "size": 1}]}))
    assert program(*command, "--quiet").count("requests") == 0  # nothing to ask: the server is left alone
    book.write_text("雪国の夜は長い。\n春が来るのは遅い。\n", encoding="utf-8")
    ended = program(*command)
    assert ended.status == 0, ended.err
    assert "not the one" in ended.err
    assert ended.count("from_memory") == 0


def json_answer(value: object) -> Answer:
    return Answer((json.dumps(value).encode(),), content_type="application/json")


def test_a_text_that_failed_is_asked_again_by_the_next_run(
    program: Program, script: ScriptedServer, book: Path
) -> None:
    script.add(CHAT, Answer((lines(said("雪国の夜は長い。"), done()),)))
    command = ("novel", book, "--host", script.url, "--model", NAME, "--json", "--quiet")
    failed = program(*command)
    assert (failed.status, failed.count("failed")) == (1, 1)
    problems = json.dumps(failed.summary["problems"], ensure_ascii=False)
    assert "雪国の夜は長い。" in problems
    assert book.with_name("book.zh-CN.txt").read_text(encoding="utf-8") == book.read_text(encoding="utf-8")
    script.replace(CHAT, FINE)
    mended = program("resume", "--json", "--quiet")
    assert (mended.status, mended.count("requests")) == (0, 1)


def test_the_job_goes_on_under_the_profile_that_it_began_with(
    program: Program, script: ScriptedServer, book: Path, home: Path
) -> None:
    script.add(CHAT, FINE)
    command = ("novel", book, "--host", script.url, "--model", NAME, "--json", "--quiet")
    program(*command)
    with Store.open(home / "db") as store:
        (row,) = store.jobs()
        stored = json.loads(row.options)
        stored["profile"]["toml"] = "# older\n" + stored["profile"]["toml"]
        store.update_job(row.id, options=json.dumps(stored))
    book.write_text("雪国の夜は長い。\n春が来るのは遅い。\n", encoding="utf-8")
    assert program(*command).status == 0
    with Store.open(home / "db") as store:
        (row,) = store.jobs()
        assert json.loads(row.options)["profile"]["toml"].startswith("# older")
    assert program(*command, "--refresh").status == 0
    with Store.open(home / "db") as store:
        (row,) = store.jobs()
        assert not json.loads(row.options)["profile"]["toml"].startswith("# older")
