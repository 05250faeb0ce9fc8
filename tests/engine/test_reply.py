import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Unit
from translator.engine.chatter import Guess, announces, remarks
from translator.engine.desk import Desk
from translator.engine.prepared import Prepared
from translator.engine.reply import Reading
from translator.engine.reply import read as read_for
from translator.profiles import all_profiles

PROFILES = all_profiles(Path("/nonexistent"))


def desk(profile: str, *, structured: bool = False) -> Desk:
    return Desk(PROFILES[profile], language("ja"), language("en"), "model", 2048, {}, structured=structured)


def read(on: Desk, text: str, expected: Sequence[int], *, cut: bool = False) -> Reading:
    """Read an answer to units of so many lines each, without anything in them that an answer keeps."""
    unit = Unit(0, "あ", Role.DIALOGUE, "a", "f")
    return read_for(on, text, [Prepared(unit, ("あいうえお",) * count, ()) for count in expected], cut=cut)


def as_json(*pairs: tuple[int, str]) -> str:
    return json.dumps({"translations": [{"id": n, "text": t} for n, t in pairs]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "expected", "lines"),
    [
        ("你好", [1], [("你好",)]),
        ("甲\n乙\n丙", [1, 2], [("甲",), ("乙", "丙")]),
        ("\n甲\r\n\n \u3000乙 \n", [1, 1], [("甲",), ("乙",)]),
        ("<think>甲\n乙</think>\n\n丙", [1], [("丙",)]),
        ("甲\u2028乙", [1], [("甲\u2028乙",)]),
    ],
)
def test_plain_lines_are_dealt_out_in_order(text: str, expected: list[int], lines: list[tuple[str, ...]]) -> None:
    reading = read(desk("sakura-v1.0"), text, expected)
    assert list(reading.lines) == lines
    assert reading.complete
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("text", "expected", "code"),
    [
        ("甲\n乙", [1, 1, 1], "lines"),
        ("甲\n乙\n丙\n丁", [1, 1, 1], "lines"),
        ("名词\n一个完整的故事", [1], "lines"),
        ("", [1], "empty"),
        (" \n\n", [1, 1], "empty"),
        ("<think>只是想", [1], "empty"),
    ],
)
def test_of_plain_lines_none_is_used_where_their_number_is_wrong(text: str, expected: list[int], code: str) -> None:
    reading = read(desk("sakura-v1.0"), text, expected)
    assert set(reading.lines) == {None}
    assert not reading.complete
    assert [f.code for f in reading.findings] == [code]


def test_an_answer_that_was_cut_is_not_used_even_where_the_count_is_right() -> None:
    reading = read(desk("sakura-v1.0"), "甲\n乙", [1, 1], cut=True)
    assert reading.lines == (None, None)
    assert [f.code for f in reading.findings] == ["cut"]


@pytest.mark.parametrize(
    "text",
    [
        as_json((1, "One."), (2, "Two."), (3, "Three.")),
        "```json\n" + as_json((3, "Three."), (2, "Two."), (1, "One.")) + "\n```",
        json.dumps([{"id": "1", "text": "One."}, {"id": 2, "text": "Two."}, {"id": 3, "text": " Three.\n"}]),
        json.dumps({"1": "One.", "2": "Two.", "3": "Three."}),
        "<think>Hm {.</think>" + as_json((1, "One."), (2, "Two."), (3, "Three.")),
    ],
)
def test_json_is_dealt_out_by_its_numbers(text: str) -> None:
    reading = read(desk("chat", structured=True), text, [1, 2])
    assert reading.lines == (("One.",), ("Two.", "Three."))
    assert reading.findings == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (as_json((1, "One."), (3, "Three.")), [("One.",), None, ("Three.",)]),
        (as_json((1, "One."), (2, "Two."), (2, "Zwei."), (3, "Three.")), [("One.",), None, ("Three.",)]),
        (as_json((1, "One."), (2, "Two.\nMore."), (3, "Three.")), [("One.",), None, ("Three.",)]),
        (as_json((1, "One."), (2, ""), (3, "Three.")), [("One.",), None, ("Three.",)]),
        (as_json((1, "One."), (2, "Two."), (3, "Three."), (4, "Four.")), [None, None, None]),
        ("Sorry, I cannot.", [None, None, None]),
        ('{"translations": 3}', [None, None, None]),
        ("[1, 2, 3]", [None, None, None]),
        ("[" * 100_000, [None, None, None]),
    ],
)
def test_of_json_only_what_is_there_once_is_used(text: str, lines: list[tuple[str, ...] | None]) -> None:
    reading = read(desk("chat", structured=True), text, [1, 1, 1])
    assert list(reading.lines) == lines
    assert [f.code for f in reading.findings] == ["lines"]


