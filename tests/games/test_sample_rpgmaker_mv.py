"""The sample game is what it says: saved as the editor saves, with event lists that the engine can run."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypedDict, cast

import pytest

from translator.core.layout import measure
from translator.core.markup import MarkupRule, MarkupSyntax

DATA = Path(__file__).parents[2] / "samples" / "rpgmaker_mv" / "data"
FILES = sorted(DATA.glob("*.json"))
CODES = MarkupSyntax((MarkupRule(r"\\(?:[A-Z]+\[\d+\]|[A-Z]|[.|!^{}<>$])"),))
CLOSES = {404: 102, 412: 111, 413: 112, 604: 301}
BRANCHES = {402: 102, 403: 102, 411: 111, 601: 301, 602: 301, 603: 301}


class Command(TypedDict):
    code: int
    indent: int
    parameters: list[object]


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rows(values: list[object]) -> str:
    return "[\n" + ",\n".join(map(compact, values)) + "\n]"


def as_saved(value: object) -> str:
    """The three forms in which the editor saves: a database, a map, System.json."""
    if isinstance(value, list):
        return rows(cast("list[object]", value))
    table = cast("dict[str, object]", value)
    if "events" not in table:
        return compact(table)
    head = {name: part for name, part in table.items() if name not in ("data", "events")}
    events = rows(cast("list[object]", table["events"]))
    return f'{{\n{compact(head)[1:-1]},\n"data":{compact(table["data"])},\n"events":{events}\n}}'


def event_lists(value: object) -> Iterator[list[Command]]:
    """Every list of commands in a file (a move route's list ends with a code 0 that has no indent)."""
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        for name, part in table.items():
            if name == "list" and "repeat" not in table:
                yield cast("list[Command]", part)
            yield from event_lists(part)
    elif isinstance(value, list):
        for part in cast("list[object]", value):
            yield from event_lists(part)


def lists() -> Iterator[list[Command]]:
    for path in FILES:
        yield from event_lists(json.loads(path.read_bytes()))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_is_saved_as_the_editor_saves(path: Path) -> None:
    blob = path.read_bytes()
    assert blob == as_saved(json.loads(blob)).encode()


def test_has_a_game_s_worth_of_events() -> None:
    assert sum(command["code"] == 101 for commands in lists() for command in commands) > 90


def test_ends_every_list_and_branch_as_the_engine_expects() -> None:
    for commands in lists():
        assert commands[-1] == {"code": 0, "indent": 0, "parameters": []}
        assert [c for c, after in pairwise(commands) if c["code"] == 0 and after["indent"] != c["indent"] - 1] == []


def test_opens_and_closes_every_branch_at_its_indent() -> None:
    for commands in lists():
        open_blocks: list[tuple[int, int]] = []
        for command in commands:
            code, indent = command["code"], command["indent"]
            if code in BRANCHES:
                assert open_blocks[-1] == (BRANCHES[code], indent)
            if code in CLOSES:
                assert open_blocks.pop() == (CLOSES[code], indent)
            if code in (102, 111, 112) or (code == 301 and any(command["parameters"][2:])):
                open_blocks.append((code, indent))
            if code not in BRANCHES and code not in CLOSES and code not in (102, 111, 112, 301):
                assert indent == len(open_blocks)
        assert open_blocks == []


def test_repeats_each_choice_above_its_branch() -> None:
    for commands in lists():
        for number, command in enumerate(commands):
            if command["code"] != 102:
                continue
            indent = command["indent"]
            rest = commands[number + 1 :]
            end = next(n for n, c in enumerate(rest) if c["code"] == 404 and c["indent"] == indent)
            whens = [c["parameters"] for c in rest[:end] if c["code"] == 402 and c["indent"] == indent]
            assert whens == [[n, text] for n, text in enumerate(cast("list[str]", command["parameters"][0]))]


def test_jumps_only_to_labels_that_are_there() -> None:
    for commands in lists():
        labels = [c["parameters"] for c in commands if c["code"] == 118]
        assert all(c["parameters"] in labels for c in commands if c["code"] == 119)


def test_keeps_its_messages_inside_the_window() -> None:
    for commands in lists():
        columns = used = 0
        for command in commands:
            if command["code"] == 101:
                columns, used = (43 if command["parameters"][0] else 55), 0
            if command["code"] == 401:
                used += 1
                text = str(command["parameters"][0])
                assert measure(text, CODES) <= columns, text
                assert used <= 4
