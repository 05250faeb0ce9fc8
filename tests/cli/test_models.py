import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from translator.cli.models import sending


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("1.78B Q4", 0.99, 1.24),
        ("7.62B Q4", 4.26, 5.32),
        ("8.03B Q4", 4.49, 5.61),
        ("14.8B Q4", 8.27, 10.34),
        ("32.8B Q4", 18.33, 22.91),
        ("70.6B Q4", 39.45, 49.31),
    ],
)
def test_fit_gives_the_promised_table(name: str, low: float, high: float, program: Run) -> None:
    ended = program("model", "fit", name, "--json")
    report = json.loads(ended.out)
    assert ended.status == 0
    assert report["low"] == pytest.approx(low, abs=0.01)
    assert report["high"] == pytest.approx(high, abs=0.01)
    assert report["weights_from"] == "name"


def test_fit_says_it_in_words(program: Run) -> None:
    text = program("model", "fit", "sakura-14b-q4", "--context", "8192", "--slots", "2").out
    for part in ("Parameters:      14.00 billion", "With overhead:   7.82 to 9.78 GiB", "Memory:"):
        assert part in text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("fit", "sakura"), 2, "parameters"),
        (("fit", "nowhere.gguf"), 4, "nowhere.gguf"),
        (("fit", "7B", "--context", "0"), 2, "--context"),
        (("fit", "7B", "--slots", "x"), 2, "--slots"),
        (("import", "nowhere.gguf"), 4, "nowhere.gguf"),
        (("import", "{file}"), 4, "GGUF"),
        (("import", "{file}", "--backend", "openai"), 2, "Ollama"),
        (("list", "--host", "127.0.0.1:9"), 3, "ollama serve"),
        (("show", "sakura", "--host", "127.0.0.1:9"), 3, "ollama serve"),
    ],
)
def test_what_cannot_be_is_refused_with_one_message(
    arguments: tuple[str, ...], status: int, said: str, program: Run, tmp_path: Path
) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"this is no model")
    ended = program("model", *(argument.format(file=file) for argument in arguments))
    assert ended.status == status
    assert said in ended.err
    assert ended.err.count("error:") == 1


def test_doctor_says_what_is_wrong_what_mends_it_and_where_the_settings_are(program: Run, home: Path) -> None:
    ended = program("doctor", "--host", "127.0.0.1:9")
    assert ended.status == 3
    assert "config.toml" in ended.out
    assert str(home) in ended.out
    assert "ollama serve" in ended.out
    as_json = program("doctor", "--host", "127.0.0.1:9", "--json")
    report = json.loads(as_json.out)
    assert (report["status"], report["exit_status"], as_json.status) == ("wrong", 3, 3)
    assert "error" in {diagnosis["level"] for diagnosis in report["diagnoses"]}


def test_doctor_is_content_where_nothing_is_wrong(program: Run) -> None:
    ended = program("doctor", "--backend", "pseudo")
    assert ended.status == 0, ended.out


def test_sending_says_nothing_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with sending(quiet=False) as on_progress:
        on_progress(1, 2)
    assert capsys.readouterr() == ("", "")
