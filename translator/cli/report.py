"""The end of a translating command, for people."""

import re
import shlex
from collections.abc import Collection, Iterator
from pathlib import Path

from translator.cli.output import counted, duration, number, printable
from translator.workflow.events import HostReport, Problem, Status, Summary

LISTED = 20
"""How many segments that kept their source are listed; the job's record has them all."""
WRITTEN = 5
"""How many written files are named."""
_RESUME = re.compile(r"translate resume \w+(?! --db)")


def with_database(text: str, db: Path | None) -> str:
    """`text` with the database in each command that resumes a job, where the command must name it to find the job."""
    option = "" if db is None else f" --db {shlex.quote(str(db))}"
    return _RESUME.sub(lambda command: command[0] + option, text)


def report(summary: Summary, *, said: Collection[str] = (), db: Path | None = None) -> Iterator[str]:
    """The lines that say what was done, what was written where, what a person should look at, and how to go on.

    said: the notices that the user has seen already. db: the database that a command must name to find the job, None:
    the usual one.
    """
    job = summary.job if db is None else f"{summary.job} --db {shlex.quote(str(db))}"
    yield from _done(summary)
    yield from _written(summary)
    yield from (printable(notice) for notice in summary.notices if notice not in said)
    if summary.unreadable:
        yield f"{counted(len(summary.unreadable), 'file')} could not be read:"
        for path, reason in summary.unreadable:
            yield f"  {printable(path)}: {printable(reason)}"
    failed = [problem for problem in summary.problems if problem.failed]
    if summary.failed:
        yield f"{_segments(summary.failed)} kept the source text:"
        for problem in failed[:LISTED]:
            yield "  " + _line(problem)
        more = summary.failed - min(len(failed), LISTED)
        if more > 0:
            yield f"  and {number(more)} more: translate jobs show {job}"
    if summary.flagged:
        yield (f"{_segments(summary.flagged)} translated, but worth a look: translate jobs show {job} lists them.")
    yield from _next(summary, job)


def _done(summary: Summary) -> Iterator[str]:
    verb = "would be read" if summary.status is Status.DRY_RUN else "read"
    yield (
        f"{counted(summary.documents, 'file')} {verb}: {_segments(summary.segments)}, "
        f"{counted(summary.unique, 'text')} that differ{'s' if summary.unique == 1 else ''}."
    )
    if summary.status is Status.DRY_RUN:
        return
    parts = [f"{number(summary.translated)} translated"]
    if summary.from_memory:
        parts[0] += f" ({number(summary.from_memory)} from memory)"
    if summary.kept:
        parts.append(f"{number(summary.kept)} with nothing to translate")
    if summary.failed:
        parts.append(f"{number(summary.failed)} failed")
    held = summary.segments - summary.translated - summary.kept - summary.failed
    if held > 0:
        parts.append(f"{number(held)} left for the next run")
    yield "Segments: " + ", ".join(parts) + "."
    retries = f" ({counted(summary.retries, 'repeat')})" if summary.retries else ""
    yield (
        f"{counted(summary.requests, 'request')}{retries}, {number(summary.prompt_tokens)} tokens read, "
        f"{number(summary.output_tokens)} written, {duration(summary.seconds)}."
    )
    yield from map(_host, summary.hosts)


def _host(host: HostReport) -> str:
    slots = f"{number(host.slots)} at once" if host.slots is not None else "not seen how many at once"
    model = f" ({printable(host.model)})" if host.model else ""
    cached = "cache not told"
    if host.cached_share is not None:
        cached = f"{100 * host.cached_share:.0f} % of what it read was in its cache"
    return (
        f"  {printable(host.name)}{model}: {counted(host.requests, 'request')}, {slots}, "
        f"{host.tokens_per_second:.0f} tok/s, {cached}"
    )


def _written(summary: Summary) -> Iterator[str]:
    if summary.status is Status.DRY_RUN:
        yield f"Nothing was asked or written. The result would go to {printable(summary.output)}"
        return
    if not summary.written:
        yield f"No file was written to {printable(summary.output)}"
        return
    yield f"{counted(len(summary.written), 'file')} written to {printable(summary.output)}"
    if len(summary.written) > 1:
        for name in summary.written[:WRITTEN]:
            yield f"  {printable(_below(name, summary.output))}"
        if len(summary.written) > WRITTEN:
            yield f"  and {number(len(summary.written) - WRITTEN)} more"


def _below(name: str, output: str) -> str:
    """The file's path in the output; whole where it is not below it."""
    path = Path(name)
    return str(path.relative_to(output)) if path.is_relative_to(output) else name


def _next(summary: Summary, job: str) -> Iterator[str]:
    if summary.status is Status.LIMITED:
        yield f"--limit held the rest back. To go on: translate resume {job}"
    elif summary.failed:
        yield f"To ask for the failed ones again: translate resume {job}"


def _line(problem: Problem) -> str:
    return f"{printable(problem.file)}: {printable(problem.key)}: {printable(problem.reason)}"


def _segments(count: int) -> str:
    return counted(count, "segment")
