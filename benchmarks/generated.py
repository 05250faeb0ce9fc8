"""Inputs of any size, every text in them different: a novel in many files, and an RPG Maker MV game."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from mv_json import command, editor_form

_WORDS = (
    "勇者たちは", "静かな村で", "朝早くから", "古い塔の上に", "森の奥へ", "旅の商人が", "「もう時間がない」と",
    "昨日の雨で", "ゆっくりと", "黙って", "笑いながら", "地図を広げて", "剣を抜き", "手紙を読み", "橋を渡り",
    "姫の名を呼び",
)  # fmt: skip
_ENDS = ("歩き出した。", "立ち止まった。", "眠りについた。", "空を見上げた。", "約束を思い出した。")
_DIGITS = "一二三四五六七八九十"


def sentence(chance: random.Random, number: int) -> str:
    """A sentence that no other number has: the number stands in it, written so that it is text like the rest."""
    said = "".join(_DIGITS[int(digit)] for digit in str(number))
    words = "".join(chance.sample(_WORDS, chance.randint(2, 5)))
    return f"{words}、{said}番目の鐘が鳴るころ{chance.choice(_ENDS)}"


def novel(folder: Path, *, segments: int, files: int) -> None:
    """A folder of UTF-8 chapters, one paragraph a line."""
    folder.mkdir(parents=True)
    for number, numbers in enumerate(_shares(segments, files), 1):
        chance = random.Random(number)
        lines = (f"　{sentence(chance, n)}" for n in numbers)
        (folder / f"chapter{number:04}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def game(folder: Path, *, segments: int, files: int) -> None:
    """The data of an MV game: a message a segment, twenty in each event, control codes in every fifth."""
    data = folder / "data"
    data.mkdir(parents=True)
    (folder / "Game.rpgproject").write_text("RPGMV 1.6.2", encoding="utf-8")
    _write(data / "System.json", {"gameTitle": "", "locale": "ja_JP", "versionId": 1, "terms": {}})
    infos: list[object] = [None]
    for number, numbers in enumerate(_shares(segments, files), 1):
        infos.append({"id": number, "expanded": False, "name": "", "order": number, "parentId": 0})
        chance = random.Random(number)
        blob = editor_form({"autoplayBgm": False, "displayName": "", "note": "", "events": _events(chance, numbers)})
        (data / f"Map{number:03}.json").write_bytes(blob)
    _write(data / "MapInfos.json", infos)


def _events(chance: random.Random, numbers: range) -> list[object]:
    events: list[object] = [None]
    for first in range(0, len(numbers), 20):
        commands = [part for n in numbers[first : first + 20] for part in _message(chance, n)]
        page: dict[str, object] = {"conditions": {}, "list": [*commands, command(0)], "moveType": 0}
        events.append({"id": len(events), "name": "EV", "note": "", "pages": [page], "x": 0, "y": 0})
    return events


def _message(chance: random.Random, number: int) -> Iterator[dict[str, object]]:
    yield command(101, chance.choice(("", "Actor1")), 0, 0, 2)
    text = sentence(chance, number)
    if number % 5 == 0:
        text = f"\\C[2]{text[:4]}\\C[0]{text[4:]}"
    middle = len(text) // 2 + 2
    yield command(401, text[:middle])
    yield command(401, text[middle:])


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _shares(segments: int, files: int) -> Iterator[range]:
    """The numbers of the segments of each file."""
    for number in range(files):
        yield range(segments * number // files, segments * (number + 1) // files)
