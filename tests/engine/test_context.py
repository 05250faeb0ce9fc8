"""What a batch is shown of the batches before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.core.backend import Message, Request, Sampling
from translator.core.languages import language
from translator.core.markup import MarkupRule, MarkupSyntax
from translator.core.segment import Role
from translator.core.work import Attempt, Batch, GlossaryEntry, Outcome, Recorded, Unit
from translator.engine import prepare, prompt
from translator.engine.context import Histories, Window, extended
from translator.engine.desk import Desk
from translator.engine.turns import Recaller
from translator.profiles.profile import (
    Budget,
    CodeStyle,
    Context,
    ContextPolicy,
    Normalisation,
    Pairs,
    Profile,
    Style,
    Templates,
)


def desk(policy: ContextPolicy, tokens: int = 10_000, target: str = "zh-CN", **changes: object) -> Desk:
    profile = Profile(
        id="test",
        title="Test",
        version=1,
        fingerprint="test",
        style=Style.LINES,
        languages=Pairs(default=("ja", "zh-CN"), pairs=(("ja", "zh-CN"),), convert=(("zh-TW", "zh-CN", "s2twp"),)),
        sampling=Sampling(),
        templates=Templates(
            system="译者", user="译：{text}", user_with_glossary="表：{glossary}\n译：{text}", history="前：{context}\n"
        ),
        context=Context(policy, tokens),
        budget=Budget(lines=4, line_characters=20),
        normalise=Normalisation(digits=True),
    )
    profile = replace(profile, **changes)
    markup = MarkupSyntax((MarkupRule(r"\\[CV]\[\d+\]"),))
    return Desk(profile, language("ja"), language(target), "model", 2048, {"f": markup})


@dataclass
class Record:
    """A ledger that only remembers."""

    batches: list[Batch]
    targets: dict[int, str | None] = field(default_factory=dict[int, str | None])
    read: int = 0

    def pending(self) -> Iterator[Batch]:
        return iter(self.batches)

    def recorded(self, batch: int) -> Recorded | None:
        self.read += 1
        found = self.batches[batch]
        return Recorded(found, tuple(self.targets.get(unit.id) for unit in found.units))

    def chain(self, batch: int) -> Sequence[int]:
        after = self.batches[batch].after
        return [batch] if after is None else [*self.chain(after), batch]

    async def settle(self, batch: Batch, outcomes: Sequence[Outcome], attempts: Sequence[Attempt]) -> None:
        raise NotImplementedError


def unit(number: int, source: str, **changes: object) -> Unit:
    return replace(Unit(number, source, Role.DIALOGUE, "a", "f"), **changes)


def record(*batches: Sequence[tuple[str, str | None]]) -> Record:
    """Batches of one scene, each of (source, translation)."""
    made = Record([])
    number = 0
    for place, pairs in enumerate(batches):
        units: list[Unit] = []
        for source, target in pairs:
            units.append(unit(number, source))
            made.targets[number] = target
            number += 1
        made.batches.append(Batch(place, "a", tuple(units), place - 1 if place else None))
    return made


def request(on: Desk, units: Sequence[Unit], window: Window) -> Request:
    return prompt.build(on, [prepare.prepare(each, on) for each in units], context=window, sampling=Sampling())


def messages(on: Desk, book: Record, batch: int) -> list[tuple[str, str]]:
    """What is sent for a batch, without the system text."""
    made = request(on, book.batches[batch].units, Histories(on, book).before(book.batches[batch]))
    return [(message.role, message.content) for message in made.messages[1:]]


BOOK = record(
    [("おはよう。", "早上好。"), ("はい。", None)],
    [("行こう。", "走吧。")],
    [("うん。", None)],
)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (ContextPolicy.NONE, [("user", "译：うん。")]),
        (ContextPolicy.SOURCE, [("user", "前：おはよう。\nはい。\n行こう。\n译：うん。")]),
        (ContextPolicy.ASSISTANT, [("assistant", "早上好。\n走吧。"), ("user", "译：うん。")]),
        (ContextPolicy.HISTORY, [("user", "前：早上好。\n走吧。\n译：うん。")]),
        (
            ContextPolicy.PAIR,
            [
                ("user", "译：おはよう。"),
                ("assistant", "早上好。"),
                ("user", "译：行こう。"),
                ("assistant", "走吧。"),
                ("user", "译：うん。"),
            ],
        ),
    ],
)
def test_each_policy_shows_the_batches_before_in_its_way(policy: ContextPolicy, expected: list[Message]) -> None:
    template = "{history}译：{text}" if policy in {ContextPolicy.SOURCE, ContextPolicy.HISTORY} else "译：{text}"
    on = desk(policy, templates=Templates(system="译者", user=template, history="前：{context}\n"))
    assert messages(on, BOOK, 2) == expected


def test_where_sources_are_shown_it_does_not_matter_whether_those_are_answered_yet() -> None:
    template = Templates(system="译者", user="{history}译：{text}", history="前：{context}\n")
    on = desk(ContextPolicy.SOURCE, templates=template)
    long = "彼は長い道を歩いていた。" * 6
    waiting, answered = (record([(long, target)], [("うん。", None)]) for target in (None, "他走在漫长的道路上。"))
    assert messages(on, waiting, 1) == messages(on, answered, 1)


def test_nothing_of_another_scene_is_shown() -> None:
    book = record([("おはよう。", "早上好。")], [("行こう。", None)])
    book.batches[1] = replace(book.batches[1], scene="b", after=None)
    assert messages(desk(ContextPolicy.PAIR), book, 1) == [("user", "译：行こう。")]


def test_a_pairs_prompt_begins_with_the_one_before_and_its_answer() -> None:
    entry = GlossaryEntry("魔王", "魔王", "头目")
    book = record(
        *([(rf"\C[1]第{n}の魔王\C[0]よ。", rf"\C[1]第{n}魔王\C[0]啊。"), ("はい。", "是。")] for n in range(4))
    )
    book.batches = [
        replace(batch, units=tuple(replace(each, glossary=(entry,)) for each in batch.units)) for batch in book.batches
    ]
    on = desk(ContextPolicy.PAIR)
    histories = Histories(on, book)
    sent = [request(on, batch.units, histories.before(batch)).messages for batch in book.batches]
    for earlier, later in pairwise(sent):
        assert later[: len(earlier)] == earlier
        assert later[len(earlier)].role == "assistant"
        assert len(later) == len(earlier) + 2
    assert "表：魔王->魔王 #头目\n译：" in sent[-1][1].content


TEXTS = st.lists(st.text("あいう。", min_size=1, max_size=12), min_size=1, max_size=4)


@settings(deadline=None)
@given(
    scenes=st.lists(TEXTS, min_size=1, max_size=14),
    limit=st.integers(0, 300),
    policy=st.sampled_from(list(ContextPolicy)),
    order=st.randoms(use_true_random=False),
)
def test_a_window_never_passes_its_limit_and_is_the_same_in_every_run(
    scenes: list[list[str]], limit: int, policy: ContextPolicy, order: Random
) -> None:
    book = record(*([(text, text.replace("あ", "啊")) for text in texts] for texts in scenes))
    on = desk(policy, limit)
    through = Histories(on, book)
    windows = [through.before(batch) for batch in book.batches]
    for window in windows:
        assert sum(prompt.history_tokens(on, turn) for turn in window) <= limit
    # A run that goes on after a kill begins anywhere, and comes back to batches that failed.
    resumed = Histories(on, book)
    for place in order.sample(range(len(windows)), len(windows)):
        assert resumed.before(book.batches[place]) == windows[place]


def test_a_window_grows_and_is_emptied_to_its_newest_batches_at_once() -> None:
    book = record(*([(f"{n}番目。", f"第{n}个。")] for n in range(40)))
    on = desk(ContextPolicy.PAIR, 400)
    histories = Histories(on, book)
    sizes = [len(histories.before(batch)) for batch in book.batches]
    emptied = [n for n in range(1, len(sizes)) if sizes[n] <= sizes[n - 1]]
    assert len(emptied) >= 3
    assert all(sizes[n] >= 1 for n in range(1, len(sizes)))
    assert all(sizes[n] == sizes[n - 1] + 1 for n in range(1, len(sizes)) if n not in emptied)
    assert min(later - earlier for earlier, later in pairwise(emptied)) >= 3


def test_of_a_batch_that_is_longer_than_the_limit_the_last_lines_are_shown() -> None:
    book = record([("あ" * 9, "甲" * 9), ("い" * 9, "乙" * 9), ("う" * 9, "丙" * 9)], [("うん。", None)])
    (_, shown), _ = messages(desk(ContextPolicy.ASSISTANT, 30), book, 1)
    assert shown == "乙" * 9 + "\n" + "丙" * 9


def test_a_run_reads_each_batch_once_and_one_that_resumes_goes_through_a_scene_once() -> None:
    book = record(*([(f"{n}番目。", f"第{n}个。")] for n in range(50)))
    on = desk(ContextPolicy.PAIR, 200)
    resumed = Histories(on, book)
    for place in (20, 30, 49):
        resumed.before(book.batches[place])
    assert book.read <= 49 + 3


def test_texts_of_the_same_batch_that_are_settled_are_shown_before_those_that_are_asked_again() -> None:
    book = record([("おはよう。", "早上好。"), ("はい。", None), ("行こう。", "走吧。")])
    batch = replace(book.batches[0], units=book.batches[0].units[1:2])
    on = desk(ContextPolicy.ASSISTANT)
    assert request(on, batch.units, Histories(on, book).before(batch)).messages[1].content == "早上好。"


@pytest.mark.parametrize(
    ("source", "target", "asked", "answered"),
    [
        (r"\C[1]魔王\C[0]", r"\C[1]魔王\C[0]", "魔王", "魔王"),
        ("  第３章  ", "  第３章  ", "第3章", "第3章"),
        (r"\V[1]と\V[2]だ。", r"是\V[1]和\V[2]。", "⟦1⟧と⟦2⟧だ。", "是⟦1⟧和⟦2⟧。"),
        ("おはよう。\nはい。", "早上好。\n是。", "おはよう。\nはい。", "早上好。\n是。"),
        # What was sent in two lines comes back as one: nobody knows where its first line ended.
        ("おはようございます、みなさん。はい、こちらです。", "大家早上好。在这里。", None, "大家早上好。在这里。"),
    ],
)
def test_an_earlier_translation_is_shown_as_the_model_wrote_it(
    source: str, target: str, asked: str | None, answered: str
) -> None:
    on = desk(ContextPolicy.PAIR, codes=CodeStyle.STANDIN)
    turn = Recaller(on).turn([unit(0, source)], [target])
    assert turn.answered == (tuple(answered.split("\n")),)
    assert "\n".join(turn.asked[0].lines) == (asked or source)


def test_a_converted_translation_is_shown_as_it_was_before_the_conversion() -> None:
    on = desk(ContextPolicy.ASSISTANT, target="zh-TW")
    turn = Recaller(on).turn([unit(0, r"\C[1]ソフト\C[0]を見る。")], [r"\C[1]軟體\C[0]來看。"])
    assert turn.answered == ((r"\C[1]软件\C[0]来看。",),)


def test_who_speaks_is_shown_in_the_models_language_or_not_at_all() -> None:
    on = desk(ContextPolicy.HISTORY, templates=Templates(user="{text}", speaker="{speaker}「{text}」"))
    known = unit(0, "はい。", speaker="アリス", glossary=(GlossaryEntry("アリス", "爱丽丝|艾丽丝"),))
    turn = Recaller(on).turn([known, unit(1, "うん。", speaker="ボブ")], ["是。", "嗯。"])
    assert [ready.lines for ready in turn.asked] == [("アリス「はい。」",), ("ボブ「うん。」",)]
    assert turn.answered == (("爱丽丝「是。」",), ("嗯。",))


def test_a_text_with_nothing_to_translate_is_in_no_turn() -> None:
    turn = Recaller(desk(ContextPolicy.PAIR)).turn([unit(0, "……"), unit(1, "はい。")], ["……", "是。"])
    assert [ready.unit.id for ready in turn.asked] == [1]


def test_a_turn_without_anything_to_show_leaves_the_window_as_it_is() -> None:
    on = desk(ContextPolicy.PAIR)
    window = extended(on, (), Recaller(on).turn([unit(0, "はい。")], ["是。"]))
    assert extended(on, window, Recaller(on).turn([unit(1, "うん。")], [None])) == window
