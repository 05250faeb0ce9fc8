import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from translator.core.finding import Severity
from translator.core.languages import language
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import GlossaryEntry, Unit
from translator.engine.checks import all_checks, examine
from translator.engine.desk import Desk
from translator.profiles import all_profiles

PROFILES = all_profiles(Path("/nonexistent"))
MV = MarkupSyntax(
    (
        MarkupRule(r"\\(?:[A-Za-z]+(?:\[\d+\])?|[.!|^])"),
        MarkupRule(r"<b>", Fate.OPEN),
        MarkupRule(r"</b>", Fate.CLOSE),
        MarkupRule(r"《[ぁ-ん]+》", Fate.DROP),
    )
)
RENPY = MarkupSyntax((MarkupRule(r"\{[^}]*\}"), MarkupRule(r"\[\w[^\]]*\]", cells=4), MarkupRule(r"%\(\w+\)s|%[sd]")))
# The others have tables of their own in tests/engine/checks.
HERE = {"empty", "kana", "length", "markup", "repetition", "untranslated"}
SAUSAGES = "「ソーセージはいかがですか？」"


def desk(source: str = "ja", target: str = "zh-CN", profile: str = "chat", markup: MarkupSyntax = MV) -> Desk:
    return Desk(PROFILES[profile], language(source), language(target), "model", 2048, {"mv": markup})


def codes(
    source: str, target: str, where: Desk | None = None, *, role: Role = Role.DIALOGUE, glossary: Sequence[str] = ()
) -> list[str]:
    entries = tuple(GlossaryEntry(src, dst) for src, _, dst in (entry.partition("->") for entry in glossary))
    unit = Unit(0, source, role, "scene", "mv", glossary=entries)
    return [f.code for f in examine(where or desk(), unit, target) if f.code in HERE]


def test_the_checks_are_found_by_their_modules() -> None:
    assert {check.code for check in all_checks()} >= {
        "empty", "kana", "length", "markup", "repetition", "untranslated",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target"),
    [("はい", ""), ("はい", " \u3000"), ("\\C[2]はい", "\\C[2]"), ("はい\n", "\n")],
)
def test_nothing_is_no_translation(source: str, target: str) -> None:
    assert codes(source, target) == ["empty"]


@pytest.mark.parametrize(("source", "target"), [("", ""), ("\\C[2]", "\\C[2]"), ("え？", "？"), ("うぅ…", "……")])
def test_what_is_short_is_not_empty(source: str, target: str) -> None:
    assert codes(source, target) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("\\C[2]剣\\C[0]だ", "是\\C[2]剑"),
        ("剣だ", "\\C[2]是剑"),
        ("\\!剣だ\\!", "\\!是剑"),
        ("<b>剣</b>だ", "</b>剑<b>"),
        ("\\V[1]円だ", "\\V[2]元"),
    ],
)
def test_markup_that_is_not_the_sources_is_flagged(source: str, target: str) -> None:
    assert codes(source, target) == ["markup"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("\\C[2]剣\\C[0]だ", "是\\C[2]剑\\C[0]"),
        ("\\C[2]剣\\C[0]と\\C[3]盾\\C[0]", "\\C[3]盾\\C[0]和\\C[2]剑\\C[0]"),
        ("\\N[1]の\\V[2]", "\\V[2]是\\N[1]的"),
        ("\\I[64]剣と\\I[65]盾", "\\I[65]盾和\\I[64]剑"),
        ("<b>剣</b>だ", "是<b>剑</b>"),
        ("東京《とうきょう》へ行く", "去东京"),
        ("剣だ", "是剑"),
    ],
)
def test_markup_may_move_and_readings_may_go(source: str, target: str) -> None:
    assert codes(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("やめろ、勇者！", "やめろ、勇者！", ("ja", "zh-CN")),
        ("アイテム", "アイテム", ("ja", "zh-CN")),
        ("魔王", "魔王", ("ja", "en")),
        ("魔王", "魔王", ("ja", "ko")),
        ("I have to go home.", "I have to go home.", ("en", "zh-CN")),
        ("I have to go home.", "I have to go home.", ("en", "fr")),
        ("Open the door.\nI have to go.", "打开门。\nI have to go.", ("en", "zh-CN")),
        ("你好", "你好", ("zh-CN", "en")),
        ("\\C[2]やめろ\\C[0]", "\\C[2]やめろ\\C[0]", ("ja", "zh-CN")),
        ("I have to go home.", "I have to go home!", ("en", "fr")),
        ("やめろ、勇者！", "やめろ，勇者!", ("ja", "zh-CN")),
        ("アイテムを使う", "ｱｲﾃﾑを使う", ("ja", "zh-CN")),
    ],
)
def test_a_copy_is_no_translation(source: str, target: str, pair: tuple[str, str]) -> None:
    assert "untranslated" in codes(source, target, desk(*pair))


