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
from translator.testing.instant import InstantServer


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


def test_a_glossary_that_changed_meanwhile_takes_no_answer_away(
    asking: Program, program: Program, tmp_path: Path
) -> None:
    book, terms = tmp_path / "book.txt", tmp_path / "terms.csv"
    book.write_text("エリナは城へ行った。\nエリナの剣は強い。\n雨が降る。\n", encoding="utf-8")
    terms.write_text("エリナ,艾莉娜\n", encoding="utf-8")
    assert asking("novel", book, "-g", terms).status == 0
    written = tmp_path / "book.zh-CN.txt"
    before = written.read_bytes()
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    terms.write_text("エリナ,伊莉娜\n", encoding="utf-8")
    assert program("apply", book, work, "--quiet").status == 0
    assert written.read_bytes() == before
    assert asking("novel", book, "-g", terms).count("requests") > 0


def test_a_key_that_a_spreadsheet_took_for_a_number_is_known_by_its_mark(
    pseudo: Program, program: Program, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    book.write_text("はい。\n" + "".join(f"第{n}の夜。\n" for n in range(8)) + "はい。\n", encoding="utf-8")
    pseudo("novel", book, "--to", "zh-CN")
    before = (tmp_path / "book.zh-CN.txt").read_text("utf-8").split("\n")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, lambda key, _: "是的。" if key == "1.10" else None)
    work.write_text(work.read_text("utf-8-sig").replace(",1.10,", ",1.1,"), encoding="utf-8-sig")
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.count("untouched")) == (0, 1, 9)
    now = (tmp_path / "book.zh-CN.txt").read_text("utf-8").split("\n")
    assert now == [*before[:9], "是的。", ""]


@pytest.mark.parametrize("column", ["file", "key"])
def test_a_line_whose_key_or_file_was_edited_is_not_taken_and_named(
    column: str, pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    before = (tmp_path / "book.zh-CN.txt").read_bytes()
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    with work.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    was = rows[2][column]
    rows[2] |= {column: rows[3][column] if column == "key" else "other.txt", "translation": MINE}
    rows[3][column] += "x"
    with work.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.count("untouched")) == (1, 0, 3)
    (line,) = stale(applied)
    assert line["key"] == rows[2]["key"]
    assert line["reason"] == f"row 4: its {column} was {was!r} when it was written out"
    assert (tmp_path / "book.zh-CN.txt").read_bytes() == before


def test_a_line_whose_text_has_moved_is_taken_at_the_key_that_a_person_gives_it(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    book.write_text("一つ目の夜。\n二つ目の夜。\n", encoding="utf-8")
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    book.write_text("二つ目の夜。\n", encoding="utf-8")
    rewrite(work, once("二つ目の夜。", "第二夜。"))
    assert program("apply", book, work, "--quiet").status == 1
    work.write_text(work.read_text("utf-8-sig").replace(",1.2,", ",1.1,"), encoding="utf-8-sig")
    assert program("apply", book, work, "--json", "--quiet").count("edited") == 1
    assert (tmp_path / "book.zh-CN.txt").read_text("utf-8") == "第二夜。\n"


@pytest.mark.parametrize("form", ["po", "csv", "xlsx", "xliff"])
def test_line_breaks_that_a_form_spells_anew_change_nothing(
    form: str, pseudo: Program, program: Program, tmp_path: Path
) -> None:
    texts = tmp_path / "a.po"
    texts.write_text(
        '#, fuzzy\nmsgid "ひとつ\\rふたつ"\nmsgstr "x\\r\\ny"\n\nmsgid "みっつ\\rよっつ"\nmsgstr ""\n', encoding="utf-8"
    )
    pseudo("exchange", texts, "--to", "en")
    written = tmp_path / "a.en.po"
    before = written.read_bytes()
    work = tmp_path / f"work.{form}"
    program("extract", texts, "-o", work, "--quiet")
    untouched = program("apply", texts, work, "--json", "--quiet")
    assert (untouched.count("untouched"), written.read_bytes()) == (2, before)
    rewrite(work, lambda _, source: "three and four" if "よっつ" in source else None)
    applied = program("apply", texts, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.count("untouched")) == (0, 1, 1)
    assert 'msgstr "three and four"' in written.read_text("utf-8")


def test_an_edit_goes_along_when_lines_come_in_before_it(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, lambda _, source: "夜真长。" if source == "雪国の夜は長い。" else None)
    program("apply", book, work, "--quiet")
    book.write_text("新しい行だ。\nもう一つ。\n" + BOOK, encoding="utf-8")
    pseudo("novel", book, "--to", "zh-CN")
    assert "　夜真长。" in (tmp_path / "book.zh-CN.txt").read_text("utf-8").split("\n")


def test_an_edit_whose_text_is_gone_is_named(program: Program, pseudo: Program, book: Path, tmp_path: Path) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, lambda _, source: "夜真长。" if source == "雪国の夜は長い。" else None)
    program("apply", book, work, "--quiet")
    book.write_text(BOOK.replace("長い", "短い"), encoding="utf-8")
    ended = program("novel", book, "--to", "zh-CN", "--backend", "pseudo")
    assert "1 edited line has no place here any more" in ended.err


