"""The requests that were made for a job's segments, step by step, for those who want to know why."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.core.finding import Finding
from translator.core.jsonvalue import as_object
from translator.core.work import State
from translator.store import Store
from translator.store.rows import AttemptRow, DocumentRow, JobRow, ResultRow
from translator.workflow.database import opened
from translator.workflow.errors import UsageError


@dataclass(frozen=True, slots=True)
class Step:
    """One request that asked for a segment's text.

    number: counts the requests for its batch in one run. together: how many texts were asked for in it. created:
    seconds since 1970. model: the one that was asked, the job's or its fallback; "" in records of earlier versions.
    stop: why the answer ended (done, length, aborted), or what kept it from coming (overflow, refused, broken-reply).
    findings: what was wrong with it, for any of its texts.
    """

    number: int
    together: int
    created: float
    host: str
    model: str
    prompt_hash: str
    sampling: Mapping[str, object]
    stop: str
    prompt_tokens: int
    output_tokens: int
    seconds: float
    findings: tuple[Finding, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class SegmentSteps:
    """A segment, how it stands, and the requests that asked for its text, the oldest first."""

    file: str
    key: str
    state: State
    source: str
    target: str | None
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]


def show_attempts(
    db: Path | None, job: str, *, file: str | None = None, key: str | None = None, failed: bool = False
) -> list[SegmentSteps]:
    """The requests for the segments of a job, in reading order; segments with the same text share theirs, and are
    listed once unless one is named.

    file: a file's path in the job, or how it ends; key: a segment's key; failed: those that kept their source only.
    With neither key nor failed: those that were asked for more than once. Raises UsageError where a file or a key is
    not in the job, InputError when the database cannot be read.
    """
    with opened(db) as store:
        row = store.job(job)
        documents = [d for d in store.documents(row) if file is None or _is_file(d.path, file)]
        if not documents:
            raise UsageError(f"the job has no file {file}", hint="Its files are named as `jobs show` names them.")
        kept = {(p.path, p.key) for p in store.problems(row) if p.failed} if failed else set[tuple[str, str]]()
        again = store.asked_again(row) if key is None and not failed else set[int]()
        found = False
        chosen: list[tuple[str, ResultRow]] = []
        seen: set[int] = set()
        for path, result in _named(store, row, documents, key):
            found = True
            wanted = (path, result.key) in kept if failed else key is not None or result.unit in again
            if wanted and (key is not None or result.unit not in seen):
                seen.add(result.unit)
                chosen.append((path, result))
        if key is not None and not found:
            raise UsageError(f"the job has no segment {key}", hint="`jobs show` names the keys of those that failed.")
        attempts = store.attempts(row, {result.unit for _, result in chosen})
    return [_segment(path, result, attempts[result.unit]) for path, result in chosen]


def _named(
    store: Store, row: JobRow, documents: Sequence[DocumentRow], key: str | None
) -> Iterator[tuple[str, ResultRow]]:
    """The segments of the documents, or those with one key, each with its file."""
    for document in documents:
        for result in store.results(row, document.ordinal):
            if key is None or result.key == key:
                yield document.path, result


def _segment(path: str, result: ResultRow, attempts: Sequence[AttemptRow]) -> SegmentSteps:
    target = result.target if result.output is None else result.output
    steps = tuple(map(_step, attempts))
    return SegmentSteps(path, result.key, result.state, result.source, target, result.findings, steps)


def _is_file(path: str, wanted: str) -> bool:
    path, wanted = path.replace("\\", "/"), wanted.replace("\\", "/")
    return path == wanted or path.endswith(f"/{wanted.lstrip('/')}")


def _step(row: AttemptRow) -> Step:
    return Step(
        number=row.number,
        together=len(row.units),
        created=row.created,
        host=row.host,
        model=row.model,
        prompt_hash=row.prompt_hash,
        sampling=as_object(json.loads(row.sampling)),
        stop=row.stop,
        prompt_tokens=row.prompt_tokens,
        output_tokens=row.output_tokens,
        seconds=row.seconds,
        findings=row.findings,
        reply=row.reply,
    )