@pytest.mark.parametrize(
    ("source", "target", "pair", "role"),
    [
        ("勇者", "勇者", ("ja", "zh-CN"), Role.NAME),
        ("魔王城", "魔王城", ("ja", "zh-CN"), Role.DIALOGUE),
        ("勇者！", "勇者！", ("ja", "zh-CN"), Role.DIALOGUE),
        ("大事", "大事", ("zh-CN", "ja"), Role.TERM),
        ("HP", "HP", ("ja", "zh-CN"), Role.TERM),
        ("Alice", "Alice", ("en", "fr"), Role.NAME),
        ("Menu", "Menu", ("en", "fr"), Role.DIALOGUE),
        ("The Old Man of the Sea", "The Old Man of the Sea", ("en", "fr"), Role.NAME),
        ("……", "……", ("ja", "zh-CN"), Role.DIALOGUE),
        ("やめろ", "住手", ("ja", "zh-CN"), Role.DIALOGUE),
    ],
)
def test_what_may_be_equal_is_no_copy(source: str, target: str, pair: tuple[str, str], role: Role) -> None:
    assert codes(source, target, desk(*pair), role=role) == []


def test_a_glossary_entry_may_keep_a_term_as_it_is() -> None:
    assert codes("アリス", "アリス", glossary=["アリス->アリス"]) == []


@pytest.mark.parametrize(
    "target",
    [
        "你好です",
        "这个アイテム",
        "魔王の城",
        "ｱｲﾃﾑ已获得",
        "是这样吗，あのさ。",
        "魔王《まおう》来了",
        "请在「はい」上按",
        "の",
    ],
)
def test_kana_left_over_is_flagged(target: str) -> None:
    assert codes("何かの長い日本語の文", target) == ["kana"]


@pytest.mark.parametrize(
    "target",
    [
        "啊っ，等等",
        "呜ぅ……",
        "呼ー",
        "约翰・史密斯",
        "ヽ(´ー`)ノ你好啊",
        "( つ´･ω･)つ给你",
        "你好\\PX[3]",
        "纯中文，没有别的。",
    ],
)
def test_what_is_drawn_or_only_small_kana_is_tolerated(target: str) -> None:
    assert codes("何かの長い日本語の文\\PX[3]" if "PX" in target else "何かの長い日本語の文", target) == []


def test_kana_that_the_glossary_asks_for_is_right() -> None:
    assert codes("アリスが来た", "アリス来了", glossary=["アリス->アリス|爱丽丝"]) == []
    assert codes("アリスが来た", "アリスが来了", glossary=["アリス->アリス"]) == ["kana"]


def test_a_japanese_target_has_kana() -> None:
    assert codes("你好吗", "元気ですか", desk("zh-CN", "ja")) == []


