import json
from collections.abc import Callable
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from translator.engine.lengths import shifted

SOURCES = [6, 60, 8, 45, 7, 52, 9, 40]
RIGHT = [5, 41, 6, 30, 4, 37, 6, 27]


def found(sources: list[int], lines: list[int], times: float = 3.0, fixed: tuple[int, ...] = ()) -> object:
    return shifted(sources, lines, times=times, fixed=[number in fixed for number in range(len(sources))])


@pytest.mark.parametrize(
    ("lines", "stretch"),
    [
        ([5, 47, 30, 4, 37, 6, 15, 12], (1, 7)),
        ([5, 20, 21, 6, 30, 41, 6, 27], (1, 5)),
        ([46, 6, 30, 4, 20, 17, 6, 27], (0, 5)),
        (RIGHT, None),
        ([9, 35, 9, 36, 8, 30, 10, 22], None),
        ([5, 41, 6, 30, 4, 120, 6, 27], None),  # one line only is odd
        ([2 * line for line in RIGHT], None),
    ],
)
def test_a_stretch_is_found_where_moving_its_lines_makes_the_lengths_fit(lines: list[int], stretch: object) -> None:
    assert found(SOURCES, lines) == stretch


def test_what_has_not_moved_bounds_a_stretch() -> None:
    lines = [46, 6, 30, 4, 20, 17, 6, 27]
    assert found(SOURCES, lines, fixed=(0, 5, 6)) == (0, 5)
    assert found(SOURCES, lines, fixed=(3,)) == (0, 3)
    assert found(SOURCES, lines, fixed=(1, 2, 3, 4)) is None


def test_the_more_certain_it_must_be_the_fewer_are_found() -> None:
    assert found(SOURCES, [5, 47, 30, 4, 37, 6, 15, 12], times=100.0) is None


def test_few_lines_tell_nothing() -> None:
    assert found(SOURCES[:4], [46, 6, 15, 15]) is None
    assert found([], []) is None


@given(st.lists(st.integers(1, 200), min_size=1, max_size=15), st.integers(1, 4))
def test_an_answer_with_all_lengths_in_proportion_is_never_doubted(sources: list[int], ratio: int) -> None:
    assert found(sources, [ratio * source for source in sources]) is None


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(1, 200)), min_size=5, max_size=15))
def test_a_stretch_has_room_for_a_merge_and_a_split(lengths: list[tuple[int, int]]) -> None:
    stretch = shifted([a for a, _ in lengths], [b for _, b in lengths], times=3.0, fixed=[False] * len(lengths))
    assert stretch is None or 0 <= stretch[0] <= stretch[1] - 2 < len(lengths) - 2


CODE = regex.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")


def sizes(texts: list[str]) -> list[int]:
    return [len(CODE.sub("", text)) + 1 for text in texts]


def merged_and_split(lines: list[str]) -> list[str] | None:
    """The first two lines in one, the last one with a comma in two."""
    torn = next((number for number in reversed(range(3, len(lines))) if "，" in lines[number][1:-1]), None)
    if torn is None:
        return None
    at = lines[torn].index("，", 1) + 1
    return [lines[0] + lines[1], *lines[2:torn], lines[torn][:at], lines[torn][at:], *lines[torn + 1 :]]


def test_of_real_translations_none_is_doubted_and_most_that_were_merged_and_split_are(
    corpus: Callable[[str], Path],
) -> None:
    rows = [json.loads(row) for row in (corpus("parallel") / "renpy-ja-zh.jsonl").read_text("utf-8").splitlines()]
    ja, zh = [str(row["ja"]) for row in rows], [str(row["zh"]) for row in rows]
    doubted = 0
    torn: list[bool] = []
    for at in range(len(rows) - 9):
        sources, lines = ja[at : at + 10], zh[at : at + 10]
        doubted += found(sizes(sources), sizes(lines)) is not None
        damaged = merged_and_split(lines)
        if damaged is not None:
            torn.append(found(sizes(sources), sizes(damaged)) is not None)
    assert doubted == 0
    assert sum(torn) > 0.7 * len(torn) > 700
