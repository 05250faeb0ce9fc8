"""A game that --in-place has changed, seen as it was."""

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from translator.store import Store
from translator.store.rows import JobRow
from translator.workflow.errors import InputError
from translator.workflow.inputs import Source, find_source
from translator.workflow.options import InputOptions, Kind
from translator.workflow.output import Backups, choose_target
from translator.workflow.paths import reason
from translator.workflow.pinned import Pinned
from translator.workflow.planning import Originals


def read_of(store: Store, row: JobRow) -> tuple[Source, Originals]:
    """The files of a stored job, as it reads them. Raises InputError, UsageError."""
    options = Pinned.from_json(row.options).options
    codes = row.source_language, row.target_language
    source = find_source(options.input, source=codes[0], target=codes[1], output_charset=options.output.charset)
    in_place = choose_target(source, options.output, codes[1]).in_place
    return laid_out(source, options.input, languages=codes, in_place=in_place, outputs=store.outputs(row))


def laid_out(
    source: Source,
    given: InputOptions,
    *,
    languages: tuple[str, str],
    in_place: bool,
    outputs: Mapping[str, Mapping[str, str]],
) -> tuple[Source, Originals]:
    """An input as its job reads it. outputs: `Store.outputs`. Raises InputError."""
    # UTC would name another day than the one on the user's clock.
    backups = Backups.beside(source, datetime.now().astimezone()) if in_place else None
    originals = Originals(backups, outputs)
    if in_place and outputs and source.kind is Kind.GAME:
        source = _as_it_was(source, given, languages=languages, originals=originals)
    return source, originals


def _as_it_was(source: Source, given: InputOptions, *, languages: tuple[str, str], originals: Originals) -> Source:
    """The files of a game with what the untranslated game says of them: names, engine, window.

    A file is opened with facts from others (the names of people); once those are translated, the originals say them.
    A translation that stands in files of its own has changed none of the others. Raises InputError.
    """
    if any(file.made is not None for file in source.files):
        return source
    with tempfile.TemporaryDirectory(prefix="translate-") as folder:
        view = Path(folder)
        try:
            _lay_out(source, originals, view)
        except OSError as error:
            raise InputError(f"{view}: the game's originals cannot be put there: {reason(error)}") from error
        found = find_source(replace(given, path=view, engine=source.engine), source=languages[0], target=languages[1])
    files = tuple(replace(file, absolute=source.root / Path(file.path)) for file in found.files)
    return replace(source, files=files, markups=found.markups)


def _lay_out(source: Source, originals: Originals, view: Path) -> None:
    """The text files as they were; of the others beside them, links to them."""
    for file in source.files:
        place = view / Path(file.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            place.write_bytes(originals.read(file))
        except InputError:
            continue  # reading the job's files says it
    for folder in {source.root, *(file.absolute.parent for file in source.files)}:
        for entry in folder.iterdir():
            place = view / entry.relative_to(source.root)
            if not place.exists() and entry.is_file():
                _link(entry, place)


def _link(origin: Path, place: Path) -> None:
    try:
        place.symlink_to(origin)
    except OSError:  # Windows lets only some users make links
        shutil.copyfile(origin, place)
