"""The translating commands as a person runs them, with the pseudo backend and with a server on loopback."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

import pytest

SAMPLES = Path(__file__).parents[2] / "samples"

FIELDS = {
    "job", "status", "documents", "segments", "unique", "translated", "from_memory", "failed", "flagged", "requests",
    "retries", "prompt_tokens", "output_tokens", "seconds", "output", "kept", "cached_tokens", "written", "notices",
    "problems", "exit_status",
}  # fmt: skip


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def game(tmp_path: Path) -> Path:
    folder = tmp_path / "物語 😀"
    shutil.copytree(SAMPLES / "rpgmaker_mv", folder)
    return folder


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "book.txt"
    file.write_text("　勇者は村を出た。\n\n　「行ってきます」\n", encoding="utf-8")
    return file


@contextmanager
def server(*, delay: int = 0) -> Generator[str]:
    """A server that speaks Ollama's API: its address. delay: milliseconds before each answer."""
    command = [sys.executable, "-m", "translator.testing.ollama_server", "--delay-ms", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def test_a_game_is_translated_into_a_patch_beside_it(program: Run, game: Path) -> None:
    ended = program("game", game, "-b", "pseudo")
    assert ended.status == 0, ended.err
    patch = game.with_name(game.name + ".zh-CN")
    assert (patch / "data" / "Map001.json").is_file()
    assert str(patch) in ended.out
    assert "Segments: " in ended.out
    assert re.search(r"(?m)^Job \w+: ", ended.err)


@pytest.mark.parametrize(("command", "sample"), [("game", "rpgmaker_mv"), ("novel", "text"), ("subtitle", "srt")])
def test_json_is_one_object_with_what_is_promised(command: str, sample: str, process: Run, tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / sample, tmp_path / "input")
    ended = process(command, tmp_path / "input", "-b", "pseudo", "--json")
    result = json.loads(ended.out)
    assert result.keys() >= FIELDS
    assert result["status"] == "done"
    assert result["exit_status"] == ended.status == 0
    assert result["segments"] == result["translated"] + result["kept"] > 0
    assert Path(result["output"]).exists()
    assert "of" in ended.err


def test_a_second_run_takes_everything_from_memory(program: Run, book: Path) -> None:
    first = json.loads(program("novel", book, "-b", "pseudo", "--json").out)
    second = json.loads(program("novel", book, "-b", "pseudo", "--json").out)
    assert first["requests"] > 0
    assert second["requests"] == 0
    assert second["from_memory"] == second["translated"] == first["translated"]
    assert second["job"] == first["job"]


def test_a_dry_run_asks_and_writes_nothing(program: Run, book: Path) -> None:
    ended = program("novel", book, "-b", "pseudo", "--dry-run", "--json")
    result = json.loads(ended.out)
    assert (result["status"], result["requests"], ended.status) == ("dry-run", 0, 0)
    assert result["segments"] == 2
    assert list(book.parent.iterdir()) == [book]
    assert "Nothing was asked or written" in program("novel", book, "-b", "pseudo", "--dry-run").out


def test_a_limit_holds_the_rest_back_and_resume_goes_on(program: Run, game: Path) -> None:
    limited = json.loads(program("game", game, "-b", "pseudo", "--limit", "5", "--json").out)
    assert limited["status"] == "limited"
    assert 0 < limited["translated"] < limited["segments"]
    text = program("game", game, "-b", "pseudo", "--limit", "5").out
    assert f"translate resume {limited['job']}" in text
    assert program("jobs", "show", limited["job"]).status == 0
    resumed = program("resume", limited["job"], "--json")
    assert resumed.status == 0, resumed.err
    assert json.loads(resumed.out)["job"] == limited["job"]


def test_in_place_needs_a_yes_and_keeps_a_backup(program: Run, book: Path) -> None:
    before = book.read_bytes()
    refused = program("novel", book, "-b", "pseudo", "--in-place")
    assert refused.status == 2
    assert "--yes" in refused.err
    assert book.read_bytes() == before
    assert program("novel", book, "-b", "pseudo", "--in-place", "--yes").status == 0
    assert book.read_bytes() != before
    backups = [path for path in book.parent.rglob("*") if path.is_file() and path != book]
    assert before in [path.read_bytes() for path in backups]


def test_a_single_file_may_be_named_as_output(program: Run, book: Path, tmp_path: Path) -> None:
    out = tmp_path / "elsewhere" / "result.txt"
    assert program("novel", book, "-b", "pseudo", "--out", out).status == 0
    assert out.is_file()


def test_jobs_are_listed_shown_and_forgotten(program: Run, book: Path, tmp_path: Path) -> None:
    db = tmp_path / "memory.db"
    assert json.loads(program("jobs", "--db", db, "--json").out) == []
    job = json.loads(program("novel", book, "-b", "pseudo", "--db", db, "--json").out)["job"]
    listed = json.loads(program("jobs", "--db", db, "--json").out)
    assert [(row["job"], row["status"]) for row in listed] == [(job, "done")]
    assert "book.txt" in program("jobs", "list", "--db", db).out.replace("\n", "").replace(" ", "")
    assert json.loads(program("jobs", "show", job, "--db", db, "--json").out)["input"] == str(book)
    shown = program("jobs", "show", job, "--db", db).out
    assert re.search(r"translated: +2", shown)
    assert program("jobs", "remove", job, "--db", db).status == 0
    assert program("jobs", "show", job, "--db", db).status == 2
    assert "no jobs" in program("jobs", "--db", db).out


def test_nothing_to_resume_is_said(program: Run) -> None:
    ended = program("resume")
    assert ended.status == 2
    assert "unfinished" in ended.err


def test_a_server_that_is_not_there_is_named_with_what_to_start(program: Run, book: Path) -> None:
    for json_wanted in ((), ("--json",)):
        ended = program("novel", book, "--host", "127.0.0.1:9", *json_wanted)
        assert ended.status == 3
        assert "127.0.0.1:9" in ended.err
        assert "ollama serve" in ended.err
    assert json.loads(ended.out)["exit_status"] == 3


def test_a_model_that_is_not_there_is_said_with_the_ones_that_are(program: Run, book: Path) -> None:
    with server() as host:
        installed = json.loads(program("model", "list", "--host", host, "--json").out)
        name = installed[0]["name"]
        ended = program("novel", book, "--host", host, "--model", name[:-1] + "x")
        assert ended.status == 3
        assert name in ended.err
        assert name in program("model", "--host", host).out
        assert json.loads(program("model", "show", name, "--host", host, "--json").out)["name"] == name
        assert "Template" in program("model", "show", name, "--host", host).out


def test_the_host_is_taken_from_ollamas_own_variable(program: Run, book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with server() as host:
        monkeypatch.setenv("OLLAMA_HOST", host.replace("127.0.0.1", "0.0.0.0"))  # noqa: S104 - as people have it
        (book.parent / "translate.toml").write_text('host = "127.0.0.1:9"\n')
        ended = program("novel", book, "--json")
    assert ended.status in (0, 1), ended.err
    assert json.loads(ended.out)["requests"] > 0


@pytest.mark.parametrize(
    ("content", "status"), [(b"", 4), (b"{}", 4), (b'{"broken": ', 4)], ids=["empty", "no game", "broken"]
)
def test_a_folder_that_is_no_game_cannot_be_read(content: bytes, status: int, program: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "System.json").write_bytes(content)
    ended = program("game", tmp_path, "-b", "pseudo")
    assert ended.status == status
    assert ended.err.count("error:") == 1
    assert "should not happen" not in ended.err


def test_a_damaged_file_is_named_and_the_others_are_translated(program: Run, game: Path) -> None:
    damaged = game / "data" / "Map002.json"
    damaged.write_bytes(damaged.read_bytes()[:200])
    ended = program("game", game, "-b", "pseudo")
    assert ended.status == 4
    assert "Map002.json" in ended.out
    assert (game.with_name(game.name + ".zh-CN") / "data" / "Map001.json").is_file()
    scanned = program("scan", game, "--json")
    assert scanned.status == 4
    assert [file["path"] for file in json.loads(scanned.out)["files"] if file["error"]] == ["data/Map002.json"]


def test_scan_says_what_would_be_done(program: Run, game: Path) -> None:
    report = json.loads(program("scan", game, "--json").out)
    assert report["engine"] == "rpgmaker_mv"
    assert report["segments"] == sum(file["segments"] for file in report["files"]) > 100
    assert report["repeats"] == report["segments"] - report["kept"] - report["unique"]
    assert min(report["batches"], report["prompt_tokens"], report["seconds"]) > 0
    text = program("scan", game).out
    for part in ("data/Map001.json", "Segments:", "Requests:", "Tokens:", "Time:"):
        assert part in text


@pytest.mark.parametrize("sample", ["rpgmaker_mv", "text", "srt"])
def test_every_sample_comes_back_as_it_was(sample: str, program: Run) -> None:
    ended = program("scan", "--roundtrip", SAMPLES / sample, "--json")
    report = json.loads(ended.out)
    assert [file for file in report["files"] if file["error"]] == []
    assert (ended.status, report["passed"], report["status"]) == (0, True, "done")
    assert " files came back as they were" in program("scan", "--roundtrip", SAMPLES / sample).out


def test_settings_of_a_file_beside_the_input_are_used_and_said(program: Run, book: Path) -> None:
    (book.parent / "translate.toml").write_text('backend = "pseudo"\nto = "en"\n')
    ended = program("novel", book)
    assert ended.status == 0, ended.err
    assert "translate.toml: --backend, --to." in ended.err
    assert (book.parent / "book.en.txt").is_file()
    assert "translate.toml" not in program("novel", book, "--quiet").err


def test_quiet_leaves_only_the_result(program: Run, game: Path) -> None:
    ended = program("game", game, "-b", "pseudo", "-q", "--json")
    assert json.loads(ended.out)["status"] == "done"
    assert [line for line in ended.err.splitlines() if not line.startswith("warning: ")] == []


def test_the_demo_says_what_it_made(program: Run, tmp_path: Path) -> None:
    ended = program("demo", "--backend", "pseudo", "--out", tmp_path / "demo")
    assert ended.status == 0, ended.err
    assert str(tmp_path / "demo") in ended.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to one process")
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_ctrl_c_ends_with_the_command_that_goes_on(as_json: tuple[str, ...], program: Run, game: Path) -> None:
    with server(delay=50) as host:
        db = game.parent / "other.db"
        arguments = ["game", str(game), "--host", host, "--parallel", "1", "--db", str(db), *as_json]
        with subprocess.Popen(
            [sys.executable, "-m", "translator.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            for line in process.stderr:
                if line.startswith("Job "):
                    break
            time.sleep(0.3)
            os.kill(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        command = re.search(r"translate resume (\w+) --db (\S+)$", err, re.MULTILINE)
        assert command is not None
        assert command[2] == str(db)
        if as_json:
            assert json.loads(out)["exit_status"] == 130
        listed = json.loads(program("jobs", "--db", db, "--json").out)
        assert [(row["job"], row["status"]) for row in listed] == [(command[1], "interrupted")]


@contextmanager
def echoing_server() -> Generator[str]:
    """A server whose model says the source text again, which no check lets pass."""
    model = "sakura-7b-v1.0:latest"
    described: dict[str, object] = {"template": "", "details": {}, "model_info": {}, "capabilities": ["completion"]}
    listed: dict[str, object] = {"name": model, "model": model, "digest": "d", "details": {}}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({"version": "0.33.0", "models": [listed]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/api/show":
                self._send(described)
                return
            text = asked["messages"][-1]["content"].split("：")[-1]
            self._send({"message": {"role": "assistant", "content": text}, "done": True, "done_reason": "stop"})

        def _send(self, value: object) -> None:
            body = json.dumps(value).encode() + b"\n"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
            """Say nothing: standard error belongs to the program under test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def test_each_segment_that_kept_its_source_is_listed_and_the_status_is_1(program: Run, book: Path) -> None:
    with echoing_server() as host:
        ended = program("novel", book, "--host", host)
        as_json = program("novel", book, "--host", host, "--json")
    assert ended.status == as_json.status == 1, ended.err
    result = json.loads(as_json.out)
    assert (result["status"], result["failed"], result["exit_status"]) == ("partial", 2, 1)
    assert "2 segments kept the source text:" in ended.out
    for problem in result["problems"]:
        assert problem["failed"]
        assert f"{problem['file']}: {problem['key']}: {problem['reason']}" in ended.out
    assert f"translate resume {result['job']}" in ended.out
    shown = program("jobs", "show", result["job"]).out
    assert "Failed: these kept their source" in shown


def test_each_request_for_a_segment_is_shown_with_what_came_back_and_what_was_wrong_with_it(
    program: Run, book: Path
) -> None:
    with echoing_server() as host:
        job = json.loads(program("novel", book, "--host", host, "--json").out)["job"]
    failed = json.loads(program("jobs", "attempts", job, "--failed", "--json").out)
    assert [(segment["state"], segment["target"]) for segment in failed] == [("failed", None)] * 2
    steps = failed[0]["steps"]
    assert [step["number"] for step in steps] == sorted(step["number"] for step in steps)
    assert (steps[0]["together"], steps[-1]["together"]) == (2, 1)
    for step in steps:
        assert host in step["host"]
        assert step["model"]
        assert step["sampling"]["temperature"] == 0.1
        assert step["reply"]
        assert len(step["prompt_hash"]) == 32
        assert {(f["code"], f["severity"]) for f in step["findings"]} >= {("untranslated", "error")}
    key = failed[1]["key"]
    (one,) = json.loads(program("jobs", "attempts", job, "--key", key, "--file", book.name, "--json").out)
    assert one == failed[1]
    shown = program("jobs", "attempts", job)
    assert shown.status == 0
    assert "勇者は村を出た。" in shown.out
    assert "(untranslated)" in shown.out
    assert program("jobs", "attempts", job, "--key", "nowhere").status == 2
    assert program("jobs", "attempts", job, "--file", "nowhere.txt").status == 2


def test_a_job_in_which_nothing_went_wrong_has_no_second_requests(program: Run, book: Path) -> None:
    job = json.loads(program("novel", book, "--backend", "pseudo", "--json").out)["job"]
    assert program("jobs", "attempts", job).out == "No segment was asked for more than once.\n"
    assert json.loads(program("jobs", "attempts", job, "--failed", "--json").out) == []
