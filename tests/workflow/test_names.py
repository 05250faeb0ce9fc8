"""Names are translated before the texts that mention them, and are the same in all of those."""

import csv
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from translator.store import Store
from translator.testing.instant import InstantServer
from translator.workflow import naming
from translator.workflow.naming import Naming


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
FINE = (0, 1)


def message(*lines: str) -> list[dict[str, object]]:
    """The commands of a message."""
    head: dict[str, object] = {"code": 101, "indent": 0, "parameters": ["", 0, 0, 2]}
    return [head, *({"code": 401, "indent": 0, "parameters": [line]} for line in lines)]


def write(file: Path, value: object) -> None:
    """A file of the game."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def things(*named: str) -> list[object]:
    """A list of the database."""
    return [None, *({"id": n, "name": name, "description": "", "note": ""} for n, name in enumerate(named, 1))]


NAMES = ("エリナ", "リン", "ルナエキス", "鉄のつるぎ", "ミナモ城")
TALK = ("エリナが来た。", "ルナエキスを買った。", "ミナモ城へ行こう。", "プリンを食べた。", "いい天気だ。")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A game whose texts come before the names that they mention."""
    root = tmp_path / "Small"
    (root / "Game.rpgproject").parent.mkdir()
    (root / "Game.rpgproject").write_text("RPGMV 1.6.2", encoding="utf-8")
    write(root / "data" / "System.json", {"gameTitle": "", "locale": "ja_JP", "versionId": 1, "terms": {}})
    actors = [None, *({"id": n, "name": name, "note": ""} for n, name in ((1, "エリナ"), (2, "リン")))]
    write(root / "data" / "Actors.json", actors)
    write(root / "data" / "Items.json", things("ルナエキス", "鉄のつるぎ", "剣"))
    write(root / "data" / "MapInfos.json", [None, *({"id": n, "order": n, "parentId": 0} for n in (1, 2))])
    talk: list[object] = [part for line in TALK for part in message(line)]
    for number, name in ((1, ""), (2, "ミナモ城")):
        page: dict[str, object] = {"conditions": {}, "list": [*talk, {"code": 0, "indent": 0, "parameters": []}]}
        event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page]}
        write(
            root / "data" / f"Map00{number}.json",
            {"autoplayBgm": False, "displayName": name, "note": "", "events": [None, event]},
        )
    return root


@pytest.fixture
def nested(small: Path) -> Path:
    """A game whose names stand in other names, whose hero is called by one character, and whose words have terms."""
    write(
        small / "data" / "System.json",
        {
            "gameTitle": "エリナの森",
            "locale": "ja_JP",
            "versionId": 1,
            "currencyUnit": "ゴルド",
            "skillTypes": ["", "ミナモ奥義"],
            "terms": {"basic": [], "commands": ["アイテム"], "params": [], "messages": {"x": "%1はゴルドを使った！"}},
        },
    )
    actors = [None, *({"id": n, "name": name, "note": ""} for n, name in ((1, "エリナ"), (2, "凛"), (3, "ゆい")))]
    write(small / "data" / "Actors.json", actors)
    write(small / "data" / "Items.json", things("エリナの森の石", "ルナエキス（大）", "ルナエキス"))
    said = ("凛はエリナの森へ行く。", "ゆいのルナエキス（大）だ。", "ゴルドがない。ミナモ奥義！", "はい。")
    page: dict[str, object] = {
        "conditions": {},
        "list": [*(part for line in said for part in message(line)), {"code": 0, "indent": 0, "parameters": []}],
    }
    event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page]}
    for number in (1, 2):
        write(
            small / "data" / f"Map00{number}.json",
            {"autoplayBgm": False, "displayName": "ミナモ", "note": "", "events": [None, event]},
        )
    return small


def lines(texts: list[str]) -> list[str]:
    """The single texts of requests; names may be asked in quotation marks."""
    return [line.strip("「」") for text in texts for line in text.split("\n")]


def answers(server: InstantServer) -> dict[str, str]:
    """What each text was answered with."""
    found: dict[str, str] = {}
    for text, answer, _ in server.said():
        found |= dict(zip(lines([text]), lines([answer]), strict=True))
    return found


def glossary_of(server: InstantServer, wanted: str) -> list[str]:
    """The terms that stood in the prompt when a text was last asked."""
    prompts = [prompt for text, _, prompt in server.said() if wanted in text]
    return [line.split("->")[0] for line in prompts[-1].split("\n") if "->" in line]


