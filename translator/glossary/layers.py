"""Which glossaries hold for a job: those that ship, the user's, the project's, and those that were named."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from pathlib import Path

from platformdirs import user_config_path

from translator.core.resources import shipped as shipped_folder
from translator.core.work import GlossaryEntry
from translator.glossary.errors import GlossaryError
from translator.glossary.files import Placed, read
from translator.glossary.matcher import PatternError, compile_pattern, folded, is_forbidden, normalised


class Origin(StrEnum):
    """Where a layer is from. Later ones win; all of them win over the names that a job has translated itself."""

    SHIPPED = "shipped"
    USER = "user"
    PROJECT = "project"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Layer:
    """One glossary file that holds for a job."""

    origin: Origin
    path: Path
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries that hold for a job, each `src` decided once.

    taken_away: what stands for terms that a layer gave an empty `dst`: they have no entry, in no lower layer either.
    forbidden: entries of the kind `forbidden`, whose `dst` no translation may have where their `src` occurs (anywhere,
    for those without). They are no terms: no model sees them, and a term may have the same `src`.
    """

    entries: tuple[GlossaryEntry, ...]
    taken_away: frozenset[tuple[bool, str]] = frozenset()
    forbidden: tuple[GlossaryEntry, ...] = ()

    def above(self, lowest: Iterable[GlossaryEntry]) -> "Glossary":
        """With `lowest` as one more layer below all others: of it holds what no other layer decides. The first of
        several entries for one term wins.
        """
        decided = {key(entry) for entry in self.entries} | self.taken_away
        added: dict[tuple[bool, str], GlossaryEntry] = {}
        for entry in lowest:
            if key(entry) not in decided:
                added.setdefault(key(entry), entry)
        return Glossary((*added.values(), *self.entries), self.taken_away, self.forbidden)

    def digest(self) -> str:
        """Names the entries, whatever their order: 32 hexadecimal digits."""
        lines = sorted(json.dumps(astuple(entry), ensure_ascii=False) for entry in self.entries)
        return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def user_folder() -> Path:
    """Where this user's own glossaries are: `glossary.csv` for all pairs, `glossary.ja-zh-CN.csv` for one."""
    return user_config_path("honyaku", appauthor=False)


def paths(codes: tuple[str, str], *, project: Path | None, files: Sequence[Path]) -> Iterator[tuple[Origin, Path]]:
    """The glossary files that hold for a pair of languages, those that win last.

    project: the input's folder (for a file, the folder that it lies in). files: those that were named, in order.
    """
    pair = "-".join(codes)
    folder = shipped_folder("glossaries")
    yield from ((Origin.SHIPPED, path) for path in sorted(folder.glob(f"*.{pair}.csv")))
    homes = [(Origin.USER, user_folder())]
    if project is not None:
        homes.append((Origin.PROJECT, project if project.is_dir() else project.parent))
    for origin, home in homes:
        for path in (home / "glossary.csv", home / f"glossary.{pair}.csv"):
            if path.is_file():
                yield origin, path
    yield from ((Origin.OPTION, path) for path in files)


def layers(codes: tuple[str, str], *, project: Path | None = None, files: Sequence[Path] = ()) -> list[Layer]:
    """The glossaries that hold, read, as `paths` finds them. Raises GlossaryError."""
    found = paths(codes, project=project, files=files)
    return [Layer(origin, path, tuple(read(path))) for origin, path in found]


def merged(found: Iterable[Layer]) -> Glossary:
    """What the layers say together: for each `src` (NFKC, without case) the last one that has it wins.

    An entry with an empty `dst` takes the entries of earlier layers away. Entries without `src` count for nothing,
    those of the kind `forbidden` in any layer. Entries that ship are advice. Raises GlossaryError for a pattern that
    is none.
    """
    decided: dict[tuple[bool, str], dict[str, GlossaryEntry]] = {}
    forbidden: dict[tuple[str, str], GlossaryEntry] = {}
    for layer in found:
        said: dict[tuple[bool, str], dict[str, GlossaryEntry]] = {}
        for placed in layer.placed:
            entry = placed.entry
            if is_forbidden(entry):
                _require_pattern(entry, layer.path, placed.line)
                if entry.dst.strip():
                    forbidden[entry.src, entry.dst] = entry
            elif entry.src.strip():
                if layer.origin is Origin.SHIPPED:
                    entry = replace(entry, advice=True)
                _require_pattern(entry, layer.path, placed.line)
                # Within one file, two spellings that differ in case only are two entries where case counts.
                said.setdefault(key(entry), {})[spelling(entry)] = entry
        # Out and in again: who wins stands behind all that earlier layers said.
        decided = {same: entries for same, entries in decided.items() if same not in said} | said
    entries = [entry for same in decided.values() for entry in same.values()]
    gone = (name for name, same in decided.items() if not any(entry.dst.strip() for entry in same.values()))
    return Glossary(tuple(entry for entry in entries if entry.dst.strip()), frozenset(gone), tuple(forbidden.values()))


def effective(codes: tuple[str, str], *, project: Path | None = None, files: Sequence[Path] = ()) -> Glossary:
    """The glossary that holds for a pair of languages (codes) and an input. Raises GlossaryError."""
    return merged(layers(codes, project=project, files=files))


def key(entry: GlossaryEntry) -> tuple[bool, str]:
    """What an entry decides: entries of equal keys are about the same `src`."""
    return entry.regex, entry.src if entry.regex else folded(normalised(entry.src.strip()))


def spelling(entry: GlossaryEntry) -> str:
    """What tells entries with the same key apart: the letters' case, where it counts."""
    return normalised(entry.src.strip()) if entry.case else ""


def _require_pattern(entry: GlossaryEntry, path: Path, line: int) -> None:
    if entry.regex:
        try:
            compile_pattern(entry)
        except PatternError as error:
            raise GlossaryError(str(error), path=path, line=line) from error