def test_an_edited_name_goes_into_the_texts_that_mention_it(
    asking: Program, program: Program, server: InstantServer, game: Path, tmp_path: Path
) -> None:
    asking("game", game)
    work = tmp_path / "work.csv"
    program("extract", game, "-o", work, "--quiet")
    name = json.loads((game / "data" / "Actors.json").read_text("utf-8"))[1]["name"]
    rewrite(work, once(name, "灵药"))
    before = len(server.said())
    assert program("apply", game, work, "--quiet").status == 0
    assert len(server.said()) == before
    assert asking("game", game).count("requests") > 0
    assert any("灵药" in prompt for _, _, prompt in server.said()[before:])


def test_a_work_file_is_for_its_own_language(pseudo: Program, program: Program, book: Path, tmp_path: Path) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, once(GREETING, MINE))
    pseudo("novel", book, "--to", "en")
    english = (tmp_path / "book.en.txt").read_bytes()
    assert program("apply", book, work, "--quiet").status == 0
    assert (tmp_path / "book.en.txt").read_bytes() == english
    assert MINE in (tmp_path / "book.zh-CN.txt").read_text("utf-8")
    other = program("apply", book, work, "--to", "en", "--quiet")
    assert (other.status, (tmp_path / "book.en.txt").read_bytes()) == (2, english)
    assert "written for zh-CN" in other.err
    with work.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row[:-1] for row in csv.reader(stream)]
    with work.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    refused = program("apply", book, work, "--quiet")
    assert refused.status == 2
    assert "--to" in refused.err
    again = program("apply", book, work, "--to", "zh-CN", "--json", "--quiet")
    assert (again.status, again.count("edited"), again.count("untouched")) == (0, 0, 4)