def test_of_json_that_was_cut_the_whole_objects_are_used() -> None:
    text = as_json((1, "One {1}."), (2, "Two."), (3, "Three."))
    reading = read(desk("chat", structured=True), text[: text.index("Three") + 2], [1, 1, 1], cut=True)
    assert reading.lines == (("One {1}.",), ("Two.",), None)
    assert [f.code for f in reading.findings] == ["cut"]


@pytest.mark.parametrize(
    "text",
    [
        "1. One.\n2. Two.",
        "Here are the translations:\n\n1. One.\n2. Two.\n\nI hope this helps!",
        "1: One.\n\n2: Two.",
        "[1] One.\n[2] Two.",
        "１．One.\n２．Two.",
        "```\n1) One.\n2) Two.\n```",
        as_json((1, "One."), (2, "Two.")),
    ],
)
def test_numbered_lines_are_read_past_chatter(text: str) -> None:
    reading = read(desk("chat"), text, [1, 1])
    assert reading.lines == (("One.",), ("Two.",))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("1. One.\ngoes on\n2. Two.", [None, ("Two.",)]),
        ("1. One.\n1. Again.\n2. Two.", [None, ("Two.",)]),
        ("1. One.", [None, None]),  # it may be both in one
        ("1. One.\n2. Two.\n3. Three.", [None, None]),
        ("One.\nTwo.", [None, None]),
        ("3.14 is\n2.72 too", [None, None]),
    ],
)
def test_numbered_lines_that_are_not_certain_are_not_used(text: str, lines: list[tuple[str, ...] | None]) -> None:
    reading = read(desk("reasoning"), text, [1, 1])
    assert list(reading.lines) == lines
    assert not reading.complete
    assert [f.code for f in reading.findings] == ["lines"]


@pytest.mark.parametrize("structured", [True, False])
def test_texts_that_may_have_been_counted_anew_are_used_where_an_anchor_makes_them_certain(*, structured: bool) -> None:
    on = desk("chat", structured=structured)
    lines = ["ここ。", "村人。", "金貨100枚", "門。", "王様。"]
    asked = [Prepared(Unit(0, line, Role.DIALOGUE, "a", "f"), (line,), ()) for line in lines]

    def numbered(*texts: str) -> str:
        return as_json(*enumerate(texts, 1)) if structured else "\n".join(f"{n}. {t}" for n, t in enumerate(texts, 1))

    reading = read_for(on, numbered("Here. A villager.", "119 gold", "A gate.", "The king."), asked)
    assert reading.lines == (None,) * 5
    lines[2] = "金貨119枚"
    asked[2] = Prepared(Unit(0, lines[2], Role.DIALOGUE, "a", "f"), (lines[2],), ())
    reading = read_for(on, numbered("Here. A villager.", "119 gold", "A gate.", "The king."), asked)
    assert reading.lines == (None, None, None, ("A gate.",), ("The king.",))
    moved = read_for(on, numbered("Here. A villager.", "119 gold", "A gate.", "Still there.", "The king."), asked)
    assert moved.lines == (None,) * 5
    assert [f.code for f in moved.findings] == ["lines"]


def test_the_last_numbered_line_of_a_cut_answer_is_not_used() -> None:
    assert read(desk("chat"), "1. One.\n2. Tw", [1, 1], cut=True).lines == (("One.",), None)