def test_names_are_asked_before_the_texts_that_mention_them_wherever_they_stand(
    asking: Program, small: Path, server: InstantServer
) -> None:
    ended = asking("game", small)
    assert ended.status == 0, ended.out
    asked = lines(server.asked())
    assert set(asked[:6]) == {*NAMES, "剣"}
    assert set(asked[6:]) == set(TALK)
    assert Counter(asked).most_common(1)[0][1] == 1


def test_a_name_is_the_same_in_every_text(asking: Program, small: Path, server: InstantServer) -> None:
    assert asking("game", small).status == 0
    assert glossary_of(server, "エリナが") == ["エリナ", "ミナモ城", "ルナエキス"]
    called = answers(server)
    for name, text in (("エリナ", TALK[0]), ("ルナエキス", TALK[1]), ("ミナモ城", TALK[2])):
        assert called[name] in called[text]


def test_a_name_is_asked_once_however_it_is_coloured(
    asking: Program, small: Path, server: InstantServer, tree: Tree
) -> None:
    write(small / "data" / "Armors.json", things("\\C[2]ルナエキス\\C[0]", "ルナエキス\\I[3]"))
    ended = asking("game", small)
    assert ended.status == 0
    assert len(set(lines(server.asked()))) == len(lines(server.asked())) == 6 + len(TALK)
    called = answers(server)["ルナエキス"]
    patch = tree(small.with_name("Small.zh-CN"))
    names = [entry["name"] for entry in json.loads(patch["data/Armors.json"])[1:]]
    assert names == [f"\\C[2]{called}\\C[0]", f"{called}\\I[3]"]
    assert asking("game", small).count("requests") == 0


def test_no_short_name_or_word_inside_another_becomes_a_term(
    asking: Program, small: Path, server: InstantServer
) -> None:
    assert asking("game", small).status == 0
    terms = {line.split("->")[0] for _, _, prompt in server.said() for line in prompt.split("\n") if "->" in line}
    assert "エリナ" in terms
    assert {"リン", "剣"}.isdisjoint(terms)


def test_a_second_run_asks_nothing_and_writes_the_same(
    asking: Program, small: Path, server: InstantServer, tree: Tree
) -> None:
    first = asking("game", small)
    written = tree(small.with_name("Small.zh-CN"))
    asked = server.asked()
    again = asking("game", small)
    assert (again.count("requests"), again.count("from_memory")) == (0, again.count("translated"))
    assert again.count("translated") == first.count("translated")
    assert server.asked() == asked
    assert tree(small.with_name("Small.zh-CN")) == written


