from collections.abc import Mapping
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from translator.core.document import Confidence, FormatOptions, HoldsBack, RefusedTargetError
from translator.core.layout import split_paragraphs
from translator.core.marks import marked
from translator.core.markup import Fate
from translator.core.segment import Role
from translator.formats.markdown import FORMAT
from translator.formats.markdown.document import MarkdownDocument

MARKUP = FORMAT.info.markup


def opened(text: str, settings: Mapping[str, str] | None = None) -> MarkdownDocument:
    return FORMAT.open(text.encode(), options=FormatOptions(settings=settings or {}))


def sources(text: str) -> list[str]:
    return [s.source for s in opened(text).segments]


def keys(text: str) -> list[str]:
    return [s.key for s in opened(text).segments]


def held(text: str) -> list[tuple[str, str]]:
    return [(h.text, h.reason) for h in opened(text).held_back()]


def written(text: str, *targets: str, **settings: str) -> str:
    document = opened(text, settings)
    return document.render(dict(zip((s.key for s in document.segments), targets, strict=True))).decode()


def codes(text: str) -> list[str]:
    return MARKUP.codes(text)


class TestParagraphs:
    def test_lines_with_soft_breaks_are_one_text_that_may_be_joined(self) -> None:
        segment = opened("> One\n> two\nlazy\n").segments[0]
        assert segment.source == "One\ntwo\nlazy"
        assert split_paragraphs(segment.source, segment.limits, MARKUP) == ["One two lazy"]
        assert written("> One\n> two\nlazy\n", "Eins zwei") == "> Eins zwei\n"

    @pytest.mark.parametrize("mark", ["  ", "\\", "   "])
    def test_hard_breaks_stay_and_each_line_is_its_own(self, mark: str) -> None:
        text = f"a{mark}\nb{mark}\nc\n"
        segment = opened(text).segments[0]
        assert segment.source == "a\nb\nc"
        assert not segment.limits.wrap
        assert written(text, "x\ny\nz") == f"x{mark}\ny{mark}\nz\n"
        assert written(text, "x\ny") == f"x{mark}\ny\n"

    def test_two_backslashes_are_no_hard_break(self) -> None:
        assert opened("a\\\\\nb\n").segments[0].limits.wrap

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("> a\n", "> x\n> y\n"),
            ("- a\n", "- x\n  y\n"),
            ("> 10. a\r\n", "> 10. x\r\n>     y\r\n"),
            ("-\ta\n", "-\tx\n \ty\n"),
            ("a", "x\ny"),
            ("　a\n", "　x\n　y\n"),
        ],
    )
    def test_lines_that_are_added_go_on_as_the_paragraph_does(self, text: str, wanted: str) -> None:
        assert written(text, "x\ny") == wanted

    def test_full_width_indents_stay_and_their_lines_are_not_joined(self) -> None:
        text = "　一。\n　二。\n"
        assert opened(text).segments[0].source == "一。\n二。"
        assert not opened(text).segments[0].limits.wrap
        assert written(text, "1.\nTwo") == "　1.\n　Two\n"

    def test_lines_that_each_end_a_sentence_are_not_joined(self) -> None:
        text = "彼は来た。\n「遅いぞ」\n彼は黙った。[^1]\nそして\n"
        segment = opened(text).segments[0]
        assert split_paragraphs(segment.source, segment.limits, MARKUP) == text.splitlines()
        assert written(text, "a\nb\nc\nd") == "a\nb\nc\nd\n"

    def test_quotation_marks_make_dialogue_but_not_in_headings(self) -> None:
        roles = [s.role for s in opened("# 「題」\n\n「声」\n\n**「声」**\n\n文\n").segments]
        assert roles == [Role.NARRATION, Role.DIALOGUE, Role.DIALOGUE, Role.NARRATION]

    def test_task_boxes_alerts_and_containers_are_no_text(self) -> None:
        assert sources("- [ ] a\n- [x] b\n\n> [!NOTE]\n> c\n\n::: tip\nd\n:::\n") == ["a", "b", "c", "d"]

    def test_notes_are_texts_behind_their_labels_each_its_own(self) -> None:
        assert sources("[^1]: one\n[^二]: two\nmore\n") == ["one", "two\nmore"]
        assert written("[^1]: one\n[^2]: two\n", "1", "2") == "[^1]: 1\n[^2]: 2\n"


