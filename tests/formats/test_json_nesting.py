"""Every format whose files are JSON: brackets that lie deep in each other are refused, memory is freed at once."""

import contextlib
import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.core.document import Format, FormatError, FormatOptions
from translator.formats import all_formats
from translator.testing.fixtures import Fixture, fixtures_of

TESTS = Path(__file__).resolve().parents[1]
DEEP = 100_000


def _json_fixtures() -> list[tuple[Format, Fixture]]:
    return [
        (known, fixture)
        for known in all_formats().values()
        for fixture in fixtures_of(known, TESTS / "contract" / "fixtures", TESTS.parent / "samples")
        if fixture.name.suffix == ".json"
    ]


FIXTURES = _json_fixtures()
CASES = pytest.mark.parametrize(
    ("known", "fixture"), FIXTURES, ids=[f"{known.info.id}-{fixture.name.name}" for known, fixture in FIXTURES]
)


def _options(fixture: Fixture) -> FormatOptions:
    return FormatOptions(name=fixture.name, settings=fixture.declared.settings)


def _with_nest(blob: bytes, depth: int) -> bytes:
    """The file with a nest of arrays before all that its outermost value holds."""
    at = min(found for bracket in b"{[" if (found := blob.find(bracket)) >= 0)
    name = b'"nest": ' if blob[at : at + 1] == b"{" else b""
    comma = b"" if blob[at + 1 :].lstrip()[:1] in (b"}", b"]") else b","
    return blob[: at + 1] + name + b"[" * depth + b"]" * depth + comma + blob[at + 1 :]


def _called_deeper(frames: int, work: Callable[[], bytes]) -> bytes:
    return work() if frames == 0 else _called_deeper(frames - 1, work)


@CASES
@pytest.mark.parametrize("nest", [b"[" * DEEP, b'{"a":' * DEEP, b"[" * DEEP + b"]" * DEEP])
def test_what_is_nothing_but_brackets_is_refused(known: Format, fixture: Fixture, nest: bytes) -> None:
    with pytest.raises(FormatError):
        known.open(nest, options=_options(fixture))


@CASES
def test_a_deep_nest_in_a_good_file_is_refused(known: Format, fixture: Fixture) -> None:
    with pytest.raises(FormatError):
        known.open(_with_nest(fixture.path.read_bytes(), DEEP), options=_options(fixture))


@CASES
def test_writing_refuses_a_nest_that_is_too_deep_for_the_caller(known: Format, fixture: Fixture) -> None:
    """How deep the standard library reads depends on how deep its caller is: writing may be deeper than opening."""
    document = known.open(_with_nest(fixture.path.read_bytes(), 700), options=_options(fixture))
    if document.segments:
        first = document.segments[0]
        with contextlib.suppress(FormatError):  # a few write without reading it again
            _called_deeper(290, lambda: document.render({first.key: f"{first.source}x"}))


@CASES
def test_a_file_that_is_let_go_is_freed_at_once(known: Format, fixture: Fixture) -> None:
    def looked_at() -> None:
        assert known.open(fixture.path.read_bytes(), options=_options(fixture)).segments is not None

    looked_at()
    gc.collect()
    gc.disable()
    try:
        looked_at()
        assert gc.collect() == 0
    finally:
        gc.enable()