@pytest.mark.parametrize("where", ["before", "amid", "after"])
def test_a_run_that_ends_between_names_and_texts_goes_on_as_if_it_had_not(
    where: str, asking: Program, small: Path, server: InstantServer, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asking("game", small, "--out", small.with_name("calm"), "--db", small / "calm.db").status == 0
    calm = server.said()
    update = Naming.update

    def stopped(self: Naming, store: Store, job: naming.JobRow) -> bool:
        if not store.names(job) or any(row.target is None for row in store.names(job)):
            return update(self, store, job)
        if where == "after":
            update(self, store, job)
        raise KeyboardInterrupt

    def torn(self: Store, job: naming.JobRow, rows: object) -> None:
        del self, job, rows
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(*((Store, "put_mentions", torn) if where == "amid" else (Naming, "update", stopped)))
        ended = asking("game", small, "--out", small.with_name("stormy"))
    assert ended.status == 130, ended.err
    before = len(server.said())
    assert before > len(calm), "it was to be stopped after the names"
    assert asking("game", small, "--out", small.with_name("stormy")).status == 0
    # Requests that are in flight together may come in any order.
    assert sorted(text for text, _, _ in server.said()[len(calm) :]) == sorted(text for text, _, _ in calm)
    assert tree(small.with_name("stormy")) == tree(small.with_name("calm"))


def test_an_edited_name_asks_for_the_texts_that_mention_it_and_for_no_others(
    asking: Program, small: Path, server: InstantServer, tree: Tree
) -> None:
    asking("game", small)
    before = len(server.asked())
    (small / "glossary.csv").write_text("src,dst\nルナエキス,灵药\n", encoding="utf-8")
    again = asking("game", small)
    assert again.status == 0, again.out
    # The name itself is what the person said; nobody is asked for it.
    assert lines(server.asked()[before:]) == ["ルナエキスを買った。"]
    patch = tree(small.with_name("Small.zh-CN"))
    assert "灵药" in patch["data/Items.json"].decode()
    assert "灵药" in patch["data/Map001.json"].decode()
    assert "灵药" in patch["data/Map002.json"].decode()
    (small / "glossary.csv").write_text("src,dst\nルナエキス,\n", encoding="utf-8")
    before = len(server.asked())
    asking("game", small)
    assert glossary_of(server, "ルナエキスを") == []
    assert "ルナエキスを買った。" in lines(server.asked()[before:])
    assert set(lines(server.asked()[before:])) <= {"ルナエキス", "ルナエキスを買った。"}


def test_a_name_that_is_new_in_a_later_version_is_asked_with_its_mentions(
    asking: Program, small: Path, server: InstantServer
) -> None:
    asking("game", small)
    before = len(server.asked())
    write(small / "data" / "Enemies.json", things("プリン"))
    assert asking("game", small).status == 0
    assert lines(server.asked()[before:]) == ["プリン", "プリンを食べた。"]
    assert glossary_of(server, "プリンを") == ["プリン"]


def test_a_name_that_is_gone_leaves_the_texts(asking: Program, small: Path, server: InstantServer) -> None:
    asking("game", small)
    before = len(server.asked())
    write(small / "data" / "Items.json", things("鉄のつるぎ", "剣"))
    assert asking("game", small).status == 0
    assert lines(server.asked()[before:]) == ["ルナエキスを買った。"]
    assert glossary_of(server, "ルナエキスを") == []


def test_names_only_ends_after_the_names_and_the_corrected_list_holds(
    asking: Program, program: Program, small: Path, server: InstantServer, tree: Tree, tmp_path: Path
) -> None:
    ended = asking("game", small, "--names-only")
    assert (ended.status, ended.summary["status"], ended.summary["written"]) == (0, "limited", [])
    assert not small.with_name("Small.zh-CN").exists()
    asked = lines(server.asked())
    assert sorted(asked) == sorted({*NAMES, "剣"})
    listed = json.loads(program("glossary", "names", "--json").out)
    assert [entry["name"] for entry in listed if not entry["reason"]] == list(NAMES)
    assert {entry["name"]: entry["reason"] for entry in listed if entry["reason"]} == {
        "剣": "too short to be found in a text"
    }
    file = tmp_path / "names.csv"
    assert program("glossary", "names", str(ended.summary["job"]), "--out", file).status == 0
    assert program("glossary", "names", "--out", file).status == 2
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["src"] for row in rows] == list(NAMES)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"エリナ,{rows[0]['dst']}", "エリナ,爱丽娜"), encoding="utf-8")

    before = len(server.asked())
    assert asking("game", small, "--glossary", file).status == 0
    assert lines(server.asked()[before:]) == list(TALK)
    assert "爱丽娜" in tree(small.with_name("Small.zh-CN"))["data/Actors.json"].decode()
    assert "爱丽娜" in tree(small.with_name("Small.zh-CN"))["data/Map001.json"].decode()


def test_names_that_were_taken_into_a_glossary_as_they_are_ask_for_nothing(
    asking: Program, program: Program, small: Path, tmp_path: Path, tree: Tree
) -> None:
    asking("game", small)
    written = tree(small.with_name("Small.zh-CN"))
    file = tmp_path / "names.csv"
    assert program("glossary", "names", "--out", file).status == 0
    again = asking("game", small, "--glossary", file)
    assert (again.status, again.count("requests")) == (0, 0)
    assert tree(small.with_name("Small.zh-CN")) == written


def test_resume_goes_on_after_names_only(asking: Program, program: Program, small: Path) -> None:
    asking("game", small, "--names-only")
    resumed = program("resume", "--json", "--quiet")
    assert (resumed.status, resumed.summary["status"]) == (0, "done")
    assert small.with_name("Small.zh-CN").exists()


def test_a_limit_counts_names_and_texts_together(asking: Program, small: Path, server: InstantServer) -> None:
    ends: list[object] = []
    for asked in (4, 8, 11):
        ends.append(asking("game", small, "--limit", "4").summary["status"])
        assert len(set(lines(server.asked()))) == len(lines(server.asked())) == asked
    assert ends == ["limited", "limited", "done"]


