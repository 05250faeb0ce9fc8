from pathlib import Path

import pytest

from translator.core.work import GlossaryEntry
from translator.glossary.checking import check, unused
from translator.glossary.errors import GlossaryError
from translator.glossary.files import Placed
from translator.glossary.layers import Glossary, Layer, Origin, effective, merged, user_folder

PAIR = ("ja", "zh-CN")


def layer(*entries: GlossaryEntry, name: str = "g.csv", origin: Origin = Origin.OPTION) -> Layer:
    return Layer(origin, Path(name), tuple(Placed(line, entry) for line, entry in enumerate(entries, 2)))


def words(glossary: Glossary) -> dict[str, str]:
    return {entry.src: entry.dst for entry in glossary.entries}


def test_later_glossaries_win(home: Path, tmp_path: Path) -> None:
    game = tmp_path / "game"
    game.mkdir()
    for path, dst in (
        (home / "glossary.csv", "user"),
        (home / "glossary.ja-zh-CN.csv", "user's pair"),
        (game / "glossary.csv", "project"),
        (game / "glossary.ja-zh-CN.csv", "project's pair"),
        (tmp_path / "one.csv", "option"),
        (tmp_path / "two.csv", "last option"),
    ):
        for kept in ("お兄ちゃん", path.name + path.parent.name):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"{kept},{dst}\n")
    files = [tmp_path / "one.csv", tmp_path / "two.csv"]
    steps = [
        (effective(PAIR), "user's pair"),
        (effective(PAIR, project=game), "project's pair"),
        (effective(PAIR, project=game / "book.txt"), "project's pair"),
        (effective(PAIR, project=game, files=files), "last option"),
        (effective(PAIR, project=game, files=files[::-1]), "option"),
        (effective(("ja", "en"), project=game), "project"),
    ]
    assert [words(glossary)["お兄ちゃん"] for glossary, _ in steps] == [expected for _, expected in steps]


def test_the_shipped_glossaries_hold_for_their_pair_only() -> None:
    assert words(effective(PAIR))["攻撃力"] == "攻击力"
    assert words(effective(("ja", "en")))["攻撃力"].startswith("attack")
    assert effective(("en", "ko")).entries == ()


@pytest.mark.parametrize("src", ["アリス", "ｱﾘｽ", " アリス "])
def test_an_entry_without_dst_takes_the_earlier_one_away(src: str) -> None:
    taken = merged([layer(GlossaryEntry("アリス", "爱丽丝"), GlossaryEntry("剣", "剑")), layer(GlossaryEntry(src, ""))])
    assert words(taken) == {"剣": "剑"}
    back = merged([layer(GlossaryEntry("アリス", "")), layer(GlossaryEntry("アリス", "爱丽丝"))])
    assert words(back) == {"アリス": "爱丽丝"}


def test_spellings_that_differ_in_case_are_one_entry_between_files_and_two_within() -> None:
    two = layer(GlossaryEntry("Mark", "马克", case=True), GlossaryEntry("mark", "标记", case=True))
    assert words(merged([two])) == {"Mark": "马克", "mark": "标记"}
    assert words(merged([two, layer(GlossaryEntry("MARK", "标志"))])) == {"MARK": "标志"}


def test_a_pattern_and_a_word_of_the_same_spelling_are_two_entries() -> None:
    glossary = merged([layer(GlossaryEntry("a.c", "x"), GlossaryEntry("a.c", "y", regex=True))])
    assert len(glossary.entries) == 2


def test_a_pattern_that_is_none_names_its_file_and_line() -> None:
    with pytest.raises(GlossaryError, match=r"g\.csv, line 3: '\(' is no pattern"):
        merged([layer(GlossaryEntry("a", "b"), GlossaryEntry("(", "x", regex=True))])


def test_the_digest_names_the_entries_whatever_their_order() -> None:
    one, two = GlossaryEntry("a", "b"), GlossaryEntry("c", "d")
    digest = Glossary((one, two)).digest()
    assert digest == Glossary((two, one)).digest()
    assert len(digest) == 32
    others = [Glossary((one,)), Glossary((one, GlossaryEntry("c", "d", "note"))), Glossary(())]
    assert len({digest, *(glossary.digest() for glossary in others)}) == 4


def test_the_users_glossary_lies_in_the_configuration_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert user_folder().name == "honyaku"


def test_odd_entries_are_remarked_on() -> None:
    first = layer(
        GlossaryEntry("", "x"),
        GlossaryEntry("(", "x", regex=True),
        GlossaryEntry("アリス", "爱丽丝"),
        GlossaryEntry("ｱﾘｽ", "艾丽丝"),
        GlossaryEntry("さ", "x"),
        GlossaryEntry("ドン", "ドン"),
        GlossaryEntry("剣", " | "),
        GlossaryEntry("HP", "HP"),
        GlossaryEntry("^運$", "运气", regex=True),
        name="first.csv",
    )
    second = layer(
        GlossaryEntry("アリス", "爱莉丝"), GlossaryEntry("HP", ""), GlossaryEntry("ドン", "ドン"), name="second.csv"
    )
    remarks = [(r.path.name, r.line, r.code, r.error) for r in check([first, second])]
    assert remarks == [
        ("first.csv", 2, "empty", True),
        ("first.csv", 3, "pattern", True),
        ("first.csv", 5, "duplicate", False),
        ("first.csv", 6, "short", False),
        ("first.csv", 7, "same", False),
        ("first.csv", 8, "empty", True),
        ("first.csv", 8, "short", False),
        ("second.csv", 2, "overridden", False),
        ("second.csv", 3, "overridden", False),
        ("second.csv", 4, "same", False),
    ]


def test_entries_that_occur_nowhere_are_named() -> None:
    one = layer(
        GlossaryEntry("魔法", "a"), GlossaryEntry("魔法の剣", "b"), GlossaryEntry("竜", "c"), GlossaryEntry("x", ""),
        GlossaryEntry("(", "y", regex=True), GlossaryEntry(r"\d階", "z", regex=True),
    )  # fmt: skip
    remarks = unused([one], ["魔法の剣を見た。", "3階だ"])
    assert [(r.line, r.code) for r in remarks] == [(4, "unused")]
