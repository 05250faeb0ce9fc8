# What is taken for granted is compared with what is looked at.
# pyright: reportPrivateUsage=false

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from translator.core import layout
from translator.core.finding import Severity
from translator.core.layout import BOX_BREAK, fit, measure, split_paragraphs, wrap
from translator.core.linebreak import NO_END, NO_START
from translator.core.markup import NO_MARKUP, Fate, MarkupRule, MarkupSyntax
from translator.core.segment import Limits

RPG = MarkupSyntax(
    (
        MarkupRule(r"\\I\[\d+\]", cells=3),
        MarkupRule(r"\\[A-Za-z]+\[\d+\]"),
        MarkupRule(r"\\[.|!^{}]"),
        MarkupRule(r"\\n<[^>]*>"),
    )
)
TAGS = MarkupSyntax((MarkupRule(r"</\w+>", Fate.CLOSE), MarkupRule(r"<\w+>", Fate.OPEN)))
WINDOW = Limits(columns=20, lines=4, wrap=True, splits=True)


def fitted(target: str, limits: Limits = WINDOW, *, source_lines: int = 1, split: bool = False) -> list[str]:
    return fit(target, limits=limits, markup=RPG, source_lines=source_lines, split=split).text.split("\n")


RUNNING = st.text(alphabet="あんアンー村長は、。！？…\n", min_size=1, max_size=40)


@given(RUNNING)
def test_running_text_is_joined_as_if_each_break_was_looked_at(source: str) -> None:
    assert layout._joined(source, RPG) == layout._parted(source, RPG)


class TestMeasure:
    def test_counts_full_width_twice_and_codes_as_their_rule_says(self) -> None:
        assert measure(r"\C[2]宝箱\C[0]ab\I[5]", RPG) == 4 + 2 + 3


