import pytest

from translator.core.collecting import SINGLE, About, Keys, short_key
from translator.core.segment import Limits, Role, Segment


def test_a_text_has_all_that_is_said_about_it() -> None:
    about = About(Role.NAME, "event/1", "ミナ", ("a face",), Limits(columns=9, single=True), "actor-name")
    assert about.segment("a/1", "長老") == Segment(
        key="a/1",
        source="長老",
        role=Role.NAME,
        scene="event/1",
        speaker="ミナ",
        notes=("a face",),
        limits=Limits(columns=9, single=True),
        binding="actor-name",
    )


def test_a_place_for_one_line_that_holds_several_is_none() -> None:
    assert About(Role.TERM, limits=SINGLE).segment("a", "一\n二").limits == Limits()
    wide = Limits(columns=9, lines=2, single=True)
    assert About(Role.TERM, limits=wide).segment("a", "一\n二").limits == Limits(columns=9, lines=2)


@pytest.mark.parametrize(
    ("taken", "key"), [((), "a"), ((["a"], {"b": 1}), "a#2"), ((["b"], {"a": 1}), "a#2"), ((["a"], {"a#2": 1}), "a#3")]
)
def test_things_of_the_same_name_are_told_apart_by_their_order(
    taken: tuple[list[str] | dict[str, int], ...], key: str
) -> None:
    keys = Keys()
    for group in taken:
        for name in group:
            keys.take(name)
    assert keys.new("a") == key


def test_keys_are_told_apart_by_their_order_and_never_given_twice() -> None:
    keys = Keys()
    assert [keys.new(key) for key in ("a", "a", "a#2", "b#2", "b", "b", "a")] == [
        "a", "a#2", "a#2#2", "b#2", "b", "b#3", "a#3",
    ]  # fmt: skip


def test_a_long_text_is_cut_to_a_key() -> None:
    assert short_key("あ" * 80) == "あ" * 80
    first, second = short_key("あ" * 81), short_key("あ" * 82)
    assert first != second
    assert {len(first), len(second)} == {93}
