"""People take a job's texts out, correct them and give them back: what they wrote wins for good."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

import polib
import pytest
from openpyxl import load_workbook

from translator.core.jsonvalue import as_object


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
Tree = Callable[[Path], dict[str, bytes]]
BOOK = "第一章\n\n　雪国の夜は長い。\n「こんばんは」と男が言った。\n「こんばんは」と男が言った。\n"
GREETING = "「こんばんは」と男が言った。"
MINE = "“晚上好。”他——对，就是他，说道。"


def rewrite(path: Path, change: Callable[[str, str], str | None]) -> None:
    """Edit a work file as a person would: `change` gets key and source, and gives the new translation, or None."""
    if path.suffix == ".po":
        book = polib.pofile(str(path))
        for entry in book:
            entry.msgstr = (
                new if (new := change(entry.msgctxt.partition(" :: ")[2], entry.msgid)) is not None else entry.msgstr
            )
        book.save(str(path))
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        key, source, target = (rows[0].index(name) for name in ("key", "source", "translation"))
        for row in rows[1:]:
            row[target] = new if (new := change(row[key], row[source])) is not None else row[target]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows(rows)
    elif path.suffix == ".xlsx":
        workbook = load_workbook(path)
        sheet = workbook.worksheets[0]
        names = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            new = change(str(row[names.index("key")].value), str(row[names.index("source")].value))
            if new is not None:
                sheet.cell(row[0].row or 0, names.index("translation") + 1, new)
        workbook.save(path)
    else:
        text = path.read_text("utf-8")
        parts = text.split("<trans-unit ")
        for number, part in enumerate(parts[1:], 1):
            key = part.partition('id="')[2].partition('"')[0]
            source = part.partition("<source>")[2].partition("</source>")[0]
            if (new := change(key, source)) is not None:
                head, _, rest = part.partition("<target")
                opening, _, rest = rest.partition(">")
                parts[number] = f"{head}<target{opening}>{new}</target>{rest.partition('</target>')[2]}"
        path.write_text("<trans-unit ".join(parts), "utf-8")


def once(source: str, new: str) -> Callable[[str, str], str | None]:
    """Change the first line with this source, and no other."""
    left = [new]
    return lambda _, text: left.pop() if text == source and left else None


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text(BOOK, encoding="utf-8")
    return path


def stale(ended: Ended) -> list[dict[str, object]]:
    return [as_object(line) for line in cast("list[object]", ended.summary["stale"])]


@pytest.mark.parametrize("form", ["po", "csv", "xlsx", "xliff"])
def test_an_edited_line_is_written_and_nothing_else_changes(
    form: str, pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    assert pseudo("novel", book, "--to", "zh-CN").status == 0
    written = tmp_path / "book.zh-CN.txt"
    before = written.read_text("utf-8")
    work = tmp_path / f"work.{form}"
    extracted = program("extract", book, "-o", work, "--json", "--quiet")
    assert extracted.status == 0, extracted.err
    assert (extracted.count("segments"), extracted.count("translated"), extracted.count("edited")) == (4, 4, 0)

    untouched = program("apply", book, work, "--json", "--quiet")
    assert (untouched.status, untouched.count("edited"), untouched.count("untouched")) == (0, 0, 4)
    assert written.read_text("utf-8") == before

    rewrite(work, once(GREETING, MINE))
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.count("untouched")) == (0, 1, 3), applied.out
    lines, old = written.read_text("utf-8").split("\n"), before.split("\n")
    assert [(a, b) for a, b in zip(lines, old, strict=True) if a != b] == [(MINE, old[3])]
    assert program("extract", book, "-o", work, "--force", "--json", "--quiet").count("edited") == 1


def test_an_edited_line_wins_over_every_later_machine_run(
    asking: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    assert asking("novel", book).status == 0
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, once(GREETING, MINE))
    assert program("apply", book, work, "--quiet").status == 0
    written = tmp_path / "book.zh-CN.txt"

    again = asking("novel", book)
    assert (again.count("requests"), written.read_text("utf-8").split("\n")[3]) == (0, MINE)
    other = asking("novel", book, "--profile", "chat", "--from", "ja", "--to", "zh-CN")
    assert other.count("requests") > 0
    assert written.read_text("utf-8").split("\n")[3] == MINE
    elsewhere = asking("novel", book, "--out", tmp_path / "elsewhere")
    assert elsewhere.status == 0
    assert (tmp_path / "elsewhere" / "book.zh-CN.txt").read_text("utf-8").split("\n")[3] == MINE


def test_lines_that_are_stale_are_named_and_the_others_are_taken(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, lambda key, _: f"改 {key}")
    book.write_text(BOOK.replace("夜は長い", "朝は早い").rstrip("\n").rpartition("\n")[0] + "\n", encoding="utf-8")
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited")) == (1, 2)
    reasons = {str(line["key"]): str(line["reason"]) for line in stale(applied)}
    assert len(reasons) == 2
    assert any("雪国の朝は早い" in reason for reason in reasons.values())
    assert any("no such text" in reason for reason in reasons.values())
    said = program("apply", book, work, "--quiet")
    assert said.status == 1
    for key in reasons:
        assert key in said.out


def test_an_emptied_line_is_the_machine_s_again(pseudo: Program, program: Program, book: Path, tmp_path: Path) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    written = tmp_path / "book.zh-CN.txt"
    before = written.read_bytes()
    work = tmp_path / "work.po"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, once(GREETING, MINE))
    program("apply", book, work, "--quiet")
    assert written.read_bytes() != before
    rewrite(work, once(GREETING, ""))
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("taken_back")) == (0, 1)
    assert written.read_bytes() == before


def test_what_people_translated_before_any_job_is_not_asked(
    asking: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work.xlsx"
    extracted = program("extract", book, "-o", work, "--to", "zh-CN", "--json", "--quiet")
    assert (extracted.summary["job"], extracted.count("translated")) == ("", 0)
    rewrite(work, lambda key, _: f"人 {key}")
    applied = program("apply", book, work, "--to", "zh-CN", "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.summary["job"]) == (0, 4, "")
    ended = asking("novel", book)
    assert (ended.status, ended.count("requests"), ended.count("translated")) == (0, 0, 4)
    lines = (tmp_path / "book.zh-CN.txt").read_text("utf-8").split("\n")
    assert all("人 " in line for line in lines if line)

    program("extract", book, "-o", work, "--force", "--quiet")
    rewrite(work, once(GREETING, ""))
    assert program("apply", book, work, "--to", "zh-CN", "--quiet").status == 0
    assert asking("novel", book).count("requests") == 1


def test_texts_that_must_stay_equal_change_together(
    pseudo: Program, program: Program, game: Path, tmp_path: Path
) -> None:
    pseudo("game", game, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", game, "-o", work, "--quiet")
    actors = json.loads((game / "data" / "Actors.json").read_text("utf-8"))
    name = actors[1]["name"]
    rewrite(work, once(name, "莉娜"))
    assert program("apply", game, work, "--quiet").status == 0
    out = tmp_path / "MyGame.zh-CN"
    old = f"［{name}"
    assert not any(f'"{old}' in path.read_text("utf-8") for path in out.rglob("*.json"))
    assert json.loads((out / "data" / "Actors.json").read_text("utf-8"))[1]["name"] == "莉娜"


def test_what_the_file_cannot_hold_is_said_and_the_machine_s_translation_stays(
    pseudo: Program, program: Program, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes((BOOK * 5).encode("cp932"))
    pseudo("novel", book, "--to", "en", "--output-charset", "cp932")
    written = tmp_path / "book.en.txt"
    before = written.read_bytes()
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, once(GREETING, "“们”"))
    applied = program("apply", book, work, "--json", "--quiet")
    assert applied.status == 1
    (said,) = cast("list[str]", applied.summary["refused"])
    assert "cp932" in said
    assert "们" in said
    assert written.read_bytes() == before


def test_in_place_the_originals_are_read(pseudo: Program, program: Program, game: Path, tmp_path: Path) -> None:
    assert pseudo("game", game, "--to", "zh-CN", "--in-place", "--yes").status in (0, 1)
    work = tmp_path / "work.csv"
    program("extract", game, "-o", work, "--quiet")
    with work.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert not any("［" in row["source"] for row in rows)
    rewrite(work, once("リル", "里尔币"))
    assert program("apply", game, work, "--quiet").status == 0
    assert json.loads((game / "data" / "System.json").read_text("utf-8"))["currencyUnit"] == "里尔币"


def test_a_work_file_is_never_written_over(pseudo: Program, program: Program, book: Path, tmp_path: Path) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    work.write_bytes(b"my work")
    ended = program("extract", book, "-o", work)
    assert (ended.status, work.read_bytes()) == (2, b"my work")
    assert "--force" in ended.err


def test_findings_and_speakers_go_along(pseudo: Program, program: Program, game: Path, tmp_path: Path) -> None:
    pseudo("game", game, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", game, "-o", work, "--quiet")
    with work.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert any(row["findings"] for row in rows)
    assert any(row["speaker"] for row in rows)
    assert {row["file"] for row in rows} >= {"data/System.json", "data/Map001.json"}
