"""Which language a name means."""

import pytest

from translator.core.locales import choose_locale, is_locale, language_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ja", "ja"),
        ("ja_JP", "ja"),
        ("zh_Hans_CN", "zh-CN"),
        ("en-GB", "en"),
        ("eu", None),
        ("menu_x1", None),
        ("", None),
    ],
)
def test_a_locale_means_a_language(name: str, code: str | None) -> None:
    assert language_of(name) == code


@pytest.mark.parametrize("name", ["ja", "eu", "zh-Hant-TW", "es_419", "fil", "JA"])
def test_locales_are_known(name: str) -> None:
    assert is_locale(name)


@pytest.mark.parametrize("name", ["key", "menu", "", "qq", "ja.json", "ja-", "日本", "_note", "ja_toolongtobe"])
def test_other_names_are_none(name: str) -> None:
    assert not is_locale(name)


def test_the_locale_spelled_as_the_code_is_chosen() -> None:
    assert choose_locale(["zh_Hans_CN", "zh_CN", "zh"], "zh-CN") == "zh_CN"


def test_else_the_shortest_is() -> None:
    assert choose_locale(["ja_JP_Hira", "ja_JP", "en"], "ja") == "ja_JP"


def test_none_is_chosen_where_none_fits() -> None:
    assert choose_locale(["en", "keys"], "ja") is None