class TestWrap:
    def test_keeps_what_fits_as_it_is(self) -> None:
        assert wrap("  two words  ", 13, NO_MARKUP) == ["  two words  "]

    def test_gives_one_empty_line_for_nothing(self) -> None:
        assert wrap("", 10, NO_MARKUP) == [""]

    def test_breaks_latin_at_spaces_and_drops_them_there(self) -> None:
        assert wrap("The old well is dry again", 10, NO_MARKUP) == ["The old", "well is", "dry again"]

    def test_never_splits_a_word_or_number_that_fits_a_line(self) -> None:
        assert wrap("勇者HP12345だ", 9, NO_MARKUP) == ["勇者", "HP12345だ"]
        assert wrap("そこにはHP12が", 11, NO_MARKUP) == ["そこには", "HP12が"]

    def test_splits_a_word_that_is_longer_than_a_line(self) -> None:
        assert wrap("a Donaudampfschiff b", 6, NO_MARKUP) == ["a", "Donaud", "ampfsc", "hiff b"]

    def test_lets_a_hyphenated_word_go_on_after_the_hyphen(self) -> None:
        assert wrap("a well-known man", 8, NO_MARKUP) == ["a well-", "known", "man"]

    def test_does_not_part_an_apostrophe_from_its_word(self) -> None:
        assert wrap("we don’t know", 7, NO_MARKUP) == ["we", "don’t", "know"]

    def test_breaks_cjk_between_any_two_characters(self) -> None:
        assert wrap("春眠不覚暁処処聞啼鳥", 6, NO_MARKUP) == ["春眠不", "覚暁処", "処聞啼", "鳥"]

    @pytest.mark.parametrize("mark", "、。，．！？…）」』】〉》：；・ーっゃ々％!?,.")
    def test_puts_no_closing_mark_at_a_line_start(self, mark: str) -> None:
        assert wrap(f"春眠不覚{mark}暁", 8, NO_MARKUP) == ["春眠不", f"覚{mark}暁"]

    @pytest.mark.parametrize("mark", "（「『【〈《“‘")
    def test_puts_no_opening_mark_at_a_line_end(self, mark: str) -> None:
        assert wrap(f"春眠不{mark}覚暁", 8, NO_MARKUP) == ["春眠不", f"{mark}覚暁"]

    @pytest.mark.parametrize("sign", ["……", "——", "――"])
    def test_does_not_split_double_signs(self, sign: str) -> None:
        assert all(line.count(sign[0]) in (0, 2) for line in wrap(f"春眠不{sign}覚暁", 8, NO_MARKUP))

    def test_honours_the_marks_even_where_nothing_may_be_parted(self) -> None:
        assert wrap("aaaaaaaaaa。b", 10, NO_MARKUP) == ["aaaaaaaaa", "a。b"]

    def test_drops_a_full_width_space_at_a_break_and_keeps_an_indent(self) -> None:
        assert wrap("なに！？　ばかな", 8, NO_MARKUP) == ["なに！？", "ばかな"]
        assert wrap("　昔々、ある所に", 8, NO_MARKUP) == ["　昔々、", "ある所に"]

    def test_breaks_korean_at_spaces(self) -> None:
        assert wrap("오늘은 날씨가 좋다", 14, NO_MARKUP) == ["오늘은 날씨가", "좋다"]

    def test_keeps_codes_whole_and_takes_no_room_for_them(self) -> None:
        assert wrap(r"\C[2]春眠不覚\C[0]暁", 8, RPG) == [r"\C[2]春眠不覚\C[0]", "暁"]

    def test_sends_opening_codes_on_and_leaves_closing_ones(self) -> None:
        assert wrap(r"春眠\C[2]不覚\.\C[0]暁処", 4, RPG) == [r"春眠", r"\C[2]不覚\.\C[0]", "暁処"]
        assert wrap("the <b>red fox</b> ran", 5, TAGS) == ["the", "<b>red", "fox</b>", "ran"]

    def test_keeps_the_codes_of_a_dropped_space(self) -> None:
        assert wrap(r"abc \.\! def", 5, RPG) == [r"abc\.\!", "def"]

    def test_counts_codes_that_take_room(self) -> None:
        assert wrap(r"薬\I[12]薬草", 7, RPG) == [r"薬\I[12]薬", "草"]

    def test_keeps_combining_marks_with_their_letter(self) -> None:
        assert wrap("がぎ", 2, NO_MARKUP) == ["が", "ぎ"]

    def test_gives_a_too_narrow_window_one_character_a_line(self) -> None:
        assert wrap("春眠", 1, NO_MARKUP) == ["春", "眠"]

    @given(
        st.text(st.sampled_from("春眠不覚あいーっ。、「」……—ab1 　.,(')é" + string.ascii_letters), max_size=60),
        st.integers(4, 24),
    )
    def test_loses_only_spaces_and_never_exceeds_the_window(self, text: str, columns: int) -> None:
        lines = wrap(text, columns, NO_MARKUP)
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(measure(line.rstrip(), NO_MARKUP) <= columns for line in lines)

    @given(st.lists(st.sampled_from(["春", "眠る", "です。", "「あ", "い」、", "……", "（ーっ）"]), max_size=30))
    def test_follows_kinsoku_wherever_the_text_can(self, words: list[str]) -> None:
        lines = wrap("春" + "春".join(words), 12, NO_MARKUP)
        assert all(line[0] not in NO_START for line in lines)
        assert all(line[-1] not in NO_END for line in lines)

    @given(st.lists(st.sampled_from(["春", "眠る", r"\C[2]", r"\.", "ab ", r"\n<a b>", r"\I[3]", "。"]), max_size=30))
    def test_never_breaks_inside_a_code(self, parts: list[str]) -> None:
        text = "".join(parts)
        lines = wrap(text, 6, RPG)
        assert [c for line in lines for c in RPG.codes(line)] == RPG.codes(text)


