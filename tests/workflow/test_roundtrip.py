"""`scan --roundtrip` passes every file of every format that the contract passes, and tells a file that changes."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import pytest

from translator.core.document import Document, FormatError, FormatOptions
from translator.formats import all_formats
from translator.formats.srt import FORMAT as SRT
from translator.testing.fixtures import Fixture, fixtures_of
from translator.workflow.inputs import InputFile
from translator.workflow.reports import RoundtripFile
from translator.workflow.roundtrip import check_file

HOME = Path(__file__).parents[2]
CUES = "1\n00:00:01,000 --> 00:00:02,000\nこんにちは\n\n2\n00:00:03,000 --> 00:00:04,000\nさようなら\n"


def fixtures() -> Iterator[tuple[str, Fixture]]:
    for known in all_formats().values():
        for fixture in fixtures_of(known, HOME / "tests" / "contract" / "fixtures", HOME / "samples"):
            yield known.info.id, fixture


@pytest.mark.parametrize(("known", "fixture"), list(fixtures()), ids=lambda value: str(getattr(value, "name", value)))
def test_every_fixture_comes_back(known: str, fixture: Fixture) -> None:
    declared = fixture.declared
    options = FormatOptions(name=fixture.name, charset=declared.charset, settings=declared.settings)
    file = InputFile(fixture.path, PurePosixPath(fixture.name), known, options)
    blob = fixture.path.read_bytes()
    try:
        document = all_formats()[known].open(blob, options=options)
    except FormatError:
        assert declared.refused, "the contract knows of no reason not to open it"
        return
    found = check_file(file, blob, document)
    assert found.passed, found


def checked(document: Document, blob: bytes) -> RoundtripFile:
    return check_file(InputFile(Path("a.srt"), PurePosixPath("a.srt"), "srt", FormatOptions()), blob, document)


def opened(blob: bytes) -> Document:
    return SRT.open(blob, options=FormatOptions())


def test_a_sound_file_passes() -> None:
    assert checked(opened(CUES.encode()), CUES.encode()).passed


class Changing:
    """Writes a file as it is, until a text changes."""

    def __init__(self, inner: Document, old: bytes, new: bytes) -> None:
        self.inner, self.old, self.new = inner, old, new
        self.segments, self.notices, self.charset = inner.segments, inner.notices, inner.charset

    def render(self, targets: Mapping[str, str]) -> bytes:
        blob = self.inner.render(targets)
        return blob.replace(self.old, self.new) if targets else blob


def test_bytes_around_the_texts_that_change_are_told() -> None:
    blob = CUES.encode()
    found = checked(Changing(opened(blob), b"04,000\n", b"04,000 \n"), blob)
    assert found.identical
    assert not found.restored
    assert found.first_difference == blob.index(b"04,000\n") + len(b"04,000")


def test_a_text_that_is_lost_is_told() -> None:
    blob = CUES.encode()
    found = checked(Changing(opened(blob), "さようなら".encode(), b""), blob)
    assert not found.passed
