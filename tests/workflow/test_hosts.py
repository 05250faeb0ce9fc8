"""Several servers as one pool: mixed kinds, servers that are off, different models, what is remembered."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from translator.core.backend import Host
from translator.core.jsonvalue import as_object, get_list, get_str
from translator.engine.calibration import Calibration
from translator.store import Store
from translator.testing.instant import InstantServer, instant_server
from translator.testing.ollama_server import MODEL
from translator.testing.scripted_server import Answer, ScriptedServer, events, lines
from translator.workflow import asking
from translator.workflow.doctor import diagnose
from translator.workflow.errors import ServerError
from translator.workflow.models import list_models, show_model
from translator.workflow.options import ServerOptions, from_json

AWAY = "http://127.0.0.1:9"


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
Start = Callable[..., InstantServer]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Texts that are all different, so that each is asked for."""
    folder = tmp_path / "books"
    folder.mkdir()
    for book in range(6):
        text = "\n".join(f"雪国の{book}番目の村の夜は{line}時間もある。" for line in range(24))
        (folder / f"{book}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def openai(scripted: ScriptedServer) -> ScriptedServer:
    """A server with OpenAI's routes that refuses all work: what it is asked comes back broken."""
    scripted.say("/v1/models", {"data": [{"id": "sakura-gguf", "owned_by": "llamacpp", "meta": {"size": 10}}]})
    scripted.say("/props", {"total_slots": 2, "default_generation_settings": {"n_ctx": 8192}})
    scripted.add("/v1/chat/completions", Answer((b'{"error": {"message": "out of order"}}',), status=500))
    return scripted


def named(ended: Ended) -> dict[str, Mapping[str, object]]:
    """The servers of the summary by their names."""
    hosts = [as_object(entry) for entry in get_list(ended.summary, "hosts")]
    return {get_str(host, "name"): host for host in hosts}


def said(text: str) -> dict[str, object]:
    """A part of an Ollama's answer."""
    return {"message": {"role": "assistant", "content": text}, "done": False}


DONE: dict[str, object] = {"done": True, "done_reason": "stop", "prompt_eval_count": 20, "eval_count": 10}


def test_two_servers_share_the_work_and_are_told_of(program: Program, start_server: Start, books: Path) -> None:
    one, two = start_server(delay_ms=5), start_server(delay_ms=5)
    ended = program("novel", books, "--host", one.host, "--host", two.host, "--json", "--quiet")
    assert ended.status == 0, ended.err
    assert one.asked()
    assert two.asked()
    hosts = named(ended)
    assert list(hosts) == [f"ollama {one.host}", f"ollama {two.host}"]
    assert {get_str(host, "model") for host in hosts.values()} == {MODEL}
    assert sum(int(str(host["requests"])) for host in hosts.values()) == ended.count("requests")
    assert len(one.asked()) + len(two.asked()) == ended.count("requests")


def test_the_end_names_each_server_for_people_too(program: Program, server: InstantServer, books: Path) -> None:
    ended = program("novel", books, "--host", server.host)
    (line,) = [line for line in ended.out.splitlines() if server.host in line]
    assert MODEL in line
    assert "requests" in line
    assert "tok/s" in line


def test_a_fixed_number_of_requests_is_in_flight_at_each_server(
    program: Program, start_server: Start, books: Path
) -> None:
    one, two = start_server(delay_ms=3), start_server(delay_ms=3)
    command = ("novel", books, "--host", one.host, "--host", two.host, "--parallel", "3", "--json", "--quiet")
    ended = program(*command)
    assert ended.status == 0, ended.err
    assert one.asked()
    assert two.asked()


@pytest.mark.parametrize("first", [AWAY, ""])
def test_a_server_that_is_off_at_the_start_is_said_and_the_others_do_its_work(
    program: Program, server: InstantServer, books: Path, first: str
) -> None:
    pair = (AWAY, server.host) if first else (server.host, AWAY)
    hosts = (word for host in pair for word in ("--host", host))
    ended = program("novel", books, *hosts, "--json")
    assert ended.status == 0, ended.err
    assert f"ollama {AWAY} does not answer now" in ended.err
    assert ended.count("failed") == 0


def test_with_no_server_at_all_each_is_named(program: Program, books: Path) -> None:
    ended = program("novel", books, "--host", AWAY, "--host", "http://127.0.0.1:7/v1")
    assert ended.status == 3
    assert "127.0.0.1:9" in ended.err
    assert "127.0.0.1:7" in ended.err


def test_a_server_that_is_killed_in_the_middle_costs_nothing(program: Program, tmp_path: Path, books: Path) -> None:
    with ExitStack() as running:
        steady = running.enter_context(instant_server(tmp_path / "steady.jsonl", delay_ms=15))
        victim_end = running.enter_context(ExitStack())
        victim = victim_end.enter_context(instant_server(tmp_path / "victim.jsonl", delay_ms=15))

        def kill() -> None:
            while not victim.asked():
                if done.wait(0.005):
                    return
            victim_end.close()

        done = threading.Event()
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            ended = program("novel", books, "--host", victim.host, "--host", steady.host, "--json")
        finally:
            done.set()
            killer.join()
    assert ended.status == 0, ended.err
    assert (ended.count("failed"), ended.count("flagged")) == (0, 0)
    assert victim.host in ended.err


def test_servers_with_different_models_under_one_name_are_refused(
    program: Program, server: InstantServer, scripted: ScriptedServer, books: Path
) -> None:
    scripted.say("/api/tags", {"models": [{"name": MODEL, "digest": "0" * 64}]})
    scripted.say("/api/version", {"version": "0.33.0"})
    scripted.say("/api/show", {"model_info": {}})
    command = ("novel", books, "--host", server.host, "--json")
    ended = program(*command, "--host", scripted.url)
    assert ended.status == 3
    assert "different models" in ended.err
    assert f"--host {scripted.url}#{MODEL}" in ended.err
    decided = program(*command, "--host", f"{scripted.url}#{MODEL}", "--dry-run")
    assert decided.status == 0


def test_a_server_without_the_model_is_told_before_the_job_begins(
    program: Program, server: InstantServer, scripted: ScriptedServer, books: Path
) -> None:
    scripted.say("/api/tags", {"models": [{"name": "sakurra:latest", "digest": "0"}]})
    scripted.say("/api/show", {"error": "model not found"}, status=404)
    ended = program("novel", books, "--host", server.host, "--host", f"{scripted.url}#sakura-x")
    assert ended.status == 3
    assert scripted.url in ended.err
    assert not server.asked()


@pytest.fixture
def recorded(program: Program, server: InstantServer, openai: ScriptedServer, books: Path) -> Program:
    """A job that was begun on an Ollama that leads and a llama-server, half of it left."""
    hosts = ("--host", server.host, "--host", f"openai+{openai.url}")

    def started(*arguments: str) -> Ended:
        return program("novel", books, "--json", *(arguments or hosts))

    ended = started(*hosts, "--limit", "3")
    assert ended.status == 0, ended.err
    assert "cannot be told" in ended.err
    return started


def test_kinds_are_mixed_and_a_broken_server_s_work_goes_to_the_other(
    recorded: Program, server: InstantServer, openai: ScriptedServer
) -> None:
    ended = recorded()
    assert ended.status == 0, ended.err
    assert named(ended)[f"openai {openai.url}/v1"]["slots"] == 2
    assert openai.asked("/v1/chat/completions")
    assert len(server.asked()) > 3


def test_a_job_is_not_asked_anew_because_its_first_server_is_off(
    recorded: Program, server: InstantServer, openai: ScriptedServer, home: Path
) -> None:
    """The llama-server alone knows the model by another digest."""
    good = {"choices": [{"delta": {"content": "雪国。"}, "finish_reason": "stop"}]}
    openai.replace("/v1/chat/completions", Answer((events(good, "[DONE]"),), content_type="text/event-stream"))
    with Store.open(home / "db") as store:
        before = store.jobs()[0].recipe_digest
    away = server.host  # the name stays, nobody answers
    with Store.open(home / "db") as store:
        known = store.recall_server(f"ollama {away}", MODEL)
        assert known is not None
        store.remember_server("ollama " + AWAY, MODEL, name=MODEL, digest=known.digest or "", context=known.context)
        store.remember_server("ollama " + AWAY, "sakura", name=MODEL, digest=known.digest or "", context=known.context)
    ended = recorded("--host", AWAY, "--host", f"openai+{openai.url}", "--limit", "1")
    assert "asking it anew" not in ended.err
    assert ended.count("from_memory") == 3
    with Store.open(home / "db") as store:
        assert store.jobs()[0].recipe_digest == before


def test_a_key_goes_to_the_servers_of_its_kind_only(
    program: Program, openai: ScriptedServer, server: InstantServer, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("OLLAMA_API_KEY", "other")
    program("novel", books, "--host", server.host, "--host", f"openai+{openai.url}", "--limit", "3", "--quiet")
    assert {request.headers.get("authorization") for request in openai.requests} == {"Bearer secret"}


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("gpt+http://x", "“gpt” is no kind of server"),
        ("http://x#", "no model stands behind"),
        ("ftp://x", "no address"),
    ],
)
def test_what_is_wrong_with_a_host_is_named(program: Program, books: Path, host: str, said: str) -> None:
    ended = program("novel", books, "--host", host)
    assert ended.status == 2
    assert said in ended.err