class TestSplitParagraphs:
    def split(self, *lines: str) -> list[str]:
        return split_paragraphs("\n".join(lines), WINDOW, RPG)

    def test_leaves_lines_alone_where_they_are_no_layout(self) -> None:
        assert split_paragraphs("ああ\nいい", Limits(), RPG) == ["ああ", "いい"]

    def test_joins_japanese_without_a_space_and_drops_the_indent(self) -> None:
        assert self.split("「今日はとても", "　いい天気ですね」") == ["「今日はとてもいい天気ですね」"]

    def test_joins_words_with_a_space(self) -> None:
        assert self.split("The old well", "is dry again,", "my friend.") == ["The old well is dry again, my friend."]
        assert self.split("오늘은 날씨가", "좋다") == ["오늘은 날씨가 좋다"]

    def test_joins_over_codes(self) -> None:
        assert self.split(r"これは、\C[2]", r"\C[0]　宝箱だ") == [r"これは、\C[2]\C[0]宝箱だ"]
        assert self.split(r"red\C[2]", r"\C[0]fox!") == [r"red\C[2] \C[0]fox!"]

    def test_does_not_touch_the_spaces_inside_a_code(self) -> None:
        assert self.split("ああ、", r"\n<a b> いい") == [r"ああ、\n<a b>いい"]

    @pytest.mark.parametrize(
        "lines", [("HP +1", "MP +2", "攻撃力 +3"), ("行1", "行2"), ("3 apples", r"\C[2]1 pear\C[0]")]
    )
    def test_keeps_the_items_of_a_list(self, lines: tuple[str, ...]) -> None:
        """Short lines without a sentence's punctuation: 278 of 80,201 messages of 38 games, all of them lists, verse or
        names above speech.
        """
        assert split_paragraphs("\n".join(lines), Limits(columns=43, wrap=True), RPG) == list(lines)

    def test_keeps_blank_lines(self) -> None:
        assert self.split("ああ", "", "いい", "うう") == ["ああ", "", "いいうう"]

    @pytest.mark.parametrize("tag", ["【アリス】", r"\C[3]【村の長】\C[0]", "アリス：", r"\N[1]", "［手紙］"])
    def test_keeps_a_name_tag_on_its_own(self, tag: str) -> None:
        assert self.split(tag, "おはよう、", "よく眠れた？") == [tag, "おはよう、よく眠れた？"]

    @pytest.mark.parametrize("bullet", ["・", "■", "●", "◆", "※", "★", "☆", "→", "①", "- ", "１．", "2. "])
    def test_keeps_list_items_apart(self, bullet: str) -> None:
        assert self.split("持ち物", f"{bullet}薬草", f"{bullet}剣") == ["持ち物", f"{bullet}薬草", f"{bullet}剣"]

    def test_keeps_speech_apart_from_what_comes_before(self) -> None:
        assert self.split("「やあ」", "「元気かい」") == ["「やあ」", "「元気かい」"]
        assert self.split("村長が言った。", "「ようこそ」") == ["村長が言った。", "「ようこそ」"]

    def test_keeps_a_name_above_speech_on_its_own(self) -> None:
        assert self.split("村の長", "「おお、行って", "　くれるか」") == ["村の長", "「おお、行ってくれるか」"]
        assert self.split(r"\C[6]村の長\C[0]", "おお、行って", "くれるか") == [
            r"\C[6]村の長\C[0]",
            "おお、行ってくれるか",
        ]

    def test_joins_a_quoted_term_that_is_no_speech(self) -> None:
        assert self.split("これが世にいう", "「聖剣」である。") == ["これが世にいう「聖剣」である。"]

    def test_keeps_an_indented_paragraph_after_a_finished_sentence(self) -> None:
        assert self.split("　昔、王がいた。", "　王には娘が", "いた。") == ["　昔、王がいた。", "　王には娘がいた。"]

    def test_keeps_titles_and_tables(self) -> None:
        assert self.split("　　　第一章", "始まりの村") == ["　　　第一章", "始まりの村"]
        assert self.split("薬草　　８Ｇ", "剣　　１００Ｇ") == ["薬草　　８Ｇ", "剣　　１００Ｇ"]

    @given(st.lists(st.text(st.sampled_from("春眠。「」【】・ 　a"), max_size=8), min_size=1, max_size=6))
    def test_loses_nothing_but_spaces_and_line_breaks(self, lines: list[str]) -> None:
        joined = "".join(self.split(*lines))
        assert "".join(joined.split()) == "".join("".join(lines).split())


