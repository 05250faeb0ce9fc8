import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.markup import NO_MARKUP, Fate, MarkupRule, MarkupSyntax
from translator.core.sentences import cut, split_sentences

TAGS = MarkupSyntax(
    (
        MarkupRule(r"</\w+>", Fate.CLOSE),
        MarkupRule(r"<\w+>", Fate.OPEN),
        MarkupRule(r"《[^》]*》", Fate.DROP),
        MarkupRule(r"\[.*?\]"),
    )
)


@pytest.mark.parametrize(
    "sentences",
    [
        ["彼は言った。", "「行くぞ。早く！」と叫ぶ。", "そして走った……。", "え？！　", "そう。"],
        ["「あ。」", "「い！」", "「う」"],
        ["「そう。」", "彼は黙った。"],
        ["「閉じない。", "次。"],
        ["Hello there. ", "It is 3.14 e.g. this one. ", '"Go!" ', "He left with Mr. Smith."],
        ["他说：“好。走吧！”", "然后走了。", "她没有。"],
        ['"Go!" he said. ', "What? ", "No."],
        ["一行\n", "二行\n\n", "三行"],
        ["……　", "そう。"],
        ["<b>太い。字。</b>次。", "その次。"],
        ["臆病《おくびょう。》だ。", "次[r.]。", "終わり"],
        ["終わりがない"],
    ],
)
def test_splits_at_sentence_ends_outside_of_speech_and_markup(sentences: list[str]) -> None:
    assert split_sentences("".join(sentences), TAGS) == sentences


def test_nothing_has_no_sentences() -> None:
    assert split_sentences("", NO_MARKUP) == []


@given(st.text(st.sampled_from("あa。！？.!? 「」『』“”…\n<b></b>《》[]x")))
def test_joined_sentences_are_the_text_and_no_split_falls_into_a_code(text: str) -> None:
    sentences = split_sentences(text, TAGS)
    assert "".join(sentences) == text
    assert all(sentences)
    inside: set[int] = set()
    position = 0
    for piece in TAGS.tokenize(text):
        if piece.is_code:
            inside |= set(range(position + 1, position + len(piece.text)))
        position += len(piece.text)
    ends = [len("".join(sentences[: n + 1])) for n in range(len(sentences) - 1)]
    assert not inside & set(ends)


@given(st.text("あい、 \\C[]1", max_size=200), st.integers(1, 30))
def test_a_text_that_is_cut_is_whole_again_when_joined_and_keeps_its_codes(text: str, limit: int) -> None:
    markup = MarkupSyntax((MarkupRule(r"\\C\[\d+\]"),))
    pieces = cut(text, limit, markup)
    assert "".join(pieces) == text
    assert [code for piece in pieces for code in markup.codes(piece)] == markup.codes(text)
    # Longer than the limit is only what ends in codes, which are never torn.
    assert all(len(piece) <= limit or markup.codes(piece[limit - 5 :]) for piece in pieces)


def test_a_text_is_cut_after_a_comma_where_there_is_one() -> None:
    assert cut("あいうえ、かきくけこさし", 8, NO_MARKUP) == ["あいうえ、", "かきくけこさし"]
    assert cut("あいうえおかきくけこ", 8, NO_MARKUP) == ["あいうえおかきく", "けこ"]
