"""From a job's translations to the output's files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from translator import __version__
from translator.core.document import Document, RefusedTargetError, UnencodableError
from translator.core.finding import Finding, Severity
from translator.core.layout import fit
from translator.core.markup import MarkupSyntax
from translator.core.segment import Segment
from translator.core.work import State
from translator.store import Store
from translator.store.rows import JobRow, ResultRow
from translator.workflow.errors import UsageError
from translator.workflow.events import OnEvent, Writing
from translator.workflow.inputs import InputFile, Source, open_document
from translator.workflow.options import Kind
from translator.workflow.output import (
    NOTICE_NAME,
    Target,
    check_writable,
    copy_game,
    digest,
    existing,
    write_file,
)
from translator.workflow.planning import Originals

Fitting = tuple[str, tuple[Finding, ...]]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one job's output.

    originals: the input as it was. backup: where --in-place keeps it. force: files of the output that are not this
    job's own work may be replaced. split: a message that overflows may go on in another one. made_by: the model, for
    the notice in a game's patch.
    """

    store: Store
    job: JobRow
    source: Source
    target: Target
    originals: Originals
    backup: Target | None
    force: bool
    split: bool
    made_by: str

    def write(self, on_event: OnEvent) -> list[str]:
        """Write all files; returns the paths of the output that were written or stand as they should.

        Raises InputError when the disk refuses, UsageError before anything is replaced that is not this job's.
        """
        check_writable(self.target)
        rows = {row.ordinal: row for row in self.store.documents(self.job)}
        if self.target.copy:
            for _ in copy_game(self.source, self.target):
                pass
        written: list[str] = []
        total = len(self.source.files)
        for ordinal, file in enumerate(self.source.files):
            on_event(Writing(ordinal, total))
            row = rows[ordinal]
            if not row.digest:
                continue
            blob = self.originals.read(file, row)
            document = open_document(file, blob)
            rendered = self._render(ordinal, file, document)
            patch = self.source.kind is Kind.GAME and not self.target.copy
            if rendered == blob and (patch or self.target.in_place):
                continue
            self._put(ordinal, file, blob, rendered, row.written)
            written.append(str(self.target.place(file.path)))
        on_event(Writing(total, total))
        if self.source.kind is Kind.GAME and not self.target.in_place and written:
            self._put_notice()
        return written

    def _put(self, ordinal: int, file: InputFile, blob: bytes, rendered: bytes, last: str | None) -> None:
        place = self.target.place(file.path)
        there = existing(place)
        name = digest(rendered)
        if there == rendered:
            if last != name:
                self.store.set_written(self.job, ordinal, name)
            return
        if there is not None and not self.force and there != blob and digest(there) != last:
            raise UsageError(
                f"{place} is there already and is not what this job wrote last",
                hint="Move it away, name another place with --out, or write over it with --force.",
            )
        if self.backup is not None:
            kept = self.backup.place(file.path)
            if existing(kept) is None:
                write_file(kept, blob, durable=True)
        # Said before it is done: whoever finds the new bytes after a crash knows that they are ours.
        self.store.set_written(self.job, ordinal, name)
        write_file(place, rendered, durable=self.target.in_place)

    def _put_notice(self) -> None:
        place = self.target.place(PurePosixPath(NOTICE_NAME))
        text = notice(self.source, self.made_by)
        if existing(place) != text:
            write_file(place, text)

    def _render(self, ordinal: int, file: InputFile, document: Document) -> bytes:
        results = self.store.results(self.job, ordinal)
        targets = {r.key: r.output for r in results if r.output is not None}
        waiting = [r for r in results if r.state is State.TRANSLATED and r.output is None and not _refused(r)]
        if waiting:
            fitted = self._fit(document, waiting, self.source.markups[file.format])
            self.store.save_outputs(self.job, ordinal, fitted)
            targets.update((key, text) for key, (text, _) in fitted.items())
        while True:
            try:
                return document.render(targets)
            except (UnencodableError, RefusedTargetError) as error:
                refused = dict(_unfit(targets, error))
                for key in refused:
                    del targets[key]
                self.store.save_outputs(self.job, ordinal, {key: (None, (found,)) for key, found in refused.items()})

    def _fit(self, document: Document, results: list[ResultRow], markup: MarkupSyntax) -> dict[str, Fitting]:
        segments: Mapping[str, Segment] = {s.key: s for s in document.segments}
        fitted: dict[str, Fitting] = {}
        for result in results:
            segment = segments[result.key]
            lines = segment.source.count("\n") + 1
            found = fit(result.target or "", limits=segment.limits, markup=markup, source_lines=lines, split=self.split)
            fitted[result.key] = (found.text, found.findings)
        return fitted


def _refused(result: ResultRow) -> bool:
    return any(finding.severity is Severity.ERROR for finding in result.findings)


def _unfit(targets: Mapping[str, str], error: UnencodableError | RefusedTargetError) -> Iterator[tuple[str, Finding]]:
    """The texts that the document cannot hold: the one that was named, and all that its charset has no place for."""
    if isinstance(error, RefusedTargetError):
        yield error.key, Finding("refused", Severity.ERROR, error.reason)
        return
    for key, text in targets.items():
        try:
            text.encode(error.charset)
        except UnicodeEncodeError as refused:
            character = refused.object[refused.start]
            message = (
                f"{error.charset} has no {character!r} (U+{ord(character):04X}); "
                f"choose another charset with --output-charset, for example {', '.join(error.instead)}"
            )
        else:
            if key != error.key:
                continue
            message = str(error)
        yield key, Finding("charset", Severity.ERROR, message)


def notice(source: Source, made_by: str) -> bytes:
    """What a game's patch says of itself, in English and Chinese; the same words at every run."""
    text = f"""This folder is a machine translation.

Game:     {source.root.name}
Model:    {made_by}
Program:  honyaku {__version__}

It holds only the files that the translation changes. To play, make a copy of the game and lay these files over it.
No person has checked every line. Please keep this notice when you pass the translation on.

本文件夹为机器翻译。模型：{made_by}；程序：honyaku {__version__}。
其中只有翻译改动过的文件：请先复制一份游戏，再将这些文件覆盖进去。译文未经人工逐句校对，转发时请保留本说明。
"""
    return text.encode()
