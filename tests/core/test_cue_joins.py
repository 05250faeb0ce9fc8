import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.cue_joins import find_sentences, joined
from translator.core.cue_split import part, shares_of
from translator.core.cues import Cue
from translator.core.markup import Fate, MarkupRule, MarkupSyntax
from translator.core.scripts import width

MARKUP = MarkupSyntax((MarkupRule(r"</\w>", Fate.CLOSE), MarkupRule(r"<\w>", Fate.OPEN), MarkupRule(r"\{\\[^{}]*\}")))


def cues(*texts: str, gap: float = 0.1, speaker: tuple[str | None, ...] = ()) -> list[Cue]:
    who = [*speaker, *[None] * (len(texts) - len(speaker))]
    return [Cue(str(n), n * 2.0, n * 2.0 + 2.0 - gap, text, speaker=who[n]) for n, text in enumerate(texts)]


def sentences(*texts: str, gap: float = 0.1) -> list[list[str]]:
    return [[cue.text for cue in group] for group in find_sentences(cues(*texts, gap=gap), MARKUP).values()]


class TestSentences:
    @pytest.mark.parametrize(
        "texts",
        [
            ("When the river was young,", "the ferryman rowed alone."),
            ("I told", "Mary about Mr.", "Smith."),
            ("渡し守はひとりで", "月まで漕いだ。"),
            ("舟を", "降りた"),
            ("舟は→", "来ない"),
            ("因为他昨天", "没有来。"),
            ("he waited…", "…and waited."),
            ("<i>I only want</i>", "<i>to know.</i>"),
            (r"{\an8}I only want", r"{\an8}to know."),
            (r"{\an8}I only want", "to know."),
            ("I want <i>the</i>", "moon to know."),
            ("I want the", "<i>moon</i> to know."),
            ("<i>I only want", "to know.</i>"),
            ("<i>I only</i>\n<i>want</i>", "<i>to know.</i>"),
            ("I want <i>the", "moon</i> to know."),
        ],
    )
    def test_go_over_cues_that_belong_together(self, texts: tuple[str, ...]) -> None:
        assert sentences(*texts) == [list(texts)]

    @pytest.mark.parametrize(
        "texts",
        [
            ("Who is there?", "me, of course."),
            ("I only want", "- what?"),
            ("- I only want", "to know."),
            ("He said", "MIO: what?"),
            ("He said", "(laughs) no."),
            ("♪ The moon", "is late ♪"),
            ("no capital", "and no full stop"),
            ("こんにちは", "いい天気ですね"),
            ("確かに", "そうだ"),
            ("この気持ちは何だ　教えてくれ君は", "知らない"),
            ("<i>He thinks</i>", "of home."),
            ("He thinks", "<i>of home.</i>"),
            ("<i>He thinks</i>", "<b>of home.</b>"),
            ("<i>He</i>\nthinks", "of home."),
            ("He thinks <i>of", "home."),
            ("He said —", "nothing."),
            ("The one\n\nand", "the other."),
            ("- a\n- b", "and c."),
        ],
    )
    def test_end_where_they_are_not_surely_one(self, texts: tuple[str, ...]) -> None:
        assert sentences(*texts) == []

    def test_never_go_over_a_pause_or_to_another_speaker(self) -> None:
        assert sentences("The moon", "is late.", gap=1.5) == []
        assert find_sentences(cues("The moon", "is late.", speaker=("Mio", "Father")), MARKUP) == {}

    def test_are_at_most_six_cues(self) -> None:
        assert [len(group) for group in sentences(*["the moon,"] * 9, "late.")] == [6, 4]


class TestJoined:
    def test_has_spaces_between_words_only(self) -> None:
        assert joined(["a\nb", "c"], MARKUP).source == "a b c"
        assert joined(["渡し守は", "月まで"], MARKUP).source == "渡し守は月まで"
        assert joined(["a ", "b"], MARKUP).source == "a b"

    @pytest.mark.parametrize("around", [("", ""), ("⟦", "⟧"), ("x", "")])
    def test_is_cut_where_it_was_where_the_text_is_in_the_target(self, around: tuple[str, str]) -> None:
        one = joined(["a\nb", "c d"], MARKUP)
        assert one.kept(f"{around[0]}a b c d{around[1]}") == [f"{around[0]}a\nb", f"c d{around[1]}"]

    def test_is_cut_where_it_was_where_the_target_is_in_it(self) -> None:
        assert joined(["(a", "b)"], MARKUP).kept("a b") == ["a", "b"]
        assert joined(["(a", "b)"], MARKUP).kept("a") is None
        assert joined(["a", "b"], MARKUP).kept("c d") is None


class TestPart:
    def test_cuts_at_the_cues_share(self) -> None:
        assert part("one two three four", [0.5, 0.5], 42, MARKUP) == ["one two", "three four"]
        assert part("one two three four", [0.2, 0.8], 42, MARKUP) == ["one", "two three four"]

    def test_cuts_behind_marks_rather_than_between_words(self) -> None:
        assert part("When it is late, he goes to bed", [0.5, 0.5], 42, MARKUP) == ["When it is late,", "he goes to bed"]
        assert part("今天天气很好。我们一起去散步吧", [0.5, 0.5], 36, MARKUP) == ["今天天气很好。", "我们一起去散步吧"]

    def test_never_cuts_words_codes_or_pairs(self) -> None:
        assert part("Yes", [0.5, 0.5], 42, MARKUP) == ["Yes", ""]
        assert part("full-width", [0.5, 0.5], 42, MARKUP) == ["full-width", ""]
        assert part("a <i>b c d e</i>", [0.5, 0.5], 42, MARKUP) == ["a", "<i>b c d e</i>"]

    def test_gives_each_cue_text_where_there_are_places_enough(self) -> None:
        assert part("a b c", [0.98, 0.01, 0.01], 42, MARKUP) == ["a", "b", "c"]
        assert part("a b", [0.4, 0.3, 0.3], 42, MARKUP) == ["a", "b", ""]

    def test_wraps_what_is_too_wide(self) -> None:
        pieces = part("word " * 30 + "end", [0.5, 0.5], 42, MARKUP)
        assert all(width(line) <= 42 for piece in pieces for line in piece.split("\n"))

    @given(
        st.text(alphabet="ab 、。!日本<i>/-…", min_size=1, max_size=60).map(str.strip).filter(bool),
        st.lists(st.floats(0.05, 1.0), min_size=2, max_size=5),
    )
    def test_makes_pieces_that_are_the_text_again(self, text: str, shares: list[float]) -> None:
        pieces = part(text, [share / sum(shares) for share in shares], 20, MARKUP)
        assert len(pieces) == len(shares)
        assert joined([piece for piece in pieces if piece], MARKUP).source == text


def test_shares_are_between_those_of_text_and_time() -> None:
    assert shares_of([1, 3], [3.0, 1.0]) == [0.5, 0.5]
    assert shares_of([1, 1], [0.0, 0.0]) == [0.5, 0.5]


def test_a_cue_without_text_belongs_to_no_sentence() -> None:
    assert sentences("The moon", "", "is late.") == []
    assert sentences("<i>The moon</i>", "<i></i>", "<i>is late.</i>") == [["<i>The moon</i>", "<i></i>"]]