class TestHeadings:
    def test_are_found_with_closing_marks_and_underlines(self) -> None:
        text = "# A ##\n\nB\n===\n\nC\nD\n---\n\n## E#\n"
        assert sources(text) == ["A", "B", "C\nD", "E#"]
        assert written(text, "1st", "2nd", "3rd", "4th") == "# 1st ##\n\n2nd\n===\n\n3rd\n---\n\n## 4th\n"

    def test_part_scenes_and_so_do_rules(self) -> None:
        assert keys("# T\n\n## One\n\na\n\nb\n\n## Two\n\nc\n\n***\n\nd\n") == [
            "1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "3.1",
        ]  # fmt: skip


class TestTables:
    TEXT = "> | a | b \\| c |\n> |---|:-:|\n> | x | `y` |\n> | z\n"

    def test_cells_are_texts_and_code_is_not(self) -> None:
        assert sources(self.TEXT) == ["a", "b \\| c", "x", "z"]
        assert written(self.TEXT, "A", "B", "X", "Z") == "> | A | B |\n> |---|:-:|\n> | X | `y` |\n> | Z\n"

    def test_without_pipes_at_the_edges(self) -> None:
        assert sources("> a | b\n> --|--\n> c | d\n") == ["a", "b", "c", "d"]

    @pytest.mark.parametrize("target", ["a | b", "|", "x\ny", "`a|b`"])
    def test_a_target_that_would_be_more_cells_is_refused(self, target: str) -> None:
        with pytest.raises(RefusedTargetError, match=r"1\.1"):
            opened(self.TEXT).render({"1.1": target})


class TestHeldBack:
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("```js\nlet a\n```", "code"),
            ("    let a", "code"),
            ("<div>\na\n</div>", "HTML"),
            ("<!-- a\n\nb -->", "HTML"),
            ("[a]: /b 'c'", "link reference"),
            ("[a]:\n/b\n'c'", "link reference"),
            ("`only`", "code or address only"),
            ("https://example.org/a", "code or address only"),
        ],
    )
    def test_what_is_no_language(self, text: str, reason: str) -> None:
        assert held(f"{text}\n\nfiller\n") == [(text, reason)]
        assert sources(f"{text}\n\nfiller\n") == ["filler"]

    @pytest.mark.parametrize("text", ["---\ntitle: x\n# note\n---\n", "+++\na = 1\n+++\n", "---\na: |\n  b\n...\n"])
    def test_front_matter(self, text: str) -> None:
        assert sources(text + "body\n") == ["body"]
        assert held(text + "body\n") == [(text.rstrip("\n"), "front matter")]

    def test_a_rule_at_the_start_is_no_front_matter(self) -> None:
        assert sources("---\n\nA sentence.\n\n---\n") == ["A sentence."]

    def test_what_is_nested_deeper_than_anybody_writes(self) -> None:
        assert held(">" * 40 + "deep\n\ntext\n") == [(">" * 40 + "deep", "nested too deeply")]
        assert isinstance(opened("x"), HoldsBack)

    def test_a_long_rule_is_no_nesting(self) -> None:
        assert held("- - - - - - - - - - - - -\n\na\n") == []


