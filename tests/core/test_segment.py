"""Segments, and the quick way to make them."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from translator.core.segment import Role, Segment, quick_segment


def test_what_is_made_quickly_is_a_segment_as_any_other() -> None:
    slow = Segment("a", "b", Role.TERM, "c", notes=("d",))
    quick = quick_segment("a", "b", Role.TERM, "c", notes=("d",))
    assert type(quick) is Segment
    assert (quick, hash(quick), repr(quick)) == (slow, hash(slow), repr(slow))
    assert [getattr(quick, field.name) for field in fields(Segment)] == [
        getattr(slow, field.name) for field in fields(Segment)
    ]
    assert copy.copy(quick) == pickle.loads(pickle.dumps(quick)) == slow  # noqa: S301 - its own
    assert replace(quick, key="e").key == "e"


def test_what_is_made_quickly_is_frozen() -> None:
    quick = quick_segment("a", "b", Role.TERM)
    with pytest.raises(FrozenInstanceError):
        quick.key = "b"  # type: ignore[misc]