def test_a_profile_without_a_glossary_asks_as_it_always_did(
    program: Program, small: Path, server: InstantServer
) -> None:
    ended = program(
        "game", small, "--host", server.host, "--model", "sakura", "--profile", "sakura-v0.9", "--json", "--quiet"
    )
    assert ended.status in FINE
    assert all("->" not in prompt for _, _, prompt in server.said())


def test_names_that_a_choice_of_files_parts_from_their_comparisons_are_said(
    asking: Program, small: Path, tree: Tree
) -> None:
    compared = [{"code": 111, "indent": 0, "parameters": [12, '$gameActors.actor(1).name() === "エリナ"']}]
    page: dict[str, object] = {"conditions": {}, "list": [*compared, {"code": 0, "indent": 0, "parameters": []}]}
    event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page]}
    write(
        small / "data" / "Map001.json",
        {"autoplayBgm": False, "displayName": "", "note": "", "events": [None, event]},
    )
    assert "エリナ" not in asking("game", small, "--exclude", "Map002.json").err
    parted = asking("game", small, "--exclude", "Map001.json").err
    assert "エリナ" in parted
    assert "リン" not in parted
    assert "エリナ" not in asking("game", small).err
    assert "エリナ" not in tree(small.with_name("Small.zh-CN"))["data/Map001.json"].decode()


def test_a_novel_has_no_names_to_ask_first(asking: Program, server: InstantServer, tmp_path: Path) -> None:
    (tmp_path / "book.txt").write_text("エリナが来た。\nいい天気だ。\n", encoding="utf-8")
    assert asking("novel", tmp_path / "book.txt").status == 0
    assert len(server.asked()) == 1


def test_a_job_shows_one_progress_for_both_phases(program: Program, small: Path, server: InstantServer) -> None:
    counted = program("game", small, "--host", server.host, "--model", "sakura", "--json", "--quiet")
    assert counted.count("unique") == 6 + len(TALK)
    assert counted.count("translated") + counted.count("kept") == counted.count("segments")
    assert counted.count("requests") == len(server.asked())


def test_names_are_asked_before_the_names_that_they_stand_in(
    asking: Program, nested: Path, server: InstantServer
) -> None:
    assert asking("game", nested).status in FINE
    assert "エリナ" in glossary_of(server, "エリナの森」")
    assert "エリナの森" in glossary_of(server, "エリナの森の石")
    assert glossary_of(server, "凛は") == ["ゆい", "エリナの森", "ゴルド", "ミナモ奥義", "ルナエキス（大）"]
    called = answers(server)
    assert called["エリナ"] in called["エリナの森"]
    assert called["エリナの森"] in called["エリナの森の石"]
    assert called["エリナの森"] in called["凛はエリナの森へ行く。"]
    assert called["ルナエキス"] in called["ルナエキス（大）"]
    asked = lines(server.asked())
    order = [asked.index(name) for name in ("エリナ", "エリナの森", "エリナの森の石", "凛はエリナの森へ行く。")]
    assert order == sorted(order)
    assert Counter(asked).most_common(1)[0][1] == 1


def test_terms_are_asked_with_the_names_and_everyday_words_with_the_texts(
    asking: Program, nested: Path, server: InstantServer
) -> None:
    asking("game", nested, "--names-only")
    asked = lines(server.asked())
    assert {"ゴルド", "ミナモ奥義"} <= set(asked)
    assert {"アイテム", "%1はゴルドを使った！", "はい。"}.isdisjoint(asked)
    asking("game", nested)
    assert glossary_of(server, "%1はゴルドを") == ["ゴルド"]


def test_a_corrected_name_asks_for_the_names_that_it_stands_in_and_for_what_mentions_those(
    asking: Program, nested: Path, server: InstantServer, tree: Tree
) -> None:
    asking("game", nested)
    before = len(server.asked())
    (nested / "glossary.csv").write_text("src,dst\nエリナ,爱丽娜\n", encoding="utf-8")
    assert asking("game", nested).status in FINE
    assert sorted(lines(server.asked()[before:])) == ["エリナの森", "エリナの森の石", "凛はエリナの森へ行く。"]
    patch = tree(nested.with_name("Small.zh-CN"))
    assert all("爱丽娜" in patch[f"data/{name}.json"].decode() for name in ("System", "Actors", "Items", "Map001"))


