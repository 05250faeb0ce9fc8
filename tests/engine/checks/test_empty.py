"""Translations with nothing in them."""

from collections.abc import Callable

import pytest

from translator.core.finding import Finding, Severity

Flaws = Callable[..., list[Finding]]

EMPTY = [
    ("はい", ""),
    ("はい", " \u3000\n"),
    ("はい", "\u200b"),
    ("はい", "\ufeff"),
    ("はい", "\u2060"),
    ("はい", "\xad"),
    ("はい", "\u3164"),
    ("\\C[2]はい", "\\C[2]"),
    ("\\C[2]はい", "\\C[2]\u200b"),
    ("はい。", "。"),
    ("いいえ……", "……"),
    ("行くぞ！", "……"),
    ("行くぞ！", "！"),
    ("「行くぞ」", "“”"),
    ("「行くぞ」", "「」"),
    ("剣", "-"),
    ("剣", "()"),
    ("剣", "?"),
    ("剣", "N/A"),
    ("剣", "null"),
    ("剣", "None"),
    ("剣", "undefined"),
    ("Go!", "……"),
    ("가자!", "……"),
    ("\\C[2]行くぞ\\C[0]", "\\C[2]……\\C[0]"),
]
SAID = [
    ("", ""),
    ("\u3000", "\u3000"),
    ("\u200b", "\u200b"),
    ("…", "…"),
    ("？？？", "???"),
    ("え？", "？"),
    ("えっ！？", "！？"),
    ("うぅ……", "……"),
    ("うわああああ！", "！！！"),
    ("はぁ、はぁ……", "……"),
    ("ンッ……", "……"),
    ("「っ！」", "“！”"),
    ("「……ん」", "“……”"),
    ("Hmm...", "……"),
    ("Ahh! Ugh...", "！……"),
    ("음…", "……"),
    ("嗯……", "..."),
    ("A", "-"),
    ("3", "3"),
    ("ゼロ", "0"),
    ("いい♪", "♪"),
    ("ハート", "♥"),
    ("はい", "是"),
    ("はい", "I"),
    ("\\C[2]", "\\C[2]"),
    ("\\C[2]…", "\\C[2]…"),
    ("なし", "None"),
    ("該当なし", "N/A"),
    ("誰もいない", "None."),
    ("null値", "null"),
    ("No", "无"),
    ("ナン", "Nan"),
    ("ニル", "Nil"),
    ("丸かバツか", "○×"),
]


@pytest.mark.parametrize(("source", "target"), EMPTY)
def test_a_translation_with_nothing_in_it(flaws: Flaws, source: str, target: str) -> None:
    assert [f.severity for f in flaws("empty", source, target, ("ja", "en"))] == [Severity.ERROR]


@pytest.mark.parametrize(("source", "target"), SAID)
def test_a_translation_may_be_short(flaws: Flaws, source: str, target: str) -> None:
    assert flaws("empty", source, target, ("ja", "en")) == []