class TestInline:
    @pytest.mark.parametrize(
        "text", ["snake_case and file_name_x", "5 * 3 = 15", "a ~ b", "$5 and $10", "A ($$) and B ($$)", "C# a [b] c"]
    )
    def test_no_markup(self, text: str) -> None:
        assert codes(text) == []

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("a `b` ``c ` d`` e", ["`b`", "``c ` d``"]),
            ("`` unclosed ` x", []),
            ("[a](b 'c') d", ["[", "](b 'c')"]),
            ("[a *b* [c]](<d e>)", ["[", "*", "*", "](<d e>)"]),
            ("![alt](x(y).png)", ["![", "](x(y).png)"]),
            ("[![alt](i.png)](u)", ["[", "![", "](i.png)", "](u)"]),
            ("[a][b] [c][]", ["[", "][b]", "[c][]"]),
            ("x[^1]", ["[^1]"]),
            ("<https://a.b/c_d> <a@b.c>", ["<https://a.b/c_d>", "<a@b.c>"]),
            ("見よhttps://a.b/c。", ["https://a.b/c"]),
            ("**a** _b_ ~~c~~", ["**", "**", "_", "_", "~~", "~~"]),
            ("これは**重要**だ", ["**", "**"]),
            ("<b>a</b> &amp; \\*", ["<b>", "</b>", "&amp;", "\\*"]),
            ("$x_1$ and $$y$$", ["$x_1$", "$$y$$"]),
        ],
    )
    def test_codes_are_kept(self, text: str, found: list[str]) -> None:
        assert codes(text) == found

    @pytest.mark.parametrize("code", ["`a\nb`", "$$a\n= b$$", "[x](u\n'y')", "[x][a\nb]", "<b\nid=1>"])
    def test_a_code_over_a_lines_end_is_the_one_that_joined_lines_have(self, code: str) -> None:
        text = f"See {code} there\nand here"
        (joined,) = split_paragraphs(text, opened(text).segments[0].limits, MARKUP)
        assert codes(MARKUP.normalise(text)) == codes(joined)
        assert codes(joined)

    def test_emphasis_opens_and_closes(self) -> None:
        fates = [p.rule.fate for p in MARKUP.tokenize('**"a"**, (_b_) *c*.') if p.rule]
        assert fates == [Fate.OPEN, Fate.CLOSE] * 3

    @pytest.mark.parametrize(
        ("ruby", "wanted"),
        [
            ("drop", "霧が｜合図".replace("｜", "")),
            ("keep", "<ruby>霧<rt>きり</rt></ruby>が｜合図《あいず》"),
            ("parens", "霧（きり）が合図（あいず）"),
        ],
    )
    def test_readings_become_what_the_setting_says(self, ruby: str, wanted: str) -> None:
        markup = FORMAT.markup({"ruby": ruby})
        text = markup.normalise("<ruby>霧<rt>きり</rt></ruby>が｜合図《あいず》")
        shown = "".join(p.text for p in markup.tokenize(text) if not p.rule or p.rule.fate is not Fate.DROP)
        assert shown == wanted


class TestLinksByLabel:
    @pytest.mark.parametrize(
        ("link", "source", "new"),
        [
            ("[a b]", "[a b][a b]", "[x][a b]"),
            ("[a b][]", "[a b][ a b]", "[x][ a b]"),
            ("[a b][a b]", "[a b][a b ]", "[x][a b ]"),
            ("[A\nb]", "[A\nb][A b]", "[x][A b]"),
            ("![a b]", "![a b][a b]", "![x][a b]"),
            ("[q][a b]", "[q][a b]", "[x][a b]"),
        ],
    )
    def test_have_the_label_as_a_code_so_that_their_words_can_be_translated(
        self, link: str, source: str, new: str
    ) -> None:
        text = f"See {link}.\n\n[a b]: /u\n"
        assert sources(text) == [f"See {source}."]
        assert codes(source) == [source[: source.index("[") + 1], source[source.index("]") :]]
        made = written(text, f"Vide {new}!")
        assert made == f"Vide {new}!\n\n[a b]: /u\n"
        assert '="/u"' in MarkdownIt().render(made)
        assert written(made, f"See {source}.") == text

    @pytest.mark.parametrize("text", ["[b]", "`[a]`", "\\[a]", "[a](b)", "[^a]", "$x[a]$", "[a][b]"])
    def test_are_told_from_what_is_none(self, text: str) -> None:
        assert sources(f"q {text}\n\n[a]: /u\n") == [f"q {text}"]

    def test_of_code_alone_are_held_back(self) -> None:
        assert held("[`a`]\n\n[`a`]: /u\n")[0] == ("[`a`]", "code or address only")

    def test_the_original_beside_a_translation_is_the_file_s(self) -> None:
        text = "[a]\n\n[a]: /u\n"
        assert written(text, "[x][a]", bilingual="side") == "[a]　／　[x][a]\n\n[a]: /u\n"


