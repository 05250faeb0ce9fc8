"""Books and subtitles from the file to its translation."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

import pytest


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
SAMPLES = Path(__file__).parents[2] / "samples"
BOOK = "　雪国の夜は長い。\r\n\r\n「こんばんは」と男が言った。\r\n　――もう春だった。\r\n"


def test_a_book_gets_a_sibling_and_stays_as_it_is(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "雪 国 ❄.txt"
    book.write_bytes(BOOK.encode())
    ended = asking("novel", book)
    assert ended.status == 0, ended.err
    assert book.read_bytes() == BOOK.encode()
    written = tmp_path / "雪 国 ❄.zh-CN.txt"
    assert ended.summary["output"] == str(written)
    lines = written.read_bytes().decode().split("\r\n")
    assert len(lines) == len(BOOK.split("\r\n"))
    assert lines[0].startswith("　")
    assert lines[1] == ""
    assert sorted(tmp_path.glob("*.txt")) == sorted([book, written])


def test_what_holds_for_several_files_is_said_once(pseudo: Program, program: Program, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / "books").mkdir(exist_ok=True)
        (tmp_path / "books" / name).write_bytes((BOOK * 5).encode("cp932"))
    (said,) = cast("list[str]", pseudo("novel", tmp_path / "books", "--to", "zh-CN").summary["notices"])
    assert said.startswith("a.txt, b.txt: cp932 cannot hold")
    assert "a.txt:" not in program("scan", tmp_path / "books", "--to", "zh-CN").out


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_whatever_the_charset_it_is_read_and_the_output_can_hold_the_language(
    charset: str, asking: Program, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"
    # Long enough to tell charsets apart.
    book.write_bytes((BOOK * 5).encode(charset))
    ended = asking("novel", book)
    assert ended.status == 0, ended.err
    blob = (tmp_path / "book.zh-CN.txt").read_bytes()
    if charset.startswith("utf"):
        assert blob.decode(charset).count("\r\n") == BOOK.count("\r\n") * 5
        assert "utf-8" not in str(ended.summary["notices"])
    else:
        assert "written as utf-8" in str(ended.summary["notices"])
        assert blob.decode("utf-8").count("\r\n") == BOOK.count("\r\n") * 5


def test_a_charset_that_cannot_hold_a_text_fails_it_and_says_so(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode())
    ended = asking("novel", book, "--output-charset", "cp932")
    assert ended.status == 1
    assert "--output-charset" in str(ended.summary["problems"])
    assert ended.count("failed") > 0
    again = asking("novel", book)
    assert (again.status, again.count("requests"), again.count("failed")) == (0, 0, 0)


def test_an_unknown_charset_is_said(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode())
    for option in ("--charset", "--output-charset"):
        ended = asking("novel", book, option, "klingon")
        assert ended.status in (2, 4)
        assert "klingon" in ended.err


def test_the_wrong_charset_is_said(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode("cp932"))
    ended = asking("novel", book, "--charset", "utf-8")
    assert ended.status == 4
    assert "book.txt" in ended.err
    assert not (tmp_path / "book.zh-CN.txt").exists()


def test_a_folder_of_books_keeps_its_paths(asking: Program, tmp_path: Path, tree: Tree) -> None:
    folder = tmp_path / "books"
    (folder / "第一部").mkdir(parents=True)
    for name in ("第一部/1.txt", "第一部/2.txt", "第一部/10.txt", "序.txt"):
        (folder / name).write_bytes(f"これは{name}である。\n".encode())
    (folder / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "dangling.txt").symlink_to(tmp_path / "nothing.txt")
    before = tree(folder)
    ended = asking("novel", folder)
    assert ended.status == 0, ended.err
    assert set(tree(tmp_path / "books.zh-CN")) == set(before) - {"cover.png"}
    assert tree(folder) == before


def test_an_unreadable_book_among_others_is_listed(asking: Program, tmp_path: Path, tree: Tree) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "good.txt").write_bytes(BOOK.encode())
    (folder / "bad.txt").write_bytes("これは壊れた文章です。".encode() + b"\xff\xfe\xfa broken \x80\x81\n")
    ended = asking("novel", folder)
    assert ended.status == 4, ended.out
    assert "bad.txt" in str(ended.summary["unreadable"])
    assert set(tree(tmp_path / "books.zh-CN")) == {"good.txt"}


def test_a_text_that_no_right_allows_to_read_is_listed(
    asking: Program, tmp_path: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    for name in ("good.txt", "locked.txt"):
        (folder / name).write_bytes(BOOK.encode())
    deny(monkeypatch, folder / "locked.txt")
    ended = asking("novel", folder)
    assert ended.status == 4, ended.err
    assert "Permission denied" in str(ended.summary["unreadable"])
    assert set(tree(tmp_path / "books.zh-CN")) == {"good.txt"}
    alone = asking("novel", folder / "locked.txt")
    assert alone.status == 4
    assert "Permission denied" in alone.err


def deny(monkeypatch: pytest.MonkeyPatch, denied: Path) -> None:
    """Refuse to open a file, as the system would for anybody but root, whom tests may run as."""
    opened = Path.open

    def refusing(
        self: Path,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
    ) -> object:
        if self == denied:
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, mode, buffering, encoding, errors, newline)

    monkeypatch.setattr(Path, "open", refusing)


def test_books_in_place_have_a_backup(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode())
    assert asking("novel", book, "--in-place", "--yes").status == 0
    (backup,) = tmp_path.glob("book.txt.backup-*")
    assert backup.read_bytes() == BOOK.encode()
    translated = book.read_bytes()
    assert translated != BOOK.encode()
    again = asking("novel", book, "--in-place", "--yes")
    assert (again.status, again.count("requests")) == (0, 0)
    assert book.read_bytes() == translated


def test_a_linked_book_in_place_stays_a_link(asking: Program, tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_bytes(BOOK.encode())
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    assert asking("novel", link, "--in-place", "--yes").status == 0
    assert link.is_symlink()
    assert real.read_bytes() != BOOK.encode()


def test_out_names_a_file_or_a_folder(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode())
    asking("novel", book, "--out", tmp_path / "new" / "deep" / "mine.txt")
    assert (tmp_path / "new" / "deep" / "mine.txt").is_file()
    (tmp_path / "folder").mkdir()
    asking("novel", book, "--out", tmp_path / "folder")
    assert (tmp_path / "folder" / "book.zh-CN.txt").is_file()
    itself = asking("novel", book, "--out", book)
    assert itself.status == 2
    assert "--in-place" in itself.err


def test_aozora_readings_are_dropped_and_notes_kept(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "aozora.txt"
    text = "　｜山路《やまみち》を登りながら、こう考えた。\n［＃改ページ］\n　智《ち》に働けば角《かど》が立つ。\n"
    book.write_bytes(text.encode())
    assert asking("novel", book).status == 0
    written = (tmp_path / "aozora.zh-CN.txt").read_text("utf-8")
    assert "《" not in written
    assert "｜" not in written
    assert "［＃改ページ］" in written


def test_traditional_chinese_is_converted(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes("龍が国の門を開く。\n".encode())
    simplified, traditional = asking("novel", book), asking("novel", book, "--to", "zh-TW")
    assert (simplified.status, traditional.status) == (0, 0), traditional.err
    written = (tmp_path / "book.zh-TW.txt").read_text("utf-8")
    assert "國" in written
    assert "開" in written


def test_a_pair_that_the_model_cannot_do_is_refused_with_those_that_can(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(BOOK.encode())
    ended = asking("novel", book, "--to", "en")
    assert ended.status == 2
    assert "chat" in ended.err


def test_subtitles_keep_numbers_and_times(asking: Program, tmp_path: Path) -> None:
    original = tmp_path / "episode.srt"
    shutil.copyfile(SAMPLES / "srt" / "tsuki_no_watashiba_01.srt", original)
    ended = asking("subtitle", original)
    assert ended.status in (0, 1), ended.err
    before = original.read_bytes().splitlines()
    after = (tmp_path / "episode.zh-CN.srt").read_bytes().splitlines()
    assert [line for line in before if b"-->" in line] == [line for line in after if b"-->" in line]
    assert before != after


def test_the_sample_novel_is_translated_whole(asking: Program, tmp_path: Path) -> None:
    for name in ("kusamakura.txt", "kusamakura_cp932.txt"):
        shutil.copyfile(SAMPLES / "text" / name, tmp_path / name)
        ended = asking("novel", tmp_path / name)
        assert ended.status in (0, 1), ended.err
        assert ended.count("translated") > 10 * ended.count("failed")


@pytest.mark.parametrize("command", ["novel", "subtitle", "game"])
def test_an_empty_folder_is_said(command: str, asking: Program, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = asking(command, empty)
    assert ended.status == 4
    assert str(empty) in ended.err


def test_an_empty_book_has_nothing_to_translate(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_bytes(b"")
    ended = asking("novel", book)
    assert (ended.status, ended.count("segments"), ended.count("requests")) == (0, 0, 0)


def test_a_folder_s_own_translations_are_no_input(pseudo: Program, tmp_path: Path) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "one.txt").write_text("朝が来た。\n", encoding="utf-8")
    assert pseudo("novel", folder / "one.txt").summary["documents"] == 1
    assert (folder / "one.zh-CN.txt").is_file()
    assert pseudo("novel", folder).summary["documents"] == 1


def test_what_becomes_of_readings_decides_an_answer(asking: Program, tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_text("その雪国《ゆきぐに》の夜だ。\n朝が来た。\n", encoding="utf-8")
    assert asking("novel", book).count("requests") == 1
    assert asking("novel", book, "--ruby", "drop").count("requests") == 0
    assert asking("novel", book, "--ruby", "parens").count("requests") > 0
    assert asking("novel", book, "--ruby", "parens").count("requests") == 0
    assert asking("novel", book).count("requests") == 0