def test_what_people_translated_before_any_job_is_for_its_own_language(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--to", "en", "--quiet")
    rewrite(work, once(GREETING, "“Good evening,” said the man."))
    assert program("apply", book, work, "--to", "zh-CN", "--quiet").status == 2
    assert program("apply", book, work, "--json", "--quiet").count("edited") == 1
    for code, times in (("zh-CN", 0), ("en", 1)):
        pseudo("novel", book, "--to", code)
        assert (tmp_path / f"book.{code}.txt").read_text("utf-8").count("“Good evening,”") == times


def test_what_somebody_put_in_the_output_s_place_is_not_written_over(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN", "--force")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    rewrite(work, once(GREETING, MINE))
    (tmp_path / "book.zh-CN.txt").write_bytes(b"mine")
    refused = program("apply", book, work, "--quiet")
    assert refused.status == 2
    assert "the command that translates with --out or --force" in " ".join(refused.err.split())
    assert (tmp_path / "book.zh-CN.txt").read_bytes() == b"mine"
    pseudo("novel", book, "--to", "zh-CN", "--force")
    assert MINE in (tmp_path / "book.zh-CN.txt").read_text("utf-8")


def test_a_workbook_has_no_room_for_very_long_texts_which_is_said(
    pseudo: Program, program: Program, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    book.write_text("雨が降る" * 8100 + "。\n", encoding="utf-8")
    pseudo("novel", book, "--to", "zh-CN")
    ended = program("extract", book, "-o", tmp_path / "work.xlsx")
    assert ended.status == 2
    assert "1.1" in ended.err
    assert program("extract", book, "-o", tmp_path / "work.csv").status == 0


def test_half_a_character_is_left_out(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "texts.json"
    file.write_text('[{"name":"エリナ","message":"\\ud83d半"},{"name":"エリナ","message":"朝だ。"}]', encoding="utf-8")
    ended = program("extract", file, "-o", tmp_path / "work.po", "--to", "en", "--json", "--quiet")
    assert (ended.status, ended.count("segments")) == (4, 3)


def test_a_work_file_in_the_folder_of_its_texts_is_refused(program: Program, book: Path, tmp_path: Path) -> None:
    ended = program("extract", tmp_path, "-o", tmp_path / "work.po", "--to", "en", "--kind", "novel")
    assert ended.status == 2
    assert not (tmp_path / "work.po").exists()
    assert book.exists()


def test_a_work_file_never_takes_the_place_of_a_text(program: Program, tmp_path: Path) -> None:
    table = tmp_path / "texts.csv"
    table.write_text("key,ja,zh-CN\na,雪国,\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(table)
    before = table.read_bytes()
    for place in (table, tmp_path / "link.csv"):
        refused = program("extract", table, "-o", place, "--to", "zh-CN", "--force", "--quiet")
        assert (refused.status, table.read_bytes()) == (2, before)


def test_what_a_spreadsheet_shows_for_a_formula_is_no_translation(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.xlsx"
    program("extract", book, "-o", work, "--quiet")
    table = load_workbook(work)
    cell = table.worksheets[0]["H2"]
    cell.value, cell.data_type = "#NAME?", "e"
    table.save(work)
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("edited"), applied.count("taken_back")) == (1, 0, 0)
    (line,) = stale(applied)
    assert str(line["reason"]).startswith("row 2: #NAME? is what a spreadsheet shows")


def test_of_two_lines_for_one_text_the_last_is_taken_and_the_other_named(
    pseudo: Program, program: Program, book: Path, tmp_path: Path
) -> None:
    pseudo("novel", book, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    program("extract", book, "-o", work, "--quiet")
    lines = work.read_text("utf-8").splitlines(keepends=True)
    first, second, same = (lines[1].replace("［", sign) for sign in "甲乙乙")
    work.write_text("".join((lines[0], first, second, same, *lines[2:])), "utf-8")
    applied = program("apply", book, work, "--json", "--quiet")
    assert (applied.status, applied.count("lines"), applied.count("edited"), applied.count("untouched")) == (1, 6, 2, 3)
    (line,) = stale(applied)
    assert line["reason"] == "row 2: row 3 says otherwise, and is taken"
    assert (tmp_path / "book.zh-CN.txt").read_text("utf-8").startswith("乙")


def test_only_the_files_that_are_wanted_are_taken_out(
    pseudo: Program, program: Program, game: Path, tmp_path: Path
) -> None:
    pseudo("game", game, "--to", "zh-CN")
    work = tmp_path / "work.csv"
    assert program("extract", game, "-o", work, "--include", "data/Map*.json", "--quiet").status == 0
    with work.open(encoding="utf-8-sig", newline="") as stream:
        files = {row["file"] for row in csv.DictReader(stream)}
    assert files
    assert all(file.startswith("data/Map") for file in files)
