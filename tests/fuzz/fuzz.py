"""Looks for files that a format stumbles over, guided by coverage: atheris, which is no dependency of the project.

    pip install atheris
    python tests/fuzz/fuzz.py FORMAT [--seconds 120] [--found FOLDER]

Starts from the format's fixtures and samples. A file may be refused with FormatError; one that opens must come back to
the byte, and its own texts written anew, as they are and marked, must be read as they were written or be refused.
Anything else ends the search and is kept in FOLDER, its first byte the number of the fixture whose options it was
opened with: mend the format, and put the rest of it into tests/contract/fixtures/<format>/. Of an archive (DOCX, XLSX,
EPUB) one member is searched through at a time: the second byte is its number in the fixture, the rest its contents.
"""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

atheris = importlib.import_module("atheris")
with atheris.instrument_imports(include=["translator"]):
    from translator.core.document import (
        Format,
        FormatError,
        FormatOptions,
        Packed,
        RefusedTargetError,
        UnencodableError,
    )
    from translator.core.marks import held, marked
    from translator.core.zip_members import Members, open_zip
    from translator.formats import all_formats
    from translator.testing.fixtures import fixtures_of

    FORMATS = all_formats()  # imports their modules

HERE = Path(__file__).resolve().parents[1]
LONGEST = 20_000


def is_utf8(blob: bytes) -> bool:
    """Whether a file can be read in the charset that markup is in where it names none."""
    try:
        blob.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class Start:
    """A fixture that the search starts from; archive: None where it is none."""

    options: FormatOptions
    blob: bytes
    archive: Members | None

    @property
    def seeds(self) -> Iterator[bytes]:
        """What the search changes."""
        if self.archive is None:
            yield self.blob[:LONGEST]
            return
        for number, (_, data) in enumerate(self.archive.parts()):
            yield bytes([number]) + data[:LONGEST]

    def file(self, data: bytes) -> bytes:
        """The file that one of the search's findings means."""
        if self.archive is None or not data:
            return data
        return self.archive.replaced({self.archive.names[data[0] % len(self.archive.names)]: data[1:]})


def check(known: Format, blob: bytes, options: FormatOptions, searched: bytes) -> None:
    """Raise what a file must not raise, and AssertionError for what it must hold. searched: what in it was changed."""
    try:
        document = known.open(blob, options=options)
    except FormatError:
        return
    if document.render({}) != blob:
        raise AssertionError("it is not written back as it is")
    sources = {segment.key: segment.source for segment in document.segments}
    if len(sources) != len(document.segments):
        raise AssertionError("two texts have the same key")
    if document.charset is None and not is_utf8(searched):
        return  # markup in a charset that it does not name, and so it may be read in another when written
    # in the charset that it is written in, for another may be detected in a few letters at random
    options = replace(options, charset=document.charset)
    try:
        again = known.open(document.render(sources), options=options)
        if {segment.key: segment.source for segment in again.segments} != sources:
            raise AssertionError("its own texts, written, are read as others")
        targets, made = marked(document, document.segments)
    except (RefusedTargetError, UnencodableError):
        return
    if {segment.key: held(segment) for segment in known.open(made, options=options).segments} != targets:
        raise AssertionError("marked texts are read as others")


def main() -> None:
    """Search until the time is over or something is found."""
    parser = argparse.ArgumentParser(description="Looks for files that a format stumbles over.")
    parser.add_argument("format")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--found", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    known = FORMATS[given.format]
    starts: list[Start] = []
    for fixture in fixtures_of(known, HERE / "contract" / "fixtures", HERE.parent / "samples"):
        said = fixture.declared
        options = FormatOptions(name=fixture.name, charset=said.charset, settings=said.settings)  # as the contract does
        blob = fixture.path.read_bytes()
        starts.append(Start(options, blob, open_zip(blob) if isinstance(known, Packed) else None))
    with tempfile.TemporaryDirectory() as seeds:
        for number, start in enumerate(starts):
            for own, seed in enumerate(start.seeds):
                # The first byte chooses the fixture, so that the search can change it, too.
                Path(seeds, f"{number}-{own}").write_bytes(bytes([number % 256]) + seed)

        def once(data: bytes) -> None:
            if data:
                start = starts[data[0] % len(starts)]
                check(known, start.file(data[1:]), start.options, data[1:] if start.archive is None else data[2:])

        prefix = str(given.found / f"{given.format}-")
        limits = [f"-max_total_time={given.seconds}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=1024"]
        atheris.Setup([sys.argv[0], seeds, f"-artifact_prefix={prefix}", *limits], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
