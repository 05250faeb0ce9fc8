"""Rates follow what servers count, and are not led astray by counts that leave something out."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.backend import Message, Request
from translator.engine.calibration import Calibration
from translator.engine.estimate import DEFAULT, Rates, weight
from translator.engine.plan import request_tokens

QWEN = Rates(kana=0.72, han=0.75, hangul=0.9, latin=0.25, digit=1.0, markup=0.6, other=1.2, turn=5)
BYTES = Rates(kana=2.6, han=2.4, hangul=2.8, latin=0.9, digit=1.0, markup=1.0, other=3.5, turn=6)
"""A vocabulary that has no Japanese: three bytes a character."""

TEXTS = (
    "ここは始まりの村です。", "勇者は剣を抜いた。", r"\C[2]魔王\C[0]が来る！", "Hello there", "2026年", "这里是村庄。",
)  # fmt: skip


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (texts to test, no secrets)


def requests(number: int) -> Iterator[Request]:
    chance = dice(number)
    for _ in range(number):
        lines = "\n".join(chance.choice(TEXTS) for _ in range(chance.randint(1, 12)))
        turns = [Message("system", "你是一个轻小说翻译模型。")]
        for _ in range(chance.randrange(3)):
            turns += [Message("user", lines), Message("assistant", "这里是最初的村庄。")]
        yield Request("model", messages=(*turns, Message("user", lines)), num_ctx=2048)


def true_tokens(request: Request, rates: Rates) -> int:
    return round(sum(weight(m.content, rates) for m in request.messages) + rates.turn * (len(request.messages) + 1))


def test_without_counts_the_first_rates_hold() -> None:
    assert Calibration().rates == DEFAULT


@pytest.mark.parametrize("model", [QWEN, BYTES])
def test_after_some_answers_no_request_is_underestimated_and_none_by_far_overestimated(model: Rates) -> None:
    learnt = Calibration()
    *first, last = requests(60)
    for request in first:
        learnt.learn(request, true_tokens(request, model))
    for request in (last, *first[40:]):
        right = true_tokens(request, model)
        assert right <= request_tokens(request, learnt.rates) <= 1.25 * right


@pytest.mark.parametrize("model", [QWEN, BYTES])
def test_counts_of_the_jobs_own_texts_do_it_too(model: Rates) -> None:
    learnt = Calibration()
    for text in TEXTS * 10:
        learnt.learn_text(text, round(weight(text, model)))
    for request in requests(20):
        texts = sum(weight(m.content, model) for m in request.messages)
        assert texts <= sum(weight(m.content, learnt.rates) for m in request.messages) <= 1.4 * texts


def test_counts_without_cached_tokens_are_not_believed() -> None:
    learnt = Calibration()
    for place, request in enumerate(requests(200)):
        whole = true_tokens(request, QWEN)
        # As Ollama v0.30.0: of a prompt whose beginning it has, it counts the end alone.
        learnt.learn(request, whole if place < 10 else whole - dice(place).randrange(whole))
    for request in requests(30):
        assert true_tokens(request, QWEN) <= request_tokens(request, learnt.rates) * 1.02


def test_a_count_that_no_vocabulary_gives_is_refused() -> None:
    learnt = Calibration()
    request = next(requests(1))
    assert not learnt.learn(request, 3)
    assert not learnt.learn(request, 0)
    assert learnt.learn(request, true_tokens(request, QWEN))


def test_an_overflow_makes_everything_count_for_more_at_once() -> None:
    learnt = Calibration()
    request = next(requests(1))
    learnt.overflowed(request)
    assert learnt.rates.values() > tuple(1.09 * rate for rate in DEFAULT.values())
    assert learnt.held == learnt.rates


def test_overflows_of_requests_that_were_in_flight_together_count_as_one() -> None:
    learnt = Calibration()
    request = next(requests(1))
    thought = request_tokens(request, learnt.rates)
    near = replace(request, num_ctx=round(thought) + 11, max_tokens=10)
    learnt.overflowed(near)
    once = learnt.rates
    assert request_tokens(near, once) > thought
    for _ in range(7):
        learnt.overflowed(near)
    assert learnt.rates == once


def test_what_is_planned_already_is_never_held_to_be_shorter_than_it_was() -> None:
    learnt = Calibration()
    for request in requests(60):
        learnt.learn(request, true_tokens(request, QWEN))
    assert learnt.rates.kana < DEFAULT.kana
    assert learnt.held.values() >= DEFAULT.values()
    assert all(mine >= its for mine, its in zip(learnt.held.values(), DEFAULT.values(), strict=True))


def test_what_was_learnt_goes_on_in_the_next_run() -> None:
    learnt = Calibration()
    for request in requests(60):
        learnt.learn(request, true_tokens(request, QWEN))
    again = Calibration.from_json(learnt.to_json())
    assert again.rates.values() == pytest.approx(learnt.rates.values())
    assert again.held == again.rates
    learnt.overflowed(next(requests(1)))
    assert again.rates.kana < Calibration.from_json(learnt.to_json()).rates.kana < learnt.rates.kana


@pytest.mark.parametrize("text", [None, "", "{}", "[1]", "no JSON", '{"products": [[1]], "tokens": []}'])
def test_what_cannot_be_read_is_a_new_beginning(text: str | None) -> None:
    assert Calibration.from_json(text).rates == DEFAULT


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(-5, 500)), max_size=40))
def test_rates_stay_within_bounds_whatever_is_counted(counted: list[tuple[str, int]]) -> None:
    learnt = Calibration()
    for text, tokens in counted:
        learnt.learn_text(text, tokens)
    for rate, usual in zip(learnt.rates.values(), DEFAULT.values(), strict=True):
        assert 0.2 * usual <= rate <= 4.0 * 1.4 * usual
