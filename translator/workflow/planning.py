"""From files to a job's units: what is asked, what is known already, what needs no answer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from translator.core.charset import can_encode
from translator.core.document import Document
from translator.core.languages import Language
from translator.core.markup import MarkupSyntax
from translator.core.segment import Role, Segment
from translator.core.work import GlossaryEntry, State, unit_hash
from translator.engine.prepare import translatable
from translator.glossary.adherence import alternatives
from translator.glossary.matcher import Matcher, normalised
from translator.store import Store
from translator.store.rows import JobRow, SegmentRow, UnitRow
from translator.workflow import naming
from translator.workflow.errors import InputError
from translator.workflow.events import Notice, OnEvent, Reading
from translator.workflow.inputs import InputFile, Source, notices_of, open_document, read_blob
from translator.workflow.output import Backups, digest
from translator.workflow.paths import some_of


@dataclass(frozen=True, slots=True)
class Asking:
    """What decides a unit beside its text: the recipe's digest, the languages, the glossary in force, and whether the
    model is told who speaks (`naming.tells_speakers`).
    """

    recipe_digest: str
    language: Language
    target: Language
    matcher: Matcher
    speakers: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is left out, and why."""

    path: str
    reason: str


_PARTED = (
    "These names also stand in files that --include and --exclude leave out, where they stay as they are: {}. "
    "Where the game compares the two, it no longer finds them equal."
)

_TORN = "texts left as they are, since they hold half of a character (a surrogate without its partner): {}"


class Originals:
    """The input's files as they were before this job, also where --in-place has replaced them meanwhile."""

    def __init__(self, backups: Backups | None, outputs: Mapping[str, Mapping[str, str]]) -> None:
        """backups: where --in-place keeps originals, None for other jobs. outputs: `Store.outputs`, at the start."""
        self.backups = backups
        self.outputs = outputs

    def read(self, file: InputFile) -> bytes:
        """The original bytes of a file; raises InputError."""
        blob = read_blob(file)
        mine = self.outputs.get(file.name)
        if self.backups is None or not mine:
            return blob
        original = mine.get(name := digest(blob))
        if original is None or original == name:
            return blob
        kept = self.backups.find(file.kept, original)
        if kept is None:
            raise InputError(
                f"{file.absolute}: it is translated already, and no backup beside {self.backups.of} has its original",
                hint="Put the original back. To translate it as it stands, forget the job: translate jobs remove.",
            )
        return kept


def read_documents(
    store: Store,
    job: JobRow,
    source: Source,
    *,
    asking: Asking,
    originals: Originals,
    anew: bool,
    on_event: OnEvent,
) -> list[Unreadable]:
    """Bring the job's documents and units up to date with the input.

    Files whose bytes are as last time are passed over unless `anew` (another recipe or glossary). Units whose answer
    the memory has are settled at once. Returns the files that could not be read; one file alone raises InputError.
    """
    if anew:
        store.forget_unplanned(job)
        store.forget_charsets(job)
    known = {row.ordinal: row for row in store.documents(job)}
    unreadable: list[Unreadable] = []
    bound: dict[tuple[str, str], None] = {}
    for ordinal, file in enumerate(source.files):
        on_event(Reading(ordinal, len(source.files)))
        row = known.get(ordinal)
        row = row if row is not None and row.path == file.name else None
        try:
            blob = originals.read(file)
            name = digest(blob)
            if row is not None and row.digest == name and row.format == file.format and not anew:
                continue
            document = open_document(file, blob)
        except InputError as error:
            if source.single:
                raise
            unreadable.append(Unreadable(file.name, str(error)))
            store.replace_document(job, (), ordinal=ordinal, path=file.name, format=file.format, digest="")
            continue
        count = len(document.segments)  # before they are looked at: what is counted is made once only
        bound |= dict.fromkeys(_bound(document))
        charset = _charset(document, asking.target)
        segments = [_within(segment, charset) for segment in document.segments if is_text(segment)]
        torn = count - len(segments)
        rows = _store_units(store, job, file, segments, asking, source.markups)
        store.replace_document(
            job,
            rows,
            notices=(*notices_of(file, document), *((_TORN.format(torn),) if torn else ())),
            ordinal=ordinal,
            path=file.name,
            format=file.format,
            digest=name,
        )
    store.trim_documents(job, len(source.files))
    store.prune_units(job)
    on_event(Reading(len(source.files), len(source.files)))
    if source.left_out and bound and (parted := _parted(source, originals, bound)):
        on_event(Notice(_PARTED.format(some_of(parted)), warning=True))
    return unreadable


