from collections.abc import Callable
from pathlib import Path
from typing import cast

import opencc
import pytest

from translator.core.resources import shipped
from translator.glossary.checking import check
from translator.glossary.files import read
from translator.glossary.layers import Layer, Origin, effective
from translator.glossary.matcher import Matcher

FILES = sorted(shipped("glossaries").glob("*.csv"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_shipped_glossary_has_no_odd_entries(path: Path) -> None:
    placed = tuple(read(path))
    assert 40 <= len(placed) <= 120
    assert check([Layer(Origin.SHIPPED, path, placed)]) == []
    assert all(p.entry.dst for p in placed)


def test_each_glossary_is_there_for_both_pairs() -> None:
    names = {path.name.removesuffix(".csv") for path in FILES}
    assert names == {f"{name}.ja-{to}" for name in ("forms-of-address", "rpg-terms") for to in ("en", "zh-CN")}
    for name in ("forms-of-address", "rpg-terms"):
        chinese, english = (
            [p.entry.src for p in read(shipped("glossaries") / f"{name}.ja-{to}.csv")] for to in ("zh-CN", "en")
        )
        assert chinese == english


@pytest.mark.parametrize("path", [path for path in FILES if "zh-CN" in path.name], ids=lambda path: path.name)
def test_chinese_is_simplified(path: Path) -> None:
    # opencc has no types.
    simplified = cast("Callable[[str], str]", opencc.OpenCC("t2s").convert)  # pyright: ignore[reportUnknownMemberType]
    for placed in read(path):
        assert simplified(placed.entry.dst) == placed.entry.dst
        assert simplified(placed.entry.note) == placed.entry.note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("攻撃力", ["攻撃力"]),
        ("攻撃", ["攻撃"]),
        ("敵を攻撃した。", []),
        ("運", ["運"]),
        ("荷物を運ぶ。", []),
        ("はい", ["はい"]),
        ("はい、そうです。", []),
        ("お兄ちゃん、待って!", ["お兄ちゃん"]),
        ("アリスちゃんはどこ?", ["ちゃん"]),
        ("赤ちゃんが泣いている。", []),
        ("ちゃんと聞いて。", []),
        ("皆さん、先輩が来ました。", ["皆さん", "先輩"]),
        ("今日はいい天気ですね。", []),
        ("HPが10回復した。", ["HP"]),
    ],
)
def test_terms_are_found_where_they_help_and_not_elsewhere(text: str, expected: list[str]) -> None:
    matcher = Matcher(effective(("ja", "zh-CN")).entries)
    assert sorted(entry.src for entry in matcher.hits(text)) == sorted(expected)
