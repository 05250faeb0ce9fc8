"""Folders with a file for each language."""

import json
from collections.abc import Callable
from pathlib import Path, PurePath, PurePosixPath
from typing import Protocol

import pytest

from translator.formats.i18next import FORMAT
from translator.workflow.by_locale import of_language


class Ended(Protocol):
    """How a run of the program ended."""

    status: int
    err: str

    @property
    def summary(self) -> dict[str, object]:
        """What --json printed."""
        ...


Program = Callable[..., Ended]


@pytest.fixture
def texts(tmp_path: Path) -> Callable[..., Path]:
    """A folder with such files, each with one text."""

    def make(**places: str) -> Path:
        for place, text in places.items():
            path = tmp_path / "game" / f"{place}.json".replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"hello": text}), encoding="utf-8")
        return tmp_path / "game"

    return make


@pytest.mark.parametrize("place", ["locales__{}__menu", "locales__{}", "src__i18n__ui__{}"])
def test_files_of_other_languages_are_left_out_and_named(
    place: str, pseudo: Program, program: Program, texts: Callable[..., Path]
) -> None:
    folder = texts(
        **{place.format(name): text for name, text in (("ja", "こんにちは"), ("en", "Hello"), ("eo", "Saluton"))}
    )
    ended = pseudo("game", folder)
    assert ended.status == 0, ended.err
    patch = folder.with_name("game.zh-CN")
    path = f"{place}.json".replace("__", "/")
    assert [file.relative_to(patch).as_posix() for file in patch.rglob("*.json")] == [path.format("ja")]
    assert f"{path.format('en')}, {path.format('eo')}" in str(program("scan", folder, "--json").summary["notices"])


def test_names_in_another_charset_are_spelled_out() -> None:
    found = [(Path(name), PurePosixPath(name), FORMAT) for name in ("locales/ja/a.json", "locales/en/\udcff.json")]
    _, notices = of_language(found, "ja", None)
    assert notices == ("Left as they are, since their names tell other languages: locales/en/\\udcff.json.",)


def test_where_no_file_is_of_the_source_language_by_its_name_all_are_read(
    pseudo: Program, texts: Callable[..., Path]
) -> None:
    folder = texts(locales__en="こんにちは", locales__de="こんばんは")
    ended = pseudo("game", folder)
    assert ended.status == 0, ended.err
    assert len(list(folder.with_name("game.zh-CN").rglob("*.json"))) == 2


def test_files_that_are_named_after_no_language_are_read_too(pseudo: Program, texts: Callable[..., Path]) -> None:
    folder = texts(locales__ja="こんにちは", locales__en="Hello", translation="さようなら")
    assert pseudo("game", folder).status == 0
    written = folder.with_name("game.zh-CN")
    assert sorted(path.name for path in written.rglob("*.json")) == ["ja.json", "translation.json"]


@pytest.mark.parametrize(
    ("name", "locale"),
    [
        ("locales/ja/menu.json", "ja"), ("locales/en/it.json", "en"), ("i18n/zh-Hans.json", "zh-Hans"),
        ("src/i18n/ui/ja.json", "ja"), ("ja.json", "ja"), ("en/lang/ja.json", "ja"), ("locales/translation.json", None),
    ],
)  # fmt: skip
def test_a_path_tells_the_locale(name: str, locale: str | None) -> None:
    assert FORMAT.locale(PurePath(name)) == locale