class TestFit:
    def test_leaves_alone_what_fits(self) -> None:
        fitted_text = fit("薬草", limits=WINDOW, markup=RPG, source_lines=1, split=False)
        assert (fitted_text.text, fitted_text.findings) == ("薬草", ())

    def test_leaves_alone_what_has_no_limit(self) -> None:
        long = "春" * 500 + "\n" * 9
        fitted_text = fit(long, limits=Limits(wrap=True), markup=RPG, source_lines=1, split=True)
        assert (fitted_text.text, fitted_text.findings) == (long, ())

    def test_wraps_each_paragraph_on_its_own(self) -> None:
        assert fitted("【アリス】\n今日はとてもいい天気ですね") == ["【アリス】", "今日はとてもいい天気", "ですね"]

    def test_codes_do_not_make_a_line_too_long(self) -> None:
        text = r"\C[2]今日は\C[0]\|\!\.とてもいい天気"
        assert fitted(text) == [text]

    def test_rebuilds_what_was_split(self) -> None:
        source = "今日はとてもいい天気\nですね。\n\n・薬草"
        assert fitted("\n".join(split_paragraphs(source, WINDOW, RPG))) == source.split("\n")

    def test_ends_lines_at_pauses_where_the_source_has_as_many_lines(self) -> None:
        text = "霧が出たのさ。客は誰も来ないし。"
        assert fitted(text, source_lines=2) == ["霧が出たのさ。", "客は誰も来ないし。"]

    def test_prefers_fewer_lines_to_pauses(self) -> None:
        text = "霧が出たよ。" * 4
        assert fitted(text, source_lines=1) == ["霧が出たよ。霧が出た", "よ。霧が出たよ。霧が", "出たよ。"]
        assert fitted(text, source_lines=4) == ["霧が出たよ。"] * 4

    def test_flags_an_overflow_with_how_many_lines_are_too_many(self) -> None:
        result = fit("春" * 55, limits=WINDOW, markup=RPG, source_lines=4, split=False)
        assert len(result.text.split("\n")) == 6
        assert [(f.code, f.severity) for f in result.findings] == [("overflow", Severity.WARNING)]
        assert "2 too many" in result.findings[0].message

    def test_does_not_flag_what_is_no_longer_than_an_overflowing_source(self) -> None:
        assert fit("春" * 55, limits=WINDOW, markup=RPG, source_lines=6, split=False).findings == ()

    def test_splits_into_boxes_when_asked(self) -> None:
        result = fit("春" * 55, limits=WINDOW, markup=RPG, source_lines=4, split=True)
        assert [len(box.split("\n")) for box in result.text.split(BOX_BREAK)] == [4, 2]
        assert result.findings == ()

    def test_flags_what_overflows_a_place_that_has_no_further_box(self) -> None:
        limits = Limits(columns=20, lines=2, wrap=True)
        result = fit("春" * 25, limits=limits, markup=RPG, source_lines=2, split=True)
        assert result.text == "\n".join(["春" * 10, "春" * 10, "春" * 5])
        assert [f.code for f in result.findings] == ["overflow"]
        assert "--split" not in result.findings[0].message

    def test_splits_after_a_finished_sentence_where_one_ends_late_in_the_box(self) -> None:
        text = "春" * 10 + "\n" + "夏" * 9 + "。\n" + "秋" * 30
        boxes = fit(text, limits=WINDOW, markup=RPG, source_lines=1, split=True).text.split(BOX_BREAK)
        assert boxes == ["春" * 10 + "\n" + "夏" * 9 + "。", "\n".join(["秋" * 10] * 3)]

    def test_flags_a_line_that_cannot_be_wrapped_with_its_span(self) -> None:
        result = fit("一行目\n" + "春" * 11, limits=Limits(columns=20), markup=RPG, source_lines=2, split=False)
        assert result.text == "一行目\n" + "春" * 11
        assert [(f.code, f.severity, f.span) for f in result.findings] == [("width", Severity.WARNING, (4, 15))]

    def test_never_puts_a_line_break_into_a_single_line(self) -> None:
        limits = Limits(columns=10, lines=1, wrap=True, single=True)
        result = fit("春" * 8, limits=limits, markup=RPG, source_lines=1, split=True)
        assert (result.text, [f.code for f in result.findings]) == ("春" * 8, ["width"])

    def test_flags_a_code_that_is_wider_than_the_window(self) -> None:
        wide = MarkupSyntax((MarkupRule("W", cells=30),))
        assert [f.code for f in fit("W", limits=WINDOW, markup=wide, source_lines=1, split=False).findings] == ["width"]

    @example(text="aa。。。。。。。。。 ", split=False)
    @given(st.text(st.sampled_from("春眠不覚。「」ab \n"), max_size=200), st.booleans())
    def test_keeps_every_word_and_every_box_in_bounds(self, text: str, split: bool) -> None:  # noqa: FBT001  hypothesis
        result = fit(text, limits=WINDOW, markup=RPG, source_lines=1, split=split)
        assert "".join(result.text.split()) == "".join(text.split())
        boxes = [box.split("\n") for box in result.text.split(BOX_BREAK)]
        assert all(measure(line.rstrip(), RPG) <= 20 for box in boxes for line in box)
        assert not split or all(len(box) <= 4 for box in boxes)
        flagged = [f.code for f in result.findings]
        assert flagged == (["overflow"] if not split and len(boxes[0]) > 4 else [])
