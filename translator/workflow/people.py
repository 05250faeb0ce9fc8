"""What people do with a job's texts: take them out, and give them back edited."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from translator.core.segment import Segment
from translator.core.work import State
from translator.store import Store
from translator.store.edits import edit_key
from translator.store.rows import EditRow, JobRow, ResultRow
from translator.workflow.database import opened
from translator.workflow.decisions import project_name
from translator.workflow.errors import InputError, UsageError
from translator.workflow.events import Event, Notice, OnEvent, Reading
from translator.workflow.inputs import Source, find_source, named, open_document
from translator.workflow.options import InputOptions, ServerOptions
from translator.workflow.planning import Originals
from translator.workflow.run import decide
from translator.workflow.setup import choose_languages, choose_profile, leading_model, settle_server
from translator.workflow.view import read_of
from translator.workflow.work_file import read_work_file, write_work_file
from translator.workflow.work_lines import EditedLine, WorkLine, mark


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
class Extracted:
    """What was written for people. job: "" where there is none yet. unreadable: (path, reason) of files left out."""

    job: str
    file: str
    documents: int
    segments: int
    translated: int
    found: int
    edited: int
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def exit_status(self) -> int:
        """4 when a file could not be read."""
        return 4 if self.unreadable else 0


@dataclass(frozen=True, slots=True)
class Stale:
    """A line that could not be taken: its text is no longer there, or is another one now."""

    file: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an edited file. edited: lines that a person wrote; taken_back: those that were left empty again,
    and are the machine's; untouched: as they were written out. refused: edited ones that cannot stand in their file.
    job: "" where none is there yet: the edits wait for it.
    """

    job: str
    lines: int
    edited: int
    taken_back: int
    untouched: int
    stale: tuple[Stale, ...]
    refused: tuple[str, ...] = ()
    output: str = ""
    written: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    @property
    def exit_status(self) -> int:
        """4 when a file could not be read or written, 1 when some line could not be taken."""
        if self.unreadable:
            return 4
        return 1 if self.stale or self.refused else 0


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as it stands. There may be neither a machine's translation nor a person's."""

    source: str
    machine: str | None = None
    edit: str | None = None
    held: str | None = None

    @property
    def now(self) -> str | None:
        return next((text for text in (self.edit, self.machine, self.held) if text is not None), None)


def extract(options: WorkOptions, *, on_event: OnEvent) -> Extracted:
    """Write all texts of an input for people: source, what the machine made of them, and what is known of them.

    Those of the latest job of this input (and of these languages, where they are said); where there is none yet, the
    texts alone. Raises UsageError where the work file is there already or has no known form, InputError.
    """
    if options.file.exists() and not options.force:
        raise UsageError(f"{options.file} is there already", hint="It may hold somebody's work. --force replaces it.")
    with opened(options.db) as store:
        source, originals, row = _input(store, options)
        languages = _languages(options, row)
        texts = _edits(store, project_name(named(source.beside), *languages))
        lines: list[WorkLine] = []
        unreadable: list[tuple[str, str]] = []
        results = _results(store, row)
        for number, file in enumerate(source.files):
            on_event(Reading(number, len(source.files)))
            try:
                document = open_document(file, originals.read(file))
            except InputError as error:
                unreadable.append((file.name, str(error)))
                continue
            known = results.get(file.name, {})
            lines += (_line(file.name, each, known.get(each.key), texts) for each in document.segments)
        on_event(Reading(len(source.files), len(source.files)))
        write_work_file(options.file, lines, source=languages[0], target=languages[1])
    return Extracted(
        job=row.id if row is not None else "",
        file=str(options.file),
        documents=len(source.files) - len(unreadable),
        segments=len(lines),
        translated=sum(line.translation is not None for line in lines),
        found=sum(bool(line.findings) for line in lines),
        edited=sum((edit_key(line.file, line.key), line.source) in texts for line in lines),
        unreadable=tuple(unreadable),
    )


def apply(options: WorkOptions, *, on_event: OnEvent) -> Applied:
    """Take an edited work file back: what a person wrote is kept for good, and the output of the latest job of this
    input is written anew. Nothing else changes, and no model is asked.

    A line counts as edited where its translation is another than was written out; one that was emptied is the
    machine's again. Raises UsageError, InputError.
    """
    lines = read_work_file(options.file)
    with opened(options.db) as store:
        source, originals, row = _input(store, options)
        if row is None:
            languages = _languages(options, None)
            name = project_name(named(source.beside), *languages)
            edits = _edits(store, name)
            here = {
                (file.name, s.key): _Text(s.source, None, edits.get((edit_key(file.name, s.key), s.source)), s.target)
                for file in source.files
                for s in open_document(file, originals.read(file)).segments
            }
            return _decided(store, name, lines, here)
        return _apply_to(store, row, lines, on_event)


def _apply_to(store: Store, row: JobRow, lines: Sequence[EditedLine], on_event: OnEvent) -> Applied:
    found: list[Applied] = []
    refused: list[str] = []

    def by(store: Store, job: JobRow, name: str) -> None:
        here = {
            (file, key): _Text(result.source, _machine(result), result.edit)
            for file, results in _results(store, job).items()
            for key, result in results.items()
        }
        found.append(_decided(store, name, lines, here))

    def hear(event: Event) -> None:
        if isinstance(event, Notice) and event.warning:
            refused.append(event.text)
        on_event(event)

    summary = decide(row, by, store, on_event=hear)
    return replace(
        found[0],
        job=row.id,
        output=summary.output,
        written=summary.written,
        unreadable=summary.unreadable,
        refused=tuple(refused),
    )


def _decided(store: Store, name: str, lines: Sequence[EditedLine], here: Mapping[tuple[str, str], _Text]) -> Applied:
    """Store what the lines decide for the texts that are here."""
    put: dict[tuple[str, str], EditRow] = {}
    back: list[tuple[str, str]] = []
    stale: list[Stale] = []
    counts: Counter[str] = Counter()
    for line in lines:
        text = here.get((line.file, line.key))
        key = edit_key(line.file, line.key)
        if text is None or text.source != line.source:
            why = "there is no such text now" if text is None else f"its source is now {text.source!r}"
            if not _is_untouched(line, text):
                stale.append(Stale(line.file, line.key, f"{line.place}: {why}"))
            continue
        if _is_untouched(line, text):
            counts["untouched"] += 1
        elif line.translation.strip():
            put[key, line.source] = EditRow(key, line.source, line.translation)
        elif text.edit is not None:
            back.append((key, line.source))
        else:
            counts["untouched"] += 1
    store.put_edits(name, put.values())
    for key, text_then in back:
        store.remove_edit(name, key, text_then)
    return Applied("", len(lines), len(put), len(back), counts["untouched"], tuple(stale))


def _is_untouched(line: EditedLine, text: _Text | None) -> bool:
    if line.untouched is not None:
        return mark(line.translation) == line.untouched
    now = text.now if text is not None else None
    return line.translation == (now or "")


def _input(store: Store, options: WorkOptions) -> tuple[Source, Originals, JobRow | None]:
    """The input, and the latest job for it, if there is one."""
    given = options.input
    source = find_source(given, source=given.source or "ja", target=None)
    rows = [
        row
        for row in store.jobs()
        if row.input == named(source.beside)
        and given.target in (None, row.target_language)
        and given.source in (None, row.source_language)
    ]
    if not rows:
        languages = _languages(options, None)
        return find_source(given, source=languages[0], target=languages[1]), Originals(None, {}), None
    row = max(rows, key=lambda row: row.updated)
    return *read_of(store, row), row


def _languages(options: WorkOptions, row: JobRow | None) -> tuple[str, str]:
    if row is not None:
        return row.source_language, row.target_language
    server = settle_server(options.server)
    profile = choose_profile(server, leading_model(server))
    source, target = choose_languages(profile, options.input.source, options.input.target)
    return source.code, target.code


def _edits(store: Store, name: str) -> dict[tuple[str, str], str]:
    return {(edit.key, edit.source): edit.target for edit in store.edits(name)}


def _results(store: Store, row: JobRow | None) -> dict[str, dict[str, ResultRow]]:
    """By file and key."""
    if row is None:
        return {}
    return {d.path: {r.key: r for r in store.results(row, d.ordinal)} for d in store.documents(row)}


def _machine(result: ResultRow) -> str | None:
    return result.target if result.state is State.TRANSLATED else None


def _line(file: str, segment: Segment, result: ResultRow | None, edits: Mapping[tuple[str, str], str]) -> WorkLine:
    known = result if result is not None and result.source == segment.source else None
    machine = None if known is None else _machine(known)
    edit = edits.get((edit_key(file, segment.key), segment.source))
    text = _Text(segment.source, machine, edit, segment.target)
    return WorkLine(
        file=file,
        key=segment.key,
        source=segment.source,
        machine=machine,
        translation=text.now,
        role=segment.role,
        speaker=segment.speaker,
        context=tuple(_context(segment)),
        findings=tuple(dict.fromkeys(finding.message for finding in known.findings)) if known is not None else (),
    )


def _context(segment: Segment) -> Iterator[str]:
    if segment.scene:
        yield f"scene: {segment.scene}"
    yield from segment.notes