@pytest.mark.parametrize("text", [" Good morning.", "English: Good morning.\nJapanese: 次", "\nGood morning.\n"])
def test_a_completion_is_its_first_line(text: str) -> None:
    assert read(desk("completion"), text, [1]).lines == (("Good morning.",),)


line = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1)


@given(st.lists(st.lists(line, min_size=1, max_size=3), min_size=1, max_size=5))
def test_whatever_the_lines_hold_that_is_no_chatter_they_come_to_their_units(units: Sequence[Sequence[str]]) -> None:
    flat = [text for unit in units for text in unit]
    assume(not any(announces(text) or remarks(text) is Guess.YES for text in flat))
    unit = Unit(0, "あ", Role.DIALOGUE, "a", "f")
    asked = [Prepared(unit, tuple("あ" * len(text) for text in texts), ()) for texts in units]
    wanted = tuple(tuple(texts) for texts in units)
    assert read_for(desk("sakura-v1.0"), "\n".join(flat), asked).lines == wanted
    answer = as_json(*enumerate(flat, 1))
    assert read_for(desk("chat", structured=True), answer, asked).lines == wanted


@given(st.text(), st.booleans(), st.booleans())
def test_no_answer_breaks_the_reader(text: str, structured: bool, cut: bool) -> None:  # noqa: FBT001  (hypothesis)
    reading = read(desk("chat", structured=structured), text, [1, 2], cut=cut)
    assert len(reading.lines) == 2
    assert reading.complete or reading.findings


@pytest.mark.parametrize(
    "text",
    [
        "以下是翻译：\n甲\n乙",
        "好的，翻译如下：\n\n甲\n乙",
        "甲\n乙\n\n（注：以上为译文。）",
        "Sure, here is the translation:\n```\n甲\n乙\n```\nLet me know if you need anything else!",
        "```text\n甲\n乙\n```",
        "翻译结果：\n甲\n乙\n希望这个翻译对您有帮助。",
        "Here's the Chinese translation of the text:\n甲\n乙",
        "以下が翻訳です。\n甲\n乙",
    ],
)
def test_chatter_around_the_lines_is_taken_off(text: str) -> None:
    assert read(desk("sakura-v1.0"), text, [1, 1]).lines == (("甲",), ("乙",))


@pytest.mark.parametrize(
    "text",
    [
        "以下是翻译：\n甲",  # as many lines as were asked for, and one too few
        "甲\n（注：以上为译文。）",
        "甲\n乙\n丙",
        "他说：\n甲\n乙",
        "甲\n希望这能帮助你。\n乙",
    ],
)
def test_with_chatter_off_the_count_must_be_right_and_a_sentence_of_the_story_is_none(text: str) -> None:
    assert read(desk("sakura-v1.0"), text, [1, 1]).lines == (None, None)


def test_what_could_be_the_translation_of_a_text_about_translations_stays() -> None:
    unit = Unit(0, "", Role.DIALOGUE, "a", "f")
    asked = [Prepared(unit, (line,), ()) for line in ("これが翻訳です：", "おわり")]
    on = desk("sakura-v1.0")
    assert read_for(on, "这是翻译：\n完", asked).lines == (("这是翻译：",), ("完",))
    assert read_for(on, "以下是翻译：\n这是翻译：\n完", asked).lines == (None, None)


def test_of_plain_lines_in_the_wrong_number_those_that_an_anchor_makes_certain_are_used() -> None:
    def unit(*lines: str) -> Prepared:
        return Prepared(Unit(0, "\n".join(lines), Role.DIALOGUE, "a", "f"), lines, ())

    asked = [unit("あ"), unit("い", "金貨100枚"), unit("う", "え"), unit("お")]
    reading = read_for(desk("sakura-v1.0"), "甲\n乙\n100枚金币\n丙丁\n戊", asked)
    assert reading.lines == (("甲",), None, None, None)
    assert [f.code for f in reading.findings] == ["lines"]
    reading = read_for(desk("sakura-v1.0"), "甲\n乙100枚金币\n丙\n丁\n戊", asked)
    assert reading.lines == (None, None, ("丙", "丁"), ("戊",))
    reading = read_for(desk("sakura-v1.0"), "甲\n乙\n100枚金币\n丙\n丁", asked, cut=True)
    assert reading.lines == (("甲",), None, None, None)
    assert [f.code for f in reading.findings] == ["cut"]