def test_the_place_of_a_leftover_is_told() -> None:
    (finding,) = examine(desk(), Unit(0, "これは剣です", Role.DIALOGUE, "s", "mv"), "这是剑です。")
    assert finding.span == (3, 5)
    assert finding.severity is Severity.ERROR
    assert "です" in finding.message


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("あはは、やめてくれ！", "哈" * 40),
        ("もうだめだ……", "啊，不行了，" * 8),
        ("彼は走った。それから、長い道を一人で歩いて帰った。", "他跑了，然后一个人走了很长的路回家。" * 3),
        ("静かな夜だった。", "安静的夜晚。" + "那天晚上，我们一起看星星，\n" * 6),
        ("ああああ、もうだめだ！", "啊" * 60),
        ("変な文だ。", "头" + "甲乙丙丁戊己庚辛壬癸子丑寅卯" * 4),
        ("変な文だ。", "abab" * 9),
    ],
)
def test_a_loop_of_any_period_is_flagged(source: str, target: str) -> None:
    assert "repetition" in codes(source, target)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("あははははは！", "哈哈哈哈哈哈！"),
        ("あはははははははははははは！", "啊" + "哈" * 24),
        ("――――――――――――行くぞ", "————————————————走了"),
        ("走れ走れ走れ走れ！", "快跑快跑快跑快跑！"),
        ("がんばれ、がんばれ、がんばれ、がんばれ！", "加油，加油，加油，加油！"),
        (
            "寒い。\n寒い。\n寒い。\n寒い。\n寒い。\n寒い。",
            "好冷啊。\n好冷啊。\n好冷啊。\n好冷啊。\n好冷啊。\n好冷啊。",
        ),
        ("彼は走った。そして彼女も走った。", "他跑了起来。然后她也跑了起来。"),
    ],
)
def test_what_the_source_repeats_or_people_say_is_no_loop(source: str, target: str) -> None:
    assert codes(source, target) == []


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("剣", "很久很久以前，在一个遥远的国度里，有一把剑。", ("ja", "zh-CN")),
        ("彼は長い道を一人で歩いて帰り、それから静かに眠りについたのだった。", "他", ("ja", "zh-CN")),
        ("彼は長い道を一人で歩いて帰り、それから静かに眠りについた。", "He went", ("ja", "en")),
        ("I walked home alone on the long road and then I went to sleep at last.", "我", ("en", "zh-CN")),
    ],
)
def test_far_too_long_or_short_is_flagged(source: str, target: str, pair: tuple[str, str]) -> None:
    assert codes(source, target, desk(*pair)) == ["length"]


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("剣", "长剑", ("ja", "zh-CN")),
        ("はい", "Yes, of course I will.", ("ja", "en")),
        ("あっそ", "哦", ("ja", "zh-CN")),
        ("回復薬", "Healing Potion", ("ja", "en")),
        ("Thank you very much!", "谢谢！", ("en", "zh-CN")),
        ("\\C[2]\\C[0]\\C[2]\\C[0]\\C[2]\\C[0]剣", "\\C[2]\\C[0]\\C[2]\\C[0]\\C[2]\\C[0]剑", ("ja", "zh-CN")),
        (SAUSAGES, "“要不要来点香肠？”", ("ja", "zh-CN")),
        (SAUSAGES, '"Would you like some sausages?"', ("ja", "en")),
    ],
)
def test_usual_lengths_are_right(source: str, target: str, pair: tuple[str, str]) -> None:
    assert codes(source, target, desk(*pair)) == []


def test_a_story_for_a_noun_is_an_error_a_little_too_long_a_warning() -> None:
    story = "".join(chr(0x4E00 + 7 * index) for index in range(120))
    unit = Unit(0, "剣", Role.TERM, "s", "mv")
    assert [f.severity for f in examine(desk(), unit, story)] == [Severity.ERROR]
    assert [f.severity for f in examine(desk(), unit, story[:25])] == [Severity.WARNING]


def test_a_profile_decides_how_bad_a_finding_is() -> None:
    where = desk()
    soft = replace(where, profile=replace(where.profile, severities=(("kana", Severity.WARNING), ("length", None))))
    unit = Unit(0, "剣です", Role.DIALOGUE, "s", "mv")
    assert [f.severity for f in examine(soft, unit, "剑です")] == [Severity.WARNING]
    assert examine(soft, unit, "".join(chr(0x4E00 + 7 * index) for index in range(120))) == ()


def test_pseudo_translations_are_looked_at_for_markup_only() -> None:
    where = desk(profile="pseudo")
    assert codes("\\C[2]これは剣です", "［\\C[2]これは剣です～～～～～～～～～～～～～～～～～～～～～］", where) == []
    assert codes("\\C[2]これは剣です", "［これは剣です］", where) == ["markup"]


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [("ja", "zh", ("ja", "zh-CN")), ("ja", "en", ("ja", "en")), ("en", "zh", ("en", "zh-CN"))],
)
def test_less_than_one_in_a_hundred_real_translations_is_flagged(
    source: str, target: str, pair: tuple[str, str], corpus: Callable[[str], Path]
) -> None:
    where = desk(*pair, markup=RENPY)
    rows = [json.loads(row) for row in (corpus("parallel") / "renpy-ja-zh.jsonl").read_text("utf-8").splitlines()]
    flagged: Counter[str] = Counter()
    for row in rows:
        flagged.update(set(codes(row[source], row[target], where)))
    assert len(rows) > 1000
    assert sum(count for code, count in flagged.items() if code != "markup") == 0
    assert flagged["markup"] < len(rows) / 100


def test_every_copied_japanese_text_is_flagged(corpus: Callable[[str], Path]) -> None:
    where = desk(markup=RENPY)
    rows = [json.loads(row) for row in (corpus("parallel") / "renpy-ja-zh.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if any("ぁ" <= character <= "ヺ" for character in RENPY.plain(row["ja"]))]
    copies = sum("untranslated" in codes(row["ja"], row["ja"], where) for row in rows)
    assert copies == len(rows)
