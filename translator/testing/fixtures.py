"""Where the files are that the contracts are checked on, and what is declared about them.

Layout, for a format whose id is `srt`:

    <fixtures>/srt/ORIGIN.md            where the files are from
    <fixtures>/srt/contract.toml        optional declarations, see `Declaration`
    <fixtures>/srt/odd.srt              a fixture
    <fixtures>/srt/odd.srt.segments.jsonl   what is extracted from it (python -m translator.testing.golden --write)
    <samples>/srt/**                    samples: those files that the format claims are fixtures too
    <fixtures>/srt/samples/             their contract.toml and golden files, by the same relative paths
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import cast

from translator.core.document import Confidence, Document, Format, FormatOptions
from translator.formats import HEAD_SIZE
from translator.testing.variants import Variant, variants

ORIGIN = "ORIGIN.md"
DECLARATIONS = "contract.toml"
GOLDEN_SUFFIX = ".segments.jsonl"
SAMPLES = "samples"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a fixture's contract.toml says, under `[files."<path>"]` or, for all files of the folder, `[all]`.

    refused: variants that the format rightly does not open, each with the reason. respelled: why characters of the
    texts are spelled anew when a text is written back (escapes that have several forms). empty: why there is
    nothing to translate in it. hard: more strings that are hard for this format. charset, settings: options.
    """

    refused: dict[str, str] = field(default_factory=dict[str, str])
    respelled: str = ""
    empty: str = ""
    hard: tuple[str, ...] = ()
    charset: str | None = None
    settings: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file that a format is checked on; `name` is its path as the format is told it."""

    path: Path
    name: PurePath
    golden: Path
    declared: Declaration = field(default_factory=Declaration)


@dataclass(frozen=True, slots=True)
class Case:
    """One variant of a fixture."""

    name: PurePath
    blob: bytes
    variant: Variant = Variant.AS_IS
    declared: Declaration = field(default_factory=Declaration)

    def __str__(self) -> str:
        return f"{self.name.as_posix()} ({self.variant})"

    def open(self, known: Format, blob: bytes | None = None) -> Document:
        """Open the case's bytes, or others in its place, as the declared options say."""
        declared = self.declared
        options = FormatOptions(name=self.name, charset=declared.charset, settings=declared.settings)
        return known.open(self.blob if blob is None else blob, options=options)


def fixtures_of(known: Format, folder: Path, samples: Path | None = None) -> Iterator[Fixture]:
    """The fixtures of a format: every file of `folder`/<id>, and the samples of `samples`/<id> that it claims."""
    own = folder / known.info.id
    declared = _declarations(own / DECLARATIONS)
    for path in _files(own):
        name = path.relative_to(own)
        if name.parts[0] != SAMPLES and name.name not in (ORIGIN, DECLARATIONS):
            yield _fixture(path, name, own, declared)
    if samples is not None:
        shown = samples / known.info.id
        declared = _declarations(own / SAMPLES / DECLARATIONS)
        for path in _files(shown):
            name = path.relative_to(shown)
            if known.sniff(name, path.read_bytes()[:HEAD_SIZE]) is not Confidence.NONE:
                yield _fixture(path, name, own / SAMPLES, declared)


def cases_of(fixture: Fixture) -> Iterator[Case]:
    """The variants of a fixture."""
    for variant, blob in variants(fixture.path.read_bytes()):
        yield Case(fixture.name, blob, variant, fixture.declared)


def has_origin(fixture: Fixture, folder: Path) -> bool:
    """Whether an ORIGIN.md stands beside the file or in a folder above it, up to `folder`."""
    return any((above / ORIGIN).is_file() for above in fixture.path.parents if above.is_relative_to(folder))


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(GOLDEN_SUFFIX))


def _fixture(path: Path, name: PurePath, golden: Path, declared: dict[str, Declaration]) -> Fixture:
    beside = golden / name.parent / (name.name + GOLDEN_SUFFIX)
    return Fixture(path, name, beside, declared.get(name.as_posix(), declared.get("", Declaration())))


def _declarations(path: Path) -> dict[str, Declaration]:
    """The declarations of a contract.toml by file, those for all files under ""."""
    if not path.is_file():
        return {}
    table = tomllib.loads(path.read_text("utf-8"))
    shared = _table(path, table.pop("all", {}))
    files = _table(path, table.pop("files", {}))
    if table:
        raise ValueError(f'{path}: only [all] and [files."…"] are known, not {", ".join(table)}')
    found = {name: _declaration(path, shared | _table(path, said)) for name, said in files.items()}
    return {"": _declaration(path, shared), **found}


def _declaration(path: Path, said: dict[str, object]) -> Declaration:
    known = {name: said.pop(name) for name in Declaration.__slots__ if name in said}
    if said:
        raise ValueError(f"{path}: unknown declaration {', '.join(said)}; known are {', '.join(Declaration.__slots__)}")
    refused = _texts(path, known.get("refused", {}))
    if unknown := set(refused) - set(Variant):
        raise ValueError(f"{path}: unknown variant {', '.join(unknown)}; known are {', '.join(Variant)}")
    hard = known.get("hard", [])
    if not isinstance(hard, list):
        raise TypeError(f"{path}: 'hard' is a list of strings")
    return Declaration(
        refused=refused,
        respelled=str(known.get("respelled", "")),
        empty=str(known.get("empty", "")),
        hard=tuple(str(item) for item in cast("list[object]", hard)),
        charset=str(known["charset"]) if "charset" in known else None,
        settings=_texts(path, known.get("settings", {})),
    )


def _table(path: Path, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"{path}: a table was expected, not {value!r}")
    return dict(cast("dict[str, object]", value))


def _texts(path: Path, value: object) -> dict[str, str]:
    return {name: str(said) for name, said in _table(path, value).items()}
