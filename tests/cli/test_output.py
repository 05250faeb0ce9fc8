import io
import json
import math
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.cli.output import (
    Column,
    console,
    duration,
    fields,
    plain,
    prepare_streams,
    print_error,
    print_json,
    print_table,
    printable,
    size,
)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    path: PurePosixPath
    colour: Colour


@dataclass(frozen=True)
class Outer:
    inner: tuple[Inner, ...]
    rate: float
    words: frozenset[str]


def stream(encoding: str, monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
    prepare_streams()
    return raw


def test_a_result_becomes_json_with_all_that_is_in_it() -> None:
    result = Outer((Inner(PurePosixPath("a/b"), Colour.RED),), math.inf, frozenset({"x"}))
    assert plain(result) == {"inner": [{"path": "a/b", "colour": "red"}], "rate": None, "words": ["x"]}
    assert list(fields(result)) == ["inner", "rate", "words"]


def test_only_a_dataclass_has_fields() -> None:
    with pytest.raises(TypeError):
        fields("text")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp932", "cp936", "cp1252"])
@pytest.mark.parametrize("text", ["勇者 한국 😀 é", "broken \udce3 name", 'a "quote"\n\x1b[31m'])
def test_json_is_valid_json_in_every_encoding(encoding: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stream(encoding, monkeypatch)
    print_json({"text": text})
    assert json.loads(raw.getvalue().decode(encoding)) == {"text": text}


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "cp936", "cp1252", "utf-8"])
def test_a_table_can_be_printed_in_every_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = stream(encoding, monkeypatch)
    print_table(("名前", Column("数", number=True)), [("勇者😀", 1234567), ("한국\udce3", 2)])
    text = raw.getvalue().decode(encoding)
    assert "1,234,567" in text
    assert ("勇者😀" in text) == (encoding == "utf-8")
    assert "\\udce3" in text


def test_a_table_keeps_to_the_width_and_loses_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = "x" * 150 + "END"
    print_table(("a", "b"), [(long, "文字" * 60)])
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line.encode("utf-16-le")) // 2 for line in lines) <= 80
    assert "".join(line.split(" ")[0] for line in lines[2:]) == long


def test_brackets_in_a_cell_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("a",), [("[red]x[/red] :smile:",)])
    assert "[red]x[/red] :smile:" in capsys.readouterr().out


@given(st.text())
def test_printable_text_commands_no_terminal_and_stays_on_one_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable() or not {"\n", "\r", "\x1b", "\x07", "\u202e"} & set(shown)
    assert len(shown.splitlines()) <= 1 or not set("\n\r\x0b\x0c\x1c\x1d\x1e\x85") & set(shown)


def test_output_has_no_colour_unless_it_is_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("it broke", "mend it", 3, json=False)
    assert capsys.readouterr().err == "error: it broke\nhint: mend it\n"
    assert not console().is_terminal


def test_an_error_is_an_object_on_standard_output_and_a_sentence_on_standard_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_error("it broke", "mend it", 3, json=True)
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"status": "error", "error": "it broke", "hint": "mend it", "exit_status": 3}
    assert "it broke" in captured.err


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.0 s"), (8.34, "8.3 s"), (59.97, "1 min 0 s"), (245, "4 min 5 s"), (8070, "2 h 14 min")]
)
def test_durations_are_for_people(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (5 * 1024**2, "5.0 MiB"), (2**40, "1024.0 GiB")],
)
def test_sizes_are_in_binary_units(count: int, text: str) -> None:
    assert size(count) == text
