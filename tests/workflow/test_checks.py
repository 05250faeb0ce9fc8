"""What `--check` changes: for new answers, for stored ones, for those of the memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

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
BOOK = "　ﾕｷの夜は長い。\n\n「こんばんは」と男が言った。\n　――もう春だった。\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    """A glossary that no answer of the server follows: it knows the term in its own spelling only."""
    path = tmp_path / "terms.csv"
    path.write_text("src,dst\nユキ,永不出现的词\n", encoding="utf-8")
    return path


def test_a_term_that_is_not_followed_is_asked_again_and_in_the_end_not_used(
    asking: Program, book: Path, terms: Path
) -> None:
    ended = asking("novel", book, "--glossary", terms)
    assert (ended.status, ended.count("failed")) == (1, 1)
    assert ended.count("retries") > 0
    assert "永不出现的词" in str(ended.summary["problems"])


def test_the_level_decides_what_becomes_of_it(asking: Program, book: Path, terms: Path) -> None:
    warned = asking("novel", book, "--glossary", terms, "--check", "glossary=warning")
    assert (warned.status, warned.count("failed"), warned.count("flagged"), warned.count("retries")) == (0, 0, 1, 0)
    again = asking("novel", book, "--glossary", terms, "--check", "glossary=warning")
    assert (again.status, again.count("requests"), again.count("flagged")) == (0, 0, 1)
    off = asking("novel", book, "--glossary", terms, "--check", "glossary=off")
    assert (off.status, off.count("requests"), off.count("flagged")) == (0, 0, 0)
    written = book.with_name("book.zh-CN.txt").read_bytes()
    strict = asking("novel", book, "--glossary", terms)
    assert (strict.status, strict.count("failed")) == (1, 1)
    assert strict.count("requests") > 0
    assert book.with_name("book.zh-CN.txt").read_bytes() != written
    taken = asking("novel", book, "--glossary", terms, "--check", "glossary=off")
    assert (taken.status, taken.count("failed")) == (0, 0)
    assert book.with_name("book.zh-CN.txt").read_bytes() == written


def test_resume_holds_to_what_the_latest_command_said(
    asking: Program, program: Program, book: Path, terms: Path
) -> None:
    asking("novel", book, "--glossary", terms, "--limit", "1", "--check", "glossary=info")
    ended = program("resume", "--json", "--quiet")
    assert (ended.status, ended.count("failed"), ended.count("flagged")) == (0, 0, 0)


def test_what_the_memory_gives_is_held_to_the_checks_too(asking: Program, book: Path, terms: Path) -> None:
    asking("novel", book, "--glossary", terms, "--check", "glossary=off", "--out", book.parent / "a.txt")
    lax = asking("novel", book, "--glossary", terms, "--check", "glossary=off", "--out", book.parent / "b.txt")
    assert (lax.status, lax.count("requests")) == (0, 0)
    strict = asking("novel", book, "--glossary", terms, "--out", book.parent / "c.txt")
    assert (strict.status, strict.count("failed")) == (1, 1)


def test_a_word_that_is_forbidden_later_is_asked_for_again_where_it_stands(
    asking: Program, book: Path, terms: Path
) -> None:
    assert asking("novel", book).status == 0
    word = book.with_name("book.zh-CN.txt").read_text(encoding="utf-8").split("\n")[0].strip("　。")[-2:]
    terms.write_text(f"src,dst,note,kind\n,{word},,forbidden\n", encoding="utf-8")
    ended = asking("novel", book, "--glossary", terms)
    assert (ended.status, ended.count("failed")) == (1, 1)
    assert f"forbids {word}" in str(ended.summary["problems"])
    without = asking("novel", book)
    assert (without.status, without.count("failed")) == (0, 0)


def test_windows_have_a_level(pseudo: Program, game: Path) -> None:
    plain = pseudo("game", game, "--width", "12")
    assert plain.count("flagged") > 0
    assert "shows" in str(plain.summary["problems"])
    off = pseudo("game", game, "--width", "12", "--check", "width=off", "--check", "overflow=off")
    assert (off.status, off.count("flagged"), off.count("requests")) == (0, 0, 0)
    strict = pseudo("game", game, "--width", "12", "--check", "overflow=error")
    assert strict.status == 1
    assert strict.count("failed") > 0
    assert strict.count("requests") > 0


def test_a_file_beside_the_input_may_say_it(asking: Program, book: Path, terms: Path) -> None:
    book.with_name("translate.toml").write_text('check = ["glossary=info"]\n', encoding="utf-8")
    ended = asking("novel", book, "--glossary", terms)
    assert (ended.status, ended.count("failed"), ended.count("flagged")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("glosary=off", "Did you mean glossary?"),
        ("klingon=off", "There are: charset"),
        ("glossary=loud", "off, info, warning, error"),
        ("glossary", "--check glossary=warning"),
    ],
)
def test_a_word_that_means_nothing_is_refused(asking: Program, book: Path, word: str, told: str) -> None:
    ended = asking("novel", book, "--check", word)
    assert ended.status == 2
    assert told in ended.err


def test_what_the_charset_cannot_hold_is_asked_again_where_it_has_the_language(asking: Program, book: Path) -> None:
    ended = asking("novel", book, "--to", "zh-TW", "--output-charset", "big5")
    assert ended.count("failed") > 0
    assert ended.count("retries") > 0
    assert "cp950 has no" in str(ended.summary["problems"])
    # The text that failed keeps its source, which this charset cannot hold either.
    assert "cannot be written" in str(ended.summary["unreadable"])
    whole = asking("novel", book, "--to", "zh-TW")
    assert (whole.status, whole.count("failed")) == (0, 0)
    assert whole.count("requests") > 0
