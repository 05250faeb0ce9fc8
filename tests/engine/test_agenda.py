import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.core.segment import Role
from translator.core.work import Batch, Unit
from translator.engine.agenda import Agenda


def scenes(lengths: list[int], size: int = 2) -> list[Batch]:
    """Batches of scenes that are read one after the other, `lengths` batches in each."""
    batches: list[Batch] = []
    for scene, length in enumerate(lengths):
        for place in range(length):
            number = len(batches)
            made = tuple(
                Unit(number * size + i, f"文{number}-{i}", Role.DIALOGUE, str(scene), "f") for i in range(size)
            )
            batches.append(Batch(number, str(scene), made, number - 1 if place else None))
    return batches


def test_without_a_chain_nothing_waits_and_no_more_is_held_than_allowed() -> None:
    read: list[int] = []

    def pending() -> Iterator[Batch]:
        for batch in scenes([50]):
            read.append(batch.id)
            yield batch

    agenda = Agenda(pending(), chained=False, ahead=10)
    assert [item.batch.id for _ in range(3) if (item := agenda.take())] == [0, 1, 2]
    assert len(read) == 3 + 4


@pytest.mark.parametrize("chained", [True, False])
def test_the_scene_with_the_most_work_begins_first_and_one_that_has_begun_goes_on_first(*, chained: bool) -> None:
    batches = scenes([1, 3, 2])
    agenda = Agenda(iter(batches), chained=chained)
    order: list[int] = []
    while (item := agenda.take()) is not None:
        order.append(item.batch.id)
        agenda.settled(item.batch)
    assert order == [1, 2, 3, 4, 5, 0]


def test_a_scene_goes_on_where_its_last_batch_was_just_settled() -> None:
    batches = scenes([4, 4])
    agenda = Agenda(iter(batches), chained=True)
    first, second = agenda.take(), agenda.take()
    assert first is not None
    assert second is not None
    agenda.settled(first.batch)
    following = agenda.take()
    assert following is not None
    assert following.batch.id == 1
    agenda.settled(second.batch)
    agenda.settled(following.batch)
    assert [item.batch.id for _ in range(2) if (item := agenda.take())] == [5, 2]


def test_what_is_left_is_known_once_all_is_read() -> None:
    batches = scenes([2, 1], size=1)
    agenda = Agenda(iter(batches), chained=True, ahead=2)
    assert agenda.left == float("inf")
    assert agenda.take() is not None
    assert agenda.take() is not None
    assert agenda.take() is None
    assert agenda.left == len(batches[1].units[0].source)
    assert not agenda.finished


def test_chained_scenes_run_side_by_side_and_each_in_order() -> None:
    batches = scenes([3, 2])
    agenda = Agenda(iter(batches), chained=True)
    taken = [agenda.take(), agenda.take()]
    assert [item.batch.id for item in taken if item] == [0, 3]
    assert agenda.take() is None
    agenda.settled(batches[3])
    following = agenda.take()
    assert following is not None
    assert following.batch.id == 4
    assert not agenda.finished


def test_a_predecessor_that_is_not_pending_is_not_waited_for() -> None:
    batches = scenes([4])
    agenda = Agenda(iter([batches[1], batches[3]]), chained=True)
    assert [item.batch.id for _ in range(2) if (item := agenda.take())] == [1, 3]


def test_a_long_scene_is_read_no_further_than_the_limit() -> None:
    read = 0

    def pending() -> Iterator[Batch]:
        nonlocal read
        for batch in scenes([100, 1]):
            read += 1
            yield batch

    agenda = Agenda(pending(), chained=True, ahead=20)
    assert agenda.take() is not None
    assert agenda.take() is None
    assert read == 10 + 1


@given(
    lengths=st.lists(st.integers(1, 8), max_size=8),
    chained=st.booleans(),
    ahead=st.integers(1, 30),
    workers=st.integers(1, 5),
    rng=st.randoms(),
)
def test_every_batch_starts_once_after_its_predecessor_and_nothing_gets_stuck(
    *, lengths: list[int], chained: bool, ahead: int, workers: int, rng: random.Random
) -> None:
    batches = scenes(lengths)
    agenda = Agenda(iter(batches), chained=chained, ahead=ahead)
    running: list[Batch] = []
    settled: list[int] = []
    while True:
        while len(running) < workers and (item := agenda.take()) is not None:
            if chained and item.batch.after is not None:
                assert item.batch.after in settled
            running.append(item.batch)
        if not running:
            break
        batch = running.pop(rng.randrange(len(running)))
        settled.append(batch.id)
        agenda.settled(batch)
    assert agenda.finished
    assert sorted(settled) == [batch.id for batch in batches]
