from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.backend import Abort
from translator.core.loops import loop, own_repetition, tolerated
from translator.engine.watch import LOOP, REMARK, TEMPLATE, THOUGHT, TOO_LONG, TOO_MANY_LINES, Watch

LINE = "「ここは始まりの村です。ゆっくりしていってくださいね」"
PROSE = (
    "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所でニャーニャー泣いて"
    "いた事だけは記憶している。吾輩はここで始めて人間というものを見た。しかもあとで聞くとそれは書生という人間中で一番"
    "獰悪な種族であったそうだ。この書生というのは時々我々を捕えて煮て食うという話である。"
)
ENGLISH = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it"
    " was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the winter"
)


def growing(text: str, size: int) -> Iterator[str]:
    for end in range(size, len(text) + size, size):
        yield text[:end]


def first_abort(watch: Watch, texts: Iterable[str]) -> tuple[Abort, int] | None:
    for text in texts:
        abort = watch(text)
        if abort is not None:
            return abort, len(text)
    return None


@pytest.mark.parametrize("size", [1, 3, 17])
@pytest.mark.parametrize(
    "period",
    [
        "哈",
        "呜啊",
        "不要不要，",
        "他说：「好的。」",
        "我知道了。\n",
        PROSE[:60],
        f"{LINE}\n{PROSE[:30]}\n{PROSE[40:90]}\n",
        "".join(f"{number} {ENGLISH[number : number + 97]}\n" for number in range(0, 100, 20)),
        "".join(f"{number} {ENGLISH[number : number + 117]}\n" for number in range(12)),
    ],
)
def test_a_loop_of_any_period_is_seen_within_a_few_rounds(period: str, size: int) -> None:
    found = first_abort(Watch(None, 100_000, source=PROSE), growing("起初一切正常。" + period * 400, size))
    assert found is not None
    abort, length = found
    assert abort.code == LOOP
    assert length < tolerated(len(period)) + len(period) + 64 + size + 7
    assert tolerated(len(period)) < 50 + 4 * len(period)
    assert len(period) < 100 or tolerated(len(period)) < 3 * len(period)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("「あああああああああああああああああああああああああああああああああああああ！」", "「" + "啊" * 60 + "！」"),
        ("…" * 40, "…" * 60),
        ("―" * 50, "—" * 80),
        ("\n".join(["「……」"] * 12), "\n".join(["「……」"] * 12)),
        (
            "ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、ドクン、",
            "扑通，" * 24,
        ),
        ("ははははは", "哈哈哈哈哈哈哈哈"),
        (PROSE, PROSE),
        (PROSE, "=" * 40),
    ],
)
def test_repetition_that_the_source_has_too_is_no_loop(source: str, answer: str) -> None:
    watch = Watch(None, 100_000, source=source)
    assert first_abort(watch, growing(answer, 1)) is None
    assert watch.final(answer) is None


def test_a_loop_that_ends_with_the_answer_is_seen_at_its_end() -> None:
    answer = "好的。" * 25
    watch = Watch(1, 10_000, source=LINE)
    assert watch(answer[:20]) is None
    found = watch.final(answer)
    assert found is not None
    assert found.code == LOOP


def test_one_line_more_than_asked_stops_the_answer_when_something_stands_on_it() -> None:
    watch = Watch(2, 1000)
    assert watch("一") is None
    assert watch("一\n二") is None
    assert watch("一\n二\n") is None
    assert watch("一\n二\n\n  ") is None
    found = watch("一\n二\n\n  三")
    assert found is not None
    assert found.code == TOO_MANY_LINES


@given(st.text(alphabet="あ \n", max_size=60), st.integers(1, 7), st.integers(0, 10))
def test_lines_are_counted_alike_however_the_answer_is_cut(text: str, size: int, wanted: int) -> None:
    lines = sum(1 for line in text.split("\n") if line.strip())
    found = first_abort(Watch(wanted, 10_000), growing(text, size))
    assert (found is not None) == (lines > wanted)


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("以下是翻译：\n一\n二", None),
        ("好的，翻译如下：\n\n一\n二", None),
        ("Sure, here is the translation:\n```\n一\n二", None),
        ("一\n二\n\n（注：以上为译文。）", REMARK),
        ("```\n一\n二\n```", REMARK),
        ("以下是翻译：\n一\n二\nI hope this helps!", REMARK),
        ("一\n二\n（注意！）", TOO_MANY_LINES),
        ("一\n二\nI hope so.", TOO_MANY_LINES),
        ("以下是我的家：\n一\n二", TOO_MANY_LINES),
    ],
)
def test_what_only_announces_or_explains_a_translation_is_no_line_of_it(
    answer: str, code: str | None, size: int
) -> None:
    watch = Watch(2, 1000, source="ここは村です。\nようこそ。")
    found = first_abort(watch, growing(answer, size))
    abort = watch.final(answer) if found is None else found[0]
    assert (None if abort is None else abort.code) == code


def test_a_sentence_about_translations_is_a_line_where_the_source_speaks_of_them() -> None:
    found = first_abort(Watch(2, 1000, source="翻訳は以下の通り：\n一"), growing("以下是翻译：\n一\n二", 3))
    assert found is not None
    assert found[0].code == TOO_MANY_LINES


