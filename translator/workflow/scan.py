"""What would be translated, and whether every byte would come back."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from translator.core.document import Document, HoldsBack
from translator.core.languages import Language
from translator.core.segment import Role, Segment
from translator.core.work import Batch, Unit, unit_hash
from translator.engine.desk import Desk
from translator.engine.estimate import tokens
from translator.engine.plan import Fixed, plan
from translator.engine.prepare import translatable
from translator.glossary.matcher import Matcher
from translator.profiles import Profile
from translator.workflow import naming
from translator.workflow.database import opened
from translator.workflow.errors import InputError
from translator.workflow.events import OnEvent, Reading
from translator.workflow.everything import find_everything
from translator.workflow.inputs import InputFile, Source, find_source, notices_of, open_document, read_blob
from translator.workflow.options import InputOptions, ServerOptions
from translator.workflow.planning import said
from translator.workflow.reports import (
    HeldBackReport,
    HeldBackText,
    RoundtripFile,
    RoundtripReport,
    ScannedFile,
    ScanReport,
)
from translator.workflow.roundtrip import check_file
from translator.workflow.setup import (
    choose_languages,
    choose_profile,
    leading_model,
    load_glossary,
    named_hosts,
    settle_server,
)

GUESSED_SPEED = 60.0
"""Tokens a second that a 1.5B model at FP16 writes on a middling consumer GPU: used until a job has measured one."""
READING_FACTOR = 10.0
"""How much faster a server reads a prompt than it writes an answer, roughly, on the same hardware."""


def scan(given: InputOptions, server: ServerOptions, *, db: Path | None, on_event: OnEvent) -> ScanReport:
    """Count what a run would translate, in how many requests, and guess its tokens and time. Nothing is asked.

    Raises InputError and UsageError.
    """
    server = settle_server(server)
    profile = choose_profile(server, leading_model(server))
    languages = choose_languages(profile, given.source, given.target)
    source = find_source(given, source=languages[0].code, target=languages[1].code)
    return examine(
        source,
        server,
        profile=profile,
        languages=languages,
        speed=_measured_speed(db, server),
        on_event=on_event,
        glossaries=given.glossaries,
    )


def held_back(given: InputOptions, *, on_event: OnEvent, on_text: Callable[[HeldBackText], None]) -> HeldBackReport:
    """Tell of each string of every file that is not offered for translation, and why. Raises InputError.

    There may be millions of them: none is kept.
    """
    source = find_source(given, source=given.source or "ja", target=None)
    reasons: Counter[str] = Counter()
    unreadable = [f"{path}: {why}" for path, why in source.unreadable]
    for file, _, document in _opened(source.files, on_event):
        if isinstance(document, InputError):
            unreadable.append(str(document))
        elif isinstance(document, HoldsBack):
            for held in document.held_back():
                reasons[held.reason] += 1
                on_text(HeldBackText(file.name, *held))
    return HeldBackReport(str(source.path), dict(reasons.most_common()), tuple(unreadable))


def roundtrip(given: InputOptions, *, on_event: OnEvent) -> RoundtripReport:
    """Read every file, write it back unchanged and marked-and-restored, compare the bytes. Raises InputError."""
    everything = find_everything(given)
    began = time.monotonic()
    files = [
        RoundtripFile(path, "", 0, identical=False, restored=False, error=why)
        for path, why in (*everything.broken, *everything.unreadable)
    ]
    size = 0
    for file, blob, document in _opened(everything.files, on_event):
        if isinstance(document, InputError):
            why = str(document)
            files.append(RoundtripFile(file.name, file.format, 0, identical=False, restored=False, error=why))
            continue
        size += len(blob)
        files.append(check_file(file, blob, document))
    seconds = round(time.monotonic() - began, 3)
    return RoundtripReport(str(given.path), tuple(files), size, seconds, everything.others)


def _opened(files: Sequence[InputFile], on_event: OnEvent) -> Iterator[tuple[InputFile, bytes, Document | InputError]]:
    """The files with their bytes, opened one at a time as they are consumed, or why that cannot be."""
    for number, file in enumerate(files):
        on_event(Reading(number, len(files)))
        blob = b""
        try:
            blob = read_blob(file)
            found: Document | InputError = open_document(file, blob)
        except InputError as error:
            found = error
        yield file, blob, found
    on_event(Reading(len(files), len(files)))


@dataclass(slots=True)
class _Tally:
    """What has been seen so far. `seen`: hashes of the texts that are asked once.

    apart: names are asked before all other texts; `names` has them.
    """

    apart: bool = False

    files: list[ScannedFile] = field(default_factory=list[ScannedFile])
    seen: set[bytes] = field(default_factory=set[bytes])
    names: list[tuple[Unit, Segment]] = field(default_factory=list[tuple[Unit, Segment]])
    segments: int = 0
    characters: int = 0
    kept: int = 0
    asked: int = 0


def examine(  # noqa: PLR0913 - each comes from another option
    source: Source,
    server: ServerOptions,
    *,
    profile: Profile,
    languages: tuple[Language, Language],
    speed: float | None,
    on_event: OnEvent,
    glossaries: tuple[Path, ...] = (),
    names_only: bool = False,
) -> ScanReport:
    """Read all files of a source and plan what would be asked of them; one file is in memory at a time.

    names_only: batches and tokens are those of the names alone.
    """
    desk = Desk(
        profile=profile,
        source=languages[0],
        target=languages[1],
        model=server.model,
        num_ctx=server.num_ctx or profile.budget.num_ctx,
        markups=source.markups,
    )
    matcher = Matcher(load_glossary(languages, source.root, glossaries).entries)
    tally = _Tally(apart=names_only or profile.takes_glossary)
    tally.files += (ScannedFile(path, "", error=why) for path, why in source.unreadable)
    batches = prompt_tokens = output_tokens = 0
    fixed = Fixed.of(desk)
    texts = _units(source, desk, matcher, tally, on_event)
    for batch in chain(() if names_only else plan(texts, desk=desk), _lists(texts, tally, desk)):
        batches += 1
        text = "\n".join(unit.source for unit in batch.units)
        prompt_tokens += fixed.base + fixed.context + tokens(text)
        output_tokens += tokens(text)
    rate = speed or GUESSED_SPEED
    return ScanReport(
        path=str(source.path),
        kind=source.kind.value,
        engine=source.engine,
        files=tuple(tally.files),
        segments=tally.segments,
        unique=len(tally.seen),
        repeats=tally.asked - len(tally.seen),
        characters=tally.characters,
        kept=tally.kept,
        batches=batches,
        prompt_tokens=prompt_tokens,
        output_tokens=output_tokens,
        seconds=round((output_tokens + prompt_tokens / READING_FACTOR) / rate, 1),
        tokens_per_second=rate,
        speed_from="measured by an earlier job" if speed else "a guess until a job has run here",
        notices=source.notices,
    )


def _measured_speed(db: Path | None, server: ServerOptions) -> float | None:
    """Tokens per second: of the named servers together, as far as they were measured, else of the latest that was."""
    named = named_hosts(server)
    with opened(db) as store:
        known = [store.recall_server(spec.name, spec.model or server.model) for spec in named]
        speeds = [each.tokens_per_second for each in known if each is not None and each.tokens_per_second is not None]
        if speeds:
            return sum(speeds)
        latest = store.recall_servers(leading_model(server)).values()
        return next((each.tokens_per_second for each in latest if each.tokens_per_second is not None), None)


def _units(source: Source, desk: Desk, matcher: Matcher, tally: _Tally, on_event: OnEvent) -> Iterator[Unit]:
    """The texts that would be asked, as they are met; what is counted on the way goes into `tally`."""
    for file, _, document in _opened(source.files, on_event):
        if isinstance(document, InputError):
            if source.single:
                raise document
            tally.files.append(ScannedFile(file.name, file.format, error=str(document)))
            continue
        count = len(document.segments)  # before they are looked at: what is counted is made once only
        characters = sum(len(s.source) for s in document.segments)
        note = " ".join(notices_of(file, document)) or None
        tally.files.append(ScannedFile(file.name, file.format, count, characters, note=note))
        tally.segments += count
        tally.characters += characters
        markup = desk.markup(file.format)
        for segment in (naming.as_asked(each, markup) for each in document.segments):
            unit = _unit(segment, file, desk, matcher, tally)
            if unit is None:
                continue
            if tally.apart and unit.role is Role.NAME:
                tally.names.append((unit, segment))
            else:
                yield unit


def _lists(texts: Iterable[Unit], tally: _Tally, desk: Desk) -> Iterator[Batch]:
    """The batches of the names, which are asked on their own, once all texts were read."""
    deque(texts, maxlen=0)
    called = [(unit, text, desk.markup(unit.format)) for unit, text in tally.names]
    for together in naming.rounds((text, markup) for _, text, markup in called):
        units = (unit for unit, text, markup in called if naming.spelled(text, markup) in together)
        yield from plan(naming.in_lists(units), desk=desk)


def _unit(segment: Segment, file: InputFile, desk: Desk, matcher: Matcher, tally: _Tally) -> Unit | None:
    markup = desk.markup(file.format)
    if segment.target is not None or not translatable(segment.source, markup, desk.source):
        tally.kept += 1
        return None
    tally.asked += 1
    speakers = naming.tells_speakers(desk.profile)
    glossary = naming.glossary_hits(segment, matcher, markup, speakers=speakers)
    name = unit_hash("", segment, glossary)
    if name in tally.seen:
        return None
    tally.seen.add(name)
    if said(segment, glossary, markup) is not None:
        return None
    return Unit(
        id=len(tally.seen),
        source=segment.source,
        role=segment.role,
        scene=f"{file.name}#{segment.scene}",
        format=file.format,
        speaker=segment.speaker,
        notes=segment.notes,
        limits=segment.limits,
        glossary=glossary,
    )
