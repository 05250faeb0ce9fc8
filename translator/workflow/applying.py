"""Taking an edited work file back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from translator.core.languages import LANGUAGES
from translator.core.lines import unified_breaks
from translator.core.segment import Segment
from translator.store import Store
from translator.store.edits import edit_key
from translator.store.rows import EditRow, JobRow
from translator.workflow.database import opened
from translator.workflow.decisions import project_name
from translator.workflow.errors import InputError, UsageError
from translator.workflow.events import Event, OnEvent, Refused
from translator.workflow.inputs import Source, open_document
from translator.workflow.paths import named
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
from translator.workflow.planning import Originals
from translator.workflow.run import decide
from translator.workflow.setup import known_language
from translator.workflow.work_file import read_work_file
from translator.workflow.work_lines import EditedLine, is_same, place_mark, text_mark

_SHOWN = 60
"""Characters of a text that a sentence shows at most."""

_NOT_OURS = ("--out", "--force")
_WHERE = (
    "Move away what is in the way, or make room, and apply the file again. To have the output elsewhere, or over what "
    "is there, run the command that translates with --out or --force; it takes along what was applied."
)

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
"""What a spreadsheet shows and saves for a formula that it cannot reckon (ISO/IEC 29500-1, 18.18.11)."""

_LOOKED_AT = 100
"""Lines that are looked at to tell a work file's language."""


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


def apply(options: WorkOptions, *, on_event: OnEvent) -> Applied:
    """Take an edited work file back: what a person wrote is kept for good, and the output of the latest job of this
    input is written anew. Nothing else changes, and no model is asked.

    A line counts as edited where its translation is another than was written out; one that was emptied is the
    machine's again. Raises UsageError, InputError.
    """
    lines = read_work_file(options.file)
    options = _for_their_language(options, lines)
    with opened(options.db) as store:
        rows = jobs_of(store, options)
        if lines and options.input.target is None and len(languages := {row.target_language for row in rows}) > 1:
            named_ = ", ".join(sorted(languages))
            raise UsageError(f"there are jobs for several languages: {named_}", hint="Say which one with --to.")
        row = next(iter(rows), None)
        if row is None:
            source, originals = read_input(store, options, None)
            languages = languages_of(options, None)
            name = project_name(named(source.beside), *languages)
            edits = edits_of(store, name)
            found, unreadable = _segments(source, originals)
            here = {
                (file, s.key): Standing(s.source, None, edits.get((edit_key(file, s.key), s.source)), s.target)
                for file, s in found
            }
            return replace(_decided(store, name, lines, here, languages[1]), unreadable=unreadable)
        marked = all(line.mark is not None for line in lines)
        texts = [] if marked else _segments(*read_input(store, options, row))[0]
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
            (file, key): Standing(result.source, machine_of(result), result.edit, held.get((file, key)))
            for file, place in places_of(store, job).items()
            for key, result in results_of(store, job, place).items()
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
    store: Store, name: str, lines: Sequence[EditedLine], here: Mapping[tuple[str, str], Standing], target: str
) -> Applied:
    """Store what the lines decide for the texts that are here, which are translated into the language `target`."""
    places = {place_mark(target, *place): place for place in here}
    put: dict[tuple[str, str], EditedLine] = {}
    back: list[tuple[str, str]] = []
    stale: list[Stale] = []
    counts: Counter[str] = Counter()
    for line in lines:
        # The mark knows the place where another program has spelled file or key anew.
        file, place = written = places.get(line.mark.place if line.mark else "", (line.file, line.key))
        text = here.get(written)
        key, source = edit_key(file, place), line.source if text is None else text.source
        if _is_untouched(line, text):
            counts["untouched"] += 1
        elif (why := _why_not_taken(line, written, text)) is not None:
            stale.append(Stale(line.file, line.key, f"{line.place}: {why}"))
        elif line.translation.strip():
            before = put.pop((key, source), line)
            if before.translation != line.translation:
                stale.append(Stale(file, place, f"{before.place}: {line.place} says otherwise, and is taken"))
                counts["edited"] -= 1
            counts["edited"] += 1
            put[key, source] = line
        elif text is not None and text.edit is not None:
            back.append((key, source))
        else:
            counts["untouched"] += 1
    store.put_edits(name, [EditRow(key, source, line.translation) for (key, source), line in put.items()])
    store.remove_edits(name, back)
    return Applied("", len(lines), counts["edited"], len(back), counts["untouched"], tuple(stale))


def _why_not_taken(line: EditedLine, written: tuple[str, str], text: Standing | None) -> str | None:
    """Why an edited line cannot be taken; None where it can. written: the file and key that it was written out with, as
    far as is known. text: what stands there.
    """
    for name, was, now in zip(("file", "key"), written, (line.file, line.key), strict=True):
        if not is_same(was, now):
            return f"its {name} was {_short(was)} when it was written out"
    if text is None:
        return "there is no such text now"
    if unified_breaks(text.source) != unified_breaks(line.source):
        return f"its source is now {_short(text.source)}"
    if line.translation in _ERRORS and line.translation != line.source:
        return f"{line.translation} is what a spreadsheet shows for a formula: write ' before an = that begins a text"
    return None


def _short(text: str) -> str:
    """A text for a sentence."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _is_untouched(line: EditedLine, text: Standing | None) -> bool:
    if line.mark is not None:
        return text_mark(line.translation) == line.mark.text
    now = text.now if text is not None else None
    return unified_breaks(line.translation) == unified_breaks(now or "")


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