def test_killed_between_any_two_requests_a_job_asks_as_one_that_never_was(
    nested: Path, start_server: Callable[..., InstantServer], tree: Tree, tmp_path: Path
) -> None:
    def command(server: InstantServer, name: str) -> list[str]:
        return [
            *(sys.executable, "-m", "translator.cli", "game", str(nested), "--host", server.host, "--model", "sakura"),
            *("--parallel", "1", "--db", str(tmp_path / f"{name}.db"), "--out", str(tmp_path / name), "--quiet"),
        ]

    calm, stormy = start_server(), start_server(delay_ms=150, slots=1)
    subprocess.run(command(calm, "calm"), check=True, capture_output=True)
    kills = 0
    while True:
        before = len(stormy.asked())
        process = subprocess.Popen(command(stormy, "stormy"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and len(stormy.asked()) < before + 2:
            time.sleep(0.005)
        if process.poll() is not None:
            break
        process.kill()
        process.wait()
        kills += 1
    assert process.returncode == 0
    assert kills > 3, "it was to be killed in each round of names"
    assert set(stormy.said()) == set(calm.said())
    assert len(stormy.said()) <= len(calm.said()) + kills, "what was in flight is asked again, and nothing else"
    assert tree(tmp_path / "stormy") == tree(tmp_path / "calm")


@pytest.fixture
def spoken(small: Path) -> Path:
    """A game where the same is said in two maps by one, and in one of them by another person too."""
    for number, speakers in ((1, ("エリナ", "リン")), (2, ("エリナ",))):
        said: list[object] = []
        for speaker in speakers:
            head, *rest = message("いい天気だ。")
            said += ({**head, "parameters": ["", 0, 0, 2, speaker]}, *rest)
        page: dict[str, object] = {"conditions": {}, "list": [*said, {"code": 0, "indent": 0, "parameters": []}]}
        event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page]}
        write(
            small / "data" / f"Map00{number}.json",
            {"autoplayBgm": False, "displayName": "", "note": "", "events": [None, event]},
        )
    return small


def test_what_is_equal_in_text_speaker_role_and_entries_is_asked_once(
    asking: Program, spoken: Path, server: InstantServer
) -> None:
    assert asking("game", spoken).status == 0
    asked = Counter(lines(server.asked()))
    assert asked.pop("いい天気だ。") == 2, "once for each of the two who say it"
    assert set(asked.values()) == {1}
    assert {"エリナ", "リン"} <= set(asked)


def test_a_model_that_is_told_who_speaks_is_told_what_they_are_called(
    program: Program, spoken: Path, server: InstantServer
) -> None:
    profile = ("--model", "sakura", "--profile", "galtransl-v3", "--json", "--quiet")
    assert program("game", spoken, "--host", server.host, *profile).status in FINE
    prompts = [prompt for _, _, prompt in server.said() if "エリナ「いい天気だ。」" in prompt]
    assert prompts
    assert all("エリナ->" in prompt for prompt in prompts)
    assert len([prompt for prompt in prompts if "リン「いい天気だ。」" in prompt and "リン->" in prompt]) == 1


def test_a_scan_counts_the_requests_of_each_round_of_names(
    asking: Program, program: Program, nested: Path, server: InstantServer
) -> None:
    scanned = program("scan", nested, "--model", "sakura", "--json")
    assert asking("game", nested).status in FINE
    assert scanned.count("batches") == len(server.asked())


def test_skills_are_asked_before_dialogues_and_the_same_text_once_for_each_of_its_roles(
    asking: Program, small: Path, server: InstantServer
) -> None:
    write(small / "data" / "Skills.json", things("流星斬り", "氷結地獄"))
    said = ("エリナは流星斬りを放った。", "氷結地獄")
    talk: list[object] = [part for line in said for part in message(line)]
    page: dict[str, object] = {"conditions": {}, "list": [*talk, {"code": 0, "indent": 0, "parameters": []}]}
    event: dict[str, object] = {"id": 1, "name": "EV", "note": "", "pages": [page]}
    write(
        small / "data" / "Map001.json", {"autoplayBgm": False, "displayName": "", "note": "", "events": [None, event]}
    )
    assert asking("game", small).status in FINE
    # Single words go out in quotation marks.
    lines = [(line.strip("「」"), n) for n, (text, _, _) in enumerate(server.said()) for line in text.split("\n")]
    asked = Counter(line for line, _ in lines)
    assert (asked["流星斬り"], asked["氷結地獄"]) == (1, 2), "a name, and a message"
    [(when, prompt)] = [(n, prompt) for n, (text, _, prompt) in enumerate(server.said()) if said[0] in text]
    assert min(number for line, number in lines if line == "流星斬り") < when
    assert "流星斬り->" in prompt
