"""What people work on: the texts of an input as they stand, taken out and given back."""

from dataclasses import dataclass
from pathlib import Path

from translator.core.work import State
from translator.store import Store
from translator.store.rows import JobRow, ResultRow
from translator.workflow.inputs import Source, find_place, find_source
from translator.workflow.options import InputOptions, ServerOptions
from translator.workflow.paths import named
from translator.workflow.planning import Originals
from translator.workflow.setup import choose_profile, known_language, leading_model, settle_server
from translator.workflow.view import read_of


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """What is taken out or given back: the input, as a translating command has it, and the work file.

    server: only says which languages a model is for, where no job says it. force: write over an older work file.
    """

    input: InputOptions
    server: ServerOptions
    file: Path
    force: bool = False
    db: Path | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A text as it stands. There may be neither a machine's translation nor a person's."""

    source: str
    machine: str | None = None
    edit: str | None = None
    held: str | None = None

    @property
    def now(self) -> str | None:
        """The person's translation, else the machine's, else what the file held already."""
        return next((text for text in (self.edit, self.machine, self.held) if text is not None), None)


def jobs_of(store: Store, options: WorkOptions) -> list[JobRow]:
    """The jobs for the input (and these languages, where they are said), the latest first."""
    given = options.input
    place = named(find_place(given))
    rows = [
        row
        for row in store.jobs()
        if row.input == place
        and given.target in (None, row.target_language)
        and given.source in (None, row.source_language)
    ]
    return sorted(rows, key=lambda row: -row.updated)


def read_input(store: Store, options: WorkOptions, row: JobRow | None) -> tuple[Source, Originals]:
    """The input as its job reads it, or as one would."""
    if row is not None:
        return read_of(store, row)
    source, target = languages_of(options, None)
    return find_source(options.input, source=source, target=target), Originals(None, {})


def languages_of(options: WorkOptions, row: JobRow | None) -> tuple[str, str]:
    """The codes of its languages. Raises UsageError."""
    if row is not None:
        return row.source_language, row.target_language
    server = settle_server(options.server)
    profile = choose_profile(server, leading_model(server))
    source, target = profile.languages.default  # people translate between others, too
    given = options.input
    return known_language(given.source or source).code, known_language(given.target or target).code


def edits_of(store: Store, name: str) -> dict[tuple[str, str], str]:
    """What people decided in a project, by key and source."""
    return {(edit.key, edit.source): edit.target for edit in store.edits(name)}


def places_of(store: Store, row: JobRow | None) -> dict[str, int]:
    """The job's documents: which place has the file of this path."""
    return {} if row is None else {document.path: document.ordinal for document in store.documents(row)}


def results_of(store: Store, row: JobRow | None, place: int | None) -> dict[str, ResultRow]:
    """What stands at a document's places, by key."""
    return {} if row is None or place is None else {result.key: result for result in store.results(row, place)}


def machine_of(result: ResultRow) -> str | None:
    """The machine's translation, None where there is none."""
    return result.target if result.state is State.TRANSLATED else None