def test_models_are_listed_and_shown_with_their_servers(server: InstantServer, openai: ScriptedServer) -> None:
    options = ServerOptions(hosts=(server.host, f"{openai.url}/v1", AWAY))
    assert [(model.name, model.server) for model in list_models(options)] == [
        (MODEL, f"ollama {server.host}"),
        ("sakura-gguf", f"openai {openai.url}/v1"),
    ]
    assert [model.name for model in show_model(options, "sakura")] == [MODEL, "sakura-gguf"]
    with pytest.raises(ServerError, match=AWAY):
        list_models(ServerOptions(hosts=(AWAY,)))


def test_doctor_looks_at_each_server_and_at_all_together(
    server: InstantServer, openai: ScriptedServer, tmp_path: Path
) -> None:
    hosts = (server.host, f"{openai.url}/v1", AWAY)
    found = diagnose(ServerOptions(hosts=hosts), db=tmp_path / "db")
    levels = {(diagnosis.host.partition("://")[2], diagnosis.subject): diagnosis.level for diagnosis in found}
    places = [host.partition("://")[2] for host in hosts]
    assert levels["", "database"] == "ok"
    assert [levels[place, "server"] for place in places] == ["ok", "ok", "error"]
    assert (levels[places[0], "slots"], levels[places[1], "slots"]) == ("note", "ok")
    assert levels["", "hosts"] == "note"


