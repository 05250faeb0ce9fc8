"""Looks for files that a format stumbles over, guided by coverage: atheris, which is no dependency of the project.

    pip install atheris
    python tests/fuzz/fuzz.py FORMAT [--seconds 120] [--found FOLDER]

Starts from the format's fixtures and samples. A file may be refused with FormatError; one that opens must come back to
the byte, and its own texts written anew must be read as the same texts or be refused. Anything else ends the search
and is kept in FOLDER, its first byte the number of the fixture whose options it was opened with: mend the format, and
put the rest of it into tests/contract/fixtures/<format>/.
"""

import argparse
import importlib
import sys
import tempfile
from dataclasses import replace
from pathlib import Path, PurePath

atheris = importlib.import_module("atheris")
with atheris.instrument_imports(include=["translator"]):
    from translator.core.document import FormatError, FormatOptions, Packed, RefusedTargetError, UnencodableError
    from translator.formats import all_formats
    from translator.testing.fixtures import fixtures_of

    FORMATS = all_formats()  # imports their modules

HERE = Path(__file__).resolve().parents[1]
LONGEST = 20_000


def options_of(fixture_name: PurePath, charset: str | None, settings: dict[str, str]) -> FormatOptions:
    """As the contract opens a fixture."""
    return FormatOptions(name=fixture_name, charset=charset, settings=settings)


def is_utf8(blob: bytes) -> bool:
    """Whether a file can be read in the charset that markup is in where it names none."""
    try:
        blob.decode()
    except UnicodeDecodeError:
        return False
    return True


def main() -> None:
    """Search until the time is over or something is found."""
    parser = argparse.ArgumentParser(description="Looks for files that a format stumbles over.")
    parser.add_argument("format")
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--found", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    known = FORMATS[given.format]
    fixtures = list(fixtures_of(known, HERE / "contract" / "fixtures", HERE.parent / "samples"))
    opened = [options_of(f.name, f.declared.charset, f.declared.settings) for f in fixtures]
    with tempfile.TemporaryDirectory() as seeds:
        for number, fixture in enumerate(fixtures):
            # The first byte chooses the options, so that the search can change them, too.
            Path(seeds, str(number)).write_bytes(bytes([number % 256]) + fixture.path.read_bytes()[:LONGEST])

        def once(data: bytes) -> None:
            if not data:
                return
            options, blob = opened[data[0] % len(opened)], data[1:]
            try:
                document = known.open(blob, options=options)
            except FormatError:
                return
            if document.render({}) != blob:
                raise AssertionError("it is not written back as it is")
            sources = {segment.key: segment.source for segment in document.segments}
            if len(sources) != len(document.segments):
                raise AssertionError("two texts have the same key")
            if document.charset is None and not isinstance(known, Packed) and not is_utf8(blob):
                return  # markup in a charset that it does not name, and so it may be read in another when written
            try:
                # in the charset that it is written in, for another may be detected in a few letters at random
                again = known.open(document.render(sources), options=replace(options, charset=document.charset))
            except (RefusedTargetError, UnencodableError):
                return
            if {segment.key: segment.source for segment in again.segments} != sources:
                raise AssertionError("its own texts, written, are read as others")

        prefix = str(given.found / f"{given.format}-")
        limits = [f"-max_total_time={given.seconds}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=1024"]
        atheris.Setup([sys.argv[0], seeds, f"-artifact_prefix={prefix}", *limits], once)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