class TestFormulas:
    @pytest.mark.parametrize("text", ["$$\na\n- b\n= c\n$$", "$$ a\nb $$", "\\[\na\n\\]", "> $$\n> a\n> $$"])
    def test_over_several_lines_are_held_back(self, text: str) -> None:
        assert held(f"{text}\n\nfiller\n") == [(text, "formula")]
        assert written(f"{text}\n\nfiller\n", "x") == f"{text}\n\nx\n"

    def test_part_a_paragraph(self) -> None:
        assert sources("a\n$$\nb\n$$\nc\n") == ["a", "c"]

    @pytest.mark.parametrize("text", ["\\[a\nb\\]", "$$ a\nb", "$$\na $$ b", "$$ a $$ b\n$$"])
    def test_are_told_from_text(self, text: str) -> None:
        assert sources(text) == [text]

    def test_in_a_text_are_codes_over_lines_too(self) -> None:
        assert codes("a $$b\n= c$$") == ["$$b\n= c$$"]
        assert codes(f"$$ {'x ^ ' * 900} $$") == [f"$$ {'x ^ ' * 900} $$"]


class TestTargets:
    @pytest.mark.parametrize(
        "target",
        [
            "# x", "- x", "1. x", "> x", "x\n\ny", "```", "***", "    x", " x", "x  ", "[a]: b", "<div>", "x\n===",
            "x\n- y", "|a|\n|-|", "", "…", "x\ry", "x\0y", "a\\\nb", "a  \nb", "[^1]: x", "::: x", "`code`", "\ufeffx",
        ],
    )  # fmt: skip
    def test_that_would_be_read_otherwise_are_refused_by_key(self, target: str) -> None:
        document = opened("before\n\ntext\n\nafter\n")
        with pytest.raises(RefusedTargetError) as refused:
            document.render({"1.1": "fine", "1.2": target})
        assert refused.value.key == "1.2"

    def test_a_key_that_is_not_there_is_a_key_error(self) -> None:
        with pytest.raises(KeyError):
            opened("a\n").render({"9.9": "x"})

    def test_bytes_outside_stay_in_another_charset_too(self) -> None:
        blob = "# 題 #\r\n\r\n文。\n".encode("cp932")
        document = FORMAT.open(blob, options=FormatOptions(charset="cp932"))
        assert document.render({"1.2": "訳。"}) == "# 題 #\r\n\r\n訳。\n".encode("cp932")


class TestBilingual:
    TEXT = "# 題\n\n> 一、\n> 二。\n\n|a|\n|-|\n|b|\n"

    @pytest.mark.parametrize(
        ("place", "wanted"),
        [
            ("above", "# 題 / T\n\n> 一、\n> 二。  \n> One.\n\n|a<br>A|\n|-|\n|b|\n"),
            ("below", "# T / 題\n\n> One.  \n> 一、\n> 二。\n\n|A<br>a|\n|-|\n|b|\n"),
            ("side", "# 題　／　T\n\n> 一、二。　／　One.\n\n|a　／　A|\n|-|\n|b|\n"),
        ],
    )
    def test_the_original_stays_where_it_is_wanted(self, place: str, wanted: str) -> None:
        assert written(self.TEXT, "T", "One.", "A", "b", bilingual=place) == wanted

    @pytest.mark.parametrize(("place", "wanted"), [("below", "# T / 題 {#id}\n"), ("above", "# 題 / T {#id}\n")])
    def test_a_heading_s_name_stands_behind_both(self, place: str, wanted: str) -> None:
        assert written("# 題 {#id}\n", "T {#id}", bilingual=place) == wanted

    def test_an_original_that_would_begin_a_list_beside_its_translation_is_refused(self) -> None:
        document = opened("[^1]: - a\n", {"bilingual": "below"})
        with pytest.raises(RefusedTargetError, match="beside"):
            document.render({"1.1": "x"})

    def test_nothing_changes_where_nothing_is_translated(self) -> None:
        document = opened(self.TEXT, {"bilingual": "above"})
        assert document.render({s.key: s.source for s in document.segments}).decode() == self.TEXT


