"""What people do with a job's texts: take them out, and give them back edited."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from translator.core.languages import LANGUAGES
from translator.core.segment import Segment
from translator.core.work import State
from translator.store import Store
from translator.store.edits import edit_key
from translator.store.rows import EditRow, JobRow, ResultRow
from translator.workflow.database import opened
from translator.workflow.decisions import project_name
from translator.workflow.errors import InputError, UsageError
from translator.workflow.events import Event, OnEvent, Reading, Refused
from translator.workflow.inputs import Source, find_place, find_source, open_document
from translator.workflow.options import InputOptions, ServerOptions
from translator.workflow.paths import named, wanted
from translator.workflow.planning import Originals, is_text
from translator.workflow.run import decide
from translator.workflow.setup import choose_profile, known_language, leading_model, settle_server
from translator.workflow.view import read_of
from translator.workflow.work_file import read_work_file, write_work_file
from translator.workflow.work_lines import EditedLine, WorkLine, place_mark, text_mark

_SHOWN = 60
"""Characters of a text that a sentence shows at most."""

_NOT_OURS = ("--out", "--force")
_WHERE = (
    "See to that and apply the file again: it writes where the translation was written. To have that elsewhere, or "
    "over what is there, run the command that translates with --out or --force; it takes along what was applied."
)

_LOOKED_AT = 100
"""Lines that are looked at to tell a work file's language."""


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
        row = next(iter(_jobs(store, options)), None)
        source, originals = _read(store, options, row)
        source = replace(source, files=tuple(file for file in source.files if wanted(file.path, options.input)))
        languages = _languages(options, row)
        within = source.engine is None and not source.single and options.file.absolute().is_relative_to(source.root)
        if within or options.file.resolve() in {file.absolute.resolve() for file in source.files}:
            raise UsageError(
                f"{options.file}: there it would be read as one of the texts", hint="Name a place outside of the input."
            )
        taken = _Texts(store, row, source, originals, _edits(store, project_name(named(source.beside), *languages)))
        write_work_file(options.file, taken.lines(on_event), source=languages[0], target=languages[1])
    return Extracted(
        job=row.id if row is not None else "",
        file=str(options.file),
        documents=len(source.files) - len({path for path, _ in taken.unreadable}),
        segments=taken.counts["segments"],
        translated=taken.counts["translated"],
        found=taken.counts["found"],
        edited=taken.counts["edited"],
        unreadable=tuple(taken.unreadable),
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of an input on their way out; what was counted meanwhile, and what could not be read.

    row: the job, None where there is none. edits: what people decided, by key and source.
    """

    store: Store
    row: JobRow | None
    source: Source
    originals: Originals
    edits: Mapping[tuple[str, str], str]
    counts: Counter[str] = field(default_factory=Counter[str])
    unreadable: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def lines(self, on_event: OnEvent) -> Iterator[WorkLine]:
        """All texts in order, those of one file in memory at a time."""
        places = _places(self.store, self.row)
        for number, file in enumerate(self.source.files):
            on_event(Reading(number, len(self.source.files)))
            try:
                document = open_document(file, self.originals.read(file))
            except InputError as error:
                self.unreadable.append((file.name, str(error)))
                continue
            known = _results(self.store, self.row, places.get(file.name))
            torn = 0
            for segment in document.segments:
                if is_text(segment):
                    yield self._line(file.name, segment, known.get(segment.key))
                else:
                    torn += 1
            if torn:
                self.unreadable.append((file.name, f"{torn} texts hold half of a character"))
        on_event(Reading(len(self.source.files), len(self.source.files)))

    def _line(self, file: str, segment: Segment, result: ResultRow | None) -> WorkLine:
        known = result if result is not None and result.source == segment.source else None
        machine = None if known is None else _machine(known)
        edit = self.edits.get((edit_key(file, segment.key), segment.source))
        now = _Text(segment.source, machine, edit, segment.target).now
        findings = tuple(dict.fromkeys(finding.message for finding in known.findings)) if known is not None else ()
        self.counts["segments"] += 1
        self.counts["translated"] += now is not None
        self.counts["found"] += bool(findings)
        self.counts["edited"] += edit is not None
        return WorkLine(
            file=file,
            key=segment.key,
            source=segment.source,
            machine=machine,
            translation=now,
            role=segment.role,
            speaker=segment.speaker,
            context=(*((f"scene: {segment.scene}",) if segment.scene else ()), *segment.notes),
            findings=findings,
        )


def apply(options: WorkOptions, *, on_event: OnEvent) -> Applied:
    """Take an edited work file back: what a person wrote is kept for good, and the output of the latest job of this
    input is written anew. Nothing else changes, and no model is asked.

    A line counts as edited where its translation is another than was written out; one that was emptied is the
    machine's again. Raises UsageError, InputError.
    """
    lines = read_work_file(options.file)
    options = _for_their_language(options, lines)
    with opened(options.db) as store:
        rows = _jobs(store, options)
        if lines and options.input.target is None and len(languages := {row.target_language for row in rows}) > 1:
            named_ = ", ".join(sorted(languages))
            raise UsageError(f"there are jobs for several languages: {named_}", hint="Say which one with --to.")
        row = next(iter(rows), None)
        if row is None:
            source, originals = _read(store, options, None)
            languages = _languages(options, None)
            name = project_name(named(source.beside), *languages)
            edits = _edits(store, name)
            found, unreadable = _segments(source, originals)
            here = {
                (file, s.key): _Text(s.source, None, edits.get((edit_key(file, s.key), s.source)), s.target)
                for file, s in found
            }
            return replace(_decided(store, name, lines, here, languages[1]), unreadable=unreadable)
        marked = all(line.mark is not None for line in lines)
        texts = [] if marked else _segments(*_read(store, options, row))[0]
        held = {(file, s.key): s.target for file, s in texts}
        return _apply_to(store, row, lines, held, on_event)


def _segments(source: Source, originals: Originals) -> tuple[list[tuple[str, Segment]], tuple[tuple[str, str], ...]]:
    """The texts of all files, each with its file's path; and (path, reason) of the files that cannot be read."""
    found: list[tuple[str, Segment]] = []
    unreadable: list[tuple[str, str]] = []
    for file in source.files:
        try:
            found += ((file.name, segment) for segment in open_document(file, originals.read(file)).segments)
        except InputError as error:
            unreadable.append((file.name, str(error)))
    return found, tuple(unreadable)


def _apply_to(
    store: Store,
    row: JobRow,
    lines: Sequence[EditedLine],
    held: Mapping[tuple[str, str], str | None],
    on_event: OnEvent,
) -> Applied:
    found: list[Applied] = []
    refused: list[str] = []

    def by(store: Store, job: JobRow, name: str) -> None:
        here = {
            (file, key): _Text(result.source, _machine(result), result.edit, held.get((file, key)))
            for file, place in _places(store, job).items()
            for key, result in _results(store, job, place).items()
        }
        found.append(_decided(store, name, lines, here, job.target_language))

    def hear(event: Event) -> None:
        if isinstance(event, Refused):
            refused.append(event.text)
        on_event(event)

    try:
        summary = decide(row, by, store, on_event=hear)
    except (InputError, UsageError) as error:
        if any(option in error.hint for option in _NOT_OURS):
            error.hint = _WHERE
        raise
    return replace(
        found[0],
        job=row.id,
        output=summary.output,
        written=summary.written,
        unreadable=summary.unreadable,
        refused=tuple(refused),
    )


def _decided(
    store: Store, name: str, lines: Sequence[EditedLine], here: Mapping[tuple[str, str], _Text], target: str
) -> Applied:
    """Store what the lines decide for the texts that are here, which are translated into the language `target`."""
    places = {place_mark(target, *place): place for place in here}
    put: dict[tuple[str, str], EditedLine] = {}
    back: list[tuple[str, str]] = []
    stale: list[Stale] = []
    counts: Counter[str] = Counter()
    for line in lines:
        # The mark knows the place where another program has spelled file or key anew.
        file, place = places.get(line.mark.place if line.mark else "", (line.file, line.key))
        text = here.get((file, place))
        key = edit_key(file, place)
        if (text is None or text.source != line.source) and not _is_untouched(line, text):
            why = "there is no such text now" if text is None else f"its source is now {_shortened(text.source)}"
            stale.append(Stale(file, place, f"{line.place}: {why}"))
        elif text is None or text.source != line.source or _is_untouched(line, text):
            counts["untouched"] += 1
        elif line.translation.strip():
            before = put.pop((key, line.source), line)
            if before.translation != line.translation:
                stale.append(Stale(file, place, f"{before.place}: {line.place} says otherwise, and is taken"))
                counts["edited"] -= 1
            counts["edited"] += 1
            put[key, line.source] = line
        elif text.edit is not None:
            back.append((key, line.source))
        else:
            counts["untouched"] += 1
    store.put_edits(name, [EditRow(key, source, line.translation) for (key, source), line in put.items()])
    store.remove_edits(name, back)
    return Applied("", len(lines), counts["edited"], len(back), counts["untouched"], tuple(stale))


def _shortened(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _is_untouched(line: EditedLine, text: _Text | None) -> bool:
    if line.mark is not None:
        return text_mark(line.translation) == line.mark.text
    now = text.now if text is not None else None
    return line.translation == (now or "")


def _for_their_language(options: WorkOptions, lines: Sequence[EditedLine]) -> WorkOptions:
    """The options for the language that lines were written for, where they say it. Raises UsageError for another."""
    marked = [(line, line.mark.place) for line in lines if line.mark is not None][:_LOOKED_AT]
    fitting = (code for code in LANGUAGES if any(mark == place_mark(code, x.file, x.key) for x, mark in marked))
    code = next(fitting, None)
    if code is None:
        return options
    given = options.input.target
    if given is not None and known_language(given).code != code:
        raise UsageError(
            f"{options.file}: it was written for {code}, not for {given}",
            hint="Leave --to out, or extract the texts anew with it.",
        )
    return replace(options, input=replace(options.input, target=code))


def _jobs(store: Store, options: WorkOptions) -> list[JobRow]:
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


def _read(store: Store, options: WorkOptions, row: JobRow | None) -> tuple[Source, Originals]:
    """The input as its job reads it, or as one would."""
    if row is not None:
        return read_of(store, row)
    source, target = _languages(options, None)
    return find_source(options.input, source=source, target=target), Originals(None, {})


def _languages(options: WorkOptions, row: JobRow | None) -> tuple[str, str]:
    if row is not None:
        return row.source_language, row.target_language
    server = settle_server(options.server)
    profile = choose_profile(server, leading_model(server))
    source, target = profile.languages.default  # people translate between others, too
    given = options.input
    return known_language(given.source or source).code, known_language(given.target or target).code


def _edits(store: Store, name: str) -> dict[tuple[str, str], str]:
    return {(edit.key, edit.source): edit.target for edit in store.edits(name)}


def _places(store: Store, row: JobRow | None) -> dict[str, int]:
    """The job's documents: which place has the file of this path."""
    return {} if row is None else {document.path: document.ordinal for document in store.documents(row)}


def _results(store: Store, row: JobRow | None, place: int | None) -> dict[str, ResultRow]:
    """What stands at a document's places, by key."""
    return {} if row is None or place is None else {result.key: result for result in store.results(row, place)}


def _machine(result: ResultRow) -> str | None:
    return result.target if result.state is State.TRANSLATED else None
