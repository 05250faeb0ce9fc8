"""The checks that look at the place where a text is written: its charset and its window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from translator.core.finding import Finding, Severity
from translator.core.languages import language
from translator.core.markup import NO_MARKUP
from translator.core.segment import Limits
from translator.engine.desk import Desk
from translator.profiles import all_profiles

Flaws = Callable[..., list[Finding]]
WINDOW = Limits(columns=20, lines=2, wrap=True)
CHAT = all_profiles(Path("/nonexistent"))["chat"]


@pytest.mark.parametrize(
    ("charset", "target", "character"),
    [("cp932", "你们好", "你"), ("cp932", "是这样吗", "这"), ("cp950", "这里", "这"), ("euc-jp", "ok 👍", "👍")],
)
def test_a_character_that_the_charset_lacks(flaws: Flaws, charset: str, target: str, character: str) -> None:
    (finding,) = flaws("charset", "どうも", target, limits=Limits(charset=charset))
    assert finding.severity is Severity.ERROR
    assert finding.span is not None
    assert target[slice(*finding.span)] == character
    assert charset in finding.message
    assert f"U+{ord(character):04X}" in finding.message


@pytest.mark.parametrize(
    ("charset", "target"),
    [
        (None, "你们好 👍"),
        ("gb18030", "你们好 👍"),
        ("cp932", "同意"),
        ("cp932", "OK"),
        ("cp950", "這裡"),
        ("cp932", ""),
    ],
)
def test_a_charset_that_has_all_characters(flaws: Flaws, charset: str | None, target: str) -> None:
    assert flaws("charset", "どうも", target, limits=Limits(charset=charset)) == []


def test_what_the_file_holds_already_can_be_written_there(flaws: Flaws) -> None:
    assert flaws("charset", "♥だよ", "是♥", limits=Limits(charset="cp932")) == []


@pytest.mark.parametrize(
    ("code", "target", "limits"),
    [
        ("width", "宽" * 11, Limits(columns=20)),
        ("width", "宽\n" + "宽" * 11, Limits(columns=20)),
        ("overflow", "春" * 21, WINDOW),
        ("width", "Donaudampfschifffahrtsgesellschaftskapitän", WINDOW),
        ("width", "Der Donaudampfschifffahrts-Kapitän", WINDOW),
    ],
)
def test_a_window_counts_before_writing_only_where_it_is_an_error(
    flaws: Flaws, code: str, target: str, limits: Limits
) -> None:
    desk = Desk(CHAT, language("ja"), language("zh-CN"), "model", 2048, {"mv": NO_MARKUP})
    assert flaws(code, "一行\n二行", target, limits=limits, where=desk) == []
    strict = replace(desk, checks=((code, Severity.ERROR),))
    assert [f.severity for f in flaws(code, "一行\n二行", target, limits=limits, where=strict)] == [Severity.ERROR]


@pytest.mark.parametrize("target", ["宽" * 10, "春" * 20, "hello world, it wraps", "字" * 20, "\\N[1]" + "a" * 20])
def test_what_fits_its_window_is_right(flaws: Flaws, target: str) -> None:
    checks = (("width", Severity.ERROR), ("overflow", Severity.ERROR))
    desk = Desk(CHAT, language("ja"), language("zh-CN"), "model", 2048, {"mv": NO_MARKUP}, checks=checks)
    assert flaws("width", "一行\n二行", target, limits=WINDOW, where=desk) == []
    assert flaws("overflow", "一行\n二行", target, limits=WINDOW, where=desk) == []


def test_a_message_that_may_be_split_does_not_overflow(flaws: Flaws) -> None:
    desk = Desk(CHAT, language("ja"), language("zh-CN"), "model", 2048, {"mv": NO_MARKUP})
    strict = replace(desk, checks=(("overflow", Severity.ERROR),), split=True)
    assert flaws("overflow", "一行\n二行", "春" * 30, limits=replace(WINDOW, splits=True), where=strict) == []