class TestFiles:
    def test_are_claimed_by_name(self) -> None:
        assert FORMAT.sniff(PurePath("a/README.MD"), b"# x") is Confidence.LIKELY
        assert FORMAT.sniff(PurePath("a.markdown"), "# 題".encode("cp932")) is not Confidence.NONE
        assert FORMAT.sniff(PurePath("a.txt"), b"# x") is Confidence.NONE
        assert FORMAT.sniff(PurePath("a.md"), b"\0\xff\1\xfe\3" * 20) is Confidence.NONE

    def test_without_text_say_so(self) -> None:
        assert opened("***\n").notices == ("no text: there are only blank lines and signs",)
        assert "(HTML, code)" in opened("<p>a</p>\n\n```\nb\n```\n").notices[0]


MARKED = st.lists(
    st.sampled_from(
        ["# ", "- ", "> ", "1. ", "\n", "\n\n", "a", "[a]", "[a][]", "[a][a]",
         "$$", "\\[\n", "\\]\n", "。", "　", "  \n", "\\\n", "|", "|\n|-|-|\n", "---\n", "```\n",
         "`", "*", "_", "[a]: b\n", "[^1]: ", "[", "]", "(b)", "<div>", "<!--", "-->", "\t", "    ", "\r", "\r\n",
         "+++\n", "a: b\n", "===\n", "::: x\n", "[ ] ", "[!NOTE]", "\\", "\x0b", "\x85", "\u2028", "\ufeff", "word "]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(st.one_of(MARKED, st.text()))
def test_any_text_is_written_back_as_it_is(text: str) -> None:
    try:
        blob = text.encode()
    except UnicodeEncodeError:
        return
    document = FORMAT.open(blob, options=FormatOptions(charset="utf-8"))
    assert document.render({}) == blob
    assert document.render({s.key: s.source for s in document.segments}) == blob


@given(MARKED)
def test_marked_texts_are_read_as_they_were_written_or_refused(text: str) -> None:
    document = FORMAT.open(text.encode(), options=FormatOptions(charset="utf-8"))
    try:
        targets, blob = marked(document, document.segments)
    except RefusedTargetError:
        return
    again = FORMAT.open(blob, options=FormatOptions(charset="utf-8"))
    assert {s.key: s.source for s in again.segments} == targets


@pytest.mark.parametrize("where", ["above", "below", "side"])
@pytest.mark.parametrize("around", ["{}\n", "> {}\n", "# {}\n", "| a |\n|---|\n| {} |\n"])
@pytest.mark.parametrize("text", ["2*3は6", "閉じない`文", "A **b*c", "`a` と `b", "終わり\\"])
def test_marks_that_nothing_closes_are_not_closed_by_those_of_the_original(text: str, around: str, where: str) -> None:
    reader = MarkdownIt("commonmark").enable("table")
    page = around.format(text)
    targets = [f"x {s.source}" for s in opened(page).segments]
    shown = reader.render(written(page, *targets, bilingual=where))
    assert "<em>" not in shown
    assert shown.count("<code>") == 2 * (text.count("`") // 2)
    assert shown.count("x ") == len(targets)
    assert shown.count(reader.renderInline(text)) == 2