def test_doctor_tells_what_the_last_job_found(server: InstantServer, tmp_path: Path) -> None:
    with Store.open(tmp_path / "db") as store:
        store.remember_server(f"ollama {server.host}", MODEL, slots=4, tokens_per_second=55.0)
    found = diagnose(ServerOptions(hosts=(server.host,)), db=tmp_path / "db")
    (slots,) = [diagnosis for diagnosis in found if diagnosis.subject == "slots"]
    assert (slots.level, slots.message) == ("ok", "the last job found 4 requests at once; 55 tokens/s in the last job")


def test_doctor_says_when_servers_cannot_work_together(
    server: InstantServer, scripted: ScriptedServer, tmp_path: Path
) -> None:
    scripted.say("/api/tags", {"models": [{"name": MODEL, "digest": "0" * 64}]})
    scripted.say("/api/version", {"version": "0.33.0"})
    scripted.say("/api/show", {"model_info": {}})
    found = diagnose(ServerOptions(model=MODEL, hosts=(server.host, scripted.url)), db=tmp_path / "db")
    (together,) = [diagnosis for diagnosis in found if diagnosis.subject == "hosts"]
    assert together.level == "error"
    assert "different models" in together.message


class TestSecondModel:
    """A model for what the first one cannot do."""

    NAME = "qwen3-8b:latest"

    @pytest.fixture
    def failing(self, scripted: ScriptedServer) -> ScriptedServer:
        """An Ollama whose first model gives the source back, and whose second one translates."""
        scripted.say("/api/version", {"version": "0.33.0"})
        models = [{"name": "sakura-7b-v1.0:latest", "digest": "d1"}, {"name": self.NAME, "digest": "d2"}]
        scripted.say("/api/tags", {"models": models})
        scripted.say("/api/show", {"model_info": {}, "capabilities": ["completion"]})
        return scripted

    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        path = tmp_path / "book.txt"
        path.write_text("雪国の夜は長い。\n", encoding="utf-8")
        return path

    def test_a_model_that_no_server_has_is_an_error_before_the_job_begins(
        self, program: Program, server: InstantServer, books: Path
    ) -> None:
        ended = program("novel", books, "--host", server.host, "--fallback-model", "sakura-instant-8b")
        assert ended.status == 3
        assert MODEL in ended.err
        assert not server.asked()

    def test_the_first_model_is_no_second_one(self, program: Program, server: InstantServer, books: Path) -> None:
        ended = program("novel", books, "--host", server.host, "--fallback-model", MODEL)
        assert ended.status == 2
        assert "is the one that the job is translated with" in ended.err

    def test_a_host_must_come_with_a_model(self, program: Program, server: InstantServer, books: Path) -> None:
        ended = program("novel", books, "--host", server.host, "--fallback-host", "gpu2")
        assert ended.status == 2
        assert "--fallback-host gpu2 names no model" in ended.err

    def test_a_model_that_cannot_do_the_languages_is_refused(
        self, program: Program, failing: ScriptedServer, book: Path
    ) -> None:
        command = ("novel", book, "--host", failing.url, "--to", "en", "--model", self.NAME)
        ended = program(*command, "--fallback-model", "sakura-7b-v1.0:latest")
        assert ended.status == 2
        assert "the fallback model sakura-7b-v1.0:latest" in ended.err
        assert "cannot do ja to en" in ended.err

    def test_what_the_first_model_could_not_do_is_asked_of_the_second_and_nothing_else(
        self,
        program: Program,
        failing: ScriptedServer,
        server: InstantServer,
        tmp_path: Path,
        home: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        book = tmp_path / "book.txt"
        book.write_text("雪国の夜は長い。\n", encoding="utf-8")
        failing.add("/api/chat", Answer((lines(said("下雪的国家的夜晚很长。"), DONE),)))
        command = ("novel", book, "--host", failing.url, "--model", "sakura-7b-v1.0", "--json")
        assert program(*command).status == 0
        book.write_text("雪国の夜は長い。\n春が来るのは遅い。\n", encoding="utf-8")
        failing.replace("/api/chat", Answer((lines(said("春が来るのは遅い。"), DONE),)))
        ended = program(*command)
        assert (ended.status, ended.count("failed"), ended.count("from_memory")) == (1, 1, 1)
        with Store.open(home / "db") as store:
            before = store.jobs()[0].recipe_digest
        learnt: dict[str, Calibration] = {}

        def remembered(_store: Store, hosts: Sequence[Host], calibration: Calibration) -> None:
            learnt.update({host.name: calibration for host in hosts})

        monkeypatch.setattr(asking, "remember", remembered)
        ended = program(*command, "--fallback-host", f"{server.host}#{MODEL}")
        first, second = learnt[f"ollama {failing.url}"], learnt[f"ollama {server.host}"]
        assert first is not second
        assert ended.status == 0, ended.err
        assert "cannot do is asked of" in ended.err
        assert "asking it anew" not in ended.err
        assert (ended.count("failed"), ended.count("from_memory")) == (0, 1)
        assert server.asked() == ["春が来るのは遅い。"]
        assert f"ollama {server.host}" in named(ended)
        with Store.open(home / "db") as store:
            (job,) = store.jobs()
            assert job.recipe_digest == before
            assert from_json(json.dumps(json.loads(job.options)["options"])).server.fallback_host is not None

    def test_resume_asks_the_second_model_too(
        self, program: Program, failing: ScriptedServer, server: InstantServer, tmp_path: Path
    ) -> None:
        book = tmp_path / "book.txt"
        book.write_text("雪国の夜は長い。\n春が来るのは遅い。\n", encoding="utf-8")
        failing.add("/api/chat", Answer((lines(said(""), DONE),)))
        command = ("novel", book, "--host", failing.url, "--model", "sakura-7b-v1.0", "--limit", "1", "--quiet")
        assert program(*command, "--fallback-host", f"{server.host}#{MODEL}").status == 0
        assert len(server.asked()) == 1
        ended = program("resume", "--json", "--quiet")
        assert (ended.status, ended.count("failed")) == (0, 0), ended.err
        assert len(set(server.asked())) == 2

    def test_a_second_model_that_is_off_is_said_before_the_job_begins(
        self, program: Program, server: InstantServer, books: Path
    ) -> None:
        ended = program("novel", books, "--host", server.host, "--fallback-host", f"{AWAY}#qwen3")
        assert ended.status == 3
        assert "127.0.0.1:9" in ended.err
        assert not server.asked()
