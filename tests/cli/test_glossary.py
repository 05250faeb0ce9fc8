import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest


class Ended(Protocol):
    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    file = tmp_path / "terms.csv"
    file.write_text("src,dst,note\n勇者,勇士,hero\n魔王,魔王,\n", encoding="utf-8")
    return file


def rows(program: Run, file: Path) -> list[tuple[str, str]]:
    return [(e["src"], e["dst"]) for e in json.loads(program("glossary", "show", file, "--json").out)]


def test_a_term_is_added_changed_and_removed(program: Run, terms: Path) -> None:
    assert program("glossary", "add", "剣", "剑", "--note", "weapon", "--kind", "item", "-g", terms).status == 0
    assert rows(program, terms) == [("勇者", "勇士"), ("魔王", "魔王"), ("剣", "剑")]
    changed = program("glossary", "edit", "剣", "长剑", "-g", terms, "--json")
    assert json.loads(changed.out)["entry"] == {
        "src": "剣", "dst": "长剑", "note": "weapon", "kind": "item", "case": False, "regex": False
    }  # fmt: skip
    assert program("glossary", "remove", "勇者", "--glossary", terms).status == 0
    assert rows(program, terms) == [("魔王", "魔王"), ("剣", "长剑")]
    assert terms.read_text(encoding="utf-8").startswith("src,dst,note")


def test_a_term_may_be_respelled_and_become_a_pattern(program: Run, terms: Path) -> None:
    ended = program("glossary", "edit", "勇者", "--term", "勇者.?", "--regex", "-g", terms, "--json")
    assert json.loads(ended.out)["entry"]["src"] == "勇者.?"
    assert json.loads(program("glossary", "show", terms, "--json").out)[0]["regex"] is True


def test_ones_own_glossary_is_made_when_it_is_needed(program: Run) -> None:
    assert program("glossary", "add", "剣", "剑").status == 0
    listed = json.loads(program("glossary", "list", "--json").out)
    own = [layer for layer in listed if layer["origin"] == "user"]
    assert [layer["entries"] for layer in own] == [1]
    assert program("glossary", "remove", "剣").status == 0
    assert program("glossary", "remove", "剣").status == 2


def test_the_layers_of_a_pair_are_listed_and_the_later_wins(program: Run, terms: Path) -> None:
    listed = json.loads(program("glossary", "--from", "ja", "--to", "zh-CN", "-g", terms, "--json").out)
    assert [layer["origin"] for layer in listed][-1] == "option"
    assert {layer["origin"] for layer in listed} == {"shipped", "option"}
    assert "terms.csv" in program("glossary", "list", "-g", terms).out
    shown = json.loads(program("glossary", "show", "-g", terms, "--json").out)
    assert {"勇者": "勇士"}.items() <= {entry["src"]: entry["dst"] for entry in shown}.items()
    assert len(shown) > 2


def test_a_projects_glossary_counts_with_its_input(program: Run, tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("勇者は村を出た。\n", encoding="utf-8")
    (tmp_path / "glossary.csv").write_text("src,dst\n勇者,英雄\n竜,龙\n", encoding="utf-8")
    shown = json.loads(program("glossary", "show", "--input", tmp_path / "book.txt", "--json").out)
    assert {"src": "勇者", "dst": "英雄"}.items() <= next(e for e in shown if e["src"] == "勇者").items()
    ended = program("glossary", "check", "--input", tmp_path / "book.txt", "--json")
    unused = [remark["message"] for remark in json.loads(ended.out)["remarks"] if remark["code"] == "unused"]
    assert ended.status == 0
    assert len(unused) == 1
    assert "竜" in unused[0]


def test_import_adds_what_is_new_and_replaces_when_told(program: Run, terms: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"勇者": "英雄", "竜": "龙"}), encoding="utf-8")
    first = json.loads(program("glossary", "import", other, "-g", terms, "--json").out)
    assert (first["added"], first["replaced"], first["left"]) == (1, 0, 1)
    assert rows(program, terms) == [("勇者", "勇士"), ("魔王", "魔王"), ("竜", "龙")]
    second = json.loads(program("glossary", "import", other, "-g", terms, "--replace", "--json").out)
    assert (second["added"], second["replaced"], second["left"]) == (0, 2, 0)
    assert rows(program, terms) == [("勇者", "英雄"), ("魔王", "魔王"), ("竜", "龙")]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "json", "po"])
def test_export_and_import_give_the_same_entries(suffix: str, program: Run, terms: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{suffix}"
    assert json.loads(program("glossary", "export", out, terms, "--json").out)["entries"] == 2
    assert rows(program, out) == rows(program, terms)
    assert program("glossary", "import", out, "-g", tmp_path / "again.csv").status == 0
    assert rows(program, tmp_path / "again.csv") == rows(program, terms)


def test_export_does_not_write_over_a_file_unless_told(program: Run, terms: Path) -> None:
    before = terms.read_bytes()
    ended = program("glossary", "export", terms)
    assert ended.status == 2
    assert "--force" in ended.err
    assert terms.read_bytes() == before
    assert program("glossary", "export", terms, "--force").status == 0


def test_check_finds_what_cannot_be_used(program: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("src,dst,note,kind,case,regex\n(,x,,,,1\n勇者,a,,,,\n勇者,b,,,,\n", encoding="utf-8")
    ended = program("glossary", "check", file, "--json")
    found = json.loads(ended.out)
    assert (ended.status, found["exit_status"], found["status"]) == (1, 1, "wrong")
    assert {remark["code"] for remark in found["remarks"]} == {"pattern", "duplicate"}
    text = program("glossary", "check", file).out
    assert "bad.csv" in text
    assert "3 entries in 1 file, 2 remarks" in text


def test_shipped_glossaries_have_no_errors(program: Run) -> None:
    for target in ("zh-CN", "en"):
        assert program("glossary", "check", "--to", target).status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("add", "勇者", "x", "-g", "{terms}"), 2, "勇者"),
        (("add", " ", "x", "-g", "{terms}"), 2, "empty"),
        (("add", "(", "x", "--regex", "-g", "{terms}"), 2, "pattern"),
        (("add", "a", "x", "-g", "terms.doc"), 4, ".csv"),
        (("edit", "竜", "x", "-g", "{terms}"), 2, "竜"),
        (("edit", "勇者", "-g", "{terms}"), 2, "nothing to change"),
        (("edit", "勇者", "x", "-g", "nowhere.csv"), 4, "nowhere.csv"),
        (("remove", "竜", "-g", "{terms}"), 2, "竜"),
        (("show", "nowhere.csv"), 4, "nowhere.csv"),
        (("import", "nowhere.csv", "-g", "{terms}"), 4, "nowhere.csv"),
        (("export", "out.txt", "{terms}"), 2, ".csv"),
        (("check", "--input", "nowhere"), 4, "nowhere"),
    ],
)
def test_what_cannot_be_is_refused_with_one_message(
    arguments: tuple[str, ...],
    status: int,
    said: str,
    program: Run,
    terms: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = terms.read_bytes()
    ended = program("glossary", *(argument.format(terms=terms) for argument in arguments))
    assert ended.status == status
    assert said in ended.err
    assert ended.err.count("error:") == 1
    assert terms.read_bytes() == before