def _bound(document: Document) -> Iterator[tuple[str, str]]:
    """The texts of a document that must stay equal to others wherever those stand, each with its binding."""
    return ((s.source, s.binding) for s in document.segments if s.binding is not None)


def _parted(source: Source, originals: Originals, bound: Mapping[tuple[str, str], None]) -> list[str]:
    """Those of the bound texts that also stand in files which are left out, and so become unequal."""
    elsewhere: set[tuple[str, str]] = set()
    for file in source.left_out:
        with suppress(InputError):  # nothing can be said of it, nor can the game read it
            elsewhere.update(_bound(open_document(file, originals.read(file))))
    return [text for text, binding in bound if (text, binding) in elsewhere]


def _store_units(
    store: Store,
    job: JobRow,
    file: InputFile,
    segments: Sequence[Segment],
    asking: Asking,
    markups: Mapping[str, MarkupSyntax],
) -> list[SegmentRow]:
    markup = markups[file.format]
    segments = [naming.as_asked(segment, markup) for segment in segments]
    hits = [naming.glossary_hits(each, asking.matcher, markup, speakers=asking.speakers) for each in segments]
    hashes = [unit_hash(asking.recipe_digest, s, h) for s, h in zip(segments, hits, strict=True)]
    ids = store.unit_ids(job, hashes)
    held = next((segment.limits.charset for segment in segments), None)
    if held is not None and ids:
        store.limit_charset(job, ids, held)
    missing = {h: place for place, h in reversed(list(enumerate(hashes))) if h not in ids}
    memory = store.recall(missing)
    rows: list[UnitRow] = []
    for name, place in sorted(missing.items(), key=lambda item: item[1]):
        segment = segments[place]
        state, target = State.PENDING, memory.get(name)
        if segment.target is not None or not translatable(segment.source, markup, asking.language):
            state, target = State.KEPT, None
        else:
            target = said(segment, hits[place], markup) or target
            state = State.PENDING if target is None else State.TRANSLATED
        rows.append(
            UnitRow(
                hash=name,
                source=segment.source,
                role=segment.role,
                scene=f"{file.name}#{segment.scene}",
                format=file.format,
                speaker=segment.speaker,
                notes=segment.notes,
                limits=segment.limits,
                glossary=hits[place],
                state=state,
                target=target,
                from_memory=name in memory and state is State.TRANSLATED,
                binding=segment.binding,
            )
        )
    ids = {**ids, **store.add_units(job, rows)}
    return [SegmentRow(s.key, ids[h]) for s, h in zip(segments, hashes, strict=True)]


def is_text(segment: Segment) -> bool:
    """Whether it can be stored and sent: JSON can spell halves of characters, which no charset holds."""
    try:
        "".join((segment.key, segment.source, segment.speaker or "", *segment.notes)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _charset(document: Document, target: Language) -> str | None:
    """What a document's translations are held to. Where the charset has no place for the language, no other answer
    would do either: asking again is no use.
    """
    charset = document.charset
    return charset if charset is not None and can_encode(charset, target.code) else None


def _within(segment: Segment, charset: str | None) -> Segment:
    """The segment as one of a document that is written in `charset`."""
    limits = segment.limits.within(charset)
    return segment if limits is segment.limits else replace(segment, limits=limits)


def said(segment: Segment, hits: Sequence[GlossaryEntry], markup: MarkupSyntax) -> str | None:
    """What a person's glossary says that a name is called: no model needs to be asked for it. None: nothing."""
    if segment.role is not Role.NAME or len(hits) != 1 or hits[0].advice:
        return None
    name = naming.bare(segment.source, markup)
    if not name or normalised(name) != normalised(hits[0].src.strip()):
        return None
    called = next(iter(alternatives(hits[0])), None)
    return None if called is None else markup.normalise(segment.source).replace(name, called)