def plain(text: str, *sources: str, cut: bool = False) -> list[tuple[str, ...] | None]:
    """What is read of plain lines in answer to texts of one line each."""
    asked = [Prepared(Unit(0, source, Role.DIALOGUE, "a", "f"), (source,), ()) for source in sources]
    return list(read_for(desk("sakura-v1.0"), text, asked, cut=cut).lines)


@pytest.mark.parametrize(
    "text",
    [
        "1. 这里是村庄。\n2. 勇者来了。",
        "以下是翻译：\n1、这里是村庄。\n2、勇者来了。",
        "[1] 这里是村庄。\n[2] 勇者来了。",
        "（１）这里是村庄。\n（２）勇者来了。",
    ],
)
@pytest.mark.parametrize("sources", [("ここは村です。", "勇者が来た。"), ("一体何だ？", "え、1人？")])
def test_numbers_that_a_model_puts_before_all_lines_are_taken_off(text: str, sources: tuple[str, str]) -> None:
    assert plain(text, *sources) == [("这里是村庄。",), ("勇者来了。",)]


def test_numbers_before_lines_are_no_anchors_where_a_line_is_missing() -> None:
    assert plain("1. 甲\n2. 25枚金币\n3. 丙\n4. 丁", "あ", "金貨25枚", "い", "う") == [
        ("甲",),
        ("25枚金币",),
        ("丙",),
        ("丁",),
    ]
    assert plain("1. 甲\n2. 25枚金币丙\n3. 丁", "あ", "金貨25枚", "い", "う") == [("甲",), None, None, None]


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("1. 剑\n2. 盾", ("一、剣", "二、盾")),
        ("1. 剑\n2. 盾", ("①剣", "②盾")),
        ("1. 开始\n2. 结束", ("第一章", "第二章")),
        ("1：是\n2：否", ("Ａ：はい", "Ｂ：いいえ")),
        ("1. 剑\n盾", ("剣", "盾")),
        ("2. 剑\n3. 盾", ("剣", "盾")),
        ("1. 剑\n1. 盾", ("剣", "盾")),
        ("1.5米\n2.5米", ("長さ", "幅")),
        ("[1]来了\n[2]来了", (r"来た\N[1]", r"来た\N[2]")),
    ],
)
def test_numbers_that_may_be_the_text_s_own_stay(text: str, sources: tuple[str, str]) -> None:
    assert plain(text, *sources) == [(line,) for line in text.split("\n")]


def test_a_number_before_the_only_line_is_taken_off_where_its_text_has_no_1() -> None:
    assert plain("1. 勇者来了。", "勇者が来た。") == [("勇者来了。",)]
    assert plain("1. 一起走。", "一緒に行こう。") == [("1. 一起走。",)]
    assert plain("2. 勇者来了。", "勇者が来た。") == [("2. 勇者来了。",)]


def test_bare_codes_in_an_answer_in_json_come_through() -> None:
    markup = MarkupSyntax((MarkupRule(r"\\[A-Za-z]\[\d+\]"),))
    on = replace(desk("chat", structured=True), markups={"f": markup})
    lines = [r"彼は\C[2]剣\C[0]を持つ。", r"\n[1]は来た。"]
    asked = [Prepared(Unit(0, line, Role.DIALOGUE, "a", "f"), (line,), ()) for line in lines]
    answer = r'{"translations": [{"id": 1, "text": "他拿着\C[2]剑\C[0]。"}, {"id": 2, "text": "\n[1]来了。"}]}'
    assert read_for(on, answer, asked).lines == ((r"他拿着\C[2]剑\C[0]。",), (r"\n[1]来了。",))