def test_a_thought_that_turns_out_not_to_be_the_answer_is_forgotten() -> None:
    watch = Watch(2, 1000)
    assert watch("好的\n二") is None
    assert watch("一") is None
    assert watch("一\n二") is None
    assert watch("一\n二\n三") is not None


def test_lines_are_counted_at_an_answers_end_where_it_came_in_one_piece() -> None:
    found = Watch(2, 1000).final("一\n二\n三")
    assert found is not None
    assert found.code == TOO_MANY_LINES


def test_an_answer_beyond_its_length_is_stopped() -> None:
    watch = Watch(None, 30)
    assert watch(PROSE[:30]) is None
    found = watch(PROSE[:31])
    assert found is not None
    assert found.code == TOO_LONG


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("<|im_start|>", TEMPLATE),
        ("<|im_end|>", TEMPLATE),
        ("<end_of_turn>", TEMPLATE),
        ("</s>", TEMPLATE),
        ("<think>", THOUGHT),
        ("</thinking>", THOUGHT),
    ],
)
def test_marks_of_the_template_and_thoughts_stop_the_answer(mark: str, code: str, size: int) -> None:
    found = first_abort(Watch(5, 1000), growing(f"你好。{mark}user\n请继续。", size))
    assert found is not None
    assert found[0].code == code
    assert ("--profile reasoning" if code == THOUGHT else mark) in found[0].message


def test_a_mark_that_the_source_has_itself_is_text() -> None:
    assert Watch(5, 1000, source="<think>と書く")("写<think>") is None
    assert Watch(5, 1000, source="<s>昔</s>と<|押す|>")("<s>以前</s>和<|押す|>") is None


@given(st.text(alphabet="ab", min_size=1, max_size=5), st.integers(1, 40), st.text(max_size=20))
def test_the_period_that_is_named_is_one_of_the_text(period: str, rounds: int, before: str) -> None:
    text = before + period * rounds
    found = loop(text)
    if len(period) * rounds >= tolerated(len(period)):
        assert found is not None
    if found is not None:
        assert text.endswith(text[-found:] * 2)


def test_the_sources_own_repetition_is_its_longest_stretch_of_each_period() -> None:
    assert own_repetition("") == ()
    assert own_repetition("あいうえお") == ()
    assert own_repetition("うわああああ、どきどきどき") == ((1, 4), (2, 6))
    assert (9, 27) in own_repetition("\n".join(["「あ」", "「うん」"] * 3))


def test_steps_per_character_do_not_grow_with_the_answer() -> None:
    def lines_run(length: int) -> int:
        import sys  # noqa: PLC0415 -- only this test counts steps

        watch = Watch(None, 10**9, source=PROSE)
        # Differs everywhere, but its last characters were there before: the closer look is taken each time.
        text = "".join(f"{i:05d}{LINE[:12]}" for i in range(length // 17))
        count = 0

        def trace(*_: object) -> object:
            nonlocal count
            count += 1
            return trace

        texts = list(growing(text, 5))
        old = sys.gettrace()
        sys.settrace(trace)  # type: ignore[arg-type]  # the stubs want a recursive type
        try:
            for part in texts:
                assert watch(part) is None
        finally:
            sys.settrace(old)
        return count

    short, long = lines_run(3_000), lines_run(12_000)
    assert long < 5 * short


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("answer", "stopped"),
    [
        ("1. One.\n2. Two.\n", False),
        ("1. One.\n2. Two.\n3. Three.", True),
        ("Here you are:\n\n1) One.\n2) 2024. A year.\n", False),
        ("1、一\n2、二\n3、三", True),
        ("1.一\n2.二\n3.三", True),
        ("１．一\n２．二\n３．三", True),
        ("[1] a\n[2] b\n[3] c", True),
        ("(1) a\n(2) b\n(3) c", True),
        ("【1】甲\n【2】乙\n【3】丙", True),
        ("- 1. a\n- 2. b\n- 3. c", True),
        ('{"1": "a", "2": "b", "3": "c"}', True),
        ('{"1": "a", "2": "3: c"}', False),
        ('{\n    "1": "a",\n    "2": "b",\n    "3": "c"\n}', True),
        ('[{"id": 1, "text": "the form"}]\n[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}]', False),
        ("[" + '{"id": 1, "text": "a"}, ' * 5 + "]", True),
        ("1. a\n2. b\n" * 3, True),
        ('{"translations": [{"id": 1, "text": "3. x"}, {"id": 2, "text": "y"}]}', False),
        ('{"translations": [{"id": 1, "text": "x"}, {"id": 2, "text": "y"}, {"id": 3, "te', True),
        ("1. One costs\n2.50 each\n2. Two", False),
    ],
)
def test_a_numbered_text_more_than_asked_stops_the_answer(answer: str, size: int, *, stopped: bool) -> None:
    watch = Watch(None, 1000, items=2)
    found = first_abort(watch, growing(answer, size))
    abort = watch.final(answer) if found is None else found[0]
    assert (abort is not None and abort.code == TOO_MANY_LINES) == stopped
