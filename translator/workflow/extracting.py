"""Taking all texts of an input out, for people to read and correct."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from translator.core.segment import Segment
from translator.store import Store
from translator.store.edits import edit_key
from translator.store.rows import JobRow, ResultRow
from translator.workflow.database import opened
from translator.workflow.decisions import project_name
from translator.workflow.errors import InputError, UsageError
from translator.workflow.events import OnEvent, Reading
from translator.workflow.inputs import Source, open_document
from translator.workflow.paths import named, wanted
from translator.workflow.people import (
    Standing,
    WorkOptions,
    edits_of,
    jobs_of,
    languages_of,
    machine_of,
    places_of,
    read_input,
    results_of,
)
from translator.workflow.planning import Originals, is_text
from translator.workflow.work_file import write_work_file
from translator.workflow.work_lines import WorkLine


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


def extract(options: WorkOptions, *, on_event: OnEvent) -> Extracted:
    """Write all texts of an input for people: source, what the machine made of them, and what is known of them.

    Those of the latest job of this input (and of these languages, where they are said); where there is none yet, the
    texts alone. Raises UsageError where the work file is there already or has no known form, InputError.
    """
    if options.file.exists() and not options.force:
        raise UsageError(f"{options.file} is there already", hint="It may hold somebody's work. --force replaces it.")
    with opened(options.db) as store:
        row = next(iter(jobs_of(store, options)), None)
        source, originals = read_input(store, options, row)
        source = replace(source, files=tuple(file for file in source.files if wanted(file.path, options.input)))
        languages = languages_of(options, row)
        within = source.engine is None and not source.single and options.file.absolute().is_relative_to(source.root)
        if within or options.file.resolve() in {file.absolute.resolve() for file in source.files}:
            raise UsageError(
                f"{options.file}: there it would be read as one of the texts", hint="Name a place outside of the input."
            )
        taken = _Texts(store, row, source, originals, edits_of(store, project_name(named(source.beside), *languages)))
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
        places = places_of(self.store, self.row)
        for number, file in enumerate(self.source.files):
            on_event(Reading(number, len(self.source.files)))
            try:
                document = open_document(file, self.originals.read(file))
            except InputError as error:
                self.unreadable.append((file.name, str(error)))
                continue
            known = results_of(self.store, self.row, places.get(file.name))
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
        machine = None if known is None else machine_of(known)
        edit = self.edits.get((edit_key(file, segment.key), segment.source))
        now = Standing(segment.source, machine, edit, segment.target).now
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
